//! `rollcall flow record-list`: what is to be recorded for a flow, to be read out one after the other.

use super::flow::{Opened, find};
use super::{Context, Outcome, listed};
use crate::engine;
use crate::flow::{ByCall, Flow, Kind, Spoken};
use crate::model::Language;
use anyhow::Result;
use std::collections::BTreeSet;

/// Whose recordings are listed.
#[derive(Debug, clap::Args)]
pub struct RecordList {
    /// The flow's id or file
    flow: String,
    /// Only in this language
    #[arg(long)]
    language: Option<String>,
    /// Only what is not recorded yet
    #[arg(long)]
    missing: bool,
}

/// Whether a recording is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Recorded {
    /// It is.
    There,
    /// It is not, and that of the language without its region is played: `en` for `en-LR`.
    InBase,
    /// This file lies in its place, of a kind that no call plays: it is to be brought in.
    ToImport(String),
    /// Nothing is.
    Missing,
}

/// One recording of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// `consent`, `staff_type.nurse`, `end.done`.
    pub name: String,
    /// Its language.
    pub language: Language,
    /// What is to be said.
    pub words: String,
    /// The key that a choice is answered with.
    pub key: Option<usize>,
    /// Where it lies in the office folder, or is to lie.
    pub path: String,
    /// Whether it is there.
    pub recorded: Recorded,
}

impl Line {
    /// Whether a call has nothing to play for it.
    pub fn is_missing(&self) -> bool {
        match self.recorded {
            Recorded::There | Recorded::InBase => false,
            Recorded::ToImport(_) | Recorded::Missing => true,
        }
    }
}

impl RecordList {
    pub(super) fn run(self, context: &Context) -> Result<Outcome> {
        let (flow, files) = flow_and_files(context, &self.flow)?;
        let wanted = match self.language.as_deref().map(|tag| language_of(&flow, tag)).transpose() {
            Ok(language) => language,
            Err(words) => {
                eprintln!("{words}");
                return Ok(Outcome::NotFound);
            }
        };
        let all = lines(&flow, &files);
        let here = |line: &&Line| {
            wanted.as_ref().is_none_or(|language| line.language == *language)
                && (!self.missing || line.is_missing())
        };
        let shown: Vec<&Line> = all.iter().filter(here).collect();
        if context.json {
            let lines: Vec<_> = shown.iter().map(|line| as_json(line)).collect();
            println!("{}", serde_json::json!({"schema": 1, "flow": flow.id, "recordings": lines}));
            return Ok(Outcome::Done);
        }
        let rows = shown.iter().map(|line| row(line)).collect();
        let nothing =
            if self.missing { "Nothing is missing." } else { "A call says nothing here." };
        println!("{}", listed(&["file", "", "key", "words"], rows, nothing));
        Ok(Outcome::Done)
    }
}

/// A flow, and the recordings of its office.
pub(super) fn flow_and_files(context: &Context, name: &str) -> Result<(Flow, BTreeSet<String>)> {
    let written = find(context, name)?;
    let files = written.recordings.clone().unwrap_or_default();
    Ok((Opened::read_from(context, written)?.flow, files))
}

/// The language of the flow that was meant, or what to type instead.
pub(super) fn language_of(flow: &Flow, tag: &str) -> Result<Language, String> {
    let language = Language::new(tag);
    if flow.languages.contains(&language) {
        return Ok(language);
    }
    let known: Vec<&str> = flow.languages.iter().map(Language::as_str).collect();
    Err(format!("The flow `{}` is not in `{tag}`; it is in {}.", flow.id, known.join(", ")))
}

/// All recordings of a flow, language by language, each in the flow's order: as they are read out.
/// After them comes what calls of all flows say alike; a language is offered in its own words alone.
pub(super) fn lines(flow: &Flow, files: &BTreeSet<String>) -> Vec<Line> {
    let mut spoken = flow.spoken();
    spoken.extend(flow.spoken_standing());
    let is_said = |spoken: &Spoken<'_>, language: &Language| {
        let offers_a_language = flow.standing.iter().any(|standing| {
            standing.text == ByCall::InLanguage && *spoken.recordings == standing.recordings
        });
        !offers_a_language || spoken.words.contains_key(language)
    };
    let in_language = |language: &Language| -> Vec<Line> {
        let said = spoken.iter().filter(|spoken| is_said(spoken, language));
        let said = said.map(|spoken| line(flow, spoken, language, files));
        said.chain(numbers(flow, language, files)).collect()
    };
    flow.languages.iter().flat_map(in_language).collect()
}

