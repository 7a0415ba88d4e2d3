//! Turns of a call, with keys made by the simulated country's telephones.

use super::*;
use crate::audio::frame::{DURATION, RATE, duration_of, samples_in};
use crate::simulator::sound::{self, KeySound};

/// A call that is moved 20 ms at a time, as the audio port moves it.
struct Line {
    audio: CallAudio,
    begin: Instant,
    frames: u32,
    /// What the caller sends, still to come.
    caller: Vec<i16>,
    /// What the caller heard.
    heard: Vec<i16>,
    /// How loud the caller's telephone sends back what it hears, and how many frames later.
    echo: Option<(f32, usize)>,
    events: Vec<(u64, Event)>,
}

impl Line {
    fn new() -> Line {
        #[expect(clippy::disallowed_methods, reason = "any moment will do to count from")]
        let begin = Instant::now();
        Line {
            audio: CallAudio::new(),
            begin,
            frames: 0,
            caller: Vec::new(),
            heard: Vec::new(),
            echo: None,
            events: Vec::new(),
        }
    }

    /// The caller does something so many milliseconds from now.
    fn caller_sends(&mut self, in_ms: u64, samples: &[i16]) {
        let at = samples_in(Duration::from_millis(in_ms));
        if self.caller.len() < at + samples.len() {
            self.caller.resize(at + samples.len(), 0);
        }
        for (to, from) in self.caller[at..].iter_mut().zip(samples) {
            *to = to.saturating_add(*from);
        }
    }

    fn presses(&mut self, in_ms: u64, signs: &str) {
        let keys = sound::keys(signs, KeySound::default(), Duration::from_millis(150));
        self.caller_sends(in_ms, &keys);
    }

    fn run(&mut self, ms: u64) {
        for _ in 0..ms / 20 {
            let mut frame = Frame::SILENCE;
            let sent = self.caller.len().min(SAMPLES);
            for (to, from) in frame.0.iter_mut().zip(self.caller.drain(..sent)) {
                *to = from;
            }
            if let Some((part, late)) = self.echo
                && let Some(from) = self.heard.len().checked_sub(late * SAMPLES)
            {
                for (to, from) in frame.0.iter_mut().zip(&self.heard[from..]) {
                    *to = to.saturating_add((f32::from(*from) * part) as i16);
                }
            }
            let now = self.now();
            self.audio.handle_timeout(now);
            self.audio.handle_frame(now, &frame);
            self.heard.extend(self.audio.next_frame(now).0);
            self.frames += 1;
            let ms = u64::from(self.frames) * 20;
            self.events
                .extend(std::iter::from_fn(|| self.audio.poll_event()).map(|event| (ms, event)));
        }
    }

    fn now(&self) -> Instant {
        self.begin + DURATION * self.frames
    }

    /// The only event there was, and when.
    fn event(&mut self) -> (u64, Event) {
        assert_eq!(self.events.len(), 1, "{:?}", self.events);
        self.events.remove(0)
    }
}

fn clip(ms: u64) -> Clip {
    let count = samples_in(Duration::from_millis(ms));
    Clip::new((0..count).map(|at| if at % 20 < 10 { 6_000 } else { -6_000 }).collect())
}

fn one_key() -> Digits {
    Digits {
        min: 1,
        max: 1,
        end_with: None,
        first: Duration::from_secs(8),
        between: Duration::from_secs(3),
    }
}

fn a_number() -> Digits {
    Digits { min: 1, max: 10, end_with: Some(Digit::HASH), ..one_key() }
}

fn collected(signs: &str, ended: Ended) -> Event {
    Event::Collected { digits: signs.chars().filter_map(Digit::new).collect(), ended }
}

#[test]
fn a_statement_is_played_to_its_end_whatever_is_pressed() {
    let mut line = Line::new();
    line.audio.say(vec![clip(300), clip(200)]);
    line.presses(100, "5");
    line.run(2_000);
    assert_eq!(line.event(), (520, Event::Played));
    assert!(line.heard[..4_000].iter().all(|sample| *sample != 0));
    assert!(line.heard[4_000..].iter().all(|sample| *sample == 0));
}

#[test]
fn a_key_answers_and_the_prompt_stops_within_a_quarter_of_a_second() {
    for (sign, at) in [('1', 500), ('0', 1_010), ('*', 1_503), ('#', 2_407)] {
        let mut line = Line::new();
        line.audio.ask(vec![clip(4_000)], one_key(), BargeIn::Yes);
        line.presses(at, &sign.to_string());
        line.run(5_000);
        let (when, event) = line.event();
        assert_eq!(event, collected(&sign.to_string(), Ended::Full));
        assert!(when <= at + 80, "{sign}: {when}");
        let last = line.heard.iter().rposition(|sample| *sample != 0).expect("a prompt");
        let stopped = duration_of(last).as_millis() as u64;
        assert!(stopped > at && stopped <= at + 100, "{sign}: {stopped}");
    }
}

