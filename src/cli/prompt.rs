//! `rollcall prompt`: recordings come into the office, made ready for the telephone, and are heard as a
//! caller will hear them.

use super::prompt_decode::decode;
use super::record_list::{Line, Recorded, flow_and_files, language_of, lines};
use super::{Context, Outcome, table};
use crate::flow::Flow;
use crate::flow::problem::nearest;
use crate::flow::voice::SOUNDS;
use crate::model::Language;
use anyhow::{Context as _, Result};
use rollcall_drivers::audio::frame::{RATE, duration_of};
use rollcall_drivers::audio::import::import;
use rollcall_drivers::audio::prompt::Clip;
use rollcall_drivers::audio::wav;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Programs that play a WAV file, and what they are told beside its name.
const PLAYERS: [(&str, &[&str]); 5] = [
    ("aplay", &["-q"]),
    ("paplay", &[]),
    ("pw-play", &[]),
    ("afplay", &[]),
    ("ffplay", &["-nodisp", "-autoexit", "-loglevel", "quiet"]),
];
/// How deep a folder of recordings is gone into.
const DEEPEST: usize = 3;
/// So much fainter than the others a recording may be, in dB, before somebody should hear of it.
const FAINT: f64 = -4.0;

/// Recordings for calls: bring them in, hear them.
#[derive(Debug, clap::Subcommand)]
pub enum Prompt {
    /// Recordings made ready for the telephone: trimmed, levelled, in their place
    ///
    /// Each file is called as `flow record-list` says: `packs.wav`, `place.ward.wav`, `end.done.wav`;
    /// its folder, or --language, says the language. Exit code 3: some were left out.
    ///
    /// Example: rollcall prompt import stock-by-call ~/recordings/fr
    Import(Import),
    /// What a caller hears at a question: it, and its choices
    ///
    /// Example: rollcall prompt play stock-by-call place --language fr
    Play(Play),
}

/// What is imported.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The flow's id or file
    flow: String,
    /// WAV, MP3 or OGG files, or folders of them
    #[arg(required = true)]
    recordings: Vec<PathBuf>,
    /// Their language, where no folder says it
    #[arg(long)]
    language: Option<String>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// What is played.
#[derive(Debug, clap::Args)]
pub struct Play {
    /// The flow's id or file
    flow: String,
    /// The question, choice or ending, as `flow record-list` calls it
    name: String,
    /// In this language; else the flow's first
    #[arg(long)]
    language: Option<String>,
    /// Write it into this file instead
    #[arg(long, value_name = "FILE.wav")]
    out: Option<PathBuf>,
}

/// A recording that was brought in.
struct Taken {
    from: PathBuf,
    line: Line,
    seconds: f64,
    trimmed: f64,
    gain: f64,
    level: f64,
}

/// A recording that was not.
#[derive(Debug, PartialEq, Eq)]
struct LeftOut {
    from: PathBuf,
    why: String,
}

impl Prompt {
    pub(super) fn run(self, context: &Context) -> Result<Outcome> {
        match self {
            Prompt::Import(import) => import.run(context),
            Prompt::Play(play) => play.run(context),
        }
    }
}

impl Import {
    fn run(self, context: &Context) -> Result<Outcome> {
        let office = context.office()?.folder;
        let (flow, files) = flow_and_files(context, &self.flow)?;
        let language = match self.language.as_deref().map(|tag| language_of(&flow, tag)) {
            None => None,
            Some(Ok(language)) => Some(language),
            Some(Err(words)) => {
                eprintln!("{words}");
                return Ok(Outcome::NotFound);
            }
        };
        let wanted = lines(&flow, &files);
        let (mut taken, mut left_out) = (Vec::new(), Vec::new());
        for from in sound_files(&self.recordings, &mut left_out) {
            let done = line_of(&from, &flow, language.as_ref(), &wanted)
                .and_then(|line| self.take(&office, &from, line));
            match done {
                Ok(one) => taken.push(one),
                Err(why) => left_out.push(LeftOut { from, why }),
            }
        }
        let there: Vec<&str> = taken.iter().map(|taken| taken.line.path.as_str()).collect();
        let is_missing = |line: &&Line| line.is_missing() && !there.contains(&line.path.as_str());
        let missing = wanted.iter().filter(is_missing);
        self.tell(context, &flow, (&taken, &left_out), missing.count());
        Ok(if left_out.is_empty() { Outcome::Done } else { Outcome::LookAt })
    }

