//! A text cut into what fits short messages, and what that costs.
//!
//! GSM 7-bit if it has every letter of the text, else UCS-2: 160 septets or 70 units in one
//! message, 153 or 67 in each of several. An escape and its letter, and the halves of a surrogate
//! pair, stay together. Used for sending, and by the check of flows, which shows what a text costs.

use super::user_data::CAPACITY;
use super::{Alphabet, DataCoding, Part, ReferenceWidth, UserData, gsm7};

/// One message's worth of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// How the data is to be read.
    pub coding: DataCoding,
    /// Which part it is; none where one message is enough.
    pub part: Option<Part>,
    /// The text of this piece.
    pub text: String,
    /// Septets or 16-bit units of this piece.
    pub units: usize,
    /// What the message carries.
    pub data: UserData,
}

/// What a text costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentCount {
    /// GSM 7-bit or UCS-2.
    pub alphabet: Alphabet,
    /// Messages that the text takes.
    pub segments: usize,
    /// Septets or 16-bit units of the whole text.
    pub units: usize,
    /// Units that each of these messages carries.
    pub unit_limit: usize,
    /// Units still free in the last message.
    pub remaining: usize,
}

/// A text that takes more than 255 messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text takes {segments} messages; a long text has 255 at most")]
pub struct TextTooLong {
    /// Messages that it would take.
    pub segments: usize,
}

/// Cuts a text into pieces. `reference` ties the pieces together; of an 8-bit reference its low
/// octet counts. An empty text is one empty piece.
///
/// # Errors
/// A text that takes more than 255 messages.
pub fn split(text: &str, reference: u16, width: ReferenceWidth) -> Result<Vec<Piece>, TextTooLong> {
    let alphabet = alphabet_of(text);
    let cuts = cut(text, alphabet, width);
    let total = u8::try_from(cuts.len()).map_err(|_| TextTooLong { segments: cuts.len() })?;
    let reference = match width {
        ReferenceWidth::Eight => reference & 0xFF,
        ReferenceWidth::Sixteen => reference,
    };
    let piece = |(number, text): (u8, &str)| {
        let part = (total > 1).then_some(Part { reference, width, total, number });
        let header = part.map(Part::element).into_iter().collect();
        let data = UserData::from_text(text, alphabet, header);
        Piece {
            coding: alphabet.into(),
            part,
            text: text.to_owned(),
            units: units(text, alphabet),
            data: data.expect("a piece is cut to fit, in an alphabet that has its letters"),
        }
    };
    Ok((1..=total).zip(cuts).map(piece).collect())
}

/// What a text costs, with 8-bit references.
pub fn count_segments(text: &str) -> SegmentCount {
    let alphabet = alphabet_of(text);
    let cuts = cut(text, alphabet, ReferenceWidth::Eight);
    let unit_limit = if cuts.len() == 1 {
        single_limit(alphabet)
    } else {
        part_limit(alphabet, ReferenceWidth::Eight)
    };
    let in_last = cuts.last().map_or(0, |last| units(last, alphabet));
    SegmentCount {
        alphabet,
        segments: cuts.len(),
        units: units(text, alphabet),
        unit_limit,
        remaining: unit_limit - in_last,
    }
}

/// The letters that the GSM 7-bit alphabet does not have, each once, in the order of the text:
/// one of them more than halves what a message carries.
pub fn forces_ucs2(text: &str) -> Vec<char> {
    let mut letters = Vec::new();
    for letter in text.chars().filter(|letter| gsm7::letter(*letter).is_none()) {
        if !letters.contains(&letter) {
            letters.push(letter);
        }
    }
    letters
}

fn alphabet_of(text: &str) -> Alphabet {
    let fits = text.chars().all(|letter| gsm7::letter(letter).is_some());
    if fits { Alphabet::Gsm7 } else { Alphabet::Ucs2 }
}

/// The text in slices that fit; at least one.
fn cut(text: &str, alphabet: Alphabet, width: ReferenceWidth) -> Vec<&str> {
    if units(text, alphabet) <= single_limit(alphabet) {
        return vec![text];
    }
    let limit = part_limit(alphabet, width);
    let mut cuts = Vec::new();
    let (mut start, mut held) = (0, 0);
    for (place, letter) in text.char_indices() {
        let size = letter_units(letter, alphabet);
        if held + size > limit {
            cuts.push(&text[start..place]);
            (start, held) = (place, 0);
        }
        held += size;
    }
    cuts.push(&text[start..]);
    cuts
}

fn single_limit(alphabet: Alphabet) -> usize {
    capacity(alphabet, 0)
}

fn part_limit(alphabet: Alphabet, width: ReferenceWidth) -> usize {
    let header = match width {
        ReferenceWidth::Eight => 6,
        ReferenceWidth::Sixteen => 7,
    };
    capacity(alphabet, header)
}

