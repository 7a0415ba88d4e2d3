//! User data: what a message carries, after a header that may say which part of a longer text it
//! is (TS 23.040 §9.2.3.16, §9.2.3.24).
//!
//! The octets are kept as they came, beside what they mean: so a message is written as it was
//! read, and parts are joined by units and not by letters (`reassembly`).

use super::reader::Reader;
use super::{Alphabet, DataCoding, PduError, Shift, gsm7, ucs2};

/// Octets of user data that one message carries, header included.
pub(super) const CAPACITY: usize = 140;
/// TP-UDHI, bit 6 of the first octet: the user data begins with a header.
pub(super) const HEADER_INDICATOR: u8 = 0x40;

/// TP-UDL and TP-UD.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserData {
    alphabet: Alphabet,
    length: u8,
    octets: Vec<u8>,
    header: Option<Vec<InformationElement>>,
    header_len: usize,
    body: Body,
    missing: usize,
    surplus: Vec<u8>,
}

/// What the user data says, after its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A text, with U+FFFD where half a letter was.
    Text(String),
    /// Octets for a program, or a compressed text that is not read.
    Octets(Vec<u8>),
}

/// One element of a header (TS 23.040 §9.2.3.24).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InformationElement {
    /// What it is: 0x00 and 0x08 concatenation, 0x04 and 0x05 ports, and more.
    pub id: u8,
    /// Its data.
    pub data: Vec<u8>,
}

/// Which part of a longer text this is (TS 23.040 §9.2.3.24.1, §9.2.3.24.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// The sender's number for the whole text.
    pub reference: u16,
    /// How the reference was written; the same number in another width is another text.
    pub width: ReferenceWidth,
    /// Parts of the whole text, from 1.
    pub total: u8,
    /// This part, from 1 to `total`.
    pub number: u8,
}

/// Octets of a concatenation reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceWidth {
    /// One octet: what everybody understands.
    Eight,
    /// Two octets.
    Sixteen,
}

/// Application ports (TS 23.040 §9.2.3.24.3, §9.2.3.24.4): such a message is for a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// The port it goes to.
    pub destination: u16,
    /// The port it comes from.
    pub source: u16,
    /// Octets of each port number.
    pub width: ReferenceWidth,
}

impl UserData {
    /// User data of a text, with the elements of a header in front if there are any; a GSM 7-bit
    /// text uses the national tables that the header announces.
    ///
    /// # Errors
    /// Letters that the alphabet does not have, or more than one message carries.
    pub fn from_text(
        text: &str,
        alphabet: Alphabet,
        header: Vec<InformationElement>,
    ) -> Result<Self, PduError> {
        let mut octets = header_octets(&header);
        let header_len = octets.len();
        let length = match alphabet {
            Alphabet::Gsm7 => {
                let septets = gsm7::septets(text, Shift::of(&header))?;
                octets.extend(gsm7::pack(&septets, fill_bits(header_len)));
                header_septets(header_len) + septets.len()
            }
            Alphabet::Ucs2 => {
                octets.extend(ucs2::encode(text));
                octets.len()
            }
            Alphabet::EightBit => {
                octets.extend(text.as_bytes());
                octets.len()
            }
        };
        Self::assemble(alphabet, length, octets, header)
    }

    /// User data of octets for a program, with the elements of a header if there are any.
    ///
    /// # Errors
    /// More than one message carries.
    pub fn from_octets(body: &[u8], header: Vec<InformationElement>) -> Result<Self, PduError> {
        let mut octets = header_octets(&header);
        octets.extend(body);
        Self::assemble(Alphabet::EightBit, octets.len(), octets, header)
    }

    /// User data of septets, read with the national tables that the header announces.
    ///
    /// # Errors
    /// More than one message carries.
    pub fn from_septets(septets: &[u8], header: Vec<InformationElement>) -> Result<Self, PduError> {
        let mut octets = header_octets(&header);
        let length = header_septets(octets.len()) + septets.len();
        octets.extend(gsm7::pack(septets, fill_bits(octets.len())));
        Self::assemble(Alphabet::Gsm7, length, octets, header)
    }

    fn assemble(
        alphabet: Alphabet,
        length: usize,
        octets: Vec<u8>,
        header: Vec<InformationElement>,
    ) -> Result<Self, PduError> {
        if octets.len() > CAPACITY {
            return Err(PduError::TooLong { octets: octets.len() });
        }
        let first_octet = if header.is_empty() { 0 } else { HEADER_INDICATOR };
        let length = u8::try_from(length).expect("140 octets are 160 septets at most");
        Self::read(first_octet, alphabet, length, &octets)
    }

