//! The GSM 7-bit alphabet with its extension table, and septets in octets
//! (TS 23.038 §6.1.2.1, §6.2.1). The tables of national languages stand in `national`; here is
//! what septets mean with them and without.

use super::PduError;
use super::national::{self, NationalLanguage, Shift};

/// The septet that announces a letter of the extension table.
pub(super) const ESCAPE: u8 = 0x1B;

/// The default alphabet by septet. The place of [`ESCAPE`] holds U+001B, which is no letter.
#[rustfmt::skip]
const BASIC: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å',
    'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', '\u{1B}', 'Æ', 'æ', 'ß', 'É',
    ' ', '!', '"', '#', '¤', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?',
    '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§',
    '¿', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä', 'ö', 'ñ', 'ü', 'à',
];

/// The extension table: septet after the escape, letter.
const EXTENSION: [(u8, char); 10] = [
    (0x0A, '\u{0C}'),
    (0x14, '^'),
    (0x28, '{'),
    (0x29, '}'),
    (0x2F, '\\'),
    (0x3C, '['),
    (0x3D, '~'),
    (0x3E, ']'),
    (0x40, '|'),
    (0x65, '€'),
];

/// A letter's septets: one, or the escape and one. A letter that stands in both tables goes
/// without the escape.
pub(super) fn letter(letter: char, shift: Shift) -> Option<Letter> {
    if letter == '\u{1B}' {
        return None;
    }
    let place = match shift.locking.and_then(national::alphabet) {
        Some(table) => table.iter().position(|known| *known == Some(letter)),
        None => BASIC.iter().position(|known| *known == letter),
    };
    if let Some(septet) = place.and_then(|place| u8::try_from(place).ok()) {
        return Some(Letter::Basic(septet));
    }
    let place = match shift.single.and_then(national::extension) {
        Some(table) => table.iter().position(|known| *known == Some(letter)),
        None => {
            EXTENSION.iter().find(|(_, known)| *known == letter).map(|(at, _)| usize::from(*at))
        }
    };
    place.and_then(|place| u8::try_from(place).ok()).map(Letter::Extended)
}

/// Where a letter stands.
pub(super) enum Letter {
    /// In the alphabet.
    Basic(u8),
    /// In the extension table: the escape goes before it.
    Extended(u8),
}

impl Letter {
    fn push(self, septets: &mut Vec<u8>) {
        match self {
            Self::Basic(septet) => septets.push(septet),
            Self::Extended(septet) => septets.extend([ESCAPE, septet]),
        }
    }
}

/// The septets of a text.
pub(super) fn septets(text: &str, shift: Shift) -> Result<Vec<u8>, PduError> {
    let mut septets = Vec::with_capacity(text.len());
    for c in text.chars() {
        letter(c, shift).ok_or(PduError::NotInAlphabet(c))?.push(&mut septets);
    }
    Ok(septets)
}

/// The septets of a text, with a question mark for what the alphabet does not have.
pub(super) fn septets_lossy(text: &str) -> Vec<u8> {
    let mut septets = Vec::with_capacity(text.len());
    for c in text.chars() {
        letter(c, Shift::NONE).unwrap_or(Letter::Basic(b'?')).push(&mut septets);
    }
    septets
}

/// The text of septets. An escape before a septet that the extension table does not have gives
/// the letter of the alphabet; an escape at the end or before an escape is a space, and so is a
/// place that a national alphabet leaves empty (TS 23.038 §6.2.1, notes 1 and 3).
pub(super) fn text(septets: &[u8], shift: Shift) -> String {
    let mut text = String::with_capacity(septets.len());
    let mut septets = septets.iter().map(|septet| septet & 0x7F);
    while let Some(septet) = septets.next() {
        if septet != ESCAPE {
            text.push(basic(septet, shift.locking));
            continue;
        }
        text.push(match septets.next() {
            Some(ESCAPE) | None => ' ',
            Some(after) => extended(after, shift),
        });
    }
    text
}

fn basic(septet: u8, locking: Option<NationalLanguage>) -> char {
    match locking.and_then(national::alphabet) {
        Some(table) => table[usize::from(septet)].unwrap_or(' '),
        None => BASIC[usize::from(septet)],
    }
}

fn extended(septet: u8, shift: Shift) -> char {
    let found = match shift.single.and_then(national::extension) {
        Some(table) => table[usize::from(septet)],
        None => EXTENSION.iter().find(|(known, _)| *known == septet).map(|(_, letter)| *letter),
    };
    found.unwrap_or_else(|| basic(septet, shift.locking))
}

/// Septets one after the other, lowest bit first, after `fill_bits` zero bits.
pub(super) fn pack(septets: &[u8], fill_bits: usize) -> Vec<u8> {
    let mut octets = vec![0; (fill_bits + septets.len() * 7).div_ceil(8)];
    for (index, septet) in septets.iter().enumerate() {
        let bit = fill_bits + index * 7;
        let shifted = u16::from(septet & 0x7F) << (bit % 8);
        let [low, high] = shifted.to_le_bytes();
        octets[bit / 8] |= low;
        if high != 0 {
            octets[bit / 8 + 1] |= high;
        }
    }
    octets
}

