//! What is sent next, through which channel: pace, quiet hours, answers before bulk.

use super::{Command, Work, parts};
use crate::model::{MessageStatus, Priority};
use crate::store::{NextSegment, Queue};
use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use rollcall_drivers::modem;
use rollcall_drivers::pdu::{
    Address, Duplicates, Encoded, Piece, ReferenceWidth, ReportRequest, Submit, Validity, split,
};

/// How long the network keeps trying, in minutes: longer than the longest reminder is apart, so
/// that a phone that was off for a day still gets its question.
const VALIDITY_MINUTES: u32 = 3 * 24 * 60;
/// In quiet hours, how old an answer may be that still leaves: its person is awake.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// How long a message waits whose number has had too many.
const OVER_BUDGET: SignedDuration = SignedDuration::from_mins(10);

impl Work<'_> {
    /// Gives every idle channel its next segment. The attempt is written in this transaction;
    /// the command leaves after its commit.
    pub(super) async fn fill_channels(&mut self) -> Result<()> {
        let quiet = self.settings.quiet_until(self.now).is_some();
        let up_to = if quiet { Priority::Personal } else { Priority::Bulk };
        let answers_since = if quiet { self.now - FRESH } else { Timestamp::UNIX_EPOCH };
        let mut sendable = self.tx.sendable(up_to, self.now).await?;
        if self.move_messages(&sendable).await? {
            sendable = self.tx.sendable(up_to, self.now).await?;
        }
        for at in 0..self.channels.all.len() {
            let channel = &mut self.channels.all[at];
            let rests = channel.rests_until.is_some_and(|until| until > self.now);
            if !channel.is_free() || rests {
                continue;
            }
            if channel.only_receives() {
                continue;
            }
            if !sendable.by(channel.id) || channel.paced_until(self.now).is_some() {
                continue;
            }
            let queue = Queue { channel: channel.id, up_to, answers_since };
            while let Some(next) = self.tx.next_segment(queue, self.now).await? {
                if self.give(at, &next).await? == Given::Yes {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Gives a segment to a channel, unless its number has had too many or it cannot be sent.
    async fn give(&mut self, at: usize, next: &NextSegment) -> Result<Given> {
        let channel = &mut self.channels.all[at];
        let Some(modem) = channel.modem else { return Ok(Given::Yes) };
        if next.in_last_hour >= self.settings.budget_per_hour {
            let why = format!("this number got {} messages in an hour", next.in_last_hour);
            let until = self.now + OVER_BUDGET;
            self.tx.message_waits(next.message, until, &why).await?;
            return Ok(Given::No);
        }
        let encoded = match encode(next) {
            Ok(encoded) => encoded,
            Err(why) => {
                let why = format!("it cannot be sent to this number: {why}");
                self.tx.message_ended(next.message, MessageStatus::Failed, &why).await?;
                return Ok(Given::No);
            }
        };
        let what = (next.segment, next.message);
        let attempt = self.tx.begin_attempt(what, channel.id, self.now).await?;
        let attempt = modem::AttemptId(attempt.0);
        channel.busy = Some(attempt);
        channel.began.push_back(self.now.as_millisecond());
        let (tpdu_len, pdu) = (encoded.tpdu_len, encoded.octets);
        self.commands.push(Command::Modem(modem, modem::Command::Send { attempt, tpdu_len, pdu }));
        Ok(Given::Yes)
    }

    /// When something is due by itself.
    pub(super) async fn next_deadline(&mut self) -> Result<Option<Timestamp>> {
        let patience = i64::try_from(parts::PATIENCE.as_millis())?;
        let (stored, waits) = self.tx.next_due(self.now, patience).await?;
        let mut due: Vec<i64> = stored.into_iter().collect();
        if waits {
            let quiet = self.settings.quiet_until(self.now);
            due.extend(quiet.map(Timestamp::as_millisecond));
            let moved = self.channels.all.iter().filter_map(|channel| self.moved_from(channel));
            due.extend(moved.filter(|from| *from > self.now).map(Timestamp::as_millisecond));
            for channel in self.channels.all.iter_mut().filter(|channel| channel.is_free()) {
                due.extend(channel.paced_until(self.now).map(Timestamp::as_millisecond));
                let rests = channel.rests_until.filter(|until| *until > self.now);
                due.extend(rests.map(Timestamp::as_millisecond));
            }
        }
        let calls = self.next_call_due().await?;
        due.extend(calls.map(Timestamp::as_millisecond));
        Ok(due.into_iter().min().map(crate::store::at))
    }
}

/// Whether a channel has got something to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    Yes,
    No,
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
