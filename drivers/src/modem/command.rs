//! What a modem may be asked to do.

use super::ussd::Ussd;

/// The application's name for one try at sending; it comes back with what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptId(pub i64);

/// The name of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallId {
    /// One that the application asked for.
    Placed(AttemptId),
    /// One that came, counted since the modem was made.
    Came(u32),
}

/// Where a message is while the application has not said that it is safe.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// The modem keeps it.
    Stored(Place),
    /// The modem handed it over and keeps nothing; the network brings it again unless it is
    /// acknowledged within seconds. The number counts what was handed over.
    Direct(u32),
}

/// Where a modem keeps a message: `+CMTI: "SM",7` names memory `SM`, index 7.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The memory, as TS 27.005 §3.2.3 calls it: `SM` (the SIM), `ME` (the modem), `SR`…
    pub memory: String,
    /// The place in it.
    pub index: u32,
}

/// What a modem may be asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Send one short message. Answered, sooner or later, by one of `Sent`, `NotSent`, `Unclear`
    /// with the same attempt; after `Unclear` a `Sent` may still follow.
    Send {
        /// The application's name for this try.
        attempt: AttemptId,
        /// Octets of the TPDU, the service-centre address not counted (TS 27.005 §3.5.1).
        tpdu_len: usize,
        /// All octets, the service-centre address first.
        pdu: Vec<u8>,
    },
    /// A message that was received is safe elsewhere now: it is deleted where it was stored, and
    /// acknowledged where it was handed over.
    Forget {
        /// The slot with which it was reported.
        slot: Slot,
    },
    /// Call a number. Answered by `Event::Call` with `CallId::Placed` and the same attempt, at the
    /// latest when it ended. One call at a time; nothing is sent meanwhile.
    Dial {
        /// The application's name for this try.
        attempt: AttemptId,
        /// Digits, with `+` in front where the country code is there.
        number: String,
    },
    /// Answer a call that rings here.
    PickUp {
        /// As it was reported.
        call: CallId,
    },
    /// End a call, or do not begin it. One that is over already is left alone.
    HangUp {
        /// As it was reported, or asked for.
        call: CallId,
    },
    /// Ask the network's services; answered by [`super::Event::Ussd`].
    Ussd(Ussd),
    /// Nobody needs this port now: another one of the same stick is in use, or the stick is
    /// nobody's. The modem is gone then, with [`super::Remedy::Leave`].
    LeaveAlone,
    /// Begin anew: escape, agree, set up. Messages still in the modem are offered again.
    Restart,
}
