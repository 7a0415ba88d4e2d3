//! Flows that an ending starts for its person: planned, begun once, or dropped with the reason.

use super::{Reader, Tx, at, ms};
use crate::model::{CampaignId, ChannelId, ContactId, MessageId, RunId};
use anyhow::Result;
use jiff::Timestamp;
use serde::Serialize;

/// A start to be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewStart<'a> {
    /// Whose run it will be.
    pub contact: ContactId,
    /// The number it will talk to.
    pub number: &'a str,
    /// The flow's id.
    pub flow: &'a str,
    /// When it begins.
    pub due_at: Timestamp,
    /// The run whose ending asks for it.
    pub from: RunId,
    /// How many flows in a row began without a word of the person, with this one.
    pub chain: u32,
}

/// A planned start whose time has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueStart {
    /// The row.
    pub id: i64,
    /// Whose run it will be.
    pub contact: ContactId,
    /// The number it will talk to.
    pub number: String,
    /// The flow's id.
    pub flow: String,
    /// The run whose ending asked for it.
    pub from: RunId,
    /// How many flows in a row began without a word of the person, with this one.
    pub chain: u32,
    /// The channel that the run before talked through.
    pub channel: Option<ChannelId>,
    /// The campaign that the run before belonged to.
    pub campaign: Option<CampaignId>,
}

/// What endings have planned of one flow, in a list for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedLine {
    /// The flow's id.
    pub flow: String,
    /// For how many people.
    pub people: i64,
    /// When the first of them is due, in UTC.
    pub next_at: String,
    /// How many of them wait for the flow to be published.
    pub need_the_flow: i64,
}

// A corrected answer may lead to another ending and back: the start is the same one then.
const PLAN: &str = "INSERT INTO planned_start (contact_id, number, flow, due_at, from_run, chain,
        state, made_at)
    VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7)
    ON CONFLICT (from_run, flow) DO UPDATE SET state = 'waiting', why = '', over_at = NULL,
        due_at = excluded.due_at
    WHERE planned_start.state = 'taken_back'";
const TAKE_BACK: &str = "UPDATE planned_start SET state = 'taken_back', why = $3, over_at = $4
    WHERE from_run = $1 AND flow <> $2 AND state IN ('waiting', 'held', 'needs_flow')";
const DUE: &str = "SELECT p.id, p.contact_id, p.number, p.flow, p.from_run, p.chain,
        f.channel_id, f.campaign_id
    FROM planned_start p JOIN run f ON f.id = p.from_run
    WHERE p.state = 'waiting' AND p.due_at <= $1 ORDER BY p.due_at, p.id LIMIT $2";
const HOLD: &str = "UPDATE planned_start SET state = 'held', why = $2
    WHERE id = $1 AND state = 'waiting'";
const RELEASE_TO: &str = "UPDATE planned_start SET state = 'waiting', why = ''
    WHERE number = $1 AND state = 'held'";
const RELEASE_OF: &str = "UPDATE planned_start SET state = 'waiting', why = ''
    WHERE state = 'held' AND from_run IN (SELECT id FROM run WHERE campaign_id = $1)";
const BEGUN: &str = "UPDATE planned_start SET state = 'begun', run_id = $2, over_at = $3
    WHERE id = $1 AND state = 'waiting'";
const DROP: &str = "UPDATE planned_start SET state = 'dropped', why = $2, over_at = $3
    WHERE id = $1";
const DROP_TO: &str = "UPDATE planned_start SET state = 'dropped', why = $2, over_at = $3
    WHERE number = $1 AND state IN ('waiting', 'held', 'needs_flow')";
const DROP_OF: &str = "UPDATE planned_start SET state = 'dropped', why = $2, over_at = $3
    WHERE from_run IN (SELECT id FROM run WHERE campaign_id = $1)
        AND state IN ('waiting', 'held', 'needs_flow')";
const NEEDS_FLOW: &str = "UPDATE planned_start SET state = 'needs_flow', why = $2 WHERE id = $1";
const FLOW_IS_THERE: &str = "UPDATE planned_start SET state = 'waiting', why = ''
    WHERE flow = $1 AND state = 'needs_flow'";
const CHAIN: &str = "SELECT chain FROM planned_start WHERE run_id = $1";
const LAST_WORD: &str = "SELECT id FROM message WHERE number = $1
    ORDER BY CASE WHEN direction <> 'in' THEN 2 WHEN run_id = $2 THEN 0 ELSE 1 END, id DESC
    LIMIT 1";

const PLANNED: &str = "SELECT flow, count(*), min(due_at),
        sum(CASE WHEN state = 'needs_flow' THEN 1 ELSE 0 END)
    FROM planned_start WHERE state IN ('waiting', 'held', 'needs_flow') GROUP BY flow ORDER BY 3, 1";

impl Reader {
    /// What endings have planned and has not begun, by flow.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn planned_starts(&self) -> Result<Vec<PlannedLine>> {
        let rows: Vec<(String, i64, i64, i64)> =
            sqlx::query_as(PLANNED).fetch_all(self.sql()).await?;
        let line = |(flow, people, next, need_the_flow)| {
            let next_at = at(next).to_string();
            PlannedLine { flow, people, next_at, need_the_flow }
        };
        Ok(rows.into_iter().map(line).collect())
    }
}

