//! Channels and the modems that carry them now: who is ready, who is busy.

use super::own_calls::OwnCall;
use super::{ChannelSettings, Command, Find, ModemNo, ReplyTo, Roaming, Work};
use crate::model::{self, ChannelId, Pace, RunId};
use crate::store::DueCall;
use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use rollcall_drivers::modem::{self, Identity, Registration};
use rollcall_drivers::simulator;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const DAY_MS: i64 = 86_400_000;

/// All channels, and all modems that are connected.
#[derive(Default)]
pub(super) struct Channels {
    pub all: Vec<Channel>,
    modems: BTreeMap<ModemNo, Plugged>,
    /// Who waits for what the network says to a code.
    pub asked_network: BTreeMap<ModemNo, ReplyTo>,
    /// By which SIM each channel is known.
    pub known_sims: BTreeMap<ChannelId, String>,
    /// Channels in whose stick another SIM is, which nobody has confirmed.
    pub strangers: BTreeMap<ChannelId, Identity>,
    /// Whether calls may be wanted; the store knows.
    pub calls_wanted: CallsWanted,
    /// Modems of which it was said that no channel names them.
    nobodys: BTreeSet<String>,
}

/// Whether the store is asked for calls that are to be made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum CallsWanted {
    /// Some may be.
    #[default]
    Perhaps,
    /// None is, as of the last look.
    No,
}

/// A channel in memory; what must survive is in its row.
pub(super) struct Channel {
    pub id: ChannelId,
    pub settings: ChannelSettings,
    /// The modem last seen on it.
    imei: Option<String>,
    pub modem: Option<ModemNo>,
    /// Whether the modem may be given a segment.
    pub ready: bool,
    /// Since when.
    pub ready_since: Timestamp,
    /// Since when there is no modem, or it does not answer: what is bound to the channel may go
    /// by another one in time.
    pub away_since: Option<Timestamp>,
    /// The attempt that the modem has not answered.
    pub busy: Option<modem::AttemptId>,
    /// The call that the office makes by it now.
    pub on_call: Option<OnCall>,
    /// The call that somebody makes by it by hand, or made last.
    pub own_call: Option<OwnCall>,
    /// It makes no calls until then: its SIM or network would not, or a call had no sound.
    pub no_calls_until: Option<Timestamp>,
    /// Calls that ring, and their rows.
    pub ringing: BTreeMap<modem::CallId, i64>,
    /// When segments began to leave, within the last day, in milliseconds: pace.
    pub began: VecDeque<i64>,
    /// Nobody there needs time to read: it has no pace, or its modem says that it is simulated
    /// and fast.
    pub is_hurried: bool,
    /// The channel rests until then: its SIM or network refused.
    pub rests_until: Option<Timestamp>,
    /// Its modem is in another network than its own.
    roams: bool,
    /// What its modem is: maker, model, profile.
    what: String,
}

/// A call that the office makes.
#[derive(Clone, Debug)]
pub(super) struct OnCall {
    pub id: modem::CallId,
    pub row: model::CallId,
    pub run: RunId,
    pub number: String,
    /// How many before it were in vain, in a row.
    pub in_vain: u32,
    /// The turn of the run whose sound is played; `None`: nobody has answered.
    pub turn: Option<u32>,
    /// How often a key was pressed or somebody spoke.
    pub heard: u32,
    /// How often in a row nobody did.
    pub silences: u8,
    /// The last words of the flow are played.
    pub is_last: bool,
    /// Its modem gave no sound.
    pub has_no_sound: bool,
    /// When it is ended, whatever happens.
    pub until: Timestamp,
    /// Why this side ended it, once it was told to.
    pub ends_because: Option<String>,
}

impl OnCall {
    pub(super) fn new(id: modem::CallId, call: &DueCall, until: Timestamp) -> OnCall {
        OnCall {
            id,
            row: call.id,
            run: call.run,
            number: call.number.clone(),
            in_vain: call.in_vain,
            turn: None,
            heard: 0,
            silences: 0,
            is_last: false,
            has_no_sound: false,
            until,
            ends_because: None,
        }
    }
}

