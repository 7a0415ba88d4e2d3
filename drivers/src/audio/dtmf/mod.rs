//! Keys in the sound of a call: samples in, digits out.
//!
//! It is made for what arrives over a mobile network. There the tones come from a switch, so they
//! are right when they leave it; what wears them down is the codec of the last mile, lost frames,
//! a generator beside the telephone, and the echo of our own prompts. `docs/voice.md` has the
//! figures, condition by condition. It is not for a line on which telephones dial.
//!
//! Every 5 ms it looks at the last 20 ms (`spectrum`) and weighs what it saw (`judge`).

mod judge;
mod spectrum;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use super::digit::Digit;
use judge::Judge;
use spectrum::{Spectrum, WINDOW};

/// Samples from one look to the next: 5 ms.
const HOP: usize = 40;

/// A key that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Which one.
    pub digit: Digit,
    /// How many samples had come when it was clear: some 45 ms after the key was pressed.
    pub at: u64,
}

/// The detector of one direction of one call. It keeps 20 ms of sound.
#[derive(Debug)]
pub struct Detector {
    spectrum: Spectrum,
    judge: Judge,
    /// The last 20 ms at each look; its end is filled anew until the next.
    window: [f32; WINDOW],
    /// How many samples of the next look are there.
    filled: usize,
    samples: u64,
    heard: VecDeque<Heard>,
}

impl Default for Detector {
    fn default() -> Detector {
        Detector::new()
    }
}

impl Detector {
    /// Before the first sample.
    pub fn new() -> Detector {
        Detector {
            spectrum: Spectrum::new(),
            judge: Judge::default(),
            window: [0.0; WINDOW],
            filled: 0,
            samples: 0,
            heard: VecDeque::new(),
        }
    }

    /// Takes samples, 8,000 a second; as many at a time as one likes.
    pub fn handle_samples(&mut self, samples: &[i16]) {
        for sample in samples {
            self.window[WINDOW - HOP + self.filled] = f32::from(*sample);
            self.filled += 1;
            self.samples += 1;
            if self.filled == HOP {
                self.look();
            }
        }
    }

    /// The next key that was heard.
    pub fn poll_heard(&mut self) -> Option<Heard> {
        self.heard.pop_front()
    }

    fn look(&mut self) {
        let picture = self.spectrum.look(&self.window);
        self.window.copy_within(HOP.., 0);
        self.filled = 0;
        if let Some(digit) = self.judge.handle(&picture) {
            self.heard.push_back(Heard { digit, at: self.samples });
        }
    }
}
