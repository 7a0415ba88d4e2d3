//! The sound of one call in virtual time: what the door of a real modem does with a thread and a
//! port, 20 ms at a time.
//!
//! What the office has not recorded is spelt by the country's made-up voice, so that whoever is
//! called has something to listen to.

use crate::model::{Awaits, Heard, Piece, Sound};
use crate::modems::turns;
use rollcall_drivers::audio::call_audio::{self, CallAudio, Take};
use rollcall_drivers::audio::digit::Digit;
use rollcall_drivers::audio::frame::{DURATION, Frame, SAMPLES, duration_of};
use rollcall_drivers::audio::prompt::Clip;
use rollcall_drivers::modem::CallId;
use rollcall_drivers::simulator::voice;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// So many frames without sound are a fault: 3 s.
const MISSING: u32 = 150;

/// The sound of a call.
pub(super) struct Line {
    pub call: CallId,
    audio: CallAudio,
    /// When the next frame is due, counted from the world's beginning.
    pub next: Duration,
    /// Frames that the modem did not give.
    missing: u32,
    asked: bool,
}

impl Line {
    pub(super) fn new(call: CallId, now: Duration) -> Line {
        Line { call, audio: CallAudio::new(), next: now, missing: 0, asked: false }
    }

    pub(super) fn play(&mut self, sound: &Sound, spelt: &mut Spelt) {
        let clips = spelt.clips(&sound.pieces);
        self.asked = true;
        match &sound.awaits {
            Awaits::Nothing => self.audio.say(clips),
            Awaits::Keys(keys) => {
                let (digits, barge_in) = turns::digits(keys);
                self.audio.ask(clips, digits, barge_in);
            }
            Awaits::Speech { longest, silence } => {
                let take = Take { longest: *longest, silence: *silence };
                self.audio.record(clips, take);
            }
        }
    }

    pub(super) fn report(&mut self, now: Instant, key: char) {
        if let Some(digit) = Digit::new(key) {
            self.audio.handle_report(now, digit);
        }
    }

    /// One frame each way; `exchange` gives ours to the country and takes theirs.
    pub(super) fn tick(
        &mut self,
        now: Instant,
        exchange: impl FnOnce(&[i16; SAMPLES]) -> Option<[i16; SAMPLES]>,
    ) -> Option<Heard> {
        self.next += DURATION;
        let ours = self.audio.next_frame(now);
        match exchange(&ours.0) {
            Some(theirs) => {
                self.missing = 0;
                self.audio.handle_frame(now, &Frame(theirs));
            }
            None => self.missing += 1,
        }
        self.audio.handle_timeout(now);
        if self.missing == MISSING && self.asked {
            return Some(Heard::Broken("the port for sound gave nothing for 3 s".to_owned()));
        }
        self.audio.poll_event().map(heard)
    }
}

fn heard(event: call_audio::Event) -> Heard {
    match event {
        call_audio::Event::Played => Heard::Played,
        call_audio::Event::Collected { digits, .. } => Heard::Keys(turns::written(&digits)),
        call_audio::Event::Silence => Heard::Silence,
        call_audio::Event::Recorded { samples, .. } if samples.is_empty() => Heard::Silence,
        call_audio::Event::Recorded { samples, .. } => {
            let length = duration_of(samples.len());
            // The world has no disk for sounds: the name tells one from the other.
            let sum = samples.iter().fold(0_u32, |sum, sample| {
                sum.wrapping_mul(31).wrapping_add(u32::from(sample.unsigned_abs()))
            });
            Heard::Recorded { file: format!("recordings/{sum:08x}.wav"), length }
        }
    }
}

/// Words that were spelt already.
#[derive(Default)]
pub(super) struct Spelt(BTreeMap<String, Clip>);

impl Spelt {
    fn clips(&mut self, pieces: &[Piece]) -> Vec<Clip> {
        let settled = Piece::settled(pieces, &BTreeSet::new());
        let words = settled.into_iter().filter_map(|piece| match piece {
            Piece::Words { text, .. } => Some(text),
            Piece::Recording(_) | Piece::FirstOf { .. } | Piece::AllOf { .. } => None,
        });
        words.map(|text| self.clip(&text)).collect()
    }

    fn clip(&mut self, text: &str) -> Clip {
        let spell = || Clip::new(voice::say(text));
        self.0.entry(text.to_owned()).or_insert_with(spell).clone()
    }
}
