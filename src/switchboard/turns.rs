//! A turn of the engine becomes rows: answers, changes, messages, timers.

use super::Work;
use crate::engine::{self, Effect, Today, Turn};
use crate::flow::{Counts, Flow};
use crate::model::{
    Answer, CampaignId, ChannelId, Contact, ContactChange, ContactId, Disposition, Ended, How,
    MessageId, Mode, Priority, Repeat, RunId, RunStatus, Value,
};
use crate::store::{Asked, Fact, NewMessage, NewRun, RunRow};
use anyhow::Result;
use rollcall_drivers::pdu::{ReferenceWidth, split};

/// How many known facts are remembered; the store knows all of them.
const MOST_FACTS: usize = 20_000;
/// The longest text that is sent, in segments; what is longer is cut.
const MOST_SEGMENTS: usize = 10;

/// Whose turn it is.
#[derive(Clone, Copy)]
pub(super) struct TurnOf<'a> {
    pub run: RunId,
    pub contact: ContactId,
    pub number: &'a str,
    pub campaign: Option<CampaignId>,
    pub channel: Option<ChannelId>,
    /// Who goes first of what this turn says.
    pub priority: Priority,
    /// The inbound message it answers.
    pub heard: Option<MessageId>,
}

impl<'a> TurnOf<'a> {
    pub(super) fn of(row: &'a RunRow, priority: Priority, heard: Option<MessageId>) -> TurnOf<'a> {
        TurnOf {
            run: row.id,
            contact: row.contact,
            number: &row.number,
            campaign: row.campaign,
            channel: row.channel,
            priority,
            heard,
        }
    }

    fn member(&self) -> Option<(CampaignId, ContactId)> {
        self.campaign.map(|campaign| (campaign, self.contact))
    }
}

/// How a new run talks: by what number and channel, and who goes first.
#[derive(Clone, Copy)]
pub(super) struct Talk<'a> {
    pub number: &'a str,
    pub channel: Option<ChannelId>,
    pub priority: Priority,
    pub mode: Mode,
}

