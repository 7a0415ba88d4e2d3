//! The PIN: entered once at most, and never when a wrong one might lock the SIM.
//!
//! A SIM locks itself after three wrong tries, and in the field nobody has its PUK. So the SIM is
//! named first, the tries that are left are read where the modem or the card tells them, the last
//! one is left to a person, and a PIN that a SIM refused is not entered there again: not in this
//! machine's life, and not in a later one that is told of it. The PUK is never entered.

use super::Modem;
use super::event::Trouble;
use super::settings::SimSettings;
use super::starting::Next;
use super::steps::Step;
use crate::at::errors::Cause;
use crate::at::{fields, tries};

/// What became of the PIN at one SIM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pin {
    /// It was entered, and nothing good was heard.
    Entered,
    /// It was entered, and the modem said OK.
    Accepted,
}

impl Modem {
    pub(super) fn judge_pin(
        &mut self,
        outcome: Result<Vec<String>, Cause>,
    ) -> Result<Next, Trouble> {
        let state = match outcome {
            Ok(answer) => fields::pin_state(answer.last().map_or("", String::as_str)),
            Err(Cause::Equipment(10) | Cause::Message(310)) => return Err(Trouble::SimMissing),
            Err(Cause::Equipment(11) | Cause::Message(311)) => "SIM PIN".to_owned(),
            Err(Cause::Equipment(12) | Cause::Message(316)) => "SIM PUK".to_owned(),
            Err(cause) => return Err(Trouble::SimFault(cause)),
        };
        match state.as_str() {
            // The second PIN guards things that we do not use.
            "READY" | "SIM PIN2" | "SIM PUK2" => {
                self.forget_pin();
                Ok(Next::Step(Step::Iccid(0)))
            }
            "SIM PIN" => self.judge_pin_wanted(),
            "SIM PUK" => Err(Trouble::PukNeeded),
            "NOT INSERTED" => Err(Trouble::SimMissing),
            _ => Ok(Next::Again(Trouble::SimFault(Cause::Words(state)))),
        }
    }

    fn judge_pin_wanted(&self) -> Result<Next, Trouble> {
        let pin = self.sim_settings().pin.as_deref().unwrap_or_default();
        let plausible = (4..=8).contains(&pin.len()) && pin.bytes().all(|c| c.is_ascii_digit());
        match self.start.pin_tried {
            None if plausible => Ok(Next::Step(Step::CardFirst(0))),
            None => Err(Trouble::PinMissing),
            // The card takes a moment to notice.
            Some(Pin::Accepted) => Ok(Next::Again(self.pin_refused())),
            Some(Pin::Entered) => Err(self.pin_refused()),
        }
    }

    /// The SIM is named, or cannot be: it gets the PIN once.
    pub(super) fn judge_card(&self, way: usize) -> Result<Next, Trouble> {
        if self.start.identity.iccid.is_none() && way + 1 < self.profile.iccid.len() {
            return Ok(Next::Step(Step::CardFirst(way + 1)));
        }
        let sim = self.sim_name();
        if self.start.pins.contains_key(&sim) || self.settings.pin_refused_by.contains(&sim) {
            return Err(self.pin_refused());
        }
        Ok(Next::Step(Step::PinTries(0)))
    }

    /// One try must be left after ours. A modem that cannot count them gets one try.
    pub(super) fn judge_pin_tries(&self, way: usize, answer: &[String]) -> Result<Next, Trouble> {
        match answer.iter().find_map(|line| tries::left(line)) {
            Some(left) if left < 2 => Err(Trouble::PinTriesLow { left }),
            Some(_) => Ok(Next::Step(Step::EnterPin)),
            None if way + 1 < self.profile.pin_tries.len() => {
                Ok(Next::Step(Step::PinTries(way + 1)))
            }
            None => Ok(Next::Step(Step::EnterPin)),
        }
    }

    /// Before the PIN is written: whatever happens now, this SIM has had it.
    pub(super) fn note_pin(&mut self, pin: Pin) {
        self.start.pin_tried = Some(pin);
        self.start.pins.insert(self.sim_name(), pin);
    }

    /// The PIN was the right one: after a reboot this SIM may get it again.
    fn forget_pin(&mut self) {
        self.start.pins.retain(|_, pin| *pin != Pin::Accepted);
    }

    /// What the office says about the SIM in this modem.
    pub(super) fn sim_settings(&self) -> &SimSettings {
        self.settings.sim_of(&self.start.identity.imei)
    }

    fn pin_refused(&self) -> Trouble {
        Trouble::PinRefused { sim: self.sim_name() }
    }

    fn sim_name(&self) -> String {
        let identity = &self.start.identity;
        identity.iccid.clone().unwrap_or_else(|| format!("the SIM of {}", identity.imei))
    }
}
