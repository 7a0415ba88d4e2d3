//! Sending, and receiving what lies in the modem's memories.
//!
//! A message that came is read and offered to the application, and stays where it lies until the
//! application says `Forget`: the modem is the safe place until ours has it. A message that is
//! sent has a point of no return, Ctrl-Z: before it a failure is a plain "not sent", after it
//! only the modem's own word is believed.

use std::collections::{BTreeSet, VecDeque};
use std::time::Instant;

use super::command::{AttemptId, Slot};
use super::deadline::Reason;
use super::event::{Event, Why};
use super::exchange::{Exchange, Job};
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
    /// Ctrl-Z was written: from here on the message may be sent whatever happens.
    pub handed_over: bool,
}

/// What is to be sent, read, offered and deleted.
#[derive(Debug, Default)]
pub(super) struct Mail {
    outbox: VecDeque<Outgoing>,
    /// The last message whose fate is unclear; a late `+CMGS` is about it.
    late: Option<AttemptId>,
    /// Memories where messages may lie; the first named one is where new ones go.
    memories: Memories,
    to_list: BTreeSet<String>,
    to_read: BTreeSet<Slot>,
    /// Offered to the application, which has not said `Forget` yet.
    held: BTreeSet<Slot>,
    to_forget: BTreeSet<Slot>,
    /// Deleting failed; tried again with the next round.
    to_forget_later: BTreeSet<Slot>,
    /// A message went out since the last deletion: deletions go first now.
    deletions_first: bool,
}

#[derive(Debug, Default)]
struct Memories {
    home: Option<String>,
    /// The one that reading and deleting are about now.
    selected: Option<String>,
    known: BTreeSet<String>,
    /// Those that did not answer when they were listed: they are read slot by slot.
    unlisted: BTreeSet<String>,
}

/// The most messages that are offered at a time. Others wait in the modem.
const MOST_HELD: usize = 1000;

/// Slots that are read one by one in a memory that cannot be listed.
const SLOTS_WALKED: u32 = 100;

/// Statuses in a list of messages that we wrote ourselves, TS 27.005 §3.1: unsent, sent.
const OWN_MESSAGES: [Option<u8>; 2] = [Some(2), Some(3)];