/// The first `count` septets after `fill_bits`, or as many as the octets hold.
pub(super) fn unpack(octets: &[u8], fill_bits: usize, count: usize) -> Vec<u8> {
    let held = (octets.len() * 8).saturating_sub(fill_bits) / 7;
    let septet = |index: usize| {
        let bit = fill_bits + index * 7;
        let next = octets.get(bit / 8 + 1).copied().unwrap_or(0);
        let both = u16::from_le_bytes([octets[bit / 8], next]);
        (both >> (bit % 8)).to_le_bytes()[0] & 0x7F
    };
    (0..count.min(held)).map(septet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_their_septets() {
        for (text, expected) in [
            ("@", vec![0x00]),
            ("Az", vec![0x41, 0x7A]),
            ("é ü", vec![0x05, 0x20, 0x7E]),
            ("Ω\n", vec![0x15, 0x0A]),
            ("€", vec![0x1B, 0x65]),
            ("[]", vec![0x1B, 0x3C, 0x1B, 0x3E]),
        ] {
            assert_eq!(septets(text, Shift::NONE), Ok(expected.clone()), "{text}");
            assert_eq!(super::text(&expected, Shift::NONE), text);
        }
    }

    #[test]
    fn every_septet_is_a_letter_that_has_this_septet() {
        for septet in (0..128).filter(|septet| *septet != ESCAPE) {
            assert_eq!(septets(&text(&[septet], Shift::NONE), Shift::NONE), Ok(vec![septet]));
        }
        for (septet, letter) in EXTENSION {
            assert_eq!(text(&[ESCAPE, septet], Shift::NONE), letter.to_string());
        }
    }

    #[test]
    fn letters_outside_the_alphabet_are_named() {
        for letter in ['ç', '’', 'ɛ', '\u{1B}', '😀'] {
            assert_eq!(
                septets(&format!("a{letter}"), Shift::NONE),
                Err(PduError::NotInAlphabet(letter))
            );
        }
        assert_eq!(septets_lossy("a’b"), [b'a', b'?', b'b']);
    }

    #[test]
    fn an_escape_without_a_letter_of_its_own_loses_nothing_else() {
        for (septets, expected) in [
            (&[b'a', ESCAPE][..], "a "),
            (&[b'a', ESCAPE, ESCAPE, b'b'], "a b"),
            (&[b'a', ESCAPE, b'b'], "ab"),
        ] {
            assert_eq!(text(septets, Shift::NONE), expected, "{septets:02X?}");
        }
    }

    #[test]
    fn a_language_has_letters_of_its_own() {
        let portuguese = Some(NationalLanguage::Portuguese);
        let single = Shift { locking: None, single: portuguese };
        let both = Shift { locking: portuguese, single: portuguese };
        assert_eq!(septets("ê", Shift::NONE), Err(PduError::NotInAlphabet('ê')));
        assert_eq!(septets("aê", single), Ok(vec![b'a', ESCAPE, 0x05]));
        assert_eq!(septets("aê", both), Ok(vec![b'a', 0x04]));
        assert_eq!((text(&[ESCAPE, 0x05], single), text(&[0x04], both)), ("ê".into(), "ê".into()));
    }

    #[test]
    fn a_place_that_an_alphabet_leaves_empty_is_a_space_and_nothing_is_lost() {
        let tamil = Shift { locking: Some(NationalLanguage::Tamil), single: None };
        assert_eq!(text(&[0x00, b'a', 0x0B], tamil), " a ");
        for language in NationalLanguage::ALL {
            for (locking, single) in [(None, Some(language)), (Some(language), Some(language))] {
                let shift = Shift { locking, single };
                let all: Vec<u8> = (0..128).flat_map(|septet| [ESCAPE, septet, septet]).collect();
                let read = text(&all, shift);
                let again = septets(&read, shift).map(|septets| text(&septets, shift));
                let told = read.replace('\u{1B}', " ");
                assert!(again.is_ok_and(|again| again == told), "{language:?}");
            }
        }
    }

    #[test]
    fn septets_are_packed_lowest_bit_first_after_any_fill() {
        for (fill_bits, expected) in
            [(0, &[0xF9, 0xF2, 0x1C][..]), (1, &[0xF2, 0xE5, 0x39]), (6, &[0x40, 0xBE, 0x3C, 0x07])]
        {
            let packed = pack(b"yes", fill_bits);
            assert_eq!(packed, expected, "{fill_bits} fill bits");
            assert_eq!(unpack(&packed, fill_bits, 3), b"yes");
        }
        assert_eq!(pack(b"12345678", 0), [0x31, 0xD9, 0x8C, 0x56, 0xB3, 0xDD, 0x70]);
    }

    #[test]
    fn no_more_septets_are_read_than_the_octets_hold() {
        assert_eq!(unpack(&[0xF9, 0xF2], 0, 160), [b'y', b'e']);
        assert_eq!(unpack(&[], 3, 5), []);
    }
}
