//! WAV files: their samples out, samples in. It reads what telephones, recorders and sound editors
//! write (PCM of 8 to 32 bits or floating point, one or two channels, any rate) and refuses the rest
//! by name.
//!
//! Sizes in a WAV file lie often: a recorder that was cut off, or a program that wrote into a pipe,
//! leaves 0 or the largest number. So a chunk ends at the latest where the file does.

use thiserror::Error;

/// The format code of plain samples.
const PCM: u16 = 1;
/// The format code of samples in floating point, from -1 to 1.
const FLOAT: u16 = 3;
/// The format code that says: the real one stands further on.
const EXTENSIBLE: u16 = 0xFFFE;
/// Where the real one stands in the format chunk.
const EXTENSIBLE_CODE_AT: usize = 24;
/// Rates that make sense for speech. The lower end keeps a broken file from growing into hours.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;

/// The sound of a WAV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wav {
    /// Samples a second.
    pub rate: u32,
    /// One channel; two are mixed.
    pub samples: Vec<i16>,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WavError {
    /// No RIFF, no WAVE.
    #[error("this is not a WAV file; save the recording as WAV")]
    NotWav,
    /// It ends before any sound.
    #[error("the WAV file has no sound in it; record it again")]
    NoSound,
    /// Compressed.
    #[error("the WAV file is compressed (format {0}); save it as PCM, 16 bits")]
    Compressed(u16),
    /// 12 bits, 64 bits.
    #[error("the WAV file has {0} bits a sample; save it with 16")]
    Bits(u16),
    /// No channel or more than two.
    #[error("the WAV file has {0} channels; save it with one (mono)")]
    Channels(u16),
    /// A rate that no recorder has.
    #[error("the WAV file has {0} samples a second; save it with 8000 to 48000")]
    Rate(u32),
}

/// What the format chunk says.
#[derive(Clone, Copy, Debug)]
struct Format {
    channels: usize,
    rate: u32,
    sample: Sample,
}

/// How a sample is written.
#[derive(Clone, Copy, Debug)]
enum Sample {
    /// 8 bits without a sign.
    Unsigned,
    /// So many octets with a sign; the highest two are kept.
    Signed(usize),
    /// 32 bits of floating point.
    Float,
}

impl Wav {
    /// Reads a file's octets.
    pub fn read(octets: &[u8]) -> Result<Wav, WavError> {
        if octets.get(..4) != Some(b"RIFF") || octets.get(8..12) != Some(b"WAVE") {
            return Err(WavError::NotWav);
        }
        let format = Format::read(chunk(octets, b"fmt ").ok_or(WavError::NotWav)?)?;
        let samples = format.samples(chunk(octets, b"data").ok_or(WavError::NoSound)?);
        if samples.is_empty() {
            return Err(WavError::NoSound);
        }
        Ok(Wav { rate: format.rate, samples })
    }
}

/// The octets of a WAV file, 16 bits, one channel.
pub fn write(rate: u32, samples: &[i16]) -> Vec<u8> {
    let octets = u32::try_from(samples.len() * 2).unwrap_or(u32::MAX - 36);
    let mut file = Vec::with_capacity(44 + samples.len() * 2);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(octets + 36).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&PCM.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&rate.to_le_bytes());
    file.extend_from_slice(&(rate * 2).to_le_bytes());
    file.extend_from_slice(&2_u16.to_le_bytes());
    file.extend_from_slice(&16_u16.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&octets.to_le_bytes());
    for sample in samples {
        file.extend_from_slice(&sample.to_le_bytes());
    }
    file
}

/// The first chunk with this name, as far as the file has it.
fn chunk<'a>(octets: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    let mut at = 12;
    loop {
        let found = octets.get(at..at + 4)?;
        let size = u32::from_le_bytes(octets.get(at + 4..at + 8)?.try_into().ok()?);
        let begin = at + 8;
        let end = begin.saturating_add(usize::try_from(size).unwrap_or(usize::MAX));
        // The sound is the last chunk of a file whose writer did not come back to fill in its size.
        let unfinished = found == b"data" && size == 0;
        if found == name {
            let end = if unfinished { octets.len() } else { end.min(octets.len()) };
            return octets.get(begin..end);
        }
        // Chunks begin at even places.
        at = end.checked_add(usize::from(size % 2 == 1))?;
    }
}

impl Format {
    fn read(chunk: &[u8]) -> Result<Format, WavError> {
        let word = |at: usize| -> Result<u16, WavError> {
            let pair = chunk.get(at..at + 2).ok_or(WavError::NotWav)?;
            Ok(u16::from_le_bytes([pair[0], pair[1]]))
        };
        let code = match word(0)? {
            EXTENSIBLE => word(EXTENSIBLE_CODE_AT)?,
            code => code,
        };
        let rate = u32::from(word(4)?) | u32::from(word(6)?) << 16;
        let (channels, bits) = (word(2)?, word(14)?);
        let sample = match (code, bits) {
            (PCM, 8) => Sample::Unsigned,
            (PCM, 16 | 24 | 32) => Sample::Signed(usize::from(bits / 8)),
            (FLOAT, 32) => Sample::Float,
            (PCM | FLOAT, _) => return Err(WavError::Bits(bits)),
            (_, _) => return Err(WavError::Compressed(code)),
        };
        if !matches!(channels, 1 | 2) {
            return Err(WavError::Channels(channels));
        }
        if !RATES.contains(&rate) {
            return Err(WavError::Rate(rate));
        }
        Ok(Format { channels: usize::from(channels), rate, sample })
    }

