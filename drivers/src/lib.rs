//! GSM modems.
pub mod at;
pub mod link;
pub mod modem;
pub mod pdu;
pub mod port;
pub mod simulator;
