//! Scenes of one flow at a time: a second one comes for somebody who is in the middle of one.

use super::*;
use expect_test::expect;

/// The flow that Mary is in, with this rule.
fn stock(rule: &str) -> String {
    STOCK.replace("rules:\n", &format!("rules:\n  one_flow_at_a_time: {rule}\n"))
}

/// The flow that comes.
fn water() -> String {
    STOCK
        .replace("flow: stock", "flow: water")
        .replace("title: Stock", "title: Water survey")
        .replace("[STOCK]", "[WATER]")
        .replace("Is your clinic open?", "Is the pump working?")
}

/// Mary is asked the first question of the stock flow, and a minute later the water survey comes.
fn in_the_middle(rule: &str) -> Scene {
    let mut scene = Scene::new();
    starts_for_mary(&mut scene, &stock(rule));
    scene.sent(1);
    scene.waits(MINUTE);
    scene.story.clear();
    starts_for_mary(&mut scene, &water());
    scene
}

fn starts_for_mary(scene: &mut Scene, source: &str) {
    let numbers = vec![MARY.to_owned()];
    scene.starts_for(source, Audience { numbers, ..Default::default() });
}

#[test]
fn the_person_is_told_once_and_finishes_first() {
    let mut scene = in_the_middle("ask_the_person");
    scene.sent(1);
    scene.cut();
    for reply in ["yes", "14", "no"] {
        scene.waits(MINUTE);
        scene.says(MARY, reply);
        scene.waits(20 * SECOND);
        scene.sent(1);
    }
    scene.waits(MINUTE);
    expect![[r#"
        Mon 09:01:00  stick 1 sends +231•••0001 "Another questionnaire waits for you: Water survey. Finish this one first, or text NEXT to begin the other one now."
        Mon 09:01:00  — the light went out —
        Mon 09:01:00  stick-1: ready (IMEI 356938035643801)
        Mon 09:02:00  stick 1 sends +231•••0001 "How many packs?"
        Mon 09:03:20  stick 1 sends +231•••0001 "Is there water?"
        Mon 09:04:40  campaign stock: everybody is done
        Mon 09:04:40  stick 1 sends +231•••0001 "Thank you."
        Mon 09:05:00  stick 1 sends +231•••0001 "Is the pump working?"
    "#]].assert_eq(&scene.story());
    expect![[r#"
        Mary Kollie [completed] open = yes (exact)
        Mary Kollie [completed] packs = 14 (exact)
        Mary Kollie [completed] water = no (exact)
        Mary Kollie [waiting]  = nothing ()
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn next_begins_the_one_that_waits() {
    let mut scene = in_the_middle("ask_the_person");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "Next please");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "no");
    expect![[r#"
        Mon 09:01:00  stick 1 sends +231•••0001 "Another questionnaire waits for you: Water survey. Finish this one first, or text NEXT to begin the other one now."
        Mon 09:02:00  stick 1 sends +231•••0001 "How many packs?"
        Mon 09:03:00  campaign stock: everybody is done
        Mon 09:03:00  stick 1 sends +231•••0001 "Is the pump working?"
        Mon 09:04:00  stick 1 sends +231•••0001 "How many packs?"
    "#]].assert_eq(&scene.story());
    expect![[r#"
        Mary Kollie [cancelled] open = yes (exact)
        Mary Kollie [waiting] open = no (exact)
    "#]]
    .assert_eq(&scene.answers());
    assert_eq!(scene.inbox(), "");
}

#[test]
fn next_says_nothing_where_nothing_waits() {
    let mut scene = Scene::new();
    starts_for_mary(&mut scene, &stock("ask_the_person"));
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "NEXT");
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:01:00  stick 1 sends +231•••0001 "Sorry, not understood: NEXT. Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn what_tells_of_another_flow_is_taken_back_once_that_has_begun() {
    let mut scene = Scene::new();
    starts_for_mary(&mut scene, &stock("ask_the_person"));
    scene.sent(1);
    scene.waits(11 * HOUR + MINUTE);
    scene.says(MARY, "yes");
    scene.sent(1);
    starts_for_mary(&mut scene, &water());
    scene.story.clear();
    for reply in ["14", "no"] {
        scene.waits(MINUTE);
        scene.says(MARY, reply);
        scene.waits(20 * SECOND);
        scene.sent(1);
    }
    scene.waits(13 * HOUR);
    expect![[r#"
        Mon 20:02:00  stick 1 sends +231•••0001 "Is there water?"
        Mon 20:03:20  campaign stock: everybody is done
        Mon 20:03:20  stick 1 sends +231•••0001 "Thank you."
        Tue 08:00:00  stick 1 sends +231•••0001 "Is the pump working?"
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" delivered
        in +231•••0001 "yes" received
        out +231•••0001 "How many packs?" delivered
        out +231•••0001 "Another questionnaire waits for you: Water survey. Finish this one first, or text NEXT to begin the other one now." cancelled - it has begun
        in +231•••0001 "14" received
        out +231•••0001 "Is there water?" delivered
        in +231•••0001 "no" received
        out +231•••0001 "Thank you." sent
        out +231•••0001 "Is the pump working?" sending
    "#]].assert_eq(&scene.messages());
}

#[test]
fn a_flow_that_lets_itself_be_interrupted_takes_its_own_question_back() {
    let mut scene = Scene::new();
    starts_for_mary(&mut scene, &stock("let_new_one_interrupt"));
    scene.sent(1);
    scene.waits(MINUTE);
    scene.ask(Request::PauseCampaign { campaign: "1".to_owned() });
    scene.says(MARY, "yes");
    starts_for_mary(&mut scene, &water());
    scene.ask(Request::ResumeCampaign { campaign: "1".to_owned() });
    scene.waits(MINUTE);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:01:00  stick 1 sends +231•••0001 "Is the pump working?"
        Mon 09:01:00  campaign stock: everybody is done
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" delivered
        in +231•••0001 "yes" received
        out +231•••0001 "How many packs?" cancelled - another questionnaire was begun instead
        out +231•••0001 "Is the pump working?" sending
    "#]]
    .assert_eq(&scene.messages());
    expect![[r#"
        Mary Kollie [cancelled] open = yes (exact)
        Mary Kollie [waiting]  = nothing ()
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn who_has_two_numbers_is_in_one_flow_at_a_time_too() {
    let mut scene = Scene::new();
    scene.knows("Kou Kollie", &["+231886000003", "+231886000004"]);
    let numbers = vec!["+231886000003".to_owned()];
    let kou = Audience { numbers, ..Default::default() };
    scene.starts_for(STOCK, kou.clone());
    scene.refused(1, Cause::Message(1));
    scene.waits(MINUTE);
    scene.sent(1);
    scene.story.clear();
    scene.starts_for(&water(), kou);
    scene.waits(HOUR);
    assert_eq!(scene.story(), "");
}

/// A word that starts the water survey comes while the first stock question is open.
fn word_in_the_middle(rule: &str, word: &str) -> Scene {
    let mut scene = Scene::new();
    scene.ask(Request::PublishFlow { flow: written(&water()) });
    starts_for_mary(&mut scene, &stock(rule));
    scene.sent(1);
    scene.waits(MINUTE);
    scene.story.clear();
    scene.says(MARY, word);
    scene.waits(MINUTE);
    scene
}

#[test]
fn a_start_word_in_the_middle_does_what_the_flow_says() {
    expect![[r#"
        Mon 09:01:00  stick 1 sends +231•••0001 "Sorry, not understood: water. Is your clinic open?"
    "#]]
    .assert_eq(&word_in_the_middle("finish_this_first", "water").story());
    expect![[r#"
        Mon 09:01:00  campaign stock: everybody is done
        Mon 09:01:00  stick 1 sends +231•••0001 "Is the pump working?"
    "#]]
    .assert_eq(&word_in_the_middle("let_new_one_interrupt", "WATER").story());
    let mut scene = word_in_the_middle("ask_the_person", "Water!");
    expect![[r#"
        Mon 09:01:00  campaign stock: everybody is done
        Mon 09:01:00  stick 1 sends +231•••0001 "Is the pump working?"
    "#]]
    .assert_eq(&scene.story());
    expect!["finished: 1 listed, 1 messaged, 1 reached, 0 responded, 0 completed; 1 unresponsive"]
        .assert_eq(&scene.campaign());
}

#[test]
fn a_start_word_in_a_sentence_starts_nothing_in_the_middle_of_a_flow() {
    let mut scene = word_in_the_middle("let_new_one_interrupt", "water is finished");
    expect![[r#"
        Mon 09:01:00  stick 1 sends +231•••0001 "Sorry, not understood: water is finished. Is your clinic open?"
    "#]].assert_eq(&scene.story());
}

#[test]
fn an_answer_that_is_a_start_word_is_an_answer() {
    let mut scene = Scene::new();
    scene.ask(Request::PublishFlow { flow: written(&water()) });
    let source = stock("let_new_one_interrupt").replacen("type: yes_no", "type: text", 1);
    starts_for_mary(&mut scene, &source);
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "Water");
    expect![[r#"
        Mary Kollie [waiting] open = Water (exact)
    "#]]
    .assert_eq(&scene.answers());
}
