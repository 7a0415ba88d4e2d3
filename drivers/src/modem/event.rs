//! What a modem reports.

use std::fmt;
use std::time::Duration;

use super::calling::CallEvent;
use super::command::{AttemptId, CallId, Slot};
use super::ussd::UssdNews;
use crate::at::errors::Cause;

/// What a modem reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It is set up: messages may be sent, and those that it holds will be offered.
    /// Comes again after every new set-up, e.g. when the modem rebooted.
    Ready(Identity),
    /// The network took the message. May come late, after `Unclear`.
    Sent {
        /// Which try.
        attempt: AttemptId,
        /// The network's number for it (TP-MR), which the delivery report will repeat. Some
        /// modems do not tell.
        reference: Option<u8>,
    },
    /// The message was surely not sent.
    NotSent {
        /// Which try.
        attempt: AttemptId,
        /// Why, and what the next try may do.
        cause: Cause,
    },
    /// The message may have been sent, or not.
    Unclear {
        /// Which try.
        attempt: AttemptId,
        /// Why nobody knows.
        why: Why,
    },
    /// A message or a delivery report came.
    Received {
        /// Where it is until `Forget`. `None`: nobody is to be told that it is safe.
        slot: Option<Slot>,
        /// Its octets, the service-centre address first, whether they can be decoded or not.
        pdu: Vec<u8>,
    },
    /// A call began, changed or ended.
    Call(CallId, CallEvent),
    /// The network's services say something, to [`super::Command::Ussd`] or by themselves.
    Ussd(UssdNews),
    /// How it is, about once a minute.
    Status(Status),
    /// Its memory for messages is full: nothing can come in until some are forgotten.
    StorageFull,
    /// It works, and somebody should know something about it all the same.
    Warning(Warning),
    /// Somebody has to do something before this modem can work.
    NeedsAttention(Trouble),
    /// It does not answer any more, or its port is gone. What can be done from here is tried, and
    /// `Ready` follows when it helps.
    Lost(Why),
}

/// Who a modem is, and which SIM is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// The number of the device, TS 27.007 §5.4. Names the modem for good.
    pub imei: String,
    /// The number printed on the SIM, where the modem can read it. Names the SIM for good.
    pub iccid: Option<String>,
    /// The subscriber's number within the network, TS 27.007 §5.6.
    pub imsi: Option<String>,
    /// The SIM's own phone number, where the operator wrote it there (seldom).
    pub own_number: Option<String>,
    /// The maker, as the modem says it.
    pub manufacturer: String,
    /// The model, as the modem says it.
    pub model: String,
    /// The firmware, as the modem says it.
    pub revision: String,
    /// The profile by which it is driven.
    pub profile: &'static str,
    /// Why its calls have no sound here. `None`: they have, once their port is found.
    pub no_sound: Option<&'static str>,
    /// The number of the service centre that takes our messages.
    pub service_centre: String,
}

/// How a modem is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Whether it has a network.
    pub registration: Registration,
    /// The network's name.
    pub operator: Option<String>,
    /// How well it hears the network.
    pub signal: Option<Signal>,
    /// How full its memory for messages is.
    pub storage: Option<Storage>,
}

/// Whether a modem has a network, TS 27.007 §7.2.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Registration {
    /// The modem did not say.
    #[default]
    Unknown,
    /// Not registered, and not looking for a network.
    Off,
    /// Not registered, looking.
    Searching,
    /// The network refuses this SIM or this modem.
    Denied,
    /// Registered with its own network.
    Home,
    /// Registered with another network: messages may cost more.
    Roaming,
}

/// Strength of the signal, TS 27.007 §8.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signal {
    /// 0 (−113 dBm or less) to 31 (−51 dBm or more).
    pub level: u8,
}

/// How full a memory for messages is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Storage {
    /// Slots in use.
    pub used: u32,
    /// All slots.
    pub total: u32,
}

/// Why a modem was lost, or why nobody knows whether a message was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// No answer within the time the standard allows.
    Silent {
        /// How long it was waited for.
        waited: Duration,
    },
    /// The port is gone: the stick was pulled, or lost its power.
    PortGone,
    /// The modem started by itself.
    Rebooted,
    /// It was told to begin anew.
    Restarted,
    /// The modem or the network itself does not know.
    Said(Cause),
}

/// What somebody should know about a modem that works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// It complains of its power, in its words.
    BadPower(String),
    /// It keeps no messages and waits for no acknowledgement: what it hands over in the moment of
    /// a power cut is lost.
    KeepsNothing,
    /// The sound of a call began only at a second try; it is made well between two calls.
    SoundBeganLate,
}

