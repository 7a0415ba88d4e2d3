//! `rollcall flow migrate`: who is in the middle of an older version goes on with the one in use.

use super::{Context, Outcome};
use crate::switchboard::{MovedPeople, Reply, Request};
use anyhow::Result;

/// Who is moved.
#[derive(Debug, clap::Args)]
pub struct Migrate {
    /// The flow's id
    flow: String,
    /// Say what would become of whom, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Only the people of this campaign, by name or number
    #[arg(long)]
    campaign: Option<String>,
}

impl Migrate {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let Migrate { flow, dry_run, campaign } = self;
        context.submit(Request::MigrateFlow { flow, campaign, dry_run }).await
    }
}

/// What became of whom, and whether anybody kept their version.
pub(super) fn moved(reply: &Reply) -> (String, Outcome) {
    let Reply::Moved { flow, digest, dry_run, groups } = reply else {
        return (String::new(), Outcome::Done);
    };
    if groups.is_empty() {
        let words = format!("Nobody is in the middle of an older version of `{flow}`.");
        return (words, Outcome::Done);
    }
    let short = &digest[..8.min(digest.len())];
    let mut text = match dry_run {
        true => {
            format!("`{flow}`: what would become of people on older versions ({short} is in use):")
        }
        false => format!("`{flow}`: what became of people on older versions ({short} is in use):"),
    };
    for group in groups {
        text.push_str(&format!("\n- {}", line(group)));
    }
    if *dry_run {
        text.push_str("\nNothing was changed (--dry-run).");
    }
    let keeps = groups.iter().any(|group| group.what == "kept");
    (text, if keeps { Outcome::LookAt } else { Outcome::Done })
}

fn line(group: &MovedPeople) -> String {
    let MovedPeople { people, question, what, why } = group;
    let (who, go, keep) = match people {
        1 => ("1 person".to_owned(), "goes", "keeps"),
        many => (format!("{many} people"), "go", "keep"),
    };
    match what.as_str() {
        "stays" => format!("{who} at `{question}` {go} on there; nothing is sent"),
        "goes_on" => {
            format!(
                "{who} at `{question}`, which is gone, {go} on at the next question: it is sent"
            )
        }
        _ => format!("{who} at `{question}` {keep} the older version: {why}"),
    }
}
