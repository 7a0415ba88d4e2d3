//! A number: `7`, `seven`, `15OO`, `+3`, `7 yrs`; never `7,5`, `20-30`, `1 of 3`, `less than 5`.
//!
//! A comma or point before three digits may be decimal or thousands, depending on who writes, so
//! it is asked back; so is every reply with two numbers in it.

use super::tokens::{digits, plain, stands_in};
use super::{Speaker, Understood};
use crate::flow::NumberRule;
use crate::model::Value;

/// As many digits as a phone number has: not a count.
const PHONE_DIGITS: usize = 9;

pub(super) fn read(text: &str, rule: &NumberRule, speaker: &Speaker) -> Understood {
    let text = text.trim();
    if let Some(number) = exact(text) {
        return within(number, rule).map_or(Understood::No, Understood::Exact);
    }
    let said = plain(text);
    let lexicon = speaker.lexicon;
    let spoils = |word: &String| stands_in(&said, word);
    if lexicon.zero.contains(&said) {
        return within(0.0, rule).map_or(Understood::No, Understood::Repaired);
    }
    let unclear = text.contains(['?', '½', '¼', '%', '<', '>', '~']);
    if unclear || lexicon.hedge.iter().any(spoils) || lexicon.not.iter().any(spoils) {
        return Understood::No;
    }
    let number = only_number(text, rule, speaker).and_then(|number| within(number, rule));
    number.map_or(Understood::No, Understood::Repaired)
}

/// Digits and nothing else, no more than an amount can have.
fn exact(text: &str) -> Option<f64> {
    let plain_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = plain_digits && !text.is_empty() && text.len() < PHONE_DIGITS;
    let no_code = text.len() == 1 || !text.starts_with('0');
    if fits && no_code { text.parse().ok() } else { None }
}

fn within(number: f64, rule: &NumberRule) -> Option<Value> {
    let fits = rule.least.is_none_or(|least| number >= least)
        && rule.most.is_none_or(|most| number <= most)
        && (!rule.whole || number.fract() == 0.0);
    fits.then_some(Value::Number(number))
}

/// The one number of a reply, with nothing but units and fillers around it.
fn only_number(text: &str, rule: &NumberRule, speaker: &Speaker) -> Option<f64> {
    let mut found = None;
    let mut words: Vec<String> = Vec::new();
    for token in text.split_whitespace() {
        if token.chars().any(|c| c.is_ascii_digit()) {
            let number = thousands(token, rule).or_else(|| token_number(token, speaker))?;
            if found.replace(number).is_some() {
                return None;
            }
        } else {
            words
                .extend(plain(token).split(' ').filter(|word| !word.is_empty()).map(str::to_owned));
        }
    }
    match (found, number_words(&words, speaker)) {
        (Some(number), Spoken::None) => Some(number),
        // `20 (twenty)`: the same, said twice.
        (Some(number), Spoken::One(again)) if (number - again).abs() < f64::EPSILON => Some(number),
        (None, Spoken::One(number)) => Some(number),
        _ => None,
    }
}

/// `1,200` where only whole numbers are taken: one and a fifth is none, so it is twelve hundred.
fn thousands(token: &str, rule: &NumberRule) -> Option<f64> {
    let token = token.trim_end_matches(['.', '!', ',']);
    let groups: Vec<&str> = token.split([',', '.', '\'']).collect();
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let (first, rest) = groups.split_first()?;
    let is_one = rule.whole
        && groups.iter().all(digits)
        && (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && !rest.is_empty()
        && rest.iter().all(|group| group.len() == 3);
    is_one.then(|| groups.concat().parse().ok()).flatten()
}

/// `7`, `7.`, `#7`, `+3`, `-3`, `O7`, `7yrs`, `2.5`.
fn token_number(token: &str, speaker: &Speaker) -> Option<f64> {
    let token = token
        .trim_end_matches(['.', '!', ';', ':', ',', ')'])
        .trim_start_matches(['#', '(', '=', ':']);
    let (sign, body) = match token.strip_prefix('-') {
        Some(body) => (-1.0, body),
        None => (1.0, token.strip_prefix('+').unwrap_or(token)),
    };
    if let Some(repaired) = digits(body) {
        return (repaired.len() < PHONE_DIGITS)
            .then(|| repaired.parse::<f64>().ok())
            .flatten()
            .map(|n| sign * n);
    }
    if let Some((whole, part)) = body.split_once('.') {
        let both =
            [whole, part].iter().all(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
        // 1.500 is fifteen hundred to some and one and a half to others.
        return (both && part.len() != 3)
            .then(|| body.parse::<f64>().ok())
            .flatten()
            .map(|n| sign * n);
    }
    let end = body.find(|c: char| !c.is_ascii_digit())?;
    let unit = plain(&body[end..]);
    let known =
        speaker.lexicon.units.contains(&unit) && body[end..].chars().all(char::is_alphabetic);
    (known && end > 0 && end < PHONE_DIGITS)
        .then(|| body[..end].parse::<f64>().ok())
        .flatten()
        .map(|n| sign * n)
}

enum Spoken {
    None,
    One(f64),
    Unclear,
}

/// Number words that stand together: `two thousand five hundred`, `vingt cinq`.
fn number_words(words: &[String], speaker: &Speaker) -> Spoken {
    let words = &joined(words, speaker);
    let Some(spoken) = spoken(words, speaker) else { return Spoken::Unclear };
    let Some((first, _)) = spoken.first() else { return only_harmless(words, speaker) };
    let last = spoken.last().map_or(*first, |(at, _)| *at);
    let together =
        (*first..=last).all(|at| spoken.iter().any(|(known, _)| *known == at) || joins(&words[at]));
    let mut around = words.iter().enumerate().filter(|(at, _)| *at < *first || *at > last);
    let harmless = around.all(|(_, word)| is_harmless(word, speaker));
    let values: Vec<i64> = spoken.iter().map(|(_, value)| *value).collect();
    match add_up(&values) {
        Some(number) if together && harmless => Spoken::One(number),
        _ => Spoken::Unclear,
    }
}

/// Number words that the language writes with a hyphen, put together again: `dix sept`.
fn joined(words: &[String], speaker: &Speaker) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let together = joined.last().map(|before| format!("{before}-{word}"));
        match together.filter(|together| speaker.lexicon.numbers.contains_key(together)) {
            Some(together) => {
                joined.pop();
                joined.push(together);
            }
            None => joined.push(word.clone()),
        }
    }
    joined
}

