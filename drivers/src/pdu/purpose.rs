//! What a delivered message is for: a person's text, or something for a program, a card or a lamp.
//!
//! Told by the protocol identifier (TS 23.040 §9.2.3.9), the data coding scheme (TS 23.038 §4) and
//! the elements of the header (TS 23.040 §9.2.3.24). Values that the standard reserves are read as
//! it asks: as if they were not there. What to do about a purpose is the application's business.

use super::{DataCoding, Deliver, InformationElement, Ports};

/// What a message is for. Where several things are true of one message, the first here counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Short message type 0: the phone acknowledges it and shows nothing.
    Silent,
    /// Data for the SIM's own programs: (U)SIM data download, or secured packets.
    CardData,
    /// Something for the equipment itself.
    Equipment(EquipmentOrder),
    /// A lamp for a mailbox goes on or off.
    Waiting(Waiting),
    /// For a program behind a port, e.g. a WAP push or a visiting card.
    Port(Ports),
    /// Wireless control messages, TS 23.040 §9.2.3.24.5.
    Control,
    /// A compressed text (TS 23.042), whose words nobody here can read.
    Compressed,
    /// An email that a gateway passed on.
    Email,
    /// A text that a phone may put in the place of an earlier one of the same number, 1 to 7, and
    /// the same sender. It is a text of its own.
    Replacement(u8),
    /// A text that asks for a call to its sender.
    ReturnCall,
    /// A text of class 0, shown at once and not kept by phones.
    Flash,
    /// A text from a person, as far as a message can say so.
    Text,
}

/// Orders for the equipment (TS 23.040 §9.2.3.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EquipmentOrder {
    /// 0x48: wake a program of a machine.
    DeviceTrigger,
    /// 0x7C: data of another system, for the card.
    ForeignData,
    /// 0x7D: ME data download.
    DataDownload,
    /// 0x7E: undo a lock to one network.
    Unlock,
}

/// What a message-waiting indication says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Which mailbox.
    pub mailbox: Mailbox,
    /// Whether anything waits in it.
    pub lamp: Lamp,
    /// What a phone does with the message after it has set the lamp.
    pub afterwards: Afterwards,
}

/// Mailboxes that have a lamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailbox {
    /// Spoken messages.
    Voice,
    /// Facsimiles.
    Fax,
    /// Emails.
    Email,
    /// Filmed messages.
    Video,
    /// Something else.
    Other,
}

/// Whether something waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lamp {
    /// Something does.
    On,
    /// Nothing does.
    Off,
}

/// What becomes of the message that set a lamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Afterwards {
    /// Phones may throw it away.
    Discarded,
    /// It is to be kept.
    Kept,
}

/// Elements of a header that say what a message is for.
const INDICATION: u8 = 0x01;
const CONTROL: u8 = 0x09;
const EMAIL_HEADER: u8 = 0x20;
const VOICE_MAIL: u8 = 0x23;
const SECURITY: std::ops::RangeInclusive<u8> = 0x70..=0x7F;

impl Deliver {
    /// What it is for.
    pub fn purpose(&self) -> Purpose {
        let header = self.data.header();
        let protocol = of_protocol(self.protocol);
        if protocol.read_by() == ReadBy::Program {
            return protocol;
        }
        if let Some(waiting) = of_coding(self.coding).or_else(|| of_elements(header)) {
            return Purpose::Waiting(waiting);
        }
        let has = |wanted: u8| header.iter().any(|element| element.id == wanted);
        if header.iter().any(|element| SECURITY.contains(&element.id)) {
            return Purpose::CardData;
        }
        if let Some(ports) = self.data.ports() {
            return Purpose::Port(ports);
        }
        match protocol {
            _ if has(CONTROL) => Purpose::Control,
            _ if self.coding.is_compressed() => Purpose::Compressed,
            _ if has(EMAIL_HEADER) => Purpose::Email,
            Purpose::Text if self.coding.class() == Some(0) => Purpose::Flash,
            told => told,
        }
    }
}

/// Who reads a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadBy {
    /// Somebody.
    Person,
    /// A program, a card or a lamp: no answer to anything.
    Program,
}

impl Purpose {
    /// Who reads such a message.
    pub fn read_by(self) -> ReadBy {
        match self {
            Self::Silent
            | Self::CardData
            | Self::Equipment(_)
            | Self::Waiting(_)
            | Self::Port(_)
            | Self::Control => ReadBy::Program,
            Self::Compressed
            | Self::Email
            | Self::Replacement(_)
            | Self::ReturnCall
            | Self::Flash
            | Self::Text => ReadBy::Person,
        }
    }

