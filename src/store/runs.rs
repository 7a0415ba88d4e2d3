//! Runs and answers: one contact's way through one flow.

use super::{Tx, at, ms};
use crate::model::{
    Answer, Asks, CampaignId, ChannelId, ContactId, Ended, How, Language, MessageId, Mode, Run,
    RunId, RunStatus, Value, Waiting,
};
use anyhow::Result;
use jiff::Timestamp;
use sqlx::Row;
use std::collections::BTreeMap;
use std::time::Duration;

/// A run with what the store adds to it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRow {
    /// The row.
    pub id: RunId,
    /// Whose run it is.
    pub contact: ContactId,
    /// The number it talks to.
    pub number: String,
    /// The campaign it belongs to, where it belongs to one.
    pub campaign: Option<CampaignId>,
    /// The version it began with.
    pub digest: String,
    /// The channel it talks through, once one is chosen.
    pub channel: Option<ChannelId>,
    /// The message of the question waited at.
    pub asked: Option<MessageId>,
    /// When that message had wholly left; `None`: it has not.
    pub asked_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How long it waits for an answer after the question left.
    pub expires_after: Option<Duration>,
    /// The state that the engine reads.
    pub run: Run,
}

impl RunRow {
    /// What the run waits for, if it waits.
    pub fn waiting(&self) -> Option<&Waiting> {
        match &self.run.status {
            RunStatus::Waiting(waiting) => Some(waiting),
            RunStatus::Ended(_) => None,
        }
    }
}

/// A run that begins.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRun<'a> {
    /// Whose run it is.
    pub contact: ContactId,
    /// The number it talks to.
    pub number: &'a str,
    /// The campaign it belongs to.
    pub campaign: Option<CampaignId>,
    /// The flow's id.
    pub flow: &'a str,
    /// The version.
    pub digest: &'a str,
    /// The channel it talks through, where one is known already.
    pub channel: Option<ChannelId>,
}

/// A question that a run waits at, on its way to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its message.
    pub message: MessageId,
    /// When to remind, counted from when the message has left; `None`: never.
    pub remind_after: Option<Duration>,
    /// When the run's time is over, counted from there.
    pub expires_after: Duration,
}

/// A timer of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Remind the person.
    Remind,
    /// The run's time is over.
    Expire,
}

/// A run whose timer is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueRun {
    /// The run.
    pub id: RunId,
    /// What is due.
    pub timer: Timer,
}

const BEGIN: &str = "INSERT INTO run (contact_id, number, campaign_id, flow, digest, channel_id,
        mode, language, status, turn, started_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'beginning', 0, $9) RETURNING id";
const SAVE: &str = "UPDATE run SET mode = $2, language = $3, status = $4, ending = $5,
        question = $6, tries = $7, reminders = $8, proposed_kind = $9, proposed = $10, turn = $11,
        ended_at = $12, asked_id = $13, remind_ms = $14, expire_ms = $15, asked_at = NULL,
        due_at = NULL, due_what = NULL
    WHERE id = $1";
const ASKED: &str = "UPDATE run SET asked_at = $2,
        due_at = $2 + coalesce(remind_ms, expire_ms),
        due_what = CASE WHEN remind_ms IS NULL THEN 'expire' ELSE 'remind' END
    WHERE id = $1 AND asked_id = $3 AND asked_at IS NULL AND status = 'waiting'
        AND expire_ms IS NOT NULL";
const DUE: &str = "SELECT id, due_what FROM run WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2";
const FAILED_NUMBERS: &str = "SELECT number FROM run
    WHERE campaign_id = $1 AND contact_id = $2 AND status = 'failed'";
const ON_OTHERS: &str = "SELECT id FROM run WHERE status = 'waiting' AND flow = $1
    AND digest <> $2 AND ($3 = 0 OR campaign_id = $3) ORDER BY id";
const GOES_ON_WITH: &str = "UPDATE run SET digest = $2 WHERE id = $1 AND status = 'waiting'";
const BY_ITSELF: &str = "SELECT count(*) FROM run
    WHERE number = $1 AND flow = $2 AND campaign_id IS NULL AND started_at > $3";
