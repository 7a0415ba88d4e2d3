//! Takes translations that came back into the flow's file, each one looked at by itself.
//!
//! Nothing is guessed: what does not fit its text is refused with the reason, and the text so far
//! stays. The file that comes out has been read again and is right.

use super::edit;
use super::record::{Record, State, same};
use crate::flow::problem::nearest;
use crate::flow::texts::{FlowText, Spot, parted, placeholders, texts};
use crate::flow::{self, Beside, Flow, Problem, Severity};
use crate::model::Language;
use std::collections::{BTreeMap, BTreeSet};

/// The longest text that is taken, in characters: ten messages.
const LONGEST: usize = 1_530;

/// A translation that came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Returned {
    /// Where it stands in the file that came back, for people.
    pub at: String,
    /// The text's stable name.
    pub key: String,
    /// Its language.
    pub language: Language,
    /// The text of the first language as it was sent out.
    pub source: Option<String>,
    /// The translation, or why it cannot be read.
    pub translation: Result<String, String>,
    /// Whether the translator says that it is right.
    pub mark: Mark,
}

/// What the translator says of a translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is right.
    Sure,
    /// It is to be looked at again.
    Unsure,
    /// Nothing.
    Unsaid,
}

/// Whether translations of a text that has changed since are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvenStale {
    /// They are taken and stay marked as stale.
    Take,
    /// They are refused.
    Refuse,
}

/// What became of a translation that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is in the file.
    Taken,
    /// The translation so far was found right.
    Confirmed,
    /// It is what the file says already.
    Unchanged,
    /// Nobody has translated it yet.
    Open,
    /// Why it was not taken.
    Refused(String),
}

/// A translation that came back, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it stands in the file that came back.
    pub at: String,
    /// The text's stable name.
    pub key: String,
    /// Its language.
    pub language: Language,
    /// What became of it.
    pub fate: Fate,
}

/// What came of it all.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The flow's file as it is to be.
    pub source: String,
    /// What is known of its translations then.
    pub record: Record,
    /// A line for each translation that came back.
    pub lines: Vec<Line>,
    /// What would be wrong with the file: nothing may be written then.
    pub errors: Vec<Problem>,
}

/// A flow and what belongs to it.
#[derive(Clone, Debug)]
pub struct Written<'a> {
    /// Its file.
    pub source: &'a str,
    /// What stands beside it.
    pub beside: &'a Beside,
    /// The flow itself.
    pub flow: &'a Flow,
    /// What is known of its translations.
    pub record: &'a Record,
}

/// Takes what came back.
pub fn take(written: &Written<'_>, returned: &[Returned], stale: EvenStale) -> Taken {
    let first = &written.flow.languages[0];
    let texts = texts(written.flow);
    let by_key = texts.iter().map(|text| (text.spot.key(), text)).collect();
    let mut taking = Taking {
        first,
        languages: written.flow.languages.clone(),
        by_key,
        seen: BTreeSet::new(),
        stale,
        source: written.source.to_owned(),
        record: written.record.clone(),
    };
    let line = |row: &Returned| {
        let fate = taking.row(row).unwrap_or_else(Fate::Refused);
        Line { at: row.at.clone(), key: row.key.clone(), language: row.language.clone(), fate }
    };
    let lines = returned.iter().map(line).collect();
    let (source, record) = (taking.source, taking.record);
    let errors = if source == written.source {
        Vec::new()
    } else {
        let problems = flow::read(&source, written.beside).1;
        problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect()
    };
    Taken { source, record, lines, errors }
}

struct Taking<'a> {
    first: &'a Language,
    languages: Vec<Language>,
    by_key: BTreeMap<String, &'a FlowText>,
    seen: BTreeSet<(String, Language)>,
    stale: EvenStale,
    source: String,
    record: Record,
}

