//! `rollcall demo --voice`: the health workers who answer no text are called.
//!
//! Forty of the roster's people who read texts and never answer. What becomes of the call to each
//! is drawn from the seed; what they mean to say stands in the roster. They listen to what is played
//! and press the keys they hear of. What they pressed is compared with what is in the store.

use super::demo::{BEGUN, Demo};
use super::{Context, Outcome, report};
use crate::clock;
use crate::flow::{self, Flow};
use crate::model::Mode;
use crate::office::Office;
use crate::store::{Audience, Home};
use crate::switchboard::{Reply, Request};
use crate::world::{World, pilot, story};
use anyhow::{Context as _, Result, bail};
use jiff::{SignedDuration, Timestamp};
use rollcall_drivers::simulator::{PersonPlan, What};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

/// How many people are called.
const PEOPLE: usize = 40;
/// How long it is watched.
const DAYS: i64 = 2;

/// What came of the calls.
#[derive(Debug, Default, serde::Serialize)]
struct Figures {
    /// Who answers no text.
    people: usize,
    /// Somebody dialled their number.
    called: usize,
    /// They took a call.
    took_a_call: usize,
    /// The first question was answered.
    responded: i64,
    /// All questions were answered.
    completed: i64,
    /// The same by language.
    completed_by_language: BTreeMap<String, usize>,
    /// Calls that were dialled.
    calls: usize,
    /// Keys that were pressed.
    keys: usize,
    /// Answers by key that are in the store.
    answers_by_key: usize,
    /// Those that are not what their person meant.
    wrong: usize,
    /// Answers that were spoken.
    spoken: usize,
}

impl Demo {
    pub(super) async fn run_voice(&self, context: &Context) -> Result<Outcome> {
        let office = self.office()?;
        let begun = clock::stopwatch();
        let people = pilot::silent(PEOPLE, self.seed().unwrap_or(1))?;
        let mut world = self.world_of_calls(&office, &people).await?;
        start(&mut world, &people).await?;
        watch(&mut world).await?;
        let campaign = world.reader().campaign_id(None).await?.unwrap_or(0);
        let figures = figures(&world, &people, campaign).await?;
        report::write(&office, world.reader(), campaign).await?;
        if self.tells_events() {
            for happening in world.truth() {
                println!("{}", story::line(happening));
            }
        }
        world.close().await?;
        let seconds = (clock::stopwatch() - begun).as_secs_f64();
        if context.json {
            let mut object = serde_json::to_value(&figures)?;
            object["schema"] = serde_json::json!(1);
            object["seed"] = serde_json::json!(self.seed().unwrap_or(1));
            object["seconds"] = serde_json::json!(seconds);
            println!("{object}");
        } else {
            show(&figures, seconds, &self.folder());
        }
        Ok(Outcome::Done)
    }

    async fn world_of_calls(&self, office: &Office, people: &[PersonPlan]) -> Result<World> {
        let plan = pilot::plan_of_calls(people.to_vec());
        let home = Home::File(office.database());
        let begun: Timestamp = BEGUN.parse()?;
        let settings = pilot::settings_of_calls()?;
        World::open(home, settings, plan, self.seed().unwrap_or(1), begun).await
    }
}

async fn start(world: &mut World, people: &[PersonPlan]) -> Result<()> {
    let mut plan = pilot::contacts(pilot::ROSTER)?;
    let numbers: BTreeSet<&str> = people.iter().map(|person| person.number.as_str()).collect();
    plan.people.retain(|person| person.numbers.iter().any(|it| numbers.contains(it.as_str())));
    world.ask(Request::ImportContacts { plan }).await?;
    let start = Request::StartCampaign {
        flow: pilot::flow(),
        name: Some("By call".to_owned()),
        audience: Audience::default(),
        start_key: "demo by call".to_owned(),
        by: Some(Mode::Voice),
    };
    match world.ask(start).await? {
        Reply::Started { people, .. } => {
            eprintln!(
                "{people} health workers who answer no text are called, by {} modems.",
                pilot::MODEMS
            );
            Ok(())
        }
        other => bail!("the campaign did not start: {other:?}"),
    }
}

