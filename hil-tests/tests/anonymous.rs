//! The proof of what an anonymous survey promises: nothing that the office keeps, writes or shows
//! has both a person and what they answered.
//!
//! Forty people answer the shipped survey in the simulated country: by AT bytes, PDUs and a real
//! database file, with twins, parts, double sends, texts that nobody understands and power cuts.
//! It is played twice. The people are the same, and so is every letter's length and every chance;
//! only what they answer is not. **Whatever is the same in both worlds cannot tell answers.** So
//! every row of every table, every exported line and every line of the log must be the same, but
//! for the one table that holds values without people. Then that table is held against what
//! people truly answered, and every file is searched for their words to the octet.

use clap::Parser;
use jiff::{SignedDuration, Timestamp};
use rollcall::cli::Cli;
use rollcall::contacts::{ImportPlan, ImportedPerson};
use rollcall::engine;
use rollcall::flow::{self, Beside};
use rollcall::model::Language;
use rollcall::store::{Audience, Home, Store, WholeRow};
use rollcall::switchboard::{Reply, Request, WrittenFlow};
use rollcall::world::{Cut, World};
use rollcall_drivers::pdu::{Incoming, decode_incoming, pack_text};
use rollcall_drivers::simulator::{
    Habits, ModemPlan, NetworkPlan, PerMille, PersonPlan, Plan, Rates, Temperament, What,
};
use rollcall_hil_tests::settings;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const FLOW: &str = include_str!("../../flows/attitudes.yaml");
const BEGUN: &str = "2026-03-02T09:00:00Z";
const SEED: u64 = 7;
const PEOPLE: u8 = 40;
/// A phrase of each question with a scale, and its name.
const SCALES: [(&str, &str); 6] = [
    ("feel safe", "safe"),
    ("what i need", "supplies"),
    ("paid on time", "paid"),
    ("listens to me", "listens"),
    ("more work than", "workload"),
    ("respect my work", "respected"),
];
const LABELS: [&str; 5] = ["never", "seldom", "sometimes", "often", "always"];
/// The table that holds what was answered, and nobody's name.
const APART: &str = "anonymous_answer";
/// A page of the database.
const PAGE: usize = 4_096;
const SEALED: &str = "(anonymous answer)";

/// Two worlds that differ in nothing but the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Minds {
    These,
    Others,
}

/// Who somebody is in this survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Plain,
    /// The last answer takes two segments.
    Long,
    /// The last answer is typed as two texts, seconds apart.
    InTwo,
    /// Sends answers once more, every other time with a slip.
    Again,
    /// Mistypes before every answer.
    Mistypes,
    /// Whether they are paid, they say in words that no scale knows, twice.
    OffTheScale,
    /// Says STOP to the fourth question.
    Stops,
    /// Says SKIP to the first question, in one of the worlds.
    Skips,
}

const MANNERS: [Manner; 8] = [
    Manner::Plain,
    Manner::Long,
    Manner::InTwo,
    Manner::Again,
    Manner::Mistypes,
    Manner::OffTheScale,
    Manner::Stops,
    Manner::Skips,
];

/// What a person thinks, in one of the worlds.
struct Mind {
    number: String,
    manner: Manner,
    /// 1 to 5, for each scale.
    scales: [u8; 6],
    recommends: bool,
    /// Whether they skip the first question, if they are of that manner.
    skips: bool,
    text: String,
    /// Words that nobody else says in any world.
    canaries: Vec<String>,
}

