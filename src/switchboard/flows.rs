//! Flow versions in use, read once each. A digest never changes its meaning.

use super::{Reply, Work, WrittenFlow};
use crate::flow::{self, Beside, Flow, Problem, Severity};
use crate::store::{FlowVersion, Publication, Published};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The versions that were needed so far, and the ones that new starts get.
#[derive(Default)]
pub(super) struct Flows {
    read: BTreeMap<String, Arc<Flow>>,
    /// Flow id → digest.
    current: BTreeMap<String, String>,
}

impl Flows {
    /// The version of a flow that new starts get.
    pub(super) fn digest_in_use(&self, flow: &str) -> Option<String> {
        self.current.get(flow).cloned()
    }

    /// The flows that are in use or wait for somebody: the office's own words stand in them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Flow> {
        self.read.values().map(|flow| &**flow)
    }

    /// The flow that a word starts, and its digest.
    pub(super) fn started_by(&self, text: &str) -> Option<(Arc<Flow>, String)> {
        let word = text.split_whitespace().next()?.trim_matches(|c: char| !c.is_alphanumeric());
        let word = deunicode::deunicode(word).to_uppercase();
        self.current.values().find_map(|digest| {
            let flow = self.read.get(digest)?;
            let starts = flow.start_words.iter().any(|start| deunicode::deunicode(start) == word);
            starts.then(|| (Arc::clone(flow), digest.clone()))
        })
    }

    /// The flow that a text begins which nobody asked for, and its digest.
    pub(super) fn started_by_anything(&self) -> Option<(Arc<Flow>, String)> {
        self.current.values().find_map(|digest| {
            let flow = self.read.get(digest).filter(|flow| flow.starts_on_anything)?;
            Some((Arc::clone(flow), digest.clone()))
        })
    }

    /// The flow that a missed call begins, and its digest.
    pub(super) fn started_by_missed_call(&self) -> Option<(Arc<Flow>, String)> {
        self.current.values().find_map(|digest| {
            let flow = self.read.get(digest).filter(|flow| flow.missed_call_starts.is_some())?;
            Some((Arc::clone(flow), digest.clone()))
        })
    }

    /// Why a flow cannot be published that is to begin on a missed call: another one does.
    fn second_for_missed_calls(&self, flow: &Flow) -> Option<String> {
        flow.missed_call_starts?;
        let (other, _) = self.started_by_missed_call().filter(|(other, _)| other.id != flow.id)?;
        Some(format!(
            "`{}` is to begin on a missed call, but `{}` does so already, and one flow alone can: \
             take `missed_call_starts` away from one of the two, and publish that one first.",
            flow.id, other.id
        ))
    }

    /// Why a flow cannot be published that is to begin on anything: another one does.
    fn second_for_anything(&self, flow: &Flow) -> Option<String> {
        let (other, _) = self.started_by_anything().filter(|_| flow.starts_on_anything)?;
        (other.id != flow.id).then(|| {
            format!(
                "`{}` is to begin on anything, but `{}` does so already, and one flow alone can: \
                 take `starts_on_anything` away from one of the two, and publish that one first.",
                flow.id, other.id
            )
        })
    }
}

/// Whether a text is a single word: while a question is open, a word in a sentence starts nothing.
pub(super) fn is_one_word(text: &str) -> bool {
    text.split_whitespace().count() == 1
}

/// Reads a version that was kept. `None` where this program cannot read it any more.
fn read_version(version: &FlowVersion) -> Option<Flow> {
    let beside = serde_json::from_str(&version.beside).ok()?;
    flow::read(&version.source, &Beside::of(&beside).0).0
}

/// The version that was in use before the present one: of those that somebody published, the one
/// before this one was. Going back twice goes back two versions, not to and fro.
fn before<'a>(in_use: &str, history: &'a [Publication]) -> Option<&'a str> {
    let is_forward = |one: &&Publication| one.how != Published::ByRollback.as_str();
    let forward: Vec<&str> =
        history.iter().filter(is_forward).map(|one| one.digest.as_str()).collect();
    let at = forward.iter().rposition(|digest| *digest == in_use)?;
    forward[..at].iter().rev().find(|digest| **digest != in_use).copied()
}

/// Reads a written flow with what stands beside it.
pub(super) fn read(written: &WrittenFlow) -> (Option<Flow>, Vec<Problem>) {
    flow::read(&written.source, &written.read_beside().0)
}

