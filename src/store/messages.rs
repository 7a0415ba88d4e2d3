//! Messages and their segments: the queue, and the life of what leaves.

use super::{Tx, ms};
use crate::model::{
    CampaignId, ChannelId, ContactId, MessageId, MessageStatus, Priority, Repeat, RunId, SegmentId,
};
use anyhow::Result;
use jiff::Timestamp;

/// A message that is to go out.
#[derive(Clone, Debug, PartialEq)]
pub struct NewMessage<'a> {
    /// The person, where known.
    pub contact: Option<ContactId>,
    /// The number it goes to.
    pub number: &'a str,
    /// The channel it must go by; `None`: whichever is free.
    pub channel: Option<ChannelId>,
    /// The run it belongs to, and the turn that made it.
    pub run: Option<(RunId, u32)>,
    /// The campaign it belongs to.
    pub campaign: Option<CampaignId>,
    /// The question it asks.
    pub question: Option<&'a str>,
    /// The text.
    pub body: &'a str,
    /// How many segments it takes.
    pub segments: u8,
    /// Who goes first.
    pub priority: Priority,
    /// Whether it may be sent again when nobody knows whether it left.
    pub repeat: Repeat,
    /// Too late to send after this.
    pub expires_at: Option<Timestamp>,
}

/// What a channel may take from the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    /// The channel that is free.
    pub channel: ChannelId,
    /// Only priorities up to this one: quiet hours hold the others back.
    pub up_to: Priority,
    /// How many messages a number may get in an hour.
    pub budget: u32,
}

/// The segment that goes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextSegment {
    /// The segment.
    pub segment: SegmentId,
    /// Its message.
    pub message: MessageId,
    /// Which one it is, from 1.
    pub position: u8,
    /// The number it goes to.
    pub number: String,
    /// The whole message's text.
    pub body: String,
    /// How often the message was sent again after being uncertain.
    pub repeats: u32,
    /// How long it is worth delivering, in milliseconds from now.
    pub expires_at: Option<i64>,
}

/// A message of which nobody knows whether it left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UncertainMessage {
    /// The message.
    pub id: MessageId,
    /// Whether it may go out again, and has not yet.
    pub may_repeat: bool,
    /// The channel it may have left by.
    pub channel: Option<ChannelId>,
}

const ADD: &str = "INSERT INTO message (direction, contact_id, number, channel_id, run_id, turn,
        campaign_id, question, body, status, priority, repeatable, expires_at, created_at)
    VALUES ('out', $1, $2, $3, $4, $5, $6, $7, $8, 'queued', $9, $10, $11, $12) RETURNING id";
const ADD_SEGMENT: &str =
    "INSERT INTO segment (message_id, position, total, status) VALUES ($1, $2, $3, 'queued')";
const RECEIVE: &str = "INSERT INTO message (direction, contact_id, number, channel_id, run_id,
        turn, body, status, created_at)
    VALUES ('in', $1, $2, $3, $4, $5, $6, 'received', $7) RETURNING id";
// One message to a number is under way at a time, in the order they were made; a message that
// has begun goes on by the channel it began with.
const NEXT: &str = "SELECT s.id, m.id, s.position, m.number, m.body, m.repeats, m.expires_at
    FROM message m JOIN segment s ON s.message_id = m.id AND s.status = 'queued'
    LEFT JOIN campaign c ON c.id = m.campaign_id
    WHERE m.status IN ('queued', 'sending') AND m.priority <= $2 AND m.not_before <= $3
      AND (m.channel_id IS NULL OR m.channel_id = $1)
      AND (c.status IS NULL OR c.status <> 'paused')
      AND NOT EXISTS (SELECT 1 FROM message o WHERE o.number = m.number AND o.id <> m.id
            AND o.direction = 'out' AND (o.status = 'sending'
                OR (o.status = 'queued' AND m.status = 'queued'
                    AND (o.priority < m.priority OR (o.priority = m.priority AND o.id < m.id)))))
      AND (m.status = 'sending' OR (SELECT count(*) FROM message b WHERE b.number = m.number
            AND b.direction = 'out' AND b.sent_at > $4) < $5)
    ORDER BY m.priority, m.id, s.position LIMIT 1";
