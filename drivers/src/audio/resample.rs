//! Sound of any rate as sound of 8,000 samples a second, for prompts: the whole clip at once, before
//! any call plays it. It is no part of a call's own 20 ms.
//!
//! Each new sample is a sum of the old ones around it, weighted with a sinc under a Kaiser window:
//! what lies above 3.4 kHz, or above what the old rate could hold, must be gone before fewer samples
//! are taken, or it comes back as hiss.

use std::f64::consts::PI;

use super::frame::RATE;

/// The highest frequency that a telephone carries, Hz.
const TELEPHONE: f64 = 3_500.0;
/// Zero crossings of the sinc to each side.
const CROSSINGS: f64 = 24.0;
/// How steep the Kaiser window is: side lobes below -70 dB.
const STEEPNESS: f64 = 7.0;

/// The same sound with 8,000 samples a second. Sound that has them already is left as it is.
pub fn to_telephone_rate(rate: u32, samples: &[i16]) -> Vec<i16> {
    if rate == RATE || samples.is_empty() {
        return samples.to_vec();
    }
    let kernel = Kernel::new(rate);
    let count = samples.len() as u64 * u64::from(RATE) / u64::from(rate);
    (0..count.max(1)).map(|at| kernel.sample(samples, at)).collect()
}

/// The weights of the old samples around each new one. New ones lie between old ones in a few ways
/// only, that come again and again; each has its own row of weights.
#[derive(Debug)]
struct Kernel {
    /// Old samples from one turn of the rows to the next.
    old: u64,
    /// New samples in the same time: as many rows.
    new: u64,
    /// How many old samples to each side have a weight.
    reach: u64,
    rows: Vec<Vec<f64>>,
}

impl Kernel {
    fn new(rate: u32) -> Kernel {
        let common = greatest_common_divisor(rate, RATE);
        let (old, new) = (u64::from(rate / common), u64::from(RATE / common));
        // In cycles an old sample.
        let cutoff = TELEPHONE.min(f64::from(rate) * 0.46) / f64::from(rate);
        let reach = (CROSSINGS / (2.0 * cutoff)).floor();
        let row = |nth: u64| {
            let part = (nth * old % new) as f64 / new as f64;
            let places = 0..=2 * reach as u64;
            places.map(|place| weight(cutoff, reach, place as f64 - reach - part)).collect()
        };
        Kernel { old, new, reach: reach as u64, rows: (0..new).map(row).collect() }
    }

    fn sample(&self, samples: &[i16], at: u64) -> i16 {
        let middle = at * self.old / self.new;
        let row = &self.rows[(at % self.new) as usize];
        // Before the first old sample and after the last there is nothing.
        let (skipped, first) = match middle.checked_sub(self.reach) {
            Some(first) => (0, first as usize),
            None => ((self.reach - middle) as usize, 0),
        };
        let around = samples.get(first..).unwrap_or(&[]);
        let sum: f64 =
            row[skipped..].iter().zip(around).map(|(weight, old)| weight * f64::from(*old)).sum();
        sum.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
    }
}

/// The weight of an old sample at this distance from the new one.
fn weight(cutoff: f64, reach: f64, distance: f64) -> f64 {
    let along = distance / reach;
    let window = bessel(STEEPNESS * (1.0 - along * along).max(0.0).sqrt()) / bessel(STEEPNESS);
    let angle = 2.0 * PI * cutoff * distance;
    let sinc = if angle.abs() < 1e-9 { 1.0 } else { angle.sin() / angle };
    2.0 * cutoff * sinc * window
}

fn greatest_common_divisor(one: u32, other: u32) -> u32 {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}

/// The modified Bessel function of order 0, by its series.
fn bessel(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    for k in 1..32 {
        term *= quarter / f64::from(k * k);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: u32, frequency: f64, samples: usize) -> Vec<i16> {
        let sample = |at: usize| {
            (10_000.0 * (2.0 * PI * frequency * at as f64 / f64::from(rate)).sin()).round() as i16
        };
        (0..samples).map(sample).collect()
    }

    fn loudness(samples: &[i16]) -> f64 {
        let squares: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
        (squares / samples.len() as f64).sqrt()
    }

    #[test]
    fn a_tone_keeps_its_pitch_and_its_loudness() {
        for rate in [11_025, 16_000, 22_050, 44_100, 48_000, 6_000] {
            let found = to_telephone_rate(rate, &tone(rate, 1_000.0, rate as usize));
            assert_eq!(found.len(), 8_000, "{rate}");
            let wished = tone(8_000, 1_000.0, 8_000);
            let error: Vec<i16> =
                found[100..7_900].iter().zip(&wished[100..7_900]).map(|(a, b)| a - b).collect();
            assert!(loudness(&error) < 0.01 * loudness(&wished), "{rate}: {}", loudness(&error));
        }
    }

    #[test]
    fn what_a_telephone_cannot_carry_does_not_come_back_as_another_tone() {
        let found = to_telephone_rate(44_100, &tone(44_100, 5_000.0, 44_100));
        assert!(loudness(&found[100..7_900]) < 10.0, "{}", loudness(&found[100..7_900]));
    }

    #[test]
    fn the_rate_of_a_telephone_is_left_alone() {
        assert_eq!(to_telephone_rate(8_000, &[1, -2, 3]), [1, -2, 3]);
        assert!(to_telephone_rate(44_100, &[]).is_empty());
        assert_eq!(to_telephone_rate(44_100, &[5]).len(), 1);
    }
}
