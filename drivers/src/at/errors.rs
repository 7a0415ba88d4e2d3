//! What a modem or the network says when it refuses, as words and as advice for the next try.
//!
//! The numbers are those of TS 27.005 §3.2.5 (`+CMS ERROR`, which carries the causes of TS 24.011
//! Annex E and TS 23.040 §9.2.3.22 as well) and of TS 27.007 §9.2 (`+CME ERROR`), with the few
//! numbers above 500 that makers added and that are met in the field. Used by `modem` for every
//! refusal; the advice is followed by the application, which alone knows what a try costs.

use std::fmt;

use super::causes::{CME, CME_IN_STANDARD_WORDS, CMS, CMS_IN_STANDARD_WORDS, Row};

/// Why a command was refused. All of these mean: what was asked for did not happen, except where
/// [`Cause::advice`] says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// `+CMS ERROR: n`: the message service, TS 27.005 §3.2.5.
    Message(u16),
    /// `+CME ERROR: n`: the equipment or the SIM, TS 27.007 §9.2.
    Equipment(u16),
    /// An error in words that no table has.
    Words(String),
    /// A bare `ERROR`.
    Unexplained,
    /// The modem never asked for the text after `AT+CMGS`: nothing was handed over.
    NoPrompt,
    /// The modem was starting, or gone, before the first octet: nothing was handed over.
    NotReady,
}

/// What the next try may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RetryClass {
    /// Within ten seconds: something was busy.
    RetrySoon,
    /// After minutes, then with growing pauses: the network or the other phone.
    RetryLater,
    /// When the modem is registered with the network again.
    WaitNetwork,
    /// When messages in the modem's memory have been taken and forgotten.
    StorageFull,
    /// Not with this SIM until somebody has looked: barred, no credit, PIN, broken card.
    Sim,
    /// Not to this number.
    Destination,
    /// Not until the modem is set up otherwise, e.g. with a service-centre number.
    Setup,
    /// Never as it is: the message or the command is malformed. That is our fault.
    Bug,
    /// After the modem has been restarted.
    Device,
    /// Not needed: the service centre holds this very message already (TP-RD was set).
    TreatAsSent,
    /// Not needed: the refusal changes nothing, e.g. an empty slot was deleted.
    Harmless,
    /// Once, later; if several different numbers fail in a row it is the SIM or its credit.
    Ambiguous,
    /// Only when it is known what happened: the message may have been sent all the same.
    Unclear,
}

impl Cause {
    /// Reads an error line: `+CMS ERROR: 38`, `+CME ERROR: SIM busy`, `ERROR` and its kin.
    /// `None` where the line is no error.
    pub fn parse(line: &str) -> Option<Cause> {
        if let Some(rest) = line.strip_prefix("+CMS ERROR:") {
            return Some(named(rest, &MESSAGES, &EQUIPMENT));
        }
        if let Some(rest) = line.strip_prefix("+CME ERROR:") {
            return Some(named(rest, &EQUIPMENT, &MESSAGES));
        }
        if let Some(rest) = line.strip_prefix("MODEM ERROR:") {
            return Some(Cause::Words(rest.trim().to_owned()));
        }
        if line == "SEND FAIL" {
            return Some(Cause::Words(line.to_lowercase()));
        }
        // `NA` alone is how one old handset says "not available".
        matches!(line, "ERROR" | "COMMAND NOT SUPPORT" | "COMMAND NOT SUPPORTED" | "NA")
            .then_some(Cause::Unexplained)
    }

    /// What the next try may do.
    pub fn advice(&self) -> RetryClass {
        match self {
            Cause::Message(code) => row(CMS, *code).map_or(RetryClass::Ambiguous, |row| row.2),
            Cause::Equipment(code) => row(CME, *code).map_or(RetryClass::Ambiguous, |row| row.2),
            Cause::Words(_) | Cause::Unexplained => RetryClass::Ambiguous,
            Cause::NoPrompt | Cause::NotReady => RetryClass::RetrySoon,
        }
    }

