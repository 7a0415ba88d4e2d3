//! Looks whether the modem is well: signal, registration, memory, and whether it still has our
//! settings.
//!
//! A modem that rebooted in silence has forgotten how to tell of new messages, and would be deaf
//! without anybody noticing. So each round asks for that setting too.

use std::collections::VecDeque;
use std::time::Instant;

use super::event::{Event, Registration, Signal, Status, Storage, Why};
use super::{Modem, Phase};
use crate::at::commands::Request;
use crate::at::errors::Cause;
use crate::at::fields;

/// How the modem is, and what is still to be asked in this round.
#[derive(Debug, Default)]
pub(super) struct Health {
    pub polls: VecDeque<Poll>,
    status: Status,
    /// That the memory is full was reported, and it has not had room since.
    full_was_told: bool,
}

/// A question of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Poll {
    /// Whether it still tells of new messages as agreed.
    Settings,
    Registration,
    Operator,
    Signal,
    /// The last one: it completes the [`Status`].
    Storage,
}

const ROUND: [Poll; 5] =
    [Poll::Settings, Poll::Registration, Poll::Operator, Poll::Signal, Poll::Storage];

impl Poll {
    pub fn request(self) -> Request {
        match self {
            Poll::Settings => Request::Announcing,
            Poll::Registration => Request::Registration,
            Poll::Operator => Request::Operator,
            Poll::Signal => Request::Signal,
            Poll::Storage => Request::MemoryState,
        }
    }
}

impl Modem {
    /// Starts a round if one is due: how the modem is, and whether messages lie in it that
    /// nobody told of.
    pub(super) fn begin_round(&mut self, now: Instant) {
        if self.deadlines.round.is_none_or(|due| due > now) {
            return;
        }
        let told = self.start.is_told();
        let pause = if told { self.settings.round } else { self.settings.round_untold };
        self.deadlines.round = Some(now + pause);
        self.health.polls = VecDeque::from(ROUND);
        self.mail.look_around();
    }

    pub(super) fn finish_poll(
        &mut self,
        now: Instant,
        poll: Poll,
        outcome: Result<Vec<String>, Cause>,
    ) {
        let answer = outcome.unwrap_or_default();
        let line = answer.last().map(String::as_str);
        let status = &mut self.health.status;
        match poll {
            Poll::Settings => {
                if line.is_some_and(|line| !self.start.announces_as_agreed(line)) {
                    self.begin_anew(now, &Why::Rebooted);
                }
            }
            Poll::Registration => {
                status.registration =
                    line.and_then(fields::registration).map_or(Registration::Unknown, state);
            }
            Poll::Operator => status.operator = line.and_then(fields::operator),
            Poll::Signal => {
                status.signal = line.and_then(fields::signal).map(|level| Signal { level });
            }
            Poll::Storage => {
                let storage = line.and_then(fields::storage);
                status.storage = storage.map(|(used, total)| Storage { used, total });
                self.complete_round();
            }
        }
    }

    fn complete_round(&mut self) {
        self.events.push_back(Event::Status(self.health.status.clone()));
        if self.health.status.storage.is_some_and(Storage::is_full) {
            self.note_storage_full();
        } else {
            self.health.full_was_told = false;
        }
    }

    /// The network was found, lost or changed.
    pub(super) fn note_registration(&mut self, stat: u8) {
        let registration = state(stat);
        if registration != self.health.status.registration {
            self.health.status.registration = registration;
            if matches!(self.phase, Phase::Ready) {
                self.events.push_back(Event::Status(self.health.status.clone()));
            }
        }
    }

    /// Nothing can come in: said once, and everything that lies there is offered.
    pub(super) fn note_storage_full(&mut self) {
        if !self.health.full_was_told {
            self.health.full_was_told = true;
            self.events.push_back(Event::StorageFull);
        }
        self.mail.look_everywhere();
    }

    /// A part of the modem became ready only now: messages may be there, settings may be lost.
    pub(super) fn note_woken(&mut self, now: Instant) {
        match self.phase {
            Phase::Ready => self.deadlines.round = Some(now),
            Phase::Blocked => self.begin(now),
            Phase::Agreeing(_) | Phase::SettingUp(_) | Phase::Silent | Phase::Gone => {}
        }
    }
}

/// `<stat>`, TS 27.007 §7.2.
fn state(stat: u8) -> Registration {
    match stat {
        0 => Registration::Off,
        1 | 6 | 9 => Registration::Home,
        2 => Registration::Searching,
        // 8: emergency calls only.
        3 | 8 => Registration::Denied,
        5 | 7 | 10 => Registration::Roaming,
        _ => Registration::Unknown,
    }
}