impl Work<'_> {
    pub(super) async fn open_flows(&mut self) -> Result<()> {
        for version in self.tx.current_flows().await? {
            self.flows.current.insert(version.flow.clone(), version.digest.clone());
            self.flow(&version.digest).await?;
        }
        Ok(())
    }

    /// A version by its digest.
    pub(super) async fn flow(&mut self, digest: &str) -> Result<Arc<Flow>> {
        if let Some(flow) = self.flows.read.get(digest) {
            return Ok(Arc::clone(flow));
        }
        let version = self.tx.flow_version(digest).await?;
        let version = version.context("a run names a flow version that is not in the store")?;
        let beside = serde_json::from_str(&version.beside).context("reading a version's files")?;
        let written =
            WrittenFlow { file: version.flow, source: version.source, beside, recordings: None };
        let flow = Arc::new(read(&written).0.with_context(|| {
            format!("the stored version of flow `{}` cannot be read any more", written.file)
        })?);
        self.flows.read.insert(digest.to_owned(), Arc::clone(&flow));
        Ok(flow)
    }

    /// Makes a written flow the version that new starts get. A broken one changes nothing: the
    /// last good version stays in use, and the words say so.
    pub(super) async fn publish(
        &mut self,
        written: &WrittenFlow,
        how: Published,
    ) -> Result<std::result::Result<(Arc<Flow>, String), String>> {
        let (flow, problems) = read(written);
        let Some(flow) = flow else { return Ok(Err(broken(written, &problems))) };
        if let Some(words) = self.flows.second_for_anything(&flow) {
            return Ok(Err(words));
        }
        if let Some(words) = self.flows.second_for_missed_calls(&flow) {
            return Ok(Err(words));
        }
        let digest = flow::digest(&written.source, &written.beside);
        let version = FlowVersion {
            digest: digest.clone(),
            flow: flow.id.clone(),
            source: written.source.clone(),
            beside: serde_json::to_string(&written.beside)?,
            anonymous: flow.anonymous,
        };
        let flow = self.make_current(&version, flow, how).await?;
        Ok(Ok((flow, digest)))
    }

    async fn make_current(
        &mut self,
        version: &FlowVersion,
        flow: Flow,
        how: Published,
    ) -> Result<Arc<Flow>> {
        self.tx.publish(version, how, self.now).await?;
        self.flows.current.insert(flow.id.clone(), version.digest.clone());
        self.tx.flow_is_there(&flow.id).await?;
        let flow = Arc::new(flow);
        self.flows.read.insert(version.digest.clone(), Arc::clone(&flow));
        self.put_schedules_in_force(&flow).await?;
        Ok(flow)
    }

    /// Publishes a flow for somebody who wants to know what that changed.
    pub(super) async fn publish_by_hand(&mut self, written: &WrittenFlow) -> Result<Reply> {
        let in_use = self.flows.current.clone();
        match self.publish(written, Published::ByHand).await? {
            Ok((flow, digest)) => self.published(in_use.get(&flow.id), &flow, digest).await,
            Err(words) => Ok(Reply::Refused { words }),
        }
    }

    /// Makes an earlier version the one that new starts get: the one named by the beginning of
    /// its digest, else the one that was published before the present one.
    pub(super) async fn rollback(&mut self, id: &str, to: Option<&str>) -> Result<Reply> {
        let Some(in_use) = self.flows.digest_in_use(id) else {
            let words = format!("No version of `{id}` was published yet.");
            return Ok(Reply::NotFound { words });
        };
        let version = match self.version_meant(id, &in_use, to).await? {
            Ok(version) => version,
            Err(reply) => return Ok(reply),
        };
        let Some(flow) = read_version(&version) else {
            let words = format!("This version of `{id}` cannot be read by this Rollcall any more.");
            return Ok(Reply::Refused { words });
        };
        if let Some(words) = self.flows.second_for_anything(&flow) {
            return Ok(Reply::Refused { words });
        }
        let flow = self.make_current(&version, flow, Published::ByRollback).await?;
        self.published(Some(&in_use), &flow, version.digest).await
    }

    async fn version_meant(
        &mut self,
        id: &str,
        in_use: &str,
        to: Option<&str>,
    ) -> Result<std::result::Result<FlowVersion, Reply>> {
        let prefix = match to {
            Some(prefix) => prefix.to_owned(),
            None => {
                let history = self.tx.publications(id).await?;
                let Some(digest) = before(in_use, &history) else {
                    let words =
                        format!("No other version of `{id}` was published before this one.");
                    return Ok(Err(Reply::NotFound { words }));
                };
                digest.to_owned()
            }
        };
        let mut found = self.tx.versions_beginning(id, &prefix).await?;
        let words = match found.len() {
            1 => return Ok(Ok(found.remove(0))),
            0 => format!(
                "No version of `{id}` begins with `{prefix}`; see `rollcall flow versions {id}`."
            ),
            many => format!("{many} versions of `{id}` begin with `{prefix}`: write more of it."),
        };
        Ok(Err(Reply::NotFound { words }))
    }

    /// What is told of a version that is in use now.
    async fn published(
        &mut self,
        before: Option<&String>,
        flow: &Flow,
        digest: String,
    ) -> Result<Reply> {
        let changes = match before {
            Some(before) => flow::changes(&*self.flow(before).await?, flow),
            None => Vec::new(),
        };
        let keep = self.tx.waiting_on_others(&flow.id, &digest).await?;
        let before = before.cloned();
        let by_itself = self.next_by_itself(&flow.id).await?;
        let (flow, unpublished) = (flow.id.clone(), self.unpublished(flow));
        Ok(Reply::Published { flow, digest, before, changes, keep, by_itself, unpublished })
    }
}

/// Whether a written flow can be used; else the words for its office.
pub(super) fn usable(written: &WrittenFlow) -> std::result::Result<(), String> {
    let (flow, problems) = read(written);
    flow.map(|_| ()).ok_or_else(|| broken(written, &problems))
}

fn broken(written: &WrittenFlow, problems: &[Problem]) -> String {
    let errors: Vec<String> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| problem.show(&written.file, &written.source))
        .collect();
    format!(
        "{}\n{} cannot be used until this is put right; the last good version, if there is one, \
         stays in use.",
        errors.join("\n"),
        written.file
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_back_twice_goes_back_two_versions() {
        let history = |text: &str| -> Vec<Publication> {
            let one = |word: &str| match word.strip_prefix('-') {
                Some(digest) => (digest.to_owned(), "rollback".to_owned()),
                None => (word.to_owned(), "publish".to_owned()),
            };
            text.split(' ').map(one).map(|(digest, how)| Publication { digest, how }).collect()
        };
        let table = [
            ("a", "a", None),
            ("b", "a b", Some("a")),
            ("b", "a b c -b", Some("a")),
            ("a", "a b c -b -a", None),
            ("d", "a b c -b -a d", Some("c")),
            ("a", "a b a", Some("b")),
        ];
        for (in_use, text, expected) in table {
            assert_eq!(before(in_use, &history(text)), expected, "{in_use} of {text}");
        }
    }
}
