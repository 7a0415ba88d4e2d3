//! `serve`: puts the parts together and runs them until told to stop.
//!
//! One loop owns the switchboard. Events come from the modems and the control endpoint by one
//! bounded queue; everything that waits is handed over together and becomes one transaction;
//! commands are dispatched when `handle` has returned. No decision is taken here. An error of the
//! switchboard ends the process: starting again is the best-tested path there is.

use crate::clock::Clock;
use crate::control::{Asked, Control};
use crate::modems::Modems;
use crate::switchboard::{Command, Event, Reply, ReplyTo, Switchboard};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How many events may wait before modems have to; also the most that one transaction takes.
const QUEUE: usize = 256;
/// The longest sleep: the clock of a laptop that was asleep is read again after this.
const LONGEST_SLEEP: Duration = Duration::from_secs(15);

/// Runs the office until `stop` resolves or the switchboard fails.
///
/// # Errors
/// The store cannot be written, or a bug: in plain words with what to do.
pub async fn run(
    switchboard: Switchboard,
    first: Vec<Command>,
    clock: Clock,
    data: &Path,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let (events, waiting) = mpsc::channel(QUEUE);
    let (asked, requests) = mpsc::channel(QUEUE);
    let _control = Control::open(data, asked).await?;
    let modems = Modems::start(switchboard.settings(), events, data);
    let mut service =
        Service { switchboard, clock, modems, replies: BTreeMap::new(), next_ticket: 0 };
    service.dispatch(first);
    let outcome = tokio::select! {
        outcome = service.turn_the_crank(waiting, requests) => outcome,
        () = stop => Ok(()),
    };
    service.modems.stop().await;
    outcome
}

struct Service {
    switchboard: Switchboard,
    clock: Clock,
    modems: Modems,
    /// Who waits for which reply.
    replies: BTreeMap<u64, oneshot::Sender<Reply>>,
    next_ticket: u64,
}

impl Service {
    async fn turn_the_crank(
        &mut self,
        mut waiting: mpsc::Receiver<Event>,
        mut requests: mpsc::Receiver<Asked>,
    ) -> Result<()> {
        loop {
            let sleep = self.until_deadline();
            let mut events = Vec::new();
            tokio::select! {
                biased;
                count = waiting.recv_many(&mut events, QUEUE) => {
                    anyhow::ensure!(count > 0, "the modems' task ended");
                }
                Some(asked) = requests.recv() => events.push(self.ticket(asked)),
                () = rest(sleep) => events.push(Event::Deadline),
            }
            let now = self.clock.now();
            let commands = self.switchboard.handle(now, events).await?;
            self.dispatch(commands);
        }
    }

    fn until_deadline(&mut self) -> Duration {
        let Some(deadline) = self.switchboard.next_deadline() else { return LONGEST_SLEEP };
        let wait = deadline.duration_since(self.clock.now());
        Duration::try_from(wait).unwrap_or(Duration::ZERO).min(LONGEST_SLEEP)
    }

    fn ticket(&mut self, (request, reply): Asked) -> Event {
        self.next_ticket += 1;
        self.replies.insert(self.next_ticket, reply);
        Event::Request(request, ReplyTo(self.next_ticket))
    }

    fn dispatch(&mut self, commands: Vec<Command>) {
        for command in commands {
            match command {
                Command::Modem(modem, command) => self.modems.give(modem, command),
                Command::Reply(ReplyTo(ticket), reply) => {
                    if let Some(waiting) = self.replies.remove(&ticket) {
                        // Who asked may have gone; what was asked is done all the same.
                        let _ = waiting.send(reply);
                    }
                }
                Command::Sound(modem, call, sound) => self.modems.sound(modem, call, sound),
                Command::Show(happening) => tracing::info!("{happening}"),
                Command::Warn(happening) => tracing::warn!("{happening}"),
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the service is a shell: it may wait")]
async fn rest(duration: Duration) {
    tokio::time::sleep(duration).await;
}
