//! Finds sticks that no port was named for: looks at the machine's serial ports every second.

use super::{Shared, task};
use crate::switchboard::{ChannelSettings, Find};
use rollcall_drivers::modem::{Settings, Standing};
use rollcall_drivers::port::discover::{self, Candidate};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;
use tokio::task::{AbortHandle, JoinSet};

/// Between two looks: a stick that has another name now must be ready within three seconds.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);
/// How many looks at the names alone are cheap before all is looked at.
const CHEAP_LOOKS: u32 = 30;

/// Runs a task on every port that may be a modem's and that no channel names, for as long as the
/// port exists. A task that has ended was for a port that is gone.
pub(super) async fn watch_ports(channels: Vec<ChannelSettings>, shared: Shared) {
    let mut tasks = JoinSet::new();
    let mut watched: BTreeMap<PathBuf, AbortHandle> = BTreeMap::new();
    let mut seen: Option<Vec<OsString>> = None;
    let mut cheap_looks = 0;
    loop {
        let names = tokio::task::spawn_blocking(discover::names).await.unwrap_or_default();
        watched.retain(|_, task| !task.is_finished());
        cheap_looks += 1;
        if seen.as_ref() != Some(&names) || cheap_looks >= CHEAP_LOOKS {
            (seen, cheap_looks) = (Some(names), 0);
            for candidate in unnamed(&channels).await {
                watched.entry(candidate.path.clone()).or_insert_with(|| {
                    let settings = shared.sims.of_found();
                    let settings = Settings { standing: Standing::Found, ..settings };
                    tasks.spawn(task::keep_open(candidate.path, settings, shared.clone()))
                });
            }
        }
        while tasks.try_join_next().is_some() {
            // A name that went and came within a second is looked at again.
            seen = None;
        }
        task::rest(BETWEEN_LOOKS).await;
    }
}

/// The ports that may be modems', without those that channels name, by whatever name, and those that
/// carry sound: what is asked there is noise in somebody's ear.
async fn unnamed(channels: &[ChannelSettings]) -> Vec<Candidate> {
    let ports = channels.iter().filter_map(|channel| match &channel.find {
        Find::ByPort(port) => Some(port),
        Find::ByImei(_) | Find::Auto => None,
    });
    let sounds = channels.iter().filter_map(|channel| channel.audio.as_ref());
    let real = |port: &String| fs::canonicalize(port).unwrap_or_else(|_| PathBuf::from(port));
    let named: Vec<PathBuf> = ports.chain(sounds).map(real).collect();
    let mut found = tokio::task::spawn_blocking(discover::candidates).await.unwrap_or_default();
    found.retain(|candidate| !named.contains(&candidate.path) && !candidate.is_for_sound());
    found
}
