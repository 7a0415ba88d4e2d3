//! The Liberia pilot of 2014 as data: who was written to, who had a phone that was on, who
//! answered what. 482 fictitious people stand in `roster.csv`; the pilot's published figures
//! follow from their temperaments, and the seed draws delays, losses, slips and order only.

use super::port_of;
use crate::contacts::{self, ImportPlan};
use crate::model::{Language, Region};
use crate::people;
use crate::switchboard::{ChannelSettings, Find, Settings, WrittenFlow};
use anyhow::{Context, Result, anyhow};
use jiff::tz::TimeZone;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use rollcall_drivers::simulator::{
    Between, ModemPlan, NetworkPlan, PerMille, PersonPlan, Plan, Rates, Temperament,
};
use std::collections::BTreeMap;

/// The people, as a table that is both a people file and a list of contacts.
pub const ROSTER: &str = include_str!("roster.csv");
/// The questionnaire.
pub const FLOW: &str = include_str!("../../flows/staff-validation.yaml");
/// The list of places that it names.
pub const PLACES: &str = include_str!("../../flows/lists/places.csv");
/// How many sticks are on the table.
pub const MODEMS: u16 = 8;

/// The questionnaire with its list.
pub fn flow() -> WrittenFlow {
    WrittenFlow {
        file: "flows/staff-validation.yaml".to_owned(),
        source: FLOW.to_owned(),
        beside: BTreeMap::from([("lists/places.csv".to_owned(), PLACES.to_owned())]),
        recordings: None,
    }
}

/// The people of a roster as contacts: the columns up to the temperament, without it.
///
/// # Errors
/// The roster is no table.
pub fn contacts(roster: &str) -> Result<ImportPlan> {
    let mut rows = contacts::csv_rows(roster.as_bytes())?;
    let width = rows.first().and_then(|head| head.iter().position(|h| h == "temperament"));
    let width = width.context("the roster has no temperaments")?;
    rows.iter_mut().for_each(|row| row.truncate(width));
    contacts::plan("roster.csv", &rows, liberia()?).map_err(|why| anyhow!(why))
}

fn liberia() -> Result<Region> {
    Region::new("LR").context("Liberia is a country")
}

/// The office's settings: Liberia, quiet nights, eight sticks that speak as fast as they can.
///
/// # Errors
/// The time zone is not known.
pub fn settings() -> Result<Settings> {
    let mut settings = Settings::new(liberia()?, TimeZone::get("Africa/Monrovia")?);
    settings.languages = vec![Language::new("en"), Language::new("fr"), Language::new("en-LR")];
    settings.channels = (0..usize::from(MODEMS))
        .map(|at| ChannelSettings::new(format!("stick-{}", at + 1), Find::ByPort(port_of(at))))
        .collect();
    Ok(settings)
}

/// The country of a roster: its people, the sticks, and a network as careless as a real one.
///
/// # Errors
/// The roster has a row that cannot be read.
pub fn plan(roster: &str) -> Result<Plan> {
    let people = people::read(roster, "roster.csv").map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow!(lines.join("\n"))
    })?;
    Ok(Plan { modems: modems(), network: network(), people, ..Plan::default() })
}

fn modems() -> Vec<ModemPlan> {
    (1..=MODEMS).map(ModemPlan::numbered).collect()
}

/// Losses that a careful office recovers from: figures do not depend on them.
fn network() -> NetworkPlan {
    NetworkPlan {
        report: Between::secs(1, 30),
        rates: Rates {
            refused: PerMille(10),
            lost_result: PerMille(3),
            late_report: PerMille(20),
            twin: PerMille(10),
            out_of_order: PerMille(200),
            lost_notice: PerMille(5),
            ..Rates::default()
        },
        ..NetworkPlan::default()
    }
}

/// Draws temperaments by the pilot's rates instead of taking the roster's, for `workers` people.
pub fn drawn(mut people: Vec<PersonPlan>, workers: usize, seed: u64) -> Vec<PersonPlan> {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = |of: u32| dice.next_u32() % of;
    let known = people.len();
    for nth in known..workers {
        people.push(PersonPlan { number: further_number(nth), ..people[nth % known].clone() });
    }
    people.truncate(workers);
    for person in &mut people {
        person.temperament = match draw(482) {
            0..119 => Temperament::Completes,
            119..165 => Temperament::StopsAfter(1 + u8::try_from(draw(14)).unwrap_or(0)),
            165..289 => Temperament::ReadsOnly,
            _ => Temperament::NeverOn,
        };
    }
    people
}

/// So many contacts: the roster's, and beyond them their namesakes.
///
/// # Errors
/// The roster is no table.
pub fn contacts_of(workers: usize) -> Result<ImportPlan> {
    let mut plan = contacts(ROSTER)?;
    let known = plan.people.len();
    for nth in known..workers {
        let mut namesake = plan.people[nth % known].clone();
        namesake.numbers = vec![further_number(nth)];
        namesake.name = format!("{} {}", namesake.name, nth / known + 1);
        namesake.external_id = namesake.external_id.map(|id| format!("{id}-{}", nth / known + 1));
        plan.people.push(namesake);
    }
    plan.people.truncate(workers);
    Ok(plan)
}

fn further_number(nth: usize) -> String {
    format!("+231887{nth:06}")
}
