//! The door to the modems: finds sticks, runs one task each, opens them again when they are gone.
//!
//! A channel that names a port has one task on that port. Channels that name an IMEI or `auto`
//! are found by a scan of the machine's serial ports every second; which channel a stick carries
//! is the switchboard's decision, by the IMEI the stick tells. A port that nobody needs, such as
//! the second one of a stick, is closed and looked at rarely, or when a modem is lost. No decision
//! about messages is taken here. The sound of calls has a door of its own beside it (`voice`).

mod clips;
mod drafts;
mod last_lines;
mod recordings;
mod scan;
mod sims;
pub mod sound_port;
mod task;
pub(crate) mod turns;
mod voice;
#[cfg(test)]
#[cfg(unix)]
mod voice_tests;

use crate::model::Sound;
use crate::switchboard::{self, Event, Find, ModemNo};
use rollcall_drivers::modem::{CallId, Command, Settings, Standing};
pub use sims::Sims;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use voice::Voices;

/// The commands of a modem on their way to its task. Unbounded, because the switchboard gives a
/// modem one segment at a time and the service must never wait for a stick.
type Commands = mpsc::UnboundedSender<Command>;

/// All modems of the office.
pub struct Modems {
    shared: Shared,
    tasks: JoinSet<()>,
}

/// What the tasks share with the service.
#[derive(Clone)]
struct Shared {
    events: mpsc::Sender<Event>,
    connected: Arc<Mutex<Connected>>,
    sims: Sims,
    /// A modem was lost: whoever is left alone may be needed.
    lost: Arc<Notify>,
    /// Where the last lines of a modem in trouble are written.
    logs: PathBuf,
    voices: Voices,
}

#[derive(Default)]
struct Connected {
    last: u32,
    commands: BTreeMap<ModemNo, Commands>,
}

impl Modems {
    /// Starts the tasks; events come by `events`.
    pub fn start(
        settings: &switchboard::Settings,
        events: mpsc::Sender<Event>,
        data: &Path,
    ) -> Modems {
        let channels = settings.channels.clone();
        let logs = data.parent().unwrap_or(data).join("logs");
        let sims = Sims::new(channels.clone(), data);
        let (connected, lost) = (Arc::default(), Arc::default());
        let voices = Voices::new(channels.clone(), events.clone(), (data, settings.draft_voice));
        let shared = Shared { events, connected, sims, lost, logs, voices };
        let mut tasks = JoinSet::new();
        let mut scanning = false;
        for channel in &channels {
            match &channel.find {
                Find::ByPort(port) => {
                    let settings = shared.sims.of_channel(channel);
                    let settings = Settings { standing: Standing::Named, ..settings };
                    tasks.spawn(task::keep_open(port.into(), settings, shared.clone()));
                }
                Find::ByImei(_) | Find::Auto => scanning = true,
            }
        }
        if scanning {
            tasks.spawn(scan::watch_ports(channels, shared.clone()));
        }
        Modems { shared, tasks }
    }

    /// Gives a command to a modem. One that is gone has said so by its own event, and what was
    /// under way there is uncertain already.
    pub fn give(&self, modem: ModemNo, command: Command) {
        let connected = self.shared.connected.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(commands) = connected.commands.get(&modem) {
            let _ = commands.send(command);
        }
    }

    /// Plays a sound in a call, and waits for what it awaits; what comes of it is an event. In a call
    /// that is over it has no effect.
    pub fn sound(&self, modem: ModemNo, call: CallId, sound: Sound) {
        self.shared.voices.sound(modem, call, sound);
    }

    /// Ends all tasks and closes the ports.
    pub async fn stop(&mut self) {
        self.tasks.shutdown().await;
    }
}

impl Shared {
    /// Gives a port that was opened for the first time its number.
    fn connect(&self, port: &Path, commands: Commands) -> ModemNo {
        let mut connected = self.connected.lock().unwrap_or_else(PoisonError::into_inner);
        connected.last += 1;
        let modem = ModemNo(connected.last);
        connected.commands.insert(modem, commands);
        self.voices.plugged(modem, port);
        modem
    }

    /// The port is gone for good.
    async fn gone(&self, modem: ModemNo) {
        self.disconnect(modem);
        self.voices.gone(modem);
        // Who listens no more has no use for it.
        let _ = self.events.send(Event::Gone(modem)).await;
        self.lost.notify_waiters();
    }

    fn disconnect(&self, modem: ModemNo) {
        let mut connected = self.connected.lock().unwrap_or_else(PoisonError::into_inner);
        connected.commands.remove(&modem);
    }

    /// Resolves after a pause, or when a modem is lost.
    async fn needed(&self, pause: Duration) {
        tokio::select! {
            () = task::rest(pause) => {}
            () = self.lost.notified() => {}
        }
    }
}
