//! A phone number of the office's country, or a foreign one in full; one digit short is refused.

use super::{Speaker, Understood};
use crate::model::{PhoneNumber, Value};

pub(super) fn read(text: &str, speaker: &Speaker) -> Understood {
    let region = speaker.today.region;
    if let Ok(number) = PhoneNumber::parse(text, region) {
        return Understood::Exact(Value::Phone(number));
    }
    let mut found: Vec<PhoneNumber> = candidates(text, speaker)
        .iter()
        .filter_map(|candidate| PhoneNumber::parse(candidate, region).ok())
        .collect();
    found.dedup();
    match (&found[..], candidates(text, speaker).len()) {
        ([number], 1) => Understood::Repaired(Value::Phone(number.clone())),
        _ => Understood::No,
    }
}

/// Runs of digits with the signs that numbers have, words left out; `or`, `/` and `;` part two.
fn candidates(text: &str, speaker: &Speaker) -> Vec<String> {
    let mut found = vec![String::new()];
    for token in text.split_whitespace() {
        let token = token.trim_matches([':', '.', ',', '(', ')', '!']);
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

fn is_filler(token: &str, speaker: &Speaker) -> bool {
    let word = super::plain(token);
    word.is_empty() || speaker.lexicon.filler.contains(&word)
}
