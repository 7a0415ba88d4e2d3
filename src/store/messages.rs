//! Messages that go out and their segments: from the queue to the phone, or to another end.

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

/// A message of which nobody knows whether it left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UncertainMessage {
    /// The message.
    pub id: MessageId,
    /// Whether it may go out again, and has not yet.
    pub may_repeat: bool,
    /// The channel it may have left by.
    pub channel: Option<ChannelId>,
    /// The run it belongs to.
    pub run: Option<RunId>,
}

// There is one writer, so the newest message is the one that was just made.
const ADD: &str = "INSERT INTO message (direction, contact_id, number, channel_id, run_id, turn,
        campaign_id, question, body, status, priority, repeatable, expires_at, created_at)
    VALUES ('out', $1, $2, $3, $4, $5, $6, $7, $8, 'queued', $9, $10, $11, $12);
    INSERT INTO segment (message_id, position, total, status)
        SELECT max(id), 1, $13, 'queued' FROM message;
    SELECT max(id) FROM message";
const ADD_SEGMENT: &str =
    "INSERT INTO segment (message_id, position, total, status) VALUES ($1, $2, $3, 'queued')";
const ENDED: &str = "UPDATE message SET status = $2, why = $3, uncertain_until = NULL
    WHERE id = $1 AND status <> 'delivered'";
const SENT: &str = "UPDATE message SET status = 'sent', sent_at = coalesce(sent_at, $2), why = '',
        uncertain_until = NULL WHERE id = $1 AND status <> 'delivered'";
const GOES_ON: &str = "UPDATE message SET status = 'sending', uncertain_until = NULL, why = ''
    WHERE id = $1 AND status = 'uncertain' AND NOT EXISTS (SELECT 1 FROM segment s
        WHERE s.message_id = message.id AND s.status IN ('uncertain', 'sending'))";
const DELIVERED: &str = "UPDATE message SET status = 'delivered', delivered_at = $2,
        sent_at = coalesce(sent_at, $2), why = '', uncertain_until = NULL
    WHERE id = $1 AND status <> 'delivered'";
const UNCERTAIN: &str = "UPDATE message SET status = 'uncertain', uncertain_until = $2, why = $3,
        sent_at = coalesce(sent_at, $4) WHERE id = $1 AND status IN ('queued', 'sending')";
const ANSWERED: &str = "UPDATE segment SET status = 'delivered' WHERE message_id = $1
        AND status IN ('queued', 'sending', 'uncertain') AND EXISTS (SELECT 1 FROM message m
            WHERE m.id = $1 AND m.status <> 'delivered');
    UPDATE message SET status = 'delivered', delivered_at = $2, sent_at = coalesce(sent_at, $2),
        why = '', uncertain_until = NULL WHERE id = $1 AND status <> 'delivered'";
// The one segment of a message left, and with it the question that a run waits at.
const LEFT_WHOLE: &str = "UPDATE segment SET status = 'sent'
        WHERE id = $1 AND status <> 'delivered';
    UPDATE message SET status = 'sent', sent_at = coalesce(sent_at, $3), why = '',
        uncertain_until = NULL WHERE id = $2 AND status <> 'delivered';
    UPDATE run SET asked_at = $3, due_at = $3 + coalesce(remind_ms, expire_ms),
        due_what = CASE WHEN remind_ms IS NULL THEN 'expire' ELSE 'remind' END
    WHERE id = $4 AND asked_id = $2 AND asked_at IS NULL AND status = 'waiting'
        AND expire_ms IS NOT NULL";
const SEGMENT_LEFT: &str =
    "UPDATE segment SET status = 'sent' WHERE id = $1 AND status <> 'delivered'";
const SEGMENT_UNCERTAIN: &str =
    "UPDATE segment SET status = 'uncertain' WHERE id = $1 AND status = 'sending'";
const SEGMENT_BACK: &str =
    "UPDATE segment SET status = 'queued' WHERE id = $1 AND status = 'sending'";
const SEGMENTS_LEFT: &str =
    "SELECT count(*) FROM segment WHERE message_id = $1 AND status NOT IN ('sent', 'delivered')";
const SEGMENTS_UNDELIVERED: &str =
    "SELECT count(*) FROM segment WHERE message_id = $1 AND status <> 'delivered'";
