//! A call that is dialled here, as the line and the sound port tell it.
//!
//! What becomes of it is the network's decision: this side tells what it is told, in its maker's
//! words, and lets the sound through once it was ordered to.

use std::time::Instant;

use super::failure::{Equipment, Failure};
use super::firmware::{Firmware, OnAir, Outcome};
use super::personality::{Gate, While};

/// The other side hung up, or this one (TS 24.008 §10.5.4.11): normal clearing.
const NORMAL: u8 = 16;

/// What a modem wants of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulator) enum Order {
    /// To call this number.
    Dial(String),
    /// To end the call.
    HangUp,
}

/// A call that was dialled.
#[derive(Debug)]
pub(super) struct Outgoing {
    number: String,
    state: State,
    connected_at: Option<Instant>,
    has_sound: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Dialling,
    Ringing,
    Talking,
}

impl Firmware {
    /// `ATD…;`: the network is asked, and `OK` comes before it answers.
    pub(super) fn dial(&mut self, number: &str) -> Result<Outcome, Failure> {
        self.needs_sim()?;
        if self.calls.outgoing.is_some() || self.on_air(self.now) == OnAir::No {
            return Err(Failure::Equipment(Equipment::NotAllowed));
        }
        self.calls.outgoing = Some(Outgoing {
            number: number.to_owned(),
            state: State::Dialling,
            connected_at: None,
            has_sound: false,
        });
        self.calls.orders.push_back(Order::Dial(number.to_owned()));
        if let Some(line) = self.plan.personality.calls.dialled {
            self.babble(line);
        }
        Outcome::ok()
    }

    /// It rings there.
    pub(super) fn rings_there(&mut self) {
        if let Some(call) = &mut self.calls.outgoing {
            call.state = State::Ringing;
            if let Some(line) = self.plan.personality.calls.alerting {
                self.babble(line);
            }
        }
    }

    /// Somebody answered.
    pub(super) fn connected(&mut self, now: Instant) {
        if let Some(call) = &mut self.calls.outgoing {
            call.state = State::Talking;
            call.connected_at = Some(now);
            if let Some(line) = self.plan.personality.calls.connected {
                self.babble(line);
            }
        }
    }

    /// The network ended the call.
    pub(super) fn released(&mut self, now: Instant, cause: u8) {
        let Some(call) = self.calls.outgoing.take() else { return };
        self.say_over(now, &call, cause);
    }

    fn say_over(&mut self, now: Instant, call: &Outgoing, cause: u8) {
        let seconds = call.connected_at.map_or(0, |at| now.duration_since(at).as_secs());
        let words = self.plan.personality.calls;
        if let Some(line) = words.over {
            let line = line.replace("{seconds}", &seconds.to_string());
            let hours = format!("{:06}", seconds / 60 * 100 + seconds % 60);
            self.babble(line.replace("{cause}", &cause.to_string()).replace("{time}", &hours));
        }
        if words.has_result_codes {
            self.babble(match cause {
                17 => "BUSY",
                19 => "NO ANSWER",
                _ => "NO CARRIER",
            });
        }
    }

    /// `+CHUP`, `H`, for a call that was dialled here.
    pub(super) fn hang_up_outgoing(&mut self) -> bool {
        let Some(call) = self.calls.outgoing.take() else { return false };
        self.calls.orders.push_back(Order::HangUp);
        self.say_over(self.now, &call, NORMAL);
        true
    }

    /// The line of `+CLCC` for it (TS 27.007 §7.18).
    pub(super) fn outgoing_listed(&self) -> Option<String> {
        let call = self.calls.outgoing.as_ref()?;
        let state = match call.state {
            State::Dialling => 2,
            State::Ringing => 3,
            State::Talking => 0,
        };
        let kind = if call.number.starts_with('+') { 145 } else { 129 };
        Some(format!("+CLCC: 1,0,{state},0,0,\"{}\",{kind}", call.number))
    }

    /// Commands of the maker about the sound of a call; `None`: it is none.
    pub(super) fn sound_order(&mut self, written: &str) -> Option<Result<Outcome, Failure>> {
        let Gate::Ordered { opens, closes, asked, during, keys } = self.plan.personality.calls.gate
        else {
            return None;
        };
        if let Some((order, _)) = keys.filter(|(order, _)| *order == written) {
            self.calls.reports_keys = order == written;
            return Some(Outcome::ok());
        }
        if let Some((_, answer)) = asked.filter(|(question, _)| *question == written) {
            let on = self.calls.outgoing.as_ref().is_some_and(|call| call.has_sound);
            return Some(Outcome::line(format!("{answer}{}", u8::from(on))));
        }
        if written == closes {
            if let Some(call) = &mut self.calls.outgoing {
                call.has_sound = false;
            }
            return Some(Outcome::ok());
        }
        if written != opens {
            return None;
        }
        let may = |state: State| during == While::Calling || state == State::Talking;
        Some(match self.calls.outgoing.as_mut().filter(|call| may(call.state)) {
            Some(call) => {
                call.has_sound = true;
                Outcome::ok()
            }
            None => Err(Failure::Equipment(Equipment::NotAllowed)),
        })
    }

    /// Whether sound goes through the port for sound now.
    pub(super) fn has_sound(&self) -> bool {
        let Some(call) = &self.calls.outgoing else { return false };
        match self.plan.personality.calls.gate {
            Gate::Silent => false,
            Gate::Open => call.state == State::Talking,
            Gate::Ordered { .. } => call.has_sound,
        }
    }

    /// A key was pressed there: it is told where that was asked for.
    pub(super) fn key_heard(&mut self, key: char) {
        let Gate::Ordered { keys: Some((_, told)), .. } = self.plan.personality.calls.gate else {
            return;
        };
        if self.calls.reports_keys {
            let line = told.replace("{key}", &key.to_string());
            self.babble(line.replace("{code}", &u32::from(key).to_string()));
        }
    }
}
