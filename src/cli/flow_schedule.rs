//! What `flow check` finds that only the office can know: fields of contacts, and in a schedule
//! its groups and its quiet hours. Warnings all of them: a group may be new, and a night may be meant.

use super::Context;
use super::flow::read_written;
use super::flow_fields;
use crate::flow::problem::nearest;
use crate::flow::{Problem, Schedule, schedule_place};
use crate::store::KnownNames;
use crate::switchboard::{QuietHours, WrittenFlow};
use anyhow::Result;

/// What the office knows.
#[derive(Default)]
pub(super) struct Known {
    names: KnownNames,
    quiet_hours: Option<QuietHours>,
}

impl Known {
    /// What the office knows; nothing where there is no office, or nothing in its store.
    pub(super) async fn of(context: &Context) -> Result<Known> {
        let Ok(office) = context.office() else { return Ok(Known::default()) };
        let quiet_hours = office.settings().ok().and_then(|settings| settings.quiet_hours);
        let names = match office.database().exists() {
            true => office.reader().await?.known_names().await?,
            false => KnownNames::default(),
        };
        Ok(Known { names, quiet_hours })
    }

    /// What somebody should look at in a flow.
    pub(super) fn findings(&self, written: &WrittenFlow) -> Vec<Problem> {
        let Some(flow) = read_written(written).0 else { return Vec::new() };
        let joined = flow.endings.values().flat_map(|ending| &ending.add_to_groups);
        let joined: Vec<&str> = joined.map(String::as_str).collect();
        let mut problems = flow_fields::misspelt(&flow, &written.source, &self.names.fields);
        for (position, schedule) in flow.schedules.iter().enumerate() {
            let at = |word: &str| schedule_place(&written.source, position, word);
            for group in schedule.who.groups.iter().chain(&schedule.who.not_groups) {
                let is_known = joined.contains(&group.as_str());
                if !is_known && self.is_strange(group, &self.names.groups) {
                    let message = format!("Nobody is in the group `{group}`.");
                    problems.push(strange(message, at(group), group, &self.names.groups));
                }
            }
            for field in fields(schedule) {
                if self.is_strange(field, &self.names.fields) {
                    let message = format!("Nobody has a field `{field}`.");
                    let written_as = format!("contact.{field}");
                    let place =
                        if schedule.field() == Some(field) { at(&written_as) } else { at(field) };
                    problems.push(strange(message, place, field, &self.names.fields));
                }
            }
            let until = self.quiet_hours.filter(|quiet| quiet.hold_at(schedule.at));
            if let Some(quiet) = until {
                let time = schedule.at.strftime("%H:%M").to_string();
                let until = quiet.to.strftime("%H:%M");
                let message = format!(
                    "{time} is in the quiet hours: what is started then leaves at {until}."
                );
                let problem = Problem::warning("F109", at(&time), message);
                problems.push(problem.help("Leave it, or choose a time outside of them."));
            }
        }
        problems
    }

    /// Nothing is strange to an office that knows nobody yet.
    fn is_strange(&self, name: &str, known: &[String]) -> bool {
        let knows_nobody = self.names.groups.is_empty() && self.names.fields.is_empty();
        !knows_nobody && known.iter().all(|other| other != name)
    }
}

/// The fields of contacts that a schedule speaks of.
fn fields(schedule: &Schedule) -> impl Iterator<Item = &str> {
    let who = schedule.who.fields.iter().chain(&schedule.who.not_fields);
    schedule.field().into_iter().chain(who.map(|(field, _)| field.as_str()))
}

fn strange(
    message: String,
    place: crate::flow::problem::Place,
    name: &str,
    known: &[String],
) -> Problem {
    let problem = Problem::warning("F108", place, message);
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => problem.help(format!("Did you mean `{near}`?")),
        None => problem.help("If it is new, leave it: it will hold once somebody has it."),
    }
}
