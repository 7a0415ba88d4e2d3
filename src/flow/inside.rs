//! The steps of a flow as they are written down in the one that takes it in: every name with the
//! step's own in front, every condition with the step's own beside it.

use super::take_in::end_of;
use super::{
    Branch, Choice, Condition, Flow, Kind, Operand, PlaceRule, Question, Say, Step, Target, Wording,
};
use crate::model::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Placeholders that are never the answer to a question.
const NO_ANSWER: [&str; 2] = ["example", "score"];

/// How the steps of a flow are written down in the one that takes it in.
pub(super) struct Inside<'a> {
    id: &'a str,
    only_if: Option<&'a Condition>,
    languages: &'a [Language],
    ids: BTreeSet<String>,
}

impl<'a> Inside<'a> {
    pub(super) fn of(
        inner: &Flow,
        id: &'a str,
        only_if: Option<&'a Condition>,
        languages: &'a [Language],
    ) -> Inside<'a> {
        let ids = inner.steps.iter().map(|step| step.id().to_owned()).collect();
        Inside { id, only_if, languages, ids }
    }

    fn name(&self, id: &str) -> String {
        format!("{}.{id}", self.id)
    }

    pub(super) fn step(&self, step: Step) -> Step {
        match step {
            Step::Say(Say { id, only_if, say, voice, sms }) => Step::Say(Say {
                id: self.name(&id),
                only_if: self.both(only_if),
                say: self.wording(say),
                voice,
                sms,
            }),
            Step::Ask(question) => Step::Ask(self.question(question)),
        }
    }

    fn question(&self, question: Question) -> Question {
        // Taken apart, so that nobody adds a field and forgets it here.
        let Question {
            id,
            only_if,
            ask,
            kind,
            example,
            right,
            may_refuse,
            save_to,
            branches,
            rules,
            voice,
            sms,
        } = question;
        Question {
            id: self.name(&id),
            only_if: self.both(only_if),
            ask: self.wording(ask),
            kind: self.kind(kind),
            example,
            right,
            may_refuse,
            save_to,
            branches: branches.into_iter().map(|branch| self.branch(branch)).collect(),
            rules,
            voice,
            sms,
        }
    }

    fn kind(&self, kind: Kind) -> Kind {
        let choices =
            |choices: Vec<Choice>| choices.into_iter().map(|choice| self.choice(choice)).collect();
        match kind {
            Kind::Choice(of) => Kind::Choice(choices(of)),
            Kind::Choices(of) => Kind::Choices(choices(of)),
            Kind::Place(rule) => {
                let inside = rule.inside.as_deref().map(|id| self.name(id));
                Kind::Place(PlaceRule { inside, ..rule })
            }
            other @ (Kind::YesNo
            | Kind::Number(_)
            | Kind::Date(_)
            | Kind::Time(_)
            | Kind::Phone
            | Kind::Code { .. }
            | Kind::Text { .. }
            | Kind::Audio { .. }) => other,
        }
    }

    fn choice(&self, choice: Choice) -> Choice {
        Choice { labels: self.spoken(choice.labels), ..choice }
    }

    fn branch(&self, Branch { when, then }: Branch) -> Branch {
        let then = match then {
            Target::Step(id) => Target::Step(self.name(&id)),
            Target::End(_) => Target::Step(end_of(self.id)),
        };
        Branch { when: self.condition(when), then }
    }

    /// Both must hold: what the step that takes in the flow says, and what the flow itself says.
    fn both(&self, own: Option<Condition>) -> Option<Condition> {
        let own = own.map(|own| self.condition(own));
        match (self.only_if.cloned(), own) {
            (Some(outer), Some(own)) => Some(Condition::And(Box::new(outer), Box::new(own))),
            (outer, own) => outer.or(own),
        }
    }

    fn condition(&self, condition: Condition) -> Condition {
        use Condition::*;
        let two = |make: fn(Operand, Operand) -> Condition, left, right| {
            make(self.operand(left), self.operand(right))
        };
        let boxed = |condition: Box<Condition>| Box::new(self.condition(*condition));
        match condition {
            Is(left, right) => two(Is, left, right),
            IsNot(left, right) => two(IsNot, left, right),
            Less(left, right) => two(Less, left, right),
            AtMost(left, right) => two(AtMost, left, right),
            More(left, right) => two(More, left, right),
            AtLeast(left, right) => two(AtLeast, left, right),
            Includes(left, right) => two(Includes, left, right),
            Empty(operand) => Empty(self.operand(operand)),
            And(left, right) => And(boxed(left), boxed(right)),
            Or(left, right) => Or(boxed(left), boxed(right)),
            Not(inner) => Not(boxed(inner)),
        }
    }

    fn operand(&self, operand: Operand) -> Operand {
        match operand {
            Operand::Answer(id) => Operand::Answer(self.name(&id)),
            Operand::Field(_) | Operand::Score | Operand::Text(_) | Operand::Number(_) => operand,
        }
    }

    fn wording(&self, wording: Wording) -> Wording {
        let named = |(language, text): (Language, String)| (language, self.placeholders(&text));
        self.spoken(wording).into_iter().map(named).collect()
    }

    /// What the flow outside speaks, and nothing else: nobody is spoken to in two languages.
    fn spoken<T: Clone>(&self, texts: BTreeMap<Language, T>) -> BTreeMap<Language, T> {
        let in_this = |language: &Language| {
            let text = texts.get(language).or_else(|| texts.get(&language.base()))?;
            Some((language.clone(), text.clone()))
        };
        self.languages.iter().filter_map(in_this).collect()
    }

    /// `{county}` becomes `{home.county}`.
    fn placeholders(&self, text: &str) -> String {
        let mut named = String::with_capacity(text.len() + 20);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            named.push_str(before);
            named.push('{');
            rest = after;
            if let Some((name, after)) = after.split_once('}') {
                let name = name.trim();
                if self.ids.contains(name) && !NO_ANSWER.contains(&name) {
                    named.push_str(&self.name(name));
                } else {
                    named.push_str(name);
                }
                named.push('}');
                rest = after;
            }
        }
        named.push_str(rest);
        named
    }
}
