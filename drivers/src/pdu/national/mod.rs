//! National languages in GSM 7-bit text: tables that take the place of the default alphabet or of
//! its extension table, announced in the header of the user data (TS 23.038 §6.2.1.2, annex A;
//! TS 23.040 §9.2.3.24.15, §9.2.3.24.16).
//!
//! The tables are text files beside this one, laid out as in the standard, whose slips (Kannada
//! 24, Malayalam 2E) are put right. What septets mean is `gsm7`'s.

use super::user_data::InformationElement;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The element that names the language of the extension table.
const SINGLE_SHIFT: u8 = 0x24;
/// The element that names the language of the alphabet itself.
const LOCKING_SHIFT: u8 = 0x25;

/// A language that has a table of its own (TS 23.038 §6.2.1.2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum NationalLanguage {
    /// ğ ı ş.
    Turkish = 1,
    /// á í ó ú; it has an extension table only.
    Spanish = 2,
    /// ã õ ç ê, and so most of French.
    Portuguese = 3,
    /// Bengali.
    Bengali = 4,
    /// Gujarati.
    Gujarati = 5,
    /// Hindi, in Devanagari.
    Hindi = 6,
    /// Kannada.
    Kannada = 7,
    /// Malayalam.
    Malayalam = 8,
    /// Oriya.
    Oriya = 9,
    /// Punjabi, in Gurmukhi.
    Punjabi = 10,
    /// Tamil.
    Tamil = 11,
    /// Telugu.
    Telugu = 12,
    /// Urdu.
    Urdu = 13,
}

impl NationalLanguage {
    /// All of them, by identifier.
    pub const ALL: [Self; 13] = [
        Self::Turkish,
        Self::Spanish,
        Self::Portuguese,
        Self::Bengali,
        Self::Gujarati,
        Self::Hindi,
        Self::Kannada,
        Self::Malayalam,
        Self::Oriya,
        Self::Punjabi,
        Self::Tamil,
        Self::Telugu,
        Self::Urdu,
    ];

    /// The language of an identifier; none for those that are reserved.
    pub fn from_identifier(identifier: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.identifier() == identifier)
    }

    /// The octet that names it.
    pub fn identifier(self) -> u8 {
        self as u8
    }

    /// Whether it has an alphabet of its own beside the extension table.
    pub fn has_alphabet(self) -> bool {
        LOCKING.contains_key(&self)
    }
}

/// Which tables a GSM 7-bit text uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shift {
    /// The language of the alphabet; none for the default alphabet.
    pub locking: Option<NationalLanguage>,
    /// The language of the extension table; none for the default one.
    pub single: Option<NationalLanguage>,
}

impl Shift {
    /// The default alphabet with its extension table.
    pub const NONE: Self = Self { locking: None, single: None };

    /// The tables that a header announces. A language that nobody knows is none, as the standard
    /// asks of who does not support it; of several elements the last counts.
    pub(super) fn of(header: &[InformationElement]) -> Self {
        let named = |id: u8| {
            let mut elements = header.iter().rev();
            let element = elements.find(|one| one.id == id && one.data.len() == 1)?;
            NationalLanguage::from_identifier(element.data[0])
        };
        let locking = named(LOCKING_SHIFT).filter(|language| language.has_alphabet());
        Self { locking, single: named(SINGLE_SHIFT) }
    }

    /// The elements that announce it.
    pub(super) fn elements(self) -> impl Iterator<Item = InformationElement> {
        let element = |id: u8, language: NationalLanguage| InformationElement {
            id,
            data: vec![language.identifier()],
        };
        let single = self.single.map(|language| element(SINGLE_SHIFT, language));
        single.into_iter().chain(self.locking.map(|language| element(LOCKING_SHIFT, language)))
    }

    /// Octets of its elements in a header.
    pub(super) fn header_len(self) -> usize {
        3 * (usize::from(self.locking.is_some()) + usize::from(self.single.is_some()))
    }
}

/// The letters of 128 septets; none where the standard leaves a place empty.
pub(super) type Letters = [Option<char>; 128];

static LOCKING: LazyLock<BTreeMap<NationalLanguage, Letters>> =
    LazyLock::new(|| tables(include_str!("locking.txt"), rows));
static SINGLE: LazyLock<BTreeMap<NationalLanguage, Letters>> =
    LazyLock::new(|| tables(include_str!("single.txt"), pairs));

/// The alphabet of a language, if it has one.
pub(super) fn alphabet(language: NationalLanguage) -> Option<&'static Letters> {
    LOCKING.get(&language)
}

