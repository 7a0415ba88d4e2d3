//! Quectel: modules EC2x, EG9x, BG9x, M95.

use super::{GENERIC, Profile, question};
use crate::at::commands::{Own, Request};
use crate::at::line::Spontaneous;

const PIN_TRIES: Own = question("AT+QPINC?", "+QPINC:");
const ICCID: Own = question("AT+QCCID", "+QCCID:");

/// Quectel: modules.
pub const QUECTEL: Profile = Profile {
    name: "quectel",
    makers: &["quectel"],
    // The newer ones want the number, the older ones no number.
    acknowledgements: &[Request::AcknowledgeWithOne, Request::Acknowledge],
    iccid: &[Request::Own(&ICCID), Request::Iccid, Request::IccidOfCard],
    pin_tries: &[Request::Own(&PIN_TRIES), Request::PinTries, Request::PinTriesOfCard],
    spontaneous: Spontaneous {
        booted: &["POWERED DOWN", "NORMAL POWER DOWN"],
        woken: &["+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE"],
        bad_power: &["UNDER_VOLTAGE", "OVER_VOLTAGE"],
        ..Spontaneous::NONE
    },
    ..GENERIC
};
