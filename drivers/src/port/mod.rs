//! The only I/O of this crate: what bytes travel through on their way to a modem.

#[cfg(unix)]
pub mod pty;
