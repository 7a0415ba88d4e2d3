//! Schedules: when each is looked at next, which day was the last, and who was started by a date.
//!
//! The rules are the flow's; what their days are is decided elsewhere.

use super::{Reader, Tx, at, ms};
use crate::model::ContactId;
use anyhow::Result;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// A schedule of the version of a flow that is in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleRow {
    /// The flow's id.
    pub flow: String,
    /// Its place in the flow's list, from 0.
    pub position: usize,
    /// For whom, and which of several: stays when its time is changed.
    pub name: String,
    /// All of it, in words.
    pub says: String,
    /// The contact's field, where it goes by a date.
    pub by_field: Option<String>,
    /// In force since.
    pub since: Timestamp,
    /// When it is looked at next; `None`: never.
    pub next_at: Option<Timestamp>,
    /// The newest day that was done or let pass.
    pub last_day: Option<Date>,
}

/// A schedule in a list for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScheduleLine {
    /// The flow's id.
    pub flow: String,
    /// All of it, in words.
    pub schedule: String,
    /// When it is looked at next, in UTC.
    pub next_at: Option<String>,
    /// The newest day that was done or let pass.
    pub last_day: Option<String>,
}

/// The names that contacts of the office give a meaning to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownNames {
    /// Groups that somebody is in.
    pub groups: Vec<String>,
    /// Fields that somebody has.
    pub fields: Vec<String>,
}

const GROUPS: &str = "SELECT DISTINCT name FROM contact_group ORDER BY name";
const FIELDS: &str = "SELECT DISTINCT field FROM contact_field ORDER BY field";
const ALL: &str =
    "SELECT flow, position, name, says, by_field, since, next_at, last_day FROM schedule
    ORDER BY flow, position";
const OF_FLOW: &str =
    "SELECT flow, position, name, says, by_field, since, next_at, last_day FROM schedule
    WHERE flow = $1 ORDER BY position";
const DUE: &str =
    "SELECT flow, position, name, says, by_field, since, next_at, last_day FROM schedule
    WHERE next_at <= $1 ORDER BY next_at, flow, position";
const LOOK_AGAIN: &str = "UPDATE schedule SET next_at = $1
    WHERE by_field IS NOT NULL AND next_at > $1";
const DROP_ALL: &str = "DELETE FROM schedule WHERE flow = $1";
const PUT: &str = "INSERT INTO schedule (flow, position, name, says, by_field, since, next_at,
        last_day)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (flow, position) DO UPDATE SET name = excluded.name, says = excluded.says,
        by_field = excluded.by_field, since = excluded.since, next_at = excluded.next_at, last_day = excluded.last_day";
const DATES: &str = "SELECT contact_id, value FROM contact_field WHERE field = $1
    AND kind IN ('date', 'text') ORDER BY contact_id";
const STARTED: &str = "INSERT INTO schedule_person (flow, name, contact_id, date)
    VALUES ($1, $2, $3, $4) ON CONFLICT (flow, name, contact_id, date) DO NOTHING";
const WAS_STARTED: &str = "SELECT count(*) FROM schedule_person
    WHERE flow = $1 AND name = $2 AND contact_id = $3 AND date = $4";

type Row = (String, i64, String, String, Option<String>, i64, Option<i64>, Option<String>);

