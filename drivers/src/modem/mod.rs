//! The state machine of one modem: bytes, times and commands in; bytes and events out.
//!
//! It does no I/O and asks for no time. After every `handle_…`, drain each `poll_…`, then wait
//! for the next timeout, bytes or command. Turned by `link` over a real port, by the world over
//! the simulated country.

mod command;
mod event;
mod settings;

pub use command::{AttemptId, Command, Slot};
pub use event::{Event, Identity, Registration, Signal, Status, Storage, Trouble, Why};
pub use settings::Settings;

pub use crate::at::errors::{Cause, RetryClass};
