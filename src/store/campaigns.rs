//! Campaigns and what became of each person in them.

use super::{Audience, Tx, ms};
use crate::model::{Campaign, CampaignId, CampaignStatus, ContactId, Disposition, Mode, RunId};
use anyhow::Result;
use jiff::Timestamp;

/// Whether a start made a campaign or found the one it made before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is new.
    New(CampaignId),
    /// The same start was given before.
    Before(CampaignId),
}

/// Somebody whose turn has not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingContact {
    /// The person.
    pub contact: ContactId,
}

/// A fact that figures rest on, kept when it first becomes true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// A segment left for the person.
    Messaged,
    /// A delivery report or any reply.
    Reached,
    /// A question was answered and understood for the first time.
    Responded,
    /// The last question was answered.
    Completed,
}

const ADD: &str = "INSERT INTO campaign (name, flow, digest, start_key, status, audience,
        created_at, due_at, begins_by)
    VALUES ($1, $2, $3, $4, 'running', $5, $6, $6, $7)
    ON CONFLICT (start_key) DO NOTHING RETURNING id";
const BY_KEY: &str = "SELECT id FROM campaign WHERE start_key = $1";
const ENROL: &str =
    "INSERT INTO campaign_contact (campaign_id, contact_id, state, disposition, why)
    VALUES ($1, $2, $3, $4, $5)";
const FIND: &str = "SELECT id, name, flow, digest, status, created_at, begins_by FROM campaign
    WHERE name = $1 OR CAST(id AS TEXT) = $1 ORDER BY id DESC LIMIT 1";
const READ: &str =
    "SELECT id, name, flow, digest, status, created_at, begins_by FROM campaign WHERE id = $1";
const DUE: &str = "SELECT id FROM campaign WHERE due_at <= $1 AND status = 'running' ORDER BY id";
const DUE_AT: &str = "UPDATE campaign SET due_at = $2 WHERE id = $1";
const SET_STATUS: &str = "UPDATE campaign SET status = $2 WHERE id = $1";
const WAITING: &str = "SELECT contact_id FROM campaign_contact
    WHERE campaign_id = $1 AND state = 'waiting' AND contact_id > $2 ORDER BY contact_id LIMIT $3";
const BEGUN: &str = "UPDATE campaign_contact SET run_id = $3, state = 'begun',
        disposition = 'queued', why = '' WHERE campaign_id = $1 AND contact_id = $2";
// Nobody is unresponsive to whom nothing was ever sent.
const DISPOSE: &str = "UPDATE campaign_contact SET why = $4, state = 'over',
        disposition = CASE WHEN $3 = 'unresponsive' AND messaged_at IS NULL THEN 'excluded'
            ELSE $3 END
    WHERE campaign_id = $1 AND contact_id = $2";
const WHY: &str = "UPDATE campaign_contact SET why = $3 WHERE campaign_id = $1 AND contact_id = $2";
// Who corrects an answer after the end has not completed until that is over.
const REOPEN: &str = "UPDATE campaign_contact SET state = 'begun', why = '', completed_at = NULL,
        disposition = CASE WHEN responded_at IS NULL THEN 'contacted' ELSE 'started' END
    WHERE campaign_id = $1 AND contact_id = $2";
const WAIT_AGAIN: &str = "UPDATE campaign_contact SET state = 'waiting',
        disposition = 'registered', why = $3
    WHERE campaign_id = $1 AND contact_id = $2";
// The fact stays from the first time; the disposition is of this run.
const MESSAGED: &str = "UPDATE campaign_contact SET messaged_at = coalesce(messaged_at, $3),
        disposition = CASE WHEN disposition = 'queued' THEN 'contacted' ELSE disposition END
    WHERE campaign_id = $1 AND contact_id = $2
        AND (messaged_at IS NULL OR disposition = 'queued')";
const REACHED: &str = "UPDATE campaign_contact SET reached_at = $3
    WHERE campaign_id = $1 AND contact_id = $2 AND reached_at IS NULL";
const RESPONDED: &str = "UPDATE campaign_contact SET responded_at = coalesce(responded_at, $3),
        disposition = CASE WHEN disposition IN ('queued', 'contacted') THEN 'started'
            ELSE disposition END
    WHERE campaign_id = $1 AND contact_id = $2
        AND (responded_at IS NULL OR disposition IN ('queued', 'contacted'))";
const COMPLETED: &str = "UPDATE campaign_contact SET completed_at = $3
    WHERE campaign_id = $1 AND contact_id = $2 AND completed_at IS NULL";
const OFFER: &str = "UPDATE campaign_contact SET offered_at = $3
    WHERE campaign_id = $1 AND contact_id = $2 AND offered_at IS NULL";
const OFFERED: &str = "SELECT p.campaign_id FROM campaign_contact p
    JOIN campaign c ON c.id = p.campaign_id
    WHERE p.contact_id = $1 AND p.state = 'waiting' AND p.offered_at IS NOT NULL
        AND c.status = 'running' ORDER BY p.offered_at, p.campaign_id LIMIT 1";
