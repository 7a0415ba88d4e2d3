//! Calls that somebody in the office makes by hand while the service has the sticks: a number is
//! called, recordings are played, what is said is recorded, and what happens is told as it happens.
//!
//! Nothing of it belongs to a flow, and nothing is kept but the recording: who asked is told, and looks
//! again and again until it is over. It ends by itself when nobody presses a key any more.

use super::{Command, ModemNo, Reply, Work};
use crate::model::{Awaits, Heard, Interrupts, Keys, Piece, Sound};
use anyhow::Result;
use rollcall_drivers::modem::{self, AttemptId, CallEvent, CallId};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Keys are waited for so long when all is played.
const LISTEN: Duration = Duration::from_secs(5);
/// What is recorded, at most, and the silence that ends it.
const LONGEST: Duration = Duration::from_secs(120);
const SILENCE: Duration = Duration::from_secs(3);
/// After so many keys it ends: nobody means to press more.
const MOST_KEYS: usize = 100;

/// What is done in a call when all is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Afterwards {
    /// Pressed keys are told.
    Listen,
    /// What is said is recorded.
    Record,
}

/// A call that somebody makes by hand, or made last.
#[derive(Debug)]
pub(super) struct OwnCall {
    id: CallId,
    plays: Vec<Piece>,
    afterwards: Afterwards,
    /// What happened, a line each.
    told: Vec<String>,
    recorded: Option<String>,
    keys: usize,
    is_over: bool,
}

impl OwnCall {
    /// Whether it goes on.
    pub(super) fn goes_on(&self) -> bool {
        !self.is_over
    }

    fn news(&self, heard: usize) -> Reply {
        let told = self.told.get(heard..).unwrap_or_default().to_vec();
        Reply::CallSays { told, over: self.is_over, recorded: self.recorded.clone() }
    }
}