impl Modem {
    pub(super) fn queue_sending(&mut self, attempt: AttemptId, tpdu_len: usize, pdu: &[u8]) {
        let digits = hex::encode(pdu);
        let outgoing = Outgoing { attempt, tpdu_len, digits, handed_over: false };
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

    /// The next thing to do. Calls come first; during a call only messages that came are read.
    pub(super) fn next_job(&mut self, now: Instant) -> Option<Job> {
        if let Some(job) = self.next_call_job(now) {
            return Some(job);
        }
        if self.has_call() {
            let slot = self.mail.to_read.first().filter(|_| self.is_talking())?;
            return Some(self.mail.in_memory(&slot.memory, Job::Read(slot.clone())));
        }
        self.begin_round(now);
        self.next_message_job()
    }

    /// The next thing to do about messages and health. Reading comes before sending, so that an
    /// answer is known before the next question goes out; a deletion waits for one message.
    fn next_message_job(&mut self) -> Option<Job> {
        if let Some(slot) = self.mail.to_read.first() {
            return Some(self.mail.in_memory(&slot.memory, Job::Read(slot.clone())));
        }
        if self.mail.deletions_first
            && let Some(job) = self.mail.next_deletion()
        {
            return Some(job);
        }
        self.mail.deletions_first = false;
        if let Some(poll) = self.health.polls.pop_front() {
            return Some(Job::Poll(poll));
        }
        if let Some(memory) = self.mail.to_list.first() {
            return Some(self.mail.in_memory(memory, Job::List(memory.clone())));
        }
        match self.mail.outbox.pop_front() {
            Some(outgoing) => Some(Job::Send(outgoing)),
            None => self.mail.next_deletion(),
        }
    }

    /// The modem asks for the text.
    pub(super) fn hand_over_text(&mut self, now: Instant) {
        let Some(Exchange { job: Job::Send(outgoing), .. }) = &mut self.exchange else {
            return;
        };
        outgoing.handed_over = true;
        self.mail.late = None;
        self.transmit.push_back(format!("{}\x1a", outgoing.digits).into_bytes());
        self.deadlines.wait(now + self.settings.send, Reason::Network);
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

    /// A message lies somewhere: `+CMTI`, `+CDSI`.
    pub(super) fn note_stored(&mut self, memory: Option<String>, index: Option<u32>) {
        if !matches!(self.phase, Phase::Ready) {
            // The set-up ends with a look into every memory.
            return;
        }
        let Some(memory) = memory.or_else(|| self.mail.memories.home.clone()) else {
            return;
        };
        self.mail.memories.know(&memory);
        match index {
            Some(index) => {
                let slot = Slot { memory, index };
                let being_deleted = self.is_deleting(&slot);
                self.mail.note_slot(slot, being_deleted);
            }
            // Some modems say -1 when they do not know.
            None => self.mail.list(memory),
        }
    }

    /// A line with a PDU: from a list, from a slot, or directly from the network.
    pub(super) fn handle_pdu(&mut self, header: &str, digits: &str) {
        let pdu = octets(digits);
        let job = self.exchange.as_ref().map(|exchange| &exchange.job);
        if header.starts_with("+CMT:") || header.starts_with("+CDS:") {
            self.events.push_back(Event::Received { slot: None, pdu });
        } else if let Some((index, status)) = fields::listed(header)
            && let Some(Job::List(memory)) = job
        {
            let slot = Slot { memory: memory.clone(), index };
            self.offer(slot, status, pdu);
            if let Some(exchange) = &mut self.exchange {
                exchange.keep(header.to_owned());
            }
        } else if header.starts_with("+CMGR:")
            && let Some(Job::Read(slot)) = job
        {
            let slot = slot.clone();
            self.offer(slot, fields::read_status(header), pdu);
        }
    }

    fn offer(&mut self, slot: Slot, status: Option<u8>, pdu: Vec<u8>) {
        let room = self.mail.held.len() < MOST_HELD;
        if room && !OWN_MESSAGES.contains(&status) && self.mail.held.insert(slot.clone()) {
            self.events.push_back(Event::Received { slot: Some(slot), pdu });
        }
    }

    pub(super) fn finish_listing(&mut self, memory: &str, outcome: &Result<Vec<String>, Cause>) {
        self.mail.to_list.remove(memory);
        match outcome {
            Ok(found) if found.is_empty() => self.mail.memories.found_empty(memory),
            // Lists are not for this modem; other refusals pass.
            Err(Cause::Unexplained | Cause::Equipment(4) | Cause::Message(303)) => {
                self.mail.list_no_more(memory);
            }
            Ok(_) | Err(_) => {}
        }
    }

    /// A deletion ended. A slot that is empty already is as good as deleted.
    pub(super) fn finish_forgetting(&mut self, slot: Slot, outcome: Result<Vec<String>, Cause>) {
        self.mail.to_forget.remove(&slot);
        match outcome {
            Err(cause) if cause.advice() != RetryClass::Harmless => {
                self.mail.to_forget_later.insert(slot);
            }
            Ok(_) | Err(_) => {
                self.mail.held.remove(&slot);
            }
        }
    }

    pub(super) fn finish_select(&mut self, memory: String, outcome: Result<Vec<String>, Cause>) {
        match outcome {
            Ok(_) => self.mail.memories.selected = Some(memory),
            Err(_) => self.mail.leave_alone(&memory),
        }
    }

    /// Whether a message is on its way out or waits to be.
    pub(super) fn is_sending(&self) -> bool {
        let in_flight = self.exchange.as_ref().map(|exchange| &exchange.job);
        matches!(in_flight, Some(Job::Send(_))) || !self.mail.outbox.is_empty()
    }

    fn is_deleting(&self, slot: &Slot) -> bool {
        let in_flight = self.exchange.as_ref().map(|exchange| &exchange.job);
        matches!(in_flight, Some(Job::Forget(other)) if other == slot)
    }
}

impl Mail {
    /// New messages go to `home`; older ones may lie in `others`.
    pub fn use_memories(&mut self, home: &str, others: &[String]) {
        self.memories.home = Some(home.to_owned());
        self.memories.selected = Some(home.to_owned());
        self.memories.know(home);
        // Reports have a memory of their own in some modems; MT and BM are other views.
        let readable = |name: &&String| matches!(name.as_str(), "SM" | "ME" | "SR");
        for other in others.iter().filter(readable) {
            self.memories.know(other);
        }
    }

    /// Deletes a message that was offered. Others are not ours to delete: what was offered
    /// before the last set-up may have been followed by another message.
    pub fn forget(&mut self, slot: Slot) {
        if self.held.contains(&slot) {
            self.to_forget.insert(slot);
        }
    }

    /// Whether the result of a message may still come.
    pub fn awaits_result(&self) -> bool {
        self.late.is_some()
    }

    /// Looks into every memory again, and tries again what could not be deleted.
    pub fn look_around(&mut self) {
        for memory in self.memories.known.clone() {
            self.list(memory);
        }
        self.to_forget.append(&mut self.to_forget_later);
    }

    /// Nothing that was offered is held any more; whatever is there will be offered again.
    pub fn void(&mut self) {
        self.to_list.clear();
        self.to_read.clear();
        self.held.clear();
        self.to_forget.clear();
        self.to_forget_later.clear();
    }

    /// A memory could not be listed, and is read slot by slot from now on.
    pub fn list_no_more(&mut self, memory: &str) {
        self.to_list.remove(memory);
        self.memories.unlisted.insert(memory.to_owned());
    }

    pub fn read_no_more(&mut self, slot: &Slot) {
        self.to_read.remove(slot);
    }

    fn list(&mut self, memory: String) {
        if !self.memories.unlisted.contains(&memory) {
            self.to_list.insert(memory);
            return;
        }
        for index in 0..SLOTS_WALKED {
            let slot = Slot { memory: memory.clone(), index };
            self.note_slot(slot, false);
        }
    }

    fn note_slot(&mut self, slot: Slot, being_deleted: bool) {
        if (!self.held.contains(&slot) || being_deleted) && self.to_read.len() < MOST_HELD {
            self.to_read.insert(slot);
        }
    }

    fn next_deletion(&mut self) -> Option<Job> {
        let slot = self.to_forget.first()?.clone();
        Some(self.in_memory(&slot.memory.clone(), Job::Forget(slot)))
    }

    /// The job, or first the choice of its memory.
    fn in_memory(&self, memory: &str, job: Job) -> Job {
        if self.memories.selected.as_deref() == Some(memory) {
            job
        } else {
            Job::Select(memory.to_owned())
        }
    }

    /// A memory cannot be chosen: nothing more is tried there until the next round.
    fn leave_alone(&mut self, memory: &str) {
        self.to_list.remove(memory);
        self.to_read.retain(|slot| slot.memory != memory);
        let (kept, left): (BTreeSet<_>, BTreeSet<_>) =
            std::mem::take(&mut self.to_forget).into_iter().partition(|slot| slot.memory != memory);
        self.to_forget = kept;
        self.to_forget_later.extend(left);
    }
}

impl Memories {
    fn know(&mut self, memory: &str) {
        // A modem has a handful; what a broken line invents must not add up.
        if self.known.len() < 8 {
            self.known.insert(memory.to_owned());
        }
    }

    /// An empty memory is not looked into again unless a message is told to be there.
    fn found_empty(&mut self, memory: &str) {
        if self.home.as_deref() != Some(memory) {
            self.known.remove(memory);
        }
    }
}

/// The number of a message that the modem says it has sent: `Some(None)` if it says no number.
fn reference_in(answer: &[String]) -> Option<Option<u8>> {
    let line = answer.iter().find(|line| line.starts_with("+CMGS:"))?;
    Some(fields::reference(fields::after("+CMGS:", line)))
}

/// The octets of a PDU line; half an octet at its end was lost on the way.
fn octets(digits: &str) -> Vec<u8> {
    hex::decode(digits.get(..digits.len() & !1).unwrap_or_default()).unwrap_or_default()
}
