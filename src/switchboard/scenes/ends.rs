//! Scenes of what becomes of people: each has one disposition, and the funnel agrees with it.

use super::*;
use expect_test::expect;

/// Mary says this, a minute apart, and all that is due leaves.
fn talks(scene: &mut Scene, replies: &[&str]) {
    for reply in replies {
        scene.waits(MINUTE);
        scene.says(MARY, reply);
        scene.waits(20 * SECOND);
        if scene.story().contains("sends") {
            scene.sent(1);
        }
    }
}

/// What becomes of Mary who says this to this flow.
fn ends(source: &str, replies: &[&str]) -> String {
    let mut scene = Scene::new();
    let numbers = vec![MARY.to_owned()];
    scene.starts_for(source, Audience { numbers, ..Default::default() });
    scene.sent(1);
    scene.story.clear();
    talks(&mut scene, replies);
    assert_eq!(wait(scene.reader.broken_rules()).expect("the disk works"), Vec::<String>::new());
    scene.campaign()
}

#[test]
fn an_ending_says_what_becomes_of_who_ends_there() {
    let leads = STOCK.replacen("type: yes_no", "type: yes_no\n  if: {\"no\": end closed}", 1);
    let closed = |counts: &str| {
        let ending = format!("endings:\n  closed:\n    say: {{en: \"I see.\"}}\n{counts}");
        ends(&leads.replace("endings:\n", &ending), &["no"])
    };
    expect!["finished: 1 listed, 1 messaged, 1 reached, 1 responded, 0 completed; 1 ineligible"]
        .assert_eq(&closed(""));
    expect!["finished: 1 listed, 1 messaged, 1 reached, 1 responded, 1 completed; 1 completed"]
        .assert_eq(&closed("    counts_as: completed\n"));
    expect!["finished: 1 listed, 1 messaged, 1 reached, 1 responded, 0 completed; 1 refused"]
        .assert_eq(&closed("    counts_as: refused\n"));
}

#[test]
fn who_is_never_understood_is_not_taken_for_somebody_else() {
    let end = STOCK.replace("then: skip}", "then: end}");
    expect!["finished: 1 listed, 1 messaged, 1 reached, 0 responded, 0 completed; 1 unresponsive"]
        .assert_eq(&ends(&end, &["the moon", "the moon"]));
    expect!["finished: 1 listed, 1 messaged, 1 reached, 0 responded, 0 completed; 1 unresponsive"]
        .assert_eq(&ends(STOCK, &["moon", "a moon", "sun", "a sun", "star", "a star"]));
}

#[test]
fn who_skips_every_question_has_refused_and_who_skips_one_has_completed() {
    let open = STOCK.replace("  type: ", "  may_refuse: true\n  type: ");
    expect!["finished: 1 listed, 1 messaged, 1 reached, 0 responded, 0 completed; 1 refused"]
        .assert_eq(&ends(&open, &["skip", "skip this", "pass"]));
    expect!["finished: 1 listed, 1 messaged, 1 reached, 1 responded, 1 completed; 1 completed"]
        .assert_eq(&ends(&open, &["skip", "14", "skip"]));
}

#[test]
fn who_corrects_an_answer_after_the_end_has_not_completed_until_that_is_over() {
    let before = ends(STOCK, &["yes", "14", "no", "FIX 1"]);
    expect!["running: 1 listed, 1 messaged, 1 reached, 1 responded, 0 completed; 1 started"]
        .assert_eq(&before);
    expect!["finished: 1 listed, 1 messaged, 1 reached, 1 responded, 1 completed; 1 completed"]
        .assert_eq(&ends(STOCK, &["yes", "14", "no", "FIX 1", "no"]));
    expect!["finished: 1 listed, 1 messaged, 1 reached, 1 responded, 0 completed; 1 partial"]
        .assert_eq(&ends(STOCK, &["yes", "14", "no", "FIX 1", "STOP"]));
}

#[test]
fn who_is_tried_again_is_contacted_again() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(DAY + MINUTE);
    scene.sent(1);
    scene.waits(3 * DAY);
    scene.ask(Request::RetryCampaign { campaign: "stock".to_owned() });
    expect!["running: 1 listed, 1 messaged, 0 reached, 0 responded, 0 completed; 1 registered"]
        .assert_eq(&scene.campaign());
    scene.waits(MINUTE);
    expect!["running: 1 listed, 1 messaged, 0 reached, 0 responded, 0 completed; 1 queued"]
        .assert_eq(&scene.campaign());
    scene.sent(1);
    expect!["running: 1 listed, 1 messaged, 0 reached, 0 responded, 0 completed; 1 contacted"]
        .assert_eq(&scene.campaign());
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    expect!["running: 1 listed, 1 messaged, 1 reached, 1 responded, 0 completed; 1 started"]
        .assert_eq(&scene.campaign());
}