const SENDABLE: &str =
    "SELECT EXISTS (SELECT 1 FROM message m JOIN segment s ON s.message_id = m.id
    WHERE m.status IN ('queued', 'sending') AND s.status = 'queued' AND m.priority <= $1
        AND m.not_before <= $2)";
// One statement for everything that is due by itself, and whether anything waits to go out.
const DEADLINE: &str = "SELECT
    (SELECT min(at) FROM (
        SELECT min(due_at) AS at FROM campaign WHERE status = 'running'
        UNION ALL SELECT min(due_at) FROM run
        UNION ALL SELECT min(uncertain_until) FROM message WHERE status = 'uncertain'
        UNION ALL SELECT min(not_before) FROM message
            WHERE status IN ('queued', 'sending') AND not_before > $1) AS due),
    EXISTS (SELECT 1 FROM message WHERE status IN ('queued', 'sending'))";
const STATUS: &str = "UPDATE message SET status = $2, why = $3 WHERE id = $1";
const BEGUN: &str = "UPDATE message SET status = 'sending', channel_id = $2 WHERE id = $1";
const LATER: &str = "UPDATE message SET status = CASE WHEN EXISTS (SELECT 1 FROM segment s
            WHERE s.message_id = message.id AND s.status IN ('sent', 'delivered'))
        THEN 'sending' ELSE 'queued' END, not_before = $2, why = $3 WHERE id = $1";
const SENT: &str = "UPDATE message SET status = 'sent', sent_at = coalesce(sent_at, $2), why = '',
        uncertain_until = NULL WHERE id = $1";
const DELIVERED: &str = "UPDATE message SET status = 'delivered', delivered_at = $2,
        sent_at = coalesce(sent_at, $2), why = '', uncertain_until = NULL WHERE id = $1";
const UNCERTAIN: &str = "UPDATE message SET status = 'uncertain', uncertain_until = $2, why = $3,
        sent_at = coalesce(sent_at, $4) WHERE id = $1";
const SEGMENT: &str = "UPDATE segment SET status = $2 WHERE id = $1";
const SEGMENTS_LEFT: &str =
    "SELECT count(*) FROM segment WHERE message_id = $1 AND status NOT IN ('sent', 'delivered')";
const SEGMENTS_UNDELIVERED: &str =
    "SELECT count(*) FROM segment WHERE message_id = $1 AND status <> 'delivered'";
const SETTLE_SEGMENTS: &str = "UPDATE segment SET status = $2
    WHERE message_id = $1 AND status IN ('queued', 'sending', 'uncertain')";
const OVERDUE: &str = "SELECT id, repeatable, repeats, channel_id FROM message
    WHERE status = 'uncertain' AND uncertain_until <= $1 ORDER BY id";
const WAIT_LONGER: &str = "UPDATE message SET uncertain_until = $2
    WHERE status = 'uncertain' AND channel_id = $1 AND uncertain_until IS NOT NULL";
const GIVE_UP: &str = "UPDATE message SET uncertain_until = NULL, why = $2 WHERE id = $1";
const REPEAT: &str = "UPDATE message SET status = 'queued', repeats = repeats + 1,
        uncertain_until = NULL, not_before = $2, channel_id = NULL, why = $3 WHERE id = $1";
const REQUEUE_SEGMENTS: &str =
    "UPDATE segment SET status = 'queued' WHERE message_id = $1 AND status = 'uncertain'";
const CANCEL_TO: &str = "UPDATE message SET status = 'cancelled', why = $2
    WHERE number = $1 AND status = 'queued' AND direction = 'out' RETURNING id";
const CANCEL_RUN: &str = "UPDATE message SET status = 'cancelled', why = $2
    WHERE run_id = $1 AND status = 'queued' AND direction = 'out' RETURNING id";
const EXPIRE: &str = "UPDATE message SET status = 'expired', why = $2
    WHERE status = 'queued' AND expires_at <= $1 RETURNING id";
const SAME_TEXT: &str = "SELECT count(*) FROM message
    WHERE number = $1 AND direction = 'in' AND body = $2 AND created_at > $3";
const UNASKED: &str = "SELECT count(*) FROM message
    WHERE number = $1 AND direction = 'out' AND run_id IS NULL AND created_at > $2";