impl Taking<'_> {
    fn row(&mut self, row: &Returned) -> Result<Fate, String> {
        let text = *self.by_key.get(&row.key).ok_or_else(|| self.unknown(&row.key))?;
        let source = text.wording.get(self.first).map_or("", String::as_str);
        if !self.seen.insert((row.key.clone(), row.language.clone())) {
            return Err("the text stands in the file twice; only the first is looked at".into());
        }
        if row.language == *self.first {
            return Err(format!("`{}` is the language that is translated", row.language));
        }
        let said = cleaned(row.translation.as_ref().map_err(String::clone)?);
        let now = text.wording.get(&row.language);
        let same_as_now = now.is_some_and(|now| is_same(&text.spot, now, &said));
        if said.is_empty() {
            return match now {
                Some(_) => Err("it is empty; what was there stays".into()),
                None => Ok(Fate::Open),
            };
        }
        if same_as_now && row.mark != Mark::Sure {
            return Ok(Fate::Unchanged);
        }
        if row.mark == Mark::Unsure {
            return Err("it is still marked as unsure (fuzzy)".into());
        }
        let sent = row.source.as_deref().unwrap_or(source);
        if !is_same(&text.spot, sent, source) {
            if same_as_now {
                return Ok(Fate::Unchanged);
            }
            if self.stale == EvenStale::Refuse {
                return Err(format!(
                    "the text has changed since it was sent out: it was “{sent}”, it is \
                     “{source}”; send it out again, or use --even-stale"
                ));
            }
        }
        fits(&text.spot, source, &said)?;
        if same_as_now {
            return Ok(self.confirm(text, row, source, &said));
        }
        self.put(text, row, &said)?;
        self.record.made(&row.key, &row.language, sent, &said);
        Ok(Fate::Taken)
    }

    fn confirm(&mut self, text: &FlowText, row: &Returned, source: &str, said: &str) -> Fate {
        let state = self.record.state(text, self.first, &row.language);
        self.record.made(&row.key, &row.language, source, said);
        match state {
            State::Stale { .. } => Fate::Confirmed,
            State::Fine | State::Missing => Fate::Unchanged,
        }
    }

    fn put(&mut self, text: &FlowText, row: &Returned, said: &str) -> Result<(), String> {
        let mut source = self.source.clone();
        if !self.languages.contains(&row.language) {
            if !is_language(&row.language) {
                return Err(format!("`{}` is no language", row.language));
            }
            source = edit::add_language(&source, self.first, &row.language)
                .map_err(|why| why.to_string())?;
        }
        self.source = edit::put(&source, &text.spot, self.first, &row.language, said)
            .map_err(|why| why.to_string())?;
        if !self.languages.contains(&row.language) {
            self.languages.push(row.language.clone());
        }
        Ok(())
    }

    fn unknown(&self, key: &str) -> String {
        let near = nearest(key, self.by_key.keys().map(String::as_str));
        let near = near.map(|near| format!("; there is `{near}`")).unwrap_or_default();
        format!("the flow has no text `{key}`{near}")
    }
}

/// Whether a text may stand for another one.
fn fits(spot: &Spot, source: &str, said: &str) -> Result<(), String> {
    if said.chars().any(|c| c.is_control() && c != '\n') {
        return Err("it has a sign that cannot be sent".into());
    }
    if said.chars().count() > LONGEST {
        return Err(format!("it has more than {LONGEST} letters"));
    }
    if matches!(spot, Spot::Choice { .. }) {
        return match parted(said).is_empty() {
            true => Err("it has no word".into()),
            false => Ok(()),
        };
    }
    let (wanted, found) = (placeholders(source), placeholders(said));
    let unknown: Vec<&String> = found.difference(&wanted).collect();
    if let Some(name) = unknown.first() {
        let near = nearest(name, wanted.iter().map(String::as_str));
        let near = near.map(|near| format!("; it must be `{{{near}}}`")).unwrap_or_default();
        return Err(format!("`{{{name}}}` does not stand in the text{near}"));
    }
    match wanted.difference(&found).next() {
        Some(name) => Err(format!("`{{{name}}}` is lost; it must stay in the text")),
        None => Ok(()),
    }
}

/// Without what programs for offices put in: spaces that are none, spaces around.
fn cleaned(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let is_space = |c: char| matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{feff}' | '\t');
    let text: String = text.chars().map(|c| if is_space(c) { ' ' } else { c }).collect();
    text.trim().to_owned()
}

fn is_same(spot: &Spot, one: &str, other: &str) -> bool {
    match spot {
        Spot::Choice { .. } => parted(one) == parted(other),
        Spot::Ask(_) | Spot::Say(_) | Spot::Ending(_) | Spot::Message(_) => same(one, other),
    }
}

fn is_language(language: &Language) -> bool {
    (2..=3).contains(&language.base().as_str().len())
        && language.as_str().chars().all(|c| c.is_ascii_alphabetic() || c == '-')
}