const UNDONE: &str =
    "SELECT count(*) FROM campaign_contact WHERE campaign_id = $1 AND state <> 'over'";
const RUNNING_RUNS: &str = "SELECT id FROM run WHERE campaign_id = $1 AND status = 'waiting'";
const EXCLUDE_WAITING: &str = "UPDATE campaign_contact
    SET state = 'over', disposition = 'excluded', why = $2
    WHERE campaign_id = $1 AND state = 'waiting'";
const AGAIN: &str = "UPDATE campaign_contact SET state = 'waiting', disposition = 'registered',
        why = '' WHERE campaign_id = $1 AND state = 'over'
        AND disposition IN ('failed', 'unresponsive')";
const WAITING_FOR_NUMBER: &str = "UPDATE campaign SET due_at = $1
    WHERE status = 'running' AND (due_at IS NULL OR due_at > $1) AND EXISTS (SELECT 1 FROM campaign_contact w
        WHERE w.campaign_id = campaign.id AND w.state = 'waiting')";

type Row = (i64, String, String, String, String, i64, String);

impl Tx<'_> {
    /// Makes a campaign, unless the same start was given before.
    pub async fn add_campaign(
        &mut self,
        campaign: &Campaign,
        start_key: &str,
        audience: &Audience,
    ) -> Result<Begun> {
        let id: Option<i64> = sqlx::query_scalar(ADD)
            .bind(&campaign.name)
            .bind(&campaign.flow)
            .bind(&campaign.digest)
            .bind(start_key)
            .bind(serde_json::to_string(audience)?)
            .bind(ms(campaign.created_at))
            .bind(campaign.begins_by.map_or("", Mode::as_str))
            .fetch_optional(self.sql())
            .await?;
        match id {
            Some(id) => Ok(Begun::New(CampaignId(id))),
            None => {
                let id = sqlx::query_scalar(BY_KEY).bind(start_key).fetch_one(self.sql()).await?;
                Ok(Begun::Before(CampaignId(id)))
            }
        }
    }

    /// The campaign that a start with this key made.
    pub async fn campaign_by_key(&mut self, start_key: &str) -> Result<Option<CampaignId>> {
        let id: Option<i64> =
            sqlx::query_scalar(BY_KEY).bind(start_key).fetch_optional(self.sql()).await?;
        Ok(id.map(CampaignId))
    }

    /// Puts a person on a campaign's list; one who is left out has the reason.
    pub async fn enrol(
        &mut self,
        campaign: CampaignId,
        contact: ContactId,
        left_out: Option<&str>,
    ) -> Result<()> {
        let (state, disposition) = match left_out {
            Some(_) => ("over", Disposition::Excluded),
            None => ("waiting", Disposition::Registered),
        };
        sqlx::query(ENROL)
            .bind(campaign.0)
            .bind(contact.0)
            .bind(state)
            .bind(disposition.as_str())
            .bind(left_out.unwrap_or_default())
            .execute(self.sql())
            .await?;
        Ok(())
    }

    /// A campaign by its name or number; of several with one name, the newest.
    pub async fn find_campaign(&mut self, name: &str) -> Result<Option<Campaign>> {
        let row: Option<Row> = sqlx::query_as(FIND).bind(name).fetch_optional(self.sql()).await?;
        Ok(row.map(campaign))
    }

    /// A campaign by its row.
    pub async fn campaign(&mut self, id: CampaignId) -> Result<Option<Campaign>> {
        let row: Option<Row> = sqlx::query_as(READ).bind(id.0).fetch_optional(self.sql()).await?;
        Ok(row.map(campaign))
    }

    /// Running campaigns whose next batch is due.
    pub async fn due_campaigns(&mut self, now: Timestamp) -> Result<Vec<CampaignId>> {
        let ids: Vec<i64> = sqlx::query_scalar(DUE).bind(ms(now)).fetch_all(self.sql()).await?;
        Ok(ids.into_iter().map(CampaignId).collect())
    }

    /// Sets when a campaign's next batch is due; `None`: nobody waits.
    pub async fn campaign_due(&mut self, id: CampaignId, when: Option<Timestamp>) -> Result<()> {
        sqlx::query(DUE_AT).bind(id.0).bind(when.map(ms)).execute(self.sql()).await?;
        Ok(())
    }

    /// A number is free again: campaigns in which somebody waits are looked at now.
    pub async fn wake_campaigns(&mut self, now: Timestamp) -> Result<()> {
        sqlx::query(WAITING_FOR_NUMBER).bind(ms(now)).execute(self.sql()).await?;
        Ok(())
    }

    /// Changes where a campaign stands.
    pub async fn campaign_is(&mut self, id: CampaignId, status: CampaignStatus) -> Result<()> {
        sqlx::query(SET_STATUS).bind(id.0).bind(status.as_str()).execute(self.sql()).await?;
        Ok(())
    }

    /// The next people of a campaign whose turn has not come, after this one.
    pub async fn waiting_contacts(
        &mut self,
        id: CampaignId,
        after: i64,
        most: u32,
    ) -> Result<Vec<WaitingContact>> {
        let ids: Vec<i64> = sqlx::query_scalar(WAITING)
            .bind(id.0)
            .bind(after)
            .bind(i64::from(most))
            .fetch_all(self.sql())
            .await?;
        Ok(ids.into_iter().map(|id| WaitingContact { contact: ContactId(id) }).collect())
    }

    /// A person's run has begun.
    pub async fn member_begun(
        &mut self,
        (campaign, contact): (CampaignId, ContactId),
        run: RunId,
    ) -> Result<()> {
        let query = sqlx::query(BEGUN).bind(campaign.0).bind(contact.0).bind(run.0);
        query.execute(self.sql()).await?;
        Ok(())
    }

    /// A person's final disposition, and why.
    pub async fn member_over(
        &mut self,
        (campaign, contact): (CampaignId, ContactId),
        disposition: Disposition,
        why: &str,
    ) -> Result<()> {
        sqlx::query(DISPOSE)
            .bind(campaign.0)
            .bind(contact.0)
            .bind(disposition.as_str())
            .bind(why)
            .execute(self.sql())
            .await?;
        Ok(())
    }

    /// A person goes on after all: a late reply reopened their run.
    pub async fn member_again(
        &mut self,
        (campaign, contact): (CampaignId, ContactId),
    ) -> Result<()> {
        sqlx::query(REOPEN).bind(campaign.0).bind(contact.0).execute(self.sql()).await?;
        Ok(())
    }

    /// A person's turn comes again, by another of their numbers.
    pub async fn member_waits_again(
        &mut self,
        (campaign, contact): (CampaignId, ContactId),
        why: &str,
    ) -> Result<()> {
        let query = sqlx::query(WAIT_AGAIN).bind(campaign.0).bind(contact.0).bind(why);
        query.execute(self.sql()).await?;
        Ok(())
    }

    /// Why a person's run is over, where more is known than its end says.
    pub async fn member_why(
        &mut self,
        (campaign, contact): (CampaignId, ContactId),
        why: &str,
    ) -> Result<()> {
        let query = sqlx::query(WHY).bind(campaign.0).bind(contact.0).bind(why);
        query.execute(self.sql()).await?;
        Ok(())
    }

    /// A person is told that this campaign waits for them; `false` where they were told before.
    pub async fn offer(
        &mut self,
        (campaign, contact): (CampaignId, ContactId),
        now: Timestamp,
    ) -> Result<bool> {
        let query = sqlx::query(OFFER).bind(campaign.0).bind(contact.0).bind(ms(now));
        Ok(query.execute(self.sql()).await?.rows_affected() > 0)
    }

    /// The campaign that waits for a person who was told so; of several, the one told of first.
    pub async fn offered(&mut self, contact: ContactId) -> Result<Option<CampaignId>> {
        let id: Option<i64> =
            sqlx::query_scalar(OFFERED).bind(contact.0).fetch_optional(self.sql()).await?;
        Ok(id.map(CampaignId))
    }

    /// Keeps a fact, and moves the disposition on with it. Only the first time counts.
    pub async fn keep_fact(
        &mut self,
        (campaign, contact): (CampaignId, ContactId),
        fact: Fact,
        now: Timestamp,
    ) -> Result<()> {
        let sql = match fact {
            Fact::Messaged => MESSAGED,
            Fact::Reached => REACHED,
            Fact::Responded => RESPONDED,
            Fact::Completed => COMPLETED,
        };
        let query = sqlx::query(sql).bind(campaign.0).bind(contact.0).bind(ms(now));
        query.execute(self.sql()).await?;
        Ok(())
    }

    /// Whether everybody of a campaign has a final disposition.
    pub async fn campaign_is_done(&mut self, id: CampaignId) -> Result<bool> {
        let left: i64 = sqlx::query_scalar(UNDONE).bind(id.0).fetch_one(self.sql()).await?;
        Ok(left == 0)
    }

    /// The runs of a campaign that wait for somebody.
    pub async fn waiting_runs_of(&mut self, id: CampaignId) -> Result<Vec<RunId>> {
        let ids: Vec<i64> =
            sqlx::query_scalar(RUNNING_RUNS).bind(id.0).fetch_all(self.sql()).await?;
        Ok(ids.into_iter().map(RunId).collect())
    }

    /// Leaves out everybody whose turn has not come.
    pub async fn leave_out_waiting(&mut self, id: CampaignId, why: &str) -> Result<()> {
        sqlx::query(EXCLUDE_WAITING).bind(id.0).bind(why).execute(self.sql()).await?;
        Ok(())
    }

    /// Puts those who failed or never answered back on the list; how many they are.
    pub async fn try_again(&mut self, id: CampaignId) -> Result<u64> {
        let done = sqlx::query(AGAIN).bind(id.0).execute(self.sql()).await?;
        Ok(done.rows_affected())
    }
}

fn campaign((id, name, flow, digest, status, created_at, by): Row) -> Campaign {
    Campaign {
        id: CampaignId(id),
        name,
        flow,
        digest,
        status: CampaignStatus::from_word(&status).unwrap_or(CampaignStatus::Paused),
        created_at: super::at(created_at),
        begins_by: Mode::from_word(&by),
    }
}
