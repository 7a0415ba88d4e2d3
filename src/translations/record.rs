//! What each translation was made for: how an old translation is told from a current one.
//!
//! A table beside the flow (`flows/translations/FLOW.csv`), a row for each text and language. A
//! translation is stale when its first language's text has changed since and it has not; a
//! translation without a row counts as current, so that nothing is lost with the file but the
//! warnings.

use crate::flow::texts::FlowText;
use crate::model::Language;
use std::collections::BTreeMap;

const HEADINGS: [&str; 4] = ["text", "language", "made for", "translation"];
/// More rows than any flow has texts.
const MOST_ROWS: usize = 100_000;

/// What is known of the translations of one flow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    made: BTreeMap<(String, Language), Made>,
}

#[derive(Clone, Debug, PartialEq)]
struct Made {
    /// The text of the first language that it was made for.
    source: String,
    translation: String,
}

/// How a translation stands to the text that it translates.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// There is none.
    Missing,
    /// It was made for another text.
    Stale {
        /// That text.
        made_for: String,
    },
    /// It is right as far as anybody knows.
    Fine,
}

/// The file of a record is damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: a line must have {}", HEADINGS.join(", "))]
pub struct Damaged {
    /// The line, from 1.
    pub line: usize,
}

impl Record {
    /// Reads the table.
    ///
    /// # Errors
    /// Its first line that cannot be understood.
    pub fn parse(text: &str) -> Result<Record, Damaged> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first = text.lines().next().unwrap_or_default();
        // Excel saves with semicolons where the comma parts decimals.
        let sign = if first.contains(';') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(sign).from_reader(text.as_bytes());
        if !text.trim().is_empty() && first.split(char::from(sign)).map(str::trim).ne(HEADINGS) {
            return Err(Damaged { line: 1 });
        }
        let mut record = Record::default();
        for (line, row) in (2..).zip(reader.records()) {
            let row = row.map_err(|_| Damaged { line })?;
            let [key, language, source, translation] = [0, 1, 2, 3].map(|at| row.get(at));
            let (Some(key), Some(language), Some(source), Some(translation)) =
                (key, language, source, translation)
            else {
                return Err(Damaged { line });
            };
            if line > MOST_ROWS || key.is_empty() || language.is_empty() {
                return Err(Damaged { line });
            }
            record.made(key, &Language::new(language), source, translation);
        }
        Ok(record)
    }

    /// The table as it is kept.
    pub fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let rows = self.made.iter().map(|((key, language), made)| {
            [key.as_str(), language.as_str(), &made.source, &made.translation]
        });
        // Writing into memory cannot fail.
        for row in std::iter::once(HEADINGS).chain(rows) {
            writer.write_record(row).ok();
        }
        let bytes = writer.into_inner().unwrap_or_default();
        format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
    }

    /// Remembers what a translation was made for.
    pub fn made(&mut self, key: &str, language: &Language, source: &str, translation: &str) {
        let made = Made { source: source.to_owned(), translation: translation.to_owned() };
        self.made.insert((key.to_owned(), language.clone()), made);
    }

    /// How the translation of a text stands, `first` being the flow's first language.
    pub fn state(&self, text: &FlowText, first: &Language, language: &Language) -> State {
        let Some(translation) = text.wording.get(language) else { return State::Missing };
        let source = text.wording.get(first).map_or("", String::as_str);
        let made = self.made.get(&(text.spot.key(), language.clone()));
        let stale =
            |made: &&Made| same(&made.translation, translation) && !same(&made.source, source);
        match made.filter(stale) {
            Some(made) => State::Stale { made_for: made.source.clone() },
            None => State::Fine,
        }
    }

    /// Remembers all translations that are fine as made for the texts of today, and forgets texts
    /// that are no more. What is stale stays so.
    pub fn remember(&mut self, texts: &[FlowText], first: &Language) {
        let old = std::mem::take(self);
        for text in texts {
            let Some(source) = text.wording.get(first) else { continue };
            let key = text.spot.key();
            for (language, said) in text.wording.iter().filter(|(language, _)| *language != first) {
                match old.state(text, first, language) {
                    State::Stale { made_for } => self.made(&key, language, &made_for, said),
                    State::Fine | State::Missing => self.made(&key, language, source, said),
                }
            }
        }
    }

    /// Takes every translation as made for the texts of today.
    pub fn mark_current(&mut self, texts: &[FlowText], first: &Language) {
        self.made.clear();
        self.remember(texts, first);
    }
}

/// Whether two texts are the same but for spaces.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::texts::Spot;

    fn text(english: &str, french: &str) -> FlowText {
        let wording = [("en", english), ("fr", french)];
        let wording = wording.map(|(tag, text)| (Language::new(tag), text.to_owned()));
        FlowText { spot: Spot::Ask("b".to_owned()), wording: wording.into_iter().collect() }
    }

    fn state(record: &Record, english: &str, french: &str) -> State {
        record.state(&text(english, french), &Language::new("en"), &Language::new("fr"))
    }

    #[test]
    fn a_translation_is_stale_when_its_source_has_changed_and_it_has_not() {
        let stale = State::Stale { made_for: "Job?".to_owned() };
        let mut record = Record::default();
        assert_eq!(state(&record, "Job?", "Poste?"), State::Fine);
        record.remember(&[text("Job?", "Poste?")], &Language::new("en"));
        assert_eq!(state(&record, "Your job?", "Poste?"), stale);
        assert_eq!(state(&record, "Your job?", "Votre poste?"), State::Fine);
        assert_eq!(state(&record, " Job? ", "Poste?"), State::Fine);
        record.remember(&[text("Your job?", "Poste?")], &Language::new("en"));
        assert_eq!(state(&record, "Your job?", "Poste?"), stale, "remembering heals nothing");
        record.mark_current(&[text("Your job?", "Poste?")], &Language::new("en"));
        assert_eq!(state(&record, "Your job?", "Poste?"), State::Fine);
    }

    #[test]
    fn the_table_comes_back_as_it_was_even_from_excel() {
        let mut record = Record::default();
        record.remember(&[text("Job, \"or\"\nwork?", "Poste; ou?")], &Language::new("en"));
        assert_eq!(Record::parse(&record.to_csv()), Ok(record.clone()));
        let excel = "text;language;made for;translation\r\nquestions.b.ask;fr;\"Job, \"\"or\"\"\nwork?\";\"Poste; ou?\"\r\n";
        assert_eq!(Record::parse(excel), Ok(record));
        assert_eq!(Record::parse(""), Ok(Record::default()));
        assert_eq!(Record::parse("a,b\n"), Err(Damaged { line: 1 }));
        assert_eq!(
            Record::parse("text,language,made for,translation\na,b\n"),
            Err(Damaged { line: 2 })
        );
    }
}
