//! A text cut into what fits short messages, and what that costs.
//!
//! GSM 7-bit if it has every letter of the text, else UCS-2: 160 septets or 70 units in one
//! message, 153 or 67 in each of several. Where the far side is known to have a national table,
//! a text whose letters it has need not become UCS-2. An escape and its letter, and the halves of
//! a surrogate pair, stay together. Used for sending, and by the check of flows, which shows what
//! a text costs.

use super::user_data::CAPACITY;
use super::{
    Alphabet, DataCoding, NationalLanguage, Part, PduError, ReferenceWidth, Shift, UserData, gsm7,
};

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
    split_for(text, reference, width, &[])
}

/// Like [`split`], for a phone that knows the tables of these languages: the tables that make
/// the text cheapest are used. A phone that does not know them shows other letters.
///
/// # Errors
/// A text that takes more than 255 messages.
pub fn split_for(
    text: &str,
    reference: u16,
    width: ReferenceWidth,
    known: &[NationalLanguage],
) -> Result<Vec<Piece>, TextTooLong> {
    Way::cheapest(text, width, known).pieces(text, reference, width)
}

/// Like [`split`], in GSM 7-bit with just these tables.
///
/// # Errors
/// A letter that they do not have; a text that takes more than 255 messages.
pub fn split_with(
    text: &str,
    reference: u16,
    width: ReferenceWidth,
    shift: Shift,
) -> Result<Vec<Piece>, PduError> {
    gsm7::septets(text, shift)?;
    Ok(Way { alphabet: Alphabet::Gsm7, shift }.pieces(text, reference, width)?)
}

/// What a text costs, with 8-bit references.
pub fn count_segments(text: &str) -> SegmentCount {
    count_segments_for(text, &[])
}

/// What a text costs for a phone that knows the tables of these languages.
pub fn count_segments_for(text: &str, known: &[NationalLanguage]) -> SegmentCount {
    let width = ReferenceWidth::Eight;
    let way = Way::cheapest(text, width, known);
    let cuts = way.cut(text, width);
    let unit_limit = if cuts.len() == 1 { way.single_limit() } else { way.part_limit(width) };
    let in_last = cuts.last().map_or(0, |last| way.units(last));
    SegmentCount {
        alphabet: way.alphabet,
        segments: cuts.len(),
        units: way.units(text),
        unit_limit,
        remaining: unit_limit - in_last,
    }
}

/// The letters that the GSM 7-bit alphabet does not have, each once, in the order of the text:
/// one of them more than halves what a message carries.
pub fn forces_ucs2(text: &str) -> Vec<char> {
    let mut letters = Vec::new();
    for letter in text.chars().filter(|letter| gsm7::letter(*letter, Shift::NONE).is_none()) {
        if !letters.contains(&letter) {
            letters.push(letter);
        }
    }
    letters
}

/// How a text is written: the alphabet and, in GSM 7-bit, its tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Way {
    alphabet: Alphabet,
    shift: Shift,
}

impl Way {
    const PLAIN: Way = Way { alphabet: Alphabet::Gsm7, shift: Shift::NONE };
    const UCS2: Way = Way { alphabet: Alphabet::Ucs2, shift: Shift::NONE };

    /// The default alphabet where it has every letter, for every phone knows it; else the way
    /// that takes the fewest messages, and of these the fewest octets.
    fn cheapest(text: &str, width: ReferenceWidth, known: &[NationalLanguage]) -> Way {
        if Way::PLAIN.can_write(text) {
            return Way::PLAIN;
        }
        let shifts = known.iter().flat_map(|language| shifts(*language));
        let national = shifts.map(|shift| Way { alphabet: Alphabet::Gsm7, shift });
        let able = national.filter(|way| way.can_write(text));
        let cost = |way: &Way| (way.cut(text, width).len(), way.octets(text));
        able.chain([Way::UCS2]).min_by_key(cost).unwrap_or(Way::UCS2)
    }

    fn can_write(self, text: &str) -> bool {
        match self.alphabet {
            Alphabet::Gsm7 => text.chars().all(|letter| gsm7::letter(letter, self.shift).is_some()),
            Alphabet::EightBit | Alphabet::Ucs2 => true,
        }
    }

    fn pieces(
        self,
        text: &str,
        reference: u16,
        width: ReferenceWidth,
    ) -> Result<Vec<Piece>, TextTooLong> {
        let cuts = self.cut(text, width);
        let total = u8::try_from(cuts.len()).map_err(|_| TextTooLong { segments: cuts.len() })?;
        let reference = match width {
            ReferenceWidth::Eight => reference & 0xFF,
            ReferenceWidth::Sixteen => reference,
        };
        let piece = |(number, text): (u8, &str)| {
            let part = (total > 1).then_some(Part { reference, width, total, number });
            let header = part.map(Part::element).into_iter().chain(self.shift.elements()).collect();
            let data = UserData::from_text(text, self.alphabet, header);
            Piece {
                coding: self.alphabet.into(),
                part,
                text: text.to_owned(),
                units: self.units(text),
                data: data.expect("a piece is cut to fit, in an alphabet that has its letters"),
            }
        };
        Ok((1..=total).zip(cuts).map(piece).collect())
    }