    /// Makes one recording ready and writes it into its place.
    fn take(&self, office: &Path, from: &Path, line: &Line) -> Result<Taken, String> {
        let octets = std::fs::read(from).map_err(|error| error.to_string())?;
        let wav = decode(&octets)?;
        let ready = import(wav.rate, &wav.samples).map_err(|error| error.to_string())?;
        if !self.dry_run {
            write(&office.join(&line.path), &wav::write(RATE, &ready.samples))
                .map_err(|error| format!("{error:#}"))?;
        }
        Ok(Taken {
            from: from.to_owned(),
            line: line.clone(),
            seconds: duration_of(ready.samples.len()).as_secs_f64(),
            trimmed: ready.trimmed.as_secs_f64(),
            gain: ready.gain,
            level: ready.level,
        })
    }

    fn tell(&self, context: &Context, flow: &Flow, done: (&[Taken], &[LeftOut]), missing: usize) {
        let (taken, left_out) = done;
        if context.json {
            let object = serde_json::json!({
                "schema": 1, "flow": flow.id, "dry_run": self.dry_run, "missing": missing,
                "imported": taken.iter().map(Taken::as_json).collect::<Vec<_>>(),
                "left_out": left_out.iter().map(LeftOut::as_json).collect::<Vec<_>>(),
            });
            println!("{object}");
            return;
        }
        if !taken.is_empty() {
            let rows = taken.iter().map(Taken::row).collect();
            println!("{}", table(&["recording", "seconds", "cut off", "louder by", ""], rows));
        }
        for LeftOut { from, why } in left_out {
            eprintln!("{}: {why}", from.display());
        }
        if self.dry_run {
            println!("Nothing was written.");
        }
        match missing {
            0 => println!("Every recording of `{}` is there.", flow.id),
            1 => println!("One is still missing: rollcall flow record-list {} --missing", flow.id),
            more => println!(
                "{more} are still missing: rollcall flow record-list {} --missing",
                flow.id
            ),
        }
    }
}

impl Taken {
    fn row(&self) -> Vec<String> {
        let hint = if self.level < FAINT {
            format!("faint by {:.0} dB: a knock or a click is louder than the voice", -self.level)
        } else {
            String::new()
        };
        vec![
            self.line.path.clone(),
            format!("{:.1}", self.seconds),
            format!("{:.1} s", self.trimmed),
            format!("{:+.0} dB", self.gain),
            hint,
        ]
    }

    fn as_json(&self) -> serde_json::Value {
        serde_json::json!({
            "name": self.line.name, "language": self.line.language.as_str(),
            "from": self.from, "path": self.line.path, "seconds": self.seconds,
            "trimmed_seconds": self.trimmed, "gain_db": self.gain, "level_db": self.level,
        })
    }
}

impl LeftOut {
    fn as_json(&self) -> serde_json::Value {
        serde_json::json!({"from": self.from, "why": self.why})
    }
}

/// The files that were named, and those in the folders that were named, in order.
fn sound_files(named: &[PathBuf], left_out: &mut Vec<LeftOut>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in named {
        if path.is_dir() {
            let before = files.len();
            in_folder(path, DEEPEST, &mut files);
            if files.len() == before {
                let why = "there is no .wav, .mp3 or .ogg file in this folder".to_owned();
                left_out.push(LeftOut { from: path.clone(), why });
            }
        } else {
            files.push(path.clone());
        }
    }
    files
}

