//! The decisions: events in, one transaction, then commands out.
//!
//! [`Switchboard::handle`] takes everything that waits, writes what follows from it in one
//! transaction, and returns commands only after the commit. It awaits nothing but the store and
//! never asks for the time. Who uses it: the service in real time, the world in virtual time.

mod anonymous;
mod belonging;
mod calls;
mod campaigns;
mod channels;
mod codes;
mod confirm;
mod flows;
mod inbound;
mod keywords;
mod migrate;
mod moves;
mod office;
mod one_flow;
mod outbound;
mod own_calls;
mod parts;
mod placing;
mod recovery;
mod replies;
mod reports;
mod request;
mod results;
#[cfg(test)]
mod scenes;
mod schedules;
mod settings;
mod starts;
mod talking;
mod turns;

pub use own_calls::Afterwards;
pub use request::{Happening, MovedPeople, Reply, Request, WrittenCode, WrittenFlow};
pub use settings::{
    ChannelSettings, DraftVoice, Find, Prices, QuietHours, READING_TIME, Roaming, Settings,
};

use crate::model::{CampaignId, ContactId, Heard, Sound};
use crate::store::{Commits, Fact, Store, Tx, awake};
use anonymous::Remembered;
use anyhow::Result;
use channels::Channels;
use flows::Flows;
use jiff::Timestamp;
use rollcall_drivers::modem::{self, Slot};
use std::collections::BTreeSet;

/// The door's handle of a modem that is connected now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModemNo(pub u32);

/// The door's ticket of somebody who waits for a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyTo(pub u64);

/// Where ids come from that must tell nothing: 256 bits that nobody can guess. Tests and the world
/// take them from their seed.
#[derive(Clone, Copy)]
pub struct Chance(pub [u8; 32]);

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// A port was opened; the modem behind it has not spoken yet.
    Plugged {
        /// The door's handle.
        modem: ModemNo,
        /// The port's path.
        port: String,
    },
    /// A port cannot be opened, and why.
    Unopened {
        /// The port's path.
        port: String,
        /// In plain words.
        why: String,
    },
    /// A modem reports something.
    Modem(ModemNo, modem::Event),
    /// What came of the sound that a call was given.
    Heard(ModemNo, modem::CallId, Heard),
    /// A port is closed; nothing more comes from this modem.
    Gone(ModemNo),
    /// Somebody in the office asks for something.
    Request(Request, ReplyTo),
    /// The time that `next_deadline` named has come.
    Deadline,
}

/// What is to be done, now that it is written down.
#[derive(Debug)]
pub enum Command {
    /// For a modem.
    Modem(ModemNo, modem::Command),
    /// For the sound of a call: plays it and waits for what it awaits.
    Sound(ModemNo, modem::CallId, Sound),
    /// For somebody who waits.
    Reply(ReplyTo, Reply),
    /// For the log and whoever watches.
    Show(Happening),
    /// The same, and somebody in the office should look.
    Warn(Happening),
}

/// Where events become decisions.
pub struct Switchboard {
    store: Store,
    settings: Settings,
    channels: Channels,
    flows: Flows,
    facts: Facts,
    remembered: Remembered,
    newest: Timestamp,
    deadline: Option<Timestamp>,
}

/// Facts that the store is known to hold. A transaction that fails ends the service, so nothing
/// stands here that was not written.
type Facts = BTreeSet<(CampaignId, ContactId, Fact)>;

/// One transaction's work. Dropped without being finished, nothing of it happened.
struct Work<'a> {
    tx: Tx<'a>,
    settings: &'a Settings,
    channels: &'a mut Channels,
    flows: &'a mut Flows,
    facts: &'a mut Facts,
    remembered: &'a mut Remembered,
    now: Timestamp,
    commands: Vec<Command>,
}

impl Switchboard {
    /// Takes the store over and makes of it what the last stop left: recovery is part of opening.
    ///
    /// # Errors
    /// The disk refuses, or a published flow cannot be read any more.
    pub async fn open(
        store: Store,
        settings: Settings,
        chance: Chance,
        now: Timestamp,
    ) -> Result<(Switchboard, Vec<Command>)> {
        let mut switchboard = Switchboard {
            store,
            channels: Channels::default(),
            flows: Flows::default(),
            facts: Facts::default(),
            remembered: Remembered::new(chance),
            newest: now,
            deadline: None,
            settings,
        };
        let mut work = switchboard.work(now).await?;
        if let Some(newest) = work.tx.newest_time().await? {
            work.now = work.now.max(newest);
        }
        let now = work.now;
        work.open_channels().await?;
        work.open_flows().await?;
        work.open_schedules().await?;
        work.recover().await?;
        work.recover_calls().await?;
        work.recover_placed_calls().await?;
        let deadline = work.next_deadline().await?;
        let commands = work.finish().await?;
        switchboard.deadline = deadline;
        switchboard.newest = now;
        Ok((switchboard, commands))
    }

