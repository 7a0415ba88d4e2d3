//! The detector of keys against a corpus of recordings: 25 minutes of keys worn down by codecs,
//! lost frames and noise, of tones that must be refused, and of speech, music and call set-up.
//!
//! The files are not part of the project: the test reads `vectors/dtmf` in the folder that
//! `ROLLCALL_SHARED` names, and has nothing to say without it. What always runs stands beside the
//! code. `cargo test --release --test dtmf_vectors -- --nocapture` prints the table.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rollcall_drivers::audio::dtmf::{Detector, Heard};
use rollcall_drivers::audio::wav::Wav;
use serde_json::Value;

/// From here on a key is as long as networks make them: 70 ms.
const LONG_ENOUGH: u64 = 560;
/// A key counts for a press if it is told up to 100 ms after its end.
const LATE: u64 = 800;
/// A press may be heard before its time where whole frames were taken out of the file.
const EARLY_IN_LOST: u64 = 900;

/// What the corpus says of a file.
struct Recording {
    path: PathBuf,
    kind: String,
    condition: String,
    presses: Vec<Press>,
}

struct Press {
    sign: char,
    begin: u64,
    length: u64,
}

/// What became of the presses of one condition.
#[derive(Clone, Debug, Default)]
struct Tally {
    files: usize,
    presses: usize,
    heard: usize,
    wrong: usize,
    extra: usize,
    latencies: Vec<u64>,
    all_long: bool,
}

fn corpus() -> Vec<Recording> {
    let Some(shared) = std::env::var_os("ROLLCALL_SHARED") else { return Vec::new() };
    let folder = Path::new(&shared).join("vectors/dtmf");
    let manifest = std::fs::read_to_string(folder.join("manifest.jsonl"))
        .expect("ROLLCALL_SHARED names a readable folder");
    let recording = |line: &str| {
        let line: Value = serde_json::from_str(line).expect("a JSON object a line");
        let text = |name: &str| line[name].as_str().expect("a text").to_owned();
        let presses = line["events"].as_array().expect("an array").iter().map(Press::of);
        Recording {
            path: folder.join(text("file")),
            kind: text("kind"),
            condition: text("cond"),
            presses: presses.collect(),
        }
    };
    manifest.lines().map(recording).collect()
}

impl Press {
    fn of(event: &Value) -> Press {
        let number = |at: usize| event[at].as_u64().expect("a number");
        let sign = event[0].as_str().and_then(|text| text.chars().next()).expect("a key");
        Press { sign, begin: number(1), length: number(2) }
    }
}

fn listen(path: &Path) -> Vec<Heard> {
    let octets = std::fs::read(path).expect("the manifest's file is there");
    let wav = Wav::read(&octets).expect("a WAV file");
    let mut detector = Detector::new();
    wav.samples.chunks(160).for_each(|frame| detector.handle_samples(frame));
    std::iter::from_fn(|| detector.poll_heard()).collect()
}

impl Tally {
    fn new() -> Tally {
        Tally { all_long: true, ..Tally::default() }
    }

    /// Counts what was heard in one file against what was pressed in it.
    fn count(&mut self, recording: &Recording) {
        let mut heard = listen(&recording.path);
        self.files += 1;
        if recording.kind == "pos" {
            let early = if recording.condition.contains("lost") { EARLY_IN_LOST } else { 80 };
            for (at, press) in recording.presses.iter().enumerate() {
                let next = recording.presses.get(at + 1).map_or(u64::MAX, |next| next.begin + 80);
                self.count_press(press, early, next, &mut heard);
            }
        }
        self.extra += heard.len();
    }

    fn count_press(&mut self, press: &Press, early: u64, next: u64, heard: &mut Vec<Heard>) {
        let end = (press.begin + press.length + LATE).min(next);
        let during = |heard: &Heard| (press.begin.saturating_sub(early)..end).contains(&heard.at);
        let (of_this, others) = heard.drain(..).partition(during);
        *heard = others;
        self.presses += 1;
        self.all_long &= press.length >= LONG_ENOUGH;
        let (right, wrong): (Vec<Heard>, Vec<Heard>) =
            Vec::into_iter(of_this).partition(|heard: &Heard| heard.digit.sign() == press.sign);
        self.wrong += wrong.len();
        self.extra += right.len().saturating_sub(1);
        if let Some(first) = right.first() {
            self.heard += 1;
            self.latencies.push(first.at.saturating_sub(press.begin));
        }
    }

    fn add(&mut self, other: &Tally) {
        self.files += other.files;
        self.presses += other.presses;
        self.heard += other.heard;
        self.wrong += other.wrong;
        self.extra += other.extra;
        self.latencies.extend(&other.latencies);
        self.all_long &= other.all_long;
    }

    /// The middle of the latencies, in samples.
    fn middle_latency(&self) -> u64 {
        let mut latencies = self.latencies.clone();
        latencies.sort_unstable();
        latencies.get(latencies.len() / 2).copied().unwrap_or(0)
    }
}

/// One tally a condition; the work shared by two threads, since an unoptimised detector is slow.
fn tallies(corpus: &[Recording]) -> BTreeMap<(String, String), Tally> {
    let (one, other) = corpus.split_at(corpus.len() / 2);
    let mut counted = std::thread::scope(|threads| {
        let one = threads.spawn(|| tallies_of(one));
        (tallies_of(other), one.join().expect("the other half is counted"))
    });
    for (condition, tally) in counted.1 {
        counted.0.entry(condition).or_insert_with(Tally::new).add(&tally);
    }
    counted.0
}

fn tallies_of(recordings: &[Recording]) -> BTreeMap<(String, String), Tally> {
    let mut conditions = BTreeMap::new();
    for recording in recordings {
        let condition = (recording.kind.clone(), recording.condition.clone());
        conditions.entry(condition).or_insert_with(Tally::new).count(recording);
    }
    conditions
}

#[test]
fn keys_are_heard_in_the_corpus_and_nothing_else_is() {
    let conditions = tallies(&corpus());
    let (mut long, mut short) = (Tally::new(), Tally::new());
    for ((kind, condition), tally) in &conditions {
        let ms = tally.middle_latency() / 8;
        println!(
            "{kind} {condition:20} {:3} of {:3}, wrong {}, extra {}, {ms} ms",
            tally.heard, tally.presses, tally.wrong, tally.extra
        );
        match (kind.as_str(), condition.as_str()) {
            ("pos", _) if tally.all_long => long.add(tally),
            ("pos", _) => short.add(tally),
            // Old switches signalled among themselves with tones near those of keys.
            (_, "tones-bellmf") => {}
            (_, _) => assert_eq!(tally.extra, 0, "{kind} {condition}"),
        }
    }
    println!(
        "70 ms and longer: {} of {}, shorter: {} of {}; middle latency {} ms",
        long.heard,
        long.presses,
        short.heard,
        short.presses,
        long.middle_latency() / 8
    );
    assert!(long.heard * 100 >= long.presses * 99, "{} of {}", long.heard, long.presses);
    assert_eq!(long.wrong + short.wrong, 0);
    assert!(long.extra * 10_000 <= long.presses * 15, "{} extra", long.extra);
    assert!(long.middle_latency() <= 400, "{} samples", long.middle_latency());
}
