//! `rollcall modem call`: calls a number, plays to it, listens to it, and says live what happens.

use super::modem_call_served;
use super::modem_port::{Found, Held, Which};
use super::{Context, Outcome};
use crate::clock;
use crate::model::PhoneNumber;
use crate::modems::sound_port;
use anyhow::{Context as _, Result, anyhow};
use rollcall_drivers::audio::call_audio::{self, Take};
use rollcall_drivers::audio::digit::Digit;
use rollcall_drivers::audio::dtmf::Detector;
use rollcall_drivers::audio::frame::{Frame, RATE, duration_of};
use rollcall_drivers::audio::pacing::Tally;
use rollcall_drivers::audio::presses::{Presses, Source};
use rollcall_drivers::audio::prompt::{Clip, Prompt};
use rollcall_drivers::audio::wav;
use rollcall_drivers::modem::{AttemptId, CallEvent, CallId, Command, Event};
use rollcall_drivers::port::sound;
use rollcall_drivers::port::voice::{News, Order, Voice};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Call a number, play recordings to it, and hear what it says
///
/// Shows ringing, answering, pressed keys and the end as they come. What is played is WAV; after it
/// the call goes on for some seconds, so that keys can be pressed. Ctrl-C hangs up. Exit code 3: nobody
/// answered, or the call had no sound.
///
/// Example: rollcall modem call 0886123456 --play greeting.wav --record answer.wav
#[derive(Debug, clap::Args)]
pub struct CallCommand {
    /// The number
    number: String,
    #[command(flatten)]
    pub(super) which: Which,
    /// Play this when it is answered; several, one after the other
    #[arg(long, value_name = "FILE.wav")]
    pub(super) play: Vec<PathBuf>,
    /// After a beep, write what is said into this file, until it is quiet or a key is pressed
    #[arg(long, value_name = "FILE.wav")]
    pub(super) record: Option<PathBuf>,
    /// Speak this into the call, beside what is played
    #[arg(long, value_name = "FILE.wav")]
    pub(super) mouth: Option<PathBuf>,
    /// Write all that is heard in the call into this file
    #[arg(long, value_name = "FILE.wav")]
    pub(super) ears: Option<PathBuf>,
    /// The modem's port for sound, where it is not found by itself
    #[arg(long, value_name = "PATH")]
    pub(super) audio: Option<PathBuf>,
    /// Hang up after so many seconds of talk
    #[arg(long, default_value_t = 300)]
    pub(super) seconds: u64,
}

const ATTEMPT: AttemptId = AttemptId(1);
const CALL: CallId = CallId::Placed(ATTEMPT);
/// Who has not answered by then does not: soon a machine of the network would.
const RINGS: Duration = Duration::from_secs(45);
/// How long keys are waited for when all is played.
const LISTEN: Duration = Duration::from_secs(5);
/// What is recorded, at most.
const TAKE: Take = Take { longest: Duration::from_secs(120), silence: Duration::from_secs(3) };
/// Frames that may wait for whoever writes them down: ten seconds.
const WAITING: usize = 512;
/// The longest time between an order to hang up and the end.
const ENDING: Duration = Duration::from_secs(20);

/// What came of a call.
#[derive(Debug, Default, Serialize)]
pub(super) struct Told {
    pub schema: u32,
    pub number: String,
    pub answered: bool,
    /// Why it had no sound.
    pub no_sound: Option<String>,
    pub keys: String,
    /// How it ended.
    pub ended: String,
    /// How its sound went.
    pub sound: Option<String>,
    pub recorded_seconds: Option<f64>,
}

/// The call as it goes on.
struct Talk<'a> {
    command: &'a CallCommand,
    sound_port: Result<PathBuf, String>,
    played: Vec<Clip>,
    mouth: Option<Clip>,
    quiet: bool,
    voice: Option<Voice>,
    listener: Option<JoinHandle<Vec<i16>>>,
    news: (mpsc::UnboundedSender<Said>, mpsc::UnboundedReceiver<Said>),
    until: Instant,
    ending: bool,
    presses: Presses,
    told: Told,
}

/// What a thread of the call tells.
enum Said {
    News(News),
    Key(char),
}

