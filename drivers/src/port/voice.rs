//! One thread a call that moves its sound between a modem's port and [`CallAudio`].
//!
//! It is all there is of real time in a call: it decides nothing, allocates nothing while it moves
//! frames, and counts how late it was. What is to be played is given to it ready; what it hears of keys
//! and speech it tells at once, and files are somebody else's matter.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::audio::call_audio::{BargeIn, CallAudio, Digits, Event, Take};
use crate::audio::digit::Digit;
use crate::audio::frame::Frame;
use crate::audio::pacing::{Pacing, Tally};
use crate::audio::prompt::Clip;

/// A call that is answered and gives no sound for so long has none.
const DEAF: Duration = Duration::from_secs(3);
/// What is read at once at most: more than any system keeps for a port.
const LARGEST_READ: usize = 32 * Frame::OCTETS;

/// Which turn of a call something belongs to: whoever orders turns counts them.
pub type TurnNo = u32;

/// What the sound of a call is to do.
#[derive(Debug)]
pub enum Order {
    /// Play the clips.
    Say(TurnNo, Vec<Clip>),
    /// Play the clips and wait for keys.
    Ask(TurnNo, Vec<Clip>, Digits, BargeIn),
    /// Play the clips and a beep, and record.
    Record(TurnNo, Vec<Clip>, Take),
    /// Play and wait for nothing any more.
    Stop,
    /// The modem tells of a key.
    Key(Digit),
    /// Both sides talk: from now on there must be sound.
    Answered,
    /// Let somebody listen: what the other side says goes there too, where there is room.
    Ears(SyncSender<Frame>),
    /// Let somebody speak: what comes from there is mixed into what is played.
    Mouth(Receiver<Frame>),
}

/// What the sound of a call tells.
#[derive(Debug)]
pub enum News {
    /// What came of a turn.
    Turn(TurnNo, Event),
    /// The sound is no good, and why, in plain words. Said once.
    Fault(String),
    /// The port is closed; this is how it went.
    Over(Box<Tally>),
}

/// The sound of a call that goes on. Dropping it ends it, and [`News::Over`] follows.
#[derive(Debug)]
pub struct Voice {
    orders: Sender<Order>,
}

impl Voice {
    /// Starts the thread. `port` must not wait longer than a few milliseconds when it is read, nor at
    /// all when it is written ([`super::sound::open`]). `tell` is called by the thread and must be quick.
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn start<P>(port: P, tell: impl FnMut(News) + Send + 'static) -> io::Result<Voice>
    where
        P: Read + Write + Send + 'static,
    {
        let (orders, waiting) = channel();
        let mover = Mover::new(port, waiting, tell);
        thread::Builder::new().name("voice".to_owned()).spawn(move || mover.run())?;
        Ok(Voice { orders })
    }

    /// Gives an order. After a fault or an end it has no effect.
    pub fn order(&self, order: Order) {
        // Who has ended has said so.
        let _ = self.orders.send(order);
    }
}

struct Mover<P, T> {
    port: P,
    orders: Receiver<Order>,
    tell: T,
    pacing: Pacing,
    audio: CallAudio,
    turn: TurnNo,
    ears: Option<SyncSender<Frame>>,
    mouth: Option<Receiver<Frame>>,
    answered: Option<Instant>,
    faulty: bool,
}

/// Whether the thread goes on.
#[derive(PartialEq, Eq)]
enum Goes {
    On,
    /// Whoever gave orders has gone.
    Home,
}

impl<P: Read + Write, T: FnMut(News)> Mover<P, T> {
    fn new(port: P, orders: Receiver<Order>, tell: T) -> Mover<P, T> {
        Mover {
            port,
            orders,
            tell,
            pacing: Pacing::new(now()),
            audio: CallAudio::new(),
            turn: 0,
            ears: None,
            mouth: None,
            answered: None,
            faulty: false,
        }
    }

    fn run(mut self) {
        hurry();
        let mut buffer = vec![0; LARGEST_READ];
        while self.obey_all() == Goes::On {
            if let Err(trouble) = self.move_frames(&mut buffer) {
                self.fault(format!("the port for the sound of the call is gone ({trouble})"));
                // What is ordered now has no effect; the end is waited for.
                while self.orders.recv().is_ok() {}
                break;
            }
            self.tell_events();
            self.look_whether_it_is_deaf();
        }
        let Mover { port, pacing, mut tell, .. } = self;
        drop(port);
        tell(News::Over(Box::new(pacing.tally().clone())));
    }

    fn obey_all(&mut self) -> Goes {
        loop {
            match self.orders.try_recv() {
                Ok(order) => self.obey(order),
                Err(TryRecvError::Empty) => return Goes::On,
                Err(TryRecvError::Disconnected) => return Goes::Home,
            }
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Say(turn, clips) => {
                self.turn = turn;
                self.audio.say(clips);
            }
            Order::Ask(turn, clips, digits, barge_in) => {
                self.turn = turn;
                self.audio.ask(clips, digits, barge_in);
            }
            Order::Record(turn, clips, take) => {
                self.turn = turn;
                self.audio.record(clips, take);
            }
            Order::Stop => self.audio.stop(),
            Order::Key(digit) => self.audio.handle_report(now(), digit),
            Order::Answered => {
                self.answered = Some(now());
                self.pacing.begin_talk(now());
            }
            Order::Ears(ears) => self.ears = Some(ears),
            Order::Mouth(mouth) => self.mouth = Some(mouth),
        }
    }

