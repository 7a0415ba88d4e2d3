//! Scenes of flow versions: published, taken back, while people are in the middle.

use super::*;
use expect_test::expect;

/// STOCK with another text of its second question.
fn reworded() -> String {
    STOCK.replace("How many packs?", "How many packs are left?")
}

fn publish(scene: &mut Scene, source: &str) -> String {
    told(scene.ask(Request::PublishFlow { flow: written(source) }))
}

fn rollback(scene: &mut Scene, to: Option<&str>) -> String {
    let to = to.map(str::to_owned);
    told(scene.ask(Request::RollbackFlow { flow: "stock".to_owned(), to }))
}

fn told(reply: Reply) -> String {
    match reply {
        Reply::Published { digest, before, changes, keep, .. } => {
            let words: Vec<String> = changes.into_iter().map(|change| change.words).collect();
            let short = |digest: &str| digest[..4].to_owned();
            let before = before.map_or("none".to_owned(), |before| short(&before));
            format!("{} after {before}; {keep} keep theirs; {}", short(&digest), words.join("; "))
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn a_rollback_gives_new_starts_the_version_before_and_nobody_in_the_middle_notices() {
    let mut scene = Scene::new();
    scene.asks_mary();
    let mut story = vec![publish(&mut scene, STOCK), publish(&mut scene, &reworded())];
    story.push(rollback(&mut scene, None));
    story.push(rollback(&mut scene, None));
    story.push(rollback(&mut scene, Some("ffff")));
    story.push(publish(&mut scene, "flow: stock\nquestions: []\n"));
    expect![[r#"
        6302 after 6302; 0 keep theirs; 
        4dce after 6302; 1 keep theirs; `packs` in en: "How many packs are left?", was "How many packs?"
        6302 after 4dce; 0 keep theirs; `packs` in en: "How many packs?", was "How many packs are left?"
        NotFound { words: "No other version of `stock` was published before this one." }
        NotFound { words: "No version of `stock` begins with `ffff`; see `rollcall flow versions stock`." }
        Refused { words: "stock.yaml:1:1: This flow has no questions. [F047]\n  1 | flow: stock\n    | ^\n\nstock.yaml cannot be used until this is put right; the last good version, if there is one, stays in use." }
    "#]].assert_eq(&(story.join("\n") + "\n"));
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    expect![[r#"
        Mon 09:01:00  stick 1 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
}
