//! Writes down everything that passes between a modem and the driver, until it is stopped.
//!
//! ```text
//! record /dev/ttyUSB2 > transcript.txt
//! ```
//!
//! The file can be put into `transcripts/` and is a test then. It holds phone numbers and texts:
//! look through it before you show it to anybody. Nothing is deleted from the modem.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use rollcall_drivers::link::{self, Ends};
use rollcall_drivers::modem::{Event, Settings};
use rollcall_drivers::port::recorder::{Recorder, Tape};
use rollcall_drivers::port::serial;

/// Between two looks at the tape.
const LOOK: Duration = Duration::from_secs(2);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path] = arguments.as_slice() else {
        eprintln!("usage: record PORT > FILE");
        return ExitCode::from(2);
    };
    match record(path).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

async fn record(path: &str) -> Result<(), String> {
    let port = serial::open(Path::new(path)).map_err(|error| error.to_string())?;
    let tape = Tape::new(now());
    let mut modem = link::spawn(Settings::default(), Recorder::new(port, tape.clone()));
    println!("# Recorded from {path}.");
    loop {
        let going_on = listen(&mut modem).await;
        let mut out = std::io::stdout().lock();
        for entry in tape.take() {
            writeln!(out, "{entry}").map_err(|error| error.to_string())?;
        }
        if !going_on? {
            return Ok(());
        }
    }
}

/// Takes events for a while. `false`: somebody wants to stop.
async fn listen(modem: &mut Ends) -> Result<bool, String> {
    let event = tokio::select! {
        event = tokio::time::timeout(LOOK, modem.events.recv()) => event,
        _ = tokio::signal::ctrl_c() => return Ok(false),
    };
    match event {
        Ok(Some(Event::Lost(why))) => Err(why.to_string()),
        Ok(Some(Event::NeedsAttention(trouble))) => {
            eprintln!("{trouble}");
            Ok(true)
        }
        Ok(None) => Err("the modem is gone".to_owned()),
        Ok(Some(_)) | Err(_) => Ok(true),
    }
}

#[expect(clippy::disallowed_methods, reason = "a recording begins at some time")]
fn now() -> Instant {
    Instant::now()
}
