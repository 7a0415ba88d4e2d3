//! The door to the modems: finds sticks, runs one task each, opens them again when they are gone.
//!
//! A channel that names a port has one task on that port. Channels that name an IMEI or `auto`
//! are found by a scan of the machine's serial ports every few seconds; which channel a stick
//! carries is the switchboard's decision, by the IMEI the stick tells. No decision about messages
//! is taken here.

mod last_lines;
mod scan;
mod sims;
mod task;

use crate::switchboard::{ChannelSettings, Event, Find, ModemNo};
use rollcall_drivers::modem::Command;
pub use sims::Sims;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

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
    /// Where the last lines of a modem in trouble are written.
    logs: PathBuf,
}

#[derive(Default)]
struct Connected {
    last: u32,
    commands: BTreeMap<ModemNo, Commands>,
}

impl Modems {
    /// Starts the tasks; events come by `events`.
    pub fn start(
        channels: Vec<ChannelSettings>,
        events: mpsc::Sender<Event>,
        data: &Path,
    ) -> Modems {
        let logs = data.parent().unwrap_or(data).join("logs");
        let sims = Sims::new(channels.clone(), data);
        let shared = Shared { events, connected: Arc::default(), sims, logs };
        let mut tasks = JoinSet::new();
        let mut scanning = false;
        for channel in &channels {
            match &channel.find {
                Find::ByPort(port) => {
                    let settings = shared.sims.of_channel(channel);
                    tasks.spawn(task::keep_open(port.into(), settings, shared.clone()));
                }
                Find::ByImei(_) | Find::Auto => scanning = true,
            }
        }
        if scanning {
            tasks.spawn(scan::watch_ports(shared.clone()));
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

    /// Ends all tasks and closes the ports.
    pub async fn stop(&mut self) {
        self.tasks.shutdown().await;
    }
}

impl Shared {
    /// Gives a port that has just been opened its number.
    fn connect(&self, commands: Commands) -> ModemNo {
        let mut connected = self.connected.lock().unwrap_or_else(PoisonError::into_inner);
        connected.last += 1;
        let modem = ModemNo(connected.last);
        connected.commands.insert(modem, commands);
        modem
    }

    fn disconnect(&self, modem: ModemNo) {
        let mut connected = self.connected.lock().unwrap_or_else(PoisonError::into_inner);
        connected.commands.remove(&modem);
    }
}
