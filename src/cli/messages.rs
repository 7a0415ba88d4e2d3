//! `rollcall messages list`: every text, either way.

use super::{Context, Outcome, listed};
use crate::model::PhoneNumber;
use crate::store::MessageFilter;
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
        let number = match &list.number {
            Some(number) => {
                Some(PhoneNumber::parse(number, office.settings()?.region)?.e164().to_owned())
            }
            None => None,
        };
        let filter = MessageFilter {
            number,
            status: list.status,
            direction: list.direction,
            limit: list.limit,
        };
        let mut lines = office.reader().await?.messages(&filter).await?;
        if !list.full {
            for line in &mut lines {
                if let Some(number) = PhoneNumber::from_e164(&line.number) {
                    line.number = number.to_string();
                }
            }
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
