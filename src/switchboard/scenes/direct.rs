//! Scenes of messages that a stick hands over and keeps nowhere: acknowledged when they are safe.

use super::*;
use expect_test::expect;

#[test]
fn a_message_that_nobody_keeps_is_acknowledged_before_anything_else_is_done_about_it() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    let pdu = texts(MARY, "yes", scene.now).remove(0);
    scene.is_handed(1, 1, pdu);
    expect![[r#"
        Mon 09:01:00  stick 1 acknowledges 1
        Mon 09:01:00  stick 1 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" delivered
        in +231•••0001 "yes" received
        out +231•••0001 "How many packs?" sending
    "#]]
    .assert_eq(&scene.messages());
}

#[test]
fn it_is_acknowledged_only_when_it_is_on_disk() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    let pdu = texts(MARY, "yes", scene.now).remove(0);
    // The light goes out in the middle of the transaction: its commands were never given.
    let modem = modem_no(1);
    let received = modem::Event::Received { slot: Some(Slot::Direct(1)), pdu: pdu.clone() };
    scene.half_happens(vec![Event::Modem(modem, received)]);
    scene.cut();
    expect![[r#"
        Mon 09:01:00  — the light went out —
        Mon 09:01:00  stick-1: ready (IMEI 356938035643801)
    "#]]
    .assert_eq(&scene.story());
    // Nobody acknowledged it, so the network brings it again.
    scene.is_handed(1, 1, pdu);
    expect![[r#"
        Mon 09:01:00  stick 1 acknowledges 1
        Mon 09:01:00  stick 1 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn one_that_the_network_brings_again_is_refused_and_acknowledged_again() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    let pdu = texts(MARY, "yes", scene.now).remove(0);
    scene.is_handed(1, 1, pdu.clone());
    // The light goes out before the stick has heard of it.
    scene.cut();
    scene.is_handed(1, 1, pdu.clone());
    // And once more through the stick's memory.
    scene.receives(1, pdu);
    expect![[r#"
        Mon 09:01:00  stick 1 acknowledges 1
        Mon 09:01:00  stick 1 sends +231•••0001 "How many packs?"
        Mon 09:01:00  — the light went out —
        Mon 09:01:00  1 messages may have left or not before the last stop
        Mon 09:01:00  stick-1: ready (IMEI 356938035643801)
        Mon 09:01:00  stick 1 acknowledges 1
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" delivered
        in +231•••0001 "yes" received
        out +231•••0001 "How many packs?" uncertain - the program stopped while this was being sent
    "#]]
    .assert_eq(&scene.messages());
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn what_cannot_be_read_is_kept_for_a_person_and_then_acknowledged() {
    let mut scene = Scene::new();
    scene.is_handed(1, 1, vec![0x07, 0x91, 0x13]);
    expect![[r#"
        Mon 09:00:00  stick 1 acknowledges 1
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        unknown "(unreadable message: the PDU ends too early: the service-centre address needs 7 octets, 2 are left)": this message could not be read
    "#]]
    .assert_eq(&scene.inbox());
}
