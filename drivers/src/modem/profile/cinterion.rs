//! Cinterion, Gemalto, Thales, and Siemens before them: EHS, BGS, PLS; TC35, MC35, HC25.

use super::{GENERIC, Link, Profile, SILENT, order, question};
use crate::at::commands::{Own, Request};
use crate::at::line::Spontaneous;

const PIN_TRIES: Own = question("AT^SPIC", "^SPIC:");

/// Cinterion and its forebears: modules and terminals.
pub const CINTERION: Profile = Profile {
    name: "cinterion",
    makers: &["cinterion", "gemalto", "thales", "siemens"],
    // What comes by itself goes to another port unless it is asked for here.
    set_up: &[order("AT^SCFG=\"URC/DstIfc\",\"app\"")],
    // The old ones take a buffer that is cleared (the last number) and no other. The very last way
    // tells of reports alone: messages are found by looking.
    announcements: &[
        "2,1,0,2,0",
        "2,1,0,2,1",
        "1,1,0,2,1",
        "2,1,0,1,1",
        "1,1,0,1,1",
        "2,1,0,0,1",
        "2,0,0,2,1",
    ],
    deliveries: &["2,2,0,2,1", "2,2,0,1,1", "1,2,0,1,1", "1,2,0,0,1"],
    acknowledgements: &[Request::AcknowledgeWithOne, Request::Acknowledge],
    pin_tries: &[Request::Own(&PIN_TRIES), Request::PinTries, Request::PinTriesOfCard],
    // Keeping the link does harm here.
    link: Link::Leave,
    spontaneous: Spontaneous {
        booted: &["^SHUTDOWN"],
        woken: &["^SSIM READY"],
        sim_gone: &["^SCKS: 0"],
        bad_power: &["^SBC: Undervoltage", "^SBC: Overvoltage"],
        ..Spontaneous::NONE
    },
    sounds: SILENT,
    ..GENERIC
};
