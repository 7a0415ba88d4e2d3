//! What pressed keys mean. Never a guess: what could mean something else is asked again.
//!
//! `*` at the end takes back what was keyed, and alone it repeats the question. `0` alone, where
//! it can be no answer, asks for a person; `#` alone goes on without an answer where that is
//! allowed.

use crate::engine::Today;
use crate::engine::answer::{Asked, HowRead, read_reply};
use crate::flow::{Choice, Kind, NumberRule, PlaceRule};
use crate::model::{Answer, PhoneNumber, Value};
use std::collections::BTreeMap;

/// What keys mean.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Keyed {
    /// This value.
    Value(Value),
    /// The question is to be said again.
    Again,
    /// A person is wanted.
    Person,
    /// They do not want to answer, and need not.
    Refused,
    /// None of the answers.
    No,
}

/// What keys mean as an answer.
pub(super) fn read(asked: &Asked<'_>, keys: &str, today: Today) -> Keyed {
    let question = asked.question;
    match keys {
        _ if keys.ends_with('*') => return Keyed::Again,
        "" if question.may_refuse => return Keyed::Refused,
        "" => return Keyed::No,
        "0" if zero_is_free(&question.kind) => return Keyed::Person,
        _ => {}
    }
    let value = match &question.kind {
        Kind::YesNo => one_of(keys, 2).map(|key| Value::YesNo(key == 1)),
        Kind::Choice(choices) => {
            let key = one_of(keys, choices.len());
            key.map(|key| Value::Choice(choices[key - 1].id.clone()))
        }
        Kind::Choices(choices) => several(keys, choices),
        Kind::Number(rule) => number(keys, rule).filter(|value| takes(asked, value, today)),
        Kind::Date(_) => date(keys).filter(|value| takes(asked, value, today)),
        Kind::Time(_) => time(keys).filter(|value| takes(asked, value, today)),
        Kind::Phone => phone(keys, today),
        Kind::Code { shape } => code(keys, shape.as_deref()),
        Kind::Place(rule) => place(keys, rule, asked.earlier),
        Kind::Text { .. } | Kind::Audio { .. } => None,
    };
    value.map_or(Keyed::No, Keyed::Value)
}

/// What keys mean after "if that is right, press 1; to key it again, press 2".
pub(super) fn right_or_not(keys: &str) -> Keyed {
    match keys {
        "1" => Keyed::Value(Value::YesNo(true)),
        "2" => Keyed::Value(Value::YesNo(false)),
        "0" => Keyed::Person,
        _ if keys.ends_with('*') => Keyed::Again,
        _ => Keyed::No,
    }
}

/// One key from 1 to this one, at most 9.
pub(super) fn one_of(keys: &str, last: usize) -> Option<usize> {
    let key = match keys.as_bytes() {
        [key @ b'1'..=b'9'] => usize::from(key - b'0'),
        _ => return None,
    };
    (key <= last).then_some(key)
}

/// Whether 0 alone can be no answer to such a question.
fn zero_is_free(kind: &Kind) -> bool {
    match kind {
        Kind::Number(rule) => {
            rule.least.is_some_and(|least| least > 0.0) || rule.most.is_some_and(|most| most < 0.0)
        }
        Kind::Code { shape } => shape.as_deref() != Some("#"),
        Kind::Place(rule) => rule.list.rows.iter().all(|row| row.place.code != "0"),
        Kind::YesNo
        | Kind::Choice(_)
        | Kind::Choices(_)
        | Kind::Date(_)
        | Kind::Time(_)
        | Kind::Phone
        | Kind::Text { .. }
        | Kind::Audio { .. } => true,
    }
}

/// `13`: the first and the third. A key that is pressed twice says nothing more.
fn several(keys: &str, choices: &[Choice]) -> Option<Value> {
    let last = choices.len().min(Kind::MOST_KEYED_CHOICES);
    let digit = |c: char| c.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
    let chosen: Vec<usize> = keys.chars().map(digit).collect::<Option<_>>()?;
    let fit = chosen.iter().all(|key| (1..=last).contains(key));
    let ids = (1..).zip(choices).filter(|(key, _)| chosen.contains(key));
    fit.then(|| Value::Choices(ids.map(|(_, choice)| choice.id.clone()).collect()))
}

/// `12`; `7*5` is seven and a half, where parts are taken.
fn number(keys: &str, rule: &NumberRule) -> Option<Value> {
    let (whole, part) = keys.split_once('*').unwrap_or((keys, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || rule.whole && keys.contains('*') {
        return None;
    }
    format!("{whole}.{part}").parse().ok().map(Value::Number)
}

/// `03051979`: the day, the month, the year.
fn date(keys: &str) -> Option<Value> {
    let digits = exactly(keys, 8)?;
    let date = jiff::civil::Date::new(
        digits[4..].parse().ok()?,
        digits[2..4].parse().ok()?,
        digits[..2].parse().ok()?,
    );
    date.ok().map(Value::Date)
}

/// `0830`, `1330`.
fn time(keys: &str) -> Option<Value> {
    let digits = exactly(keys, 4)?;
    let time = jiff::civil::Time::new(digits[..2].parse().ok()?, digits[2..].parse().ok()?, 0, 0);
    time.ok().map(Value::Time)
}

fn exactly(keys: &str, count: usize) -> Option<&str> {
    (keys.len() == count && keys.bytes().all(|c| c.is_ascii_digit())).then_some(keys)
}

/// A number of the country, or a foreign one after 00.
fn phone(keys: &str, today: Today) -> Option<Value> {
    if !keys.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let text = match keys.strip_prefix("00") {
        Some(foreign) => format!("+{foreign}"),
        None => keys.to_owned(),
    };
    PhoneNumber::parse(&text, today.region).ok().map(Value::Phone)
}

/// As many digits as the shape leaves open; its other signs stand there by themselves.
fn code(keys: &str, shape: Option<&str>) -> Option<Value> {
    let mut keys = keys.chars();
    let mut code = String::new();
    for sign in shape?.chars() {
        let is_keyed = sign == '#' || sign.is_ascii_digit();
        let key = if is_keyed { keys.next().filter(char::is_ascii_digit)? } else { sign };
        if sign != '#' && key != sign {
            return None;
        }
        code.push(key);
    }
    keys.next().is_none().then_some(Value::Code(code))
}

/// The code of a place, inside the one that was answered before.
fn place(keys: &str, rule: &PlaceRule, earlier: &BTreeMap<String, Answer>) -> Option<Value> {
    let row =
        rule.list.rows.iter().find(|row| row.level == rule.level && row.place.code == keys)?;
    let around = rule.inside.as_ref().and_then(|id| earlier.get(id)?.value.as_ref());
    let lies_there = match around {
        Some(Value::Place(around)) => rule.list.lies_in(row, &around.code),
        _ => true,
    };
    lies_there.then(|| Value::Place(row.place.clone()))
}

/// Whether the question takes this value, by the bounds that hold for replies too.
fn takes(asked: &Asked<'_>, value: &Value, today: Today) -> bool {
    let reading = read_reply(asked, &value.to_text(), today);
    matches!(reading.how, HowRead::Exact | HowRead::Repaired)
        && reading.value.as_ref() == Some(value)
}
