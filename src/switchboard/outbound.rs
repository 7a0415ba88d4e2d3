//! What is sent next, through which channel: pace, quiet hours, answers before bulk.

use super::{Command, Work};
use crate::model::Priority;
use crate::store::{NextSegment, Queue};
use anyhow::{Context, Result};
use jiff::Timestamp;
use rollcall_drivers::modem;
use rollcall_drivers::pdu::{
    Address, Duplicates, Encoded, Piece, ReferenceWidth, ReportRequest, Submit, Validity, split,
};

/// How long the network keeps trying, in minutes: longer than the longest reminder is apart, so
/// that a phone that was off for a day still gets its question.
const VALIDITY_MINUTES: u32 = 3 * 24 * 60;

impl Work<'_> {
    /// Gives every idle channel its next segment. The attempt is written in this transaction;
    /// the command leaves after its commit.
    pub(super) async fn fill_channels(&mut self) -> Result<()> {
        let quiet = self.settings.quiet_until(self.now).is_some();
        let up_to = if quiet { Priority::Personal } else { Priority::Bulk };
        if !self.tx.is_anything_sendable(up_to, self.now).await? {
            return Ok(());
        }
        for at in 0..self.channels.all.len() {
            let channel = &mut self.channels.all[at];
            let rests = channel.rests_until.is_some_and(|until| until > self.now);
            if !channel.ready || channel.busy.is_some() || channel.modem.is_none() || rests {
                continue;
            }
            if channel.paced_until(self.now).is_some() {
                continue;
            }
            let budget = self.settings.budget_per_hour;
            let queue = Queue { channel: channel.id, up_to, budget };
            if let Some(next) = self.tx.next_segment(queue, self.now).await? {
                self.send(at, &next).await?;
            }
        }
        Ok(())
    }

    async fn send(&mut self, at: usize, next: &NextSegment) -> Result<()> {
        let channel = &mut self.channels.all[at];
        let Some(modem) = channel.modem else { return Ok(()) };
        let encoded = encode(next).context("a queued message cannot be encoded")?;
        let attempt = self.tx.begin_attempt(next.segment, channel.id, self.now).await?;
        let sending = crate::model::MessageStatus::Sending;
        self.tx.segment_is(next.segment, sending).await?;
        self.tx.message_begun(next.message, channel.id).await?;
        let attempt = modem::AttemptId(attempt.0);
        channel.busy = Some(attempt);
        channel.began.push_back(self.now.as_millisecond());
        let (tpdu_len, pdu) = (encoded.tpdu_len, encoded.octets);
        self.commands.push(Command::Modem(modem, modem::Command::Send { attempt, tpdu_len, pdu }));
        Ok(())
    }

    /// When something is due by itself.
    pub(super) async fn next_deadline(&mut self) -> Result<Option<Timestamp>> {
        let (stored, waits) = self.tx.next_due(self.now).await?;
        let mut due: Vec<i64> = stored.into_iter().collect();
        if waits {
            let quiet = self.settings.quiet_until(self.now);
            due.extend(quiet.map(Timestamp::as_millisecond));
            for channel in self.channels.all.iter_mut().filter(|c| c.ready && c.busy.is_none()) {
                due.extend(channel.paced_until(self.now).map(Timestamp::as_millisecond));
                let rests = channel.rests_until.filter(|until| *until > self.now);
                due.extend(rests.map(Timestamp::as_millisecond));
            }
        }
        Ok(due.into_iter().min().map(crate::store::at))
    }
}

/// The segment as the modem takes it. The concatenation reference is the message's own number,
/// so that a segment sent again is the same part of the same message.
fn encode(next: &NextSegment) -> Result<Encoded> {
    let reference = u16::try_from(next.message.0.rem_euclid(256))?;
    let pieces = split(&next.body, reference, ReferenceWidth::Eight)?;
    let index = usize::from(next.position.max(1)) - 1;
    let piece: Piece = pieces.into_iter().nth(index).context("the text has fewer segments")?;
    let mut submit = Submit::new(Address::parse(&next.number)?, piece);
    submit.report = ReportRequest::Yes;
    submit.validity = Some(Validity::from_minutes(VALIDITY_MINUTES));
    if next.repeats > 0 {
        submit.duplicates = Duplicates::Reject;
    }
    Ok(submit.encode())
}
