//! `rollcall demo`: the Liberia pilot in a simulated country, through the whole real program.

use super::{Context, Outcome, init, report};
use crate::clock;
use crate::office::{Office, SETTINGS};
use crate::store::{Audience, Funnel, Home};
use crate::switchboard::{Reply, Request};
use crate::world::{World, pilot};
use anyhow::{Result, bail};
use jiff::{SignedDuration, Timestamp};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

/// The Liberia pilot of 2014 in a simulated country: 482 health workers, eight modems, ten days.
///
/// Example: rollcall demo
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Draw who answers by the pilot's rates, from this seed, so that figures differ
    #[arg(long)]
    seed: Option<u64>,
    /// So many health workers, drawn by the pilot's rates
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=20_000))]
    workers: Option<u64>,
    /// Call forty health workers who would never answer a text, instead of writing to all
    #[arg(long, conflicts_with = "workers")]
    voice: bool,
    /// Tell every message as it happens
    #[arg(long)]
    events: bool,
    /// Where the office of the demo is written
    #[arg(long, default_value = "rollcall-demo", value_name = "DIR")]
    dir: PathBuf,
}

/// The file that tells a demo's office from a real one.
const MARK: &str = "data/demo";
/// When the pilot began: a Monday morning.
pub(super) const BEGUN: &str = "2014-08-18T09:00:00Z";
/// How long the demo's office gathers events before it writes them down together.
const GATHER: Duration = Duration::from_secs(10);
/// How long it is watched.
const DAYS: i64 = 14;

impl Demo {
    pub(super) async fn run(&self, context: &Context) -> Result<Outcome> {
        if self.voice {
            return self.run_voice(context).await;
        }
        let office = self.office()?;
        let begun = clock::stopwatch();
        let mut world = self.world(&office).await?;
        self.start(&mut world).await?;
        self.watch(&mut world).await?;
        let campaign = world.reader().campaign_id(None).await?.unwrap_or(0);
        let funnel = world.reader().funnel(campaign).await?;
        report::write(&office, world.reader(), campaign).await?;
        let seconds = (clock::stopwatch() - begun).as_secs_f64();
        let commits = world.commits();
        world.close().await?;
        if context.json {
            let object = serde_json::json!({
                "schema": 1, "messaged": funnel.messaged, "reached": funnel.reached,
                "responded": funnel.responded, "completed": funnel.completed,
                "seed": self.seed.unwrap_or(0), "seconds": seconds, "commits": commits.count,
                "commit_seconds": commits.time.as_secs_f64(),
            });
            println!("{object}");
        } else {
            self.show(&funnel);
            println!(
                "\n{seconds:.1} s for {DAYS} days; {} transactions made durable, {:.1} s of it \
                 waiting for the disk.",
                commits.count,
                commits.time.as_secs_f64()
            );
        }
        Ok(Outcome::Done)
    }

    pub(super) fn seed(&self) -> Option<u64> {
        self.seed
    }

    pub(super) fn tells_events(&self) -> bool {
        self.events
    }

    pub(super) fn folder(&self) -> String {
        self.dir.display().to_string()
    }

    fn show(&self, funnel: &Funnel) {
        println!("{}", report::draw(funnel));
        let dir = self.dir.display();
        println!(
            "The office of the demo is in {dir}. Look around:\n  \
             rollcall --office {dir} report\n  \
             rollcall --office {dir} messages list --limit 20\n  \
             rollcall --office {dir} export --format xlsx\n\
             Then make your own: rollcall init my-office"
        );
    }

    /// The folder, laid out like any office; an office that is not a demo's is left alone.
    pub(super) fn office(&self) -> Result<Office> {
        if self.dir.join(SETTINGS).exists() && !self.dir.join(MARK).exists() {
            bail!("{} is a real office; name another folder with --dir.", self.dir.display());
        }
        if self.dir.join(MARK).exists() {
            for name in ["rollcall.db", "rollcall.db-wal", "rollcall.db-shm"] {
                let _ = std::fs::remove_file(self.dir.join("data").join(name));
            }
        }
        init::lay_out(&self.dir)?;
        std::fs::write(self.dir.join("contacts.csv"), pilot::ROSTER)?;
        std::fs::write(self.dir.join(MARK), "This office was made by `rollcall demo`.\n")?;
        Ok(Office { folder: self.dir.clone() })
    }

    async fn world(&self, office: &Office) -> Result<World> {
        let mut plan = pilot::plan(pilot::ROSTER)?;
        if self.seed.is_some() || self.workers.is_some() {
            let workers = usize::try_from(self.workers.unwrap_or(482))?;
            plan.people = pilot::drawn(plan.people, workers, self.seed.unwrap_or(1));
        }
        let home = Home::File(office.database());
        let begun: Timestamp = BEGUN.parse()?;
        let seed = self.seed.unwrap_or(0);
        let mut world = World::open(home, pilot::settings()?, plan, seed, begun).await?;
        world.gather_for(GATHER);
        Ok(world)
    }

    async fn start(&self, world: &mut World) -> Result<()> {
        let plan = pilot::contacts_of(usize::try_from(self.workers.unwrap_or(482))?)?;
        world.ask(Request::ImportContacts { plan }).await?;
        let start = Request::StartCampaign {
            flow: pilot::flow(),
            name: Some("Liberia pilot".to_owned()),
            audience: Audience::default(),
            start_key: "demo".to_owned(),
            by: None,
        };
        match world.ask(start).await? {
            Reply::Started { people, .. } => {
                eprintln!("{people} health workers, {} modems, one campaign.", pilot::MODEMS);
                Ok(())
            }
            other => bail!("the campaign did not start: {other:?}"),
        }
    }

    async fn watch(&self, world: &mut World) -> Result<()> {
        let begun = world.now();
        for day in 1..=DAYS {
            world.run_until(begun + SignedDuration::from_hours(24 * day)).await?;
            let campaign = world.reader().campaign_id(None).await?.unwrap_or(0);
            let funnel = world.reader().funnel(campaign).await?;
            eprint!(
                "\rday {day:2}: {} messaged, {} reached, {} responded, {} completed",
                funnel.messaged, funnel.reached, funnel.responded, funnel.completed
            );
            let _ = std::io::stderr().flush();
        }
        eprintln!();
        if self.events {
            for happening in world.truth() {
                println!("{}", crate::world::story::line(happening));
            }
        }
        Ok(())
    }
}