    /// What such a message is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Silent => "a silent message",
            Self::CardData => "data for the SIM",
            Self::Equipment(_) => "an order for the modem itself",
            Self::Waiting(_) => "a message-waiting indication",
            Self::Port(_) => "for a program, by its port",
            Self::Control => "a control message between programs",
            Self::Compressed => "a compressed text",
            Self::Email => "an email",
            Self::Replacement(_) => "a text that replaces an earlier one",
            Self::ReturnCall => "a text that asks for a call",
            Self::Flash => "a text to be shown at once",
            Self::Text => "a text",
        }
    }
}

/// What a protocol identifier says alone. Reserved values, those of one service centre and those
/// of other machines (telex, fax) mean a text.
fn of_protocol(protocol: u8) -> Purpose {
    /// Internet electronic mail among the telematic devices.
    const EMAIL: u8 = 0x32;
    match protocol {
        EMAIL => Purpose::Email,
        0x40 => Purpose::Silent,
        0x41..=0x47 => Purpose::Replacement(protocol - 0x40),
        0x48 => Purpose::Equipment(EquipmentOrder::DeviceTrigger),
        0x5F => Purpose::ReturnCall,
        0x7C => Purpose::Equipment(EquipmentOrder::ForeignData),
        0x7D => Purpose::Equipment(EquipmentOrder::DataDownload),
        0x7E => Purpose::Equipment(EquipmentOrder::Unlock),
        0x7F => Purpose::CardData,
        _ => Purpose::Text,
    }
}

/// The groups of message-waiting indications, TS 23.038 §4.
fn of_coding(coding: DataCoding) -> Option<Waiting> {
    let afterwards = match coding.0 >> 4 {
        0xC => Afterwards::Discarded,
        0xD | 0xE => Afterwards::Kept,
        _ => return None,
    };
    let lamp = if coding.0 & 0x08 == 0 { Lamp::Off } else { Lamp::On };
    Some(Waiting { mailbox: mailbox(coding.0 & 0b11), lamp, afterwards })
}

/// Special message indications, TS 23.040 §9.2.3.24.2; the first of several, which is that of
/// voice mail where there is one. One whose octets are not there says only that it is one.
fn of_elements(header: &[InformationElement]) -> Option<Waiting> {
    let element = header.iter().find(|one| matches!(one.id, INDICATION | VOICE_MAIL))?;
    let kept = |bit: u8, octet: u8| {
        if octet & bit == 0 { Afterwards::Discarded } else { Afterwards::Kept }
    };
    Some(match (element.id, element.data.as_slice()) {
        (INDICATION, &[kind, count, ..]) => Waiting {
            mailbox: mailbox(kind & 0x1F),
            lamp: if count == 0 { Lamp::Off } else { Lamp::On },
            afterwards: kept(0x80, kind),
        },
        (INDICATION, _) => {
            Waiting { mailbox: Mailbox::Other, lamp: Lamp::On, afterwards: Afterwards::Kept }
        }
        (_, data) => Waiting {
            mailbox: Mailbox::Voice,
            lamp: Lamp::On,
            afterwards: kept(0x20, data.first().copied().unwrap_or(0x20)),
        },
    })
}

