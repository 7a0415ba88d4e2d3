//! The kinds that pass between a phone and its service centre and that no modem lists: commands
//! and the reports that acknowledge a delivery or a submission (TS 23.040 §9.2.2.1a to §9.2.2.4).
//!
//! They are read so that a recording or a card's memory can be explained; nothing here sends them.

use super::reader::Reader;
use super::{Address, DataCoding, PduError, ServiceCentreTime, UserData};

/// Which side a message comes from: the same two bits mean other kinds (TS 23.040 §9.2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The network.
    ServiceCentre,
    /// A phone.
    Phone,
}

/// TP-MTI, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// A message to a phone.
    Deliver,
    /// A phone's word that it took one, or not.
    DeliverReport,
    /// A message from a phone.
    Submit,
    /// The service centre's word that it took one, or not.
    SubmitReport,
    /// What became of a message.
    StatusReport,
    /// A wish about a message that was sent before.
    Command,
    /// The two bits that the standard keeps for itself.
    Reserved,
}

impl MessageKind {
    /// The kind that a first octet announces.
    pub fn of(first_octet: u8, origin: Origin) -> Self {
        match (first_octet & 0b11, origin) {
            (0b00, Origin::ServiceCentre) => Self::Deliver,
            (0b00, Origin::Phone) => Self::DeliverReport,
            (0b01, Origin::ServiceCentre) => Self::SubmitReport,
            (0b01, Origin::Phone) => Self::Submit,
            (0b10, Origin::ServiceCentre) => Self::StatusReport,
            (0b10, Origin::Phone) => Self::Command,
            _ => Self::Reserved,
        }
    }

    /// The kind in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Deliver => "a delivered message",
            Self::DeliverReport => "an acknowledgement of a delivery",
            Self::Submit => "a message to send",
            Self::SubmitReport => "an acknowledgement of a message that was sent",
            Self::StatusReport => "a status report",
            Self::Command => "a command to the service centre",
            Self::Reserved => "a kind that the standard does not know",
        }
    }
}

/// SMS-DELIVER-REPORT or SMS-SUBMIT-REPORT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// TP-FCS (§9.2.3.22) of a refusal; none where the message was taken.
    pub refusal: Option<u8>,
    /// When the service centre took the message; only its own acknowledgements say so.
    pub time: Option<ServiceCentreTime>,
    /// TP-PID, where it is there.
    pub protocol: Option<u8>,
    /// TP-DCS, where it is there.
    pub coding: Option<DataCoding>,
    /// What it carries, where it carries something.
    pub data: Option<UserData>,
}

impl Acknowledgement {
    /// Reads one. TP-FCS is there only in a refusal, and no octet says so: its values begin at
    /// 0x80, which TP-PI never has, since that bit of it announces more octets of itself and
    /// nobody has any yet.
    ///
    /// # Errors
    /// Octets that are another kind of message, or end too early.
    pub fn decode(tpdu: &[u8], origin: Origin) -> Result<Self, PduError> {
        let reader = &mut Reader::new(tpdu);
        let first_octet = reader.octet("the first octet")?;
        match MessageKind::of(first_octet, origin) {
            MessageKind::DeliverReport | MessageKind::SubmitReport => {}
            MessageKind::Deliver
            | MessageKind::Submit
            | MessageKind::StatusReport
            | MessageKind::Command
            | MessageKind::Reserved => {
                return Err(PduError::Kind { first_octet, wanted: "an acknowledgement" });
            }
        }
        let octet = reader.octet("the parameter indicator")?;
        let (refusal, parameters) = match octet {
            0x80.. => (Some(octet), reader.octet("the parameter indicator")?),
            _ => (None, octet),
        };
        let time = match origin {
            Origin::Phone => None,
            Origin::ServiceCentre => {
                Some(ServiceCentreTime::from_raw(reader.seven("the service centre's time")?))
            }
        };
        let mut optional = |bit: u8, field| -> Result<Option<u8>, PduError> {
            (parameters & bit != 0).then(|| reader.octet(field)).transpose()
        };
        let protocol = optional(0x01, "the protocol identifier")?;
        let coding = optional(0x02, "the data coding scheme")?.map(DataCoding);
        let has_data = parameters & 0x04 != 0;
        let alphabet = coding.unwrap_or(DataCoding::GSM7);
        let data = has_data.then(|| UserData::parse(reader, first_octet, alphabet)).transpose()?;
        Ok(Self { refusal, time, protocol, coding, data })
    }
}

