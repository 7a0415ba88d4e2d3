//! Huawei: USB sticks (E1xx, E17x, E3xx, K37xx) and modules.
//!
//! They talk a lot by themselves (`^RSSI`, `^BOOT`, `^MODE`…), want mode 1 of `+CNMI` although they
//! offer 2, and some hang when a long text comes at once.

use std::time::Duration;

use super::{Begins, GENERIC, Profile, Sound, SoundPort, Typing, UsbPort, order, question};
use crate::at::commands::{Own, Request};
use crate::at::ussd::Written;

const PIN_TRIES: Own = question("AT^CPIN?", "^CPIN:");

/// Of a stick whose firmware may not call, this is refused.
const MAY_CALL: Own = question("AT^CVOICE?", "^CVOICE:");

/// The port for sound of the sticks that other programs know. Others have theirs named.
const SOUND_PORTS: &[UsbPort] = &[
    UsbPort { vendor: 0x12d1, products: &[0x1001], interface: 1 },
    UsbPort { vendor: 0x12d1, products: &[0x140c, 0x1506], interface: 2 },
    UsbPort { vendor: 0x12d1, products: &[0x1436], interface: 3 },
];

const SOUND: SoundPort = SoundPort {
    able: Some(MAY_CALL),
    // It is forgotten with each call.
    begins: Begins::WithTheCall,
    begin: &[order("AT^DDSETEX=2")],
    usb: SOUND_PORTS,
    ..SoundPort::AS_NAMED
};

/// Huawei: USB sticks and modules.
pub const HUAWEI: Profile = Profile {
    name: "huawei",
    makers: &["huawei"],
    set_up: &[
        // What comes by itself comes by this port, and less of it. Both are lost with each start.
        order("AT^PORTSEL=1"),
        order("AT^CURC=0"),
        // Codes are answered in plain letters, not in the SIM toolkit's way.
        order("AT^USSDMODE=0"),
    ],
    // Acknowledgements with a PDU are broken; the bare form is the only one.
    acknowledgements: &[Request::Acknowledge],
    pin_tries: &[Request::Own(&PIN_TRIES), Request::PinTries, Request::PinTriesOfCard],
    // Requests to services are written in packed digits, whatever the character set says.
    ussd: &[Written::PackedHex, Written::Plain],
    typing: Typing::InPieces { digits: 64, pause: Duration::from_millis(10) },
    // Some start anew when they are asked anything sooner.
    after_pin: Duration::from_secs(3),
    sounds: &[("", Sound::Port(&SOUND))],
    ..GENERIC
};
