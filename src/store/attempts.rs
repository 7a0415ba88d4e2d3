//! Attempts: written before the first byte leaves, closed when the world has answered.

use super::{Tx, ms};
use crate::model::{
    AttemptId, AttemptOutcome, CampaignId, ChannelId, ContactId, MessageId, RunId, SegmentId,
};
use anyhow::Result;
use jiff::Timestamp;

/// An attempt that nobody has closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenAttempt {
    /// The attempt.
    pub id: AttemptId,
    /// What it tried to send.
    pub segment: SegmentId,
    /// The message of that segment.
    pub message: MessageId,
    /// The channel it went by.
    pub channel: ChannelId,
}

/// What an attempt was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentSegment {
    /// The segment.
    pub segment: SegmentId,
    /// Its message.
    pub message: MessageId,
    /// The number it went to.
    pub number: String,
    /// The run that made the message.
    pub run: Option<RunId>,
    /// The campaign and the person of it.
    pub member: Option<(CampaignId, ContactId)>,
    /// How often this segment was tried.
    pub tries: u32,
    /// How many segments the message has.
    pub total: u32,
}

/// What a report is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedSegment {
    /// The attempt that the network speaks of.
    pub attempt: AttemptId,
    /// Whether it is known already that the attempt left.
    pub known_sent: bool,
    /// What it sent.
    pub about: SentSegment,
}

const BEGIN: &str = "UPDATE segment SET status = 'sending' WHERE id = $1;
    UPDATE message SET status = 'sending', channel_id = $2 WHERE id = $4;
    INSERT INTO attempt (segment_id, channel_id, began_at) VALUES ($1, $2, $3) RETURNING id";
const CLOSE: &str = "UPDATE attempt SET ended_at = $2, outcome = $3, reference = $4, why = $5
    WHERE id = $1 AND (outcome IS NULL OR outcome = 'uncertain')";
const CLOSE_UNCERTAIN: &str = "UPDATE attempt SET ended_at = $2, outcome = $3
    WHERE id = $1 AND (outcome IS NULL OR outcome = 'uncertain')";
const OPEN: &str = "SELECT a.id, a.segment_id, s.message_id, a.channel_id
    FROM attempt a JOIN segment s ON s.id = a.segment_id WHERE a.outcome IS NULL ORDER BY a.id";
macro_rules! about {
    ($name:ident, $rest:literal) => {
        const $name: &str = concat!(
            "SELECT s.id, m.id, m.number, m.run_id, m.campaign_id, m.contact_id, \
             (SELECT count(*) FROM attempt t WHERE t.segment_id = s.id), s.total, a.id, \
             coalesce(a.outcome, '') = 'sent' FROM attempt a JOIN segment s ON s.id = a.segment_id \
             JOIN message m ON m.id = s.message_id ",
            $rest
        );
    };
}
about!(ABOUT, "WHERE a.id = $1");
about!(
    REPORTED,
    "WHERE a.channel_id = $1 AND a.reference = $2 AND m.number = $3 AND a.began_at > $4 \
     ORDER BY a.began_at DESC, a.id DESC LIMIT 1"
);
// An attempt whose reference nobody heard may be the one too, where no other fits.
about!(
    REPORTED_UNHEARD,
    "WHERE a.channel_id = $1 AND a.reference IS NULL AND m.number = $3 AND a.began_at > $4 \
     AND coalesce(a.outcome, '') <> 'not_sent' AND $2 >= 0 \
     ORDER BY a.began_at DESC, a.id DESC LIMIT 1"
);
const ON_PHONE: &str =
    "UPDATE attempt SET on_phone_at = $2, reference = coalesce(reference, $3) WHERE id = $1
        AND $2 IS NOT NULL;
    UPDATE segment SET status = 'delivered' WHERE id = $4";
const KEEP_REPORT: &str = "INSERT INTO report (channel_id, reference, number, status, attempt_id,
        reported_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const SINCE: &str = "SELECT began_at FROM attempt WHERE channel_id = $1 AND began_at > $2
    ORDER BY began_at";
const NEWEST: &str = "SELECT max(at) FROM (SELECT max(began_at) AS at FROM attempt
    UNION ALL SELECT max(received_at) FROM raw_pdu UNION ALL SELECT max(created_at) FROM message
    UNION ALL SELECT max(created_at) FROM campaign)";