    fn samples(self, data: &[u8]) -> Vec<i16> {
        let width = self.sample.width();
        data.chunks_exact(width * self.channels)
            .map(|moment| {
                let sum: i32 =
                    moment.chunks_exact(width).map(|octets| self.sample.read(octets)).sum();
                // The mean of samples of 16 bits has 16 bits.
                (sum / self.channels as i32) as i16
            })
            .collect()
    }
}

impl Sample {
    fn width(self) -> usize {
        match self {
            Sample::Unsigned => 1,
            Sample::Signed(octets) => octets,
            Sample::Float => 4,
        }
    }

    /// One sample as one of 16 bits.
    fn read(self, octets: &[u8]) -> i32 {
        match (self, octets) {
            (Sample::Unsigned, [only]) => (i32::from(*only) - 128) * 256,
            (Sample::Signed(_), [.., low, high]) => i32::from(i16::from_le_bytes([*low, *high])),
            (Sample::Float, [a, b, c, d]) => {
                let sample = f32::from_le_bytes([*a, *b, *c, *d]) * 32_768.0;
                // What is not a number becomes 0, what is too loud the loudest.
                i32::from(sample as i16)
            }
            (_, _) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(code: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
        let mut file = write(rate, &[]);
        file[20..22].copy_from_slice(&code.to_le_bytes());
        file[22..24].copy_from_slice(&channels.to_le_bytes());
        file[34..36].copy_from_slice(&bits.to_le_bytes());
        file[40..44].copy_from_slice(&(data.len() as u32).to_le_bytes());
        file.extend_from_slice(data);
        file
    }

    #[test]
    fn what_is_written_is_read_again() {
        let samples = vec![0, 1, -1, i16::MAX, i16::MIN];
        let read = Wav::read(&write(8_000, &samples)).expect("it was written here");
        assert_eq!(read, Wav { rate: 8_000, samples });
    }

    #[test]
    fn eight_bits_have_their_zero_in_the_middle() {
        let read = Wav::read(&file(1, 1, 11_025, 8, &[128, 255, 0])).expect("8 bits");
        assert_eq!(read.samples, [0, 127 * 256, i16::MIN]);
    }

    #[test]
    fn what_sound_editors_write_is_read() {
        let high = [0x12, 0x34, 0x56, 0xff, 0xff, 0x80];
        let read = Wav::read(&file(1, 1, 48_000, 24, &high)).expect("24 bits");
        assert_eq!(read.samples, [0x5634, 0x80ff_u16 as i16]);
        let float = [0.5_f32, -1.0, 7.0, f32::NAN].map(f32::to_le_bytes).concat();
        let read = Wav::read(&file(3, 1, 48_000, 32, &float)).expect("floating point");
        assert_eq!(read.samples, [16_384, i16::MIN, i16::MAX, 0]);
    }

    #[test]
    fn two_channels_are_mixed_without_overflow() {
        let both = [i16::MAX, i16::MAX, 100, -300].map(i16::to_le_bytes).concat();
        let read = Wav::read(&file(1, 2, 44_100, 16, &both)).expect("stereo");
        assert_eq!(read.samples, [i16::MAX, -100]);
    }

    #[test]
    fn other_chunks_before_the_sound_are_passed_by() {
        let plain = write(8_000, &[7, 8]);
        let mut file = plain[..36].to_vec();
        file.extend_from_slice(b"LIST\x03\0\0\0abc\0");
        file.extend_from_slice(&plain[36..]);
        assert_eq!(Wav::read(&file).expect("a list is no sound").samples, [7, 8]);
    }

    #[test]
    fn a_size_that_was_never_filled_in_ends_with_the_file() {
        for size in [0, u32::MAX] {
            let mut file = write(8_000, &[7, 8, 9]);
            file[40..44].copy_from_slice(&size.to_le_bytes());
            assert_eq!(Wav::read(&file).expect("the sound is there").samples, [7, 8, 9]);
        }
    }

    #[test]
    fn what_is_not_taken_is_named() {
        let two = [0, 0];
        assert_eq!(Wav::read(b"ID3"), Err(WavError::NotWav));
        assert_eq!(Wav::read(&write(8_000, &[])), Err(WavError::NoSound));
        assert_eq!(Wav::read(&file(85, 1, 8_000, 16, &two)), Err(WavError::Compressed(85)));
        assert_eq!(Wav::read(&file(1, 1, 8_000, 12, &two)), Err(WavError::Bits(12)));
        assert_eq!(Wav::read(&file(3, 1, 8_000, 64, &two)), Err(WavError::Bits(64)));
        assert_eq!(Wav::read(&file(1, 6, 8_000, 16, &two)), Err(WavError::Channels(6)));
        assert_eq!(Wav::read(&file(1, 1, 1, 16, &two)), Err(WavError::Rate(1)));
    }

    #[test]
    fn a_file_cut_off_anywhere_never_panics() {
        let whole = file(1, 2, 44_100, 16, &[1; 40]);
        for length in 0..whole.len() {
            let _ = Wav::read(&whole[..length]);
        }
    }
}
