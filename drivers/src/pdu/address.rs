//! Addresses: phone numbers, short codes and the names that some senders have
//! (TS 23.040 §9.1.2.5).
//!
//! Numbers are semi-octets, names are GSM 7-bit letters counted in semi-octets, and the address
//! of a service centre is counted in octets. This does not know which numbers exist, nor masks
//! them: that is the application's.

use std::fmt;

use super::reader::Reader;
use super::{PduError, Shift, gsm7};

/// Who a message comes from or goes to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// A number, of a person or a short code.
    Number {
        /// `0`-`9`, and `*`, `#`, `a`, `b`, `c` where a network uses them; no plus sign.
        digits: String,
        /// How the digits are meant.
        plan: NumberPlan,
    },
    /// A name of eleven letters at most. It cannot be answered.
    Alphanumeric(String),
}

/// Type of number and numbering plan, the type-of-address octet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberPlan {
    /// Country code first: octet 0x91, written with a plus sign.
    International,
    /// Any other octet as it is; 0x81 (unknown) for short codes and national numbers.
    Other(u8),
}

impl NumberPlan {
    /// Unknown type, telephone numbering plan: what short codes have.
    pub const UNKNOWN: Self = Self::Other(0x81);

    fn from_octet(octet: u8) -> Self {
        if octet == 0x91 { Self::International } else { Self::Other(octet) }
    }

    fn octet(self) -> u8 {
        match self {
            Self::International => 0x91,
            Self::Other(octet) => octet,
        }
    }
}

/// Semi-octets that an address has at most: ten octets of value.
const MOST_SEMI_OCTETS: usize = 20;
const ALPHANUMERIC: u8 = 0xD0;
const DIGITS: &[u8; 15] = b"0123456789*#abc";

impl Address {
    /// Reads what a person or a settings file writes: `+231770000001`, `8080`, `MOH`.
    ///
    /// # Errors
    /// More than 20 digits, or a name that is empty, longer than eleven GSM letters or has
    /// letters outside the GSM 7-bit alphabet.
    pub fn parse(text: &str) -> Result<Self, PduError> {
        let text = text.trim();
        let digits = text.strip_prefix('+').unwrap_or(text);
        let is_number = !digits.is_empty()
            && digits.len() <= MOST_SEMI_OCTETS
            && digits.bytes().all(|c| c.is_ascii_digit() || c == b'*' || c == b'#');
        if is_number {
            let international = digits.len() != text.len();
            let plan = if international { NumberPlan::International } else { NumberPlan::UNKNOWN };
            return Ok(Self::Number { digits: digits.to_owned(), plan });
        }
        let fits = |septets: &Vec<u8>| !septets.is_empty() && septets.len() <= 11;
        let looks_like_a_name = text.chars().any(char::is_alphabetic);
        match gsm7::septets(text, Shift::NONE).ok().filter(fits) {
            Some(_) if looks_like_a_name => Ok(Self::Alphanumeric(text.to_owned())),
            Some(_) | None => Err(PduError::AddressText(text.to_owned())),
        }
    }

    /// The type-of-address octet.
    pub fn type_of_address(&self) -> u8 {
        match self {
            Self::Number { plan, .. } => plan.octet(),
            Self::Alphanumeric(_) => ALPHANUMERIC,
        }
    }

    /// Reads an address whose first octet counts semi-octets.
    pub(super) fn parse_octets(
        reader: &mut Reader<'_>,
        field: &'static str,
    ) -> Result<Self, PduError> {
        let semi_octets = usize::from(reader.octet(field)?);
        if semi_octets > MOST_SEMI_OCTETS {
            return Err(PduError::AddressLength { field, semi_octets });
        }
        let type_of_address = reader.octet(field)?;
        let value = reader.take(semi_octets.div_ceil(2), field)?;
        Ok(Self::from_value(type_of_address, value, semi_octets))
    }

    /// Reads a service-centre address, whose first octet counts octets (TS 27.005 §3.1).
    pub(super) fn parse_service_centre(reader: &mut Reader<'_>) -> Result<Option<Self>, PduError> {
        let field = "the service-centre address";
        let octets = reader.octet(field)?;
        let Some((type_of_address, value)) = reader.take(usize::from(octets), field)?.split_first()
        else {
            return Ok(None);
        };
        Ok(Some(Self::from_value(*type_of_address, value, value.len() * 2)))
    }

    fn from_value(type_of_address: u8, value: &[u8], semi_octets: usize) -> Self {
        if type_of_address & 0x70 == ALPHANUMERIC & 0x70 {
            return Self::Alphanumeric(name(value, semi_octets));
        }
        let nibbles = value.iter().flat_map(|octet| [octet & 0x0F, octet >> 4]);
        let digits = nibbles
            .take(semi_octets)
            .map_while(|nibble| DIGITS.get(usize::from(nibble)).copied().map(char::from));
        Self::Number { digits: digits.collect(), plan: NumberPlan::from_octet(type_of_address) }
    }

    /// Writes the address with its length in semi-octets in front.
    pub(super) fn emit(&self, out: &mut Vec<u8>) {
        let (semi_octets, value) = self.value();
        out.push(u8::try_from(semi_octets).expect("an address has 20 semi-octets at most"));
        out.push(self.type_of_address());
        out.extend(value);
    }

    /// Writes a service-centre address, or the `00` that means: the modem's own.
    pub(super) fn emit_service_centre(address: Option<&Self>, out: &mut Vec<u8>) {
        let Some(address) = address else {
            out.push(0);
            return;
        };
        let (_, value) = address.value();
        out.push(u8::try_from(value.len() + 1).expect("an address has 10 octets at most"));
        out.push(address.type_of_address());
        out.extend(value);
    }

