//! The ladder: what is tried for a modem that does not answer, in which order and how often.
//!
//! It is told since when nothing is answered and says which rung is due; `silence` takes it. Each
//! rung has its own first time, its own pauses, twice as long each time, and its own limit an
//! hour, which goes on counting when the modem answers in between. Asking `AT` every second is
//! below the ladder and never ends.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Something that is done for a modem that does not answer, the gentlest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rung {
    /// The port is closed and opened again.
    Reopen,
    /// The modem is told to start anew, whether it hears that or not.
    Reset,
    /// The USB takes the stick off and on again.
    Reauthorise,
    /// A person is called.
    Alarm,
}

/// All of them.
const RUNGS: [Rung; 4] = [Rung::Reopen, Rung::Reset, Rung::Reauthorise, Rung::Alarm];

const HOUR: Duration = Duration::from_secs(3_600);

/// When a rung is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// After so much silence for the first time.
    pub first: Duration,
    /// After so much more for the second time; each further pause is twice as long.
    pub again: Duration,
    /// The longest pause.
    pub again_at_most: Duration,
    /// So often in an hour at most.
    pub per_hour: usize,
}

/// When each rung is taken. [`Rules::default`] is right for sticks on a laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Closing the port and opening it again. Cheap: what the computer had kept for the modem or
    /// from it is dropped.
    pub reopen: Rule,
    /// `AT+CFUN=1,1`, where the profile allows it and a modem was here before.
    pub reset: Rule,
    /// The stick's USB authorisation off and on.
    pub reauthorise: Rule,
    /// Telling people.
    pub alarm: Rule,
    /// How long a modem that was told to start anew, or was taken off the USB, has to start.
    pub start: Duration,
}

impl Default for Rules {
    fn default() -> Rules {
        let rule = |first, again, again_at_most, per_hour| Rule {
            first: Duration::from_secs(first),
            again: Duration::from_secs(again),
            again_at_most: Duration::from_secs(again_at_most),
            per_hour,
        };
        Rules {
            reopen: rule(10, 30, 300, 20),
            reset: rule(60, 300, 1_200, 3),
            reauthorise: rule(105, 300, 1_200, 3),
            alarm: rule(180, 600, 3_600, 4),
            start: Duration::from_secs(45),
        }
    }
}

impl Rules {
    fn of(&self, rung: Rung) -> &Rule {
        match rung {
            Rung::Reopen => &self.reopen,
            Rung::Reset => &self.reset,
            Rung::Reauthorise => &self.reauthorise,
            Rung::Alarm => &self.alarm,
        }
    }
}

/// How often something was done within the last hour.
#[derive(Debug, Default)]
pub(super) struct PerHour(VecDeque<Instant>);

impl PerHour {
    /// Notes that it is done now.
    pub fn note(&mut self, now: Instant) {
        while self.0.front().is_some_and(|first| *first + HOUR <= now) {
            self.0.pop_front();
        }
        self.0.push_back(now);
    }

    /// From when on it may be done again; `None`: it may be done at any time.
    pub fn full_until(&self, limit: usize) -> Option<Instant> {
        match limit {
            0 => self.0.back().map(|last| *last + HOUR * 24 * 365),
            _ => self.0.len().checked_sub(limit).map(|nth| self.0[nth] + HOUR),
        }
    }
}

/// Where on the ladder a modem is.
#[derive(Debug, Default)]
pub(super) struct Ladder {
    silence: Option<Silence>,
    /// By rung.
    taken: [PerHour; RUNGS.len()],
}

/// A modem that does not answer.
#[derive(Debug)]
struct Silence {
    since: Instant,
    /// The first times of the rungs count from here.
    climbs_from: Instant,
    /// By rung: how often it was taken in this silence, and when last.
    taken: [(u32, Option<Instant>); RUNGS.len()],
}

impl Ladder {
    /// Nothing has been answered `since` then, and the ladder is climbed from `climbs_from` on:
    /// before that, what the modem may still say must not be lost. A silence that goes on goes on.
    pub fn begin(&mut self, since: Instant, climbs_from: Instant) {
        let taken = [(0, None); RUNGS.len()];
        self.silence.get_or_insert(Silence { since, climbs_from, taken });
    }

    /// The modem is well.
    pub fn end(&mut self) {
        self.silence = None;
    }

    /// Since when nothing is answered.
    pub fn since(&self) -> Option<Instant> {
        self.silence.as_ref().map(|silence| silence.since)
    }

    /// When one of the rungs that may be taken is due, and which.
    pub fn next(&self, rules: &Rules, may: impl Fn(Rung) -> bool) -> Option<(Instant, Rung)> {
        let silence = self.silence.as_ref()?;
        let due = |rung: Rung| (self.due(silence, rules, rung), rung);
        RUNGS.into_iter().filter(|rung| may(*rung)).map(due).min()
    }

