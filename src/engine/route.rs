//! Where a person is: from the top to the bottom, past what is answered, unless a branch leads
//! elsewhere.
//!
//! The way is walked from the start each time. So it is right after BACK and FIX too: a corrected
//! answer may lead elsewhere, and what it makes superfluous is passed by.

use super::condition::{Facts, holds};
use crate::flow::{Flow, Question, Say, Step, Target};
use crate::model::Mode;

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

/// The way from the last answer on, for a person who is reached in this way.
pub(super) fn onward<'a>(flow: &'a Flow, facts: &Facts<'_>, mode: Mode) -> Way<'a> {
    let (mut says, mut index) = (Vec::new(), 0);
    // Branches lead forward only: no step is passed twice.
    for _ in 0..=flow.steps.len() {
        let Some(step) = flow.steps.get(index) else { return Way { says, to: Goal::End("done") } };
        let only_if = match step {
            Step::Say(say) => &say.only_if,
            Step::Ask(question) => &question.only_if,
        };
        // What was answered by call still leads where it leads, although SMS would pass it by.
        let is_passed_by = step.is_passed_by(mode) && !facts.answers.contains_key(step.id());
        if is_passed_by || only_if.as_ref().is_some_and(|condition| !holds(condition, facts)) {
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

#[cfg(test)]
mod tests {
    use crate::engine::{Today, Turn, advance, begin, said, spoken_words};
    use crate::flow::{self, Flow};
    use crate::model::{Contact, ContactId, Input, Mode, Region, Value};

    const FLOW: &str = r#"
flow: two-ways
channels: [sms, voice]
questions:
- id: keys
  say: "Press a key to answer."
  sms: skip
- id: packs
  ask: "How many packs?"
  type: number
- id: name
  ask: "Your name?"
  type: text
  voice: skip
- id: story
  ask: "Speak after the tone."
  type: audio
  sms: skip
- id: more
  ask: "Anything else?"
  type: audio
"#;

    fn flow() -> Flow {
        let (flow, problems) = flow::read(FLOW, &flow::Beside::default());
        flow.unwrap_or_else(|| panic!("{problems:?}"))
    }

    fn talk(mode: Mode, texts: &[&str]) -> (Vec<String>, Turn) {
        let (flow, region) = (flow(), Region::new("LR").expect("LR is a country"));
        let today = Today { date: jiff::civil::date(2026, 3, 2), region };
        let contact = Contact::named(ContactId(1), "Mary Kollie");
        let mut turn = begin(&flow, &contact, mode, today);
        let words = |turn: &Turn| match mode {
            Mode::Sms => said(&turn.effects).into_iter().map(str::to_owned).collect::<Vec<_>>(),
            Mode::Voice => spoken_words(&turn.effects),
        };
        let mut heard = words(&turn);
        for text in texts {
            let input = match mode {
                Mode::Sms => Input::Text((*text).to_owned()),
                Mode::Voice => Input::Keys((*text).to_owned()),
            };
            turn = advance(&flow, &contact, &turn.run, &input, today);
            heard.extend(words(&turn));
        }
        (heard, turn)
    }

    #[test]
    fn by_sms_what_sms_skips_is_passed_by_and_a_spoken_answer_is_written() {
        let (heard, turn) = talk(Mode::Sms, &["12", "Mary", "We need 2 packs."]);
        assert_eq!(heard, ["How many packs?", "Your name?", "Anything else?"]);
        let answer = turn.run.answers["more"].value.clone();
        assert_eq!(answer, Some(Value::Text("We need 2 packs.".to_owned())));
        assert!(!turn.run.answers.contains_key("story"));
    }

    #[test]
    fn by_call_what_voice_skips_is_passed_by() {
        let (heard, _) = talk(Mode::Voice, &["12", "1"]);
        let begins = ["Press a key to answer.", "How many packs?", "You keyed 12", "Speak after"];
        for (heard, begins) in heard.iter().zip(begins) {
            assert!(heard.starts_with(begins), "{heard}");
        }
        assert_eq!(heard.len(), begins.len());
    }
}
