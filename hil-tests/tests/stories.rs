//! Stories: one kind of trouble each, in a country where everybody would answer. All twenty must
//! complete, and what must hold holds.

use jiff::SignedDuration;
use rollcall::contacts::{ImportPlan, ImportedPerson};
use rollcall::switchboard::Request;
use rollcall::world::{Cut, World};
use rollcall_drivers::simulator::{ModemNo, PerMille, Plan, Rates};
use rollcall_hil_tests::{PEOPLE, come_to_rest, kind_country, open, start};
use std::time::Duration;

async fn world(plan: Plan) -> (tempfile::TempDir, World) {
    world_of(7, plan).await
}

async fn world_of(seed: u64, plan: Plan) -> (tempfile::TempDir, World) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut world = open(folder.path(), seed, plan).await.expect("a world");
    start(&mut world, "a week").await.expect("a campaign");
    (folder, world)
}

async fn after(world: &mut World, seconds: i64) {
    let until = world.now() + SignedDuration::from_secs(seconds);
    world.run_until(until).await.expect("the program does not fail");
}

async fn all_complete(mut world: World) {
    let completed = come_to_rest(&mut world).await.expect("what must hold holds");
    assert_eq!(completed, i64::from(PEOPLE));
}

async fn with_rates(rates: Rates) {
    let mut plan = kind_country();
    plan.network.rates = rates;
    let (_folder, world) = world(plan).await;
    all_complete(world).await;
}

#[tokio::test]
async fn a_power_cut_of_the_computer_at_any_moment_of_sending() {
    // A message takes four to six seconds: every second of it is a different kind of moment.
    for second in 4..16 {
        let (_folder, mut world) = world(kind_country()).await;
        after(&mut world, second).await;
        world.cut(Cut::Computer, Duration::from_secs(30)).await.expect("it starts again");
        all_complete(world).await;
    }
}

#[tokio::test]
async fn a_power_cut_of_everything_again_and_again() {
    let (_folder, mut world) = world(kind_country()).await;
    for _ in 0..6 {
        after(&mut world, 97).await;
        world.cut(Cut::Everything, Duration::from_secs(60)).await.expect("it starts again");
    }
    all_complete(world).await;
}

#[tokio::test]
async fn every_reply_is_offered_twice_and_counts_once() {
    with_rates(Rates { twin: PerMille::ALWAYS, ..Rates::default() }).await;
}

#[tokio::test]
async fn the_parts_of_long_answers_come_in_any_order() {
    let mut plan = kind_country();
    for (person, nth) in plan.people.iter_mut().zip(1..) {
        let needs: Vec<String> = (1..=40).map(|thing| format!("thing {thing}")).collect();
        let needs = format!("{nth}: {}", needs.join(", "));
        if let Some(reply) = person.replies.iter_mut().find(|r| r.when == ["need most"]) {
            reply.say = needs;
        }
    }
    plan.network.rates =
        Rates { out_of_order: PerMille::ALWAYS, twin: PerMille(300), ..Rates::default() };
    let (_folder, mut world) = world(plan).await;
    after(&mut world, 300).await;
    world.cut(Cut::Computer, Duration::from_secs(60)).await.expect("it starts again");
    all_complete(world).await;
}

#[tokio::test]
async fn reports_are_late_or_lost() {
    let rates =
        Rates { lost_report: PerMille(500), late_report: PerMille(500), ..Rates::default() };
    with_rates(rates).await;
}

#[tokio::test]
async fn the_network_takes_messages_and_does_not_say_so() {
    with_rates(Rates { lost_result: PerMille(200), ..Rates::default() }).await;
}

#[tokio::test]
async fn the_clock_goes_back_a_day() {
    let (_folder, mut world) = world(kind_country()).await;
    after(&mut world, 300).await;
    world.set_clock_off(SignedDuration::from_hours(-24));
    world.cut(Cut::Computer, Duration::from_secs(60)).await.expect("it starts again");
    after(&mut world, 3_600).await;
    world.set_clock_off(SignedDuration::ZERO);
    all_complete(world).await;
}

