//! `rollcall serve`: sends, receives and reminds until it is stopped.

use super::{Context, Outcome};
use crate::service;
use anyhow::Result;

/// Send, receive and remind until stopped with Ctrl-C.
///
/// Example: rollcall --office my-office serve
#[derive(Debug, clap::Args)]
pub struct Serve {}

impl Serve {
    pub(super) async fn run(&self, context: &Context) -> Result<Outcome> {
        let office = context.office()?;
        let Some(lock) = office.lock()? else {
            eprintln!("Another `rollcall` works on this office already.");
            return Ok(Outcome::Busy);
        };
        let (switchboard, first, clock) = office.switchboard(&lock).await?;
        eprintln!("Serving {}. Ctrl-C stops it.", office.folder.display());
        service::run(switchboard, first, clock, &office.data(), told_to_stop()).await?;
        eprintln!("Stopped. What waits to be sent goes out when `rollcall serve` runs again.");
        Ok(Outcome::Done)
    }
}

async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
