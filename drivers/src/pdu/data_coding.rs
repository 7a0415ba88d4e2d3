//! The data coding scheme: alphabet, class and compression in one octet (TS 23.038 §4).

/// The octet as it is; every value has a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DataCoding(pub u8);

/// What the units of user data are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alphabet {
    /// Septets of the GSM 7-bit default alphabet and its extension table.
    Gsm7,
    /// Octets that mean something to a program.
    EightBit,
    /// 16-bit units, read as UTF-16.
    Ucs2,
}

impl DataCoding {
    /// GSM 7-bit text without a class.
    pub const GSM7: Self = Self(0x00);
    /// 8-bit data without a class.
    pub const EIGHT_BIT: Self = Self(0x04);
    /// UCS-2 text without a class.
    pub const UCS2: Self = Self(0x08);

    /// The alphabet. Reserved values are to be read as GSM 7-bit (TS 23.038 §4).
    pub fn alphabet(self) -> Alphabet {
        match self.0 >> 4 {
            0x0..=0x7 => match (self.0 >> 2) & 0b11 {
                0b01 => Alphabet::EightBit,
                0b10 => Alphabet::Ucs2,
                _ => Alphabet::Gsm7,
            },
            0xE => Alphabet::Ucs2,
            0xF if self.0 & 0b100 != 0 => Alphabet::EightBit,
            _ => Alphabet::Gsm7,
        }
    }

    /// The message class, 0 to 3; class 0 is shown at once and not kept.
    pub fn class(self) -> Option<u8> {
        let has_class = match self.0 >> 4 {
            0x0..=0x7 => self.0 & 0x10 != 0,
            0xF => true,
            _ => false,
        };
        has_class.then_some(self.0 & 0b11)
    }

    /// Whether the user data is compressed (TS 23.042), which nobody does; it is not read.
    pub fn is_compressed(self) -> bool {
        self.0 & 0xA0 == 0x20
    }
}

impl From<Alphabet> for DataCoding {
    fn from(alphabet: Alphabet) -> Self {
        match alphabet {
            Alphabet::Gsm7 => Self::GSM7,
            Alphabet::EightBit => Self::EIGHT_BIT,
            Alphabet::Ucs2 => Self::UCS2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coding_groups_have_their_alphabets_and_classes() {
        for (octet, alphabet, class) in [
            (0x00, Alphabet::Gsm7, None),
            (0x04, Alphabet::EightBit, None),
            (0x08, Alphabet::Ucs2, None),
            (0x0C, Alphabet::Gsm7, None),
            (0x01, Alphabet::Gsm7, None),
            (0x10, Alphabet::Gsm7, Some(0)),
            (0x19, Alphabet::Ucs2, Some(1)),
            (0x48, Alphabet::Ucs2, None),
            (0x80, Alphabet::Gsm7, None),
            (0xC8, Alphabet::Gsm7, None),
            (0xD0, Alphabet::Gsm7, None),
            (0xE0, Alphabet::Ucs2, None),
            (0xF0, Alphabet::Gsm7, Some(0)),
            (0xF1, Alphabet::Gsm7, Some(1)),
            (0xF6, Alphabet::EightBit, Some(2)),
        ] {
            let coding = DataCoding(octet);
            assert_eq!((coding.alphabet(), coding.class()), (alphabet, class), "{octet:02X}");
        }
    }

    #[test]
    fn only_the_general_groups_know_compression() {
        for octet in 0..=u8::MAX {
            let expected = matches!(octet, 0x20..=0x3F | 0x60..=0x7F);
            assert_eq!(DataCoding(octet).is_compressed(), expected, "{octet:02X}");
        }
    }

    #[test]
    fn what_we_write_for_an_alphabet_is_read_as_that_alphabet() {
        for alphabet in [Alphabet::Gsm7, Alphabet::EightBit, Alphabet::Ucs2] {
            assert_eq!(DataCoding::from(alphabet).alphabet(), alphabet);
        }
    }
}