impl Work<'_> {
    /// Calls a number by hand.
    pub(super) async fn begin_own_call(
        &mut self,
        channel: Option<&str>,
        number: &str,
        play: Vec<String>,
        afterwards: Afterwards,
    ) -> Result<Reply> {
        let at = match self.own_channel(channel) {
            Ok(at) => at,
            Err(reply) => return Ok(*reply),
        };
        if self.tx.is_stopped(number).await? {
            let words = "This number said STOP: it is not called.".to_owned();
            return Ok(Reply::Refused { words });
        }
        let now = self.now.as_millisecond();
        let channel = &mut self.channels.all[at];
        let name = channel.settings.name.clone();
        let Some(modem) = channel.modem.filter(|_| channel.is_free() && channel.ringing.is_empty())
        else {
            let words = format!("{name}: it is away or busy now. Try again in a moment.");
            return Ok(Reply::Refused { words });
        };
        // No other attempt has a name below nothing.
        let attempt = AttemptId(-now);
        let told = vec![format!("{name}: calls {number}")];
        channel.own_call = Some(OwnCall {
            id: CallId::Placed(attempt),
            plays: play.into_iter().map(Piece::Recording).collect(),
            afterwards,
            told,
            recorded: None,
            keys: 0,
            is_over: false,
        });
        let number = number.to_owned();
        self.commands.push(Command::Modem(modem, modem::Command::Dial { attempt, number }));
        Ok(Reply::CallSays { told: Vec::new(), over: false, recorded: None })
    }

    /// What happened in a call by hand beyond so many lines.
    pub(super) fn own_call_news(&self, channel: Option<&str>, heard: usize) -> Reply {
        match self.own_channel(channel) {
            Ok(at) => match &self.channels.all[at].own_call {
                Some(call) => call.news(heard),
                None => Reply::NotFound { words: "There is no such call any more.".to_owned() },
            },
            Err(reply) => *reply,
        }
    }

    /// Ends a call by hand.
    pub(super) fn end_own_call(&mut self, channel: Option<&str>) -> Reply {
        match self.own_channel(channel) {
            Ok(at) => {
                self.hang_up_own(at);
                Reply::Done { words: "It is ended.".to_owned() }
            }
            Err(reply) => *reply,
        }
    }

    /// A modem tells of a call that no flow made.
    pub(super) fn own_call_says(&mut self, modem: ModemNo, id: CallId, event: &CallEvent) {
        let Some(at) = self.in_own_call(modem, id) else { return };
        let Some(call) = &mut self.channels.all[at].own_call else { return };
        call.told.push(event.to_string());
        match event {
            CallEvent::Answered => {
                let pieces = std::mem::take(&mut call.plays);
                self.ask_in_own_call(at, pieces);
            }
            CallEvent::Ended(_) => call.is_over = true,
            CallEvent::Rings { .. }
            | CallEvent::RingsThere
            | CallEvent::SoundOn
            | CallEvent::NoSound(_)
            | CallEvent::Key(_) => {}
        }
    }

    /// What came of the sound of a call that no flow made.
    pub(super) fn own_call_heard(&mut self, modem: ModemNo, id: CallId, heard: Heard) {
        let Some(at) = self.in_own_call(modem, id) else { return };
        let Some(call) = &mut self.channels.all[at].own_call else { return };
        let goes_on = match heard {
            Heard::Keys(keys) => {
                call.keys += 1;
                let keys = if keys.is_empty() { "#".to_owned() } else { keys };
                call.told.push(format!("key {keys}"));
                call.keys < MOST_KEYS
            }
            Heard::Played => true,
            Heard::Silence => {
                if call.afterwards == Afterwards::Record {
                    call.told.push("nobody spoke".to_owned());
                }
                false
            }
            Heard::Recorded { file, length } => {
                call.told.push(format!("recorded {} s", length.as_secs()));
                call.recorded = Some(file);
                false
            }
            Heard::Broken(why) => {
                call.told.push(format!("no sound: {why}"));
                false
            }
        };
        match goes_on {
            true => self.ask_in_own_call(at, Vec::new()),
            false => self.hang_up_own(at),
        }
    }

    /// Plays these, and waits for a key; where something is recorded and all is played, for that.
    fn ask_in_own_call(&mut self, at: usize, pieces: Vec<Piece>) {
        let channel = &self.channels.all[at];
        let (Some(modem), Some(call)) = (channel.modem, &channel.own_call) else { return };
        let key =
            Keys { min: 1, max: 1, first: LISTEN, between: LISTEN, interrupts: Interrupts::Yes };
        let awaits = match call.afterwards {
            Afterwards::Listen => Awaits::Keys(key),
            Afterwards::Record => Awaits::Speech { longest: LONGEST, silence: SILENCE },
        };
        self.commands.push(Command::Sound(modem, call.id, Sound { pieces, awaits }));
    }

    fn hang_up_own(&mut self, at: usize) {
        let channel = &self.channels.all[at];
        if let (Some(modem), Some(call)) = (channel.modem, &channel.own_call)
            && call.goes_on()
        {
            let command = modem::Command::HangUp { call: call.id };
            self.commands.push(Command::Modem(modem, command));
        }
    }

    fn in_own_call(&self, modem: ModemNo, id: CallId) -> Option<usize> {
        let is_it = |channel: &super::channels::Channel| {
            let call = channel.own_call.as_ref().filter(|call| call.goes_on());
            channel.modem == Some(modem) && call.map(|call| call.id) == Some(id)
        };
        self.channels.all.iter().position(is_it)
    }

    /// The channel that is named, or the only one.
    fn own_channel(&self, named: Option<&str>) -> Result<usize, Box<Reply>> {
        let all = &self.channels.all;
        match (named, all.len()) {
            (Some(name), _) => {
                let found = all.iter().position(|channel| channel.settings.name == name);
                let words = format!("There is no channel `{name}`.");
                found.ok_or_else(|| Box::new(Reply::NotFound { words }))
            }
            (None, 1) => Ok(0),
            (None, _) => {
                let names: Vec<&str> =
                    all.iter().map(|channel| channel.settings.name.as_str()).collect();
                let words = format!("Say by which channel, with --channel: {}.", names.join(", "));
                Err(Box::new(Reply::Refused { words }))
            }
        }
    }
}
