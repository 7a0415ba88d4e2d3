//! The story of a world: a line an event, which is what a person reads when a seed fails.

use crate::model::PhoneNumber;
use jiff::Timestamp;
use rollcall_drivers::simulator::{Happening, What};

/// What happened so far, in the order in which it was noticed.
#[derive(Debug, Default)]
pub struct Story {
    lines: Vec<String>,
    begun: Option<Timestamp>,
}

impl Story {
    /// Adds a line: when by the country's clock, what kind of thing, and what.
    pub fn add(&mut self, when: Timestamp, kind: &str, what: &str) {
        let begun = *self.begun.get_or_insert(when);
        let day = when.duration_since(begun).as_hours() / 24 + 1;
        let time = when.strftime("%H:%M:%S");
        self.lines.push(format!("day {day:2} {time}  {kind:<10} {what}"));
    }

    /// Adds what really happened.
    pub fn add_truth(&mut self, happening: &Happening) {
        let (kind, what) = words(happening);
        self.add(crate::store::at(happening.utc_ms), kind, &what);
    }

    /// The lines.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

/// A number as people may see it.
pub fn masked(number: &str) -> String {
    PhoneNumber::from_e164(number).map_or_else(|| number.to_owned(), |number| number.to_string())
}

/// What happened in the country, as a line with its date.
pub fn line(happening: &Happening) -> String {
    let at = crate::store::at(happening.utc_ms).strftime("%d %b %H:%M:%S").to_string();
    let (kind, what) = words(happening);
    format!("{at}  {kind:<10} {what}")
}

fn words(happening: &Happening) -> (&'static str, String) {
    match &happening.what {
        What::Accepted { modem, to, text, .. } => {
            ("sent", format!("{} stick {} {text:?}", masked(to), modem.0 + 1))
        }
        What::Refused { to, cause, .. } => ("refused", format!("{} CMS {cause}", masked(to))),
        What::Delivered { to, text, .. } => ("delivered", format!("{} {text:?}", masked(to))),
        What::Undelivered { to, status } => {
            ("gave up", format!("{} status {status:#04x}", masked(to)))
        }
        What::Said { by, text, .. } => ("said", format!("{} {text:?}", masked(by))),
        What::Received { modem, from, text } => {
            ("received", format!("{} stick {} {text:?}", masked(from), modem.0 + 1))
        }
        What::Called { modem, to } => {
            ("called", format!("{} by stick {}", masked(to), modem.0 + 1))
        }
        What::PickedUp { by } => ("picked up", masked(by)),
        What::Pressed { by, keys } => ("pressed", format!("{} {keys}", masked(by))),
        What::Spoke { by, text } => ("spoke", format!("{} {text:?}", masked(by))),
        What::CallOver { with, cause } => ("call over", format!("{} cause {cause}", masked(with))),
        What::Struck { modem, fault } => ("FAULT", format!("stick {} {fault}", modem.0 + 1)),
        What::Reported { to, status, .. } => {
            ("reported", format!("{} status {status:#04x}", masked(to)))
        }
    }
}
