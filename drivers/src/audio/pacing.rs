//! Keeps the two directions of a call's sound in step: for each 20 ms that the modem gives it is owed
//! 20 ms, and it is kept 80 ms ahead, so that a short delay is not heard.
//!
//! The modem's clock counts: what it gives says how much it takes. Only while it gives nothing does
//! time count instead; what was owed by time is paid back when the missing frames come late in a
//! burst, and forgotten when they were lost. Nothing is made up for in a burst: who was away for longer
//! than the modem had sound for goes on from now, and a prompt waits meanwhile, word for word.
//!
//! It opens nothing, asks no clock and allocates nothing. Whoever holds the port turns it.

use std::fmt;
use std::time::{Duration, Instant};

use super::frame::{DURATION, Frame};

/// So many frames the modem has in hand: 80 ms.
const AHEAD: usize = 4;
/// After so long without a frame of the modem, time counts instead.
const SILENCE: Duration = Duration::from_millis(60);
/// Frames that follow each other so closely were late together.
const BURST: Duration = Duration::from_millis(10);
/// Who is later than this goes on from now.
const HOPELESS: Duration = Duration::from_millis(200);
/// Lateness is counted by the millisecond up to here.
const BUCKETS: usize = 256;

/// The two directions of a call's sound.
#[derive(Debug)]
pub struct Pacing {
    /// A frame of which not all octets came yet.
    coming: [u8; Frame::OCTETS],
    come: usize,
    /// A frame of which not all octets were taken yet.
    going: [u8; Frame::OCTETS],
    gone: usize,
    /// Frames that the modem is to get now.
    owed: usize,
    /// Frames that it got because time passed, and gave none for yet.
    lent: usize,
    /// When the next frame is expected.
    due: Instant,
    last_frame: Instant,
    /// When time counts next; not before a frame came or both sides talk.
    by_time: Option<Instant>,
    tally: Tally,
}

/// How well the sound of a call went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Frames that came from the modem.
    pub heard: u64,
    /// Frames that it took.
    pub played: u64,
    /// Frames that it got by time alone, because it gave none.
    pub by_time: u64,
    /// Frames that it should have given and never did.
    pub lost: u64,
    /// Frames so late that the modem had nothing left to play: 20 ms of silence each.
    pub starved: u64,
    /// Frames that were not made up for, because the modem took none or everything was late.
    pub dropped: u64,
    /// How often all began again from now.
    pub resyncs: u64,
    /// The longest lateness.
    pub longest: Duration,
    late: [u32; BUCKETS],
}

impl Pacing {
    /// A port that was just opened. The modem is owed its 80 ms at once.
    pub fn new(now: Instant) -> Pacing {
        Pacing {
            coming: [0; Frame::OCTETS],
            come: 0,
            going: [0; Frame::OCTETS],
            gone: Frame::OCTETS,
            owed: AHEAD,
            lent: 0,
            due: now + DURATION,
            last_frame: now,
            by_time: None,
            tally: Tally::default(),
        }
    }

    /// Takes what the modem gave; `hear` gets each frame that is whole.
    pub fn handle_octets(&mut self, now: Instant, octets: &[u8], mut hear: impl FnMut(&Frame)) {
        let mut rest = octets;
        while !rest.is_empty() {
            let taken = rest.len().min(Frame::OCTETS - self.come);
            self.coming[self.come..self.come + taken].copy_from_slice(&rest[..taken]);
            self.come += taken;
            rest = &rest[taken..];
            if self.come == Frame::OCTETS {
                self.come = 0;
                self.frame_came(now);
                hear(&Frame::from_octets(&self.coming));
            }
        }
    }

    /// The modem gave nothing when it was asked.
    pub fn handle_silence(&mut self, now: Instant) {
        let Some(mut due) = self.by_time.filter(|due| *due <= now) else { return };
        if now.saturating_duration_since(due) > HOPELESS {
            due = now;
            self.tally.resyncs += 1;
        }
        while due <= now {
            // The first time, for all of the silence so far.
            let frames = if self.lent == 0 { silent_frames() } else { 1 };
            self.lent += frames;
            self.tally.by_time += frames as u64;
            self.tally.note(now.saturating_duration_since(due));
            self.owe(frames);
            due += DURATION;
        }
        self.by_time = Some(due);
    }

