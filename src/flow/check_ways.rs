//! What `check` finds in the ways through a flow: questions that nothing leads to, branches and
//! conditions that can never hold, and people who cannot get out.

use super::check::Places;
use super::fields::Problems;
use super::problem::Problem;
use super::{Branch, Condition, Flow, Kind, Operand, Question, Step, Target};
use std::collections::BTreeMap;

/// Looks at the ways through the whole flow.
pub(super) fn check(flow: &Flow, places: &Places<'_>, problems: &mut Problems) {
    unreachable(flow, places, problems);
    for step in flow.steps.iter().filter(|step| !step.is_taken_in()) {
        let only_if = match step {
            Step::Say(say) => &say.only_if,
            Step::Ask(question) => &question.only_if,
        };
        if only_if.as_ref().is_some_and(|condition| !can_hold(condition, flow)) {
            let message = format!("This can never be so, and `{}` is never asked.", step.id());
            let problem = Problem::warning("F132", places.of(step.id(), "only_if"), message);
            problems.add(problem.help("Compare it with what the questions allow (`between`)."));
        }
        if let Step::Ask(question) = step {
            never_taken(flow, question, places, problems);
        }
    }
    no_way_out(flow, places, problems);
}

/// Branches that say what an earlier one said already, or what can never be.
fn never_taken(flow: &Flow, question: &Question, places: &Places<'_>, problems: &mut Problems) {
    for (index, branch) in question.branches.iter().enumerate() {
        let earlier = &question.branches[..index];
        let shadowed = earlier.iter().any(|earlier| earlier.when == branch.when);
        if !shadowed && can_hold(&branch.when, flow) {
            continue;
        }
        let said = branch.when.under(&question.id);
        let message = format!("The branch `{said}` is never taken.");
        let problem = Problem::warning("F131", places.of(&question.id, "if"), message);
        problems.add(problem.help(match shadowed {
            true => "An earlier branch says the same; take one of them away.",
            false => "No answer that the question takes can be so; look at its `between`.",
        }));
    }
}

/// Steps that no way leads to.
fn unreachable(flow: &Flow, places: &Places<'_>, problems: &mut Problems) {
    let (reached, closing) = reached(flow);
    for (index, step) in flow.steps.iter().enumerate().filter(|(_, step)| !step.is_taken_in()) {
        let rest_is_lost =
            !reached[index + 1..].is_empty() && !reached[index + 1..].contains(&true);
        if reached[index] && closing[index] && rest_is_lost {
            let message = "Nothing after this question is ever asked: every answer ends the flow.";
            problems.add(Problem::error("F044", places.of(step.id(), "if"), message));
            return;
        }
        if !reached[index] {
            let message = format!("Nothing leads to `{}`: it is never asked.", step.id());
            let problem = Problem::warning("F130", places.of(step.id(), "id"), message);
            problems.add(problem.help("Let an answer of an earlier question lead to it."));
        }
    }
}

/// For each step whether a way leads to it, and whether every answer leads away from what follows.
fn reached(flow: &Flow) -> (Vec<bool>, Vec<bool>) {
    let mut reached = vec![false; flow.steps.len()];
    let mut closing = vec![false; flow.steps.len()];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    // Branches lead forward only: one pass is enough.
    for (index, step) in flow.steps.iter().enumerate() {
        if !reached[index] {
            continue;
        }
        let is_conditional = match step {
            Step::Say(say) => say.only_if.is_some(),
            Step::Ask(question) => question.only_if.is_some(),
        };
        if let Step::Ask(question) = step {
            for branch in &question.branches {
                if let Target::Step(id) = &branch.then
                    && let Some(at) = flow.steps.iter().position(|step| step.id() == id)
                {
                    reached[at] = true;
                }
            }
            closing[index] = !is_conditional && every_answer_leads_off(question);
        }
        if !closing[index]
            && let Some(next) = reached.get_mut(index + 1)
        {
            *next = true;
        }
    }
    (reached, closing)
}

