//! Several of several: `1 3`, `fever, cough`, `1 and 4`; never `13`, `1-3`, `not fever`.
//!
//! Each part is read as one choice would be; if any part is unclear, the whole is asked back.

use super::choice;
use super::tokens::plain;
use super::{Speaker, Understood};
use crate::flow::Choice;
use crate::model::Value;
use std::collections::BTreeSet;

/// Words that stand between two answers.
const BETWEEN: [&str; 4] = ["and", "et", "plus", "also"];
/// Words that mean every choice.
const ALL: [&str; 6] = ["all", "all of them", "everything", "tout", "tous", "toutes"];

pub(super) fn read(text: &str, choices: &[Choice], speaker: &Speaker<'_>) -> Understood {
    if text.contains(['?', '%']) || text.contains("..") || is_range(text) {
        return Understood::No;
    }
    let said = plain(text);
    if ALL.contains(&said.as_str()) && !choices.iter().any(|one| one.called.contains(&said)) {
        let real = (0..choices.len()).filter(|at| !is_nothing(&choices[*at], speaker));
        return found(real.collect(), choices, Exactly::No);
    }
    if speaker.lexicon.hedge.stand_in(&said) {
        return Understood::No;
    }
    let parts = parts(&text.replace(". ", ", "));
    // `all four`
    let counts =
        |word: &str| speaker.lexicon.numbers.contains_key(word) || word.parse::<u32>().is_ok();
    let words = || said.split(' ');
    if words().any(|word| ALL.contains(&word)) && words().any(counts) {
        return Understood::No;
    }
    let numbers = |part: &String| part.split(' ').all(|word| word.parse::<u32>().is_ok());
    let exactly = if parts.iter().all(numbers) { Exactly::Yes } else { Exactly::No };
    let mut chosen = BTreeSet::new();
    for part in &parts {
        match each(part, choices, speaker) {
            Some(ones) => chosen.extend(ones),
            None => return Understood::No,
        }
    }
    // Nothing, and something: one of them is a slip.
    if chosen.len() > 1 && chosen.iter().any(|at| is_nothing(&choices[*at], speaker)) {
        return Understood::No;
    }
    found(chosen, choices, exactly)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Exactly {
    Yes,
    No,
}

fn found(chosen: BTreeSet<usize>, choices: &[Choice], exactly: Exactly) -> Understood {
    if chosen.is_empty() {
        return Understood::No;
    }
    let ids = chosen.iter().map(|at| choices[*at].id.clone()).collect();
    match exactly {
        Exactly::Yes => Understood::Exact(Value::Choices(ids)),
        Exactly::No => Understood::Repaired(Value::Choices(ids)),
    }
}

/// A choice that stands for none of the others.
fn is_nothing(choice: &Choice, speaker: &Speaker<'_>) -> bool {
    choice.called.iter().any(|word| speaker.lexicon.zero.contains(word))
}

/// `1-3` may be one and three, or one to three.
fn is_range(text: &str) -> bool {
    let text = &text.replace('–', "-");
    let is_alone = |word: &str| word.len() == 1;
    let between = |three: &[&str]| {
        is_alone(three[0])
            && is_alone(three[2])
            && matches!(three[1], "to" | "a" | "thru" | "through")
    };
    if text.contains('à') && plain(text).split(' ').collect::<Vec<_>>().windows(3).any(between) {
        return true;
    }
    let bytes: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let is_one = |byte: u8| byte.is_ascii_digit();
    // `A-C`
    let is_letter = |at: usize| {
        bytes[at].is_ascii_alphabetic()
            && !at.checked_sub(1).is_some_and(|at| bytes[at].is_ascii_alphanumeric())
    };
    let ends = |at: usize| !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    (0..bytes.len().saturating_sub(2)).any(|at| {
        bytes[at + 1] == b'-'
            && is_letter(at)
            && bytes[at + 2].is_ascii_alphabetic()
            && ends(at + 3)
    }) || bytes.windows(3).any(|three| is_one(three[0]) && three[1] == b'-' && is_one(three[2]))
        || plain(text).split(' ').collect::<Vec<_>>().windows(3).any(|three| {
            let is_number = |word: &str| word.parse::<u32>().is_ok();
            is_number(three[0])
                && matches!(three[1], "to" | "a" | "or" | "ou")
                && is_number(three[2])
        })
}

/// The reply cut where one answer ends and the next begins.
fn parts(text: &str) -> Vec<String> {
    let cut: Vec<String> = text
        .split([',', ';', '/', '&', '+', '\n'])
        .map(|part| plain(part).trim().to_owned())
        .collect();
    let mut parts = Vec::new();
    for part in cut {
        let words: Vec<&str> = part.split(' ').collect();
        let pieces = words.split(|word| BETWEEN.contains(word));
        parts.extend(pieces.map(|words| words.join(" ")).filter(|part| !part.is_empty()));
    }
    parts
}

/// The choices of one part: one, or the numbers that stand side by side in it.
fn each(part: &str, choices: &[Choice], speaker: &Speaker<'_>) -> Option<Vec<usize>> {
    let called = |word: &str| choices.iter().position(|c| c.called.iter().any(|one| one == word));
    // `A 2` is a letter and a number.
    let tells = |word: &&str| !speaker.is_harmless(word) || called(word).is_some();
    let words = part.split(' ').filter(tells);
    let numbers: Option<Vec<usize>> = words.map(|word| word.parse().ok()).collect();
    if let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty()) {
        let fits = |number: &usize| (1..=choices.len()).contains(number);
        return numbers.iter().all(fits).then(|| numbers.iter().map(|n| n - 1).collect());
    }
    // `A B`, `fever cough`
    let is_polite = |word: &&str| speaker.lexicon.polite.contains(word);
    let words: Vec<&str> = part.split(' ').filter(|word| !is_polite(word)).collect();
    if words.len() > 1
        && let Some(ones) = words.iter().map(|word| called(word)).collect::<Option<Vec<_>>>()
    {
        return Some(ones);
    }
    match choice::read(part, choices, speaker) {
        Understood::Exact(Value::Choice(id)) | Understood::Repaired(Value::Choice(id)) => {
            Some(vec![choices.iter().position(|choice| choice.id == id)?])
        }
        _ => None,
    }
}
