//! A question that keys answer: its prompt, the keys so far, and how long the next is waited for.

use std::time::Instant;

use super::{BargeIn, Digits, Ended, Event};
use crate::audio::digit::Digit;
use crate::audio::frame::Frame;
use crate::audio::prompt::Prompt;

/// The question that a call is at.
#[derive(Debug)]
pub(super) struct Asking {
    /// What is still to be played; nothing once it is over or was interrupted.
    prompt: Option<Prompt>,
    digits: Digits,
    barge_in: BargeIn,
    pressed: Vec<Digit>,
    deadline: Option<Instant>,
}

impl Asking {
    pub(super) fn new(prompt: Prompt, digits: Digits, barge_in: BargeIn) -> Asking {
        Asking { prompt: Some(prompt), digits, barge_in, pressed: Vec::new(), deadline: None }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The next frame of the prompt. With its end the wait for the first key begins.
    pub(super) fn next_frame(&mut self, now: Instant) -> Option<Frame> {
        let frame = self.prompt.as_mut()?.next_frame();
        if frame.is_none() {
            self.prompt = None;
            self.deadline = Some(now + self.digits.first);
        }
        frame
    }

    /// Takes a key: the frame at which it interrupted the prompt, and the answer if it is complete.
    pub(super) fn handle_key(
        &mut self,
        now: Instant,
        digit: Digit,
    ) -> (Option<Frame>, Option<Event>) {
        if self.prompt.is_some() && self.barge_in == BargeIn::No {
            return (None, None);
        }
        let interrupted = self.prompt.take().and_then(|mut prompt| prompt.next_frame());
        if self.digits.end_with == Some(digit) {
            return (interrupted, Some(self.collected(Ended::Key(digit))));
        }
        self.pressed.push(digit);
        if self.pressed.len() >= self.digits.max {
            return (interrupted, Some(self.collected(Ended::Full)));
        }
        let enough = self.pressed.len() >= self.digits.min;
        let wait = if enough { self.digits.between } else { self.digits.first };
        self.deadline = Some(now + wait);
        (interrupted, None)
    }

    /// Nobody pressed the next key in time.
    pub(super) fn handle_timeout(&mut self) -> Event {
        if self.pressed.is_empty() { Event::Silence } else { self.collected(Ended::Pause) }
    }

    fn collected(&mut self, ended: Ended) -> Event {
        Event::Collected { digits: std::mem::take(&mut self.pressed), ended }
    }
}
