//! The bench: the whole program in a simulated country, with everything that goes wrong.
//!
//! A month of twenty people, two sticks and a flow every week, drawn from one seed: who answers
//! how, what the network loses, when the power fails. What must hold is checked from outside.
//! Who uses it: the stories in `tests/`, the binary `world`. Weeks on sticks of a maker, with
//! every fault that sticks have, are in `weeks`; other people's programs on simulated modems in
//! `peers`.

pub mod peers;
pub mod weeks;

use anyhow::{Context, Result, bail};
use jiff::{SignedDuration, Timestamp};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use rollcall::contacts::{ImportPlan, ImportedPerson};
use rollcall::model::{Mode, Pace, Region};
use rollcall::store::{Audience, Home};
use rollcall::switchboard::{
    ChannelSettings, Find, READING_TIME, Reply, Request, Settings, WrittenFlow,
};
use rollcall::world::invariants::Violated;
use rollcall::world::{Cut, World, port_of};
use rollcall_drivers::simulator::{
    Between, Habits, ModemPlan, NetworkPlan, PerMille, PersonPlan, Plan, Rates, Takes, Temperament,
};
use std::path::Path;
use std::time::Duration;

/// How many people live in the country.
pub const PEOPLE: u32 = 20;
/// How many of them, the last ones, are called every other week.
pub const CALLED: u32 = 4;
/// How many sticks are on the table.
pub const MODEMS: u16 = 2;
/// When every world begins: a Monday morning.
const BEGUN: &str = "2026-03-02T09:00:00Z";
const FLOW: &str = include_str!("../../flows/three-questions.yaml");

/// A month that went wrong: what did not hold, and what happened until then.
#[derive(Debug)]
pub struct Broken {
    /// A line each.
    pub violations: Vec<String>,
    /// A line an event.
    pub story: Vec<String>,
}

/// The country of a seed: twenty people of every temperament, and a careless network.
pub fn country(seed: u64) -> Plan {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let people = (1..=PEOPLE).map(|person| someone(person, &mut dice)).collect();
    let modems = (1..=MODEMS).map(ModemPlan::numbered).collect();
    Plan { modems, network: network(), people, ..Plan::default() }
}

fn someone(person: u32, dice: &mut ChaCha8Rng) -> PersonPlan {
    let temperament = match dice.next_u32() % 10 {
        0 => Temperament::NeverOn,
        1 => Temperament::ReadsOnly,
        2 => Temperament::StopsAfter(1),
        3 => Temperament::SaysStop { after: 1 },
        4 => Temperament::OffUntil(Duration::from_secs(u64::from(dice.next_u32() % 200_000))),
        _ => Temperament::Completes,
    };
    let mut habits = Habits::default();
    if dice.next_u32().is_multiple_of(3) {
        habits.late = PerMille(100);
        habits.late_by = Between::secs(3_600, 20 * 3_600);
    }
    if dice.next_u32().is_multiple_of(3) {
        habits.again = PerMille(200);
    }
    if dice.next_u32().is_multiple_of(3) {
        habits.in_two = PerMille(200);
    }
    let mut plan = PersonPlan::new(number_of(person), temperament)
        .says("malaria packs", &format!("{}", 1_000 + person))
        .says("malaria tests", &format!("{}", 2_000 + person))
        .says("need most", &format!("gloves {person}"));
    plan.habits = habits;
    if person > PEOPLE - CALLED { called(plan, person) } else { plan }
}

fn number_of(person: u32) -> String {
    format!("+23188612{person:04}")
}

fn network() -> NetworkPlan {
    NetworkPlan {
        rates: Rates {
            refused: PerMille(20),
            lost_result: PerMille(10),
            timed_out: PerMille(5),
            late_result: PerMille(5),
            lost_report: PerMille(30),
            late_report: PerMille(50),
            twin: PerMille(30),
            out_of_order: PerMille(300),
            lost_notice: PerMille(20),
            ..Rates::default()
        },
        ..NetworkPlan::default()
    }
}

