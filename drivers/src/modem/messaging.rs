//! What comes next, and receiving what lies in the modem's memories.
//!
//! A message that came is read and offered to the application, and stays where it lies until the
//! application says `Forget`: the modem is the safe place until ours has it. What a modem hands
//! over without keeping it is in `direct`, what goes out in `sending`.

use std::collections::{BTreeSet, VecDeque};
use std::time::Instant;

use super::command::{AttemptId, Place, Slot};
use super::event::Event;
use super::exchange::Job;
use super::health::Poll;
use super::sending::Outgoing;
use super::whole::{Doubts, Reading, is_whole, unreadable};
use super::{Modem, Phase};
use crate::at::errors::{Cause, RetryClass};
use crate::at::fields;
use crate::pdu::hex;

/// What is to be sent, read, offered and deleted.
#[derive(Debug, Default)]
pub(super) struct Mail {
    pub(super) outbox: VecDeque<Outgoing>,
    /// The last message whose fate is unclear; a late `+CMGS` is about it.
    pub(super) late: Option<AttemptId>,
    /// Memories where messages may lie; the first named one is where new ones go.
    memories: Memories,
    to_list: BTreeSet<String>,
    to_read: BTreeSet<Place>,
    /// Offered to the application, which has not said `Forget` yet.
    held: BTreeSet<Place>,
    to_forget: BTreeSet<Place>,
    /// Deleting failed; tried again with the next round.
    to_forget_later: BTreeSet<Place>,
    doubts: Doubts,
    /// A message went out since the last deletion: deletions go first now.
    pub(super) deletions_first: bool,
}

#[derive(Debug, Default)]
struct Memories {
    home: Option<String>,
    /// The one that reading and deleting are about now.
    selected: Option<String>,
    known: BTreeSet<String>,
    /// All that can be read, also those that were empty.
    readable: BTreeSet<String>,
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
    /// The next thing to do. Calls come first; during a call only messages that came are read.
    pub(super) fn next_job(&mut self, now: Instant) -> Option<Job> {
        if let Some(job) = self.next_call_job(now) {
            return Some(job);
        }
        if self.has_call() {
            let talking = self.is_talking();
            if let Some(job) = self.next_acknowledgement().filter(|_| talking) {
                return Some(job);
            }
            let place = self.mail.to_read.first().filter(|_| talking)?;
            return Some(self.mail.in_memory(&place.memory, Job::Read(place.clone())));
        }
        self.begin_round(now);
        self.next_message_job(now)
    }

