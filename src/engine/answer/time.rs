//! A time of day: `10:30`, `10h30`, `1030`, `3pm`, `8 in the morning`, `noon`; never `25:00`, nor a
//! bare `8` where morning and evening both fit.

use super::tokens::plain;
use super::{Speaker, Understood};
use crate::flow::TimeRule;
use crate::model::Value;
use jiff::civil::Time;

/// Words around a time that change nothing.
const HARMLESS: [&str; 14] = [
    "at", "by", "around", "the", "in", "o'clock", "oclock", "hrs", "hours", "hour", "time", "a",
    "vers", "heures",
];
const MORNING: [&str; 4] = ["am", "morning", "matin", "a.m"];
const LATER: [&str; 7] = ["pm", "afternoon", "evening", "night", "soir", "midi", "p.m"];

pub(super) fn read(text: &str, rule: &TimeRule, speaker: &Speaker) -> Understood {
    let said = plain(text);
    if text.contains(['?', '-', '–']) {
        return Understood::No;
    }
    if let Some(time) = exact(text.trim()) {
        return within(time, rule).map_or(Understood::No, Understood::Exact);
    }
    let whole = match said.as_str() {
        "noon" | "midday" | "midi" | "a midi" | "12 noon" => Time::new(12, 0, 0, 0).ok(),
        "midnight" | "minuit" | "a minuit" => Time::new(0, 0, 0, 0).ok(),
        _ => None,
    };
    let time = whole.or_else(|| spoken(text, rule, speaker));
    time.and_then(|time| within(time, rule)).map_or(Understood::No, Understood::Repaired)
}

fn exact(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let is_number = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(hour, 2) || !is_number(minute, 2) || minute.len() != 2 {
        return None;
    }
    time_of(hour.parse().ok()?, minute.parse().ok()?)
}

fn time_of(hour: i8, minute: i8) -> Option<Time> {
    Time::new(hour, minute, 0, 0).ok()
}

fn within(time: Time, rule: &TimeRule) -> Option<Value> {
    let fits = rule.from.is_none_or(|from| time >= from) && rule.until.is_none_or(|u| time <= u);
    fits.then_some(Value::Time(time))
}

/// What part of the day was said with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Unsaid,
    Morning,
    Later,
}

/// One time among words that change nothing, and perhaps the part of the day.
fn spoken(text: &str, rule: &TimeRule, speaker: &Speaker) -> Option<Time> {
    let lower =
        text.to_lowercase().replace("o'clock", " ").replace("a.m.", "am").replace("p.m.", "pm");
    let (mut clock, mut half) = (None, Half::Unsaid);
    for word in lower.split_whitespace().map(|word| word.trim_matches([',', '.', '!'])) {
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            let (digits, said) = word_time(word)?;
            if clock.replace(digits).is_some() {
                return None;
            }
            half = merge(half, said)?;
        } else if MORNING.contains(&word) {
            half = merge(half, Half::Morning)?;
        } else if LATER.contains(&word) {
            half = merge(half, Half::Later)?;
        } else if let Some(hour) =
            speaker.lexicon.numbers.get(word).filter(|hour| (1..=12).contains(*hour))
        {
            let hour = i8::try_from(*hour).ok()?;
            if clock.replace((hour, None)).is_some() {
                return None;
            }
        } else if !HARMLESS.contains(&word) && !speaker.lexicon.filler.contains(word) {
            return None;
        }
    }
    settle(clock?, half, rule)
}

fn merge(one: Half, other: Half) -> Option<Half> {
    match (one, other) {
        (Half::Unsaid, said) | (said, Half::Unsaid) => Some(said),
        (one, other) => (one == other).then_some(one),
    }
}

type Digits = (i8, Option<i8>);

/// `3pm`, `10h30`, `10h`, `10.30`, `1030`, `0830hrs`, `8`.
fn word_time(word: &str) -> Option<(Digits, Half)> {
    let end = word.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | 'h'));
    let (clock, tail) = word.split_at(end.unwrap_or(word.len()));
    let (clock, tail) = match tail {
        "rs" | "r" | "rs." => (clock.trim_end_matches('h'), ""),
        tail => (clock, tail),
    };
    let half = match tail {
        "" => Half::Unsaid,
        "am" => Half::Morning,
        "pm" => Half::Later,
        _ => return None,
    };
    Some((digits(clock)?, half))
}

fn digits(clock: &str) -> Option<Digits> {
    let number = |text: &str| {
        let is_short = (1..=2).contains(&text.len());
        (is_short && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
    };
    if let Some((hour, minute)) = clock.split_once([':', '.', 'h']) {
        let minute = match minute {
            // `8h` is the clock of 24 hours; `8.` and `8:` are nothing in particular.
            "" if clock.ends_with('h') => Some(0),
            "" => None,
            minute if minute.len() == 2 => Some(number(minute)?),
            _ => return None,
        };
        return Some((number(hour)?, minute));
    }
    match clock.len() {
        1 | 2 => Some((number(clock)?, None)),
        4 => Some((number(&clock[..2])?, Some(number(&clock[2..])?))),
        _ => None,
    }
}

/// A bare hour up to twelve may be before noon or after it: it counts only where one of them fits.
fn settle((hour, minute): Digits, half: Half, rule: &TimeRule) -> Option<Time> {
    let is_short = (1..=12).contains(&hour);
    let minutes = minute.unwrap_or(0);
    match half {
        Half::Morning if is_short => time_of(hour % 12, minutes),
        Half::Later if is_short => time_of(hour % 12 + 12, minutes),
        Half::Morning => time_of(hour, minutes).filter(|time| time.hour() < 12),
        Half::Later => time_of(hour, minutes).filter(|time| time.hour() >= 12),
        Half::Unsaid if minute.is_some() || !is_short => time_of(hour, minutes),
        Half::Unsaid => {
            let both = [time_of(hour % 12, 0)?, time_of(hour % 12 + 12, 0)?];
            let mut fit = both.into_iter().filter(|time| within(*time, rule).is_some());
            let only = fit.next()?;
            fit.next().is_none().then_some(only)
        }
    }
}