/// Somebody who is called every other week, and slips by call alone: their answers are known.
fn called(mut plan: PersonPlan, person: u32) -> PersonPlan {
    plan.habits = Habits::default();
    plan.temperament = Temperament::Completes;
    plan.by_call.takes = match person % 4 {
        0 => Takes::Answers,
        1 => Takes::AnswersAfter(1),
        2 => Takes::Nobody,
        _ => Takes::Answers,
    };
    plan.by_call.interrupts = person % 4 == 3;
    plan.by_call.hangs_up_after = (person % 4 == 3).then_some(1);
    plan
}

/// The office of the bench: quiet nights, two sticks without a pace.
///
/// # Errors
/// The time zone is not known.
pub fn settings() -> Result<Settings> {
    let region = Region::new("LR").context("Liberia is a country")?;
    let mut settings = Settings::new(region, jiff::tz::TimeZone::UTC);
    settings.reading_time = Some(READING_TIME);
    settings.channels = (0..usize::from(MODEMS))
        .map(|at| ChannelSettings {
            pace: Pace::UNLIMITED,
            calls: true,
            ..ChannelSettings::new(format!("stick-{}", at + 1), Find::ByPort(port_of(at)))
        })
        .collect();
    Ok(settings)
}

/// Opens the world of a seed in a folder, with its people taken in.
///
/// # Errors
/// The store cannot be opened.
pub async fn open(folder: &Path, seed: u64, plan: Plan) -> Result<World> {
    open_with(folder, seed, plan, settings()?).await
}

async fn open_with(folder: &Path, seed: u64, plan: Plan, settings: Settings) -> Result<World> {
    let home = Home::Scratch(folder.join("rollcall.db"));
    let begun: Timestamp = BEGUN.parse()?;
    let mut world = World::open(home, settings, plan, seed, begun).await?;
    world.keep_watch();
    let people = (1..=PEOPLE)
        .map(|person| ImportedPerson {
            name: format!("Person Number {person}"),
            numbers: vec![number_of(person)],
            ..ImportedPerson::default()
        })
        .collect();
    let plan = ImportPlan { people, ..ImportPlan::default() };
    world.ask(Request::ImportContacts { plan }).await?;
    Ok(world)
}

/// Starts the week's flow.
///
/// # Errors
/// The office refuses.
pub async fn start(world: &mut World, key: &str) -> Result<()> {
    let flow = WrittenFlow {
        file: "three-questions.yaml".to_owned(),
        source: FLOW.to_owned(),
        beside: Default::default(),
        recordings: None,
    };
    let request = Request::StartCampaign {
        flow,
        name: Some(key.to_owned()),
        audience: Audience::default(),
        start_key: key.to_owned(),
        by: None,
    };
    match world.ask(request).await? {
        Reply::Started { .. } => Ok(()),
        other => bail!("the campaign did not start: {other:?}"),
    }
}

/// Starts the week's flow by call for the last people, and by SMS for the others. The power may
/// fail in a call.
async fn start_by_call(world: &mut World, key: &str, dice: &mut ChaCha8Rng) -> Result<()> {
    let numbers = |people: std::ops::RangeInclusive<u32>| Audience {
        numbers: people.map(number_of).collect(),
        ..Audience::default()
    };
    let by_call = FLOW
        .replace("flow: three-questions", "flow: three-questions\nchannels: [sms, voice]")
        .replace("  type: text\n", "  type: text\n  voice: {record: 10 s}\n");
    let starts = [
        (FLOW.to_owned(), numbers(1..=PEOPLE - CALLED), None),
        (by_call, numbers(PEOPLE - CALLED + 1..=PEOPLE), Some(Mode::Voice)),
    ];
    for (source, audience, by) in starts {
        let file = "three-questions.yaml".to_owned();
        let flow = WrittenFlow { file, source, beside: Default::default(), recordings: None };
        let name = format!("{key} {by:?}");
        let start_key = name.clone();
        let request = Request::StartCampaign { flow, name: Some(name), audience, start_key, by };
        match world.ask(request).await? {
            Reply::Started { .. } => {}
            other => bail!("the campaign did not start: {other:?}"),
        }
    }
    for _ in 0..2 {
        let soon = SignedDuration::from_secs(20 + i64::from(dice.next_u32() % 120));
        world.run_until(world.now() + soon).await?;
        if dice.next_u32().is_multiple_of(3) {
            world.cut(Cut::Everything, Duration::from_secs(60)).await?;
        }
    }
    Ok(())
}

