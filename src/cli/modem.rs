//! `rollcall modem`: list, probe, send; the others have files of their own.

use super::modem_call::CallCommand;
use super::modem_record::RecordCommand;
use super::modem_test::TestCommand;
use super::modem_ussd::UssdCommand;
use super::{Context, Outcome, listed};
use crate::model::PhoneNumber;
use crate::modems::sound_port;
use crate::switchboard::{ChannelSettings, Find, Request};
use anyhow::{Result, anyhow};
use rollcall_drivers::link;
use rollcall_drivers::modem::{Event, Settings};
use rollcall_drivers::port::{discover, disguised, serial};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The sticks.
#[derive(Debug, clap::Subcommand)]
pub enum ModemCommand {
    /// The channels of the office, and the ports of this machine
    ///
    /// Example: rollcall modem list
    List,
    /// Ask one modem everything it can tell
    ///
    /// Example: rollcall modem probe /dev/ttyUSB2
    Probe {
        /// The port
        port: PathBuf,
    },
    /// Send one text; queues where `serve` does not run
    ///
    /// Example: rollcall modem send --to 0886123456 "Hello from the office"
    Send {
        /// The number
        #[arg(long)]
        to: String,
        /// By this channel; else whichever is free
        #[arg(long)]
        channel: Option<String>,
        /// The text
        text: String,
    },
    Ussd(UssdCommand),
    Call(CallCommand),
    Test(TestCommand),
    Record(RecordCommand),
    /// Say that another SIM in a channel's stick is right, so that it sends again
    ///
    /// Example: rollcall modem confirm stick-1
    Confirm {
        /// The channel
        channel: String,
    },
}

/// A modem that has not said who it is by then is no modem, or is in use.
const PATIENCE: Duration = Duration::from_secs(30);

impl ModemCommand {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        match self {
            ModemCommand::List => list(context).await,
            ModemCommand::Ussd(command) => command.run(context).await,
            ModemCommand::Call(command) => command.run(context).await,
            ModemCommand::Test(command) => command.run(context).await,
            ModemCommand::Confirm { channel } => {
                context.submit(Request::ConfirmSim { channel }).await
            }
            ModemCommand::Record(command) => command.run(context).await,
            ModemCommand::Probe { port } => probe(context, port).await,
            ModemCommand::Send { to, channel, text } => {
                let region = context.office()?.settings()?.region;
                let number =
                    PhoneNumber::parse(&to, region).map_err(|why| anyhow!("`{to}`: {why}"))?;
                let number = number.e164().to_owned();
                context.submit(Request::SendText { channel, number, text }).await
            }
        }
    }
}

async fn list(context: &Context) -> Result<Outcome> {
    let office = context.office()?;
    let settings = office.settings()?;
    let known = office.reader().await?.channels().await?;
    let ports = tokio::task::spawn_blocking(discover::candidates).await?;
    let ports: Vec<String> = ports
        .iter()
        .filter(|port| !port.is_for_sound())
        .map(|port| port.path.display().to_string())
        .collect();
    let disguised = tokio::task::spawn_blocking(disguised::sticks).await?;
    let disguised: Vec<String> = disguised.iter().map(ToString::to_string).collect();
    let channels = settings.channels.clone();
    let calls = move || channels.iter().map(|one| calls(&channels, one)).collect();
    let calls: Vec<Calls> = tokio::task::spawn_blocking(calls).await?;
    if context.json {
        let facts = serde_json::json!({
            "schema": 1, "channels": known, "ports": ports, "disguised": disguised, "calls": calls,
        });
        println!("{facts}");
        return Ok(Outcome::Done);
    }
    let rows = settings.channels.iter().zip(&calls).map(|(channel, calls)| {
        let seen = known.iter().find(|line| line.name == channel.name);
        let text =
            |pick: fn(&crate::store::ChannelLine) -> String| seen.map(pick).unwrap_or_default();
        vec![
            channel.name.clone(),
            seen.map_or_else(|| "never seen".to_owned(), |line| line.state.clone()),
            text(|line| line.imei.clone().unwrap_or_default()),
            text(|line| line.signal.map(|dbm| format!("{dbm} dBm")).unwrap_or_default()),
            calls.in_short().to_owned(),
            text(|line| line.why.clone()),
        ]
    });
    let nothing = "No channel is named in rollcall.yaml: write one under `channels:`.";
    let head = ["channel", "state", "modem", "signal", "calls", ""];
    println!("{}", listed(&head, rows.collect(), nothing));
    for Calls { channel, why_not, .. } in &calls {
        if let Some(why) = why_not {
            println!("\n{channel} makes no calls: {why}.");
        }
    }
    // Who has named all ports is looking for none.
    let looks = settings.channels.iter().any(|channel| !matches!(channel.find, Find::ByPort(_)));
    for stick in &disguised {
        println!("\nAttention: {stick}.");
    }
    if ports.is_empty() && looks && disguised.is_empty() {
        println!("\nNo serial port looks like a modem. Is the stick in? Some show a CD first.");
    } else if !ports.is_empty() {
        println!("\nPorts that may be modems: {}", ports.join(", "));
    }
    Ok(Outcome::Done)
}

