//! A recording made ready for the telephone, once, when it comes into the office: quiet cut off at
//! both ends, the band of a telephone, and the loudness of all other recordings.
//!
//! Dead air between questions makes people hang up, and a faint recording after a loud one makes
//! them hold the telephone away. So every recording begins and ends close to its words, and its
//! speech, not its pauses, has one level. It decodes nothing and knows no files.

use std::f64::consts::PI;
use std::time::Duration;

use super::frame::{RATE, SAMPLES, duration_of, samples_in};
use super::resample::to_telephone_rate;

/// Root mean square of the speech in a recording that is ready: -16 dBm0.
const WISHED: f64 = 2_508.0;
/// No sample is louder: 3 dB below the loudest that there is.
const PEAK: f64 = 23_197.0;
/// What is this much fainter than the loudest 20 ms is no speech: 30 dB.
const QUIET: f64 = 0.0316;
/// Below this root mean square nothing is speech: about -50 dBm0.
const FAINTEST: f64 = 50.0;
/// Below this frequency a telephone carries nothing of a voice, and a microphone much of the wind.
const LOWEST: f64 = 200.0;
/// So much of the quiet is left before the first word and after the last one.
const BEFORE: Duration = Duration::from_millis(60);
const AFTER: Duration = Duration::from_millis(200);
/// Both ends swell and fade this long, so that they do not click.
const FADE: Duration = Duration::from_millis(5);

/// A recording that is ready, and what was done to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// At 8,000 samples a second.
    pub samples: Vec<i16>,
    /// How much quiet was cut off at both ends together.
    pub trimmed: Duration,
    /// By how much it was made louder, in dB; less than 0: fainter.
    pub gain: f64,
    /// How loud its speech is now, against what was wished, in dB. Below 0 where single loud moments
    /// left no room for more.
    pub level: f64,
}

/// Nothing in the recording is speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nobody is heard in it; record it again, closer to the microphone")]
pub struct NothingHeard;

/// Makes a recording ready.
///
/// # Errors
/// Where nobody is heard in it.
pub fn import(rate: u32, samples: &[i16]) -> Result<Imported, NothingHeard> {
    let samples = without_rumble(&to_telephone_rate(rate, samples));
    let loudness: Vec<f64> = samples.chunks(SAMPLES).map(loudness).collect();
    let loudest = loudness.iter().copied().fold(0.0, f64::max);
    let speaks = |loudness: &f64| *loudness > (loudest * QUIET).max(FAINTEST);
    let first = loudness.iter().position(speaks).ok_or(NothingHeard)?;
    let last = loudness.iter().rposition(speaks).ok_or(NothingHeard)?;
    let begin = (first * SAMPLES).saturating_sub(samples_in(BEFORE));
    let end = ((last + 1) * SAMPLES + samples_in(AFTER)).min(samples.len());
    let speech: Vec<f64> = loudness[first..=last].iter().copied().filter(|it| speaks(it)).collect();
    let factor = factor(&speech, &samples[begin..end]);
    Ok(Imported {
        samples: faded(&samples[begin..end], factor),
        trimmed: duration_of(samples.len() - (end - begin)),
        gain: decibels(factor),
        level: decibels(mean(&speech) * factor / WISHED),
    })
}

/// What the samples are multiplied with: to the wished level, as far as the loudest allows.
fn factor(speech: &[f64], samples: &[f64]) -> f64 {
    let peak = samples.iter().map(|sample| sample.abs()).fold(1.0, f64::max);
    (WISHED / mean(speech)).min(PEAK / peak)
}

/// The root of the mean power.
fn mean(loudness: &[f64]) -> f64 {
    let power: f64 = loudness.iter().map(|it| it * it).sum();
    (power / loudness.len() as f64).sqrt()
}

fn loudness(frame: &[f64]) -> f64 {
    let power: f64 = frame.iter().map(|sample| sample * sample).sum();
    (power / frame.len() as f64).sqrt()
}

fn decibels(factor: f64) -> f64 {
    20.0 * factor.log10()
}

/// The samples without what lies below the telephone's band: a filter of the second order
/// (Butterworth), run twice.
fn without_rumble(samples: &[i16]) -> Vec<f64> {
    let turn = (PI * LOWEST / f64::from(RATE)).tan();
    let scale = 1.0 / (1.0 + std::f64::consts::SQRT_2 * turn + turn * turn);
    let (back_one, back_two) = (
        2.0 * (turn * turn - 1.0) * scale,
        (1.0 - std::f64::consts::SQRT_2 * turn + turn * turn) * scale,
    );
    let mut samples: Vec<f64> = samples.iter().map(|sample| f64::from(*sample)).collect();
    for _ in 0..2 {
        let (mut in_one, mut in_two, mut out_one, mut out_two) = (0.0, 0.0, 0.0, 0.0);
        for sample in &mut samples {
            let out =
                scale * (*sample - 2.0 * in_one + in_two) - back_one * out_one - back_two * out_two;
            (in_two, in_one) = (in_one, *sample);
            (out_two, out_one) = (out_one, out);
            *sample = out;
        }
    }
    samples
}