/// The recordings of numbers, where the flow's calls say any: the same for all flows.
fn numbers<'a>(
    flow: &Flow,
    language: &'a Language,
    files: &'a BTreeSet<String>,
) -> impl Iterator<Item = Line> + use<'a> {
    let is_number = |kind: &Kind| match kind {
        Kind::Number(_) | Kind::Date(_) | Kind::Time(_) | Kind::Phone | Kind::Code { .. } => true,
        Kind::YesNo
        | Kind::Choice(_)
        | Kind::Choices(_)
        | Kind::Text { .. }
        | Kind::Audio { .. }
        | Kind::Place(_) => false,
    };
    let says_any = flow.questions().any(|question| is_number(&question.kind));
    let list = if says_any { engine::spoken::list(language) } else { &[] };
    list.iter().map(move |(name, words)| {
        let path = engine::spoken::path(name, language);
        let recorded = if files.contains(&path) { Recorded::There } else { Recorded::Missing };
        let (name, words) = ((*name).to_owned(), (*words).to_owned());
        Line { name, language: language.clone(), words, key: None, path, recorded }
    })
}

fn line(flow: &Flow, spoken: &Spoken<'_>, language: &Language, files: &BTreeSet<String>) -> Line {
    let base = language.base();
    let (recorded, path) = match spoken.recordings.find(language, files) {
        Some(path) => (Recorded::There, path.to_owned()),
        None => {
            let in_base = base != *language
                && flow.languages.contains(&base)
                && spoken.recordings.find(&base, files).is_some();
            let waiting = spoken.recordings.not_brought_in(language, files);
            let recorded = match waiting {
                Some(file) => Recorded::ToImport(file.to_owned()),
                None if in_base => Recorded::InBase,
                None => Recorded::Missing,
            };
            (recorded, spoken.recordings.path(language))
        }
    };
    let words = [Some(language), Some(&base), flow.languages.first()];
    let words = words.into_iter().flatten().find_map(|language| spoken.words.get(language));
    Line {
        name: spoken.name.clone(),
        language: language.clone(),
        words: words.map(|words| (*words).to_owned()).unwrap_or_default(),
        key: spoken.key,
        path,
        recorded,
    }
}

fn row(line: &Line) -> Vec<String> {
    let key = line.key.map(|key| key.to_string()).unwrap_or_default();
    vec![line.path.clone(), state(line), key, line.words.clone()]
}

fn state(line: &Line) -> String {
    match &line.recorded {
        Recorded::There => "there".to_owned(),
        Recorded::InBase => format!("as in {}", line.language.base()),
        Recorded::ToImport(file) => {
            let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
            format!("import the {} first", ending.to_lowercase())
        }
        Recorded::Missing => "missing".to_owned(),
    }
}

