//! What an answer or a contact field holds, once understood.

use super::PhoneNumber;
use jiff::civil::{Date, Time};

/// A typed value. Its stored form is [`Value::to_text`] beside [`Value::kind`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Free text, as sent.
    Text(String),
    /// Yes or no.
    YesNo(bool),
    /// A number; whole numbers are exact up to 2^53.
    Number(f64),
    /// The id of one choice.
    Choice(String),
    /// The ids of several choices, in the order in which the question offers them.
    Choices(Vec<String>),
    /// A calendar date.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A phone number.
    Phone(PhoneNumber),
    /// An identifier that keeps its zeros: `001234`.
    Code(String),
    /// A place of the office's list.
    Place(Place),
    /// What was said by call: where the recording lies in the office's data folder.
    Recording(String),
}

/// A place: its code in the list, and the name people read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The code in the list.
    pub code: String,
    /// The name shown to people.
    pub name: String,
}

impl Value {
    /// The word that names this kind in the store: `text`, `yes_no`, `number` …
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "text",
            Value::YesNo(_) => "yes_no",
            Value::Number(_) => "number",
            Value::Choice(_) => "choice",
            Value::Choices(_) => "choices",
            Value::Date(_) => "date",
            Value::Time(_) => "time",
            Value::Phone(_) => "phone",
            Value::Code(_) => "code",
            Value::Place(_) => "place",
            Value::Recording(_) => "recording",
        }
    }

    /// The text that means this value in conditions, exports and the store.
    ///
    /// `yes`/`no`; `7` and not `7.0`; `1979-05-03`; `08:30`; E.164; a place's code; several
    /// choices with commas between.
    pub fn to_text(&self) -> String {
        match self {
            Value::Text(text) | Value::Code(text) | Value::Choice(text) => text.clone(),
            Value::Recording(file) => file.clone(),
            Value::Choices(ids) => ids.join(","),
            Value::YesNo(true) => "yes".to_owned(),
            Value::YesNo(false) => "no".to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Time(time) => time.strftime("%H:%M").to_string(),
            Value::Phone(number) => number.e164().to_owned(),
            Value::Place(place) => place.code.clone(),
        }
    }

    /// Reads the stored form back; `None` where kind and text do not belong together.
    /// A place comes back with its code as its name: names live in the list.
    pub fn from_stored(kind: &str, text: &str) -> Option<Value> {
        Some(match kind {
            "text" => Value::Text(text.to_owned()),
            "yes_no" if text == "yes" => Value::YesNo(true),
            "yes_no" if text == "no" => Value::YesNo(false),
            "number" => Value::Number(text.parse().ok()?),
            "choice" => Value::Choice(text.to_owned()),
            "choices" => Value::Choices(text.split(',').map(str::to_owned).collect()),
            "date" => Value::Date(text.parse().ok()?),
            "time" => Value::Time(Time::strptime("%H:%M", text).ok()?),
            "phone" => Value::Phone(PhoneNumber::from_e164(text)?),
            "code" => Value::Code(text.to_owned()),
            "place" => Value::Place(Place { code: text.to_owned(), name: text.to_owned() }),
            "recording" => Value::Recording(text.to_owned()),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_comes_back_from_the_store() {
        let date = Value::Date(jiff::civil::date(1979, 5, 3));
        let spoken = Value::Recording("recordings/7/consent.wav".into());
        let code = Value::Code("001234".into());
        for value in [Value::YesNo(true), Value::Number(7.0), code, date, spoken] {
            assert_eq!(Value::from_stored(value.kind(), &value.to_text()), Some(value));
        }
    }

    #[test]
    fn a_whole_number_is_written_without_a_point() {
        assert_eq!(Value::Number(7.0).to_text(), "7");
    }
}
