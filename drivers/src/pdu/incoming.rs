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