impl Channel {
    /// Whether its modem can be given something to do.
    pub fn is_free(&self) -> bool {
        let is_called_by_hand = self.own_call.as_ref().is_some_and(OwnCall::goes_on);
        let is_in_call = self.on_call.is_some() || is_called_by_hand;
        self.ready && self.modem.is_some() && self.busy.is_none() && !is_in_call
    }

    /// Whether it may call now.
    fn is_free_for_call(&self, now: Timestamp) -> bool {
        self.settings.calls
            && self.is_free()
            && self.ringing.is_empty()
            && !self.only_receives()
            && self.no_calls_until.is_none_or(|until| until <= now)
    }

    /// Whether it is to send nothing where it is now.
    pub fn only_receives(&self) -> bool {
        self.roams && self.settings.roaming == Roaming::ReceiveOnly
    }

    /// What people read about a channel that is ready.
    fn ready_words(&self) -> String {
        match (self.roams, self.settings.roaming) {
            (false, _) => self.what.clone(),
            (true, Roaming::Send) => {
                format!("{}; it roams: messages may cost more", self.what)
            }
            (true, Roaming::ReceiveOnly) => {
                format!("{}; it roams, and sends nothing until it is at home", self.what)
            }
        }
    }
}

struct Plugged {
    port: String,
    channel: Option<usize>,
}

impl Channels {
    pub(super) fn of_modem(&mut self, modem: ModemNo) -> Option<&mut Channel> {
        let at = self.modems.get(&modem)?.channel?;
        self.all.get_mut(at)
    }

    pub(super) fn by_id(&mut self, id: ChannelId) -> Option<&mut Channel> {
        self.all.iter_mut().find(|channel| channel.id == id)
    }

    pub(super) fn by_name(&self, name: &str) -> Option<&Channel> {
        self.all.iter().find(|channel| channel.settings.name == name)
    }

    /// Whether any channel of the office makes calls.
    pub(super) fn make_calls(&self) -> bool {
        self.all.iter().any(|channel| channel.settings.calls)
    }

    /// The channel by which a modem's call is made.
    pub(super) fn in_call(&self, modem: ModemNo, call: modem::CallId) -> Option<usize> {
        let is_it = |channel: &Channel| {
            let id = channel.on_call.as_ref().map(|on_call| on_call.id);
            channel.modem == Some(modem) && id == Some(call)
        };
        self.all.iter().position(is_it)
    }

    /// Whether somebody is called for this run now.
    pub(super) fn is_in_call(&self, run: RunId) -> bool {
        let mut calls = self.all.iter().filter_map(|channel| channel.on_call.as_ref());
        calls.any(|on_call| on_call.run == run)
    }

    /// The channel that makes the next call: the wanted one where it can. Of several one is kept
    /// for messages, which wait while their channel is in a call.
    pub(super) fn free_for_call(&self, wanted: Option<ChannelId>, now: Timestamp) -> Option<usize> {
        let ready = self.all.iter().filter(|channel| channel.ready && channel.modem.is_some());
        let (ready, calls) = ready.fold((0, 0), |(ready, calls), channel| {
            (ready + 1, calls + usize::from(channel.on_call.is_some()))
        });
        if ready > 1 && calls + 1 >= ready {
            return None;
        }
        let free = |channel: &Channel| channel.is_free_for_call(now);
        let named = self.all.iter().position(|it| Some(it.id) == wanted && free(it));
        named.or_else(|| self.all.iter().position(free))
    }

    /// When the sticks that are ready have told all that they held; none is ready: `None`.
    pub(super) fn have_told_at(&self, takes: SignedDuration) -> Option<Timestamp> {
        let ready = self.all.iter().filter(|channel| channel.ready);
        ready.map(|channel| channel.ready_since + takes).max()
    }