async fn watch(world: &mut World) -> Result<()> {
    let begun = world.now();
    for hour in 1..=24 * DAYS {
        world.run_until(begun + SignedDuration::from_hours(hour)).await?;
        let campaign = world.reader().campaign_id(None).await?.unwrap_or(0);
        let funnel = world.reader().funnel(campaign).await?;
        eprint!(
            "\rhour {hour:2}: {} called, {} reached, {} responded, {} completed",
            funnel.messaged, funnel.reached, funnel.responded, funnel.completed
        );
        let _ = std::io::stderr().flush();
    }
    eprintln!();
    Ok(())
}

async fn figures(world: &World, people: &[PersonPlan], campaign: i64) -> Result<Figures> {
    let funnel = world.reader().funnel(campaign).await?;
    let mut figures = Figures {
        people: people.len(),
        responded: funnel.responded,
        completed: funnel.completed,
        ..Figures::default()
    };
    let (mut called, mut took) = (BTreeSet::new(), BTreeSet::new());
    for happening in world.truth() {
        match &happening.what {
            What::Called { to, .. } => {
                figures.calls += 1;
                called.insert(to);
            }
            What::PickedUp { by } => drop(took.insert(by)),
            What::Pressed { keys, .. } => figures.keys += keys.len(),
            What::Spoke { .. } => figures.spoken += 1,
            _ => {}
        }
    }
    (figures.called, figures.took_a_call) = (called.len(), took.len());
    let (flow, today) = (questionnaire()?, pilot::settings_of_calls()?.today(world.now()));
    let mut completed = BTreeSet::new();
    for row in world.reader().answers(Some(campaign)).await? {
        if row.status == "completed" {
            completed.insert(row.number.clone());
        }
        if row.value.is_empty() || row.value.starts_with("recordings/") {
            continue;
        }
        figures.answers_by_key += 1;
        let person = people.iter().find(|person| row.number == person.number);
        let meant = person.and_then(|person| pilot::meant(&flow, person, &row.question, today));
        if let Some(meant) = meant.filter(|meant| *meant != row.value) {
            let (who, question) = (story::masked(&row.number), &row.question);
            eprintln!("{who} meant {meant} at `{question}`; in the store is {}", row.value);
            figures.wrong += 1;
        }
    }
    for person in pilot::contacts(pilot::ROSTER)?.people {
        if person.numbers.iter().any(|number| completed.contains(number)) {
            let language = person.language.unwrap_or_default();
            *figures.completed_by_language.entry(language).or_default() += 1;
        }
    }
    Ok(figures)
}

fn questionnaire() -> Result<Flow> {
    let written = pilot::flow();
    let (flow, _) = flow::read(&written.source, &written.read_beside().0);
    flow.context("the shipped questionnaire can be read")
}

fn show(figures: &Figures, seconds: f64, dir: &str) {
    let Figures { people, called, took_a_call, responded, completed, .. } = figures;
    let bar = |count: usize| "█".repeat(count);
    let count = |count: &i64| usize::try_from(*count).unwrap_or(0);
    println!("Of {people} health workers who would never answer a text:");
    println!("  called          {called:3}  {}", bar(*called));
    println!("  took the call   {took_a_call:3}  {}", bar(*took_a_call));
    println!("  responded       {responded:3}  {}", bar(count(responded)));
    println!("  completed       {completed:3}  {}", bar(count(completed)));
    let by_language: Vec<String> = figures
        .completed_by_language
        .iter()
        .map(|(language, count)| format!("{count} in {language}"))
        .collect();
    println!("  ({})", by_language.join(", "));
    println!(
        "{} calls, {} keys pressed, {} answers by key in the store, {} of them not what was meant; \
         {} spoken answers.",
        figures.calls, figures.keys, figures.answers_by_key, figures.wrong, figures.spoken
    );
    println!(
        "The office of the demo is in {dir}. Look around:\n  rollcall --office {dir} calls list\n  \
         rollcall --office {dir} report\n{seconds:.1} s for {DAYS} days."
    );
}
