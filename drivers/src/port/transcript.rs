//! A dialogue with a modem as text: what is recorded from a port and replayed as a test.
//!
//! One entry a line: seconds since the beginning, `>` to the modem or `<` from it, the bytes with
//! everything that does not print escaped. `12.345 > AT+CSQ\r`. What the application asked for
//! stands between them: `12.340 do ussd dial *124#`. Lines that begin with `#` are comments. A PIN
//! is never written down.

use std::fmt;
use std::time::Duration;

use crate::modem::{CallId, Command, Slot, Ussd, Written};
use crate::pdu::hex;

/// Which way bytes went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the computer to the modem.
    ToModem,
    /// From the modem to the computer.
    FromModem,
    /// From the application to the driver: a command, in words.
    Asked,
}

/// Some bytes that passed a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Since the port was opened.
    pub at: Duration,
    /// Which way.
    pub direction: Direction,
    /// What passed.
    pub bytes: Vec<u8>,
}

impl Entry {
    /// Reads a line as it is shown.
    ///
    /// # Errors
    /// In words: what is wrong with the line.
    pub fn parse(line: &str) -> Result<Entry, String> {
        let (seconds, rest) = line.split_once(' ').ok_or("there is no time in front")?;
        let seconds: f64 = seconds.parse().map_err(|_| format!("`{seconds}` is no time"))?;
        let at = Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())?;
        let (sign, text) = rest.split_once(' ').unwrap_or((rest, ""));
        let direction = match sign {
            ">" => Direction::ToModem,
            "<" => Direction::FromModem,
            "do" => Direction::Asked,
            _ => return Err(format!("`{sign}` is none of >, < and do")),
        };
        Ok(Entry { at, direction, bytes: unescape(text)? })
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.direction {
            Direction::ToModem => ">",
            Direction::FromModem => "<",
            Direction::Asked => "do",
        };
        write!(out, "{:.3} {sign} {}", self.at.as_secs_f64(), escape(&self.bytes))
    }
}

/// A command in the words of a transcript.
pub fn asked(command: &Command) -> String {
    let call = |call: &CallId| match call {
        CallId::Placed(attempt) => format!("placed {}", attempt.0),
        CallId::Came(nth) => format!("came {nth}"),
    };
    match command {
        Command::Send { attempt, tpdu_len, pdu } => {
            format!("send {} {tpdu_len} {}", attempt.0, hex::encode(pdu))
        }
        Command::Forget { slot: Slot::Stored(place) } => {
            format!("forget {} {}", place.memory, place.index)
        }
        Command::Forget { slot: Slot::Direct(number) } => format!("forget direct {number}"),
        Command::Dial { attempt, number } => format!("dial {} {number}", attempt.0),
        Command::PickUp { call: of } => format!("pick up {}", call(of)),
        Command::HangUp { call: of } => format!("hang up {}", call(of)),
        Command::Ussd(Ussd::Dial { code, written }) => match written {
            None => format!("ussd dial {code}"),
            Some(Written::Plain) => format!("ussd dial plain {code}"),
            Some(Written::PackedHex) => format!("ussd dial packed {code}"),
            Some(Written::Ucs2Hex) => format!("ussd dial ucs2 {code}"),
            Some(Written::OctetHex) => format!("ussd dial octets {code}"),
        },
        Command::Ussd(Ussd::Reply { text }) => format!("ussd reply {text}"),
        Command::Ussd(Ussd::End) => "ussd end".to_owned(),
        Command::LeaveAlone => "leave alone".to_owned(),
        Command::Restart => "restart".to_owned(),
    }
}

/// Bytes as printable text, without a PIN.
pub fn escape(bytes: &[u8]) -> String {
    // Quotes print well enough, and a command is easier to read with them.
    let text = bytes.escape_ascii().to_string().replace("\\\"", "\"").replace("\\'", "'");
    let Some((before, after)) = text.split_once("AT+CPIN=\"") else {
        return text;
    };
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{before}AT+CPIN=\"****{after}")
}

/// The bytes of a text made by [`escape`].
///
/// # Errors
/// In words: which escape is unknown.
pub fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next() {
            Some(b'r') => b'\r',
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'\\') => b'\\',
            Some(b'x') => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let digits = String::from_utf8_lossy(&digits);
                u8::from_str_radix(&digits, 16).map_err(|_| format!("`\\x{digits}` is no byte"))?
            }
            other => return Err(format!("`\\{}` is unknown", other.map_or(' ', char::from))),
        });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let all: Vec<u8> = (0..=255).collect();
        for bytes in [&b"AT+CPMS=\"SM\"\r"[..], b"\x1b", b"'\\'", &all] {
            let entry = Entry {
                at: Duration::from_millis(12_345),
                direction: Direction::FromModem,
                bytes: bytes.to_vec(),
            };
            assert_eq!(Entry::parse(&entry.to_string()), Ok(entry));
        }
    }

    #[test]
    fn a_pin_is_not_written_down() {
        let entry = Entry {
            at: Duration::ZERO,
            direction: Direction::ToModem,
            bytes: b"AT+CPIN=\"1234\"\r".to_vec(),
        };
        assert_eq!(entry.to_string(), "0.000 > AT+CPIN=\"****\"\\r");
    }

    #[test]
    fn a_broken_line_is_refused_in_words() {
        for line in ["", "1 or AT", "x > AT", "-1 > AT", "1 ! AT", "1 > \\q", "1 > \\xg2", "1 > \\"]
        {
            assert!(Entry::parse(line).is_err(), "{line}");
        }
    }
}