fn every_answer_leads_off(question: &Question) -> bool {
    let leads_off = |value: &str| question.branches.iter().any(|branch| says(branch, value));
    let says_all = match &question.kind {
        Kind::YesNo => leads_off("yes") && leads_off("no"),
        Kind::Choice(choices) => choices.iter().all(|choice| leads_off(&choice.id)),
        _ => false,
    };
    says_all && !question.may_refuse
}

fn says(branch: &Branch, value: &str) -> bool {
    matches!(&branch.when, Condition::Is(Operand::Answer(_), Operand::Text(text)) if text == value)
}

/// A flow that knows its person by name, or keeps answers with them, needs a way out for who is
/// somebody else: a number may have a new owner.
fn no_way_out(flow: &Flow, places: &Places<'_>, problems: &mut Problems) {
    let mut questions = flow.questions();
    let Some(first) = questions.next() else { return };
    let saves = flow.questions().any(|question| question.save_to.is_some());
    let has_exit = flow
        .questions()
        .flat_map(|question| &question.branches)
        .any(|branch| matches!(&branch.then, Target::End(name) if name != "done"));
    let is_short = flow.questions().count() < 3;
    if saves && !has_exit && !is_short {
        let message = "Nobody can say here that they are not the person who is meant.";
        let problem = Problem::warning("F133", places.of(&first.id, "ask"), message);
        problems.add(problem.help(
            "Ask first, like `type: yes_no` with `if: {\"no\": end not_me}`, and add the ending.",
        ));
    }
}

/// Whether a condition can hold at all. Where nothing is known, it can.
fn can_hold(condition: &Condition, flow: &Flow) -> bool {
    match condition {
        Condition::Or(left, right) => can_hold(left, flow) || can_hold(right, flow),
        other => {
            let mut room = Room::default();
            room.narrow(other, flow);
            room.is_left()
        }
    }
}

/// What is left for each answer when several things must hold at once.
#[derive(Default)]
struct Room {
    numbers: BTreeMap<String, Interval>,
    texts: BTreeMap<String, String>,
    contradicts: bool,
}

#[derive(Clone, Copy)]
struct Interval {
    least: f64,
    most: f64,
    /// Whether an end itself is left out.
    open: (bool, bool),
}

impl Room {
    fn narrow(&mut self, condition: &Condition, flow: &Flow) {
        use Operand::{Answer, Number, Text};
        match condition {
            Condition::And(left, right) => {
                self.narrow(left, flow);
                self.narrow(right, flow);
            }
            Condition::Or(..) => self.contradicts |= !can_hold(condition, flow),
            Condition::Is(Answer(id), Text(text)) => self.is_text(id, text),
            Condition::Is(Answer(id), Number(number)) => {
                self.at_least(flow, id, *number, false);
                self.at_most(flow, id, *number, false);
            }
            Condition::Less(Answer(id), Number(number)) => self.at_most(flow, id, *number, true),
            Condition::AtMost(Answer(id), Number(number)) => self.at_most(flow, id, *number, false),
            Condition::More(Answer(id), Number(number)) => self.at_least(flow, id, *number, true),
            Condition::AtLeast(Answer(id), Number(number)) => {
                self.at_least(flow, id, *number, false);
            }
            Condition::Is(..)
            | Condition::IsNot(..)
            | Condition::Less(..)
            | Condition::AtMost(..)
            | Condition::More(..)
            | Condition::AtLeast(..)
            | Condition::Includes(..)
            | Condition::Empty(_)
            | Condition::Not(_) => {}
        }
    }

    fn is_text(&mut self, id: &str, text: &str) {
        let known = self.texts.insert(id.to_owned(), text.to_owned());
        self.contradicts |= known.is_some_and(|known| known != text);
    }

    fn at_least(&mut self, flow: &Flow, id: &str, least: f64, is_open: bool) {
        let interval = self.interval(flow, id);
        if least >= interval.least {
            interval.open.0 = is_open || (least == interval.least && interval.open.0);
            interval.least = least;
        }
    }

    fn at_most(&mut self, flow: &Flow, id: &str, most: f64, is_open: bool) {
        let interval = self.interval(flow, id);
        if most <= interval.most {
            interval.open.1 = is_open || (most == interval.most && interval.open.1);
            interval.most = most;
        }
    }