    /// Whether a number is one of the office's own: two channels never talk to each other.
    pub(super) fn is_own_number(&self, number: &str) -> bool {
        self.all.iter().any(|channel| channel.settings.number.as_deref() == Some(number))
    }

    /// The channel that names a modem's port, whoever the modem is.
    fn of_port(&mut self, port: &str) -> Option<&mut Channel> {
        let named = |channel: &&mut Channel| match &channel.settings.find {
            Find::ByPort(path) => path == port,
            Find::ByImei(_) | Find::Auto => false,
        };
        self.all.iter_mut().find(named)
    }

    /// The channel of a modem, or the one that will be its when it has said who it is.
    fn expecting(&mut self, modem: ModemNo) -> Option<&mut Channel> {
        let plugged = self.modems.get(&modem)?;
        match plugged.channel {
            Some(at) => self.all.get_mut(at),
            None => self.of_port(&plugged.port.clone()),
        }
    }

    /// The channel that a modem carries: the one that names its port or its IMEI, else the one
    /// it carried before, else the first `auto` that no modem carries.
    fn claim(&self, port: &str, imei: &str) -> Option<usize> {
        let free = |channel: &&(usize, &Channel)| channel.1.modem.is_none();
        let all: Vec<(usize, &Channel)> = self.all.iter().enumerate().collect();
        let named = all.iter().find(|(_, channel)| match &channel.settings.find {
            Find::ByPort(path) => path == port,
            Find::ByImei(wanted) => wanted == imei,
            Find::Auto => false,
        });
        let auto = || all.iter().filter(|(_, channel)| channel.settings.find == Find::Auto);
        let before = || auto().find(|(_, channel)| channel.has_imei(imei));
        let any = || auto().find(|channel| free(channel));
        named.or_else(before).or_else(any).map(|(at, _)| *at)
    }
}

impl Channel {
    /// Whether the modem that carries it is away, or is this one.
    fn may_be_taken_by(&self, modem: ModemNo) -> bool {
        self.away_since.is_some() || self.modem.is_none_or(|carrier| carrier == modem)
    }

    fn has_imei(&self, imei: &str) -> bool {
        self.imei.as_deref() == Some(imei)
    }

    /// When its pace allows the next segment; `None`: now.
    pub(super) fn paced_until(&mut self, now: Timestamp) -> Option<Timestamp> {
        let now_ms = now.as_millisecond();
        while self.began.front().is_some_and(|at| *at <= now_ms - DAY_MS) {
            self.began.pop_front();
        }
        let pace = self.settings.pace;
        let limits =
            [(pace.per_minute, 60_000), (pace.per_hour, 3_600_000), (pace.per_day, DAY_MS)];
        let waits = limits.into_iter().filter_map(|(limit, window)| {
            let limit = usize::try_from(limit?).ok()?;
            let oldest = *self.began.get(self.began.len().checked_sub(limit)?)?;
            Some(oldest + window).filter(|free| *free > now_ms)
        });
        waits.max().map(crate::store::at)
    }
}

