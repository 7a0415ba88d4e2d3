//! Rollcall itself, set up, started and asked as an office does it: from the command line.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::peers::{Answers, Came, Office, Peer, Running, Usage, wait_until};

/// `rollcall serve` on its modems.
pub struct Ours {
    program: PathBuf,
    office: Office,
    running: Option<Running>,
    given: usize,
}

impl Ours {
    /// Makes the office folder.
    pub fn set_up(office: Office, program: PathBuf) -> Result<Ours> {
        let ours = Ours { program, office, running: None, given: 0 };
        let folder = ours.office.folder.display().to_string();
        let output = Command::new(&ours.program).args(["init", &folder]).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::write(ours.path("rollcall.yaml"), ours.settings())?;
        std::fs::write(ours.path("flows/rig.yaml"), FLOW)?;
        if let Answers::Always(answer) = ours.office.answers {
            let flow = ANSWERING.replace("ANSWER", answer);
            std::fs::write(ours.path("flows/answering.yaml"), flow)?;
            ours.ask(&["flow", "publish", "answering"])?;
        }
        Ok(ours)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.office.folder.join(name)
    }

    /// As shipped, but for the pace, and without a night.
    fn settings(&self) -> String {
        let mut yaml = String::from(
            "office: {name: Bench, country: LR, time_zone: Africa/Monrovia, languages: [en]}\n\
             quiet_hours: none\nchannels:\n",
        );
        for (nth, port) in self.office.ports.iter().enumerate() {
            let _ = writeln!(yaml, "  - name: stick-{}", nth + 1);
            let _ = writeln!(yaml, "    modem: {{port: \"{}\"}}", port.display());
            yaml.push_str("    pace: unlimited\n");
        }
        yaml
    }

    fn ask(&self, arguments: &[&str]) -> Result<Value> {
        let mut command = Command::new(&self.program);
        command.arg("--office").arg(&self.office.folder).args(arguments).arg("--json");
        let output = command.output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "rollcall {}: {said}", arguments.join(" "));
        Ok(serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    }

    fn messages(&self) -> Result<Vec<Value>> {
        let list = self.ask(&["messages", "list", "--full", "--limit", "100000"])?;
        list["messages"].as_array().cloned().context("messages list has no messages")
    }

    fn out(&self) -> Result<Vec<Value>> {
        Ok(self.messages()?.into_iter().filter(|it| it["direction"] == "out").collect())
    }
}

impl Peer for Ours {
    fn name(&self) -> &'static str {
        "Rollcall"
    }

    fn start(&mut self) -> Result<()> {
        let mut command = Command::new(&self.program);
        command.arg("--office").arg(&self.office.folder).arg("serve");
        self.running = Some(Running::start(command, &self.path("serve.log"))?);
        // From then on it hears what is asked of it.
        let door = self.path("data/control.json");
        wait_until(Duration::from_secs(30), || Ok(door.exists()))
            .with_context(|| std::fs::read_to_string(self.path("serve.log")).unwrap_or_default())
    }

    fn send(&mut self, to: &str, text: &str) -> Result<()> {
        self.send_all(&[to.to_owned()], text)
    }

    fn send_all(&mut self, to: &[String], _: &str) -> Result<()> {
        self.given += 1;
        let group = format!("Batch {}", self.given);
        let mut sheet = String::from("name,phone\n");
        for number in to {
            let _ = writeln!(sheet, "Person {number},{number}");
        }
        let file = self.path("contacts.csv");
        std::fs::write(&file, sheet)?;
        let file = file.display().to_string();
        self.ask(&["contacts", "import", &file, "--group", &group])?;
        self.ask(&["campaign", "start", "rig", "--group", &group, "--name", &group])?;
        Ok(())
    }

    fn came(&self) -> Result<Vec<Came>> {
        let word = |it: &Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
        let came = |it: &Value| Came {
            from: word(it, "number").trim_start_matches('+').to_owned(),
            text: word(it, "text"),
        };
        let all = self.messages()?;
        Ok(all.iter().filter(|it| it["direction"] == "in").map(came).collect())
    }

    fn reports(&self) -> Result<usize> {
        Ok(self.out()?.iter().filter(|it| it["status"] == "delivered").count())
    }

    /// Only ours says so; a message that is uncertain for good counts as told, too.
    fn told_uncertain(&self) -> Result<Vec<String>> {
        let is_told = |it: &Value| {
            it["repeats"].as_u64().is_some_and(|repeats| repeats > 0) || it["status"] == "uncertain"
        };
        let number = |it: &Value| it["number"].as_str().unwrap_or_default().to_owned();
        Ok(self.out()?.iter().filter(|it| is_told(it)).map(number).collect())
    }

    fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.kill();
        }
    }

    fn usage(&self) -> Usage {
        self.running.as_ref().map(Running::usage).unwrap_or_default()
    }
}

const FLOW: &str = "\
flow: rig
title: One text
languages: [en]
questions:
- id: answer
  ask: {en: \"This is a text from the rig. Please read it.\"}
  type: text
endings:
  done:
    say: {en: \"Thank you.\"}
";

const ANSWERING: &str = "\
flow: answering
title: An answer to everything
languages: [en]
starts_on_anything: true
questions:
- id: more
  ask: {en: \"ANSWER\"}
  type: text
endings:
  done:
    say: {en: \"Thank you.\"}
";
