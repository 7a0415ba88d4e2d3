//! Commands that a hanging modem may never have heard.
//!
//! The makers allow half a minute for commands that are answered at once. A modem that hung when
//! such a command was given, and goes on now, would be waited for in vain all that time. So after
//! a second an `AT` is written behind the command, and the final results are counted: as many as
//! were asked for, and the modem was slow; one too few, and it never heard the command: both
//! sides agree anew. Messages on their way out, PINs, acknowledgements, calls, codes and
//! questions of the agreement are never doubted. A modem that makes that wrong too often is not doubted for an hour.

use std::time::{Duration, Instant};

use super::Modem;
use super::deadline::Reason;
use super::exchange::{Exchange, Job};
use super::steps::Step;
use crate::at::commands::Request;
use crate::at::errors::Cause;

/// A command that is doubted.
#[derive(Debug, Default)]
pub(super) struct Doubt {
    /// How often `AT` was written behind it.
    knocks: u32,
    /// The makers allow it until then.
    until: Option<Instant>,
    /// A final result came that may be the command's or an `AT`'s.
    ended: bool,
}

/// How many times longer deletions may take than what is answered at once, and lists where that
/// was seen: some modems break a list off when anything is written behind it, and it seems empty.
const DELETION: u32 = 5;
const LIST: u32 = 30;

impl Modem {
    /// When a command in flight is doubted; `None`: never.
    pub(super) fn doubted_after(&self, now: Instant, job: &Job) -> Option<Duration> {
        let full = self.lost_commands.full_until(self.settings.doubts_per_hour);
        if full.is_some_and(|until| until > now) {
            return None;
        }
        let soon = self.settings.doubt;
        match job {
            Job::Send(_) | Job::Question(_) | Job::Step(Step::EnterPin, _) => None,
            Job::Dial(_) | Job::PickUp | Job::HangUp | Job::RefuseWaiting => None,
            Job::Calls | Job::Sound(_) | Job::Ussd(_) | Job::Acknowledge(..) => None,
            Job::Step(..) | Job::Poll(_) | Job::Select(_) | Job::Read(_) => Some(soon),
            Job::KeepLink | Job::LinkKept => Some(soon),
            Job::Forget(_) => Some(soon * DELETION),
            Job::List(_) if self.slow_lists => Some(soon * LIST),
            Job::List(_) => Some(soon),
        }
    }

    /// Nothing came for long: asks whether the modem is there.
    pub(super) fn doubt(&mut self, now: Instant) {
        let Some(exchange) = &mut self.exchange else { return };
        // A word about the PIN came; some modems never say a result after it.
        let is_known = matches!(exchange.job, Job::Step(Step::PinState, _));
        if is_known && !exchange.answer.is_empty() {
            return self.handle_silence(now, Reason::Answer);
        }
        let until = *exchange.doubt.until.get_or_insert(exchange.given + exchange.patience);
        if until <= now {
            return self.handle_silence(now, Reason::Answer);
        }
        exchange.doubt.knocks += 1;
        self.transmit.push_back(format!("{}\r", Request::Attention.row().form).into_bytes());
        self.deadlines.wait(until.min(now + self.settings.knock), Reason::Doubt);
    }

    /// A final result for a doubted command. `true`: whose it is will be seen in a moment.
    pub(super) fn is_recounted(&mut self, now: Instant, outcome: &Result<(), Cause>) -> bool {
        let Some(Exchange { job, doubt, answer, given, .. }) = &mut self.exchange else {
            return false;
        };
        let is_open = doubt.knocks > 0 && !doubt.ended && answer.is_empty();
        if let Job::List(memory) = job {
            // The first time, it may have been broken off by what was written behind it.
            let cannot =
                std::mem::replace(&mut self.slow_lists, *given + self.settings.doubt <= now);
            self.suspect_list = Some(memory.clone()).filter(|_| cannot && is_open);
            if is_open {
                self.begin(now);
            }
            return is_open;
        }
        match outcome {
            _ if !is_open => false,
            Ok(()) => {
                doubt.ended = true;
                self.deadlines.wait(now + self.settings.settle, Reason::Recount);
                true
            }
            // Some modems break a command off when anything is written behind it.
            Err(_) => {
                let decides = matches!(job, Job::Step(step, _) if step.is_needed());
                if decides {
                    self.agree_anew(now);
                }
                decides
            }
        }
    }

    /// The modem answers: what it left unanswered just before, it cannot do.
    pub(super) fn judge_list(&mut self) {
        if let Some(memory) = self.suspect_list.take() {
            self.mail.list_no_more(&memory);
        }
    }

    /// Final results that the end of a command leaves for the `AT`s behind it.
    pub(super) fn await_strays(&mut self, now: Instant, doubt: &Doubt) {
        self.strays = doubt.knocks.saturating_sub(u32::from(doubt.ended));
        if self.strays > 0 {
            self.deadlines.wait(now + self.settings.settle, Reason::Strays);
        }
    }

    /// A final result that nobody waits for.
    pub(super) fn note_stray(&mut self, now: Instant) {
        if self.deadlines.reason() == Some(Reason::Strays) {
            self.strays -= 1;
            match self.strays {
                0 => self.deadlines.wait_no_more(),
                _ => self.deadlines.wait(now + self.settings.settle, Reason::Strays),
            }
        }
    }

    /// Fewer results than commands: one of them was lost, and nobody knows which. A step that is
    /// lost again is one that this modem leaves unanswered.
    pub(super) fn agree_anew(&mut self, now: Instant) {
        self.lost_commands.note(now);
        if let Some(Exchange { job: Job::Step(step, _), .. }) = self.exchange.take()
            && self.lost_step.replace(step) == Some(step)
            && !self.skip_or_stall(step)
        {
            return self.fall_silent(now);
        }
        self.begin(now);
    }
}
