//! The door to the sound of calls over pairs of terminals: the modem's side is this test.

use super::voice::{Passes, Voices};
use crate::model::{Awaits, Heard, Interrupts, Keys, Piece, Sound};
use crate::switchboard::{ChannelSettings, DraftVoice, Event, Find, ModemNo};
use rollcall_drivers::audio::frame::{Frame, RATE, SAMPLES};
use rollcall_drivers::audio::wav::{self, Wav};
use rollcall_drivers::modem::{self, AttemptId, CallEvent, CallId, Ended, Release};
use rollcall_drivers::port::pty::Pty;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::mpsc;

const MODEM: ModemNo = ModemNo(1);
const CALL: CallId = CallId::Placed(AttemptId(7));

/// An office with a modem whose port for sound is a terminal. The modem's side gives a frame for each
/// that it gets, so that a call runs as fast as the machine can.
struct Office {
    folder: TempDir,
    line: Pty,
    voices: Voices,
    events: mpsc::Receiver<Event>,
}

impl Office {
    fn new() -> Office {
        let folder = tempfile::tempdir().expect("a folder");
        let line = Pty::open().expect("the system has pseudo-terminals");
        let channel = ChannelSettings {
            audio: Some(line.path().display().to_string()),
            ..ChannelSettings::new("stick-1", Find::ByPort("/dev/ttyNONE7".to_owned()))
        };
        let (give, events) = mpsc::channel(8);
        let voices =
            Voices::new(vec![channel], give, (&folder.path().join("data"), DraftVoice::Nobody));
        voices.plugged(MODEM, Path::new("/dev/ttyNONE7"));
        Office { folder, line, voices, events }
    }

    fn record(&self, name: &str, samples: &[i16]) -> Piece {
        let file = self.folder.path().join(name);
        std::fs::write(file, wav::write(RATE, samples)).expect("the folder is ours");
        Piece::Recording(name.to_owned())
    }

    fn tell(&self, what: CallEvent) -> Passes {
        self.voices.hear(MODEM, &modem::Event::Call(CALL, what))
    }

    fn answered(&self) {
        assert!(self.tell(CallEvent::Answered) == Passes::Yes);
        assert!(self.tell(CallEvent::SoundOn) == Passes::No);
    }

    /// Gives silence, these frames once something is played, and silence again, until something was
    /// heard; with what was played.
    async fn listen(&mut self, said: &[Frame]) -> (Heard, Vec<i16>) {
        let (mut played, mut octets, mut have) = (Vec::new(), [0; Frame::OCTETS], 0);
        let (mut said, mut begun, mut news, mut behind) = (said.iter(), false, None, 0);
        // What was on its way when it was told is heard, too.
        while news.is_none() || (!played.is_empty() && behind < 8) {
            tokio::select! {
                biased;
                event = self.events.recv(), if news.is_none() => match event {
                    Some(Event::Heard(MODEM, CALL, heard)) => news = Some(heard),
                    other => panic!("{other:?}"),
                },
                read = self.line.read(&mut octets[have..]) => {
                    have += read.expect("the call goes on");
                    if have == octets.len() {
                        have = 0;
                        behind += usize::from(news.is_some());
                        played.extend(Frame::from_octets(&octets).0);
                        begun |= played.iter().rev().take(SAMPLES).any(|sample| *sample != 0);
                        let given = if begun { said.next() } else { None };
                        let given = given.unwrap_or(&Frame::SILENCE);
                        self.line.write(&given.to_octets()).expect("the call goes on");
                    }
                }
            }
        }
        (news.expect("it was told"), played)
    }
}

fn asks(pieces: Vec<Piece>) -> Sound {
    let hour = Duration::from_secs(3_600);
    let keys = Keys { min: 1, max: 1, first: hour, between: hour, interrupts: Interrupts::Yes };
    Sound { pieces, awaits: Awaits::Keys(keys) }
}

fn tones(low: f64, high: f64, frames: usize) -> Vec<Frame> {
    let sample = |at: usize| {
        let angle = std::f64::consts::TAU * at as f64 / f64::from(RATE);
        ((angle * low).sin() * 6_000.0 + (angle * high).sin() * 6_000.0) as i16
    };
    (0..frames).map(|nth| Frame(std::array::from_fn(|at| sample(nth * SAMPLES + at)))).collect()
}

