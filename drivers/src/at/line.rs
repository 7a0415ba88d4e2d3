//! One line → final, information or unsolicited: decided once, against the command in flight.
//!
//! A line belongs to a command only if it begins as that command's answers do; all else comes
//! unasked, in the middle of an answer as well. What a line's fields say is `fields`' business,
//! what follows from it `modem`'s.

use super::commands::Answer;
use super::errors::Cause;
use super::fields;
use super::ussd::NetworkText;

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The command ended; it was obeyed or refused.
    Final(Result<(), Cause>),
    /// A part of the command's answer.
    Information(String),
    /// The modem repeats what it was given.
    Echo,
    /// Not about the command.
    Unsolicited(Unsolicited),
}

/// What a modem says by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsolicited {
    /// A message or a report lies in a memory (`+CMTI`, `+CDSI`, TS 27.005 §3.4.1). No index:
    /// somewhere.
    Stored {
        /// The memory's name, where it is one.
        memory: Option<String>,
        /// The index, where it is one.
        index: Option<u32>,
    },
    /// `+CMGS` for a message that nobody waits for any more.
    LateReference(Option<u8>),
    /// The registration changed: `<stat>`, TS 27.007 §7.2.
    Registration(u8),
    /// The memory for messages is full.
    StorageFull,
    /// The modem complains of its power; in its words.
    BadPower(String),
    /// The modem has just started, or goes off: all settings are gone.
    Booted,
    /// A part of it is ready now; settings may be gone.
    Woken,
    /// The SIM is gone.
    SimGone,
    /// The network's services say something, asked or not.
    Network(NetworkText),
    /// Anything else: calls, signal, makers' chatter.
    Chatter(String),
}

/// The words with which a kind of modem says these things.
#[derive(Debug, Clone, Copy)]
pub struct Spontaneous {
    /// Whole lines: it has just started, or goes off.
    pub booted: &'static [&'static str],
    /// Whole lines: a part of it is ready now.
    pub woken: &'static [&'static str],
    /// Whole lines: the SIM is gone.
    pub sim_gone: &'static [&'static str],
    /// Beginnings of lines: the memory for messages is full.
    pub storage_full: &'static [&'static str],
    /// Beginnings of lines: its power is bad.
    pub bad_power: &'static [&'static str],
    /// Beginnings of lines that look like an answer without a prefix, and are none.
    pub chatter: &'static [&'static str],
}

impl Spontaneous {
    /// No words.
    pub const NONE: Spontaneous = Spontaneous {
        booted: &[],
        woken: &[],
        sim_gone: &[],
        storage_full: &[],
        bad_power: &[],
        chatter: &[],
    };
}

/// The command in flight, as far as lines are concerned.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What was written, which an echo repeats.
    pub form: &'a str,
    /// What its answers look like.
    pub answer: Answer,
}

/// Says what `text` is while `asked` is in flight, to a modem that says things in these words.
pub fn classify(text: &str, asked: Option<Asked<'_>>, words: &[&Spontaneous]) -> Line {
    let Some(asked) = asked else {
        return Line::Unsolicited(unsolicited(text, words));
    };
    if text == asked.form {
        return Line::Echo;
    }
    if text == "OK" {
        return Line::Final(Ok(()));
    }
    if let Some(cause) = Cause::parse(text) {
        return Line::Final(Err(cause));
    }
    let answers = match asked.answer {
        Answer::Nothing => false,
        Answer::Prefixed(prefix) => {
            text.starts_with(prefix) && !fields::is_unasked_registration(text)
        }
        Answer::Bare(prefix) => text.starts_with(prefix) || is_bare(text, words),
    };
    if answers {
        Line::Information(text.to_owned())
    } else {
        Line::Unsolicited(unsolicited(text, words))
    }
}

/// Whether a line can be an answer without a prefix, such as a serial number.
fn is_bare(text: &str, words: &[&Spontaneous]) -> bool {
    let is_chatter = |words: &&Spontaneous| begins(text, words.chatter);
    !text.starts_with(['+', '^', '*', '#', '%', '$', '>', '_'])
        && !text.starts_with("AT")
        && !matches!(text, "RING" | "NO CARRIER" | "BUSY" | "NO ANSWER" | "NO DIALTONE")
        && !words.iter().any(is_chatter)
        && matches!(unsolicited(text, words), Unsolicited::Chatter(_))
}

fn begins(text: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| text.starts_with(start))
}

/// What one set of words says about a line.
fn spoken(text: &str, words: &Spontaneous) -> Option<Unsolicited> {
    if words.booted.contains(&text) {
        Some(Unsolicited::Booted)
    } else if words.woken.contains(&text) {
        Some(Unsolicited::Woken)
    } else if words.sim_gone.contains(&text) {
        Some(Unsolicited::SimGone)
    } else if begins(text, words.storage_full) {
        Some(Unsolicited::StorageFull)
    } else if begins(text, words.bad_power) {
        Some(Unsolicited::BadPower(text.to_owned()))
    } else {
        None
    }
}

