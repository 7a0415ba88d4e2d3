//! Octets as hexadecimal digits, the form in which modems list and take PDUs.

use std::fmt::Write;

/// Why a text is not a row of octets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HexError {
    /// Half an octet is missing.
    #[error("odd number of hex digits ({0}): a digit was lost or added on the way")]
    Odd(usize),
    /// Something else than 0-9, A-F, a-f.
    #[error("{found:?} at position {position} is not a hex digit")]
    Digit {
        /// The character found.
        found: char,
        /// Its place in the text, from 0, in characters.
        position: usize,
    },
}

/// Reads hexadecimal digits of either case; white space around them is ignored.
///
/// # Errors
/// An odd number of digits, or anything that is not a digit.
pub fn decode(text: &str) -> Result<Vec<u8>, HexError> {
    let nibbles = text.trim().chars().enumerate().map(|(position, found)| {
        let digit = found.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        digit.ok_or(HexError::Digit { found, position })
    });
    let nibbles = nibbles.collect::<Result<Vec<u8>, _>>()?;
    if nibbles.len() % 2 == 1 {
        return Err(HexError::Odd(nibbles.len()));
    }
    Ok(nibbles.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Writes octets as upper-case hexadecimal digits.
pub fn encode(octets: &[u8]) -> String {
    octets.iter().fold(String::with_capacity(octets.len() * 2), |mut text, octet| {
        write!(text, "{octet:02X}").expect("writing to a String does not fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_both_cases_are_octets() {
        assert_eq!(decode(" 00aF7e\r\n"), Ok(vec![0x00, 0xAF, 0x7E]));
        assert_eq!(encode(&[0x00, 0xAF, 0x7E]), "00AF7E");
    }

    #[test]
    fn a_lost_digit_and_a_stray_letter_are_told_apart() {
        assert_eq!(decode("07919"), Err(HexError::Odd(5)));
        assert_eq!(decode("07x1"), Err(HexError::Digit { found: 'x', position: 2 }));
    }
}
