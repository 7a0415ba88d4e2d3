//! What is due when: the country's calendar, and its clock.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::pdu::ServiceCentreTime;

/// Things in the order of their time; things of one time in the order in which they were put.
#[derive(Debug)]
pub(super) struct Agenda<T> {
    due: BTreeMap<(Instant, u64), T>,
    put: u64,
}

impl<T> Agenda<T> {
    pub(super) fn new() -> Agenda<T> {
        Agenda { due: BTreeMap::new(), put: 0 }
    }

    pub(super) fn put(&mut self, at: Instant, thing: T) {
        self.put += 1;
        self.due.insert((at, self.put), thing);
    }

    /// The first thing that is due.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<T> {
        let first = self.due.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    /// When the next thing is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }
}

/// A moment on both clocks: how long, and when by the network's time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) at: Instant,
    pub(super) utc_ms: i64,
}

impl Moment {
    /// The time as the network writes it, in UTC.
    pub(super) fn time(self) -> ServiceCentreTime {
        ServiceCentreTime::from_unix(self.utc_ms.div_euclid(1_000), 0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_due_at_one_time_comes_in_the_order_it_was_put() {
        #[expect(clippy::disallowed_methods, reason = "any instant will do as the first")]
        let start = Instant::now();
        let mut agenda = Agenda::new();
        agenda.put(start + Duration::from_secs(2), "third");
        agenda.put(start, "first");
        agenda.put(start, "second");
        assert_eq!(agenda.next(), Some(start));
        assert_eq!(agenda.take_due(start), Some("first"));
        assert_eq!(agenda.take_due(start), Some("second"));
        assert_eq!(agenda.take_due(start), None);
        assert_eq!(agenda.take_due(start + Duration::from_secs(2)), Some("third"));
    }
}
