//! One contact's way through one flow.

use super::{Answer, Language, Mode};
use std::collections::BTreeMap;

/// The state that the engine reads and returns. The store adds ids and times around it.
///
/// `answers` holds the newest answer to each question; the store keeps all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// How the person is reached now.
    pub mode: Mode,
    /// The language the run speaks.
    pub language: Language,
    /// What it waits for, or how it ended.
    pub status: RunStatus,
    /// The newest answer to each question.
    pub answers: BTreeMap<String, Answer>,
    /// Counts turns. A timer carries the turn it was set in and does nothing in a later one.
    pub turn: u32,
}

/// Where a run stands.
#[derive(Clone, Debug, PartialEq)]
pub enum RunStatus {
    /// Waits for the person at a question.
    Waiting(Waiting),
    /// Over.
    Ended(Ended),
}

/// The question a run waits at.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// The question's id.
    pub question: String,
    /// How many replies to it were not understood so far.
    pub tries: u8,
    /// How often it was said again because nothing came: reminders by SMS, silences by call.
    pub reminders: u8,
    /// A value that was proposed ("Did you mean …?") and awaits a yes; `None` otherwise.
    pub proposed: Option<super::Value>,
    /// What they were asked there.
    pub asks: Asks,
}

impl Waiting {
    /// Waits at a question that was just asked.
    pub fn at(question: impl Into<String>) -> Waiting {
        Waiting {
            question: question.into(),
            tries: 0,
            reminders: 0,
            proposed: None,
            asks: Asks::Answer,
        }
    }
}

/// What a person is asked where a run waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// The answer.
    Answer,
    /// Which of their answers they want to correct.
    WhichAnswer,
    /// By call, in which language they want to be asked at all.
    WhichLanguage,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    /// The last question was answered; the ending's name (`done`).
    Completed(String),
    /// A rule of the flow ended it early; the ending's name (`not_staff`).
    EndedEarly(String),
    /// Nobody answered in time.
    Expired,
    /// The person said STOP.
    Stopped,
    /// The office ended it.
    Cancelled,
    /// The flow asked for a person in the office.
    NeedsPerson,
    /// Something is broken, in plain words.
    Failed(String),
}

/// What a person did, or did not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A text came.
    Text(String),
    /// Nothing came, and the question's reminder is due.
    Silence,
    /// Nothing came, and the run's time is over.
    Expired,
    /// The person said STOP.
    Stop,
    /// The office ended it.
    Cancel,
    /// By call, these keys were pressed, without the `#` that ended them.
    Keys(String),
    /// By call, no key was pressed, or nobody spoke.
    NoKey,
    /// By call, an answer was recorded: where the recording lies in the office's data folder.
    Recorded(String),
    /// The call is over. The run waits on at its question.
    HungUp,
    /// The person is reached in this way now, and is asked the same question again.
    GoOnBy(Mode),
}
