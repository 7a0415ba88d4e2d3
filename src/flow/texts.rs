//! Everything of a flow that a person reads, each text under a key that stays the same while the
//! flow is edited: for translators, and for what `check` says of translations.

use super::find::child;
use super::problem::Place;
use super::tree::{self, Content, Node};
use super::{Flow, Messages, Question, Step, Wording};
use crate::model::{Language, Mode};
use std::collections::{BTreeMap, BTreeSet};

/// A text that people read, in each language that it was written in.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowText {
    /// Where it belongs.
    pub spot: Spot,
    /// The text by language; the words of a choice stand in one text, as [`joined`] makes it.
    pub wording: Wording,
}

/// Where a text belongs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// `questions.consent.ask`
    Ask(String),
    /// `questions.hello.say`
    Say(String),
    /// `questions.cadre.choices.nurse`: all the words of a choice.
    Choice {
        /// The question.
        question: String,
        /// The choice.
        choice: String,
    },
    /// `endings.done.say`
    Ending(String),
    /// `messages.wrong`
    Message(&'static str),
}

impl Spot {
    /// The keys from the top of the file to the text.
    pub fn path(&self) -> Vec<&str> {
        match self {
            Spot::Ask(id) => vec!["questions", id, "ask"],
            Spot::Say(id) => vec!["questions", id, "say"],
            Spot::Choice { question, choice } => vec!["questions", question, "choices", choice],
            Spot::Ending(name) => vec!["endings", name, "say"],
            Spot::Message(name) => vec!["messages", name],
        }
    }

    /// The stable name: `questions.consent.ask`.
    pub fn key(&self) -> String {
        self.path().join(".")
    }

    /// Where it stands in the file's tree.
    pub fn node<'a>(&self, root: &'a Node) -> Option<&'a Node> {
        let mut node = root;
        for (depth, name) in self.path().into_iter().enumerate() {
            node = match &node.content {
                Content::List(items) if depth == 1 => items
                    .iter()
                    .find(|item| child(item, "id").and_then(Node::text) == Some(name))?,
                Content::List(_) | Content::Map(_) | Content::Text(..) => child(node, name)?,
            };
        }
        Some(node)
    }

    /// Where it stands in one language: at the whole where the language has no line of its own.
    pub fn place(&self, root: &Node, language: &Language) -> Place {
        let Some(node) = self.node(root) else { return Place::START };
        in_language(node, language).unwrap_or(node).place
    }
}

/// The value of a language, however its tag is typed.
pub fn in_language<'a>(node: &'a Node, language: &Language) -> Option<&'a Node> {
    let Content::Map(pairs) = &node.content else { return None };
    let is_it = |name: &str| Language::new(name) == *language;
    pairs.iter().find(|(key, _)| is_it(&key.name)).map(|(_, node)| node)
}

/// All texts of a flow: questions with their choices in order, endings, standing texts. What comes
/// from a flow that is taken in belongs to that one.
pub fn texts(flow: &Flow) -> Vec<FlowText> {
    let mut texts = Vec::new();
    for step in flow.steps.iter().filter(|step| !step.is_taken_in()) {
        match step {
            Step::Say(say) => {
                texts.push(FlowText { spot: Spot::Say(say.id.clone()), wording: say.say.clone() })
            }
            Step::Ask(question) => of_question(question, &mut texts),
        }
    }
    for (name, ending) in &flow.endings {
        if let Some(wording) = &ending.say {
            let spot = Spot::Ending(name.clone());
            texts.push(FlowText { spot, wording: wording.clone() });
        }
    }
    let is_called = flow.channels.contains(&Mode::Voice);
    let by_call = flow.messages.by_call.by_name().filter(|_| is_called);
    let standing = flow.messages.by_name().into_iter().chain(by_call);
    texts.extend(
        standing.map(|(name, wording)| FlowText {
            spot: Spot::Message(name),
            wording: wording.clone(),
        }),
    );
    texts
}

fn of_question(question: &Question, texts: &mut Vec<FlowText>) {
    texts.push(FlowText { spot: Spot::Ask(question.id.clone()), wording: question.ask.clone() });
    for choice in question.kind.choices() {
        let spot = Spot::Choice { question: question.id.clone(), choice: choice.id.clone() };
        texts.push(FlowText { spot, wording: one_text(&choice.labels) });
    }
}

fn one_text(labels: &BTreeMap<Language, Vec<String>>) -> Wording {
    let said = labels.iter().filter(|(_, words)| !words.is_empty());
    said.map(|(language, words)| (language.clone(), joined(words))).collect()
}

/// The words of a choice as one text: `Nurse, RN`; with `|` where a word has a comma itself.
pub fn joined(words: &[String]) -> String {
    let sign = if words.iter().any(|word| word.contains([',', ';'])) { " | " } else { ", " };
    words.join(sign)
}

/// The words of a choice out of one text.
pub fn parted(text: &str) -> Vec<String> {
    let signs: &[char] = if text.contains('|') { &['|'] } else { &[',', ';', '\n'] };
    let words = text.split(signs).map(str::trim).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// The names between curly brackets.
pub fn placeholders(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        names.insert(name.trim().to_owned());
        rest = after;
    }
    names
}

/// The file's tree, for places: only of a flow that was read.
pub fn tree_of(source: &str) -> Option<Node> {
    tree::parse(source.strip_prefix('\u{feff}').unwrap_or(source)).ok()
}

impl Messages {
    /// Each standing text with its name in the file.
    pub fn by_name(&self) -> [(&'static str, &Wording); 10] {
        [
            ("wrong", &self.wrong),
            ("must_answer", &self.must_answer),
            ("reminder", &self.reminder),
            ("stopped", &self.stopped),
            ("started", &self.started),
            ("help", &self.help),
            ("confirm", &self.confirm),
            ("fix", &self.fix),
            ("other_waits", &self.other_waits),
            ("too_late", &self.too_late),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{self, Beside};

    #[test]
    fn every_text_has_a_key_and_a_place() {
        let source = "flow: a\nlanguages: [en, fr]\nquestions:\n- id: hello\n  say: Good day.\n\
            - id: job\n  ask: {en: Job?, fr: Poste?}\n  type: choice\n  choices:\n    \
            nurse: {en: [Nurse, RN], fr: Infirmier}\n    other: Other\nendings:\n  \
            done: {say: {en: Bye.}}\n";
        let (flow, root) = (flow::read(source, &Beside::default()).0, tree_of(source));
        let (flow, root) = (flow.expect("it can be used"), root.expect("it can be read"));
        let found: Vec<String> = texts(&flow)
            .iter()
            .map(|text| {
                let fr = Language::new("fr");
                let place = text.spot.place(&root, &fr);
                let said = text.wording.get(&fr).map_or("-", String::as_str);
                format!("{} {}:{} {said}", text.spot.key(), place.line, place.col)
            })
            .collect();
        assert_eq!(
            found[..6],
            [
                "questions.hello.say 5:8 -",
                "questions.job.ask 7:23 Poste?",
                "questions.job.choices.nurse 10:34 Infirmier",
                "questions.job.choices.other 11:12 -",
                "endings.done.say 13:15 -",
                "messages.wrong 1:1 Désolé, pas compris: {reply}.",
            ]
        );
    }

    #[test]
    fn the_words_of_a_choice_go_into_one_text_and_come_out_again() {
        for words in [vec!["Nurse"], vec!["Nurse", "RN"], vec!["One, or two", "Three"]] {
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            assert_eq!(parted(&joined(&words)), words);
        }
        assert_eq!(parted(" Infirmier ; infirmière,, "), ["Infirmier", "infirmière"]);
    }
}
