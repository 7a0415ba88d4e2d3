//! A modem that keeps to the standards and says nothing that nobody asked for.

use super::{
    ANNOUNCING, CALLS, CARD, Calls, Chatter, Coding, Errors, Gate, MessageErrors, Personality,
    SPEECH, STORAGE,
};
use super::{Unknown, ms};
use crate::simulator::modem::failure::Equipment;

pub(super) const GENERIC: Personality = Personality {
    name: "generic",
    maker: "Rollcall",
    model: "Simulated modem",
    revision: env!("CARGO_PKG_VERSION"),
    identity: &["{maker}", "{model}", "{revision}", "IMEI: {imei}"],
    answers: &[],
    lacks: &[],
    speech: SPEECH,
    boot: &[(ms(0), "RDY")],
    chatter: Chatter::NONE,
    errors: Errors {
        unknown_command: Unknown::Told(Equipment::Unknown),
        messages: MessageErrors::Numbers,
    },
    storage: STORAGE,
    announcing: ANNOUNCING,
    card: CARD,
    services: Coding::Plain,
    calls: Calls { gate: Gate::Open, ..CALLS },
};