#[tokio::test]
async fn a_question_is_played_and_its_keys_are_heard_from_the_sound_and_from_the_modem() {
    let mut office = Office::new();
    let question: Vec<i16> = (1..=4_000).collect();
    let pieces = vec![office.record("a.wav", &question), office.record("b.wav", &[9; 8_000])];
    office.answered();
    office.voices.sound(MODEM, CALL, Sound { pieces: pieces.clone(), awaits: Awaits::Nothing });
    let (heard, played) = office.listen(&[]).await;
    assert_eq!(heard, Heard::Played);
    let begin = played.iter().position(|sample| *sample != 0).expect("it was played");
    assert_eq!(played[begin..begin + 4_000], question);
    assert_eq!(played[begin + 4_000..begin + 12_000], [9; 8_000]);
    office.voices.sound(MODEM, CALL, asks(pieces.clone()));
    let five = [vec![Frame::SILENCE; 3], tones(770.0, 1_336.0, 6)].concat();
    assert_eq!(office.listen(&five).await.0, Heard::Keys("5".to_owned()));
    office.voices.sound(MODEM, CALL, asks(pieces));
    office.tell(CallEvent::Key('4'));
    assert_eq!(office.listen(&[]).await.0, Heard::Keys("4".to_owned()));
}

#[tokio::test]
async fn what_was_said_is_on_the_disk_before_it_is_told() {
    let mut office = Office::new();
    office.answered();
    let awaits =
        Awaits::Speech { longest: Duration::from_secs(20), silence: Duration::from_secs(1) };
    let pieces = vec![office.record("a.wav", &[100; 800])];
    office.voices.sound(MODEM, CALL, Sound { pieces, awaits });
    // One tone is no key. It comes after the prompt and the beep.
    let voice = tones(300.0, 420.0, 75);
    let said = [vec![Frame::SILENCE; 40], voice.clone()].concat();
    let (heard, _) = office.listen(&said).await;
    let Heard::Recorded { file, length } = heard else { panic!("{heard:?}") };
    let octets = std::fs::read(office.folder.path().join("data").join(file));
    let wav = Wav::read(&octets.expect("it is there")).expect("it is a recording");
    assert!(length >= Duration::from_millis(1_500), "{length:?}");
    assert_eq!(wav.samples.len(), (length.as_secs_f64() * 8_000.0).round() as usize);
    let begin = wav.samples.iter().position(|sample| *sample != 0).expect("it was said");
    let wished: Vec<i16> =
        voice.iter().flat_map(|frame| frame.0).skip_while(|it| *it == 0).collect();
    assert_eq!(wav.samples[begin..begin + wished.len()], wished[..]);
}

#[tokio::test]
async fn a_call_without_sound_says_so_to_each_question() {
    let mut office = Office::new();
    office.voices.sound(MODEM, CALL, asks(Vec::new()));
    office.tell(CallEvent::NoSound("it has none".to_owned()));
    let broken = Heard::Broken("it has none".to_owned());
    assert_eq!(office.listen(&[]).await.0, broken);
    office.voices.sound(MODEM, CALL, asks(Vec::new()));
    assert_eq!(office.listen(&[]).await.0, broken);
}

#[tokio::test]
async fn a_recording_that_is_missing_is_named() {
    let mut office = Office::new();
    office.answered();
    office.voices.sound(MODEM, CALL, asks(vec![Piece::Recording("prompts/x.wav".to_owned())]));
    let (heard, _) = office.listen(&[]).await;
    assert!(matches!(&heard, Heard::Broken(why) if why.contains("`prompts/x.wav`")), "{heard:?}");
}

#[tokio::test]
async fn the_port_is_free_again_after_the_call_and_nothing_more_is_told() {
    let mut office = Office::new();
    office.answered();
    office.voices.sound(MODEM, CALL, Sound { pieces: Vec::new(), awaits: Awaits::Nothing });
    assert_eq!(office.listen(&[]).await.0, Heard::Played);
    office.voices.sound(MODEM, CALL, asks(vec![office.record("a.wav", &[1; 80_000])]));
    office.tell(CallEvent::Ended(Ended::Released(Release::by_cause(16))));
    while rollcall_drivers::port::sound::open(office.line.path()).is_err() {
        tokio::task::yield_now().await;
    }
    assert!(office.events.try_recv().is_err());
}
