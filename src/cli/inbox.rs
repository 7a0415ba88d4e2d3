//! `rollcall inbox`: what waits for a person in the office.

use super::{Context, Outcome, listed};
use crate::switchboard::Request;
use anyhow::Result;

/// What waits for a person in the office.
#[derive(Debug, clap::Subcommand)]
pub enum Inbox {
    /// What waits, the oldest first
    ///
    /// Example: rollcall inbox list
    List,
    /// Answer a message
    ///
    /// Example: rollcall inbox reply 3 "We will call you today."
    Reply {
        /// Its number in the list
        inbox: i64,
        /// The text
        text: String,
    },
    /// Say who takes care of a message
    ///
    /// Example: rollcall inbox assign 3 "Ma Hawa"
    Assign {
        /// Its number in the list
        inbox: i64,
        /// Who
        to: String,
    },
    /// A message is done with
    ///
    /// Example: rollcall inbox close 3
    Close {
        /// Its number in the list
        inbox: i64,
    },
}

impl Inbox {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let request = match self {
            Inbox::List => return list(context).await,
            Inbox::Reply { inbox, text } => Request::InboxReply { inbox, text },
            Inbox::Assign { inbox, to } => Request::InboxAssign { inbox, to },
            Inbox::Close { inbox } => Request::InboxClose { inbox },
        };
        context.submit(request).await
    }
}

async fn list(context: &Context) -> Result<Outcome> {
    let lines = context.office()?.reader().await?.inbox().await?;
    if context.json {
        println!("{}", serde_json::json!({"schema": 1, "inbox": lines}));
        return Ok(Outcome::Done);
    }
    let rows = lines.into_iter().map(|line| {
        let who = line.contact.unwrap_or(line.number);
        vec![
            line.id.to_string(),
            line.at,
            who,
            line.text,
            line.why,
            line.assigned_to.unwrap_or_default(),
        ]
    });
    let head = ["", "came", "from", "text", "why", "with"];
    println!("{}", listed(&head, rows.collect(), "Nothing waits for a person."));
    Ok(Outcome::Done)
}
