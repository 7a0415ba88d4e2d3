//! Which step comes next: top to bottom, unless a branch leads elsewhere.

use super::condition::{Facts, holds};
use crate::flow::{Flow, Question, Say, Step, Target};

/// Where the way leads.
pub(super) enum Next<'a> {
    /// Says something and goes on behind it.
    Say(&'a Say, usize),
    /// Asks.
    Ask(&'a Question),
    /// The flow ends here.
    End(&'a str),
}

/// The step at or after `index` whose condition holds.
pub(super) fn from<'a>(flow: &'a Flow, index: usize, facts: &Facts<'_>) -> Next<'a> {
    for (at, step) in flow.steps.iter().enumerate().skip(index) {
        let only_if = match step {
            Step::Say(say) => &say.only_if,
            Step::Ask(question) => &question.only_if,
        };
        if only_if.as_ref().is_some_and(|condition| !holds(condition, facts)) {
            continue;
        }
        return match step {
            Step::Say(say) => Next::Say(say, at + 1),
            Step::Ask(question) => Next::Ask(question),
        };
    }
    Next::End("done")
}

/// What follows a question: its first branch that holds, else the next step.
pub(super) fn after<'a>(flow: &'a Flow, question: &'a Question, facts: &Facts<'_>) -> Next<'a> {
    let branch = question.branches.iter().find(|branch| holds(&branch.when, facts));
    match branch.map(|branch| &branch.then) {
        Some(Target::End(name)) => Next::End(name),
        Some(Target::Step(id)) => from(flow, index_of(flow, id), facts),
        None => from(flow, index_of(flow, &question.id) + 1, facts),
    }
}

fn index_of(flow: &Flow, id: &str) -> usize {
    flow.steps.iter().position(|step| step.id() == id).unwrap_or(flow.steps.len())
}
