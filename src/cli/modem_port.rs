//! A modem that one command holds for itself, where no `serve` has it.
//!
//! The office's lock is held for as long, so that no `serve` starts meanwhile. Texts that come stay
//! in the stick for the next `serve`; one that the stick keeps nowhere is taken into the office.

use super::{Context, Outcome};
use crate::modems::Sims;
use crate::office::{Lock, Office};
use crate::switchboard::{ChannelSettings, Find};
use anyhow::{Context as _, Result};
use rollcall_drivers::link::{self, Ends};
use rollcall_drivers::modem::{Command, Event, Identity, Settings, Slot};
use rollcall_drivers::port::{discover, serial};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::task::JoinSet;

/// Which modem is meant.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// The channel; else the only one
    #[arg(long, value_name = "NAME")]
    pub channel: Option<String>,
    /// The modem at this port, where `serve` does not have it
    #[arg(long, value_name = "PATH", conflicts_with = "channel")]
    pub port: Option<PathBuf>,
}

/// Who has the modem.
pub(super) enum Found {
    /// This command.
    Held(Box<Held>),
    /// The `serve` that works on this office: it has to be asked.
    Served(Office),
    /// Nobody has it, and the reason was said.
    Not(Outcome),
}

/// A modem that this command holds.
pub(super) struct Held {
    /// The channel's name, or the port's.
    pub name: String,
    /// The port.
    pub port: PathBuf,
    /// Who it is.
    pub identity: Identity,
    /// The SIM's number, where the office or the SIM knows it.
    pub number: Option<String>,
    ends: Ends,
    /// Texts that the stick keeps nowhere.
    direct: Vec<Vec<u8>>,
    office: Option<(Office, Lock)>,
}

/// A modem that has not said who it is by then is no modem, or is in use.
const PATIENCE: Duration = Duration::from_secs(30);

impl Which {
    /// Finds the modem and waits until it is ready.
    pub(super) async fn find(&self, context: &Context) -> Result<Found> {
        if let Some(port) = &self.port {
            return Ok(match ready(port.clone(), Settings::default(), None).await {
                Ok(held) => Found::Held(Box::new(held)),
                Err(trouble) => trouble.tell(),
            });
        }
        let office = context.office()?;
        let Some(lock) = office.lock()? else { return Ok(Found::Served(office)) };
        let settings = office.settings()?;
        let channel = match self.choose(&settings.channels) {
            Ok(channel) => channel.clone(),
            Err((words, outcome)) => {
                eprintln!("{words}");
                return Ok(Found::Not(outcome));
            }
        };
        let sims = Sims::new(settings.channels, &office.data());
        Ok(match of_channel(&channel, &sims).await? {
            Ok(mut held) => {
                held.name.clone_from(&channel.name);
                held.number = channel.number.or(held.number);
                held.office = Some((office, lock));
                Found::Held(Box::new(held))
            }
            Err(trouble) => trouble.tell(),
        })
    }

    /// The channel that is meant, where it can be said.
    pub(super) fn channel_in(&self, office: &Office) -> Result<Option<ChannelSettings>> {
        Ok(self.choose(&office.settings()?.channels).ok().cloned())
    }

    /// The channel that is meant: the one named, or the only one.
    fn choose<'a>(
        &self,
        channels: &'a [ChannelSettings],
    ) -> Result<&'a ChannelSettings, (String, Outcome)> {
        match (&self.channel, channels) {
            (Some(name), _) => {
                let found = channels.iter().find(|channel| channel.name == *name);
                found.ok_or_else(|| (format!("There is no channel `{name}`."), Outcome::NotFound))
            }
            (None, [only]) => Ok(only),
            (None, []) => {
                let words = "No channel is named in rollcall.yaml: name a port with --port.";
                Err((words.to_owned(), Outcome::NotFound))
            }
            (None, several) => {
                let names: Vec<&str> = several.iter().map(|one| one.name.as_str()).collect();
                let words = format!("Say which, with --channel: {}.", names.join(", "));
                Err((words, Outcome::WrongUsage))
            }
        }
    }
}

/// Why a port is not a modem for us.
struct Trouble {
    words: String,
    outcome: Outcome,
}

impl Trouble {
    fn tell(self) -> Found {
        eprintln!("{}", self.words);
        Found::Not(self.outcome)
    }
}

