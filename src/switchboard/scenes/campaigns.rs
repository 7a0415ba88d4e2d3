//! Scenes of campaigns: starting, sharing a number, pausing, ending, trying again.

use super::*;
use expect_test::expect;

#[test]
fn the_same_start_twice_is_one_start() {
    let mut scene = Scene::new();
    let start = || Request::StartCampaign {
        flow: written(STOCK),
        name: None,
        audience: Audience::default(),
        start_key: "monday".to_owned(),
        by: None,
    };
    let (first, second) = (scene.ask(start()), scene.ask(start()));
    expect![[r#"
        Started {
            campaign: 1,
            name: "stock 2026-03-02",
            people: 2,
            left_out: 0,
            already: false,
            excluded: [],
            by_itself: [],
            unpublished: [],
        }
        Started {
            campaign: 1,
            name: "stock 2026-03-02",
            people: 2,
            left_out: 0,
            already: true,
            excluded: [],
            by_itself: [],
            unpublished: [],
        }
    "#]]
    .assert_eq(&format!("{first:#?}\n{second:#?}\n"));
    scene.waits(Duration::ZERO);
    scene.sent(1);
    scene.sent(1);
    expect![[r#"
        out +231•••0001 "Is your clinic open?" sent
        out +231•••0002 "Is your clinic open?" sent
    "#]]
    .assert_eq(&scene.messages());
}

#[test]
fn who_said_stop_is_left_out_whatever_list_they_are_on() {
    let mut scene = Scene::new();
    scene.says(MARY, "STOP");
    scene.sent(1);
    scene.knows("Mary Kollie", &[MARY]);
    scene.knows("Maria Kolly", &[MARY]);
    scene.starts(STOCK);
    expect![
        "running: 3 listed, 0 messaged, 0 reached, 0 responded, 0 completed; 2 excluded, 1 queued"
    ]
    .assert_eq(&scene.campaign());
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "You will get no more messages from us. Text START to get them again."
        Mon 09:00:00  stick 1 sends +231•••0002 "Is your clinic open?"
    "#]].assert_eq(&scene.story());
}

#[test]
fn two_people_with_one_phone_are_asked_one_after_the_other() {
    let mut scene = Scene::new();
    scene.knows("Kou Kollie", &[MARY]);
    let numbers = vec![MARY.to_owned()];
    scene.starts_for(STOCK, Audience { numbers, ..Default::default() });
    scene.sent(1);
    for reply in ["yes", "14", "no"] {
        scene.waits(MINUTE);
        scene.says(MARY, reply);
        scene.waits(MINUTE);
        scene.sent(1);
    }
    scene.waits(MINUTE);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:01:00  stick 1 sends +231•••0001 "How many packs?"
        Mon 09:03:00  stick 1 sends +231•••0001 "Is there water?"
        Mon 09:05:00  stick 1 sends +231•••0001 "Thank you."
        Mon 09:06:00  stick 1 sends +231•••0001 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
    expect![
        "running: 2 listed, 1 messaged, 1 reached, 1 responded, 1 completed; 1 completed, 1 queued"
    ]
    .assert_eq(&scene.campaign());
}

#[test]
fn a_second_flow_waits_until_the_first_is_over() {
    let mut scene = Scene::new();
    scene.asks_mary();
    let numbers = vec![MARY.to_owned()];
    let other = STOCK.replace("flow: stock", "flow: water");
    scene.starts_for(&other, Audience { numbers, ..Default::default() });
    scene.waits(HOUR);
    assert_eq!(scene.story(), "");
    scene.waits(DAY);
    scene.sent(1);
    scene.waits(2 * DAY);
    expect![[r#"
        Tue 09:00:00  stick 1 sends +231•••0001 "We are still waiting for your answer. Reply STOP to end. Is your clinic open?"
        Thu 10:00:00  campaign stock: everybody is done
        Thu 10:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
    "#]].assert_eq(&scene.story());
}

#[test]
fn a_paused_campaign_sends_nothing_and_keeps_answers() {
    let mut scene = Scene::new();
    scene.starts(STOCK);
    scene.sent(1);
    scene.ask(Request::PauseCampaign { campaign: "stock".to_owned() });
    scene.sent(1);
    scene.story.clear();
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.waits(HOUR);
    assert_eq!(scene.story(), "");
    scene.ask(Request::SendText {
        channel: None,
        number: MARY.to_owned(),
        text: "We are looking into it.".to_owned(),
    });
    scene.sent(1);
    scene.ask(Request::ResumeCampaign { campaign: "stock".to_owned() });
    scene.waits(MINUTE);
    expect![[r#"
        Mon 10:01:00  stick 1 sends +231•••0001 "We are looking into it."
        Mon 10:01:00  stick 1 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
        James Doe [waiting]  = nothing ()
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn a_cancelled_campaign_sends_nothing_more() {
    let mut scene = Scene::new();
    scene.starts(STOCK);
    scene.sent(1);
    scene.ask(Request::CancelCampaign { campaign: "stock".to_owned() });
    scene.refused(1, Cause::Message(38));
    scene.waits(3 * DAY);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:00:00  stick 1 sends +231•••0002 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" sent
        out +231•••0002 "Is your clinic open?" cancelled - the campaign was cancelled
    "#]]
    .assert_eq(&scene.messages());
    expect!["cancelled: 2 listed, 1 messaged, 0 reached, 0 responded, 0 completed; 1 excluded, 1 unresponsive"]
        .assert_eq(&scene.campaign());
}

#[test]
fn who_never_answered_is_reminded_then_over_and_may_be_tried_again() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(DAY + MINUTE);
    scene.sent(1);
    scene.waits(3 * DAY);
    expect![[r#"
        Tue 09:00:00  stick 1 sends +231•••0001 "We are still waiting for your answer. Reply STOP to end. Is your clinic open?"
        Thu 09:01:00  campaign stock: everybody is done
    "#]].assert_eq(&scene.story());
    expect!["finished: 1 listed, 1 messaged, 0 reached, 0 responded, 0 completed; 1 unresponsive"]
        .assert_eq(&scene.campaign());
    scene.ask(Request::RetryCampaign { campaign: "stock".to_owned() });
    scene.waits(MINUTE);
    expect![[r#"
        Fri 09:01:00  stick 1 sends +231•••0001 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn who_answers_gets_no_reminder() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(23 * HOUR);
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.story.clear();
    scene.waits(2 * HOUR);
    assert_eq!(scene.story(), "");
}

#[test]
fn every_end_has_its_name() {
    let mut scene = Scene::new();
    for number in 3..=5 {
        scene.knows(&format!("Person {number}"), &[&format!("+23188600000{number}")]);
    }
    scene.starts(STOCK);
    scene.all_leave(5);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.says(JAMES, "STOP");
    scene.sent(1);
    scene.says("+231886000003", "yes");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says("+231886000003", "20");
    scene.sent(1);
    scene.says("+231886000004", "maybe");
    scene.sent(1);
    for _ in 0..8 {
        scene.waits(DAY);
        if scene.story().contains("sends") {
            scene.all_leave(4);
        }
    }
    expect!["finished: 5 listed, 5 messaged, 4 reached, 2 responded, 0 completed; 1 breakoff, 1 partial, 1 refused, 2 unresponsive"].assert_eq(&scene.campaign());
}

#[test]
fn a_broken_edit_changes_nothing() {
    let mut scene = Scene::new();
    scene.ask(Request::PublishFlow { flow: written(STOCK) });
    let broken = STOCK.replace("type: yes_no", "type: yes_or_no");
    let reply = scene.ask(Request::PublishFlow { flow: written(&broken) });
    expect![[r#"Refused { words: "stock.yaml:12:9: There is no type `yes_or_no`. [F025]\n  12 |   type: yes_or_no\n     |         ^^^^^^^^^\n  help: The types are: yes_no, choice, choices, number, date, time, phone, code, place, text, audio.\n\nstock.yaml:18:9: There is no type `yes_or_no`. [F025]\n  18 |   type: yes_or_no\n     |         ^^^^^^^^^\n  help: The types are: yes_no, choice, choices, number, date, time, phone, code, place, text, audio.\n\nstock.yaml cannot be used until this is put right; the last good version, if there is one, stays in use." }"#]].assert_eq(&format!("{reply:?}"));
    scene.says(MARY, "stock");
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_flow_by_call_alone_is_not_started_by_sms() {
    let mut scene = Scene::new();
    let source = STOCK.replace("flow: stock", "flow: stock\nchannels: [voice]");
    let reply = scene.starts(&source);
    expect![[r#"Refused { words: "No channel of this office makes calls: write `calls: yes` under one in rollcall.yaml whose modem has sound, and start `rollcall serve` again." }"#]].assert_eq(&format!("{reply:?}"));
}

#[test]
fn who_waits_keeps_the_version_they_began_with() {
    let mut scene = Scene::new();
    scene.asks_mary();
    let edited = STOCK.replace("How many packs?", "How many boxes?");
    scene.ask(Request::PublishFlow { flow: written(&edited) });
    scene.cut();
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    expect![[r#"
        Mon 09:00:00  — the light went out —
        Mon 09:00:00  stick-1: ready (IMEI 356938035643801)
        Mon 09:01:00  stick 1 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
}