const POSTPONE: &str = "UPDATE run SET due_at = $2 WHERE id = $1";
const TALKS_THROUGH: &str = "UPDATE run SET channel_id = $2 WHERE id = $1";
const HEARD: &str = "INSERT INTO answer (run_id, question, kind, value, heard, how, message_id,
        answered_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// The kinds in the place of a proposed value where the person chooses something else than their
/// answer.
const CHOOSES: [(&str, Asks); 2] =
    [("fixing", Asks::WhichAnswer), ("language", Asks::WhichLanguage)];

// A run with its answers, a row for each; one row where there is none.
macro_rules! select_run {
    ($name:ident, $which:literal) => {
        const $name: &str = concat!(
            "SELECT r.id, r.contact_id, r.number, r.campaign_id, r.digest, r.channel_id, \
             r.asked_id, r.asked_at, r.ended_at, r.expire_ms, r.mode, r.language, r.status, \
             r.ending, r.question, r.tries, r.reminders, r.proposed_kind, r.proposed, r.turn, \
             a.question, a.kind, a.value, a.heard, a.how \
             FROM run r LEFT JOIN answer a ON a.run_id = r.id",
            " WHERE ",
            $which,
            " ORDER BY a.id"
        );
    };
}
select_run!(BY_ID, "r.id = $1");
select_run!(WAITING, "r.number = $1 AND r.status = 'waiting'");
select_run!(
    LAST,
    "r.id = (SELECT l.id FROM run l WHERE l.number = $1 \
     AND l.status IN ('completed', 'ended', 'expired') ORDER BY l.ended_at DESC, l.id DESC LIMIT 1)"
);

