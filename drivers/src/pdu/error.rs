//! Why octets are not a message, in words.
//!
//! Whoever gets one of these keeps the raw octets and sets the message aside for a person; it is
//! never acknowledged and dropped.

use super::hex::HexError;

/// Why something could not be read as, or written as, a PDU.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PduError {
    /// The text of the PDU is not hexadecimal.
    #[error(transparent)]
    Hex(#[from] HexError),
    /// The octets end inside or before a field.
    #[error("the PDU ends too early: {field} needs {needed} octets, {left} are left")]
    Short {
        /// The field that could not be read.
        field: &'static str,
        /// Octets that the field needs.
        needed: usize,
        /// Octets that were left.
        left: usize,
    },
    /// TP-MTI (TS 23.040 §9.2.3.1) is not the kind of message asked for.
    #[error("the first octet {first_octet:02X} does not announce {wanted}")]
    Kind {
        /// The first octet of the TPDU.
        first_octet: u8,
        /// The kind that was wanted.
        wanted: &'static str,
    },
    /// An address is longer than the 20 semi-octets of TS 23.040 §9.1.2.5.
    #[error("the {field} claims {semi_octets} semi-octets; an address has 20 at most")]
    AddressLength {
        /// Which address.
        field: &'static str,
        /// Its claimed length in semi-octets.
        semi_octets: usize,
    },
    /// A text that is neither a number nor a name of eleven letters.
    #[error("{0:?} is neither a phone number nor a sender's name of 11 GSM letters at most")]
    AddressText(String),
    /// The user data header is longer than the user data.
    #[error("the header claims {claimed} octets of the {present} octets of user data")]
    Header {
        /// Octets that the header claims, its length octet included.
        claimed: usize,
        /// Octets of user data present.
        present: usize,
    },
    /// A text has letters that its alphabet does not have.
    #[error("the GSM 7-bit alphabet has no {0:?}")]
    NotInAlphabet(char),
    /// A text that takes more messages than there are numbers for its parts.
    #[error(transparent)]
    TextTooLong(#[from] super::TextTooLong),
    /// More user data than one message carries.
    #[error("{octets} octets of user data; one message carries 140")]
    TooLong {
        /// Octets that the user data would have.
        octets: usize,
    },
}
