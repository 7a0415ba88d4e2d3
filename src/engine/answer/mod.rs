//! What a reply means for a question: a value, a proposal, or a question back. Never a guess.
//!
//! A reply is read exactly, or repaired in a way that leaves one meaning, or asked back. The same
//! reading serves live runs, tests, `flow try` and `flow read`.

mod choice;
mod choices;
mod code;
mod date;
mod lexicon;
mod number;
mod phone;
mod place;
mod time;
mod tokens;
mod yes_no;

pub(super) use tokens::plain;

use super::Today;
use super::keywords::without_courtesy;
use super::wording::{Local, Speech};
use crate::flow::{Flow, Kind, Question};
use crate::model::{Answer, Contact, ContactId, Language, Value};
use std::collections::BTreeMap;

/// The longest reply that is read at all, in characters; longer ones are text or nothing.
const LONGEST_REPLY: usize = 480;
/// The longest refusal, in characters: what is longer says something.
const LONGEST_REFUSAL: usize = 60;

/// How a reply was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowRead {
    /// As it stands.
    Exact,
    /// Repaired in a way that has one possible meaning.
    Repaired,
    /// Near to one value: asked back with a proposal.
    Confirm,
    /// Asked again.
    NotUnderstood,
    /// The person does not want to answer; asked again where they have to.
    Refused,
}

/// What a reply means.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The value, where it may be stored as it is.
    pub value: Option<Value>,
    /// How it was read.
    pub how: HowRead,
    /// What is proposed, where it is asked back with a proposal.
    pub proposal: Option<Value>,
    /// What would be sent back, where something would.
    pub ask: Option<String>,
}

/// What one kind of question makes of a reply.
enum Understood {
    Exact(Value),
    Repaired(Value),
    Near(Value),
    No,
}

/// A question as it was asked.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The flow it stands in.
    pub flow: &'a Flow,
    /// The question.
    pub question: &'a Question,
    /// The language it was asked in.
    pub language: &'a Language,
    /// The answers that were given before: a facility lies in a county.
    pub earlier: &'a BTreeMap<String, Answer>,
}

/// Whether a whole text says that somebody does not want to answer a question: SKIP, PASSER.
pub fn refuses(text: &str) -> bool {
    text.chars().count() <= LONGEST_REFUSAL && lexicon::refuses(&without_courtesy(text))
}

/// Reads a reply to a question.
pub fn read_reply(asked: &Asked<'_>, text: &str, today: Today) -> Reading {
    if refuses(text) && !is_called(asked.question, &plain(text)) {
        let ask = (!asked.question.may_refuse).then(|| must_answer(asked));
        return Reading { value: None, how: HowRead::Refused, proposal: None, ask };
    }
    let speaker = Speaker { lexicon: lexicon::of(asked.language), today };
    match understand(asked, &speaker, text) {
        Understood::Exact(value) => kept(value, HowRead::Exact),
        Understood::Repaired(value) => kept(value, HowRead::Repaired),
        Understood::Near(value) => {
            let ask = ask_back(asked, text, Some(&value));
            Reading { value: None, how: HowRead::Confirm, proposal: Some(value), ask: Some(ask) }
        }
        Understood::No => {
            let ask = ask_back(asked, text, None);
            Reading { value: None, how: HowRead::NotUnderstood, proposal: None, ask: Some(ask) }
        }
    }
}

/// Whether something that the question offers is called so: then it is an answer.
pub(super) fn is_called(question: &Question, said: &str) -> bool {
    let called = |names: &[String]| names.iter().any(|name| name == said);
    let is_place = match &question.kind {
        Kind::Place(rule) => {
            let mut rows = rule.list.rows.iter().filter(|row| row.level == rule.level);
            rows.any(|row| called(&row.called))
        }
        _ => false,
    };
    is_place || question.kind.choices().iter().any(|choice| called(&choice.called))
}

/// Whether a text is a plain yes or no: the answer to a proposal.
pub(super) fn yes_or_no(language: &Language, text: &str) -> Option<bool> {
    match yes_no::read(text, lexicon::of(language)) {
        Understood::Exact(Value::YesNo(yes)) | Understood::Repaired(Value::YesNo(yes)) => Some(yes),
        _ => None,
    }
}

/// Who speaks, and when.
struct Speaker {
    lexicon: &'static lexicon::Lexicon,
    today: Today,
}

fn understand(asked: &Asked<'_>, speaker: &Speaker, text: &str) -> Understood {
    let question = asked.question;
    let text = text.trim();
    if text.is_empty() || plain(text).is_empty() && !text.contains('½') {
        return Understood::No;
    }
    if let Kind::Text { longest } = question.kind {
        return free_text(text, longest);
    }
    if text.chars().count() > LONGEST_REPLY {
        return Understood::No;
    }
    match &question.kind {
        Kind::YesNo => yes_no::read(text, speaker.lexicon),
        Kind::Choice(choices) => choice::read(text, choices, speaker),
        Kind::Choices(choices) => choices::read(text, choices, speaker),
        Kind::Time(rule) => time::read(text, rule, speaker),
        Kind::Number(rule) => number::read(text, rule, speaker),
        Kind::Date(rule) => date::read(text, rule, speaker),
        Kind::Phone => phone::read(text, speaker),
        Kind::Code { shape } => code::read(text, shape.as_deref(), speaker),
        Kind::Place(rule) => place::read(text, rule, asked.earlier, speaker),
        Kind::Text { longest } => free_text(text, *longest),
    }
}

fn free_text(text: &str, longest: usize) -> Understood {
    let kept: String = text.chars().take(longest).collect();
    let whole = kept.len() == text.len();
    let value = Value::Text(kept);
    if whole { Understood::Exact(value) } else { Understood::Repaired(value) }
}

fn kept(value: Value, how: HowRead) -> Reading {
    Reading { value: Some(value), how, proposal: None, ask: None }
}

fn ask_back(asked: &Asked<'_>, heard: &str, proposal: Option<&Value>) -> String {
    let Asked { flow, question, .. } = *asked;
    to_anybody(asked, |speech| {
        if let Some(value) = proposal {
            let shown = speech.shown(&question.id, value);
            let local = Local { proposal: Some(&shown), ..Local::default() };
            return speech.say(&flow.messages.confirm, &local);
        }
        let local = Local { reply: Some(heard), ..Local::default() };
        format!("{} {}", speech.say(&flow.messages.wrong, &local), speech.question(question))
    })
}

fn must_answer(asked: &Asked<'_>) -> String {
    to_anybody(asked, |speech| speech.must_answer(asked.question))
}

/// What is said to somebody of whom nothing is known.
fn to_anybody(asked: &Asked<'_>, say: impl Fn(&Speech<'_>) -> String) -> String {
    let nobody = Contact {
        id: ContactId(0),
        name: String::new(),
        language: None,
        numbers: Vec::new(),
        groups: Default::default(),
        fields: Default::default(),
    };
    let answers = BTreeMap::new();
    let Asked { flow, language, .. } = *asked;
    say(&Speech { flow, contact: &nobody, language, answers: &answers })
}

#[cfg(test)]
mod battery_tests;
#[cfg(test)]
mod kinds_tests;
#[cfg(test)]
mod tests;
