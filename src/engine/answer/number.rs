//! A number: `7`, `seven`, `15OO`, `+3`, `7 yrs`; never `7,5`, `20-30`, `1 of 3`, `less than 5`.
//!
//! A comma or point before three digits may be decimal or thousands, depending on who writes, so
//! it is asked back; so is every reply with two numbers in it.

use super::around::{self, Part};
use super::measured;
use super::tokens::{digits, is_slip, plain};
use super::{Speaker, Understood};
use crate::flow::NumberRule;
use crate::model::Value;

/// As many digits as a phone number has: not a count.
const PHONE_DIGITS: usize = 9;

pub(super) fn read(text: &str, rule: &NumberRule, speaker: &Speaker<'_>) -> Understood {
    let text = text.trim();
    if let Some(number) = exact(text) {
        return within(number, rule).map_or(Understood::No, Understood::Exact);
    }
    let said = plain(&text.replace("(s)", ""));
    let lexicon = speaker.lexicon;
    if is_zero(&said, speaker) {
        return within(0.0, rule).map_or(Understood::No, Understood::Repaired);
    }
    let unclear = text.contains(['?', '½', '¼', '¾', '%', '<', '>', '~', '*']);
    if unclear || lexicon.hedge.stand_in(&said) || lexicon.not.stand_in(&said) {
        return Understood::No;
    }
    let number = only_number(&text.replace("(s)", "").replace(['(', ')'], " "), rule, speaker)
        .filter(|number| *number >= 0.0 || rule.least.is_some_and(|least| least < 0.0))
        .filter(|_| measured::as_asked(&said, speaker) && !measured::names_one(text, speaker))
        .filter(|_| is_plain(&said, speaker))
        .and_then(|number| within(number, rule));
    number.map_or(Understood::No, Understood::Repaired)
}

/// `none`, `nothing o`, `aucun patient`.
fn is_zero(said: &str, speaker: &Speaker<'_>) -> bool {
    let lexicon = speaker.lexicon;
    let mut zeros = 0;
    said.split(' ').all(|word| {
        let is_zero = lexicon.zero.contains(word);
        zeros += usize::from(is_zero);
        is_zero || is_harmless(word, speaker)
    }) && zeros == 1
        && measured::as_asked(said, speaker)
        && is_plain(said, speaker)
}

/// Whether what stands around the number changes nothing; `15km` is a number and a unit.
fn is_plain(said: &str, speaker: &Speaker<'_>) -> bool {
    const TIMES: [&str; 6] = ["today", "yesterday", "last", "this", "aujourd'hui", "passe"];
    // `15 this week`, where it was asked how many are there today.
    let is_other_time = |word: &str| {
        let lexicon = speaker.lexicon;
        lexicon.moments.contains(word) && !speaker.asks(word) && !lexicon.polite.contains(word)
    };
    if TIMES.iter().any(|word| speaker.echoes(word)) && said.split(' ').any(is_other_time) {
        return false;
    }
    let words: Vec<&str> = said.split(' ').flat_map(apart).collect();
    let part = |at: usize| {
        let word = words[at];
        let is_number = || {
            let numbers = &speaker.lexicon.numbers;
            numbers.contains_key(word)
                || speaker.lexicon.zero.contains(word)
                || run_together(word, speaker).is_some()
                || numbers.keys().any(|known| known.split('-').any(|part| part == word))
                || misspelt(word, speaker).is_some()
        };
        if word.bytes().any(|byte| byte.is_ascii_digit()) || is_number() {
            Part::Own
        } else if joins(word) {
            Part::Joint
        } else {
            Part::Beside
        }
    };
    around::is_harmless(&words, part, speaker.answers(), speaker)
}

