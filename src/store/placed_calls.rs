//! Calls that the office makes: wanted, made, over.

use super::{Reader, Tx, at, ms};
use crate::model::{CallId, ChannelId, RunId};
use anyhow::Result;
use jiff::Timestamp;
use serde::Serialize;

/// A call that is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewCall<'a> {
    /// The run that it is to go on with.
    pub run: RunId,
    /// The number.
    pub number: &'a str,
    /// When it is to be made.
    pub due_at: Timestamp,
    /// Why, in words.
    pub why: &'a str,
    /// How many before it were in vain, in a row.
    pub in_vain: u32,
    /// Who wants it.
    pub wanted_by: WantedBy,
}

/// Who wants a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedBy {
    /// The office.
    Office,
    /// The person, who rang: they are awake.
    Person,
}

/// A call that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueCall {
    /// The row.
    pub id: CallId,
    /// The run that it is to go on with.
    pub run: RunId,
    /// The number.
    pub number: String,
    /// How many before it were in vain, in a row.
    pub in_vain: u32,
    /// The channel that its run talks through.
    pub channel: Option<ChannelId>,
}

/// Where a call that was made stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallState {
    /// It rings there.
    Ringing,
    /// Both sides talk.
    Talking,
}

/// How often a run's person was called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallsSoFar {
    /// In this run.
    pub of_run: i64,
    /// At this number, in any run, since the given time.
    pub of_number: i64,
}

/// A call in a list for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallLine {
    /// The row.
    pub id: i64,
    /// Who is called.
    pub number: String,
    /// The contact's name.
    pub name: String,
    /// The flow's id.
    pub flow: String,
    /// The channel's name, once one was chosen.
    pub channel: String,
    /// `wanted`, `dialling`, `ringing`, `talking`, `over`.
    pub state: String,
    /// When it is to be made, or was, in UTC.
    pub at: String,
    /// How long both sides talked, in seconds; `None`: they did not.
    pub talked_seconds: Option<i64>,
    /// Why it is made, in words.
    pub why: String,
    /// How it ended, in words.
    pub how: String,
}

const WANT: &str =
    "INSERT INTO placed_call (run_id, number, why, asked_for, in_vain, state, due_at)
    VALUES ($1, $2, $3, $4, $5, 'wanted', $6)
    ON CONFLICT (run_id) WHERE state = 'wanted' DO NOTHING";
const HASTEN: &str = "UPDATE placed_call SET due_at = $2, why = $3, asked_for = 1
    WHERE run_id = $1 AND state = 'wanted'";
const NOT_WANTED: &str = "UPDATE placed_call SET state = 'over', how = $2, ended_at = $3
    WHERE run_id = $1 AND state = 'wanted'";
const PUT_OFF: &str = "UPDATE placed_call SET due_at = $2 WHERE id = $1 AND state = 'wanted'";
// A number that is in a call waits until that is over.
const NEXT: &str = "SELECT c.id, c.run_id, c.number, c.in_vain, r.channel_id FROM placed_call c
    JOIN run r ON r.id = c.run_id
    WHERE c.state = 'wanted' AND c.due_at <= $1 AND c.asked_for >= $2
        AND NOT EXISTS (SELECT 1 FROM placed_call l WHERE l.number = c.number
            AND l.state IN ('dialling', 'ringing', 'talking'))
    ORDER BY c.asked_for DESC, c.due_at, c.id LIMIT 1";
const DUE_AT: &str = "SELECT min(c.due_at) FROM placed_call c
    WHERE c.state = 'wanted' AND c.asked_for >= $1
        AND NOT EXISTS (SELECT 1 FROM placed_call l WHERE l.number = c.number
            AND l.state IN ('dialling', 'ringing', 'talking'))";
const DIALLED: &str = "UPDATE placed_call SET state = 'dialling', channel_id = $2, dialled_at = $3
    WHERE id = $1";
const RINGS_THERE: &str = "UPDATE placed_call SET state = 'ringing' WHERE id = $1";
const ANSWERED: &str = "UPDATE placed_call SET state = 'talking', answered_at = $2 WHERE id = $1";
const HEARD: &str = "UPDATE placed_call SET heard = heard + 1 WHERE id = $1";
const OVER: &str = "UPDATE placed_call SET state = 'over', how = $2, ended_at = $3 WHERE id = $1";
const LIVE: &str = "SELECT id, run_id, number, in_vain, channel_id FROM placed_call
    WHERE state IN ('dialling', 'ringing', 'talking') ORDER BY id";
const SO_FAR: &str = "SELECT
    (SELECT count(*) FROM placed_call WHERE run_id = $1 AND dialled_at IS NOT NULL),
    (SELECT count(*) FROM placed_call WHERE number = $2 AND dialled_at > $3)";
const LIST: &str = "SELECT c.id, c.number, coalesce(p.name, ''), r.flow, coalesce(h.name, ''),
        c.state, coalesce(c.dialled_at, c.due_at), (c.ended_at - c.answered_at) / 1000, c.why, c.how
    FROM placed_call c JOIN run r ON r.id = c.run_id
    LEFT JOIN contact p ON p.id = r.contact_id LEFT JOIN channel h ON h.id = c.channel_id
    WHERE ($1 = '' OR c.number = $1) AND ($2 = '' OR c.state = $2)
    ORDER BY c.id DESC LIMIT $3";

type DueRow = (i64, i64, String, i64, Option<i64>);

