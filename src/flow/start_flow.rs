//! `start_flow:` under an ending: another flow that begins for the person, now or later.

use super::fields::{self, Fields, Problems};
use super::find::child;
use super::problem::{Problem, nearest};
use super::read::id;
use super::tree::{Content, Node};
use super::{Beside, Flow, NextFlow};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long a flow waits at least before it begins again by itself.
const BEFORE_AGAIN: Duration = Duration::from_secs(86_400);

impl Flow {
    /// The flows that its endings start.
    pub fn started(&self) -> Vec<&str> {
        let starts = self.endings.values().filter_map(|ending| ending.start_flow.as_ref());
        let ids: BTreeSet<&str> = starts.map(|next| next.flow.as_str()).collect();
        ids.into_iter().collect()
    }
}

/// `start_flow: training-quiz`, or with a time: `{flow: training-quiz, after: 3 days}`.
pub(super) fn read(node: &Node, problems: &mut Problems) -> Option<NextFlow> {
    if let Content::Text(..) = &node.content {
        let flow = id(node, "start_flow", problems)?;
        return Some(NextFlow { flow, after: Duration::ZERO });
    }
    if let Content::List(_) = &node.content {
        let problem = Problem::error("F010", node.place, "`start_flow` must name one flow.");
        problems
            .add(problem.help("Write it like `start_flow: {flow: training-quiz, after: 3 days}`."));
        return None;
    }
    let mut fields = Fields::of(node, "`start_flow`", problems)?;
    let flow = fields.need("flow", problems).and_then(|node| id(node, "flow", problems));
    let after = fields.take("after").and_then(|node| fields::duration(node, "after", problems));
    fields.finish(problems);
    Some(NextFlow { flow: flow?, after: after.unwrap_or_default() })
}

/// Looks at what the endings start.
pub(super) fn check(flow: &Flow, root: &Node, beside: &Beside, problems: &mut Problems) {
    let Some(endings) = child(root, "endings") else { return };
    for (name, ending) in &flow.endings {
        let Some(next) = &ending.start_flow else { continue };
        let node = child(endings, name).and_then(|ending| child(ending, "start_flow"));
        let node = node.unwrap_or(endings);
        let at = child(node, "flow").unwrap_or(node).place;
        if next.flow == flow.id {
            if next.after < BEFORE_AGAIN {
                let message = "This flow would begin again as soon as it is over.";
                let problem = Problem::error("F098", at, message);
                let help = format!("Write `start_flow: {{flow: {}, after: 7 days}}`.", flow.id);
                problems.add(problem.help(help));
            }
            continue;
        }
        let Some(known) = &beside.known_flows else { continue };
        if !known.contains(&next.flow) {
            let message = format!("There is no flow `{}` in this folder.", next.flow);
            let problem = Problem::warning("F097", at, message);
            problems.add(match nearest(&next.flow, known.iter().map(String::as_str)) {
                Some(near) => problem.help(format!("Did you mean `{near}`?")),
                None => problem.help("Write it before the first person comes to this ending."),
            });
        }
    }
}