/// The number words and where they stand. `None` where one of them may be an article: `un` and
/// `une` count only beside another number word (`vingt et un`) or in a reply of two words.
fn spoken(words: &[String], speaker: &Speaker) -> Option<Vec<(usize, i64)>> {
    let value = |at: usize| {
        let word: &String = words.get(at)?;
        let zero = speaker.lexicon.zero.contains(word).then_some(0);
        let known = zero.or_else(|| speaker.lexicon.numbers.get(word).copied());
        known.or_else(|| run_together(word, speaker)).or_else(|| misspelt(word, speaker))
    };
    let is_article = |at: usize| {
        let joined = at > 0 && (value(at - 1).is_some() || at > 1 && joins(&words[at - 1]));
        let beside = joined || value(at + 1).is_some();
        words.len() > 2 && speaker.lexicon.filler.contains(&words[at]) && !beside
    };
    let found: Vec<(usize, i64)> =
        (0..words.len()).filter_map(|at| Some((at, value(at)?))).collect();
    (!found.iter().any(|(at, _)| is_article(*at))).then_some(found)
}

fn joins(word: &str) -> bool {
    word == "and" || word == "et"
}

fn only_harmless(words: &[String], speaker: &Speaker) -> Spoken {
    if words.iter().all(|word| is_harmless(word, speaker)) { Spoken::None } else { Spoken::Unclear }
}

fn is_harmless(word: &str, speaker: &Speaker) -> bool {
    let slip = |unit: &String| unit.len() >= 4 && strsim::osa_distance(unit, word) == 1;
    speaker.lexicon.filler.contains(word)
        || speaker.lexicon.units.contains(word)
        || (word.len() >= 5 && speaker.lexicon.units.iter().any(slip))
}

/// `twentyfive`: a ten and a unit without a space.
fn run_together(word: &str, speaker: &Speaker) -> Option<i64> {
    let numbers = &speaker.lexicon.numbers;
    let ten = |(name, value): &(&String, &i64)| {
        (20..=90).contains(*value) && word.len() > name.len() && word.starts_with(name.as_str())
    };
    let (name, ten) = numbers.iter().find(ten)?;
    let unit = numbers.get(&word[name.len()..]).filter(|unit| (1..=9).contains(*unit))?;
    Some(ten + unit)
}

/// One slip in a number word of four letters or more, if only one word is that near.
fn misspelt(word: &str, speaker: &Speaker) -> Option<i64> {
    if word.len() < 4 || is_harmless(word, speaker) || speaker.lexicon.means_something(word) {
        return None;
    }
    let slips = if word.len() >= 8 { 2 } else { 1 };
    let mut near = speaker
        .lexicon
        .numbers
        .iter()
        .filter(|(known, _)| known.len() >= 4 && strsim::osa_distance(known, word) <= slips)
        .map(|(_, value)| *value);
    let found = near.next()?;
    near.all(|other| other == found).then_some(found)
}

/// Adds number words as they are spoken. Words that multiply are negative. Two units in a row
/// (`five six`) are two numbers.
fn add_up(values: &[i64]) -> Option<f64> {
    let (mut total, mut part, mut room) = (0_i64, 0_i64, i64::MAX);
    for value in values {
        if *value < 0 {
            let factor = -value;
            part = part.max(1).checked_mul(factor)?;
            if factor >= 1_000 {
                total = total.checked_add(part)?;
                part = 0;
            }
            room = factor;
        } else {
            // After `twenty` only a unit fits, after `sixty` in French a teen too.
            let fits = match room {
                i64::MAX => true,
                20..=90 => *value < 20 && (*value < 10 || matches!(room, 60 | 80)),
                room => *value < room,
            };
            if !fits {
                return None;
            }
            part = part.checked_add(*value)?;
            room = if (20..=90).contains(value) { *value } else { 0 };
        }
    }
    let whole = i32::try_from(total.checked_add(part)?).ok()?;
    Some(f64::from(whole))
}