impl Work<'_> {
    /// Finds the rows of the configured channels.
    pub(super) async fn open_channels(&mut self) -> Result<()> {
        let day_ago = self.now - SignedDuration::from_hours(24);
        for settings in &self.settings.channels {
            let (number, operator) = (settings.number.as_deref(), settings.operator.as_deref());
            let row = self.tx.remember_channel(&settings.name, number, operator).await?;
            self.tx.channel_state(row.id, "absent", "no modem yet", self.now).await?;
            let began = match settings.pace {
                Pace::UNLIMITED => VecDeque::new(),
                _ => self.tx.attempts_since(row.id, day_ago).await?.into(),
            };
            self.channels.known_sims.extend(row.iccid.map(|iccid| (row.id, iccid)));
            self.channels.all.push(Channel {
                id: row.id,
                settings: settings.clone(),
                imei: row.imei,
                modem: None,
                ready: false,
                ready_since: self.now,
                away_since: Some(self.now),
                busy: None,
                on_call: None,
                own_call: None,
                no_calls_until: None,
                ringing: BTreeMap::new(),
                began,
                is_hurried: settings.pace == Pace::UNLIMITED,
                rests_until: None,
                roams: false,
                what: String::new(),
            });
        }
        Ok(())
    }

    pub(super) fn plugged(&mut self, modem: ModemNo, port: String) {
        self.channels.modems.insert(modem, Plugged { port, channel: None });
    }

    /// A modem is set up: it is told apart by its IMEI and given its channel.
    pub(super) async fn ready(&mut self, modem: ModemNo, identity: &Identity) -> Result<()> {
        let Some(plugged) = self.channels.modems.get(&modem) else { return Ok(()) };
        let known = plugged.channel;
        let Some(at) = known.or_else(|| self.channels.claim(&plugged.port, &identity.imei)) else {
            if self.channels.nobodys.insert(identity.imei.clone()) {
                let imei = &identity.imei;
                self.show(format!("a modem (IMEI {imei}) is here that no channel names"));
            }
            self.leave_alone(modem);
            return Ok(());
        };
        if !self.channels.all[at].may_be_taken_by(modem) {
            // A second port of a stick that is carried already.
            self.leave_alone(modem);
            return Ok(());
        }
        if let Some(plugged) = self.channels.modems.get_mut(&modem) {
            plugged.channel = Some(at);
        }
        let channel = &mut self.channels.all[at];
        if let Some(before) = channel.modem.replace(modem).filter(|before| *before != modem) {
            self.give_up_port(before).await?;
        }
        let channel = &mut self.channels.all[at];
        channel.away_since = None;
        channel.ready = true;
        channel.ready_since = self.now;
        channel.rests_until = None;
        channel.roams = false;
        channel.what = what(identity);
        channel.imei = Some(identity.imei.clone());
        channel.is_hurried = channel.settings.pace == Pace::UNLIMITED
            || simulator::is_fast(&identity.manufacturer, &identity.model);
        let (id, name, words) = (channel.id, channel.settings.name.clone(), channel.ready_words());
        if self.has_another_sim(id, identity) {
            return self.hold_for_confirmation(id, identity).await;
        }
        self.channels.strangers.remove(&id);
        self.channels.known_sims.extend(identity.iccid.clone().map(|iccid| (id, iccid)));
        self.tx.channel_seen(id, &identity.imei, identity.iccid.as_deref()).await?;
        self.tx.channel_state(id, "ready", &words, self.now).await?;
        let until = self.now + self.settings.uncertain_wait;
        self.tx.uncertain_wait_longer(id, until).await?;
        self.show(format!("{name}: ready (IMEI {})", identity.imei));
        Ok(())
    }

    /// The stick is carried by another of its ports now, or has another name.
    async fn give_up_port(&mut self, before: ModemNo) -> Result<()> {
        if let Some(plugged) = self.channels.modems.get_mut(&before) {
            plugged.channel = None;
        }
        self.leave_alone(before);
        Ok(())
    }

    fn leave_alone(&mut self, modem: ModemNo) {
        self.commands.push(Command::Modem(modem, modem::Command::LeaveAlone));
    }

    /// A port cannot be opened: said where a channel names it.
    pub(super) async fn unopened(&mut self, port: &str, why: &str) -> Result<()> {
        let Some(channel) = self.channels.of_port(port) else { return Ok(()) };
        let id = channel.id;
        self.tx.channel_state(id, "absent", why, self.now).await
    }

    pub(super) async fn status(&mut self, modem: ModemNo, status: &modem::Status) -> Result<()> {
        let Some(channel) = self.channels.of_modem(modem) else { return Ok(()) };
        let id = channel.id;
        let registered = status.registration.is_registered();
        let roams = status.registration == Registration::Roaming;
        // While it looks for a network nobody knows which one it will find.
        let moved = registered && roams != channel.roams;
        channel.roams = if registered { roams } else { channel.roams };
        let comes_back = registered && !channel.ready && channel.rests_until.is_none();
        if comes_back {
            (channel.ready, channel.ready_since) = (true, self.now);
            channel.away_since = None;
        }
        if comes_back || (moved && channel.ready) {
            let (name, words) = (channel.settings.name.clone(), channel.ready_words());
            self.tx.channel_state(id, "ready", &words, self.now).await?;
            if moved {
                self.show(format!("{name}: {words}"));
            }
        }
        if let Some(signal) = status.signal {
            self.tx.channel_signal(id, i64::from(signal.dbm())).await?;
        }
        Ok(())
    }

    /// Somebody has to do something: the modem gets nothing more until it is ready again.
    pub(super) async fn attention(&mut self, modem: ModemNo, why: &str) -> Result<()> {
        let Some(channel) = self.channels.expecting(modem) else {
            let port = self.channels.modems.get(&modem).map_or("", |plugged| &plugged.port);
            let words = format!("{port}: {why}");
            self.warn(words);
            return Ok(());
        };
        channel.ready = false;
        channel.away_since.get_or_insert(self.now);
        let (id, name) = (channel.id, channel.settings.name.clone());
        self.tx.channel_state(id, "attention", why, self.now).await?;
        self.warn(format!("{name}: {why}"));
        Ok(())
    }

    /// Nothing comes in until the memory was emptied, which is under way; sending goes on.
    pub(super) async fn storage_full(&mut self, modem: ModemNo) -> Result<()> {
        let Some(channel) = self.channels.of_modem(modem) else { return Ok(()) };
        let why = "the memory for messages is full; it is being emptied";
        let words = format!("{}: {why}", channel.settings.name);
        self.show(words);
        Ok(())
    }

    /// A modem works, and somebody should know something about it.
    pub(super) async fn warned(&mut self, modem: ModemNo, what: &str) -> Result<()> {
        let Some(channel) = self.channels.of_modem(modem) else { return Ok(()) };
        let words = format!("{}: {what}", channel.settings.name);
        self.warn(words);
        Ok(())
    }

    /// A modem does not answer any more, or its port is gone; it is tried to get it back.
    pub(super) async fn lost(&mut self, modem: ModemNo, why: &str) -> Result<()> {
        let Some(channel) = self.channels.expecting(modem) else { return Ok(()) };
        channel.ready = false;
        channel.away_since.get_or_insert(self.now);
        let (id, name, busy) = (channel.id, channel.settings.name.clone(), channel.busy);
        self.tx.channel_state(id, "lost", why, self.now).await?;
        self.warn(format!("{name}: {why}"));
        if let Some(attempt) = busy {
            self.unclear(modem, attempt, why).await?;
        }
        let in_call = |channel: &Channel| channel.id == id && channel.on_call.is_some();
        if let Some(at) = self.channels.all.iter().position(in_call) {
            // Its modem cannot tell any more that the call is over.
            self.call_cut_off(at, why).await?;
        }
        Ok(())
    }

    pub(super) async fn gone(&mut self, modem: ModemNo) -> Result<()> {
        if self.channels.of_modem(modem).is_some_and(|channel| channel.away_since.is_none()) {
            self.lost(modem, "the port is closed").await?;
        }
        self.network_is_gone(modem);
        if let Some(channel) = self.channels.of_modem(modem) {
            channel.modem = None;
            channel.ready = false;
        }
        self.channels.modems.remove(&modem);
        Ok(())
    }
}

/// What a modem is, for people.
fn what(identity: &Identity) -> String {
    let name = format!("{} {}", identity.manufacturer, identity.model);
    let name = format!("{} (profile {})", name.trim(), identity.profile);
    match identity.no_sound {
        Some(why) => format!("{name}; no calls: {why}"),
        None => name,
    }
}