    /// Reads TP-UDL and TP-UD. Octets after the declared end are kept apart; a text shorter than
    /// declared is read as far as it goes, and [`UserData::missing`] says how much is not there.
    pub(super) fn parse(
        reader: &mut Reader<'_>,
        first_octet: u8,
        coding: DataCoding,
    ) -> Result<Self, PduError> {
        let length = reader.octet("the length of the user data")?;
        let alphabet = if coding.is_compressed() { Alphabet::EightBit } else { coding.alphabet() };
        Self::read(first_octet, alphabet, length, reader.rest())
    }

    fn read(
        first_octet: u8,
        alphabet: Alphabet,
        length: u8,
        rest: &[u8],
    ) -> Result<Self, PduError> {
        let units = usize::from(length);
        let declared = match alphabet {
            Alphabet::Gsm7 => (units * 7).div_ceil(8),
            Alphabet::EightBit | Alphabet::Ucs2 => units,
        };
        if declared > 0 && rest.is_empty() {
            let field = "the user data";
            return Err(PduError::Short { field, needed: declared, left: 0 });
        }
        let (octets, surplus) = rest.split_at(declared.min(rest.len()));
        let (header, header_len) = read_header(first_octet, octets)?;
        let after_header = &octets[header_len..];
        let (body, missing) = match alphabet {
            Alphabet::Gsm7 => {
                let count = units.saturating_sub(header_septets(header_len));
                let septets = gsm7::unpack(after_header, fill_bits(header_len), count);
                let shift = Shift::of(header.as_deref().unwrap_or_default());
                (Body::Text(gsm7::text(&septets, shift)), count - septets.len())
            }
            Alphabet::Ucs2 => {
                (Body::Text(ucs2::decode_lossy(after_header)), declared - octets.len())
            }
            Alphabet::EightBit => (Body::Octets(after_header.to_vec()), declared - octets.len()),
        };
        let (octets, surplus) = (octets.to_vec(), surplus.to_vec());
        Ok(Self { alphabet, length, octets, header, header_len, body, missing, surplus })
    }

    /// The octet that tells the length and the octets themselves.
    pub(super) fn emit(&self, out: &mut Vec<u8>) {
        out.push(self.length);
        out.extend(&self.octets);
    }

    /// The bit of the first octet that announces a header.
    pub(super) fn header_indicator(&self) -> u8 {
        if self.header.is_some() { HEADER_INDICATOR } else { 0 }
    }

    /// What it says, after the header.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.body {
            Body::Text(text) => Some(text),
            Body::Octets(_) => None,
        }
    }

    /// The alphabet in which it was read; [`Alphabet::EightBit`] for a compressed text.
    pub fn alphabet(&self) -> Alphabet {
        self.alphabet
    }

    /// The elements of the header, in their order.
    pub fn header(&self) -> &[InformationElement] {
        self.header.as_deref().unwrap_or_default()
    }

    /// The national tables that the header announces for a GSM 7-bit text.
    pub fn shift(&self) -> Shift {
        Shift::of(self.header())
    }

    /// The declared length, TP-UDL: septets or octets, the header included.
    pub fn length(&self) -> u8 {
        self.length
    }

    /// Septets or octets that were declared and are not there: the end of the text is cut off.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Octets after the declared end: padding of some modems. They are not written again.
    pub fn surplus(&self) -> &[u8] {
        &self.surplus
    }

    /// Which part of a longer text this is. Elements that contradict themselves (part 3 of 2) are
    /// ignored, as the standard asks; of several, the last counts.
    pub fn part(&self) -> Option<Part> {
        self.header().iter().rev().find_map(Part::from_element)
    }

    /// The ports, if the message is for a program.
    pub fn ports(&self) -> Option<Ports> {
        self.header().iter().rev().find_map(Ports::from_element)
    }

    /// The octets after the header as they travelled.
    pub(super) fn body_octets(&self) -> &[u8] {
        &self.octets[self.header_len..]
    }

    /// The septets after the header, of a text in the GSM 7-bit alphabet.
    pub fn septets(&self) -> Vec<u8> {
        let count = usize::from(self.length).saturating_sub(header_septets(self.header_len));
        gsm7::unpack(self.body_octets(), fill_bits(self.header_len), count)
    }
}

impl Part {
    const EIGHT_BIT: u8 = 0x00;
    const SIXTEEN_BIT: u8 = 0x08;

