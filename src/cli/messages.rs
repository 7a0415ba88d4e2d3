//! `rollcall messages list`: every text, either way.

use super::{Context, Outcome, e164, listed};
use crate::store::MessageFilter;
use crate::world::story::masked;
use anyhow::Result;

/// Every text, either way.
#[derive(Debug, clap::Subcommand)]
pub enum Messages {
    /// The newest texts
    ///
    /// Example: rollcall messages list --status uncertain
    List(List),
}

/// Which texts.
#[derive(Debug, clap::Args)]
pub struct List {
    /// Only to or from this number
    #[arg(long)]
    number: Option<String>,
    /// Only with this status: queued, sending, sent, delivered, uncertain, failed …
    #[arg(long)]
    status: Option<String>,
    /// Only `in` or `out`
    #[arg(long)]
    direction: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Show whole numbers
    #[arg(long)]
    full: bool,
}

impl Messages {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let Messages::List(list) = self;
        let office = context.office()?;
        let number = list.number.as_deref().map(|number| e164(&office, number)).transpose()?;
        let filter = MessageFilter {
            number,
            status: list.status,
            direction: list.direction,
            limit: list.limit,
        };
        let mut lines = office.reader().await?.messages(&filter).await?;
        if !list.full {
            lines.iter_mut().for_each(|line| line.number = masked(&line.number));
        }
        if context.json {
            println!("{}", serde_json::json!({"schema": 1, "messages": lines}));
            return Ok(Outcome::Done);
        }
        let rows = lines.into_iter().map(|line| {
            vec![line.created_at, line.direction, line.number, line.status, line.text, line.why]
        });
        let head = ["at", "", "number", "status", "text", "why"];
        println!("{}", listed(&head, rows.collect(), "There is no such message, or none yet."));
        Ok(Outcome::Done)
    }
}
