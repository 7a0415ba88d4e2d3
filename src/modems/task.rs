//! One port: opened, driven, and opened again when it is gone.
//!
//! What is tried for a modem that does not answer, and when, is the driver's decision; here it is
//! done: the port is closed and opened, the stick taken off the USB and on again. A port that is
//! missing is looked for every second, which costs less than a glance at the clock.

use super::Shared;
use super::last_lines::LastLines;
use super::voice::Passes;
use crate::switchboard::Event;
use rollcall_drivers::link::{self, Ended, Line};
use rollcall_drivers::modem::{self, Modem, Remedy, Settings, Standing};
use rollcall_drivers::port::recorder::{Recorder, Tape};
use rollcall_drivers::port::serial::{self, OpenError, SerialStream};
use rollcall_drivers::port::usb::{self, Stick};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Between a loss and the first try to open the port again.
const AT_ONCE: Duration = Duration::from_millis(100);
/// Between two looks whether a port is there again. A modem must be ready within three seconds of
/// the moment when it answers, and its set-up takes one.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);
/// The same for a port that is there and cannot be opened, once that has lasted a minute.
const BETWEEN_TRIES: Duration = Duration::from_secs(5);
/// How often a port is tried every second before that.
const QUICK_TRIES: u32 = 60;
/// How many looks a port that was found may be missing before its task ends: a stick that was told
/// to start is back by then, or has another name.
const LOOKS_FOR_FOUND: u32 = 60;
/// How long a port that nobody needs is left alone, by how often it was looked at.
const LEFT_ALONE: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(600)];

/// Keeps a port open: for as long as the program runs where it was named, for as long as it exists
/// where it was found. The driver is kept over losses: it remembers what must not be done twice.
pub(super) async fn keep_open(path: PathBuf, settings: Settings, shared: Shared) {
    let mut tries = Tries::default();
    let opened = loop {
        match tries.open(&path, &shared).await {
            Ok(opened) => break opened,
            Err(OpenError::Missing(_)) if settings.standing == Standing::Found => return,
            Err(_) => rest(tries.pause()).await,
        }
    };
    let tape = Tape::new(crate::clock::instant());
    let mut lines = LastLines::new(tape.clone(), &shared.logs, &path);
    let (line, ends) = link::line();
    let number = shared.connect(&path, ends.commands);
    let port_name = path.display().to_string();
    let told = shared.events.send(Event::Plugged { modem: number, port: port_name }).await;
    let mut events = ends.events;
    let forward = async {
        while let Some(event) = events.recv().await {
            if let modem::Event::NeedsAttention(trouble) = &event {
                shared.sims.note(trouble);
            }
            lines.note(&event, crate::clock::wall());
            if shared.voices.hear(number, &event) == Passes::No {
                continue;
            }
            if shared.events.send(Event::Modem(number, event)).await.is_err() {
                return;
            }
        }
    };
    if told.is_ok() {
        tokio::join!(stay((&path, settings), (opened, line), tape, &shared), forward);
    }
    shared.gone(number).await;
}

/// Drives the modem of a port, again and again.
async fn stay(
    (path, settings): (&Path, Settings),
    (opened, mut line): (SerialStream, Line),
    tape: Tape,
    shared: &Shared,
) {
    let standing = settings.standing;
    let mut modem = Modem::new(settings, crate::clock::instant());
    let (mut opened, mut left_alone, mut tries) = (Some(opened), 0, Tries::default());
    let mut stick = None;
    loop {
        if let Some(opened) = opened.take() {
            stick = Stick::of_port(Path::new(usb::SYS), path).or(stick);
            let opened = Recorder::new(opened, tape.clone());
            let begun = crate::clock::instant();
            if link::drive(&mut modem, opened, &mut line).await == Ended::Left {
                return;
            }
            // A port that opens and is gone at once is not opened ten times a second.
            let lasted = crate::clock::instant().saturating_duration_since(begun);
            tries.count = u32::from(lasted < BETWEEN_LOOKS);
        }
        match modem.remedy() {
            Remedy::Reopen => shared.lost.notify_waiters(),
            Remedy::Reauthorise => reauthorise(path, stick.clone()).await,
            Remedy::Leave => {
                let pause = LEFT_ALONE[left_alone.min(LEFT_ALONE.len() - 1)];
                left_alone += 1;
                if link::keep(&mut modem, &mut line, shared.needed(pause)).await == Ended::Left {
                    return;
                }
            }
        }
        opened = loop {
            if link::keep(&mut modem, &mut line, rest(tries.pause())).await == Ended::Left {
                return;
            }
            match tries.open(path, shared).await {
                Ok(opened) => break Some(opened),
                Err(OpenError::Missing(_)) if tries.end(standing, modem.remedy()) => return,
                Err(_) if modem.remedy() == Remedy::Leave => break None,
                Err(_) => {}
            }
        };
    }
}

/// How often a port could not be opened, and what was said about it.
#[derive(Default)]
struct Tries {
    count: u32,
    said: String,
}

impl Tries {
    /// Opens the port if it is there; says once why it cannot be opened.
    async fn open(&mut self, path: &Path, shared: &Shared) -> Result<SerialStream, OpenError> {
        let opened = if path.exists() {
            serial::open(path)
        } else {
            Err(OpenError::Missing(path.to_owned()))
        };
        match &opened {
            Ok(_) => *self = Tries::default(),
            Err(trouble) => {
                self.count += 1;
                let why = trouble.to_string();
                if self.said != why {
                    self.said.clone_from(&why);
                    tracing::warn!("{why}");
                    let port = path.display().to_string();
                    // Who listens no more has no use for it.
                    let _ = shared.events.send(Event::Unopened { port, why }).await;
                }
            }
        }
        opened
    }

    fn pause(&self) -> Duration {
        match self.count {
            0 => AT_ONCE,
            1..=QUICK_TRIES => BETWEEN_LOOKS,
            _ if self.said.contains("no such port") => BETWEEN_LOOKS,
            _ => BETWEEN_TRIES,
        }
    }

    /// Whether a port that is missing is waited for no more.
    fn end(&self, standing: Standing, remedy: Remedy) -> bool {
        match standing {
            Standing::Named => false,
            Standing::Found => remedy == Remedy::Leave || self.count >= LOOKS_FOR_FOUND,
        }
    }
}

/// Takes the stick off the USB and on again, where that can be done.
async fn reauthorise(path: &Path, stick: Option<Stick>) {
    let Some(stick) = stick else { return };
    tracing::warn!(
        "{}: the modem does not answer: its stick is taken off the USB and on again",
        path.display()
    );
    let done = tokio::task::spawn_blocking(move || stick.reauthorise()).await;
    if let Ok(Err(trouble)) = done {
        tracing::warn!("{trouble}");
    }
}

#[expect(clippy::disallowed_methods, reason = "this door may wait")]
pub(super) async fn rest(duration: Duration) {
    tokio::time::sleep(duration).await;
}