/// Units that fit after a header of so many octets.
fn capacity(alphabet: Alphabet, header_len: usize) -> usize {
    match alphabet {
        Alphabet::Gsm7 => (CAPACITY - header_len) * 8 / 7,
        Alphabet::EightBit => CAPACITY - header_len,
        Alphabet::Ucs2 => (CAPACITY - header_len) / 2,
    }
}

fn units(text: &str, alphabet: Alphabet) -> usize {
    text.chars().map(|letter| letter_units(letter, alphabet)).sum()
}

fn letter_units(letter: char, alphabet: Alphabet) -> usize {
    match alphabet {
        Alphabet::Gsm7 => match gsm7::letter(letter) {
            Some(gsm7::Letter::Extended(_)) => 2,
            Some(gsm7::Letter::Basic(_)) | None => 1,
        },
        Alphabet::EightBit => letter.len_utf8(),
        Alphabet::Ucs2 => letter.len_utf16(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(text: &str) -> (Alphabet, usize, usize, usize) {
        let count = count_segments(text);
        (count.alphabet, count.segments, count.units, count.remaining)
    }

    #[test]
    fn a_text_costs_what_its_letters_cost() {
        for (text, expected) in [
            (String::new(), (Alphabet::Gsm7, 1, 0, 160)),
            ("a".repeat(160), (Alphabet::Gsm7, 1, 160, 0)),
            ("a".repeat(161), (Alphabet::Gsm7, 2, 161, 145)),
            ("€".repeat(80), (Alphabet::Gsm7, 1, 160, 0)),
            (format!("{}€", "a".repeat(159)), (Alphabet::Gsm7, 2, 161, 145)),
            ("ɛ".repeat(70), (Alphabet::Ucs2, 1, 70, 0)),
            ("ɛ".repeat(71), (Alphabet::Ucs2, 2, 71, 63)),
            ("😀".repeat(36), (Alphabet::Ucs2, 2, 72, 61)),
        ] {
            assert_eq!(counts(&text), expected, "{text}");
        }
    }

    #[test]
    fn an_escape_stays_with_its_letter() {
        let text = format!("{}€{}", "a".repeat(152), "b".repeat(20));
        let pieces = split(&text, 7, ReferenceWidth::Eight).expect("two pieces");
        let texts: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(texts, ["a".repeat(152), format!("€{}", "b".repeat(20))]);
        assert_eq!(pieces[0].units, 152);
    }

    #[test]
    fn a_surrogate_pair_stays_together() {
        let text = format!("{}😀ɛɛɛɛ", "ɛ".repeat(66));
        let pieces = split(&text, 7, ReferenceWidth::Eight).expect("two pieces");
        assert_eq!(pieces[0].text, "ɛ".repeat(66));
        assert_eq!(pieces[1].text, "😀ɛɛɛɛ");
    }

    #[test]
    fn pieces_say_which_part_they_are() {
        let pieces = split(&"a".repeat(400), 0x1FF, ReferenceWidth::Eight).expect("three pieces");
        let parts: Vec<Option<Part>> = pieces.iter().map(|piece| piece.part).collect();
        let part =
            |number| Some(Part { reference: 0xFF, width: ReferenceWidth::Eight, total: 3, number });
        assert_eq!(parts, [part(1), part(2), part(3)]);
        assert!(pieces.iter().all(|piece| piece.data.part() == piece.part));
        let one = split("yes", 9, ReferenceWidth::Eight).expect("one piece");
        assert_eq!((one.len(), one[0].part, one[0].coding), (1, None, DataCoding::GSM7));
    }

    #[test]
    fn a_wide_reference_leaves_less_room() {
        let lengths = |text: &str| {
            let pieces = split(text, 0x1FF, ReferenceWidth::Sixteen).expect("two pieces");
            pieces.iter().map(|piece| piece.units).collect::<Vec<usize>>()
        };
        assert_eq!(lengths(&"a".repeat(161)), [152, 9]);
        assert_eq!(lengths(&"ɛ".repeat(71)), [66, 5]);
    }

    #[test]
    fn more_than_255_pieces_are_refused() {
        let most = "a".repeat(255 * 153);
        assert_eq!(split(&most, 0, ReferenceWidth::Eight).map(|pieces| pieces.len()), Ok(255));
        let more = format!("{most}a");
        assert_eq!(split(&more, 0, ReferenceWidth::Eight), Err(TextTooLong { segments: 256 }));
    }

    #[test]
    fn the_letters_that_double_the_price_are_named_once() {
        assert_eq!(forces_ucs2("It’s ɛ, that’s €5"), ['’', 'ɛ']);
        assert_eq!(forces_ucs2("plain, à 5 €"), []);
    }
}
