//! SMS-STATUS-REPORT: the network's word on a message that was sent (TS 23.040 §9.2.2.3).

use super::reader::Reader;
use super::{Address, DeliveryStatus, Encoded, PduError, ServiceCentreTime};

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReport {
    /// The service centre that reports.
    pub service_centre: Option<Address>,
    /// TP-MR of the message, as the modem told it in `+CMGS:`.
    pub reference: u8,
    /// Who the message was for. Networks write it in another form than it was sent to.
    pub to: Address,
    /// When the service centre took the message.
    pub submitted: ServiceCentreTime,
    /// When it was delivered, given up or last tried.
    pub discharged: ServiceCentreTime,
    /// What became of it.
    pub status: DeliveryStatus,
    /// Whether more messages wait in the network (TP-MMS; on the wire the bit says: none).
    pub more_to_come: bool,
    /// Bits of the first octet that nobody here acts upon.
    pub flags: ReportFlags,
    /// What follows: TP-PI (§9.2.3.27) and the fields that it announces, or padding. Some networks
    /// announce fields that they do not send, so it is not read.
    pub rest: Vec<u8>,
}

/// TP-LP, TP-SRQ and TP-UDHI (§9.2.3.28, §9.2.3.26, §9.2.3.23).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReportFlags(u8);

impl ReportFlags {
    /// TP-SRQ: it answers a command, not a message.
    pub fn answers_a_command(self) -> bool {
        self.0 & 0x20 != 0
    }

    /// TP-LP: it was passed on already and is not to be passed on again.
    pub fn was_passed_on(self) -> bool {
        self.0 & 0x08 != 0
    }
}

const STATUS_REPORT: u8 = 0b10;
const KIND: u8 = 0b11;
const NO_MORE_MESSAGES: u8 = 0x04;
const OTHER_FLAGS: u8 = 0xE8;

impl StatusReport {
    /// Reads the octets after the service-centre address.
    ///
    /// # Errors
    /// Octets that are another kind of message, or none.
    pub fn decode(tpdu: &[u8]) -> Result<Self, PduError> {
        let reader = &mut Reader::new(tpdu);
        let first_octet = reader.octet("the first octet")?;
        if first_octet & KIND != STATUS_REPORT {
            return Err(PduError::Kind { first_octet, wanted: "a status report" });
        }
        Ok(Self {
            service_centre: None,
            reference: reader.octet("the message reference")?,
            to: Address::parse_octets(reader, "the recipient's address")?,
            submitted: ServiceCentreTime::from_raw(reader.seven("the service centre's time")?),
            discharged: ServiceCentreTime::from_raw(reader.seven("the discharge time")?),
            status: DeliveryStatus::from_octet(reader.octet("the status")?),
            more_to_come: first_octet & NO_MORE_MESSAGES == 0,
            flags: ReportFlags(first_octet & OTHER_FLAGS),
            rest: reader.rest().to_vec(),
        })
    }

    /// The octets as a modem lists them.
    pub fn encode(&self) -> Encoded {
        let no_more = if self.more_to_come { 0 } else { NO_MORE_MESSAGES };
        let mut tpdu = vec![STATUS_REPORT | no_more | self.flags.0, self.reference];
        self.to.emit(&mut tpdu);
        tpdu.extend(self.submitted.raw());
        tpdu.extend(self.discharged.raw());
        tpdu.push(self.status.octet());
        tpdu.extend(&self.rest);
        Encoded::new(self.service_centre.as_ref(), &tpdu)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdu::hex;

    const DELIVERED: &str = "062A0C91327107000010423010900300004230109003540000";

    #[test]
    fn a_report_is_read_and_written_alike() {
        let octets = hex::decode(DELIVERED).expect("hex of a test");
        let report = StatusReport::decode(&octets).expect("a report");
        assert_eq!(
            report,
            StatusReport {
                service_centre: None,
                reference: 42,
                to: Address::parse("+231770000001").expect("a number"),
                submitted: ServiceCentreTime::from_unix(1_709_285_400, 0),
                discharged: ServiceCentreTime::from_unix(1_709_285_445, 0),
                status: DeliveryStatus::Delivered(0),
                more_to_come: false,
                flags: ReportFlags::default(),
                rest: Vec::new(),
            }
        );
        assert_eq!(report.encode().tpdu(), octets);
    }

    #[test]
    fn flags_that_nobody_acts_upon_are_kept() {
        for first_octet in [0x02, 0x06, 0x0A, 0x22, 0x42, 0xEE] {
            let mut octets = hex::decode(DELIVERED).expect("hex of a test");
            octets[0] = first_octet;
            let report = StatusReport::decode(&octets).expect("a report");
            assert_eq!(report.encode().tpdu(), octets, "{first_octet:02X}");
            assert_eq!(report.flags.answers_a_command(), first_octet & 0x20 != 0);
            assert_eq!(report.flags.was_passed_on(), first_octet & 0x08 != 0);
        }
    }

    #[test]
    fn announced_fields_that_are_not_there_do_no_harm() {
        for rest in ["00", "07", "FFFFFF", "9FD6E494"] {
            let octets = hex::decode(&format!("{DELIVERED}{rest}")).expect("hex of a test");
            let report = StatusReport::decode(&octets).expect("a report");
            assert_eq!(hex::encode(&report.rest), rest);
            assert_eq!(report.encode().tpdu(), octets);
        }
    }
}
