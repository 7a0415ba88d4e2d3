//! What a person and the office have said to each other: what a reply is judged by.

use super::{Tx, at, ms};
use crate::model::{ChannelId, ContactId, MessageId, RunId};
use anyhow::Result;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A message that came in.
#[derive(Clone, Debug, PartialEq)]
pub struct NewReply<'a> {
    /// Who wrote: E.164, or a sender's name or short code as written.
    pub number: &'a str,
    /// The person, where known.
    pub contact: Option<ContactId>,
    /// The channel it came by.
    pub channel: ChannelId,
    /// The run that waited when it came, and its turn.
    pub run: Option<(RunId, u32)>,
    /// The question it is taken to answer.
    pub question: Option<&'a str>,
    /// The text.
    pub text: &'a str,
    /// When the service centre took it, by the network's clock.
    pub said_at: Timestamp,
}

/// A copy of a question that has wholly left, or may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedCopy {
    /// The question.
    pub question: String,
    /// When its last segment was given to a modem.
    pub left_at: Timestamp,
    /// When the phone took it, by the network's clock; `None` where no report said so.
    pub on_phone_at: Option<Timestamp>,
}

/// A reply that was taken to answer a question of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardReply {
    /// Its message.
    pub message: MessageId,
    /// The question.
    pub question: String,
    /// The text; `None` where nobody knows it any more.
    pub text: Option<String>,
    /// When it came to us.
    pub came_at: Timestamp,
    /// When the service centre took it, by the network's clock.
    pub said_at: Timestamp,
}

/// All questions of a run that left, and all replies to them, each in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversation {
    /// What was asked, each copy by itself.
    pub asked: Vec<AskedCopy>,
    /// What was heard.
    pub heard: Vec<HeardReply>,
}

/// What a number said before, beside a new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidBefore {
    /// How often this very text, in the time asked for.
    pub this_text: u32,
    /// The newest text's message.
    pub last_message: MessageId,
    /// The newest text, as far as it was kept.
    pub last_text: String,
    /// When that was said, by the network's clock.
    pub last_said_at: Timestamp,
}

const RECEIVE: &str = "INSERT INTO message (direction, number, contact_id, channel_id, run_id,
        turn, question, body, status, said_at, created_at)
    VALUES ('in', $1, $2, $3, $4, $5, $6, $7, 'received', $8, $9) RETURNING id";
const ANSWERS_NOTHING: &str = "UPDATE message SET question = $2 WHERE id = $1";
const BEFORE: &str = "SELECT (SELECT count(*) FROM message s WHERE s.number = $1
            AND s.direction = 'in' AND s.body = $2 AND s.created_at > $3), id, body,
        coalesce(said_at, created_at)
    FROM message WHERE number = $1 AND direction = 'in' ORDER BY id DESC LIMIT 1";
const UNASKED: &str = "SELECT count(*) FROM message
    WHERE number = $1 AND direction = 'out' AND run_id IS NULL AND created_at > $2";
const LAST_QUESTION: &str = "SELECT question FROM message
    WHERE run_id = $1 AND direction = 'out' AND question IS NOT NULL ORDER BY id DESC LIMIT 1";
// What was asked, a row for each attempt of each segment; then what was heard.
const CONVERSATION: &str = "SELECT 1, m.id, m.question, '', s.position, a.began_at, a.on_phone_at
    FROM message m JOIN segment s ON s.message_id = m.id
    LEFT JOIN attempt a ON a.segment_id = s.id AND coalesce(a.outcome, '') <> 'not_sent'
    WHERE m.run_id = $1 AND m.direction = 'out' AND m.question IS NOT NULL
    UNION ALL SELECT 2, id, question, body, 0, created_at, coalesce(said_at, created_at)
    FROM message WHERE run_id = $1 AND direction = 'in' AND question IS NOT NULL
    ORDER BY 1, 2, 5, 6";

type Row = (i64, i64, String, String, i64, Option<i64>, Option<i64>);
type AskedRow = (i64, String, i64, Option<i64>, Option<i64>);