    /// The element that says so.
    pub fn element(self) -> InformationElement {
        let [high, low] = self.reference.to_be_bytes();
        let (total, number) = (self.total, self.number);
        match self.width {
            ReferenceWidth::Eight => {
                InformationElement { id: Self::EIGHT_BIT, data: vec![low, total, number] }
            }
            ReferenceWidth::Sixteen => {
                InformationElement { id: Self::SIXTEEN_BIT, data: vec![high, low, total, number] }
            }
        }
    }

    fn from_element(element: &InformationElement) -> Option<Self> {
        let (reference, width, total, number) = match (element.id, element.data.as_slice()) {
            (Self::EIGHT_BIT, &[low, total, number]) => {
                (u16::from(low), ReferenceWidth::Eight, total, number)
            }
            (Self::SIXTEEN_BIT, &[high, low, total, number]) => {
                (u16::from_be_bytes([high, low]), ReferenceWidth::Sixteen, total, number)
            }
            _ => return None,
        };
        let makes_sense = number >= 1 && number <= total;
        makes_sense.then_some(Self { reference, width, total, number })
    }
}

impl Ports {
    const EIGHT_BIT: u8 = 0x04;
    const SIXTEEN_BIT: u8 = 0x05;

    fn from_element(element: &InformationElement) -> Option<Self> {
        match (element.id, element.data.as_slice()) {
            (Self::EIGHT_BIT, &[destination, source]) => Some(Self {
                destination: u16::from(destination),
                source: u16::from(source),
                width: ReferenceWidth::Eight,
            }),
            (Self::SIXTEEN_BIT, &[to_high, to_low, from_high, from_low]) => Some(Self {
                destination: u16::from_be_bytes([to_high, to_low]),
                source: u16::from_be_bytes([from_high, from_low]),
                width: ReferenceWidth::Sixteen,
            }),
            _ => None,
        }
    }
}

/// The header at the start of `octets`, if the first octet of the message announces one, and its
/// length with its length octet.
fn read_header(
    first_octet: u8,
    octets: &[u8],
) -> Result<(Option<Vec<InformationElement>>, usize), PduError> {
    if first_octet & HEADER_INDICATOR == 0 {
        return Ok((None, 0));
    }
    let Some(length) = octets.first() else {
        return Ok((Some(Vec::new()), 0));
    };
    let claimed = usize::from(*length) + 1;
    let Some(header) = octets.get(1..claimed) else {
        return Err(PduError::Header { claimed, present: octets.len() });
    };
    Ok((Some(elements(header)), claimed))
}

/// The elements of a header. One that claims more than there is ends the list: the standard lets
/// a receiver pass over what it cannot read.
fn elements(mut header: &[u8]) -> Vec<InformationElement> {
    let mut elements = Vec::new();
    while let [id, length, rest @ ..] = header {
        let Some((data, rest)) = rest.split_at_checked(usize::from(*length)) else {
            break;
        };
        elements.push(InformationElement { id: *id, data: data.to_vec() });
        header = rest;
    }
    elements
}

fn header_octets(elements: &[InformationElement]) -> Vec<u8> {
    if elements.is_empty() {
        return Vec::new();
    }
    let mut octets = vec![0];
    for InformationElement { id, data } in elements {
        octets.push(*id);
        octets.push(u8::try_from(data.len()).unwrap_or(u8::MAX));
        octets.extend(data);
    }
    octets[0] = u8::try_from(octets.len() - 1).unwrap_or(u8::MAX);
    octets
}

/// Septets that a header of so many octets takes the place of, fill bits included.
fn header_septets(header_len: usize) -> usize {
    (header_len * 8).div_ceil(7)
}

