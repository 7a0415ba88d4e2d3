//! A recording's file as samples, when it is brought in: WAV, MP3, or OGG with Vorbis sound.
//!
//! The kind is told by what the file holds, not by its name. Compressed sound is decoded here alone,
//! never during a call. A file that is damaged, foreign or far too long is refused, and soon: what
//! it claims about its own length is not believed.

use rollcall_drivers::audio::wav::Wav;
use std::io::Cursor;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as Damage;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

/// The largest file that is looked at, in octets: ten minutes of the best WAV that is recorded.
const LARGEST: usize = 120_000_000;
/// The longest recording, in seconds.
const LONGEST: usize = 600;
/// Sample rates that make sense for speech.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;
/// Of so many packets one may be damaged: the first one of an MP3 that was cut often is.
const GOOD_FOR_ONE_BAD: usize = 10;
/// Where a page of an OGG file says whether it is the last one, and how.
const PAGE_KIND_AT: usize = 5;
const LAST_PAGE: u8 = 4;

/// The head of an MP3's titles and pictures, in octets, and how far into its first frame a count of
/// frames begins at the latest.
const TAG_HEAD: usize = 10;
const FRAME_HEAD: usize = 44;

/// The sound of a file's octets.
///
/// # Errors
/// Why it is not taken, and what to do, in plain words.
pub(super) fn decode(octets: &[u8]) -> Result<Wav, String> {
    if octets.len() > LARGEST {
        return Err(too_long());
    }
    let wav = match kind(octets)? {
        Kind::Wav => Wav::read(octets).map_err(|error| error.to_string())?,
        Kind::Mp3 => compressed(octets, "mp3")?,
        Kind::Ogg if is_cut_off(octets) => return Err(cut_off()),
        Kind::Ogg => compressed(octets, "ogg")?,
    };
    if wav.samples.len() / LONGEST > wav.rate as usize {
        return Err(too_long());
    }
    Ok(wav)
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Wav,
    Mp3,
    Ogg,
}

fn kind(octets: &[u8]) -> Result<Kind, String> {
    let begins = |with: &[u8]| octets.starts_with(with);
    let foreign =
        |what: &str| Err(format!("{what}; save the recording as WAV, MP3 or OGG (Vorbis)"));
    if begins(b"RIFF") {
        return Ok(Kind::Wav);
    }
    if begins(b"OggS") {
        let head = &octets[..octets.len().min(512)];
        let holds = |name: &[u8]| head.windows(name.len()).any(|part| part == name);
        return match holds(b"vorbis") {
            true => Ok(Kind::Ogg),
            false if holds(b"OpusHead") => foreign("this OGG file holds Opus sound"),
            false => foreign("this OGG file holds no Vorbis sound"),
        };
    }
    // A frame of MPEG sound of layer 3 begins with eleven bits that are set.
    let is_frame = matches!(octets, [0xFF, second, ..] if second & 0xE6 == 0xE2);
    match octets.get(4..8) {
        _ if begins(b"ID3") || is_frame => Ok(Kind::Mp3),
        Some(b"ftyp") => foreign("this is an M4A, MP4 or 3GP file"),
        _ if begins(b"#!AMR") => foreign("this is an AMR file"),
        _ if octets.is_empty() => Err("the file is empty; copy it again".to_owned()),
        Some(_) | None => foreign("this is not a WAV, MP3 or OGG file"),
    }
}

fn is_cut_off(ogg: &[u8]) -> bool {
    let last = ogg.windows(4).rposition(|part| part == b"OggS");
    let kind = last.and_then(|at| ogg.get(at + PAGE_KIND_AT));
    kind.is_none_or(|kind| kind & LAST_PAGE == 0)
}

