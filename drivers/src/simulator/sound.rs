//! What telephones of the country sound like: keys, and the tones that a network plays while a call
//! is set up.
//!
//! It makes its waves with oscillators of its own and has its own table of keys. It shares nothing
//! with the detector of [`crate::audio`], so that the two cannot agree on the same mistake.

use std::time::Duration;

/// Samples a second.
const RATE: f64 = 8_000.0;
/// The amplitude of a tone of 0 dBm0; the loudest that 16 bits hold is 3.14 dB above.
const AMPLITUDE_AT_0: f64 = 22_379.0;

/// How a key sounds when it arrives. The default is what a network makes of a key.
#[derive(Clone, Copy, Debug)]
pub struct KeySound {
    /// How long it lasts.
    pub duration: Duration,
    /// The level of the low tone, in dBm0.
    pub level: f64,
    /// How much louder the high tone is, in dB.
    pub twist: f64,
    /// How far both tones lie from where they should, in percent.
    pub off: f64,
}

/// A tone that the network plays while a call is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The other telephone rings.
    Ringing,
    /// Somebody else speaks with it.
    Busy,
    /// There is no way through the network.
    Congestion,
    /// Three rising tones before an announcement.
    SpecialInformation,
}

impl Default for KeySound {
    fn default() -> KeySound {
        KeySound { duration: Duration::from_millis(100), level: -10.0, twist: 2.0, off: 0.0 }
    }
}

/// The sound of a key; nothing for a sign that no telephone has.
pub fn key(sign: char, sound: KeySound) -> Option<Vec<i16>> {
    let (low, high) = tones(sign)?;
    let stretch = 1.0 + sound.off / 100.0;
    let mut wave = Wave::new(sound.duration);
    wave.add(low * stretch, sound.level);
    wave.add(high * stretch, sound.level + sound.twist);
    Some(wave.samples())
}

/// The keys one after the other, with a pause after each; signs that no telephone has are pauses.
pub fn keys(signs: &str, sound: KeySound, pause: Duration) -> Vec<i16> {
    let mut samples = Vec::new();
    for sign in signs.chars() {
        samples.extend(key(sign, sound).unwrap_or_default());
        samples.extend(silence(pause));
    }
    samples
}

/// Nothing, for so long.
pub fn silence(duration: Duration) -> Vec<i16> {
    vec![0; count(duration)]
}

/// A tone of call set-up, for so long, as networks after ITU-T E.180 play them: 425 Hz.
pub fn progress(tone: Progress, duration: Duration) -> Vec<i16> {
    let cadence: &[(u64, &[f64])] = match tone {
        Progress::Ringing => &[(1_000, &[425.0]), (4_000, &[])],
        Progress::Busy => &[(500, &[425.0]), (500, &[])],
        Progress::Congestion => &[(250, &[425.0]), (250, &[])],
        Progress::SpecialInformation => {
            &[(330, &[950.0]), (330, &[1_400.0]), (330, &[1_800.0]), (1_000, &[])]
        }
    };
    let mut samples = Vec::new();
    while samples.len() < count(duration) {
        for (ms, tones) in cadence {
            let mut wave = Wave::new(Duration::from_millis(*ms));
            for tone in *tones {
                wave.add(*tone, -10.0);
            }
            samples.extend(wave.samples());
        }
    }
    samples.truncate(count(duration));
    samples
}

/// The two tones of a key.
fn tones(sign: char) -> Option<(f64, f64)> {
    let low = match sign {
        '1' | '2' | '3' | 'A' => 697.0,
        '4' | '5' | '6' | 'B' => 770.0,
        '7' | '8' | '9' | 'C' => 852.0,
        '*' | '0' | '#' | 'D' => 941.0,
        _ => return None,
    };
    let high = match sign {
        '1' | '4' | '7' | '*' => 1_209.0,
        '2' | '5' | '8' | '0' => 1_336.0,
        '3' | '6' | '9' | '#' => 1_477.0,
        _ => 1_633.0,
    };
    Some((low, high))
}

fn count(duration: Duration) -> usize {
    (duration.as_secs_f64() * RATE).round() as usize
}

/// Tones over one another, with soft edges of 2 ms, as a network cuts them.
struct Wave(Vec<f64>);

impl Wave {
    fn new(duration: Duration) -> Wave {
        Wave(vec![0.0; count(duration)])
    }

    /// Adds a tone. A point turns on a circle, by the same angle each sample.
    fn add(&mut self, frequency: f64, level: f64) {
        let (turn_up, turn_on) = (std::f64::consts::TAU * frequency / RATE).sin_cos();
        let (mut up, mut on) = (0.0, AMPLITUDE_AT_0 * 10_f64.powf(level / 20.0));
        for sample in &mut self.0 {
            *sample += up;
            (up, on) = (up * turn_on + on * turn_up, on * turn_on - up * turn_up);
        }
    }

    fn samples(self) -> Vec<i16> {
        let length = self.0.len();
        let edge = |at: usize| (at.min(length - 1 - at) as f64 / 16.0).min(1.0);
        let rounded = |(at, sample): (usize, f64)| {
            (sample * edge(at)).round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
        };
        self.0.into_iter().enumerate().map(rounded).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often the wave goes up through zero.
    fn rises(samples: &[i16]) -> usize {
        samples.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count()
    }

    #[test]
    fn a_key_is_its_two_tones_for_as_long_as_it_is_pressed() {
        let low_alone =
            KeySound { twist: -60.0, duration: Duration::from_secs(1), ..KeySound::default() };
        let high_alone = KeySound { twist: 60.0, level: -70.0, ..low_alone };
        for (sign, low, high) in
            [('1', 697, 1_209), ('5', 770, 1_336), ('#', 941, 1_477), ('D', 941, 1_633)]
        {
            let samples = key(sign, low_alone).expect("a key");
            assert_eq!(samples.len(), 8_000);
            assert!(rises(&samples).abs_diff(low) < 4, "{sign}: {}", rises(&samples));
            let samples = key(sign, high_alone).expect("a key");
            assert!(rises(&samples).abs_diff(high) < 4, "{sign}: {}", rises(&samples));
        }
        assert_eq!(key('x', KeySound::default()), None);
    }

    #[test]
    fn a_level_is_below_the_loudest_by_its_decibels() {
        let sound = KeySound { level: -20.0, twist: -90.0, ..KeySound::default() };
        let loudest = key('5', sound).expect("a key").into_iter().max().expect("samples");
        assert!((2_200..2_250).contains(&loudest), "{loudest}");
    }

    #[test]
    fn ringing_pauses_between_rings() {
        let samples = progress(Progress::Ringing, Duration::from_secs(6));
        assert_eq!(samples.len(), 48_000);
        assert!(rises(&samples[..8_000]).abs_diff(425) < 3);
        assert!(samples[8_000..40_000].iter().all(|sample| *sample == 0));
        assert!(rises(&samples[40_000..]) > 400);
    }
}
