//! GSM 7-bit text in octets that have no count of their letters beside them: USSD
//! (TS 23.038 §6.1.2.3).
//!
//! Seven bits left over at the end would read as `@`, so they hold a carriage return; a text that
//! ends with one of its own at the end of an octet gets another.

use super::{PduError, Shift, gsm7};

const RETURN: u8 = 0x0D;

/// The octets of a text.
///
/// # Errors
/// A letter that the alphabet does not have.
pub fn pack_text(text: &str) -> Result<Vec<u8>, PduError> {
    let mut septets = gsm7::septets(text, Shift::NONE)?;
    let ends_an_octet = septets.len().is_multiple_of(8) && septets.last() == Some(&RETURN);
    if septets.len() % 8 == 7 || ends_an_octet {
        septets.push(RETURN);
    }
    Ok(gsm7::pack(&septets, 0))
}

/// The text of octets.
pub fn unpack_text(octets: &[u8]) -> String {
    let mut septets = gsm7::unpack(octets, 0, octets.len() * 8 / 7);
    let filled = septets.len().is_multiple_of(8) && septets.ends_with(&[RETURN]);
    let doubled = septets.len() % 8 == 1 && septets.ends_with(&[RETURN, RETURN]);
    if filled || doubled {
        septets.pop();
    }
    gsm7::text(&septets, Shift::NONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdu::hex;

    #[test]
    fn texts_of_every_length_come_back_without_a_letter_more() {
        for length in 0..40 {
            for last in ["", "\r", "@"] {
                let text = format!("{}{last}", "7".repeat(length));
                let octets = pack_text(&text).expect("digits");
                assert_eq!(unpack_text(&octets), text, "{length} and {last:?}");
            }
        }
    }

    #[test]
    fn a_balance_request_is_packed_as_networks_want_it() {
        for (text, packed) in [("*100#", "AA180C3602"), ("*124*1#", "AA984CA68ACA08")] {
            let octets = pack_text(text).expect("a request");
            assert_eq!(unpack_text(&octets), text, "{packed}");
            assert_eq!(octets.len(), hex::decode(packed).expect("hex").len(), "{text}");
        }
        assert_eq!(hex::encode(&pack_text("*100#").expect("a request")), "AA180C3602");
        assert_eq!(pack_text("ɛ"), Err(PduError::NotInAlphabet('ɛ')));
    }
}