fn faded(samples: &[f64], factor: f64) -> Vec<i16> {
    let edge = samples_in(FADE) as f64;
    let last = samples.len().saturating_sub(1);
    let ready = |(at, sample): (usize, &f64)| {
        let part = (at.min(last - at) as f64 / edge).min(1.0);
        (sample * factor * part).round() as i16
    };
    samples.iter().enumerate().map(ready).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quiet, then a tone that stands for a word, then quiet.
    fn recording(rate: u32, hz: f64, amplitude: f64, seconds: [f64; 3]) -> Vec<i16> {
        let count = |seconds: f64| (seconds * f64::from(rate)) as usize;
        let mut samples = vec![0; count(seconds[0])];
        samples
            .extend((0..count(seconds[1])).map(|at| {
                (amplitude * (2.0 * PI * hz * at as f64 / f64::from(rate)).sin()) as i16
            }));
        samples.resize(samples.len() + count(seconds[2]), 0);
        samples
    }

    fn rms(samples: &[i16]) -> f64 {
        loudness(&samples.iter().map(|sample| f64::from(*sample)).collect::<Vec<_>>())
    }

    #[test]
    fn faint_and_loud_recordings_come_out_alike() {
        for amplitude in [300.0, 2_000.0, 30_000.0] {
            let ready = import(44_100, &recording(44_100, 500.0, amplitude, [0.5, 1.0, 0.5]));
            let ready = ready.expect("a word");
            let word = &ready.samples[samples_in(BEFORE) + 400..][..4_000];
            assert!((rms(word) / WISHED - 1.0).abs() < 0.05, "{amplitude}: {}", rms(word));
            assert!(ready.level.abs() < 0.1, "{amplitude}: {}", ready.level);
        }
    }

    #[test]
    fn quiet_is_cut_off_close_to_the_words() {
        let ready = import(8_000, &recording(8_000, 500.0, 3_000.0, [2.0, 1.0, 3.0]));
        let ready = ready.expect("a word");
        let length = duration_of(ready.samples.len()).as_millis();
        assert!((1_240..1_320).contains(&length), "{length}");
        assert!((4_680..4_760).contains(&ready.trimmed.as_millis()), "{:?}", ready.trimmed);
    }

    #[test]
    fn a_pause_between_words_stays() {
        let word = recording(8_000, 500.0, 3_000.0, [0.1, 0.5, 1.0]);
        let ready = import(8_000, &[word.clone(), word].concat()).expect("two words");
        assert!(duration_of(ready.samples.len()) > Duration::from_millis(2_100));
    }

    #[test]
    fn rumble_of_the_wind_is_taken_out() {
        let mut samples = recording(8_000, 500.0, 3_000.0, [0.0, 2.0, 0.0]);
        let wind = recording(8_000, 50.0, 12_000.0, [0.0, 2.0, 0.0]);
        for (sample, wind) in samples.iter_mut().zip(wind) {
            *sample += wind;
        }
        let with_wind = import(8_000, &samples).expect("a word");
        assert!((rms(&with_wind.samples) / WISHED - 1.0).abs() < 0.1);
        assert!(with_wind.level.abs() < 0.2);
    }

    #[test]
    fn one_loud_knock_leaves_no_sample_too_loud() {
        let mut samples = recording(8_000, 500.0, 600.0, [0.1, 1.0, 0.1]);
        samples[4_000..4_008].fill(20_000);
        let ready = import(8_000, &samples).expect("a word");
        assert!(ready.samples.iter().all(|sample| f64::from(*sample).abs() <= PEAK + 1.0));
        assert!(ready.level < -3.0, "{}", ready.level);
    }

    #[test]
    fn nobody_is_heard_in_silence() {
        assert_eq!(import(8_000, &[]), Err(NothingHeard));
        assert_eq!(import(44_100, &[3; 44_100]), Err(NothingHeard));
        assert_eq!(
            import(8_000, &recording(8_000, 50.0, 300.0, [0.0, 1.0, 0.0])),
            Err(NothingHeard)
        );
    }
}
