//! Scenes of what nobody can know: a message that may have left, and what settles it.

use super::*;
use expect_test::expect;

/// Mary's first question was with the stick when the light went out.
fn cut_while_sending() -> Scene {
    let mut scene = Scene::new();
    scene.starts_for(STOCK, Audience { numbers: vec![MARY.to_owned()], ..Default::default() });
    scene.cut();
    scene.story.clear();
    scene
}

#[test]
fn an_open_attempt_is_uncertain_after_a_cut_and_is_sent_again_once() {
    let mut scene = cut_while_sending();
    expect![[r#"
        out +231•••0001 "Is your clinic open?" uncertain - the program stopped while this was being sent
    "#]].assert_eq(&scene.messages());
    scene.waits(11 * MINUTE);
    scene.unclear(1);
    scene.waits(DAY);
    expect![[r#"
        Mon 09:10:00  stick 1 sends +231•••0001 "Is your clinic open?" (not twice)
        Mon 09:11:00  stick-1: a message may have left or not: the modem restarted by itself
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" uncertain (again) - it may have left or not; somebody has to decide
    "#]].assert_eq(&scene.messages());
}

#[test]
fn a_run_whose_question_stays_uncertain_still_comes_to_its_end() {
    let mut scene = cut_while_sending();
    scene.waits(11 * MINUTE);
    scene.unclear(1);
    scene.waits(DAY + HOUR);
    scene.sent(1);
    scene.waits(3 * DAY);
    expect!["finished: 1 listed, 1 messaged, 0 reached, 0 responded, 0 completed; 1 unresponsive"]
        .assert_eq(&scene.campaign());
}

#[test]
fn a_late_result_settles_it() {
    let mut scene = cut_while_sending();
    scene.sent(1);
    scene.waits(HOUR);
    expect![[r#""#]].assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" sent
    "#]]
    .assert_eq(&scene.messages());
}

#[test]
fn a_report_settles_it() {
    let mut scene = cut_while_sending();
    scene.reports(MARY, 77, 0x00);
    scene.waits(HOUR);
    expect![[r#""#]].assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" delivered
    "#]]
    .assert_eq(&scene.messages());
}

#[test]
fn a_report_about_an_earlier_text_does_not_settle_it() {
    let mut scene = Scene::new();
    scene.asks_mary();
    let first = scene.references;
    scene.reports(MARY, first, 0x00);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.cut();
    scene.story.clear();
    scene.waits(SECOND);
    scene.reports(MARY, first, 0x00);
    scene.waits(11 * MINUTE);
    expect![[r#"
        Mon 09:11:00  stick 1 sends +231•••0001 "How many packs?" (not twice)
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn the_answer_settles_it() {
    let mut scene = cut_while_sending();
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.waits(HOUR);
    expect![[r#"
        Mon 09:01:00  stick 1 sends +231•••0001 "How many packs?"
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
fn the_wait_counts_from_when_the_stick_is_back() {
    let mut scene = Scene::new();
    scene.starts_for(STOCK, Audience { numbers: vec![MARY.to_owned()], ..Default::default() });
    scene.happens(vec![Event::Gone(modem_no(1))]);
    scene.waits(3 * HOUR);
    scene.plug(1);
    scene.waits(9 * MINUTE);
    scene.waits(2 * MINUTE);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:00:00  stick-1: the port is closed
        Mon 09:00:00  stick-1: a message may have left or not: the port is closed
        Mon 12:00:00  stick-1: ready (IMEI 356938035643801)
        Mon 12:10:00  stick 1 sends +231•••0001 "Is your clinic open?" (not twice)
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn the_answer_to_the_second_copy_is_not_the_answer_to_the_next_question() {
    let mut scene = cut_while_sending();
    scene.waits(11 * MINUTE);
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.waits(20 * MINUTE);
    scene.says(MARY, "14");
    scene.sent(1);
    scene.waits(HOUR);
    scene.says(MARY, "yes");
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
        Mary Kollie [waiting] packs = 14 (exact)
    "#]]
    .assert_eq(&scene.answers());
    expect![[r#"
        +231•••0001 "yes": the question before may have come twice, and so did its answer
    "#]]
    .assert_eq(&scene.inbox());
    scene.waits(HOUR);
    scene.says(MARY, "yes");
    expect![[r#"
        Mary Kollie [completed] open = yes (exact)
        Mary Kollie [completed] packs = 14 (exact)
        Mary Kollie [completed] water = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn copies_that_were_on_the_phone_before_the_answer_are_answered_by_it() {
    let mut scene = cut_while_sending();
    scene.waits(11 * MINUTE);
    let second = scene.sent(1);
    scene.reports(MARY, 200, 0x00);
    scene.reports(MARY, second, 0x00);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.waits(20 * MINUTE);
    scene.says(MARY, "14");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    expect![[r#"
        Mary Kollie [completed] open = yes (exact)
        Mary Kollie [completed] packs = 14 (exact)
        Mary Kollie [completed] water = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn an_answer_that_crossed_the_reminder_is_not_taken_twice() {
    let mut scene = Scene::new();
    scene.asks_mary();
    let first = scene.references;
    scene.reports(MARY, first, 0x00);
    scene.waits(DAY);
    let said = scene.now - SignedDuration::from_secs(4);
    scene.waits(3 * SECOND);
    let reminder = scene.sent(1);
    scene.said(MARY, "yes", said);
    scene.reports(MARY, reminder, 0x00);
    scene.sent(1);
    scene.waits(5 * MINUTE);
    scene.says(MARY, "yes");
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
    expect![[r#"
        +231•••0001 "yes": the question before may have come twice, and so did its answer
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn a_stop_takes_an_uncertain_message_back() {
    let mut scene = cut_while_sending();
    scene.says(MARY, "STOP");
    scene.sent(1);
    scene.waits(HOUR);
    expect![[r#"
        Mon 09:00:00  campaign stock: everybody is done
        Mon 09:00:00  stick 1 sends +231•••0001 "You will get no more messages from us. Text START to get them again."
    "#]].assert_eq(&scene.story());
}

#[test]
fn a_result_that_comes_after_the_answer_changes_nothing() {
    let mut scene = Scene::new();
    scene.starts_for(STOCK, Audience { numbers: vec![MARY.to_owned()], ..Default::default() });
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.refused(1, Cause::Message(38));
    scene.sent(1);
    scene.waits(HOUR);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:01:00  stick 1 sends +231•••0001 "How many packs?"
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
fn the_segments_of_a_text_go_on_when_one_of_them_is_settled() {
    let long = "Is your clinic open? ".repeat(12);
    let source = STOCK.replace("Is your clinic open?", long.trim());
    let mut scene = Scene::new();
    scene.starts_for(&source, Audience { numbers: vec![MARY.to_owned()], ..Default::default() });
    scene.unclear(1);
    scene.waits(MINUTE);
    scene.sent(1);
    scene.waits(SECOND);
    let story = scene.story();
    assert!(story.contains("2/2") && !story.contains("not twice"), "{story}");
}

#[test]
fn a_clock_that_goes_back_stands_still() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    scene.now -= SignedDuration::from_hours(24 * 365);
    scene.says(MARY, "yes");
    scene.cut();
    scene.waits(SECOND);
    let messages = wait(scene.reader.messages(&MessageFilter { limit: 9, ..Default::default() }));
    let times: Vec<String> =
        messages.expect("the disk works").into_iter().rev().map(|line| line.created_at).collect();
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn timers_wait_until_a_stick_that_was_away_has_told_what_it_holds() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.happens(vec![Event::Gone(modem_no(1))]);
    scene.waits(DAY + HOUR);
    scene.plug(1);
    scene.waits(SECOND);
    scene.said(MARY, "yes", scene.now - SignedDuration::from_hours(5));
    expect![[r#"
        Mon 09:00:00  stick-1: the port is closed
        Tue 10:00:00  stick-1: ready (IMEI 356938035643801)
        Tue 10:00:01  stick 1 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
}
