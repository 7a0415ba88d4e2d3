//! The nouns: plain values with nothing but their own invariants.
//!
//! No I/O, no clock, no SQL. Everybody above may use them; they know nobody.
//! Times are UTC (`jiff::Timestamp`); local time exists only in quiet hours and on screens.

mod answer;
mod attempt;
mod audience;
mod campaign;
mod channel;
mod contact;
mod ids;
mod language;
mod message;
mod phone_number;
mod run;
mod sound;
mod value;

pub use answer::{Answer, How};
pub use attempt::{Attempt, AttemptOutcome};
pub use audience::{Audience, WhoIsInAFlow, length_in_words};
pub use campaign::{Campaign, CampaignStatus, Disposition};
pub use channel::{Channel, Mode, Pace};
pub use contact::{Contact, ContactChange};
pub use ids::{
    AttemptId, CallId, CampaignId, ChannelId, ContactId, InboxId, MessageId, RunId, SegmentId,
};
pub use language::Language;
pub use message::{Direction, Message, MessageStatus, Priority, Repeat};
pub use phone_number::{NotANumber, PhoneNumber, Region};
pub use run::{Asks, Ended, Input, Run, RunStatus, Waiting};
pub use sound::{Awaits, Heard, Interrupts, Keys, Piece, Sound};
pub use value::{Place, Value};