#[tokio::test]
async fn the_sims_memory_is_full() {
    let (_folder, mut world) = world(kind_country()).await;
    after(&mut world, 60).await;
    let (country, _) = world.country();
    country.fill_sim(ModemNo(0));
    let rest = world.now() + SignedDuration::from_hours(48);
    world.run_until(rest).await.expect("the program does not fail");
    let campaign = world.reader().campaign_id(None).await.expect("a store").expect("a campaign");
    let funnel = world.reader().funnel(campaign).await.expect("a store");
    assert_eq!(funnel.completed, i64::from(PEOPLE));
}

#[tokio::test]
async fn a_stick_is_pulled_and_put_back() {
    let (_folder, mut world) = world(kind_country()).await;
    after(&mut world, 8).await;
    world.unplug(0);
    after(&mut world, 600).await;
    world.plug(0);
    all_complete(world).await;
}

#[tokio::test]
async fn a_modem_reboots_and_the_other_hangs() {
    let (_folder, mut world) = world(kind_country()).await;
    after(&mut world, 9).await;
    world.reboot(0);
    world.hang(1, Duration::from_secs(75));
    all_complete(world).await;
}

/// What befalls a stick.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    Hangs(u32),
    Restarts,
    IsGone,
}

/// It befalls the first stick; how many seconds it takes until that answers again.
async fn befalls(world: &mut World, trouble: Trouble) -> i64 {
    // The country's sticks start in three seconds.
    match trouble {
        Trouble::Hangs(seconds) => {
            world.hang(0, Duration::from_secs(seconds.into()));
            seconds.into()
        }
        Trouble::Restarts => {
            world.reboot(0);
            3
        }
        Trouble::IsGone => {
            world.unplug(0);
            after(world, 10).await;
            world.plug(0);
            3
        }
    }
}

#[tokio::test]
async fn a_stick_is_ready_three_seconds_after_it_answers_and_nothing_is_lost_or_doubled() {
    let troubles = [Trouble::Hangs(30), Trouble::Hangs(75), Trouble::Restarts, Trouble::IsGone];
    for (nth, what) in (0..8).zip(troubles.into_iter().cycle()) {
        // A message takes four to six seconds: some of these moments are inside a send.
        let (_folder, mut world) = world_of(20 + nth, kind_country()).await;
        after(&mut world, 5 + i64::try_from(nth).expect("a few")).await;
        let answers = befalls(&mut world, what).await;
        after(&mut world, answers + 3).await;
        let channels = world.reader().channels().await.expect("a store");
        assert_eq!(channels[0].state, "ready", "{what:?} ({nth}): {}", channels[0].why);
        all_complete(world).await;
    }
}

#[tokio::test]
async fn a_stick_that_hangs_with_a_text_waits_two_minutes_and_is_uncertain() {
    let (_folder, mut world) = world(kind_country()).await;
    // Set up within two seconds; the first text is with the network then.
    after(&mut world, 3).await;
    world.hang(0, Duration::from_secs(60));
    let uncertain = |world: &World| {
        let said = |line: &&String| line.contains("stick-1: a message may have left or not");
        world.story().iter().find(said).cloned()
    };
    after(&mut world, 110).await;
    assert_eq!(uncertain(&world), None);
    after(&mut world, 15).await;
    let told = uncertain(&world).expect("two minutes are over");
    assert!(told.contains("did not answer for 120 s"), "{told}");
    let channels = world.reader().channels().await.expect("a store");
    assert_eq!(channels[0].state, "ready");
    all_complete(world).await;
}

#[tokio::test]
async fn two_people_on_one_phone_are_asked_one_after_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut world = open(folder.path(), 7, kind_country()).await.expect("a world");
    let colleague = ImportedPerson {
        name: "A Colleague".to_owned(),
        numbers: vec!["+231886120001".to_owned()],
        ..ImportedPerson::default()
    };
    let plan = ImportPlan { people: vec![colleague], ..ImportPlan::default() };
    world.ask(Request::ImportContacts { plan }).await.expect("an office");
    start(&mut world, "a week").await.expect("a campaign");
    let completed = come_to_rest(&mut world).await.expect("what must hold holds");
    assert_eq!(completed, i64::from(PEOPLE) + 1);
}