impl Tx<'_> {
    /// Plans a start. The same run plans the same flow once.
    pub async fn plan_start(&mut self, new: &NewStart<'_>, now: Timestamp) -> Result<()> {
        sqlx::query(PLAN)
            .bind(new.contact.0)
            .bind(new.number)
            .bind(new.flow)
            .bind(ms(new.due_at))
            .bind(new.from.0)
            .bind(i64::from(new.chain))
            .bind(ms(now))
            .execute(self.sql())
            .await?;
        Ok(())
    }

    /// A run came to another ending than before: what that one had planned, but for `flow`, is
    /// off.
    pub async fn take_starts_back(
        &mut self,
        from: RunId,
        but: &str,
        why: &str,
        now: Timestamp,
    ) -> Result<()> {
        let query = sqlx::query(TAKE_BACK).bind(from.0).bind(but).bind(why).bind(ms(now));
        query.execute(self.sql()).await?;
        Ok(())
    }

    /// Starts whose time has come, the oldest first.
    pub async fn due_starts(&mut self, now: Timestamp, most: u32) -> Result<Vec<DueStart>> {
        type Row = (i64, i64, String, String, i64, i64, Option<i64>, Option<i64>);
        let query = sqlx::query_as(DUE).bind(ms(now)).bind(i64::from(most));
        let rows: Vec<Row> = query.fetch_all(self.sql()).await?;
        let due = |(id, contact, number, flow, from, chain, channel, campaign): Row| {
            Ok(DueStart {
                id,
                contact: ContactId(contact),
                number,
                flow,
                from: RunId(from),
                chain: chain.try_into()?,
                channel: channel.map(ChannelId),
                campaign: campaign.map(CampaignId),
            })
        };
        rows.into_iter().map(due).collect()
    }

    /// Something stands in the way of a start; whoever takes it out of the way releases it.
    pub async fn hold_start(&mut self, id: i64, why: &str) -> Result<()> {
        sqlx::query(HOLD).bind(id).bind(why).execute(self.sql()).await?;
        Ok(())
    }

    /// A number is free: what was held for it is due.
    pub async fn release_starts_to(&mut self, number: &str) -> Result<()> {
        sqlx::query(RELEASE_TO).bind(number).execute(self.sql()).await?;
        Ok(())
    }

    /// A campaign goes on: what was held of it is due.
    pub async fn release_starts_of(&mut self, campaign: CampaignId) -> Result<()> {
        sqlx::query(RELEASE_OF).bind(campaign.0).execute(self.sql()).await?;
        Ok(())
    }

    /// A start has become a run.
    pub async fn start_begun(&mut self, id: i64, run: RunId, now: Timestamp) -> Result<()> {
        let query = sqlx::query(BEGUN).bind(id).bind(run.0).bind(ms(now));
        query.execute(self.sql()).await?;
        Ok(())
    }

    /// A start will not happen, and why.
    pub async fn drop_start(&mut self, id: i64, why: &str, now: Timestamp) -> Result<()> {
        sqlx::query(DROP).bind(id).bind(why).bind(ms(now)).execute(self.sql()).await?;
        Ok(())
    }

    /// Nothing starts at this number any more of what was planned.
    pub async fn drop_starts_to(&mut self, number: &str, why: &str, now: Timestamp) -> Result<()> {
        sqlx::query(DROP_TO).bind(number).bind(why).bind(ms(now)).execute(self.sql()).await?;
        Ok(())
    }

    /// Nothing starts any more of what the runs of a campaign had planned; how many that were.
    pub async fn drop_starts_of(
        &mut self,
        campaign: CampaignId,
        why: &str,
        now: Timestamp,
    ) -> Result<u64> {
        let query = sqlx::query(DROP_OF).bind(campaign.0).bind(why).bind(ms(now));
        Ok(query.execute(self.sql()).await?.rows_affected())
    }

    /// A start waits until its flow is published.
    pub async fn start_needs_flow(&mut self, id: i64, why: &str) -> Result<()> {
        sqlx::query(NEEDS_FLOW).bind(id).bind(why).execute(self.sql()).await?;
        Ok(())
    }

    /// A flow is published: what waited for it is due.
    pub async fn flow_is_there(&mut self, flow: &str) -> Result<()> {
        sqlx::query(FLOW_IS_THERE).bind(flow).execute(self.sql()).await?;
        Ok(())
    }

    /// How many flows in a row had begun without the person's word when this run began.
    pub async fn chain_of(&mut self, run: RunId) -> Result<u32> {
        let chain: Option<i64> =
            sqlx::query_scalar(CHAIN).bind(run.0).fetch_optional(self.sql()).await?;
        Ok(chain.unwrap_or(0).try_into()?)
    }

    /// The text that a person in the office should see with a trouble of this number: the last
    /// they said to this run, else the last they said, else the last that was said to them.
    pub async fn last_word(&mut self, number: &str, run: RunId) -> Result<Option<MessageId>> {
        let query = sqlx::query_scalar(LAST_WORD).bind(number).bind(run.0);
        let id: Option<i64> = query.fetch_optional(self.sql()).await?;
        Ok(id.map(MessageId))
    }
}