impl Work<'_> {
    /// Makes the row of a new run and its first turn, which the caller saves once everything that
    /// belongs to the row is written.
    pub(super) async fn begin_run<'t>(
        &mut self,
        (flow, digest): (&Flow, &str),
        contact: &Contact,
        campaign: Option<CampaignId>,
        Talk { number, channel, priority, mode }: Talk<'t>,
    ) -> Result<(TurnOf<'t>, Turn)> {
        let turn = engine::begin(flow, contact, mode, self.today());
        let new = NewRun { contact: contact.id, number, campaign, flow: &flow.id, digest, channel };
        let run = self.tx.begin_run(&new, &turn.run, self.now).await?;
        let of =
            TurnOf { run, contact: contact.id, number, campaign, channel, priority, heard: None };
        Ok((of, turn))
    }

    pub(super) fn today(&self) -> Today {
        self.settings.today(self.now)
    }

    /// Writes a whole turn down.
    pub(super) async fn save_turn(
        &mut self,
        of: TurnOf<'_>,
        flow: &Flow,
        turn: &Turn,
    ) -> Result<()> {
        let mut asked = None;
        for effect in &turn.effects {
            match effect {
                Effect::Record(answer) => {
                    if flow.anonymous {
                        self.keep_apart(of, flow, answer).await?;
                    } else {
                        self.tx.keep_answer(of.run, answer, of.heard, self.now).await?;
                    }
                    let answers = turn.run.answers.values();
                    let answered = answers.filter(|answer| is_answered(flow, answer)).count();
                    if is_answered(flow, answer) && answered == 1 {
                        self.fact(of.member(), Fact::Responded).await?;
                    }
                }
                Effect::Change(change) => {
                    self.tx.change_contact(of.contact, change).await?;
                    if matches!(change, ContactChange::SetField(_, Value::Date(_))) {
                        self.look_at_dates_again().await?;
                    }
                }
                Effect::Say(text) => drop(self.say(of, turn.run.turn, None, text).await?),
                Effect::Ask { question, text } => {
                    asked = Some(self.say(of, turn.run.turn, Some(question), text).await?);
                }
                Effect::Hand(why) => {
                    if let Some(message) = of.heard {
                        self.tx.lay_before_office(message, why, self.now).await?;
                    }
                }
                // Planned when the run is saved as ended.
                Effect::StartFlow(_) => {}
                // Played by whoever holds the call.
                Effect::Play(_) | Effect::AskByCall { .. } => {}
            }
        }
        let asked = asked.zip(turn.timers).map(|(message, timers)| Asked {
            message,
            remind_after: timers.remind_after,
            expires_after: timers.expires_after,
        });
        match &turn.run.status {
            RunStatus::Waiting(_) => self.tx.save_run(of.run, &turn.run, asked, self.now).await?,
            RunStatus::Ended(ended) => {
                self.tx.save_run(of.run, &turn.run, None, self.now).await?;
                self.plan_starts(of, flow, turn).await?;
                self.run_over(of, flow, turn, ended).await?;
            }
        }
        self.keep_calling(of, flow, turn).await
    }

    /// Queues a text of a run, the question's where it asks one.
    pub(super) async fn say(
        &mut self,
        of: TurnOf<'_>,
        turn: u32,
        question: Option<&str>,
        text: &str,
    ) -> Result<MessageId> {
        let (body, segments) = fitted(text);
        let new = NewMessage {
            contact: Some(of.contact),
            number: of.number,
            channel: of.channel,
            run: Some((of.run, turn)),
            campaign: of.campaign,
            question,
            body,
            segments,
            priority: of.priority,
            repeat: Repeat::Once,
            expires_at: None,
        };
        self.tx.queue_message(&new, self.now).await
    }

    /// A run is over: its person's place in the campaign, and whoever waited for the number.
    async fn run_over(
        &mut self,
        of: TurnOf<'_>,
        flow: &Flow,
        turn: &Turn,
        ended: &Ended,
    ) -> Result<()> {
        self.number_is_free(of.number).await?;
        let Some(member) = of.member() else { return Ok(()) };
        let (disposition, why) = disposition(ended, flow, turn);
        if disposition == Disposition::Completed {
            self.fact(Some(member), Fact::Completed).await?;
        }
        self.tx.member_over(member, disposition, &why).await?;
        self.finish_campaign_if_done(member.0).await
    }

    pub(super) async fn fact(
        &mut self,
        member: Option<(CampaignId, ContactId)>,
        fact: Fact,
    ) -> Result<()> {
        let Some(member) = member else { return Ok(()) };
        if self.facts.len() >= MOST_FACTS {
            self.facts.clear();
        }
        // Each segment and report states the same facts again: the store is asked once.
        match self.facts.insert((member.0, member.1, fact)) {
            true => self.tx.keep_fact(member, fact, self.now).await,
            false => Ok(()),
        }
    }

    /// A person's run begins or goes on anew: its facts are facts again.
    pub(super) fn facts_anew(&mut self, (campaign, contact): (CampaignId, ContactId)) {
        for fact in [Fact::Messaged, Fact::Reached, Fact::Responded, Fact::Completed] {
            self.facts.remove(&(campaign, contact, fact));
        }
    }

    /// Queues a text that tells somebody in a run that a campaign waits for them.
    pub(super) async fn offer(
        &mut self,
        campaign: CampaignId,
        run: &RunRow,
        text: &str,
    ) -> Result<()> {
        let (body, segments) = fitted(text);
        let new = NewMessage {
            contact: None,
            number: &run.number,
            channel: run.channel,
            run: None,
            campaign: Some(campaign),
            question: None,
            body,
            segments,
            priority: Priority::Bulk,
            repeat: Repeat::Once,
            expires_at: None,
        };
        self.tx.queue_message(&new, self.now).await?;
        Ok(())
    }

    /// Queues a text that belongs to no run.
    pub(super) async fn text(
        &mut self,
        number: &str,
        channel: Option<ChannelId>,
        text: &str,
        priority: Priority,
    ) -> Result<MessageId> {
        let (body, segments) = fitted(text);
        let new = NewMessage {
            contact: None,
            number,
            channel,
            run: None,
            campaign: None,
            question: None,
            body,
            segments,
            priority,
            repeat: Repeat::Once,
            expires_at: None,
        };
        self.tx.queue_message(&new, self.now).await
    }
}

