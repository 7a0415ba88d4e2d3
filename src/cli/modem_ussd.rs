//! `rollcall modem ussd`: a code such as `*124#`, its answer, and the menus behind it.

use super::modem_port::{Found, Held, Which};
use super::{Context, Outcome};
use crate::office::Office;
use crate::switchboard::{Reply, Request, WrittenCode};
use anyhow::Result;
use rollcall_drivers::modem::{Command, Event, Ussd, UssdNews};
use serde::Serialize;
use std::io::{IsTerminal as _, Write as _};

/// Dial a code such as *124#, and answer its menus
///
/// Without a code, it is the one that rollcall.yaml names as the channel's `balance`. The answer may
/// take a minute. Where it is a menu, the replies that were given are sent one after
/// the other; after that you are asked, if this is a terminal.
///
/// Example: rollcall modem ussd "*124#" 1 --channel stick-1
#[derive(Debug, clap::Args)]
pub struct UssdCommand {
    /// The code; in quotes, since the shell reads * and # itself
    code: Option<String>,
    /// What to reply to its menus, in order
    replies: Vec<String>,
    #[command(flatten)]
    which: Which,
    /// How the code is written for the modem; else as it understands it
    #[arg(long = "as", value_name = "WAY")]
    written: Option<WrittenCode>,
    /// End a menu that was left open
    #[arg(long, conflicts_with = "code")]
    end: bool,
}

/// What the network said.
#[derive(Serialize)]
struct Said {
    text: String,
    waits_for_reply: bool,
}

/// Who asks the network.
enum Asker {
    Here(Box<Held>),
    Served { office: Office, channel: Option<String> },
}

impl UssdCommand {
    pub(super) async fn run(mut self, context: &Context) -> Result<Outcome> {
        if self.code.is_none() && !self.end {
            self.code = self.which.channel_in(&context.office()?)?.and_then(|one| one.balance);
            if self.code.is_none() {
                eprintln!(
                    "Name a code, or write `balance: \"*124#\"` under the channel in rollcall.yaml."
                );
                return Ok(Outcome::WrongUsage);
            }
        }
        let mut asker = match self.which.find(context).await? {
            Found::Held(held) => Asker::Here(held),
            Found::Served(office) => Asker::Served { office, channel: self.which.channel.clone() },
            Found::Not(outcome) => return Ok(outcome),
        };
        let mut said = Vec::new();
        let ended = self.talk(context, &mut asker, &mut said).await;
        if let Asker::Here(held) = asker {
            held.release().await?;
        }
        let trouble = ended?;
        if context.json {
            let (said, trouble) = (&said, trouble.as_ref());
            println!("{}", serde_json::json!({"schema": 1, "said": said, "trouble": trouble}));
        } else if let Some(trouble) = &trouble {
            eprintln!("{trouble}");
        }
        Ok(if trouble.is_some() { Outcome::Failed } else { Outcome::Done })
    }

    /// Asks until the network is done or nobody replies. Says what went wrong, if anything did.
    async fn talk(
        self,
        context: &Context,
        asker: &mut Asker,
        said: &mut Vec<Said>,
    ) -> Result<Option<String>> {
        let Some(code) = self.code else {
            // A modem that was just set up has nothing open.
            if matches!(asker, Asker::Served { .. }) {
                asker.end().await?;
            }
            return Ok(None);
        };
        let mut replies = self.replies.into_iter();
        let mut step = asker.dial(code, self.written).await?;
        loop {
            let waits = match step {
                Ok(what) => {
                    if !context.json {
                        println!("{}", what.text);
                    }
                    let waits = what.waits_for_reply;
                    said.push(what);
                    waits
                }
                Err(why) => return Ok(Some(why)),
            };
            if !waits {
                return Ok(None);
            }
            let reply = match replies.next() {
                Some(reply) => Some(reply),
                None => ask_person(context).await?,
            };
            let Some(reply) = reply else {
                asker.end().await?;
                return Ok(None);
            };
            step = asker.reply(reply).await?;
        }
    }
}