/// What somebody has to do before a modem can work. Its words say what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The SIM wants a PIN and none is set.
    PinMissing,
    /// The SIM refused the PIN. It is not tried again.
    PinRefused {
        /// The SIM, by the number that is printed on it or else by its modem's number. It goes
        /// into [`super::Settings::pin_refused_by`] for as long as the PIN is the same.
        sim: String,
    },
    /// The PIN was not tried, because a wrong one now might lock the SIM.
    PinTriesLow {
        /// Tries that are left.
        left: u8,
    },
    /// The SIM is locked and wants its PUK.
    PukNeeded,
    /// There is no SIM, or it makes no contact.
    SimMissing,
    /// The SIM cannot be used.
    SimFault(Cause),
    /// The modem knows no number of a service centre, so nothing can be sent.
    NoServiceCentre,
    /// It has not answered for long, whatever was tried. Said again now and then while it lasts.
    DoesNotAnswer {
        /// For so long.
        since: Duration,
    },
    /// The stick is not there. Said again now and then while it lasts.
    NotThere {
        /// For so long.
        since: Duration,
    },
    /// The modem refuses a command that we cannot do without.
    Unsuitable {
        /// The command.
        command: String,
        /// What it said.
        cause: Cause,
    },
}

impl Registration {
    /// Whether messages can be sent and received.
    pub fn is_registered(self) -> bool {
        match self {
            Registration::Home | Registration::Roaming => true,
            Registration::Unknown
            | Registration::Off
            | Registration::Searching
            | Registration::Denied => false,
        }
    }
}

impl Signal {
    /// As the strength at the antenna, in dBm.
    pub fn dbm(self) -> i16 {
        -113 + 2 * i16::from(self.level.min(31))
    }
}

impl Storage {
    /// Whether nothing more can come in.
    pub fn is_full(self) -> bool {
        self.total > 0 && self.used >= self.total
    }
}

impl fmt::Display for Registration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Registration::Unknown => "unknown",
            Registration::Off => "no network",
            Registration::Searching => "looking for a network",
            Registration::Denied => "refused by the network",
            Registration::Home => "at home",
            Registration::Roaming => "roaming",
        })
    }
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Silent { waited } => {
                write!(out, "the modem did not answer for {} s", waited.as_secs())
            }
            Why::PortGone => out.write_str("the modem was unplugged or lost its power"),
            Why::Rebooted => out.write_str("the modem restarted by itself"),
            Why::Restarted => out.write_str("the modem was told to begin anew"),
            Why::Said(cause) => write!(out, "the modem does not know: {cause}"),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::BadPower(words) => write!(
                out,
                "the modem's power is bad ({words}): use another port, a hub with a power supply \
                 of its own, or a shorter cable",
            ),
            Warning::KeepsNothing => out.write_str(
                "the modem keeps no messages: one that comes in the moment of a power cut is lost; \
                 use another modem where every answer counts",
            ),
            Warning::SoundBeganLate => out.write_str(
                "the sound of the call began only when it was asked for again, and the next call's \
                 would be in shreds: the modem starts anew after this one; if that comes often, use \
                 another modem for calls",
            ),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::PinMissing => out.write_str(
                "the SIM asks for a PIN: set it for this modem, or switch it off with a phone",
            ),
            Trouble::PinRefused { .. } => out.write_str(
                "the SIM refused the PIN, and it will not be tried again: correct it, or put the \
                 SIM into a phone and enter it there",
            ),
            Trouble::PinTriesLow { left } => write!(
                out,
                "the SIM allows {left} more PIN tries before it locks, so none was made: put the \
                 SIM into a phone and enter the PIN there",
            ),
            Trouble::PukNeeded => out.write_str(
                "the SIM is locked: put it into a phone and enter its PUK (on the card it came in)",
            ),
            Trouble::SimMissing => {
                // Some modems look for a SIM only when they start.
                out.write_str(
                    "there is no SIM, or it makes no contact: unplug the modem, put the SIM in \
                     again, and plug the modem in",
                )
            }
            Trouble::SimFault(cause) => {
                write!(out, "the SIM cannot be used: {cause}; try it in a phone")
            }
            Trouble::NoServiceCentre => out.write_str(
                "the SIM knows no service centre, so nothing can be sent: ask the operator for \
                 its number and set it for this modem, or with a phone",
            ),
            Trouble::DoesNotAnswer { since } => write!(
                out,
                "the modem has not answered for {}, and nothing that can be done from here helps: \
                 unplug it, wait ten seconds, and plug it in again",
                in_words(*since),
            ),
            Trouble::NotThere { since } => write!(
                out,
                "the modem has been gone for {}: plug it in (again), or try another USB socket",
                in_words(*since),
            ),
            Trouble::Unsuitable { command, cause } => write!(
                out,
                "the modem refuses {command} ({cause}): unplug it and plug it in again; if that \
                 does not help, it cannot be used for messages",
            ),
        }
    }
}

/// `40 s`, `3 min`, `2 h`: as exact as anybody wants to know.
fn in_words(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..7_200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3_600),
    }
}
