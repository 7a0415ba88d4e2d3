//! `rollcall calls list`: every call that the office makes or will make.

use super::{Context, Outcome, e164, listed};
use crate::world::story::masked;
use anyhow::Result;

/// Every call that the office makes.
#[derive(Debug, clap::Subcommand)]
pub enum Calls {
    /// The newest calls, with how each ended, and those that are to be made
    ///
    /// Example: rollcall calls list --state wanted
    List(List),
}

/// Which calls.
#[derive(Debug, clap::Args)]
pub struct List {
    /// Only to this number
    #[arg(long)]
    number: Option<String>,
    /// Only in this state: wanted, dialling, ringing, talking, over
    #[arg(long)]
    state: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Show whole numbers
    #[arg(long)]
    full: bool,
}

impl Calls {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let Calls::List(list) = self;
        let office = context.office()?;
        let number = list.number.as_deref().map(|number| e164(&office, number)).transpose()?;
        let filter = (number.as_deref().unwrap_or(""), list.state.as_deref().unwrap_or(""));
        let mut lines = office.reader().await?.placed_calls(filter, list.limit).await?;
        if !list.full {
            lines.iter_mut().for_each(|line| line.number = masked(&line.number));
        }
        if context.json {
            println!("{}", serde_json::json!({"schema": 1, "calls": lines}));
            return Ok(Outcome::Done);
        }
        let rows = lines.into_iter().map(|line| {
            let talked = line.talked_seconds.map_or(String::new(), |long| format!("{long} s"));
            let (number, name) = (line.number, line.name);
            vec![line.at, number, name, line.state, talked, line.why, line.how]
        });
        let head = ["at", "number", "name", "state", "talked", "why", "how it ended"];
        println!("{}", listed(&head, rows.collect(), "There is no such call, or none yet."));
        Ok(Outcome::Done)
    }
}
