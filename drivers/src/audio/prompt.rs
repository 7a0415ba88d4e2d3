//! Prompts: recordings made ready to be played, and several of them as one.
//!
//! A clip is read once, when the flow is made ready, and shared by all calls that play it: it is
//! never converted during a call.

use std::sync::Arc;

use super::frame::{Frame, SAMPLES, duration_of};
use super::resample::to_telephone_rate;
use super::wav::{Wav, WavError};
use std::time::Duration;

/// One recording, at 8,000 samples a second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clip(Arc<[i16]>);

/// Clips to be played one after the other, without a pause between them, and how far it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    clips: Vec<Clip>,
    clip: usize,
    sample: usize,
}

impl Clip {
    /// The recording of a WAV file's octets, of any rate.
    pub fn from_wav(octets: &[u8]) -> Result<Clip, WavError> {
        let wav = Wav::read(octets)?;
        Ok(Clip::new(to_telephone_rate(wav.rate, &wav.samples)))
    }

    /// Samples that have a telephone's rate already.
    pub fn new(samples: Vec<i16>) -> Clip {
        Clip(samples.into())
    }

    /// Its samples.
    pub fn samples(&self) -> &[i16] {
        &self.0
    }

    /// How long it lasts.
    pub fn duration(&self) -> Duration {
        duration_of(self.0.len())
    }
}

impl Prompt {
    /// The clips, one after the other.
    pub fn new(clips: Vec<Clip>) -> Prompt {
        Prompt { clips, clip: 0, sample: 0 }
    }

    /// How long all of it lasts.
    pub fn duration(&self) -> Duration {
        self.clips.iter().map(Clip::duration).sum()
    }

    /// The next 20 ms; nothing when all is played. The last frame is filled up with silence; clips
    /// meet inside a frame, so that no pause is heard between two words.
    pub fn next_frame(&mut self) -> Option<Frame> {
        let mut frame = Frame::SILENCE;
        let mut filled = 0;
        while filled < SAMPLES {
            let Some(clip) = self.clips.get(self.clip) else { break };
            let rest = &clip.0[self.sample..];
            let taken = rest.len().min(SAMPLES - filled);
            frame.0[filled..filled + taken].copy_from_slice(&rest[..taken]);
            filled += taken;
            self.sample += taken;
            if self.sample == clip.0.len() {
                self.clip += 1;
                self.sample = 0;
            }
        }
        (filled > 0).then_some(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::wav;

    #[test]
    fn two_clips_are_one_sound_without_a_pause() {
        let first = Clip::new((0..200).collect());
        let second = Clip::new((200..330).collect());
        let mut prompt = Prompt::new(vec![first, Clip::new(Vec::new()), second]);
        assert_eq!(prompt.duration(), Duration::from_micros(41_250));
        let mut samples = Vec::new();
        while let Some(frame) = prompt.next_frame() {
            samples.extend(frame.0);
        }
        let wished: Vec<i16> = (0..330).chain(std::iter::repeat_n(0, 150)).collect();
        assert_eq!(samples, wished);
    }

    #[test]
    fn a_prompt_of_nothing_is_over_at_once() {
        assert_eq!(Prompt::default().next_frame(), None);
        assert_eq!(Prompt::new(vec![Clip::new(Vec::new())]).next_frame(), None);
    }

    #[test]
    fn a_clip_of_another_rate_lasts_as_long() {
        let clip = Clip::from_wav(&wav::write(44_100, &vec![0; 44_100])).expect("a second");
        assert_eq!(clip.duration(), Duration::from_secs(1));
    }
}