fn mind(person: u8, minds: Minds) -> Mind {
    let manner = MANNERS[usize::from(person) % MANNERS.len()];
    let shift = if minds == Minds::These { 0 } else { 13 };
    let word = |salt: u8| {
        let letter = |at: u8| match at {
            0 => b'a' + (person / 26 + salt * 2 + shift) % 26,
            1 => b'a' + (person % 26 + shift) % 26,
            _ => b'a' + (at * 5 + person * 3 + salt * 11 + shift) % 26,
        };
        (0..14).map(|at| char::from(letter(at))).collect::<String>()
    };
    let canaries: Vec<String> = (0..3).map(word).collect();
    let (first, last) = (&canaries[0], &canaries[1]);
    let text = match manner {
        Manner::Long => format!("{first} {} {last}", "more soap and more gloves, ".repeat(6)),
        Manner::InTwo => format!("{first} {last}"),
        _ => format!("We need {first} at night and {last} by day"),
    };
    let turned = |value: u8| if minds == Minds::These { value } else { 6 - value };
    let scale = |nth: usize| turned(1 + (person * 3 + u8::try_from(nth).unwrap_or(0) * 2) % 5);
    Mind {
        number: format!("+2318861300{person:02}"),
        manner,
        scales: std::array::from_fn(scale),
        recommends: person.is_multiple_of(3) == (minds == Minds::These),
        skips: minds == Minds::These,
        text,
        canaries,
    }
}

fn minds(which: Minds) -> Vec<Mind> {
    (1..=PEOPLE).map(|person| mind(person, which)).collect()
}

fn person(mind: &Mind) -> PersonPlan {
    let temperament = match mind.manner {
        Manner::Stops => Temperament::SaysStop { after: 3 },
        _ => Temperament::Completes,
    };
    let mut plan = PersonPlan::new(&mind.number, temperament);
    for ((phrase, question), value) in SCALES.iter().zip(mind.scales) {
        let say = match (mind.manner, *question) {
            (Manner::OffTheScale, "paid") => mind.canaries[2].clone(),
            (Manner::Skips, "safe") if mind.skips => "SKIP".to_owned(),
            _ => value.to_string(),
        };
        plan = plan.says(phrase, &say);
    }
    // Two letters either way, so that both worlds take the same time.
    plan = plan.says("recommend", if mind.recommends { "1" } else { "2" });
    plan = plan.says("one sentence", &mind.text);
    let always = PerMille::ALWAYS;
    plan.habits = match mind.manner {
        Manner::InTwo => Habits { in_two: always, ..Habits::default() },
        Manner::Again => Habits { again: always, ..Habits::default() },
        Manner::Mistypes => Habits { mistypes: always, ..Habits::default() },
        _ => Habits::default(),
    };
    plan
}

/// What everybody truly answered: question and value, and how often.
fn truth(minds: &[Mind], slips: &[String]) -> BTreeMap<(String, String), i64> {
    let mut counts = BTreeMap::new();
    let mut count = |question: &str, value: &str| {
        *counts.entry((question.to_owned(), value.to_owned())).or_insert(0) += 1;
    };
    for mind in minds {
        for ((_, question), value) in SCALES.iter().zip(mind.scales) {
            match (mind.manner, *question) {
                (Manner::OffTheScale, "paid") => {}
                (Manner::Stops, "listens" | "workload" | "respected") => {}
                (Manner::Skips, "safe") if mind.skips => count(question, "(refused)"),
                _ => count(question, LABELS[usize::from(value) - 1]),
            }
        }
        if mind.manner != Manner::Stops {
            count("recommend", if mind.recommends { "yes" } else { "no" });
        }
        if mind.manner != Manner::Stops && mind.manner != Manner::Mistypes {
            count("help_most", &mind.text);
        }
    }
    slips.iter().for_each(|slip| count("help_most", slip));
    counts
}

/// What a world left behind.
struct Left {
    minds: Vec<Mind>,
    rows: Vec<WholeRow>,
    log: String,
    exports: BTreeMap<String, String>,
    database: Vec<u8>,
    /// What the store and its log held while the survey ran.
    meanwhile: Vec<Vec<u8>>,
    twins: usize,
    /// What those who hit the wrong keys said to the last question: anything is an answer there.
    slips: Vec<String>,
}

