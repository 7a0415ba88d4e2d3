//! Other people's programs that send and take texts through modems: how each is set up, started,
//! given a text, and asked what came.
//!
//! They prove our simulated modem, and are what we are measured against. Nothing of ours stands
//! behind them: each runs as Debian packs it, in a folder of its own. Who uses it: the binary
//! `peers`, the bench `peers`.

mod gammu_smsd;
mod kannel;
mod running;
mod sms_tools;

use anyhow::Result;
use std::path::{Path, PathBuf};

pub use gammu_smsd::GammuSmsd;
pub use kannel::Kannel;
pub use running::{Running, Usage, pause, talk, wait_until};
pub use sms_tools::SmsTools;

/// A text that a program says has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Came {
    /// Digits of the sender's number, without a plus.
    pub from: String,
    /// The whole text, its parts joined.
    pub text: String,
}

/// Whether a program is left as it comes, or told to look as often as it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Haste {
    /// Its own defaults.
    AsShipped,
    /// As quick as its settings make it.
    Quick,
}

/// What a program is to say to whoever writes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// Nothing.
    None,
    /// This text, to every text.
    Always(&'static str),
}

/// Where a program works, and with what.
#[derive(Debug, Clone)]
pub struct Office {
    /// Its folder.
    pub folder: PathBuf,
    /// The modems.
    pub ports: Vec<PathBuf>,
    /// The numbers of `AT+CNMI=` that its manual has the office write for such a modem.
    pub news: &'static str,
    /// How often it looks.
    pub haste: Haste,
    /// What it answers.
    pub answers: Answers,
}

/// A program that sends and takes texts.
pub trait Peer {
    /// What people call it.
    fn name(&self) -> &'static str;

    /// Starts it, or starts it again where it was killed.
    ///
    /// # Errors
    /// It is not installed, or its folder cannot be written.
    fn start(&mut self) -> Result<()>;

    /// Gives it a text to send, through whichever modem is free; with a report asked for.
    ///
    /// # Errors
    /// It does not take the text.
    fn send(&mut self, to: &str, text: &str) -> Result<()>;

    /// Gives it this text for each of these numbers.
    ///
    /// # Errors
    /// It does not take them.
    fn send_all(&mut self, to: &[String], text: &str) -> Result<()> {
        to.iter().try_for_each(|number| self.send(number, text))
    }

    /// The numbers of whom it says that a text for them may have left twice, or not at all. Most
    /// programs never say so.
    ///
    /// # Errors
    /// It cannot be asked.
    fn told_uncertain(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    /// Every text that it says has come, in no order.
    ///
    /// # Errors
    /// Its folder cannot be read.
    fn came(&self) -> Result<Vec<Came>>;

    /// How many reports of delivery it says have come.
    ///
    /// # Errors
    /// Its folder cannot be read.
    fn reports(&self) -> Result<usize>;

    /// SIGKILL for all its processes: none hears it coming.
    fn kill(&mut self);

    /// What its processes have used since they were started.
    fn usage(&self) -> Usage;
}

/// The texts of the files of a folder, by name.
fn texts(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        // What a program is just renaming is there at its next look.
        if let (Some(name), Ok(bytes)) = (name, std::fs::read(&path)) {
            found.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    found.sort();
    Ok(found)
}

fn digits(number: &str) -> String {
    number.trim_start_matches('+').to_owned()
}

fn shown(path: &Path) -> std::path::Display<'_> {
    path.display()
}
