//! Numbers, dates, times, phone numbers and codes as a row of recordings: 347 is `3`, `hundred`,
//! `and`, `40`, `7`. A few dozen recordings a language say all of them; which ones, and what is said in
//! each, is [`list`]: to be read out in one sitting.
//!
//! A number is said as people of the language say it, a phone number and a code digit by digit, with
//! all zeros. What cannot be said like this (letters, millions of millions, a language without rules
//! here) is none, and is said as words.

mod names;

use crate::flow::voice::PROMPTS;
use crate::model::{Language, Value};
use names::{ENGLISH, FRENCH, MONTHS, Said};

/// The largest whole number that is said.
const LARGEST: u64 = 999_999_999;
/// The most digits after the point that anybody listens to.
const AFTER_POINT: usize = 4;

/// A language whose numbers are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tongue {
    English,
    French,
}

impl Tongue {
    fn of(language: &Language) -> Option<Tongue> {
        match language.base().as_str() {
            "en" => Some(Tongue::English),
            "fr" => Some(Tongue::French),
            _ => None,
        }
    }

    fn list(self) -> &'static [Said] {
        match self {
            Tongue::English => &ENGLISH,
            Tongue::French => &FRENCH,
        }
    }
}

/// All recordings of a language: the name of each, and what is said in it. None where the numbers of
/// the language are not known here.
pub fn list(language: &Language) -> &'static [Said] {
    Tongue::of(language).map_or(&[], Tongue::list)
}

/// Where the recordings of numbers lie, in the office folder: one folder for all flows.
pub fn path(piece: &str, language: &Language) -> String {
    format!("{PROMPTS}/common/{language}/{piece}.wav")
}

/// The recordings that say a value, by their paths; `None` where it is said as words.
pub fn paths(value: &Value, language: &Language) -> Option<Vec<String>> {
    Some(pieces(value, language)?.into_iter().map(|piece| path(piece, language)).collect())
}

/// The recordings that say a value, one after the other; `None` where it is said as words.
pub fn pieces(value: &Value, language: &Language) -> Option<Vec<&'static str>> {
    let mut row = Row { tongue: Tongue::of(language)?, pieces: Vec::new() };
    match value {
        Value::Number(number) => row.number(*number)?,
        Value::Date(date) => {
            let day = u64::try_from(date.day()).ok()?;
            match (row.tongue, day) {
                (Tongue::French, 1) => row.say("first")?,
                (Tongue::French | Tongue::English, day) => row.whole(day)?,
            }
            row.say(MONTHS.get(usize::try_from(date.month()).ok()?.checked_sub(1)?)?)?;
            row.year(u64::try_from(date.year()).ok()?)?;
        }
        Value::Time(time) => {
            row.hours(u64::try_from(time.hour()).ok()?)?;
            if time.minute() > 0 {
                row.whole(u64::try_from(time.minute()).ok()?)?;
            }
        }
        Value::Phone(phone) => row.digits(phone.e164().trim_start_matches('+'))?,
        Value::Code(code) => row.digits(code)?,
        Value::Text(_)
        | Value::YesNo(_)
        | Value::Choice(_)
        | Value::Choices(_)
        | Value::Place(_)
        | Value::Recording(_) => return None,
    }
    (!row.pieces.is_empty()).then_some(row.pieces)
}

/// A row of recordings as it grows. Each part ends with `None` where it cannot be said.
struct Row {
    tongue: Tongue,
    pieces: Vec<&'static str>,
}

impl Row {
    fn say(&mut self, name: &str) -> Option<()> {
        let (name, _) = self.tongue.list().iter().find(|(known, _)| *known == name)?;
        self.pieces.push(name);
        Some(())
    }