/// Whether a channel's modem can call, as far as can be said without asking it.
#[derive(Serialize)]
struct Calls {
    channel: String,
    /// The port for the sound of its calls.
    sound_port: Option<PathBuf>,
    why_not: Option<String>,
}

impl Calls {
    fn in_short(&self) -> &'static str {
        match (&self.sound_port, &self.why_not) {
            (Some(_), _) => "yes",
            (None, Some(_)) => "no",
            // It is known when the stick was found.
            (None, None) => "",
        }
    }
}

fn calls(all: &[ChannelSettings], channel: &ChannelSettings) -> Calls {
    let found = match (&channel.audio, &channel.find) {
        (Some(named), _) if Path::new(named).exists() => Some(Ok(named.into())),
        (Some(named), _) => {
            Some(Err(format!("its port for sound ({named}) is not there; is the stick in?")))
        }
        (None, Find::ByPort(port)) => Some(sound_port::find(all, Path::new(port), None)),
        (None, Find::ByImei(_) | Find::Auto) => None,
    };
    let (sound_port, why_not) = match found {
        Some(Ok(port)) => (Some(port), None),
        Some(Err(why)) => (None, Some(why)),
        None => (None, None),
    };
    Calls { channel: channel.name.clone(), sound_port, why_not }
}

async fn probe(context: &Context, port: PathBuf) -> Result<Outcome> {
    let open = match serial::open(&port) {
        Ok(open) => open,
        Err(trouble) => {
            eprintln!("{trouble}");
            return Ok(if port.exists() { Outcome::Busy } else { Outcome::NotFound });
        }
    };
    let mut ends = link::spawn(Settings::default(), open);
    let answer = async {
        while let Some(event) = ends.events.recv().await {
            match event {
                Event::Ready(identity) => return Ok(identity),
                Event::NeedsAttention(trouble) => return Err(trouble.to_string()),
                Event::Lost(why) => return Err(why.to_string()),
                _ => {}
            }
        }
        Err("the port was closed".to_owned())
    };
    let answer = tokio::time::timeout(PATIENCE, answer).await;
    let identity = match answer.unwrap_or_else(|_| Err("nothing answered".to_owned())) {
        Ok(identity) => identity,
        Err(why) => {
            eprintln!("{}: {why}", port.display());
            return Ok(Outcome::Failed);
        }
    };
    let facts = serde_json::json!({
        "schema": 1, "imei": identity.imei, "iccid": identity.iccid, "imsi": identity.imsi,
        "own_number": identity.own_number, "manufacturer": identity.manufacturer,
        "model": identity.model, "revision": identity.revision,
        "service_centre": identity.service_centre, "profile": identity.profile,
        "calls": identity.no_sound.map_or_else(|| "yes".to_owned(), |why| format!("no: {why}")),
    });
    if context.json {
        println!("{facts}");
    } else if let Some(facts) = facts.as_object() {
        for (name, value) in facts.iter().filter(|(name, _)| *name != "schema") {
            println!("{name:<16} {}", value.as_str().unwrap_or("not known"));
        }
    }
    Ok(Outcome::Done)
}