impl Tx<'_> {
    /// Keeps a message that came in.
    pub async fn receive_message(
        &mut self,
        new: &NewReply<'_>,
        now: Timestamp,
    ) -> Result<MessageId> {
        let id: i64 = sqlx::query_scalar(RECEIVE)
            .bind(new.number)
            .bind(new.contact.map(|id| id.0))
            .bind(new.channel.0)
            .bind(new.run.map(|(id, _)| id.0))
            .bind(new.run.map(|(_, turn)| i64::from(turn)))
            .bind(new.question)
            .bind(new.text)
            .bind(ms(new.said_at))
            .bind(ms(now))
            .fetch_one(self.sql())
            .await?;
        Ok(MessageId(id))
    }

    /// A message was not the answer that it was taken for; the question it may be said to.
    pub async fn reply_was_to(&mut self, id: MessageId, question: &str) -> Result<()> {
        sqlx::query(ANSWERS_NOTHING).bind(id.0).bind(question).execute(self.sql()).await?;
        Ok(())
    }

    /// What this number said before; texts like this one are counted from `since`.
    pub async fn said_before(
        &mut self,
        number: &str,
        text: &str,
        since: Timestamp,
    ) -> Result<Option<SaidBefore>> {
        let row: Option<(i64, i64, String, i64)> = sqlx::query_as(BEFORE)
            .bind(number)
            .bind(text)
            .bind(ms(since))
            .fetch_optional(self.sql())
            .await?;
        let Some((count, last, last_text, said_at)) = row else { return Ok(None) };
        let this_text = count.try_into()?;
        let last_message = MessageId(last);
        Ok(Some(SaidBefore { this_text, last_message, last_text, last_said_at: at(said_at) }))
    }

    /// Everything that a run has asked and heard.
    pub async fn conversation(&mut self, run: RunId) -> Result<Conversation> {
        let rows: Vec<Row> = sqlx::query_as(CONVERSATION).bind(run.0).fetch_all(self.sql()).await?;
        let (asked, heard): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.0 == 1);
        let reply = |(_, id, question, text, _, came_at, said_at): Row| HeardReply {
            message: MessageId(id),
            question,
            text: Some(text),
            came_at: at(came_at.unwrap_or_default()),
            said_at: at(said_at.unwrap_or_default()),
        };
        let asked =
            asked.into_iter().map(|(_, id, question, _, position, began_at, on_phone_at)| {
                (id, question, position, began_at, on_phone_at)
            });
        Ok(Conversation { asked: copies(asked), heard: heard.into_iter().map(reply).collect() })
    }

    /// How many texts outside of any run were made for a number since then.
    pub async fn unasked_texts(&mut self, number: &str, since: Timestamp) -> Result<i64> {
        let query = sqlx::query_scalar(UNASKED).bind(number).bind(ms(since));
        Ok(query.fetch_one(self.sql()).await?)
    }

    /// The question that a run asked last.
    pub async fn last_question(&mut self, run: RunId) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(LAST_QUESTION).bind(run.0).fetch_optional(self.sql()).await?)
    }
}

/// A message was copied as often as the segment of it that left least often; the nth copy is
/// made of the nth attempt of each segment.
fn copies(rows: impl Iterator<Item = AskedRow>) -> Vec<AskedCopy> {
    type Attempt = (i64, Option<i64>);
    let mut messages: BTreeMap<i64, (String, BTreeMap<i64, Vec<Attempt>>)> = BTreeMap::new();
    for (message, question, position, began_at, on_phone_at) in rows {
        let (_, segments) = messages.entry(message).or_insert((question, BTreeMap::new()));
        let attempts = segments.entry(position).or_default();
        attempts.extend(began_at.map(|began_at| (began_at, on_phone_at)));
    }
    let mut copies = Vec::new();
    for (question, segments) in messages.into_values() {
        let fewest = segments.values().map(Vec::len).min().unwrap_or(0);
        for nth in 0..fewest {
            let parts = || segments.values().map(|attempts| attempts[nth]);
            let left_at = parts().map(|(began_at, _)| began_at).max().map(at).unwrap_or_default();
            let on_phone: Option<Vec<i64>> = parts().map(|(_, on_phone)| on_phone).collect();
            let on_phone_at = on_phone.and_then(|times| times.into_iter().max()).map(at);
            copies.push(AskedCopy { question: question.clone(), left_at, on_phone_at });
        }
    }
    copies
}