    /// Both sides talk: the modem must take sound from now on, also if it gives none.
    pub fn begin_talk(&mut self, now: Instant) {
        self.by_time.get_or_insert(now + SILENCE);
    }

    /// What the port is to take now, if anything; `play` gives the next frame.
    pub fn poll_transmit(&mut self, play: impl FnOnce() -> Frame) -> Option<&[u8]> {
        if self.gone == Frame::OCTETS {
            self.owed = self.owed.checked_sub(1)?;
            self.going = play().to_octets();
            self.gone = 0;
        }
        self.going.get(self.gone..)
    }

    /// The port took so many octets of that.
    pub fn handle_taken(&mut self, octets: usize) {
        self.gone = (self.gone + octets).min(Frame::OCTETS);
        if self.gone == Frame::OCTETS {
            self.tally.played += 1;
        }
    }

    /// When the last frame came; before the first: when the port was opened.
    pub fn last_frame(&self) -> Instant {
        self.last_frame
    }

    /// How well it went so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    fn frame_came(&mut self, now: Instant) {
        let apart = now.saturating_duration_since(self.last_frame);
        self.last_frame = now;
        self.by_time = Some(now + SILENCE);
        if self.tally.heard == 0 {
            // Before the first one none was owed by the modem.
            (self.lent, self.due) = (0, now);
        }
        self.tally.heard += 1;
        if self.lent > 0 {
            // The first after a silence, or close behind it: it was late, and is paid for already.
            if apart >= SILENCE || apart < BURST {
                self.lent -= 1;
                self.due = now + DURATION;
                return;
            }
            self.tally.lost += self.lent as u64;
            self.lent = 0;
        }
        let late = now.saturating_duration_since(self.due);
        self.tally.note(late);
        if late > HOPELESS {
            self.tally.resyncs += 1;
            self.due = now + DURATION;
        } else {
            self.expect_next(now, late);
        }
        self.owe(1);
    }

    /// Frames come every 20 ms of the modem's clock, which is not quite ours.
    fn expect_next(&mut self, now: Instant, late: Duration) {
        let early = self.due.saturating_duration_since(now);
        self.due = self.due + DURATION + late / 64 - early / 64;
    }

    fn owe(&mut self, frames: usize) {
        let owed = self.owed + frames;
        self.owed = owed.min(AHEAD);
        self.tally.dropped += (owed - self.owed) as u64;
    }
}

fn silent_frames() -> usize {
    (SILENCE.as_millis() / DURATION.as_millis()) as usize
}

impl Default for Tally {
    fn default() -> Tally {
        Tally {
            heard: 0,
            played: 0,
            by_time: 0,
            lost: 0,
            starved: 0,
            dropped: 0,
            resyncs: 0,
            longest: Duration::ZERO,
            late: [0; BUCKETS],
        }
    }
}

impl Tally {
    /// How late a frame was in so many of a thousand cases at most: 500 is the median.
    pub fn late(&self, of_thousand: u64) -> Duration {
        let all: u64 = self.late.iter().map(|count| u64::from(*count)).sum();
        let mut left = all * of_thousand / 1_000;
        for (ms, count) in self.late.iter().enumerate() {
            left = match left.checked_sub(u64::from(*count)) {
                Some(left) if left > 0 => left,
                Some(_) | None => return Duration::from_millis(ms as u64),
            };
        }
        self.longest
    }

    /// Adds another call's.
    pub fn add(&mut self, other: &Tally) {
        self.heard += other.heard;
        self.played += other.played;
        self.by_time += other.by_time;
        self.lost += other.lost;
        self.starved += other.starved;
        self.dropped += other.dropped;
        self.resyncs += other.resyncs;
        self.longest = self.longest.max(other.longest);
        for (count, more) in self.late.iter_mut().zip(other.late) {
            *count += more;
        }
    }

    /// Whether somebody who listened would complain: more than a hundredth was not heard, and more
    /// than a tenth of a second.
    pub fn is_bad(&self) -> bool {
        let missed = self.starved + self.lost + self.dropped;
        missed > 5 && missed * 100 > self.played
    }

