//! What must hold after every transaction, checked from outside: the store against the
//! country's own truth.

use super::World;
use super::story::masked;
use crate::model::Priority;
use crate::store::{News, Seen};
use anyhow::Result;
use jiff::SignedDuration;
use rollcall_drivers::simulator::What;
use std::collections::{BTreeMap, BTreeSet};

type Counts = BTreeMap<(String, String), usize>;

/// In quiet hours an answer leaves that is not older than this.
const AWAKE: SignedDuration = SignedDuration::from_hours(1);

/// Something does not hold.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Violated(pub Vec<String>);

/// Somebody who looks at the world after every transaction and remembers what they saw.
#[derive(Debug, Default)]
pub struct Watch {
    seen: Seen,
    /// How much of the truth was seen.
    truth: usize,
    /// How often a number said a text.
    said: Counts,
    /// What a number said, and the texts that it was said to.
    said_to: BTreeMap<(String, String), Vec<String>>,
    /// What a number said to nothing in particular: the teller of a story made it say so.
    said_freely: BTreeSet<(String, String)>,
    /// How often the store received it.
    received: Counts,
    /// How often a text was delivered to a number.
    delivered: Counts,
}

impl Watch {
    /// Looks at what is new; tells the story of it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn look(&mut self, world: &mut World) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        for happening in &world.truth[self.truth..] {
            world.story.add_truth(happening);
            match &happening.what {
                What::Said { by, text, answering, .. } => {
                    let key = (by.clone(), text.clone());
                    *self.said.entry(key.clone()).or_default() += 1;
                    if answering.is_none() {
                        self.said_freely.insert(key.clone());
                    }
                    self.said_to.entry(key).or_default().extend(answering.clone());
                }
                What::Delivered { to, text, .. } => {
                    let count = self.delivered.entry((to.clone(), text.clone())).or_default();
                    *count += 1;
                    let allowed = world.reader.allowed(to, text).await?;
                    if i64::try_from(*count)? > allowed {
                        let to = masked(to);
                        wrong.push(format!("{to} got {text:?} {count} times; allowed {allowed}"));
                    }
                }
                _ => {}
            }
        }
        self.truth = world.truth.len();
        let now = world.now();
        for news in world.reader.news(&mut self.seen).await? {
            wrong.extend(self.judge(&news, world));
            let (kind, what) = words(&news);
            world.story.add(now, kind, &what);
        }
        wrong.extend(world.reader.broken_rules().await?);
        Ok(wrong)
    }

    fn judge(&mut self, news: &News, world: &World) -> Option<String> {
        match news {
            News::Received { number, text } => {
                let key = (number.clone(), text.clone());
                let kept = self.received.entry(key.clone()).or_default();
                *kept += 1;
                let said = self.said.get(&key).copied().unwrap_or(0);
                let number = masked(number);
                (*kept > said).then(|| format!("{number} said {text:?} {said} times; kept {kept}"))
            }
            News::Answered { number, question, heard, asked, .. } => {
                let said = |text: &str| {
                    let key = (number.clone(), text.to_owned());
                    let to = self.said_to.get(&key);
                    self.said_freely.contains(&key)
                        || to.is_some_and(|texts| texts.iter().any(|text| text.contains(asked)))
                };
                // Two texts may be the parts of one answer.
                let in_two = || {
                    let mut spaces = heard.match_indices(' ');
                    spaces.any(|(at, _)| said(&heard[..at]) && said(&heard[at + 1..]))
                };
                let fits = said(heard) || in_two();
                (!fits).then(|| format!("{} never said {heard:?} to `{question}`", masked(number)))
            }
            News::Attempted { number, text, priority, began_at, made_at } => {
                let is_answer = *priority == Priority::Answer as i64;
                let is_unasked = *priority > Priority::Personal as i64
                    || (is_answer && *began_at > *made_at + AWAKE);
                let disturbs = is_unasked && world.settings.quiet_until(*began_at).is_some();
                let number = masked(number);
                disturbs.then(|| format!("{number} was sent {text:?} in quiet hours"))
            }
        }
    }

    /// What does not hold now that all has come to rest: replies that were lost.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn at_rest(&self, world: &World) -> Result<Vec<String>> {
        let received = world.reader.received().await?;
        let missing = |(key, said): (&(String, String), &usize)| {
            let kept = received.get(key).copied().unwrap_or(0);
            let number = masked(&key.0);
            (kept < *said).then(|| format!("{number} said {:?} {said} times; kept {kept}", key.1))
        };
        let mut wrong: Vec<String> = self.said.iter().filter_map(missing).collect();
        wrong.extend(world.reader.broken_at_rest().await?);
        Ok(wrong)
    }
}

fn words(news: &News) -> (&'static str, String) {
    match news {
        News::Received { number, text } => ("kept", format!("{} {text:?}", masked(number))),
        News::Answered { number, question, heard, value, .. } if value.is_empty() => {
            ("not read", format!("{} {question}: {heard:?}", masked(number)))
        }
        News::Answered { number, question, heard, value, .. } => {
            ("answer", format!("{} {question} = {value}, from {heard:?}", masked(number)))
        }
        News::Attempted { number, text, .. } => ("send", format!("{} {text:?}", masked(number))),
    }
}