fn in_folder(folder: &Path, deeper: usize, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        if path.is_dir() && deeper > 0 {
            in_folder(&path, deeper - 1, files);
        } else if ending.is_some_and(|ending| SOUNDS.contains(&ending.as_str())) {
            files.push(path);
        }
    }
}

/// The recording of the flow that a file is, by its name and language; or why it is none.
fn line_of<'a>(
    file: &Path,
    flow: &Flow,
    language: Option<&Language>,
    wanted: &'a [Line],
) -> Result<&'a Line, String> {
    let waits = |line: &&Line| match &line.recorded {
        Recorded::ToImport(waiting) => file.ends_with(waiting),
        Recorded::There | Recorded::InBase | Recorded::Missing => false,
    };
    if let Some(line) = wanted.iter().find(waits) {
        return Ok(line);
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let known = || wanted.iter().map(|line| line.name.as_str());
    let Some(name) = known().find(|name| name.eq_ignore_ascii_case(&stem)) else {
        let near = nearest(&stem, known()).map(|near| format!(" Did you mean `{near}`?"));
        return Err(format!(
            "no question, choice or ending of `{}` is called `{stem}`.{} `rollcall flow record-list \
             {}` has all names.",
            flow.id,
            near.unwrap_or_default(),
            flow.id
        ));
    };
    let language = match language.cloned().or_else(|| language_of_folder(file, flow)) {
        Some(language) => language,
        None => {
            let first = &flow.languages[0];
            return Err(format!(
                "its folder does not say which language it is in; say so with --language {first}"
            ));
        }
    };
    let of_both = |line: &&Line| line.name == name && line.language == language;
    Ok(wanted.iter().find(of_both).ok_or("the flow is not in this language")?)
}

/// The language that the nearest folder is called after; the only one where there is one alone.
fn language_of_folder(file: &Path, flow: &Flow) -> Option<Language> {
    let of_folder = |folder: &Path| {
        let language = Language::new(&folder.file_name()?.to_string_lossy());
        flow.languages.contains(&language).then_some(language)
    };
    let named = file.ancestors().skip(1).find_map(of_folder);
    named.or_else(|| match flow.languages.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    })
}

