//! Scenes: rows and an event in, rows and commands out, as a story that people read.
//!
//! An office with sticks and health workers, no drivers and no country: the test itself says what
//! a modem reports. Time passes only when the scene says so. Each file has the scenes of one
//! part of the switchboard.

mod anonymous;
mod audiences;
mod calls;
mod campaigns;
mod catch_all;
mod codes;
mod confirm;
mod direct;
mod ends;
mod inbound;
mod migrate;
mod moves;
mod one_flow;
mod outbound;
mod own_calls;
mod placed;
mod ports;
mod recovery;
mod roaming;
mod schedules;
mod starts;
mod versions;

use super::{
    Chance, ChannelSettings, Command, Event, Find, ModemNo, MovedPeople, READING_TIME, Reply,
    ReplyTo, Request, Roaming, Settings, Switchboard, WrittenFlow,
};
use crate::contacts::{ImportPlan, ImportedPerson};
use crate::model::{Awaits, Heard, Pace, PhoneNumber, Piece, Region, Sound};
use crate::store::in_tests::{folder, open, wait};
use crate::store::{Audience, MessageFilter, Reader};
use jiff::{SignedDuration, Timestamp};
use rollcall_drivers::modem::{
    self, AttemptId, CallEnd, CallEvent, CallId, Cause, Ended, Identity, Place, Release, Slot, Why,
};
use rollcall_drivers::pdu::{
    Address, DataCoding, Deliver, DeliveryStatus, Duplicates, ReferenceWidth, ServiceCentreTime,
    StatusReport, Submit, split,
};
use std::fmt::Write;
use std::time::Duration;
use tempfile::TempDir;

const MARY: &str = "+231886000001";
const JAMES: &str = "+231886000002";
/// Two questions and a good-bye.
const STOCK: &str = "\
flow: stock
title: Stock
languages: [en]
start_words: [STOCK]
rules:
  wrong_answer: {ask_again: 1, then: skip}
  no_answer: {remind_after: 1 day, times: 1, then: expire}
  expires_after: 2 days