impl Tx<'_> {
    /// Makes the row of a run; [`Tx::save_run`] says where it stands.
    pub async fn begin_run(
        &mut self,
        new: &NewRun<'_>,
        run: &Run,
        now: Timestamp,
    ) -> Result<RunId> {
        let id: i64 = sqlx::query_scalar(BEGIN)
            .bind(new.contact.0)
            .bind(new.number)
            .bind(new.campaign.map(|id| id.0))
            .bind(new.flow)
            .bind(new.digest)
            .bind(new.channel.map(|id| id.0))
            .bind(mode_word(run.mode))
            .bind(run.language.as_str())
            .bind(ms(now))
            .fetch_one(self.sql())
            .await?;
        Ok(RunId(id))
    }

    /// Keeps where a run stands after a turn, and the question's message where it asked one.
    /// Timers of the turn before are gone.
    pub async fn save_run(
        &mut self,
        id: RunId,
        run: &Run,
        asked: Option<Asked>,
        now: Timestamp,
    ) -> Result<()> {
        let (status, ending, waiting) = status_words(&run.status);
        let proposed = waiting.and_then(|waiting| waiting.proposed.as_ref());
        let chooses = CHOOSES.iter().find(|(_, asks)| waiting.is_some_and(|w| w.asks == *asks));
        sqlx::query(SAVE)
            .bind(id.0)
            .bind(mode_word(run.mode))
            .bind(run.language.as_str())
            .bind(status)
            .bind(ending)
            .bind(waiting.map(|waiting| waiting.question.as_str()))
            .bind(i64::from(waiting.map_or(0, |waiting| waiting.tries)))
            .bind(i64::from(waiting.map_or(0, |waiting| waiting.reminders)))
            .bind(chooses.map(|(word, _)| *word).or(proposed.map(Value::kind)))
            .bind(proposed.map(Value::to_text))
            .bind(i64::from(run.turn))
            .bind(waiting.is_none().then(|| ms(now)))
            .bind(asked.map(|asked| asked.message.0))
            .bind(asked.and_then(|asked| asked.remind_after).map(millis))
            .bind(asked.map(|asked| millis(asked.expires_after)))
            .execute(self.sql())
            .await?;
        Ok(())
    }

    /// The question's message has wholly left: its timers start now. Does nothing for a message
    /// that the run no longer waits on.
    pub async fn question_left(
        &mut self,
        id: RunId,
        message: MessageId,
        now: Timestamp,
    ) -> Result<()> {
        let query = sqlx::query(ASKED).bind(id.0).bind(ms(now)).bind(message.0);
        query.execute(self.sql()).await?;
        Ok(())
    }

    /// Runs whose timer is due, the oldest first.
    pub async fn due_runs(&mut self, now: Timestamp, most: u32) -> Result<Vec<DueRun>> {
        let rows: Vec<(i64, String)> =
            sqlx::query_as(DUE).bind(ms(now)).bind(i64::from(most)).fetch_all(self.sql()).await?;
        let due = |(id, what): (i64, String)| {
            let timer = if what == "remind" { Timer::Remind } else { Timer::Expire };
            DueRun { id: RunId(id), timer }
        };
        Ok(rows.into_iter().map(due).collect())
    }

    /// The numbers of a person that a campaign has tried in vain.
    pub async fn failed_numbers(
        &mut self,
        campaign: CampaignId,
        contact: ContactId,
    ) -> Result<Vec<String>> {
        let query = sqlx::query_scalar(FAILED_NUMBERS).bind(campaign.0).bind(contact.0);
        Ok(query.fetch_all(self.sql()).await?)
    }

    /// The runs that wait in other versions of a flow, of one campaign or of all.
    pub async fn runs_on_others(
        &mut self,
        flow: &str,
        digest: &str,
        campaign: Option<CampaignId>,
    ) -> Result<Vec<RunId>> {
        let query = sqlx::query_scalar(ON_OTHERS).bind(flow).bind(digest);
        let query = query.bind(campaign.map_or(0, |campaign| campaign.0));
        let ids: Vec<i64> = query.fetch_all(self.sql()).await?;
        Ok(ids.into_iter().map(RunId).collect())
    }

    /// A waiting run goes on with another version; where it stands and its timers stay.
    pub async fn run_goes_on_with(&mut self, id: RunId, digest: &str) -> Result<()> {
        sqlx::query(GOES_ON_WITH).bind(id.0).bind(digest).execute(self.sql()).await?;
        Ok(())
    }

    /// Whether this number has begun this flow by itself since then.
    pub async fn has_begun_since(
        &mut self,
        number: &str,
        flow: &str,
        since: Timestamp,
    ) -> Result<bool> {
        let query = sqlx::query_scalar(BY_ITSELF).bind(number).bind(flow).bind(ms(since));
        let count: i64 = query.fetch_one(self.sql()).await?;
        Ok(count > 0)
    }

    /// Moves a run's timer: out of the quiet hours.
    pub async fn postpone_run(&mut self, id: RunId, until: Timestamp) -> Result<()> {
        sqlx::query(POSTPONE).bind(id.0).bind(ms(until)).execute(self.sql()).await?;
        Ok(())
    }

    /// The person wrote to this channel: answers go out through it from now on.
    pub async fn run_talks_through(&mut self, id: RunId, channel: ChannelId) -> Result<()> {
        sqlx::query(TALKS_THROUGH).bind(id.0).bind(channel.0).execute(self.sql()).await?;
        Ok(())
    }

    /// A run by its row, with its answers.
    pub async fn run(&mut self, id: RunId) -> Result<Option<RunRow>> {
        with_answers(&sqlx::query(BY_ID).bind(id.0).fetch_all(self.sql()).await?)
    }

    /// The run that waits for this number; there is one at most.
    pub async fn waiting_run(&mut self, number: &str) -> Result<Option<RunRow>> {
        with_answers(&sqlx::query(WAITING).bind(number).fetch_all(self.sql()).await?)
    }

    /// The last run of this number that ended by itself: a late reply may belong to it.
    pub async fn last_run(&mut self, number: &str) -> Result<Option<RunRow>> {
        with_answers(&sqlx::query(LAST).bind(number).fetch_all(self.sql()).await?)
    }

    /// Keeps an answer, understood or not, beside those before it.
    pub async fn keep_answer(
        &mut self,
        run: RunId,
        answer: &Answer,
        message: Option<MessageId>,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(HEARD)
            .bind(run.0)
            .bind(&answer.question)
            .bind(answer.value.as_ref().map(Value::kind))
            .bind(answer.value.as_ref().map(Value::to_text))
            .bind(&answer.heard)
            .bind(answer.how.as_str())
            .bind(message.map(|id| id.0))
            .bind(ms(now))
            .execute(self.sql())
            .await?;
        Ok(())
    }
}

/// The run of the first row, and the newest answer to each question of all rows.
fn with_answers(rows: &[sqlx::sqlite::SqliteRow]) -> Result<Option<RunRow>> {
    let Some(first) = rows.first() else { return Ok(None) };
    let mut run = read_run(first)?;
    run.run.answers = answers(rows)?;
    Ok(Some(run))
}