#[test]
fn a_prompt_that_may_not_be_interrupted_is_played_and_its_keys_do_not_count() {
    let mut line = Line::new();
    line.audio.ask(vec![clip(1_000)], one_key(), BargeIn::No);
    line.presses(300, "7");
    line.presses(1_500, "2");
    line.run(3_000);
    assert_eq!(line.event().1, collected("2", Ended::Full));
    assert!(line.heard[..8_000].iter().all(|sample| *sample != 0));
}

#[test]
fn hash_ends_a_number_and_is_no_part_of_it() {
    let mut line = Line::new();
    line.audio.ask(vec![clip(200)], a_number(), BargeIn::Yes);
    line.presses(400, "1447#");
    line.run(3_000);
    assert_eq!(line.event().1, collected("1447", Ended::Key(Digit::HASH)));
}

#[test]
fn an_end_key_alone_is_told_as_such() {
    let mut line = Line::new();
    line.audio.ask(vec![], a_number(), BargeIn::Yes);
    line.presses(400, "#");
    line.run(1_000);
    assert_eq!(line.event().1, collected("", Ended::Key(Digit::HASH)));
}

#[test]
fn a_pause_ends_a_number() {
    let mut line = Line::new();
    line.audio.ask(vec![clip(200)], a_number(), BargeIn::Yes);
    line.presses(400, "12");
    line.run(5_000);
    let (when, event) = line.event();
    assert_eq!(event, collected("12", Ended::Pause));
    assert!((3_660..3_760).contains(&when), "{when}");
}

#[test]
fn with_fewer_keys_than_needed_the_wait_is_as_long_as_for_the_first() {
    let mut line = Line::new();
    line.audio.ask(vec![], Digits { min: 2, ..a_number() }, BargeIn::Yes);
    line.presses(400, "1");
    line.run(8_000);
    assert_eq!(line.events, []);
    line.run(1_000);
    assert_eq!(line.event().1, collected("1", Ended::Pause));
}

#[test]
fn nobody_presses_a_key() {
    let mut line = Line::new();
    line.audio.ask(vec![clip(1_000)], one_key(), BargeIn::Yes);
    line.run(8_980);
    assert_eq!(line.events, []);
    line.run(100);
    assert_eq!(line.event().1, Event::Silence);
    assert_eq!(line.audio.poll_timeout(), None);
}

#[test]
fn keys_pressed_before_the_question_do_not_answer_it() {
    let mut line = Line::new();
    line.presses(100, "12");
    line.run(1_000);
    line.audio.ask(vec![clip(500)], one_key(), BargeIn::Yes);
    line.run(1_000);
    assert_eq!(line.events, []);
}

#[test]
fn a_key_held_down_answers_one_question_only() {
    let mut line = Line::new();
    line.audio.ask(vec![clip(500)], one_key(), BargeIn::Yes);
    let long = KeySound { duration: Duration::from_secs(2), ..KeySound::default() };
    line.caller_sends(200, &sound::key('4', long).expect("a key"));
    line.run(400);
    assert_eq!(line.event().1, collected("4", Ended::Full));
    line.audio.ask(vec![clip(500)], one_key(), BargeIn::Yes);
    line.run(4_000);
    assert_eq!(line.events, []);
}

#[test]
fn the_modems_own_report_of_a_key_heard_already_is_the_same_press() {
    let mut line = Line::new();
    line.audio.ask(vec![], a_number(), BargeIn::Yes);
    line.presses(200, "5");
    line.run(400);
    let five = Digit::new('5').expect("a key");
    line.audio.handle_report(line.now(), five);
    line.run(400);
    line.audio.handle_report(line.now(), five);
    line.run(4_000);
    assert_eq!(line.event().1, collected("55", Ended::Pause));
}

#[test]
fn the_echo_of_our_own_prompt_is_no_key_even_where_the_prompt_holds_one() {
    let mut line = Line::new();
    line.echo = Some((0.3, 15));
    let keys = sound::keys("159", KeySound::default(), Duration::from_millis(400));
    line.audio.ask(vec![clip(500), Clip::new(keys), clip(500)], one_key(), BargeIn::Yes);
    line.run(4_000);
    assert_eq!(line.events, []);
    line.presses(200, "5");
    line.run(1_000);
    assert_eq!(line.event().1, collected("5", Ended::Full));
}

