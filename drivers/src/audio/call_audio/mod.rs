//! The media half of one call: it plays prompts, listens for keys, is interrupted by them, and
//! records. Which prompt follows which key is not its matter; it tells what was pressed and how the
//! pressing ended, and the flow decides.
//!
//! It opens nothing and asks no clock. Whoever moves the frames of the audio port turns it: every
//! 20 ms one frame in, one frame out; after each `handle_…`, drain [`CallAudio::poll_event`], and
//! call [`CallAudio::handle_timeout`] when [`CallAudio::poll_timeout`] says so.
//!
//! Rules that hold for every question:
//!
//! - Keys pressed before a question is asked do not answer it. A key that is still held down when
//!   the next question begins is the old press.
//! - A key ends the prompt at once: the frame after the one that held it fades out, then there is
//!   silence. (What the modem has taken already still sounds: at most 100 ms.)
//! - A key that our own prompt sounds like, come back as an echo, is not a press.

mod asking;
mod recording;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::digit::Digit;
use super::dtmf::Detector;
use super::frame::{Frame, SAMPLES};
use super::presses::{Presses, Source};
use super::prompt::{Clip, Prompt};
use asking::Asking;
use recording::Recording;

/// How long after our own sound contained a key its echo may come: through the network and back.
const ECHO: Duration = Duration::from_millis(900);

/// What is asked with keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digits {
    /// With fewer keys than these, the next is waited for as long as for the first.
    pub min: usize,
    /// With so many keys the answer is complete.
    pub max: usize,
    /// The key that ends the answer; it is no part of it.
    pub end_with: Option<Digit>,
    /// How long the first key is waited for, from the end of the prompt.
    pub first: Duration,
    /// How long each further key is waited for, from the key before.
    pub between: Duration,
}

/// Whether a key interrupts the prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BargeIn {
    /// It does, and is the first key of the answer.
    Yes,
    /// The prompt is played to its end, and keys pressed meanwhile do not count.
    No,
}

/// What is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// The longest recording.
    pub longest: Duration,
    /// So much silence ends it: after somebody spoke, or if nobody begins to.
    pub silence: Duration,
}

/// What came of a turn. Each turn ends with exactly one event, unless another takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// All was played.
    Played,
    /// Keys were pressed; there may be none before an end key.
    Collected {
        /// In the order in which they were pressed.
        digits: Vec<Digit>,
        /// What ended them.
        ended: Ended,
    },
    /// No key was pressed, or nobody spoke.
    Silence,
    /// Somebody spoke.
    Recorded {
        /// At 8,000 a second.
        samples: Vec<i16>,
        /// What ended it.
        ended: Ended,
    },
}

/// What ended an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// There is no room for more keys, or for more speech.
    Full,
    /// This key: the end key of an answer, or any key during a recording.
    Key(Digit),
    /// The wait for more.
    Pause,
}

/// What the call is at.
#[derive(Debug)]
enum Turn {
    Idle,
    Saying(Prompt),
    Asking(Asking),
    Recording(Recording),
}

/// The sound of one call, both ways.
#[derive(Debug)]
pub struct CallAudio {
    turn: Turn,
    ears: Detector,
    presses: Presses,
    /// Hears our own prompts.
    own_ears: Detector,
    /// Keys that our own prompts sounded like, and until when their echo may come.
    own_keys: VecDeque<(Digit, Instant)>,
    /// The last frame of a prompt that was interrupted.
    fading: Option<Frame>,
    events: VecDeque<Event>,
}

impl Default for CallAudio {
    fn default() -> CallAudio {
        CallAudio::new()
    }
}

impl CallAudio {
    /// A call that was just answered.
    pub fn new() -> CallAudio {
        CallAudio {
            turn: Turn::Idle,
            ears: Detector::new(),
            presses: Presses::default(),
            own_ears: Detector::new(),
            own_keys: VecDeque::new(),
            fading: None,
            events: VecDeque::new(),
        }
    }

    /// Plays the clips: [`Event::Played`] follows.
    pub fn say(&mut self, clips: Vec<Clip>) {
        self.turn = Turn::Saying(Prompt::new(clips));
    }

    /// Plays the clips and waits for keys: [`Event::Collected`] or [`Event::Silence`] follows.
    pub fn ask(&mut self, clips: Vec<Clip>, digits: Digits, barge_in: BargeIn) {
        self.turn = Turn::Asking(Asking::new(Prompt::new(clips), digits, barge_in));
    }

