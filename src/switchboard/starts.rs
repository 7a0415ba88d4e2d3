//! One flow after another: what an ending starts for its person, now or later.
//!
//! The turn that reaches the ending writes the start down; it begins by itself when its time has
//! come, exactly once, with the version that is published then. One flow at a time: while another
//! run waits at the number, it waits too.

use super::Work;
use super::turns::{Talk, TurnOf};
use crate::engine::{self, Turn};
use crate::flow::{Flow, NextFlow};
use crate::model::{CampaignStatus, Ended, Priority, RunStatus};
use crate::store::{DueStart, NewStart};
use anyhow::Result;
use jiff::SignedDuration;
use std::sync::Arc;

/// How many flows begin in one transaction: an answer never waits behind a bulk.
const BATCH: u32 = 50;
/// How many flows in a row may begin without a word of the person.
const MOST_IN_A_ROW: u32 = 3;

const STOPPED: &str = "the person said STOP";

impl Work<'_> {
    /// Writes down what an ending starts. What the same run had planned at another ending,
    /// before an answer was corrected, is off.
    pub(super) async fn plan_starts(
        &mut self,
        of: TurnOf<'_>,
        flow: &Flow,
        turn: &Turn,
    ) -> Result<()> {
        let RunStatus::Ended(Ended::Completed(name) | Ended::EndedEarly(name)) = &turn.run.status
        else {
            return Ok(());
        };
        let next = flow.endings.get(name).and_then(|ending| ending.start_flow.as_ref());
        let but = next.map_or("", |next| next.flow.as_str());
        let why = "a corrected answer led to another ending";
        self.tx.take_starts_back(of.run, but, why, self.now).await?;
        for effect in &turn.effects {
            if let engine::Effect::StartFlow(next) = effect {
                self.plan_start(of, turn, next).await?;
            }
        }
        Ok(())
    }

    async fn plan_start(&mut self, of: TurnOf<'_>, turn: &Turn, next: &NextFlow) -> Result<()> {
        // An ending is reached with every question behind: no answer means that none was asked.
        let chain = if turn.run.answers.is_empty() {
            self.tx.chain_of(of.run).await?.saturating_add(1)
        } else {
            0
        };
        let new = NewStart {
            contact: of.contact,
            number: of.number,
            flow: &next.flow,
            due_at: self.now + SignedDuration::try_from(next.after)?,
            from: of.run,
            chain,
        };
        self.tx.plan_start(&new, self.now).await
    }

    /// Begins what is due; what cannot begin yet is held until what stands in its way is gone.
    pub(super) async fn begin_planned(&mut self) -> Result<()> {
        for start in self.tx.due_starts(self.now, BATCH).await? {
            match self.in_the_way(&start).await? {
                Some(why) => self.tx.hold_start(start.id, why).await?,
                None => self.begin_start(&start).await?,
            }
        }
        Ok(())
    }

    /// A run is over: whoever waited for its number may begin.
    pub(super) async fn number_is_free(&mut self, number: &str) -> Result<()> {
        self.tx.wake_campaigns(self.now).await?;
        self.tx.release_starts_to(number).await
    }

    async fn in_the_way(&mut self, start: &DueStart) -> Result<Option<&'static str>> {
        if self.tx.waiting_run(&start.number).await?.is_some() {
            return Ok(Some("another flow waits for this person's answer"));
        }
        let campaign = match start.campaign {
            Some(campaign) => self.tx.campaign(campaign).await?,
            None => None,
        };
        let is_paused = campaign.is_some_and(|campaign| campaign.status == CampaignStatus::Paused);
        Ok(is_paused.then_some("the campaign is paused"))
    }

    async fn begin_start(&mut self, start: &DueStart) -> Result<()> {
        if self.tx.is_stopped(&start.number).await? {
            return self.tx.drop_start(start.id, STOPPED, self.now).await;
        }
        let Some(contact) = self.tx.contact(start.contact).await? else {
            return self.tx.drop_start(start.id, "the contact was deleted", self.now).await;
        };
        if start.chain > MOST_IN_A_ROW {
            let why = format!(
                "the flow `{}` was not started: {MOST_IN_A_ROW} flows in a row had begun without a \
                 word of this person",
                start.flow
            );
            self.tx.drop_start(start.id, &why, self.now).await?;
            return self.tell_office(start, &why).await;
        }
        let Some((flow, digest)) = self.in_use(&start.flow).await? else {
            let why = format!(
                "the flow `{0}` should start now and is not published; it starts after `rollcall \
                 flow publish {0}`",
                start.flow
            );
            self.tx.start_needs_flow(start.id, &why).await?;
            return self.tell_office(start, &why).await;
        };
        let (channel, priority) = (start.channel, Priority::Bulk);
        let mode = self.mode_for(&flow, None);
        let talk = Talk { number: &start.number, channel, priority, mode };
        let (of, turn) = self.begin_run((&*flow, &digest), &contact, None, talk).await?;
        self.tx.start_begun(start.id, of.run, self.now).await?;
        self.save_turn(of, &flow, &turn).await
    }

    /// The version of a flow that new starts get.
    async fn in_use(&mut self, flow: &str) -> Result<Option<(Arc<Flow>, String)>> {
        let Some(digest) = self.flows.digest_in_use(flow) else { return Ok(None) };
        let flow = self.flow(&digest).await?;
        Ok(Some((flow, digest)))
    }

    async fn tell_office(&mut self, start: &DueStart, why: &str) -> Result<()> {
        self.show(why);
        match self.tx.last_word(&start.number, start.from).await? {
            Some(message) => self.tx.lay_before_office(message, why, self.now).await,
            None => Ok(()),
        }
    }

    /// The flows that a flow starts and that nobody has published yet.
    pub(super) fn unpublished(&self, flow: &Flow) -> Vec<String> {
        let mut ids = flow.started();
        ids.retain(|id| *id != flow.id && self.flows.digest_in_use(id).is_none());
        ids.into_iter().map(str::to_owned).collect()
    }
}