impl Tx<'_> {
    /// All schedules in force.
    pub async fn schedules(&mut self) -> Result<Vec<ScheduleRow>> {
        let rows: Vec<Row> = sqlx::query_as(ALL).fetch_all(self.sql()).await?;
        Ok(rows.into_iter().map(read).collect())
    }

    /// The schedules of a flow that are in force.
    pub async fn schedules_of(&mut self, flow: &str) -> Result<Vec<ScheduleRow>> {
        let rows: Vec<Row> = sqlx::query_as(OF_FLOW).bind(flow).fetch_all(self.sql()).await?;
        Ok(rows.into_iter().map(read).collect())
    }

    /// The schedules whose time has come.
    pub async fn due_schedules(&mut self, now: Timestamp) -> Result<Vec<ScheduleRow>> {
        let rows: Vec<Row> = sqlx::query_as(DUE).bind(ms(now)).fetch_all(self.sql()).await?;
        Ok(rows.into_iter().map(read).collect())
    }

    /// A flow has no schedules any more.
    pub async fn drop_schedules(&mut self, flow: &str) -> Result<()> {
        sqlx::query(DROP_ALL).bind(flow).execute(self.sql()).await?;
        Ok(())
    }

    /// Keeps where a schedule stands.
    pub async fn put_schedule(&mut self, row: &ScheduleRow) -> Result<()> {
        sqlx::query(PUT)
            .bind(&row.flow)
            .bind(i64::try_from(row.position)?)
            .bind(&row.name)
            .bind(&row.says)
            .bind(&row.by_field)
            .bind(ms(row.since))
            .bind(row.next_at.map(ms))
            .bind(row.last_day.map(|day| day.to_string()))
            .execute(self.sql())
            .await?;
        Ok(())
    }

    /// The schedules that go by a date are looked at now.
    pub async fn dates_are_due(&mut self, now: Timestamp) -> Result<()> {
        sqlx::query(LOOK_AGAIN).bind(ms(now)).execute(self.sql()).await?;
        Ok(())
    }

    /// Everybody who has something in a field that may be a date, and what.
    pub async fn dates(&mut self, field: &str) -> Result<Vec<(ContactId, String)>> {
        let rows: Vec<(i64, String)> =
            sqlx::query_as(DATES).bind(field).fetch_all(self.sql()).await?;
        Ok(rows.into_iter().map(|(id, text)| (ContactId(id), text)).collect())
    }

    /// Whether somebody was started by this date already.
    pub async fn was_started_by(
        &mut self,
        row: &ScheduleRow,
        person: ContactId,
        date: Date,
    ) -> Result<bool> {
        let query = sqlx::query_scalar(WAS_STARTED).bind(&row.flow).bind(&row.name);
        let query = query.bind(person.0).bind(date.to_string());
        let count: i64 = query.fetch_one(self.sql()).await?;
        Ok(count > 0)
    }

    /// Somebody is started by this date.
    pub async fn started_by(
        &mut self,
        row: &ScheduleRow,
        person: ContactId,
        date: Date,
    ) -> Result<()> {
        let query = sqlx::query(STARTED).bind(&row.flow).bind(&row.name);
        query.bind(person.0).bind(date.to_string()).execute(self.sql()).await?;
        Ok(())
    }
}

impl Reader {
    /// The groups and fields that somebody has.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn known_names(&self) -> Result<KnownNames> {
        let groups = sqlx::query_scalar(GROUPS).fetch_all(self.sql()).await?;
        let fields = sqlx::query_scalar(FIELDS).fetch_all(self.sql()).await?;
        Ok(KnownNames { groups, fields })
    }

    /// The schedules in force, by flow.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn schedules(&self) -> Result<Vec<ScheduleLine>> {
        let rows: Vec<Row> = sqlx::query_as(ALL).fetch_all(self.sql()).await?;
        let line = |row: Row| {
            let row = read(row);
            ScheduleLine {
                flow: row.flow,
                schedule: row.says,
                next_at: row.next_at.map(|at| at.to_string()),
                last_day: row.last_day.map(|day| day.to_string()),
            }
        };
        Ok(rows.into_iter().map(line).collect())
    }
}

fn read((flow, position, name, says, by_field, since, next_at, last_day): Row) -> ScheduleRow {
    ScheduleRow {
        flow,
        position: usize::try_from(position).unwrap_or(usize::MAX),
        name,
        says,
        by_field,
        since: at(since),
        next_at: next_at.map(at),
        last_day: last_day.and_then(|day| day.parse().ok()),
    }
}
