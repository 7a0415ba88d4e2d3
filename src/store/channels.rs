//! Channels: remembered by name, with the modem and SIM last seen on each.

use super::{Tx, ms};
use crate::model::ChannelId;
use anyhow::Result;
use jiff::Timestamp;

/// A channel's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRow {
    /// The row.
    pub id: ChannelId,
    /// The name in the settings.
    pub name: String,
    /// The modem last seen on it.
    pub imei: Option<String>,
    /// The SIM last seen on it.
    pub iccid: Option<String>,
}

const REMEMBER: &str = "INSERT INTO channel (name, number, operator) VALUES ($1, $2, $3)
    ON CONFLICT (name) DO UPDATE SET number = coalesce(excluded.number, channel.number),
        operator = coalesce(excluded.operator, channel.operator)
    RETURNING id, imei, iccid";
const SEEN: &str = "UPDATE channel SET imei = $2, iccid = coalesce($3, iccid) WHERE id = $1";
const STATE: &str = "UPDATE channel SET state = $2, state_why = $3, state_at = $4 WHERE id = $1";
const FORGET_SIM: &str = "UPDATE channel SET iccid = NULL WHERE id = $1";
const SIGNAL: &str = "UPDATE channel SET signal = $2 WHERE id = $1";

impl Tx<'_> {
    /// The row of a configured channel, made if it is new.
    pub async fn remember_channel(
        &mut self,
        name: &str,
        number: Option<&str>,
        operator: Option<&str>,
    ) -> Result<ChannelRow> {
        let (id, imei, iccid) = sqlx::query_as(REMEMBER)
            .bind(name)
            .bind(number)
            .bind(operator)
            .fetch_one(self.sql())
            .await?;
        Ok(ChannelRow { id: ChannelId(id), name: name.to_owned(), imei, iccid })
    }

    /// Keeps which modem and SIM carry a channel.
    pub async fn channel_seen(
        &mut self,
        channel: ChannelId,
        imei: &str,
        iccid: Option<&str>,
    ) -> Result<()> {
        sqlx::query(SEEN).bind(channel.0).bind(imei).bind(iccid).execute(self.sql()).await?;
        Ok(())
    }

    /// Whichever SIM is found next is the channel's.
    pub async fn forget_sim(&mut self, channel: ChannelId) -> Result<()> {
        sqlx::query(FORGET_SIM).bind(channel.0).execute(self.sql()).await?;
        Ok(())
    }

    /// Keeps how a channel is: a word for programs, and plain words for people.
    pub async fn channel_state(
        &mut self,
        channel: ChannelId,
        state: &str,
        why: &str,
        now: Timestamp,
    ) -> Result<()> {
        let query = sqlx::query(STATE).bind(channel.0).bind(state).bind(why).bind(ms(now));
        query.execute(self.sql()).await?;
        Ok(())
    }

    /// Keeps how well a channel hears the network, in dBm.
    pub async fn channel_signal(&mut self, channel: ChannelId, dbm: i64) -> Result<()> {
        sqlx::query(SIGNAL).bind(channel.0).bind(dbm).execute(self.sql()).await?;
        Ok(())
    }
}