/// `15km` → `15`, `km`.
fn apart(word: &str) -> impl Iterator<Item = &str> {
    let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (number, unit) = match digits(word) {
        Some(_) => (word, ""),
        None => word.split_at(end),
    };
    [number, unit].into_iter().filter(|part| !part.is_empty())
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
fn only_number(text: &str, rule: &NumberRule, speaker: &Speaker<'_>) -> Option<f64> {
    let mut found = None;
    let mut words: Vec<String> = Vec::new();
    // `- 12` may be minus twelve.
    if adds(text) {
        return None;
    }
    let mut minus = false;
    for token in text.split_whitespace() {
        if minus && found.is_none() {
            return None;
        }
        minus = matches!(token, "-" | "–");
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
    if minus {
        return None;
    }
    match (found, number_words(&words, speaker)) {
        (Some(number), Spoken::None) => Some(number),
        // `20 (twenty)`: the same, said twice.
        (Some(number), Spoken::One(again)) if (number - again).abs() < f64::EPSILON => Some(number),
        (None, Spoken::One(number)) => Some(number),
        _ => None,
    }
}

/// A plus that is no sign of a number: `7+`, `5 + 2`.
fn adds(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_sign = |at: usize| {
        (at == 0 || bytes[at - 1] == b' ') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
    };
    text.match_indices('+').any(|(at, _)| !is_sign(at))
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
fn token_number(token: &str, speaker: &Speaker<'_>) -> Option<f64> {
    let token = token
        .trim_end_matches(['.', '!', ';', ':', ',', ')', '"', '\'', '”', '»', ']'])
        .trim_start_matches(['#', '(', '=', ':', '"', '\'', '“', '«', '[']);
    let (sign, body) = match token.strip_prefix('-') {
        Some(body) => (-1.0, body),
        None => (1.0, token.strip_prefix('+').unwrap_or(token)),
    };
    // Five litres, or fifty-one?
    let litres = body.ends_with(['l', 'L'])
        && speaker
            .lexicon
            .packings
            .iter()
            .any(|ones| ones.contains("l") && ones.iter().any(|word| speaker.echoes(word)));
    if let Some(repaired) = digits(body).filter(|_| !litres) {
        return (repaired.len() < PHONE_DIGITS)
            .then(|| repaired.parse::<f64>().ok())
            .flatten()
            .map(|n| sign * n);
    }
    let amount = body.trim_end_matches(|c: char| c.is_alphabetic());
    let unit = plain(&body[amount.len()..]);
    if !unit.is_empty() && !speaker.lexicon.units.contains(&unit) || unit == "l" && !litres {
        return None;
    }
    if let Some((whole, part)) = amount.split_once('.') {
        let both =
            [whole, part].iter().all(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
        // 1.500 is fifteen hundred to some and one and a half to others.
        return (both && part.len() != 3)
            .then(|| amount.parse::<f64>().ok())
            .flatten()
            .map(|n| sign * n);
    }
    let whole = amount.bytes().all(|byte| byte.is_ascii_digit());
    (whole && !amount.is_empty() && amount.len() < PHONE_DIGITS)
        .then(|| amount.parse::<f64>().ok())
        .flatten()
        .map(|n| sign * n)
}

enum Spoken {
    None,
    One(f64),
    Unclear,
}

/// Number words that stand together: `two thousand five hundred`, `vingt cinq`.
fn number_words(words: &[String], speaker: &Speaker<'_>) -> Spoken {
    let words = &joined(words, speaker);
    let Some(spoken) = spoken(words, speaker) else { return Spoken::Unclear };
    let Some((first, _)) = spoken.first() else { return Spoken::None };
    let last = spoken.last().map_or(*first, |(at, _)| *at);
    let together =
        (*first..=last).all(|at| spoken.iter().any(|(known, _)| *known == at) || joins(&words[at]));
    // `no one came`
    if first.checked_sub(1).is_some_and(|before| words[before] == "no") {
        return Spoken::Unclear;
    }
    // `twenty for` may be twenty-four.
    let is_sound = |word: &String| matches!(word.as_str(), "for" | "to" | "too" | "won" | "ate");
    let lexicon = speaker.lexicon;
    let closes = |word: &String| {
        let sets = [&lexicon.polite, &lexicon.titles, &lexicon.signature];
        word == "you" || sets.iter().any(|words| words.contains(word))
    };
    let mut behind = words[last + 1..].iter();
    if behind.next().is_some_and(is_sound) && behind.all(closes) {
        return Spoken::Unclear;
    }
    let values: Vec<i64> = spoken.iter().map(|(_, value)| *value).collect();
    match add_up(&values) {
        Some(number) if together => Spoken::One(number),
        _ => Spoken::Unclear,
    }
}

/// Number words that the language writes with a hyphen, put together again: `dix sept`.
fn joined(words: &[String], speaker: &Speaker<'_>) -> Vec<String> {
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
fn spoken(words: &[String], speaker: &Speaker<'_>) -> Option<Vec<(usize, i64)>> {
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

fn is_harmless(word: &str, speaker: &Speaker<'_>) -> bool {
    let lexicon = speaker.lexicon;
    let slip = |unit: &String| unit.len() >= 4 && is_slip(word, unit, 1);
    lexicon.units.contains(word)
        || speaker.is_harmless(word) && word != "to"
        || (word.len() >= 5 && !lexicon.is_word(word) && lexicon.units.iter().any(slip))
}

/// `twentyfive`: a ten and a unit without a space.
fn run_together(word: &str, speaker: &Speaker<'_>) -> Option<i64> {
    let numbers = &speaker.lexicon.numbers;
    let ten = |(name, value): &(&String, &i64)| {
        (20..=90).contains(*value) && word.len() > name.len() && word.starts_with(name.as_str())
    };
    let (name, ten) = numbers.iter().find(ten)?;
    let unit = numbers.get(&word[name.len()..]).filter(|unit| (1..=9).contains(*unit))?;
    Some(ten + unit)
}

/// One slip in a number word of four letters or more, if only one word is that near.
fn misspelt(word: &str, speaker: &Speaker<'_>) -> Option<i64> {
    if word.len() < 4 || is_harmless(word, speaker) || speaker.lexicon.is_word(word) {
        return None;
    }
    let slips = if word.len() >= 8 { 2 } else { 1 };
    let mut near = speaker
        .lexicon
        .numbers
        .iter()
        // Of four letters another one in place of one of them is another word: `file`, `fine`.
        .filter(|(known, _)| known.len() > 4 || known.len() == 4 && !is_replaced(word, known))
        .filter(|(known, _)| is_slip(word, known, slips))
        .map(|(known, value)| (known, *value));
    let (known, found) = near.next()?;
    // `sixy` may be six and a letter too many.
    let is_shorter = |(name, value): (&String, &i64)| {
        name.len() == 3 && *value != found && word.len() == 4 && word.starts_with(name.as_str())
    };
    (near.all(|(_, other)| other == found)
        && !is_teen_or_ten(word, known, speaker)
        && !speaker.lexicon.numbers.iter().any(is_shorter))
    .then_some(found)
}

/// Whether one letter stands in place of another.
fn is_replaced(word: &str, known: &str) -> bool {
    let differ = word.chars().zip(known.chars()).filter(|(one, other)| one != other);
    word.len() == known.len() && differ.count() == 1
}

/// `sevente` may be seventeen or seventy: its end must say which.
fn is_teen_or_ten(word: &str, known: &str, speaker: &Speaker<'_>) -> bool {
    let rival = match (known.strip_suffix("ty"), known.strip_suffix("teen")) {
        (Some(stem), _) => format!("{stem}teen"),
        (_, Some(stem)) => format!("{stem}ty"),
        _ => return false,
    };
    let near = speaker.lexicon.numbers.contains_key(&rival)
        && strsim::osa_distance(word, &rival) <= strsim::osa_distance(word, known) + 1;
    near && word.chars().last() != known.chars().last()
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