    /// A short name for rows and statistics: `CMS 38`, `CME 14`, `ERROR`, `no prompt`.
    pub fn code(&self) -> String {
        match self {
            Cause::Message(code) => format!("CMS {code}"),
            Cause::Equipment(code) => format!("CME {code}"),
            Cause::Words(_) | Cause::Unexplained => "ERROR".to_owned(),
            Cause::NoPrompt => "no prompt".to_owned(),
            Cause::NotReady => "not ready".to_owned(),
        }
    }

    /// Whether the modem only asks for patience: the same command may be given again at once.
    pub fn is_busy(&self) -> bool {
        self.advice() == RetryClass::RetrySoon
    }
}

/// For people: `network out of order (CMS 38)`.
impl fmt::Display for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Cause::Message(code) => row(CMS, *code).map_or("no known meaning", |row| row.1),
            Cause::Equipment(code) => row(CME, *code).map_or("no known meaning", |row| row.1),
            Cause::Words(words) => words,
            Cause::Unexplained => "the modem gave no reason",
            Cause::NoPrompt => "the modem did not ask for the text",
            Cause::NotReady => "the modem was not ready",
        };
        match self {
            Cause::Message(_) | Cause::Equipment(_) => write!(out, "{words} ({})", self.code()),
            Cause::Words(_) | Cause::Unexplained | Cause::NoPrompt | Cause::NotReady => {
                out.write_str(words)
            }
        }
    }
}

impl RetryClass {
    /// What to do about it, in words that end a sentence: "…; it will be tried again".
    pub fn words(self) -> &'static str {
        match self {
            RetryClass::RetrySoon => "it will be tried again in a moment",
            RetryClass::RetryLater => "it will be tried again later",
            RetryClass::WaitNetwork => "it waits until the modem has a network",
            RetryClass::StorageFull => "it waits until the modem's memory has been emptied",
            RetryClass::Sim => "check the SIM: its credit, its PIN, and whether it may send",
            RetryClass::Destination => "check the number",
            RetryClass::Setup => "check the service-centre number and the modem's settings",
            RetryClass::Bug => "please report this: the message was put together wrongly",
            RetryClass::Device => "the modem has to be restarted",
            RetryClass::TreatAsSent => "it had arrived already",
            RetryClass::Harmless => "nothing has to be done",
            RetryClass::Ambiguous => "it will be tried once more; then check credit and signal",
            RetryClass::Unclear => "it may have been sent all the same",
        }
    }
}

fn row(table: &'static [Row], code: u16) -> Option<&'static Row> {
    table.iter().find(|row| row.0 == code)
}

/// One of the two spaces of numbers.
struct Space {
    rows: &'static [Row],
    standard_words: &'static [(&'static str, u16)],
    cause: fn(u16) -> Cause,
}

const MESSAGES: Space =
    Space { rows: CMS, standard_words: CMS_IN_STANDARD_WORDS, cause: Cause::Message };
const EQUIPMENT: Space =
    Space { rows: CME, standard_words: CME_IN_STANDARD_WORDS, cause: Cause::Equipment };

impl Space {
    fn named(&self, text: &str) -> Option<Cause> {
        let row = self.rows.iter().find(|row| row.1.eq_ignore_ascii_case(text)).map(|row| row.0);
        let words = || self.standard_words.iter().find(|word| word.0.eq_ignore_ascii_case(text));
        row.or_else(|| words().map(|word| word.1)).map(self.cause)
    }
}

