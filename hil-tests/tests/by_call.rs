//! People are called in the simulated country: they listen, press keys, hang up, are not there. The
//! office has its own driver, its own ears and its own rules; the country shares nothing with them.

use jiff::{SignedDuration, Timestamp};
use rollcall::contacts::{ImportPlan, ImportedPerson};
use rollcall::model::{Mode, Pace, Region};
use rollcall::store::{Audience, Home};
use rollcall::switchboard::{ChannelSettings, Find, Request, Settings, WrittenFlow};
use rollcall::world::{Cut, World, pilot, port_of};
use rollcall_drivers::simulator::{
    Between, ModemPlan, PersonPlan, Personality, Plan, Takes, Temperament, What,
};
use std::time::Duration;
use tempfile::TempDir;

const FLOW: &str = r#"
flow: packs
title: Packs by call
languages: [en]
channels: [voice, sms]
rules:
  voice: {redial: [10 min, 1 hour], fallback: sms}
  expires_after: 2 days
questions:
- id: open
  ask: {en: "Is your clinic open today?"}
  type: yes_no
- id: packs
  ask: {en: "How many malaria packs do you have?"}
  type: number
  between: [0, 500]
- id: most
  ask: {en: "What do you need most?"}
  type: choice
  choices:
    gloves: {en: Gloves}
    water: {en: Water}
endings:
  done: {say: {en: "Thank you, and good bye."}}
"#;

/// A Monday morning.
const BEGUN: &str = "2026-03-02T09:00:00Z";

struct Office {
    world: World,
    _folder: TempDir,
}

fn number(nth: usize) -> String {
    format!("+23188600000{nth}")
}

/// Somebody who means to say the same by call and by SMS.
fn person(nth: usize, takes: Takes) -> PersonPlan {
    let mut person = PersonPlan::new(number(nth), Temperament::Completes)
        .says("clinic open", "yes")
        .says("malaria packs", &format!("{}", 340 + nth))
        .says("need most", "water");
    person.by_call.takes = takes;
    person.by_call.rings = Between::secs(4, 9);
    person
}

async fn office(people: Vec<PersonPlan>, personality: Personality, seed: u64) -> Office {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::Scratch(folder.path().join("rollcall.db"));
    let begun: Timestamp = BEGUN.parse().expect("a time");
    let region = Region::new("LR").expect("a country");
    let mut settings = Settings::new(region, jiff::tz::TimeZone::UTC);
    let channel = ChannelSettings::new("stick-1", Find::ByPort(port_of(0)));
    settings.channels = vec![ChannelSettings { calls: true, pace: Pace::UNLIMITED, ..channel }];
    let imported: Vec<ImportedPerson> = people
        .iter()
        .map(|person| ImportedPerson {
            name: person.number.clone(),
            numbers: vec![person.number.clone()],
            language: Some("en".to_owned()),
            ..Default::default()
        })
        .collect();
    let modems = vec![ModemPlan { personality, ..ModemPlan::numbered(1) }];
    let plan = Plan { modems, people, ..Plan::default() };
    let mut world = World::open(home, settings, plan, seed, begun).await.expect("a world");
    world.keep_watch();
    let plan = ImportPlan { people: imported, ..Default::default() };
    world.ask(Request::ImportContacts { plan }).await.expect("an office");
    world.run_until(begun + SignedDuration::from_mins(1)).await.expect("no failure");
    Office { world, _folder: folder }
}

impl Office {
    async fn starts(&mut self) {
        let flow = WrittenFlow {
            file: "packs.yaml".to_owned(),
            source: FLOW.to_owned(),
            beside: Default::default(),
            recordings: None,
        };
        let start = Request::StartCampaign {
            flow,
            name: None,
            audience: Audience::default(),
            start_key: "packs".to_owned(),
            by: Some(Mode::Voice),
        };
        let reply = self.world.ask(start).await.expect("an office");
        assert!(format!("{reply:?}").starts_with("Started"), "{reply:?}");
    }

