//! Scenes of a flow that begins on anything: what nobody had asked for, and what never begins one.

use super::*;
use expect_test::expect;

fn welcome() -> String {
    STOCK
        .replace("flow: stock", "flow: welcome\nstarts_on_anything: true")
        .replace("start_words: [STOCK]\n", "")
        .replace("Is your clinic open?", "Hello! Do you work at a clinic?")
}

fn scene() -> Scene {
    let mut scene = Scene::new();
    scene.ask(Request::PublishFlow { flow: written(&welcome()) });
    scene.story.clear();
    scene
}

#[test]
fn what_nobody_asked_for_begins_the_flow_and_waits_for_a_person_too() {
    let mut scene = scene();
    scene.says("+231886000009", "Good morning, who is this?");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says("+231886000009", "yes");
    scene.sent(1);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0009 "Hello! Do you work at a clinic?"
        Mon 09:01:00  stick 1 sends +231•••0009 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        +231•••0009 "Good morning, who is this?": nobody had asked for it; `welcome` was begun
    "#]]
    .assert_eq(&scene.inbox());
    expect![[r#"
        +231886000009 [waiting] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn it_begins_once_a_day_for_a_number() {
    let mut scene = scene();
    scene.says(MARY, "hello?");
    scene.sent(1);
    for reply in ["yes", "14", "no"] {
        scene.waits(MINUTE);
        scene.says(MARY, reply);
        scene.sent(1);
    }
    scene.story.clear();
    scene.waits(HOUR);
    scene.says(MARY, "are you still there");
    scene.waits(HOUR);
    assert_eq!(scene.story(), "");
    scene.waits(DAY);
    scene.says(MARY, "good morning");
    expect![[r#"
        Tue 11:03:00  stick 1 sends +231•••0001 "Hello! Do you work at a clinic?"
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        +231•••0001 "hello?": nobody had asked for it; `welcome` was begun
        +231•••0001 "are you still there": nobody had asked for it
        +231•••0001 "good morning": nobody had asked for it; `welcome` was begun
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn it_never_begins_for_services_own_numbers_and_who_said_stop() {
    let mut scene = scene();
    scene.says(MARY, "STOP");
    scene.sent(1);
    scene.story.clear();
    for number in [MARY, "+231770000001", "Orange", "4040"] {
        scene.says(number, "Your balance is low");
        scene.waits(MINUTE);
    }
    assert_eq!(scene.story(), "");
    expect![[r#"
        +231•••0001 "Your balance is low": it came from somebody who said STOP; nothing is sent back
        +231•••0001 "Your balance is low": it came from one of the office's own numbers
        Orange "Your balance is low": it came from a service, not from a person's phone
        4040 "Your balance is low": it came from a service, not from a person's phone
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn words_and_late_replies_come_first() {
    let mut scene = scene();
    scene.says(JAMES, "HELP");
    scene.sent(1);
    scene.asks_mary();
    scene.says(JAMES, "stock");
    scene.sent(1);
    scene.waits(3 * DAY + MINUTE);
    scene.story.clear();
    scene.says(MARY, "yes");
    scene.sent(1);
    expect![[r#"
        Thu 09:01:00  stick 1 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn one_flow_alone_begins_on_anything() {
    let mut scene = scene();
    let second = welcome().replace("flow: welcome", "flow: greeting");
    let reply = scene.ask(Request::PublishFlow { flow: written(&second) });
    expect![[r#"Refused { words: "`greeting` is to begin on anything, but `welcome` does so already, and one flow alone can: take `starts_on_anything` away from one of the two, and publish that one first." }"#]].assert_eq(&format!("{reply:?}"));
    let edited = welcome().replace("Hello!", "Good day!");
    scene.ask(Request::PublishFlow { flow: written(&edited) });
    scene.ask(Request::PublishFlow {
        flow: written(&edited.replace("starts_on_anything: true\n", "")),
    });
    let reply = scene.ask(Request::PublishFlow { flow: written(&second) });
    assert!(matches!(reply, Reply::Published { .. }), "{reply:?}");
    scene.cut();
    scene.says(MARY, "hello");
    expect![[r#"
        Mon 09:00:00  — the light went out —
        Mon 09:00:00  stick-1: ready (IMEI 356938035643801)
        Mon 09:00:00  stick 1 sends +231•••0001 "Hello! Do you work at a clinic?"
    "#]]
    .assert_eq(&scene.story());
}
