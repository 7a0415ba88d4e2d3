//! How long a flow's texts are when they are sent, with the longest plausible words in the place
//! of placeholders: what `check` warns of.

use super::wording::{Local, Speech};
use crate::flow::texts::Spot;
use crate::flow::{ByCall, Choice, Flow, Kind, Question, Step, Wording, plain};
use crate::model::{Answer, Contact, ContactId, How, Language, Place, Value};
use rollcall_drivers::pdu::{SegmentCount, count_segments, forces_ucs2};
use std::collections::BTreeMap;

/// A name as long as a name may be, and the longest plausible other values.
const LONG_NAME: &str = "Wilhelmina Freeman Tolbert";
const LONG_WORDS: &str = "Gbarnga Central Office";

/// A text of a flow as it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct SentText {
    /// The step that says it.
    pub step: String,
    /// The key it stands under: `ask` or `say`.
    pub key: &'static str,
    /// The language.
    pub language: Language,
    /// The text, placeholders filled and choices added.
    pub text: String,
}

impl SentText {
    /// What it takes to send it.
    pub fn cost(&self) -> SegmentCount {
        count_segments(&self.text)
    }

    /// The letters that more than halve what a message carries, and what can be written instead.
    pub fn dear_letters(&self) -> Vec<(char, Option<&'static str>)> {
        forces_ucs2(&self.text).into_iter().map(|letter| (letter, instead_of(letter))).collect()
    }
}

/// Every text of the steps in every language that has it, in the flow's order.
pub fn sent_texts(flow: &Flow) -> Vec<SentText> {
    let contact = long_contact(flow);
    let answers = long_answers(flow);
    let mut texts = Vec::new();
    for language in &flow.languages {
        let speech = Speech { flow, contact: &contact, language, answers: &answers };
        for step in &flow.steps {
            let (key, wording, text) = match step {
                Step::Say(say) => ("say", &say.say, speech.say(&say.say, &Local::default())),
                Step::Ask(question) => ("ask", &question.ask, speech.question(question)),
            };
            if wording.contains_key(language) {
                let (step, language) = (step.id().to_owned(), language.clone());
                texts.push(SentText { step, key, language, text });
            }
        }
    }
    texts
}

/// A text as it is sent in the place of the one that stands there, with the longest plausible
/// words. `None`: it is no message of its own.
pub fn sent_as(flow: &Flow, spot: &Spot, language: &Language, text: &str) -> Option<String> {
    let (contact, answers) = (long_contact(flow), long_answers(flow));
    let speech = Speech { flow, contact: &contact, language, answers: &answers };
    let wording = Wording::from([(language.clone(), text.to_owned())]);
    match spot {
        Spot::Ask(id) => {
            let question = flow.question(id)?;
            Some(speech.question(&Question { ask: wording, ..question.clone() }))
        }
        Spot::Choice { .. } => None,
        Spot::Message(name) if ByCall::named(name).is_some() => None,
        Spot::Say(_) | Spot::Ending(_) | Spot::Message(_) => {
            let long = Some(LONG_WORDS);
            let local = Local { reply: long, proposal: long, example: long, answers: long };
            Some(speech.say(&wording, &local))
        }
    }
}

/// The letter of the GSM alphabet that looks most like it.
pub fn instead_of(letter: char) -> Option<&'static str> {
    Some(match letter {
        '’' | '‘' | '`' | '´' => "'",
        '“' | '”' | '«' | '»' | '„' => "\"",
        '–' | '—' | '−' => "-",
        '…' => "...",
        '\u{a0}' | '\u{202f}' => " ",
        'œ' => "oe",
        'Œ' => "OE",
        'ç' => "Ç",
        'á' | 'â' | 'ã' => "a",
        'Á' | 'À' | 'Â' => "A",
        'ê' | 'ë' => "e",
        'È' | 'Ê' | 'Ë' => "E",
        'í' | 'î' | 'ï' => "i",
        'Í' | 'Î' | 'Ï' => "I",
        'ó' | 'ô' => "o",
        'Ó' | 'Ô' => "O",
        'ú' | 'û' => "u",
        'Ú' | 'Û' | 'Ù' => "U",
        '•' | '·' => "-",
        _ => return None,
    })
}

fn long_contact(flow: &Flow) -> Contact {
    let saved = flow.questions().filter_map(|question| question.save_to.clone());
    Contact {
        fields: saved.map(|field| (field, Value::Text(LONG_WORDS.to_owned()))).collect(),
        ..Contact::named(ContactId(0), LONG_NAME)
    }
}

pub(super) fn long_answers(flow: &Flow) -> BTreeMap<String, Answer> {
    let answer = |question: &Question| {
        let (id, value) = (question.id.clone(), Some(long_value(&question.kind)));
        let answer = Answer { question: id.clone(), value, heard: String::new(), how: How::Exact };
        (id, answer)
    };
    flow.questions().map(answer).collect()
}

fn long_value(kind: &Kind) -> Value {
    let longest = |choices: &[Choice]| {
        let length = |choice: &&Choice| choice.labels.values().flatten().map(String::len).max();
        choices.iter().max_by_key(length).map(|choice| choice.id.clone()).unwrap_or_default()
    };
    match kind {
        Kind::YesNo => Value::YesNo(true),
        Kind::Choice(choices) => Value::Choice(longest(choices)),
        Kind::Choices(choices) => Value::Choices(vec![longest(choices)]),
        Kind::Number(_) => Value::Number(9_999.0),
        Kind::Date(_) => Value::Date(jiff::civil::date(2000, 12, 31)),
        Kind::Time(_) => Value::Time(jiff::civil::time(12, 30, 0, 0)),
        Kind::Phone => Value::Text("+231770000000".to_owned()),
        Kind::Code { shape } => Value::Code(shape.clone().unwrap_or_else(|| "0123456789".into())),
        Kind::Place(rule) => {
            let rows = rule.list.rows.iter().filter(|row| row.level == rule.level);
            let name = rows.map(|row| &row.place.name).max_by_key(|name| plain(name).len());
            let name = name.cloned().unwrap_or_default();
            Value::Place(Place { code: String::new(), name })
        }
        Kind::Text { .. } | Kind::Audio { .. } => Value::Text(LONG_WORDS.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow;

    #[test]
    fn placeholders_are_as_long_as_they_may_be_and_dear_letters_have_a_cheap_one() {
        let source = "flow: a\ntitle: A\nlanguages: [en, fr]\nquestions:\n\
            - id: name\n  ask: {en: \"Are you {contact.name}?\", fr: \"Êtes-vous l’agent…?\"}\n  type: yes_no\n";
        let flow = flow::read(source, &flow::Beside::default()).0.expect("the flow is right");
        let texts = sent_texts(&flow);
        assert_eq!(texts[0].text, "Are you Wilhelmina Freeman Tolbert?");
        assert_eq!(texts[0].dear_letters(), []);
        let dear = [('Ê', Some("E")), ('’', Some("'")), ('…', Some("..."))];
        assert_eq!(texts[1].dear_letters(), dear);
    }

    #[test]
    fn what_is_written_instead_is_cheap() {
        for letter in "’‘`´“”«»–—…œŒçáâêëîïôûÀÂÈÊ•".chars() {
            let cheap = instead_of(letter).expect("it has one");
            assert!(forces_ucs2(cheap).is_empty(), "{letter} {cheap}");
        }
    }
}
