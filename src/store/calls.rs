//! Calls that came: written down while they ring, closed when they end.

use super::{Tx, ms};
use crate::model::ChannelId;
use anyhow::Result;
use jiff::Timestamp;

/// A call that came and has not ended, as far as the store knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCall {
    /// The row.
    pub id: i64,
    /// The channel it came by.
    pub channel: ChannelId,
    /// Who rang, where it was told.
    pub number: Option<String>,
    /// When it first rang.
    pub rang_at: Timestamp,
}

const RINGS: &str =
    "INSERT INTO call (channel_id, number, rang_at) VALUES ($1, $2, $3) RETURNING id";
const NUMBER: &str = "UPDATE call SET number = $2 WHERE id = $1 AND number IS NULL";
const OVER: &str = "UPDATE call SET ended_at = $2, how = $3, followed = $4, was_heeded = $5
    WHERE id = $1";
const OPEN: &str = "SELECT id, channel_id, number, rang_at FROM call WHERE ended_at IS NULL
    ORDER BY id";
const HEEDED: &str = "SELECT COUNT(*), COALESCE(MAX(rang_at), 0) FROM call
    WHERE number = $1 AND was_heeded = 1 AND rang_at > $2";

impl Tx<'_> {
    /// Somebody rings; the call's row.
    pub async fn call_rings(
        &mut self,
        channel: ChannelId,
        number: Option<&str>,
        now: Timestamp,
    ) -> Result<i64> {
        let row = sqlx::query_scalar(RINGS).bind(channel.0).bind(number).bind(ms(now));
        Ok(row.fetch_one(self.sql()).await?)
    }

    /// The caller's number is told later than the ring.
    pub async fn call_is_from(&mut self, call: i64, number: &str) -> Result<()> {
        sqlx::query(NUMBER).bind(call).bind(number).execute(self.sql()).await?;
        Ok(())
    }

    /// A call is over: how, and what followed; `heeded`: something was sent because of it.
    pub async fn call_over(
        &mut self,
        call: i64,
        (how, followed, heeded): (&str, &str, bool),
        now: Timestamp,
    ) -> Result<()> {
        let query = sqlx::query(OVER).bind(call).bind(ms(now)).bind(how).bind(followed);
        query.bind(i64::from(heeded)).execute(self.sql()).await?;
        Ok(())
    }

    /// Calls whose end nobody wrote down, the oldest first.
    pub async fn open_calls(&mut self) -> Result<Vec<OpenCall>> {
        let rows: Vec<(i64, i64, Option<String>, i64)> =
            sqlx::query_as(OPEN).fetch_all(self.sql()).await?;
        let call = |(id, channel, number, rang_at)| OpenCall {
            id,
            channel: ChannelId(channel),
            number,
            rang_at: super::at(rang_at),
        };
        Ok(rows.into_iter().map(call).collect())
    }

    /// How many calls of a number were heeded since then, and when the last of them rang.
    pub async fn heeded_calls(
        &mut self,
        number: &str,
        since: Timestamp,
    ) -> Result<(i64, Timestamp)> {
        let query = sqlx::query_as(HEEDED).bind(number).bind(ms(since));
        let (count, last): (i64, i64) = query.fetch_one(self.sql()).await?;
        Ok((count, super::at(last)))
    }
}