    /// Moves what there is, both ways.
    fn move_frames(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        match self.port.read(buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                let (now, audio, ears) = (now(), &mut self.audio, &self.ears);
                self.pacing.handle_octets(now, &buffer[..count], |frame| {
                    audio.handle_frame(now, frame);
                    if let Some(ears) = ears {
                        // Who listens too slowly misses something; the call does not wait.
                        let _ = ears.try_send(*frame);
                    }
                });
            }
            Err(trouble) if is_patience(&trouble) => self.pacing.handle_silence(now()),
            Err(trouble) => return Err(trouble),
        }
        self.audio.handle_timeout(now());
        self.write()
    }

    fn write(&mut self) -> io::Result<()> {
        let (audio, mouth) = (&mut self.audio, &self.mouth);
        while let Some(octets) = self.pacing.poll_transmit(|| {
            let frame = audio.next_frame(now());
            match mouth.as_ref().and_then(|mouth| mouth.try_recv().ok()) {
                Some(spoken) => mixed(frame, &spoken),
                None => frame,
            }
        }) {
            match self.port.write(octets) {
                Ok(0) => return Ok(()),
                Ok(count) => self.pacing.handle_taken(count),
                Err(trouble) if is_patience(&trouble) => return Ok(()),
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(())
    }

    fn tell_events(&mut self) {
        while let Some(event) = self.audio.poll_event() {
            (self.tell)(News::Turn(self.turn, event));
        }
    }

    fn look_whether_it_is_deaf(&mut self) {
        let Some(answered) = self.answered else { return };
        let since = answered.max(self.pacing.last_frame());
        if now().saturating_duration_since(since) >= DEAF {
            self.fault(format!(
                "no sound has come from the modem for {} s: its sound does not work, or the port is \
                 not its port for sound",
                DEAF.as_secs()
            ));
        }
    }

    fn fault(&mut self, words: String) {
        if !std::mem::replace(&mut self.faulty, true) {
            (self.tell)(News::Fault(words));
        }
    }
}

/// Frames go before other work of the computer, where this user may say so.
#[cfg(unix)]
fn hurry() {
    // Where not, they wait their turn like everybody.
    let _ = rustix::process::nice(-15);
}

#[cfg(not(unix))]
fn hurry() {}

/// Nothing is there, or there is no room: that is no trouble.
fn is_patience(trouble: &io::Error) -> bool {
    matches!(trouble.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// Both at once; what would be too loud is as loud as can be.
fn mixed(mut frame: Frame, other: &Frame) -> Frame {
    for (sample, added) in frame.0.iter_mut().zip(other.0) {
        *sample = sample.saturating_add(added);
    }
    frame
}

#[expect(clippy::disallowed_methods, reason = "a port is where frames meet the time")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;
    use crate::audio::call_audio::Ended;
    use crate::audio::frame::{RATE, SAMPLES};
    use crate::port::pty::Pty;
    use crate::port::sound;

    /// A call over a pair of terminals. The modem's side gives a frame for each that it gets, so that
    /// the call runs as fast as the machine can.
    struct Line {
        pty: Pty,
        voice: Option<Voice>,
        news: Receiver<News>,
    }

    impl Line {
        fn open() -> Line {
            let pty = Pty::open().expect("the system has pseudo-terminals");
            let (give, news) = channel();
            let port = sound::open(pty.path()).expect("nobody has it");
            let tell = move |it| give.send(it).expect("the test listens");
            let voice = Voice::start(port, tell).expect("there is a thread left");
            Line { pty, voice: Some(voice), news }
        }

        fn order(&self, order: Order) {
            self.voice.as_ref().expect("it goes on").order(order);
        }

        /// Gives these frames, then silence, until the call tells something and what was on its way
        /// then is heard.
        async fn turn(&self, said: &[Frame]) -> (News, Vec<i16>) {
            let (mut heard, mut octets) = (Vec::new(), [0; Frame::OCTETS]);
            let (mut said, mut news, mut behind) = (said.iter(), None, 0);
            while behind < 8 {
                let mut have = 0;
                while have < octets.len() {
                    let read = self.pty.read(&mut octets[have..]).await;
                    have += read.expect("the call goes on");
                }
                heard.extend(Frame::from_octets(&octets).0);
                let given = said.next().unwrap_or(&Frame::SILENCE).to_octets();
                self.pty.write(&given).expect("the call goes on");
                news = news.or_else(|| self.news.try_recv().ok());
                behind += usize::from(news.is_some());
            }
            (news.expect("it was told"), heard)
        }
    }

    fn clip(count: usize) -> Clip {
        Clip::new((0..count).map(|at| (at % 3_000) as i16 + 1).collect())
    }

    /// Of the key `5`, so many frames.
    fn five(frames: usize) -> Vec<Frame> {
        let sample = |at: usize| {
            let angle = std::f64::consts::TAU * at as f64 / f64::from(RATE);
            ((angle * 770.0).sin() * 6_000.0 + (angle * 1_336.0).sin() * 6_000.0) as i16
        };
        (0..frames).map(|nth| Frame(std::array::from_fn(|at| sample(nth * SAMPLES + at)))).collect()
    }

    const KEYS: Digits = Digits {
        min: 1,
        max: 1,
        end_with: Some(Digit::HASH),
        first: Duration::from_secs(600),
        between: Duration::from_secs(600),
    };

    #[tokio::test]
    async fn a_prompt_passes_the_port_word_for_word() {
        let line = Line::open();
        line.order(Order::Say(1, vec![clip(16_000)]));
        let (news, heard) = line.turn(&[]).await;
        assert!(matches!(news, News::Turn(1, Event::Played)), "{news:?}");
        let begin = heard.iter().position(|sample| *sample != 0).expect("it was played");
        assert_eq!(heard[begin..begin + 16_000], *clip(16_000).samples());
    }

    #[tokio::test]
    async fn a_key_in_the_sound_stops_the_prompt_and_is_told_with_its_turn() {
        let line = Line::open();
        line.order(Order::Ask(7, vec![clip(80_000)], KEYS, BargeIn::Yes));
        let (news, heard) = line.turn(&[vec![Frame::SILENCE; 20], five(6)].concat()).await;
        let News::Turn(7, Event::Collected { digits, ended: Ended::Full }) = news else {
            panic!("{news:?}");
        };
        assert_eq!(digits, [Digit::new('5').expect("a key")]);
        assert!(heard.len() < 40 * SAMPLES, "{} frames", heard.len() / SAMPLES);
    }

    #[tokio::test]
    async fn a_key_that_the_modem_tells_counts_too() {
        let line = Line::open();
        line.order(Order::Ask(1, vec![clip(80_000)], KEYS, BargeIn::Yes));
        line.order(Order::Key(Digit::new('9').expect("a key")));
        let (news, _) = line.turn(&[]).await;
        assert!(matches!(&news, News::Turn(1, Event::Collected { .. })), "{news:?}");
    }

    #[tokio::test]
    async fn somebody_may_listen_and_speak() {
        let line = Line::open();
        let (ears, listened) = sync_channel(64);
        let (spoken, mouth) = sync_channel(64);
        line.order(Order::Ears(ears));
        line.order(Order::Mouth(mouth));
        spoken.try_send(Frame([700; SAMPLES])).expect("there is room");
        line.order(Order::Say(1, vec![clip(1_600)]));
        let (_, heard) = line.turn(&five(3)).await;
        assert!(heard.iter().any(|sample| *sample >= 700));
        let first = listened.try_iter().find(|frame| *frame != Frame::SILENCE);
        assert_eq!(first, Some(five(1)[0]));
    }

    #[tokio::test]
    async fn the_end_closes_the_port_and_says_how_it_went() {
        let mut line = Line::open();
        line.order(Order::Say(1, vec![clip(1_600)]));
        line.turn(&[]).await;
        line.voice = None;
        let News::Over(tally) = line.news.recv().expect("it says so") else { panic!("not over") };
        assert!(tally.played >= 10 && tally.heard >= 10, "{tally}");
        assert!(sound::open(line.pty.path()).is_ok(), "the port is free again");
    }

    #[tokio::test]
    async fn a_stick_that_is_pulled_is_told_in_plain_words_and_once() {
        let line = Line::open();
        let Line { pty, voice, news } = line;
        drop(pty);
        let News::Fault(words) = news.recv().expect("it says so") else { panic!("no fault") };
        assert!(words.contains("is gone"), "{words}");
        drop(voice);
        assert!(matches!(news.recv(), Ok(News::Over(_))));
    }

    /// A port that never gives anything, in a time of its own.
    struct Deaf;

    impl Read for Deaf {
        fn read(&mut self, _into: &mut [u8]) -> io::Result<usize> {
            Err(ErrorKind::TimedOut.into())
        }
    }

    impl Write for Deaf {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_answered_call_without_sound_is_a_fault_after_three_seconds() {
        let (_orders, waiting) = channel();
        let mut told = Vec::new();
        let mut mover = Mover::new(Deaf, waiting, |news| told.push(news));
        mover.look_whether_it_is_deaf();
        mover.answered = Some(now());
        mover.look_whether_it_is_deaf();
        let past = now().checked_sub(DEAF).expect("the machine runs for longer");
        mover.answered = Some(past);
        mover.pacing = Pacing::new(past);
        mover.look_whether_it_is_deaf();
        mover.look_whether_it_is_deaf();
        assert_eq!(told.len(), 1);
        assert!(matches!(&told[0], News::Fault(words) if words.contains("for 3 s")), "{told:?}");
    }
}