/// SMS-COMMAND (§9.2.2.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCommand {
    /// TP-MR of the command.
    pub reference: u8,
    /// TP-PID.
    pub protocol: u8,
    /// What is wished for.
    pub wish: Wish,
    /// TP-MR of the message that it is about.
    pub message: u8,
    /// Who that message was for.
    pub to: Address,
    /// TP-CD.
    pub data: Vec<u8>,
}

/// TP-CT (§9.2.3.19).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// What became of it?
    Enquire,
    /// Send no status report.
    CancelReport,
    /// Delete it.
    Delete,
    /// Send a status report.
    EnableReport,
    /// A value that is reserved or one service centre's own.
    Other(u8),
}

impl ServiceCommand {
    /// Reads one.
    ///
    /// # Errors
    /// Octets that are another kind of message, or end too early.
    pub fn decode(tpdu: &[u8]) -> Result<Self, PduError> {
        let reader = &mut Reader::new(tpdu);
        let first_octet = reader.octet("the first octet")?;
        if MessageKind::of(first_octet, Origin::Phone) != MessageKind::Command {
            return Err(PduError::Kind { first_octet, wanted: "a command to the service centre" });
        }
        let reference = reader.octet("the message reference")?;
        let protocol = reader.octet("the protocol identifier")?;
        let wish = match reader.octet("the command type")? {
            0 => Wish::Enquire,
            1 => Wish::CancelReport,
            2 => Wish::Delete,
            3 => Wish::EnableReport,
            other => Wish::Other(other),
        };
        let message = reader.octet("the number of the message")?;
        let to = Address::parse_octets(reader, "the destination address")?;
        let length = reader.octet("the length of the command's data")?;
        let data = reader.take(usize::from(length), "the command's data")?.to_vec();
        Ok(Self { reference, protocol, wish, message, to, data })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pdu::hex;

    fn octets(text: &str) -> Vec<u8> {
        hex::decode(text).expect("hex of a test")
    }

    #[test]
    fn the_same_bits_are_other_kinds_from_the_other_side() {
        use MessageKind::{
            Command, Deliver, DeliverReport, Reserved, StatusReport, Submit, SubmitReport,
        };
        for first_octet in 0..=u8::MAX {
            let at = usize::from(first_octet % 4);
            let from_centre = [Deliver, SubmitReport, StatusReport, Reserved][at];
            let from_phone = [DeliverReport, Submit, Command, Reserved][at];
            assert_eq!(MessageKind::of(first_octet, Origin::ServiceCentre), from_centre);
            assert_eq!(MessageKind::of(first_octet, Origin::Phone), from_phone);
            assert!(!from_phone.words().is_empty());
        }
    }

    #[test]
    fn acknowledgements_from_both_sides_are_read() {
        let taken = Acknowledgement::decode(&octets("0000"), Origin::Phone).expect("taken");
        assert_eq!((taken.refusal, taken.protocol, taken.data), (None, None, None));
        let refused = Acknowledgement::decode(&octets("00D300"), Origin::Phone).expect("refused");
        assert_eq!(refused.refusal, Some(0xD3));
        let full = octets("010742301090030000000003F9F21C");
        let told = Acknowledgement::decode(&full, Origin::ServiceCentre).expect("taken");
        assert_eq!(told.time.and_then(|time| time.unix_seconds()), Some(1_709_285_400));
        assert_eq!(told.data.as_ref().and_then(UserData::text), Some("yes"));
        for end in 0..full.len() {
            let cut = Acknowledgement::decode(&full[..end], Origin::ServiceCentre);
            assert!(cut.is_err() || end > 12, "{end}: {cut:?}");
        }
    }

    #[test]
    fn commands_are_read() {
        for (kind, wish) in [
            ("00", Wish::Enquire),
            ("01", Wish::CancelReport),
            ("02", Wish::Delete),
            ("03", Wish::EnableReport),
            ("E0", Wish::Other(0xE0)),
        ] {
            let text = format!("020700{kind}2A0C9132710700001002ABCD");
            let command = ServiceCommand::decode(&octets(&text)).expect("a command");
            assert_eq!((command.wish, command.message, command.data.len()), (wish, 0x2A, 2));
            assert_eq!(command.to.to_string(), "+231770000001");
        }
        expect_test::expect![
            "the first octet 01 does not announce a command to the service centre"
        ]
        .assert_eq(&ServiceCommand::decode(&[1]).expect_err("a message").to_string());
    }

    proptest! {
        #[test]
        fn no_octets_make_reading_panic(octets in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = ServiceCommand::decode(&octets);
            let _ = Acknowledgement::decode(&octets, Origin::Phone);
            let _ = Acknowledgement::decode(&octets, Origin::ServiceCentre);
        }
    }
}
