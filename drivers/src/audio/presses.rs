//! Two sources of keys as one: the detector in the sound, and the modem's own reports where it has
//! them (`+DTMF`, `+RXDTMF`, `+QTONEDET`).
//!
//! Both may tell of the same press, in either order: the sound up to [`TOGETHER`] after the modem, the
//! modem up to [`LATE`] after the sound, for its reports go through its port for commands. Each pairs
//! with one of the other source at most, so that a key pressed twice stays pressed twice, whichever
//! source tells of it late or misses one.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::digit::Digit;

/// How far apart two tellings of one press may be. A person needs longer to press a key again:
/// networks keep 135 ms from tone to tone, and a modem that tells late is late for each.
pub const TOGETHER: Duration = Duration::from_millis(300);
/// How long after the sound a modem may tell of the same press. A report that came later would answer
/// the next question; one too many that is taken for late costs a press that is asked for again.
pub const LATE: Duration = Duration::from_millis(1_500);

/// Who tells of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The detector.
    Sound,
    /// A report of the modem.
    Modem,
}

impl Source {
    /// How long after it the other one may tell of the same press.
    fn waits(self) -> Duration {
        match self {
            Source::Sound => LATE,
            Source::Modem => TOGETHER,
        }
    }
}

/// The tellings that have no partner yet.
#[derive(Debug, Default)]
pub struct Presses {
    alone: VecDeque<Told>,
}

#[derive(Clone, Copy, Debug)]
struct Told {
    digit: Digit,
    source: Source,
    at: Instant,
}

impl Presses {
    /// Takes what one source tells; the digit if this press is new, nothing if the other source told
    /// of it already.
    pub fn handle(&mut self, now: Instant, source: Source, digit: Digit) -> Option<Digit> {
        self.alone.retain(|told| now.saturating_duration_since(told.at) <= told.source.waits());
        let partner =
            self.alone.iter().position(|told| told.digit == digit && told.source != source);
        if let Some(partner) = partner {
            self.alone.remove(partner);
            return None;
        }
        self.alone.push_back(Told { digit, source, at: now });
        Some(digit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Source::{Modem, Sound};

    fn check(told: &[(u64, Source, char)], wished: &str) {
        #[expect(clippy::disallowed_methods, reason = "any moment will do to count from")]
        let begin = Instant::now();
        let mut presses = Presses::default();
        let mut heard = String::new();
        for (ms, source, sign) in told {
            let digit = Digit::new(*sign).expect("a key");
            let now = begin + Duration::from_millis(*ms);
            heard.extend(presses.handle(now, *source, digit).map(Digit::sign));
        }
        assert_eq!(heard, wished, "{told:?}");
    }

    #[test]
    fn a_key_told_twice_was_pressed_once() {
        check(&[(0, Sound, '5'), (180, Modem, '5')], "5");
        check(&[(0, Modem, '5'), (40, Sound, '5')], "5");
    }

    #[test]
    fn a_modem_that_tells_late_answers_no_next_question() {
        check(&[(0, Sound, '1'), (900, Modem, '1')], "1");
        check(&[(0, Sound, '1'), (300, Sound, '4'), (900, Modem, '1'), (1_200, Modem, '4')], "14");
    }

    #[test]
    fn a_key_told_by_one_alone_counts() {
        check(&[(0, Sound, '5'), (500, Modem, '7')], "57");
        check(&[(0, Sound, '5'), (1_501, Modem, '5')], "55");
        check(&[(0, Modem, '5'), (301, Sound, '5')], "55");
    }

    #[test]
    fn a_key_pressed_twice_stays_pressed_twice() {
        check(&[(0, Sound, '1'), (150, Sound, '1'), (200, Modem, '1'), (350, Modem, '1')], "11");
        check(&[(0, Sound, '1'), (100, Modem, '1'), (200, Sound, '1'), (300, Modem, '1')], "11");
    }

    #[test]
    fn other_keys_between_change_nothing() {
        check(&[(0, Sound, '1'), (140, Sound, '2'), (200, Modem, '1'), (290, Modem, '2')], "12");
    }
}