/// A text that fits the most segments, and how many it takes.
fn fitted(text: &str) -> (&str, u8) {
    let mut text = text;
    loop {
        match split(text, 0, ReferenceWidth::Eight).map(|pieces| pieces.len()) {
            Ok(count) if count <= MOST_SEGMENTS => {
                return (text, u8::try_from(count.max(1)).unwrap_or(1));
            }
            _ => {
                let half = text.chars().count() * 9 / 10;
                let end = text.char_indices().nth(half).map_or(0, |(at, _)| at);
                text = &text[..end];
            }
        }
    }
}

/// Whether a question counts as answered. In an anonymous flow a refusal does: else the figures
/// would tell who refused what.
fn is_answered(flow: &Flow, answer: &Answer) -> bool {
    answer.is_understood() || flow.anonymous && answer.how == How::Refused
}

/// Whether the last question was left open, because nobody could understand the answer.
fn left_the_last_open(flow: &Flow, turn: &Turn) -> bool {
    let last = turn.effects.iter().rev().find_map(|effect| match effect {
        Effect::Record(answer) => Some(answer),
        Effect::Say(_)
        | Effect::Ask { .. }
        | Effect::Play(_)
        | Effect::AskByCall { .. }
        | Effect::Change(_)
        | Effect::Hand(_)
        | Effect::StartFlow(_) => None,
    });
    last.is_some_and(|answer| !is_answered(flow, answer) && answer.how != How::Refused)
}

/// What a run's end means for its person, in the terms of survey research.
fn disposition(ended: &Ended, flow: &Flow, turn: &Turn) -> (Disposition, String) {
    let so_far = so_far(flow, turn);
    match ended {
        Ended::Completed(name) | Ended::EndedEarly(name) => match flow.endings.get(name) {
            Some(_) => (at_ending(name, flow, so_far, turn), early(ended)),
            None => (so_far, name.clone()),
        },
        Ended::Expired => (so_far, "the time was over".to_owned()),
        Ended::Stopped if so_far == Disposition::Unresponsive => {
            (Disposition::Refused, "said STOP".to_owned())
        }
        Ended::Stopped => (so_far, "said STOP".to_owned()),
        Ended::Cancelled => (so_far, "the campaign was cancelled".to_owned()),
        Ended::NeedsPerson => (so_far, "a person in the office takes over".to_owned()),
        Ended::Failed(why) => (Disposition::Failed, why.clone()),
    }
}

/// What a person's answers amount to who goes no further.
fn so_far(flow: &Flow, turn: &Turn) -> Disposition {
    let answers = || turn.run.answers.values();
    let understood = answers().filter(|answer| is_answered(flow, answer)).count();
    let has_skipped = answers().any(|answer| answer.how == How::Refused);
    match understood {
        0 if has_skipped => Disposition::Refused,
        0 => Disposition::Unresponsive,
        some if some * 2 >= flow.questions().count() => Disposition::Partial,
        _ => Disposition::Breakoff,
    }
}

/// What an ending of the flow makes of its person. Who gave no answer has not completed anything.
fn at_ending(name: &str, flow: &Flow, so_far: Disposition, turn: &Turn) -> Disposition {
    let usual = if name == "done" { Counts::Completed } else { Counts::Ineligible };
    let said_nothing = matches!(so_far, Disposition::Refused | Disposition::Unresponsive);
    let counts_as = flow.endings.get(name).and_then(|ending| ending.counts_as);
    match counts_as.unwrap_or(usual) {
        Counts::Refused => Disposition::Refused,
        Counts::Ineligible => Disposition::Ineligible,
        Counts::Completed | Counts::Partial if said_nothing => so_far,
        Counts::Completed if left_the_last_open(flow, turn) => Disposition::Partial,
        Counts::Completed => Disposition::Completed,
        Counts::Partial => Disposition::Partial,
    }
}

/// The name of an early ending: it says why somebody went no further.
fn early(ended: &Ended) -> String {
    match ended {
        Ended::EndedEarly(name) => name.clone(),
        Ended::Completed(_)
        | Ended::Expired
        | Ended::Stopped
        | Ended::Cancelled
        | Ended::NeedsPerson
        | Ended::Failed(_) => String::new(),
    }
}