impl Tx<'_> {
    /// Writes down that a segment is about to be sent by this channel, and its message with it.
    pub async fn begin_attempt(
        &mut self,
        (segment, message): (SegmentId, MessageId),
        channel: ChannelId,
        now: Timestamp,
    ) -> Result<AttemptId> {
        let id: i64 = sqlx::query_scalar(BEGIN)
            .bind(segment.0)
            .bind(channel.0)
            .bind(ms(now))
            .bind(message.0)
            .fetch_one(self.sql())
            .await?;
        Ok(AttemptId(id))
    }

    /// Closes an attempt. One that is uncertain may still be closed by late evidence; returns
    /// whether it was open or uncertain.
    pub async fn close_attempt(
        &mut self,
        id: AttemptId,
        outcome: &AttemptOutcome,
        now: Timestamp,
    ) -> Result<bool> {
        let (reference, why) = match outcome {
            AttemptOutcome::Sent(reference) => (reference.map(i64::from), ""),
            AttemptOutcome::NotSent(why) | AttemptOutcome::Uncertain(why) => (None, why.as_str()),
        };
        let done = sqlx::query(CLOSE)
            .bind(id.0)
            .bind(ms(now))
            .bind(outcome.as_str())
            .bind(reference)
            .bind(why)
            .execute(self.sql())
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Closes an attempt that late evidence speaks of; `false` where it was closed before.
    pub async fn close_if_uncertain(
        &mut self,
        id: AttemptId,
        outcome: &AttemptOutcome,
        now: Timestamp,
    ) -> Result<bool> {
        let query = sqlx::query(CLOSE_UNCERTAIN).bind(id.0).bind(ms(now)).bind(outcome.as_str());
        Ok(query.execute(self.sql()).await?.rows_affected() > 0)
    }

    /// All attempts that nobody has closed.
    pub async fn open_attempts(&mut self) -> Result<Vec<OpenAttempt>> {
        let rows: Vec<(i64, i64, i64, i64)> = sqlx::query_as(OPEN).fetch_all(self.sql()).await?;
        let read = |(id, segment, message, channel)| OpenAttempt {
            id: AttemptId(id),
            segment: SegmentId(segment),
            message: MessageId(message),
            channel: ChannelId(channel),
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// What an attempt was about.
    pub async fn attempt_about(&mut self, id: AttemptId) -> Result<Option<SentSegment>> {
        let row = sqlx::query_as(ABOUT).bind(id.0).fetch_optional(self.sql()).await?;
        Ok(row.map(about).transpose()?.map(|found| found.about))
    }

    /// The attempt that a report speaks of: by channel, reference and number, not older than
    /// `since`. References come round after 256 segments.
    pub async fn reported_attempt(
        &mut self,
        channel: ChannelId,
        reference: u8,
        number: &str,
        since: Timestamp,
    ) -> Result<Option<ReportedSegment>> {
        for sql in [REPORTED, REPORTED_UNHEARD] {
            let row = sqlx::query_as(sql)
                .bind(channel.0)
                .bind(i64::from(reference))
                .bind(number)
                .bind(ms(since))
                .fetch_optional(self.sql())
                .await?;
            if let Some(row) = row {
                return about(row).map(Some);
            }
        }
        Ok(None)
    }

    /// The phone took the segment that this attempt sent; when, by the network's clock.
    pub async fn segment_delivered(
        &mut self,
        (id, segment): (AttemptId, SegmentId),
        reference: u8,
        on_phone_at: Option<Timestamp>,
    ) -> Result<()> {
        let query = sqlx::query(ON_PHONE).bind(id.0).bind(on_phone_at.map(ms));
        query.bind(i64::from(reference)).bind(segment.0).execute(self.sql()).await?;
        Ok(())
    }

    /// Keeps what the network said of a delivery.
    pub async fn keep_report(
        &mut self,
        channel: ChannelId,
        (reference, number): (u8, &str),
        status: u8,
        attempt: Option<AttemptId>,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(KEEP_REPORT)
            .bind(channel.0)
            .bind(i64::from(reference))
            .bind(number)
            .bind(i64::from(status))
            .bind(attempt.map(|id| id.0))
            .bind(ms(now))
            .execute(self.sql())
            .await?;
        Ok(())
    }

    /// When a channel's attempts since then began, in milliseconds: what pace is measured by.
    pub async fn attempts_since(
        &mut self,
        channel: ChannelId,
        since: Timestamp,
    ) -> Result<Vec<i64>> {
        let query = sqlx::query_scalar(SINCE).bind(channel.0).bind(ms(since));
        Ok(query.fetch_all(self.sql()).await?)
    }

    /// The newest time in the store: the clock cannot be before it.
    pub async fn newest_time(&mut self) -> Result<Option<Timestamp>> {
        let newest: Option<i64> = sqlx::query_scalar(NEWEST).fetch_one(self.sql()).await?;
        Ok(newest.map(super::at))
    }
}

type AboutRow = (i64, i64, String, Option<i64>, Option<i64>, Option<i64>, i64, i64, i64, bool);

fn about(row: AboutRow) -> Result<ReportedSegment> {
    let (segment, message, number, run, campaign, contact, tries, total, attempt, known_sent) = row;
    let about = SentSegment {
        segment: SegmentId(segment),
        message: MessageId(message),
        number,
        run: run.map(RunId),
        member: campaign.map(CampaignId).zip(contact.map(ContactId)),
        tries: tries.try_into()?,
        total: total.try_into()?,
    };
    Ok(ReportedSegment { attempt: AttemptId(attempt), known_sent, about })
}
