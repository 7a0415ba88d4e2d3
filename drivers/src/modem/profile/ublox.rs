//! u-blox: modules SARA, LISA, TOBY.

use std::time::Duration;

use super::{GENERIC, Profile, SILENT, question};
use crate::at::commands::{Own, Request};
use crate::at::line::Spontaneous;

const PIN_TRIES: Own = question("AT+UPINCNT", "+UPINCNT:");

/// u-blox: modules.
pub const UBLOX: Profile = Profile {
    name: "ublox",
    makers: &["u-blox", "ublox"],
    models: &["sara-", "lisa-", "toby-"],
    pin_tries: &[Request::Own(&PIN_TRIES), Request::PinTries, Request::PinTriesOfCard],
    // The maker states up to 150 s for the network's answer to a message.
    send: Duration::from_secs(150),
    spontaneous: Spontaneous { woken: &["+PBREADY"], ..Spontaneous::NONE },
    sounds: SILENT,
    ..GENERIC
};
