//! What goes wrong at a modem and on the way from it to the computer, as data; and the line
//! between the two, which loses and adds.
//!
//! Everything here happens to the modem's side alone. What a computer writes arrives: no USB
//! stick loses that, and a lost digit of `AT+CMGD=12` would delete another message than was meant.

use std::time::{Duration, Instant};

use super::dice::Dice;
use super::plan::{Between, PerMille};

/// Something that goes wrong once, at once or at the next occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Of the bytes that the modem says, this share is lost for so long.
    BytesLost {
        /// How many of a thousand.
        share: PerMille,
        /// For how long.
        lasting: Duration,
    },
    /// In this share of what the modem says, bytes are strewn that mean nothing.
    Garbage {
        /// How many answers of a thousand.
        share: PerMille,
        /// For how long.
        lasting: Duration,
    },
    /// The modem says and hears nothing for a while, and has forgotten what was half given.
    Hang {
        /// For how long.
        lasting: Duration,
    },
    /// The same, as soon as it has handed the next message to the network.
    HangInSend {
        /// For how long.
        lasting: Duration,
    },
    /// It starts anew by itself.
    Reboot,
    /// It falls off its port, loses its power, and is back under another name.
    PortGone {
        /// For how long.
        lasting: Duration,
    },
    /// The network takes the next message, and the modem does not say so.
    ResultLost,
    /// It tells of messages where they are not, lists too few or all of them twice, counts none,
    /// and keeps what it says to have deleted.
    StorageLies {
        /// For how long.
        lasting: Duration,
    },
    /// It says so many lines about its signal at once.
    Flood {
        /// How many.
        lines: u16,
    },
    /// It tells errors in words, whatever was asked for.
    VerboseErrors {
        /// For how long.
        lasting: Duration,
    },
    /// It takes longer to ask for a text.
    SlowPrompts {
        /// How much longer.
        by: Duration,
        /// For how long.
        lasting: Duration,
    },
}

/// A fault that comes again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurring {
    /// Which.
    pub fault: Fault,
    /// From one time to the next; not shrunk by [`super::Pace::Fast`].
    pub every: Between,
}

impl Fault {
    /// One of each kind, as strong as it is in the field.
    pub const EACH: [Fault; 11] = [
        Fault::BytesLost { share: PerMille(20), lasting: minutes(2) },
        Fault::Garbage { share: PerMille(300), lasting: minutes(2) },
        Fault::Hang { lasting: Duration::from_secs(75) },
        Fault::HangInSend { lasting: Duration::from_secs(40) },
        Fault::Reboot,
        Fault::PortGone { lasting: Duration::from_secs(30) },
        Fault::ResultLost,
        Fault::StorageLies { lasting: minutes(20) },
        Fault::Flood { lines: 300 },
        Fault::VerboseErrors { lasting: minutes(60) },
        Fault::SlowPrompts { by: Duration::from_secs(4), lasting: minutes(30) },
    ];

    /// What it is called, as in `port-gone`.
    pub fn name(&self) -> &'static str {
        match self {
            Fault::BytesLost { .. } => "bytes-lost",
            Fault::Garbage { .. } => "garbage",
            Fault::Hang { .. } => "hang",
            Fault::HangInSend { .. } => "hang-in-send",
            Fault::Reboot => "reboot",
            Fault::PortGone { .. } => "port-gone",
            Fault::ResultLost => "result-lost",
            Fault::StorageLies { .. } => "storage-lies",
            Fault::Flood { .. } => "flood",
            Fault::VerboseErrors { .. } => "verbose-errors",
            Fault::SlowPrompts { .. } => "slow-prompts",
        }
    }

    /// The one of [`Fault::EACH`] with this name.
    pub fn named(name: &str) -> Option<Fault> {
        Fault::EACH.into_iter().find(|fault| fault.name() == name)
    }

    /// So many times in a day, at moments that the seed draws.
    pub fn times_a_day(self, times: u32) -> Recurring {
        let mean = Duration::from_secs(86_400) / times.max(1);
        Recurring { fault: self, every: Between { from: mean / 2, to: mean * 3 / 2 } }
    }
}

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// A share of something, until then.
#[derive(Debug, Clone, Copy)]
struct Spell {
    share: PerMille,
    until: Instant,
}

/// Bytes that mean nothing and come together, at most.
const STREWN: u64 = 6;

/// The line from a modem to the computer.
#[derive(Debug)]
pub(super) struct Wire {
    dice: Dice,
    loses: Option<Spell>,
    strews: Option<Spell>,
}

impl Wire {
    pub(super) fn new(dice: Dice) -> Wire {
        Wire { dice, loses: None, strews: None }
    }

    pub(super) fn lose(&mut self, share: PerMille, until: Instant) {
        self.loses = Some(Spell { share, until });
    }

    pub(super) fn strew(&mut self, share: PerMille, until: Instant) {
        self.strews = Some(Spell { share, until });
    }

    /// What arrives of what the modem says.
    pub(super) fn carry(&mut self, now: Instant, mut bytes: Vec<u8>) -> Vec<u8> {
        let on = |spell: &mut Option<Spell>| {
            spell.take_if(|spell| spell.until <= now);
            spell.map(|spell| spell.share)
        };
        if let Some(share) = on(&mut self.loses) {
            bytes.retain(|_| !self.dice.happens(share));
        }
        if on(&mut self.strews).is_some_and(|share| self.dice.happens(share)) {
            let at = usize::try_from(self.dice.below(bytes.len() as u64 + 1)).unwrap_or(0);
            let strewn = 1 + self.dice.below(STREWN);
            let noise = (0..strewn).map(|_| u8::try_from(self.dice.below(256)).unwrap_or(0));
            bytes.splice(at..at, noise.collect::<Vec<u8>>());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_found_by_its_name() {
        for fault in Fault::EACH {
            assert_eq!(Fault::named(fault.name()), Some(fault));
        }
        assert_eq!(Fault::named("rain"), None);
    }

    #[test]
    fn a_wire_is_whole_again_when_its_time_is_over() {
        #[expect(clippy::disallowed_methods, reason = "any instant will do as the first")]
        let now = Instant::now();
        let mut wire = Wire::new(Dice::new(1, 1));
        let said = b"\r\n+CSQ: 19,99\r\n\r\nOK\r\n".repeat(20);
        assert_eq!(wire.carry(now, said.clone()), said);
        wire.lose(PerMille(100), now + minutes(1));
        let heard = wire.carry(now, said.clone());
        assert!(heard.len() < said.len() && heard.len() > said.len() / 2);
        wire.strew(PerMille::ALWAYS, now + minutes(2));
        let heard = wire.carry(now + minutes(1), said.clone());
        assert!(heard.len() > said.len());
        assert_eq!(wire.carry(now + minutes(2), said.clone()), said);
    }
}
