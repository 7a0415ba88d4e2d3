//! The pilot's figures follow from the roster, line by line, and from nothing else.

use jiff::{SignedDuration, Timestamp};
use rollcall::store::{Audience, Funnel, Home};
use rollcall::switchboard::Request;
use rollcall::world::{World, pilot};

/// So many people of the roster: enough of every temperament, and quick.
const PEOPLE: usize = 60;

fn roster() -> String {
    pilot::ROSTER.lines().take(PEOPLE + 1).map(|line| format!("{line}\n")).collect()
}

async fn funnel(roster: &str, seed: u64) -> Funnel {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::Scratch(folder.path().join("rollcall.db"));
    let begun: Timestamp = "2014-08-18T09:00:00Z".parse().expect("a time");
    let plan = pilot::plan(roster).expect("a roster");
    let settings = pilot::settings().expect("settings");
    let mut world = World::open(home, settings, plan, seed, begun).await.expect("a world");
    let plan = pilot::contacts(roster).expect("a roster");
    world.ask(Request::ImportContacts { plan }).await.expect("an office");
    let start = Request::StartCampaign {
        flow: pilot::flow(),
        name: None,
        audience: Audience::default(),
        start_key: "pilot".to_owned(),
        by: None,
    };
    world.ask(start).await.expect("an office");
    world.run_until(begun + SignedDuration::from_hours(24 * 14)).await.expect("no failure");
    let campaign = world.reader().campaign_id(None).await.expect("a store").expect("a campaign");
    world.reader().funnel(campaign).await.expect("a store")
}

/// What the temperaments of a roster promise.
fn promised(roster: &str) -> Funnel {
    let count = |is: fn(&str) -> bool| {
        let lines = roster.lines().skip(1);
        i64::try_from(lines.filter(|line| is(line)).count()).expect("a small number")
    };
    let completed = count(|line| line.contains(",completes,"));
    let some = count(|line| line.contains(",stops after ") || line.contains(",says stop after "));
    let read = count(|line| line.contains(",reads only,"));
    let all = count(|_| true);
    let responded = completed + some;
    Funnel { listed: all, messaged: all, reached: responded + read, responded, completed }
}

#[tokio::test]
async fn the_figures_are_what_the_roster_says_whatever_the_noise() {
    let roster = roster();
    assert_eq!(funnel(&roster, 0).await, promised(&roster));
    assert_eq!(funnel(&roster, 99).await, promised(&roster));
}

#[tokio::test]
async fn one_line_of_the_roster_changes_the_funnel_by_one() {
    let before = roster();
    let after = before.replacen(",completes,", ",reads only,", 1);
    let (before, after) = (promised(&before), funnel(&after, 0).await);
    assert_eq!(after.completed, before.completed - 1);
    assert_eq!(after.responded, before.responded - 1);
    assert_eq!(after.reached, before.reached);
}

#[test]
fn the_whole_roster_promises_the_pilots_figures() {
    let funnel = promised(pilot::ROSTER);
    let figures = (funnel.messaged, funnel.reached, funnel.responded, funnel.completed);
    assert_eq!(figures, (482, 289, 165, 119));
}