/// The modem of a channel: at its port, or whichever port has it.
async fn of_channel(channel: &ChannelSettings, sims: &Sims) -> Result<Result<Held, Trouble>> {
    let (ports, settings) = match &channel.find {
        Find::ByPort(port) => (vec![PathBuf::from(port)], sims.of_channel(channel)),
        Find::ByImei(_) | Find::Auto => {
            let candidates = tokio::task::spawn_blocking(discover::candidates).await?;
            // What is asked at a port for sound is noise in somebody's ear.
            let speaks = candidates.into_iter().filter(|candidate| !candidate.is_for_sound());
            let ports = speaks.map(|candidate| candidate.path).collect();
            (ports, sims.of_found())
        }
    };
    let mut tasks = JoinSet::new();
    for port in ports {
        tasks.spawn(ready(port, settings.clone(), Some(sims.clone())));
    }
    let words = format!("{}: no port has its modem. Is the stick in?", channel.name);
    let mut last = Trouble { words, outcome: Outcome::NotFound };
    while let Some(tried) = tasks.join_next().await {
        match tried? {
            Ok(held) if channel.find.is_met_by(&held.identity.imei) => return Ok(Ok(held)),
            Ok(_) => {}
            Err(trouble) => last = trouble,
        }
    }
    Ok(Err(last))
}

/// Opens a port and waits until its modem is ready. That a SIM refuses its PIN is remembered in the
/// office, as `serve` does.
async fn ready(port: PathBuf, settings: Settings, sims: Option<Sims>) -> Result<Held, Trouble> {
    let open = serial::open(&port).map_err(|trouble| Trouble {
        words: trouble.to_string(),
        outcome: if port.exists() { Outcome::Busy } else { Outcome::NotFound },
    })?;
    let mut ends = link::spawn(settings, open);
    let mut direct = Vec::new();
    let answer = async {
        while let Some(event) = ends.events.recv().await {
            match event {
                Event::Ready(identity) => return Ok(identity),
                Event::NeedsAttention(trouble) => {
                    sims.iter().for_each(|sims| sims.note(&trouble));
                    return Err(trouble.to_string());
                }
                Event::Lost(why) => return Err(why.to_string()),
                Event::Received { slot: None | Some(Slot::Direct(_)), pdu } => direct.push(pdu),
                _ => {}
            }
        }
        Err("the port was closed".to_owned())
    };
    let answer = tokio::time::timeout(PATIENCE, answer).await;
    let identity = answer
        .unwrap_or_else(|_| Err("nothing answered".to_owned()))
        .map_err(|why| failed(&port, &why))?;
    let (name, number) = (port.display().to_string(), identity.own_number.clone());
    Ok(Held { name, port, identity, number, ends, direct, office: None })
}

fn failed(port: &Path, why: &str) -> Trouble {
    Trouble { words: format!("{}: {why}", port.display()), outcome: Outcome::Failed }
}

impl Held {
    /// Gives a command. `false`: the modem is gone.
    pub(super) fn give(&self, command: Command) -> bool {
        self.ends.commands.send(command).is_ok()
    }

    /// The next thing that it reports; `None`: it is gone.
    pub(super) async fn next(&mut self) -> Option<Event> {
        let event = self.ends.events.recv().await?;
        if let Event::Received { slot: None | Some(Slot::Direct(_)), pdu } = &event {
            self.direct.push(pdu.clone());
        }
        Some(event)
    }

    /// What it has reported already.
    pub(super) fn next_at_once(&mut self) -> Option<Event> {
        let event = self.ends.events.try_recv().ok()?;
        if let Event::Received { slot: None | Some(Slot::Direct(_)), pdu } = &event {
            self.direct.push(pdu.clone());
        }
        Some(event)
    }

    /// Lets it go: the port is closed when this returns. What came and lies nowhere else goes into
    /// the office.
    pub(super) async fn release(self) -> Result<()> {
        let Held { port, identity, mut direct, office, ends, .. } = self;
        let Ends { commands, mut events } = ends;
        drop(commands);
        while let Some(event) = events.recv().await {
            if let Event::Received { slot: None | Some(Slot::Direct(_)), pdu } = event {
                direct.push(pdu);
            }
        }
        if direct.is_empty() {
            return Ok(());
        }
        match office {
            Some((office, lock)) => {
                let port = port.display().to_string();
                office.take_in(&lock, port, identity, direct).await.context("keeping a text")?;
            }
            None => eprintln!(
                "{} texts came that the stick keeps nowhere, and no office was there to take them.",
                direct.len()
            ),
        }
        Ok(())
    }
}
