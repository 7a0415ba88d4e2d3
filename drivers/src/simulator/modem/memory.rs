//! A place where a modem keeps messages: the SIM card's, or its own.
//!
//! Both live through a restart; the driver may find anything in them.

use std::fmt;

use crate::pdu::Encoded;

/// Which memory (TS 27.005 §3.1, `<mem>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `"SM"`, the SIM card.
    Sim,
    /// `"ME"`, the modem itself.
    Modem,
}

impl Place {
    pub(super) fn named(name: &str) -> Option<Place> {
        match name {
            "SM" => Some(Place::Sim),
            "ME" => Some(Place::Modem),
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Place::Sim => "SM",
            Place::Modem => "ME",
        })
    }
}

/// What a stored message is (TS 27.005 §3.1, `<stat>` in PDU mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Unread,
    Read,
    Unsent,
    Sent,
}

impl Status {
    pub(super) fn from_code(code: u8) -> Option<Status> {
        [Status::Unread, Status::Read, Status::Unsent, Status::Sent].get(usize::from(code)).copied()
    }

    pub(super) fn code(self) -> u8 {
        match self {
            Status::Unread => 0,
            Status::Read => 1,
            Status::Unsent => 2,
            Status::Sent => 3,
        }
    }
}

/// A message in its slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) status: Status,
    pub(super) pdu: Encoded,
}

/// The slots, told from outside by index from 1.
#[derive(Debug)]
pub(super) struct Memory {
    slots: Vec<Option<Stored>>,
}

impl Memory {
    pub(super) fn new(slots: u16) -> Memory {
        Memory { slots: vec![None; usize::from(slots)] }
    }

    /// Puts a message into the first free slot and tells its index; none when all are taken.
    pub(super) fn keep(&mut self, status: Status, pdu: Encoded) -> Option<usize> {
        let free = self.slots.iter().position(Option::is_none)?;
        self.slots[free] = Some(Stored { status, pdu });
        Some(free + 1)
    }

    /// The slot of this index, if there is such a slot.
    pub(super) fn slot(&mut self, index: u32) -> Option<&mut Option<Stored>> {
        let place = usize::try_from(index).ok()?.checked_sub(1)?;
        self.slots.get_mut(place)
    }

    /// The messages with their indexes.
    pub(super) fn messages(&mut self) -> impl Iterator<Item = (usize, &mut Stored)> {
        let slots = self.slots.iter_mut().enumerate();
        slots.filter_map(|(place, slot)| slot.as_mut().map(|stored| (place + 1, stored)))
    }

    /// Forgets every message for which `goes` says so.
    pub(super) fn forget(&mut self, goes: impl Fn(Status) -> bool) {
        for slot in &mut self.slots {
            if slot.as_ref().is_some_and(|stored| goes(stored.status)) {
                *slot = None;
            }
        }
    }

    pub(super) fn used(&self) -> usize {
        self.slots.iter().flatten().count()
    }

    pub(super) fn size(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.used() == self.size()
    }
}
