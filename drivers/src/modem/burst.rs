//! Keeps the link to the network open while messages follow each other (`+CMMS`, TS 27.005 §3.5.6).
//!
//! Without it each message finds its way to the network anew, which takes longer than the message.
//! The modem closes the link by itself a few seconds after the last message. Whether a modem can
//! do this is read back, once; one that cannot is not asked again.

use std::time::{Duration, Instant};

use super::Modem;
use super::exchange::Job;
use super::profile::Link;
use crate::at::errors::Cause;
use crate::at::fields;

/// Messages that follow each other within this time are a burst: modems close the link one to
/// five seconds after a message.
const BURST: Duration = Duration::from_secs(5);

/// The link between messages.
#[derive(Debug, Default)]
pub(super) struct Burst {
    able: Able,
    /// In this burst the link is kept.
    kept: bool,
    last_result: Option<Instant>,
}

/// Whether the modem can keep the link.
#[derive(Debug, Default, PartialEq, Eq)]
enum Able {
    #[default]
    Untried,
    /// It said that it will, which is not enough.
    Said,
    /// It does.
    Yes,
    No,
}

impl Modem {
    /// What is to be done about the link before the next message goes out, if anything.
    pub(super) fn link_job(&mut self, now: Instant) -> Option<Job> {
        let follows = |last: Instant| now.saturating_duration_since(last) <= BURST;
        if self.mail.waiting() < 2 && !self.burst.last_result.is_some_and(follows) {
            self.burst.kept = false;
            return None;
        }
        if self.burst.kept || self.profile.link == Link::Leave {
            return None;
        }
        match self.burst.able {
            Able::Untried | Able::Yes => Some(Job::KeepLink),
            Able::Said => Some(Job::LinkKept),
            Able::No => None,
        }
    }

    pub(super) fn finish_keeping_link(&mut self, outcome: Result<(), Cause>) {
        match (outcome, &self.burst.able) {
            (Ok(()), Able::Untried | Able::Said) => self.burst.able = Able::Said,
            (Ok(()), Able::Yes | Able::No) => self.burst.kept = true,
            (Err(_), _) => self.keep_no_link(),
        }
    }

    pub(super) fn finish_link_kept(&mut self, outcome: Result<Vec<String>, Cause>) {
        if outcome.is_ok_and(|answer| answer.iter().any(|line| fields::keeps_link(line))) {
            self.burst.able = Able::Yes;
            self.burst.kept = true;
        } else {
            self.keep_no_link();
        }
    }

    /// This modem cannot.
    pub(super) fn keep_no_link(&mut self) {
        self.burst.able = Able::No;
    }
}

impl Burst {
    /// The network answered to a message.
    pub fn note_result(&mut self, now: Instant) {
        self.last_result = Some(now);
    }

    /// The modem started anew and keeps no link.
    pub fn void(&mut self) {
        self.kept = false;
    }
}
