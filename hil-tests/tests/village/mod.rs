//! A village with two sticks in its office, for stories whose teller says who texts what and when.

use jiff::{SignedDuration, Timestamp};
use rollcall::contacts::{ImportPlan, ImportedPerson};
use rollcall::store::{Audience, Home};
use rollcall::switchboard::{Reply, Request, WrittenFlow};
use rollcall::world::World;
use rollcall_drivers::simulator::{ModemNo, ModemPlan, PersonPlan, Plan, Temperament, What};
use rollcall_hil_tests::{MODEMS, settings};
use std::fmt::Write;
use std::time::Duration;
use tempfile::TempDir;

pub const MARY: &str = "+231886120001";
pub const JAMES: &str = "+231886120002";
pub const KOU: &str = "+231886120003";
/// Nobody in the office knows this one.
pub const STRANGER: &str = "+231886120004";
/// An answering machine.
pub const MACHINE: &str = "+231886120005";
pub const PEOPLE: [(&str, &str); 3] =
    [("Mary Kollie", MARY), ("James Doe", JAMES), ("Kou Freeman", KOU)];
pub const STICK: &str = "+231770000001";
pub const OTHER_STICK: &str = "+231770000002";

pub const CLINIC: &str = "\
flow: clinic
title: Clinic survey
languages: [en, fr]
start_words: [CLINIC]
rules:
  wrong_answer: {ask_again: 1, then: skip}
  no_answer: {remind_after: 1 day, times: 1, then: expire}
  expires_after: 2 days
