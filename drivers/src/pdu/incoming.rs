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

/// Reads octets as a modem lists them, service-centre address first (TS 27.005 §3.1). A first octet
/// that cannot be the length of such an address means that the modem left the address out.
///
/// # Errors
/// Octets that are neither a message nor a report to us. Keep them and show them to a person.
pub fn decode_incoming(octets: &[u8]) -> Result<Incoming, PduError> {
    let mut reader = Reader::new(octets);
    let has_service_centre = octets.first().is_none_or(|first| *first <= LONGEST_SERVICE_CENTRE);
    let service_centre =
        if has_service_centre { Address::parse_service_centre(&mut reader)? } else { None };
    let tpdu = reader.rest();
    let Some(first_octet) = tpdu.first().copied() else {
        return Err(PduError::Short { field: "the first octet", needed: 1, left: 0 });
    };
    let mut reader = Reader::new(tpdu);
    match first_octet & 0b11 {
        0b00 => Deliver::parse(&mut reader, service_centre).map(Incoming::Deliver),
        0b10 => StatusReport::parse(&mut reader, service_centre).map(Incoming::StatusReport),
        _ => Err(PduError::Kind { first_octet, wanted: "a message or a report to us" }),
    }
}