    async fn runs_for(&mut self, minutes: i64) {
        let until = self.world.now() + SignedDuration::from_mins(minutes);
        let outcome = self.world.wait_until(until).await.map_err(|trouble| format!("{trouble:#}"));
        assert_eq!(outcome, Ok(()), "{}", self.story());
    }

    fn story(&self) -> String {
        self.world.story().join("\n")
    }

    /// The answers of a person, as `open=yes packs=11`.
    async fn answers(&self, nth: usize) -> String {
        let rows = self.world.reader().answers(None).await.expect("a store");
        let theirs = rows.iter().filter(|row| row.name == number(nth) && !row.value.is_empty());
        theirs.map(|row| format!("{}={}", row.question, row.value)).collect::<Vec<_>>().join(" ")
    }

    fn count(&self, is: impl Fn(&What) -> bool) -> usize {
        self.world.truth().iter().filter(|happening| is(&happening.what)).count()
    }
}

#[tokio::test]
async fn the_staff_validation_is_asked_by_call_in_three_languages() {
    let office_settings = pilot::settings_of_calls().expect("settings");
    let begun: Timestamp = BEGUN.parse().expect("a time");
    let contacts = pilot::contacts(pilot::ROSTER).expect("a roster").people;
    let willing = pilot::plan(pilot::ROSTER).expect("a roster").people;
    let mut people = Vec::new();
    let mut imported = Vec::new();
    for language in ["en", "fr", "en-LR"] {
        let speaks = |contact: &&ImportedPerson| contact.language.as_deref() == Some(language);
        let mut found = contacts.iter().filter(speaks).filter_map(|contact| {
            let is_it = |person: &&PersonPlan| contact.numbers.contains(&person.number);
            let mut person = willing.iter().find(is_it)?.clone();
            (person.temperament == Temperament::Completes).then(|| {
                person.by_call.takes = Takes::Answers;
                (contact.clone(), person)
            })
        });
        let (contact, person) = found.next().expect("somebody who answers everything");
        imported.push(contact);
        people.push(person);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::Scratch(folder.path().join("rollcall.db"));
    let plan = pilot::plan_of_calls(people.clone());
    let mut world = World::open(home, office_settings, plan, 4, begun).await.expect("a world");
    world.keep_watch();
    let plan = ImportPlan { people: imported, ..Default::default() };
    world.ask(Request::ImportContacts { plan }).await.expect("an office");
    let start = Request::StartCampaign {
        flow: pilot::flow(),
        name: None,
        audience: Audience::default(),
        start_key: "staff".to_owned(),
        by: Some(Mode::Voice),
    };
    world.ask(start).await.expect("an office");
    world.run_until(begun + SignedDuration::from_hours(2)).await.expect("no failure");
    let story = world.story().join("\n");
    let (flow, _) = rollcall::flow::read(&pilot::flow().source, &pilot::flow().read_beside().0);
    let flow = flow.expect("the shipped questionnaire");
    let today = pilot::settings_of_calls().expect("settings").today(begun);
    let rows = world.reader().answers(None).await.expect("a store");
    for person in &people {
        let theirs = rows.iter().filter(|row| row.number == person.number);
        let (keyed, spoken): (Vec<_>, Vec<_>) =
            theirs.partition(|row| !row.value.starts_with("recordings/"));
        assert!(keyed.len() + spoken.len() >= 15, "{}: {keyed:?}\n{story}", person.number);
        let mut compared = 0;
        for row in keyed.iter().filter(|row| !row.value.is_empty()) {
            assert_eq!(row.status, "completed", "{story}");
            if let Some(meant) = pilot::meant(&flow, person, &row.question, today) {
                assert_eq!(row.value, meant, "{}\n{story}", row.question);
                compared += 1;
            }
        }
        assert!(compared >= 8, "{compared} compared\n{story}");
        assert!(spoken.len() >= 3, "{spoken:?}");
    }
}

const ALL: &str = "open=yes packs=341 most=water";

#[tokio::test]
async fn a_person_is_called_listens_and_presses_keys_on_every_kind_of_modem_with_sound() {
    for name in ["generic", "huawei", "simcom", "quectel"] {
        let personality = Personality::named(name).expect("a personality");
        let mut office = office(vec![person(1, Takes::Answers)], personality, 7).await;
        office.starts().await;
        office.runs_for(10).await;
        assert_eq!(office.answers(1).await, ALL, "{name}\n{}", office.story());
        let calls = office.count(|what| matches!(what, What::Called { .. }));
        assert_eq!(calls, 1, "{name}\n{}", office.story());
    }
}

#[tokio::test]
async fn who_is_not_there_is_called_again_and_then_asked_by_sms() {
    let people = vec![person(1, Takes::AnswersAfter(2)), person(2, Takes::Nobody)];
    let mut office = office(people, Personality::GENERIC, 3).await;
    office.starts().await;
    office.runs_for(5 * 60).await;
    assert_eq!(office.answers(1).await, ALL, "{}", office.story());
    assert_eq!(office.answers(2).await, "open=yes packs=342 most=water", "{}", office.story());
    let asked_by_sms = |what: &What| matches!(what, What::Delivered { to, .. } if *to == number(2));
    assert!(office.count(asked_by_sms) >= 3, "{}", office.story());
}

#[tokio::test]
async fn who_hangs_up_in_the_middle_is_called_back_at_the_open_question() {
    let mut hurried = person(1, Takes::Answers);
    hurried.by_call.hangs_up_after = Some(1);
    let mut office = office(vec![hurried], Personality::GENERIC, 5).await;
    office.starts().await;
    office.runs_for(20).await;
    assert_eq!(office.answers(1).await, ALL, "{}", office.story());
    let calls = office.count(|what| matches!(what, What::Called { .. }));
    assert!((2..=4).contains(&calls), "{calls} calls\n{}", office.story());
}

#[tokio::test]
async fn somebody_who_slips_and_does_not_wait_is_understood_all_the_same() {
    let mut careless = person(1, Takes::Answers);
    careless.by_call.slips = rollcall_drivers::simulator::PerMille(700);
    careless.by_call.interrupts = true;
    careless.by_call.key = Duration::from_millis(70);
    let mut office = office(vec![careless], Personality::GENERIC, 11).await;
    office.starts().await;
    office.runs_for(10).await;
    assert_eq!(office.answers(1).await, ALL, "{}", office.story());
}

#[tokio::test]
async fn a_mailbox_answers_nothing() {
    let mut office = office(vec![person(1, Takes::Mailbox)], Personality::GENERIC, 2).await;
    office.starts().await;
    office.runs_for(9).await;
    assert_eq!(office.answers(1).await, "", "{}", office.story());
    assert!(office.story().contains("perhaps a mailbox"), "{}", office.story());
}

#[tokio::test]
async fn a_power_cut_in_a_call_loses_no_answer() {
    let mut office = office(vec![person(1, Takes::Answers)], Personality::GENERIC, 9).await;
    office.starts().await;
    for _ in 0..600 {
        office.runs_for(0).await;
        let until = office.world.now() + SignedDuration::from_secs(1);
        office.world.wait_until(until).await.expect("no failure");
        if office.answers(1).await.starts_with("open=yes") {
            break;
        }
    }
    assert_eq!(office.answers(1).await, "open=yes", "{}", office.story());
    office.world.cut(Cut::Everything, Duration::from_secs(60)).await.expect("it starts again");
    office.runs_for(20).await;
    assert_eq!(office.answers(1).await, ALL, "{}", office.story());
    let asked_again = office.count(|what| matches!(what, What::Pressed { .. }));
    assert!(asked_again <= 5, "nothing is asked twice\n{}", office.story());
}