fn mailbox(kind: u8) -> Mailbox {
    match kind {
        0 => Mailbox::Voice,
        1 => Mailbox::Fax,
        2 => Mailbox::Email,
        7 => Mailbox::Video,
        _ => Mailbox::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdu::{Address, ReferenceWidth, ServiceCentreTime, UserData};

    fn message(protocol: u8, coding: u8, header: &[(u8, &[u8])]) -> Deliver {
        let element =
            |(id, data): &(u8, &[u8])| InformationElement { id: *id, data: data.to_vec() };
        let data = UserData::from_octets(b"yes", header.iter().map(element).collect());
        let from = Address::parse("+231770000001").expect("a number");
        let time = ServiceCentreTime::from_unix(1_709_285_400, 0);
        let data = data.expect("a short message");
        Deliver { protocol, ..Deliver::new(from, time, DataCoding(coding), data) }
    }

    fn purpose(protocol: u8, coding: u8) -> Purpose {
        message(protocol, coding, &[]).purpose()
    }

    /// TS 23.040 §9.2.3.9, range by range; together all 256.
    #[rustfmt::skip]
    const PROTOCOLS: &[(std::ops::RangeInclusive<u8>, Purpose)] = &[
        (0x00..=0x31, Purpose::Text),
        (0x32..=0x32, Purpose::Email),
        (0x33..=0x3F, Purpose::Text),
        (0x40..=0x40, Purpose::Silent),
        (0x41..=0x41, Purpose::Replacement(1)),
        (0x42..=0x42, Purpose::Replacement(2)),
        (0x43..=0x43, Purpose::Replacement(3)),
        (0x44..=0x44, Purpose::Replacement(4)),
        (0x45..=0x45, Purpose::Replacement(5)),
        (0x46..=0x46, Purpose::Replacement(6)),
        (0x47..=0x47, Purpose::Replacement(7)),
        (0x48..=0x48, Purpose::Equipment(EquipmentOrder::DeviceTrigger)),
        (0x49..=0x5E, Purpose::Text),
        (0x5F..=0x5F, Purpose::ReturnCall),
        (0x60..=0x7B, Purpose::Text),
        (0x7C..=0x7C, Purpose::Equipment(EquipmentOrder::ForeignData)),
        (0x7D..=0x7D, Purpose::Equipment(EquipmentOrder::DataDownload)),
        (0x7E..=0x7E, Purpose::Equipment(EquipmentOrder::Unlock)),
        (0x7F..=0x7F, Purpose::CardData),
        (0x80..=0xFF, Purpose::Text),
    ];

    fn waiting(mailbox: Mailbox, lamp: Lamp, afterwards: Afterwards) -> Purpose {
        Purpose::Waiting(Waiting { mailbox, lamp, afterwards })
    }

    /// TS 23.038 §4, all 256, by its bits.
    fn coded(coding: u8) -> Purpose {
        let bits = format!("{coding:08b}");
        let (group, rest) = bits.split_at(4);
        match group {
            "0010" | "0011" | "0110" | "0111" => Purpose::Compressed,
            "0001" | "0101" | "1111" if rest.ends_with("00") => Purpose::Flash,
            "1100" | "1101" | "1110" => {
                let boxes = [Mailbox::Voice, Mailbox::Fax, Mailbox::Email, Mailbox::Other];
                let lamp = if rest.starts_with('1') { Lamp::On } else { Lamp::Off };
                let kept = if group == "1100" { Afterwards::Discarded } else { Afterwards::Kept };
                waiting(boxes[usize::from(coding % 4)], lamp, kept)
            }
            _ => Purpose::Text,
        }
    }

    #[test]
    fn every_protocol_with_every_coding_has_the_purpose_of_the_standard() {
        let mut checked = 0;
        for (protocols, told) in PROTOCOLS {
            for protocol in protocols.clone() {
                for coding in 0..=u8::MAX {
                    let of_coding = coded(coding);
                    let expected = match (told.read_by(), of_coding) {
                        (ReadBy::Program, _) => *told,
                        (_, Purpose::Waiting(_) | Purpose::Compressed) => of_coding,
                        (_, Purpose::Flash) if *told == Purpose::Text => Purpose::Flash,
                        _ => *told,
                    };
                    let found = purpose(protocol, coding);
                    assert_eq!(found, expected, "{protocol:02X} {coding:02X}");
                    checked += 1;
                }
            }
        }
        assert_eq!(checked, 256 * 256);
    }

    #[test]
    fn every_element_of_a_header_has_its_purpose() {
        for id in 0..=u8::MAX {
            let expected = match id {
                0x01 => waiting(Mailbox::Fax, Lamp::On, Afterwards::Kept),
                0x04 => {
                    let width = ReferenceWidth::Eight;
                    Purpose::Port(Ports { destination: 0x81, source: 3, width })
                }
                0x09 => Purpose::Control,
                0x20 => Purpose::Email,
                0x23 => waiting(Mailbox::Voice, Lamp::On, Afterwards::Discarded),
                0x70..=0x7F => Purpose::CardData,
                _ => Purpose::Text,
            };
            assert_eq!(message(0, 4, &[(id, &[0x81, 3])]).purpose(), expected, "{id:02X}");
        }
    }

    #[test]
    fn ports_and_lamps_in_the_header() {
        for (element, expected) in [
            (
                (0x05, &[0x0B, 0x84, 0x23, 0xF0][..]),
                Purpose::Port(Ports {
                    destination: 2948,
                    source: 9200,
                    width: ReferenceWidth::Sixteen,
                }),
            ),
            ((0x01, &[0x00, 5][..]), waiting(Mailbox::Voice, Lamp::On, Afterwards::Discarded)),
            ((0x01, &[0x80, 0][..]), waiting(Mailbox::Voice, Lamp::Off, Afterwards::Kept)),
            ((0x01, &[0x02, 1][..]), waiting(Mailbox::Email, Lamp::On, Afterwards::Discarded)),
            ((0x01, &[0x07, 1][..]), waiting(Mailbox::Video, Lamp::On, Afterwards::Discarded)),
            ((0x01, &[][..]), waiting(Mailbox::Other, Lamp::On, Afterwards::Kept)),
        ] {
            assert_eq!(message(0, 4, &[element]).purpose(), expected, "{element:02X?}");
        }
    }

    #[test]
    fn what_a_person_wrote_is_told_from_what_a_program_wants() {
        assert_eq!(purpose(0x41, 0x00).read_by(), ReadBy::Person);
        assert_eq!(purpose(0x00, 0x10), Purpose::Flash);
        assert_eq!(purpose(0x00, 0x10).read_by(), ReadBy::Person);
        assert_eq!(purpose(0x00, 0xC8).read_by(), ReadBy::Program);
        assert_eq!(message(0, 4, &[(0x00, &[7, 2, 1])]).purpose(), Purpose::Text);
    }
}