/// Whether an MP3 begins with its writer's own count of frames.
fn counts_its_frames(mp3: &[u8]) -> bool {
    let sound = match mp3 {
        [b'I', b'D', b'3', _, _, _, size @ ..] if size.len() >= 4 => {
            let size = size[..4].iter().fold(0, |sum, octet| sum << 7 | usize::from(octet & 0x7F));
            mp3.get(TAG_HEAD + size..).unwrap_or_default()
        }
        all => all,
    };
    let head = &sound[..sound.len().min(FRAME_HEAD)];
    head.windows(4).any(|part| part == b"Xing" || part == b"Info")
}

fn compressed(octets: &[u8], ending: &str) -> Result<Wav, String> {
    let source = MediaSourceStream::new(Box::new(Cursor::new(octets)), Default::default());
    let mut hint = Hint::new();
    hint.with_extension(ending);
    let mut file = symphonia::default::get_probe()
        .probe(&hint, source, FormatOptions::default(), MetadataOptions::default())
        .map_err(|_| damaged())?;
    let track = file.default_track(TrackType::Audio).ok_or_else(damaged)?;
    // Without a count of the writer's own, the length is a guess from the size of the file.
    let promised = track.num_frames.filter(|_| ending == "ogg" || counts_its_frames(octets));
    let id = track.id;
    let parameters = track.codec_params.as_ref().and_then(|it| it.audio()).ok_or_else(damaged)?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|_| damaged())?;
    let wav = samples(file.as_mut(), id, decoder.as_mut())?;
    let promised = usize::try_from(promised.unwrap_or(0)).unwrap_or(usize::MAX);
    // The writer's own count leaves out some of the first and last packet; no word is so short.
    if wav.samples.len() + wav.rate as usize / 10 < promised {
        return Err(cut_off());
    }
    Ok(wav)
}

fn samples(
    file: &mut dyn FormatReader,
    track: u32,
    decoder: &mut dyn AudioDecoder,
) -> Result<Wav, String> {
    let mut wav = Wav { rate: 0, samples: Vec::new() };
    let (mut good, mut bad, mut interleaved) = (0, 0, Vec::<i16>::new());
    while let Some(packet) = file.next_packet().map_err(|_| damaged())? {
        if packet.track_id != track {
            continue;
        }
        let sound = match decoder.decode(&packet) {
            Ok(sound) => sound,
            Err(Damage::DecodeError(_) | Damage::IoError(_)) => {
                bad += 1;
                continue;
            }
            Err(_) => return Err(damaged()),
        };
        let (rate, channels) = (sound.spec().rate(), sound.spec().channels().count());
        if !RATES.contains(&rate) || (wav.rate != 0 && wav.rate != rate) || channels == 0 {
            return Err(damaged());
        }
        sound.copy_to_vec_interleaved(&mut interleaved);
        wav.rate = rate;
        wav.samples.extend(interleaved.chunks_exact(channels).map(mixed));
        good += 1;
        if wav.samples.len() / LONGEST > rate as usize {
            return Err(too_long());
        }
    }
    match wav.samples.is_empty() || bad > 1 + good / GOOD_FOR_ONE_BAD {
        true => Err(damaged()),
        false => Ok(wav),
    }
}

fn mixed(channels: &[i16]) -> i16 {
    let sum: i64 = channels.iter().map(|sample| i64::from(*sample)).sum();
    i16::try_from(sum / channels.len() as i64).unwrap_or_default()
}

fn damaged() -> String {
    "the file is damaged; copy it again, or save the recording again".to_owned()
}

fn cut_off() -> String {
    "the file is cut off before its end; copy it again, or save the recording again".to_owned()
}

