//! A modem that keeps to the standards, with the habits that many share.

use std::time::Duration;

use super::{Link, PinState, Profile, Sound, SoundPort, StartAnew, Typing};
use crate::at::commands::{Places, Request};
use crate::at::line::Spontaneous;
use crate::at::ussd::Written;

/// A modem that keeps to the standards, with the habits that many share.
pub const GENERIC: Profile = Profile {
    name: "generic",
    makers: &[],
    models: &[],
    set_up: &[],
    memories: &["SM", "ME", "MT"],
    places: &[Places::All, Places::First],
    // Messages stored and told. Reports likewise where the modem can (2), else directly (1),
    // else not at all. Some chips want mode 1 although they offer 2.
    announcements: &["2,1,0,2,0", "1,1,0,2,0", "2,1,0,1,0", "1,1,0,1,0", "1,1,0,0,0"],
    // For modems that keep nothing, in the same order.
    deliveries: &["2,2,0,2,0", "1,2,0,2,0", "2,2,0,1,0", "1,2,0,1,0", "1,2,0,0,0"],
    acknowledgements: &[Request::Acknowledge, Request::AcknowledgeWithOne],
    iccid: &[Request::Iccid, Request::IccidOfCard],
    pin_tries: &[Request::PinTries, Request::PinTriesOfCard],
    ussd: &[Written::Plain, Written::PackedHex],
    link: Link::Ask,
    typing: Typing::AtOnce,
    pin_state: PinState::WithResult,
    after_pin: Duration::ZERO,
    send: Duration::ZERO,
    start_anew: StartAnew::ByCommand,
    spontaneous: Spontaneous {
        booted: &["RDY", "^SYSSTART", "+AT: READY", "*ATREADY: 1"],
        // These come seconds after the start; the settings made in between are kept.
        woken: &["+CPIN: READY", "Call Ready", "SMS Ready", "PB DONE", "SMS DONE"],
        sim_gone: &["+CPIN: NOT READY", "+CPIN: NOT INSERTED"],
        storage_full: &["^SMMEMFULL"],
        ..Spontaneous::NONE
    },
    // Nobody knows; whoever names its port may.
    sounds: &[("", Sound::Port(&SoundPort::AS_NAMED))],
};
