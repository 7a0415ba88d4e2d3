//! Scenes of calls that somebody in the office makes by hand.

use super::*;
use crate::switchboard::Afterwards;
use expect_test::expect;

fn calls(scene: &mut Scene, afterwards: Afterwards) -> Reply {
    let play = vec!["/tmp/greeting.wav".to_owned()];
    scene.ask(Request::Call { channel: None, number: MARY.to_owned(), play, afterwards })
}

fn news(scene: &mut Scene, heard: usize) -> (Vec<String>, bool, Option<String>) {
    match scene.ask(Request::CallNews { channel: None, heard }) {
        Reply::CallSays { told, over, recorded } => (told, over, recorded),
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_calls_by_hand_is_told_of_ringing_keys_and_the_end() {
    let mut scene = Scene::new();
    assert!(matches!(calls(&mut scene, Afterwards::Listen), Reply::CallSays { over: false, .. }));
    scene.call(1, CallEvent::RingsThere);
    scene.waits(SECOND);
    scene.call(1, CallEvent::Answered);
    scene.presses(1, "5");
    let (told, over, _) = news(&mut scene, 1);
    assert_eq!(
        (told, over),
        (vec!["rings there".into(), "answered".into(), "key 5".into()], false)
    );
    // A second call has to wait, and a text too.
    assert!(matches!(calls(&mut scene, Afterwards::Listen), Reply::Refused { .. }));
    scene.hears(1, Heard::Silence);
    scene.call_ends(1, CallEnd::HungUp);
    let (told, over, recorded) = news(&mut scene, 4);
    assert_eq!((told, over, recorded), (vec!["ended: the call ended".to_owned()], true, None));
    expect![[r#"
        Mon 09:00:00  stick 1 dials +231•••0001
        Mon 09:00:01  stick 1 plays "/tmp/greeting.wav", waits for keys
        Mon 09:00:01  stick 1 plays "", waits for keys
        Mon 09:00:01  stick 1 hangs up
    "#]]
    .assert_eq(&scene.story());
    assert!(matches!(calls(&mut scene, Afterwards::Listen), Reply::CallSays { .. }));
}

#[test]
fn what_is_said_in_a_call_by_hand_is_recorded_and_the_call_ended() {
    let mut scene = Scene::new();
    calls(&mut scene, Afterwards::Record);
    scene.call(1, CallEvent::Answered);
    let file = "recordings/a.wav".to_owned();
    let length = Duration::from_secs(4);
    scene.hears(1, Heard::Recorded { file: file.clone(), length });
    scene.call_ends(1, CallEnd::HungUp);
    let (told, over, recorded) = news(&mut scene, 2);
    assert_eq!(told, ["recorded 4 s", "ended: the call ended"]);
    assert_eq!((over, recorded), (true, Some(file)));
    expect![[r#"
        Mon 09:00:00  stick 1 dials +231•••0001
        Mon 09:00:00  stick 1 plays "/tmp/greeting.wav", records
        Mon 09:00:00  stick 1 hangs up
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_number_that_said_stop_is_not_called_by_hand() {
    let mut scene = Scene::new();
    scene.ask(Request::StopNumber { number: MARY.to_owned(), who: "the office".to_owned() });
    let refused = calls(&mut scene, Afterwards::Listen);
    assert!(matches!(&refused, Reply::Refused { words } if words.contains("STOP")), "{refused:?}");
}

#[test]
fn who_called_by_hand_can_end_it() {
    let mut scene = Scene::new();
    calls(&mut scene, Afterwards::Listen);
    scene.ask(Request::EndCall { channel: Some("stick-1".to_owned()) });
    scene.call_ends(1, CallEnd::HungUp);
    assert!(news(&mut scene, 0).1);
    assert!(scene.story().ends_with("stick 1 hangs up\n"));
}