/// Answers of those who are called are known: none may be another, whatever way it came.
async fn judge_calls(world: &World) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for row in world.reader().answers(None).await? {
        for person in PEOPLE - CALLED + 1..=PEOPLE {
            let known = match row.question.as_str() {
                "packs" => 1_000 + person,
                "tests" => 2_000 + person,
                _ => continue,
            };
            let is_theirs = row.number == number_of(person) && !row.value.is_empty();
            if is_theirs && row.value != known.to_string() {
                wrong.push(format!("person {person} meant {known}, not {}", row.value));
            }
        }
    }
    Ok(wrong)
}

/// A whole month of a seed; what did not hold, if anything.
///
/// # Errors
/// The program itself failed: a bug.
pub async fn month(seed: u64) -> Result<Option<Broken>> {
    let folder = tempfile::tempdir()?;
    let mut world = open(folder.path(), seed, country(seed)).await?;
    let lived = live(&mut world, seed).await;
    judged(lived, &world)
}

/// What did not hold, with what happened until then.
fn judged(lived: Result<()>, world: &World) -> Result<Option<Broken>> {
    match lived {
        Ok(()) => Ok(None),
        Err(failure) => match failure.downcast::<Violated>() {
            Ok(Violated(violations)) => {
                Ok(Some(Broken { violations, story: world.story().to_vec() }))
            }
            Err(other) => Err(other),
        },
    }
}

async fn live(world: &mut World, seed: u64) -> Result<()> {
    let mut dice = ChaCha8Rng::seed_from_u64(seed ^ 0x5EED);
    for week in 0..4 {
        match week % 2 {
            0 => start(world, &format!("week {week}")).await?,
            _ => start_by_call(world, &format!("week {week}"), &mut dice).await?,
        }
        let end = world.now() + SignedDuration::from_hours(24 * 7);
        while world.now() < end {
            let quiet = SignedDuration::from_mins(i64::from(dice.next_u32() % 1_440) + 1);
            let until = (world.now() + quiet).min(end);
            world.run_until(until).await?;
            trouble(world, &mut dice).await?;
        }
    }
    let rest = world.now() + SignedDuration::from_hours(24 * 3);
    world.run_until(rest).await?;
    world.must_be_at_rest().await?;
    let wrong = judge_calls(world).await?;
    if wrong.is_empty() { Ok(()) } else { Err(Violated(wrong).into()) }
}

/// One thing that goes wrong, drawn from the seed.
async fn trouble(world: &mut World, dice: &mut ChaCha8Rng) -> Result<()> {
    let at = usize::try_from(dice.next_u32() % u32::from(MODEMS))?;
    match dice.next_u32() % 8 {
        0 => world.cut(Cut::Computer, Duration::from_secs(60)).await,
        1 => world.cut(Cut::Everything, Duration::from_secs(600)).await,
        2 => {
            world.unplug(at);
            let back = world.now() + SignedDuration::from_mins(3);
            world.run_until(back).await?;
            world.plug(at);
            Ok(())
        }
        3 => {
            world.reboot(at);
            Ok(())
        }
        4 => {
            world.hang(at, Duration::from_secs(75));
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A country in which everybody answers and nothing is lost: stories add their own trouble.
pub fn kind_country() -> Plan {
    let mut plan = country(1);
    plan.network = NetworkPlan::default();
    for person in &mut plan.people {
        person.temperament = Temperament::Completes;
        person.habits = Habits::default();
    }
    plan
}

/// Runs two more days until all has come to rest; how many completed.
///
/// # Errors
/// The program failed, or what must hold does not.
pub async fn come_to_rest(world: &mut World) -> Result<i64> {
    let rest = world.now() + SignedDuration::from_hours(48);
    world.run_until(rest).await?;
    world.must_be_at_rest().await?;
    let campaign = world.reader().campaign_id(None).await?.context("a campaign was started")?;
    Ok(world.reader().funnel(campaign).await?.completed)
}
