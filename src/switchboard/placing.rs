//! Calls that the office makes: which is made next and by which modem, and what follows one that
//! was in vain.
//!
//! A run that goes on by call waits for one call, or is in it: [`Work::keep_calling`] sees to that
//! after every turn. What is said in a call is `talking`'s matter.

use super::channels::{CallsWanted, OnCall};
use super::turns::TurnOf;
use super::{Command, Work};
use crate::engine::Turn;
use crate::flow::{Fallback, Flow};
use crate::model::{CampaignStatus, Input, Mode, Priority, RunStatus};
use crate::store::{CallState, DueCall, Fact, NewCall, RunRow, WantedBy};
use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use rollcall_drivers::modem::{self, CallEnd, CallEvent, CallId, Ended};

/// How long a phone rings before nobody is expected to answer: operators' mailboxes come later.
const RINGS: SignedDuration = SignedDuration::from_secs(60);
/// The longest call.
const LONGEST: SignedDuration = SignedDuration::from_mins(20);
/// When a call that broke off is made again.
const BROKEN_OFF: SignedDuration = SignedDuration::from_secs(60);
/// When a call is tried again that this side had the fault of.
const OUR_FAULT: SignedDuration = SignedDuration::from_mins(2);
/// How long a channel makes no calls after its SIM or network would not.
const RESTS: SignedDuration = SignedDuration::from_mins(10);
/// How often a number is called in a day, whatever breaks off.
const MOST_A_DAY: i64 = 8;
/// How often one run is called for at all.
const MOST_OF_RUN: i64 = 15;
/// When a paused campaign is looked at again.
const PAUSED: SignedDuration = SignedDuration::from_mins(10);

/// Why a call is over, as far as the next one is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vain {
    /// Through a fault of this side.
    OurFault,
    /// Nobody was reached.
    NotReached,
    /// There is nobody to reach.
    NoSuchNumber,
    /// It was answered, and nobody pressed a key.
    NobodyThere,
    /// It broke off after an answer.
    BrokenOff,
}

