//! How many tries a PIN has left, in the words of each maker.
//!
//! Only the first PIN counts. Better no number than a wrong one: `modem` leaves the last try to a
//! person, and a number too high would cost the SIM.

use super::fields::{after, fields};

/// What follows is the number for the PIN, whatever follows that.
const FIRST_NUMBER: [&str; 7] =
    ["+UPINCNT:", "+ZPINPUK:", "+SPIC:", "^SPIC:", "#PCT:", "+CPINC:", "+XPINCNT:"];

/// Tries that are left, from any line that says so.
pub fn left(line: &str) -> Option<u8> {
    if line.starts_with("+CPINR:") {
        of_named_code(line)
    } else if let Some(rest) = line.strip_prefix("^CPIN:") {
        // Its state, the tries of what is wanted now, PUK, PIN, PUK2, PIN2.
        fields(rest).get(3)?.parse().ok()
    } else if let Some(rest) = line.strip_prefix("+QPINC:") {
        let fields = fields(rest);
        (fields.first()? == "SC").then(|| fields.get(1)?.parse().ok())?
    } else if line.starts_with("+CSIM:") {
        of_card(line)
    } else {
        let rest = FIRST_NUMBER.iter().find_map(|prefix| line.strip_prefix(prefix))?;
        fields(rest).first()?.parse().ok()
    }
}

/// `+CPINR: SIM PIN,3,3` → 3. The SIM has four codes; only the first counts.
pub fn of_named_code(line: &str) -> Option<u8> {
    let fields = fields(after("+CPINR:", line));
    (fields.first()? == "SIM PIN").then(|| fields.get(1)?.parse().ok())?
}

/// The same from the card's status word: `+CSIM: 4,"63C3"` → 3 (TS 102 221 §10.2.1.5).
pub fn of_card(line: &str) -> Option<u8> {
    // Without its quotes it is no string of the standard: better no number than a wrong one.
    let words = line.contains('"').then(|| fields(after("+CSIM:", line)))?.get(1)?.to_uppercase();
    let at = words.len().checked_sub(4)?;
    let tries = words.get(at..)?.strip_prefix("63C")?;
    u8::from_str_radix(tries, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_that_a_pin_has_left() {
        for (line, expected) in [
            ("+CPINR: SIM PIN,3,3", Some(3)),
            ("+CPINR: SIM PUK,10,10", None),
            ("+CSIM: 4,\"63C1\"", Some(1)),
            ("+CSIM:8,\"000063CA\"", Some(10)),
            ("+CSIM: 4,\"6300\"", None),
            ("+CSIM: 8, 000063CF", None),
            ("+CSIM: 1,\"€\"", None),
            ("^CPIN: SIM PIN,2,10,2,10,3", Some(2)),
            ("^CPIN: READY,,10,3,10,3", Some(3)),
            ("+QPINC: \"SC\",1,10", Some(1)),
            ("+QPINC: \"P2\",3,10", None),
            ("+UPINCNT: 3,3,10,10", Some(3)),
            ("+ZPINPUK: 2,10", Some(2)),
            ("+SPIC: 3,10,3,10", Some(3)),
            ("^SPIC: 1", Some(1)),
            ("^SPIC: SIM PIN", None),
            ("#PCT: 3", Some(3)),
            ("+CPINC: 2,3,10,10", Some(2)),
            ("OK", None),
        ] {
            assert_eq!(left(line), expected, "{line}");
        }
    }
}
