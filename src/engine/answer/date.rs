//! A date: `03/05/1979`, `030579`, `3 May 79`, `3 mai 1979`, `1979/05/03`; day first.
//!
//! Impossible dates are asked back, and so is every reply that leaves two meanings. A year of two
//! digits is the one that the question allows; where it allows both, it is asked back.

use super::around::{self, Part};
use super::tokens::{digits, is_slip, plain, slack};
use super::{Speaker, Understood};
use crate::flow::{DateBound, DateRule};
use crate::model::Value;
use jiff::civil::Date;

/// Beside a date they say what happened then: it counts where the question asks for that.
const EVENTS: [&str; 27] = [
    "no",
    "years",
    "yrs",
    "ans",
    "age",
    "registered",
    "certified",
    "trained",
    "qualified",
    "licensed",
    "licenced",
    "assigned",
    "employed",
    "employment",
    "start",
    "starts",
    "opened",
    "received",
    "delivered",
    "treated",
    "seen",
    "saw",
    "diplome",
    "diplomee",
    "commence",
    "affecte",
    "affectee",
];

pub(super) fn read(text: &str, rule: &DateRule, speaker: &Speaker<'_>) -> Understood {
    if text.contains('?') {
        return Understood::No;
    }
    let limits = Limits::of(rule, speaker.today.date);
    let Some(parts) = parts(text, speaker) else { return Understood::No };
    let Some(date) = date(&parts, &limits).filter(|date| limits.allow(*date)) else {
        return Understood::No;
    };
    let is_past = rule.until.as_ref().is_some_and(|_| date <= limits.today)
        && limits.until.is_some_and(|until| until <= limits.today);
    if !is_plain(text, speaker) || is_past && tells_of_the_future(text) {
        return Understood::No;
    }
    let written_out =
        matches!(parts.form, Form::Iso | Form::DayFirst) && !parts.repaired && parts.year.1 == 4;
    let value = Value::Date(date);
    if written_out { Understood::Exact(value) } else { Understood::Repaired(value) }
}

/// `we will receive on …`, where it was asked what was.
fn tells_of_the_future(text: &str) -> bool {
    plain(text).split(' ').any(|word| matches!(word, "will" | "i'll" | "we'll" | "it'll" | "sera"))
}

/// Whether what stands around the date changes nothing.
fn is_plain(text: &str, speaker: &Speaker<'_>) -> bool {
    let said = plain(&text.replace("(e)", ""));
    let words: Vec<&str> = said.split(' ').collect();
    let part = |at: usize| {
        let word = words[at];
        if word.bytes().any(|byte| byte.is_ascii_digit())
            || named_month(word, speaker).is_some()
            || speaker.ordinal(word).is_some()
            || is_weekday(word)
        {
            Part::Own
        } else if matches!(word, "of" | "the" | "de" | "le" | "in" | "day" | "month" | "year") {
            Part::Joint
        } else {
            Part::Beside
        }
    };
    around::is_harmless(&words, part, speaker.answers(), speaker)
}

/// The days that a question takes.
struct Limits {
    from: Option<Date>,
    until: Option<Date>,
    today: Date,
}

impl Limits {
    fn of(rule: &DateRule, today: Date) -> Limits {
        let day = |bound: &DateBound| match bound {
            DateBound::Day(day) => Some(*day),
            DateBound::FromToday(span) => today.checked_add(span.0).ok(),
        };
        Limits {
            from: rule.from.as_ref().and_then(day),
            until: rule.until.as_ref().and_then(day),
            today,
        }
    }

    fn allow(&self, date: Date) -> bool {
        self.from.is_none_or(|from| date >= from) && self.until.is_none_or(|until| date <= until)
    }

