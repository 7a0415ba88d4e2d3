//! Sending: from the queue to the network's word.
//!
//! A message that is sent has a point of no return, Ctrl-Z: before it a failure is a plain "not
//! sent", after it only the modem's own word is believed.

use std::time::{Duration, Instant};

use super::command::AttemptId;
use super::deadline::Reason;
use super::event::{Event, Why};
use super::exchange::{Exchange, Job};
use super::profile::Typing;
use super::{Modem, Phase};
use crate::at::errors::{Cause, RetryClass};
use crate::at::fields;
use crate::pdu::hex;

/// A message on its way out.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub attempt: AttemptId,
    pub tpdu_len: usize,
    /// The PDU as it is typed.
    pub digits: String,
    /// So many of its digits were written.
    pub typed: usize,
    /// Ctrl-Z was written: from here on the message may be sent whatever happens.
    pub handed_over: bool,
}

impl Modem {
    pub(super) fn queue_sending(&mut self, attempt: AttemptId, tpdu_len: usize, pdu: &[u8]) {
        let digits = hex::encode(pdu);
        let outgoing = Outgoing { attempt, tpdu_len, digits, typed: 0, handed_over: false };
        self.mail.outbox.push_back(outgoing);
        if !matches!(self.phase, Phase::Ready) || self.is_in_the_way() {
            self.refuse_queued();
        }
    }

    /// What waits to be sent was not sent, and the application may choose another modem.
    pub(super) fn refuse_queued(&mut self) {
        for Outgoing { attempt, .. } in self.mail.outbox.drain(..) {
            self.events.push_back(Event::NotSent { attempt, cause: Cause::NotReady });
        }
    }

    /// The modem asks for the text, or has had a pause after a piece of it.
    pub(super) fn type_text(&mut self, now: Instant) {
        let Some(Exchange { job: Job::Send(outgoing), given, .. }) = &mut self.exchange else {
            return;
        };
        if outgoing.typed == 0 {
            let took = now.saturating_duration_since(*given);
            self.hearing.slow_prompt = took >= self.settings.prompt;
        }
        let rest = outgoing.digits.get(outgoing.typed..).unwrap_or_default();
        if let Typing::InPieces { digits, pause } = self.profile.typing
            && rest.len() > digits
        {
            self.transmit.push_back(rest.as_bytes()[..digits].to_vec());
            outgoing.typed += digits;
            return self.deadlines.wait(now + pause, Reason::Typing);
        }
        self.transmit.push_back(format!("{rest}\x1a").into_bytes());
        outgoing.handed_over = true;
        *given = now;
        self.hearing.answered(now);
        self.hearing.written(now);
        self.mail.late = None;
        self.deadlines.wait(now + self.send_patience(), Reason::Network);
    }

    /// How long the network and the modem may take over a message.
    pub(super) fn send_patience(&self) -> Duration {
        self.settings.send.max(self.profile.send)
    }

    pub(super) fn finish_sending(
        &mut self,
        outgoing: Outgoing,
        outcome: Result<Vec<String>, Cause>,
    ) {
        self.mail.deletions_first = true;
        let attempt = outgoing.attempt;
        match outcome {
            Ok(answer) => {
                let reference = reference_in(&answer).flatten();
                self.events.push_back(Event::Sent { attempt, reference });
            }
            Err(cause) if outgoing.handed_over && cause.advice() == RetryClass::Unclear => {
                self.settle_sending(outgoing, &[], &Why::Said(cause));
            }
            Err(cause) => {
                let storage_full = cause.advice() == RetryClass::StorageFull;
                self.events.push_back(Event::NotSent { attempt, cause });
                if storage_full {
                    self.note_storage_full();
                }
            }
        }
    }

    /// A message in flight will get no final result, because of `why`.
    pub(super) fn settle_sending(&mut self, outgoing: Outgoing, answer: &[String], why: &Why) {
        let attempt = outgoing.attempt;
        let event = match (outgoing.handed_over, reference_in(answer), why) {
            (true, Some(reference), _) => Event::Sent { attempt, reference },
            (true, None, _) => Event::Unclear { attempt, why: why.clone() },
            (false, _, Why::Silent { .. }) => Event::NotSent { attempt, cause: Cause::NoPrompt },
            (false, _, Why::PortGone | Why::Rebooted | Why::Restarted | Why::Said(_)) => {
                Event::NotSent { attempt, cause: Cause::NotReady }
            }
        };
        let may_come_late = match why {
            Why::Silent { .. } | Why::Restarted | Why::Said(_) => true,
            Why::PortGone | Why::Rebooted => false,
        };
        let unclear = matches!(event, Event::Unclear { .. });
        self.mail.late = (unclear && may_come_late).then_some(attempt);
        self.events.push_back(event);
    }

    /// A `+CMGS` that nobody waits for: the message whose fate was unclear did go out.
    pub(super) fn settle_late(&mut self, reference: Option<u8>) {
        if let Some(attempt) = self.mail.late.take() {
            self.events.push_back(Event::Sent { attempt, reference });
        }
    }

    /// Whether a message is on its way out or waits to be.
    pub(super) fn is_sending(&self) -> bool {
        let in_flight = self.exchange.as_ref().map(|exchange| &exchange.job);
        matches!(in_flight, Some(Job::Send(_))) || !self.mail.outbox.is_empty()
    }
}

/// The number of a message that the modem says it has sent: `Some(None)` if it says no number.
fn reference_in(answer: &[String]) -> Option<Option<u8>> {
    let line = answer.iter().find(|line| line.starts_with("+CMGS:"))?;
    Some(fields::reference(fields::after("+CMGS:", line)))
}
