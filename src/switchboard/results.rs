//! What became of an attempt: it left, it surely did not, or nobody knows.

use super::{ModemNo, Work};
use crate::model::{
    AttemptId, AttemptOutcome, ChannelId, Disposition, Ended, MessageStatus, RunStatus,
};
use crate::store::{Fact, SentSegment, Through};
use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use rollcall_drivers::modem::{self, Cause, RetryClass};

/// Pauses before the next try, in seconds, by how often the segment was tried.
const SOON: [i64; 5] = [5, 10, 30, 60, 300];
const LATER: [i64; 8] = [60, 300, 900, 3_600, 7_200, 14_400, 28_800, 86_400];
/// The same for a message that is said to be put together wrongly: it is not, so letters of it were
/// lost on the line. One that is refused every time is a mistake of ours, and asked no further.
const GARBLED: [i64; 3] = [5, 30, 300];
/// How long a channel rests whose SIM was refused.
const SIM_REST: SignedDuration = SignedDuration::from_mins(30);

impl Work<'_> {
    /// The network took a segment. May come late, after nobody knew.
    pub(super) async fn sent(
        &mut self,
        modem: ModemNo,
        attempt: modem::AttemptId,
        reference: Option<u8>,
    ) -> Result<()> {
        self.free(modem, attempt);
        let id = AttemptId(attempt.0);
        let outcome = AttemptOutcome::Sent(reference);
        if !self.tx.close_attempt(id, &outcome, self.now).await? {
            return Ok(());
        }
        match self.tx.attempt_about(id).await? {
            Some(about) => self.segment_left(&about).await,
            None => Ok(()),
        }
    }

    /// A segment left: when the last one has, the question's timers start.
    pub(super) async fn segment_left(&mut self, about: &SentSegment) -> Result<()> {
        self.fact(about.member, Fact::Messaged).await?;
        if about.total == 1 {
            let what = (about.segment, about.message);
            return self.tx.left_whole(what, about.run, self.now).await;
        }
        self.tx.segment_left(about.segment).await?;
        if !self.tx.has_wholly_left(about.message).await? {
            return self.tx.message_goes_on(about.message).await;
        }
        self.tx.message_sent(about.message, self.now).await?;
        match about.run {
            Some(run) => self.tx.question_left(run, about.message, self.now).await,
            None => Ok(()),
        }
    }

    fn free(&mut self, modem: ModemNo, attempt: modem::AttemptId) {
        if let Some(channel) = self.channels.of_modem(modem)
            && channel.busy == Some(attempt)
        {
            channel.busy = None;
        }
    }

    /// A segment surely did not leave.
    pub(super) async fn not_sent(
        &mut self,
        modem: ModemNo,
        attempt: modem::AttemptId,
        cause: Cause,
    ) -> Result<()> {
        if cause.advice() == RetryClass::TreatAsSent {
            return self.sent(modem, attempt, None).await;
        }
        self.free(modem, attempt);
        let id = AttemptId(attempt.0);
        let why = format!("the network or modem refused it: {cause}");
        if !self.tx.close_attempt(id, &AttemptOutcome::NotSent(why.clone()), self.now).await? {
            return Ok(());
        }
        let Some(about) = self.tx.attempt_about(id).await? else { return Ok(()) };
        if !self.tx.segment_back(about.segment).await? {
            return Ok(());
        }
        let is_the_sims = matches!(cause.advice(), RetryClass::Sim | RetryClass::Setup);
        let through = if is_the_sims { Through::Any } else { Through::Theirs };
        match self.next_try(modem, &cause, about.tries).await? {
            Some(when) => self.tx.message_later(about.message, when, &why, through).await,
            None => self.message_failed(&about, &why).await,
        }
    }

    /// When a refused segment is tried again; `None`: never. The modem's and the SIM's own
    /// trouble costs no message its life; the network and the other phone get 39 hours.
    async fn next_try(
        &mut self,
        modem: ModemNo,
        cause: &Cause,
        tries: u32,
    ) -> Result<Option<Timestamp>> {
        let tried = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
        let or_last = |table: &[i64]| table.get(tried).or(table.last()).copied();
        let pause = match cause.advice() {
            RetryClass::RetrySoon | RetryClass::Harmless => or_last(&SOON),
            RetryClass::Destination => None,
            RetryClass::Bug => GARBLED.get(tried).copied(),
            RetryClass::Sim | RetryClass::Setup => {
                self.rest(modem, cause).await?;
                Some(0)
            }
            RetryClass::WaitNetwork | RetryClass::StorageFull | RetryClass::Device => {
                or_last(&SOON)
            }
            RetryClass::RetryLater
            | RetryClass::TreatAsSent
            | RetryClass::Ambiguous
            | RetryClass::Unclear => LATER.get(tried).copied(),
        };
        Ok(pause.map(|seconds| self.now + SignedDuration::from_secs(seconds)))
    }

    /// A SIM that is barred or has no credit is not asked again for a while; others go on.
    async fn rest(&mut self, modem: ModemNo, cause: &Cause) -> Result<()> {
        let until = self.now + SIM_REST;
        let Some(channel) = self.channels.of_modem(modem) else { return Ok(()) };
        channel.rests_until = Some(until);
        let (id, name) = (channel.id, channel.settings.name.clone());
        let why = format!("the SIM was refused: {cause}; is there credit on it?");
        self.tx.channel_state(id, "attention", &why, self.now).await?;
        self.show(format!("{name}: {why}"));
        Ok(())
    }

    /// A message will never go: its run cannot go on.
    pub(super) async fn message_failed(&mut self, about: &SentSegment, why: &str) -> Result<()> {
        self.tx.message_ended(about.message, MessageStatus::Failed, why).await?;
        let Some(run) = about.run else { return Ok(()) };
        let Some(mut row) = self.tx.run(run).await? else { return Ok(()) };
        if !matches!(row.run.status, RunStatus::Waiting(_)) || row.asked != Some(about.message) {
            return Ok(());
        }
        row.run.status = RunStatus::Ended(Ended::Failed(why.to_owned()));
        self.tx.save_run(run, &row.run, None, self.now).await?;
        self.tx.cancel_messages_of(run, why).await?;
        if let Some(member) = about.member {
            let contact = self.tx.contact(member.1).await?;
            let untried = match &contact {
                Some(contact) => self.untried_number(member.0, contact).await?,
                None => None,
            };
            match untried {
                Some(_) => self.tx.member_waits_again(member, why).await?,
                None => self.tx.member_over(member, Disposition::Failed, why).await?,
            }
            self.finish_campaign_if_done(member.0).await?;
        }
        self.number_is_free(&row.number).await
    }

    /// Nobody knows whether a segment left.
    pub(super) async fn unclear(
        &mut self,
        modem: ModemNo,
        attempt: modem::AttemptId,
        why: &str,
    ) -> Result<()> {
        self.free(modem, attempt);
        let channel = self.channels.of_modem(modem).map(|channel| channel.id);
        let Some(about) = self.tx.attempt_about(AttemptId(attempt.0)).await? else {
            return Ok(());
        };
        self.uncertain(AttemptId(attempt.0), &about, why).await?;
        if let Some(name) = channel.and_then(|id| self.name_of(id)) {
            self.show(format!("{name}: a message may have left or not: {why}"));
        }
        Ok(())
    }

    /// Marks an attempt, its segment and its message as uncertain.
    pub(super) async fn uncertain(
        &mut self,
        attempt: AttemptId,
        about: &SentSegment,
        why: &str,
    ) -> Result<()> {
        let outcome = AttemptOutcome::Uncertain(why.to_owned());
        let is_open = self.tx.close_attempt(attempt, &outcome, self.now).await?;
        if !is_open || !self.tx.segment_uncertain(about.segment).await? {
            return Ok(());
        }
        let until = self.now + self.settings.uncertain_wait;
        self.tx.message_uncertain(about.message, until, why, self.now).await
    }

    fn name_of(&mut self, id: ChannelId) -> Option<String> {
        self.channels.by_id(id).map(|channel| channel.settings.name.clone())
    }
}
