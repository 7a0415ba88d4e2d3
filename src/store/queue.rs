//! The queue: which segment leaves next, and when anything is due by itself.

use super::{Tx, ms};
use crate::model::{ChannelId, MessageId, Priority, SegmentId};
use anyhow::Result;
use jiff::Timestamp;

/// What a channel may take from the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    /// The channel that is free.
    pub channel: ChannelId,
    /// Only priorities up to this one: quiet hours hold the others back.
    pub up_to: Priority,
    /// Only answers that were made after this: in quiet hours one that could not leave at once
    /// waits for the morning too.
    pub answers_since: Timestamp,
}

/// The channels that segments wait for; 0: any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sendable(Vec<i64>);

impl Sendable {
    /// Whether something waits for this channel and no other.
    pub fn waits_for(&self, channel: ChannelId) -> bool {
        self.0.contains(&channel.0)
    }

    /// Whether something may leave by this channel.
    pub fn by(&self, channel: ChannelId) -> bool {
        self.0.iter().any(|one| *one == 0 || *one == channel.0)
    }
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
    /// How many messages the number got in the last hour, where this one begins with the
    /// segment; 0 where it goes on.
    pub in_last_hour: u32,
}

/// Which channel a refused message may go by next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    /// The one the person wrote to; any, if they have not.
    Theirs,
    /// Any: the one it went by is out of order.
    Any,
}

// Messages of one run, and texts outside of runs, leave one after the other in the order they
// were made; a message that has begun goes on by the channel it began with. CROSS JOIN: the
// queue in its order comes first, then its segments, then who else is in the way.
const NEXT: &str = "SELECT s.id, m.id, s.position, m.number, m.body, m.repeats,
        CASE WHEN m.status = 'sending' THEN 0 ELSE (SELECT count(*) FROM message b
            WHERE b.number = m.number AND b.direction = 'out' AND b.sent_at > $4) END
    FROM message m CROSS JOIN segment s LEFT JOIN campaign c ON c.id = m.campaign_id
    WHERE s.message_id = m.id AND s.status = 'queued'
      AND m.status IN ('queued', 'sending') AND m.not_before <= $3 AND m.priority <= $2 AND (m.priority > 0 OR m.created_at > $5)
      AND (m.expires_at IS NULL OR m.expires_at > $3)
      AND (m.channel_id IS NULL OR m.channel_id = $1)
      AND (c.status IS NULL OR c.status <> 'paused')
      AND NOT EXISTS (SELECT 1 FROM message o WHERE o.number = m.number AND o.id <> s.message_id
            AND o.direction = 'out' AND (o.status = 'sending'
                OR (o.status = 'queued' AND m.status = 'queued' AND o.id < m.id
                    AND coalesce(o.run_id, 0) = coalesce(m.run_id, 0))))
    ORDER BY m.priority, m.id, s.position LIMIT 1";
const SENDABLE: &str = "SELECT DISTINCT coalesce(m.channel_id, 0)
    FROM message m CROSS JOIN segment s
    WHERE s.message_id = m.id AND s.status = 'queued'
      AND m.status IN ('queued', 'sending') AND m.priority <= $1 AND m.not_before <= $2";
const WAITS: &str = "UPDATE message SET not_before = $2, why = $3 WHERE id = $1";
// Segments of one text must come from one number, or no phone joins them.
const LATER: &str = "UPDATE message SET not_before = $2, why = $3,
        status = CASE WHEN EXISTS (SELECT 1 FROM segment s WHERE s.message_id = message.id
            AND s.status IN ('sent', 'delivered')) THEN 'sending' ELSE 'queued' END,
        channel_id = CASE WHEN message.run_id IS NULL OR EXISTS (SELECT 1 FROM segment s
                WHERE s.message_id = message.id AND s.status IN ('sent', 'delivered'))
            THEN channel_id
            WHEN $4 = 1 THEN NULL
            ELSE (SELECT r.channel_id FROM run r WHERE r.id = message.run_id) END
    WHERE id = $1";
// One statement for everything that is due by itself, and whether anything waits to go out.
const DEADLINE: &str = "SELECT
    (SELECT min(at) FROM (
        SELECT min(due_at) AS at FROM campaign WHERE status = 'running'
        UNION ALL SELECT min(due_at) FROM run WHERE due_at IS NOT NULL
        UNION ALL SELECT min(next_at) FROM schedule
        UNION ALL SELECT min(due_at) FROM planned_start WHERE state = 'waiting'
        UNION ALL SELECT min(uncertain_until) FROM message WHERE status = 'uncertain'
        UNION ALL SELECT min(first_at) + $2 FROM part
        UNION ALL SELECT min(not_before) FROM message
            WHERE status IN ('queued', 'sending') AND not_before > $1) AS due),
    EXISTS (SELECT 1 FROM message WHERE status IN ('queued', 'sending'))";

const HOUR_MS: i64 = 3_600_000;

impl Tx<'_> {
    /// The segment that a free channel sends next, if there is one.
    pub async fn next_segment(
        &mut self,
        queue: Queue,
        now: Timestamp,
    ) -> Result<Option<NextSegment>> {
        type Row = (i64, i64, i64, String, String, i64, i64);
        let row: Option<Row> = sqlx::query_as(NEXT)
            .bind(queue.channel.0)
            .bind(queue.up_to as i64)
            .bind(ms(now))
            .bind(ms(now) - HOUR_MS)
            .bind(ms(queue.answers_since))
            .fetch_optional(self.sql())
            .await?;
        let Some((segment, message, position, number, body, repeats, had)) = row else {
            return Ok(None);
        };
        Ok(Some(NextSegment {
            segment: SegmentId(segment),
            message: MessageId(message),
            position: position.try_into()?,
            number,
            body,
            repeats: repeats.try_into()?,
            in_last_hour: had.try_into()?,
        }))
    }

    /// By which channels segments may leave: a quick look before the long one.
    pub async fn sendable(&mut self, up_to: Priority, now: Timestamp) -> Result<Sendable> {
        let query = sqlx::query_scalar(SENDABLE).bind(up_to as i64).bind(ms(now));
        Ok(Sendable(query.fetch_all(self.sql()).await?))
    }

    /// When something is due by itself, in milliseconds, and whether anything waits to go out.
    /// Parts of a text wait `patience_ms` for the others.
    pub async fn next_due(
        &mut self,
        now: Timestamp,
        patience_ms: i64,
    ) -> Result<(Option<i64>, bool)> {
        Ok(sqlx::query_as(DEADLINE).bind(ms(now)).bind(patience_ms).fetch_one(self.sql()).await?)
    }

    /// A message that was not tried yet waits longer, and why.
    pub async fn message_waits(
        &mut self,
        id: MessageId,
        until: Timestamp,
        why: &str,
    ) -> Result<()> {
        sqlx::query(WAITS).bind(id.0).bind(ms(until)).bind(why).execute(self.sql()).await?;
        Ok(())
    }

    /// A message that was refused is tried again later, and why.
    pub async fn message_later(
        &mut self,
        id: MessageId,
        when: Timestamp,
        why: &str,
        through: Through,
    ) -> Result<()> {
        sqlx::query(LATER)
            .bind(id.0)
            .bind(ms(when))
            .bind(why)
            .bind(i64::from(through == Through::Any))
            .execute(self.sql())
            .await?;
        Ok(())
    }
}
