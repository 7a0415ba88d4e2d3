//! Wavecom: Q2xxx, Fastrack, and modems built around them.
//!
//! They lack the result after the PIN's state, take one memory at a time, and are busy for long.

use std::time::Duration;

use super::{GENERIC, PinState, Profile, SILENT, order, question};
use crate::at::commands::{Own, Places, Request};

const PIN_TRIES: Own = question("AT+CPINC", "+CPINC:");

/// Wavecom: serial modems and modules.
pub const WAVECOM: Profile = Profile {
    name: "wavecom",
    makers: &["wavecom", "multitech"],
    // `+WIND: n`, without end.
    set_up: &[order("AT+WIND=0")],
    places: &[Places::First],
    acknowledgements: &[Request::Acknowledge],
    pin_tries: &[Request::Own(&PIN_TRIES), Request::PinTries, Request::PinTriesOfCard],
    pin_state: PinState::MayLackResult,
    after_pin: Duration::from_secs(5),
    sounds: SILENT,
    ..GENERIC
};