fn too_long() -> String {
    format!("it is longer than {} minutes; cut it into its pieces", LONGEST / 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rollcall_drivers::audio::wav;

    /// 0.6 s of 600 Hz at 22,050 samples a second, two channels.
    const MP3: &[u8] = include_bytes!("sounds/tone.mp3");
    const OGG: &[u8] = include_bytes!("sounds/tone.ogg");

    /// How often the sound goes up through nothing in a second of it.
    fn pitch(wav: &Wav) -> f64 {
        let middle = &wav.samples[wav.samples.len() / 4..wav.samples.len() * 3 / 4];
        let ups = middle.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
        ups as f64 * f64::from(wav.rate) / middle.len() as f64
    }

    #[test]
    fn a_tone_comes_out_of_each_kind_of_file_as_it_went_in() {
        for (kind, octets) in [("mp3", MP3), ("ogg", OGG)] {
            let wav = decode(octets).expect("a good file");
            let seconds = wav.samples.len() as f64 / f64::from(wav.rate);
            assert_eq!(wav.rate, 22_050, "{kind}");
            assert!((0.55..0.75).contains(&seconds), "{kind}: {seconds}");
            assert!((595.0..605.0).contains(&pitch(&wav)), "{kind}: {}", pitch(&wav));
            let loudest = wav.samples.iter().copied().max().unwrap_or_default();
            assert!((8_000..14_000).contains(&loudest), "{kind}: {loudest}");
        }
        assert_eq!(decode(&wav::write(8_000, &[5; 80])).expect("a good file").samples, [5; 80]);
    }

    #[test]
    fn a_foreign_file_is_told_by_what_it_holds() {
        let why = |octets: &[u8]| decode(octets).expect_err("it is foreign");
        assert!(why(b"\0\0\0\x18ftypM4A ....").contains("M4A"));
        assert!(why(b"#!AMR\n....").contains("AMR"));
        assert!(why(b"OggS.......................OpusHead").contains("Opus"));
        assert!(why(b"OggS.......................").contains("no Vorbis"));
        assert!(why(b"just a text").contains("not a WAV, MP3 or OGG"));
        assert!(why(b"").contains("empty"));
    }

    /// The MP3 as most programs write it: a frame of silence before it counts those that follow,
    /// behind a title.
    fn counted() -> Vec<u8> {
        let mut octets = b"ID3\x03\0\0\0\0\0\x05title".to_vec();
        let mut frame = MP3[..104].to_vec();
        frame[4..].fill(0);
        frame[21..33].copy_from_slice(b"Info\0\0\0\x01\0\0\0\x19");
        octets.extend(frame);
        octets.extend(MP3);
        octets
    }

    #[test]
    fn a_file_that_was_not_copied_to_its_end_is_refused() {
        let whole = counted();
        decode(&whole).expect("it is whole");
        for (kind, octets) in [("mp3", whole.as_slice()), ("ogg", OGG)] {
            for part in [8, 4, 2] {
                let found = decode(&octets[..octets.len() - octets.len() / part]);
                let why = found.map(|wav| wav.samples.len()).expect_err(kind);
                assert!(why.contains("cut off") || why.contains("damaged"), "{kind}: {why}");
            }
        }
    }

    #[test]
    fn an_mp3_without_a_count_is_not_taken_for_cut_off_because_of_a_guess() {
        assert!(!counts_its_frames(MP3) && counts_its_frames(&counted()));
        decode(&[MP3, MP3].concat()).expect("two sounds in one file are one");
        decode(&MP3[..MP3.len() / 2]).expect("nothing says how long it was");
    }

    #[test]
    fn a_recording_of_hours_is_refused() {
        let hours = wav::write(4_000, &vec![1; 4_000 * (LONGEST + 2)]);
        assert!(decode(&hours).expect_err("it is too long").contains("10 minutes"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn damage_of_any_kind_is_a_sound_or_a_reason(
            of_ogg in any::<bool>(),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
            length in any::<prop::sample::Index>(),
        ) {
            let mut octets = if of_ogg { OGG.to_vec() } else { MP3.to_vec() };
            for (at, octet) in damage {
                let at = at.index(octets.len());
                octets[at] = octet;
            }
            octets.truncate(length.index(octets.len()) + 1);
            if let Ok(wav) = decode(&octets) {
                prop_assert!(!wav.samples.is_empty() && RATES.contains(&wav.rate));
            }
        }
    }
}