questions:
- id: open
  ask: {en: \"Is your clinic open?\", fr: \"Votre centre est-il ouvert?\"}
  type: yes_no
- id: packs
  ask: {en: \"How many packs?\", fr: \"Combien de paquets?\"}
  type: number
- id: since
  ask: {en: \"Since when?\", fr: \"Depuis quand?\"}
  type: date
- id: wish
  may_refuse: true
  ask: {en: \"What do you need?\", fr: \"De quoi avez-vous besoin?\"}
  type: text
endings:
  done:
    say: {en: \"Thank you.\", fr: \"Merci.\"}
";

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 86_400;

/// A village with two sticks in its office, and who tells of it.
pub struct Village {
    _folder: TempDir,
    pub world: World,
    /// How many campaigns were started.
    started: u32,
}

impl Village {
    /// A Monday, nine o'clock. People read what they get and say what the story wants.
    pub async fn new() -> Village {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::Scratch(folder.path().join("rollcall.db"));
        let reader = |number: &str| PersonPlan::new(number, Temperament::ReadsOnly);
        let mut people: Vec<PersonPlan> = PEOPLE.iter().map(|(_, number)| reader(number)).collect();
        people.push(reader(STRANGER));
        let echo = Temperament::Echoes("I am driving, call me later".to_owned());
        people.push(PersonPlan::new(MACHINE, echo));
        let modems = (1..=MODEMS).map(ModemPlan::numbered).collect();
        let plan = Plan { modems, people, ..Plan::default() };
        let begun: Timestamp = "2026-03-02T09:00:00Z".parse().expect("a time");
        let settings = settings().expect("settings");
        let mut world = World::open(home, settings, plan, 7, begun).await.expect("a world");
        world.keep_watch();
        let mut village = Village { _folder: folder, world, started: 0 };
        village.import().await;
        village
    }

    /// The list that the office has, taken in (again).
    pub async fn import(&mut self) {
        let person = |(name, number): (&str, &str)| ImportedPerson {
            name: name.to_owned(),
            numbers: vec![number.to_owned()],
            ..ImportedPerson::default()
        };
        let people = PEOPLE.map(person).to_vec();
        let plan = ImportPlan { people, ..ImportPlan::default() };
        self.ask(Request::ImportContacts { plan }).await;
    }

    pub async fn ask(&mut self, request: Request) -> Reply {
        self.world.ask(request).await.expect("the program does not fail")
    }

    pub async fn publish(&mut self, source: &str) -> Reply {
        self.ask(Request::PublishFlow { flow: written(source) }).await
    }

    /// Starts a campaign for these numbers, and a minute passes.
    pub async fn start(&mut self, source: &str, numbers: &[&str]) {
        self.started += 1;
        let name = format!("campaign {}", self.started);
        let numbers = numbers.iter().map(|number| (*number).to_owned()).collect();
        let request = Request::StartCampaign {
            flow: written(source),
            name: Some(name.clone()),
            audience: Audience { numbers, ..Audience::default() },
            start_key: name,
            by: None,
        };
        let reply = self.ask(request).await;
        assert!(matches!(reply, Reply::Started { .. }), "{reply:?}");
        self.after(MINUTE).await;
    }

    pub async fn after(&mut self, seconds: i64) {
        let until = self.world.now() + SignedDuration::from_secs(seconds);
        let failure = self.world.wait_until(until).await.err();
        assert!(failure.is_none(), "{failure:?}\n{}", self.world.story().join("\n"));
    }

    /// Somebody texts the office, and a minute passes.
    pub async fn says(&mut self, number: &str, text: &str) {
        self.says_in(number, text, MINUTE).await;
    }

    /// Somebody texts the office, and so many seconds pass.
    pub async fn says_in(&mut self, number: &str, text: &str, seconds: i64) {
        let (country, now) = self.world.country();
        country.person_says(now, number, STICK, text);
        self.after(seconds).await;
    }

    /// Somebody lets the office's stick ring once and hangs up, and a minute passes.
    pub async fn flashes(&mut self, number: &str) {
        let (country, now) = self.world.country();
        country.ring(now, ModemNo(0), Some(number), Duration::from_secs(1));
        self.after(MINUTE).await;
    }

    /// What a phone shows, with the hour of each line.
    pub fn phone(&self, number: &str) -> String {
        let mut lines = String::new();
        for happening in self.world.truth() {
            let at = Timestamp::from_millisecond(happening.utc_ms).expect("a time of our days");
            let hour = at.strftime("%a %Hh");
            let line = match &happening.what {
                What::Delivered { to, text, .. } if to == number => format!("> {text}"),
                What::Said { by, text, .. } if by == number => text.clone(),
                _ => continue,
            };
            writeln!(lines, "{hour} {line}").expect("a String takes everything");
        }
        lines
    }

    pub async fn answers(&self) -> String {
        let rows = self.world.reader().answers(None).await.expect("a store");
        let line = |row: &rollcall::store::AnswerRow| {
            let (name, question) = (&row.name, &row.question);
            let answer = match (question.as_str(), row.value.as_str()) {
                ("", _) => "nothing".to_owned(),
                (_, "") => format!("{question} from {:?} ({})", row.heard, row.how),
                (_, value) => format!("{question} = {value} from {:?} ({})", row.heard, row.how),
            };
            format!("{name}, {} [{}]: {answer}\n", row.flow, row.status)
        };
        rows.iter().map(line).collect()
    }

    pub async fn inbox(&self) -> String {
        let rows = self.world.reader().inbox().await.expect("a store");
        rows.iter().map(|row| format!("{:?}: {}\n", row.text, row.why)).collect()
    }

    /// The funnel of the newest campaign, and what became of its people.
    pub async fn campaign(&self) -> String {
        let campaigns = self.world.reader().campaigns().await.expect("a store");
        let newest = campaigns.first().expect("a campaign was started");
        let funnel = &newest.funnel;
        let ends = self.world.reader().dispositions(newest.id).await.expect("a store");
        let ends: Vec<String> =
            ends.iter().map(|(word, count)| format!("{count} {word}")).collect();
        format!(
            "{} messaged, {} reached, {} responded, {} completed: {}\n",
            funnel.messaged,
            funnel.reached,
            funnel.responded,
            funnel.completed,
            ends.join(", ")
        )
    }

    /// Three more days pass: nothing was lost.
    pub async fn comes_to_rest(&mut self) {
        self.after(3 * DAY).await;
        self.world.must_be_at_rest().await.expect("what must hold holds");
    }
}

pub fn written(source: &str) -> WrittenFlow {
    let file = "clinic.yaml".to_owned();
    let (beside, recordings) = Default::default();
    WrittenFlow { file, source: source.to_owned(), beside, recordings }
}

/// The clinic survey under another name, with another first question.
pub fn water(rule: &str) -> String {
    CLINIC
        .replace("flow: clinic", "flow: water")
        .replace("Clinic survey", "Water survey")
        .replace("[CLINIC]", "[WATER]")
        .replace("Is your clinic open?", "Is the pump working?")
        .replace("rules:\n", &format!("rules:\n  one_flow_at_a_time: {rule}\n"))
}