    /// The text in slices that fit; at least one.
    fn cut(self, text: &str, width: ReferenceWidth) -> Vec<&str> {
        if self.units(text) <= self.single_limit() {
            return vec![text];
        }
        let limit = self.part_limit(width);
        let mut cuts = Vec::new();
        let (mut start, mut held) = (0, 0);
        for (place, letter) in text.char_indices() {
            let size = self.letter_units(letter);
            if held + size > limit {
                cuts.push(&text[start..place]);
                (start, held) = (place, 0);
            }
            held += size;
        }
        cuts.push(&text[start..]);
        cuts
    }

    fn single_limit(self) -> usize {
        self.capacity(0)
    }

    fn part_limit(self, width: ReferenceWidth) -> usize {
        self.capacity(match width {
            ReferenceWidth::Eight => 5,
            ReferenceWidth::Sixteen => 6,
        })
    }

    /// Units that fit beside the tables' elements and others of so many octets.
    fn capacity(self, other_elements: usize) -> usize {
        let elements = other_elements + self.shift.header_len();
        // The length octet stands before the elements, where there are any.
        let header_len = elements + usize::from(elements > 0);
        match self.alphabet {
            Alphabet::Gsm7 => (CAPACITY - header_len) * 8 / 7,
            Alphabet::EightBit => CAPACITY - header_len,
            Alphabet::Ucs2 => (CAPACITY - header_len) / 2,
        }
    }

    fn units(self, text: &str) -> usize {
        text.chars().map(|letter| self.letter_units(letter)).sum()
    }

    /// Octets of the text in one message without a limit, to compare ways.
    fn octets(self, text: &str) -> usize {
        let units = self.units(text);
        let text = match self.alphabet {
            Alphabet::Gsm7 => (units * 7).div_ceil(8),
            Alphabet::EightBit => units,
            Alphabet::Ucs2 => units * 2,
        };
        text + self.shift.header_len()
    }

    fn letter_units(self, letter: char) -> usize {
        match self.alphabet {
            Alphabet::Gsm7 => match gsm7::letter(letter, self.shift) {
                Some(gsm7::Letter::Extended(_)) => 2,
                Some(gsm7::Letter::Basic(_)) | None => 1,
            },
            Alphabet::EightBit => letter.len_utf8(),
            Alphabet::Ucs2 => letter.len_utf16(),
        }
    }
}

/// The ways to use a language's tables: its extension table, its alphabet, both.
fn shifts(language: NationalLanguage) -> impl Iterator<Item = Shift> {
    let (locking, single) = (language.has_alphabet().then_some(language), Some(language));
    let with_alphabet = [Shift { locking, single: None }, Shift { locking, single }];
    let with_alphabet = with_alphabet.into_iter().filter(move |_| locking.is_some());
    [Shift { locking: None, single }].into_iter().chain(with_alphabet)
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
    fn a_national_table_is_used_where_it_is_known_and_makes_the_text_cheaper() {
        let french = "Combien de femmes enceintes avez-vous reçues au centre de santé ce mois-ci? \
                      Prêtes à accoucher: être précis s'il vous plaît."
            .to_owned();
        let known = [NationalLanguage::Portuguese, NationalLanguage::Turkish];
        assert_eq!(forces_ucs2(&french), ['ç', 'ê', 'î']);
        assert_eq!(count_segments(&french).segments, 2);
        assert_eq!(count_segments_for(&french, &known).alphabet, Alphabet::Ucs2, "î is in neither");
        let french = french.replace('î', "i");
        let count = count_segments_for(&french, &known);
        assert_eq!((count.alphabet, count.segments), (Alphabet::Gsm7, 1));
        let pieces = split_for(&french, 7, ReferenceWidth::Eight, &known).expect("one piece");
        let portuguese = Some(NationalLanguage::Portuguese);
        assert_eq!(pieces[0].data.shift().locking.or(pieces[0].data.shift().single), portuguese);
        assert_eq!(pieces[0].data.text(), Some(french.as_str()));
    }

    #[test]
    fn what_the_default_alphabet_has_is_never_written_another_way() {
        let known = NationalLanguage::ALL;
        let pieces = split_for("Fever: 12 [€]", 7, ReferenceWidth::Eight, &known).expect("short");
        assert_eq!(pieces[0].data.shift(), Shift::NONE);
    }

    #[test]
    fn long_national_texts_are_cut_between_letters_and_carry_their_tables_in_each_part() {
        for language in NationalLanguage::ALL {
            let letters: String = ["{", "a", "€"].concat();
            let own = super::super::national::extension(language).expect("each has one");
            let own: String = own.iter().flatten().filter(|letter| **letter > '\u{7F}').collect();
            let text = format!("{letters}{own}").repeat(30);
            for width in [ReferenceWidth::Eight, ReferenceWidth::Sixteen] {
                let pieces = split_for(&text, 7, width, &[language]).expect("some pieces");
                let parts: Vec<UserData> = pieces.into_iter().map(|piece| piece.data).collect();
                let joined = crate::pdu::join(parts.iter()).expect("parts of one text");
                let whole = crate::pdu::Body::Text(text.clone());
                assert_eq!(joined, crate::pdu::Joined::Complete(whole), "{language:?}");
                let shifts: Vec<Shift> = parts.iter().map(UserData::shift).collect();
                assert!(shifts.iter().all(|shift| *shift == shifts[0]), "{language:?}");
            }
        }
    }

    #[test]
    fn the_letters_that_double_the_price_are_named_once() {
        assert_eq!(forces_ucs2("It’s ɛ, that’s €5"), ['’', 'ɛ']);
        assert_eq!(forces_ucs2("plain, à 5 €"), []);
    }
}