    fn number(&mut self, number: f64) -> Option<()> {
        // Written out, as people see it: 2.5 has one digit after its point, and never a power of ten.
        let written = format!("{number}");
        let (minus, written) = match written.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, written.as_str()),
        };
        if minus {
            self.say("minus")?;
        }
        let (whole, after) = written.split_once('.').unwrap_or((written, ""));
        self.whole(whole.parse().ok()?)?;
        match after.len() {
            0 => Some(()),
            1..=AFTER_POINT => self.say("point").and_then(|()| self.digits(after)),
            _ => None,
        }
    }

    fn digits(&mut self, digits: &str) -> Option<()> {
        let only_digits = digits.bytes().all(|digit| digit.is_ascii_digit());
        only_digits.then_some(())?;
        (0..digits.len()).try_for_each(|at| self.say(&digits[at..=at]))
    }

    fn whole(&mut self, number: u64) -> Option<()> {
        match number {
            0 => return self.say("0"),
            1..=LARGEST => {}
            _ => return None,
        }
        let (millions, thousands, rest) =
            (number / 1_000_000, number / 1_000 % 1_000, number % 1_000);
        if millions > 0 {
            self.hundreds(millions)?;
            self.say("million")?;
        }
        if thousands > 0 {
            // French says `mille`, never `un mille`.
            if thousands > 1 || self.tongue == Tongue::English {
                self.hundreds(thousands)?;
            }
            self.say("thousand")?;
        }
        if self.tongue == Tongue::English && number > rest && (1..100).contains(&rest) {
            self.say("and")?;
        }
        self.hundreds(rest)
    }

    /// A number below a thousand; 0 is not said.
    fn hundreds(&mut self, number: u64) -> Option<()> {
        let (hundreds, rest) = (number / 100, number % 100);
        if hundreds > 0 {
            // And `cent`, never `un cent`.
            if hundreds > 1 || self.tongue == Tongue::English {
                self.say(&hundreds.to_string())?;
            }
            self.say("hundred")?;
            if rest > 0 && self.tongue == Tongue::English {
                self.say("and")?;
            }
        }
        match self.tongue {
            _ if rest == 0 => Some(()),
            Tongue::English => self.tens_in_english(rest),
            Tongue::French => self.tens_in_french(rest),
        }
    }

    fn tens_in_english(&mut self, number: u64) -> Option<()> {
        let (tens, ones) = if number < 20 { (0, number) } else { (number / 10 * 10, number % 10) };
        self.tens_and_ones(tens, ones)
    }

    /// 70 to 79 are 60 and 10 to 19, 90 to 99 are 80 and 10 to 19; `et` stands before 1 and 11, but
    /// not after 80.
    fn tens_in_french(&mut self, number: u64) -> Option<()> {
        let tens = match number {
            0..20 => 0,
            20..60 => number / 10 * 10,
            60..80 => 60,
            _ => 80,
        };
        let ones = number - tens;
        if (20..80).contains(&tens) && matches!(ones, 1 | 11) {
            self.say(&tens.to_string())?;
            self.say("and")?;
            return self.say(&ones.to_string());
        }
        self.tens_and_ones(tens, ones)
    }

    fn tens_and_ones(&mut self, tens: u64, ones: u64) -> Option<()> {
        [tens, ones]
            .iter()
            .filter(|part| **part > 0)
            .try_for_each(|part| self.say(&part.to_string()))
    }

    /// English says 1979 as 19 and 79, and 2005 as a number; French says all years as numbers.
    fn year(&mut self, year: u64) -> Option<()> {
        match (self.tongue, year) {
            (Tongue::French, _) | (Tongue::English, 0..1_100 | 2_000..2_010 | 10_000..) => {
                self.whole(year)
            }
            (Tongue::English, _) => {
                self.whole(year / 100)?;
                match year % 100 {
                    0 => self.say("hundred"),
                    rest @ 1..10 => {
                        self.say("hundred")?;
                        self.say("and")?;
                        self.whole(rest)
                    }
                    rest => self.whole(rest),
                }
            }
        }
    }

    fn hours(&mut self, hours: u64) -> Option<()> {
        match (self.tongue, hours) {
            (Tongue::French, 1) => self.say("une")?,
            (Tongue::French, 21) => {
                self.whole(20)?;
                self.say("and")?;
                self.say("une")?;
            }
            (Tongue::French | Tongue::English, _) => self.whole(hours)?,
        }
        self.say("hours")
    }
}

#[cfg(test)]
mod tests;
