//! Telit: modules GL, GE, HE, LE.
//!
//! The SIM needs seconds, and says so; its toolkit can block sending for half a minute.

use super::{GENERIC, Profile, SILENT, order, question};
use crate::at::commands::{Own, Request};
use crate::at::line::Spontaneous;

const PIN_TRIES: Own = question("AT#PCT", "#PCT:");
const ICCID: Own = question("AT#CCID", "#CCID:");

/// Telit: modules.
pub const TELIT: Profile = Profile {
    name: "telit",
    makers: &["telit"],
    set_up: &[order("AT#QSS=2"), order("AT#STIA=0")],
    iccid: &[Request::Own(&ICCID), Request::Iccid, Request::IccidOfCard],
    pin_tries: &[Request::Own(&PIN_TRIES), Request::PinTries, Request::PinTriesOfCard],
    spontaneous: Spontaneous { woken: &["#QSS: 3"], sim_gone: &["#QSS: 0"], ..Spontaneous::NONE },
    sounds: SILENT,
    ..GENERIC
};