async fn survey(which: Minds, log: &Log) -> Left {
    log.take();
    let folder = tempfile::tempdir().expect("a folder");
    let office = folder.path().join("office");
    run(&["init", &office.display().to_string()]).await;
    let file = office.join("data/rollcall.db");
    let minds = minds(which);
    let mut world = open(&file, &minds).await;
    let mut meanwhile = Vec::new();
    for hour in 0..48_i64 {
        let next = world.now() + SignedDuration::from_mins(13);
        world.run_until(next).await.expect("no failure");
        if hour % 12 == 5 {
            meanwhile.push(on_disk(&file));
        }
        match hour % 4 {
            1 => world.cut(Cut::Computer, Duration::from_secs(60)).await.expect("it starts again"),
            3 => world.cut(Cut::Everything, Duration::from_secs(300)).await.expect("it starts"),
            _ => {}
        }
    }
    let end = world.now() + SignedDuration::from_hours(24 * 8);
    world.run_until(end).await.expect("no failure");
    let (twins, slips) = (twins(&world), slips(&world, &minds));
    let rows = world.reader().every_row().await.expect("a store");
    world.close().await.expect("a disk");
    let exports = exports(&office).await;
    let store = Store::open(&Home::File(file.clone()), || Duration::ZERO).await;
    store.expect("a store").0.close().await.expect("a disk");
    let database = std::fs::read(&file).expect("a file");
    Left { minds, rows, log: log.take(), exports, database, meanwhile, twins, slips }
}

async fn open(file: &Path, minds: &[Mind]) -> World {
    let rates = Rates {
        refused: PerMille(20),
        lost_result: PerMille(10),
        lost_report: PerMille(30),
        twin: PerMille(300),
        out_of_order: PerMille(300),
        lost_notice: PerMille(20),
        ..Rates::default()
    };
    let network = NetworkPlan { rates, ..NetworkPlan::default() };
    let modems = (1..=2).map(ModemPlan::numbered).collect();
    let people = minds.iter().map(person).collect();
    let plan = Plan { modems, network, people, ..Plan::default() };
    let begun: Timestamp = BEGUN.parse().expect("a time");
    let home = Home::File(file.to_owned());
    let settings = settings().expect("settings");
    let mut world = World::open(home, settings, plan, SEED, begun).await.expect("a world");
    let people = minds.iter().map(|mind| ImportedPerson {
        name: format!("Person {}", &mind.number[10..]),
        numbers: vec![mind.number.clone()],
        ..ImportedPerson::default()
    });
    let plan = ImportPlan { people: people.collect(), ..ImportPlan::default() };
    world.ask(Request::ImportContacts { plan }).await.expect("an office");
    let flow = WrittenFlow {
        file: "attitudes.yaml".to_owned(),
        source: FLOW.to_owned(),
        beside: BTreeMap::new(),
        recordings: None,
    };
    let started = world
        .ask(Request::StartCampaign {
            flow,
            name: Some("attitudes".to_owned()),
            audience: Audience::default(),
            start_key: "attitudes".to_owned(),
            by: None,
        })
        .await;
    assert!(matches!(started, Ok(Reply::Started { .. })), "{started:?}");
    world
}

/// How many messages from people came to a modem a second time.
fn twins(world: &World) -> usize {
    let mut seen = BTreeSet::new();
    let received = world.truth().iter().filter(|happening| match &happening.what {
        What::Received { from, text, .. } => !seen.insert((from.clone(), text.clone())),
        _ => false,
    });
    received.count()
}

/// What those who mistype said to the last question.
fn slips(world: &World, minds: &[Mind]) -> Vec<String> {
    let mistypes = |number: &str| {
        minds.iter().any(|mind| mind.number == number && mind.manner == Manner::Mistypes)
    };
    let said = world.truth().iter().filter_map(|happening| match &happening.what {
        What::Said { by, text, answering: Some(asked), .. } if mistypes(by) => {
            let is_answer = text.contains(char::is_alphanumeric);
            (is_answer && asked.contains("one sentence")).then(|| text.clone())
        }
        _ => None,
    });
    said.collect()
}