    /// What the question itself allows, where this is the first word about it.
    fn interval(&mut self, flow: &Flow, id: &str) -> &mut Interval {
        let rule = flow.question(id).and_then(|question| match &question.kind {
            Kind::Number(rule) => Some(rule),
            _ => None,
        });
        let least = rule.and_then(|rule| rule.least).unwrap_or(f64::NEG_INFINITY);
        let most = rule.and_then(|rule| rule.most).unwrap_or(f64::INFINITY);
        let whole = Interval { least, most, open: (false, false) };
        self.numbers.entry(id.to_owned()).or_insert(whole)
    }

    fn is_left(&self) -> bool {
        let fits = |interval: &Interval| {
            let is_point = interval.least == interval.most;
            interval.least < interval.most || (is_point && interval.open == (false, false))
        };
        !self.contradicts && self.numbers.values().all(fits)
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::{self, Beside};
    use expect_test::{Expect, expect};

    fn found(questions: &str, expected: &Expect) {
        let source = format!("flow: ways\ntitle: Ways\nquestions:\n{questions}");
        let problems = flow::read(&source, &Beside::default()).1;
        let told: Vec<String> = problems
            .iter()
            .map(|problem| format!("{} {}: {}", problem.code, problem.place.line, problem.message))
            .collect();
        expected.assert_eq(&told.join("\n"));
    }

    const YEARS: &str = "- {id: years, ask: \"Years?\", type: number, between: [0, 60]";

    #[test]
    fn what_a_question_does_not_allow_can_never_be() {
        for (condition, can) in [
            ("years > 60", false),
            ("years >= 60", true),
            ("years < 0", false),
            ("years > 5 and years < 3", false),
            ("years > 5 and years <= 6", true),
            ("years > 5 and years < 5", false),
            ("years > 70 or years is 3", true),
            ("years is 61", false),
            ("years is not 61", true),
            ("years < 3 or years > 99", true),
        ] {
            let last = format!("- {{id: b, only_if: {condition}, ask: \"B?\", type: text}}");
            let source = format!("flow: a\ntitle: A\nquestions:\n{YEARS}}}\n{last}\n");
            let problems = flow::read(&source, &Beside::default()).1;
            assert_eq!(problems.is_empty(), can, "{condition}: {problems:?}");
        }
    }

    #[test]
    fn a_branch_that_is_never_taken_is_named() {
        found(
            &format!(
                "{YEARS}, if: {{\"years > 60\": end, \"years < 3\": b, \"3\": end}}}}\n- {{id: b, ask: \"B?\", type: text}}\n"
            ),
            &expect!["F131 4: The branch `years > 60` is never taken."],
        );
    }

    #[test]
    fn a_question_that_nothing_leads_to_is_named() {
        found(
            "- {id: a, ask: \"A?\", type: yes_no, if: {\"yes\": c, \"no\": end}}\n\
             - {id: b, ask: \"B?\", type: text}\n- {id: c, ask: \"C?\", type: text}\n",
            &expect!["F130 5: Nothing leads to `b`: it is never asked."],
        );
        found(
            "- {id: a, ask: \"A?\", type: choice, choices: {x: [X], y: [Y]}, if: {x: end, y: end}}\n\
             - {id: b, ask: \"B?\", type: text}\n",
            &expect![
                "F044 4: Nothing after this question is ever asked: every answer ends the flow."
            ],
        );
        found(
            "- {id: w, ask: \"W?\", type: yes_no}\n- {id: a, only_if: w is yes, ask: \"A?\", \
             type: yes_no, if: {\"yes\": end, \"no\": end}}\n- {id: b, ask: \"B?\", type: text}\n",
            &expect![""],
        );
    }

    #[test]
    fn who_is_not_the_person_meant_needs_a_way_out() {
        let keeps = "- {id: a, ask: \"Your job?\", type: text, save_to: contact.job}\n\
                     - {id: b, ask: \"B?\", type: text}\n- {id: c, ask: \"C?\", type: text}\n";
        found(
            keeps,
            &expect!["F133 4: Nobody can say here that they are not the person who is meant."],
        );
    }
}
