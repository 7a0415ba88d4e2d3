//! One of several: by number, id, label or synonym, inside a sentence, with a small slip.

use super::tokens::{plain, slack, stands_in};
use super::{Speaker, Understood};
use crate::flow::Choice;
use crate::model::Value;
use std::collections::BTreeSet;

pub(super) fn read(text: &str, choices: &[Choice], speaker: &Speaker) -> Understood {
    let said = plain(text);
    let chosen = |at: usize| Value::Choice(choices[at].id.clone());
    if text.contains('?') {
        return Understood::No;
    }
    if let Some(at) = whole(&said, choices) {
        return Understood::Exact(chosen(at));
    }
    if unclear(&said, speaker) {
        return Understood::No;
    }
    let named = named(&said, choices);
    let numbered = numbered(&said, choices.len(), speaker);
    if named.iter().any(|at| is_changed(&said, &choices[*at], speaker)) {
        return Understood::No;
    }
    let found = match (named.len(), numbered) {
        (_, Number::Several) => None,
        (0, Number::One(at)) => Some(at),
        (1, Number::One(at)) => named.first().copied().filter(|named| *named == at),
        (1, Number::None) => named.first().copied(),
        (0, Number::None) => misspelt(&said, choices),
        _ => None,
    };
    found.map_or(Understood::No, |at| Understood::Repaired(chosen(at)))
}

fn whole(said: &str, choices: &[Choice]) -> Option<usize> {
    if let Ok(number) = said.parse::<usize>() {
        return (1..=choices.len()).contains(&number).then(|| number - 1);
    }
    let hits: Vec<usize> = (0..choices.len())
        .filter(|at| choices[*at].called.iter().any(|word| word == said))
        .collect();
    match hits[..] {
        [at] => Some(at),
        _ => None,
    }
}

fn unclear(said: &str, speaker: &Speaker) -> bool {
    let lexicon = speaker.lexicon;
    let spoils = |word: &String| stands_in(said, word);
    lexicon.not.iter().any(spoils) || lexicon.hedge.iter().any(spoils)
}

/// The choices whose words stand in the sentence; a shorter word inside a longer one of another
/// choice does not count. A single letter counts only as the whole reply.
fn named(said: &str, choices: &[Choice]) -> BTreeSet<usize> {
    let mut hits: Vec<(usize, &str)> = Vec::new();
    for (at, choice) in choices.iter().enumerate() {
        let called = choice.called.iter().map(String::as_str);
        hits.extend(called.filter(|w| w.len() > 1 && stands_in(said, w)).map(|w| (at, w)));
    }
    let covered = |word: &str| {
        hits.iter().any(|(_, longer)| longer.len() > word.len() && stands_in(longer, word))
    };
    hits.iter().filter(|(_, word)| !covered(word)).map(|(at, _)| *at).collect()
}

/// `nurse aide`, `student nurse`: a word beside the choice's own makes another thing of it.
fn is_changed(said: &str, choice: &Choice, speaker: &Speaker) -> bool {
    let called = choice.called.iter().filter(|word| stands_in(said, word));
    let Some(longest) = called.max_by_key(|word| word.len()) else { return false };
    let rest = said.replacen(longest.as_str(), " ", 1);
    rest.split_whitespace().any(|word| speaker.lexicon.changes.contains(word))
}

enum Number {
    None,
    One(usize),
    Several,
}

/// `no 2`, `option two`, `2 please`: one number, and nothing but fillers or a label around it.
fn numbered(said: &str, count: usize, speaker: &Speaker) -> Number {
    let mut found = None;
    for word in said.split(' ') {
        let number = match word.parse::<i64>() {
            Ok(number) => Some(number),
            Err(_) if word.bytes().any(|byte| byte.is_ascii_digit()) => match nth(word) {
                None => return Number::Several,
                number => number,
            },
            Err(_) => {
                let lexicon = speaker.lexicon;
                let number = lexicon.numbers.get(word).or_else(|| lexicon.ordinals.get(word));
                number.copied().filter(|_| alone(said, word, speaker))
            }
        };
        let Some(number) = number else { continue };
        let fits = usize::try_from(number).ok().filter(|number| (1..=count).contains(number));
        match (fits, found) {
            (Some(number), None) => found = Some(number - 1),
            _ => return Number::Several,
        }
    }
    match found {
        Some(at) if said.split(' ').count() <= 6 => Number::One(at),
        Some(_) => Number::Several,
        None => Number::None,
    }
}

/// `2nd`, `3e`.
fn nth(word: &str) -> Option<i64> {
    let end = word.find(|c: char| !c.is_ascii_digit())?;
    let is_ending = matches!(&word[end..], "st" | "nd" | "rd" | "th" | "e" | "er" | "eme");
    is_ending.then(|| word[..end].parse().ok()).flatten()
}

/// A number word counts only where everything else is filler: `one` is also a pronoun.
fn alone(said: &str, word: &str, speaker: &Speaker) -> bool {
    let is_harmless =
        |other: &str| matches!(other, "one" | "un") || speaker.lexicon.filler.contains(other);
    said.split(' ').all(|other| other == word || is_harmless(other))
}

/// The one choice whose word is near, with no other as near.
fn misspelt(said: &str, choices: &[Choice]) -> Option<usize> {
    let distance = |at: &usize| {
        let called = choices[*at].called.iter().filter(|word| slack(word.len()) > 0);
        called
            .flat_map(|word| windows(said, word.split(' ').count()).map(move |w| (w, word)))
            .filter(|(window, word)| window.len().abs_diff(word.len()) <= slack(word.len()))
            .map(|(window, word)| (strsim::osa_distance(&window, word), slack(word.len())))
            .filter(|(distance, slack)| distance <= slack)
            .map(|(distance, _)| distance)
            .min()
    };
    let mut near: Vec<(usize, usize)> =
        (0..choices.len()).filter_map(|at| Some((distance(&at)?, at))).collect();
    near.sort_unstable();
    match near[..] {
        [(_, at)] => Some(at),
        [(best, at), (second, _), ..] if second > best + 1 => Some(at),
        _ => None,
    }
}

/// Runs of so many words; of a longer sentence only its beginning is searched for slips.
pub(super) fn windows(said: &str, count: usize) -> impl Iterator<Item = String> {
    let words: Vec<String> = said.split(' ').take(8).map(str::to_owned).collect();
    let count = count.clamp(1, 5);
    (0..words.len().saturating_sub(count - 1)).map(move |at| words[at..at + count].join(" "))
}
