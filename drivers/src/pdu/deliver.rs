//! SMS-DELIVER: a message that came (TS 23.040 §9.2.2.1).

use super::reader::Reader;
use super::{Address, Body, DataCoding, Encoded, Part, PduError, ServiceCentreTime, UserData};

/// A message from the network to a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deliver {
    /// The service centre that passed it on.
    pub service_centre: Option<Address>,
    /// Who sent it.
    pub from: Address,
    /// TP-PID (§9.2.3.9); 0 for plain messages.
    pub protocol: u8,
    /// How the user data is to be read.
    pub coding: DataCoding,
    /// When the service centre took it.
    pub time: ServiceCentreTime,
    /// Whether more messages wait in the network (TP-MMS; on the wire the bit says: none).
    pub more_to_come: bool,
    /// TP-SRI, TP-RP and TP-LP, which we pass on and do not act upon.
    pub flags: DeliverFlags,
    /// What it carries.
    pub data: UserData,
}

/// Bits of the first octet that nobody here acts upon (§9.2.3.4, §9.2.3.17, §9.2.3.28).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliverFlags(u8);

impl DeliverFlags {
    /// TP-SRI: the sender asked for a status report.
    pub fn report_was_asked_for(self) -> bool {
        self.0 & 0x20 != 0
    }

    /// TP-RP: an answer may go through the same service centre.
    pub fn has_reply_path(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// TP-LP: it was passed on already and is not to be passed on again.
    pub fn was_passed_on(self) -> bool {
        self.0 & 0x08 != 0
    }
}

const DELIVER: u8 = 0b00;
const KIND: u8 = 0b11;
const NO_MORE_MESSAGES: u8 = 0x04;
const OTHER_FLAGS: u8 = 0xA8;

impl Deliver {
    /// A plain message; the fields that are left out say nothing special.
    pub fn new(from: Address, time: ServiceCentreTime, coding: DataCoding, data: UserData) -> Self {
        Self {
            service_centre: None,
            from,
            protocol: 0,
            coding,
            time,
            more_to_come: false,
            flags: DeliverFlags::default(),
            data,
        }
    }

    /// Reads the octets after the service-centre address.
    ///
    /// # Errors
    /// Octets that are another kind of message, or none.
    pub fn decode(tpdu: &[u8]) -> Result<Self, PduError> {
        let reader = &mut Reader::new(tpdu);
        let first_octet = reader.octet("the first octet")?;
        if first_octet & KIND != DELIVER {
            return Err(PduError::Kind { first_octet, wanted: "a delivered message" });
        }
        let from = Address::parse_octets(reader, "the sender's address")?;
        let protocol = reader.octet("the protocol identifier")?;
        let coding = DataCoding(reader.octet("the data coding scheme")?);
        let time = ServiceCentreTime::from_raw(reader.seven("the service centre's time")?);
        let data = UserData::parse(reader, first_octet, coding)?;
        let more_to_come = first_octet & NO_MORE_MESSAGES == 0;
        let flags = DeliverFlags(first_octet & OTHER_FLAGS);
        Ok(Self { service_centre: None, from, protocol, coding, time, more_to_come, flags, data })
    }

    /// The octets as a modem lists them.
    pub fn encode(&self) -> Encoded {
        let no_more = if self.more_to_come { 0 } else { NO_MORE_MESSAGES };
        let mut tpdu = vec![DELIVER | no_more | self.flags.0 | self.data.header_indicator()];
        self.from.emit(&mut tpdu);
        tpdu.push(self.protocol);
        tpdu.push(self.coding.0);
        tpdu.extend(self.time.raw());
        self.data.emit(&mut tpdu);
        Encoded::new(self.service_centre.as_ref(), &tpdu)
    }

    /// What it says.
    pub fn body(&self) -> &Body {
        self.data.body()
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        self.data.text()
    }

    /// Which part of a longer text it is.
    pub fn part(&self) -> Option<Part> {
        self.data.part()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdu::{Alphabet, hex};

    /// "yes" from +231770000001 on 1 March 2024 at 09:30 UTC, by hand from the standard.
    const YES: &str = "040C9132710700001000004230109003000003F9F21C";

    fn yes() -> Vec<u8> {
        hex::decode(YES).expect("hex of a test")
    }

    #[test]
    fn a_plain_message_is_read_and_written_alike() {
        let from = Address::parse("+231770000001").expect("a number");
        let time = ServiceCentreTime::from_unix(1_709_285_400, 0);
        let data = UserData::from_text("yes", Alphabet::Gsm7, Vec::new()).expect("a short text");
        let message = Deliver::new(from, time, DataCoding::GSM7, data);
        assert_eq!(Deliver::decode(&yes()), Ok(message.clone()));
        let encoded = message.encode();
        assert_eq!((encoded.tpdu(), encoded.tpdu_len), (yes().as_slice(), yes().len()));
    }

    #[test]
    fn flags_that_nobody_acts_upon_are_kept() {
        for first_octet in [0x00, 0x04, 0x20, 0x80, 0x08, 0xAC] {
            let mut octets = yes();
            octets[0] = first_octet;
            let message = Deliver::decode(&octets).expect("a message");
            assert_eq!(message.encode().tpdu(), octets, "{first_octet:02X}");
            assert_eq!(message.more_to_come, first_octet & 0x04 == 0);
            assert_eq!(message.flags.report_was_asked_for(), first_octet & 0x20 != 0);
            assert_eq!(message.flags.has_reply_path(), first_octet & 0x80 != 0);
            assert_eq!(message.flags.was_passed_on(), first_octet & 0x08 != 0);
        }
    }

    #[test]
    fn a_message_cut_anywhere_is_refused_or_says_what_is_missing() {
        for end in 0..yes().len() {
            match Deliver::decode(&yes()[..end]) {
                Ok(message) => assert!(message.data.missing() > 0, "cut at {end}"),
                Err(error) => assert!(matches!(error, PduError::Short { .. }), "cut at {end}"),
            }
        }
    }
}