/// Zero bits between a header of so many octets and the first septet of the text.
fn fill_bits(header_len: usize) -> usize {
    header_septets(header_len) * 7 - header_len * 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdu::hex;

    fn read(first_octet: u8, coding: DataCoding, octets: &str) -> Result<UserData, PduError> {
        let octets = hex::decode(octets).expect("hex of a test");
        UserData::parse(&mut Reader::new(&octets), first_octet, coding)
    }

    fn written(data: &UserData) -> String {
        let mut octets = Vec::new();
        data.emit(&mut octets);
        hex::encode(&octets)
    }

    #[test]
    fn headers_of_every_length_leave_the_text_whole() {
        for padding in 0..20 {
            let element = InformationElement { id: 0x70, data: vec![0xEE; padding] };
            let data = UserData::from_text("Fever yes", Alphabet::Gsm7, vec![element.clone()]);
            let data = data.expect("a text that fits");
            let read = read(HEADER_INDICATOR, DataCoding::GSM7, &written(&data)).expect("the same");
            assert_eq!(read.text(), Some("Fever yes"), "{padding} octets of data");
            assert_eq!(read.header(), [element]);
            assert_eq!(read, data);
        }
    }

    #[test]
    fn both_references_and_fill_bits_are_read() {
        for (octets, width, reference) in [
            ("100500030702018C657B590ECA97E7", ReferenceWidth::Eight, 7),
            ("1106080401070201C6B2BD2C07E5CB73", ReferenceWidth::Sixteen, 0x107),
        ] {
            let data = read(HEADER_INDICATOR, DataCoding::GSM7, octets).expect("user data");
            let part = Part { reference, width, total: 2, number: 1 };
            assert_eq!(data.part(), Some(part), "{octets}");
            assert_eq!(data.text(), Some("Fever yes"), "{octets}");
        }
    }

    #[test]
    fn a_part_that_cannot_be_is_no_part() {
        for octets in ["06050003070200", "06050003070203", "06050003070001", "050400020702"] {
            let data = read(HEADER_INDICATOR, DataCoding::EIGHT_BIT, octets).expect("user data");
            assert_eq!(data.part(), None, "{octets}");
            assert_eq!(data.header().len(), 1);
        }
    }

    #[test]
    fn ports_mark_a_message_for_a_program() {
        let data =
            read(HEADER_INDICATOR, DataCoding::EIGHT_BIT, "0806050423F40B84AB").expect("user data");
        let width = ReferenceWidth::Sixteen;
        assert_eq!(data.ports(), Some(Ports { destination: 9204, source: 2948, width }));
        assert_eq!(data.body(), &Body::Octets(vec![0xAB]));
    }

    #[test]
    fn text_shorter_than_declared_is_read_and_counted() {
        let data = read(0, DataCoding::GSM7, "05F9F21C").expect("user data");
        assert_eq!((data.text(), data.missing(), data.length()), (Some("yes"), 2, 5));
        assert_eq!(written(&data), "05F9F21C");
        let data = read(0, DataCoding::UCS2, "080061").expect("user data");
        assert_eq!((data.text(), data.missing()), (Some("a"), 6));
    }

    #[test]
    fn octets_after_the_declared_end_are_kept_apart() {
        let data = read(0, DataCoding::GSM7, "03F9F21CFFFF89").expect("user data");
        assert_eq!((data.text(), data.surplus()), (Some("yes"), &[0xFF, 0xFF, 0x89][..]));
        assert_eq!(written(&data), "03F9F21C");
    }

    #[test]
    fn a_header_that_is_announced_and_not_there_is_an_empty_one() {
        let data = read(HEADER_INDICATOR, DataCoding::GSM7, "00").expect("user data");
        assert_eq!((data.text(), data.header().len()), (Some(""), 0));
        assert_eq!(data.header_indicator(), HEADER_INDICATOR);
    }

    #[test]
    fn an_element_longer_than_its_header_is_passed_over() {
        let data = read(HEADER_INDICATOR, DataCoding::EIGHT_BIT, "0502000941FF");
        let data = data.expect("user data");
        assert_eq!((data.header().len(), data.body()), (0, &Body::Octets(vec![0x41, 0xFF])));
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_words() {
        let told = |octets| {
            let refused = read(HEADER_INDICATOR, DataCoding::GSM7, octets);
            refused.expect_err("refused").to_string()
        };
        expect_test::expect!["the PDU ends too early: the user data needs 5 octets, 0 are left"]
            .assert_eq(&told("05"));
        expect_test::expect!["the header claims 10 octets of the 3 octets of user data"]
            .assert_eq(&told("03090000"));
    }

    #[test]
    fn more_than_a_message_carries_is_refused() {
        let refused = UserData::from_octets(&[0; 141], Vec::new());
        assert_eq!(refused, Err(PduError::TooLong { octets: 141 }));
        let refused = UserData::from_text("ɛ", Alphabet::Gsm7, Vec::new());
        assert_eq!(refused, Err(PduError::NotInAlphabet('ɛ')));
    }

    #[test]
    fn a_compressed_text_is_kept_as_octets() {
        let data = read(0, DataCoding(0x20), "03F9F21C").expect("user data");
        assert_eq!(data.body(), &Body::Octets(vec![0xF9, 0xF2, 0x1C]));
    }
}