const SETTLE_SEGMENTS: &str = "UPDATE segment SET status = $2
    WHERE message_id = $1 AND status IN ('queued', 'sending', 'uncertain')";
const TAKE_SEGMENTS_BACK: &str = "UPDATE segment SET status = 'cancelled'
    WHERE message_id = $1 AND status IN ('queued', 'sending')";
const BODY: &str = "SELECT body FROM message WHERE id = $1";
const OVERDUE: &str = "SELECT id, repeatable, repeats, channel_id, run_id FROM message
    WHERE status = 'uncertain' AND uncertain_until <= $1 ORDER BY uncertain_until, id";
const WAIT_LONGER: &str = "UPDATE message SET uncertain_until = $2
    WHERE status = 'uncertain' AND channel_id = $1 AND uncertain_until IS NOT NULL";
const PUT_OFF: &str = "UPDATE message SET uncertain_until = $2 WHERE id = $1";
const GIVE_UP: &str = "UPDATE message SET uncertain_until = NULL, why = $2 WHERE id = $1";
// As in the queue: the other segments, where they left, decide the channel.
const REPEAT: &str = "UPDATE message SET status = 'queued', repeats = repeats + 1,
        uncertain_until = NULL, not_before = $2, why = $3,
        channel_id = CASE WHEN message.run_id IS NULL OR EXISTS (SELECT 1 FROM segment s
                WHERE s.message_id = message.id AND s.status IN ('sent', 'delivered'))
            THEN channel_id
            ELSE (SELECT r.channel_id FROM run r WHERE r.id = message.run_id) END
    WHERE id = $1";
const REQUEUE_SEGMENTS: &str =
    "UPDATE segment SET status = 'queued' WHERE message_id = $1 AND status = 'uncertain'";
// Nobody can call back what is with a modem, but nothing of it is tried after this.
const CANCEL_TO: &str = "UPDATE message SET why = $2, uncertain_until = NULL,
        status = CASE WHEN status = 'uncertain' THEN 'uncertain' ELSE 'cancelled' END
    WHERE number = $1 AND status IN ('queued', 'sending', 'uncertain') AND direction = 'out'
    RETURNING id";
const CANCEL_RUN: &str = "UPDATE message SET why = $2, uncertain_until = NULL,
        status = CASE WHEN status = 'uncertain' THEN 'uncertain' ELSE 'cancelled' END
    WHERE run_id = $1 AND status IN ('queued', 'sending', 'uncertain') AND direction = 'out'
    RETURNING id";
const CANCEL_OFFERS: &str = "UPDATE message SET why = $3, uncertain_until = NULL,
        status = CASE WHEN status = 'uncertain' THEN 'uncertain' ELSE 'cancelled' END
    WHERE campaign_id = $1 AND ($2 = '' OR number = $2) AND run_id IS NULL
        AND status IN ('queued', 'sending', 'uncertain') AND direction = 'out'
    RETURNING id";