    /// The value's length in semi-octets and its octets. What is too long is cut.
    fn value(&self) -> (usize, Vec<u8>) {
        match self {
            Self::Number { digits, .. } => {
                let mut nibbles = digits.bytes().filter_map(nibble).collect::<Vec<u8>>();
                nibbles.truncate(MOST_SEMI_OCTETS);
                let octets = nibbles
                    .chunks(2)
                    .map(|pair| pair.get(1).unwrap_or(&0x0F) << 4 | pair[0])
                    .collect();
                (nibbles.len(), octets)
            }
            Self::Alphanumeric(name) => {
                let mut septets = gsm7::septets_lossy(name);
                septets.truncate(11);
                let mut octets = gsm7::pack(&septets, 0);
                // An eighth `@` would be taken for filling (`name`), so the length is an odd one.
                if septets.len() == 8 && septets.ends_with(&[0]) {
                    octets.push(0);
                    return (15, octets);
                }
                ((septets.len() * 7).div_ceil(4), octets)
            }
        }
    }
}

fn nibble(digit: u8) -> Option<u8> {
    let place = DIGITS.iter().position(|known| known.eq_ignore_ascii_case(&digit))?;
    u8::try_from(place).ok()
}

/// A sender's name. Fourteen semi-octets are eight letters, or seven from a sender who rounded
/// the length up to whole octets: the eighth is then the zero bits that are left, which would
/// read as `@`.
fn name(value: &[u8], semi_octets: usize) -> String {
    let mut septets = gsm7::unpack(value, 0, semi_octets * 4 / 7);
    if semi_octets == 14 && septets.last() == Some(&0) {
        septets.pop();
    }
    gsm7::text(&septets, Shift::NONE)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number { digits, plan } => {
                let plus = if plan.octet() & 0x70 == 0x10 { "+" } else { "" };
                write!(f, "{plus}{digits}")
            }
            Self::Alphanumeric(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdu::hex;

    fn read(octets: &str) -> Result<Address, PduError> {
        let octets = hex::decode(octets).expect("hex of a test");
        Address::parse_octets(&mut Reader::new(&octets), "the address")
    }

    fn written(address: &Address) -> String {
        let mut octets = Vec::new();
        address.emit(&mut octets);
        hex::encode(&octets)
    }

    #[test]
    fn numbers_and_names_come_back_as_they_were_written() {
        for (text, octets) in [
            ("+231770000001", "0C91327107000010"),
            ("+23177000001", "0B913271070000F1"),
            ("8080", "04810808"),
            ("*144#", "05811A44FB"),
            ("MOH", "06D0CD2712"),
            ("LibTel", "0BD0CCB4985A6603"),
            ("Health+", "0DD0C872984D47AF00"),
            ("CountyHT", "0ED0C377DD4DCF23A9"),
            ("Redemption1", "14D0D232B9DC86D3D36F770C"),
        ] {
            let address = Address::parse(text).expect("an address");
            assert_eq!(written(&address), octets, "{text}");
            assert_eq!(read(octets).as_ref(), Ok(&address), "{text}");
            assert_eq!(address.to_string(), text);
        }
    }

    #[test]
    fn seven_letters_rounded_up_to_whole_octets_have_no_eighth() {
        assert_eq!(read("0ED0C872984D47AF00"), Ok(Address::Alphanumeric("Health+".to_owned())));
    }

    #[test]
    fn an_eighth_at_sign_of_a_name_is_not_lost_when_it_is_written() {
        let name = read("0FD0F334FC1CA6970100").expect("a name");
        assert_eq!(name.to_string(), "sipgate@");
        assert_eq!(written(&name), "0FD0F334FC1CA6970100");
    }

    #[test]
    fn other_plans_keep_their_octet() {
        let national = read("0AA17007000010").expect("a national number");
        assert_eq!(national.to_string(), "0770000001");
        assert_eq!(national.type_of_address(), 0xA1);
        assert_eq!(written(&national), "0AA17007000010");
        let odd_plan = read("0C97327107000010").expect("an international number");
        assert_eq!(odd_plan.to_string(), "+231770000001");
    }

    #[test]
    fn an_address_of_no_digits_is_one() {
        let none = read("0081").expect("an empty address");
        assert_eq!((none.to_string().as_str(), written(&none).as_str()), ("", "0081"));
    }

    #[test]
    fn impossible_lengths_are_refused() {
        assert!(matches!(read("1591"), Err(PduError::AddressLength { semi_octets: 21, .. })));
        assert!(matches!(read("0C911327"), Err(PduError::Short { needed: 6, left: 2, .. })));
    }

    #[test]
    fn what_is_neither_number_nor_name_is_refused() {
        for text in
            ["", "+", "+231 77", "123456789012345678901", "a name too long", "Santé’s", "++1"]
        {
            assert_eq!(Address::parse(text), Err(PduError::AddressText(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn a_service_centre_counts_octets() {
        for (octets, text) in [
            ("0791327107000010", Some("+231770000001")),
            ("0481012030", Some("100203")),
            ("0297F1", Some("+1")),
            ("00", None),
        ] {
            let octets = hex::decode(octets).expect("hex of a test");
            let address = Address::parse_service_centre(&mut Reader::new(&octets));
            let address = address.expect("a service centre").map(|address| address.to_string());
            assert_eq!(address.as_deref(), text);
        }
    }
}
