//! A time of day: `10:30`, `10h30`, `1030`, `3pm`, `8 in the morning`, `noon`; never `25:00`, nor a
//! bare `8` where morning and evening both fit.

use super::around::{self, Part};
use super::tokens::plain;
use super::{Speaker, Understood};
use crate::flow::TimeRule;
use crate::model::Value;
use jiff::civil::Time;

/// Words around a time that change nothing.
const HARMLESS: [&str; 14] = [
    "at", "by", "the", "in", "o'clock", "oclock", "hrs", "hours", "hour", "time", "a", "heures",
    "h", "day",
];
/// The hours of each part of the day.
const PARTS: [(&[&str], Hours); 8] = [
    (&["am"], Hours::of(0, 11)),
    (&["pm"], Hours::of(12, 23)),
    (&["noon", "midday", "midi"], Hours::of(12, 12)),
    (&["midnight", "minuit"], Hours::of(0, 0)),
    (&["morning", "matin"], Hours::of(3, 11)),
    (&["afternoon"], Hours::of(12, 17)),
    (&["evening", "soir"], Hours::of(16, 23)),
    (&["night", "nuit"], Hours(Hours::of(18, 23).0 | Hours::of(0, 4).0)),
];

pub(super) fn read(text: &str, rule: &TimeRule, speaker: &Speaker<'_>) -> Understood {
    let said = plain(text);
    let greets = |word: &String| word.contains(' ') && super::tokens::stands_in(&said, word);
    if text.contains(['?', '-', '–', '+'])
        || speaker.lexicon.greeting.iter().any(greets)
        || speaker.lexicon.hedge.stand_in(&said)
        || speaker.lexicon.not.stand_in(&said)
    {
        return Understood::No;
    }
    if let Some(time) = exact(text.trim()) {
        return within(time, rule).map_or(Understood::No, Understood::Exact);
    }
    let time = spoken(text, rule, speaker).and_then(|time| within(time, rule));
    let time = time.filter(|_| is_plain(&plain(&with_parts(text)), speaker));
    time.map_or(Understood::No, Understood::Repaired)
}

/// Whether what stands around the time changes nothing.
fn is_plain(said: &str, speaker: &Speaker<'_>) -> bool {
    const OF_CLOCK: [&str; 8] =
        ["o'clock", "oclock", "hrs", "hours", "hour", "h", "heures", "heure"];
    let words: Vec<&str> = said.split(' ').collect();
    let part = |at: usize| {
        let word = words[at];
        let is_hour = || speaker.lexicon.numbers.get(word).is_some_and(|n| (1..=12).contains(n));
        if word.bytes().any(|byte| byte.is_ascii_digit())
            || Hours::said(word).is_some()
            || OF_CLOCK.contains(&word)
            || word.bytes().all(|byte| byte == b'o') && word.len() == 2
            || is_hour()
        {
            Part::Own
        } else if matches!(
            word,
            "in" | "the"
                | "du"
                | "de"
                | "at"
                | "of"
                | "a"
                | "le"
                | "this"
                | "l"
                | "every"
                | "each"
                | "chaque"
        ) {
            Part::Joint
        } else {
            Part::Beside
        }
    };
    around::is_harmless(&words, part, speaker.answers(), speaker)
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

/// Hours of the day that are meant, a bit each.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Hours(u32);

impl Hours {
    const ALL: Hours = Hours::of(0, 23);

    const fn of(first: u32, last: u32) -> Hours {
        Hours(((1 << (last + 1)) - 1) & !((1 << first) - 1))
    }

    /// The hours of a word like `morning`.
    fn said(word: &str) -> Option<Hours> {
        let near = |known: &&str| {
            *known == word || known.len() >= 6 && super::tokens::is_slip(word, known, 1)
        };
        PARTS.iter().find(|(words, _)| words.iter().any(near)).map(|(_, hours)| *hours)
    }

    fn and(self, other: Hours) -> Hours {
        Hours(self.0 & other.0)
    }

    fn only(self) -> Option<i8> {
        (self.0.count_ones() == 1).then(|| i8::try_from(self.0.trailing_zeros()).ok())?
    }

    fn have(self, hour: i8) -> bool {
        (0..24).contains(&hour) && self.0 & (1 << hour) != 0
    }
}

/// One time among words that change nothing, and perhaps the part of the day.
fn spoken(text: &str, rule: &TimeRule, speaker: &Speaker<'_>) -> Option<Time> {
    let lower = with_h(&with_parts(&text.replace("o'clock", " ")));
    let (mut clock, mut hours) = (None, Hours::ALL);
    for word in lower.split_whitespace().map(|word| word.trim_matches([',', '.', '!'])) {
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            let (digits, said) = word_time(word).or_else(|| word_time(&without_letters(word)))?;
            if clock.replace(digits).is_some() {
                return None;
            }
            hours = hours.and(said);
        } else if let Some(said) = Hours::said(&plain(word)) {
            hours = hours.and(said);
        } else if let Some(hour) =
            speaker.lexicon.numbers.get(word).filter(|hour| (1..=12).contains(*hour))
        {
            let hour = i8::try_from(*hour).ok()?;
            if clock.replace((hour, None)).is_some() {
                return None;
            }
        } else if !HARMLESS.contains(&word) && !is_harmless(word, speaker) {
            return None;
        }
    }
    // Noon and midnight are a time by themselves.
    let clock = clock.or_else(|| hours.only().map(|hour| (hour, Some(0))));
    settle(clock?, hours, rule)
}