#[test]
fn a_key_over_the_echo_of_the_prompt_is_heard() {
    let mut line = Line::new();
    line.echo = Some((0.2, 15));
    line.audio.ask(vec![clip(3_000)], one_key(), BargeIn::Yes);
    line.presses(1_000, "8");
    line.run(2_000);
    assert_eq!(line.event().1, collected("8", Ended::Full));
}

/// Something like speech: a buzz whose loudness goes up and down.
fn speech(ms: u64) -> Vec<i16> {
    let count = samples_in(Duration::from_millis(ms));
    let sample = |at: usize| {
        let syllable = (at as f32 * std::f32::consts::TAU * 4.0 / RATE as f32).sin().abs();
        let buzz = if at % 62 < 31 { 3_000.0 } else { -3_000.0 };
        (buzz * syllable) as i16
    };
    (0..count).map(sample).collect()
}

fn take() -> Take {
    Take { longest: Duration::from_secs(10), silence: Duration::from_secs(2) }
}

/// What was recorded, in milliseconds, and how it ended.
fn recorded(event: Event) -> (u64, Ended) {
    let Event::Recorded { samples, ended } = event else { panic!("{event:?}") };
    (duration_of(samples.len()).as_millis() as u64, ended)
}

#[test]
fn a_recording_begins_with_a_beep_and_ends_with_silence() {
    let mut line = Line::new();
    line.audio.record(vec![clip(500)], take());
    line.caller_sends(1_500, &speech(3_000));
    line.run(8_000);
    let (when, event) = line.event();
    assert!((6_400..6_600).contains(&when), "{when}");
    let (length, ended) = recorded(event);
    assert_eq!(ended, Ended::Pause);
    assert!((4_000..4_200).contains(&length), "{length}");
    let beep = &line.heard[4_000..5_600];
    assert!(beep.iter().any(|sample| *sample > 7_000));
    assert!(line.heard[5_600..].iter().all(|sample| *sample == 0));
}

#[test]
fn what_was_said_is_what_is_kept() {
    let mut line = Line::new();
    line.audio.record(vec![], take());
    line.run(220);
    let said = speech(3_000);
    line.caller_sends(0, &said);
    line.run(6_000);
    let (_, Event::Recorded { samples, .. }) = line.event() else { panic!("nothing recorded") };
    assert_eq!(samples[..said.len()], said[..]);
}

#[test]
fn a_key_ends_a_recording_and_is_not_heard_in_it() {
    let mut line = Line::new();
    line.audio.record(vec![], take());
    line.caller_sends(300, &speech(2_000));
    line.presses(2_800, "#");
    line.run(4_000);
    let (_, Event::Recorded { samples, ended }) = line.event() else { panic!("nothing recorded") };
    assert_eq!(ended, Ended::Key(Digit::HASH));
    assert!(samples.len() > samples_in(Duration::from_millis(2_300)));
    assert!(samples[samples.len() - 200..].iter().all(|sample| *sample == 0));
}

#[test]
fn a_recording_is_never_longer_than_its_limit() {
    let mut line = Line::new();
    line.audio.record(vec![], take());
    line.caller_sends(0, &speech(20_000));
    line.run(12_000);
    assert_eq!(recorded(line.event().1), (10_000, Ended::Full));
}

#[test]
fn nobody_speaks() {
    let mut line = Line::new();
    line.audio.record(vec![clip(200)], take());
    line.run(4_000);
    assert_eq!(line.event().1, Event::Silence);
}

#[test]
fn a_key_during_the_prompt_of_a_recording_leads_to_the_beep() {
    let mut line = Line::new();
    line.audio.record(vec![clip(5_000)], take());
    line.presses(500, "1");
    line.caller_sends(1_200, &speech(1_000));
    line.run(5_000);
    assert_eq!(recorded(line.event().1).1, Ended::Pause);
}

#[test]
fn a_recording_whose_frames_stop_coming_ends_all_the_same() {
    let mut line = Line::new();
    line.audio.record(vec![], take());
    line.caller_sends(300, &speech(1_000));
    line.run(1_000);
    let deadline = line.audio.poll_timeout().expect("a deadline");
    line.audio.handle_timeout(deadline);
    let event = line.audio.poll_event().expect("the end");
    assert_eq!(recorded(event).1, Ended::Full);
}

#[test]
fn a_new_turn_takes_the_place_of_the_old_one_without_a_word() {
    let mut line = Line::new();
    line.audio.ask(vec![clip(500)], one_key(), BargeIn::Yes);
    line.run(200);
    line.audio.say(vec![clip(100)]);
    line.run(20_000);
    assert_eq!(line.event().1, Event::Played);
    line.audio.ask(vec![], one_key(), BargeIn::Yes);
    line.run(100);
    line.audio.stop();
    line.run(20_000);
    assert_eq!(line.events, []);
}
