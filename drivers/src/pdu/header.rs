//! The header of user data: which part of a longer text, which ports, and elements that are only
//! passed on (TS 23.040 §9.2.3.24).
//!
//! What the text after it is, and where it begins, is `user_data`'s.

use super::PduError;

/// TP-UDHI, bit 6 of the first octet: the user data begins with a header.
pub(super) const HEADER_INDICATOR: u8 = 0x40;

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

    pub(super) fn from_element(element: &InformationElement) -> Option<Self> {
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

    pub(super) fn from_element(element: &InformationElement) -> Option<Self> {
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
pub(super) fn read_header(
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

pub(super) fn header_octets(elements: &[InformationElement]) -> Vec<u8> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &[u8]) -> Vec<InformationElement> {
        let octets = [&[u8::try_from(header.len()).expect("a short header")], header].concat();
        let (elements, length) = read_header(HEADER_INDICATOR, &octets).expect("a header");
        assert_eq!(length, octets.len());
        elements.expect("a header that was announced")
    }

    fn part(reference: u16, width: ReferenceWidth, total: u8, number: u8) -> Part {
        Part { reference, width, total, number }
    }

    #[test]
    fn parts_are_written_as_they_are_read() {
        for (header, part) in [
            (&[0x00, 3, 7, 2, 1][..], part(7, ReferenceWidth::Eight, 2, 1)),
            (&[0x08, 4, 1, 7, 255, 255], part(0x107, ReferenceWidth::Sixteen, 255, 255)),
        ] {
            let elements = read(header);
            assert_eq!(elements, [part.element()]);
            assert_eq!(Part::from_element(&elements[0]), Some(part));
            assert_eq!(header_octets(&elements)[1..], *header);
        }
    }

    #[test]
    fn a_part_that_cannot_be_is_no_part() {
        for header in [&[0, 3, 7, 2, 0][..], &[0, 3, 7, 2, 3], &[0, 3, 7, 0, 1], &[0, 2, 7, 2]] {
            let elements = read(header);
            assert_eq!(elements.len(), 1);
            assert_eq!(Part::from_element(&elements[0]), None, "{header:?}");
        }
    }

    #[test]
    fn ports_have_one_or_two_octets_each() {
        let ports = |header| Ports::from_element(&read(header)[0]);
        let wide = Ports { destination: 9204, source: 2948, width: ReferenceWidth::Sixteen };
        assert_eq!(ports(&[0x05, 4, 0x23, 0xF4, 0x0B, 0x84]), Some(wide));
        let narrow = Ports { destination: 240, source: 2, width: ReferenceWidth::Eight };
        assert_eq!(ports(&[0x04, 2, 240, 2]), Some(narrow));
        assert_eq!(ports(&[0x05, 2, 240, 2]), None);
    }

    #[test]
    fn an_element_longer_than_its_header_is_passed_over() {
        assert_eq!(read(&[0x70, 1, 0xEE, 0x00, 9]).len(), 1);
        assert_eq!(read(&[0x70]), []);
    }
}
