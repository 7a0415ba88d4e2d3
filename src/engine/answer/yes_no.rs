//! Yes or no: `Yess`, `okay`, `oui`, `1`, `no I am on leave`; never `1/2`, `not yes`, `yes no`.

use super::Understood;
use super::lexicon::Lexicon;
use super::tokens::{plain, stands_in};
use crate::model::Value;

/// The most words that may follow a clear yes or no.
const MOST_WORDS: usize = 10;

pub(super) fn read(text: &str, lexicon: &Lexicon) -> Understood {
    let plain = plain(text);
    if text.contains('?') {
        return Understood::No;
    }
    if let Some(yes) = whole(&plain, lexicon) {
        return Understood::Exact(Value::YesNo(yes));
    }
    let hedged = lexicon.hedge.iter().any(|word| stands_in(&plain, word));
    let words: Vec<&str> = plain.split(' ').collect();
    if hedged || words.len() > MOST_WORDS {
        return Understood::No;
    }
    match votes(&plain, &words, lexicon) {
        Some(yes) => Understood::Repaired(Value::YesNo(yes)),
        None => Understood::No,
    }
}

fn whole(plain: &str, lexicon: &Lexicon) -> Option<bool> {
    if plain == "1" || lexicon.yes.contains(plain) {
        Some(true)
    } else if plain == "2" || lexicon.no.contains(plain) {
        Some(false)
    } else {
        None
    }
}

/// All words that say yes or no must say the same, and one of them must come first (fillers
/// aside). A negation goes with a no and spoils a yes.
fn votes(plain: &str, words: &[&str], lexicon: &Lexicon) -> Option<bool> {
    let mut votes: Vec<(usize, bool)> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            votes.push((at, digit(word)?));
        } else if let Some(yes) = one_word(word, lexicon) {
            votes.push((at, yes));
        }
    }
    let (first, yes) = *votes.first()?;
    if votes.iter().any(|(_, other)| *other != yes) {
        return None;
    }
    let phrase_of_no = |phrase: &&String| phrase.contains(' ') && stands_in(plain, phrase);
    let negated =
        words.iter().any(|word| lexicon.not.contains(*word) && !lexicon.no.contains(*word))
            || lexicon.no.iter().any(|phrase| phrase_of_no(&phrase));
    if yes && negated {
        return None;
    }
    let before = &words[..first];
    // `not no` is neither.
    if before.last().is_some_and(|word| *word == "not" || *word == "pas") {
        return None;
    }
    before
        .iter()
        .all(|word| lexicon.filler.contains(*word) || lexicon.not.contains(*word))
        .then_some(yes)
}

fn digit(word: &str) -> Option<bool> {
    match word {
        "1" => Some(true),
        "2" => Some(false),
        _ => None,
    }
}

/// One word, perhaps with letters held down (`yesss`, `nooo`) or one slip in four letters.
fn one_word(word: &str, lexicon: &Lexicon) -> Option<bool> {
    let squeezed = squeeze(word);
    for candidate in [word, &squeezed] {
        if (candidate.len() > 1 || word.len() == 1)
            && let Some(yes) = whole(candidate, lexicon)
        {
            return Some(yes);
        }
    }
    let near = |set: &std::collections::BTreeSet<String>| {
        word.len() >= 4
            && set.iter().any(|known| {
                known.len() >= 4 && !known.contains(' ') && strsim::osa_distance(word, known) == 1
            })
    };
    match (near(&lexicon.yes), near(&lexicon.no)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

fn squeeze(word: &str) -> String {
    let mut squeezed = String::with_capacity(word.len());
    for c in word.chars() {
        if !squeezed.ends_with(c) {
            squeezed.push(c);
        }
    }
    squeezed
}
