//! GSM modems.
pub mod pdu;
pub mod simulator;
