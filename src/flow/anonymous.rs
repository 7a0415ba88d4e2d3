//! What an anonymous flow must not say, because it would tie an answer to the person who gave it.
//!
//! Every text that goes out stands in the store beside a number, and so does which question was
//! asked next. So nothing that is sent, asked or kept with a contact may depend on an answer.

use super::check::Places;
use super::fields::Problems;
use super::problem::Problem;
use super::texts::{FlowText, Spot, placeholders, texts};
use super::tree::Node;
use super::{Condition, Flow, Kind, Operand, Question, Step};

/// What stands in a text for the person's own words.
const ECHOES: [&str; 3] = ["reply", "proposal", "answers"];

/// Looks at a flow that says `anonymous: true`.
pub(super) fn check(flow: &Flow, places: &Places<'_>, problems: &mut Problems) {
    for step in &flow.steps {
        if let Step::Ask(question) = step {
            ways(question, places, problems);
            keeping(question, places, problems);
            asking(question, places, problems);
        }
        let only_if = match step {
            Step::Say(say) => &say.only_if,
            Step::Ask(question) => &question.only_if,
        };
        if only_if.as_ref().is_some_and(asks_for_answers) {
            let message = "Whether this is asked depends on an answer, and would tell it.";
            let problem = Problem::error("F142", places.of(step.id(), "only_if"), message);
            problems.add(
                problem.help("Take `only_if` away; a condition on `contact.` alone may stay."),
            );
        }
    }
    echoes(flow, places.root, problems);
}

/// Which question comes next can be seen from outside, and so can the way that led there.
fn ways(question: &Question, places: &Places<'_>, problems: &mut Problems) {
    if question.branches.is_empty() {
        return;
    }
    let message = "What follows depends on an answer, and would tell it.";
    let problem = Problem::error("F141", places.of(&question.id, "if"), message);
    problems.add(problem.help("Take `if` away: in an anonymous flow everybody is asked the same."));
}

fn keeping(question: &Question, places: &Places<'_>, problems: &mut Problems) {
    if question.save_to.is_some() {
        let message = "This would keep an anonymous answer with the contact.";
        let problem = Problem::error("F143", places.of(&question.id, "save_to"), message);
        problems.add(problem.help("Take `save_to` away."));
    }
    if question.right.is_some() {
        let message = "A score tells who answered what, so an anonymous flow can have none.";
        let problem = Problem::error("F144", places.of(&question.id, "right"), message);
        problems.add(problem.help("Take `right` away, or make a quiz of its own."));
    }
}

fn asking(question: &Question, places: &Places<'_>, problems: &mut Problems) {
    if let super::Voice::Record { .. } = question.voice {
        let message = "A recorded voice says who the person is.";
        let problem = Problem::error("F148", places.of(&question.id, "voice"), message);
        problems.add(problem.help("Write `voice: skip`, or ask for something that can be keyed."));
    }
    match &question.kind {
        Kind::Phone | Kind::Code { .. } => {
            let message = "This asks for something that says who the person is.";
            let problem = Problem::error("F148", places.of(&question.id, "type"), message);
            problems.add(problem.help("Take the question away, or ask it in another flow."));
        }
        Kind::Place(rule) if rule.inside.is_some() => {
            let message = "`inside` needs an earlier answer, and nobody knows whose it was.";
            let problem = Problem::error("F146", places.of(&question.id, "inside"), message);
            problems.add(problem.help("Take `inside` away."));
        }
        Kind::Place(_)
        | Kind::YesNo
        | Kind::Choice(_)
        | Kind::Choices(_)
        | Kind::Number(_)
        | Kind::Date(_)
        | Kind::Time(_)
        | Kind::Text { .. }
        | Kind::Audio { .. } => {}
    }
}

/// Texts are kept beside the number they go to, so none of them may hold an answer.
fn echoes(flow: &Flow, root: &Node, problems: &mut Problems) {
    // What would be proposed is asked again instead: `confirm` is never said.
    let is_said = |text: &FlowText| text.spot != Spot::Message("confirm");
    for text in texts(flow).into_iter().filter(is_said) {
        for (language, said) in &text.wording {
            for name in placeholders(said) {
                if let Some((code, message)) = echo(flow, &name) {
                    let problem = Problem::error(code, text.spot.place(root, language), message);
                    let help = "Take it away: texts are kept beside the number they go to.";
                    problems.add(problem.help(help));
                }
            }
        }
    }
}

fn echo(flow: &Flow, name: &str) -> Option<(&'static str, String)> {
    if ECHOES.contains(&name) {
        Some(("F147", format!("`{{{name}}}` would send the person's own words back.")))
    } else if name == "score" || name == "score.of" {
        Some(("F144", "A score tells who answered what.".to_owned()))
    } else if flow.question(name).is_some() {
        Some(("F145", format!("`{{{name}}}` would put an answer into a text that is kept.")))
    } else {
        None
    }
}

/// Whether a condition asks for anything but what was known of the person before.
fn asks_for_answers(condition: &Condition) -> bool {
    let is_answer = |operand: &Operand| match operand {
        Operand::Answer(_) | Operand::Score => true,
        Operand::Field(_) | Operand::Text(_) | Operand::Number(_) => false,
    };
    condition.operands().into_iter().any(is_answer)
}

#[cfg(test)]
mod tests {
    use crate::flow::{Beside, read};
    use std::collections::BTreeMap;

    #[test]
    fn a_place_inside_an_answer_is_refused_and_what_is_known_of_the_person_may_be_asked() {
        let places =
            "code,level,parent,name,other names\nBO,county,,Bong,\nGB,facility,BO,Gbarnga,\n";
        let lists = BTreeMap::from([("places.csv".to_owned(), places.to_owned())]);
        let source = "flow: a\ntitle: A\nanonymous: true\nquestions:\n\
            - {id: county, ask: \"County?\", type: place, level: county, list: places.csv}\n\
            - {id: facility, ask: \"Where?\", type: place, level: facility, list: places.csv, inside: county}\n\
            - {id: births, only_if: contact.cadre is midwife, ask: \"Births?\", type: number}\n";
        let problems = read(source, &Beside::of(&lists).0).1;
        let found: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(found, ["F146"], "{problems:?}");
    }
}
