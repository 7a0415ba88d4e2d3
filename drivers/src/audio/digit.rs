//! A key of a telephone: ten numbers, star, hash, and the four letters of the fourth column.
//!
//! It says which key, not how it came: a tone in the sound and a report of the modem make the same
//! digit ([`super::presses`] puts the two together).

use std::fmt;

/// The keys, row by row as they stand on a telephone with all sixteen.
const KEYS: [[char; 4]; 4] =
    [['1', '2', '3', 'A'], ['4', '5', '6', 'B'], ['7', '8', '9', 'C'], ['*', '0', '#', 'D']];

/// A key that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digit(char);

impl Digit {
    /// `#`, which ends what is typed where nothing else does.
    pub const HASH: Digit = Digit('#');

    /// The key with this sign; letters of the fourth column in either case.
    pub fn new(sign: char) -> Option<Digit> {
        let sign = sign.to_ascii_uppercase();
        KEYS.as_flattened().contains(&sign).then_some(Digit(sign))
    }

    /// The key in a row and a column, both counted from 0; none outside the sixteen.
    pub fn at(row: usize, column: usize) -> Option<Digit> {
        Some(Digit(*KEYS.get(row)?.get(column)?))
    }

    /// Whether it is one of the fourth column, `A` to `D`, which few telephones have.
    pub fn is_letter(self) -> bool {
        self.0.is_ascii_alphabetic()
    }

    /// Its sign.
    pub fn sign(self) -> char {
        self.0
    }
}

impl fmt::Display for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
