//! Whether somebody speaks: each frame's loudness beside that of the quiet between words.

use super::frame::Frame;

/// Below this loudness nothing is speech: about -48 dBm0.
const FAINTEST: f32 = 90.0;
/// How many times louder than the quiet speech is: 10 dB.
const ABOVE_QUIET: f32 = 3.2;
/// How fast the measure of the quiet goes up a frame: 1 dB in half a second. It must not learn a
/// long word as quiet.
const RISE: f32 = 1.005;
/// How much of the way down it goes a frame.
const FALL: f32 = 0.3;

/// What was heard in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Somebody spoke.
    Speech,
    /// Nobody spoke.
    Quiet,
}

/// The measure of the quiet so far.
#[derive(Debug)]
pub struct VoiceLevel {
    quiet: f32,
}

impl Default for VoiceLevel {
    /// Before the first frame: a line without noise.
    fn default() -> VoiceLevel {
        VoiceLevel { quiet: FAINTEST / ABOVE_QUIET }
    }
}

impl VoiceLevel {
    /// Judges one frame.
    pub fn handle_frame(&mut self, frame: &Frame) -> Heard {
        let loudness = frame.loudness();
        let speaks = loudness > FAINTEST && loudness > self.quiet * ABOVE_QUIET;
        if loudness > self.quiet {
            self.quiet = (self.quiet.max(1.0) * RISE).min(loudness);
        } else {
            self.quiet += (loudness - self.quiet) * FALL;
        }
        if speaks { Heard::Speech } else { Heard::Quiet }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(amplitude: i16) -> Frame {
        Frame(std::array::from_fn(|at| if at % 2 == 0 { amplitude } else { -amplitude }))
    }

    #[test]
    fn speech_stands_out_of_silence_and_of_a_noisy_line() {
        for noise in [0, 20, 60] {
            let mut level = VoiceLevel::default();
            for _ in 0..100 {
                assert_eq!(level.handle_frame(&frame(noise)), Heard::Quiet, "{noise}");
            }
            assert_eq!(level.handle_frame(&frame(2_000)), Heard::Speech, "{noise}");
        }
    }

    #[test]
    fn a_generator_is_taken_for_speech_for_some_seconds_only() {
        let mut level = VoiceLevel::default();
        let loud: Vec<_> = (0..1_000).map(|_| level.handle_frame(&frame(1_000))).collect();
        assert_eq!(loud[0], Heard::Speech);
        assert_eq!(loud[999], Heard::Quiet);
    }

    #[test]
    fn a_sentence_of_ten_seconds_stays_speech() {
        let mut level = VoiceLevel::default();
        for word in 0..20 {
            for _ in 0..20 {
                assert_eq!(level.handle_frame(&frame(3_000)), Heard::Speech, "word {word}");
            }
            for _ in 0..5 {
                assert_eq!(level.handle_frame(&frame(5)), Heard::Quiet, "word {word}");
            }
        }
    }
}
