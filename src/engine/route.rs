//! Where a person is: from the top to the bottom, past what is answered, unless a branch leads
//! elsewhere.
//!
//! The way is walked from the start each time. So it is right after BACK and FIX too: a corrected
//! answer may lead elsewhere, and what it makes superfluous is passed by.

use super::condition::{Facts, holds};
use crate::flow::{Flow, Question, Say, Step, Target};

/// What comes next.
pub(super) struct Way<'a> {
    /// What is said before it.
    pub says: Vec<&'a Say>,
    /// Where it leads.
    pub to: Goal<'a>,
}

/// Where a way leads.
pub(super) enum Goal<'a> {
    /// To a question without an answer.
    Ask(&'a Question),
    /// To an ending.
    End(&'a str),
    /// Nowhere: it has too many steps.
    Nowhere,
}

/// The way from the last answer on.
pub(super) fn onward<'a>(flow: &'a Flow, facts: &Facts<'_>) -> Way<'a> {
    let (mut says, mut index) = (Vec::new(), 0);
    // Branches lead forward only: no step is passed twice.
    for _ in 0..=flow.steps.len() {
        let Some(step) = flow.steps.get(index) else { return Way { says, to: Goal::End("done") } };
        let only_if = match step {
            Step::Say(say) => &say.only_if,
            Step::Ask(question) => &question.only_if,
        };
        if only_if.as_ref().is_some_and(|condition| !holds(condition, facts)) {
            index += 1;
            continue;
        }
        match step {
            Step::Say(say) => {
                says.push(say);
                index += 1;
            }
            Step::Ask(question) if !facts.answers.contains_key(&question.id) => {
                return Way { says, to: Goal::Ask(question) };
            }
            Step::Ask(question) => {
                says.clear();
                let branch = question.branches.iter().find(|branch| holds(&branch.when, facts));
                match branch.map(|branch| &branch.then) {
                    Some(Target::End(name)) => return Way { says, to: Goal::End(name) },
                    Some(Target::Step(id)) => index = index_of(flow, id),
                    None => index += 1,
                }
            }
        }
    }
    Way { says, to: Goal::Nowhere }
}

fn index_of(flow: &Flow, id: &str) -> usize {
    flow.steps.iter().position(|step| step.id() == id).unwrap_or(flow.steps.len())
}
