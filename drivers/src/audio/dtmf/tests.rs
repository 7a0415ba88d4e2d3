//! Keys made by the simulated country's telephones, and worn down in the ways of lines and codecs.
//! The sets here are small and quick; `tests/dtmf_vectors.rs` reads a corpus.

use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use super::*;
use crate::simulator::sound::{self, KeySound, Progress};

const SIGNS: &str = "159#D4720*86A3B9C";

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Whether a key is one of those that no telephone of ours has; they need to be heard for longer.
fn letter(sign: char) -> bool {
    sign.is_alphabetic()
}

/// The keys that are heard in the samples.
fn heard(samples: &[i16]) -> String {
    let mut detector = Detector::new();
    detector.handle_samples(samples);
    std::iter::from_fn(|| detector.poll_heard()).map(|heard| heard.digit.sign()).collect()
}

/// All keys, each after a pause.
fn all_keys(sound: KeySound, pause: u64) -> Vec<i16> {
    let mut samples = sound::silence(ms(237));
    samples.extend(sound::keys(SIGNS, sound, ms(pause)));
    samples.extend(sound::silence(ms(100)));
    samples
}

/// Noise of a kind, drawn from a seed.
struct Noise(ChaCha8Rng);

impl Noise {
    fn new(seed: u64) -> Noise {
        Noise(ChaCha8Rng::seed_from_u64(seed))
    }

    /// From -1 to 1, each equally often.
    fn next(&mut self) -> f64 {
        (self.0.next_u32() as f64 / f64::from(u32::MAX)) * 2.0 - 1.0
    }

    /// The samples with white noise over them.
    fn hiss(mut self, samples: &[i16], amplitude: f64) -> Vec<i16> {
        add(samples, |_| self.next() * amplitude)
    }

    /// The samples with a generator beside them: 50 Hz and what is above it, wavering.
    fn generator(mut self, samples: &[i16], amplitude: f64) -> Vec<i16> {
        let phases: Vec<f64> = (0..12).map(|_| self.next() * 3.0).collect();
        add(samples, |at| {
            let turn = at as f64 * std::f64::consts::TAU * 50.7 / 8_000.0;
            let waver = 1.0 + 0.3 * (turn / 5.0).sin();
            let harmonics = phases.iter().zip(1..);
            let hum = harmonics.map(|(phase, nth)| (turn * nth as f64 + phase).sin() / nth as f64);
            amplitude * waver * hum.sum::<f64>()
        })
    }

    /// What a codec of few bits does to tones: each 20 ms the whole and the high part get another
    /// strength, the pitch wavers, and noise comes in that follows the sound.
    fn codec(mut self, samples: &[i16], decibels: f64) -> Vec<i16> {
        let mut worn = Vec::with_capacity(samples.len());
        let (mut before, mut smooth) = (0.0, 0.0);
        for frame in samples.chunks(160) {
            let mut factor = |range: f64| 10_f64.powf(self.next() * range / 20.0);
            let (whole, high) = (factor(decibels / 2.0), factor(decibels));
            for sample in frame {
                let sample = f64::from(*sample);
                smooth = 0.6 * smooth + 0.4 * (sample + before) / 2.0;
                let tilted = smooth + (sample - smooth) * high;
                before = sample;
                worn.push((whole * tilted * (1.0 + 0.2 * self.next())) as i16);
            }
        }
        worn
    }
}

fn add(samples: &[i16], mut noise: impl FnMut(usize) -> f64) -> Vec<i16> {
    let sum = |(at, sample): (usize, &i16)| (f64::from(*sample) + noise(at)).round() as i16;
    samples.iter().enumerate().map(sum).collect()
}

#[test]
fn every_key_is_heard_at_every_level_and_length_of_a_network() {
    for level in [-3.0, -20.0, -35.0] {
        for (duration, pause) in [(70, 65), (100, 70), (400, 150)] {
            let twist = if level > -5.0 { 0.0 } else { 2.0 };
            let sound = KeySound { level, twist, duration: ms(duration), ..KeySound::default() };
            let found = heard(&all_keys(sound, pause));
            if duration >= 100 {
                assert_eq!(found, SIGNS, "{level} dBm0, {duration} ms");
            } else {
                let (found, wished) = (found.replace(letter, ""), SIGNS.replace(letter, ""));
                assert_eq!(found, wished, "{level} dBm0, {duration} ms");
            }
        }
    }
}

#[test]
fn tones_off_their_pitch_are_keys_up_to_what_telephones_keep() {
    for (off, wished) in [(1.8, SIGNS), (-1.8, SIGNS), (3.5, ""), (-3.5, "")] {
        let found = heard(&all_keys(KeySound { off, ..KeySound::default() }, 100));
        assert_eq!(found, wished, "{off} %");
    }
}

#[test]
fn tones_of_unlike_strength_are_keys_up_to_what_codecs_make_of_them() {
    for (twist, wished) in [(8.0, SIGNS), (-10.0, SIGNS), (15.0, ""), (-15.0, "")] {
        let sound = KeySound { twist, level: -15.0 - twist / 2.0, ..KeySound::default() };
        assert_eq!(heard(&all_keys(sound, 100)), wished, "{twist} dB");
    }
}

#[test]
fn a_click_of_a_tone_is_no_key() {
    for duration in [5, 10, 20, 23] {
        let sound = KeySound { duration: ms(duration), ..KeySound::default() };
        assert_eq!(heard(&all_keys(sound, 100)), "", "{duration} ms");
    }
}