fn as_json(line: &Line) -> serde_json::Value {
    let recorded = match &line.recorded {
        Recorded::There => "there",
        Recorded::InBase => "in_base_language",
        Recorded::ToImport(_) => "to_import",
        Recorded::Missing => "missing",
    };
    serde_json::json!({
        "name": line.name, "language": line.language.as_str(), "words": line.words,
        "key": line.key, "path": line.path, "recorded": recorded,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::flow::{self, Beside};

    pub(in crate::cli) fn flow() -> Flow {
        let source = r#"
flow: stock
languages: [en, en-LR, fr]
channels: [sms, voice]
questions:
- id: hello
  say: {en: "Good day.", fr: "Bonjour."}
- id: place
  ask: {en: "Where are they?", fr: "Où?"}
  type: choice
  choices:
    store: {en: [Store room, store], fr: Magasin}
    ward: {en: Ward, fr: Salle}
endings:
  done: {say: {en: "Thank you.", fr: "Merci."}}
"#;
        let (flow, problems) = flow::read(source, &Beside::default());
        flow.unwrap_or_else(|| panic!("{problems:?}"))
    }

    #[test]
    fn everything_that_is_said_is_listed_in_the_order_of_the_call() {
        let files = BTreeSet::from(["prompts/stock/en/HELLO.WAV".to_owned()]);
        let lines = lines(&flow(), &files);
        let shown: Vec<String> = lines
            .iter()
            .map(|line| format!("{} {} {:?} {}", line.path, state(line), line.key, line.words))
            .collect();
        expect_test::expect![[r#"
            prompts/stock/en/HELLO.WAV there None Good day.
            prompts/stock/en/place.wav missing None Where are they?
            prompts/stock/en/place.store.wav missing Some(1) Store room
            prompts/stock/en/place.ward.wav missing Some(2) Ward
            prompts/stock/en/end.done.wav missing None Thank you.
            prompts/standing/en/language-1.wav missing None For English, press 1.
            prompts/standing/en/press_for.wav missing None For
            prompts/standing/en/press-1.wav missing None press 1.
            prompts/standing/en/press-2.wav missing None press 2.
            prompts/standing/en/wrong_key.wav missing None Sorry, that is no answer here.
            prompts/standing/en/no_key.wav missing None Sorry, we heard nothing.
            prompts/standing/en/go_on.wav missing None We go on where we stopped.
            prompts/standing/en/person_hears.wav missing None A person in the office will hear of this.
            prompts/standing/en/good_bye.wav missing None Thank you. Good-bye.
            prompts/stock/en-LR/hello.wav as in en None Good day.
            prompts/stock/en-LR/place.wav missing None Where are they?
            prompts/stock/en-LR/place.store.wav missing Some(1) Store room
            prompts/stock/en-LR/place.ward.wav missing Some(2) Ward
            prompts/stock/en-LR/end.done.wav missing None Thank you.
            prompts/standing/en-LR/language-2.wav missing None For Liberian English, press 2.
            prompts/standing/en-LR/press_for.wav missing None For
            prompts/standing/en-LR/press-1.wav missing None press 1.
            prompts/standing/en-LR/press-2.wav missing None press 2.
            prompts/standing/en-LR/wrong_key.wav missing None Sorry, that not answer here.
            prompts/standing/en-LR/no_key.wav missing None Sorry, we not hear anything.
            prompts/standing/en-LR/go_on.wav missing None We going on where we stopped.
            prompts/standing/en-LR/person_hears.wav missing None Somebody in the office will hear about this.
            prompts/standing/en-LR/good_bye.wav missing None Thank you. Bye-bye.
            prompts/stock/fr/hello.wav missing None Bonjour.
            prompts/stock/fr/place.wav missing None Où?
            prompts/stock/fr/place.store.wav missing Some(1) Magasin
            prompts/stock/fr/place.ward.wav missing Some(2) Salle
            prompts/stock/fr/end.done.wav missing None Merci.
            prompts/standing/fr/language-3.wav missing None Pour le français, tapez 3.
            prompts/standing/fr/press_for.wav missing None Pour
            prompts/standing/fr/press-1.wav missing None tapez 1.
            prompts/standing/fr/press-2.wav missing None tapez 2.
            prompts/standing/fr/wrong_key.wav missing None Désolé, ce n'est pas une réponse ici.
            prompts/standing/fr/no_key.wav missing None Désolé, nous n'avons rien entendu.
            prompts/standing/fr/go_on.wav missing None Nous continuons là où nous étions.
            prompts/standing/fr/person_hears.wav missing None Une personne du bureau en sera informée.
            prompts/standing/fr/good_bye.wav missing None Merci. Au revoir."#]]
        .assert_eq(&shown.join("\n"));
    }

    #[test]
    fn a_file_that_no_call_plays_is_to_be_brought_in_first() {
        let files = BTreeSet::from([
            "prompts/stock/fr/place.MP3".to_owned(),
            "prompts/stock/fr/hello.ogg".to_owned(),
            "prompts/stock/fr/hello.wav".to_owned(),
        ]);
        let lines = lines(&flow(), &files);
        let french = |name: &str| {
            let is_it = |line: &&Line| line.name == name && line.language.as_str() == "fr";
            lines.iter().find(is_it).expect("it is said")
        };
        assert_eq!(state(french("place")), "import the mp3 first");
        assert!(french("place").is_missing());
        assert_eq!(french("hello").recorded, Recorded::There);
    }

    #[test]
    fn a_language_that_the_flow_has_not_is_answered_with_those_it_has() {
        assert_eq!(language_of(&flow(), "FR"), Ok(Language::new("fr")));
        let words = language_of(&flow(), "sw").expect_err("no Swahili");
        assert_eq!(words, "The flow `stock` is not in `sw`; it is in en, en-LR, fr.");
    }
}
