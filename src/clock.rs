//! The only place that asks what time it is.
//!
//! A laptop without a battery wakes up in the past. The clock never gives a time before the
//! newest row in the store, and never goes back while the program runs.
#![expect(clippy::disallowed_methods, reason = "this is the one place that asks for the time")]

use jiff::Timestamp;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

/// The office's clock.
#[derive(Clone, Debug)]
pub struct Clock {
    newest: Timestamp,
}

impl Clock {
    /// A clock that is never before this time.
    pub fn new(not_before: Timestamp) -> Clock {
        Clock { newest: not_before }
    }

    /// What time it is, never before what it said last.
    pub fn now(&mut self) -> Timestamp {
        self.newest = self.newest.max(wall());
        self.newest
    }
}

/// What the computer says the time is.
pub fn wall() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The instant that the drivers count from.
pub fn instant() -> Instant {
    Instant::now()
}

/// How long the program has run, for measuring how long something takes.
pub fn stopwatch() -> Duration {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    BEGUN.get_or_init(Instant::now).elapsed()
}
