//! The only I/O of this crate: opening, finding and recording ports.
//!
//! A port is anything that reads and writes bytes (tokio's `AsyncRead + AsyncWrite`); what is
//! said over it is `modem`'s business. Used by `link` and by the application's doors.

pub mod discover;
pub mod disguised;
#[cfg(unix)]
pub mod pty;
pub mod recorder;
pub mod serial;
pub mod sound;
pub mod transcript;
pub mod usb;
pub mod voice;
