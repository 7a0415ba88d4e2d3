//! People who are in the middle of an older version go on with the one in use.

use super::turns::TurnOf;
use super::{MovedPeople, Reply, Work};
use crate::engine::{self, Becomes, Why};
use crate::flow::Flow;
use crate::model::{Campaign, Priority};
use crate::store::RunRow;
use anyhow::{Context, Result};
use std::collections::BTreeMap;

/// Why the messages of a question that is gone are taken back.
const GONE: &str = "its question was taken away";

impl Work<'_> {
    /// Moves everybody of a flow whose next reply means the same in the version in use; who else
    /// waits keeps theirs. A dry run only counts.
    pub(super) async fn migrate(
        &mut self,
        id: &str,
        campaign: Option<&str>,
        dry_run: bool,
    ) -> Result<Reply> {
        let Some(digest) = self.flows.digest_in_use(id) else {
            return Ok(Reply::NotFound {
                words: format!("No version of `{id}` was published yet."),
            });
        };
        let campaign = match campaign {
            None => None,
            Some(name) => match self.tx.find_campaign(name).await? {
                Some(Campaign { id, .. }) => Some(id),
                None => {
                    let words = format!("There is no campaign `{name}`.");
                    return Ok(Reply::NotFound { words });
                }
            },
        };
        let new = self.flow(&digest).await?;
        let mut groups: BTreeMap<(String, String, String), u64> = BTreeMap::new();
        for run in self.tx.runs_on_others(id, &digest, campaign).await? {
            let row = self.tx.run(run).await?.context("a run is gone")?;
            let (what, why) = self.migrate_one(&row, &new, &digest, dry_run).await?;
            let at = row.waiting().map(|waiting| waiting.question.clone());
            *groups.entry((what, at.unwrap_or_default(), why)).or_default() += 1;
        }
        let groups = groups.into_iter().map(|((what, question, why), people)| MovedPeople {
            people,
            question,
            what,
            why,
        });
        Ok(Reply::Moved { flow: id.to_owned(), digest, dry_run, groups: groups.collect() })
    }

    /// What becomes of one person, and why.
    async fn migrate_one(
        &mut self,
        row: &RunRow,
        new: &Flow,
        digest: &str,
        dry_run: bool,
    ) -> Result<(String, String)> {
        let old = self.flow(&row.digest).await?;
        let contact = self.tx.contact(row.contact).await?;
        let Some(contact) = contact else {
            return Ok(("kept".to_owned(), "the contact was deleted".to_owned()));
        };
        Ok(match engine::becomes(&old, new, &contact, &row.run, self.today()) {
            Becomes::Stays => {
                if !dry_run {
                    self.tx.run_goes_on_with(row.id, digest).await?;
                }
                ("stays".to_owned(), String::new())
            }
            Becomes::GoesOn(turn) => {
                if !dry_run {
                    self.tx.cancel_messages_of(row.id, GONE).await?;
                    self.tx.run_goes_on_with(row.id, digest).await?;
                    let of = TurnOf::of(row, Priority::Answer, None);
                    self.save_turn(of, new, &turn).await?;
                }
                ("goes_on".to_owned(), String::new())
            }
            Becomes::Kept(why) => ("kept".to_owned(), in_words(&why)),
        })
    }
}

fn in_words(why: &Why) -> String {
    match why {
        Why::IsOver => "their run is over".to_owned(),
        Why::AskedBack => "they were asked back and have not answered yet".to_owned(),
        Why::OtherPromise => {
            "one of the two versions is anonymous, and the other is not".to_owned()
        }
        Why::OtherAnswers(question) => {
            format!("`{question}` takes other answers now; theirs is on its way")
        }
        Why::AnswerDoesNotFit(question) => {
            format!("their answer to `{question}` would not be one any more")
        }
        Why::NothingLeft => "their question is gone, and nothing is left to ask".to_owned(),
    }
}
