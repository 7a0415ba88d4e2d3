//! What may stand around an answer: short phrases of a language, as patterns in its word files.
//!
//! `before number: i|we have been? working for?` is a line of such patterns. Alternatives of a word
//! have a bar between them, a word with a question mark may be left out, `on_a` is two words. `*` stands for a word of
//! the question, `<place>` for the name of one, `<when>` for a day, a month or a year.

use super::plain;
use std::collections::{BTreeMap, BTreeSet};

/// What is answered with: each has phrases of its own, beside those of any answer.
const ANSWERS: [&str; 16] = [
    "any", "number", "years", "people", "things", "date", "time", "phone", "code", "choice",
    "place", "yes", "no", "denial", "several", "person",
];
/// The most words that a place or a day has.
const LONGEST_SLOT: usize = 4;

/// The phrases around answers, by where they stand and around what: `before number`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frames {
    phrases: BTreeMap<(Side, &'static str), Vec<Phrase>>,
    words: BTreeMap<(Side, &'static str), BTreeSet<String>>,
}

/// Where a phrase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Before the answer.
    Before,
    /// Behind it.
    After,
}

/// A phrase: what may stand at each of its places.
#[derive(Clone, Debug, Default, PartialEq)]
struct Phrase(Vec<Step>);

#[derive(Clone, Debug, PartialEq)]
struct Step {
    ways: Vec<Way>,
    /// Whether it may be left out.
    free: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Way {
    /// Words: `j'ai` is two.
    Words(Vec<String>),
    Slot(Slot, usize),
}

/// What stands for words that a file cannot name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A word of the question.
    Asked,
    /// The name of a place.
    Place,
    /// A day, a month, a year.
    When,
}

impl Slot {
    const ALL: [(&'static str, Slot, usize); 3] = [
        ("*", Slot::Asked, 1),
        ("<place>", Slot::Place, LONGEST_SLOT),
        ("<when>", Slot::When, LONGEST_SLOT),
    ];
}

/// How a word of a reply fits one of a phrase, and words a slot.
pub struct Fit<'a> {
    /// Whether a word is another one with a slip in it.
    pub slip: &'a dyn Fn(&str, &str) -> bool,
    /// Whether words stand for what a slot does.
    pub slot: &'a dyn Fn(Slot, &[&str]) -> bool,
}

impl Frames {
    /// Around what a line of a file has phrases, if it is such a line: `before number`.
    pub fn kind(kind: &str) -> Option<(Side, &'static str)> {
        let (side, answer) = kind.split_once(' ')?;
        let side = match side {
            "before" => Side::Before,
            "after" => Side::After,
            _ => return None,
        };
        ANSWERS.iter().find(|known| **known == answer).map(|answer| (side, *answer))
    }

    /// Takes in the phrases of a line.
    pub fn add(&mut self, kind: (Side, &'static str), phrases: &[&str]) {
        let known = self.words.entry(kind).or_default();
        for phrase in phrases.iter().map(|phrase| Phrase::of(phrase)) {
            for way in phrase.0.iter().flat_map(|step| &step.ways) {
                if let Way::Words(words) = way {
                    known.extend(words.iter().cloned());
                }
            }
            self.phrases.entry(kind).or_default().push(phrase);
        }
    }

    /// Whether a word stands in a phrase around such answers.
    pub fn have(&self, answers: &[&'static str], word: &str) -> bool {
        let stands = |side, answer| {
            self.words.get(&(side, answer)).is_some_and(|words| words.contains(word))
        };
        answers.iter().any(|answer| stands(Side::Before, *answer) || stands(Side::After, *answer))
    }

    /// Where phrases beside such answers end that begin with the first of these words.
    pub fn ends(
        &self,
        side: Side,
        answers: &[&'static str],
        words: &[&str],
        fit: &Fit<'_>,
    ) -> BTreeSet<usize> {
        let mut ends = BTreeSet::new();
        let known = answers.iter().filter_map(|answer| self.phrases.get(&(side, *answer)));
        for phrase in known.flatten() {
            phrase.walk(0, words, 0, fit, &mut ends);
        }
        ends
    }
}

impl Phrase {
    fn of(phrase: &str) -> Phrase {
        let step = |part: &str| {
            let (part, free) = match part.strip_suffix('?') {
                Some(part) => (part, true),
                None => (part, false),
            };
            Step { ways: part.split('|').map(Way::of).collect(), free }
        };
        Phrase(phrase.split_whitespace().map(step).collect())
    }

    /// Puts in where the steps from one on end that begin at a word.
    fn walk(
        &self,
        step: usize,
        words: &[&str],
        at: usize,
        fit: &Fit<'_>,
        ends: &mut BTreeSet<usize>,
    ) {
        let Some(Step { ways, free }) = self.0.get(step) else {
            ends.insert(at);
            return;
        };
        if *free {
            self.walk(step + 1, words, at, fit, ends);
        }
        for way in ways {
            match way {
                Way::Words(known) => {
                    let said = words.get(at..at + known.len());
                    let alike =
                        |(known, said): (&String, &&str)| known == said || (fit.slip)(said, known);
                    if said.is_some_and(|said| known.iter().zip(said).all(alike)) {
                        self.walk(step + 1, words, at + known.len(), fit, ends);
                    }
                }
                Way::Slot(slot, longest) => {
                    for end in at + 1..=words.len().min(at + longest) {
                        if (fit.slot)(*slot, &words[at..end]) {
                            self.walk(step + 1, words, end, fit, ends);
                        }
                    }
                }
            }
        }
    }
}

impl Way {
    fn of(text: &str) -> Way {
        match Slot::ALL.iter().find(|(name, ..)| *name == text) {
            Some((_, slot, longest)) => Way::Slot(*slot, *longest),
            None => {
                Way::Words(plain(&text.replace('_', " ")).split(' ').map(str::to_owned).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(phrase: &str, said: &str) -> Vec<usize> {
        let mut frames = Frames::default();
        frames.add((Side::Before, "any"), &[phrase]);
        let words: Vec<&str> = said.split(' ').collect();
        let slip = |word: &str, known: &str| word == "wroking" && known == "working";
        let slot = |slot: Slot, words: &[&str]| match slot {
            Slot::Asked => words == ["beds"],
            Slot::Place => words.iter().all(|word| word.starts_with('K')),
            Slot::When => false,
        };
        let fit = Fit { slip: &slip, slot: &slot };
        frames.ends(Side::Before, &["any"], &words, &fit).into_iter().collect()
    }

    #[test]
    fn a_phrase_has_ways_words_that_may_be_left_out_and_slots() {
        let phrase = "i|we have|'ve been? working for?";
        assert_eq!(ends(phrase, "we have working"), [3]);
        assert_eq!(ends(phrase, "i have been wroking for"), [4, 5]);
        assert_eq!(ends(phrase, "i working"), [] as [usize; 0]);
        assert_eq!(ends("number? of? *", "number of beds"), [3]);
        assert_eq!(ends("at <place>", "at Klay Kakata now"), [2, 3]);
        assert_eq!(ends("j'ai", "j ai"), [2]);
    }
}
