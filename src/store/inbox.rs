//! What waits for a person in the office.

use super::{Tx, ms};
use crate::model::{ChannelId, ContactId, InboxId, MessageId};
use anyhow::Result;
use jiff::Timestamp;

/// A message in the inbox, with what is needed to answer it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxRow {
    /// The row.
    pub id: InboxId,
    /// The message.
    pub message: MessageId,
    /// Who wrote.
    pub number: String,
    /// The person, where known.
    pub contact: Option<ContactId>,
    /// The channel they wrote to.
    pub channel: Option<ChannelId>,
}

const ADD: &str =
    "INSERT INTO inbox (message_id, why, state, created_at) VALUES ($1, $2, 'open', $3)";
const READ: &str = "SELECT i.id, i.message_id, m.number, m.contact_id, m.channel_id
    FROM inbox i JOIN message m ON m.id = i.message_id WHERE i.id = $1";
const ASSIGN: &str = "UPDATE inbox SET assigned_to = $2 WHERE id = $1";
const DONE: &str = "UPDATE inbox SET state = 'done', done_at = $2 WHERE id = $1";

impl Tx<'_> {
    /// Lays a message before a person in the office, and says why.
    pub async fn lay_before_office(
        &mut self,
        message: MessageId,
        why: &str,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(ADD).bind(message.0).bind(why).bind(ms(now)).execute(self.sql()).await?;
        Ok(())
    }

    /// A message of the inbox.
    pub async fn inbox(&mut self, id: InboxId) -> Result<Option<InboxRow>> {
        type Row = (i64, i64, String, Option<i64>, Option<i64>);
        let row: Option<Row> = sqlx::query_as(READ).bind(id.0).fetch_optional(self.sql()).await?;
        Ok(row.map(|(id, message, number, contact, channel)| InboxRow {
            id: InboxId(id),
            message: MessageId(message),
            number,
            contact: contact.map(ContactId),
            channel: channel.map(ChannelId),
        }))
    }

    /// Somebody takes care of it.
    pub async fn assign_inbox(&mut self, id: InboxId, to: &str) -> Result<()> {
        sqlx::query(ASSIGN).bind(id.0).bind(to).execute(self.sql()).await?;
        Ok(())
    }

    /// It is done.
    pub async fn inbox_done(&mut self, id: InboxId, now: Timestamp) -> Result<()> {
        sqlx::query(DONE).bind(id.0).bind(ms(now)).execute(self.sql()).await?;
        Ok(())
    }
}
