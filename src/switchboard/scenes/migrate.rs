//! Scenes of people who go on with another version of a flow while they are in the middle of it.

use super::*;
use expect_test::expect;

/// STOCK with another text of its second question and one more at the end.
fn reworded() -> String {
    let more = "endings:";
    STOCK
        .replace("How many packs?", "How many packs are left?")
        .replace(more, "- id: staff\n  ask: {en: \"How many staff?\"}\n  type: number\nendings:")
}

/// STOCK with another question in the place of its second one.
fn without_packs() -> String {
    STOCK.replace(
        "- id: packs\n  ask: {en: \"How many packs?\"}",
        "- id: beds\n  ask: {en: \"How many beds?\"}",
    )
}

/// Both are asked, and Mary has answered the first question.
fn mary_at_packs() -> Scene {
    let mut scene = Scene::new();
    scene.starts(STOCK);
    scene.all_leave(2);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.story.clear();
    scene
}

fn moves(scene: &mut Scene, source: &str, dry_run: bool) -> String {
    scene.ask(Request::PublishFlow { flow: written(source) });
    let flow = "stock".to_owned();
    match scene.ask(Request::MigrateFlow { flow, campaign: None, dry_run }) {
        Reply::Moved { groups, .. } => groups
            .iter()
            .map(|group| {
                let MovedPeople { people, question, what, why } = group;
                format!("{people} at {question}: {what} {why}\n")
            })
            .collect(),
        other => format!("{other:?}\n"),
    }
}

#[test]
fn who_waits_at_a_question_that_is_reworded_is_not_asked_again_and_gets_what_is_new() {
    let mut scene = mary_at_packs();
    expect![[r#"
        1 at open: stays 
        1 at packs: stays 
    "#]]
    .assert_eq(&moves(&mut scene, &reworded(), false));
    expect![[""]].assert_eq(&scene.story());
    scene.says(MARY, "14");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "no");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "3");
    expect![[r#"
        Mon 09:02:00  stick 1 sends +231•••0001 "Is there water?"
        Mon 09:03:00  stick 1 sends +231•••0001 "How many staff?"
        Mon 09:04:00  stick 1 sends +231•••0001 "Thank you."
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        Mary Kollie [completed] open = yes (exact)
        Mary Kollie [completed] packs = 14 (exact)
        Mary Kollie [completed] water = no (exact)
        Mary Kollie [completed] staff = 3 (exact)
        James Doe [waiting]  = nothing ()
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn a_dry_run_changes_nothing() {
    let mut scene = mary_at_packs();
    expect![[r#"
        1 at packs: goes_on 
        1 at open: stays 
    "#]]
    .assert_eq(&moves(&mut scene, &without_packs(), true));
    scene.says(MARY, "14");
    expect![[r#"
        Mon 09:02:00  stick 1 sends +231•••0001 "Is there water?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn who_waits_at_a_question_that_is_gone_is_asked_the_next_one_and_keeps_their_answers() {
    let mut scene = mary_at_packs();
    expect![[r#"
        1 at packs: goes_on 
        1 at open: stays 
    "#]]
    .assert_eq(&moves(&mut scene, &without_packs(), false));
    let reference = scene.sent(1);
    scene.reports(MARY, reference, 0);
    scene.waits(MINUTE);
    scene.says(MARY, "20");
    expect![[r#"
        Mon 09:02:00  stick 1 sends +231•••0001 "How many beds?"
        Mon 09:03:00  stick 1 sends +231•••0001 "Is there water?"
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
        Mary Kollie [waiting] beds = 20 (exact)
        James Doe [waiting]  = nothing ()
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn an_answer_to_a_question_that_is_gone_is_never_one_to_the_next() {
    let mut scene = mary_at_packs();
    moves(&mut scene, &without_packs(), false);
    scene.sent(1);
    scene.waits(3 * SECOND);
    // She had the old question in front of her; no report says that she has the new one.
    scene.says(MARY, "14");
    scene.waits(MINUTE);
    scene.says(MARY, "20");
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
        James Doe [waiting]  = nothing ()
    "#]]
    .assert_eq(&scene.answers());
    expect![[r#"
        +231•••0001 "14": it came too soon to answer the next question
        +231•••0001 "20": it may be the answer to a question that was taken away
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn a_question_that_has_not_left_yet_is_taken_back_when_it_is_gone() {
    let mut scene = Scene::new();
    scene.starts(STOCK);
    scene.all_leave(2);
    scene.waits(MINUTE);
    scene.says(JAMES, "yes");
    scene.says(MARY, "yes");
    expect![[r#"
        2 at packs: goes_on 
    "#]]
    .assert_eq(&moves(&mut scene, &without_packs(), false));
    scene.sent(1);
    scene.sent(1);
    expect![[r#"
        out +231•••0001 "Is your clinic open?" delivered
        out +231•••0002 "Is your clinic open?" delivered
        in +231•••0002 "yes" received
        out +231•••0002 "How many packs?" sent
        in +231•••0001 "yes" received
        out +231•••0001 "How many packs?" cancelled - its question was taken away
        out +231•••0001 "How many beds?" sent
        out +231•••0002 "How many beds?" sending
    "#]]
    .assert_eq(&scene.messages());
}

#[test]
fn timers_go_on_and_who_was_asked_back_keeps_their_version() {
    let mut scene = mary_at_packs();
    scene.says(MARY, "fix");
    scene.sent(1);
    expect![[r#"
        1 at packs: kept they were asked back and have not answered yet
        1 at open: stays 
    "#]]
    .assert_eq(&moves(&mut scene, &reworded(), false));
    scene.story.clear();
    scene.waits(DAY);
    expect![[r#"
        Tue 09:00:00  stick 1 sends +231•••0002 "We are still waiting for your answer. Reply STOP to end. Is your clinic open?"
    "#]].assert_eq(&scene.story());
}
