//! The network's services behind codes (USSD, TS 27.007 §7.15): a small menu about money, in the
//! letters that this kind of modem writes.

use std::time::{Duration, Instant};

use crate::pdu::{hex, pack_text, unpack_text};

use super::failure::{Equipment, Failure, INCORRECT};
use super::firmware::{Firmware, OnAir, Outcome};
use super::line::Ask;
use super::personality::Coding;

/// How long the network takes for an answer, and waits for one.
const ANSWERS_IN: Duration = Duration::from_secs(2);
const WAITS: Duration = Duration::from_secs(45);

const MENU: &str = "Lone Star Test\nBalance: LRD 250.00\n1 Buy minutes\n2 My number\n0 Exit";
const BUY: &str = "1 LRD 50\n2 LRD 100\n0 Back";
const BALANCE: &str = "Your balance is LRD 250.00, to be used until 31/12.";

/// Where somebody is in the menu.
#[derive(Debug, Default)]
pub(super) struct Session {
    page: Page,
    ends_at: Option<Instant>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Page {
    #[default]
    Closed,
    Menu,
    Buying,
}

impl Session {
    pub(super) fn ends_at(&self) -> Option<Instant> {
        self.ends_at
    }
}

impl Firmware {
    pub(super) fn service(&mut self, ask: &Ask) -> Result<Outcome, Failure> {
        self.needs_sim()?;
        let args = match ask {
            Ask::Test => return Outcome::line("+CUSD: (0-2)"),
            Ask::Read => return Outcome::line("+CUSD: 1"),
            Ask::Do => return Err(INCORRECT),
            Ask::Set(args) => args,
        };
        let mode = args.small(0, 2)?.unwrap_or(0);
        let Some(written) = args.text(1)? else {
            if mode == 2 {
                self.session = Session::default();
            }
            return Outcome::ok();
        };
        if self.on_air(self.now) == OnAir::No {
            return Err(Failure::Equipment(Equipment::NoService));
        }
        let coding = self.plan.personality.services;
        let request = read(coding, written).ok_or(Failure::Equipment(Equipment::Unknown))?;
        let (page, text) = turn(self.session.page, &request, &self.plan.number);
        let at = self.now + self.country_pace.of(ANSWERS_IN);
        let goes_on = page != Page::Closed;
        self.session = Session { page, ends_at: goes_on.then(|| at + WAITS) };
        let (text, scheme) = write(coding, &text);
        self.say_later(at, format!("+CUSD: {},\"{text}\",{scheme}", u8::from(goes_on)));
        Outcome::ok()
    }

    /// The network has waited long enough for the next choice.
    pub(super) fn end_session(&mut self, now: Instant) {
        if self.session.ends_at.is_some_and(|at| at <= now) {
            self.session = Session::default();
            self.babble("+CUSD: 2");
        }
    }
}

/// The next page, and what it says.
fn turn(page: Page, request: &str, number: &str) -> (Page, String) {
    let (next, text) = match (page, request) {
        (_, "*123#") | (Page::Buying, "0") => (Page::Menu, MENU),
        (_, "*124#") => (Page::Closed, BALANCE),
        (Page::Menu, "1") => (Page::Buying, BUY),
        (Page::Menu, "2") => return (Page::Closed, format!("Your number is {number}")),
        (Page::Menu, "0") => (Page::Closed, "Goodbye."),
        (Page::Buying, "1" | "2") => (Page::Closed, "You do not have enough money."),
        (Page::Closed, _) => (Page::Closed, "Unknown code."),
        (Page::Menu | Page::Buying, _) => (Page::Closed, "Wrong choice."),
    };
    (next, String::from(text))
}

fn read(coding: Coding, written: &str) -> Option<String> {
    let is_code = |text: &str| text.chars().all(|c| matches!(c, '0'..='9' | '*' | '#'));
    match coding {
        Coding::Plain => Some(String::from(written)),
        Coding::PackedHex => hex::decode(written).ok().map(|octets| unpack_text(&octets)),
        Coding::Ucs2Hex if is_code(written) && !written.len().is_multiple_of(4) => {
            Some(String::from(written))
        }
        Coding::Ucs2Hex => from_ucs2(written).or_else(|| Some(String::from(written))),
    }
}

/// The text, and its coding scheme (TS 23.038 §5).
fn write(coding: Coding, text: &str) -> (String, u8) {
    match (coding, pack_text(text)) {
        (Coding::Plain, _) => (String::from(text), 15),
        (Coding::PackedHex, Ok(octets)) => (hex::encode(&octets), 15),
        (Coding::PackedHex, Err(_)) | (Coding::Ucs2Hex, _) => (ucs2(text), 72),
    }
}

/// A text as four hexadecimal digits a letter.
pub(super) fn ucs2(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("{unit:04X}")).collect()
}

/// The text of such digits.
pub(super) fn from_ucs2(digits: &str) -> Option<String> {
    let octets = hex::decode(digits).ok()?;
    let units = octets.chunks(2).map(|pair| match pair {
        [high, low] => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    });
    String::from_utf16(&units.collect::<Option<Vec<u16>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_coding_reads_what_it_wants_and_writes_what_it_says() {
        for (coding, request) in [
            (Coding::Plain, "*123#"),
            (Coding::PackedHex, "AA986C3602"),
            (Coding::Ucs2Hex, "002A0031003200330023"),
            (Coding::Ucs2Hex, "*123#"),
        ] {
            assert_eq!(read(coding, request).as_deref(), Some("*123#"), "{coding:?}");
        }
        assert_eq!(write(Coding::Ucs2Hex, "é"), (String::from("00E9"), 72));
        assert_eq!(write(Coding::PackedHex, "*123#"), (String::from("AA986C3602"), 15));
        assert_eq!(read(Coding::PackedHex, "*123#"), None);
    }

    #[test]
    fn the_menu_goes_on_until_a_choice_ends_it() {
        let (page, text) = turn(Page::Closed, "*123#", "+231");
        assert_eq!((page, text.lines().count()), (Page::Menu, 5));
        assert_eq!(turn(page, "1", "+231").0, Page::Buying);
        assert_eq!(turn(page, "2", "+231").1, "Your number is +231");
        assert_eq!(turn(Page::Closed, "1", "+231").1, "Unknown code.");
    }
}
