//! The 20 ms of sound that a call moves at a time, each way.

use std::fmt;
use std::time::Duration;

/// Samples a second in all that a call carries.
pub const RATE: u32 = 8_000;
/// Samples of one frame.
pub const SAMPLES: usize = 160;
/// How long a frame lasts.
pub const DURATION: Duration = Duration::from_millis(20);

/// A frame: 160 samples of 16 bits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Frame(pub [i16; SAMPLES]);

impl Frame {
    /// Nothing to be heard.
    pub const SILENCE: Frame = Frame([0; SAMPLES]);
    /// Octets of one frame on a modem's audio port: two a sample, the low one first.
    pub const OCTETS: usize = 2 * SAMPLES;

    /// The frame that an audio port gave.
    pub fn from_octets(octets: &[u8; Frame::OCTETS]) -> Frame {
        Frame(std::array::from_fn(|at| i16::from_le_bytes([octets[2 * at], octets[2 * at + 1]])))
    }

    /// As an audio port takes it.
    pub fn to_octets(self) -> [u8; Frame::OCTETS] {
        let mut octets = [0; Frame::OCTETS];
        for (pair, sample) in octets.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&sample.to_le_bytes());
        }
        octets
    }

    /// Its root mean square: how loud it is.
    pub fn loudness(&self) -> f32 {
        let squares: f32 = self.0.iter().map(|sample| f32::from(*sample).powi(2)).sum();
        (squares / SAMPLES as f32).sqrt()
    }
}

/// How long so many samples last.
pub fn duration_of(samples: usize) -> Duration {
    Duration::from_secs_f64(samples as f64 / f64::from(RATE))
}

/// How many samples last so long.
pub fn samples_in(duration: Duration) -> usize {
    (duration.as_secs_f64() * f64::from(RATE)).round() as usize
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame(loudness {:.0})", self.loudness())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_the_same_after_it_was_octets() {
        let frame = Frame(std::array::from_fn(|at| (at as i16 - 80) * 409));
        assert_eq!(Frame::from_octets(&frame.to_octets()), frame);
        assert_eq!(frame.to_octets()[0..2], (-32720_i16).to_le_bytes());
    }

    #[test]
    fn a_second_has_eight_thousand_samples() {
        assert_eq!(samples_in(Duration::from_secs(1)), 8_000);
        assert_eq!(duration_of(SAMPLES), DURATION);
    }
}
