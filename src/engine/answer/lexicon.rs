//! The words of each language, read once from the files beside this folder.

use super::tokens::plain;
use crate::model::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const FILES: [(&str, &str); 3] = [
    ("en", include_str!("../lexicon/en.txt")),
    ("en-LR", include_str!("../lexicon/en-LR.txt")),
    ("fr", include_str!("../lexicon/fr.txt")),
];

/// What a language's words mean.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    pub yes: BTreeSet<String>,
    pub no: BTreeSet<String>,
    /// Turns a meaning around.
    pub not: BTreeSet<String>,
    /// Makes a meaning unsure.
    pub hedge: BTreeSet<String>,
    /// May stand around an answer without changing it.
    pub filler: BTreeSet<String>,
    pub zero: BTreeSet<String>,
    pub units: BTreeSet<String>,
    pub months: BTreeMap<String, i8>,
    /// Makes another thing of a word that it stands beside: `student nurse`.
    pub changes: BTreeSet<String>,
    /// Says that somebody does not want to answer.
    pub refuse: BTreeSet<String>,
    /// Says yes only where nothing else is said: `ok`, `right`.
    pub assent: BTreeSet<String>,
    /// Takes something back from a yes: `when`, `until`, `partly`.
    pub limits: BTreeSet<String>,
    /// Stands in front of an answer, as in a letter.
    pub greeting: BTreeSet<String>,
    /// Stands before the name below an answer.
    pub signature: BTreeSet<String>,
    /// Says that a place is not the one that is named: `near`, `left`.
    pub elsewhere: BTreeSet<String>,
    /// Units of time, those of one length together: seven months are not seven years.
    pub spans: Vec<BTreeSet<String>>,
    /// What things are packed in or measured by, those of one size together.
    pub packings: Vec<BTreeSet<String>>,
    /// `third` → 3.
    pub ordinals: BTreeMap<String, i64>,
    /// Number words; those that multiply (`hundred`) are negative.
    pub numbers: BTreeMap<String, i64>,
}

static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&["en"]));
static LIBERIAN: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&["en", "en-LR"]));
// People who are written to in French answer in English too, and the other way round the risk
// of a wrong reading is greater than the gain: `si`, `o` and `six` differ.
static FRENCH: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&["fr"]));

/// The words that people use who are spoken to in this language.
pub(super) fn of(language: &Language) -> &'static Lexicon {
    if *language == Language::new("en-LR") {
        &LIBERIAN
    } else if language.base().as_str() == "fr" {
        &FRENCH
    } else {
        &ENGLISH
    }
}

/// Whether a whole message says that somebody does not want to answer: in any language, for who
/// is tired of a question falls back into their own.
pub(super) fn refuses(said: &str) -> bool {
    [&*LIBERIAN, &*FRENCH].iter().any(|lexicon| lexicon.refuse.contains(said))
}

impl Lexicon {
    fn of(names: &[&str]) -> Lexicon {
        let mut lexicon = Lexicon::default();
        for (_, text) in FILES.iter().filter(|(name, _)| names.contains(name)) {
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                let (kind, words) = line.split_once(": ").unwrap_or((line, ""));
                lexicon.add(kind, words);
            }
        }
        lexicon
    }

    /// Whether a word has a meaning of its own, so that it is no slip of another one.
    pub fn means_something(&self, word: &str) -> bool {
        [&self.yes, &self.no, &self.not, &self.hedge, &self.zero]
            .iter()
            .any(|words| words.contains(word))
    }

    /// Whether a word can be no part of somebody's name: it means something to some question.
    pub fn is_word(&self, word: &str) -> bool {
        let sets = [&self.units, &self.changes, &self.limits, &self.elsewhere];
        self.means_something(word)
            || sets.iter().any(|words| words.contains(word))
            || self.numbers.contains_key(word)
            || self.ordinals.contains_key(word)
            || self.months.contains_key(word)
    }

    fn add(&mut self, kind: &str, words: &str) {
        let words = words.split(", ");
        match kind {
            "months" => {
                for (month, names) in (1..).zip(words) {
                    self.months.extend(names.split(' ').map(|name| (name.to_owned(), month)));
                }
            }
            "numbers" => self.numbers.extend(words.filter_map(number_word)),
            "spans" => self.spans.extend(words.map(group)),
            "packings" => self.packings.extend(words.map(group)),
            "ordinals" => self.ordinals.extend(words.filter_map(number_word)),
            _ => {
                if let Some(set) = self.set(kind) {
                    set.extend(words.map(plain));
                }
            }
        }
    }

    fn set(&mut self, kind: &str) -> Option<&mut BTreeSet<String>> {
        Some(match kind {
            "yes" => &mut self.yes,
            "no" => &mut self.no,
            "not" => &mut self.not,
            "hedge" => &mut self.hedge,
            "filler" => &mut self.filler,
            "zero" => &mut self.zero,
            "units" => &mut self.units,
            "changes" => &mut self.changes,
            "refuse" => &mut self.refuse,
            "assent" => &mut self.assent,
            "limits" => &mut self.limits,
            "greeting" => &mut self.greeting,
            "signature" => &mut self.signature,
            "elsewhere" => &mut self.elsewhere,
            _ => return None,
        })
    }
}

fn group(words: &str) -> BTreeSet<String> {
    words.split(' ').map(str::to_owned).collect()
}

fn number_word(word: &str) -> Option<(String, i64)> {
    let (name, value) = word.split_once('=')?;
    let value = match value.strip_prefix('x') {
        Some(factor) => -factor.parse::<i64>().ok()?,
        None => value.parse().ok()?,
    };
    Some((name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_files_is_read() {
        for lexicon in [&*ENGLISH, &*LIBERIAN, &*FRENCH] {
            assert!(lexicon.yes.len() > 10 && lexicon.no.len() > 5 && lexicon.not.len() > 5);
            assert_eq!(lexicon.months.values().max(), Some(&12));
            assert!(lexicon.numbers.len() > 20 && lexicon.units.len() > 20);
        }
    }

    #[test]
    fn no_word_means_both_yes_and_no() {
        for lexicon in [&*ENGLISH, &*LIBERIAN, &*FRENCH] {
            assert!(lexicon.yes.is_disjoint(&lexicon.no));
        }
    }
}
