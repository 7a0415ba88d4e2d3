//! GSM modems: short messages over AT commands, and a simulated country to try them in.
//!
//! From the top down:
//!
//! - [`link`] drives one modem over one port: it moves bytes, commands, events and times. It is
//!   all there is of asynchronous code, together with [`port`].
//! - [`port`] is the only I/O: serial devices, PTYs, which USB stick is what, and recording.
//! - [`modem`] is the state machine of one stick, from plugged in to a message sent and its report
//!   received. What is odd about a maker's sticks is data, in its profiles.
//! - [`at`] turns bytes into lines and lines into words, each line once and for all.
//! - [`pdu`] turns octets into messages and messages into octets, and texts into the pieces that
//!   fit short messages and back.
//! - [`audio`] turns the sound of a call into keys and recordings, and prompts into sound.
//! - [`simulator`] is a country of the same shape as the real one: modems that answer AT as
//!   strictly as a stick does, a network that delays and loses, people who answer. It shares
//!   [`pdu`] with the drivers and nothing else, so that a mistake in one is seen by the other.
//!
//! Whatever has state here is turned by one rule: after every `handle_…`, drain each `poll_…`,
//! then wait for the next timeout or input.
//!
//! None of this knows the application; of these, only [`port`] and [`link`] know tokio and the
//! clock.

pub mod at;
pub mod audio;
pub mod link;
pub mod modem;
pub mod pdu;
pub mod port;
pub mod simulator;

/// The examples of README.md are compiled and run with the tests of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct ReadMe;
