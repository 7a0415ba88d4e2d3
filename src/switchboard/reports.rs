//! The network's word on delivery.

use super::{Work, inbound};
use crate::model::{AttemptOutcome, ChannelId};
use crate::store::{Fact, ReportedSegment};
use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use rollcall_drivers::pdu::{DeliveryStatus, StatusReport};

/// How old an attempt may be that a report speaks of.
const OLDEST: SignedDuration = SignedDuration::from_hours(24 * 8);

impl Work<'_> {
    pub(super) async fn reported(
        &mut self,
        channel: ChannelId,
        report: &StatusReport,
    ) -> Result<()> {
        let number = inbound::full_number(&report.to, self.settings.region);
        let since = self.now - OLDEST;
        let found = self.tx.reported_attempt(channel, report.reference, &number, since).await?;
        let attempt = found.as_ref().map(|found| found.attempt);
        let (key, status) = ((report.reference, number.as_str()), report.status.octet());
        self.tx.keep_report(channel, key, status, attempt, self.now).await?;
        let Some(found) = found else { return Ok(()) };
        match report.status {
            DeliveryStatus::Delivered(_) => self.delivered(&found, report).await,
            DeliveryStatus::StillTrying(_) => self.left_at_least(&found).await,
            DeliveryStatus::Failed(_) | DeliveryStatus::GaveUp(_) => {
                self.undelivered(&found, report.status.meaning()).await
            }
        }
    }

    /// The phone took a segment.
    async fn delivered(&mut self, found: &ReportedSegment, report: &StatusReport) -> Result<()> {
        self.left_at_least(found).await?;
        let when = report.discharged.unix_seconds().and_then(|at| Timestamp::from_second(at).ok());
        let about = &found.about;
        let what = (found.attempt, about.segment);
        self.tx.segment_delivered(what, report.reference, when).await?;
        self.fact(about.member, Fact::Reached).await?;
        if about.total == 1 || self.tx.is_wholly_delivered(about.message).await? {
            self.tx.message_delivered(about.message, self.now).await?;
        }
        Ok(())
    }

    /// The network speaks of it, so it left: whatever was uncertain about that is settled.
    async fn left_at_least(&mut self, found: &ReportedSegment) -> Result<()> {
        if found.known_sent {
            return Ok(());
        }
        let outcome = AttemptOutcome::Sent(None);
        if self.tx.close_if_uncertain(found.attempt, &outcome, self.now).await? {
            self.segment_left(&found.about).await?;
        }
        Ok(())
    }

    /// It left, and the phone never took it.
    async fn undelivered(&mut self, found: &ReportedSegment, meaning: &str) -> Result<()> {
        self.left_at_least(found).await?;
        let why = format!("it left, but was not delivered: {meaning}");
        self.message_failed(&found.about, &why).await
    }
}
