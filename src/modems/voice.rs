//! The door to the sound of calls: plays what the switchboard wants played and tells what was heard.
//!
//! A task a call: it opens the port for sound when the modem says that sound flows, reads recordings,
//! keeps what was said, and ends with the call. The frames are moved by a thread of the drivers
//! (`port::voice`), which waits for nothing here. Each sound gets exactly one answer, unless the call
//! ends or another one takes its place. What keys mean is not known here.

use super::clips::Clips;
use super::drafts::Drafts;
use super::{recordings, sound_port, turns};
use crate::model::{Heard, Sound};
use crate::switchboard::{ChannelSettings, DraftVoice, Event, ModemNo};
use rollcall_drivers::audio::call_audio;
use rollcall_drivers::audio::digit::Digit;
use rollcall_drivers::audio::frame::duration_of;
use rollcall_drivers::audio::pacing::Tally;
use rollcall_drivers::modem::{self, CallEvent, CallId};
use rollcall_drivers::port::sound::{self, SoundLine};
use rollcall_drivers::port::voice::{News, Order, TurnNo, Voice};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// A port that cannot be opened when sound flows is tried so often: a stick may need a moment.
const TRIES: u32 = 4;
/// Between two tries.
const BETWEEN_TRIES: Duration = Duration::from_millis(250);

/// The sound of all calls there are.
#[derive(Clone)]
pub(super) struct Voices(Arc<Shared>);

struct Shared {
    events: mpsc::Sender<Event>,
    channels: Vec<ChannelSettings>,
    data: PathBuf,
    clips: Clips,
    modems: Mutex<BTreeMap<ModemNo, Line>>,
}

/// A modem, and the call it has.
struct Line {
    port: PathBuf,
    imei: Option<String>,
    call: Option<(CallId, mpsc::UnboundedSender<Ask>)>,
}

/// What the task of a call is told.
enum Ask {
    Sound(Sound),
    Key(char),
    On,
    Off(String),
    Answered,
}

/// Whether an event of a modem concerns others, too.
#[derive(PartialEq, Eq)]
pub(super) enum Passes {
    Yes,
    No,
}

impl Voices {
    /// `data` is the office's data folder.
    pub(super) fn new(
        channels: Vec<ChannelSettings>,
        events: mpsc::Sender<Event>,
        (data, drafts): (&Path, DraftVoice),
    ) -> Voices {
        let drafts = Drafts::new(drafts, data);
        let clips = Clips::new(data.parent().unwrap_or(data), drafts);
        let modems = Mutex::default();
        Voices(Arc::new(Shared { events, channels, data: data.to_owned(), clips, modems }))
    }

    /// A port was opened.
    pub(super) fn plugged(&self, modem: ModemNo, port: &Path) {
        let line = Line { port: port.to_owned(), imei: None, call: None };
        self.with(|modems| modems.insert(modem, line));
    }

    /// A port is gone for good, and its call with it.
    pub(super) fn gone(&self, modem: ModemNo) {
        self.with(|modems| modems.remove(&modem));
    }

    /// A modem reports something: what is about the sound of its call is taken.
    pub(super) fn hear(&self, modem: ModemNo, event: &modem::Event) -> Passes {
        match event {
            modem::Event::Ready(identity) => {
                let imei = Some(identity.imei.clone());
                self.with(|modems| modems.get_mut(&modem).map(|line| line.imei = imei));
            }
            modem::Event::Call(id, what) => return self.hear_call(modem, *id, what),
            _ => {}
        }
        Passes::Yes
    }

    fn hear_call(&self, modem: ModemNo, id: CallId, what: &CallEvent) -> Passes {
        match what {
            CallEvent::SoundOn => self.tell(modem, id, Ask::On),
            CallEvent::NoSound(why) => self.tell(modem, id, Ask::Off(why.clone())),
            CallEvent::Key(key) => self.tell(modem, id, Ask::Key(*key)),
            CallEvent::Answered => {
                self.tell(modem, id, Ask::Answered);
                return Passes::Yes;
            }
            CallEvent::Ended(_) => {
                self.end(modem, id);
                return Passes::Yes;
            }
            CallEvent::Rings { .. } | CallEvent::RingsThere => return Passes::Yes,
        }
        Passes::No
    }