    /// The century of a year of two digits: the one date that is allowed, of 1900 and 2000; with
    /// no limits, the one within eighty years back and twenty ahead.
    fn century(&self, year: i16, month: i8, day: i8) -> Option<Date> {
        let bounded = self.from.is_some() || self.until.is_some();
        let near = |date: &Date| {
            let age = self.today.year() - date.year();
            if bounded { self.allow(*date) } else { (-19..=80).contains(&age) }
        };
        let mut found = [1900, 2000]
            .into_iter()
            .filter_map(|c| Date::new(c + year, month, day).ok())
            .filter(near);
        let date = found.next()?;
        found.next().is_none().then_some(date)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Iso,
    DayFirst,
    Together,
    Named,
}

struct Parts {
    day: i8,
    month: i8,
    /// The year, and how many digits it was written with.
    year: (i16, usize),
    form: Form,
    repaired: bool,
}

fn date(parts: &Parts, limits: &Limits) -> Option<Date> {
    match parts.year {
        (year, 4) => Date::new(year, parts.month, parts.day).ok(),
        (year, 2) => limits.century(year, parts.month, parts.day),
        _ => None,
    }
}

/// Takes the reply apart: numbers and a month's name, with nothing but fillers beside.
fn parts(text: &str, speaker: &Speaker<'_>) -> Option<Parts> {
    let mut numbers: Vec<String> = Vec::new();
    let mut month = None;
    let mut repaired = false;
    let text = text.trim().trim_end_matches(['.', '!']).replace("(e)", "");
    for token in text.split(|c: char| c.is_whitespace() || "/-._,\\:".contains(c)) {
        if token.is_empty() {
            continue;
        }
        let pieces = pieces(token);
        let is_initial = pieces.len() == 1 && token.len() == 1;
        for piece in pieces {
            if let Some(number) = digits(&piece).or_else(|| ordinal(&piece)) {
                repaired |= number != piece;
                numbers.push(number);
            } else {
                let word = plain(&piece);
                if let Some(number) = speaker.ordinal(&word) {
                    repaired = true;
                    numbers.push(number.to_string());
                    continue;
                }
                match named_month(&word, speaker) {
                    Some(found) if month.replace(found).is_none() => {}
                    Some(_) => return None,
                    None if is_event(&word, &numbers, speaker) => {
                        return None;
                    }
                    None if is_asked(&word, speaker) => {}
                    None if speaker.lexicon.frames.have(speaker.answers(), &word) => {}
                    None if speaker.lexicon.filler.contains(&word) || is_weekday(&word) => {}
                    // `D.O.B`
                    None if is_initial || word.is_empty() || word == "was" => {}
                    None => return None,
                }
            }
        }
    }
    assemble(&numbers, month, repaired)
}

/// Whether a word tells of something else that happened then. `ans:` before a date is an answer,
/// `ans` behind it are French years.
fn is_event(word: &str, before: &[String], speaker: &Speaker<'_>) -> bool {
    EVENTS.contains(&word) && !speaker.asks(word) && (word != "ans" || !before.is_empty())
}

/// A word of the question: `last visit`, `expires` where it asks when something will expire.
fn is_asked(word: &str, speaker: &Speaker<'_>) -> bool {
    let asked = speaker.asks(word) || word.strip_suffix('s').is_some_and(|one| speaker.echoes(one));
    word.len() > 3 && asked && !speaker.lexicon.means_something(word)
}

/// `3May1979` → `3`, `May`, `1979`; a word that looks like digits stays whole.
fn pieces(token: &str) -> Vec<String> {
    if digits(token).is_some() || ordinal(token).is_some() {
        return vec![token.to_owned()];
    }
    let mut pieces: Vec<String> = Vec::new();
    let mut before = None;
    for c in token.chars() {
        let kind = c.is_ascii_digit();
        match pieces.last_mut() {
            Some(piece) if before == Some(kind) => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = Some(kind);
    }
    pieces
}

fn ordinal(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    let number = ["st", "nd", "rd", "th", "er"].iter().find_map(|end| lower.strip_suffix(end))?;
    let plain =
        !number.is_empty() && number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| number.to_owned())
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 14] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
    ];
    DAYS.contains(&word)
}

/// A month's name, or one slip in a long one.
fn named_month(word: &str, speaker: &Speaker<'_>) -> Option<i8> {
    let months = &speaker.lexicon.months;
    if let Some(month) = months.get(word) {
        return Some(*month);
    }
    if word.len() < 5 {
        return None;
    }
    let mut near: Vec<(usize, i8)> = months
        .iter()
        .filter(|(name, _)| name.len() >= 5 && is_slip(word, name, slack(name.len()).min(2)))
        .map(|(name, month)| (strsim::osa_distance(word, name), *month))
        .collect();
    near.sort_unstable();
    let (best, month) = *near.first()?;
    near.iter().all(|(far, other)| *other == month || *far > best).then_some(month)
}

fn assemble(numbers: &[String], month: Option<i8>, repaired: bool) -> Option<Parts> {
    let small = |text: &str| text.parse::<i8>().ok().filter(|_| text.len() <= 2);
    let year = |text: &str| Some((text.parse::<i16>().ok()?, text.len()));
    let make = |day: &str, month: i8, y: &str, form| {
        Some(Parts { day: small(day)?, month, year: year(y)?, form, repaired })
    };
    match (numbers, month) {
        ([a, b], Some(month)) if a.len() == 4 => make(b, month, a, Form::Named),
        ([a, b], Some(month)) => make(a, month, b, Form::Named),
        ([y, m, d], None) if y.len() == 4 => make(d, small(m)?, y, Form::Iso),
        ([d, m, y], None) => make(d, small(m)?, y, Form::DayFirst),
        ([all], None) => together(all, repaired),
        _ => None,
    }
}

/// `030579`, `03051979`, `19790503`: the one reading that is a date.
fn together(all: &str, repaired: bool) -> Option<Parts> {
    let part = |from: usize, to: usize| all.get(from..to)?.parse::<i16>().ok();
    let read = |day: i16, month: i16, year: (i16, usize)| {
        let parts = Parts {
            day: i8::try_from(day).ok()?,
            month: i8::try_from(month).ok()?,
            year,
            form: Form::Together,
            repaired,
        };
        let year = if parts.year.1 == 2 { 2000 } else { parts.year.0 };
        let sensible =
            (1900..=2100).contains(&year) && Date::new(year, parts.month, parts.day).is_ok();
        sensible.then_some(parts)
    };
    match all.len() {
        6 => read(part(0, 2)?, part(2, 4)?, (part(4, 6)?, 2)),
        8 => {
            let day_first = read(part(0, 2)?, part(2, 4)?, (part(4, 8)?, 4));
            let year_first = read(part(6, 8)?, part(4, 6)?, (part(0, 4)?, 4));
            match (day_first, year_first) {
                (Some(parts), None) | (None, Some(parts)) => Some(parts),
                _ => None,
            }
        }
        _ => None,
    }
}
