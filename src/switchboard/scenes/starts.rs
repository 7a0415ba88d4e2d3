//! Scenes of one flow after another: what an ending starts.

use super::*;
use expect_test::expect;

const QUIZ: &str = "\
flow: quiz
title: Quiz
questions:
- id: sure
  ask: \"Are you sure?\"
  type: yes_no
endings:
  done: {say: \"Well done.\"}
";

/// One question, then the quiz.
fn course(start: &str) -> String {
    format!(
        "flow: course\ntitle: Course\nquestions:\n\
         - {{id: open, ask: \"Is your clinic open?\", type: yes_no, if: {{\"no\": end closed}}}}\n\
         endings:\n  done: {{say: \"Thank you.\", start_flow: {start}}}\n  \
         closed: {{say: \"Good-bye.\"}}\n"
    )
}

/// Mary has answered the only question of a course that starts `start`.
fn answered(published: &[&str], start: &str) -> Scene {
    let mut scene = Scene::new();
    for flow in published {
        scene.ask(Request::PublishFlow { flow: written(flow) });
    }
    asks(&mut scene, &course(start));
    scene.says(MARY, "yes");
    scene
}

fn asks(scene: &mut Scene, flow: &str) {
    let numbers = vec![MARY.to_owned()];
    scene.starts_for(flow, Audience { numbers, ..Default::default() });
    scene.sent(1);
    scene.waits(MINUTE);
}

fn keeps_the_rules(scene: &Scene) {
    let broken = wait(scene.reader.broken_rules()).expect("the disk works");
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn the_next_flow_begins_at_once_and_is_answered() {
    let mut scene = answered(&[QUIZ], "quiz");
    scene.waits(Duration::ZERO);
    scene.all_leave(2);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.waits(DAY);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:01:00  campaign stock: everybody is done
        Mon 09:01:00  stick 1 sends +231•••0001 "Thank you."
        Mon 09:01:00  stick 1 sends +231•••0001 "Are you sure?"
        Mon 09:02:00  stick 1 sends +231•••0001 "Well done."
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        Mary Kollie [completed] open = yes (exact)
        Mary Kollie [completed] sure = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn the_next_flow_begins_after_its_time_and_not_in_quiet_hours() {
    let mut scene = answered(&[QUIZ], "{flow: quiz, after: 12 hours}");
    scene.sent(1);
    scene.story.clear();
    scene.waits(12 * HOUR);
    expect![[r#""#]].assert_eq(&scene.story());
    scene.waits(12 * HOUR);
    expect![[r#"
        Tue 08:00:00  stick 1 sends +231•••0001 "Are you sure?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn after_stop_nothing_starts_even_if_start_follows() {
    let mut scene = answered(&[QUIZ], "{flow: quiz, after: 3 days}");
    scene.sent(1);
    scene.says(MARY, "STOP");
    scene.sent(1);
    scene.waits(DAY);
    scene.says(MARY, "START");
    scene.sent(1);
    scene.story.clear();
    scene.waits(5 * DAY);
    expect![[r#""#]].assert_eq(&scene.story());
}

#[test]
fn a_power_cut_before_and_after_makes_it_begin_once() {
    let mut scene = answered(&[QUIZ], "quiz");
    scene.sent(1);
    scene.cut();
    scene.waits(Duration::ZERO);
    scene.sent(1);
    scene.cut();
    scene.waits(DAY);
    expect![[r#"
        out +231•••0001 "Is your clinic open?" delivered
        in +231•••0001 "yes" received
        out +231•••0001 "Thank you." sent
        out +231•••0001 "Are you sure?" sent
        out +231•••0001 "We are still waiting for your answer. Reply STOP to end. Are you sure?" sending
    "#]].assert_eq(&scene.messages());
}

#[test]
fn the_next_flow_waits_until_the_number_is_free() {
    let mut scene = answered(&[QUIZ], "{flow: quiz, after: 2 hours}");
    scene.sent(1);
    scene.waits(HOUR);
    scene.asks_mary();
    scene.waits(5 * HOUR);
    keeps_the_rules(&scene);
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.cut();
    scene.story.clear();
    scene.waits(MINUTE);
    scene.says(MARY, "14");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "no");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.sent(1);
    expect![[r#"
        Mon 15:02:00  stick 1 sends +231•••0001 "Is there water?"
        Mon 15:03:00  campaign stock: everybody is done
        Mon 15:03:00  stick 1 sends +231•••0001 "Thank you."
        Mon 15:03:00  stick 1 sends +231•••0001 "Are you sure?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_flow_that_nobody_published_is_told_to_the_office_and_begins_once_it_is() {
    let mut scene = answered(&[], "quiz");
    scene.sent(1);
    scene.waits(DAY);
    expect![[r#"
        +231•••0001 "yes": the flow `quiz` should start now and is not published; it starts after `rollcall flow publish quiz`
    "#]].assert_eq(&scene.inbox());
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:01:00  campaign stock: everybody is done
        Mon 09:01:00  stick 1 sends +231•••0001 "Thank you."
        Mon 09:01:00  the flow `quiz` should start now and is not published; it starts after `rollcall flow publish quiz`
    "#]].assert_eq(&scene.story());
    let reply = scene.ask(Request::PublishFlow { flow: written(&course("quiz")) });
    let unpublished = match reply {
        Reply::Published { unpublished, .. } => unpublished,
        other => panic!("{other:?}"),
    };
    assert_eq!(unpublished, ["quiz"]);
    scene.ask(Request::PublishFlow { flow: written(QUIZ) });
    scene.waits(MINUTE);
    expect![[r#"
        Tue 09:01:00  stick 1 sends +231•••0001 "Are you sure?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn flows_that_ask_nothing_do_not_start_each_other_for_ever() {
    let says = |id: &str, next: &str| {
        format!(
            "flow: {id}\ntitle: T\nquestions:\n- {{id: a, say: \"This is {id}.\"}}\n\
             endings:\n  done: {{start_flow: {next}}}\n"
        )
    };
    let (tick, tock) = (says("tick", "tock"), says("tock", "tick"));
    let mut scene = answered(&[&tick, &tock], "tick");
    scene.waits(HOUR);
    scene.all_leave(5);
    scene.waits(DAY);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:01:00  campaign stock: everybody is done
        Mon 09:01:00  stick 1 sends +231•••0001 "Thank you."
        Mon 09:01:00  the flow `tick` was not started: 3 flows in a row had begun without a word of this person
        Mon 10:01:00  stick 1 sends +231•••0001 "This is tick."
        Mon 10:01:00  stick 1 sends +231•••0001 "This is tock."
        Mon 10:01:00  stick 1 sends +231•••0001 "This is tick."
        Mon 10:01:00  stick 1 sends +231•••0001 "This is tock."
    "#]].assert_eq(&scene.story());
    expect![[r#"
        +231•••0001 "yes": the flow `tick` was not started: 3 flows in a row had begun without a word of this person
    "#]].assert_eq(&scene.inbox());
}

#[test]
fn a_corrected_answer_takes_the_start_back_and_may_plan_it_again() {
    let mut scene = answered(&[QUIZ], "{flow: quiz, after: 1 day}");
    scene.sent(1);
    for reply in ["FIX 1", "no"] {
        scene.waits(MINUTE);
        scene.says(MARY, reply);
        scene.sent(1);
    }
    scene.waits(2 * DAY);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:01:00  campaign stock: everybody is done
        Mon 09:01:00  stick 1 sends +231•••0001 "Thank you."
        Mon 09:02:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:03:00  campaign stock: everybody is done
        Mon 09:03:00  stick 1 sends +231•••0001 "Good-bye."
    "#]]
    .assert_eq(&scene.story());
    let mut scene = answered(&[QUIZ], "{flow: quiz, after: 1 day}");
    scene.sent(1);
    for reply in ["FIX 1", "no", "FIX 1", "yes"] {
        scene.waits(MINUTE);
        scene.says(MARY, reply);
        scene.sent(1);
    }
    scene.story.clear();
    scene.waits(2 * DAY);
    expect![[r#"
        Tue 09:05:00  stick 1 sends +231•••0001 "Are you sure?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_paused_campaign_holds_what_it_planned_and_a_cancelled_one_drops_it() {
    let campaign = || "stock".to_owned();
    for resumed in [true, false] {
        let mut scene = Scene::new();
        scene.ask(Request::PublishFlow { flow: written(QUIZ) });
        scene.starts(&course("{flow: quiz, after: 1 hour}"));
        scene.all_leave(2);
        scene.waits(MINUTE);
        scene.says(MARY, "yes");
        scene.sent(1);
        scene.ask(Request::PauseCampaign { campaign: campaign() });
        scene.story.clear();
        scene.waits(2 * HOUR);
        expect![[r#""#]].assert_eq(&scene.story());
        keeps_the_rules(&scene);
        if resumed {
            scene.ask(Request::ResumeCampaign { campaign: campaign() });
            scene.waits(MINUTE);
            expect![[r#"
                Mon 11:01:00  stick 1 sends +231•••0001 "Are you sure?"
            "#]]
            .assert_eq(&scene.story());
        } else {
            scene.ask(Request::CancelCampaign { campaign: campaign() });
            scene.waits(DAY);
            expect![[r#""#]].assert_eq(&scene.story());
        }
    }
}

#[test]
fn what_a_finished_campaign_planned_can_still_be_cancelled() {
    let mut scene = answered(&[QUIZ], "{flow: quiz, after: 3 days}");
    scene.sent(1);
    let cancel = || Request::CancelCampaign { campaign: "stock".to_owned() };
    let (first, second) = (scene.ask(cancel()), scene.ask(cancel()));
    expect![[r#"
        Done { words: "stock is over already; what it would have started later does not start." }
        Refused { words: "stock is over already." }
    "#]]
    .assert_eq(&format!("{first:?}\n{second:?}\n"));
    scene.story.clear();
    scene.waits(5 * DAY);
    expect![[r#""#]].assert_eq(&scene.story());
}

#[test]
fn no_start_breaks_a_rule_of_the_store() {
    let mut scene = answered(&[QUIZ], "quiz");
    scene.waits(Duration::ZERO);
    scene.all_leave(2);
    keeps_the_rules(&scene);
}

#[test]
fn what_is_planned_is_listed() {
    let scene = answered(&[QUIZ], "{flow: quiz, after: 3 days}");
    let lines = wait(scene.reader.planned_starts()).expect("the disk works");
    let line = &lines[0];
    assert_eq!((line.flow.as_str(), line.people, line.need_the_flow), ("quiz", 1, 0));
    assert_eq!(line.next_at, "2026-03-05T09:01:00Z");
}

#[test]
fn a_flow_taken_in_survives_a_cut_and_is_kept_under_both_names() {
    let mut scene = Scene::new();
    let course = "flow: course\ntitle: Course\nquestions:\n- {id: sure, flow: quiz}\n\
        - {id: open, ask: \"Is your clinic open?\", type: yes_no, only_if: sure.sure is yes}\n";
    let beside = [("flows/quiz.yaml".to_owned(), QUIZ.to_owned())].into();
    let flow = WrittenFlow { beside, ..written(course) };
    let audience = Audience { numbers: vec![MARY.to_owned()], ..Default::default() };
    let start_key = "monday".to_owned();
    scene.ask(Request::StartCampaign { flow, name: None, audience, start_key, by: None });
    scene.waits(Duration::ZERO);
    scene.sent(1);
    scene.cut();
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.cut();
    scene.waits(MINUTE);
    scene.says(MARY, "no");
    expect![[r#"
        Mary Kollie [completed] sure.sure = yes (exact)
        Mary Kollie [completed] open = no (exact)
    "#]]
    .assert_eq(&scene.answers());
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Are you sure?"
        Mon 09:00:00  — the light went out —
        Mon 09:00:00  stick-1: ready (IMEI 356938035643801)
        Mon 09:01:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:01:00  — the light went out —
        Mon 09:01:00  stick-1: ready (IMEI 356938035643801)
        Mon 09:02:00  campaign course 2026-03-02: everybody is done
    "#]]
    .assert_eq(&scene.story());
}