/// The extension table of a language.
pub(super) fn extension(language: NationalLanguage) -> Option<&'static Letters> {
    SINGLE.get(&language)
}

fn tables(text: &str, read: fn(&mut Letters, &[&str])) -> BTreeMap<NationalLanguage, Letters> {
    let mut tables = BTreeMap::new();
    let mut lines = text.lines().filter(|line| !line.starts_with('#')).peekable();
    while let Some(head) = lines.next() {
        let is_head = |line: &&str| line.split(' ').nth(1).is_some_and(is_name);
        let mut words = Vec::new();
        while let Some(line) = lines.next_if(|line| !is_head(line)) {
            words.extend(line.split(' '));
        }
        let identifier = head.split(' ').next().and_then(|number| number.parse().ok());
        let Some(language) = identifier.and_then(NationalLanguage::from_identifier) else {
            continue;
        };
        let mut letters = [None; 128];
        read(&mut letters, &words);
        tables.insert(language, letters);
    }
    tables
}

fn is_name(word: &str) -> bool {
    word.chars().any(char::is_lowercase)
}

/// A code point for each septet, in order.
fn rows(letters: &mut Letters, words: &[&str]) {
    for (place, word) in letters.iter_mut().zip(words) {
        *place = letter(word);
    }
}

/// `septet:code point`, as many as there are.
fn pairs(letters: &mut Letters, words: &[&str]) {
    for (septet, code) in words.iter().filter_map(|word| word.split_once(':')) {
        let place = usize::from_str_radix(septet, 16).ok().and_then(|at| letters.get_mut(at));
        if let Some(place) = place {
            *place = letter(code);
        }
    }
}

fn letter(code: &str) -> Option<char> {
    u32::from_str_radix(code, 16).ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdu::gsm7;

    #[test]
    fn every_language_has_its_tables_and_no_other() {
        for language in NationalLanguage::ALL {
            assert_eq!(NationalLanguage::from_identifier(language.identifier()), Some(language));
            let places = alphabet(language).map(|table| table.iter().flatten().count());
            let has_digits = alphabet(language).is_none_or(|table| table[0x39] == Some('9'));
            assert!(has_digits, "{language:?}");
            assert_eq!(places.is_none(), language == NationalLanguage::Spanish, "{language:?}");
            let more = extension(language).expect("each has one");
            assert_eq!((more[0x28], more[0x65]), (Some('{'), Some('€')), "{language:?}");
            assert_eq!(more[usize::from(gsm7::ESCAPE)], None, "the escape is no letter");
        }
        assert_eq!(NationalLanguage::from_identifier(0), None);
        assert_eq!(NationalLanguage::from_identifier(14), None);
    }

    #[test]
    fn slips_of_the_printed_standard_are_put_right() {
        let place = |language, septet: usize| alphabet(language).and_then(|table| table[septet]);
        assert_eq!(place(NationalLanguage::Kannada, 0x24), Some('\u{0CA1}'));
        assert_eq!(place(NationalLanguage::Malayalam, 0x2E), Some('.'));
    }

    #[test]
    fn a_letter_stands_in_one_place_of_an_alphabet() {
        for language in NationalLanguage::ALL {
            let Some(table) = alphabet(language) else { continue };
            let mut letters: Vec<char> = table.iter().flatten().copied().collect();
            let count = letters.len();
            letters.sort_unstable();
            letters.dedup();
            assert_eq!(letters.len(), count, "{language:?}");
        }
    }

    #[test]
    fn the_header_says_which_tables_and_unknown_ones_are_none() {
        let element = |id, data: &[u8]| InformationElement { id, data: data.to_vec() };
        let portuguese = Some(NationalLanguage::Portuguese);
        for (header, locking, single) in [
            (vec![], None, None),
            (vec![element(0x24, &[3])], None, portuguese),
            (vec![element(0x25, &[3]), element(0x24, &[3])], portuguese, portuguese),
            (vec![element(0x24, &[1]), element(0x24, &[3])], None, portuguese),
            (vec![element(0x25, &[2])], None, None),
            (vec![element(0x24, &[99]), element(0x25, &[3, 3])], None, None),
        ] {
            assert_eq!(Shift::of(&header), Shift { locking, single }, "{header:?}");
        }
        let both = Shift { locking: portuguese, single: portuguese };
        let elements: Vec<InformationElement> = both.elements().collect();
        assert_eq!((Shift::of(&elements), both.header_len()), (both, 6));
    }
}