#[cfg(all(test, unix))]
mod tests {
    use crate::cli::{Cli, Outcome};
    use clap::Parser;
    use rollcall_drivers::audio::wav::{self, Wav};
    use std::path::Path;

    async fn rollcall(office: &Path, arguments: &[&str]) -> Outcome {
        let office = office.display().to_string();
        let before = ["rollcall", "--office", &office, "modem"];
        let all = before.iter().chain(arguments);
        let command = Cli::try_parse_from(all).expect("it can be typed");
        command.run().await.expect("nothing breaks")
    }

    /// An office with one channel, at the first modem of a country in the same folder.
    fn office(folder: &Path) {
        let settings = "channels:\n- name: stick-1\n  modem: {port: ./country/modem-1}\n  \
                        number: \"+231770000001\"\n  balance: \"*124#\"\n";
        std::fs::write(folder.join("rollcall.yaml"), settings).expect("a file");
    }

    async fn story(folder: &Path) {
        let port = folder.join("country/modem-1");
        while !port.exists() {
            tokio::task::yield_now().await;
        }
        // The balance; a menu and a reply; a menu that nobody answers.
        assert_eq!(rollcall(folder, &["ussd"]).await, Outcome::Done);
        assert_eq!(rollcall(folder, &["ussd", "*123#", "2", "--json"]).await, Outcome::Done);
        assert_eq!(rollcall(folder, &["ussd", "*123#", "--json"]).await, Outcome::Done);
        assert_eq!(rollcall(folder, &["test"]).await, Outcome::Done);
        let wrong = ["ussd", "*124#", "--channel", "stick-2"];
        assert_eq!(rollcall(folder, &wrong).await, Outcome::NotFound);
        // The sound of its calls is found beside it.
        let greeting = folder.join("greeting.wav");
        std::fs::write(&greeting, wav::write(8_000, &[900; 4_000])).expect("a file");
        let (greeting, ears) = (greeting.display().to_string(), folder.join("ears.wav"));
        let heard = ears.display().to_string();
        let call = ["call", "+231880000001", "--play", &greeting, "--ears", &heard];
        let call = [&call[..], &["--seconds", "1"]].concat();
        assert_eq!(rollcall(folder, &call).await, Outcome::Done);
        let heard = Wav::read(&std::fs::read(ears).expect("a file")).expect("a recording");
        assert!(heard.samples.len() > 4_000, "{} samples", heard.samples.len());
        let (port, file) = (port.display().to_string(), folder.join("session.txt"));
        let file_name = file.display().to_string();
        let record = ["record", &port, &file_name, "--seconds", "2", "--to", "+231770000001"];
        assert_eq!(rollcall(folder, &record).await, Outcome::Done);
        let recorded = std::fs::read_to_string(&file).expect("it was written");
        for passed in [" > AT+CGSN\\r", " do send 1 ", " < \\r\\n+CMGS: "] {
            assert!(recorded.contains(passed), "{passed} is missing:\n{recorded}");
        }
    }

    #[tokio::test]
    async fn a_simulated_stick_is_asked_tested_and_recorded() {
        let folder = tempfile::tempdir().expect("a folder");
        office(folder.path());
        let country = folder.path().join("country").display().to_string();
        let simulate = ["rollcall", "simulate", "--pace", "fast", "--dir", &country];
        let simulate = Cli::try_parse_from(simulate).expect("it can be typed");
        tokio::select! {
            ended = simulate.run() => panic!("the country ended: {ended:?}"),
            () = story(folder.path()) => {}
        }
    }
}