    /// Handles everything that waits, in one transaction. Time never goes back: a `now` before
    /// the last one counts as the last one.
    ///
    /// # Errors
    /// The disk refuses, or a bug; the service must stop then, and starting again recovers.
    pub async fn handle(&mut self, now: Timestamp, events: Vec<Event>) -> Result<Vec<Command>> {
        awake(self.handle_all(now, events)).await
    }

    async fn handle_all(&mut self, now: Timestamp, events: Vec<Event>) -> Result<Vec<Command>> {
        self.newest = self.newest.max(now);
        let now = self.newest;
        self.remembered.forget(now);
        let mut work = self.work(now).await?;
        for event in events {
            work.handle(event).await?;
        }
        work.fill_channels().await?;
        // Where one stick does both, texts that wait go first.
        work.place_calls().await?;
        let deadline = work.next_deadline().await?;
        let commands = work.finish().await?;
        self.deadline = deadline;
        Ok(commands)
    }

    /// When something is due by itself, as of the last `handle`; `None`: nothing is.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.deadline
    }

    /// The settings it was opened with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What the store made durable since it was opened.
    pub fn commits(&self) -> Commits {
        self.store.commits()
    }

    /// Closes the store.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn close(self) -> Result<()> {
        self.store.close().await
    }

    async fn work(&mut self, now: Timestamp) -> Result<Work<'_>> {
        Ok(Work {
            tx: self.store.begin().await?,
            settings: &self.settings,
            channels: &mut self.channels,
            flows: &mut self.flows,
            facts: &mut self.facts,
            remembered: &mut self.remembered,
            now,
            commands: Vec::new(),
        })
    }
}

impl Work<'_> {
    async fn handle(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Plugged { modem, port } => self.plugged(modem, port),
            Event::Unopened { port, why } => self.unopened(&port, &why).await?,
            Event::Gone(modem) => self.gone(modem).await?,
            Event::Heard(modem, call, heard) => self.heard(modem, call, heard).await?,
            Event::Modem(modem, event) => self.modem_says(modem, event).await?,
            Event::Request(request, to) => {
                let Some(request) = self.ask_network(request, to) else { return Ok(()) };
                let reply = self.ask_of_office(request).await?;
                self.commands.push(Command::Reply(to, reply));
            }
            Event::Deadline => self.deadline().await?,
        }
        Ok(())
    }

    async fn modem_says(&mut self, modem: ModemNo, event: modem::Event) -> Result<()> {
        match event {
            modem::Event::Ready(identity) => self.ready(modem, &identity).await,
            modem::Event::Sent { attempt, reference } => self.sent(modem, attempt, reference).await,
            modem::Event::NotSent { attempt, cause } => self.not_sent(modem, attempt, cause).await,
            modem::Event::Unclear { attempt, why } => {
                self.unclear(modem, attempt, &why.to_string()).await
            }
            modem::Event::Received { slot, pdu } => self.received(modem, slot, &pdu).await,
            modem::Event::Call(id, event) => self.call(modem, id, event).await,
            modem::Event::Status(status) => self.status(modem, &status).await,
            modem::Event::Ussd(news) => {
                self.network_says(modem, news);
                Ok(())
            }
            modem::Event::StorageFull => self.storage_full(modem).await,
            modem::Event::Warning(warning) => self.warned(modem, &warning.to_string()).await,
            modem::Event::NeedsAttention(trouble) => {
                self.attention(modem, &trouble.to_string()).await
            }
            modem::Event::Lost(why) => self.lost(modem, &why.to_string()).await,
        }
    }

    /// What is due by itself: schedules, batches, reminders, ends, decisions about uncertain messages.
    async fn deadline(&mut self) -> Result<()> {
        self.decide_uncertain().await?;
        self.fire_timers().await?;
        self.begin_planned().await?;
        self.run_schedules().await?;
        self.begin_batches().await?;
        self.give_up_on_parts().await?;
        self.tx.expire_messages(self.now, "its time was over before it could leave").await
    }

    async fn finish(self) -> Result<Vec<Command>> {
        self.tx.commit().await?;
        let mut commands = self.commands;
        commands.sort_by_key(haste);
        Ok(commands)
    }

    fn show(&mut self, what: impl Into<String>) {
        self.commands.push(Command::Show(Happening(what.into())));
    }

    fn warn(&mut self, what: impl Into<String>) {
        self.commands.push(Command::Warn(Happening(what.into())));
    }
}

/// A message that nobody keeps is acknowledged first, since its modem waits for seconds only. A
/// stick deletes slowly: the next question need not wait for that.
fn haste(command: &Command) -> u8 {
    match command {
        Command::Modem(_, modem::Command::Forget { slot: Slot::Direct(_) }) => 0,
        Command::Modem(_, modem::Command::Forget { slot: Slot::Stored(_) }) => 2,
        Command::Modem(..)
        | Command::Sound(..)
        | Command::Reply(..)
        | Command::Show(_)
        | Command::Warn(_) => 1,
    }
}
