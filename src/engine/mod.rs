//! The interpreter: `(flow, contact, run, input) → turn`. Pure, total, bounded.
//!
//! It returns what should happen and touches nothing. Who uses it: the switchboard for people,
//! `flow test` and `flow try` for authors, the world for simulated months.

mod answer;
mod call;
mod condition;
mod conversation;
mod cost;
#[cfg(test)]
mod flow_in_flow;
mod keywords;
mod lengths;
mod migrate;
mod moves;
mod route;
#[cfg(test)]
mod rules_tests;
#[cfg(test)]
mod skip_tests;
pub mod spoken;
mod turn;
mod wording;

pub use answer::{Asked, HowRead, Reading, read_reply, refuses};
pub use conversation::{
    Failure, REFUSED, SPOKEN, UNANSWERED, ending, input, is_call_over, play, prove, said,
    spoken_words, started,
};
pub use cost::{Amount, Cost, Habits, cost, time_to_send};
pub use keywords::{Keyword, keyword};
pub use lengths::{SentText, instead_of, sent_as, sent_texts};
pub use migrate::{Becomes, Why, becomes};
pub use moves::{is_fix, is_move, is_next};
pub use turn::{advance, begin};
pub use wording::standing_text;

use crate::flow::NextFlow;
use crate::model::{Answer, Awaits, ContactChange, Piece, Run};
use jiff::civil::Date;
use std::time::Duration;

/// How many messages one turn may say.
pub const MESSAGES_PER_TURN: usize = 5;

/// What the engine must be told of the world: the office's day and country.
#[derive(Clone, Copy, Debug)]
pub struct Today {
    /// The office's calendar day.
    pub date: Date,
    /// The office's country, for phone numbers.
    pub region: crate::model::Region,
}

/// One input and all that follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// The run as it is now.
    pub run: Run,
    /// What happens, in order.
    pub effects: Vec<Effect>,
    /// The timers of the question now waited at; they start when its message has left the modem.
    pub timers: Option<Timers>,
}

/// What a turn asks the outside to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Say this; no answer is awaited.
    Say(String),
    /// Ask this and wait.
    Ask {
        /// The question's id.
        question: String,
        /// The whole text: choices added, placeholders filled.
        text: String,
    },
    /// By call, play this; no answer is awaited. Where the run waits and nothing is asked in the same
    /// turn, or it has ended, the call is over when it was played.
    Play(Vec<Piece>),
    /// By call, play this, after what the same turn plays before it, and wait.
    AskByCall {
        /// The question's id.
        question: String,
        /// What is played.
        pieces: Vec<Piece>,
        /// What is waited for.
        awaits: Awaits,
    },
    /// Keep this answer, understood or not.
    Record(Answer),
    /// Change the contact.
    Change(ContactChange),
    /// Hand the person over to somebody in the office; the reason in plain words.
    Hand(String),
    /// Begin another flow for this person at the same number, once its time has come.
    StartFlow(NextFlow),
}

/// When the person is reminded, and when the run ends by itself, counted from the moment the
/// question's message really left the modem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timers {
    /// The next reminder, if one is left.
    pub remind_after: Option<Duration>,
    /// The end of the run.
    pub expires_after: Duration,
}
