//! What a call says where nobody has recorded it: a draft, so that a flow can be tried before its
//! recordings are made.
//!
//! The speech program `espeak-ng` makes it, as a process of its own, the first time that the words are
//! said; it is kept in `data/drafts`. It is no recording: `flow record-list` and `flow check` go on
//! missing one. For trying on simulated modems a made-up voice spells the words instead, which
//! people of the simulated country understand.

use crate::model::Language;
use crate::switchboard::DraftVoice;
use rollcall_drivers::audio::frame::RATE;
use rollcall_drivers::audio::import::import;
use rollcall_drivers::audio::prompt::Clip;
use rollcall_drivers::audio::wav::{self, Wav};
use rollcall_drivers::simulator::voice;
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The speech program.
const PROGRAM: &str = "espeak-ng";
/// How fast it speaks, in words a minute: slower than it would by itself, for the telephone.
const SPEED: &str = "140";
/// The longest text that is spoken, in characters.
const LONGEST: usize = 600;

/// Whoever speaks for the office.
pub(super) struct Drafts {
    voice: DraftVoice,
    folder: PathBuf,
}

impl Drafts {
    /// `data` is the office's data folder.
    pub(super) fn new(voice: DraftVoice, data: &Path) -> Drafts {
        Drafts { voice, folder: data.join("drafts") }
    }

    /// The words as somebody says them; `None`: nobody can.
    pub(super) fn of(&self, language: &Language, text: &str) -> Option<Clip> {
        match self.voice {
            DraftVoice::Nobody => None,
            DraftVoice::Spelt => Some(Clip::new(voice::say(text))),
            DraftVoice::Espeak => self.spoken(language, text),
        }
    }

    fn spoken(&self, language: &Language, text: &str) -> Option<Clip> {
        let digest = Sha256::digest(format!("{}\n{text}", language.as_str()));
        let name: String = digest.iter().take(12).map(|octet| format!("{octet:02x}")).collect();
        let file = self.folder.join(format!("{}-{name}.wav", language.as_str()));
        if let Ok(octets) = std::fs::read(&file) {
            return Clip::from_wav(&octets).ok();
        }
        let made = std::fs::create_dir_all(&self.folder)
            .map_err(|error| error.to_string())
            .and_then(|()| speak(language, text, &file));
        match made {
            Ok(()) => Clip::from_wav(&std::fs::read(&file).ok()?).ok(),
            Err(why) => {
                tracing::debug!("no draft of {text:?}: {why}");
                None
            }
        }
    }
}

/// Has the words spoken into a file, made ready for the telephone.
fn speak(language: &Language, text: &str, file: &Path) -> Result<(), String> {
    let told = |error: std::io::Error| error.to_string();
    let raw = file.with_extension("raw");
    let mut program = Command::new(PROGRAM)
        .args(["-v", voice_of(language), "-s", SPEED, "--stdin", "-w"])
        .arg(&raw)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(told)?;
    let words: String = text.chars().take(LONGEST).collect();
    if let Some(mut stdin) = program.stdin.take() {
        stdin.write_all(words.as_bytes()).map_err(told)?;
    }
    if !program.wait().map_err(told)?.success() {
        return Err(format!("{PROGRAM} failed"));
    }
    let wav = Wav::read(&std::fs::read(&raw).map_err(told)?).map_err(|error| error.to_string())?;
    let _ = std::fs::remove_file(&raw);
    let ready = import(wav.rate, &wav.samples).map_err(|error| error.to_string())?;
    // A half-written file never has the name that is looked for.
    let half = file.with_extension("half");
    std::fs::write(&half, wav::write(RATE, &ready.samples)).map_err(told)?;
    std::fs::rename(&half, file).map_err(told)
}

/// The program's voice of a language.
fn voice_of(language: &Language) -> &str {
    match language.as_str() {
        "en" => "en-gb",
        // The English of the Caribbean is nearest.
        "en-LR" => "en-029",
        other => other.split('-').next().unwrap_or(other),
    }
}
