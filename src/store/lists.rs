//! Lists for people: messages, the inbox, contacts, channels.

use super::Reader;
use anyhow::Result;
use serde::Serialize;

/// Which messages are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// To or from this number.
    pub number: Option<String>,
    /// With this status.
    pub status: Option<String>,
    /// `in` or `out`.
    pub direction: Option<String>,
    /// At most so many, the newest first.
    pub limit: u32,
}

/// A message in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MessageLine {
    /// The row.
    pub id: i64,
    /// `in` or `out`.
    pub direction: String,
    /// The other side's number.
    pub number: String,
    /// The text.
    pub text: String,
    /// Its status.
    pub status: String,
    /// How often it was sent again after being uncertain.
    pub repeats: i64,
    /// The channel it came or left by, or must leave by.
    pub channel: Option<String>,
    /// The last trouble, in plain words.
    pub why: String,
    /// When it was made, in UTC.
    pub created_at: String,
}

/// A message that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InboxLine {
    /// Its number in the list.
    pub id: i64,
    /// When it came, in UTC.
    pub at: String,
    /// Who wrote.
    pub number: String,
    /// The person's name, where known.
    pub contact: Option<String>,
    /// The text.
    pub text: String,
    /// Why it needs a person.
    pub why: String,
    /// Who takes care of it.
    pub assigned_to: Option<String>,
}

/// A contact in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContactLine {
    /// The row.
    pub id: i64,
    /// The full name.
    pub name: String,
    /// The best number.
    pub number: String,
    /// The language.
    pub language: Option<String>,
    /// Whether the number said STOP.
    pub stopped: bool,
    /// Whether another contact has the same number.
    pub shared: bool,
}

/// A channel in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChannelLine {
    /// Its name.
    pub name: String,
    /// absent, ready, lost, attention.
    pub state: String,
    /// Plain words.
    pub why: String,
    /// The modem.
    pub imei: Option<String>,
    /// The SIM.
    pub iccid: Option<String>,
    /// The signal, in dBm.
    pub signal: Option<i64>,
}

/// One person's answers, for export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRow {
    /// The run.
    pub run: i64,
    /// The person's name.
    pub name: String,
    /// The number.
    pub number: String,
    /// The flow.
    pub flow: String,
    /// Where the run stands.
    pub status: String,
    /// When it began, in UTC.
    pub started_at: String,
    /// The question; empty where nothing was answered.
    pub question: String,
    /// The stored value.
    pub value: String,
    /// What the person sent.
    pub heard: String,
    /// How it was read.
    pub how: String,
}

const MESSAGES: &str = "SELECT id, direction, number, body, status, repeats, why, created_at,
        (SELECT c.name FROM channel c WHERE c.id = message.channel_id)
    FROM message WHERE ($1 = '' OR number = $1) AND ($2 = '' OR status = $2)
        AND ($3 = '' OR direction = $3) ORDER BY id DESC LIMIT $4";
const INBOX: &str = "SELECT i.id, i.created_at, m.number, c.name, m.body, i.why, i.assigned_to
    FROM inbox i JOIN message m ON m.id = i.message_id LEFT JOIN contact c ON c.id = m.contact_id
    WHERE i.state = 'open' ORDER BY i.id";
const CONTACTS: &str = "SELECT c.id, c.name, coalesce(n.number, ''), c.language,
        EXISTS (SELECT 1 FROM opt_out o WHERE o.number = n.number),
        EXISTS (SELECT 1 FROM contact_number s WHERE s.number = n.number AND s.contact_id <> c.id)
    FROM contact c LEFT JOIN contact_number n ON n.contact_id = c.id AND n.position = 0
    WHERE ($1 = '' OR lower(c.name) LIKE $1 OR n.number LIKE $1)
      AND ($2 = '' OR EXISTS (SELECT 1 FROM contact_group g
            WHERE g.contact_id = c.id AND g.name = $2))
    ORDER BY c.id LIMIT $3";