impl CallCommand {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let read = self.play.iter().map(|file| clip(file)).collect::<Result<Vec<Clip>>>();
        let mouth = self.mouth.as_deref().map(clip).transpose();
        let (played, mouth) = match read.and_then(|played| Ok((played, mouth?))) {
            Ok(read) => read,
            Err(why) => {
                eprintln!("{why:#}");
                return Ok(Outcome::NotFound);
            }
        };
        let channels = context.office().and_then(|office| office.settings());
        let (channels, region) = match channels {
            Ok(settings) => (settings.channels, Some(settings.region)),
            Err(_) if self.which.port.is_some() => (Vec::new(), None),
            Err(why) => return Err(why),
        };
        let number = match region {
            Some(region) => PhoneNumber::parse(&self.number, region)
                .map_err(|why| anyhow!("`{}`: {why}", self.number))?
                .e164()
                .to_owned(),
            None => self.number.clone(),
        };
        let mut held = match self.which.find(context).await? {
            Found::Held(held) => held,
            Found::Served(office) => {
                return modem_call_served::run(&self, (office, number), context).await;
            }
            Found::Not(outcome) => return Ok(outcome),
        };
        let sound_port = match (&self.audio, held.identity.no_sound) {
            (Some(named), _) => Ok(named.clone()),
            (None, Some(why)) => Err(why.to_owned()),
            (None, None) => {
                sound_port::find(&channels, &held.port, Some(held.identity.imei.as_str()))
            }
        };
        let mut talk = Talk::new(&self, sound_port, (played, mouth), context.json);
        talk.told.number.clone_from(&number);
        let outcome = talk.go(&mut held, number).await;
        held.release().await?;
        let outcome = outcome?;
        if context.json {
            println!("{}", serde_json::to_string(&talk.told)?);
        }
        Ok(outcome)
    }
}

fn clip(file: &Path) -> Result<Clip> {
    let octets = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    Clip::from_wav(&octets).with_context(|| file.display().to_string())
}

