//! Whether what stands around an answer changes nothing: it must be made of known phrases, such as
//! `my answer is` before it and `of service` behind it. Any other word may say that the answer is
//! somebody else's, was one last year, or is none at all; then the reply is asked back.
//!
//! The kinds of answers take a reply apart by themselves; this looks at their result once more.

use super::Speaker;
use super::place::KINDS;
use super::tokens::is_slip;
use crate::flow::{Fit, Kind, Side, Slot};
use std::collections::BTreeSet;

/// Words of a place's name that are no names.
const OF_NAMES: [&str; 9] = ["the", "of", "de", "du", "la", "le", "st", "saint", "and"];
/// How many of the counted things are people.
const PEOPLE: usize = 3;

/// A word of a reply: the answer's own, or one that stands beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Of the answer.
    Own,
    /// Between two words of the answer it changes nothing: `third of May`.
    Joint,
    /// Any other.
    Beside,
}

/// Whether the words beside an answer change nothing.
pub(super) fn is_harmless(
    words: &[&str],
    part: impl Fn(usize) -> Part,
    answers: &[&'static str],
    speaker: &Speaker<'_>,
) -> bool {
    let own = |at: &usize| part(*at) == Part::Own;
    let (Some(first), Some(last)) = ((0..words.len()).find(own), (0..words.len()).rev().find(own))
    else {
        return false;
    };
    let is_gap_harmless = || {
        let gaps: Vec<&str> =
            (first..last).filter(|at| part(*at) == Part::Beside).map(|at| words[at]).collect();
        gaps.is_empty() || is_covered(Side::Before, &gaps, answers, speaker)
    };
    is_gap_harmless()
        && is_covered(Side::Before, &words[..first], answers, speaker)
        && is_covered(Side::After, &words[last + 1..], answers, speaker)
        && !is_mine_where_anothers_is_asked(&words[..first], speaker)
}

/// Whether words are made of known phrases and courtesies alone.
pub(super) fn is_covered(
    side: Side,
    words: &[&str],
    answers: &[&'static str],
    speaker: &Speaker<'_>,
) -> bool {
    let slip = |word: &str, known: &str| {
        known.len() >= 6
            && word.len() >= 6
            && word.len().abs_diff(known.len()) <= 1
            && word.as_bytes()[..2].iter().any(|byte| known.as_bytes()[..2].contains(byte))
            && is_slip(word, known, 1)
            && !speaker.lexicon.is_word(word)
            && !speaker.lexicon.may_change(word)
    };
    let slot = |slot: Slot, words: &[&str]| fills(slot, words, speaker);
    let fit = Fit { slip: &slip, slot: &slot };
    let mut reached: BTreeSet<usize> = BTreeSet::from([0]);
    while let Some(at) = reached.pop_first() {
        if at == words.len() {
            return true;
        }
        let ends = speaker.lexicon.frames.ends(side, answers, &words[at..], &fit);
        reached.extend(ends.into_iter().filter(|end| *end > 0).map(|end| at + end));
        reached.extend(courtesies(side, &words[at..], speaker).map(|end| at + end));
        // `working yes`: asked words before a yes may be the question once more.
        let may_repeat =
            side == Side::After || !answers.contains(&"yes") && !answers.contains(&"no");
        if may_repeat && answers.len() > 1 && speaker.asks(words[at]) {
            reached.insert(at + 1);
        }
    }
    false
}

/// How many words the titles and courtesies have that words begin with: `sir`, `thank you`.
fn courtesies(side: Side, words: &[&str], speaker: &Speaker<'_>) -> impl Iterator<Item = usize> {
    const LONGEST: usize = 5;
    let lexicon = speaker.lexicon;
    let is_person = !speaker.asked.question.kind.choices().is_empty();
    (1..=words.len().min(LONGEST)).filter(move |count| {
        // `in the morning` greets nobody, `female boss` is one.
        let greets = |word: &str| matches!(word, "hello" | "hi" | "hey" | "bonjour" | "salut");
        let is_other = |word: &str| {
            matches!(word, "boss" | "team" | "chef" | "patron" | "docteur" | "miss" | "mr" | "mrs")
        };
        let is_many = |word: &str| {
            matches!(word, "everyone" | "team" | "colleagues" | "friends" | "moh" | "tous")
        };
        if *count == 1
            && (lexicon.moments.contains(words[0]) && !lexicon.polite.contains(words[0])
                || is_many(words[0])
                || side == Side::After && greets(words[0])
                || side == Side::After && is_person && is_other(words[0]))
        {
            return false;
        }
        let said = words[..*count].join(" ");
        let sets = [&lexicon.titles, &lexicon.polite, &lexicon.greeting];
        sets.iter().any(|words| words.contains(&said))
    })
}

/// Whether words are such as a slot of a phrase is for.
pub(super) fn fills(slot: Slot, words: &[&str], speaker: &Speaker<'_>) -> bool {
    let lexicon = speaker.lexicon;
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    match slot {
        Slot::Asked => words.iter().all(|word| speaker.asks(word)),
        Slot::Place => {
            let is_kind = |word: &str| KINDS.contains(&word) && !OF_NAMES.contains(&word);
            let is_name = |word: &str| {
                is_kind(word) || {
                    !has_digit(word)
                        && !OF_NAMES.contains(&word)
                        && !lexicon.filler.contains(word)
                        && !lexicon.is_word(word)
                        && !lexicon.moments.contains(word)
                }
            };
            words.iter().all(|word| is_name(word) || OF_NAMES.contains(word))
                && words.iter().any(|word| is_kind(word) || is_name(word) && speaker.is_name(word))
        }
        Slot::When => {
            let is_when = |word: &str| {
                lexicon.moments.contains(word)
                    || lexicon.months.contains_key(word)
                    || has_digit(word)
            };
            let is_link =
                |word: &&str| matches!(*word, "the" | "of" | "last" | "this" | "le" | "de");
            words.iter().all(|word| is_when(word) || is_link(word))
                && words.iter().any(|word| is_when(word))
        }
    }
}

/// `my number is …` where the number of an officer was asked for.
fn is_mine_where_anothers_is_asked(before: &[&str], speaker: &Speaker<'_>) -> bool {
    let is_mine = |word: &&str| matches!(*word, "my" | "mine" | "mon" | "ma");
    before.iter().any(is_mine)
        && speaker.asks_of_another()
        && !before.iter().any(|word| speaker.lexicon.others.contains(word))
}

/// The names of the phrases that may stand around an answer to a question.
pub(super) fn answers(kind: &Kind, speaker: &Speaker<'_>) -> &'static [&'static str] {
    match kind {
        Kind::Number(_) => {
            let lexicon = speaker.lexicon;
            let asked = |ones: &BTreeSet<String>| ones.iter().any(|word| speaker.echoes(word));
            if lexicon.spans.first().is_some_and(asked) {
                &["any", "number", "years"]
            } else if lexicon.counted.iter().take(PEOPLE).any(asked)
                || !lexicon.counted.iter().any(asked)
            {
                &["any", "number", "people", "things"]
            } else {
                &["any", "number", "things"]
            }
        }
        Kind::Date(_) => &["any", "date"],
        Kind::Time(_) => &["any", "time"],
        Kind::Phone => &["any", "phone"],
        Kind::Code { .. } => &["any", "code"],
        Kind::Place(_) => &["any", "place"],
        Kind::Choice(_) | Kind::Choices(_) if speaker.asks_what_somebody_is() => {
            &["any", "choice", "person"]
        }
        Kind::Choice(_) => &["any", "choice"],
        Kind::Choices(_) => &["any", "choice", "several"],
        Kind::YesNo => &["any", "yes", "no", "denial"],
        Kind::Text { .. } | Kind::Audio { .. } => &["any"],
    }
}
