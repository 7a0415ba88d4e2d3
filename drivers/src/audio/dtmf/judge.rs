//! Whether windows of sound, one after the other, are a key: a window is weighed by how much it
//! resembles one, the weights of a key add up, and with enough of them it is pressed. It is held
//! until it has been away for long enough to be released.
//!
//! So a clear tone is a key after 40 ms, and one that a codec has worn down is a key a little later,
//! instead of never. The same sum keeps speech out: it resembles a key now and then for a window
//! or two, but not again and again the same one.
//!
//! The numbers were fitted to half of a corpus and to sets of our own kind (`docs/voice.md`), and
//! measured on the other half.

use super::spectrum::{Peak, Picture};
use crate::audio::digit::Digit;

/// A property counts from `none`, where it is worth nothing, to `full`, where it is as it should
/// be; straight in between.
#[derive(Clone, Copy, Debug)]
struct Scale {
    none: f64,
    full: f64,
}

/// The two tones' part of all power above 500 Hz.
const PART: Scale = Scale { none: 0.50, full: 0.97 };
/// How far the tone that is further off may lie from where it should, as a part of its frequency.
/// Telephones keep 1.8 %, codecs add up to 1 %, and what is 3.5 % off must be refused.
const DEVIATION: Scale = Scale { none: 0.0265, full: 0.0145 };
/// How much stronger a tone is than what lies at the other three of its band, dB.
const PURITY: Scale = Scale { none: 0.0, full: 10.0 };
/// The high tone against the low one, dB, where it is weaker.
const FAINT_COLUMN: Scale = Scale { none: -15.0, full: -13.0 };
/// The same where it is stronger. Codecs alone make 6 dB of it, to either side.
const LOUD_COLUMN: Scale = Scale { none: 12.5, full: 11.5 };
/// All below 500 Hz against all above, dB: a voice has its pitch there. A generator has its hum
/// there, so it halves the weight and does not take it away.
const LOW: Scale = Scale { none: -1.0, full: -18.5 };
const WEIGHT_DESPITE_LOW: f64 = 0.45;
/// The level below which nothing is a key, dB over one step of a sample: about -50 dBm0.
const FAINTEST: f64 = 40.0;

/// Weights that make a key.
const ENOUGH: f64 = 4.7;
/// Weights that make one of the letters, which no telephone of ours has. Voices come near the
/// highest of the tones more often than near the others.
const ENOUGH_FOR_A_LETTER: f64 = 9.5;
/// Weights that make a key while another has not been released: a codec that lost a frame may slide
/// from one to the other.
const ENOUGH_OVER_ANOTHER: f64 = 8.2;
/// Beyond this no more is added.
const MOST: f64 = 16.0;
/// What a key loses by each window that does not resemble it. It is little, because codecs take
/// most of a frame to find a tone again.
const LOSS: f64 = 0.11;
/// What it loses by each window that is so much fainter, dB, that the tone must be over: clicks of
/// a tone, one after the other, must not add up to a key.
const LOSS_IN_SILENCE: f64 = 1.0;
const SILENCE: f64 = 20.0;
/// A window counts only if it is not this much fainter than the loudest of its key, dB: what the
/// window still sees of a tone of 20 ms after its end must not make it a key.
const EDGE: f64 = 6.8;
/// By how much the loudest is forgotten a window, dB. Codecs begin a tone up to 9 dB too loud.
const FADE: f64 = 2.0;

/// How much fainter than the key it has become, dB, counts as its absence beside the mere fact that
/// it is not seen. A lost frame of a codec seldom is 20 dB fainter; a pause between keys is.
const DEPTH: Scale = Scale { none: 15.0, full: 29.0 };
const WEIGHT_OF_DEPTH: f64 = 3.5;
/// So much absence releases a key: five windows of silence, twenty of other sound.
const RELEASED: f64 = 22.0;

