//! A country to try things in: modems, a network and people, from one plan and one seed.
//!
//! It does no I/O and asks for no time. Like every machine of this crate it is turned by calling
//! one `handle_…`, then draining every `poll_…`, then waiting until [`Country::poll_timeout`].
//! The office meets it as AT bytes alone, as it meets a real stick; it shares no code with the
//! driver, so the two cannot agree on the same mistake. The world runs it in virtual time,
//! `rollcall simulate` behind PTYs.

mod dice;
mod happening;
mod plan;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

pub use happening::{Happening, Told, What};
pub use plan::{
    Between, Habits, ModemPlan, NetworkPlan, Pace, PerMille, PersonPlan, PinPlan, Plan, Rates,
    Reply, Temperament,
};

/// Which modem of the plan, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModemNo(pub usize);

/// The country, alive.
#[derive(Debug)]
pub struct Country {
    plan: Plan,
    dice: dice::Dice,
    opened: Instant,
    opened_utc_ms: i64,
    transmit: VecDeque<(ModemNo, Vec<u8>)>,
    happenings: VecDeque<Happening>,
}

impl Country {
    /// Opens the country of `plan`. Its network's clock shows `utc_ms` at `now` and goes on
    /// evenly, whatever the office's own clock does. All modems are plugged in and starting.
    pub fn new(plan: Plan, seed: u64, now: Instant, utc_ms: i64) -> Country {
        Country {
            plan,
            dice: dice::Dice::new(seed, 0),
            opened: now,
            opened_utc_ms: utc_ms,
            transmit: VecDeque::new(),
            happenings: VecDeque::new(),
        }
    }

    /// The plan it was opened with.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Takes bytes that the computer wrote to a modem. Nobody hears them where none is plugged.
    pub fn handle_bytes(&mut self, _now: Instant, _modem: ModemNo, _bytes: &[u8]) {}

    /// Lets everything happen that is due at `now`.
    pub fn handle_timeout(&mut self, _now: Instant) {}

    /// When something will be due next, if nothing comes from outside.
    pub fn poll_timeout(&self) -> Option<Instant> {
        None
    }

    /// The next bytes from a modem to the computer.
    pub fn poll_transmit(&mut self) -> Option<(ModemNo, Vec<u8>)> {
        self.transmit.pop_front()
    }

    /// The next thing that really happened.
    pub fn poll_happening(&mut self) -> Option<Happening> {
        self.happenings.pop_front()
    }

    /// Pulls a modem out: it loses its power, and all that is not on its SIM card.
    pub fn unplug(&mut self, _now: Instant, _modem: ModemNo) {}

    /// Plugs a modem in again: it starts.
    pub fn plug(&mut self, _now: Instant, _modem: ModemNo) {}

    /// The modem starts anew by itself: volatile settings and a half-given text are forgotten.
    pub fn reboot(&mut self, _now: Instant, _modem: ModemNo) {}

    /// The modem says and hears nothing for a while; what is written meanwhile is lost.
    pub fn hang(&mut self, _now: Instant, _modem: ModemNo, _lasting: Duration) {}

    /// The computer goes away while the modem keeps its power: what the modem had said and
    /// nobody read is lost, and a half-given text stays waiting for its end.
    pub fn computer_cut(&mut self, modem: ModemNo) {
        self.transmit.retain(|(from, _)| *from != modem);
    }

    /// Fills every free place on the SIM card with old messages of the operator.
    pub fn fill_sim(&mut self, _modem: ModemNo) {}

    /// The modem says something by itself that nobody asked for, as a line.
    pub fn babble(&mut self, _now: Instant, _modem: ModemNo, _line: &str) {}

    /// The person of this number sends `text` to `to`, now, whatever their temperament. The
    /// number need not be in the plan.
    pub fn person_says(&mut self, _now: Instant, _number: &str, _to: &str, _text: &str) {}
}
