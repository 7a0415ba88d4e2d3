//! A made-up voice: it spells. Each letter is a syllable of 60 ms that has two tones, one deep and
//! one high; ears that know the letters hear the words again.
//!
//! It stands in the country for speech that nobody has recorded. It is as fast as people speak,
//! goes through a telephone, and resembles no key: the tones of keys lie between its own. A
//! frame that is lost costs a letter at most. Whoever listens has to hear it; nothing is passed by
//! any other way.

use std::f64::consts::TAU;

/// The two tones of a letter, deep and high, in hertz.
const DEEP: [f64; 5] = [200.0, 300.0, 400.0, 500.0, 600.0];
const HIGH: [f64; 9] =
    [1_700.0, 1_900.0, 2_100.0, 2_300.0, 2_500.0, 2_700.0, 2_900.0, 3_100.0, 3_300.0];
/// All letters it can say. The last one says the letter before again.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789 .,?'-+:~";
const AGAIN: char = '~';
/// A syllable, in samples.
const SYLLABLE: usize = 480;
/// What is heard at once.
pub(super) const FRAME: usize = 160;
const RATE: f64 = 8_000.0;
/// The amplitude of each tone.
const LOUDNESS: f64 = 3_200.0;
/// The mean square below which it is quiet.
const QUIET: f64 = 40_000.0;
/// How much stronger than the next one a tone must be, as a ratio of energies.
const CLEAR: f64 = 4.0;

/// A text as this voice can say it: small letters without accents.
pub fn spelt(text: &str) -> String {
    let mut spelt = String::new();
    for sign in text.chars().flat_map(char::to_lowercase) {
        let plain = match sign {
            'à' | 'â' | 'ä' | 'á' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            '’' | '‘' => '\'',
            '!' | ';' => '.',
            '/' => '-',
            sign if sign.is_whitespace() => ' ',
            sign => sign,
        };
        let is_double_space = plain == ' ' && spelt.ends_with(' ');
        if LETTERS.contains(plain) && plain != AGAIN && !is_double_space {
            spelt.push(plain);
        }
    }
    spelt
}

/// A text, said.
pub fn say(text: &str) -> Vec<i16> {
    let mut samples = Vec::new();
    let mut before = AGAIN;
    for sign in spelt(text).chars() {
        let said = if sign == before { AGAIN } else { sign };
        before = if said == AGAIN { AGAIN } else { sign };
        let Some(nth) = LETTERS.chars().position(|letter| letter == said) else { continue };
        samples.extend(syllable(DEEP[nth % DEEP.len()], HIGH[nth / DEEP.len()]));
    }
    samples
}

fn syllable(deep: f64, high: f64) -> impl Iterator<Item = i16> {
    (0..SYLLABLE).map(move |at| {
        let time = at as f64 / RATE;
        let edge = (at.min(SYLLABLE - 1 - at) as f64 / 16.0).min(1.0);
        let wave = (TAU * deep * time).sin() + (TAU * high * time).sin();
        (wave * LOUDNESS * edge).round() as i16
    })
}

/// Ears that know the voice.
#[derive(Debug, Default)]
pub(super) struct Ears {
    /// The letter that sounds, by its number.
    sounding: Option<usize>,
    /// The last letter that was understood.
    last: Option<char>,
    words: String,
    quiet: u32,
}

/// What 20 ms sound like.
enum Sound {
    Quiet,
    Letter(usize),
    Unclear,
}

impl Ears {
    /// Takes 20 ms.
    pub(super) fn hear(&mut self, frame: &[i16; FRAME]) {
        match sound(frame) {
            Sound::Quiet => {
                self.quiet += 1;
                if self.quiet > 1 {
                    self.sounding = None;
                    self.last = None;
                }
            }
            Sound::Unclear => self.quiet = 0,
            Sound::Letter(nth) => {
                self.quiet = 0;
                if self.sounding != Some(nth) {
                    self.sounding = Some(nth);
                    self.understand(nth);
                }
            }
        }
    }

    fn understand(&mut self, nth: usize) {
        let Some(letter) = LETTERS.chars().nth(nth) else { return };
        let meant = if letter == AGAIN { self.last.take() } else { Some(letter) };
        self.words.extend(meant);
        if letter != AGAIN {
            self.last = Some(letter);
        }
    }

