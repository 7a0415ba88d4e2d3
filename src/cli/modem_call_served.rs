//! `rollcall modem call` where `serve` has the stick: it is asked to call, and tells what happens.

use super::modem_call::{CallCommand, Told};
use super::{Context, Outcome};
use crate::clock;
use crate::office::Office;
use crate::switchboard::{Afterwards, Reply, Request};
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(300);
/// Who has not answered by then does not.
const RINGS: Duration = Duration::from_secs(45);

pub(super) async fn run(
    command: &CallCommand,
    (office, number): (Office, String),
    context: &Context,
) -> Result<Outcome> {
    if command.mouth.is_some() || command.ears.is_some() || command.audio.is_some() {
        eprintln!(
            "--mouth, --ears and --audio need the stick for this command: stop `serve` first."
        );
        return Ok(Outcome::WrongUsage);
    }
    let play = command.play.iter().map(|file| whole(file)).collect::<Result<Vec<String>>>()?;
    let afterwards = match command.record {
        Some(_) => Afterwards::Record,
        None => Afterwards::Listen,
    };
    let channel = command.which.channel.clone();
    let begin = Request::Call { channel, number: number.clone(), play, afterwards };
    let mut told = Told { schema: 1, number, ..Told::default() };
    let (mut lines, begun) = (0, clock::instant());
    let mut reply = office.submit(begin).await?;
    loop {
        let Reply::CallSays { told: more, over, recorded } = reply else {
            return Ok(context.say(&reply));
        };
        lines += more.len();
        for line in more {
            note(&mut told, &line);
            if !context.json {
                println!("{line}");
            }
        }
        if over {
            keep(&office, recorded, command.record.as_deref())?;
            break;
        }
        tokio::select! {
            () = tokio::time::sleep_until((clock::instant() + LOOK).into()) => {}
            stopped = tokio::signal::ctrl_c() => {
                stopped.context("waiting for Ctrl-C")?;
                end(&office, command).await?;
            }
        }
        let lasts = begun.elapsed();
        let talks = Duration::from_secs(command.seconds);
        if (!told.answered && lasts > RINGS) || lasts > RINGS + talks {
            end(&office, command).await?;
        }
        let channel = command.which.channel.clone();
        reply = office.submit(Request::CallNews { channel, heard: lines }).await?;
    }
    if context.json {
        println!("{}", serde_json::to_string(&told)?);
    }
    Ok(match (&told.no_sound, told.answered) {
        (None, true) => Outcome::Done,
        (Some(_), _) | (None, false) => Outcome::LookAt,
    })
}

async fn end(office: &Office, command: &CallCommand) -> Result<()> {
    office.submit(Request::EndCall { channel: command.which.channel.clone() }).await?;
    Ok(())
}

/// What a line says, for programs.
fn note(told: &mut Told, line: &str) {
    if line == "answered" {
        told.answered = true;
    } else if let Some(key) = line.strip_prefix("key ") {
        told.keys.push_str(key);
    } else if let Some(why) = line.strip_prefix("no sound: ") {
        told.no_sound = Some(why.to_owned());
    } else if let Some(how) = line.strip_prefix("ended: ") {
        told.ended = how.to_owned();
    }
}

/// The recording lies in the office; a copy goes where it is wanted.
fn keep(office: &Office, recorded: Option<String>, wanted: Option<&Path>) -> Result<()> {
    if let (Some(recorded), Some(wanted)) = (recorded, wanted) {
        std::fs::copy(office.data().join(recorded), wanted)
            .with_context(|| format!("writing {}", wanted.display()))?;
    }
    Ok(())
}

/// The file's whole path: `serve` may run in another folder.
fn whole(file: &Path) -> Result<String> {
    let whole: PathBuf =
        std::fs::canonicalize(file).with_context(|| format!("finding {}", file.display()))?;
    Ok(whole.display().to_string())
}