const PUT_OFF: &str = "UPDATE message SET uncertain_until = $2 WHERE id = $1";
const LAST_QUESTION: &str = "SELECT question FROM message
    WHERE run_id = $1 AND question IS NOT NULL ORDER BY id DESC LIMIT 1";
// The message before the one waited at, if it was sent twice; how often this text came since.
const ECHO: &str = "SELECT p.repeats, (SELECT count(*) FROM message i WHERE i.number = p.number
            AND i.direction = 'in' AND i.body = $2 AND i.created_at >= p.created_at)
    FROM message p WHERE p.id = (SELECT max(o.id) FROM message o JOIN run r ON r.id = o.run_id
        WHERE o.run_id = $1 AND o.direction = 'out' AND o.id < r.asked_id) AND p.repeats > 0";
const OF_RUN: &str = "SELECT status, repeats, number FROM message WHERE id = $1";

impl Tx<'_> {
    /// Puts a message into the queue.
    pub async fn queue_message(
        &mut self,
        new: &NewMessage<'_>,
        now: Timestamp,
    ) -> Result<MessageId> {
        let id: i64 = sqlx::query_scalar(ADD)
            .bind(new.contact.map(|id| id.0))
            .bind(new.number)
            .bind(new.channel.map(|id| id.0))
            .bind(new.run.map(|(id, _)| id.0))
            .bind(new.run.map(|(_, turn)| i64::from(turn)))
            .bind(new.campaign.map(|id| id.0))
            .bind(new.question)
            .bind(new.body)
            .bind(new.priority as i64)
            .bind(i64::from(new.repeat == Repeat::Once))
            .bind(new.expires_at.map(ms))
            .bind(ms(now))
            .fetch_one(self.sql())
            .await?;
        for position in 1..=new.segments {
            sqlx::query(ADD_SEGMENT)
                .bind(id)
                .bind(i64::from(position))
                .bind(i64::from(new.segments))
                .execute(self.sql())
                .await?;
        }
        Ok(MessageId(id))
    }

    /// Keeps a message that came in.
    pub async fn receive_message(
        &mut self,
        (contact, number): (Option<ContactId>, &str),
        channel: ChannelId,
        run: Option<(RunId, u32)>,
        body: &str,
        now: Timestamp,
    ) -> Result<MessageId> {
        let id: i64 = sqlx::query_scalar(RECEIVE)
            .bind(contact.map(|id| id.0))
            .bind(number)
            .bind(channel.0)
            .bind(run.map(|(id, _)| id.0))
            .bind(run.map(|(_, turn)| i64::from(turn)))
            .bind(body)
            .bind(ms(now))
            .fetch_one(self.sql())
            .await?;
        Ok(MessageId(id))
    }

    /// The segment that a free channel sends next, if there is one.
    pub async fn next_segment(
        &mut self,
        queue: Queue,
        now: Timestamp,
    ) -> Result<Option<NextSegment>> {
        const HOUR_MS: i64 = 3_600_000;
        type Row = (i64, i64, i64, String, String, i64, Option<i64>);
        let row: Option<Row> = sqlx::query_as(NEXT)
            .bind(queue.channel.0)
            .bind(queue.up_to as i64)
            .bind(ms(now))
            .bind(ms(now) - HOUR_MS)
            .bind(i64::from(queue.budget))
            .fetch_optional(self.sql())
            .await?;
        let Some((segment, message, position, number, body, repeats, expires_at)) = row else {
            return Ok(None);
        };
        Ok(Some(NextSegment {
            segment: SegmentId(segment),
            message: MessageId(message),
            position: position.try_into()?,
            number,
            body,
            repeats: repeats.try_into()?,
            expires_at,
        }))
    }

    /// Whether any channel could find something to send: spares asking for each of them.
    pub async fn is_anything_sendable(&mut self, up_to: Priority, now: Timestamp) -> Result<bool> {
        let query = sqlx::query_scalar(SENDABLE).bind(up_to as i64).bind(ms(now));
        Ok(query.fetch_one(self.sql()).await?)
    }

    /// When something is due by itself, in milliseconds, and whether anything waits to go out.
    pub async fn next_due(&mut self, now: Timestamp) -> Result<(Option<i64>, bool)> {
        Ok(sqlx::query_as(DEADLINE).bind(ms(now)).fetch_one(self.sql()).await?)
    }

    /// A message is on its way by this channel.
    pub async fn message_begun(&mut self, id: MessageId, channel: ChannelId) -> Result<()> {
        sqlx::query(BEGUN).bind(id.0).bind(channel.0).execute(self.sql()).await?;
        Ok(())
    }

    /// A message is tried again later, and why.
    pub async fn message_later(&mut self, id: MessageId, when: Timestamp, why: &str) -> Result<()> {
        sqlx::query(LATER).bind(id.0).bind(ms(when)).bind(why).execute(self.sql()).await?;
        Ok(())
    }

    /// A message ended without leaving.
    pub async fn message_ended(
        &mut self,
        id: MessageId,
        status: MessageStatus,
        why: &str,
    ) -> Result<()> {
        sqlx::query(STATUS).bind(id.0).bind(status.as_str()).bind(why).execute(self.sql()).await?;
        self.settle_segments(id, status).await
    }

    /// Every segment that has not left shares the message's end.
    async fn settle_segments(&mut self, id: MessageId, status: MessageStatus) -> Result<()> {
        let word = match status {
            MessageStatus::Sent | MessageStatus::Delivered => status.as_str(),
            MessageStatus::Failed => "failed",
            _ => "cancelled",
        };
        sqlx::query(SETTLE_SEGMENTS).bind(id.0).bind(word).execute(self.sql()).await?;
        Ok(())
    }

    /// The network took the whole message.
    pub async fn message_sent(&mut self, id: MessageId, now: Timestamp) -> Result<()> {
        sqlx::query(SENT).bind(id.0).bind(ms(now)).execute(self.sql()).await?;
        Ok(())
    }

    /// The phone took the whole message, or the person answered it.
    pub async fn message_delivered(&mut self, id: MessageId, now: Timestamp) -> Result<()> {
        sqlx::query(DELIVERED).bind(id.0).bind(ms(now)).execute(self.sql()).await?;
        self.settle_segments(id, MessageStatus::Delivered).await
    }

    /// Nobody knows whether the message left; it is decided at `until`.
    pub async fn message_uncertain(
        &mut self,
        id: MessageId,
        until: Timestamp,
        why: &str,
        now: Timestamp,
    ) -> Result<()> {
        let query = sqlx::query(UNCERTAIN).bind(id.0).bind(ms(until)).bind(why).bind(ms(now));
        query.execute(self.sql()).await?;
        Ok(())
    }

    /// Changes a segment's status.
    pub async fn segment_is(&mut self, id: SegmentId, status: MessageStatus) -> Result<()> {
        sqlx::query(SEGMENT).bind(id.0).bind(status.as_str()).execute(self.sql()).await?;
        Ok(())
    }

    /// Whether every segment of a message has left.
    pub async fn has_wholly_left(&mut self, id: MessageId) -> Result<bool> {
        let left: i64 = sqlx::query_scalar(SEGMENTS_LEFT).bind(id.0).fetch_one(self.sql()).await?;
        Ok(left == 0)
    }

    /// Whether every segment of a message was delivered.
    pub async fn is_wholly_delivered(&mut self, id: MessageId) -> Result<bool> {
        let query = sqlx::query_scalar(SEGMENTS_UNDELIVERED).bind(id.0);
        let left: i64 = query.fetch_one(self.sql()).await?;
        Ok(left == 0)
    }

    /// Messages whose uncertainty has lasted long enough.
    pub async fn overdue_uncertain(&mut self, now: Timestamp) -> Result<Vec<UncertainMessage>> {
        let rows: Vec<(i64, i64, i64, Option<i64>)> =
            sqlx::query_as(OVERDUE).bind(ms(now)).fetch_all(self.sql()).await?;
        let read =
            |(id, repeatable, repeats, channel): (i64, i64, i64, Option<i64>)| UncertainMessage {
                id: MessageId(id),
                may_repeat: repeatable == 1 && repeats == 0,
                channel: channel.map(ChannelId),
            };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Evidence about this channel's uncertain messages can only come from now on.
    pub async fn uncertain_wait_longer(
        &mut self,
        channel: ChannelId,
        until: Timestamp,
    ) -> Result<()> {
        sqlx::query(WAIT_LONGER).bind(channel.0).bind(ms(until)).execute(self.sql()).await?;
        Ok(())
    }

    /// An uncertain message stays so: it is a person's to decide.
    pub async fn leave_uncertain(&mut self, id: MessageId, why: &str) -> Result<()> {
        sqlx::query(GIVE_UP).bind(id.0).bind(why).execute(self.sql()).await?;
        Ok(())
    }

    /// Sends an uncertain message once more: only the segments of which nobody knows.
    pub async fn repeat_message(&mut self, id: MessageId, now: Timestamp, why: &str) -> Result<()> {
        sqlx::query(REPEAT).bind(id.0).bind(ms(now)).bind(why).execute(self.sql()).await?;
        sqlx::query(REQUEUE_SEGMENTS).bind(id.0).execute(self.sql()).await?;
        Ok(())
    }

    /// Takes back what is queued for a number.
    pub async fn cancel_messages_to(&mut self, number: &str, why: &str) -> Result<()> {
        let ids: Vec<i64> =
            sqlx::query_scalar(CANCEL_TO).bind(number).bind(why).fetch_all(self.sql()).await?;
        self.cancel_segments(ids).await
    }

    /// Takes back what a run has queued.
    pub async fn cancel_messages_of(&mut self, run: RunId, why: &str) -> Result<()> {
        let ids: Vec<i64> =
            sqlx::query_scalar(CANCEL_RUN).bind(run.0).bind(why).fetch_all(self.sql()).await?;
        self.cancel_segments(ids).await
    }

    /// Ends queued messages whose time is over.
    pub async fn expire_messages(&mut self, now: Timestamp, why: &str) -> Result<()> {
        let ids: Vec<i64> =
            sqlx::query_scalar(EXPIRE).bind(ms(now)).bind(why).fetch_all(self.sql()).await?;
        self.cancel_segments(ids).await
    }

    async fn cancel_segments(&mut self, ids: Vec<i64>) -> Result<()> {
        for id in ids {
            self.settle_segments(MessageId(id), MessageStatus::Cancelled).await?;
        }
        Ok(())
    }

    /// How often a number sent this very text since then.
    pub async fn same_text(&mut self, number: &str, body: &str, since: Timestamp) -> Result<i64> {
        let query = sqlx::query_scalar(SAME_TEXT).bind(number).bind(body).bind(ms(since));
        Ok(query.fetch_one(self.sql()).await?)
    }

    /// How many texts outside of any run were made for a number since then.
    pub async fn unasked_texts(&mut self, number: &str, since: Timestamp) -> Result<i64> {
        let query = sqlx::query_scalar(UNASKED).bind(number).bind(ms(since));
        Ok(query.fetch_one(self.sql()).await?)
    }

    /// A message's status, how often it was repeated, and its number.
    pub async fn message_state(
        &mut self,
        id: MessageId,
    ) -> Result<Option<(MessageStatus, u32, String)>> {
        let row: Option<(String, i64, String)> =
            sqlx::query_as(OF_RUN).bind(id.0).fetch_optional(self.sql()).await?;
        Ok(row.and_then(|(status, repeats, number)| {
            Some((MessageStatus::from_word(&status)?, u32::try_from(repeats).ok()?, number))
        }))
    }

    /// An uncertain message is decided later: its modem is away.
    pub async fn put_off_decision(&mut self, id: MessageId, until: Timestamp) -> Result<()> {
        sqlx::query(PUT_OFF).bind(id.0).bind(ms(until)).execute(self.sql()).await?;
        Ok(())
    }

    /// The question that a run asked last.
    pub async fn last_question(&mut self, run: RunId) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(LAST_QUESTION).bind(run.0).fetch_optional(self.sql()).await?)
    }

    /// Whether a text may be the answer to the second copy of the question before: that question
    /// was sent twice, and its answer was not heard as often yet.
    pub async fn is_echo(&mut self, run: RunId, text: &str) -> Result<bool> {
        let row: Option<(i64, i64)> =
            sqlx::query_as(ECHO).bind(run.0).bind(text).fetch_optional(self.sql()).await?;
        Ok(row.is_some_and(|(repeats, heard)| heard > 1 && heard <= 1 + repeats))
    }
}
