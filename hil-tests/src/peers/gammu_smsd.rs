//! Gammu's daemon: a process a modem, and texts as files in folders.

use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Answers, Came, Haste, Office, Peer, Running, Usage, digits, shown, texts};

/// `gammu-smsd` with the service `files`.
#[derive(Debug)]
pub struct GammuSmsd {
    office: Office,
    running: Vec<Running>,
    given: usize,
}

impl GammuSmsd {
    /// Writes its settings.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn set_up(office: Office) -> Result<GammuSmsd> {
        let daemon = GammuSmsd { office, running: Vec::new(), given: 0 };
        for nth in 0..daemon.office.ports.len() {
            for folder in ["in", "out", "sent", "failed"] {
                std::fs::create_dir_all(daemon.folder(nth).join(folder))?;
            }
            std::fs::write(daemon.settings(nth), daemon.text_of_settings(nth))?;
            daemon.write_answerer(nth)?;
        }
        Ok(daemon)
    }

    /// The folder of the nth modem, counted from 0.
    pub fn folder(&self, nth: usize) -> PathBuf {
        self.office.folder.join(format!("modem-{}", nth + 1))
    }

    /// The settings for the nth modem.
    pub fn settings(&self, nth: usize) -> PathBuf {
        self.folder(nth).join("smsdrc")
    }

    /// What it wrote down about the nth modem.
    ///
    /// # Errors
    /// It has not written anything yet.
    pub fn log(&self, nth: usize) -> Result<String> {
        let log = self.folder(nth).join("log");
        let bytes = std::fs::read(&log).with_context(|| format!("no {}", shown(&log)))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn text_of_settings(&self, nth: usize) -> String {
        let folder = self.folder(nth);
        let path = |name: &str| format!("{}/", folder.join(name).display());
        // It chooses itself how news from cells come, and gives up where it is told not to.
        let mut news: Vec<&str> = self.office.news.split(',').collect();
        news[2] = "";
        let news = news.join(",");
        let mut text = format!(
            "[gammu]\ndevice = {}\nconnection = at115200\natgen_setcnmi = {news}\n\n[smsd]\nservice = files\n\
             logfile = {}\ndebuglevel = 1\ndeliveryreport = log\n\
             checksecurity = 0\n\
             inboxpath = {}\noutboxpath = {}\nsentsmspath = {}\nerrorsmspath = {}\n",
            self.office.ports[nth].display(),
            folder.join("log").display(),
            path("in"),
            path("out"),
            path("sent"),
            path("failed"),
        );
        if self.office.haste == Haste::Quick {
            text.push_str("receivefrequency = 1\nloopsleep = 1\nstatusfrequency = 0\n");
        }
        if self.office.answers != Answers::None {
            let _ = writeln!(text, "runonreceive = {}", folder.join("answer").display());
        }
        text
    }

    /// A script that puts the answer into the folder of what is to be sent.
    fn write_answerer(&self, nth: usize) -> Result<()> {
        let Answers::Always(answer) = self.office.answers else { return Ok(()) };
        let folder = self.folder(nth);
        let out = folder.join("out");
        // A report has no file; the name of what is to be sent must be of the long form.
        let script = format!(
            "#!/bin/sh\n\
             [ -n \"$1\" ] || exit 0\n\
             printf '%s' '{answer}' > '{0}/new.'$$\n\
             mv '{0}/new.'$$ \"{0}/OUTC20260101_000000_$$_${{SMS_1_NUMBER}}_answer.txt\"\n",
            out.display()
        );
        write_program(&folder.join("answer"), &script)
    }
}

impl Peer for GammuSmsd {
    fn name(&self) -> &'static str {
        "gammu-smsd"
    }

    fn start(&mut self) -> Result<()> {
        self.running.clear();
        for nth in 0..self.office.ports.len() {
            let mut command = Command::new("gammu-smsd");
            command.arg("-c").arg(self.settings(nth)).env("LC_ALL", "C.UTF-8");
            self.running.push(Running::start(command, &self.folder(nth).join("said"))?);
        }
        Ok(())
    }

    fn send(&mut self, to: &str, text: &str) -> Result<()> {
        let nth = self.given % self.office.ports.len();
        self.given += 1;
        let name = format!("OUTC20260101_000000_{:05}_{to}_text.txtd", self.given);
        let folder = self.folder(nth);
        let new = folder.join("new");
        std::fs::write(&new, text)?;
        Ok(std::fs::rename(new, folder.join("out").join(name))?)
    }

    /// Parts are files of their own, named alike but for the number at the end.
    fn came(&self) -> Result<Vec<Came>> {
        let mut came: Vec<(String, Came)> = Vec::new();
        for nth in 0..self.office.ports.len() {
            for (name, text) in texts(&self.folder(nth).join("in"))? {
                let whole = name.rsplit_once('_').map_or(name.as_str(), |(whole, _)| whole);
                let key = format!("{nth} {whole}");
                match came.last_mut() {
                    Some((last, so_far)) if *last == key => so_far.text.push_str(&text),
                    _ => {
                        let from = whole.rsplit('_').next().map(digits).unwrap_or_default();
                        came.push((key, Came { from, text }));
                    }
                }
            }
        }
        Ok(came.into_iter().map(|(_, came)| came).collect())
    }

    fn reports(&self) -> Result<usize> {
        let delivered = |nth| Ok(self.log(nth)?.matches("Delivery report: Delivered to").count());
        (0..self.office.ports.len()).map(delivered).sum()
    }

    fn kill(&mut self) {
        self.running.iter_mut().for_each(Running::kill);
        self.running.clear();
    }

    fn usage(&self) -> Usage {
        self.running.iter().map(Running::usage).fold(Usage::default(), Usage::with)
    }
}

/// Writes a script that may be run.
pub(super) fn write_program(path: &Path, text: &str) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text)?;
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))?)
}