fn answers(rows: &[sqlx::sqlite::SqliteRow]) -> Result<BTreeMap<String, Answer>> {
    let mut newest = BTreeMap::new();
    for row in rows {
        let Some(question) = row.try_get::<Option<String>, _>(20)? else { continue };
        let (kind, value): (Option<String>, Option<String>) = (row.try_get(21)?, row.try_get(22)?);
        let (heard, how): (String, String) = (row.try_get(23)?, row.try_get(24)?);
        let value = kind.zip(value).and_then(|(kind, value)| Value::from_stored(&kind, &value));
        let how = How::from_word(&how).unwrap_or(How::NotUnderstood);
        newest.insert(question.clone(), Answer { question, value, heard, how });
    }
    Ok(newest)
}

fn read_run(row: &sqlx::sqlite::SqliteRow) -> Result<RunRow> {
    let mode: String = row.try_get(10)?;
    let language: String = row.try_get(11)?;
    let time = |column: usize| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(at))
    };
    let expire: Option<i64> = row.try_get(9)?;
    Ok(RunRow {
        id: RunId(row.try_get(0)?),
        contact: ContactId(row.try_get(1)?),
        number: row.try_get(2)?,
        campaign: row.try_get::<Option<i64>, _>(3)?.map(CampaignId),
        digest: row.try_get(4)?,
        channel: row.try_get::<Option<i64>, _>(5)?.map(ChannelId),
        asked: row.try_get::<Option<i64>, _>(6)?.map(MessageId),
        asked_at: time(7)?,
        ended_at: time(8)?,
        expires_after: expire.map(|ms| Duration::from_millis(ms.unsigned_abs())),
        run: Run {
            mode: if mode == "voice" { Mode::Voice } else { Mode::Sms },
            language: Language::new(&language),
            status: read_status(row)?,
            answers: BTreeMap::new(),
            turn: row.try_get::<i64, _>(19)?.try_into()?,
        },
    })
}

fn read_status(row: &sqlx::sqlite::SqliteRow) -> Result<RunStatus> {
    let (status, ending): (String, String) = (row.try_get(12)?, row.try_get(13)?);
    Ok(RunStatus::Ended(match status.as_str() {
        "waiting" => return Ok(RunStatus::Waiting(read_waiting(row)?)),
        "completed" => Ended::Completed(ending),
        "ended" => Ended::EndedEarly(ending),
        "expired" => Ended::Expired,
        "stopped" => Ended::Stopped,
        "cancelled" => Ended::Cancelled,
        "needs_person" => Ended::NeedsPerson,
        _ => Ended::Failed(ending),
    }))
}

fn read_waiting(row: &sqlx::sqlite::SqliteRow) -> Result<Waiting> {
    let (kind, proposed): (Option<String>, Option<String>) = (row.try_get(17)?, row.try_get(18)?);
    Ok(Waiting {
        asks: CHOOSES
            .iter()
            .find(|(word, _)| kind.as_deref() == Some(*word))
            .map_or(Asks::Answer, |(_, asks)| *asks),
        question: row.try_get::<Option<String>, _>(14)?.unwrap_or_default(),
        tries: row.try_get::<i64, _>(15)?.try_into()?,
        reminders: row.try_get::<i64, _>(16)?.try_into()?,
        proposed: kind.zip(proposed).and_then(|(kind, text)| Value::from_stored(&kind, &text)),
    })
}

fn status_words(status: &RunStatus) -> (&'static str, &str, Option<&Waiting>) {
    match status {
        RunStatus::Waiting(waiting) => ("waiting", "", Some(waiting)),
        RunStatus::Ended(ended) => match ended {
            Ended::Completed(ending) => ("completed", ending, None),
            Ended::EndedEarly(ending) => ("ended", ending, None),
            Ended::Expired => ("expired", "", None),
            Ended::Stopped => ("stopped", "", None),
            Ended::Cancelled => ("cancelled", "", None),
            Ended::NeedsPerson => ("needs_person", "", None),
            Ended::Failed(why) => ("failed", why, None),
        },
    }
}

fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Sms => "sms",
        Mode::Voice => "voice",
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
