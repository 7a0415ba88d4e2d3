//! A run by call: what is played, and what pressed keys mean.

mod awaits;
mod said;

use super::Effect;
use super::turn::Making;
use crate::flow::{Question, Voice, Wording};
use crate::model::{RunStatus, Waiting};

impl<'a> Making<'a> {
    /// Plays a question and waits for its answer.
    pub(super) fn ask_by_call(&mut self, question: &'a Question, waiting: Waiting) {
        let pieces = self.speech().question_by_call(question);
        let awaits = awaits::of(question);
        self.effects.push(Effect::AskByCall { question: question.id.clone(), pieces, awaits });
        self.run.status = RunStatus::Waiting(waiting);
    }

    /// Plays something to which no answer is awaited.
    pub(super) fn play(&mut self, wording: &Wording, voice: &Voice) {
        let pieces = self.speech().played(wording, voice);
        if !pieces.is_empty() {
            self.effects.push(Effect::Play(pieces));
        }
    }
}
