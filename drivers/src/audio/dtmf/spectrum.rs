//! What the last 20 ms sound like, as far as keys are concerned: the strongest tone of each of the
//! two bands, and how much else there is. It judges nothing.
//!
//! A window of 160 samples is compared with tones 20 to 30 Hz apart all over the two bands. That is
//! dearer than the eight filters of the classic detector, and tells what they cannot: where the
//! peak really is. Codecs of mobile networks shift the balance of the two tones by 6 dB and more,
//! but the frequency by less than a hundredth; so the place of the peak has to carry the judgement.

use std::f64::consts::TAU;

/// Samples of one window: 20 ms.
pub(super) const WINDOW: usize = 160;
/// Half of them: the window is the same to both sides of its middle.
const HALF: usize = WINDOW / 2;

const RATE: f64 = 8_000.0;
/// The low tones of the keys, Hz (ITU-T Q.23).
const ROWS: [f64; 4] = [697.0, 770.0, 852.0, 941.0];
/// The high tones of the keys, Hz.
const COLUMNS: [f64; 4] = [1_209.0, 1_336.0, 1_477.0, 1_633.0];
/// Multiples of 50 Hz from 0 to 500: what lies there is hum and the pitch of voices, and no part
/// of a key. A generator may be louder than the key.
const LOW: usize = 11;
/// Below this power, some -60 dBm0, a window is not looked at further: most of a call is silence.
const SILENT: f64 = 1_000.0;
/// Added to every power, so that silence has a logarithm too. One step of a sample has more.
const NOTHING: f64 = 1e-3;

/// The strongest tone of one band.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peak {
    /// Which of the four tones of the band it is nearest to.
    pub index: usize,
    /// How far it lies from it, as a part of its frequency.
    pub deviation: f64,
    /// Its power.
    pub power: f64,
    /// How many times stronger it is than what lies at the other three tones.
    pub purity: f64,
}

/// One window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picture {
    /// The strongest low tone.
    pub row: Peak,
    /// The strongest high tone.
    pub column: Peak,
    /// The power of all that lies above 500 Hz.
    pub band: f64,
    /// The power of all that lies below.
    pub low: f64,
}

/// The tones that a window is compared with.
#[derive(Debug)]
pub(super) struct Spectrum {
    window: [f32; WINDOW],
    low: Vec<Probe>,
    rows: Band,
    columns: Band,
    /// Turns a squared correlation into the power of a tone.
    tone_power: f64,
    /// Turns a windowed sum of squares into a power.
    noise_power: f64,
}

/// One of the two bands: where its peak is looked for.
#[derive(Debug)]
struct Band {
    tones: [f64; 4],
    first: f64,
    step: f64,
    probes: Vec<Probe>,
    at_tones: [Probe; 4],
}

/// A windowed tone: its cosine and its sine, counted from the middle of the window to one side.
#[derive(Debug)]
struct Probe {
    cosine: [f32; HALF],
    sine: [f32; HALF],
}

/// A window folded at its middle. Against a cosine from the middle only the sum of both sides
/// counts, against a sine only the difference: half the work.
#[derive(Debug)]
struct Folded {
    sums: [f32; HALF],
    differences: [f32; HALF],
}

impl Spectrum {
    /// All tables made.
    pub(super) fn new() -> Spectrum {
        let weight = |at: usize| 0.5 - 0.5 * (TAU * (at as f64 + 0.5) / WINDOW as f64).cos();
        let sum: f64 = (0..WINDOW).map(weight).sum();
        let squares: f64 = (0..WINDOW).map(|at| weight(at).powi(2)).sum();
        Spectrum {
            window: std::array::from_fn(|at| weight(at) as f32),
            low: (0..LOW).map(|bin| Probe::new(bin as f64 * RATE / WINDOW as f64)).collect(),
            rows: Band::new(ROWS, 660.0, 980.0, 20.0),
            columns: Band::new(COLUMNS, 1_150.0, 1_720.0, 30.0),
            tone_power: 2.0 / (sum * sum),
            noise_power: 1.0 / squares,
        }
    }

    /// What a window sounds like.
    pub(super) fn look(&self, samples: &[f32; WINDOW]) -> Picture {
        let windowed: [f32; WINDOW] = std::array::from_fn(|at| samples[at] * self.window[at]);
        let total = f64::from(dot(&windowed, &windowed));
        if total * self.noise_power < SILENT {
            return Picture::SILENCE;
        }
        let folded = Folded::new(&windowed);
        let low: f64 = self.low.iter().map(|probe| probe.squared(&folded)).sum();
        // Every bin but the first has a twin at the negative frequency.
        let low = (2.0 * low - self.low[0].squared(&folded)) / WINDOW as f64;
        Picture {
            row: self.rows.peak(&folded, self.tone_power),
            column: self.columns.peak(&folded, self.tone_power),
            band: (total - low).max(0.0) * self.noise_power,
            low: low * self.noise_power,
        }
    }
}

impl Picture {
    const SILENCE: Picture =
        Picture { row: Peak::NONE, column: Peak::NONE, band: NOTHING, low: NOTHING };
}

impl Peak {
    const NONE: Peak = Peak { index: 0, deviation: 1.0, power: NOTHING, purity: 1.0 };
}

impl Band {
    fn new(tones: [f64; 4], first: f64, last: f64, step: f64) -> Band {
        let count = ((last - first) / step).round() as usize + 1;
        let probes = (0..count).map(|at| Probe::new(first + at as f64 * step)).collect();
        Band { tones, first, step, probes, at_tones: tones.map(Probe::new) }
    }