/// The database and its log as they lie on the disk now.
fn on_disk(file: &Path) -> Vec<u8> {
    let mut octets = std::fs::read(file).expect("a file");
    octets.extend(std::fs::read(file.with_extension("db-wal")).unwrap_or_default());
    octets
}

/// Runs a command of the program.
async fn run(words: &[&str]) {
    let command = Cli::try_parse_from(["rollcall"].iter().chain(words)).expect("a command");
    command.run().await.expect("it does what it should");
}

/// Everything that the office can write about a survey: file name and text.
async fn exports(office: &Path) -> BTreeMap<String, String> {
    let folder = office.display().to_string();
    let at = |name: &str| office.join("reports").join(name).display().to_string();
    for format in ["csv", "csv-raw"] {
        let to = at(&format!("{format}.csv"));
        run(&["--office", &folder, "export", "--format", format, "--to", &to]).await;
    }
    run(&["--office", &folder, "report", "--campaign", "attitudes"]).await;
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(office.join("reports")).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        files.insert(name, std::fs::read_to_string(entry.path()).expect("a text"));
    }
    files
}

#[tokio::test]
async fn nothing_that_is_kept_written_or_shown_tells_who_answered_what() {
    let log = Log::default();
    log.listen();
    let (these, others) = (survey(Minds::These, &log).await, survey(Minds::Others, &log).await);

    // 1. The two worlds differ in the answers, and in one table alone.
    same_but_for_the_answers(&these, &others);
    for left in [&these, &others] {
        assert!(left.twins > 10, "only {} twins came", left.twins);
        // 2. What is in that table is what people answered, and has nothing else.
        answers_are_true(left);
        // 3. Nothing of a run holds a text or a value, or depends on one.
        nothing_is_left_in_the_runs(left);
        // 4. No word of theirs stands anywhere else, to the octet.
        words_stand_nowhere_else(left);
        // 5. What goes out to people is the same for all.
        everybody_is_asked_the_same(left);
    }
}

fn same_but_for_the_answers(these: &Left, others: &Left) {
    let elsewhere = |left: &Left| -> Vec<String> {
        let rows = left.rows.iter().filter(|row| row.table != APART && !is_wall_clock(row));
        rows.map(|row| format!("{}: {}", row.table, row.cells.join(" | "))).collect()
    };
    let (one, other) = (elsewhere(these), elsewhere(others));
    assert!(one.len() > 1_000, "only {} rows", one.len());
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other, "a row outside of `{APART}` tells answers");
    }
    assert_eq!(one.len(), other.len());
    assert!(these.log.lines().count() > 10, "the log was heard: {}", these.log);
    assert_eq!(these.log, others.log, "the log tells answers");
    let persons = |left: &Left| {
        let apart = |name: &String| name.ends_with("-anonymous.csv") || name.ends_with(".html");
        let files = left.exports.iter().filter(|(name, _)| !apart(name));
        files.map(|(name, text)| format!("{name}\n{text}")).collect::<Vec<_>>()
    };
    assert_eq!(persons(these).len(), 2);
    assert_eq!(persons(these), persons(others), "an export tells answers");
    let values = |left: &Left| left.rows.iter().filter(|row| row.table == APART).count();
    assert!(values(these) > 200 && values(others) > 200);
    let cells = |left: &Left| -> BTreeSet<String> {
        left.rows.iter().filter(|row| row.table == APART).map(|row| row.cells.join("|")).collect()
    };
    assert_ne!(cells(these), cells(others), "the worlds do differ");
}

/// When migrations were run, by the clock of this machine.
fn is_wall_clock(row: &WholeRow) -> bool {
    row.table == "_sqlx_migrations"
}

