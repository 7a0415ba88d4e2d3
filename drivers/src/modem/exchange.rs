//! The one command in flight, and what it is for.
//!
//! A modem answers one command at a time, and nothing in an answer says to which command it
//! belongs. So at most one is open, and everything that ends it goes through here.

use std::time::{Duration, Instant};

use super::command::Place;
use super::doubt::Doubt;
use super::health::Poll;
use super::sending::Outgoing;
use super::sounding::SoundPart;
use super::steps::Step;
use super::ussd::Part;
use crate::at::commands::{Answer, Request};
use crate::at::errors::Cause;
use crate::at::fields;
use crate::at::line::{self, Asked, Line, Spontaneous};
use crate::at::releases::Release;

/// What a command is for.
#[derive(Debug)]
pub(super) enum Job {
    /// To see that both sides mean the same command.
    Question(Request),
    /// A step of the set-up.
    Step(Step, Request),
    /// To see how the modem is.
    Poll(Poll),
    /// To reach the messages in another memory.
    Select(String),
    /// To find messages in a memory that nobody told of.
    List(String),
    /// To take a message.
    Read(Place),
    /// To delete a message.
    Forget(Place),
    /// To say that a message which was handed over is safe.
    Acknowledge(u32, Request),
    /// To keep the link to the network open between messages.
    KeepLink,
    /// To see whether it is kept.
    LinkKept,
    /// To send a message.
    Send(Outgoing),
    /// To call a number.
    Dial(String),
    /// To answer the call that rings.
    PickUp,
    /// To end the call.
    HangUp,
    /// To refuse the call that knocks.
    RefuseWaiting,
    /// To see which calls there are.
    Calls,
    /// To have the sound of the call.
    Sound(SoundPart),
    /// To ask the network's services.
    Ussd(Part),
}

/// A command in flight.
#[derive(Debug)]
pub(super) struct Exchange {
    pub job: Job,
    pub form: String,
    pub patience: Duration,
    pub answer: Vec<String>,
    /// When it was given; a text, when it was handed over.
    pub given: Instant,
    pub doubt: Doubt,
    expected: Answer,
}

/// Lines of an answer that are kept; no answer of ours has more.
const LONGEST_ANSWER: usize = 256;

impl Exchange {
    pub fn new(given: Instant, job: Job) -> Exchange {
        let row = job.request().row();
        Exchange {
            job,
            form: row.form,
            patience: row.patience,
            answer: Vec::new(),
            given,
            doubt: Doubt::default(),
            expected: row.answer,
        }
    }

    /// Keeps a line of the answer.
    pub fn keep(&mut self, text: String) {
        if self.answer.len() < LONGEST_ANSWER {
            self.answer.push(text);
        }
    }

    /// Whether the command waits for its prompt: nothing has been handed over.
    pub fn awaits_prompt(&self) -> bool {
        matches!(&self.job, Job::Send(outgoing) if !outgoing.handed_over)
    }

    /// Whether a final result can be this command's.
    ///
    /// An `OK` without what was asked for answers an older command, one of an earlier program
    /// perhaps; an `OK` where a prompt is due likewise.
    pub fn may_be_ended_by(&self, outcome: &Result<(), Cause>) -> bool {
        match (&self.job, outcome) {
            (_, Err(_)) => true,
            (Job::Question(Request::Imei), Ok(())) => {
                self.answer.iter().any(|line| fields::imei(line).is_some())
            }
            (Job::Question(_), Ok(())) => !self.answer.is_empty(),
            (Job::Send(outgoing), Ok(())) => outgoing.handed_over,
            (
                Job::Step(..)
                | Job::Poll(_)
                | Job::Select(_)
                | Job::List(_)
                | Job::Read(_)
                | Job::Forget(_)
                | Job::Acknowledge(..)
                | Job::KeepLink
                | Job::LinkKept
                | Job::Dial(_)
                | Job::PickUp
                | Job::HangUp
                | Job::RefuseWaiting
                | Job::Calls
                | Job::Sound(_)
                | Job::Ussd(_),
                Ok(()),
            ) => true,
        }
    }

    /// Whether a call's result code (`BUSY`, `NO CARRIER`) ends the command.
    fn is_about_a_call(&self) -> bool {
        matches!(self.job, Job::Dial(_) | Job::PickUp)
    }

    fn is_echo(&self, text: &str) -> bool {
        matches!(&self.job, Job::Send(outgoing) if outgoing.digits == text)
    }
}

impl Job {
    fn request(&self) -> Request {
        match self {
            Job::Question(request) | Job::Step(_, request) | Job::Acknowledge(_, request) => {
                request.clone()
            }
            Job::Poll(poll) => poll.request(),
            Job::Select(memory) => Request::ReadMemory(memory.clone()),
            Job::List(_) => Request::List,
            Job::Read(place) => Request::Read(place.index),
            Job::Forget(place) => Request::Delete(place.index),
            Job::KeepLink => Request::KeepLink,
            Job::LinkKept => Request::LinkKept,
            Job::Send(outgoing) => Request::Send(outgoing.tpdu_len),
            Job::Dial(number) => Request::Dial(number.clone()),
            Job::PickUp => Request::PickUp,
            Job::HangUp => Request::HangUp,
            Job::RefuseWaiting => Request::RefuseWaiting,
            Job::Calls => Request::Calls,
            Job::Sound(part) => Request::Own(part.own()),
            Job::Ussd(part) => part.request(),
        }
    }
}

/// Says what a line is, against the command in flight.
pub(super) fn classify(text: &str, open: Option<&Exchange>, words: &[&Spontaneous]) -> Line {
    match open {
        Some(exchange) if exchange.is_echo(text) => Line::Echo,
        Some(exchange) if exchange.is_about_a_call() && Release::by_result_code(text).is_some() => {
            Line::Final(Err(Cause::Words(text.to_lowercase())))
        }
        Some(exchange) => {
            let asked = Asked { form: &exchange.form, answer: exchange.expected };
            line::classify(text, Some(asked), words)
        }
        None => line::classify(text, None, words),
    }
}
