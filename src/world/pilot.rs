//! The Liberia pilot of 2014 as data: who was written to, who had a phone that was on, who
//! answered what. 482 fictitious people stand in `roster.csv`; the pilot's published figures
//! follow from their temperaments, and the seed draws delays, losses, slips and order only.

use super::port_of;
use crate::contacts::{self, ImportPlan};
use crate::engine::{self, Today};
use crate::flow::Flow;
use crate::model::{Language, Region};
use crate::people;
use crate::switchboard::{ChannelSettings, Find, Settings, WrittenFlow};
use anyhow::{Context, Result, anyhow};
use jiff::tz::TimeZone;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use rollcall_drivers::simulator::{
    Between, ModemPlan, NetworkPlan, PerMille, PersonPlan, Personality, Plan, Rates, Takes,
    Temperament,
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

/// People of the roster who read texts and never answer, and what becomes of a call to each: drawn.
///
/// # Errors
/// The roster has a row that cannot be read.
pub fn silent(most: usize, seed: u64) -> Result<Vec<PersonPlan>> {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = |of: u32| dice.next_u32() % of;
    let mut people = plan(ROSTER)?.people;
    people.retain(|person| person.temperament == Temperament::ReadsOnly);
    while people.len() > most {
        let out = draw(u32::try_from(people.len())?);
        people.swap_remove(usize::try_from(out)?);
    }
    for person in &mut people {
        let by_call = &mut person.by_call;
        by_call.takes = match draw(100) {
            0..62 => Takes::Answers,
            62..72 => Takes::AnswersAfter(1 + u8::try_from(draw(2)).unwrap_or(0)),
            72..82 => Takes::Nobody,
            82..87 => Takes::Busy,
            87..94 => Takes::Mailbox,
            _ => Takes::Refuses,
        };
        if draw(5) == 0 {
            by_call.hangs_up_after = Some(2 + u8::try_from(draw(8)).unwrap_or(0));
        }
        by_call.interrupts = draw(3) == 0;
        by_call.slips = PerMille(60);
        by_call.key = std::time::Duration::from_millis(u64::from(70 + draw(150)));
    }
    Ok(people)
}

/// The country of these people, with sticks that have sound, of four makers.
pub fn plan_of_calls(people: Vec<PersonPlan>) -> Plan {
    let with_sound = ["generic", "huawei", "simcom", "quectel"];
    let makers = with_sound.into_iter().filter_map(Personality::named).cycle();
    let stick = |(stick, personality)| ModemPlan { personality, ..stick };
    let modems = modems().into_iter().zip(makers).map(stick).collect();
    Plan { modems, network: network(), people, ..Plan::default() }
}

/// The office's settings with sticks that make calls.
///
/// # Errors
/// The time zone is not known.
pub fn settings_of_calls() -> Result<Settings> {
    let mut settings = settings()?;
    settings.channels.iter_mut().for_each(|channel| channel.calls = true);
    Ok(settings)
}

/// What somebody would be understood to mean who texted their answer to a question of the flow.
pub fn meant(flow: &Flow, person: &PersonPlan, question: &str, today: Today) -> Option<String> {
    let question = flow.question(question)?;
    let earlier = BTreeMap::new();
    flow.languages.iter().find_map(|language| {
        let asked = question.ask.get(language)?.to_lowercase();
        let is_asked = |phrase: &String| asked.contains(&phrase.to_lowercase());
        let reply = person.replies.iter().find(|reply| reply.when.iter().any(is_asked))?;
        let about = engine::Asked { flow, question, language, earlier: &earlier };
        let value = engine::read_reply(&about, &reply.say, today).value?;
        Some(value.to_text())
    })
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
