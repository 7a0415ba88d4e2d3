//! Scenes of a channel that is down: what waits for it, what moves, what is left alone.

use super::*;
use crate::switchboard::Find;
use expect_test::expect;
use rollcall_drivers::modem::Trouble;

/// Mary wrote to the second stick; its reply is queued, and the stick is gone.
fn answered_by_a_stick_that_is_gone(change: impl FnOnce(&mut Settings)) -> Scene {
    let mut scene = Scene::with(2, change);
    scene.asks_mary();
    scene.waits(MINUTE);
    scene.happens(vec![Event::Modem(modem_no(2), modem::Event::Lost(Why::PortGone))]);
    let slot = Some(Slot::Stored(Place { memory: "SM".to_owned(), index: 1 }));
    let pdu = texts(MARY, "yes", scene.now).remove(0);
    scene.happens(vec![Event::Modem(modem_no(2), modem::Event::Received { slot, pdu })]);
    scene
}

#[test]
fn a_reply_whose_stick_is_down_for_half_an_hour_goes_by_the_other() {
    let mut scene = answered_by_a_stick_that_is_gone(|_| {});
    scene.waits(29 * MINUTE);
    scene.waits(2 * MINUTE);
    scene.sent(1);
    expect![[r#"
        Mon 09:01:00  stick-2: the modem was unplugged or lost its power
        Mon 09:31:00  stick-2: down for long; 1 message goes by other channels
        Mon 09:31:00  stick 1 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" delivered
        in +231•••0001 "yes" received
        out +231•••0001 "How many packs?" sent
    "#]]
    .assert_eq(&scene.messages());
}

#[test]
fn where_the_office_says_never_a_reply_waits_for_its_stick() {
    let mut scene = answered_by_a_stick_that_is_gone(|settings| settings.move_after = None);
    scene.waits(5 * HOUR);
    scene.plug(2);
    expect![[r#"
        Mon 09:01:00  stick-2: the modem was unplugged or lost its power
        Mon 14:01:00  stick-2: ready (IMEI 356938035643802)
        Mon 14:01:00  stick 2 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn where_no_other_stick_is_ready_nothing_moves() {
    let mut scene = answered_by_a_stick_that_is_gone(|_| {});
    scene.happens(vec![Event::Gone(modem_no(1))]);
    scene.waits(HOUR);
    scene.story.clear();
    scene.plug(1);
    expect![[r#"
        Mon 10:01:00  stick-1: ready (IMEI 356938035643801)
        Mon 10:01:00  stick-2: down for long; 1 message goes by other channels
        Mon 10:01:00  stick 1 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_text_for_which_the_office_named_a_stick_moves_too() {
    let mut scene = Scene::with(2, |settings| {
        settings.move_after = Some(10 * MINUTE);
    });
    scene.happens(vec![Event::Gone(modem_no(2))]);
    scene.story.clear();
    let (channel, number) = (Some("stick-2".to_owned()), MARY.to_owned());
    scene.ask(Request::SendText { channel, number, text: "Come at ten.".to_owned() });
    scene.waits(11 * MINUTE);
    expect![[r#"
        Mon 09:10:00  stick-2: down for long; 1 message goes by other channels
        Mon 09:10:00  stick 1 sends +231•••0001 "Come at ten."
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_message_that_may_have_left_waits_for_its_own_stick() {
    let mut scene = Scene::with(2, |_| {});
    let (channel, number) = (Some("stick-2".to_owned()), MARY.to_owned());
    scene.ask(Request::SendText { channel, number, text: "Come at ten.".to_owned() });
    scene.unclear(2);
    scene.happens(vec![Event::Gone(modem_no(2))]);
    scene.waits(5 * HOUR);
    expect![[r#"
        Mon 09:00:00  stick 2 sends +231•••0001 "Come at ten."
        Mon 09:00:00  stick-2: a message may have left or not: the modem restarted by itself
        Mon 09:00:00  stick-2: the port is closed
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Come at ten." uncertain - the modem restarted by itself
    "#]]
    .assert_eq(&scene.messages());
}

#[test]
fn a_text_that_has_begun_to_leave_goes_on_by_its_own_stick() {
    let long = "Come at ten, and bring the stock book. ".repeat(6);
    let mut scene = Scene::with(2, |_| {});
    let (channel, number) = (Some("stick-2".to_owned()), MARY.to_owned());
    scene.ask(Request::SendText { channel, number, text: long });
    scene.sent(2);
    scene.refused(2, Cause::NotReady);
    scene.happens(vec![Event::Gone(modem_no(2))]);
    scene.story.clear();
    scene.waits(2 * HOUR);
    assert!(!scene.story().contains("sends"), "two numbers make no text");
    scene.plug(2);
    assert!(scene.story().contains("2/2"), "the rest leaves");
}

#[test]
fn the_second_port_of_a_stick_is_left_alone_and_takes_over_when_the_first_is_silent() {
    let mut scene = Scene::with(1, |settings| settings.channels[0].find = Find::Auto);
    let identity = Identity { imei: "356938035643801".to_owned(), ..Default::default() };
    let second = ModemNo(2);
    let ready = || Event::Modem(second, modem::Event::Ready(identity.clone()));
    scene.happens(vec![Event::Plugged { modem: second, port: "port-2".to_owned() }, ready()]);
    let silent = Why::Silent { waited: 12 * SECOND };
    scene.modem_says(1, modem::Event::Lost(silent));
    scene.happens(vec![ready()]);
    scene.plug(1);
    expect![[r#"
        Mon 09:00:00  stick 2 is left alone
        Mon 09:00:00  stick-1: the modem did not answer for 12 s
        Mon 09:00:00  stick 1 is left alone
        Mon 09:00:00  stick-1: ready (IMEI 356938035643801)
        Mon 09:00:00  stick 1 is left alone
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_stick_that_no_channel_names_is_mentioned_once_and_left_alone() {
    let mut scene = Scene::new();
    let identity = Identity { imei: "350000000000006".to_owned(), ..Default::default() };
    for _ in 0..2 {
        scene.happens(vec![
            Event::Plugged { modem: ModemNo(7), port: "port-7".to_owned() },
            Event::Modem(ModemNo(7), modem::Event::Ready(identity.clone())),
        ]);
    }
    expect![[r#"
        Mon 09:00:00  a modem (IMEI 350000000000006) is here that no channel names
        Mon 09:00:00  stick 7 is left alone
        Mon 09:00:00  stick 7 is left alone
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn the_alarm_stands_at_the_channel_until_its_stick_is_ready() {
    let mut scene = Scene::new();
    let channel = |scene: &Scene| {
        let channels = wait(scene.reader.channels()).expect("the disk works");
        format!("{} {}", channels[0].state, channels[0].why)
    };
    scene.modem_says(1, modem::Event::Lost(Why::Silent { waited: 12 * SECOND }));
    expect!["lost the modem did not answer for 12 s"].assert_eq(&channel(&scene));
    let since = 3 * MINUTE;
    scene.modem_says(1, modem::Event::NeedsAttention(Trouble::DoesNotAnswer { since }));
    expect!["attention the modem has not answered for 3 min, and nothing that can be done from here helps: unplug it, wait ten seconds, and plug it in again"].assert_eq(&channel(&scene));
    scene.plug(1);
    expect!["ready Acme M1 (profile generic)"].assert_eq(&channel(&scene));
}

#[test]
fn a_named_port_that_cannot_be_opened_says_so_at_its_channel() {
    let mut scene = Scene::new();
    scene.happens(vec![Event::Gone(modem_no(1))]);
    let (port, why) = ("port-1".to_owned(), "another program uses it".to_owned());
    scene.happens(vec![Event::Unopened { port, why }]);
    let channels = wait(scene.reader.channels()).expect("the disk works");
    assert_eq!(
        (channels[0].state.as_str(), channels[0].why.as_str()),
        ("absent", "another program uses it")
    );
}
