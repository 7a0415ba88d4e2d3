//! Flow versions in use, read once each. A digest never changes its meaning.

use super::{Work, WrittenFlow};
use crate::flow::{self, Beside, Flow, Problem, Severity};
use crate::store::FlowVersion;
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
}

/// Reads a written flow with what stands beside it.
pub(super) fn read(written: &WrittenFlow) -> (Option<Flow>, Vec<Problem>) {
    flow::read(&written.source, &Beside::of(&written.beside).0)
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
        let written = WrittenFlow { file: version.flow, source: version.source, beside };
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
    ) -> Result<std::result::Result<(Arc<Flow>, String), String>> {
        let (flow, problems) = read(written);
        let Some(flow) = flow else { return Ok(Err(broken(written, &problems))) };
        let digest = flow::digest(&written.source, &written.beside);
        let version = FlowVersion {
            digest: digest.clone(),
            flow: flow.id.clone(),
            source: written.source.clone(),
            beside: serde_json::to_string(&written.beside)?,
        };
        self.tx.publish(&version, self.now).await?;
        self.flows.current.insert(flow.id.clone(), digest.clone());
        let flow = Arc::new(flow);
        self.flows.read.insert(digest.clone(), Arc::clone(&flow));
        Ok(Ok((flow, digest)))
    }
}

/// Whether a written flow can be used; else the words for its office.
pub(super) fn usable(written: &WrittenFlow) -> std::result::Result<(), String> {
    let (flow, problems) = read(written);
    flow.map(drop).ok_or_else(|| broken(written, &problems))
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