    fn note(&mut self, late: Duration) {
        let ms = late.as_millis() as usize;
        self.late[ms.min(BUCKETS - 1)] += 1;
        self.longest = self.longest.max(late);
        if late > DURATION * AHEAD as u32 {
            self.starved += 1;
        }
    }
}

/// `62 s of sound; late by 0 ms (99 of 100: 4 ms, longest: 11 ms)`, and what went wrong.
impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.played / 50;
        let [median, most] = [500, 990].map(|share| self.late(share).as_millis());
        let longest = self.longest.as_millis();
        write!(out, "{seconds} s of sound; late by {median} ms (99 of 100: {most} ms, ")?;
        write!(out, "longest: {longest} ms)")?;
        for (count, what) in [
            (self.starved, "the modem had nothing to play"),
            (self.dropped, "left out"),
            (self.lost, "never came from the modem"),
            (self.by_time, "given by time alone"),
        ] {
            if count > 0 {
                write!(out, "; {} ms {what}", count * 20)?;
            }
        }
        match self.resyncs {
            0 => Ok(()),
            1 => out.write_str("; begun again once"),
            times => write!(out, "; begun again {times} times"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A modem that takes and gives, in virtual time.
    struct Line {
        begin: Instant,
        now: Instant,
        pacing: Pacing,
        played: usize,
    }

    impl Line {
        fn new() -> Line {
            #[expect(clippy::disallowed_methods, reason = "any moment will do to count from")]
            let begin = Instant::now();
            let mut line = Line { begin, now: begin, pacing: Pacing::new(begin), played: 0 };
            line.write();
            line
        }

        fn at(&mut self, ms: u64) -> &mut Line {
            self.now = self.begin + Duration::from_millis(ms);
            self
        }

        fn frames(&mut self, count: usize) -> &mut Line {
            let octets = vec![0; count * Frame::OCTETS];
            self.pacing.handle_octets(self.now, &octets, |_| {});
            self.write();
            self
        }

        fn silence(&mut self) -> &mut Line {
            self.pacing.handle_silence(self.now);
            self.write();
            self
        }

        fn write(&mut self) {
            while let Some(octets) = self.pacing.poll_transmit(|| Frame::SILENCE) {
                let count = octets.len();
                self.pacing.handle_taken(count);
                self.played += 1;
            }
        }
    }

    #[test]
    fn the_modem_is_kept_eighty_milliseconds_ahead_and_gets_as_much_as_it_gives() {
        let mut line = Line::new();
        assert_eq!(line.played, 4);
        for nth in 1..=500 {
            line.at(nth * 20).frames(1);
        }
        assert_eq!(line.played, 504);
        let tally = line.pacing.tally();
        assert_eq!((tally.heard, tally.starved, tally.dropped, tally.by_time), (500, 0, 0, 0));
        assert_eq!(tally.late(990), Duration::ZERO);
        assert!(!tally.is_bad());
    }

    #[test]
    fn a_clock_that_is_a_little_off_drifts_nowhere() {
        for micros in [19_990_u64, 20_010] {
            let mut line = Line::new();
            for nth in 1..=30_000 {
                line.now = line.begin + Duration::from_micros(nth * micros);
                line.frames(1);
            }
            let tally = line.pacing.tally();
            assert_eq!((line.played, tally.by_time, tally.dropped), (30_004, 0, 0), "{micros}");
            assert!(tally.longest < Duration::from_millis(2), "{micros}: {:?}", tally.longest);
        }
    }

    #[test]
    fn what_comes_in_larger_pieces_is_no_trouble() {
        let mut line = Line::new();
        for nth in 1..=100 {
            line.at(nth * 40).frames(2);
        }
        assert_eq!(line.played, 204);
        assert_eq!((line.pacing.tally().starved, line.pacing.tally().by_time), (0, 0));
    }

    #[test]
    fn a_silent_modem_is_fed_by_time_and_what_comes_late_is_not_paid_twice() {
        let mut line = Line::new();
        line.at(20).frames(1);
        for ms in (30..=140).step_by(10) {
            line.at(ms).silence();
        }
        // At 80 ms for three frames, then one more each 20 ms.
        assert_eq!(line.played, 5 + 6);
        line.at(145).frames(6);
        assert_eq!(line.played, 11, "all six were lent before");
        line.at(160).frames(1).at(180).frames(1);
        assert_eq!(line.played, 13);
        assert_eq!(line.pacing.tally().lost, 0);
    }

    #[test]
    fn frames_that_never_come_are_counted_as_lost_and_not_waited_for() {
        let mut line = Line::new();
        line.at(20).frames(1);
        for ms in (30..=140).step_by(10) {
            line.at(ms).silence();
        }
        for nth in 0..10 {
            line.at(145 + nth * 20).frames(1);
        }
        // The first is taken for a late one; after it the modem is owed for each again.
        assert_eq!(line.played, 11 + 9);
        assert_eq!(line.pacing.tally().lost, 5);
    }

    #[test]
    fn who_was_away_for_long_goes_on_from_now_and_makes_up_for_nothing() {
        let mut line = Line::new();
        line.at(20).frames(1);
        line.at(420).frames(20);
        assert_eq!(line.played, 5 + 4, "it is filled up to 80 ms and no more");
        let tally = line.pacing.tally().clone();
        assert_eq!((tally.resyncs, tally.dropped, tally.heard), (1, 16, 21));
        assert!(tally.starved > 0 && tally.is_bad());
        line.at(440).frames(1);
        assert_eq!(line.pacing.tally().starved, tally.starved);
        let words = line.pacing.tally().to_string();
        assert!(words.contains("320 ms left out; begun again once"), "{words}");
    }

    #[test]
    fn while_it_rings_a_modem_without_sound_is_not_filled_up_and_has_lost_nothing() {
        let mut line = Line::new();
        for ms in (10..=20_000).step_by(10) {
            line.at(ms).silence();
        }
        assert_eq!(line.played, 4, "the prompt would come late for the whole call");
        line.pacing.begin_talk(line.now);
        line.at(20_050).silence().at(20_060).silence();
        assert_eq!(line.played, 4 + 3, "now it must have sound");
        for nth in 0..100 {
            line.at(20_070 + nth * 20).frames(1);
        }
        assert_eq!((line.played, line.pacing.tally().lost), (7 + 100, 0));
        assert!(!line.pacing.tally().is_bad());
    }

    #[test]
    fn a_port_that_takes_an_odd_number_of_octets_gets_whole_samples_in_their_order() {
        let mut line = Line::new();
        let mut taken = Vec::new();
        let mut next = 0_i16;
        for nth in 1..=50_u64 {
            line.now = line.begin + Duration::from_millis(nth * 20);
            line.pacing.handle_octets(line.now, &[0; Frame::OCTETS], |_| {});
            // 7 octets at a time, and now and then no room.
            for _ in 0..60 {
                let play = || {
                    next += 1;
                    Frame([next; 160])
                };
                let Some(octets) = line.pacing.poll_transmit(play) else { break };
                let count = octets.len().min(7);
                taken.extend_from_slice(&octets[..count]);
                line.pacing.handle_taken(count);
            }
        }
        let heard: Vec<i16> =
            taken.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
        for (at, sample) in heard.iter().enumerate() {
            assert_eq!(usize::try_from(*sample), Ok(at / 160 + 1), "at {at}");
        }
        assert!(heard.len() > 48 * 160);
    }

    #[test]
    fn a_call_that_nobody_takes_is_not_called_bad_for_one_frame() {
        let mut line = Line::new();
        line.at(20).frames(6);
        assert!(line.pacing.tally().dropped > 0 && !line.pacing.tally().is_bad());
    }

    #[test]
    fn a_port_that_takes_nothing_is_owed_no_more_than_it_can_use() {
        let mut line = Line::new();
        for nth in 1..=50 {
            line.now = line.begin + Duration::from_millis(nth * 20);
            line.pacing.handle_octets(line.now, &[0; Frame::OCTETS], |_| {});
        }
        assert_eq!(line.pacing.tally().dropped, 46);
        line.write();
        assert_eq!(line.played, 4 + 4);
    }
}
