//! ZTE: USB sticks (MF1xx, MF6xx, K3565-Z).
//!
//! They come up with the radio off, and flood the port until their memory has been asked for.

use super::{GENERIC, Profile, SILENT, order, question};
use crate::at::commands::{Own, Request};

const PIN_TRIES: Own = question("AT+ZPINPUK=?", "+ZPINPUK:");

/// ZTE: USB sticks.
pub const ZTE: Profile = Profile {
    name: "zte",
    makers: &["zte"],
    set_up: &[
        // `+ZUSIMR:2` comes without end, and can kill the stick, until this is asked.
        question("AT+CPMS?", "+CPMS:"),
        order("AT+ZOPRT=5"),
        order("AT+CFUN=1"),
    ],
    acknowledgements: &[Request::Acknowledge],
    pin_tries: &[Request::Own(&PIN_TRIES), Request::PinTries, Request::PinTriesOfCard],
    sounds: SILENT,
    ..GENERIC
};
