//! SIMCom: modules SIM800, SIM900, SIM7000, SIM7600, A76xx.
//!
//! A start is told in words, one after the other; messages can be used only after the last of them.
//! They complain of bad power, which is the usual reason for their troubles.

use super::{GENERIC, Profile, question};
use crate::at::commands::{Own, Request};
use crate::at::line::Spontaneous;

const PIN_TRIES: Own = question("AT+SPIC", "+SPIC:");

/// SIMCom: modules.
pub const SIMCOM: Profile = Profile {
    name: "simcom",
    makers: &["simcom"],
    models: &["sim7", "sim8", "sim9", "simcom", "a76"],
    // Some have no acknowledgement at all: what they hand over is theirs to have settled.
    acknowledgements: &[Request::Acknowledge],
    pin_tries: &[Request::Own(&PIN_TRIES), Request::PinTries, Request::PinTriesOfCard],
    spontaneous: Spontaneous {
        booted: &["NORMAL POWER DOWN", "UNDER-VOLTAGE POWER DOWN", "OVER-VOLTAGE POWER DOWN"],
        sim_gone: &["+CPIN: SIM REMOVED"],
        // The maker's spelling.
        bad_power: &["UNDER-VOLTAGE WARNNING", "OVER-VOLTAGE WARNNING", "UNDER-VOLTAGE WARNING"],
        chatter: &["VOICE CALL:", "MISSED_CALL:"],
        ..Spontaneous::NONE
    },
    ..GENERIC
};
