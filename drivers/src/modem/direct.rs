//! Messages that the modem hands over instead of keeping them (`+CMT`, `+CDS`).
//!
//! Such a message is nowhere but here and, until it is acknowledged, in the network. So it is
//! acknowledged (`+CNMA`) only when the application has said that it is safe, once, and never
//! before: a cut in between makes the network bring it again. A modem that waits too long for the
//! word goes deaf by itself (TS 27.005 §3.4.1); after a refused acknowledgement it is asked whether
//! it still tells of messages.

use std::collections::{BTreeSet, VecDeque};

use super::Modem;
use super::command::Slot;
use super::event::Event;
use super::exchange::Job;
use super::health::Poll;
use crate::at::errors::Cause;

/// What was handed over.
#[derive(Debug, Default)]
pub(super) struct Direct {
    last: u32,
    /// Offered to the application, which has not said that it is safe.
    offered: BTreeSet<u32>,
    /// Safe, and not acknowledged yet, the oldest first.
    safe: VecDeque<u32>,
    /// Which of the profile's ways to acknowledge is used; beyond the last one none works.
    way: usize,
}

/// Messages that may be on their way to safety. A modem hands over one at a time.
const MOST_OFFERED: usize = 64;

impl Modem {
    /// A message was handed over.
    pub(super) fn take_direct(&mut self, pdu: Vec<u8>) {
        self.direct.last = self.direct.last.wrapping_add(1);
        let number = self.direct.last;
        self.direct.offered.insert(number);
        if self.direct.offered.len() > MOST_OFFERED {
            self.direct.offered.pop_first();
        }
        self.events.push_back(Event::Received { slot: Some(Slot::Direct(number)), pdu });
    }

    /// What is to be acknowledged now, if anything.
    pub(super) fn next_acknowledgement(&mut self) -> Option<Job> {
        let number = *self.direct.safe.front()?;
        let Some(request) = self.profile.acknowledgements.get(self.direct.way) else {
            self.direct.safe.clear();
            return None;
        };
        Some(Job::Acknowledge(number, request.clone()))
    }

    /// An acknowledgement was taken or refused. Each message has one; only where the form was
    /// refused, and not the acknowledgement, the next form is tried.
    pub(super) fn finish_acknowledging(&mut self, number: u32, outcome: Result<(), Cause>) {
        let Err(cause) = outcome else {
            self.direct.settle(number);
            return;
        };
        let form_refused = match cause {
            Cause::Unexplained | Cause::Words(_) => true,
            Cause::Equipment(code) => matches!(code, 3 | 4 | 50 | 100),
            Cause::Message(code) => matches!(code, 302..=305),
            Cause::NoPrompt | Cause::NotReady => false,
        };
        if form_refused {
            self.direct.way += 1;
        }
        if !form_refused || self.direct.way >= self.profile.acknowledgements.len() {
            self.direct.settle(number);
            self.health.polls.push_front(Poll::Settings);
        }
    }
}

impl Direct {
    /// The application has it.
    pub fn is_safe(&mut self, number: u32) {
        if self.offered.remove(&number) {
            self.safe.push_back(number);
        }
    }

    /// Nothing is said about this one any more.
    pub fn settle(&mut self, number: u32) {
        self.safe.retain(|safe| *safe != number);
    }

    /// The modem started anew: it waits for no acknowledgement.
    pub fn void(&mut self) {
        self.offered.clear();
        self.safe.clear();
        self.way = 0;
    }
}
