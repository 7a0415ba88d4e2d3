//! A week on the sticks of one maker, with every fault that sticks have, drawn from the seed.
//!
//! What must hold is what must hold in a month: whatever the network brought is stored and
//! answered, nothing is lost, doubled or filed under the wrong question.

use super::{Broken, country, judged, open_with, settings, start};
use anyhow::{Context, Result};
use jiff::SignedDuration;
use rollcall::switchboard::Find;
use rollcall::world::World;
use rollcall::world::invariants::Violated;
use rollcall_drivers::simulator::{Fault, NetworkPlan, Personality, Plan, Rates, Recurring};

/// How many times a day each fault strikes each stick.
const TIMES_A_DAY: u32 = 4;
/// How many days all may take to come to rest once nothing goes wrong any more.
const REST: i64 = 3;

/// Every kind of fault, a few times a day.
pub fn all_faults() -> Vec<Recurring> {
    Fault::EACH.map(|fault| fault.times_a_day(TIMES_A_DAY)).into()
}

/// A week of a seed on sticks of one kind; what did not hold, if anything.
///
/// # Errors
/// The program itself failed: a bug.
pub async fn week(personality: Personality, seed: u64) -> Result<Option<Broken>> {
    week_with(personality, all_faults(), seed).await
}

/// The same with these faults alone.
///
/// # Errors
/// The program itself failed: a bug.
pub async fn week_with(
    personality: Personality,
    faults: Vec<Recurring>,
    seed: u64,
) -> Result<Option<Broken>> {
    let folder = tempfile::tempdir()?;
    let plan = plan(personality, &faults, seed);
    let mut settings = settings()?;
    for (channel, modem) in settings.channels.iter_mut().zip(&plan.modems) {
        // A port that was gone is back under another name.
        channel.find = Find::ByImei(modem.imei.clone());
    }
    let mut world = open_with(folder.path(), seed, plan, settings).await?;
    let lived = live(&mut world).await;
    judged(lived, &world)
}

/// The people of a month, a network that loses nothing, and sticks that do.
fn plan(personality: Personality, faults: &[Recurring], seed: u64) -> Plan {
    let mut plan = country(seed);
    plan.network = NetworkPlan { rates: Rates::default(), ..plan.network };
    for modem in &mut plan.modems {
        modem.personality = personality;
        modem.faults = Vec::from(faults);
    }
    plan
}

async fn live(world: &mut World) -> Result<()> {
    for half in ["first", "second"] {
        start(world, half).await?;
        let end = world.now() + SignedDuration::from_hours(84);
        world.run_until(end).await?;
    }
    world.country().0.end_faults();
    let rest = world.now() + SignedDuration::from_hours(24 * REST);
    world.run_until(rest).await?;
    world.must_be_at_rest().await?;
    somebody_must_have_completed(world).await
}

/// Sticks that carry nothing lose nothing: that would prove nothing.
async fn somebody_must_have_completed(world: &World) -> Result<()> {
    let campaign = world.reader().campaign_id(None).await?.context("a campaign was started")?;
    let funnel = world.reader().funnel(campaign).await?;
    if funnel.completed > 0 {
        return Ok(());
    }
    let told =
        format!("nobody completed: {} messaged, {} reached", funnel.messaged, funnel.reached);
    Err(Violated(vec![told]).into())
}
