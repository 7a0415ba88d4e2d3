//! Chance, from the seed alone: the only source of it in the country.
//!
//! Each part of the country throws its own dice, so that a plan with one person more leaves what
//! happens to everybody else as it was.

use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use super::plan::{Between, PerMille};

/// One row of throws.
#[derive(Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of one part of the country; `stream` tells the parts apart.
    pub(super) fn new(seed: u64, stream: u64) -> Dice {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Dice(rng)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end.max(1)
    }

    /// Whether it happens this time.
    pub(super) fn happens(&mut self, rate: PerMille) -> bool {
        self.below(1_000) < u64::from(rate.0)
    }

    /// A time between the two, to the millisecond.
    pub(super) fn between(&mut self, range: Between) -> Duration {
        let span = range.to.saturating_sub(range.from).as_millis();
        let span = u64::try_from(span).unwrap_or(u64::MAX - 1);
        range.from + Duration::from_millis(self.below(span + 1))
    }

    /// One of them, if there is any.
    pub(super) fn one_of<T: Copy>(&mut self, things: &[T]) -> Option<T> {
        let nth = usize::try_from(self.below(things.len() as u64)).unwrap_or(0);
        things.get(nth).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_throws_the_same_and_another_part_throws_otherwise() {
        let throws = |seed, stream| {
            let mut dice = Dice::new(seed, stream);
            (0..8).map(|_| dice.below(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(throws(7, 1), throws(7, 1));
        assert_ne!(throws(7, 1), throws(7, 2));
        assert_ne!(throws(7, 1), throws(8, 1));
    }

    #[test]
    fn a_time_keeps_within_its_range() {
        let mut dice = Dice::new(1, 1);
        let range = Between::secs(2, 3);
        assert!((0..500).map(|_| dice.between(range)).all(|t| range.from <= t && t <= range.to));
        assert!(!dice.happens(PerMille::NEVER));
        assert!(dice.happens(PerMille::ALWAYS));
    }
}