#[test]
fn clicks_of_one_tone_after_another_do_not_add_up_to_a_key() {
    for (duration, pause) in [(16, 60), (20, 60), (20, 100), (20, 140)] {
        let sound = KeySound { duration: ms(duration), ..KeySound::default() };
        let clicks = sound::keys("5555555555", sound, ms(pause));
        assert_eq!(heard(&clicks), "", "{duration} ms, then {pause} ms");
    }
}

#[test]
fn one_tone_alone_or_two_of_one_band_are_no_key() {
    let alone = KeySound { twist: -60.0, ..KeySound::default() };
    assert_eq!(heard(&all_keys(alone, 100)), "");
    let low: Vec<Vec<i16>> =
        "147*".chars().map(|sign| sound::key(sign, alone).expect("a key")).collect();
    for (one, other) in [(0, 1), (1, 2), (2, 3), (0, 3)] {
        let both = add(&low[one], |at| f64::from(low[other][at]));
        assert_eq!(heard(&[sound::silence(ms(100)), both].concat()), "");
    }
}

#[test]
fn a_key_pressed_twice_is_heard_twice_and_a_held_one_once() {
    let sound = KeySound { duration: ms(70), ..KeySound::default() };
    for pause in [40, 65, 100] {
        assert_eq!(heard(&sound::keys("7777", sound, ms(pause))), "7777", "{pause} ms");
    }
    let held = KeySound { duration: ms(5_000), ..KeySound::default() };
    assert_eq!(heard(&sound::keys("7", held, ms(100))), "7");
}

#[test]
fn a_hole_in_a_key_is_no_second_press() {
    for hole in [5, 10, 20] {
        let sound = KeySound { duration: ms(250), ..KeySound::default() };
        let mut samples = sound::keys("77", sound, ms(150));
        for at in [960, 3_200 + 1_003] {
            samples[at..at + hole * 8].fill(0);
        }
        assert_eq!(heard(&samples), "77", "{hole} ms");
    }
}

#[test]
fn keys_are_heard_through_hiss_and_beside_a_generator() {
    // Two tones of -10 and -8 dBm0 have an amplitude of some 7,000 and 9,000.
    for seed in 0..4 {
        let clean = all_keys(KeySound::default(), 100);
        // 10 dB below the tones.
        assert_eq!(heard(&Noise::new(seed).hiss(&clean, 4_400.0)), SIGNS, "hiss, {seed}");
        // As loud as the tones. Letters need more than is left of them.
        let hum = heard(&Noise::new(seed).generator(&clean, 9_000.0)).replace(letter, "");
        assert_eq!(hum, SIGNS.replace(letter, ""), "hum, {seed}");
    }
}

#[test]
fn keys_are_heard_through_what_a_codec_makes_of_them() {
    let signs = "15907*#428";
    for seed in 0..30 {
        let sound = KeySound { duration: ms(100), ..KeySound::default() };
        let clean = [sound::silence(ms(231)), sound::keys(signs, sound, ms(100))].concat();
        assert_eq!(heard(&Noise::new(seed).codec(&clean, 6.0)), signs, "{seed}");
    }
}

#[test]
fn nothing_is_heard_in_the_tones_of_call_set_up() {
    let tones =
        [Progress::Ringing, Progress::Busy, Progress::Congestion, Progress::SpecialInformation];
    for tone in tones {
        assert_eq!(heard(&sound::progress(tone, ms(10_000))), "", "{tone:?}");
    }
}

#[test]
fn nothing_is_heard_in_silence_or_noise_of_any_loudness() {
    assert_eq!(heard(&[0; 16_000]), "");
    assert_eq!(heard(&[i16::MIN; 16_000]), "");
    for amplitude in [1.0, 50.0, 3_000.0, 32_000.0] {
        assert_eq!(heard(&Noise::new(3).hiss(&[0; 80_000], amplitude)), "", "{amplitude}");
    }
}

#[test]
fn a_sliding_tone_is_no_key() {
    for (from, to) in [(300.0, 3_400.0), (3_400.0, 300.0), (600.0, 1_000.0)] {
        let mut angle = 0.0;
        let sweep = add(&[0; 40_000], |at| {
            angle += std::f64::consts::TAU * (from + (to - from) * at as f64 / 40_000.0) / 8_000.0;
            9_000.0 * f64::sin(angle)
        });
        assert_eq!(heard(&sweep), "", "{from} to {to} Hz");
    }
}

#[test]
fn how_the_samples_are_cut_makes_no_difference() {
    let samples = Noise::new(5).codec(&all_keys(KeySound::default(), 90), 6.0);
    let at_once = |step: usize| {
        let mut detector = Detector::new();
        samples.chunks(step).for_each(|samples| detector.handle_samples(samples));
        std::iter::from_fn(|| detector.poll_heard()).collect::<Vec<_>>()
    };
    let whole = at_once(samples.len());
    assert!(!whole.is_empty());
    for step in [1, 39, 40, 41, 160, 1_000] {
        assert_eq!(at_once(step), whole, "{step} samples at a time");
    }
}

#[test]
fn a_key_is_clear_within_fifty_milliseconds() {
    for sign in "0123456789*#".chars() {
        for begin in [803, 811, 830] {
            let mut samples = vec![0; begin];
            samples.extend(sound::key(sign, KeySound::default()).expect("a key"));
            let mut detector = Detector::new();
            detector.handle_samples(&samples);
            let heard = detector.poll_heard().expect("one key");
            assert!(heard.at <= begin as u64 + 400, "{sign}: {} after {begin}", heard.at);
        }
    }
}
