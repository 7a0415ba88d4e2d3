//! A call that rings at the modem, as its line tells it: `RING`, the caller's number, the list.
//!
//! Nobody answers here: a call rings until its caller hangs up, or until it is refused. Calls that
//! are dialled here are in `outgoing`.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::failure::{Equipment, Failure, INCORRECT};
use super::firmware::{Firmware, OnAir, Outcome};
use super::line::Ask;
use super::outgoing::{Order, Outgoing};

/// Between two rings.
const APART: Duration = Duration::from_secs(5);

/// What a modem knows of calls.
#[derive(Debug, Default)]
pub(super) struct Calls {
    ringing: Option<Ringing>,
    /// The call that was dialled here.
    pub(super) outgoing: Option<Outgoing>,
    /// What is wanted of the network.
    pub(super) orders: VecDeque<Order>,
    /// Keys that the other side presses are told.
    pub(super) reports_keys: bool,
    /// `+CLIP=1`: the number comes after each ring.
    pub(super) says_number: bool,
    /// `+CRC=1`: `+CRING: VOICE` instead of `RING`.
    pub(super) says_kind: bool,
}

#[derive(Debug)]
struct Ringing {
    /// None where the caller does not want it known.
    number: Option<String>,
    next: Instant,
    until: Instant,
}

impl Ringing {
    /// The number as `+CLIP` and `+CLCC` write it, and its type: 145 is international, 128 withheld.
    fn number(&self) -> String {
        match &self.number {
            Some(number) => format!("\"{number}\",145"),
            None => String::from("\"\",128"),
        }
    }
}

impl Firmware {
    /// Somebody rings for so long. A modem that is not there, or rings already, hears nothing.
    pub(super) fn ring(&mut self, now: Instant, number: Option<&str>, lasting: Duration) {
        if self.on_air(now) == OnAir::Yes && self.calls.ringing.is_none() {
            let number = number.map(String::from);
            self.calls.ringing = Some(Ringing { number, next: now, until: now + lasting });
            self.ring_on(now);
        }
    }

    /// Rings again where it is time, and stops when the caller has hung up.
    pub(super) fn ring_on(&mut self, now: Instant) {
        let Some(call) = &mut self.calls.ringing else { return };
        if call.until <= now {
            self.calls.ringing = None;
            if let Some(line) = self.plan.personality.speech.caller_gave_up {
                self.babble(line);
            }
            return;
        }
        if call.next > now {
            return;
        }
        call.next = now + APART;
        let number = call.number();
        self.babble(if self.calls.says_kind { "+CRING: VOICE" } else { "RING" });
        if self.calls.says_number {
            self.babble(format!("+CLIP: {number},,,,0"));
        }
    }

    pub(super) fn next_ring(&self) -> Option<Instant> {
        self.calls.ringing.as_ref().map(|call| call.next.min(call.until))
    }

    /// `+CLCC`: the call that rings (TS 27.007 §7.18).
    pub(super) fn calls_listed(&self) -> Vec<String> {
        let line = |call: &Ringing| format!("+CLCC: 1,1,4,0,0,{}", call.number());
        self.calls.ringing.iter().map(line).chain(self.outgoing_listed()).collect()
    }

    /// `+CLIP`, `+CRC`: how a ring is told (TS 27.007 §7.6, §6.11).
    pub(super) fn ring_told(&mut self, name: &str, ask: &Ask) -> Result<Outcome, Failure> {
        let told = match name {
            "+CLIP" => &mut self.calls.says_number,
            _ => &mut self.calls.says_kind,
        };
        match ask {
            Ask::Test => Outcome::line(format!("{name}: (0,1)")),
            Ask::Read => Outcome::line(format!("{name}: {}", u8::from(*told))),
            Ask::Set(args) => match args.small(0, 1)? {
                Some(value) => {
                    *told = value == 1;
                    Outcome::ok()
                }
                None => Err(INCORRECT),
            },
            Ask::Do => Err(INCORRECT),
        }
    }

    /// `+CHUP`, `H`: the call is refused.
    pub(super) fn hang_up(&mut self) -> Result<Outcome, Failure> {
        let rang = self.calls.ringing.take().is_some();
        match self.hang_up_outgoing() || rang {
            true => Outcome::ok(),
            false => Err(Failure::Equipment(Equipment::NotAllowed)),
        }
    }
}
