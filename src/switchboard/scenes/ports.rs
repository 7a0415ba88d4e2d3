//! Scenes of sticks that come back at another port than they were at.

use super::*;
use expect_test::expect;

#[test]
fn a_stick_at_another_port_carries_its_channel_on() {
    let imei = "356938035643801";
    let mut scene = Scene::with(1, |settings| {
        settings.channels[0].find = Find::ByImei(imei.to_owned());
    });
    scene.asks_mary();
    let identity = || Identity { imei: imei.to_owned(), profile: "generic", ..Default::default() };
    scene.happens(vec![Event::Gone(modem_no(1))]);
    scene.waits(MINUTE);
    let again = ModemNo(7);
    scene.given.resize(7, None);
    scene.happens(vec![
        Event::Plugged { modem: again, port: "/dev/ttyUSB6".to_owned() },
        Event::Modem(again, modem::Event::Ready(identity())),
    ]);
    let pdu = texts(MARY, "yes", scene.now).remove(0);
    scene.receives(7, pdu);
    expect![[r#"
        Mon 09:00:00  stick-1: the port is closed
        Mon 09:01:00  stick-1: ready (IMEI 356938035643801)
        Mon 09:01:00  stick 7 sends +231•••0001 "How many packs?"
    "#]]
    .assert_eq(&scene.story());
}