fn answers_are_true(left: &Left) {
    let mut found = BTreeMap::new();
    for row in left.rows.iter().filter(|row| row.table == APART) {
        assert_eq!(row.columns, ["id", "campaign_id", "flow", "question", "kind", "value"]);
        let cell = |name| row.cell(name).unwrap_or_default().to_owned();
        *found.entry((cell("question"), cell("value"))).or_insert(0) += 1;
    }
    assert_eq!(found, truth(&left.minds, &left.slips));
    // They lie in the order of chance: the first answers of the day are not the first rows.
    let rows: Vec<_> = left.rows.iter().filter(|row| row.table == APART).collect();
    for quarter in rows.chunks(rows.len().div_ceil(4)) {
        let asked: BTreeSet<_> = quarter.iter().filter_map(|row| row.cell("question")).collect();
        assert_eq!(asked.len(), SCALES.len() + 2, "rows lie in the order in which they came");
    }
}

fn nothing_is_left_in_the_runs(left: &Left) {
    let mut sealed = 0;
    for row in &left.rows {
        let cell = |name: &str| row.cell(name).unwrap_or_default();
        match row.table.as_str() {
            "answer" => {
                let how = cell("how");
                assert!(how == "anonymous" || how == "not_understood", "{row:?}");
                assert_eq!((cell("kind"), cell("value"), cell("heard")), ("", "", ""), "{row:?}");
            }
            "run" => assert_eq!((cell("proposed_kind"), cell("proposed")), ("", ""), "{row:?}"),
            "message" if cell("direction") == "in" => {
                sealed += usize::from(cell("body") == SEALED);
                assert!(cell("body") == SEALED || cell("body") == "STOP", "{row:?}");
            }
            "raw_pdu" if cell("sealed") == "1" => {
                assert_eq!(text_of(cell("octets")), "", "{row:?}")
            }
            "raw_pdu" if cell("kind") == "deliver" => {
                assert_eq!(text_of(cell("octets")), "STOP", "{row:?}");
            }
            table => {
                let may_not_be = ["contact_field", "contact_group", "part"];
                assert!(!may_not_be.contains(&table), "{row:?}");
            }
        }
    }
    assert!(sealed > 300, "only {sealed} replies");
}

fn text_of(hex: &str) -> String {
    let octet = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    let octets: Vec<u8> = (0..hex.len()).step_by(2).map(octet).collect();
    match decode_incoming(&octets).expect("a message") {
        Incoming::Deliver(deliver) => deliver.text().unwrap_or_default().to_owned(),
        Incoming::StatusReport(_) => String::new(),
    }
}

fn words_stand_nowhere_else(left: &Left) {
    let apart: Vec<&str> = left
        .rows
        .iter()
        .filter(|row| row.table == APART)
        .filter_map(|row| row.cell("value"))
        .collect();
    let canaries = || left.minds.iter().flat_map(|mind| &mind.canaries);
    for mind in &left.minds {
        for canary in &mind.canaries {
            let is_kept = apart.iter().any(|value| value.contains(canary.as_str()));
            let is_said = match mind.manner {
                Manner::Stops => false,
                Manner::Mistypes => left.slips.iter().any(|said| said.contains(canary.as_str())),
                _ => *canary != mind.canaries[2],
            };
            assert_eq!(is_kept, is_said, "{canary} of {:?}", mind.manner);
        }
    }
    for canary in canaries() {
        assert!(!left.log.contains(canary.as_str()), "{canary} in the log");
        for (name, text) in left.exports.iter().filter(|(_, text)| text.contains(canary.as_str())) {
            assert!(name.ends_with("-anonymous.csv"), "{canary} in {name}");
            assert!(!text.contains("+231") && !text.contains("Person"), "{name} has people in it");
        }
    }
    // As letters: never on a page of the file that has a number on it.
    let letters: Vec<Vec<u8>> = canaries().map(|canary| canary.as_bytes().to_vec()).collect();
    let found = places(&left.database, &letters);
    assert!(found.len() > 50, "the search finds what is there: {}", found.len());
    for at in found {
        let page = &left.database[at / PAGE * PAGE..at / PAGE * PAGE + PAGE];
        assert!(places(page, &[b"+23188613".to_vec()]).is_empty(), "a word beside a number");
    }
    // As a message holds them: nowhere, neither as octets nor as digits.
    let packed: Vec<Vec<u8>> = canaries().flat_map(|canary| packed(canary)).collect();
    let digits = |octets: &Vec<u8>| {
        octets.iter().map(|octet| format!("{octet:02X}")).collect::<String>().into_bytes()
    };
    let digits: Vec<Vec<u8>> = packed.iter().map(digits).collect();
    assert!(places(&left.database, &packed).is_empty(), "words are left in packed");
    assert!(places(&left.database, &digits).is_empty(), "words are left in digits");
    for octets in &left.meanwhile {
        assert!(places(octets, &digits).is_empty(), "words in digits");
    }
}

