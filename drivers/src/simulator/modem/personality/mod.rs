//! How a maker's modems differ from each other, as data: one file a family.
//!
//! A personality decides nothing; the rest of the modem asks it. It is written from makers'
//! manuals and from what other people's programs had to learn about real sticks, and knows
//! nothing of the driver's profiles, so that the two cannot agree on the same mistake.

mod cinterion;
mod generic;
mod huawei;
mod quectel;
mod sierra;
mod simcom;
mod telit;
mod ublox;
mod wavecom;
mod zte;

use std::time::Duration;

use super::failure::Equipment;
use super::memory::Place;

/// A kind of modem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Personality {
    pub(in crate::simulator) name: &'static str,
    pub(in crate::simulator) maker: &'static str,
    pub(in crate::simulator) model: &'static str,
    pub(in crate::simulator) revision: &'static str,
    /// What `ATI` answers, in words that are filled in.
    pub(in crate::simulator) identity: &'static [&'static str],
    /// Commands with an answer of its own, exactly as they are written, and the answer's lines;
    /// they come before those of the standards. `{imei}` and the like are filled in.
    pub(in crate::simulator) answers: &'static [(&'static str, &'static [&'static str])],
    /// Commands of the standards that it does not know.
    pub(in crate::simulator) lacks: &'static [&'static str],
    pub(in crate::simulator) speech: Speech,
    /// What it says after a start, and how long after.
    pub(in crate::simulator) boot: &'static [(Duration, &'static str)],
    pub(in crate::simulator) chatter: Chatter,
    pub(in crate::simulator) errors: Errors,
    pub(in crate::simulator) storage: Storage,
    pub(in crate::simulator) announcing: Announcing,
    pub(in crate::simulator) card: Card,
    /// How the texts of network services are written.
    pub(in crate::simulator) services: Coding,
    pub(in crate::simulator) calls: Calls,
}

/// How it tells of a call that was dialled, and what becomes of its sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) struct Calls {
    pub(in crate::simulator) dialled: Option<&'static str>,
    pub(in crate::simulator) alerting: Option<&'static str>,
    pub(in crate::simulator) connected: Option<&'static str>,
    /// What it says at the end; `{seconds}`, `{time}` and `{cause}` are filled in.
    pub(in crate::simulator) over: Option<&'static str>,
    /// `BUSY`, `NO ANSWER`, `NO CARRIER`.
    pub(in crate::simulator) has_result_codes: bool,
    pub(in crate::simulator) gate: Gate,
}

/// Whether the sound of a call reaches the computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Gate {
    /// Never: it has a microphone and a loudspeaker.
    Silent,
    /// As long as both sides talk.
    Open,
    /// From one command to another.
    Ordered {
        opens: &'static str,
        closes: &'static str,
        /// What asks whether it is open, and how the answer begins.
        asked: Option<(&'static str, &'static str)>,
        during: While,
        /// What has keys told, and how; `{key}` and `{code}` are filled in.
        keys: Option<(&'static str, &'static str)>,
    },
}

/// When the sound may be let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum While {
    /// From the moment of dialling.
    Calling,
    /// Once somebody has answered.
    Talking,
}

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) struct Speech {
    /// What asks for a text.
    pub(in crate::simulator) prompt: &'static str,
    /// How long that takes after the command.
    pub(in crate::simulator) prompt_after: Duration,
    /// What comes before and after a line that nobody asked for.
    pub(in crate::simulator) around_news: (&'static str, &'static str),
    /// Whom a message is from in the phone book, where nobody is: nothing, or empty quotes.
    pub(in crate::simulator) nobody: &'static str,
    /// How a report begins that is handed over at once.
    pub(in crate::simulator) report_head: &'static str,
    /// Between a line that announces a message and the message.
    pub(in crate::simulator) before_pdu: &'static str,
    /// What it says when a caller hangs up before anybody answered.
    pub(in crate::simulator) caller_gave_up: Option<&'static str>,
    /// Where it is registered, as `+CREG=2` adds it.
    pub(in crate::simulator) location: &'static str,
}

/// What it says by itself for no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) struct Chatter {
    pub(in crate::simulator) lines: &'static [&'static str],
    pub(in crate::simulator) every: Duration,
    /// The command that ends it until the next start.
    pub(in crate::simulator) hushed_by: &'static str,
}

impl Chatter {
    /// It is quiet.
    const NONE: Chatter = Chatter { lines: &[], every: Duration::MAX, hushed_by: "" };
}

/// How it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) struct Errors {
    pub(in crate::simulator) unknown_command: Unknown,
    pub(in crate::simulator) messages: MessageErrors,
}

/// What it says to a command that it does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Unknown {
    /// `ERROR`, whatever was asked for.
    Plain,
    /// An error in the form that was asked for.
    Told(Equipment),
    /// `COMMAND NOT SUPPORT`.
    Words,
}

/// How errors of messaging look where words were asked for (`+CMEE=2`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum MessageErrors {
    /// As numbers all the same.
    Numbers,
    Words,
}