    /// Plays the clips and a beep, then records: [`Event::Recorded`] or [`Event::Silence`] follows.
    /// A key during the clips leads to the beep at once.
    pub fn record(&mut self, clips: Vec<Clip>, take: Take) {
        self.turn = Turn::Recording(Recording::new(Prompt::new(clips), take));
    }

    /// Ends what is played or asked without a word; somebody hung up, or speaks himself.
    pub fn stop(&mut self) {
        self.turn = Turn::Idle;
    }

    /// Takes the 20 ms that the modem gave.
    pub fn handle_frame(&mut self, now: Instant, frame: &Frame) {
        if let Turn::Recording(recording) = &mut self.turn {
            let event = recording.handle_frame(frame);
            self.end_with(event);
        }
        self.ears.handle_samples(&frame.0);
        while let Some(heard) = self.ears.poll_heard() {
            self.handle_key(now, Source::Sound, heard.digit);
        }
    }

    /// Takes a key that the modem reported in words.
    pub fn handle_report(&mut self, now: Instant, digit: Digit) {
        self.handle_key(now, Source::Modem, digit);
    }

    /// The 20 ms that the modem is to play.
    pub fn next_frame(&mut self, now: Instant) -> Frame {
        let frame = self.fading.take().or_else(|| self.played(now)).unwrap_or(Frame::SILENCE);
        self.own_ears.handle_samples(&frame.0);
        while let Some(heard) = self.own_ears.poll_heard() {
            self.own_keys.push_back((heard.digit, now + ECHO));
        }
        frame
    }

    /// When [`CallAudio::handle_timeout`] wants to be called.
    pub fn poll_timeout(&self) -> Option<Instant> {
        match &self.turn {
            Turn::Asking(asking) => asking.deadline(),
            Turn::Recording(recording) => recording.deadline(),
            Turn::Idle | Turn::Saying(_) => None,
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.poll_timeout().is_none_or(|deadline| now < deadline) {
            return;
        }
        let event = match &mut self.turn {
            Turn::Asking(asking) => Some(asking.handle_timeout()),
            Turn::Recording(recording) => Some(recording.handle_timeout()),
            Turn::Idle | Turn::Saying(_) => None,
        };
        self.end_with(event);
    }

    /// What came of a turn.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// The next frame of the turn's prompt; nothing while it waits or listens.
    fn played(&mut self, now: Instant) -> Option<Frame> {
        match &mut self.turn {
            Turn::Idle => None,
            Turn::Asking(asking) => asking.next_frame(now),
            Turn::Recording(recording) => recording.next_frame(now),
            Turn::Saying(prompt) => {
                let frame = prompt.next_frame();
                if frame.is_none() {
                    self.end_with(Some(Event::Played));
                }
                frame
            }
        }
    }

    fn handle_key(&mut self, now: Instant, source: Source, digit: Digit) {
        let Some(digit) = self.presses.handle(now, source, digit) else { return };
        self.own_keys.retain(|(_, until)| now <= *until);
        if self.own_keys.iter().any(|(own, _)| *own == digit) {
            return;
        }
        let event = match &mut self.turn {
            Turn::Idle | Turn::Saying(_) => None,
            Turn::Asking(asking) => {
                let (interrupted, event) = asking.handle_key(now, digit);
                self.fading = interrupted.map(fade_out);
                event
            }
            Turn::Recording(recording) => {
                let (interrupted, event) = recording.handle_key(digit);
                self.fading = interrupted.map(fade_out);
                event
            }
        };
        self.end_with(event);
    }

    fn end_with(&mut self, event: Option<Event>) {
        if let Some(event) = event {
            self.turn = Turn::Idle;
            self.events.push_back(event);
        }
    }
}

/// The frame, fainter and fainter: a prompt that is cut off in the middle of a wave clicks.
fn fade_out(frame: Frame) -> Frame {
    let fainter = |(at, sample): (usize, i16)| {
        let left = (SAMPLES - at) as f32 / SAMPLES as f32;
        (f32::from(sample) * left) as i16
    };
    let mut faded = Frame::SILENCE;
    for (to, from) in faded.0.iter_mut().zip(frame.0.into_iter().enumerate().map(fainter)) {
        *to = from;
    }
    faded
}