/// Writes a file whole or not at all: a call may be about to play it.
fn write(path: &Path, octets: &[u8]) -> Result<()> {
    let folder = path.parent().context("a recording lies in a folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let beside = path.with_extension("part");
    std::fs::write(&beside, octets).with_context(|| format!("writing {}", beside.display()))?;
    std::fs::rename(&beside, path).with_context(|| format!("writing {}", path.display()))
}

impl Play {
    fn run(self, context: &Context) -> Result<Outcome> {
        let office = context.office()?.folder;
        let (flow, files) = flow_and_files(context, &self.flow)?;
        let tag = self.language.as_deref().unwrap_or(flow.languages[0].as_str());
        let language = match language_of(&flow, tag) {
            Ok(language) => language,
            Err(words) => return Ok(not_found(&words)),
        };
        let heard = heard(&lines(&flow, &files), &self.name, &language);
        if heard.is_empty() {
            let words = format!("`{}` says nothing called `{}`.", flow.id, self.name);
            return Ok(not_found(&words));
        }
        let mut samples = Vec::new();
        for line in heard {
            match &line.recorded {
                Recorded::Missing => {
                    return Ok(not_found(&format!("{} is not recorded yet.", line.path)));
                }
                Recorded::ToImport(file) => {
                    let words = format!(
                        "{file} is there, but a call plays WAV alone; bring it in: rollcall prompt \
                         import {} {file}",
                        flow.id
                    );
                    return Ok(not_found(&words));
                }
                Recorded::There | Recorded::InBase => {
                    samples.extend_from_slice(clip(&office.join(&line.path))?.samples());
                }
            }
        }
        let octets = wav::write(RATE, &samples);
        match &self.out {
            Some(file) => {
                std::fs::write(file, octets)
                    .with_context(|| format!("writing {}", file.display()))?;
                Ok(Outcome::Done)
            }
            None => play(&octets),
        }
    }
}

fn not_found(words: &str) -> Outcome {
    eprintln!("{words}");
    Outcome::NotFound
}

/// What a caller hears at a question: the question, and its choices after it. What is only there in
/// the language without its region is played in that one.
fn heard(lines: &[Line], name: &str, language: &Language) -> Vec<Line> {
    let choice_of_it = format!("{name}.");
    let meant = |line: &&Line| {
        let is_it =
            line.name == name || (line.key.is_some() && line.name.starts_with(&choice_of_it));
        is_it && line.language == *language
    };
    let in_base = |line: &Line| {
        let base = line.language.base();
        let same = |other: &&Line| other.name == line.name && other.language == base;
        lines.iter().find(same).unwrap_or(line).clone()
    };
    let found = lines.iter().filter(meant).map(|line| match line.recorded {
        Recorded::InBase => in_base(line),
        Recorded::There | Recorded::ToImport(_) | Recorded::Missing => line.clone(),
    });
    found.collect()
}

fn clip(path: &Path) -> Result<Clip> {
    let octets = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    Clip::from_wav(&octets).with_context(|| format!("reading {}", path.display()))
}

/// Gives the sound to the first program of the computer that plays it.
fn play(octets: &[u8]) -> Result<Outcome> {
    let file = std::env::temp_dir().join(format!("rollcall-prompt-{}.wav", std::process::id()));
    std::fs::write(&file, octets).with_context(|| format!("writing {}", file.display()))?;
    let outcome = play_with(&PLAYERS, &file);
    std::fs::remove_file(&file).with_context(|| format!("removing {}", file.display()))?;
    outcome
}

fn play_with(players: &[(&str, &[&str])], file: &Path) -> Result<Outcome> {
    for (program, arguments) in players {
        let mut command = Command::new(program);
        match command.args(*arguments).arg(file).stdin(Stdio::null()).status() {
            Ok(status) if status.success() => return Ok(Outcome::Done),
            Ok(_) => continue,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("starting {program}")),
        }
    }
    eprintln!("No program of this computer plays sound; --out FILE.wav writes it for another one.");
    Ok(Outcome::Failed)
}

#[cfg(test)]
mod tests {
    use super::super::record_list::tests::flow;
    use super::*;
    use std::collections::BTreeSet;

    fn named(file: &str, language: Option<&str>) -> Result<String, String> {
        let wanted = lines(&flow(), &BTreeSet::new());
        let language = language.map(Language::new);
        line_of(Path::new(file), &flow(), language.as_ref(), &wanted).map(|line| line.path.clone())
    }

    #[test]
    fn a_file_goes_to_the_place_that_its_name_and_folder_say() {
        let there = |path: &str| Ok(path.to_owned());
        assert_eq!(named("sd/FR/PLACE.WARD.WAV", None), there("prompts/stock/fr/place.ward.wav"));
        assert_eq!(named("fr/disc 2/hello.wav", None), there("prompts/stock/fr/hello.wav"));
        assert_eq!(named("hello.mp3", Some("en-LR")), there("prompts/stock/en-LR/hello.wav"));
    }

    #[test]
    fn a_file_that_is_nobodys_is_left_out_with_what_may_be_meant() {
        let why = named("fr/helo.wav", None).expect_err("nothing is called so");
        assert!(why.contains("Did you mean `hello`?"), "{why}");
        let why = named("recordings/hello.wav", None).expect_err("three languages");
        assert!(why.contains("--language en"), "{why}");
    }

    /// A second of a buzz, after a second of nothing.
    fn recording() -> Vec<u8> {
        let mut samples = vec![0; 16_000];
        samples.extend((0..16_000).map(|at| if at % 40 < 20 { 900 } else { -900 }));
        wav::write(16_000, &samples)
    }

