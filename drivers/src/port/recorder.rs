//! Writes down what passes a port in both directions, around any port.
//!
//! The last 500 entries are kept in memory, so that what led to a trouble can be shown; whoever
//! needs all of them takes them as they come. The form is `transcript`'s.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::transcript::{Direction, Entry, asked};
use crate::modem::Command;

/// How many entries are kept.
pub const KEPT: usize = 500;

/// An entry is not made longer than this, in octets.
const LONGEST_ENTRY: usize = 512;

/// What passed a port lately. Copies are the same tape.
#[derive(Debug, Clone)]
pub struct Tape {
    reel: Arc<Mutex<Reel>>,
}

#[derive(Debug)]
struct Reel {
    begun: Instant,
    entries: VecDeque<Entry>,
}

/// A port that is recorded.
#[derive(Debug)]
pub struct Recorder<P> {
    port: P,
    tape: Tape,
}

impl Tape {
    /// An empty tape whose time begins at `now`.
    pub fn new(now: Instant) -> Tape {
        let entries = VecDeque::with_capacity(KEPT);
        Tape { reel: Arc::new(Mutex::new(Reel { begun: now, entries })) }
    }

    /// The last [`KEPT`] entries, the oldest first, a line each.
    pub fn lines(&self) -> Vec<String> {
        self.with(|reel| reel.entries.iter().map(Entry::to_string).collect())
    }

    /// Takes all entries off the tape.
    pub fn take(&self) -> Vec<Entry> {
        self.with(|reel| reel.entries.drain(..).collect())
    }

    /// Puts on the tape what the application asks of the modem: without it a dialogue cannot be
    /// followed, or replayed.
    pub fn note(&self, command: &Command) {
        self.record(Direction::Asked, asked(command).as_bytes());
    }

    #[expect(clippy::disallowed_methods, reason = "a port is where bytes meet the time")]
    fn record(&self, direction: Direction, bytes: &[u8]) {
        self.with(|reel| reel.record(Instant::now(), direction, bytes));
    }

    fn with<T>(&self, act: impl FnOnce(&mut Reel) -> T) -> T {
        act(&mut self.reel.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Reel {
    /// Adds to the entry before where a line comes in pieces. What is written is never in pieces.
    fn record(&mut self, now: Instant, direction: Direction, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if let Some(last) = self.entries.back_mut()
            && (last.direction, direction) == (Direction::FromModem, Direction::FromModem)
            && !last.bytes.ends_with(b"\n")
            && last.bytes.len() + bytes.len() <= LONGEST_ENTRY
        {
            last.bytes.extend_from_slice(bytes);
            return;
        }
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        let at = now.saturating_duration_since(self.begun);
        self.entries.push_back(Entry { at, direction, bytes: bytes.to_vec() });
    }
}

impl<P> Recorder<P> {
    /// Records `port` on `tape`.
    pub fn new(port: P, tape: Tape) -> Recorder<P> {
        Recorder { port, tape }
    }
}

impl<P: AsyncRead + Unpin> AsyncRead for Recorder<P> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let result = ready!(Pin::new(&mut self.port).poll_read(context, into));
        self.tape.record(Direction::FromModem, &into.filled()[before..]);
        Poll::Ready(result)
    }
}

impl<P: AsyncWrite + Unpin> AsyncWrite for Recorder<P> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.port).poll_write(context, bytes));
        if let Ok(length) = written {
            self.tape.record(Direction::ToModem, &bytes[..length]);
        }
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.port).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.port).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "an Instant can be made in no other way")]
    fn reel() -> Reel {
        Reel { begun: Instant::now(), entries: VecDeque::new() }
    }

    #[test]
    fn a_line_in_pieces_is_one_entry() {
        let mut reel = reel();
        let at = |seconds| reel_time(&reel, seconds);
        let (first, second) = (at(1), at(2));
        reel.record(first, Direction::ToModem, b"AT\r");
        reel.record(first, Direction::FromModem, b"\r\nO");
        reel.record(second, Direction::FromModem, b"K\r\n");
        reel.record(second, Direction::FromModem, b"\r\nRING\r\n");
        let lines: Vec<_> = reel.entries.iter().map(Entry::to_string).collect();
        let expected = ["1.000 > AT\\r", "1.000 < \\r\\nOK\\r\\n", "2.000 < \\r\\nRING\\r\\n"];
        assert_eq!(lines, expected);
    }

    fn reel_time(reel: &Reel, seconds: u64) -> Instant {
        reel.begun + Duration::from_secs(seconds)
    }

    #[test]
    fn only_the_last_entries_are_kept() {
        let mut reel = reel();
        for number in 0..KEPT + 7 {
            reel.record(reel.begun, Direction::FromModem, format!("{number}\n").as_bytes());
        }
        assert_eq!(reel.entries.len(), KEPT);
        assert_eq!(reel.entries[0].bytes, b"7\n");
    }
}
