//! A phone number of the office's country, or a foreign one in full; one digit short is refused.

use super::around::{self, Part};
use super::{Speaker, Understood};
use crate::model::{PhoneNumber, Value};

pub(super) fn read(text: &str, speaker: &Speaker<'_>) -> Understood {
    let region = speaker.today.region;
    let said = super::plain(text);
    let lexicon = speaker.lexicon;
    if lexicon.hedge.stand_in(&said) || lexicon.not.stand_in(&said) {
        return Understood::No;
    }
    if let Ok(number) = PhoneNumber::parse(text, region) {
        return Understood::Exact(Value::Phone(number));
    }
    let mut found: Vec<PhoneNumber> = candidates(text, speaker)
        .iter()
        .filter_map(|candidate| PhoneNumber::parse(candidate, region).ok())
        .collect();
    found.dedup();
    match (&found[..], candidates(text, speaker).len()) {
        ([number], 1) if is_plain(text, speaker) => {
            Understood::Repaired(Value::Phone(number.clone()))
        }
        _ => Understood::No,
    }
}

/// Whether every word beside the number changes nothing: `my old number`, `my husband's` do.
fn is_plain(text: &str, speaker: &Speaker<'_>) -> bool {
    // `my boss` is somebody else, `boss` is whom they speak to.
    let said = super::plain(text);
    let words: Vec<&str> = said.split(' ').collect();
    let is_place = |word: &&str| matches!(*word, "clinic" | "hospital" | "facility" | "clinique");
    let part = |at: usize| {
        let word = words[at];
        let is_digits = || word.bytes().all(|byte| matches!(byte, b'o' | b'l' | b'i'));
        if word.bytes().any(|byte| byte.is_ascii_digit()) || is_digits() && word.len() > 1 {
            Part::Own
        } else {
            Part::Beside
        }
    };
    let is_theirs = |two: &[&str]| {
        speaker.lexicon.titles.contains(two[0])
            && matches!(two[1], "number" | "no" | "phone" | "line" | "numero" | "contact")
    };
    if words.windows(2).any(is_theirs) {
        return false;
    }
    if !around::is_harmless(&words, part, speaker.answers(), speaker) {
        return false;
    }
    if speaker.names_anothers(&words) || words.iter().any(is_place) {
        return false;
    }
    let has_digit = |word: &&str| word.bytes().any(|byte| byte.is_ascii_digit());
    let words = text.split_whitespace().filter(|word| !has_digit(word)).map(super::plain);
    words.flat_map(|word| word.split(' ').map(str::to_owned).collect::<Vec<_>>()).all(|word| {
        word.is_empty()
            || speaker.is_harmless(&word)
            || word.bytes().all(|byte| matches!(byte, b'o' | b'l' | b'i'))
    })
}

/// Runs of digits with the signs that numbers have, words left out; `or`, `/` and `;` part two.
fn candidates(text: &str, speaker: &Speaker<'_>) -> Vec<String> {
    let mut found = vec![String::new()];
    for token in text.split_whitespace() {
        let token = token.trim_matches([':', '.', ',', '(', ')', '!']);
        // `tel:0886…`
        let token = token.rsplit(':').next().unwrap_or(token);
        let looks = super::tokens::digits(token.trim_start_matches('+'));
        if let Some(repaired) = looks {
            let plus = if token.starts_with('+') { "+" } else { "" };
            push(&mut found, &format!("{plus}{repaired}"));
        } else if token.chars().any(|c| c.is_ascii_digit()) {
            for (at, piece) in token.split(['/', ';', ',']).enumerate() {
                if at > 0 {
                    found.push(String::new());
                }
                push(&mut found, piece);
            }
        } else if token == "/" || token == ";" || !is_filler(token, speaker) {
            found.push(String::new());
        }
    }
    found.retain(|candidate| candidate.chars().any(|c| c.is_ascii_digit()));
    found
}

fn push(found: &mut [String], piece: &str) {
    if let Some(last) = found.last_mut() {
        last.push_str(piece);
    }
}

fn is_filler(token: &str, speaker: &Speaker<'_>) -> bool {
    let word = super::plain(token);
    word.is_empty() || word.split(' ').all(|word| speaker.is_harmless(word))
}