impl Work<'_> {
    /// How a run begins: as the office wants it, else as its flow says, as far as either can be.
    pub(super) fn mode_for(&self, flow: &Flow, wanted: Option<Mode>) -> Mode {
        let first = flow.channels.first().copied().unwrap_or(Mode::Sms);
        let may_call = flow.channels.contains(&Mode::Voice) && flow.questions().next().is_some();
        let has_sms = flow.channels.contains(&Mode::Sms);
        match wanted.unwrap_or(first) {
            Mode::Voice if may_call && (self.channels.make_calls() || !has_sms) => Mode::Voice,
            Mode::Sms if may_call && !has_sms => Mode::Voice,
            Mode::Voice | Mode::Sms => Mode::Sms,
        }
    }

    async fn want_call(&mut self, new: &NewCall<'_>) -> Result<()> {
        self.channels.calls_wanted = CallsWanted::Perhaps;
        self.tx.want_call(new).await
    }

    /// After a turn: a run that goes on by call has a call to wait for, any other has none.
    pub(super) async fn keep_calling(
        &mut self,
        of: TurnOf<'_>,
        flow: &Flow,
        turn: &Turn,
    ) -> Result<()> {
        if !flow.channels.contains(&Mode::Voice) {
            return Ok(());
        }
        let waits = matches!(turn.run.status, RunStatus::Waiting(_));
        let by_call = waits && turn.run.mode == Mode::Voice;
        if !by_call && self.channels.calls_wanted == CallsWanted::No {
            return Ok(());
        }
        match (waits, turn.run.mode) {
            (true, Mode::Voice) if self.channels.is_in_call(of.run) => Ok(()),
            (true, Mode::Voice) => {
                let new = NewCall {
                    run: of.run,
                    number: of.number,
                    due_at: self.now,
                    why: "the flow goes on by call",
                    in_vain: 0,
                    wanted_by: WantedBy::Office,
                };
                self.want_call(&new).await
            }
            (true, Mode::Sms) => self.tx.no_call_for(of.run, "it goes on by SMS", self.now).await,
            (false, _) => self.tx.no_call_for(of.run, "the flow is over", self.now).await,
        }
    }

    /// Gives every channel that may call, and is idle, the next call. The row says so before the
    /// modem dials.
    pub(super) async fn place_calls(&mut self) -> Result<()> {
        if !self.channels.make_calls() {
            return Ok(());
        }
        self.end_what_is_over().await?;
        if self.channels.calls_wanted == CallsWanted::No {
            return Ok(());
        }
        let wanted_by = self.who_may_be_called();
        while self.channels.free_for_call(None, self.now).is_some() {
            let Some(call) = self.tx.next_call(wanted_by, self.now).await? else { break };
            self.place(&call).await?;
        }
        Ok(())
    }

    /// In quiet hours those alone who rang themselves.
    fn who_may_be_called(&self) -> WantedBy {
        match self.settings.quiet_until(self.now) {
            Some(_) => WantedBy::Person,
            None => WantedBy::Office,
        }
    }

    async fn place(&mut self, call: &DueCall) -> Result<()> {
        let row = self.tx.run(call.run).await?;
        let waits = |row: &RunRow| row.waiting().is_some() && row.run.mode == Mode::Voice;
        let Some(row) = row.filter(waits) else {
            return self.tx.no_call_for(call.run, "nobody waits for it", self.now).await;
        };
        if self.tx.is_stopped(&call.number).await? {
            self.tx.no_call_for(call.run, "this number said STOP", self.now).await?;
            return self.advance(&row, Input::Stop, Priority::Bulk).await;
        }
        if let Some(until) = self.not_yet(call, &row).await? {
            return self.tx.put_off_call(call.id, until).await;
        }
        let Some(at) = self.channels.free_for_call(call.channel, self.now) else { return Ok(()) };
        let channel = &mut self.channels.all[at];
        let Some(modem) = channel.modem else { return Ok(()) };
        let id = CallId::Placed(modem::AttemptId(call.id.0));
        channel.on_call = Some(OnCall::new(id, call, self.now + RINGS));
        let (channel_id, name) = (channel.id, channel.settings.name.clone());
        self.tx.call_dialled(call.id, channel_id, self.now).await?;
        self.fact(row.campaign.map(|campaign| (campaign, row.contact)), Fact::Messaged).await?;
        self.show(format!("{name}: calls {}", super::calls::who(Some(&call.number))));
        let (attempt, number) = (modem::AttemptId(call.id.0), call.number.clone());
        self.commands.push(Command::Modem(modem, modem::Command::Dial { attempt, number }));
        Ok(())
    }

    /// Until when a call that is due has to wait: the campaign is paused, or it was called often.
    async fn not_yet(&mut self, call: &DueCall, row: &RunRow) -> Result<Option<Timestamp>> {
        if let Some(campaign) = row.campaign
            && let Some(campaign) = self.tx.campaign(campaign).await?
            && campaign.status == CampaignStatus::Paused
        {
            return Ok(Some(self.now + PAUSED));
        }
        let day_ago = self.now - SignedDuration::from_hours(24);
        let so_far = self.tx.calls_so_far(call.run, &call.number, day_ago).await?;
        let often = so_far.of_number >= MOST_A_DAY;
        Ok(often.then(|| self.now + SignedDuration::from_hours(12)))
    }

    /// Ends calls that ring or last too long, and those whose run went on elsewhere.
    async fn end_what_is_over(&mut self) -> Result<()> {
        for at in 0..self.channels.all.len() {
            let Some(on_call) = &self.channels.all[at].on_call else { continue };
            let (run, turn, says_goodbye) = (on_call.run, on_call.turn, on_call.is_last);
            let why = if on_call.until <= self.now {
                Some(match on_call.turn {
                    None => "nobody answered",
                    Some(_) => "it took too long",
                })
            } else if says_goodbye {
                None
            } else {
                let row = self.tx.run(run).await?;
                let goes_on = row.is_some_and(|row| {
                    row.waiting().is_some()
                        && row.run.mode == Mode::Voice
                        && turn.is_none_or(|turn| turn == row.run.turn)
                });
                (!goes_on).then_some("the flow went on without it")
            };
            if let Some(why) = why {
                self.hang_up(at, why);
            }
        }
        Ok(())
    }

    /// Tells a channel's modem to end its call; the end comes as an event.
    pub(super) fn hang_up(&mut self, at: usize, why: &str) {
        let channel = &mut self.channels.all[at];
        let (Some(modem), Some(on_call)) = (channel.modem, &mut channel.on_call) else { return };
        if on_call.ends_because.is_some() {
            return;
        }
        on_call.ends_because = Some(why.to_owned());
        // The modem says when it is over; one that never does is lost, and its calls with it.
        on_call.until = Timestamp::MAX;
        let call = on_call.id;
        self.commands.push(Command::Modem(modem, modem::Command::HangUp { call }));
    }

    /// A modem tells of a call that the office made.
    pub(super) async fn placed_call(&mut self, at: usize, event: CallEvent) -> Result<()> {
        let Some(on_call) = &mut self.channels.all[at].on_call else { return Ok(()) };
        let row = on_call.row;
        match event {
            CallEvent::RingsThere => self.tx.call_is(row, CallState::Ringing, self.now).await,
            CallEvent::Answered => {
                on_call.until = self.now + LONGEST;
                self.tx.call_is(row, CallState::Talking, self.now).await?;
                self.answered(at).await
            }
            CallEvent::Ended(ended) => self.call_ended(at, &ended).await,
            CallEvent::NoSound(why) => {
                self.no_sound(at, &why);
                Ok(())
            }
            // Whoever plays the sound needs to know.
            CallEvent::SoundOn | CallEvent::Key(_) | CallEvent::Rings { .. } => Ok(()),
        }
    }

    /// A call is over: it is written down, and what follows is decided.
    pub(super) async fn call_ended(&mut self, at: usize, ended: &Ended) -> Result<()> {
        let Some(on_call) = self.channels.all[at].on_call.clone() else { return Ok(()) };
        let how = on_call.ends_because.clone().unwrap_or_else(|| ended.to_string());
        self.tx.placed_call_over(on_call.row, &how, self.now).await?;
        let name = self.channels.all[at].settings.name.clone();
        let who = super::calls::who(Some(&on_call.number));
        self.show(format!("{name}: call to {who}: {how}"));
        if is_ours(ended) {
            self.channels.all[at].no_calls_until = Some(self.now + RESTS);
        }
        let row = self.tx.run(on_call.run).await?;
        if let Some(row) = row.filter(|row| row.run.mode == Mode::Voice && row.waiting().is_some())
        {
            self.advance(&row, Input::HungUp, Priority::Bulk).await?;
            self.channels.all[at].on_call = None;
            let row = self.tx.run(on_call.run).await?.filter(|row| row.waiting().is_some());
            let Some(row) = row else { return Ok(()) };
            return self.call_again(&row, &on_call, vain(&on_call, ended)).await;
        }
        self.channels.all[at].on_call = None;
        Ok(())
    }

    /// A modem is gone, and its call with it.
    pub(super) async fn call_cut_off(&mut self, at: usize, why: &str) -> Result<()> {
        if let Some(on_call) = &mut self.channels.all[at].on_call {
            on_call.ends_because.get_or_insert_with(|| why.to_owned());
        }
        self.call_ended(at, &Ended::Lost(modem::Why::PortGone)).await
    }

    /// Calls that were made when the last stop came: what was said is kept, and they go on.
    pub(super) async fn recover_placed_calls(&mut self) -> Result<()> {
        for call in self.tx.live_calls().await? {
            let why = "the computer was switched off in this call";
            self.tx.placed_call_over(call.id, why, self.now).await?;
            let row = self.tx.run(call.run).await?;
            let waits = |row: &RunRow| row.run.mode == Mode::Voice && row.waiting().is_some();
            let Some(row) = row.filter(waits) else { continue };
            let new = NewCall {
                run: row.id,
                number: &call.number,
                due_at: self.now + OUR_FAULT,
                why,
                in_vain: call.in_vain,
                wanted_by: WantedBy::Office,
            };
            self.want_call(&new).await?;
        }
        Ok(())
    }

    /// What follows a call after which the run still waits.
    async fn call_again(&mut self, row: &RunRow, before: &OnCall, vain: Vain) -> Result<()> {
        let flow = self.flow(&row.digest).await?;
        let question = row.waiting().and_then(|waiting| flow.question(&waiting.question));
        let rules = question.map_or(&flow.rules.voice, |question| &question.rules.voice);
        let nth = usize::try_from(before.in_vain).unwrap_or(usize::MAX);
        let redial = rules.redial.get(nth).map(|pause| SignedDuration::try_from(*pause));
        let so_far = self.tx.calls_so_far(row.id, &row.number, self.now).await?;
        let next = match vain {
            _ if so_far.of_run >= MOST_OF_RUN => None,
            Vain::OurFault => Some((OUR_FAULT, before.in_vain, "no call came about")),
            Vain::BrokenOff => Some((BROKEN_OFF, 0, "the call broke off")),
            Vain::NotReached => {
                redial.transpose()?.map(|pause| (pause, before.in_vain + 1, "nobody was reached"))
            }
            Vain::NobodyThere => {
                redial.transpose()?.map(|pause| (pause, before.in_vain + 1, "no key was pressed"))
            }
            Vain::NoSuchNumber => None,
        };
        let Some((pause, in_vain, why)) = next else {
            return self.fall_back(row, rules.fallback).await;
        };
        let new = NewCall {
            run: row.id,
            number: &row.number,
            due_at: self.now + pause,
            why,
            in_vain,
            wanted_by: WantedBy::Office,
        };
        self.tx.no_call_for(row.id, "another takes its place", self.now).await?;
        self.want_call(&new).await
    }

    /// All calls were in vain.
    async fn fall_back(&mut self, row: &RunRow, fallback: Fallback) -> Result<()> {
        self.tx.no_call_for(row.id, "all calls were in vain", self.now).await?;
        // The turn that the end of the call made is the newest.
        let Some(row) = self.tx.run(row.id).await? else { return Ok(()) };
        match fallback {
            Fallback::Sms => self.advance(&row, Input::GoOnBy(Mode::Sms), Priority::Bulk).await,
            Fallback::Nothing => self.advance(&row, Input::Expired, Priority::Bulk).await,
        }
    }

    /// Whether somebody who does not answer by SMS is called: once in a run, and where both can be.
    pub(super) async fn is_called_instead(&mut self, row: &RunRow) -> Result<bool> {
        let flow = self.flow(&row.digest).await?;
        let may = row.run.mode == Mode::Sms
            && self.channels.make_calls()
            && flow.channels.contains(&Mode::Voice);
        let so_far = match may {
            true => self.tx.calls_so_far(row.id, &row.number, self.now).await?,
            false => return Ok(false),
        };
        Ok(so_far.of_run == 0)
    }

    /// When the next call is to be made, or one that rings or lasts is to end.
    pub(super) async fn next_call_due(&mut self) -> Result<Option<Timestamp>> {
        if !self.channels.make_calls() {
            return Ok(None);
        }
        let live = self.channels.all.iter().filter_map(|channel| channel.on_call.as_ref());
        let mut due: Vec<Timestamp> =
            live.map(|on_call| on_call.until).filter(|until| *until < Timestamp::MAX).collect();
        let quiet = self.settings.quiet_until(self.now);
        if self.channels.free_for_call(None, self.now).is_some() {
            if self.channels.calls_wanted == CallsWanted::Perhaps {
                let next = self.tx.next_call_at(self.who_may_be_called()).await?;
                // A number in a call hides what is wanted for it.
                let in_calls = self.channels.all.iter().any(|channel| channel.on_call.is_some());
                if next.is_none() && quiet.is_none() && !in_calls {
                    self.channels.calls_wanted = CallsWanted::No;
                }
                due.extend(next);
                due.extend(quiet);
            }
        } else {
            let rests = self.channels.all.iter().filter_map(|channel| channel.no_calls_until);
            due.extend(rests.filter(|until| *until > self.now));
        }
        Ok(due.into_iter().min())
    }
}

/// Whether the SIM, the network or the modem is why a call did not come about.
fn is_ours(ended: &Ended) -> bool {
    match ended {
        Ended::Released(release) => {
            matches!(release.end, CallEnd::NotAllowed | CallEnd::NoNetwork | CallEnd::NetworkBusy)
        }
        Ended::Refused(_) => true,
        Ended::Lost(_) => false,
    }
}

fn vain(on_call: &OnCall, ended: &Ended) -> Vain {
    let was_answered = on_call.turn.is_some();
    match ended {
        _ if on_call.heard > 0 => Vain::BrokenOff,
        _ if on_call.has_no_sound || is_ours(ended) => Vain::OurFault,
        Ended::Lost(_) => Vain::OurFault,
        Ended::Released(_) | Ended::Refused(_) if was_answered => Vain::NobodyThere,
        Ended::Released(release) if release.end == CallEnd::WrongNumber => Vain::NoSuchNumber,
        Ended::Released(_) | Ended::Refused(_) => Vain::NotReached,
    }
}
