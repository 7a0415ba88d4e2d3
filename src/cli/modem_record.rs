//! `rollcall modem record`: writes down what passes between the driver and one stick.
//!
//! The file can be replayed as a test (`drivers/transcripts/`), so nothing in it is masked but a
//! PIN.

use super::{Context, Outcome};
use crate::clock;
use crate::modems::Sims;
use crate::switchboard::Find;
use anyhow::{Context as _, Result};
use rollcall_drivers::link::{self, Ends};
use rollcall_drivers::modem::{AttemptId, Command, Event, Settings};
use rollcall_drivers::pdu::{Address, ReferenceWidth, ReportRequest, Submit, split};
use rollcall_drivers::port::recorder::{Recorder, Tape};
use rollcall_drivers::port::serial;
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

/// Write down everything that passes between driver and stick, until Ctrl-C
///
/// For a stick that misbehaves, or that nobody has tried yet. Do meanwhile what should be seen: send
/// a text to the SIM, call it, pull the antenna. Texts that come stay in the stick. The file holds
/// numbers and texts: look through it before you send it to anybody.
///
/// Example: rollcall modem record /dev/ttyUSB2 session.txt --to 0886123456
#[derive(Debug, clap::Args)]
pub struct RecordCommand {
    /// The port; `serve` must not have it
    port: PathBuf,
    /// The file to write
    file: PathBuf,
    /// Stop after so long
    #[arg(long)]
    seconds: Option<u64>,
    /// Send one text to this number once the stick is ready, so that it is seen, too
    #[arg(long, value_name = "NUMBER")]
    to: Option<String>,
}

/// Between two looks at the tape.
const LOOK: Duration = Duration::from_secs(1);

/// What is recorded, and where it goes.
struct Recording {
    ends: Ends,
    tape: Tape,
    file: File,
    sims: Option<Sims>,
    lines: usize,
}

impl RecordCommand {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let mut command = match self.to.as_deref().map(one_text).transpose() {
            Ok(command) => command,
            Err(why) => {
                eprintln!("{why:#}");
                return Ok(Outcome::WrongUsage);
            }
        };
        let port = match serial::open(&self.port) {
            Ok(port) => port,
            Err(trouble) => {
                eprintln!("{trouble}");
                let is_there = self.port.exists();
                return Ok(if is_there { Outcome::Busy } else { Outcome::NotFound });
            }
        };
        let mut file =
            File::create(&self.file).with_context(|| format!("writing {}", self.file.display()))?;
        writeln!(file, "# Recorded from {}.", self.port.display())?;
        let tape = Tape::new(clock::instant());
        let (settings, sims) = self.settings(context).unzip();
        let settings = settings.unwrap_or_default();
        let ends = link::spawn(settings, Recorder::new(port, tape.clone()));
        let mut recording = Recording { ends, tape, file, sims, lines: 0 };
        let began = clock::stopwatch();
        eprintln!("Recording. Ctrl-C ends it.");
        let lost = loop {
            let going_on = recording.listen(&mut command).await;
            recording.keep()?;
            let passed = clock::stopwatch().saturating_sub(began).as_secs();
            match going_on {
                Ok(true) if self.seconds.is_none_or(|most| passed < most) => {}
                Ok(_) => break None,
                Err(why) => break Some(why),
            }
        };
        let lines = recording.end().await?;
        Ok(self.tell(context, lines, lost))
    }

    /// What was recorded; a stick that was lost was recorded all the same.
    fn tell(&self, context: &Context, lines: usize, lost: Option<String>) -> Outcome {
        if context.json {
            let file = &self.file;
            println!(
                "{}",
                serde_json::json!({"schema": 1, "file": file, "lines": lines, "lost": lost})
            );
        } else {
            println!("{lines} lines are in {}.", self.file.display());
        }
        match lost {
            Some(why) => {
                eprintln!("The recording ended: {why}.");
                Outcome::LookAt
            }
            None => Outcome::Done,
        }
    }

    /// What the office has set for the channel that names this port, where we are in an office.
    fn settings(&self, context: &Context) -> Option<(Settings, Sims)> {
        let office = context.office().ok()?;
        let channels = office.settings().ok()?.channels;
        let sims = Sims::new(channels.clone(), &office.data());
        let port = self.port.display().to_string();
        let named = channels.iter().find(|channel| match &channel.find {
            Find::ByPort(path) => *path == port,
            Find::ByImei(_) | Find::Auto => false,
        });
        Some((sims.of_channel(named?), sims))
    }
}

/// A short text, as a command.
fn one_text(number: &str) -> Result<Command> {
    let to = Address::parse(number).with_context(|| format!("`{number}` is no number"))?;
    let mut pieces = split("Rollcall records this stick.", 1, ReferenceWidth::Eight)?;
    let piece = pieces.pop().context("the text is empty")?;
    let submit = Submit { report: ReportRequest::Yes, ..Submit::new(to, piece) };
    let encoded = submit.encode();
    let (attempt, tpdu_len) = (AttemptId(1), encoded.tpdu_len);
    Ok(Command::Send { attempt, tpdu_len, pdu: encoded.octets })
}

impl Recording {
    /// Takes events for a while. `false`: somebody wants to stop.
    async fn listen(&mut self, command: &mut Option<Command>) -> Result<bool, String> {
        let event = tokio::select! {
            event = tokio::time::timeout(LOOK, self.ends.events.recv()) => event,
            _ = tokio::signal::ctrl_c() => return Ok(false),
        };
        let Ok(event) = event else { return Ok(true) };
        match event {
            Some(Event::Ready(identity)) => {
                eprintln!("ready: {} {}", identity.manufacturer, identity.model);
                if let Some(command) = command.take() {
                    self.tape.note(&command);
                    // A modem that is gone says so itself.
                    let _ = self.ends.commands.send(command);
                }
            }
            Some(Event::Sent { .. }) => eprintln!("the text has left"),
            Some(Event::NotSent { cause, .. }) => eprintln!("the text has not left: {cause}"),
            Some(Event::Received { .. }) => eprintln!("a text or a report has come"),
            Some(Event::NeedsAttention(trouble)) => {
                self.sims.iter().for_each(|sims| sims.note(&trouble));
                eprintln!("{trouble}");
            }
            Some(Event::Lost(why)) => return Err(why.to_string()),
            Some(_) => {}
            None => return Err("the modem is gone".to_owned()),
        }
        Ok(true)
    }

    /// Writes what has passed since the last time.
    fn keep(&mut self) -> Result<()> {
        for entry in self.tape.take() {
            writeln!(self.file, "{entry}")?;
            self.lines += 1;
        }
        Ok(())
    }

    /// Closes the port, and says how many lines were written.
    async fn end(mut self) -> Result<usize> {
        let Ends { commands, mut events } = self.ends;
        drop(commands);
        while events.recv().await.is_some() {}
        for entry in self.tape.take() {
            writeln!(self.file, "{entry}")?;
            self.lines += 1;
        }
        self.file.sync_all().context("writing to the disk")?;
        Ok(self.lines)
    }
}
