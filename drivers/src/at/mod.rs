//! Lines ⇄ words: what passes between a computer and a modem, V.250, TS 27.005, TS 27.007.
//!
//! `lines` cuts bytes into lines, `line` says once what each line is, `fields` what it says,
//! (`registration`, `network`, `offers`, `tries`, `calls`, `ussd`, `text_mode` for the longer ones),
//! `commands` knows every command that is ever given, `errors` what a refusal means, `releases`
//! how a call ended. It keeps no
//! history of a modem and waits for nothing: that is `modem`, the only one that uses it.

pub mod calls;
pub mod commands;
pub mod errors;
pub mod fields;
pub mod line;
pub mod lines;
pub mod network;
pub mod offers;
pub mod registration;
pub mod releases;
pub mod text_mode;
pub mod tries;
pub mod ussd;

mod causes;