/// What the person at the terminal replies; nobody is there, or nothing is: `None`.
async fn ask_person(context: &Context) -> Result<Option<String>> {
    if context.json {
        return Ok(None);
    }
    if !std::io::stdin().is_terminal() {
        eprintln!("This is a menu. Give your replies after the code to go on.");
        return Ok(None);
    }
    eprint!("Your reply (nothing ends it): ");
    std::io::stderr().flush()?;
    let read = || {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map(|_| line)
    };
    let line = tokio::task::spawn_blocking(read).await??;
    let line = line.trim();
    Ok((!line.is_empty()).then(|| line.to_owned()))
}

impl Asker {
    async fn dial(
        &mut self,
        code: String,
        written: Option<WrittenCode>,
    ) -> Result<Result<Said, String>> {
        match self {
            Asker::Here(held) => {
                Ok(ask(held, Ussd::Dial { code, written: written.map(Into::into) }).await)
            }
            Asker::Served { office, channel } => {
                let channel = channel.clone();
                let reply = office.submit(Request::DialCode { channel, code, written }).await?;
                Ok(heard(reply))
            }
        }
    }

    async fn reply(&mut self, text: String) -> Result<Result<Said, String>> {
        match self {
            Asker::Here(held) => {
                // It may have ended while the person thought.
                while let Some(event) = held.next_at_once() {
                    if let Event::Ussd(UssdNews::Over(why)) = event {
                        return Ok(Err(format!("{}: {why}.", held.name)));
                    }
                }
                Ok(ask(held, Ussd::Reply { text }).await)
            }
            Asker::Served { office, channel } => {
                let channel = channel.clone();
                let reply = office.submit(Request::ReplyToMenu { channel, text }).await?;
                Ok(heard(reply))
            }
        }
    }

    async fn end(&mut self) -> Result<()> {
        match self {
            Asker::Here(held) => {
                // Not an answer is waited for but that the modem has taken it.
                ask(held, Ussd::End).await.ok();
            }
            Asker::Served { office, channel } => {
                office.submit(Request::EndCode { channel: channel.clone() }).await?;
            }
        }
        Ok(())
    }
}

/// Asks by a modem that this command holds, and waits for the answer.
async fn ask(held: &mut Held, ask: Ussd) -> Result<Said, String> {
    let name = held.name.clone();
    let gone = format!("{name}: the modem is gone.");
    if !held.give(Command::Ussd(ask)) {
        return Err(gone);
    }
    while let Some(event) = held.next().await {
        match event {
            Event::Ussd(UssdNews::Menu { text }) => {
                return Ok(Said { text, waits_for_reply: true });
            }
            Event::Ussd(UssdNews::Answer { text }) => {
                return Ok(Said { text, waits_for_reply: false });
            }
            Event::Ussd(UssdNews::Over(why)) => return Err(format!("{name}: {why}.")),
            Event::Ussd(UssdNews::Unasked { text }) => eprintln!("The network says: {text}"),
            Event::Lost(why) => return Err(format!("{name}: {why}.")),
            Event::NeedsAttention(trouble) => return Err(format!("{name}: {trouble}.")),
            Event::Warning(warning) => eprintln!("{name}: {warning}."),
            Event::Ready(_)
            | Event::Status(_)
            | Event::StorageFull
            | Event::Received { .. }
            | Event::Sent { .. }
            | Event::NotSent { .. }
            | Event::Unclear { .. }
            | Event::Call(..) => {}
        }
    }
    Err(gone)
}

fn heard(reply: Reply) -> Result<Said, String> {
    match reply {
        Reply::NetworkSays { text, waits_for_reply, .. } => Ok(Said { text, waits_for_reply }),
        Reply::Refused { words } | Reply::NotFound { words } => Err(words),
        other => Err(format!("`rollcall serve` answered something else: {other:?}")),
    }
}
