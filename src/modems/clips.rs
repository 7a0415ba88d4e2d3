//! The pieces of a prompt as sound: recordings are read once, and again only when their file changed.
//!
//! Nothing is made louder, cut or mended here: that is done once, when a recording comes into the
//! office (`rollcall prompt import`).

use super::drafts::Drafts;
use crate::model::Piece;
use crate::office;
use rollcall_drivers::audio::frame::samples_in;
use rollcall_drivers::audio::prompt::Clip;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Words that nobody says are a silence that lasts as long as somebody would speak them.
const A_LETTER: Duration = Duration::from_millis(65);

/// The recordings of an office.
pub(super) struct Clips {
    office: PathBuf,
    drafts: Drafts,
    known: Mutex<BTreeMap<PathBuf, (SystemTime, Clip)>>,
}

impl Clips {
    pub(super) fn new(office: &Path, drafts: Drafts) -> Clips {
        Clips { office: office.to_owned(), drafts, known: Mutex::default() }
    }

    /// The pieces as sound, in their order.
    ///
    /// # Errors
    /// A recording is missing or cannot be read; which, in plain words.
    pub(super) fn of(&self, pieces: &[Piece]) -> Result<Vec<Clip>, String> {
        let is_open = |piece: &Piece| matches!(piece, Piece::FirstOf { .. } | Piece::AllOf { .. });
        let files = match pieces.iter().any(is_open) {
            true => office::recordings(&self.office),
            false => BTreeSet::new(),
        };
        let clips = Piece::settled(pieces, &files).into_iter().map(|piece| self.clip(&piece));
        clips.filter_map(Result::transpose).collect()
    }

    fn clip(&self, piece: &Piece) -> Result<Option<Clip>, String> {
        match piece {
            Piece::Recording(file) => {
                let read = self.recording(file).map(Some);
                read.map_err(|why| format!("the recording `{file}`: {why}"))
            }
            // None is left once it is settled.
            Piece::FirstOf { .. } | Piece::AllOf { .. } => Ok(None),
            Piece::Words { language, text } => {
                if let Some(clip) = self.drafts.of(language, text) {
                    return Ok(Some(clip));
                }
                let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                let lasts = A_LETTER.saturating_mul(letters).min(Duration::from_secs(30));
                Ok(Some(Clip::new(vec![0; samples_in(lasts)])))
            }
        }
    }

    fn recording(&self, file: &str) -> Result<Clip, String> {
        let path = self.office.join(file);
        let changed = std::fs::metadata(&path).and_then(|it| it.modified());
        let changed = changed.map_err(|error| error.to_string())?;
        let known = |all: &BTreeMap<PathBuf, (SystemTime, Clip)>| {
            all.get(&path).filter(|(at, _)| *at == changed).map(|(_, clip)| clip.clone())
        };
        if let Some(clip) = known(&self.known.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(clip);
        }
        let octets = std::fs::read(&path).map_err(|error| error.to_string())?;
        let clip = Clip::from_wav(&octets).map_err(|error| error.to_string())?;
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(path, (changed, clip.clone()));
        Ok(clip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;
    use crate::switchboard::DraftVoice;
    use rollcall_drivers::audio::wav;

    fn quiet(office: &Path) -> Clips {
        Clips::new(office, Drafts::new(DraftVoice::Nobody, office))
    }

    #[test]
    fn a_recording_is_read_once_and_again_when_it_changed() {
        let office = tempfile::tempdir().expect("a folder");
        let file = office.path().join("packs.wav");
        std::fs::write(&file, wav::write(8_000, &[7; 800])).expect("the folder is ours");
        let clips = quiet(office.path());
        let piece = [Piece::Recording("packs.wav".to_owned())];
        let first = clips.of(&piece).expect("it is there");
        assert_eq!(first[0].samples(), [7; 800]);
        std::fs::write(&file, wav::write(8_000, &[9; 1_600])).expect("the folder is ours");
        let later = SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
        let opened = std::fs::File::options().write(true).open(&file).expect("it is there");
        opened.set_modified(later).expect("the file is ours");
        assert_eq!(clips.of(&piece).expect("it is there")[0].samples(), [9; 1_600]);
        std::fs::remove_file(&file).expect("the file is ours");
        let why = clips.of(&piece).expect_err("it is gone");
        assert!(why.contains("`packs.wav`"), "{why}");
    }

    #[test]
    fn the_best_recording_that_the_office_has_is_played() {
        let office = tempfile::tempdir().expect("a folder");
        let folder = office.path().join("prompts/stock/en");
        std::fs::create_dir_all(&folder).expect("the folder is ours");
        let wav = wav::write(8_000, &[5; 80]);
        std::fs::write(folder.join("PACKS.wav"), wav).expect("the folder is ours");
        let first_of = |recordings: &[&str]| Piece::FirstOf {
            recordings: recordings.iter().map(|&path| path.to_owned()).collect(),
            otherwise: Vec::new(),
        };
        let there = first_of(&["prompts/stock/fr/packs.wav", "prompts/stock/en/packs.wav"]);
        let missing = first_of(&["prompts/stock/fr/packs.wav"]);
        let clips = quiet(office.path()).of(&[missing, there]).expect("it is there");
        assert_eq!(clips, [Clip::new(vec![5; 80])]);
    }

    #[test]
    fn words_without_a_recording_are_a_silence_as_long_as_the_words() {
        let office = tempfile::tempdir().expect("a folder");
        let text = "Are you at work today?".to_owned();
        let words = Piece::Words { language: Language::new("en"), text };
        let clips = quiet(office.path()).of(&[words]).expect("it is made");
        assert_eq!(clips[0].duration(), Duration::from_millis(22 * 65));
        assert!(clips[0].samples().iter().all(|sample| *sample == 0));
    }
}
