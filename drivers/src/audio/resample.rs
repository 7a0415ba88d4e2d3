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
    let step = f64::from(rate) / f64::from(RATE);
    let count = (samples.len() as f64 / step).round().max(1.0) as usize;
    let kernel = Kernel::new(f64::from(rate));
    (0..count).map(|at| kernel.sample(samples, at as f64 * step)).collect()
}

/// The weights around a place between samples.
#[derive(Debug)]
struct Kernel {
    /// Cut-off, in cycles a sample of the old rate.
    cutoff: f64,
    /// How many old samples to each side have a weight.
    reach: f64,
}

impl Kernel {
    fn new(rate: f64) -> Kernel {
        let cutoff = TELEPHONE.min(rate * 0.46) / rate;
        Kernel { cutoff, reach: CROSSINGS / (2.0 * cutoff) }
    }

    fn sample(&self, samples: &[i16], place: f64) -> i16 {
        let first = (place - self.reach).ceil().max(0.0) as usize;
        let last = ((place + self.reach).floor() as usize).min(samples.len() - 1);
        let sum: f64 =
            (first..=last).map(|at| f64::from(samples[at]) * self.weight(at as f64 - place)).sum();
        sum.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
    }

    fn weight(&self, distance: f64) -> f64 {
        let along = distance / self.reach;
        let window = bessel(STEEPNESS * (1.0 - along * along).max(0.0).sqrt()) / bessel(STEEPNESS);
        let angle = 2.0 * PI * self.cutoff * distance;
        let sinc = if angle.abs() < 1e-9 { 1.0 } else { angle.sin() / angle };
        2.0 * self.cutoff * sinc * window
    }
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
    }
}