impl Talk<'_> {
    fn new(
        command: &CallCommand,
        sound_port: Result<PathBuf, String>,
        (played, mouth): (Vec<Clip>, Option<Clip>),
        quiet: bool,
    ) -> Talk<'_> {
        Talk {
            command,
            sound_port,
            played,
            mouth,
            quiet,
            voice: None,
            listener: None,
            news: mpsc::unbounded_channel(),
            until: clock::instant() + RINGS,
            ending: false,
            presses: Presses::default(),
            told: Told { schema: 1, ..Told::default() },
        }
    }

    async fn go(&mut self, held: &mut Held, number: String) -> Result<Outcome> {
        self.say(&format!("{}: calls {number}", held.name));
        held.give(Command::Dial { attempt: ATTEMPT, number });
        while self.told.ended.is_empty() {
            let until = self.until;
            tokio::select! {
                event = held.next() => match event {
                    Some(Event::Call(CALL, what)) => self.hear(held, what),
                    Some(Event::Lost(why)) => self.told.ended = why.to_string(),
                    Some(_) => {}
                    None => self.told.ended = "the modem is gone".to_owned(),
                },
                Some(said) = self.news.1.recv() => self.take(held, said)?,
                stopped = tokio::signal::ctrl_c() => {
                    stopped.context("waiting for Ctrl-C")?;
                    self.hang_up(held);
                }
                () = tokio::time::sleep_until(until.into()) => match self.ending {
                    false => self.hang_up(held),
                    true => self.told.ended = "the modem did not say that it is over".to_owned(),
                },
            }
        }
        self.close().await?;
        Ok(match (&self.told.no_sound, self.told.answered) {
            (None, true) => Outcome::Done,
            (Some(_), _) | (None, false) => Outcome::LookAt,
        })
    }

    /// The modem tells of the call.
    fn hear(&mut self, held: &Held, what: CallEvent) {
        if !matches!(what, CallEvent::Key(_)) {
            self.say(&what.to_string());
        }
        match what {
            CallEvent::Answered => {
                self.told.answered = true;
                self.until = clock::instant() + Duration::from_secs(self.command.seconds);
                self.begin();
            }
            CallEvent::SoundOn => {
                if let Err(why) = self.open() {
                    self.no_sound(held, why);
                }
                self.begin();
            }
            CallEvent::NoSound(why) => self.no_sound(held, why),
            CallEvent::Key(key) => self.key(Source::Modem, key),
            CallEvent::Ended(ended) => self.told.ended = ended.to_string(),
            CallEvent::Rings { .. } | CallEvent::RingsThere => {}
        }
    }

    /// A key, by the sound or by the modem's word; both may tell of the same press.
    fn key(&mut self, source: Source, sign: char) {
        let digit = Digit::new(sign);
        let new = digit.and_then(|it| self.presses.handle(clock::instant(), source, it));
        if let Some(digit) = new {
            self.say(&format!("key {digit}"));
            self.told.keys.push(digit.sign());
        }
    }

    fn no_sound(&mut self, held: &Held, why: String) {
        self.say(&format!("no sound: {why}"));
        self.told.no_sound = Some(why);
        self.hang_up(held);
    }

    /// Sound flows: its port is opened, and somebody listens.
    fn open(&mut self) -> Result<(), String> {
        let path = self.sound_port.clone()?;
        let port = sound::open(&path).map_err(|trouble| trouble.to_string())?;
        let tell = self.news.0.clone();
        let voice = Voice::start(port, move |news| {
            // Nobody listens after the end.
            let _ = tell.send(Said::News(news));
        });
        let voice = voice.map_err(|error| error.to_string())?;
        let (ears, heard) = sync_channel(WAITING);
        voice.order(Order::Ears(ears));
        let tell = self.news.0.clone();
        self.listener = Some(thread::spawn(move || listen(&heard, &tell)));
        self.voice = Some(voice);
        Ok(())
    }

    /// Both sides talk and sound flows: what is to be said is said.
    fn begin(&mut self) {
        let Some(voice) = self.voice.as_ref().filter(|_| self.told.answered) else { return };
        voice.order(Order::Answered);
        let mut rest = Duration::ZERO;
        if let Some(clip) = self.mouth.take() {
            rest = clip.duration();
            voice.order(Order::Mouth(frames(clip)));
        }
        let played = std::mem::take(&mut self.played);
        if !played.is_empty() || self.command.record.is_some() {
            voice.order(Order::Say(1, played));
        } else if !rest.is_zero() {
            self.until = self.until.min(clock::instant() + rest + LISTEN);
        }
    }

    fn take(&mut self, held: &Held, said: Said) -> Result<()> {
        match said {
            Said::Key(key) => self.key(Source::Sound, key),
            Said::News(News::Fault(why)) => self.no_sound(held, why),
            Said::News(News::Over(tally)) => self.note(&tally),
            Said::News(News::Turn(_, event)) => self.go_on(held, event)?,
        }
        Ok(())
    }

    /// All was played, or recorded.
    fn go_on(&mut self, held: &Held, event: call_audio::Event) -> Result<()> {
        match (event, &self.command.record, &self.voice) {
            (call_audio::Event::Played, Some(_), Some(voice)) => {
                voice.order(Order::Record(2, Vec::new(), TAKE));
            }
            (call_audio::Event::Recorded { samples, .. }, Some(file), _) => {
                std::fs::write(file, wav::write(RATE, &samples))
                    .with_context(|| format!("writing {}", file.display()))?;
                self.say(&format!("recorded {}", file.display()));
                let lasts = duration_of(samples.len());
                self.told.recorded_seconds = Some(lasts.as_secs_f64());
                self.hang_up(held);
            }
            (call_audio::Event::Silence, Some(_), _) => {
                self.say("nobody spoke");
                self.hang_up(held);
            }
            _ => self.until = self.until.min(clock::instant() + LISTEN),
        }
        Ok(())
    }

    fn hang_up(&mut self, held: &Held) {
        self.ending = true;
        self.until = clock::instant() + ENDING;
        held.give(Command::HangUp { call: CALL });
    }

    /// The call is over: its threads end, and what was heard is written.
    async fn close(&mut self) -> Result<()> {
        if self.voice.take().is_some() {
            while let Some(said) = self.news.1.recv().await {
                if let Said::News(News::Over(tally)) = said {
                    self.note(&tally);
                    break;
                }
            }
        }
        let Some(listener) = self.listener.take() else { return Ok(()) };
        let heard = tokio::task::spawn_blocking(move || listener.join()).await?;
        let heard = heard.map_err(|_| anyhow!("whoever listened broke off"))?;
        if let Some(file) = &self.command.ears {
            std::fs::write(file, wav::write(RATE, &heard))
                .with_context(|| format!("writing {}", file.display()))?;
        }
        Ok(())
    }

    fn note(&mut self, tally: &Tally) {
        self.say(&format!("its sound: {tally}"));
        self.told.sound = Some(tally.to_string());
    }

    fn say(&self, words: &str) {
        if !self.quiet {
            println!("{words}");
        }
    }
}

/// The clip as frames that wait to be spoken.
fn frames(clip: Clip) -> Receiver<Frame> {
    let mut prompt = Prompt::new(vec![clip]);
    let frames: Vec<Frame> = std::iter::from_fn(|| prompt.next_frame()).collect();
    let (give, waiting) = sync_channel(frames.len().max(1));
    for frame in frames {
        // There is room for all of them.
        let _ = give.try_send(frame);
    }
    waiting
}

/// Hears keys, and keeps all that is heard, until the call is over.
fn listen(heard: &Receiver<Frame>, tell: &mpsc::UnboundedSender<Said>) -> Vec<i16> {
    let (mut ears, mut kept) = (Detector::new(), Vec::new());
    while let Ok(frame) = heard.recv() {
        ears.handle_samples(&frame.0);
        kept.extend(frame.0);
        while let Some(key) = ears.poll_heard() {
            // Nobody listens after the end.
            let _ = tell.send(Said::Key(key.digit.sign()));
        }
    }
    kept
}
