//! What a modem lists: a message or a report, told apart by the first octet.

use super::reader::Reader;
use super::{Address, Deliver, PduError, StatusReport};

/// Something that the network sent us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A message.
    Deliver(Deliver),
    /// What became of a message of ours.
    StatusReport(StatusReport),
}

/// Octets that a service-centre address has at most, after its length octet.
const LONGEST_SERVICE_CENTRE: u8 = 11;

/// Reads octets as a modem lists them, service-centre address first (TS 27.005 §3.1).
///
/// # Errors
/// Octets that are neither a message nor a report to us. Keep them and show them to a person.
pub fn decode_incoming(octets: &[u8]) -> Result<Incoming, PduError> {
    let (service_centre, tpdu) = decode_service_centre(octets)?;
    let Some(first_octet) = tpdu.first().copied() else {
        return Err(PduError::Short { field: "the first octet", needed: 1, left: 0 });
    };
    match first_octet & 0b11 {
        0b00 => {
            let message = Deliver::decode(tpdu)?;
            Ok(Incoming::Deliver(Deliver { service_centre, ..message }))
        }
        0b10 => {
            let report = StatusReport::decode(tpdu)?;
            Ok(Incoming::StatusReport(StatusReport { service_centre, ..report }))
        }
        _ => Err(PduError::Kind { first_octet, wanted: "a message or a report to us" }),
    }
}

/// Takes the service-centre address off the front; what is left is the TPDU. A first octet that
/// cannot be the length of such an address means that the modem left the address out.
///
/// # Errors
/// Fewer octets than the address claims.
pub fn decode_service_centre(octets: &[u8]) -> Result<(Option<Address>, &[u8]), PduError> {
    if octets.first().is_some_and(|length| *length > LONGEST_SERVICE_CENTRE) {
        return Ok((None, octets));
    }
    let mut reader = Reader::new(octets);
    let service_centre = Address::parse_service_centre(&mut reader)?;
    Ok((service_centre, reader.rest()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdu::hex;

    const MESSAGE: &str = "040C9132710700001000004230109003000003F9F21C";
    const REPORT: &str = "062A0C91327107000010423010900300004230109003540000";

    fn read(octets: &str) -> Result<Incoming, PduError> {
        decode_incoming(&hex::decode(octets).expect("hex of a test"))
    }

    #[test]
    fn messages_and_reports_are_told_apart() {
        for front in ["00", "0791327107000090", "0297F1"] {
            let message = read(&format!("{front}{MESSAGE}"));
            assert!(matches!(message, Ok(Incoming::Deliver(_))), "{front}: {message:?}");
            let report = read(&format!("{front}{REPORT}"));
            assert!(matches!(report, Ok(Incoming::StatusReport(_))), "{front}: {report:?}");
        }
    }

    #[test]
    fn the_service_centre_is_kept() {
        let Ok(Incoming::Deliver(message)) = read(&format!("0791327107000090{MESSAGE}")) else {
            panic!("a message");
        };
        assert_eq!(message.service_centre, Address::parse("+231770000009").ok());
        assert_eq!(message.text(), Some("yes"));
    }

    #[test]
    fn a_modem_that_leaves_the_service_centre_out_is_understood() {
        let octets = format!("24{}", &MESSAGE[2..]);
        assert!(matches!(read(&octets), Ok(Incoming::Deliver(_))));
    }

    #[test]
    fn what_is_nothing_for_us_is_refused_in_words() {
        let told = |octets| read(octets).expect_err("refused").to_string();
        expect_test::expect![
            "the PDU ends too early: the service-centre address needs 1 octets, 0 are left"
        ]
        .assert_eq(&told(""));
        expect_test::expect!["the PDU ends too early: the first octet needs 1 octets, 0 are left"]
            .assert_eq(&told("00"));
        expect_test::expect!["the first octet 43 does not announce a message or a report to us"]
            .assert_eq(&told("0043010C91"));
    }
}