    #[test]
    fn an_import_lies_in_its_place_ready_for_the_telephone() {
        let folder = tempfile::tempdir().expect("a folder");
        let from = folder.path().join("fr/hello.wav");
        write(&from, &recording()).expect("written");
        let wanted = lines(&flow(), &BTreeSet::new());
        let import = |dry_run| Import {
            flow: "stock".to_owned(),
            recordings: vec![from.clone()],
            language: None,
            dry_run,
        };
        let line = line_of(&from, &flow(), None, &wanted).expect("it is called right");
        import(true).take(folder.path(), &from, line).expect("it would be taken");
        let place = folder.path().join("prompts/stock/fr/hello.wav");
        assert!(!place.exists());
        let taken = import(false).take(folder.path(), &from, line).expect("it is taken");
        assert!(taken.trimmed > 0.7 && taken.seconds < 1.3, "{} {}", taken.trimmed, taken.seconds);
        let wav = wav::Wav::read(&std::fs::read(&place).expect("it is there")).expect("a WAV file");
        assert_eq!(wav.rate, RATE);
        assert_eq!(std::fs::read_dir(place.parent().expect("a folder")).into_iter().count(), 1);
    }

    #[test]
    fn an_mp3_that_lies_in_the_office_is_brought_in_beside_itself() {
        let folder = tempfile::tempdir().expect("a folder");
        let from = folder.path().join("prompts/stock/fr/hello.mp3");
        write(&from, include_bytes!("sounds/tone.mp3")).expect("written");
        let files = BTreeSet::from(["prompts/stock/fr/hello.mp3".to_owned()]);
        let wanted = lines(&flow(), &files);
        let line = line_of(&from, &flow(), None, &wanted).expect("its place is known");
        let import =
            Import { flow: String::new(), recordings: vec![], language: None, dry_run: false };
        let taken = import.take(folder.path(), &from, line).expect("it is taken");
        assert!((0.55..0.95).contains(&taken.seconds), "{}", taken.seconds);
        let clip = clip(&folder.path().join("prompts/stock/fr/hello.wav")).expect("it is WAV");
        assert!(clip.samples().iter().any(|sample| *sample > 2_000));
    }

    #[test]
    fn what_is_no_sound_is_left_out_and_says_why() {
        let folder = tempfile::tempdir().expect("a folder");
        let from = folder.path().join("fr/hello.wav");
        write(&from, b"no sound").expect("written");
        let import =
            Import { flow: String::new(), recordings: vec![], language: None, dry_run: false };
        let wanted = lines(&flow(), &BTreeSet::new());
        let line = line_of(&from, &flow(), None, &wanted).expect("it is called right");
        let why = import.take(folder.path(), &from, line).err();
        assert_eq!(
            why.as_deref(),
            Some(
                "this is not a WAV, MP3 or OGG file; save the recording as WAV, MP3 or OGG (Vorbis)"
            )
        );
    }

    #[test]
    fn a_caller_hears_the_question_and_then_its_choices() {
        let names = |name: &str, language: &str| -> Vec<String> {
            let files = BTreeSet::from(["prompts/stock/en/place.wav".to_owned()]);
            let heard = heard(&lines(&flow(), &files), name, &Language::new(language));
            heard.into_iter().map(|line| line.path).collect()
        };
        assert_eq!(
            names("place", "en-LR"),
            [
                "prompts/stock/en/place.wav",
                "prompts/stock/en-LR/place.store.wav",
                "prompts/stock/en-LR/place.ward.wav"
            ]
        );
        assert_eq!(names("end.done", "fr"), ["prompts/stock/fr/end.done.wav"]);
        assert!(names("nothing", "fr").is_empty());
    }

    #[test]
    fn a_computer_without_a_player_says_how_to_hear_it_elsewhere() {
        let outcome = play_with(&[("no-such-player-here", &[])], Path::new("x.wav"));
        assert_eq!(outcome.expect("nothing broke"), Outcome::Failed);
    }
}
