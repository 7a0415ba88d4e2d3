//! A question that speech answers: its prompt, the beep, and what is heard after it.
//!
//! The frames are its clock: a recording lasts as long as its samples. Only if they stop coming does
//! time end it.

use std::f32::consts::TAU;
use std::time::{Duration, Instant};

use super::{Ended, Event, Take};
use crate::audio::digit::Digit;
use crate::audio::frame::{Frame, RATE, duration_of, samples_in};
use crate::audio::prompt::{Clip, Prompt};
use crate::audio::voice_level::{Heard, VoiceLevel};

/// The tone that says: speak now.
const BEEP_HZ: f32 = 1_000.0;
/// How long it lasts. It is one tone alone, so that no detector takes it for a key.
const BEEP: Duration = Duration::from_millis(200);
/// Its amplitude: 12 dB below the loudest.
const BEEP_AMPLITUDE: f32 = 8_000.0;

/// A key is heard this long after its tone began, at most; so much is no part of what was said.
const KEY: Duration = Duration::from_millis(100);
/// So much of the silence that ended a recording stays, or the last sound would be cut.
const TAIL: Duration = Duration::from_millis(300);
/// How much longer than the longest recording frames are waited for.
const LATE: Duration = Duration::from_secs(2);

/// The recording that a call is at.
#[derive(Debug)]
pub(super) struct Recording {
    stage: Stage,
    take: Take,
    level: VoiceLevel,
    samples: Vec<i16>,
    /// Where the last speech ended, if anybody spoke.
    spoken: Option<usize>,
    deadline: Option<Instant>,
}

#[derive(Debug)]
enum Stage {
    Playing(Prompt),
    Beeping(Prompt),
    Listening,
}

impl Recording {
    pub(super) fn new(prompt: Prompt, take: Take) -> Recording {
        Recording {
            stage: Stage::Playing(prompt),
            take,
            level: VoiceLevel::default(),
            samples: Vec::new(),
            spoken: None,
            deadline: None,
        }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The next frame of the prompt, then of the beep.
    pub(super) fn next_frame(&mut self, now: Instant) -> Option<Frame> {
        if let Stage::Playing(prompt) = &mut self.stage {
            let frame = prompt.next_frame();
            if frame.is_some() {
                return frame;
            }
            self.stage = Stage::Beeping(beep());
        }
        if let Stage::Beeping(beep) = &mut self.stage {
            let frame = beep.next_frame();
            if frame.is_some() {
                return frame;
            }
            self.stage = Stage::Listening;
            self.samples.reserve(samples_in(self.take.longest));
            self.deadline = Some(now + self.take.longest + LATE);
        }
        None
    }

    /// Keeps what is heard after the beep, until it is enough.
    pub(super) fn handle_frame(&mut self, frame: &Frame) -> Option<Event> {
        let heard = self.level.handle_frame(frame);
        if !matches!(self.stage, Stage::Listening) {
            return None;
        }
        self.samples.extend_from_slice(&frame.0);
        if heard == Heard::Speech {
            self.spoken = Some(self.samples.len());
        }
        if duration_of(self.samples.len()) >= self.take.longest {
            return Some(self.recorded(Ended::Full));
        }
        let quiet = self.samples.len() - self.spoken.unwrap_or(0);
        (duration_of(quiet) >= self.take.silence).then(|| self.recorded(Ended::Pause))
    }

    /// Takes a key: during the prompt it leads to the beep, after it it ends the recording.
    pub(super) fn handle_key(&mut self, digit: Digit) -> (Option<Frame>, Option<Event>) {
        match &mut self.stage {
            Stage::Playing(prompt) => {
                let interrupted = prompt.next_frame();
                self.stage = Stage::Beeping(beep());
                (interrupted, None)
            }
            Stage::Beeping(_) => (None, None),
            Stage::Listening => {
                self.samples.truncate(self.samples.len().saturating_sub(samples_in(KEY)));
                (None, Some(self.recorded(Ended::Key(digit))))
            }
        }
    }

    /// The frames stopped coming.
    pub(super) fn handle_timeout(&mut self) -> Event {
        self.recorded(Ended::Full)
    }

    /// What was recorded. A key that ends it is an answer even where nobody spoke before; the tone
    /// of that key is taken for speech by nobody who looks at what is left.
    fn recorded(&mut self, ended: Ended) -> Event {
        let Some(spoken) = self.spoken else {
            return match ended {
                Ended::Key(_) => Event::Recorded { samples: Vec::new(), ended },
                Ended::Full | Ended::Pause => Event::Silence,
            };
        };
        if ended == Ended::Pause {
            self.samples.truncate(spoken + samples_in(TAIL));
        }
        Event::Recorded { samples: std::mem::take(&mut self.samples), ended }
    }
}

/// The beep, with soft edges.
fn beep() -> Prompt {
    let count = samples_in(BEEP);
    let sample = |at: usize| {
        let edge = (at.min(count - at) as f32 / 80.0).min(1.0);
        let angle = TAU * BEEP_HZ * at as f32 / RATE as f32;
        (BEEP_AMPLITUDE * edge * angle.sin()) as i16
    };
    Prompt::new(vec![Clip::new((0..count).map(sample).collect())])
}