    /// The next thing to do about messages and health. An acknowledgement has little time. Reading
    /// comes before sending, so that an answer is known before the next question goes out; a
    /// deletion waits for one message.
    fn next_message_job(&mut self, now: Instant) -> Option<Job> {
        if let Some(job) = self.next_acknowledgement() {
            return Some(job);
        }
        if let Some(place) = self.mail.to_read.first() {
            return Some(self.mail.in_memory(&place.memory, Job::Read(place.clone())));
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
        if self.mail.outbox.is_empty() {
            return self.mail.next_deletion();
        }
        if self.may_have_restarted(now) {
            return Some(Job::Poll(Poll::Settings));
        }
        self.link_job(now).or_else(|| self.mail.outbox.pop_front().map(Job::Send))
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
                let place = Place { memory, index };
                let being_deleted = self.is_deleting(&place);
                self.mail.note_place(place, being_deleted);
            }
            // Some modems say -1 when they do not know.
            None => self.mail.list(memory),
        }
    }

    /// A line with a PDU: from a list, from a slot, or directly from the network.
    pub(super) fn handle_pdu(&mut self, header: &str, digits: &str) {
        let pdu = octets(digits);
        let job = self.exchange.as_ref().map(|exchange| &exchange.job);
        if header.starts_with("+CMT:") {
            // There is no other copy to look at: a person sees that something came.
            self.take_direct(if is_whole(header, digits) { pdu } else { unreadable(&pdu) });
        } else if header.starts_with("+CDS:") {
            // A report with a digit less may be about another message.
            if is_whole(header, digits) {
                self.take_direct(pdu);
            }
        } else if let Some((index, status)) = fields::listed(header)
            && let Some(Job::List(memory)) = job
        {
            let place = Place { memory: memory.clone(), index };
            self.take_listed(place, status, (header, digits));
        } else if header.starts_with("+CMGR:")
            && let Some(Job::Read(place)) = job
        {
            let place = place.clone();
            let empty = is_empty_slot(&pdu);
            if empty || self.mail.doubts.judge(&place, header, digits) == Reading::Taken {
                self.offer(place, fields::read_status(header), pdu);
            }
        }
    }

    /// An entry of a list. Its index is believed only where it fits behind the one before and the
    /// message came whole: of an index that lost a digit, another message would be deleted. Any
    /// other is read by its index first.
    fn take_listed(&mut self, place: Place, status: Option<u8>, (header, digits): (&str, &str)) {
        let Some(exchange) = &mut self.exchange else { return };
        let before = exchange.answer.last().and_then(|header| fields::listed(header));
        let in_order = before.is_none_or(|(before, _)| before <= place.index);
        exchange.keep(header.to_owned());
        let pdu = octets(digits);
        if in_order && (is_whole(header, digits) || is_empty_slot(&pdu)) {
            self.offer(place, status, pdu);
        } else if !OWN_MESSAGES.contains(&status) {
            self.mail.note_place(place, false);
        }
    }

    fn offer(&mut self, place: Place, status: Option<u8>, pdu: Vec<u8>) {
        let room = self.mail.held.len() < MOST_HELD;
        if !room || OWN_MESSAGES.contains(&status) || !self.mail.held.insert(place.clone()) {
            return;
        }
        if is_empty_slot(&pdu) {
            self.mail.to_forget.insert(place);
        } else {
            self.events.push_back(Event::Received { slot: Some(Slot::Stored(place)), pdu });
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
    pub(super) fn finish_forgetting(&mut self, place: Place, outcome: Result<Vec<String>, Cause>) {
        self.mail.to_forget.remove(&place);
        match outcome {
            Err(cause) if cause.advice() != RetryClass::Harmless => {
                self.mail.to_forget_later.insert(place);
            }
            Ok(_) | Err(_) => {
                self.mail.held.remove(&place);
            }
        }
    }

    pub(super) fn finish_select(&mut self, memory: String, outcome: Result<Vec<String>, Cause>) {
        match outcome {
            Ok(_) => self.mail.memories.selected = Some(memory),
            Err(_) => self.mail.leave_alone(&memory),
        }
    }

    fn is_deleting(&self, place: &Place) -> bool {
        let in_flight = self.exchange.as_ref().map(|exchange| &exchange.job);
        matches!(in_flight, Some(Job::Forget(other)) if other == place)
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
        self.memories.readable = self.memories.known.clone();
    }

    /// Deletes a message that was offered. Others are not ours to delete: what was offered
    /// before the last set-up may have been followed by another message.
    pub fn forget(&mut self, place: Place) {
        if self.held.contains(&place) {
            self.to_forget.insert(place);
        }
    }

    /// How many messages wait to be sent.
    pub fn waiting(&self) -> usize {
        self.outbox.len()
    }

    /// Whether the result of a message may still come.
    pub fn awaits_result(&self) -> bool {
        self.late.is_some()
    }

    /// Looks into every memory again, and tries again what could not be deleted.
    pub fn look_around(&mut self) {
        self.doubts.clear();
        for memory in self.memories.known.clone() {
            self.list(memory);
        }
        self.to_forget.append(&mut self.to_forget_later);
    }

    /// Looks into every memory that can be read, also where nothing was for long: one is full, and
    /// what fills it may lie elsewhere than where messages are told to be.
    pub fn look_everywhere(&mut self) {
        self.memories.known.extend(self.memories.readable.iter().cloned());
        self.look_around();
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

    pub fn read_no_more(&mut self, place: &Place) {
        self.to_read.remove(place);
    }

    /// A place was read; it is once more, if what came was not whole.
    pub fn finish_reading(&mut self, place: &Place) {
        if !self.doubts.take_again(place) {
            self.read_no_more(place);
        }
    }

    fn list(&mut self, memory: String) {
        if !self.memories.unlisted.contains(&memory) {
            self.to_list.insert(memory);
            return;
        }
        for index in 0..SLOTS_WALKED {
            self.note_place(Place { memory: memory.clone(), index }, false);
        }
    }

    fn note_place(&mut self, place: Place, being_deleted: bool) {
        if (!self.held.contains(&place) || being_deleted) && self.to_read.len() < MOST_HELD {
            self.to_read.insert(place);
        }
    }

    fn next_deletion(&mut self) -> Option<Job> {
        let place = self.to_forget.first()?.clone();
        Some(self.in_memory(&place.memory.clone(), Job::Forget(place)))
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
        self.to_read.retain(|place| place.memory != memory);
        let (kept, left): (BTreeSet<_>, BTreeSet<_>) = std::mem::take(&mut self.to_forget)
            .into_iter()
            .partition(|place| place.memory != memory);
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

/// The octets of a PDU line; half an octet at its end was lost on the way.
fn octets(digits: &str) -> Vec<u8> {
    hex::decode(digits.get(..digits.len() & !1).unwrap_or_default()).unwrap_or_default()
}

/// What some modems list for an empty or broken slot: no service centre, and a memory that was never
/// written. It is no message, and is cleared away.
fn is_empty_slot(pdu: &[u8]) -> bool {
    matches!(pdu, [0, rest @ ..] if rest.iter().all(|octet| *octet == 0xFF))
}
