//! How new messages come: where they are kept, and how the modem tells of them.
//!
//! A way counts only if it is read back. Messages are kept by the modem and told of, where it can;
//! without any way to be told they are found by looking more often. Only a modem that has no memory,
//! or that hands messages over whatever it is told, is taken at that (`direct`).

use super::Modem;
use super::event::Trouble;
use super::starting::{History, Next};
use super::steps::Step;
use crate::at::commands::Places;
use crate::at::errors::Cause;
use crate::at::fields;

impl Modem {
    /// A memory, and how it is chosen: every memory in the best form, then in the next one.
    pub(super) fn memory_way(&self, way: usize) -> Option<(&'static str, Places)> {
        let memories = self.profile.memories;
        let places = self.profile.places.get(way / memories.len())?;
        Some((memories[way % memories.len()], *places))
    }

    /// The ways to be told of what is kept, then those to be handed what is not.
    pub(super) fn announcement(&self, way: usize) -> Option<&'static str> {
        self.profile.announcements.iter().chain(self.profile.deliveries).nth(way).copied()
    }

    pub(super) fn judge_memory(
        &mut self,
        way: usize,
        outcome: Result<Vec<String>, Cause>,
    ) -> Result<Next, Trouble> {
        match outcome {
            Ok(_) => {
                let home = self.memory_way(way).map_or("SM", |(memory, _)| memory);
                self.mail.use_memories(home, &self.start.memories);
                Ok(Next::Step(Step::Announce(0)))
            }
            Err(_) if self.memory_way(way + 1).is_some() => {
                Ok(Next::Step(Step::UseMemory(way + 1)))
            }
            Err(cause) => {
                self.start.no_memory = Some(cause);
                Ok(Next::Step(Step::Acknowledged))
            }
        }
    }

    /// What was accepted counts only if it was kept.
    pub(super) fn judge_read_back(
        &mut self,
        way: usize,
        outcome: Result<Vec<String>, Cause>,
    ) -> Result<Next, Trouble> {
        let agreed = self.announcement(way).unwrap_or_default();
        if outcome.is_ok_and(|answer| answer.iter().any(|line| fields::announces(line, agreed))) {
            self.start.announcing = Some(agreed);
            return Ok(Next::Step(Step::ServiceCentre));
        }
        self.next_announcement(way)
    }

    pub(super) fn next_announcement(&mut self, way: usize) -> Result<Next, Trouble> {
        if way + 1 == self.profile.announcements.len() {
            Ok(Next::Step(Step::AsItIs))
        } else if self.announcement(way + 1).is_some() {
            Ok(Next::Step(Step::Announce(way + 1)))
        } else if let Some(cause) = self.start.no_memory.take() {
            // Neither keeps it a message, nor does it hand one over.
            self.needed(Step::UseMemory(0), Err(cause)).map(|()| Next::Step(Step::ServiceCentre))
        } else {
            Ok(Next::Step(Step::ServiceCentre))
        }
    }

    /// A modem that will not be told anything may hand messages over all the same.
    pub(super) fn judge_as_it_is(&self, answer: &[String]) -> Result<Next, Trouble> {
        let hands_over = answer.iter().any(|line| fields::delivers(line) == Some(2));
        Ok(Next::Step(if hands_over { Step::Acknowledged } else { Step::ServiceCentre }))
    }
}

impl History {
    /// Whether the modem still tells of new messages as it was told to.
    pub fn announces_as_agreed(&self, line: &str) -> bool {
        self.announcing.is_none_or(|agreed| fields::announces(line, agreed))
    }

    /// Whether it tells of new messages at all.
    pub fn is_told(&self) -> bool {
        self.announcing.is_some_and(|agreed| !agreed[2..].starts_with('0'))
    }

    /// Whether it hands messages over and keeps none.
    pub fn is_handed_over(&self) -> bool {
        self.announcing.is_some_and(|agreed| agreed[2..].starts_with('2'))
    }
}
