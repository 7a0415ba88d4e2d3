//! SMS-SUBMIT: a message to send (TS 23.040 §9.2.2.2).

use super::reader::Reader;
use super::{Address, Body, DataCoding, Encoded, Part, PduError, Piece, UserData, Validity};

/// A message from a phone to the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submit {
    /// The service centre to use; none for the one that the SIM knows.
    pub service_centre: Option<Address>,
    /// Who shall get it.
    pub to: Address,
    /// TP-MR (§9.2.3.6). Most modems put their own number in its place.
    pub reference: u8,
    /// TP-PID (§9.2.3.9); 0 for plain messages.
    pub protocol: u8,
    /// How the user data is to be read.
    pub coding: DataCoding,
    /// Whether the network shall report what became of it.
    pub report: ReportRequest,
    /// What the network does with a second message of the same reference and address.
    pub duplicates: Duplicates,
    /// TP-RP (§9.2.3.17): the answer may go through the same service centre.
    pub reply_path: bool,
    /// How long the network keeps trying; none for as long as it likes.
    pub validity: Option<Validity>,
    /// What it carries.
    pub data: UserData,
}

/// TP-SRR (§9.2.3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportRequest {
    /// No report.
    No,
    /// A status report when the message is delivered or given up.
    Yes,
}

/// TP-RD (§9.2.3.25).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicates {
    /// Take it.
    Accept,
    /// Refuse it while the first is held: cause 197 then means that the first was taken.
    Reject,
}

const SUBMIT: u8 = 0b01;
const KIND: u8 = 0b11;
const REJECT_DUPLICATES: u8 = 0x04;
const REPORT: u8 = 0x20;
const REPLY_PATH: u8 = 0x80;

impl Submit {
    /// One piece of a text (`split`) for somebody; no report, no validity period.
    pub fn new(to: Address, piece: Piece) -> Self {
        Self {
            service_centre: None,
            to,
            reference: 0,
            protocol: 0,
            coding: piece.coding,
            report: ReportRequest::No,
            duplicates: Duplicates::Accept,
            reply_path: false,
            validity: None,
            data: piece.data,
        }
    }

    /// Reads the octets after the service-centre address.
    ///
    /// # Errors
    /// Octets that are another kind of message, or none.
    pub fn decode(tpdu: &[u8]) -> Result<Self, PduError> {
        let reader = &mut Reader::new(tpdu);
        let first_octet = reader.octet("the first octet")?;
        if first_octet & KIND != SUBMIT {
            return Err(PduError::Kind { first_octet, wanted: "a message to send" });
        }
        let report = if first_octet & REPORT == 0 { ReportRequest::No } else { ReportRequest::Yes };
        let reject = first_octet & REJECT_DUPLICATES != 0;
        let duplicates = if reject { Duplicates::Reject } else { Duplicates::Accept };
        let reference = reader.octet("the message reference")?;
        let to = Address::parse_octets(reader, "the destination address")?;
        let protocol = reader.octet("the protocol identifier")?;
        let coding = DataCoding(reader.octet("the data coding scheme")?);
        let validity = Validity::parse(reader, first_octet)?;
        let data = UserData::parse(reader, first_octet, coding)?;
        let reply_path = first_octet & REPLY_PATH != 0;
        Ok(Self {
            service_centre: None,
            to,
            reference,
            protocol,
            coding,
            report,
            duplicates,
            reply_path,
            validity,
            data,
        })
    }

    /// The octets as a modem takes them.
    pub fn encode(&self) -> Encoded {
        let mut tpdu = vec![self.first_octet(), self.reference];
        self.to.emit(&mut tpdu);
        tpdu.push(self.protocol);
        tpdu.push(self.coding.0);
        if let Some(validity) = self.validity {
            validity.emit(&mut tpdu);
        }
        self.data.emit(&mut tpdu);
        Encoded::new(self.service_centre.as_ref(), &tpdu)
    }

    fn first_octet(&self) -> u8 {
        let report = match self.report {
            ReportRequest::No => 0,
            ReportRequest::Yes => REPORT,
        };
        let duplicates = match self.duplicates {
            Duplicates::Accept => 0,
            Duplicates::Reject => REJECT_DUPLICATES,
        };
        let reply_path = if self.reply_path { REPLY_PATH } else { 0 };
        let validity = Validity::format(self.validity);
        SUBMIT | report | duplicates | reply_path | validity | self.data.header_indicator()
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
    use crate::pdu::{ReferenceWidth, ServiceCentreTime, split};

    fn question() -> Submit {
        let pieces = split("yes", 0, ReferenceWidth::Eight).expect("one piece");
        let to = Address::parse("+231770000001").expect("a number");
        Submit::new(to, pieces[0].clone())
    }

    #[test]
    fn the_plainest_message_leaves_everything_to_the_network() {
        let encoded = question().encode();
        assert_eq!(encoded.hex(), "0001000C91327107000010000003F9F21C");
        assert_eq!(encoded.tpdu_len, 16);
    }

    #[test]
    fn every_wish_has_its_bits() {
        let report = Submit { report: ReportRequest::Yes, reference: 7, ..question() };
        assert_eq!(report.encode().hex(), "0021070C91327107000010000003F9F21C");
        let once = Submit { duplicates: Duplicates::Reject, ..question() };
        assert_eq!(once.encode().hex(), "0005000C91327107000010000003F9F21C");
        let a_day = Submit { validity: Some(Validity::from_minutes(1440)), ..question() };
        assert_eq!(a_day.encode().hex(), "0011000C913271070000100000A703F9F21C");
        let through = Address::parse("+231770000009").ok();
        let routed = Submit { service_centre: through, reply_path: true, ..question() };
        assert_eq!(routed.encode().hex(), "079132710700009081000C91327107000010000003F9F21C");
        assert_eq!(routed.encode().tpdu_len, 16);
    }

    #[test]
    fn what_is_written_is_read() {
        let until = ServiceCentreTime::from_unix(1_709_285_400, -14);
        for validity in [
            None,
            Some(Validity::Relative(167)),
            Some(Validity::Absolute(until)),
            Some(Validity::Enhanced([0x42, 3, 0, 0, 0, 0, 0])),
        ] {
            let report = ReportRequest::Yes;
            let duplicates = Duplicates::Reject;
            let submit = Submit { validity, report, duplicates, protocol: 0x40, ..question() };
            assert_eq!(Submit::decode(submit.encode().tpdu()), Ok(submit));
        }
    }

    #[test]
    fn a_template_without_an_address_is_read() {
        let submit = Submit::decode(&[0x01, 0xFF, 0x00, 0x81, 0x00, 0x00, 0x00]);
        assert_eq!(submit.map(|submit| submit.to.to_string()), Ok(String::new()));
    }

    #[test]
    fn another_kind_is_refused_in_words() {
        let refused = Submit::decode(&[0x04, 0x00]).expect_err("a delivered message");
        expect_test::expect!["the first octet 04 does not announce a message to send"]
            .assert_eq(&refused.to_string());
    }
}
