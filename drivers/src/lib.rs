//! GSM modems.
