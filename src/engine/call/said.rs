//! What is said, as pieces: the recordings that there may be, and words in their place.
//!
//! Whether a recording is there is known to the door alone. A text with something to fill in is
//! one recording without it, or else its parts, with what is filled in said between them.

use crate::engine::wording::{Local, Speech, picked};
use crate::flow::{ByCall, Choice, Kind, Question, Recordings, Voice, Wording};
use crate::model::{Language, Piece, Value};

/// A part of a text: words that stand there, or something to fill in.
enum Part<'a> {
    Words(&'a str),
    Filled(&'a str),
}

impl Speech<'_> {
    /// A question, and how it is answered.
    pub(in crate::engine) fn question_by_call(&self, question: &Question) -> Vec<Piece> {
        let local = Local { example: question.example.as_deref(), ..Local::default() };
        let mut pieces = self.text(&question.ask, question.voice.recordings(), &local);
        match &question.voice {
            Voice::Record { .. } => pieces.extend(self.standing(ByCall::Speak, None)),
            Voice::Skip => {}
            Voice::Prompted { .. } => {
                pieces.extend(self.how_to_answer(&question.kind));
                if question.may_refuse {
                    pieces.extend(self.standing(ByCall::PressToSkip, None));
                }
            }
        }
        pieces
    }

    fn how_to_answer(&self, kind: &Kind) -> Vec<Piece> {
        let say = |texts: &[ByCall]| {
            texts.iter().flat_map(|text| self.standing(*text, None)).collect::<Vec<_>>()
        };
        match kind {
            Kind::YesNo => say(&[ByCall::PressYes, ByCall::PressNo]),
            Kind::Choice(choices) => self.choices(choices),
            Kind::Choices(choices) => {
                [self.choices(choices), say(&[ByCall::PressSeveral])].concat()
            }
            Kind::Number(rule) if rule.whole => say(&[ByCall::KeyNumber]),
            Kind::Number(_) => say(&[ByCall::KeyNumber, ByCall::KeyPoint]),
            Kind::Date(_) => say(&[ByCall::KeyDate]),
            Kind::Time(_) => say(&[ByCall::KeyTime]),
            Kind::Phone => say(&[ByCall::KeyPhone]),
            Kind::Code { .. } | Kind::Place(_) => say(&[ByCall::KeyCode]),
            Kind::Text { .. } | Kind::Audio { .. } => Vec::new(),
        }
    }

    /// "For nurse, press 1. For midwife, press 2."
    fn choices(&self, choices: &[Choice]) -> Vec<Piece> {
        let one = |(key, choice): (usize, &Choice)| {
            let before = self.standing(ByCall::PressFor, None);
            let after = self.standing(ByCall::Press, Some(key));
            [before, vec![self.choice(choice)], after].concat()
        };
        (1..=Kind::MOST_KEYED_CHOICES).zip(choices).flat_map(one).collect()
    }

    fn choice(&self, choice: &Choice) -> Piece {
        let label = self.label(&choice.labels).unwrap_or(&choice.id).to_owned();
        self.recorded(Some(&choice.recordings), self.language, vec![self.words(label)])
    }

    /// The languages, each in its own words.
    pub(in crate::engine) fn languages(&self) -> Vec<Piece> {
        let offered = (1..=Kind::MOST_KEYED_CHOICES).zip(&self.flow.languages);
        offered
            .flat_map(|(key, language)| {
                Speech { language, ..*self }.standing(ByCall::InLanguage, Some(key))
            })
            .collect()
    }

    /// "You keyed 7. If that is right, press 1."
    pub(in crate::engine) fn read_back(&self, question: &Question, value: &Value) -> Vec<Piece> {
        let before = self.standing(ByCall::YouKeyed, None);
        let after = self.standing(ByCall::IfRight, None);
        [before, self.value(&question.id, value), after].concat()
    }

    /// Something that is only said.
    pub(in crate::engine) fn played(&self, wording: &Wording, voice: &Voice) -> Vec<Piece> {
        match voice.recordings() {
            Some(recordings) => self.text(wording, Some(recordings), &Local::default()),
            None => Vec::new(),
        }
    }

    /// A standing text; nothing where the flow leaves it empty.
    pub(in crate::engine) fn standing(&self, text: ByCall, key: Option<usize>) -> Vec<Piece> {
        match self.flow.standing_piece(text, key) {
            Some(one) => self.text(&one.words, Some(&one.recordings), &Local::default()),
            None => Vec::new(),
        }
    }

    /// A text of the flow: its recording, or else its parts.
    fn text(
        &self,
        wording: &Wording,
        recordings: Option<&Recordings>,
        local: &Local<'_>,
    ) -> Vec<Piece> {
        let Some((written_in, text)) = picked(wording, self.language, &self.flow.languages) else {
            return Vec::new();
        };
        let parts = parts(text);
        let is_filled = parts.iter().any(|part| matches!(part, Part::Filled(_)));
        let (mut otherwise, mut number) = (Vec::new(), 0);
        for part in parts {
            match part {
                Part::Words(words) => {
                    let Some(text) = spoken(words) else { continue };
                    let words = Piece::Words { language: written_in.clone(), text };
                    number += 1;
                    let part = recordings.map(|ones| ones.part(number));
                    otherwise.push(match &part {
                        Some(part) if is_filled => {
                            self.recorded(Some(part), &written_in, vec![words])
                        }
                        Some(_) | None => words,
                    });
                }
                Part::Filled(name) => otherwise.extend(self.filled(name, local)),
            }
        }
        if otherwise.is_empty() {
            return Vec::new();
        }
        vec![self.recorded(recordings, &written_in, otherwise)]
    }

    /// What stands in the place of `{name}`: an answer as it is spoken, other things as they are
    /// written.
    fn filled(&self, name: &str, local: &Local<'_>) -> Vec<Piece> {
        let answer = self.answers.get(name).and_then(|answer| answer.value.as_ref());
        if let Some(value) = answer {
            return self.value(name, value);
        }
        let (right, of) = self.flow.score(self.answers);
        match name {
            "score" => self.number(right),
            "score.of" => self.number(of),
            _ => spoken(&self.fill(name, local)).map(|text| self.words(text)).into_iter().collect(),
        }
    }

    fn number(&self, number: usize) -> Vec<Piece> {
        self.value("", &Value::Code(number.to_string()))
    }

    /// A value as it is spoken.
    fn value(&self, question: &str, value: &Value) -> Vec<Piece> {
        let kind = self.flow.question(question).map(|question| &question.kind);
        let choices = kind.map_or(&[][..], Kind::choices);
        let named = |id: &String| choices.iter().find(|choice| choice.id == *id);
        match value {
            Value::Choice(id) if named(id).is_some() => {
                named(id).map(|choice| self.choice(choice)).into_iter().collect()
            }
            Value::Choices(ids) => {
                ids.iter().filter_map(named).map(|choice| self.choice(choice)).collect()
            }
            Value::Text(_)
            | Value::YesNo(_)
            | Value::Number(_)
            | Value::Choice(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Phone(_)
            | Value::Code(_)
            | Value::Place(_)
            | Value::Recording(_) => {
                let text = spoken(&self.shown(question, value));
                let words: Vec<Piece> = text.map(|text| self.words(text)).into_iter().collect();
                match crate::engine::spoken::paths(value, self.language) {
                    Some(recordings) => vec![Piece::AllOf { recordings, otherwise: words }],
                    None => words,
                }
            }
        }
    }

    fn words(&self, text: String) -> Piece {
        Piece::Words { language: self.language.clone(), text }
    }

    /// The recordings in the person's language, in the one it comes from, and in the one that the
    /// words are written in, or else these pieces.
    fn recorded(
        &self,
        recordings: Option<&Recordings>,
        written_in: &Language,
        otherwise: Vec<Piece>,
    ) -> Piece {
        let base = self.language.base();
        let mut languages = vec![self.language];
        let more = [&base, written_in];
        languages.extend(more.into_iter().filter(|one| self.flow.languages.contains(one)));
        languages.dedup();
        let paths = |ones: &Recordings| -> Vec<String> {
            languages.iter().map(|language| ones.path(language)).collect()
        };
        let mut paths = recordings.map(paths).unwrap_or_default();
        let mut known = std::collections::BTreeSet::new();
        paths.retain(|path| known.insert(path.clone()));
        Piece::FirstOf { recordings: paths, otherwise }
    }
}

/// A text in its parts.
fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        parts.push(Part::Words(before));
        parts.push(Part::Filled(name.trim()));
        rest = after;
    }
    parts.push(Part::Words(rest));
    parts
}

/// Words as they are spoken: without the signs that end what stands before them; `None` where
/// nothing is left to say.
fn spoken(words: &str) -> Option<String> {
    let words = words.trim().trim_start_matches(['.', ',', ';', ':', '!', '?', ' ']);
    words.chars().any(char::is_alphanumeric).then(|| words.to_owned())
}
