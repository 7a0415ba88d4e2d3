//! The simulated country that the programs are let loose on, and the truth about it.

use anyhow::{Context, Result, ensure};
use rollcall_hil_tests::peers::{Running, wait_until};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A kind of modem, and what an office writes into the programs' settings for it.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The personality.
    pub name: &'static str,
    /// The numbers of `AT+CNMI=`, as manuals and forums give them for such modems.
    pub news: &'static str,
}

/// All that are tried.
pub const KINDS: [Kind; 10] = [
    Kind { name: "generic", news: "2,1,0,2,0" },
    Kind { name: "huawei", news: "1,1,0,2,0" },
    Kind { name: "zte", news: "2,1,0,2,0" },
    Kind { name: "simcom", news: "1,1,0,2,0" },
    Kind { name: "quectel", news: "2,1,0,2,0" },
    Kind { name: "sierra", news: "2,1,0,1,0" },
    Kind { name: "telit", news: "2,1,0,2,0" },
    Kind { name: "ublox", news: "2,1,0,2,0" },
    Kind { name: "wavecom", news: "2,1,0,2,0" },
    Kind { name: "cinterion", news: "2,1,0,0,1" },
];

/// A program, its modem and the person it writes to.
#[derive(Debug, Clone, Copy)]
pub struct Side {
    /// Counted from 1.
    pub modem: usize,
    /// What people call the program.
    pub name: &'static str,
}

/// Gammu's command.
pub const GAMMU: Side = Side { modem: 1, name: "gammu" };
/// Gammu's daemon.
pub const GAMMU_SMSD: Side = Side { modem: 2, name: "gammu-smsd" };
/// SMS Server Tools.
pub const SMS_TOOLS: Side = Side { modem: 3, name: "SMS Server Tools" };
const MODEMS: usize = 3;

/// How long the network and the people may take.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A text in the modem's own alphabet that fits one message.
pub const SHORT: &str = "hello, how are you? (one message)";
/// One that needs three messages; no line of it is like another, so that order shows.
pub const LONG: &str = "Please read all of this, it comes in three parts. One: count the boxes in \
    the store. Two: count the boxes that are open. Three: write both numbers on the red sheet. \
    Four: sign it and have it signed by the nurse in charge. Five: keep the sheet in the drawer. \
    Six: tell us that it is done. Seven: if the store was closed, tell us who has the key, and \
    when you could go there again.";
/// One that the modem's own alphabet cannot write.
pub const ACCENTS: &str = "Žluťoučký kůň, ελληνικά, 谢谢: ça va?";
/// What the person answers to each, in the same order.
pub const ANSWERS: [&str; 3] = [
    "I am fine, thank you",
    "All of it is done: I counted forty boxes in the store, and three of them are open. The red \
     sheet is signed by the nurse in charge and lies in the drawer, where nobody will lose it. \
     Greetings from the river.",
    "Ça va très bien, спасибо 谢谢",
];

/// `rollcall simulate` at work.
pub struct Country {
    /// What its modems are like.
    pub kind: Kind,
    folder: tempfile::TempDir,
    _process: Running,
}

impl Country {
    /// Starts a country whose modems are all of one kind.
    pub fn open(program: &Path, kind: Kind) -> Result<Country> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("people.csv"), people())?;
        let mut command = Command::new(program);
        command.args(["simulate", "--pace", "fast", "--modems", &MODEMS.to_string()]);
        command.arg("--people").arg(path("people.csv")).arg("--dir").arg(path("modems"));
        command.arg("--log").arg(path("truth"));
        command.args(["--personality", kind.name]);
        let process = Running::start(command, &path("announced"))?;
        let country = Country { kind, folder, _process: process };
        let last = country.port(SMS_TOOLS);
        wait_until(Duration::from_secs(10), || Ok(last.exists())).with_context(|| {
            std::fs::read_to_string(country.path("announced")).unwrap_or_default()
        })?;
        Ok(country)
    }

    /// A file or folder of its.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where a program's modem is.
    pub fn port(&self, side: Side) -> PathBuf {
        self.path("modems").join(format!("modem-{}", side.modem))
    }

    /// Who a program's modem says it is.
    pub fn imei(&self, side: Side) -> Result<String> {
        let announced = std::fs::read_to_string(self.path("announced"))?;
        let line = announced.lines().nth(side.modem - 1).context("the modem was not announced")?;
        let line: Value = serde_json::from_str(line)?;
        Ok(line["imei"].as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the program's person has read this text, and had it in so many messages, once
    /// each.
    pub fn was_read(&self, side: Side, text: &str, messages: usize) -> Result<()> {
        let to = number(side);
        let read = || self.count("delivered", |it| it["to"] == to && it["text"] == text);
        wait_until(PATIENCE, || Ok(read()? > 0))
            .with_context(|| format!("nobody got {text:?}; {}", self.story(side)))?;
        ensure!(read()? == 1, "it was sent {} times", read()?);
        let sent = |it: &Value| {
            let part = it["text"].as_str().is_some_and(|part| text.contains(part));
            it["to"] == to && part
        };
        let sent = self.count("accepted", sent)?;
        ensure!(sent == messages, "it left in {sent} messages and not in {messages}");
        Ok(())
    }

    /// Waits until the network has reported so many deliveries to the program's modem.
    pub fn was_reported(&self, side: Side, times: usize) -> Result<()> {
        let mine = |it: &Value| it["modem"] == side.modem && it["status"] == 0;
        wait_until(PATIENCE, || Ok(self.count("reported", mine)? >= times))
            .context("the program did not ask the network for a report")
    }

    /// Waits until all answers of the person have reached the modem.
    pub fn has_answered(&self, side: Side) -> Result<()> {
        let from = number(side);
        let told = |answer: &str| self.count("said", |it| it["by"] == from && it["text"] == answer);
        wait_until(PATIENCE, || {
            let all: Result<Vec<usize>> = ANSWERS.iter().map(|answer| told(answer)).collect();
            let arrived = self.count("received", |it| it["from"] == from)?;
            Ok(all?.iter().all(|times| *times == 1) && arrived >= MESSAGES_OF_ANSWERS)
        })
        .with_context(|| format!("the answers did not arrive; {}", self.story(side)))
    }

    fn story(&self, side: Side) -> String {
        let mine = |it: &Value| it["modem"] == side.modem || it["to"] == number(side);
        let truth = self.truth().unwrap_or_default();
        let lines: Vec<String> = truth.iter().filter(|it| mine(it)).map(Value::to_string).collect();
        format!("what happened:\n{}", lines.join("\n"))
    }

    fn count(&self, what: &str, is_meant: impl Fn(&Value) -> bool) -> Result<usize> {
        Ok(self.truth()?.iter().filter(|it| it["what"] == what && is_meant(it)).count())
    }

    fn truth(&self) -> Result<Vec<Value>> {
        let text = std::fs::read_to_string(self.path("truth"))?;
        // A line that is just being written is there at the next look.
        Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }
}

/// How many messages the answers come in.
const MESSAGES_OF_ANSWERS: usize = 4;

/// The number of the person whom a program writes to.
pub fn number(side: Side) -> String {
    format!("+23188000000{}", side.modem)
}

fn people() -> String {
    let mut sheet = String::from("number,temperament,answers_in,how are you,three parts,ça va\n");
    for side in [GAMMU, GAMMU_SMSD, SMS_TOOLS] {
        let [short, long, accents] = ANSWERS;
        let number = number(side);
        let _ = writeln!(sheet, "{number},completes,1 s,\"{short}\",\"{long}\",\"{accents}\"");
    }
    sheet
}
