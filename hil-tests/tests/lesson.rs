//! The first lesson of the manual, followed word by word with the real program.
//!
//! The commands, the files and the mistake are read out of the lesson itself, and what the program
//! says must be what the lesson shows. The modem is a real pseudo-terminal; nothing here waits but
//! for a line that a program prints.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const MANUAL: &str = include_str!("../../docs/flow-language.md");
/// How long a line may take that a running program is to print.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the lesson tells its reader to do, in this order.
#[derive(Debug, PartialEq)]
enum Step {
    Write { file: String, text: String },
    Change { this: String, that: String },
    Type { command: String, shown: Vec<String> },
}

fn lesson() -> &'static str {
    let begin = MANUAL.find("## Your first flow in ten minutes").expect("the lesson");
    let end = MANUAL.find("### An editor that helps").expect("the lesson's end");
    &MANUAL[begin..end]
}

/// The steps: what is told between two blocks, then the block.
fn steps() -> Vec<Step> {
    let mut steps = Vec::new();
    let mut change = None;
    for part in lesson().split("\n```\n") {
        let Some((told, block)) = part.split_once("\n```") else { continue };
        if let Some((this, that)) = slip(told) {
            change = Some((this.to_owned(), that.to_owned()));
            steps.push(Step::Change { this: this.to_owned(), that: that.to_owned() });
        } else if told.contains("Change it back") {
            let (that, this) = change.take().expect("something was changed");
            steps.push(Step::Change { this, that });
        }
        let (kind, text) = block.split_once('\n').expect("a block has lines");
        if kind == "yaml" {
            let file = told.split('`').rfind(|word| word.ends_with(".yaml"));
            let file = file.expect("the lesson names the file").to_owned();
            steps.push(Step::Write { file, text: format!("{text}\n") });
        } else {
            assert_eq!(kind, "console", "the lesson writes or types");
            steps.extend(typed(text));
        }
    }
    steps
}

/// "Change `this` to `that`".
fn slip(told: &str) -> Option<(&str, &str)> {
    let (this, rest) = told.split_once("Change `")?.1.split_once("` to `")?;
    Some((this, rest.split_once('`')?.0))
}

fn typed(lines: &str) -> Vec<Step> {
    let commands = lines.strip_prefix("$ ").expect("a command comes first").split("\n$ ");
    let step = |command: &str| {
        let mut lines = command.lines();
        let command = lines.next().expect("a command").to_owned();
        let shown = lines.filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
        Step::Type { command, shown }
    };
    commands.map(step).collect()
}

