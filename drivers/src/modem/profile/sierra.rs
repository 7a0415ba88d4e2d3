//! Sierra Wireless: AirCard, MC and EM modules.

use std::time::Duration;

use super::{GENERIC, Profile, SILENT, question};
use crate::at::commands::{Own, Request};

const PIN_TRIES: Own = question("AT+CPINC?", "+CPINC:");

/// Sierra Wireless: sticks and modules.
pub const SIERRA: Profile = Profile {
    name: "sierra",
    makers: &["sierra"],
    models: &["aircard"],
    pin_tries: &[Request::Own(&PIN_TRIES), Request::PinTries, Request::PinTriesOfCard],
    // Some crash when they are used sooner.
    after_pin: Duration::from_secs(8),
    sounds: SILENT,
    ..GENERIC
};
