//! A call that was answered: what the flow says is played, what is pressed or said is its answer.
//!
//! Each sound belongs to the turn of the run that asked for it. What comes of a sound counts for
//! that turn alone: a run that went on elsewhere meanwhile is never answered by an old key.

use super::turns::TurnOf;
use super::{Command, ModemNo, Work};
use crate::engine::{self, Effect, Turn};
use crate::model::{Awaits, Heard, Input, Mode, Priority, RunStatus, Sound};
use crate::store::{Fact, RunRow};
use anyhow::Result;
use jiff::SignedDuration;
use rollcall_drivers::modem::CallId;

/// So often in a row nobody presses a key at the beginning: a machine, or nobody there.
const NOBODY_THERE: u8 = 3;
/// The same after somebody did: they put the phone away.
const GONE: u8 = 5;
/// How long a channel makes no calls whose call had no sound.
const NO_SOUND: SignedDuration = SignedDuration::from_mins(10);

impl Work<'_> {
    /// Somebody answered: the flow begins, or goes on at its question.
    pub(super) async fn answered(&mut self, at: usize) -> Result<()> {
        let Some(on_call) = &self.channels.all[at].on_call else { return Ok(()) };
        let row = self.tx.run(on_call.run).await?;
        let waits = |row: &RunRow| row.waiting().is_some() && row.run.mode == Mode::Voice;
        let Some(row) = row.filter(waits) else {
            self.hang_up(at, "the flow went on without it");
            return Ok(());
        };
        let is_first = row.run.turn == 0 && row.run.answers.is_empty();
        let turn =
            if is_first { self.first_turn(&row).await? } else { self.go_on_here(&row).await? };
        match turn {
            Some(turn) => self.play(at, &turn),
            None => self.hang_up(at, "the contact was deleted"),
        }
        Ok(())
    }

    /// What was to be said when the run began: nobody has heard it yet.
    async fn first_turn(&mut self, row: &RunRow) -> Result<Option<Turn>> {
        let flow = self.flow(&row.digest).await?;
        let Some(contact) = self.tx.contact(row.contact).await? else { return Ok(None) };
        let turn = engine::begin(&flow, &contact, Mode::Voice, self.today());
        // What is known of them may have changed: even the end may be reached at once.
        self.save_turn(TurnOf::of(row, Priority::Answer, None), &flow, &turn).await?;
        Ok(Some(turn))
    }

    async fn go_on_here(&mut self, row: &RunRow) -> Result<Option<Turn>> {
        let Some((flow, turn)) = self.turn(row, &Input::GoOnBy(Mode::Voice)).await? else {
            return Ok(None);
        };
        self.save_turn(TurnOf::of(row, Priority::Answer, None), &flow, &turn).await?;
        Ok(Some(turn))
    }

    /// Plays what a turn says as one sound; after the last word of the flow the call ends.
    fn play(&mut self, at: usize, turn: &Turn) {
        let sound = sound(turn);
        let is_over = matches!(turn.run.status, RunStatus::Ended(_));
        if is_over && sound.pieces.is_empty() {
            return self.hang_up(at, "the flow came to its end");
        }
        let channel = &mut self.channels.all[at];
        let (Some(modem), Some(on_call)) = (channel.modem, &mut channel.on_call) else { return };
        on_call.turn = Some(turn.run.turn);
        on_call.is_last = is_over;
        self.commands.push(Command::Sound(modem, on_call.id, sound));
    }

    /// What came of the sound of a call.
    pub(super) async fn heard(&mut self, modem: ModemNo, id: CallId, heard: Heard) -> Result<()> {
        let Some(at) = self.channels.in_call(modem, id) else {
            self.own_call_heard(modem, id, heard);
            return Ok(());
        };
        let Some(on_call) = &self.channels.all[at].on_call else { return Ok(()) };
        let (run, turn, row_of_call) = (on_call.run, on_call.turn, on_call.row);
        if let Heard::Broken(why) = &heard {
            self.no_sound(at, why);
            return Ok(());
        }
        if on_call.is_last {
            self.hang_up(at, "the flow came to its end");
            return Ok(());
        }
        let row = self.tx.run(run).await?;
        let is_asked = |row: &RunRow| {
            row.waiting().is_some() && row.run.mode == Mode::Voice && Some(row.run.turn) == turn
        };
        let Some(row) = row.filter(is_asked) else {
            self.hang_up(at, "the flow went on without it");
            return Ok(());
        };
        let input = match heard {
            Heard::Keys(keys) => Input::Keys(keys),
            Heard::Recorded { file, .. } => Input::Recorded(file),
            Heard::Silence if self.is_left_alone(at) => return Ok(()),
            Heard::Silence => Input::NoKey,
            Heard::Played | Heard::Broken(_) => {
                self.hang_up(at, "there was nothing more to ask");
                return Ok(());
            }
        };
        if input != Input::NoKey {
            // A mailbox answers calls, too: who presses a key or speaks was reached.
            let member = row.campaign.map(|campaign| (campaign, row.contact));
            self.fact(member, Fact::Reached).await?;
            self.tx.call_heard(row_of_call).await?;
            if let Some(on_call) = &mut self.channels.all[at].on_call {
                on_call.heard += 1;
                on_call.silences = 0;
            }
        }
        let Some((flow, turn)) = self.turn(&row, &input).await? else {
            self.hang_up(at, "the contact was deleted");
            return Ok(());
        };
        self.save_turn(TurnOf::of(&row, Priority::Answer, None), &flow, &turn).await?;
        self.play(at, &turn);
        Ok(())
    }

    /// Nobody would hear or be heard: the call ends, and its channel makes no more for a while.
    pub(super) fn no_sound(&mut self, at: usize, why: &str) {
        let channel = &mut self.channels.all[at];
        channel.no_calls_until = Some(self.now + NO_SOUND);
        channel.on_call.iter_mut().for_each(|on_call| on_call.has_no_sound = true);
        let name = channel.settings.name.clone();
        self.warn(format!("{name}: a call had no sound: {why}"));
        self.hang_up(at, &format!("it had no sound: {why}"));
    }

    /// Counts a question at which no key was pressed; whether nobody is there, and the call ends.
    fn is_left_alone(&mut self, at: usize) -> bool {
        let Some(on_call) = &mut self.channels.all[at].on_call else { return true };
        on_call.silences = on_call.silences.saturating_add(1);
        let (silences, heard) = (on_call.silences, on_call.heard);
        match heard {
            0 if silences >= NOBODY_THERE => {
                self.hang_up(at, "nobody pressed a key: perhaps a mailbox");
                true
            }
            _ if silences >= GONE => {
                self.hang_up(at, "no more keys were pressed");
                true
            }
            _ => false,
        }
    }
}

/// All that a turn says by call, as one prompt, and what it waits for.
fn sound(turn: &Turn) -> Sound {
    let mut sound = Sound { pieces: Vec::new(), awaits: Awaits::Nothing };
    for effect in &turn.effects {
        match effect {
            Effect::Play(pieces) => sound.pieces.extend(pieces.iter().cloned()),
            Effect::AskByCall { pieces, awaits, .. } => {
                sound.pieces.extend(pieces.iter().cloned());
                sound.awaits = awaits.clone();
            }
            Effect::Say(_)
            | Effect::Ask { .. }
            | Effect::Record(_)
            | Effect::Change(_)
            | Effect::Hand(_)
            | Effect::StartFlow(_) => {}
        }
    }
    sound
}