    /// The rung that is due at `now`: it is taken.
    pub fn take(
        &mut self,
        now: Instant,
        rules: &Rules,
        may: impl Fn(Rung) -> bool,
    ) -> Option<Rung> {
        let (_, rung) = self.next(rules, may).filter(|(due, _)| *due <= now)?;
        self.taken[rung as usize].note(now);
        let (times, last) = &mut self.silence.as_mut()?.taken[rung as usize];
        *times += 1;
        *last = Some(now);
        Some(rung)
    }

    fn due(&self, silence: &Silence, rules: &Rules, rung: Rung) -> Instant {
        let rule = rules.of(rung);
        let due = match silence.taken[rung as usize] {
            (times, Some(last)) => {
                let longer = 2_u32.saturating_pow(times.saturating_sub(1).min(16));
                last + (rule.again * longer).min(rule.again_at_most)
            }
            (_, None) => silence.climbs_from + rule.first,
        };
        let full_until = self.taken[rung as usize].full_until(rule.per_hour);
        let started = |other: Rung| silence.taken[other as usize].1.map(|at| at + rules.start);
        let started = match rung {
            Rung::Reset => started(Rung::Reauthorise),
            Rung::Reauthorise => started(Rung::Reset),
            Rung::Reopen | Rung::Alarm => None,
        };
        due.max(full_until.unwrap_or(due)).max(started.unwrap_or(due))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "any instant will do as the first")]
    fn start() -> Instant {
        Instant::now()
    }

    /// All rungs that are taken within so many seconds of one silence: `60 Reset`.
    fn climb(ladder: &mut Ladder, from: Instant, seconds: u64, may: &[Rung]) -> Vec<String> {
        let rules = Rules::default();
        let mut story = Vec::new();
        for second in 0..seconds {
            let now = from + Duration::from_secs(second);
            while let Some(rung) = ladder.take(now, &rules, |rung| may.contains(&rung)) {
                story.push(format!("{second} {rung:?}"));
            }
        }
        story
    }

    #[test]
    fn the_ladder_is_climbed_from_the_gentlest_rung_to_the_alarm() {
        let (mut ladder, now) = (Ladder::default(), start());
        ladder.begin(now, now);
        let story = climb(&mut ladder, now, 200, &RUNGS);
        let expected =
            ["10 Reopen", "40 Reopen", "60 Reset", "100 Reopen", "105 Reauthorise", "180 Alarm"];
        assert_eq!(story, expected);
    }

    #[test]
    fn no_hour_of_silence_has_more_of_a_rung_than_its_limit() {
        let (mut ladder, now) = (Ladder::default(), start());
        ladder.begin(now, now);
        let story = climb(&mut ladder, now, 24 * 3_600, &RUNGS);
        for (rung, limit) in [("Reopen", 20), ("Reset", 3), ("Reauthorise", 3), ("Alarm", 4)] {
            let times: Vec<u64> = story
                .iter()
                .filter_map(|line| line.split_once(' ').filter(|(_, name)| *name == rung))
                .map(|(second, _)| second.parse().expect("it is a number"))
                .collect();
            let most = times.iter().map(|from| {
                times.iter().filter(|second| (*from..*from + 3_600).contains(*second)).count()
            });
            assert!(most.max().is_some_and(|most| most <= limit), "{rung}: {times:?}");
            assert!(times.last().is_some_and(|last| *last > 22 * 3_600), "{rung} is given up");
        }
    }

    #[test]
    fn a_modem_that_answers_now_and_then_does_not_get_round_the_limits() {
        let (mut ladder, mut now) = (Ladder::default(), start());
        let mut resets = 0;
        for _ in 0..12 {
            ladder.begin(now, now);
            let story = climb(&mut ladder, now, 70, &RUNGS);
            resets += story.iter().filter(|line| line.ends_with("Reset")).count();
            ladder.end();
            now += Duration::from_secs(280);
        }
        assert_eq!(resets, 3);
    }

    #[test]
    fn while_a_result_may_still_come_nothing_is_climbed() {
        let (mut ladder, now) = (Ladder::default(), start());
        ladder.begin(now, now + Duration::from_secs(120));
        assert_eq!(climb(&mut ladder, now, 181, &RUNGS), ["130 Reopen", "160 Reopen", "180 Reset"]);
    }

    #[test]
    fn a_modem_that_was_told_to_start_is_left_to_do_so() {
        let (mut ladder, now) = (Ladder::default(), start());
        ladder.begin(now, now);
        climb(&mut ladder, now, 100, &[Rung::Reopen]);
        let later = now + Duration::from_secs(300);
        let story = climb(&mut ladder, later, 60, &[Rung::Reset, Rung::Reauthorise]);
        assert_eq!(story, ["0 Reset", "45 Reauthorise"]);
    }

    #[test]
    fn a_rung_that_may_not_be_taken_is_left_out() {
        let (mut ladder, now) = (Ladder::default(), start());
        ladder.begin(now, now);
        let story = climb(&mut ladder, now, 200, &[Rung::Reopen, Rung::Alarm]);
        assert_eq!(story, ["10 Reopen", "40 Reopen", "100 Reopen", "180 Alarm"]);
    }
}
