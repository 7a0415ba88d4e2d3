//! Scenes of calls that the office makes: asked by keypad, tried again, gone on with by SMS.

use super::*;
use expect_test::expect;

/// The stock flow, by call first.
fn by_call() -> String {
    let channels = "flow: stock\nchannels: [voice, sms]\nmissed_call_starts: voice";
    let rules = "rules:\n  voice: {redial: [10 min, 2 hours], fallback: sms}";
    STOCK.replace("flow: stock", channels).replace("rules:", rules)
}

fn office(sticks: usize) -> Scene {
    Scene::with(sticks, |settings| {
        settings.channels.iter_mut().for_each(|channel| channel.calls = true);
    })
}

/// Mary alone is called.
fn calls_mary() -> Scene {
    let mut scene = office(1);
    let numbers = vec![MARY.to_owned()];
    scene.starts_for(&by_call(), Audience { numbers, ..Default::default() });
    scene
}

#[test]
fn a_person_is_called_and_answers_by_keys() {
    let mut scene = calls_mary();
    scene.call(1, CallEvent::RingsThere);
    scene.waits(Duration::from_secs(8));
    scene.call(1, CallEvent::Answered);
    scene.waits(Duration::from_secs(6));
    scene.presses(1, "1");
    scene.waits(Duration::from_secs(6));
    scene.presses(1, "14");
    for _ in 0..3 {
        scene.waits(Duration::from_secs(6));
        scene.presses(1, "1");
    }
    scene.waits(Duration::from_secs(4));
    scene.hears(1, Heard::Played);
    scene.call_ends(1, CallEnd::HungUp);
    expect![[r#"
        Mon 09:00:00  stick-1: calls +231•••0001
        Mon 09:00:00  stick 1 dials +231•••0001
        Mon 09:00:08  stick 1 plays "Is your clinic open? For yes, press 1. For no, press 2.", waits for keys
        Mon 09:00:14  stick 1 plays "How many packs? Key the number, then press hash. For the point, press star.", waits for keys
        Mon 09:00:20  stick 1 plays "You keyed 14 If that is right, press 1. To key it again, press 2.", waits for keys
        Mon 09:00:26  stick 1 plays "Is there water? For yes, press 1. For no, press 2.", waits for keys
        Mon 09:00:32  campaign stock: everybody is done
        Mon 09:00:32  stick 1 plays "Thank you."
        Mon 09:00:38  stick 1 hangs up
        Mon 09:00:42  stick-1: call to +231•••0001: the flow came to its end
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        Mary Kollie [completed] open = yes (exact)
        Mary Kollie [completed] packs = 14 (confirmed)
        Mary Kollie [completed] water = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
    expect!["finished: 1 listed, 1 messaged, 1 reached, 1 responded, 1 completed; 1 completed"]
        .assert_eq(&scene.campaign());
    expect![[r#"
        +231•••0001 over (the flow goes on by call), 34 s: the flow came to its end
    "#]]
    .assert_eq(&scene.calls());
}

#[test]
fn who_is_not_reached_is_called_again_and_then_asked_by_sms() {
    let mut scene = calls_mary();
    scene.call_ends(1, CallEnd::Busy);
    scene.waits(10 * MINUTE);
    scene.call(1, CallEvent::RingsThere);
    scene.waits(MINUTE);
    scene.call_ends(1, CallEnd::NoAnswer);
    scene.waits(2 * HOUR);
    scene.call_ends(1, CallEnd::Unreachable);
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    expect![[r#"
        Mon 09:00:00  stick-1: calls +231•••0001
        Mon 09:00:00  stick 1 dials +231•••0001
        Mon 09:00:00  stick-1: call to +231•••0001: the line was busy
        Mon 09:10:00  stick-1: calls +231•••0001
        Mon 09:10:00  stick 1 dials +231•••0001
        Mon 09:11:00  stick 1 hangs up
        Mon 09:11:00  stick-1: call to +231•••0001: nobody answered
        Mon 11:11:00  stick-1: calls +231•••0001
        Mon 11:11:00  stick 1 dials +231•••0001
        Mon 11:11:00  stick-1: call to +231•••0001: the phone is off or out of reach
        Mon 11:11:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 11:12:00  stick 1 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        +231•••0001 over (the flow goes on by call): the line was busy
        +231•••0001 over (nobody was reached): nobody answered
        +231•••0001 over (nobody was reached): the phone is off or out of reach
    "#]]
    .assert_eq(&scene.calls());
}

#[test]
fn a_call_that_breaks_off_goes_on_at_the_next_question() {
    let mut scene = calls_mary();
    scene.call(1, CallEvent::Answered);
    scene.presses(1, "1");
    scene.call_ends(1, CallEnd::HungUp);
    scene.waits(MINUTE);
    scene.call(1, CallEvent::Answered);
    expect![[r#"
        Mon 09:00:00  stick-1: calls +231•••0001
        Mon 09:00:00  stick 1 dials +231•••0001
        Mon 09:00:00  stick 1 plays "Is your clinic open? For yes, press 1. For no, press 2.", waits for keys
        Mon 09:00:00  stick 1 plays "How many packs? Key the number, then press hash. For the point, press star.", waits for keys
        Mon 09:00:00  stick-1: call to +231•••0001: the call ended
        Mon 09:01:00  stick-1: calls +231•••0001
        Mon 09:01:00  stick 1 dials +231•••0001
        Mon 09:01:00  stick 1 plays "We go on where we stopped. How many packs? Key the number, then press hash. For the point, press star.", waits for keys
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn a_power_cut_in_a_call_loses_no_answer_and_the_person_is_called_back() {
    let mut scene = calls_mary();
    scene.call(1, CallEvent::Answered);
    scene.presses(1, "1");
    scene.cut();
    scene.waits(2 * MINUTE);
    scene.call(1, CallEvent::Answered);
    expect![[r#"
        Mon 09:00:00  stick-1: calls +231•••0001
        Mon 09:00:00  stick 1 dials +231•••0001
        Mon 09:00:00  stick 1 plays "Is your clinic open? For yes, press 1. For no, press 2.", waits for keys
        Mon 09:00:00  stick 1 plays "How many packs? Key the number, then press hash. For the point, press star.", waits for keys
        Mon 09:00:00  — the light went out —
        Mon 09:00:00  stick-1: ready (IMEI 356938035643801)
        Mon 09:02:00  stick-1: calls +231•••0001
        Mon 09:02:00  stick 1 dials +231•••0001
        Mon 09:02:00  stick 1 plays "We go on where we stopped. How many packs? Key the number, then press hash. For the point, press star.", waits for keys
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
    expect![[r#"
        +231•••0001 over (the flow goes on by call), 0 s: the computer was switched off in this call
        +231•••0001 talking (the computer was switched off in this call): 
    "#]]
    .assert_eq(&scene.calls());
}

#[test]
fn a_mailbox_is_nobody() {
    let mut scene = calls_mary();
    scene.call(1, CallEvent::Answered);
    for _ in 0..3 {
        scene.waits(Duration::from_secs(10));
        scene.hears(1, Heard::Silence);
    }
    scene.call_ends(1, CallEnd::HungUp);
    scene.waits(10 * MINUTE);
    expect![[r#"
        Mon 09:00:00  stick-1: calls +231•••0001
        Mon 09:00:00  stick 1 dials +231•••0001
        Mon 09:00:00  stick 1 plays "Is your clinic open? For yes, press 1. For no, press 2.", waits for keys
        Mon 09:00:10  stick 1 plays "Sorry, we heard nothing. Is your clinic open? For yes, press 1. For no, press 2.", waits for keys
        Mon 09:00:20  stick 1 plays "Sorry, we heard nothing. Is your clinic open? For yes, press 1. For no, press 2.", waits for keys
        Mon 09:00:30  stick 1 hangs up
        Mon 09:00:30  stick-1: call to +231•••0001: nobody pressed a key: perhaps a mailbox
        Mon 09:10:30  stick-1: calls +231•••0001
        Mon 09:10:30  stick 1 dials +231•••0001
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        +231•••0001 over (the flow goes on by call), 30 s: nobody pressed a key: perhaps a mailbox
        +231•••0001 dialling (no key was pressed): 
    "#]]
    .assert_eq(&scene.calls());
}

#[test]
fn nobody_is_called_in_quiet_hours_but_who_rang() {
    let mut scene = Scene::with(1, |settings| {
        settings.channels[0].calls = true;
        let time = |hour| jiff::civil::time(hour, 0, 0, 0);
        settings.quiet_hours = Some(super::super::QuietHours { from: time(20), to: time(8) });
    });
    scene.ask(Request::PublishFlow { flow: written(&by_call()) });
    scene.waits(12 * HOUR);
    scene.story.clear();
    scene.starts(&by_call());
    scene.flashes(1, Some(MARY));
    scene.waits(MINUTE);
    scene.call_ends(1, CallEnd::NoAnswer);
    scene.waits(11 * HOUR);
    expect![[r#"
        Mon 21:00:00  stick-1: missed call from +231•••0001: `stock` goes on: they are called back
        Mon 21:00:10  stick-1: calls +231•••0001
        Mon 21:00:10  stick 1 dials +231•••0001
        Mon 21:01:00  stick-1: call to +231•••0001: nobody answered
        Tue 08:00:00  stick-1: calls +231•••0002
        Tue 08:00:00  stick 1 dials +231•••0002
        Tue 08:01:00  stick 1 hangs up
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn who_says_stop_in_the_middle_of_a_call_is_called_no_more() {
    let mut scene = calls_mary();
    scene.call(1, CallEvent::Answered);
    scene.presses(1, "1");
    scene.says(MARY, "STOP");
    scene.presses(1, "1");
    scene.call_ends(1, CallEnd::HungUp);
    scene.waits(DAY);
    expect![[r#"
        Mon 09:00:00  stick-1: calls +231•••0001
        Mon 09:00:00  stick 1 dials +231•••0001
        Mon 09:00:00  stick 1 plays "Is your clinic open? For yes, press 1. For no, press 2.", waits for keys
        Mon 09:00:00  stick 1 plays "How many packs? Key the number, then press hash. For the point, press star.", waits for keys
        Mon 09:00:00  campaign stock: everybody is done
        Mon 09:00:00  stick 1 hangs up
        Mon 09:00:00  stick-1: call to +231•••0001: the flow went on without it
        Mon 09:00:00  stick 1 sends +231•••0001 "You will get no more messages from us. Text START to get them again."
    "#]].assert_eq(&scene.story());
    expect![[r#"
        Mary Kollie [stopped] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn a_key_of_an_earlier_turn_answers_nothing() {
    let mut scene = calls_mary();
    scene.call(1, CallEvent::Answered);
    scene.presses(1, "1");
    scene.call_ends(1, CallEnd::HungUp);
    scene.presses(1, "2");
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn one_stick_of_two_is_kept_for_messages() {
    let mut scene = office(2);
    scene.starts(&by_call());
    expect![[r#"
        Mon 09:00:00  stick-1: calls +231•••0001
        Mon 09:00:00  stick 1 dials +231•••0001
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn who_answers_no_text_is_called_once() {
    let mut scene = office(1);
    let source = by_call().replace("[voice, sms]", "[sms, voice]");
    let numbers = vec![MARY.to_owned()];
    scene.starts_for(&source, Audience { numbers, ..Default::default() });
    scene.sent(1);
    scene.waits(DAY);
    scene.sent(1);
    scene.waits(2 * DAY);
    for pause in [10 * MINUTE, 2 * HOUR, HOUR] {
        scene.call_ends(1, CallEnd::NoAnswer);
        scene.waits(pause);
    }
    scene.sent(1);
    scene.waits(3 * DAY);
    scene.sent(1);
    scene.waits(3 * DAY);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Tue 09:00:00  stick 1 sends +231•••0001 "We are still waiting for your answer. Reply STOP to end. Is your clinic open?"
        Thu 09:00:00  stick-1: calls +231•••0001
        Thu 09:00:00  stick 1 dials +231•••0001
        Thu 09:00:00  stick-1: call to +231•••0001: nobody answered
        Thu 09:10:00  stick-1: calls +231•••0001
        Thu 09:10:00  stick 1 dials +231•••0001
        Thu 09:10:00  stick-1: call to +231•••0001: nobody answered
        Thu 11:10:00  stick-1: calls +231•••0001
        Thu 11:10:00  stick 1 dials +231•••0001
        Thu 11:10:00  stick-1: call to +231•••0001: nobody answered
        Thu 11:10:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Fri 12:10:00  stick 1 sends +231•••0001 "We are still waiting for your answer. Reply STOP to end. Is your clinic open?"
        Tue 12:10:00  campaign stock: everybody is done
    "#]].assert_eq(&scene.story());
}

#[test]
fn a_missed_call_is_called_back() {
    let mut scene = office(1);
    scene.ask(Request::PublishFlow { flow: written(&by_call()) });
    scene.story.clear();
    scene.flashes(1, Some(MARY));
    scene.waits(10 * Duration::from_secs(1));
    scene.call(1, CallEvent::Answered);
    expect![[r#"
        Mon 09:00:00  stick-1: missed call from +231•••0001: `stock` begins: they are called back
        Mon 09:00:10  stick-1: calls +231•••0001
        Mon 09:00:10  stick 1 dials +231•••0001
        Mon 09:00:10  stick 1 plays "Is your clinic open? For yes, press 1. For no, press 2.", waits for keys
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_call_without_sound_is_ended_and_its_stick_makes_no_more_for_a_while() {
    let mut scene = calls_mary();
    scene.call(1, CallEvent::Answered);
    scene.hears(1, Heard::Broken("the audio port gave nothing for 3 s".to_owned()));
    scene.call_ends(1, CallEnd::HungUp);
    scene.waits(11 * MINUTE);
    expect![[r#"
        Mon 09:00:00  stick-1: calls +231•••0001
        Mon 09:00:00  stick 1 dials +231•••0001
        Mon 09:00:00  stick 1 plays "Is your clinic open? For yes, press 1. For no, press 2.", waits for keys
        Mon 09:00:00  stick-1: a call had no sound: the audio port gave nothing for 3 s
        Mon 09:00:00  stick 1 hangs up
        Mon 09:00:00  stick-1: call to +231•••0001: it had no sound: the audio port gave nothing for 3 s
        Mon 09:10:00  stick-1: calls +231•••0001
        Mon 09:10:00  stick 1 dials +231•••0001
        Mon 09:11:00  stick 1 hangs up
    "#]].assert_eq(&scene.story());
}

#[test]
fn a_call_that_nobody_takes_rings_for_a_minute_at_most() {
    let mut scene = calls_mary();
    scene.call(1, CallEvent::RingsThere);
    scene.waits(2 * MINUTE);
    scene.call_ends(1, CallEnd::HungUp);
    expect![[r#"
        Mon 09:00:00  stick-1: calls +231•••0001
        Mon 09:00:00  stick 1 dials +231•••0001
        Mon 09:01:00  stick 1 hangs up
        Mon 09:02:00  stick-1: call to +231•••0001: nobody answered
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_stick_that_is_pulled_in_a_call_is_called_from_again() {
    let mut scene = calls_mary();
    scene.call(1, CallEvent::Answered);
    scene.presses(1, "1");
    scene.happens(vec![Event::Gone(modem_no(1))]);
    scene.waits(10 * MINUTE);
    scene.plug(1);
    expect![[r#"
        Mon 09:00:00  stick-1: calls +231•••0001
        Mon 09:00:00  stick 1 dials +231•••0001
        Mon 09:00:00  stick 1 plays "Is your clinic open? For yes, press 1. For no, press 2.", waits for keys
        Mon 09:00:00  stick 1 plays "How many packs? Key the number, then press hash. For the point, press star.", waits for keys
        Mon 09:00:00  stick-1: the port is closed
        Mon 09:00:00  stick-1: call to +231•••0001: the port is closed
        Mon 09:10:00  stick-1: ready (IMEI 356938035643801)
        Mon 09:10:00  stick-1: calls +231•••0001
        Mon 09:10:00  stick 1 dials +231•••0001
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_campaign_by_call_needs_a_channel_that_calls() {
    let mut scene = Scene::new();
    let start = |by| Request::StartCampaign {
        flow: written(&by_call()),
        name: None,
        audience: Audience::default(),
        start_key: format!("{by:?}"),
        by,
    };
    expect![[r#"Refused { words: "No channel of this office makes calls: write `calls: yes` under one in rollcall.yaml whose modem has sound, and start `rollcall serve` again." }"#]].assert_eq(&format!("{:?}", scene.ask(start(Some(crate::model::Mode::Voice)))));
    expect![[r#"Started { campaign: 1, name: "stock 2026-03-02", people: 2, left_out: 0, already: false, excluded: [], by_itself: [], unpublished: [] }"#]].assert_eq(&format!("{:?}", scene.ask(start(None))));
    expect![[""]].assert_eq(&scene.story());
}

#[test]
fn a_text_that_waits_leaves_before_the_next_call() {
    let mut scene = office(1);
    scene.starts(&by_call());
    scene.call(1, CallEvent::Answered);
    scene.says(JAMES, "HELP");
    scene.call_ends(1, CallEnd::HungUp);
    let story = scene.story();
    let (sends, dials) = (story.find("stick 1 sends"), story.rfind("dials +231•••0002"));
    assert!(sends.is_some(), "{story}");
    assert!(dials.is_none_or(|dials| sends < Some(dials)), "{story}");
}

#[test]
fn a_call_that_is_wanted_while_its_number_is_in_a_call_is_not_forgotten() {
    let mut scene = office(3);
    let numbers = vec![MARY.to_owned()];
    scene.starts_for(&by_call(), Audience { numbers: numbers.clone(), ..Default::default() });
    scene.call(1, CallEvent::Answered);
    for keys in ["1", "14", "1", "1"] {
        scene.presses(1, keys);
    }
    // The good-bye is played; another questionnaire wants her meanwhile.
    let other = by_call().replace("flow: stock", "flow: other").replace("STOCK", "OTHER");
    let other = other.replace("\nmissed_call_starts: voice", "");
    let reply = scene.starts_for(&other, Audience { numbers, ..Default::default() });
    assert!(matches!(reply, Reply::Started { .. }), "{reply:?}");
    scene.waits(MINUTE);
    scene.story.clear();
    scene.hears(1, Heard::Played);
    scene.call_ends(1, CallEnd::HungUp);
    scene.waits(MINUTE);
    let story = scene.story();
    assert!(story.contains("dials +231•••0001"), "{story}");
}
