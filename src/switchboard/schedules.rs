//! Flows that start by themselves: which schedules are in force, and whose time has come.
//!
//! The rules stand in the published version of a flow, their days in `flow::calendar`; here they
//! meet the store. A start goes the way of every start, with a key made of flow, day and schedule:
//! whatever happens in between, no day is done twice. However long the office was off, a schedule
//! starts once at most.

use super::campaigns::Start;
use super::{Reply, Work};
use crate::flow::{Flow, Occurrence, Schedule, When, date_of};
use crate::model::ContactId;
use crate::store::{Chosen, ScheduleRow};
use anyhow::Result;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Work<'_> {
    /// The schedules of the version in use take the place of those before. One that stayed as it
    /// is goes on as if nothing was published; one whose time was changed begins now, after the
    /// last day that was done.
    pub(super) async fn put_schedules_in_force(&mut self, flow: &Flow) -> Result<()> {
        let before = self.tx.schedules_of(&flow.id).await?;
        if before.is_empty() && flow.schedules.is_empty() {
            return Ok(());
        }
        self.tx.drop_schedules(&flow.id).await?;
        let names = names(&flow.schedules);
        for (position, (schedule, name)) in flow.schedules.iter().zip(names).enumerate() {
            let says = schedule.to_string();
            let old = before.iter().find(|old| old.name == name);
            let row = match old {
                Some(old) if old.says == says => ScheduleRow { position, ..old.clone() },
                Some(_) | None => {
                    let last_day = old.and_then(|old| old.last_day);
                    let next = schedule.next(self.now, last_day, &self.settings.zone);
                    ScheduleRow {
                        flow: flow.id.clone(),
                        position,
                        name,
                        says,
                        by_field: schedule.field().map(str::to_owned),
                        since: self.now,
                        next_at: next.map(|next| next.at),
                        last_day,
                    }
                }
            };
            self.tx.put_schedule(&row).await?;
        }
        Ok(())
    }

    /// Part of opening: the office may have another time zone now. What was missed stays missed.
    pub(super) async fn open_schedules(&mut self) -> Result<()> {
        for mut row in self.tx.schedules().await? {
            let waits = row.next_at.is_none_or(|at| at > self.now);
            let Some((flow, _)) = self.version_in_use(&row.flow).await?.filter(|_| waits) else {
                continue;
            };
            let Some(schedule) = flow.schedules.get(row.position) else { continue };
            let next = schedule.next(self.now, row.last_day, &self.settings.zone);
            row.next_at = next.map(|next| next.at);
            self.tx.put_schedule(&row).await?;
        }
        Ok(())
    }

    /// Starts what is due.
    pub(super) async fn run_schedules(&mut self) -> Result<()> {
        for mut row in self.tx.due_schedules(self.now).await? {
            let version = self.version_in_use(&row.flow).await?;
            let found = version.as_ref().and_then(|(flow, digest)| {
                Some((flow.schedules.get(row.position)?, digest.as_str()))
            });
            let Some((schedule, digest)) = found else {
                self.tx.drop_schedules(&row.flow).await?;
                continue;
            };
            let newest = schedule.newest(self.now, row.last_day, &self.settings.zone);
            match &schedule.when {
                When::ByDate { field, .. } => {
                    self.run_by_dates(&row, schedule, digest, field).await?;
                }
                When::EveryDay | When::EveryWeek(_) | When::EveryMonth(_) => {
                    if let Some(newest) = newest {
                        self.run_by_calendar(&row, schedule, digest, newest).await?;
                    }
                }
            }
            row.last_day = newest.map_or(row.last_day, |newest| Some(newest.day));
            let next = schedule.next(self.now, row.last_day, &self.settings.zone);
            row.next_at = next.map(|next| next.at);
            self.tx.put_schedule(&row).await?;
        }
        Ok(())
    }

    async fn run_by_calendar(
        &mut self,
        row: &ScheduleRow,
        schedule: &Schedule,
        digest: &str,
        newest: Occurrence,
    ) -> Result<()> {
        let name = format!("{} {}", row.flow, newest.day);
        if !schedule.is_in_time(newest, self.now, &self.settings.zone) {
            self.show(format!("{name}: its time was missed, and it is too late to start it now"));
            return Ok(());
        }
        let chosen = self.tx.audience(&schedule.who, self.now).await?;
        let key = format!("schedule {} {} {}", row.flow, newest.day, row.name);
        self.begin_by_itself(row, schedule, (digest, name, key), chosen).await
    }

    /// Starts those whose date has come, each once for each date.
    async fn run_by_dates(
        &mut self,
        row: &ScheduleRow,
        schedule: &Schedule,
        digest: &str,
        field: &str,
    ) -> Result<()> {
        let mut come: BTreeMap<ContactId, Date> = BTreeMap::new();
        for (person, text) in self.tx.dates(field).await? {
            let Some(date) = date_of(&text) else { continue };
            let Some(due) = schedule.of_date(date, &self.settings.zone) else { continue };
            let has_come = due.at > row.since && due.at <= self.now;
            if has_come
                && schedule.is_in_time(due, self.now, &self.settings.zone)
                && !self.tx.was_started_by(row, person, date).await?
            {
                come.insert(person, date);
            }
        }
        if come.is_empty() {
            return Ok(());
        }
        let mut chosen = self.tx.audience(&schedule.who, self.now).await?;
        chosen.people.retain(|person| come.contains_key(person));
        for person in &chosen.people {
            self.tx.started_by(row, *person, come[person]).await?;
        }
        let name = format!("{} {}", row.flow, self.today().date);
        let key = format!("schedule {} {} {}", row.flow, self.now, row.name);
        self.begin_by_itself(row, schedule, (digest, name, key), chosen).await
    }

    async fn begin_by_itself(
        &mut self,
        row: &ScheduleRow,
        schedule: &Schedule,
        (digest, name, key): (&str, String, String),
        chosen: Chosen,
    ) -> Result<()> {
        let said = name.clone();
        let (flow, audience, key) = (row.flow.as_str(), &schedule.who, key.as_str());
        let start = Start { flow, digest, name, audience, key, begins_by: None };
        let reply = self.begin_campaign(start, chosen).await?;
        let Reply::Started { people, already, .. } = reply else {
            self.show(format!("{said}: its schedule found nobody to start it for"));
            return Ok(());
        };
        if !already {
            self.show(format!("{said}: started by its schedule for {people} people"));
        }
        Ok(())
    }

    /// What a flow does next by itself, a sentence for each schedule.
    pub(super) async fn next_by_itself(&mut self, flow: &str) -> Result<Vec<String>> {
        let mut sentences = Vec::new();
        for row in self.tx.schedules_of(flow).await? {
            let Some(at) = row.next_at else { continue };
            let here = at.to_zoned(self.settings.zone.clone()).strftime("%a %F at %H:%M");
            let does = match row.by_field {
                Some(_) => "looks whose day has come next on",
                None => "starts by itself next on",
            };
            sentences.push(format!("It {does} {here} ({}).", row.says));
        }
        Ok(sentences)
    }

    /// Contacts were changed: somebody's date may have been set after its day had come.
    pub(super) async fn look_at_dates_again(&mut self) -> Result<()> {
        self.tx.dates_are_due(self.now).await
    }

    async fn version_in_use(&mut self, flow: &str) -> Result<Option<(Arc<Flow>, String)>> {
        let Some(digest) = self.flows.digest_in_use(flow) else { return Ok(None) };
        Ok(Some((self.flow(&digest).await?, digest)))
    }
}

/// What each schedule of a flow is known by when its time is changed: by the calendar for whom it
/// is, by a date which field it is; and which of several.
fn names(schedules: &[Schedule]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let name = |schedule: &Schedule| {
        let what = match schedule.field() {
            Some(field) => format!("by {field}"),
            None => format!("for {}", serde_json::to_string(&schedule.who).unwrap_or_default()),
        };
        let count = seen.entry(what.clone()).or_default();
        *count += 1;
        format!("{what} #{count}")
    };
    schedules.iter().map(name).collect()
}
