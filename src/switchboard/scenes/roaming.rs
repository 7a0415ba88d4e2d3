//! Scenes of a stick in another network than its own.

use super::*;
use expect_test::expect;
use rollcall_drivers::modem::{Registration, Status};

fn is_in(scene: &mut Scene, registration: Registration) {
    let status = Status { registration, ..Status::default() };
    scene.modem_says(1, modem::Event::Status(status));
}

#[test]
fn a_stick_that_roams_works_and_the_office_is_told() {
    let mut scene = Scene::new();
    is_in(&mut scene, Registration::Roaming);
    is_in(&mut scene, Registration::Roaming);
    scene.asks_mary_aloud();
    is_in(&mut scene, Registration::Home);
    expect![[r#"
        Mon 09:00:00  stick-1: Acme M1 (profile generic); it roams: messages may cost more
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:00:00  stick-1: Acme M1 (profile generic)
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_stick_that_is_to_receive_only_where_it_roams_sends_when_it_is_at_home_again() {
    let mut scene = Scene::with(1, |settings| {
        settings.channels[0].roaming = Roaming::ReceiveOnly;
    });
    is_in(&mut scene, Registration::Roaming);
    scene.starts_for(STOCK, Audience { numbers: vec![MARY.to_owned()], ..Default::default() });
    scene.waits(MINUTE);
    // Not knowing where it is does not make it be at home.
    is_in(&mut scene, Registration::Searching);
    scene.waits(MINUTE);
    scene.says(JAMES, "hello");
    is_in(&mut scene, Registration::Home);
    scene.sent(1);
    expect![[r#"
        Mon 09:00:00  stick-1: Acme M1 (profile generic); it roams, and sends nothing until it is at home
        Mon 09:02:00  stick-1: Acme M1 (profile generic)
        Mon 09:02:00  stick 1 sends +231•••0001 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" sent
        in +231•••0002 "hello" received
    "#]]
    .assert_eq(&scene.messages());
}