    fn peak(&self, folded: &Folded, tone_power: f64) -> Peak {
        let power = |at: usize| self.probes[at].squared(folded) + NOTHING;
        let (mut best, mut highest) = (0, 0.0);
        for at in 0..self.probes.len() {
            let power = power(at);
            if power > highest {
                (best, highest) = (at, power);
            }
        }
        let inside = best > 0 && best + 1 < self.probes.len();
        let (shift, height) =
            if inside { vertex(power(best - 1), highest, power(best + 1)) } else { (0.0, highest) };
        let frequency = self.first + (best as f64 + shift) * self.step;
        let index = self.nearest(frequency);
        let others = (0..4).filter(|at| *at != index);
        let other = others.map(|at| self.at_tones[at].squared(folded)).fold(NOTHING, f64::max);
        Peak {
            index,
            deviation: frequency / self.tones[index] - 1.0,
            power: height * tone_power,
            purity: height / other,
        }
    }

    fn nearest(&self, frequency: f64) -> usize {
        let away = |at: &usize| (frequency / self.tones[*at]).ln().abs();
        (0..4).min_by(|a, b| away(a).total_cmp(&away(b))).unwrap_or(0)
    }
}

/// The top of the parabola through the logarithms of three neighbours: its place in steps from the
/// middle one, and its height.
fn vertex(left: f64, middle: f64, right: f64) -> (f64, f64) {
    let (left, top, right) = (left.ln(), middle.ln(), right.ln());
    let bend = left - 2.0 * top + right;
    if bend > -1e-9 {
        return (0.0, middle);
    }
    let shift = 0.5 * (left - right) / bend;
    (shift, (top - 0.25 * (left - right) * shift).exp())
}

impl Probe {
    fn new(frequency: f64) -> Probe {
        let angle = |at: usize| TAU * frequency * (at as f64 + 0.5) / RATE;
        Probe {
            cosine: std::array::from_fn(|at| angle(at).cos() as f32),
            sine: std::array::from_fn(|at| angle(at).sin() as f32),
        }
    }

    /// The squared length of the correlation.
    fn squared(&self, folded: &Folded) -> f64 {
        let real = f64::from(dot(&folded.sums, &self.cosine));
        let imaginary = f64::from(dot(&folded.differences, &self.sine));
        real * real + imaginary * imaginary
    }
}

impl Folded {
    fn new(windowed: &[f32; WINDOW]) -> Folded {
        let after = |at: usize| windowed[HALF + at];
        let before = |at: usize| windowed[HALF - 1 - at];
        Folded {
            sums: std::array::from_fn(|at| after(at) + before(at)),
            differences: std::array::from_fn(|at| after(at) - before(at)),
        }
    }
}

/// The sum of products, in eight sums side by side, so that the processor can make them at once.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0; 8];
    for (one, other) in one.chunks_exact(8).zip(other.chunks_exact(8)) {
        for at in 0..8 {
            sums[at] += one[at] * other[at];
        }
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tones of a frequency and an amplitude each, one over the other.
    fn picture(tones: &[(f64, f64)]) -> Picture {
        let wave = |at: usize| -> f64 {
            let one = |(hz, amplitude): &(f64, f64)| {
                amplitude * (TAU * hz * at as f64 / RATE + 0.7 * amplitude).sin()
            };
            tones.iter().map(one).sum()
        };
        Spectrum::new().look(&std::array::from_fn(|at| wave(at) as f32))
    }

    #[test]
    fn every_pair_of_tones_is_placed_to_a_three_hundredth() {
        for (row, low) in ROWS.iter().enumerate() {
            for (column, high) in COLUMNS.iter().enumerate() {
                for off in [-0.02, -0.01, 0.0, 0.01, 0.02] {
                    let found = picture(&[(low * (1.0 + off), 900.0), (high * (1.0 - off), 500.0)]);
                    assert_eq!((found.row.index, found.column.index), (row, column));
                    assert!((found.row.deviation - off).abs() < 0.003, "{off}: {found:?}");
                    assert!((found.column.deviation + off).abs() < 0.003, "{off}: {found:?}");
                }
            }
        }
    }

    #[test]
    fn powers_are_those_of_the_tones() {
        let found = picture(&[(770.0, 1_000.0), (1_336.0, 2_000.0), (150.0, 3_000.0)]);
        let near = |power: f64, wished: f64| (power / wished - 1.0).abs() < 0.05;
        assert!(near(found.row.power, 500_000.0), "{found:?}");
        assert!(near(found.column.power, 2_000_000.0), "{found:?}");
        assert!(near(found.band, 2_500_000.0), "{found:?}");
        assert!(near(found.low, 4_500_000.0), "{found:?}");
    }

    #[test]
    fn a_second_tone_in_the_band_is_an_impurity() {
        assert!(picture(&[(697.0, 1_000.0), (1_209.0, 1_000.0)]).row.purity > 20.0);
        let two = picture(&[(697.0, 1_000.0), (941.0, 800.0), (1_209.0, 1_000.0)]);
        assert!(two.row.purity < 2.0, "{two:?}");
    }

    #[test]
    fn silence_has_no_power_and_breaks_nothing() {
        let found = Spectrum::new().look(&[0.0; WINDOW]);
        assert!(found.row.power < 1.0 && found.column.power < 1.0 && found.band < 1.0, "{found:?}");
        assert!(found.row.deviation.is_finite() && found.row.purity.is_finite());
    }
}
