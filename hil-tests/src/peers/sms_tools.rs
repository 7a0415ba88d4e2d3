//! SMS Server Tools: one daemon for all modems, and texts as files in folders.

use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use super::gammu_smsd::write_program;
use super::{Answers, Came, Haste, Office, Peer, Running, Usage, texts};

/// `smsd` of the package smstools.
#[derive(Debug)]
pub struct SmsTools {
    office: Office,
    running: Option<Running>,
    given: usize,
}

const FOLDERS: [&str; 6] = ["outgoing", "checked", "incoming", "report", "failed", "sent"];

impl SmsTools {
    /// Writes its settings.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn set_up(office: Office) -> Result<SmsTools> {
        let daemon = SmsTools { office, running: None, given: 0 };
        for folder in FOLDERS {
            std::fs::create_dir_all(daemon.folder(folder))?;
        }
        std::fs::write(daemon.folder("smsd.conf"), daemon.settings())?;
        daemon.write_answerer()?;
        Ok(daemon)
    }

    /// A folder or file of its.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.office.folder.join(name)
    }

    /// Gives it a text as a file of its own form, with these lines before the text.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn give(&mut self, headers: &str, text: &str) -> Result<()> {
        self.given += 1;
        let new = self.folder("new");
        std::fs::write(&new, format!("{headers}\n{text}"))?;
        let name = format!("text-{:05}", self.given);
        Ok(std::fs::rename(new, self.folder("outgoing").join(name))?)
    }

    fn settings(&self) -> String {
        let names: Vec<String> =
            (1..=self.office.ports.len()).map(|nth| format!("GSM{nth}")).collect();
        let mut text = format!("devices = {}\n", names.join(","));
        for folder in FOLDERS {
            let _ = writeln!(text, "{folder} = {}", self.folder(folder).display());
        }
        for (key, file) in [("logfile", "log"), ("infofile", "info"), ("pidfile", "pid")] {
            let _ = writeln!(text, "{key} = {}", self.folder(file).display());
        }
        text.push_str("loglevel = 5\nreceive_before_send = no\nautosplit = 3\n");
        if self.office.haste == Haste::Quick {
            text.push_str("delaytime = 1\ndelaytime_mainprocess = 1\n");
        }
        if self.office.answers != Answers::None {
            let _ = writeln!(text, "eventhandler = {}", self.folder("answer").display());
        }
        for (name, port) in names.iter().zip(&self.office.ports) {
            // Its manual asks for this line where reports are wanted.
            let _ = write!(
                text,
                "\n[{name}]\ndevice = {}\nincoming = yes\nreport = yes\n\
                 init = AT+CNMI={}\n",
                port.display(),
                self.office.news
            );
        }
        text
    }

    /// A script that puts the answer into the folder of what is to be sent.
    fn write_answerer(&self) -> Result<()> {
        let Answers::Always(answer) = self.office.answers else { return Ok(()) };
        let script = format!(
            "#!/bin/sh\n\
             [ \"$1\" = RECEIVED ] || exit 0\n\
             from=$(sed -n 's/^From: //p' \"$2\")\n\
             printf 'To: %s\\n\\n%s' \"$from\" '{answer}' > '{0}/new.'$$\n\
             mv '{0}/new.'$$ '{0}/outgoing/answer-'$$\n",
            self.office.folder.display()
        );
        write_program(&self.folder("answer"), &script)
    }
}

impl Peer for SmsTools {
    fn name(&self) -> &'static str {
        "SMS Server Tools"
    }

    fn start(&mut self) -> Result<()> {
        let mut command = Command::new("/usr/sbin/smsd");
        command.arg("-c").arg(self.folder("smsd.conf")).arg("-t").env("LC_ALL", "C.UTF-8");
        self.running = Some(Running::start(command, &self.folder("said"))?);
        Ok(())
    }

    fn send(&mut self, to: &str, text: &str) -> Result<()> {
        self.give(&format!("To: {}\nReport: yes\n", to.trim_start_matches('+')), text)
    }

    fn came(&self) -> Result<Vec<Came>> {
        let files = std::fs::read_dir(self.folder("incoming"))?;
        // What it is just moving there is there at the next look.
        let files = files.flatten().filter_map(|file| std::fs::read(file.path()).ok());
        files.map(|file| read(&file)).collect()
    }

    fn reports(&self) -> Result<usize> {
        let reports = texts(&self.folder("report"))?;
        Ok(reports.iter().filter(|(_, text)| text.contains("\nStatus: 0,")).count())
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

/// One of its files: lines about the text, an empty line, the text in an alphabet of its choice.
fn read(file: &[u8]) -> Result<Came> {
    let end = file.windows(2).position(|two| two == b"\n\n").context("a file without a text")?;
    let headers = String::from_utf8_lossy(&file[..end]).into_owned();
    let header = |name: &str| headers.lines().find_map(|line| line.strip_prefix(name));
    let text = &file[end + 2..];
    let text = match header("Alphabet: ") {
        Some("UCS2") => {
            let pairs = text.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]]));
            String::from_utf16_lossy(&pairs.collect::<Vec<u16>>())
        }
        _ => String::from_utf8_lossy(text).into_owned(),
    };
    Ok(Came { from: header("From: ").unwrap_or_default().to_owned(), text })
}