    /// What was said since this was last emptied.
    pub(super) fn words(&self) -> &str {
        &self.words
    }

    /// Forgets what was said.
    pub(super) fn forget(&mut self) {
        self.words.clear();
        self.last = None;
    }

    /// For how many frames it has been quiet.
    pub(super) fn quiet(&self) -> u32 {
        self.quiet
    }
}

fn sound(frame: &[i16; FRAME]) -> Sound {
    let energy: f64 = frame.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    if energy / (FRAME as f64) < QUIET {
        return Sound::Quiet;
    }
    // Without sharp edges, so that each tone keeps to itself.
    let mut soft = [0.0; FRAME];
    for (at, (soft, sample)) in soft.iter_mut().zip(frame).enumerate() {
        let window = 0.5 - 0.5 * (TAU * (at as f64 + 0.5) / FRAME as f64).cos();
        *soft = f64::from(*sample) * window;
    }
    let least = energy * FRAME as f64 / 40.0;
    match (loudest(&soft, &DEEP, least), loudest(&soft, &HIGH, least)) {
        (Some(deep), Some(high)) => {
            let nth = high * DEEP.len() + deep;
            if nth < LETTERS.len() { Sound::Letter(nth) } else { Sound::Unclear }
        }
        _ => Sound::Unclear,
    }
}

/// Which of these tones is in a frame, if one is much louder than all others and at least so loud.
fn loudest(frame: &[f64; FRAME], tones: &[f64], least: f64) -> Option<usize> {
    let (mut best, mut second) = ((0, 0.0), 0.0_f64);
    for (nth, tone) in tones.iter().enumerate() {
        let energy = energy(frame, *tone);
        if energy > best.1 {
            second = best.1;
            best = (nth, energy);
        } else {
            second = second.max(energy);
        }
    }
    (best.1 > second * CLEAR && best.1 > least).then_some(best.0)
}

/// The energy at a frequency, by Goertzel's way.
fn energy(frame: &[f64; FRAME], tone: f64) -> f64 {
    let turn = 2.0 * (TAU * tone / RATE).cos();
    let (mut one, mut two) = (0.0, 0.0);
    for sample in frame {
        let new = sample + turn * one - two;
        two = one;
        one = new;
    }
    one * one + two * two - turn * one * two
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is heard of sound that begins so many samples into a frame.
    fn heard(samples: &[i16], late: usize) -> String {
        let mut all = vec![0; late];
        all.extend(samples);
        all.resize(all.len().next_multiple_of(FRAME) + 3 * FRAME, 0);
        let mut ears = Ears::default();
        for frame in all.chunks_exact(FRAME) {
            ears.hear(frame.try_into().expect("a frame"));
        }
        ears.words().to_owned()
    }

    #[test]
    fn words_are_heard_again_wherever_the_frames_begin() {
        let text = "Bonjour, are you still at Toe Town clinic? For yes, press 1. Accra: 00772!";
        for late in [0, 1, 37, 80, 121, 159] {
            assert_eq!(heard(&say(text), late), spelt(text), "{late} samples late");
        }
    }

    #[test]
    fn accents_and_signs_become_what_can_be_said() {
        assert_eq!(spelt("Français:  l’été!"), "francais: l'ete.");
    }

    #[test]
    fn a_lost_frame_costs_no_letter() {
        let mut samples = say("good morning");
        samples[3 * SYLLABLE + 160..3 * SYLLABLE + 320].fill(0);
        assert_eq!(heard(&samples, 0), "good morning");
    }

    #[test]
    fn noise_and_tones_of_the_network_are_no_words() {
        use super::super::sound::{KeySound, Progress, keys, progress};
        use std::time::Duration;
        let long = Duration::from_secs(5);
        for tone in [Progress::Ringing, Progress::Busy, Progress::SpecialInformation] {
            assert_eq!(heard(&progress(tone, long), 0), "");
        }
        let pressed = keys("0123456789*#", KeySound::default(), Duration::from_millis(80));
        assert_eq!(heard(&pressed, 0), "");
    }
}
