//! Scenes of missed calls: who rings is asked by SMS, and pays nothing for it.

use super::*;
use expect_test::expect;

fn scene() -> Scene {
    let mut scene = Scene::new();
    let flow = STOCK.replace("flow: stock", "flow: stock\nmissed_call_starts: sms");
    scene.ask(Request::PublishFlow { flow: written(&flow) });
    scene.story.clear();
    scene
}

#[test]
fn a_missed_call_begins_the_flow_that_says_so() {
    let mut scene = scene();
    scene.flashes(1, Some("0886000001"));
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    expect![[r#"
        Mon 09:00:00  stick-1: missed call from +231•••0001: `stock` begins by SMS
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:01:00  stick 1 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn a_number_that_nobody_knows_begins_it_too() {
    let mut scene = scene();
    scene.flashes(1, Some("+231886000009"));
    expect![[r#"
        Mon 09:00:00  stick-1: missed call from +231•••0009: `stock` begins by SMS
        Mon 09:00:00  stick 1 sends +231•••0009 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn in_the_middle_of_a_flow_the_question_is_sent_again() {
    let mut scene = scene();
    scene.flashes(1, Some(MARY));
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.flashes(2, Some(MARY));
    scene.sent(1);
    scene.waits(HOUR);
    scene.story.clear();
    scene.flashes(3, Some(MARY));
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "14");
    expect![[r#"
        Mon 10:01:00  stick-1: missed call from +231•••0001: question `packs` is sent again
        Mon 10:01:00  stick 1 sends +231•••0001 "How many packs?"
        Mon 10:02:00  stick 1 sends +231•••0001 "Is there water?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn nobody_rings_up_more_than_three_texts_a_day() {
    let mut scene = scene();
    for nth in 1..6 {
        scene.flashes(nth, Some(MARY));
        if nth == 1 || scene.story.contains("sent again") && nth < 4 {
            scene.sent(1);
        }
        scene.waits(HOUR);
    }
    expect![[r#"
        Mon 09:00:00  stick-1: missed call from +231•••0001: `stock` begins by SMS
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 10:00:00  stick-1: missed call from +231•••0001: question `open` is sent again
        Mon 10:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 11:00:00  stick-1: missed call from +231•••0001: question `open` is sent again
        Mon 11:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 12:00:00  stick-1: missed call from +231•••0001: it has rung too often today
        Mon 13:00:00  stick-1: missed call from +231•••0001: it has rung too often today
    "#]]
    .assert_eq(&scene.story());
    scene.waits(DAY);
    scene.story.clear();
    scene.flashes(9, Some(MARY));
    expect![[r#"
        Tue 14:00:00  stick-1: missed call from +231•••0001: their question is on its way
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn withheld_foreign_and_own_numbers_services_and_those_who_said_stop_get_nothing() {
    let mut scene = scene();
    scene.says(JAMES, "STOP");
    scene.sent(1);
    scene.story.clear();
    let callers = [
        None,
        Some("+33612345678"),
        Some("+231770000001"),
        Some("4455"),
        Some("+231332123456789"),
        Some(JAMES),
    ];
    for (nth, number) in (1..).zip(callers) {
        scene.flashes(nth, number);
    }
    expect![[r#"
        Mon 09:00:00  stick-1: missed call from a number that is not told: the number was withheld
        Mon 09:00:00  stick-1: missed call from +336•••5678: it was a number of another country, or no ordinary one
        Mon 09:00:00  stick-1: missed call from +231•••0001: it was one of the office's own numbers
        Mon 09:00:00  stick-1: missed call from a number that is not told: it was a service, not a person's phone
        Mon 09:00:00  stick-1: missed call from +231•••6789: it was a number of another country, or no ordinary one
        Mon 09:00:00  stick-1: missed call from +231•••0002: this number said STOP
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn without_such_a_flow_a_missed_call_waits_for_a_person() {
    let mut scene = Scene::new();
    scene.flashes(1, Some(MARY));
    scene.waits(MINUTE);
    scene.flashes(2, Some(MARY));
    expect![[r#"
        +231•••0001 "(missed call)": somebody called, and no flow begins on a missed call
    "#]]
    .assert_eq(&scene.inbox());
    expect![[r#"
        Mon 09:00:00  stick-1: missed call from +231•••0001: it waits for a person in the office
        Mon 09:01:00  stick-1: missed call from +231•••0001: it had rung a moment before
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_cut_between_the_ring_and_its_end_loses_nobody() {
    let mut scene = scene();
    let number = Some(MARY.to_owned());
    let rings = modem::Event::Call(CallId::Came(1), CallEvent::Rings { number });
    scene.modem_says(1, rings);
    scene.cut();
    scene.waits(SECOND);
    expect![[r#"
        Mon 09:00:00  — the light went out —
        Mon 09:00:00  stick-1: missed call from +231•••0001: `stock` begins by SMS
        Mon 09:00:00  stick-1: ready (IMEI 356938035643801)
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_second_flow_for_missed_calls_is_not_published() {
    let mut scene = scene();
    let other = STOCK
        .replace("flow: stock", "flow: other\nmissed_call_starts: sms")
        .replace("start_words: [STOCK]\n", "");
    let reply = scene.ask(Request::PublishFlow { flow: written(&other) });
    let Reply::Refused { words } = reply else { panic!("{reply:?}") };
    expect!["`other` is to begin on a missed call, but `stock` does so already, and one flow alone can: take `missed_call_starts` away from one of the two, and publish that one first."]
    .assert_eq(&words);
}
