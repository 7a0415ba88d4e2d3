//! A text, either way, and the life of one that goes out.

use super::{ChannelId, ContactId, MessageId, PhoneNumber, RunId};
use jiff::Timestamp;

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From a person to the office.
    In,
    /// From the office to a person.
    Out,
}

/// The life of an outgoing message. `Uncertain` is a word of the domain, not an error:
/// it may have left, and it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageStatus {
    /// Waits for its turn.
    Queued,
    /// At least one segment is with a modem or has left, not all.
    Sending,
    /// The network took every segment.
    Sent,
    /// The phone took every segment, by the network's report.
    Delivered,
    /// It may have left or not; evidence is awaited.
    Uncertain,
    /// It did not go and will not.
    Failed,
    /// Taken back before it left: stopped, cancelled, or answered meanwhile.
    Cancelled,
    /// Too old to be sent when its turn came.
    Expired,
}

impl MessageStatus {
    /// The word in the store, on screens and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            MessageStatus::Queued => "queued",
            MessageStatus::Sending => "sending",
            MessageStatus::Sent => "sent",
            MessageStatus::Delivered => "delivered",
            MessageStatus::Uncertain => "uncertain",
            MessageStatus::Failed => "failed",
            MessageStatus::Cancelled => "cancelled",
            MessageStatus::Expired => "expired",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<MessageStatus> {
        use MessageStatus::*;
        [Queued, Sending, Sent, Delivered, Uncertain, Failed, Cancelled, Expired]
            .into_iter()
            .find(|status| status.as_str() == word)
    }
}

/// Who goes first. Lower is sooner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// The next question to a person who has just answered; a word of STOP or HELP.
    Answer = 0,
    /// A person in the office wrote it.
    Personal = 1,
    /// A reminder.
    Reminder = 2,
    /// The first question of a campaign.
    Bulk = 3,
}

/// Whether an uncertain message may be sent a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Questions: asking twice is better than never.
    Once,
    /// Money, codes, one-off notices: never twice; a person decides.
    Never,
}

/// A message as the office lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The row.
    pub id: MessageId,
    /// Which way it goes.
    pub direction: Direction,
    /// The person, where known.
    pub contact: Option<ContactId>,
    /// The other side's number; `None` for an alphanumeric sender or short code.
    pub number: Option<PhoneNumber>,
    /// The channel it came or goes by.
    pub channel: Option<ChannelId>,
    /// The run it belongs to.
    pub run: Option<RunId>,
    /// The text.
    pub text: String,
    /// The status of an outgoing one.
    pub status: MessageStatus,
    /// When it was made.
    pub created_at: Timestamp,
}
