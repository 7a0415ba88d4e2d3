//! The PIN: entered once at most, and never when a wrong one might lock the SIM.
//!
//! A SIM locks itself after three wrong tries, and in the field nobody has its PUK. So the tries
//! that are left are read where the modem or the card tells them, the last one is left to a
//! person, and a PIN that was refused is not entered again in this machine's life.

use super::Modem;
use super::event::Trouble;
use super::starting::Next;
use super::steps::Step;
use crate::at::errors::Cause;
use crate::at::fields;

/// What became of the PIN. It is entered once at most.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Pin {
    #[default]
    NotEntered,
    Entered,
    Accepted,
}

impl Modem {
    pub(super) fn judge_pin(&self, outcome: Result<Vec<String>, Cause>) -> Result<Next, Trouble> {
        let state = match outcome {
            Ok(answer) => fields::pin_state(answer.last().map_or("", String::as_str)),
            Err(Cause::Equipment(10) | Cause::Message(310)) => return Err(Trouble::SimMissing),
            Err(Cause::Equipment(11) | Cause::Message(311)) => "SIM PIN".to_owned(),
            Err(Cause::Equipment(12) | Cause::Message(316)) => "SIM PUK".to_owned(),
            Err(cause) => return Err(Trouble::SimFault(cause)),
        };
        match state.as_str() {
            // The second PIN guards things that we do not use.
            "READY" | "SIM PIN2" | "SIM PUK2" => Ok(Next::Step(Step::Iccid(0))),
            "SIM PIN" => self.judge_pin_wanted(),
            "SIM PUK" => Err(Trouble::PukNeeded),
            "NOT INSERTED" => Err(Trouble::SimMissing),
            _ => Ok(Next::Again(Trouble::SimFault(Cause::Words(state)))),
        }
    }

    fn judge_pin_wanted(&self) -> Result<Next, Trouble> {
        let pin = self.settings.pin.as_deref().unwrap_or_default();
        let plausible = (4..=8).contains(&pin.len()) && pin.bytes().all(|c| c.is_ascii_digit());
        match self.start.pin {
            Pin::NotEntered if plausible => Ok(Next::Step(Step::PinTries(0))),
            Pin::NotEntered => Err(Trouble::PinMissing),
            // The card takes a moment to notice.
            Pin::Accepted => Ok(Next::Again(Trouble::PinRefused)),
            Pin::Entered => Err(Trouble::PinRefused),
        }
    }

    /// One try must be left after ours. A modem that cannot count them gets one try.
    pub(super) fn judge_pin_tries(&self, way: usize, answer: &[String]) -> Result<Next, Trouble> {
        let left = answer
            .iter()
            .find_map(|line| fields::pin_tries(line).or_else(|| fields::pin_tries_of_card(line)));
        match left {
            Some(left) if left < 2 => Err(Trouble::PinTriesLow { left }),
            Some(_) => Ok(Next::Step(Step::EnterPin)),
            None if way + 1 < self.profile.pin_tries.len() => {
                Ok(Next::Step(Step::PinTries(way + 1)))
            }
            None => Ok(Next::Step(Step::EnterPin)),
        }
    }
}
