//! Texts for a person: their language, placeholders filled, choices numbered.

use crate::flow::{Choice, Flow, Kind, Question, Wording};
use crate::model::{Answer, Contact, Language, Value};
use std::collections::BTreeMap;

/// The longest piece of a person's own words that goes back to them, in characters.
const LONGEST_ECHO: usize = 40;

/// All that a text may speak of.
pub(super) struct Speech<'a> {
    pub flow: &'a Flow,
    pub contact: &'a Contact,
    pub language: &'a Language,
    pub answers: &'a BTreeMap<String, Answer>,
}

/// What only one text knows: `{reply}`, `{proposal}`, `{example}`, `{answers}`.
#[derive(Default)]
pub(super) struct Local<'a> {
    pub reply: Option<&'a str>,
    pub proposal: Option<&'a str>,
    pub example: Option<&'a str>,
    pub answers: Option<&'a str>,
}

impl Speech<'_> {
    /// The question as it is sent: text, then the numbered choices.
    pub(super) fn question(&self, question: &Question) -> String {
        let local = Local { example: question.example.as_deref(), ..Local::default() };
        let mut text = self.say(&question.ask, &local);
        for (number, choice) in question.kind.choices().iter().enumerate() {
            let label = self.label(&choice.labels).unwrap_or(&choice.id);
            text.push_str(&format!(" {} {label}", number + 1));
        }
        text
    }

    /// The question again, for somebody who wanted to skip it and may not.
    pub(super) fn must_answer(&self, question: &Question) -> String {
        let sorry = self.say(&self.flow.messages.must_answer, &Local::default());
        format!("{sorry} {}", self.question(question))
    }

    /// A wording in the person's language, placeholders filled.
    pub(super) fn say(&self, wording: &Wording, local: &Local<'_>) -> String {
        let text = pick(wording, self.language, &self.flow.languages);
        let mut filled = String::with_capacity(text.len() + 20);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                filled.push('{');
                rest = after;
                continue;
            };
            filled.push_str(&self.fill(name.trim(), local));
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    pub(super) fn fill(&self, name: &str, local: &Local<'_>) -> String {
        match name {
            "contact.name" => tame(&self.contact.name),
            "contact.first_name" => tame(self.contact.first_name()),
            "reply" => tame(local.reply.unwrap_or_default()),
            "proposal" => tame(local.proposal.unwrap_or_default()),
            "score" => self.flow.score(self.answers).0.to_string(),
            "score.of" => self.flow.score(self.answers).1.to_string(),
            "answers" => local.answers.unwrap_or_default().to_owned(),
            "example" => local.example.unwrap_or_default().to_owned(),
            other => match other.strip_prefix("contact.") {
                Some(field) => self.contact.fields.get(field).map(|v| tame(&v.to_text())),
                None => self.answer(other),
            }
            .unwrap_or_default(),
        }
    }

    fn answer(&self, id: &str) -> Option<String> {
        let value = self.answers.get(id)?.value.as_ref()?;
        Some(tame(&self.shown(id, value)))
    }

    /// A value as people read it: a choice's label, a place's name, 03/05/1979.
    pub(super) fn shown(&self, id: &str, value: &Value) -> String {
        let kind = self.flow.question(id).map(|question| &question.kind);
        match (value, kind) {
            (Value::Choice(choice), Some(kind)) => self.called(choice, kind.choices()).to_owned(),
            (Value::Choices(chosen), Some(kind)) => {
                let labels: Vec<&str> =
                    chosen.iter().map(|choice| self.called(choice, kind.choices())).collect();
                labels.join(", ")
            }
            (Value::Place(place), Some(Kind::Place(rule))) => {
                rule.list.find(&place.code).map_or(&place.name, |row| &row.place.name).clone()
            }
            (Value::Date(date), _) => date.strftime("%d/%m/%Y").to_string(),
            (Value::YesNo(yes), _) if self.language.base().as_str() == "fr" => {
                if *yes { "oui" } else { "non" }.to_owned()
            }
            (Value::Recording(_), _) if self.language.base().as_str() == "fr" => {
                "votre enregistrement".to_owned()
            }
            (Value::Recording(_), _) => "your recording".to_owned(),
            (other, _) => other.to_text(),
        }
    }

    /// What a choice is called in the person's language.
    fn called<'a>(&self, id: &'a str, choices: &'a [Choice]) -> &'a str {
        let choice = choices.iter().find(|known| known.id == id);
        choice.and_then(|known| self.label(&known.labels)).unwrap_or(id)
    }

    pub(super) fn label<'a>(&self, labels: &'a BTreeMap<Language, Vec<String>>) -> Option<&'a str> {
        ways(self.language, &self.flow.languages)
            .find_map(|language| labels.get(&language).and_then(|words| words.first()))
            .map(String::as_str)
    }
}

/// The text in the person's language, else in its base, else in the flow's first.
pub(super) fn pick<'a>(wording: &'a Wording, language: &Language, all: &[Language]) -> &'a str {
    picked(wording, language, all).map_or("", |(_, text)| text)
}

/// The same text, and the language that it is written in.
pub(super) fn picked<'a>(
    wording: &'a Wording,
    language: &Language,
    all: &[Language],
) -> Option<(Language, &'a str)> {
    ways(language, all).find_map(|language| {
        let text = wording.get(&language)?.as_str();
        Some((language, text))
    })
}

/// A standing text of a flow without placeholders of a run: after STOP, START and HELP.
pub fn standing_text(flow: &Flow, wording: &Wording, language: &Language) -> String {
    pick(wording, language, &flow.languages).to_owned()
}

fn ways(language: &Language, all: &[Language]) -> impl Iterator<Item = Language> {
    [language.clone(), language.base()].into_iter().chain(all.first().cloned())
}

/// A person's own words, safe to send on: one line, no control characters, not too long.
fn tame(text: &str) -> String {
    let line: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_ECHO).collect();
    line.trim().to_owned()
}
