//! A modem that keeps to the standards, with the habits that many share.

use super::Profile;
use crate::at::commands::Request;
use crate::at::line::Spontaneous;
use crate::at::ussd::Written;

/// A modem that keeps to the standards, with the habits that many share.
pub const GENERIC: Profile = Profile {
    name: "generic",
    memories: &["SM", "ME", "MT"],
    // Messages stored and told. Reports likewise where the modem can (2), else directly (1),
    // else not at all. Some chips want mode 1 although they offer 2.
    announcements: &["2,1,0,2,0", "1,1,0,2,0", "2,1,0,1,0", "1,1,0,1,0", "1,1,0,0,0"],
    iccid: &[Request::Iccid, Request::IccidOfCard],
    pin_tries: &[Request::PinTries, Request::PinTriesOfCard],
    ussd: &[Written::Plain, Written::PackedHex],
    spontaneous: Spontaneous {
        booted: &["RDY", "^SYSSTART", "+AT: READY", "*ATREADY: 1"],
        // These come seconds after the start; the settings made in between are kept.
        woken: &["+CPIN: READY", "Call Ready", "SMS Ready", "PB DONE", "SMS DONE"],
        sim_gone: &["+CPIN: NOT READY", "+CPIN: NOT INSERTED"],
        storage_full: &["^SMMEMFULL"],
    },
};