impl Tx<'_> {
    /// A call is to be made, unless its run waits for one already.
    pub async fn want_call(&mut self, new: &NewCall<'_>) -> Result<()> {
        sqlx::query(WANT)
            .bind(new.run.0)
            .bind(new.number)
            .bind(new.why)
            .bind(i64::from(new.wanted_by == WantedBy::Person))
            .bind(i64::from(new.in_vain))
            .bind(ms(new.due_at))
            .execute(self.sql())
            .await?;
        Ok(())
    }

    /// The person rang: the call that their run waits for is made then.
    pub async fn hasten_call(&mut self, run: RunId, due_at: Timestamp, why: &str) -> Result<()> {
        let query = sqlx::query(HASTEN).bind(run.0).bind(ms(due_at)).bind(why);
        query.execute(self.sql()).await?;
        Ok(())
    }

    /// A run needs no call any more, and why.
    pub async fn no_call_for(&mut self, run: RunId, why: &str, now: Timestamp) -> Result<()> {
        sqlx::query(NOT_WANTED).bind(run.0).bind(why).bind(ms(now)).execute(self.sql()).await?;
        Ok(())
    }

    /// A call that is due is made later.
    pub async fn put_off_call(&mut self, call: CallId, until: Timestamp) -> Result<()> {
        sqlx::query(PUT_OFF).bind(call.0).bind(ms(until)).execute(self.sql()).await?;
        Ok(())
    }

    /// The call that is made next; of those alone that this side wants, or somebody awake.
    pub async fn next_call(
        &mut self,
        wanted_by: WantedBy,
        now: Timestamp,
    ) -> Result<Option<DueCall>> {
        let query = sqlx::query_as(NEXT).bind(ms(now)).bind(least(wanted_by));
        let row: Option<DueRow> = query.fetch_optional(self.sql()).await?;
        Ok(row.map(due))
    }

    /// When the next call is due that can be made.
    pub async fn next_call_at(&mut self, wanted_by: WantedBy) -> Result<Option<Timestamp>> {
        let query = sqlx::query_scalar(DUE_AT).bind(least(wanted_by));
        let due: Option<i64> = query.fetch_one(self.sql()).await?;
        Ok(due.map(at))
    }

    /// A modem is told to dial.
    pub async fn call_dialled(
        &mut self,
        call: CallId,
        channel: ChannelId,
        now: Timestamp,
    ) -> Result<()> {
        let query = sqlx::query(DIALLED).bind(call.0).bind(channel.0).bind(ms(now));
        query.execute(self.sql()).await?;
        Ok(())
    }

    /// A call goes on.
    pub async fn call_is(&mut self, call: CallId, state: CallState, now: Timestamp) -> Result<()> {
        let query = match state {
            CallState::Ringing => sqlx::query(RINGS_THERE).bind(call.0),
            CallState::Talking => sqlx::query(ANSWERED).bind(call.0).bind(ms(now)),
        };
        query.execute(self.sql()).await?;
        Ok(())
    }

    /// Somebody pressed a key or spoke.
    pub async fn call_heard(&mut self, call: CallId) -> Result<()> {
        sqlx::query(HEARD).bind(call.0).execute(self.sql()).await?;
        Ok(())
    }

    /// A call is over, and how it ended.
    pub async fn placed_call_over(
        &mut self,
        call: CallId,
        how: &str,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(OVER).bind(call.0).bind(how).bind(ms(now)).execute(self.sql()).await?;
        Ok(())
    }

    /// Calls whose end nobody wrote down.
    pub async fn live_calls(&mut self) -> Result<Vec<DueCall>> {
        let rows: Vec<DueRow> = sqlx::query_as(LIVE).fetch_all(self.sql()).await?;
        Ok(rows.into_iter().map(due).collect())
    }

    /// How often a person was called so far.
    pub async fn calls_so_far(
        &mut self,
        run: RunId,
        number: &str,
        since: Timestamp,
    ) -> Result<CallsSoFar> {
        let query = sqlx::query_as(SO_FAR).bind(run.0).bind(number).bind(ms(since));
        let (of_run, of_number) = query.fetch_one(self.sql()).await?;
        Ok(CallsSoFar { of_run, of_number })
    }
}

impl Reader {
    /// The newest calls of the office, the last one first; of one number or in one state alone
    /// where these are not empty.
    pub async fn placed_calls(
        &self,
        (number, state): (&str, &str),
        most: u32,
    ) -> Result<Vec<CallLine>> {
        type Row = (i64, String, String, String, String, String, i64, Option<i64>, String, String);
        let query = sqlx::query_as(LIST).bind(number).bind(state).bind(i64::from(most));
        let rows: Vec<Row> = query.fetch_all(&self.pool).await?;
        let line =
            |(id, number, name, flow, channel, state, time, talked_seconds, why, how)| CallLine {
                id,
                number,
                name,
                flow,
                channel,
                state,
                at: at(time).to_string(),
                talked_seconds,
                why,
                how,
            };
        Ok(rows.into_iter().map(line).collect())
    }
}

fn least(wanted_by: WantedBy) -> i64 {
    i64::from(wanted_by == WantedBy::Person)
}

fn due((id, run, number, in_vain, channel): DueRow) -> DueCall {
    DueCall {
        id: CallId(id),
        run: RunId(run),
        number,
        in_vain: u32::try_from(in_vain).unwrap_or(u32::MAX),
        channel: channel.map(ChannelId),
    }
}