fn unsolicited(text: &str, words: &[&Spontaneous]) -> Unsolicited {
    if let Some(said) = words.iter().find_map(|words| spoken(text, words)) {
        return said;
    }
    if let Some(rest) = text.strip_prefix("+CMTI:").or_else(|| text.strip_prefix("+CDSI:")) {
        let (memory, index) = fields::stored(rest);
        return Unsolicited::Stored { memory, index };
    }
    if let Some(rest) = text.strip_prefix("+CMGS:") {
        return Unsolicited::LateReference(fields::reference(rest));
    }
    if let Some(state) = fields::unasked_registration(text) {
        return Unsolicited::Registration(state);
    }
    if let Some(told) = NetworkText::parse(text) {
        return Unsolicited::Network(told);
    }
    Unsolicited::Chatter(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &[&Spontaneous] = &[
        &Spontaneous {
            booted: &["RDY"],
            woken: &["SMS Ready"],
            storage_full: &["^SMMEMFULL"],
            ..Spontaneous::NONE
        },
        &Spontaneous {
            sim_gone: &["+CPIN: NOT READY"],
            bad_power: &["UNDER-VOLTAGE"],
            chatter: &["VOICE CALL:"],
            ..Spontaneous::NONE
        },
    ];

    fn asked(form: &str, answer: Answer) -> Option<Asked<'_>> {
        Some(Asked { form, answer })
    }

    fn chatter(text: &str) -> Line {
        Line::Unsolicited(Unsolicited::Chatter(text.to_owned()))
    }

    #[test]
    fn a_line_belongs_to_a_command_only_if_it_begins_like_its_answer() {
        let signal = asked("AT+CSQ", Answer::Prefixed("+CSQ:"));
        let stored = Unsolicited::Stored { memory: Some("SM".to_owned()), index: Some(3) };
        for (text, expected) in [
            ("AT+CSQ", Line::Echo),
            ("+CSQ: 17,99", Line::Information("+CSQ: 17,99".to_owned())),
            ("+CMTI: \"SM\",3", Line::Unsolicited(stored)),
            ("^RSSI:12", chatter("^RSSI:12")),
            ("RING", chatter("RING")),
            ("RDY", Line::Unsolicited(Unsolicited::Booted)),
            ("SMS Ready", Line::Unsolicited(Unsolicited::Woken)),
            ("^SMMEMFULL: \"SM\"", Line::Unsolicited(Unsolicited::StorageFull)),
            ("+CMGS: 17", Line::Unsolicited(Unsolicited::LateReference(Some(17)))),
            ("+CPIN: NOT READY", Line::Unsolicited(Unsolicited::SimGone)),
            (
                "UNDER-VOLTAGE WARNING",
                Line::Unsolicited(Unsolicited::BadPower("UNDER-VOLTAGE WARNING".to_owned())),
            ),
            ("OK", Line::Final(Ok(()))),
            ("+CME ERROR: 14", Line::Final(Err(Cause::Equipment(14)))),
        ] {
            assert_eq!(classify(text, signal, WORDS), expected, "{text}");
        }
    }

    #[test]
    fn an_answer_without_a_prefix_is_told_from_chatter() {
        let imei = asked("AT+CGSN", Answer::Bare("+CGSN:"));
        for text in ["356938035643809", "+CGSN: 356938035643809"] {
            assert_eq!(classify(text, imei, WORDS), Line::Information(text.to_owned()));
        }
        for text in [
            "RING",
            "^BOOT:1,0",
            "AT+CMGL=4",
            "+CRING: VOICE",
            "NO CARRIER",
            "VOICE CALL: BEGIN",
            "_OSIGQ: 12,0",
        ] {
            assert_eq!(classify(text, imei, WORDS), chatter(text), "{text}");
        }
    }

    #[test]
    fn registration_told_and_registration_asked_differ_by_their_fields() {
        let registration = asked("AT+CREG?", Answer::Prefixed("+CREG:"));
        for text in ["+CREG: 0,1", "+CREG: 2,1,\"8BE3\",\"2BAF\"", "+CREG:2,1,0001,0010"] {
            assert_eq!(classify(text, registration, WORDS), Line::Information(text.to_owned()));
        }
        for text in ["+CREG: 5", "+CREG: 5,\"0502\",\"0404736D\"", "+CREG: 5,1F00,79D903,7"] {
            let told = Line::Unsolicited(Unsolicited::Registration(5));
            assert_eq!(classify(text, registration, WORDS), told, "{text}");
            assert_eq!(classify(text, None, WORDS), told, "{text}");
        }
    }

    #[test]
    fn without_a_command_nothing_is_final() {
        for text in ["OK", "ERROR", "+CMS ERROR: 38"] {
            assert_eq!(classify(text, None, WORDS), chatter(text));
        }
    }
}
