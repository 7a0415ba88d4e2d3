//! A turn through the switchboard and a real SQLite file: an arriving text becomes an answer,
//! and the next question is on its way. The time inside COMMIT, which is the disk's, is taken
//! off. Aim: 300 µs.

mod figures;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use rollcall::clock;
use rollcall::contacts::{ImportPlan, ImportedPerson};
use rollcall::model::{Pace, Region};
use rollcall::store::{Audience, Home, Store};
use rollcall::switchboard::{
    Chance, ChannelSettings, Command, Event, Find, ModemNo, ReplyTo, Request, Settings,
    Switchboard, WrittenFlow,
};
use rollcall_drivers::modem::{self, AttemptId, Identity};
use rollcall_drivers::pdu::{
    Address, DataCoding, Deliver, ReferenceWidth, ServiceCentreTime, split,
};
use std::fmt::Write;
use std::time::Duration;

const QUESTIONS: usize = 15;
const PEOPLE: usize = 99;
const MODEM: ModemNo = ModemNo(1);

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let times = runtime.block_on(turns())?;
    figures::show("stored turn, less the disk's part", times);
    Ok(())
}

/// An office with one person's question on the way.
struct Bench {
    switchboard: Switchboard,
    now: Timestamp,
    attempt: Option<AttemptId>,
}

async fn turns() -> anyhow::Result<Vec<Duration>> {
    let folder = tempfile::tempdir()?;
    let mut bench = Bench::open(folder.path()).await?;
    let mut times = Vec::new();
    for person in 0..PEOPLE {
        bench.starts(person).await?;
        for question in 0..QUESTIONS {
            bench.left().await?;
            bench.now += SignedDuration::from_secs(60);
            let pdu = text_from(&number_of(person), &format!("{question}"), bench.now);
            let received = modem::Event::Received { slot: None, pdu };
            let (begun, disk) = (clock::stopwatch(), bench.switchboard.commits().time);
            bench.happens(Event::Modem(MODEM, received)).await?;
            let disk = bench.switchboard.commits().time - disk;
            times.push((clock::stopwatch() - begun).saturating_sub(disk));
        }
        bench.left().await?;
    }
    Ok(times)
}

impl Bench {
    async fn open(folder: &std::path::Path) -> anyhow::Result<Bench> {
        let region = Region::new("LR").expect("Liberia is a country");
        let mut settings = Settings::new(region, TimeZone::UTC);
        settings.quiet_hours = None;
        settings.budget_per_hour = 10_000;
        settings.channels = vec![ChannelSettings {
            pace: Pace::UNLIMITED,
            ..ChannelSettings::new("stick", Find::ByPort("port".to_owned()))
        }];
        let home = Home::File(folder.join("rollcall.db"));
        let now = "2026-03-02T09:00:00Z".parse()?;
        let (store, _) = Store::open(&home, clock::stopwatch).await?;
        let (switchboard, _) = Switchboard::open(store, settings, Chance([0; 32]), now).await?;
        let mut bench = Bench { switchboard, now, attempt: None };
        let people = (0..PEOPLE).map(|person| ImportedPerson {
            name: format!("Person {person}"),
            numbers: vec![number_of(person)],
            ..ImportedPerson::default()
        });
        let plan = ImportPlan { people: people.collect(), ..ImportPlan::default() };
        bench.happens(Event::Request(Request::ImportContacts { plan }, ReplyTo(1))).await?;
        bench.happens(Event::Plugged { modem: MODEM, port: "port".to_owned() }).await?;
        let identity = Identity { imei: "356938035643809".to_owned(), ..Identity::default() };
        bench.happens(Event::Modem(MODEM, modem::Event::Ready(identity))).await?;
        Ok(bench)
    }

    async fn happens(&mut self, event: Event) -> anyhow::Result<()> {
        for command in self.switchboard.handle(self.now, vec![event]).await? {
            if let Command::Modem(_, modem::Command::Send { attempt, .. }) = command {
                self.attempt = Some(attempt);
            }
        }
        Ok(())
    }

    async fn starts(&mut self, person: usize) -> anyhow::Result<()> {
        let request = Request::StartCampaign {
            flow: WrittenFlow {
                file: "long.yaml".to_owned(),
                source: long_flow(),
                beside: Default::default(),
                recordings: None,
            },
            name: None,
            audience: Audience { numbers: vec![number_of(person)], ..Audience::default() },
            start_key: format!("{person}"),
            by: None,
        };
        self.happens(Event::Request(request, ReplyTo(1))).await?;
        self.happens(Event::Deadline).await
    }

    /// What is with the modem leaves.
    async fn left(&mut self) -> anyhow::Result<()> {
        let Some(attempt) = self.attempt.take() else { anyhow::bail!("nothing was sent") };
        self.now += SignedDuration::from_secs(4);
        let sent = modem::Event::Sent { attempt, reference: None };
        self.happens(Event::Modem(MODEM, sent)).await
    }
}

fn number_of(person: usize) -> String {
    format!("+2318861200{person:02}")
}

fn long_flow() -> String {
    let mut flow = "flow: long\ntitle: Long\nlanguages: [en]\nquestions:\n".to_owned();
    for question in 0..QUESTIONS {
        let ask = format!("ask: {{en: \"How many of thing {question} do you have?\"}}");
        let _ = writeln!(flow, "- id: q{question}\n  {ask}\n  type: number");
    }
    flow + "endings:\n  done:\n    say: {en: \"Thank you.\"}\n"
}

fn text_from(number: &str, text: &str, at: Timestamp) -> Vec<u8> {
    let pieces = split(text, 0, ReferenceWidth::Eight).expect("a short text");
    let piece = pieces.into_iter().next().expect("a short text");
    let time = ServiceCentreTime::from_unix(at.as_second(), 0);
    let from = Address::parse(number).expect("a number");
    Deliver::new(from, time, DataCoding::GSM7, piece.data).encode().octets
}
