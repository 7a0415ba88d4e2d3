//! One try at the outer world, append-only: "why did Mary not get it?" is answered from here.

use super::{AttemptId, ChannelId, SegmentId};
use jiff::Timestamp;

/// A try at sending one segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The row; the modem echoes it.
    pub id: AttemptId,
    /// What is sent.
    pub segment: SegmentId,
    /// By which channel.
    pub channel: ChannelId,
    /// When it was written down, before the first byte left.
    pub began_at: Timestamp,
    /// How it ended; `None` while it is open.
    pub outcome: Option<AttemptOutcome>,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The network took it, under this reference where the modem told one.
    Sent(Option<u8>),
    /// It surely did not leave, and why.
    NotSent(String),
    /// It may have left: no result came, or we were not there to hear it.
    Uncertain(String),
}

impl AttemptOutcome {
    /// The word in the store.
    pub fn as_str(&self) -> &'static str {
        match self {
            AttemptOutcome::Sent(_) => "sent",
            AttemptOutcome::NotSent(_) => "not_sent",
            AttemptOutcome::Uncertain(_) => "uncertain",
        }
    }
}
