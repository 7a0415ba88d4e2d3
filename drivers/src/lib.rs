//! GSM modems.
pub mod simulator;