/// A number, or one of the standard's names for it. Firmware that speaks in words sometimes puts
/// the words of one space behind the prefix of the other, so both are looked through.
fn named(text: &str, own: &Space, other: &Space) -> Cause {
    let text = text.trim().trim_matches('"').trim();
    if let Ok(code) = text.parse() {
        return (own.cause)(code);
    }
    let found = own.named(text).or_else(|| other.named(text));
    found.unwrap_or_else(|| Cause::Words(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_mean_the_same() {
        for (line, cause) in [
            ("+CMS ERROR: 38", Cause::Message(38)),
            ("+CMS ERROR:38", Cause::Message(38)),
            ("+CMS ERROR: Network out of order", Cause::Message(38)),
            ("+CME ERROR: SIM busy", Cause::Equipment(14)),
            ("+CME ERROR: \"SIM busy\"", Cause::Equipment(14)),
            ("+CMS ERROR: SIM busy", Cause::Message(314)),
            ("+CME ERROR: network timeout", Cause::Equipment(31)),
            ("+CME ERROR: incorrect PDU length", Cause::Message(549)),
            ("+CME ERROR: the cat is on it", Cause::Words("the cat is on it".to_owned())),
            ("MODEM ERROR: 7", Cause::Words("7".to_owned())),
            ("SEND FAIL", Cause::Words("send fail".to_owned())),
            ("COMMAND NOT SUPPORT", Cause::Unexplained),
            ("NA", Cause::Unexplained),
            ("ERROR", Cause::Unexplained),
        ] {
            assert_eq!(Cause::parse(line), Some(cause), "{line}");
        }
    }

    #[test]
    fn other_lines_are_no_errors() {
        for line in ["OK", "", "NAIROBI", "+CMGS: 38", "ERRORS", "CMS ERROR: 38"] {
            assert_eq!(Cause::parse(line), None, "{line}");
        }
    }

    #[test]
    fn advice_keeps_apart_what_must_not_be_confused() {
        for (cause, class) in [
            (Cause::Message(1), RetryClass::Destination),
            (Cause::Message(8), RetryClass::Sim),
            (Cause::Message(38), RetryClass::RetryLater),
            (Cause::Message(41), RetryClass::RetrySoon),
            (Cause::Message(197), RetryClass::TreatAsSent),
            (Cause::Message(322), RetryClass::StorageFull),
            (Cause::Message(331), RetryClass::WaitNetwork),
            (Cause::Message(332), RetryClass::Unclear),
            (Cause::Message(521), RetryClass::Unclear),
            (Cause::Equipment(31), RetryClass::RetryLater),
            (Cause::Message(9999), RetryClass::Ambiguous),
            (Cause::NoPrompt, RetryClass::RetrySoon),
        ] {
            assert_eq!(cause.advice(), class, "{cause}");
        }
    }

    #[test]
    fn every_cause_is_known_by_its_number_and_by_its_words() {
        for (prefix, table, cause) in [
            ("+CMS ERROR:", CMS, Cause::Message as fn(u16) -> Cause),
            ("+CME ERROR:", CME, Cause::Equipment),
        ] {
            for (code, words, class) in table {
                let by_number = Cause::parse(&format!("{prefix} {code}")).expect("an error");
                assert_eq!((&by_number, by_number.advice()), (&cause(*code), *class));
                assert!(by_number.to_string().starts_with(words) && !class.words().is_empty());
                let by_words = Cause::parse(&format!("{prefix} {words}")).expect("an error");
                assert_eq!(by_words.advice(), *class, "{words}");
            }
        }
    }

    #[test]
    fn a_duplicate_that_is_refused_in_the_standards_words_is_not_sent_again() {
        for line in
            ["+CMS ERROR: SM rejected - duplicate SM", "+CMS ERROR: SM Rejected-Duplicate SM"]
        {
            let cause = Cause::parse(line).expect("an error");
            assert_eq!(
                (cause.code(), cause.advice()),
                ("CMS 197".to_owned(), RetryClass::TreatAsSent)
            );
        }
        assert_eq!(Cause::parse("+CME ERROR: illegal ME"), Some(Cause::Equipment(106)));
    }

    #[test]
    fn tables_are_sorted_and_name_each_number_once() {
        for table in [CMS, CME] {
            assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }

    #[test]
    fn people_read_words_first() {
        assert_eq!(Cause::Message(38).to_string(), "network out of order (CMS 38)");
        assert_eq!(Cause::Message(9999).to_string(), "no known meaning (CMS 9999)");
    }
}
