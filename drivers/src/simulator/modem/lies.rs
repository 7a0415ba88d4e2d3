//! Storage that lies, as some sticks' does: one lie after the other, so that each is told in turn.

use std::time::Instant;

/// Until when it lies, and how often it has.
#[derive(Debug, Default)]
pub(super) struct Lies {
    until: Option<Instant>,
    told: usize,
}

/// Where a new message is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    True,
    OtherPlace,
    NoIndex,
    OtherIndex,
    Nothing,
}

/// How messages are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    True,
    Nothing,
    EachTwice,
}

/// What becomes of a message that is to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deletion {
    Done,
    OnlySaid,
}

/// How many messages there are said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    True,
    None,
}

impl Lies {
    pub(super) fn begin(&mut self, until: Instant) {
        self.until = Some(until);
    }

    pub(super) fn notice(&mut self, now: Instant) -> Notice {
        let lies = [Notice::OtherPlace, Notice::NoIndex, Notice::OtherIndex, Notice::Nothing];
        self.next(now, &lies).unwrap_or(Notice::True)
    }

    pub(super) fn listing(&mut self, now: Instant) -> Listing {
        let lies = [Listing::Nothing, Listing::EachTwice, Listing::True];
        self.next(now, &lies).unwrap_or(Listing::True)
    }

    pub(super) fn deletion(&mut self, now: Instant) -> Deletion {
        self.next(now, &[Deletion::OnlySaid, Deletion::Done]).unwrap_or(Deletion::Done)
    }

    pub(super) fn count(&mut self, now: Instant) -> Count {
        self.next(now, &[Count::None]).unwrap_or(Count::True)
    }

    fn next<T: Copy>(&mut self, now: Instant, lies: &[T]) -> Option<T> {
        self.until.filter(|until| now < *until)?;
        let lie = lies.get(self.told % lies.len()).copied();
        self.told += 1;
        lie
    }
}
