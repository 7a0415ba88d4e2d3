//! Finds sticks that no port was named for: looks at the machine's serial ports every few seconds.

use super::{Shared, task};
use rollcall_drivers::port::discover;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::task::JoinSet;

/// Between two looks: a stick that was just put in is seen soon enough.
const BETWEEN_LOOKS: Duration = Duration::from_secs(3);

/// Runs a task on every port that may be a modem's, for as long as the port exists.
pub(super) async fn watch_ports(shared: Shared) {
    let mut tasks = JoinSet::new();
    let mut watched = BTreeMap::new();
    loop {
        let found = tokio::task::spawn_blocking(discover::candidates).await.unwrap_or_default();
        watched.retain(|port, task: &mut tokio::task::AbortHandle| {
            let still_there = found.iter().any(|candidate| candidate.path == *port);
            if !still_there {
                task.abort();
            }
            still_there && !task.is_finished()
        });
        for candidate in found {
            watched.entry(candidate.path.clone()).or_insert_with(|| {
                let settings = shared.sims.of_found();
                tasks.spawn(task::keep_open(candidate.path, settings, shared.clone()))
            });
        }
        task::rest(BETWEEN_LOOKS).await;
    }
}
