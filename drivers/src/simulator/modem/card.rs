//! What the SIM card itself is asked, and the little that it knows of people.

use super::failure::{Equipment, Failure, INCORRECT};
use super::firmware::{Firmware, Lock, Outcome};
use super::general::constant;
use super::habits::swapped;
use super::line::Ask;

/// Names that fit on the card.
const NAMES: u32 = 100;
/// The file with the card's own number (TS 102 221 §13.2).
const CARD_NUMBER_FILE: u32 = 0x2FE2;

impl Firmware {
    /// `+CRSM` (TS 27.007 §8.18): only the card's own number can be read.
    pub(super) fn read_card_file(&self, ask: &Ask) -> Result<Outcome, Failure> {
        let Ask::Set(args) = ask else { return plain_test(ask) };
        if self.card_is_busy().is_some() {
            return Err(Failure::Equipment(Equipment::SimBusy));
        }
        match (args.number(0)?, args.number(1)?) {
            (Some(176), Some(CARD_NUMBER_FILE)) => {
                Outcome::line(format!("+CRSM: 144,0,\"{}\"", swapped(&self.plan.iccid)))
            }
            // File not found.
            (Some(_), Some(_)) => Outcome::line("+CRSM: 106,130"),
            _ => Err(INCORRECT),
        }
    }

    /// `+CSIM` (TS 27.007 §8.17): only a PIN that is left out is taken, which tells the tries.
    pub(super) fn command_card(&self, ask: &Ask) -> Result<Outcome, Failure> {
        let Ask::Set(args) = ask else { return plain_test(ask) };
        match (args.number(0)?, args.text(1)?) {
            (Some(10), Some("0020000100")) => {
                let left = if self.lock == Lock::Puk { 0 } else { self.pin_tries };
                Outcome::line(match (&self.plan.pin, self.lock) {
                    (Some(_), Lock::Open) => String::from("+CSIM: 4,\"9000\""),
                    (Some(_), Lock::Pin | Lock::Puk) => format!("+CSIM: 4,\"63C{left}\""),
                    (None, _) => String::from("+CSIM: 4,\"6984\""),
                })
            }
            (Some(_), Some(_)) => Outcome::line("+CSIM: 4,\"6D00\""),
            _ => Err(INCORRECT),
        }
    }

    /// The phone book (TS 27.007 §8.11 to §8.14), which is empty and takes no names.
    pub(super) fn phone_book(&self, name: &str, ask: &Ask) -> Result<Outcome, Failure> {
        self.needs_sim()?;
        match (name, ask) {
            ("+CPBS", Ask::Test) => Outcome::line("+CPBS: (\"SM\")"),
            ("+CPBS", Ask::Read) => Outcome::line(format!("+CPBS: \"SM\",0,{NAMES}")),
            ("+CPBS", Ask::Set(args)) if args.text(0)? == Some("SM") => Outcome::ok(),
            ("+CPBR", Ask::Test) => Outcome::line(format!("+CPBR: (1-{NAMES}),40,18")),
            ("+CPBR", Ask::Set(args)) => match args.number(0)? {
                Some(1..=NAMES) => Outcome::ok(),
                // Invalid index.
                _ => Err(Failure::Equipment(Equipment::InvalidIndex)),
            },
            ("+CPBW", Ask::Test) => Outcome::line(format!("+CPBW: (1-{NAMES}),40,(129,145),18")),
            _ => Err(Failure::Equipment(Equipment::NotAllowed)),
        }
    }

    /// Commands that change nothing here, and that other programs give.
    pub(super) fn small(&mut self, name: &str, ask: &Ask) -> Result<Outcome, Failure> {
        let line = match name {
            "+CPAS" => "+CPAS: 0",
            "+CEER" => "+CEER: No report available",
            "+CESQ" => "+CESQ: 31,99,255,255,255,255",
            "+CLCC" if *ask == Ask::Do => return Ok(Outcome::Done(self.calls_listed())),
            "+CHUP" if *ask == Ask::Do => return self.hang_up(),
            "+CLIP" | "+CRC" => return self.ring_told(name, ask),
            "+CGATT" => {
                return match ask {
                    Ask::Test => Outcome::line(format!("{name}: (0,1)")),
                    Ask::Read => Outcome::line(format!("{name}: 0")),
                    Ask::Set(args) if args.small(0, 1)?.is_some() => Outcome::ok(),
                    Ask::Set(_) | Ask::Do => Err(INCORRECT),
                };
            }
            _ => return Err(Failure::UnknownCommand),
        };
        constant(ask, line)
    }
}

fn plain_test(ask: &Ask) -> Result<Outcome, Failure> {
    match ask {
        Ask::Test => Outcome::ok(),
        Ask::Do | Ask::Read | Ask::Set(_) => Err(INCORRECT),
    }
}
