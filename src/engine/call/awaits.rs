//! What is waited for after a question.

use crate::flow::{Kind, NumberRule, Question, Voice};
use crate::model::{Awaits, Interrupts, Keys};
use std::time::Duration;

/// How long each further key is waited for.
const BETWEEN: Duration = Duration::from_secs(3);
/// So much silence ends a recording.
const SILENCE: Duration = Duration::from_secs(3);

/// The keys of a number without bounds, and of a point with what stands behind it.
const MOST_DIGITS: usize = 9;
const POINT_AND_PARTS: usize = 4;
/// A short number of a country's own, and 00 with the longest number there is, and one more.
const LEAST_OF_A_NUMBER: usize = 7;
const MOST_OF_A_NUMBER: usize = 18;

/// What is waited for after a question.
pub(super) fn of(question: &Question) -> Awaits {
    if let Voice::Record { longest, .. } = question.voice {
        return Awaits::Speech { longest, silence: SILENCE };
    }
    let (min, max) = how_many(&question.kind);
    let rules = &question.rules.voice;
    let (first, interrupts) = (rules.no_key_after, rules.interrupts);
    Awaits::Keys(Keys { min, max, first, between: BETWEEN, interrupts })
}

/// One key is waited for, as long as for the question's own.
pub(super) fn one_key(question: &Question) -> Awaits {
    let first = question.rules.voice.no_key_after;
    Awaits::Keys(Keys { min: 1, max: 1, first, between: BETWEEN, interrupts: Interrupts::Yes })
}

/// How many keys an answer has at least, and how many are taken. Where the answer has several, one
/// more is taken than it can have: cut off after two keys, 100 would be 10, and the last 0 would
/// answer what is asked next.
fn how_many(kind: &Kind) -> (usize, usize) {
    match kind {
        Kind::YesNo | Kind::Choice(_) | Kind::Text { .. } | Kind::Audio { .. } => (1, 1),
        Kind::Choices(choices) => (1, choices.len().max(1)),
        Kind::Number(rule) => (1, digits(rule) + 1),
        Kind::Date(_) => (8, 9),
        Kind::Time(_) => (4, 5),
        Kind::Phone => (LEAST_OF_A_NUMBER, MOST_OF_A_NUMBER),
        Kind::Code { shape } => {
            let is_keyed = |sign: &char| *sign == '#' || sign.is_ascii_digit();
            let keys = shape.iter().flat_map(|shape| shape.chars()).filter(is_keyed).count();
            (keys.max(1), keys + 1)
        }
        Kind::Place(rule) => {
            let rows = rule.list.rows.iter().filter(|row| row.level == rule.level);
            let lengths: Vec<usize> = rows.map(|row| row.place.code.len()).collect();
            let (least, most) = (lengths.iter().min(), lengths.iter().max());
            (least.copied().unwrap_or(1), most.copied().unwrap_or(1) + 1)
        }
    }
}

/// The keys of the longest number that is taken.
fn digits(rule: &NumberRule) -> usize {
    let of = |bound: f64| bound.abs().trunc().to_string().len();
    let whole = match (rule.least, rule.most) {
        (Some(least), Some(most)) => of(least).max(of(most)),
        (None, _) | (_, None) => MOST_DIGITS,
    };
    if rule.whole { whole } else { whole + POINT_AND_PARTS }
}