/// The weights so far, and the key that is held.
#[derive(Debug, Default)]
pub(super) struct Judge {
    evidence: [Evidence; 16],
    held: Option<Held>,
}

/// What speaks for one key.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    weight: f64,
    loudest: f64,
}

/// A key that was told and is not released.
#[derive(Clone, Copy, Debug)]
struct Held {
    key: usize,
    level: f64,
    absence: f64,
}

/// A window beside the key that it resembles most.
#[derive(Clone, Copy, Debug)]
struct Sight {
    key: usize,
    /// From 0, not at all, to 1.
    weight: f64,
    /// The level of the two tones, dB.
    level: f64,
}

impl Judge {
    /// Weighs one window; the key if it has just become one.
    pub(super) fn handle(&mut self, picture: &Picture) -> Option<Digit> {
        let sight = Sight::of(picture);
        self.weigh(sight);
        self.release(sight);
        let held = self.held.map(|held| held.key);
        let enough = match (Digit::at(sight.key / 4, sight.key % 4)?.is_letter(), held) {
            (true, _) => ENOUGH_FOR_A_LETTER,
            (false, Some(_)) => ENOUGH_OVER_ANOTHER,
            (false, None) => ENOUGH,
        };
        let new = sight.weight > 0.0 && held != Some(sight.key);
        if !new || self.evidence[sight.key].weight < enough {
            return None;
        }
        self.held = Some(Held { key: sight.key, level: sight.level, absence: 0.0 });
        Digit::at(sight.key / 4, sight.key % 4)
    }

    fn weigh(&mut self, sight: Sight) {
        for (key, evidence) in self.evidence.iter_mut().enumerate() {
            if key != sight.key || sight.weight == 0.0 {
                let over = sight.level < evidence.loudest - SILENCE;
                let loss = if over { LOSS_IN_SILENCE } else { LOSS };
                evidence.weight = (evidence.weight - loss).max(0.0);
                continue;
            }
            let remembered =
                if evidence.weight == 0.0 { sight.level } else { evidence.loudest - FADE };
            evidence.loudest = remembered.max(sight.level);
            if sight.level > evidence.loudest - EDGE {
                evidence.weight = (evidence.weight + sight.weight).min(MOST);
            }
        }
    }

    fn release(&mut self, sight: Sight) {
        let Some(held) = &mut self.held else { return };
        let depth = held.level - sight.level;
        if sight.key == held.key && sight.weight > 0.0 && depth < DEPTH.full {
            held.absence = 0.0;
            held.level = (held.level - FADE / 4.0).max(sight.level);
            return;
        }
        held.absence += 1.0 + WEIGHT_OF_DEPTH * DEPTH.of(depth);
        if held.absence >= RELEASED {
            self.evidence[held.key].weight = 0.0;
            self.held = None;
        }
    }
}

impl Sight {
    fn of(picture: &Picture) -> Sight {
        let Picture { row, column, band, low } = picture;
        let tones = row.power + column.power;
        let level = decibels(tones);
        let twist = decibels(column.power / row.power);
        let low = decibels((low + 1.0) / (band + 1.0));
        let weight = if level < FAINTEST {
            0.0
        } else {
            PART.of(tones / (band + 1.0))
                * further_off(row, column)
                * PURITY.of(decibels(row.purity.min(column.purity)))
                * FAINT_COLUMN.of(twist)
                * LOUD_COLUMN.of(twist)
                * (WEIGHT_DESPITE_LOW + (1.0 - WEIGHT_DESPITE_LOW) * LOW.of(low))
        };
        Sight { key: row.index * 4 + column.index, weight, level }
    }
}

fn further_off(row: &Peak, column: &Peak) -> f64 {
    DEVIATION.of(row.deviation.abs().max(column.deviation.abs()))
}

impl Scale {
    fn of(self, value: f64) -> f64 {
        ((value - self.none) / (self.full - self.none)).clamp(0.0, 1.0)
    }
}

fn decibels(power: f64) -> f64 {
    10.0 * power.log10()
}