const EXPIRE: &str = "UPDATE message SET status = 'expired', why = $2
    WHERE status = 'queued' AND expires_at <= $1 RETURNING id";

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
            .bind(i64::from(new.segments.max(1)))
            .fetch_one(self.sql())
            .await?;
        for position in 2..=new.segments {
            sqlx::query(ADD_SEGMENT)
                .bind(id)
                .bind(i64::from(position))
                .bind(i64::from(new.segments))
                .execute(self.sql())
                .await?;
        }
        Ok(MessageId(id))
    }

    /// What a message says.
    pub async fn body_of(&mut self, message: MessageId) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(BODY).bind(message.0).fetch_optional(self.sql()).await?)
    }

    /// A message ended without leaving.
    pub async fn message_ended(
        &mut self,
        id: MessageId,
        status: MessageStatus,
        why: &str,
    ) -> Result<()> {
        sqlx::query(ENDED).bind(id.0).bind(status.as_str()).bind(why).execute(self.sql()).await?;
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

    /// The phone took the last segment of a message.
    pub async fn message_delivered(&mut self, id: MessageId, now: Timestamp) -> Result<()> {
        sqlx::query(DELIVERED).bind(id.0).bind(ms(now)).execute(self.sql()).await?;
        Ok(())
    }

    /// The person answered a message, so they have got all of it.
    pub async fn message_answered(&mut self, id: MessageId, now: Timestamp) -> Result<()> {
        sqlx::query(ANSWERED).bind(id.0).bind(ms(now)).execute(self.sql()).await?;
        Ok(())
    }

    /// The network took a message's only segment: all of it left, and where it asks a question,
    /// the timers of the run that still waits there start now.
    pub async fn left_whole(
        &mut self,
        (segment, message): (SegmentId, MessageId),
        run: Option<RunId>,
        now: Timestamp,
    ) -> Result<()> {
        let query = sqlx::query(LEFT_WHOLE).bind(segment.0).bind(message.0).bind(ms(now));
        query.bind(run.map(|run| run.0)).execute(self.sql()).await?;
        Ok(())
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

    /// The network took a segment.
    pub async fn segment_left(&mut self, id: SegmentId) -> Result<()> {
        sqlx::query(SEGMENT_LEFT).bind(id.0).execute(self.sql()).await?;
        Ok(())
    }

    /// Nobody knows whether a segment left; `false` where that is settled already.
    pub async fn segment_uncertain(&mut self, id: SegmentId) -> Result<bool> {
        let done = sqlx::query(SEGMENT_UNCERTAIN).bind(id.0).execute(self.sql()).await?;
        Ok(done.rows_affected() > 0)
    }

    /// A segment that did not leave goes back into the queue; `false` where nobody wants it any
    /// more: it was answered, taken back, or left another way.
    pub async fn segment_back(&mut self, id: SegmentId) -> Result<bool> {
        let done = sqlx::query(SEGMENT_BACK).bind(id.0).execute(self.sql()).await?;
        Ok(done.rows_affected() > 0)
    }

    /// Nothing of a message is uncertain any more: its other segments go on.
    pub async fn message_goes_on(&mut self, id: MessageId) -> Result<()> {
        sqlx::query(GOES_ON).bind(id.0).execute(self.sql()).await?;
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
        type Row = (i64, i64, i64, Option<i64>, Option<i64>);
        let rows: Vec<Row> = sqlx::query_as(OVERDUE).bind(ms(now)).fetch_all(self.sql()).await?;
        let read = |(id, repeatable, repeats, channel, run): Row| UncertainMessage {
            id: MessageId(id),
            may_repeat: repeatable == 1 && repeats == 0,
            channel: channel.map(ChannelId),
            run: run.map(RunId),
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
        self.take_segments_back(ids).await
    }

    /// Takes back what a run has queued.
    pub async fn cancel_messages_of(&mut self, run: RunId, why: &str) -> Result<()> {
        let ids: Vec<i64> =
            sqlx::query_scalar(CANCEL_RUN).bind(run.0).bind(why).fetch_all(self.sql()).await?;
        self.take_segments_back(ids).await
    }

    /// Takes back what told somebody that a campaign waits for them; an empty number is everybody.
    pub async fn cancel_offers(
        &mut self,
        campaign: CampaignId,
        number: &str,
        why: &str,
    ) -> Result<()> {
        let query = sqlx::query_scalar(CANCEL_OFFERS).bind(campaign.0).bind(number).bind(why);
        let ids: Vec<i64> = query.fetch_all(self.sql()).await?;
        self.take_segments_back(ids).await
    }

    /// Ends queued messages whose time is over.
    pub async fn expire_messages(&mut self, now: Timestamp, why: &str) -> Result<()> {
        let ids: Vec<i64> =
            sqlx::query_scalar(EXPIRE).bind(ms(now)).bind(why).fetch_all(self.sql()).await?;
        self.take_segments_back(ids).await
    }

    async fn take_segments_back(&mut self, ids: Vec<i64>) -> Result<()> {
        for id in ids {
            sqlx::query(TAKE_SEGMENTS_BACK).bind(id).execute(self.sql()).await?;
        }
        Ok(())
    }

    /// An uncertain message is decided later: its modem is away.
    pub async fn put_off_decision(&mut self, id: MessageId, until: Timestamp) -> Result<()> {
        sqlx::query(PUT_OFF).bind(id.0).bind(ms(until)).execute(self.sql()).await?;
        Ok(())
    }
}