/// A terminal, or several of them, in which the lesson is followed.
struct Reader {
    folder: PathBuf,
    /// `simulate` and `serve`, which run until the lesson is over.
    running: Vec<Child>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        for child in &mut self.running {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

impl Reader {
    fn follow(&mut self, step: Step) {
        match step {
            Step::Write { file, text } => {
                std::fs::write(self.folder.join(file), text).expect("a file");
            }
            Step::Change { this, that } => {
                let file = self.folder.join("flows/stock.yaml");
                let text = std::fs::read_to_string(&file).expect("the flow");
                assert_eq!(text.matches(&this).count(), 1, "`{this}` stands once in the flow");
                std::fs::write(file, text.replace(&this, &that)).expect("a file");
            }
            Step::Type { command, shown } => self.enter(&command, &shown),
        }
    }

    fn enter(&mut self, command: &str, shown: &[String]) {
        if let Some(folder) = command.strip_prefix("cd ") {
            self.folder = self.folder.join(folder);
            return;
        }
        let words: Vec<&str> = command.split(' ').collect();
        assert_eq!(words[0], "rollcall", "{command}");
        match words[1] {
            "simulate" => self.start(&words, "modem-1"),
            "serve" => self.start(&words, "everybody is done"),
            _ => self.run(&words, shown),
        }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_office"));
        command.args(&words[1..]).current_dir(&self.folder).env_remove("ROLLCALL_OFFICE");
        command.env_remove("ROLLCALL_LOG").stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts a program that goes on running, and waits until it says this.
    fn start(&mut self, words: &[&str], until: &str) {
        let mut child = self.command(words).spawn().expect("the program runs");
        let (tell, told) = channel();
        let out: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|out| Box::new(out) as Box<dyn Read + Send>),
            child.stderr.take().map(|out| Box::new(out) as Box<dyn Read + Send>),
        ];
        for out in out.into_iter().flatten() {
            let tell = tell.clone();
            std::thread::spawn(move || {
                // What nobody listens to any more is read all the same, or the program would wait.
                for line in BufReader::new(out).lines().map_while(Result::ok) {
                    tell.send(line).ok();
                }
            });
        }
        drop(tell);
        self.running.push(child);
        wait_for(&told, until);
    }

    fn run(&self, words: &[&str], shown: &[String]) {
        let is_phone = words.get(2) == Some(&"try");
        let is_typed = |line: &&String| is_phone && !line.starts_with("> ");
        let replies: Vec<&String> = shown.iter().filter(is_typed).collect();
        let mut child = self.command(words).spawn().expect("the program runs");
        let mut keys = child.stdin.take().expect("a keyboard");
        replies.iter().for_each(|reply| writeln!(keys, "{reply}").expect("it is read"));
        drop(keys);
        let output = child.wait_with_output().expect("it ends");
        let said = lines_of(&output);
        let expected: Vec<&String> = shown.iter().filter(|line| !is_typed(line)).collect();
        for line in &expected {
            assert!(said.iter().any(|said| is_as(said, line)), "{words:?}: {line}\n{said:#?}");
        }
        if words.get(2) == Some(&"check") {
            assert_eq!(said.len(), expected.len(), "all of it is shown: {said:#?}");
        }
    }
}

fn wait_for(told: &Receiver<String>, until: &str) {
    let mut said = Vec::new();
    while let Ok(line) = told.recv_timeout(PATIENCE) {
        said.push(line);
        if said.last().is_some_and(|line| line.contains(until)) {
            return;
        }
    }
    assert_eq!(said, [until], "it is said");
}

fn lines_of(output: &Output) -> Vec<String> {
    let text = [&output.stdout[..], b"\n", &output.stderr[..]].concat();
    let text = String::from_utf8(text).expect("the program says text");
    text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

/// The same words with whatever spaces; TODAY is any day.
fn is_as(said: &str, shown: &str) -> bool {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let (said, shown) = (words(said), words(shown));
    match shown.split_once("TODAY") {
        Some((before, after)) => said.starts_with(before) && said.ends_with(after),
        None => said == shown,
    }
}

#[test]
fn who_follows_the_first_lesson_gets_what_it_shows() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut reader = Reader { folder: folder.path().into(), running: Vec::new() };
    steps().into_iter().for_each(|step| reader.follow(step));
    let office = folder.path().join("practice");
    assert_eq!(reader.folder, office);
    assert_eq!(reader.running.len(), 2, "the country and the office run");
    let flow = std::fs::read_to_string(office.join("flows/stock.yaml")).expect("the flow");
    assert!(
        flow.contains("replies: [\"about twenty\", \"fourteen\", \"no\", \"gloves\"]"),
        "{flow}"
    );
    assert!(Path::new(&office.join("reports/campaign-1.html")).is_file());
    assert!(office.join("answers.xlsx").is_file());
}

#[test]
fn the_lesson_has_all_its_steps() {
    let typed = steps().into_iter().map(|step| match step {
        Step::Type { command, .. } => command,
        Step::Write { file, .. } => format!("write {file}"),
        Step::Change { that, .. } => format!("change to {that}"),
    });
    let typed: Vec<String> = typed.collect();
    assert_eq!(
        typed,
        [
            "rollcall init practice",
            "cd practice",
            "write flows/stock.yaml",
            "rollcall flow check flows/stock.yaml",
            "change to type: nubmer",
            "rollcall flow check flows/stock.yaml",
            "change to type: number",
            "rollcall flow check flows/stock.yaml",
            "rollcall flow try stock",
            "rollcall flow test stock",
            "rollcall contacts import contacts.csv",
            "write rollcall.yaml",
            "rollcall simulate --dir country --pace fast",
            "rollcall campaign start stock --everybody",
            "rollcall serve",
            "rollcall report",
            "rollcall export --to answers.xlsx",
        ]
    );
}

#[test]
fn who_reads_only_the_beginning_of_what_is_printed_sees_no_alarm() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_office"));
    program.args(["flow", "schema"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program.spawn().expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}
