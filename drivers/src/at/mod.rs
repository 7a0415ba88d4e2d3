//! Lines ⇄ words: what passes between a computer and a modem, V.250, TS 27.005, TS 27.007.
//!
//! `lines` cuts bytes into lines, `line` says once what each line is, `fields` what it says,
//! `commands` knows every command that is ever given, `errors` what a refusal means. It keeps no
//! history of a modem and waits for nothing: that is `modem`, the only one that uses it.

pub mod commands;
pub mod errors;
pub mod fields;
pub mod line;
pub mod lines;

mod causes;