/// Where messages lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) struct Storage {
    /// What each value of `+CPMS` may be; an empty last one: there are two.
    pub(in crate::simulator) offered: [&'static [Place]; 3],
    pub(in crate::simulator) at_start: [Place; 3],
    /// Messages that fit in the modem's own memory.
    pub(in crate::simulator) own_slots: u16,
    /// The index of the first slot.
    pub(in crate::simulator) first_index: usize,
    /// Where reports are kept, if not where messages are.
    pub(in crate::simulator) reports: Option<Place>,
    /// How it says that no slot is free, if it does: what, and where the message is.
    pub(in crate::simulator) says_full: Option<&'static str>,
}

/// How it tells of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) struct Announcing {
    /// What `+CNMI=?` answers; more may be offered than is taken.
    pub(in crate::simulator) offered: &'static str,
    /// What each value of `+CNMI` may be.
    pub(in crate::simulator) takes: [&'static [u8]; 5],
    /// Forms of `+CNMA` that it takes.
    pub(in crate::simulator) acknowledged_by: &'static [&'static str],
    pub(in crate::simulator) insists: Insists,
}

/// Whether new messages are handed over where they were to be stored and told (`mt` 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Insists {
    No,
    /// It hands them over and keeps none.
    OnHandingOver,
}

/// How it gets on with its SIM card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) struct Card {
    pub(in crate::simulator) pin_state_ends: Ends,
    /// For so long after a start, or after the PIN, it says this to whatever needs the card.
    pub(in crate::simulator) busy: Option<(Duration, Equipment)>,
    /// Commands after which the service centre's number is gone until the next start.
    pub(in crate::simulator) centre_lost_by: &'static [&'static str],
}

/// Whether an answer ends in `OK`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Ends {
    WithOk,
    WithNothing,
}

/// How letters of network services are written (TS 27.007 §7.15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Coding {
    /// As they are.
    Plain,
    /// Packed GSM letters, as hexadecimal digits, both ways.
    PackedHex,
    /// UCS-2, as hexadecimal digits; a request may be plain.
    Ucs2Hex,
}

impl Storage {
    /// How many values `+CPMS` has.
    pub(in crate::simulator) fn values(&self) -> usize {
        self.offered.iter().filter(|places| !places.is_empty()).count()
    }
}

impl Personality {
    /// A modem that keeps to the standards.
    pub const GENERIC: Personality = generic::GENERIC;

    /// All of them.
    pub const ALL: [Personality; 10] = [
        generic::GENERIC,
        huawei::HUAWEI,
        zte::ZTE,
        simcom::SIMCOM,
        quectel::QUECTEL,
        wavecom::WAVECOM,
        ublox::UBLOX,
        telit::TELIT,
        cinterion::CINTERION,
        sierra::SIERRA,
    ];

    /// The one with this name.
    pub fn named(name: &str) -> Option<Personality> {
        Personality::ALL.into_iter().find(|personality| personality.name == name)
    }

    /// Its name, as in `huawei`.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

/// Where the standards leave nothing open, or nobody's manual says otherwise.
const SPEECH: Speech = Speech {
    prompt: "\r\n> ",
    prompt_after: Duration::ZERO,
    around_news: ("\r\n", "\r\n"),
    nobody: "",
    report_head: "+CDS: ",
    before_pdu: "\r\n",
    caller_gave_up: None,
    location: ",\"00C3\",\"00001A2B\"",
};

const STORAGE: Storage = Storage {
    offered: [&[Place::Sim, Place::Modem]; 3],
    at_start: [Place::Sim; 3],
    own_slots: 100,
    first_index: 1,
    reports: None,
    says_full: None,
};

/// News from cells can only be handed on, since there is no memory for them. None ever come; but
/// there are programs that leave all of `+CNMI` alone where these cannot be had.
const ANNOUNCING: Announcing = Announcing {
    offered: "+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)",
    takes: [&[0, 1, 2], &[0, 1, 2, 3], &[0, 2], &[0, 1, 2], &[0, 1]],
    acknowledged_by: &["+CNMA", "+CNMA=0", "+CNMA=1"],
    insists: Insists::No,
};

const CALLS: Calls = Calls {
    dialled: None,
    alerting: None,
    connected: None,
    over: None,
    has_result_codes: true,
    gate: Gate::Silent,
};

const CARD: Card = Card { pin_state_ends: Ends::WithOk, busy: None, centre_lost_by: &[] };

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_personality_is_found_by_its_name_and_no_two_share_one() {
        for personality in Personality::ALL {
            assert_eq!(Personality::named(personality.name()), Some(personality));
        }
        assert_eq!(Personality::named("Huawei"), None);
    }

    #[test]
    fn what_a_modem_starts_with_is_among_what_it_offers() {
        for Personality { name, storage, .. } in Personality::ALL {
            for (offered, at_start) in storage.offered.iter().zip(storage.at_start) {
                assert!(offered.is_empty() || offered.contains(&at_start), "{name}");
            }
        }
    }
}
