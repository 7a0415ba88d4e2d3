//! An identifier that keeps its zeros: `001234` stays `001234`.

use super::around::{self, Part};
use super::tokens::plain;
use super::{Speaker, Understood};
use crate::model::Value;

/// The longest code without a shape. It has a digit: `none` and `lost` are no codes.
const LONGEST: usize = 40;

pub(super) fn read(text: &str, shape: Option<&str>, speaker: &Speaker<'_>) -> Understood {
    let text = text.trim().trim_end_matches(['.', '!', ',']);
    if text.contains('?') {
        return Understood::No;
    }
    if is_somebody_elses(&plain(text), speaker) {
        return Understood::No;
    }
    if !is_plain(text, speaker) {
        return Understood::No;
    }
    let Some(shape) = shape else { return without_shape(text, speaker) };
    if let Some(code) = fit(text, shape) {
        return decided(text, code);
    }
    let tokens: Vec<&str> = text.split_whitespace().collect();
    let words: Vec<&&str> = tokens.iter().filter(|token| is_filler(token, speaker)).collect();
    let rest: Vec<&str> = tokens.iter().filter(|t| !is_filler(t, speaker)).copied().collect();
    let joined: String = rest.concat();
    let joined = joined.trim_end_matches(['.', ',', '!']);
    let pieces_are_the_code = words.len() + rest.len() == tokens.len();
    match fit(joined.trim_start_matches(['#', ':']), shape) {
        Some(code) if pieces_are_the_code => Understood::Repaired(Value::Code(code)),
        _ => Understood::No,
    }
}

/// Whether what stands around the code changes nothing.
fn is_plain(text: &str, speaker: &Speaker<'_>) -> bool {
    if !text.contains(char::is_whitespace) {
        return true;
    }
    let mut words: Vec<(String, Part)> = Vec::new();
    for token in text.split_whitespace() {
        let part = if is_filler(token, speaker) { Part::Beside } else { Part::Own };
        let said = plain(token);
        let said = said.split(' ').filter(|word| !word.is_empty());
        words.extend(said.map(|word| (word.to_owned(), part)));
    }
    let said: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    around::is_harmless(&said, |at| words[at].1, speaker.answers(), speaker)
}

/// `was 001234`, `my boss ID 001234`, and the messages of a bank or a shop: `your code is 001234`.
fn is_somebody_elses(said: &str, speaker: &Speaker<'_>) -> bool {
    let words: Vec<&str> = said.split(' ').collect();
    words.len() > 1
        && (speaker.lexicon.hedge.stand_in(said)
            || speaker.names_anothers(&words)
            || super::tokens::stands_in(said, "your code"))
}

fn decided(text: &str, code: String) -> Understood {
    let exact = code == text;
    let value = Value::Code(code);
    if exact { Understood::Exact(value) } else { Understood::Repaired(value) }
}

fn without_shape(text: &str, speaker: &Speaker<'_>) -> Understood {
    let mut tokens = text.split_whitespace().filter(|token| !is_filler(token, speaker));
    match (tokens.next(), tokens.next()) {
        (Some(code), None)
            if code.chars().count() <= LONGEST
                && code.bytes().any(|byte| byte.is_ascii_digit())
                && is_one(code) =>
        {
            decided(text, code.trim_start_matches(['#', ':']).to_owned())
        }
        _ => Understood::No,
    }
}

/// `AB12/AB13` are two codes, `MOH/2019/123` is one: parts of one form are not parts of one code.
fn is_one(code: &str) -> bool {
    let form = |part: &str| -> String {
        let sign = |c: char| {
            if c.is_ascii_digit() {
                '#'
            } else if c.is_alphabetic() {
                '@'
            } else {
                c
            }
        };
        part.chars().map(sign).collect()
    };
    let forms: Vec<String> = code.split(['/', ',', '&', ';', '+']).map(form).collect();
    let mut known = std::collections::BTreeSet::new();
    forms.iter().all(|form| known.insert(form))
}

fn is_filler(token: &str, speaker: &Speaker<'_>) -> bool {
    let word = plain(token);
    let has_digit = token.chars().any(|c| c.is_ascii_digit());
    !has_digit && (word.is_empty() || word.split(' ').all(|word| speaker.is_harmless(word)))
}

/// The text in the shape: `#` takes a digit or what looks like one, `@` a letter; other signs
/// stand for themselves and may be left out where they are no letter and no digit.
fn fit(text: &str, shape: &str) -> Option<String> {
    let mut typed = text.chars().filter(|c| !c.is_whitespace()).peekable();
    let mut code = String::new();
    let any_digit = text.chars().any(|c| c.is_ascii_digit());
    for sign in shape.chars() {
        match sign {
            '#' => code.push(digit(typed.next()?, any_digit)?),
            '@' => {
                code.push(typed.next().filter(|c| c.is_ascii_alphabetic())?.to_ascii_uppercase())
            }
            other if other.is_alphanumeric() => {
                typed.next().filter(|c| c.eq_ignore_ascii_case(&other))?;
                code.push(other);
            }
            other => {
                typed.next_if_eq(&other);
                code.push(other);
            }
        }
    }
    typed.next().is_none().then_some(code)
}

fn digit(typed: char, any_digit: bool) -> Option<char> {
    match typed {
        '0'..='9' => Some(typed),
        'O' | 'o' if any_digit => Some('0'),
        'l' | 'I' if any_digit => Some('1'),
        _ => None,
    }
}
