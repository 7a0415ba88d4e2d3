//! A PDU ready for a modem.

use super::{Address, hex};

/// Octets as a modem takes and lists them: the service-centre address, then the TPDU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// All octets, the service-centre address in front (`00` where the modem shall use its own).
    pub octets: Vec<u8>,
    /// Octets after the service-centre address: the number in `AT+CMGS=` and `+CMT:`
    /// (TS 27.005 §3.1, `<length>`).
    pub tpdu_len: usize,
}

impl Encoded {
    pub(super) fn new(service_centre: Option<&Address>, tpdu: &[u8]) -> Self {
        let mut octets = Vec::with_capacity(tpdu.len() + 12);
        Address::emit_service_centre(service_centre, &mut octets);
        octets.extend_from_slice(tpdu);
        Self { octets, tpdu_len: tpdu.len() }
    }

    /// The octets as a modem wants them typed.
    pub fn hex(&self) -> String {
        hex::encode(&self.octets)
    }

    /// The octets without the service-centre address.
    pub fn tpdu(&self) -> &[u8] {
        &self.octets[self.octets.len() - self.tpdu_len..]
    }
}