const CHANNELS: &str =
    "SELECT name, state, state_why, imei, iccid, signal FROM channel ORDER BY id";
const ANSWERS: &str = "SELECT r.id, coalesce(c.name, ''), r.number, r.flow, r.status, r.started_at,
        coalesce(a.question, ''), coalesce(a.value, ''), coalesce(a.heard, ''), coalesce(a.how, '')
    FROM run r LEFT JOIN contact c ON c.id = r.contact_id
    JOIN flow_version v ON v.digest = r.digest
    LEFT JOIN answer a ON a.run_id = r.id AND v.anonymous = 0
        AND a.id = (SELECT max(n.id) FROM answer n
            WHERE n.run_id = r.id AND n.question = a.question)
    WHERE ($1 = 0 OR r.campaign_id = $1) ORDER BY r.id, a.id";

impl Reader {
    /// Messages, the newest first.
    pub async fn messages(&self, filter: &MessageFilter) -> Result<Vec<MessageLine>> {
        type Row = (i64, String, String, String, String, i64, String, i64, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(MESSAGES)
            .bind(filter.number.as_deref().unwrap_or_default())
            .bind(filter.status.as_deref().unwrap_or_default())
            .bind(filter.direction.as_deref().unwrap_or_default())
            .bind(i64::from(filter.limit))
            .fetch_all(self.sql())
            .await?;
        let line = |row: Row| {
            let (id, direction, number, text, status, repeats, why, made, channel) = row;
            MessageLine {
                id,
                direction,
                number,
                text,
                status,
                repeats,
                channel,
                why,
                created_at: super::at(made).to_string(),
            }
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// What waits for a person, the oldest first.
    pub async fn inbox(&self) -> Result<Vec<InboxLine>> {
        type Row = (i64, i64, String, Option<String>, String, String, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(INBOX).fetch_all(self.sql()).await?;
        let line = |(id, at, number, contact, text, why, assigned_to): Row| InboxLine {
            id,
            at: super::at(at).to_string(),
            number,
            contact,
            text,
            why,
            assigned_to,
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// Contacts whose name or number has this in it, in this group; empty texts take everybody.
    pub async fn contacts(
        &self,
        search: &str,
        group: &str,
        limit: u32,
    ) -> Result<Vec<ContactLine>> {
        let like =
            if search.is_empty() { String::new() } else { format!("%{}%", search.to_lowercase()) };
        type Row = (i64, String, String, Option<String>, bool, bool);
        let rows: Vec<Row> = sqlx::query_as(CONTACTS)
            .bind(like)
            .bind(group)
            .bind(i64::from(limit))
            .fetch_all(self.sql())
            .await?;
        let line = |(id, name, number, language, stopped, shared): Row| ContactLine {
            id,
            name,
            number,
            language,
            stopped,
            shared,
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// The channels.
    pub async fn channels(&self) -> Result<Vec<ChannelLine>> {
        type Row = (String, String, String, Option<String>, Option<String>, Option<i64>);
        let rows: Vec<Row> = sqlx::query_as(CHANNELS).fetch_all(self.sql()).await?;
        let line = |(name, state, why, imei, iccid, signal): Row| ChannelLine {
            name,
            state,
            why,
            imei,
            iccid,
            signal,
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// The newest answer to each question of each run; of all campaigns where none is named.
    pub async fn answers(&self, campaign: Option<i64>) -> Result<Vec<AnswerRow>> {
        type Row = (i64, String, String, String, String, i64, String, String, String, String);
        let rows: Vec<Row> =
            sqlx::query_as(ANSWERS).bind(campaign.unwrap_or(0)).fetch_all(self.sql()).await?;
        let read =
            |(run, name, number, flow, status, started, question, value, heard, how): Row| {
                AnswerRow {
                    run,
                    name,
                    number,
                    flow,
                    status,
                    started_at: super::at(started).to_string(),
                    question,
                    value,
                    heard,
                    how,
                }
            };
        Ok(rows.into_iter().map(read).collect())
    }
}