/// `9 a.m.` → `9 am.`
fn with_parts(text: &str) -> String {
    text.to_lowercase().replace("a.m", "am").replace("p.m", "pm")
}

/// `7 h` → `7h`.
fn with_h(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let follows = word == "h" && joined.ends_with(|c: char| c.is_ascii_digit());
        if !joined.is_empty() && !follows {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

/// Words with apostrophes and accents as they are compared; `past eight` is after it.
fn is_harmless(word: &str, speaker: &Speaker<'_>) -> bool {
    plain(word).split(' ').all(|word| {
        word.is_empty()
            || HARMLESS.contains(&word)
            || matches!(word, "tous" | "les" | "jours")
            || speaker.is_harmless(word) && !changes(word, speaker)
    })
}

/// Words that make another time of it; `de` is one in French alone.
fn changes(word: &str, speaker: &Speaker<'_>) -> bool {
    match word {
        "past" | "to" | "from" | "no" => true,
        "de" => speaker.asked.language.base().as_str() == "fr",
        "open" | "opens" | "opening" | "start" | "starts" | "begin" | "begins" => {
            ["close", "closes", "closing"].iter().any(|word| speaker.echoes(word))
        }
        "closing" | "close" | "closes" => !speaker.asks(word),
        _ => false,
    }
}

/// `o8:00`, `08:oo`: letters that look like digits, beside digits and a colon.
fn without_letters(word: &str) -> String {
    let is_clock = word.contains(':') && word.len() <= 5;
    let digit = |c: char| match c {
        'o' if is_clock => '0',
        'l' | 'i' if is_clock => '1',
        c => c,
    };
    word.chars().map(digit).collect()
}

type Digits = (i8, Option<i8>);

/// `3pm`, `10h30`, `10h`, `10.30`, `1030`, `0830hrs`, `8`.
fn word_time(word: &str) -> Option<(Digits, Hours)> {
    let end = word.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | 'h'));
    let (clock, tail) = word.split_at(end.unwrap_or(word.len()));
    let (clock, tail) = match tail {
        "rs" | "r" | "rs." => (clock.trim_end_matches('h'), ""),
        tail => (clock, tail),
    };
    let hours = match tail.trim_end_matches('.') {
        "" => Hours::ALL,
        part => Hours::said(part)?,
    };
    Some((digits(clock)?, hours))
}

fn digits(clock: &str) -> Option<Digits> {
    let number = |text: &str| {
        let is_short = (1..=2).contains(&text.len());
        (is_short && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
    };
    if clock == "0" || clock == "00" {
        return None;
    }
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

/// A bare hour up to twelve may be before noon or after it: it counts only where one of them fits
/// what was said with it, or what the question takes.
fn settle((hour, minute): Digits, hours: Hours, rule: &TimeRule) -> Option<Time> {
    let is_short = (1..=12).contains(&hour);
    let minutes = minute.unwrap_or(0);
    if !is_short || hours == Hours::ALL && minute.is_some() {
        return time_of(hour, minutes).filter(|time| hours.have(time.hour()));
    }
    let is_meant = |time: &Time| {
        hours.have(time.hour()) && (hours != Hours::ALL || within(*time, rule).is_some())
    };
    let both = [time_of(hour % 12, minutes)?, time_of(hour % 12 + 12, minutes)?];
    let mut fit = both.into_iter().filter(is_meant);
    let only = fit.next()?;
    fit.next().is_none().then_some(only)
}
