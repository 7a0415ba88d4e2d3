//! Kills the real program at seeded moments and counts what people got and said.
//!
//! `rollcall simulate` plays four modems and forty people and writes down the truth; `rollcall
//! serve` runs on them and is killed with SIGKILL ten times, then left to finish. What the
//! office's store says must then agree with the truth: every reply that reached a modem is kept
//! once, every answer once, and nobody got a text twice that was not uncertain first.
//!
//! `killed --rollcall target/release/rollcall [--seed N]`

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const MODEMS: usize = 4;
const PEOPLE: usize = 40;
const KILLS: usize = 10;
/// How long the last start may take until everybody is done.
const PATIENCE: Duration = Duration::from_secs(100);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let program = after("--rollcall").unwrap_or_else(|| "target/release/rollcall".to_owned());
    let seed = after("--seed").map_or(Ok(1), |seed| seed.parse()).context("--seed N")?;
    let folder = tempfile::tempdir()?;
    let rig = Rig { program: PathBuf::from(program).canonicalize()?, folder: folder.path().into() };
    rig.set_up()?;
    let mut country = rig.simulate(seed)?;
    let outcome = rig.survive(seed);
    stop(&mut country);
    outcome?;
    rig.compare()
}

struct Rig {
    program: PathBuf,
    folder: PathBuf,
}

impl Rig {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn office(&self) -> PathBuf {
        self.path("office")
    }

    fn set_up(&self) -> Result<()> {
        std::fs::write(self.path("people.csv"), people())?;
        std::fs::write(self.path("contacts.csv"), contacts())?;
        self.rollcall(&["init", &text(&self.office())])?;
        std::fs::write(self.office().join("rollcall.yaml"), settings(&self.path("country")))?;
        std::fs::write(self.office().join("flows/three.yaml"), FLOW)?;
        self.rollcall(&["contacts", "import", &text(&self.path("contacts.csv"))])?;
        Ok(())
    }

    fn simulate(&self, seed: u64) -> Result<Child> {
        let child = Command::new(&self.program)
            .args(["simulate", "--modems", &MODEMS.to_string(), "--pace", "fast"])
            .args(["--seed", &seed.to_string()])
            .args(["--people", &text(&self.path("people.csv"))])
            .args(["--dir", &text(&self.path("country"))])
            .args(["--log", &text(&self.path("truth.jsonl"))])
            .stdout(Stdio::null())
            .spawn()?;
        let last = self.path("country").join(format!("modem-{MODEMS}"));
        wait_until(Duration::from_secs(10), || Ok(last.exists())).context("no country")?;
        Ok(child)
    }

    /// Starts the campaign and kills `serve` again and again; then lets it finish.
    fn survive(&self, seed: u64) -> Result<()> {
        self.rollcall(&["campaign", "start", "three", "--everybody"])?;
        let mut draw = seed;
        for kill in 1..=KILLS {
            draw = draw
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let moment = Duration::from_millis(700 + (draw >> 33) % 250);
            println!("kill {kill}: {} ms after the start", moment.as_millis());
            let mut serve = self.serve()?;
            pause(moment);
            stop(&mut serve);
            println!("  {} texts and replies in the store", self.messages()?.len());
        }
        let mut serve = self.serve()?;
        let finished = wait_until(PATIENCE, || {
            let status = self.rollcall(&["campaign", "status", "--json"])?;
            Ok(status["campaigns"][0]["status"] == "finished" && self.nothing_waits()?)
        });
        stop(&mut serve);
        finished.context("the campaign did not finish")
    }

    fn serve(&self) -> Result<Child> {
        let log =
            std::fs::File::options().create(true).append(true).open(self.path("serve.log"))?;
        Ok(Command::new(&self.program)
            .args(["--office", &text(&self.office()), "serve"])
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?)
    }

    fn nothing_waits(&self) -> Result<bool> {
        let all = self.messages()?;
        let open = ["queued", "sending"];
        Ok(!all.iter().any(|message| open.iter().any(|status| message["status"] == *status)))
    }

    fn messages(&self) -> Result<Vec<Value>> {
        let list = self.rollcall(&["messages", "list", "--full", "--limit", "100000", "--json"])?;
        list["messages"].as_array().cloned().context("messages list has no messages")
    }

    fn rollcall(&self, arguments: &[&str]) -> Result<Value> {
        let mut command = Command::new(&self.program);
        if arguments[0] != "init" {
            command.args(["--office", &text(&self.office())]);
        }
        let output = command.args(arguments).output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "rollcall {}: {said}", arguments.join(" "));
        Ok(serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    }

    fn compare(&self) -> Result<()> {
        let truth = Truth::read(&self.path("truth.jsonl"))?;
        let messages = self.messages()?;
        let mut wrong = truth.replies_not_kept_once(&messages);
        wrong.extend(truth.texts_sent_twice_for_nothing(&messages));
        wrong.extend(self.answers_not_kept_once(&truth)?);
        println!(
            "{} texts delivered, {} replies received, {} kills",
            truth.delivered.values().sum::<usize>(),
            truth.said.values().sum::<usize>(),
            KILLS
        );
        if !wrong.is_empty() {
            bail!("{}\nserve said:\n{}", wrong.join("\n"), tail(&self.path("serve.log"))?);
        }
        println!("every answer kept once; nothing sent twice that was not uncertain first");
        Ok(())
    }

