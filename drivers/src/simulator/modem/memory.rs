//! The places where a modem keeps messages: the SIM card's, its own, one for reports.
//!
//! All live through a restart; the driver may find anything in them.

use std::fmt;

use crate::pdu::Encoded;

/// Which memory (TS 27.005 §3.1, `<mem>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Place {
    /// `"SM"`, the SIM card.
    Sim,
    /// `"ME"`, the modem itself.
    Modem,
    /// `"MT"`, both as one: the SIM card's slots first.
    Both,
    /// `"SR"`, for reports alone.
    Reports,
    /// `"BM"`, for what cells tell everybody, which in this country is nothing.
    Broadcasts,
}

impl Place {
    pub(super) fn named(name: &str) -> Option<Place> {
        [Place::Sim, Place::Modem, Place::Both, Place::Reports, Place::Broadcasts]
            .into_iter()
            .find(|place| place.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Place::Sim => "SM",
            Place::Modem => "ME",
            Place::Both => "MT",
            Place::Reports => "SR",
            Place::Broadcasts => "BM",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
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

/// All slots of a modem, told from outside by place and index.
#[derive(Debug)]
pub(super) struct Memories {
    sim: Slots,
    own: Slots,
    reports: Slots,
    first_index: usize,
}

type Slots = Vec<Option<Stored>>;

/// Reports that fit in their memory.
const REPORT_SLOTS: usize = 20;

impl Memories {
    pub(super) fn new(sim: u16, own: u16, first_index: usize) -> Memories {
        let slots = |count| vec![None; count];
        Memories {
            sim: slots(usize::from(sim)),
            own: slots(usize::from(own)),
            reports: slots(REPORT_SLOTS),
            first_index,
        }
    }

    /// Puts a message into the first free slot and tells its index; none when all are taken.
    pub(super) fn keep(&mut self, place: Place, status: Status, pdu: Encoded) -> Option<usize> {
        let first = self.first_index;
        let free = self.slots_mut(place).position(|slot| slot.is_none())?;
        *self.slots_mut(place).nth(free)? = Some(Stored { status, pdu });
        Some(free + first)
    }

    /// The slot of this index, if there is such a slot.
    pub(super) fn slot(&mut self, place: Place, index: u32) -> Option<&mut Option<Stored>> {
        let nth = usize::try_from(index).ok()?.checked_sub(self.first_index)?;
        self.slots_mut(place).nth(nth)
    }

    /// The messages with their indexes.
    pub(super) fn messages(&mut self, place: Place) -> impl Iterator<Item = (usize, &mut Stored)> {
        let first = self.first_index;
        let slots = self.slots_mut(place).enumerate();
        slots.filter_map(move |(nth, slot)| slot.as_mut().map(|stored| (nth + first, stored)))
    }

    /// Forgets every message for which `goes` says so.
    pub(super) fn forget(&mut self, place: Place, goes: impl Fn(Status) -> bool) {
        for slot in self.slots_mut(place) {
            if slot.as_ref().is_some_and(|stored| goes(stored.status)) {
                *slot = None;
            }
        }
    }

    pub(super) fn used(&self, place: Place) -> usize {
        self.slots(place).flatten().count()
    }

    pub(super) fn size(&self, place: Place) -> usize {
        self.slots(place).count()
    }

    pub(super) fn is_full(&self, place: Place) -> bool {
        self.slots(place).all(Option::is_some)
    }

    fn slots(&self, place: Place) -> impl Iterator<Item = &Option<Stored>> {
        let [sim, own, reports] = parts(place);
        let parts = [(sim, &self.sim), (own, &self.own), (reports, &self.reports)];
        parts.into_iter().filter(|(is_in, _)| *is_in).flat_map(|(_, slots)| slots)
    }

    fn slots_mut(&mut self, place: Place) -> impl Iterator<Item = &mut Option<Stored>> {
        let [sim, own, reports] = parts(place);
        let parts = [(sim, &mut self.sim), (own, &mut self.own), (reports, &mut self.reports)];
        parts.into_iter().filter(|(is_in, _)| *is_in).flat_map(|(_, slots)| slots)
    }
}

/// Whether a place shows the card, the modem itself, and the reports.
fn parts(place: Place) -> [bool; 3] {
    match place {
        Place::Sim => [true, false, false],
        Place::Modem => [false, true, false],
        Place::Both => [true, true, false],
        Place::Reports => [false, false, true],
        Place::Broadcasts => [false; 3],
    }
}
