//! One port: opened, driven, and opened again when it is gone.

use super::Shared;
use super::last_lines::LastLines;
use crate::switchboard::Event;
use rollcall_drivers::link::{self, Ended};
use rollcall_drivers::modem::{self, Modem, Settings};
use rollcall_drivers::port::recorder::{Recorder, Tape};
use rollcall_drivers::port::serial;
use std::path::PathBuf;
use std::time::Duration;

/// Pauses before a port is opened again: the first is short, because most losses are.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(10),
    Duration::from_secs(30),
];

/// Keeps a port open for as long as the program runs. The driver is kept over losses: it
/// remembers what must not be done twice.
pub(super) async fn keep_open(path: PathBuf, settings: Settings, shared: Shared) {
    let tape = Tape::new(crate::clock::instant());
    let mut modem = Modem::new(settings, crate::clock::instant());
    let mut lines = LastLines::new(tape.clone(), &shared.logs, &path);
    let mut losses = 0;
    let mut said = String::new();
    loop {
        match serial::open(&path) {
            Ok(port) => {
                said.clear();
                let port = Recorder::new(port, tape.clone());
                if drive(&mut modem, port, &path, (&shared, &mut lines)).await == Ended::Left {
                    return;
                }
            }
            Err(trouble) if said != trouble.to_string() => {
                said = trouble.to_string();
                tracing::warn!("{said}");
            }
            Err(_) => {}
        }
        rest(PAUSES[losses.min(PAUSES.len() - 1)]).await;
        losses = if said.is_empty() { 0 } else { losses + 1 };
    }
}

async fn drive(
    modem: &mut Modem,
    port: Recorder<tokio_serial::SerialStream>,
    path: &std::path::Path,
    (shared, lines): (&Shared, &mut LastLines),
) -> Ended {
    let (mut line, mut ends) = link::line();
    let number = shared.connect(ends.commands);
    let port_name = path.display().to_string();
    let told = shared.events.send(Event::Plugged { modem: number, port: port_name }).await;
    if told.is_err() {
        return Ended::Left;
    }
    let forward = async {
        while let Some(event) = ends.events.recv().await {
            if let modem::Event::NeedsAttention(trouble) = &event {
                shared.sims.note(trouble);
            }
            lines.note(&event, crate::clock::wall());
            if shared.events.send(Event::Modem(number, event)).await.is_err() {
                return;
            }
        }
    };
    let drive = async {
        let ended = link::drive(modem, port, &mut line).await;
        drop(line);
        ended
    };
    let (ended, ()) = tokio::join!(drive, forward);
    shared.disconnect(number);
    let _ = shared.events.send(Event::Gone(number)).await;
    ended
}

#[expect(clippy::disallowed_methods, reason = "this door may wait")]
pub(super) async fn rest(duration: Duration) {
    tokio::time::sleep(duration).await;
}
