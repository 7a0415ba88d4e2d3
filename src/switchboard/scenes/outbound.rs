//! Scenes of what goes out: who goes first, when, by which stick, and what a refusal does.

use super::*;
use crate::switchboard::QuietHours;
use expect_test::expect;
use jiff::civil::time;

fn rest(change: impl FnOnce(&mut Settings)) -> Scene {
    Scene::with(1, change)
}

#[test]
fn a_stick_gets_one_segment_at_a_time_and_answers_go_before_bulk() {
    let mut scene = Scene::new();
    scene.knows("Kou Flomo", &["+231886000003"]);
    scene.starts(STOCK);
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.sent(1);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:00:00  stick 1 sends +231•••0002 "Is your clinic open?"
        Mon 09:01:00  stick 1 sends +231•••0001 "How many packs?"
        Mon 09:01:00  stick 1 sends +231•••0003 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_channel_keeps_its_pace() {
    let pace = Pace { per_minute: Some(2), ..Pace::UNLIMITED };
    let mut scene = rest(|settings| settings.channels[0].pace = pace);
    for number in 3..=6 {
        scene.knows(&format!("Person {number}"), &[&format!("+23188600000{number}")]);
    }
    scene.starts(STOCK);
    for _ in 0..6 {
        scene.sent(1);
        scene.waits(20 * SECOND);
        if !scene.story.ends_with("\"Is your clinic open? Yes/No\"\n") {
            scene.waits(20 * SECOND);
        }
    }
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:00:00  stick 1 sends +231•••0002 "Is your clinic open?"
        Mon 09:01:00  stick 1 sends +231•••0003 "Is your clinic open?"
        Mon 09:01:20  stick 1 sends +231•••0004 "Is your clinic open?"
        Mon 09:02:00  stick 1 sends +231•••0005 "Is your clinic open?"
        Mon 09:02:40  stick 1 sends +231•••0006 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn in_quiet_hours_people_are_answered_but_not_begun_with_or_reminded() {
    let mut scene = rest(|settings| {
        settings.quiet_hours = Some(QuietHours { from: time(20, 0, 0, 0), to: time(8, 0, 0, 0) });
    });
    scene.asks_mary();
    scene.waits(12 * HOUR);
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.starts_for(STOCK, Audience { numbers: vec![JAMES.to_owned()], ..Default::default() });
    scene.waits(12 * HOUR);
    scene.sent(1);
    scene.waits(12 * HOUR);
    expect![[r#"
        Mon 21:00:00  stick 1 sends +231•••0001 "How many packs?"
        Tue 08:00:00  stick 1 sends +231•••0002 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn an_answer_that_could_not_leave_in_the_evening_waits_for_the_morning() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(12 * HOUR);
    scene.modem_says(1, modem::Event::Lost(Why::PortGone));
    scene.happens(vec![Event::Gone(modem_no(1))]);
    scene.plug(1);
    scene.says(MARY, "yes");
    scene.refused(1, Cause::Message(38));
    scene.waits(60 * SECOND);
    scene.refused(1, Cause::Message(38));
    scene.waits(13 * HOUR);
    expect![[r#"
        Mon 21:00:00  stick-1: the modem was unplugged or lost its power
        Mon 21:00:00  stick-1: ready (IMEI 356938035643801)
        Mon 21:00:00  stick 1 sends +231•••0001 "How many packs?"
        Mon 21:01:00  stick 1 sends +231•••0001 "How many packs?"
        Mon 21:06:00  stick 1 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_refusal_that_may_pass_is_tried_again_with_growing_pauses() {
    let mut scene = Scene::new();
    scene.starts_for(STOCK, Audience { numbers: vec![MARY.to_owned()], ..Default::default() });
    for _ in 0..4 {
        scene.refused(1, Cause::Message(38));
        scene.waits(20 * MINUTE);
    }
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:01:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:25:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:55:00  stick 1 sends +231•••0001 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" queued - the network or modem refused it: network out of order (CMS 38)
    "#]].assert_eq(&scene.messages());
}

#[test]
fn a_text_that_lost_letters_on_the_line_is_given_to_the_modem_again_three_times() {
    let mut scene = Scene::new();
    scene.starts_for(STOCK, Audience { numbers: vec![MARY.to_owned()], ..Default::default() });
    for _ in 0..4 {
        scene.refused(1, Cause::Message(304));
        scene.waits(20 * MINUTE);
    }
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:00:05  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:20:30  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:45:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 10:00:00  campaign stock: everybody is done
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" failed - the network or modem refused it: invalid PDU mode parameter (CMS 304)
    "#]].assert_eq(&scene.messages());
}

#[test]
fn a_stick_that_is_not_ready_costs_no_message_its_life() {
    let mut scene = Scene::new();
    scene.starts_for(STOCK, Audience { numbers: vec![MARY.to_owned()], ..Default::default() });
    for _ in 0..9 {
        scene.refused(1, Cause::NotReady);
        scene.waits(HOUR);
    }
    expect![[r#"
        out +231•••0001 "Is your clinic open?" sending - the network or modem refused it: the modem was not ready
    "#]].assert_eq(&scene.messages());
}

#[test]
fn a_stick_that_needs_somebody_is_given_nothing_until_it_is_ready() {
    let mut scene = Scene::new();
    scene.modem_says(1, modem::Event::NeedsAttention(modem::Trouble::SimMissing));
    scene.starts_for(STOCK, Audience { numbers: vec![MARY.to_owned()], ..Default::default() });
    scene.waits(HOUR);
    scene.plug(1);
    expect![[r#"
        Mon 09:00:00  stick-1: there is no SIM, or it makes no contact: unplug the modem, put the SIM in again, and plug the modem in
        Mon 10:00:00  stick-1: ready (IMEI 356938035643801)
        Mon 10:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_number_that_does_not_exist_ends_the_run_and_the_next_number_is_tried() {
    let mut scene = Scene::new();
    scene.knows("Kou Flomo", &["+231886000003", "+231886000004"]);
    let numbers = vec!["+231886000003".to_owned()];
    scene.starts_for(STOCK, Audience { numbers, ..Default::default() });
    scene.refused(1, Cause::Message(1));
    scene.waits(MINUTE);
    expect!["running: 1 listed, 0 messaged, 0 reached, 0 responded, 0 completed; 1 queued"]
        .assert_eq(&scene.campaign());
    scene.refused(1, Cause::Message(1));
    scene.waits(MINUTE);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0003 "Is your clinic open?"
        Mon 09:00:00  stick 1 sends +231•••0004 "Is your clinic open?"
        Mon 09:01:00  campaign stock: everybody is done
    "#]]
    .assert_eq(&scene.story());
    expect!["finished: 1 listed, 0 messaged, 0 reached, 0 responded, 0 completed; 1 failed"]
        .assert_eq(&scene.campaign());
}

#[test]
fn a_barred_sim_rests_and_the_other_stick_takes_over() {
    let mut scene = Scene::with(2, |_| {});
    scene.starts_for(STOCK, Audience { numbers: vec![MARY.to_owned()], ..Default::default() });
    scene.refused(1, Cause::Message(8));
    scene.waits(2 * MINUTE);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:00:00  stick-1: the SIM was refused: operator determined barring (CMS 8); is there credit on it?
        Mon 09:00:00  stick 2 sends +231•••0001 "Is your clinic open?"
    "#]].assert_eq(&scene.story());
}

#[test]
fn a_person_is_answered_through_the_number_they_wrote_to() {
    let mut scene = Scene::with(2, |_| {});
    scene.asks_mary();
    scene.waits(MINUTE);
    let pdu = texts(MARY, "yes", scene.now).remove(0);
    scene.receives(2, pdu);
    expect![[r#"
        Mon 09:01:00  stick 2 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn the_segments_of_a_text_leave_in_order_by_one_stick_and_then_its_timer_starts() {
    let long = "Is your clinic open? ".repeat(16);
    let source = STOCK.replace("Is your clinic open?", long.trim());
    let mut scene = Scene::with(2, |_| {});
    scene.starts_for(&source, Audience { numbers: vec![MARY.to_owned()], ..Default::default() });
    scene.sent(1);
    scene.sent(1);
    let story = scene.story();
    let parts: Vec<&str> = story.lines().filter_map(|line| line.split("\" ").nth(1)).collect();
    assert_eq!(parts, ["1/3", "2/3", "3/3"], "{story}");
    assert!(!story.contains("stick 2"), "{story}");
    scene.waits(2 * DAY);
    assert!(!scene.story().contains("sends"), "no timer runs before the last segment left");
    scene.sent(1);
    scene.waits(DAY + MINUTE);
    assert!(scene.story().contains("sends"), "the reminder");
}

#[test]
fn a_number_gets_no_more_texts_in_an_hour_than_its_budget() {
    let mut scene = rest(|settings| settings.budget_per_hour = 2);
    for nth in 1..=4 {
        let (number, text) = (MARY.to_owned(), format!("notice {nth}"));
        scene.ask(Request::SendText { channel: None, number, text });
        if nth <= 2 {
            scene.sent(1);
        }
    }
    scene.waits(59 * MINUTE);
    scene.waits(20 * MINUTE);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "notice 1"
        Mon 09:00:00  stick 1 sends +231•••0001 "notice 2"
        Mon 10:00:00  stick 1 sends +231•••0001 "notice 3"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn reports_make_a_person_reached_or_end_their_run() {
    let mut scene = Scene::new();
    scene.starts(STOCK);
    let mary = scene.sent(1);
    let james = scene.sent(1);
    scene.reports(MARY, mary, 0x00);
    scene.reports("0886000002", james, 0x46);
    expect![[r#"
        out +231•••0001 "Is your clinic open?" delivered
        out +231•••0002 "Is your clinic open?" failed - it left, but was not delivered: the message outlived its validity period
    "#]]
    .assert_eq(&scene.messages());
    expect![
        "running: 2 listed, 2 messaged, 1 reached, 0 responded, 0 completed; 1 contacted, 1 failed"
    ]
    .assert_eq(&scene.campaign());
}
