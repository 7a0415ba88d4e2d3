//! Rollcall: questionnaires and alerts over plain mobile phones, from one laptop with GSM modems.
//!
//! The layers, from the nouns up to the doors; each knows only those above it in this list:
//!
//! - [`model`]: the nouns. Plain values.
//! - [`flow`]: the language. YAML in, a checked flow or a list of problems out. Pure.
//! - [`engine`]: the interpreter. `(flow, run, input) → turn`. Pure, total, bounded.
//! - [`store`]: the memory. The only SQL.
//! - [`switchboard`]: the decisions. One event, one transaction, then commands.
//! - [`people`]: who lives in a simulated country, read from a table.
//! - [`cli`]: the commands. A door: it reads what was typed and decides nothing.
pub mod cli;
pub mod clock;
pub mod config;
pub mod contacts;
pub mod control;
pub mod engine;
pub mod flow;
pub mod logging;
pub mod model;
pub mod modems;
pub mod office;
pub mod people;
pub mod service;
pub mod store;
pub mod switchboard;
pub mod translations;
pub mod world;

#[cfg(test)]
mod tidy;
