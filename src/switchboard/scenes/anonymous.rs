//! Scenes of an anonymous flow: what is kept of a reply, and what counts once all the same.

use super::*;
use expect_test::{Expect, expect};

/// A scale and people's own words.
const SURVEY: &str = "\
flow: survey
title: Survey
languages: [en]
anonymous: true
start_words: [SURVEY]
rules:
  wrong_answer: {ask_again: 1, then: skip}
  no_answer: {remind_after: never, then: expire}
  expires_after: 2 days
questions:
- id: safe
  ask: {en: \"Are you safe?\"}
  type: yes_no
- id: wish
  ask: {en: \"What would help?\"}
  type: text
- id: paid
  ask: {en: \"Are you paid?\"}
  type: yes_no
endings:
  done:
    say: {en: \"Thank you.\"}
";

/// Mary is asked, and the first question has left.
fn asked() -> Scene {
    let mut scene = Scene::new();
    let numbers = vec![MARY.to_owned()];
    scene.starts_for(SURVEY, Audience { numbers, ..Default::default() });
    scene.sent(1);
    scene.story.clear();
    scene
}

/// Mary says this a minute later, and what follows leaves.
fn answers(scene: &mut Scene, text: &str) {
    scene.waits(MINUTE);
    scene.says(MARY, text);
    scene.waits(5 * SECOND);
    scene.sent(1);
}

/// What was answered, by nobody.
fn by_nobody(scene: &Scene, expected: &Expect) {
    let questions = wait(scene.reader.every_row()).expect("the disk works");
    let rows = questions.into_iter().filter(|row| row.table == "anonymous_answer");
    let mut lines: Vec<String> = rows.map(|row| row.cells[2..].join(" ")).collect();
    lines.sort();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn answers_stand_alone_and_texts_are_not_kept_beside_a_number() {
    let mut scene = asked();
    for text in ["yes", "More gloves", "no"] {
        answers(&mut scene, text);
    }
    by_nobody(
        &scene,
        &expect![[r#"
            survey paid yes_no no
            survey safe yes_no yes
            survey wish text More gloves"#]],
    );
    expect![[r#"
        out +231•••0001 "Are you safe?" delivered
        in +231•••0001 "(anonymous answer)" received
        out +231•••0001 "What would help?" delivered
        in +231•••0001 "(anonymous answer)" received
        out +231•••0001 "Are you paid?" delivered
        in +231•••0001 "(anonymous answer)" received
        out +231•••0001 "Thank you." sent
    "#]]
    .assert_eq(&scene.messages());
    expect!["finished: 1 listed, 1 messaged, 1 reached, 1 responded, 1 completed; 1 completed"]
        .assert_eq(&scene.campaign());
}

#[test]
fn a_power_cut_between_the_questions_changes_nothing() {
    let mut scene = asked();
    answers(&mut scene, "yes");
    scene.cut();
    answers(&mut scene, "More gloves");
    scene.cut();
    answers(&mut scene, "no");
    by_nobody(
        &scene,
        &expect![[r#"
            survey paid yes_no no
            survey safe yes_no yes
            survey wish text More gloves"#]],
    );
    expect!["finished: 1 listed, 1 messaged, 1 reached, 1 responded, 1 completed; 1 completed"]
        .assert_eq(&scene.campaign());
}

#[test]
fn a_reply_that_comes_twice_within_seconds_counts_once_and_a_second_part_joins_its_text() {
    let mut scene = asked();
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.waits(3 * SECOND);
    scene.says(MARY, "Yes");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "More gloves");
    scene.waits(3 * SECOND);
    scene.sent(1);
    scene.waits(2 * SECOND);
    scene.says(MARY, "and a lamp");
    by_nobody(
        &scene,
        &expect![[r#"
            survey safe yes_no yes
            survey wish text More gloves and a lamp"#]],
    );
    expect![""].assert_eq(&scene.inbox());
}

#[test]
fn a_second_part_of_the_last_text_joins_it_though_all_is_over() {
    let mut scene = Scene::new();
    let source =
        SURVEY.replacen("- id: paid\n  ask: {en: \"Are you paid?\"}\n  type: yes_no\n", "", 1);
    let numbers = vec![JAMES.to_owned()];
    scene.starts_for(&source, Audience { numbers, ..Default::default() });
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(JAMES, "no");
    scene.waits(5 * SECOND);
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(JAMES, "More gloves");
    scene.waits(5 * SECOND);
    scene.says(JAMES, "and a lamp");
    scene.waits(3 * SECOND);
    scene.says(JAMES, "and a lamp");
    by_nobody(
        &scene,
        &expect![[r#"
            survey safe yes_no no
            survey wish text More gloves and a lamp"#]],
    );
    expect![""].assert_eq(&scene.inbox());
}

#[test]
fn what_comes_on_the_heels_of_a_forgotten_reply_is_not_guessed_at() {
    let mut scene = asked();
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.cut();
    scene.waits(3 * SECOND);
    scene.says(MARY, "yes");
    by_nobody(&scene, &expect!["survey safe yes_no yes"]);
    expect![[r#"
        +231•••0001 "(anonymous answer)": it may be what was said a moment before
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn the_same_message_offered_again_is_refused_even_after_the_end() {
    let mut scene = asked();
    scene.waits(MINUTE);
    let pdu = texts(MARY, "yes", scene.now).remove(0);
    scene.receives(1, pdu.clone());
    scene.sent(1);
    scene.receives(1, pdu.clone());
    answers(&mut scene, "More gloves");
    answers(&mut scene, "no");
    scene.receives(1, pdu.clone());
    scene.waits(2 * DAY);
    scene.receives(1, pdu);
    by_nobody(
        &scene,
        &expect![[r#"
            survey paid yes_no no
            survey safe yes_no yes
            survey wish text More gloves"#]],
    );
    expect![""].assert_eq(&scene.inbox());
}

#[test]
fn a_message_that_came_before_the_survey_is_refused_in_it() {
    let mut scene = Scene::new();
    let pdu = texts(MARY, "yes", scene.now).remove(0);
    scene.receives(1, pdu.clone());
    let numbers = vec![MARY.to_owned()];
    scene.starts_for(SURVEY, Audience { numbers, ..Default::default() });
    scene.sent(1);
    scene.receives(1, pdu);
    by_nobody(&scene, &expect![""]);
}

#[test]
fn a_long_text_leaves_nothing_in_its_parts_once_they_are_together() {
    let mut scene = asked();
    answers(&mut scene, "yes");
    let long = format!("Gloves, {} and a lamp that works at night", "soap and water, ".repeat(12));
    answers(&mut scene, &long);
    by_nobody(
        &scene,
        &expect![[r#"
            survey safe yes_no yes
            survey wish text Gloves, soap and water, soap and water, soap and water, soap and water, soap and water, soap and water, soap and water, soap and water, soap and water, soap and water, soap and water, soap and water,  and a lamp that works at night"#]],
    );
    let rows = wait(scene.reader.every_row()).expect("the disk works");
    let octets: Vec<usize> = rows
        .iter()
        .filter(|row| row.table == "raw_pdu")
        .map(|row| row.cell("octets").map_or(0, str::len))
        .collect();
    assert!(octets.iter().all(|hex| *hex < 60), "{octets:?}");
}

#[test]
fn a_text_whose_end_is_missing_is_kept_without_its_words() {
    let mut scene = asked();
    let whole = texts(MARY, "yes, but only in the morning", scene.now).remove(0);
    scene.receives(1, whole[..whole.len() - 1].to_vec());
    by_nobody(&scene, &expect![""]);
    expect![[r#"
        +231•••0001 "(a message whose rest is missing)": the end of this message is missing: ask for it again
    "#]]
    .assert_eq(&scene.inbox());
    let rows = wait(scene.reader.every_row()).expect("the disk works");
    let octets: Vec<usize> = rows
        .iter()
        .filter(|row| row.table == "raw_pdu")
        .map(|row| row.cell("octets").map_or(0, str::len))
        .collect();
    assert!(!octets.is_empty() && octets.iter().all(|hex| *hex < 60), "{octets:?}");
}

#[test]
fn parts_that_never_become_whole_are_shown_without_their_words() {
    let mut scene = asked();
    answers(&mut scene, "yes");
    let part = texts(MARY, &"soap and water, ".repeat(12), scene.now).remove(0);
    scene.receives(1, part);
    answers(&mut scene, "gloves");
    answers(&mut scene, "no");
    scene.waits(3 * DAY);
    expect![[r#"
        +231•••0001 "(anonymous answer)": parts of this text never came
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn help_and_stop_are_no_answers_and_stay_as_they_are() {
    let mut scene = asked();
    scene.waits(MINUTE);
    scene.says(MARY, "HELP");
    expect![[r#"
        +231•••0001 "HELP": somebody asks for help
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn nothing_is_said_back_and_nothing_can_be_changed() {
    let mut scene = asked();
    answers(&mut scene, "perhaps not");
    answers(&mut scene, "yes");
    answers(&mut scene, "FIX 1");
    answers(&mut scene, "BACK");
    expect![[r#"
        out +231•••0001 "Are you safe?" delivered
        in +231•••0001 "(anonymous answer)" received
        out +231•••0001 "Sorry, not understood. Are you safe?" delivered
        in +231•••0001 "(anonymous answer)" received
        out +231•••0001 "What would help?" delivered
        in +231•••0001 "(anonymous answer)" received
        out +231•••0001 "Answers are anonymous: nobody can find yours to change it. What would help?" delivered
        in +231•••0001 "(anonymous answer)" received
        out +231•••0001 "Answers are anonymous: nobody can find yours to change it. What would help?" sent
    "#]]
    .assert_eq(&scene.messages());
}

#[test]
fn whether_somebody_skipped_a_question_is_kept_apart_too() {
    let mut scene = Scene::new();
    let numbers = vec![MARY.to_owned()];
    let source = SURVEY.replacen("type: yes_no", "type: yes_no\n  may_refuse: true", 1);
    scene.starts_for(&source, Audience { numbers, ..Default::default() });
    scene.sent(1);
    answers(&mut scene, "SKIP");
    by_nobody(&scene, &expect!["survey safe refused (refused)"]);
    let rows = wait(scene.reader.every_row()).expect("the disk works");
    let answer = rows.iter().find(|row| row.table == "answer").expect("it was answered");
    assert_eq!((answer.cell("how"), answer.cell("heard")), (Some("anonymous"), Some("")));
}

#[test]
fn what_comes_soon_after_the_end_is_not_kept_and_what_comes_later_is() {
    let mut scene = asked();
    for text in ["yes", "More gloves", "no"] {
        answers(&mut scene, text);
    }
    scene.waits(HOUR);
    scene.says(MARY, "I meant yes");
    scene.waits(HOUR);
    scene.says(MARY, "fix 3");
    scene.waits(2 * DAY);
    scene.says(MARY, "Our roof leaks");
    expect![[r#"
        +231•••0001 "(anonymous answer)": it came after an anonymous survey; what it says was not kept
        +231•••0001 "(anonymous answer)": it came after an anonymous survey; what it says was not kept
        +231•••0001 "Our roof leaks": nobody had asked for it
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn the_last_answer_that_comes_again_is_not_kept_by_the_flow_that_waits_by_then() {
    let mut scene = asked();
    answers(&mut scene, "yes");
    answers(&mut scene, "More gloves");
    let numbers = vec![MARY.to_owned()];
    scene.starts_for(STOCK, Audience { numbers, ..Default::default() });
    scene.waits(MINUTE);
    scene.says(MARY, "no");
    scene.waits(3 * SECOND);
    scene.says(MARY, "No");
    scene.all_leave(2);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.waits(5 * SECOND);
    scene.sent(1);
    scene.waits(2 * HOUR);
    scene.says(MARY, "14");
    expect![[r#"
        out +231•••0001 "Are you safe?" delivered
        in +231•••0001 "(anonymous answer)" received
        out +231•••0001 "What would help?" delivered
        in +231•••0001 "(anonymous answer)" received
        out +231•••0001 "Are you paid?" delivered
        in +231•••0001 "(anonymous answer)" received
        out +231•••0001 "Thank you." sent
        out +231•••0001 "Is your clinic open?" delivered
        in +231•••0001 "(anonymous answer)" received
        in +231•••0001 "(anonymous answer)" received
        out +231•••0001 "How many packs?" delivered
        in +231•••0001 "14" received
        out +231•••0001 "Is there water?" sending
    "#]]
    .assert_eq(&scene.messages());
    expect![[r#"
        Mary Kollie [completed]  = nothing ()
        Mary Kollie [waiting] open = yes (exact)
        Mary Kollie [waiting] packs = 14 (exact)
    "#]]
    .assert_eq(&scene.answers());
    expect![[r#"
        +231•••0001 "(anonymous answer)": it came before the first question had left
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn an_answer_that_comes_after_the_time_was_over_counts() {
    let mut scene = asked();
    scene.waits(3 * DAY);
    scene.says(MARY, "yes");
    by_nobody(&scene, &expect!["survey safe yes_no yes"]);
    expect![[r#"
        out +231•••0001 "Are you safe?" sent
        in +231•••0001 "(anonymous answer)" received
        out +231•••0001 "What would help?" sending
    "#]]
    .assert_eq(&scene.messages());
}

#[test]
fn what_comes_when_the_campaign_was_cancelled_is_not_kept() {
    let mut scene = asked();
    scene.ask(Request::CancelCampaign { campaign: "stock".to_owned() });
    scene.waits(MINUTE);
    scene.says(MARY, "no");
    by_nobody(&scene, &expect![""]);
    expect![[r#"
        +231•••0001 "(anonymous answer)": it came after an anonymous survey; what it says was not kept
    "#]]
    .assert_eq(&scene.inbox());
}