questions:
- id: open
  ask: {en: \"Is your clinic open?\"}
  type: yes_no
- id: packs
  ask: {en: \"How many packs?\"}
  type: number
- id: water
  ask: {en: \"Is there water?\"}
  type: yes_no
endings:
  done:
    say: {en: \"Thank you.\"}
";

/// An office, its sticks and what happened so far.
struct Scene {
    folder: TempDir,
    settings: Settings,
    switchboard: Option<Switchboard>,
    reader: Reader,
    now: Timestamp,
    story: String,
    /// The newest attempt that each stick was given, and how it was repeated.
    given: Vec<Option<AttemptId>>,
    /// The newest call that each stick made.
    dialled: Vec<Option<CallId>>,
    references: u8,
    slots: u32,
}

impl Scene {
    /// A Monday, nine o'clock, one stick; Mary and James are known; nothing was asked.
    fn new() -> Scene {
        Scene::with(1, |_| {})
    }

    /// The same with so many sticks, and settings as the scene wants them.
    fn with(sticks: usize, change: impl FnOnce(&mut Settings)) -> Scene {
        let region = Region::new("LR").expect("LR is a country");
        let mut settings = Settings::new(region, jiff::tz::TimeZone::UTC);
        settings.channels = (1..=sticks).map(stick).collect();
        settings.reading_time = Some(READING_TIME);
        change(&mut settings);
        let folder = folder();
        let now = "2026-03-02T09:00:00Z".parse().expect("a time");
        let (switchboard, reader) = wait(async {
            let (store, reader) = open(folder.path()).await;
            let chance = Chance([1; 32]);
            let opened = Switchboard::open(store, settings.clone(), chance, now).await;
            (opened.expect("a new store opens").0, reader)
        });
        let mut scene = Scene {
            folder,
            settings,
            switchboard: Some(switchboard),
            reader,
            now,
            story: String::new(),
            given: vec![None; sticks],
            dialled: vec![None; sticks],
            references: 0,
            slots: 0,
        };
        (1..=sticks).for_each(|stick| scene.plug(stick));
        scene.knows("Mary Kollie", &[MARY]);
        scene.knows("James Doe", &[JAMES]);
        scene.story.clear();
        scene
    }

    /// Somebody on the office's list.
    fn knows(&mut self, name: &str, numbers: &[&str]) {
        let numbers = numbers.iter().map(|number| (*number).to_owned()).collect();
        let person = ImportedPerson { name: name.to_owned(), numbers, ..Default::default() };
        let plan = ImportPlan { people: vec![person], ..Default::default() };
        self.ask(Request::ImportContacts { plan });
    }

    fn plug(&mut self, stick: usize) {
        let modem = modem_no(stick);
        let identity = Identity {
            imei: format!("35693803564380{stick}"),
            manufacturer: "Acme".to_owned(),
            model: "M1".to_owned(),
            profile: "generic",
            ..Default::default()
        };
        self.happens(vec![
            Event::Plugged { modem, port: format!("port-{stick}") },
            Event::Modem(modem, modem::Event::Ready(identity)),
        ]);
    }

    /// Events that come together, in one transaction; what follows goes into the story.
    fn happens(&mut self, events: Vec<Event>) -> Vec<Reply> {
        let switchboard = self.switchboard.as_mut().expect("the computer is on");
        let commands = wait(switchboard.handle(self.now, events)).expect("the disk works");
        self.carry_out(commands)
    }

    /// The same, and the light goes out before the commit.
    fn half_happens(&mut self, events: Vec<Event>) {
        let mut switchboard = self.switchboard.take().expect("the computer is on");
        wait(async {
            let mut work = switchboard.work(self.now).await.expect("the disk works");
            for event in events {
                work.handle(event).await.expect("the disk works");
            }
            drop(work);
            switchboard.close().await.expect("the disk works");
        });
    }

    fn carry_out(&mut self, commands: Vec<Command>) -> Vec<Reply> {
        let mut replies = Vec::new();
        for command in commands {
            match command {
                Command::Modem(modem, modem::Command::Send { attempt, pdu, .. }) => {
                    let stick = usize::try_from(modem.0).expect("a small number");
                    self.given[stick - 1] = Some(attempt);
                    let line = sent_line(&pdu);
                    self.tell(&format!("stick {stick} sends {line}"));
                }
                Command::Modem(modem, modem::Command::Ussd(ask)) => {
                    let what = match ask {
                        modem::Ussd::Dial { code, .. } => format!("dials {code}"),
                        modem::Ussd::Reply { text } => format!("replies {text}"),
                        modem::Ussd::End => "ends it".to_owned(),
                    };
                    self.tell(&format!("stick {} {what}", modem.0));
                }
                Command::Modem(modem, modem::Command::Forget { slot: Slot::Direct(number) }) => {
                    self.tell(&format!("stick {} acknowledges {number}", modem.0));
                }
                Command::Modem(
                    _,
                    modem::Command::Forget { slot: Slot::Stored(_) }
                    | modem::Command::PickUp { .. }
                    | modem::Command::Restart,
                ) => {}
                Command::Modem(modem, modem::Command::Dial { attempt, number }) => {
                    let stick = usize::try_from(modem.0).expect("a small number");
                    self.dialled[stick - 1] = Some(CallId::Placed(attempt));
                    self.tell(&format!("stick {stick} dials {}", masked(&number)));
                }
                Command::Modem(modem, modem::Command::HangUp { .. }) => {
                    self.tell(&format!("stick {} hangs up", modem.0));
                }
                Command::Modem(modem, modem::Command::LeaveAlone) => {
                    self.tell(&format!("stick {} is left alone", modem.0));
                }
                Command::Reply(_, reply) => replies.push(reply),
                Command::Sound(modem, _, sound) => {
                    self.tell(&format!("stick {} plays {}", modem.0, played(&sound)));
                }
                Command::Show(happening) | Command::Warn(happening) => {
                    self.tell(&happening.to_string())
                }
            }
        }
        replies
    }

    fn tell(&mut self, line: &str) {
        let time = self.now.strftime("%a %H:%M:%S");
        writeln!(self.story, "{time}  {line}").expect("a String takes everything");
    }

    /// What happened since the story was last told.
    fn story(&mut self) -> String {
        std::mem::take(&mut self.story)
    }

    fn ask(&mut self, request: Request) -> Reply {
        self.happens(vec![Event::Request(request, ReplyTo(1))]).pop().expect("a reply")
    }

    /// Starts a flow for everybody and lets the first questions out of the office.
    fn starts(&mut self, source: &str) -> Reply {
        self.starts_for(source, Audience::default())
    }

    fn starts_for(&mut self, source: &str, audience: Audience) -> Reply {
        let start_key = format!("{} {}", self.now, source.lines().next().unwrap_or_default());
        let name = Some("stock".to_owned());
        let flow = written(source);
        let reply = self.ask(Request::StartCampaign { flow, name, audience, start_key, by: None });
        self.waits(Duration::ZERO);
        reply
    }

    /// Starts a flow for Mary alone, and her first question leaves.
    fn asks_mary(&mut self) {
        self.asks_mary_aloud();
        self.story.clear();
    }

    /// The same, and the story tells it.
    fn asks_mary_aloud(&mut self) {
        let numbers = vec![MARY.to_owned()];
        self.starts_for(STOCK, Audience { numbers, ..Default::default() });
        self.sent(1);
    }

    /// Time passes; what is due by itself happens on its way.
    fn waits(&mut self, long: Duration) {
        let end = self.now + SignedDuration::try_from(long).expect("a short time");
        for _ in 0..1_000 {
            let due = self.switchboard.as_ref().expect("the computer is on").next_deadline();
            let Some(due) = due.filter(|due| *due <= end) else {
                self.now = end;
                return;
            };
            self.now = self.now.max(due);
            self.happens(vec![Event::Deadline]);
        }
        panic!("something is due again and again at {}", self.now);
    }

    fn modem_says(&mut self, stick: usize, event: modem::Event) {
        self.happens(vec![Event::Modem(modem_no(stick), event)]);
    }

    fn attempt(&self, stick: usize) -> AttemptId {
        self.given[stick - 1].expect("the stick was given something to send")
    }

    /// The network took what the stick was given last. Its reference comes back.
    fn sent(&mut self, stick: usize) -> u8 {
        self.references += 1;
        let (attempt, reference) = (self.attempt(stick), Some(self.references));
        self.modem_says(stick, modem::Event::Sent { attempt, reference });
        self.references
    }

    /// So many messages leave, one after the other, by the first stick.
    fn all_leave(&mut self, count: usize) {
        for _ in 0..count {
            self.sent(1);
        }
    }

    fn refused(&mut self, stick: usize, cause: Cause) {
        let attempt = self.attempt(stick);
        self.modem_says(stick, modem::Event::NotSent { attempt, cause });
    }

    fn unclear(&mut self, stick: usize) {
        let attempt = self.attempt(stick);
        self.modem_says(stick, modem::Event::Unclear { attempt, why: Why::Rebooted });
    }

    /// A text that was said now and comes by the first stick.
    fn says(&mut self, number: &str, text: &str) {
        self.said(number, text, self.now);
    }

    /// A text that was said then and comes now.
    fn said(&mut self, number: &str, text: &str, at: Timestamp) {
        for pdu in texts(number, text, at) {
            self.receives(1, pdu);
        }
    }

    fn receives(&mut self, stick: usize, pdu: Vec<u8>) {
        self.slots += 1;
        let place = Place { memory: "SM".to_owned(), index: self.slots };
        let slot = Some(Slot::Stored(place));
        self.modem_says(stick, modem::Event::Received { slot, pdu });
    }

    /// A text that a stick hands over and keeps nowhere, in the shape of [`Scene::receives`].
    fn is_handed(&mut self, stick: usize, number: u32, pdu: Vec<u8>) {
        let slot = Some(Slot::Direct(number));
        self.modem_says(stick, modem::Event::Received { slot, pdu });
    }

    /// The network says what became of the text of this reference, settled now.
    fn reports(&mut self, number: &str, reference: u8, status: u8) {
        let time = ServiceCentreTime::from_unix(self.now.as_second(), 0);
        let report = StatusReport {
            service_centre: None,
            reference,
            to: address(number),
            submitted: time,
            discharged: time,
            status: DeliveryStatus::from_octet(status),
            more_to_come: false,
            flags: Default::default(),
            rest: Vec::new(),
        };
        self.receives(1, report.encode().octets);
    }

    /// Somebody lets it ring once and hangs up. The modem knows the number a moment later.
    fn flashes(&mut self, nth: u32, number: Option<&str>) {
        let call = CallId::Came(nth);
        self.modem_says(1, modem::Event::Call(call, CallEvent::Rings { number: None }));
        if let Some(number) = number {
            let number = Some(number.to_owned());
            self.modem_says(1, modem::Event::Call(call, CallEvent::Rings { number }));
        }
        let ended = Ended::Released(Release::only(CallEnd::NoAnswer));
        self.modem_says(1, modem::Event::Call(call, CallEvent::Ended(ended)));
    }

    /// Something happens to the call that a stick makes.
    fn call(&mut self, stick: usize, event: CallEvent) {
        let call = self.dialled[stick - 1].expect("the stick made a call");
        self.modem_says(stick, modem::Event::Call(call, event));
    }

    fn call_ends(&mut self, stick: usize, end: CallEnd) {
        self.call(stick, CallEvent::Ended(Ended::Released(Release::only(end))));
    }

    /// What comes of the sound of a stick's call.
    fn hears(&mut self, stick: usize, heard: Heard) {
        let call = self.dialled[stick - 1].expect("the stick made a call");
        self.happens(vec![Event::Heard(modem_no(stick), call, heard)]);
    }

    fn presses(&mut self, stick: usize, keys: &str) {
        self.hears(stick, Heard::Keys(keys.to_owned()));
    }

    /// All calls, a line each.
    fn calls(&self) -> String {
        let lines = wait(self.reader.placed_calls(("", ""), 1_000)).expect("the disk works");
        let line = |line: &crate::store::CallLine| {
            let talked = line.talked_seconds.map_or(String::new(), |s| format!(", {s} s"));
            let (number, state) = (masked(&line.number), &line.state);
            format!("{number} {state} ({}){talked}: {}\n", line.why, line.how)
        };
        lines.iter().rev().map(line).collect()
    }

    /// The light goes out and comes back; the sticks keep their power.
    fn cut(&mut self) {
        self.switchboard = None;
        let (switchboard, commands) = wait(async {
            let (store, _) = open(self.folder.path()).await;
            let chance = Chance([self.slots.to_be_bytes()[3].wrapping_add(2); 32]);
            let opened = Switchboard::open(store, self.settings.clone(), chance, self.now).await;
            opened.expect("what a cut left opens again")
        });
        self.switchboard = Some(switchboard);
        self.tell("— the light went out —");
        self.carry_out(commands);
        (1..=self.given.len()).for_each(|stick| self.plug(stick));
    }

    /// All messages, a line each.
    fn messages(&self) -> String {
        let filter = MessageFilter { limit: 1_000, ..Default::default() };
        let lines = wait(self.reader.messages(&filter)).expect("the disk works");
        let line = |line: &crate::store::MessageLine| {
            let (way, number) = (&line.direction, masked(&line.number));
            let again = if line.repeats > 0 { " (again)" } else { "" };
            let why = if line.why.is_empty() { "" } else { " - " };
            format!("{way} {number} {:?} {}{again}{why}{}\n", line.text, line.status, line.why)
        };
        lines.iter().rev().map(line).collect()
    }

    /// The newest answers, a line each.
    fn answers(&self) -> String {
        let rows = wait(self.reader.answers(None)).expect("the disk works");
        let line = |row: &crate::store::AnswerRow| {
            let (name, question) = (&row.name, &row.question);
            let value = if question.is_empty() { "nothing" } else { &row.value };
            format!("{name} [{}] {question} = {value} ({})\n", row.status, row.how)
        };
        rows.iter().map(line).collect()
    }

    /// What waits for a person, a line each.
    fn inbox(&self) -> String {
        let rows = wait(self.reader.inbox()).expect("the disk works");
        let line = |row: &crate::store::InboxLine| {
            format!("{} {:?}: {}\n", masked(&row.number), row.text, row.why)
        };
        rows.iter().map(line).collect()
    }

    /// Where the newest campaign stands: status, funnel, dispositions.
    fn campaign(&self) -> String {
        let campaigns = wait(self.reader.campaigns()).expect("the disk works");
        let newest = campaigns.first().expect("a campaign was started");
        let funnel = &newest.funnel;
        let dispositions = wait(self.reader.dispositions(newest.id)).expect("the disk works");
        let each: Vec<String> =
            dispositions.iter().map(|(word, count)| format!("{count} {word}")).collect();
        format!(
            "{}: {} listed, {} messaged, {} reached, {} responded, {} completed; {}",
            newest.status,
            funnel.listed,
            funnel.messaged,
            funnel.reached,
            funnel.responded,
            funnel.completed,
            each.join(", ")
        )
    }
}

fn stick(number: usize) -> ChannelSettings {
    ChannelSettings {
        number: Some(format!("+23177000000{number}")),
        pace: Pace::UNLIMITED,
        ..ChannelSettings::new(format!("stick-{number}"), Find::ByPort(format!("port-{number}")))
    }
}

fn modem_no(stick: usize) -> ModemNo {
    ModemNo(u32::try_from(stick).expect("few sticks"))
}

fn written(source: &str) -> WrittenFlow {
    WrittenFlow {
        file: "stock.yaml".to_owned(),
        source: source.to_owned(),
        beside: Default::default(),
        recordings: None,
    }
}

fn address(number: &str) -> Address {
    Address::parse(number).expect("a number or a name")
}

/// A text as the network hands it over, in parts if it is long.
fn texts(number: &str, text: &str, at: Timestamp) -> Vec<Vec<u8>> {
    let time = ServiceCentreTime::from_unix(at.as_second(), 0);
    let pieces = split(text, 7, ReferenceWidth::Eight).expect("a short text");
    let pdu = |piece: rollcall_drivers::pdu::Piece| {
        Deliver::new(address(number), time, piece.coding, piece.data).encode().octets
    };
    pieces.into_iter().map(pdu).collect()
}

/// `+231•••0001 "Is your clinic open?"`, and whether the network shall refuse a second copy.
fn sent_line(pdu: &[u8]) -> String {
    let (_, tpdu) = rollcall_drivers::pdu::decode_service_centre(pdu).expect("we made it");
    let submit = Submit::decode(tpdu).expect("we made it");
    let part = submit.part().map(|part| format!(" {}/{}", part.number, part.total));
    let again = if submit.duplicates == Duplicates::Reject { " (not twice)" } else { "" };
    let (to, text) = (masked(&submit.to.to_string()), submit.text().unwrap_or_default());
    format!("{to} {text:?}{}{again}", part.unwrap_or_default())
}

fn masked(number: &str) -> String {
    PhoneNumber::from_e164(number).map_or_else(|| number.to_owned(), |number| number.to_string())
}

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
const MINUTE: Duration = Duration::from_secs(60);
const SECOND: Duration = Duration::from_secs(1);

/// What a call plays, and what it waits for.
fn played(sound: &Sound) -> String {
    let awaits = match &sound.awaits {
        Awaits::Nothing => "",
        Awaits::Keys(_) => ", waits for keys",
        Awaits::Speech { .. } => ", records",
    };
    format!("{:?}{awaits}", Piece::words(&sound.pieces))
}