/// The seven-bit octets of a word wherever it may begin, without its ragged ends.
fn packed(word: &str) -> Vec<Vec<u8>> {
    let shifted = (0..8).map(|before| {
        let text = format!("{}{word}", "@".repeat(before));
        let octets = pack_text(&text).expect("plain letters");
        let (first, last) = ((before * 7).div_ceil(8), (before + word.len()) * 7 / 8);
        octets[first..last].to_vec()
    });
    shifted.collect()
}

/// Where any of these stands in octets.
fn places(octets: &[u8], what: &[Vec<u8>]) -> Vec<usize> {
    let mut by_begin: BTreeMap<[u8; 4], Vec<&Vec<u8>>> = BTreeMap::new();
    for one in what {
        by_begin.entry([one[0], one[1], one[2], one[3]]).or_default().push(one);
    }
    let begins = octets.windows(4).enumerate();
    let fits = |(at, begin): (usize, &[u8])| {
        let begin: [u8; 4] = begin.try_into().expect("four octets");
        let known = by_begin.get(&begin)?;
        known.iter().any(|one| octets[at..].starts_with(one)).then_some(at)
    };
    begins.filter_map(fits).collect()
}

#[test]
fn what_is_searched_for_would_be_found() {
    let word = "abcdefghijklmn";
    for before in 0..20 {
        let octets = pack_text(&format!("{}{word} and more", "x".repeat(before))).expect("letters");
        assert!(!places(&octets, &packed(word)).is_empty(), "after {before}");
    }
}

/// Every text that leaves is one of the flow's own, whatever was answered.
fn everybody_is_asked_the_same(left: &Left) {
    let flow = flow::read(FLOW, &Beside::default()).0.expect("the shipped flow is right");
    let english = Language::new("en");
    let texts: Vec<String> = engine::sent_texts(&flow)
        .into_iter()
        .filter(|text| text.language == english)
        .map(|text| text.text)
        .collect();
    let again = format!("{} ", flow.messages.wrong[&english]);
    let ends = flow.endings.values().flat_map(|ending| &ending.say);
    let standing = [&flow.messages.stopped].into_iter().chain(ends);
    let standing: Vec<&String> = standing.filter_map(|wording| wording.get(&english)).collect();
    for row in left.rows.iter().filter(|row| row.cell("direction") == Some("out")) {
        let body = row.cell("body").unwrap_or_default();
        let known = texts.iter().any(|text| *text == body.trim_start_matches(&again))
            || standing.iter().any(|text| *text == body);
        assert!(known, "{body}");
    }
}

/// All that the program logs, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn listen(&self) {
        let log = self.clone();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .without_time()
            .with_ansi(false)
            .with_writer(move || log.clone())
            .init();
    }

    fn take(&self) -> String {
        let octets = std::mem::take(&mut *self.0.lock().expect("nobody panicked"));
        String::from_utf8_lossy(&octets).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