    /// Everybody answers all three questions, each with a text of their own.
    fn answers_not_kept_once(&self, truth: &Truth) -> Result<Vec<String>> {
        let file = self.path("answers.csv");
        self.rollcall(&["export", "--format", "csv-raw", "--to", &text(&file)])?;
        let sheet = std::fs::read_to_string(&file)?;
        let mut wrong = Vec::new();
        for person in 1..=PEOPLE {
            let answers = answers_of(person);
            let rows = sheet.lines().filter(|row| answers.iter().all(|a| row.contains(a))).count();
            if rows != 1 {
                wrong.push(format!("person {person} stands {rows} times in the export"));
            }
        }
        ensure!(truth.said.len() >= PEOPLE * answers_of(1).len(), "not everybody answered");
        Ok(wrong)
    }
}

/// What the country wrote down.
struct Truth {
    /// (number, text) and how often the person got it.
    delivered: BTreeMap<(String, String), usize>,
    /// (number, text) and how often the person said it.
    said: BTreeMap<(String, String), usize>,
}

impl Truth {
    fn read(file: &Path) -> Result<Truth> {
        let mut truth = Truth { delivered: BTreeMap::new(), said: BTreeMap::new() };
        for line in std::fs::read_to_string(file)?.lines() {
            let happening: Value = serde_json::from_str(line)?;
            let word = |key: &str| happening[key].as_str().unwrap_or_default().to_owned();
            let (count, number) = match happening["what"].as_str() {
                Some("delivered") => (&mut truth.delivered, word("to")),
                Some("said") => (&mut truth.said, word("by")),
                _ => continue,
            };
            *count.entry((number, word("text"))).or_default() += 1;
        }
        Ok(truth)
    }

    fn replies_not_kept_once(&self, messages: &[Value]) -> Vec<String> {
        let kept = |number: &str, text: &str| count(messages, "in", number, text);
        self.said
            .iter()
            .filter(|((number, text), said)| kept(number, text) != **said)
            .map(|((number, text), said)| {
                format!("{number} said {text:?} {said} times; kept {}", kept(number, text))
            })
            .collect()
    }

    fn texts_sent_twice_for_nothing(&self, messages: &[Value]) -> Vec<String> {
        let allowed = |number: &str, text: &str| {
            messages
                .iter()
                .filter(|m| m["direction"] == "out" && m["number"] == number && m["text"] == text)
                .map(|message| 1 + message["repeats"].as_u64().unwrap_or(0) as usize)
                .sum::<usize>()
        };
        self.delivered
            .iter()
            .filter(|((number, text), got)| **got > allowed(number, text))
            .map(|((number, text), got)| {
                format!("{number} got {text:?} {got} times; allowed {}", allowed(number, text))
            })
            .collect()
    }
}

fn count(messages: &[Value], direction: &str, number: &str, text: &str) -> usize {
    let same =
        |m: &&Value| m["direction"] == direction && m["number"] == number && m["text"] == text;
    messages.iter().filter(same).count()
}

/// The three answers of a person; no two people say the same.
fn answers_of(person: usize) -> [String; 3] {
    [format!("Town {person:03}"), format!("{}", 2_000 + person), format!("Boss {person:03}")]
}

fn number_of(person: usize) -> String {
    format!("+23188612{person:04}")
}

fn people() -> String {
    let mut sheet = String::from("number,temperament,which town,how many packs,supervisor\n");
    for person in 1..=PEOPLE {
        let [town, packs, boss] = answers_of(person);
        let number = number_of(person);
        let _ = writeln!(sheet, "{number},completes,{town},{packs},{boss}");
    }
    sheet
}

fn contacts() -> String {
    let mut sheet = String::from("name,phone\n");
    for person in 1..=PEOPLE {
        let _ = writeln!(sheet, "Person Number {person},{}", number_of(person));
    }
    sheet
}

fn settings(country: &Path) -> String {
    let mut yaml = String::from(
        "office: {name: Bench, country: LR, time_zone: Africa/Monrovia, languages: [en]}\n\
         quiet_hours: none\nuncertain_wait: 3 s\nchannels:\n",
    );
    for modem in 1..=MODEMS {
        let port = country.join(format!("modem-{modem}"));
        let _ = writeln!(yaml, "  - name: stick-{modem}");
        let _ = writeln!(yaml, "    modem: {{port: \"{}\"}}", port.display());
        yaml.push_str("    pace: unlimited\n");
    }
    yaml
}

const FLOW: &str = "\
flow: three
title: Three questions
languages: [en]
questions:
- id: town
  ask: {en: \"In which town are you?\"}
  type: text
- id: packs
  ask: {en: \"How many packs do you have?\"}
  type: number
- id: boss
  ask: {en: \"Who is your supervisor?\"}
  type: text
endings:
  done:
    say: {en: \"Thank you.\"}
";

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn tail(file: &Path) -> Result<String> {
    let all = std::fs::read_to_string(file)?;
    let lines: Vec<_> = all.lines().collect();
    Ok(lines[lines.len().saturating_sub(60)..].join("\n"))
}

/// SIGKILL: no process hears it coming.
fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

#[expect(clippy::disallowed_methods, reason = "the rig waits in real time for real processes")]
fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

fn wait_until(patience: Duration, mut done: impl FnMut() -> Result<bool>) -> Result<()> {
    let step = Duration::from_millis(250);
    let mut waited = Duration::ZERO;
    while !done()? {
        ensure!(waited < patience, "waited {} s in vain", patience.as_secs());
        pause(step);
        waited += step;
    }
    Ok(())
}