    /// Plays a sound in a call, and waits for what it awaits.
    pub(super) fn sound(&self, modem: ModemNo, id: CallId, sound: Sound) {
        self.tell(modem, id, Ask::Sound(sound));
    }

    /// Tells the task of a call, which begins with the first thing that it is told.
    fn tell(&self, modem: ModemNo, id: CallId, ask: Ask) {
        let begun = self.with(|modems| {
            let line = modems.get_mut(&modem)?;
            if let Some((_, asks)) = line.call.as_ref().filter(|(current, _)| *current == id) {
                // A task ends after its call alone.
                let _ = asks.send(ask);
                return None;
            }
            let (asks, waiting) = mpsc::unbounded_channel();
            let _ = asks.send(ask);
            line.call = Some((id, asks));
            Some((waiting, line.port.clone(), line.imei.clone()))
        });
        if let Some((asks, port, imei)) = begun {
            let shared = self.0.clone();
            let call = Call { shared, modem, id, port, imei, state: State::default() };
            tokio::spawn(call.run(asks));
        }
    }

    fn end(&self, modem: ModemNo, id: CallId) {
        self.with(|modems| {
            modems.get_mut(&modem)?.call.take_if(|(current, _)| *current == id).map(drop)
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<ModemNo, Line>) -> T) -> T {
        act(&mut self.0.modems.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One call, as its task knows it.
struct Call {
    shared: Arc<Shared>,
    modem: ModemNo,
    id: CallId,
    port: PathBuf,
    imei: Option<String>,
    state: State,
}

#[derive(Default)]
struct State {
    voice: Option<Voice>,
    /// Why the call has no sound.
    fault: Option<String>,
    /// What is to be played once sound flows.
    waiting: Option<Sound>,
    /// The turn that is under way.
    turn: Option<TurnNo>,
    turns: TurnNo,
    answered: bool,
}

impl Call {
    async fn run(mut self, mut asks: mpsc::UnboundedReceiver<Ask>) {
        let (tell, mut news) = mpsc::unbounded_channel();
        loop {
            tokio::select! {
                biased;
                ask = asks.recv() => match ask {
                    Some(ask) => self.obey(ask, &tell).await,
                    // The call is over.
                    None => break,
                },
                Some(news) = news.recv() => self.take(news).await,
            }
        }
        // Whoever ends the thread hears how it went.
        if self.state.voice.take().is_some() {
            while let Some(news) = news.recv().await {
                if let News::Over(tally) = news {
                    return self.say_how_it_went(&tally);
                }
            }
        }
    }

    async fn obey(&mut self, ask: Ask, tell: &mpsc::UnboundedSender<News>) {
        match ask {
            Ask::On => self.open(tell.clone()).await,
            Ask::Off(why) => self.fail(why).await,
            Ask::Key(sign) => {
                if let (Some(voice), Some(digit)) = (&self.state.voice, Digit::new(sign)) {
                    voice.order(Order::Key(digit));
                }
            }
            Ask::Answered => {
                self.state.answered = true;
                if let Some(voice) = &self.state.voice {
                    voice.order(Order::Answered);
                }
            }
            Ask::Sound(sound) => self.play(sound).await,
        }
    }

    /// Sound flows: its port is opened, and what waited is played.
    async fn open(&mut self, tell: mpsc::UnboundedSender<News>) {
        let tell = move |news| {
            // Nobody listens after the end.
            let _ = tell.send(news);
        };
        let opened = self.open_port().await;
        let voice = opened.and_then(|port| {
            Voice::start(port, tell).map_err(|error| format!("no thread: {error}"))
        });
        match voice {
            Ok(voice) => {
                if self.state.answered {
                    voice.order(Order::Answered);
                }
                self.state.voice = Some(voice);
                if let Some(sound) = self.state.waiting.take() {
                    self.play(sound).await;
                }
            }
            Err(why) => self.fail(why).await,
        }
    }

    async fn open_port(&self) -> Result<SoundLine, String> {
        let (shared, port, imei) = (self.shared.clone(), self.port.clone(), self.imei.clone());
        let find = move || sound_port::find(&shared.channels, &port, imei.as_deref());
        let path = tokio::task::spawn_blocking(find).await.map_err(|error| error.to_string())??;
        let mut tries = 1;
        loop {
            match sound::open(&path) {
                Ok(line) => return Ok(line),
                Err(trouble) if tries == TRIES => return Err(trouble.to_string()),
                Err(_) => tries += 1,
            }
            super::task::rest(BETWEEN_TRIES).await;
        }
    }

    /// The call has no sound: who waits for one is told.
    async fn fail(&mut self, why: String) {
        tracing::warn!("{}: the call has no sound: {why}", self.port.display());
        self.state.voice = None;
        let waits = self.state.waiting.take().is_some() || self.state.turn.take().is_some();
        self.state.fault = Some(why.clone());
        if waits {
            self.heard(Heard::Broken(why)).await;
        }
    }

    async fn play(&mut self, sound: Sound) {
        if let Some(why) = &self.state.fault {
            return self.heard(Heard::Broken(why.clone())).await;
        }
        if self.state.voice.is_none() {
            self.state.waiting = Some(sound);
            return;
        }
        self.state.turns += 1;
        let (shared, Sound { pieces, awaits }) = (self.shared.clone(), sound);
        let read = tokio::task::spawn_blocking(move || shared.clips.of(&pieces)).await;
        match (read.map_err(|error| error.to_string()).and_then(|read| read), &self.state.voice) {
            (Ok(clips), Some(voice)) => {
                self.state.turn = Some(self.state.turns);
                voice.order(turns::order(self.state.turns, clips, &awaits));
            }
            (Ok(_), None) => {}
            (Err(why), _) => {
                self.state.turn = None;
                tracing::warn!("{}: {why}", self.port.display());
                self.heard(Heard::Broken(why)).await;
            }
        }
    }

    async fn take(&mut self, news: News) {
        match news {
            News::Turn(turn, event) if self.state.turn == Some(turn) => {
                self.state.turn = None;
                let heard = self.understand(event).await;
                self.heard(heard).await;
            }
            // Another sound has taken its place.
            News::Turn(..) => {}
            News::Fault(why) => self.fail(why).await,
            News::Over(tally) => self.say_how_it_went(&tally),
        }
    }

    async fn understand(&self, event: call_audio::Event) -> Heard {
        match event {
            call_audio::Event::Played => Heard::Played,
            call_audio::Event::Collected { digits, .. } => Heard::Keys(turns::written(&digits)),
            call_audio::Event::Silence => Heard::Silence,
            // A key was pressed at once, and nothing was said.
            call_audio::Event::Recorded { samples, .. } if samples.is_empty() => Heard::Silence,
            call_audio::Event::Recorded { samples, .. } => self.keep(samples).await,
        }
    }

    /// Keeps what was said. Only what is on the disk was heard.
    async fn keep(&self, samples: Vec<i16>) -> Heard {
        let (length, data) = (duration_of(samples.len()), self.shared.data.clone());
        let keep = move || recordings::keep(&data, &samples);
        let kept = tokio::task::spawn_blocking(keep).await;
        match kept.map_err(std::io::Error::other).and_then(|kept| kept) {
            Ok(file) => Heard::Recorded { file, length },
            Err(trouble) => {
                let why = format!("what was said could not be written down: {trouble}");
                tracing::error!("{}: {why}", self.port.display());
                Heard::Broken(why)
            }
        }
    }

    async fn heard(&self, heard: Heard) {
        // Who listens no more has no use for it.
        let _ = self.shared.events.send(Event::Heard(self.modem, self.id, heard)).await;
    }

    fn say_how_it_went(&self, tally: &Tally) {
        let port = self.port.display();
        match tally.is_bad() {
            true => tracing::warn!("{port}: the sound of the call was bad: {tally}"),
            false => tracing::info!("{port}: the sound of the call: {tally}"),
        }
    }
}
