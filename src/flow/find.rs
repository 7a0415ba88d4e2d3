//! Finds the place of a text again: for what is found out after reading.

use super::problem::Place;
use super::take_in;
use super::tree::{self, Content, Node};
use crate::model::Language;

/// Where the text of a step stands in one language: its first line. The beginning of the file
/// where it cannot be found.
pub fn text_place(source: &str, step: &str, key: &str, language: &Language) -> Place {
    let find = || {
        let root = tree::parse(source).ok()?;
        let Content::List(steps) = &child(&root, "questions")?.content else { return None };
        let id = take_in::written_as(step);
        let is_it = |item: &&Node| child(item, "id").and_then(Node::text) == Some(id);
        let step = steps.iter().find(is_it)?;
        let Some(text) = child(step, key) else { return Some(child(step, "flow")?.place) };
        Some(child(text, language.as_str()).unwrap_or(text).place)
    };
    find().unwrap_or(Place::START)
}

/// Where a word stands in one of a flow's schedules; the beginning of the schedules where it
/// cannot be found, of the file where there are none.
pub fn schedule_place(source: &str, position: usize, word: &str) -> Place {
    let find = || {
        let root = tree::parse(source).ok()?;
        let all = child(&root, "schedule")?;
        let one = match &all.content {
            Content::List(items) => items.get(position)?,
            Content::Text(..) | Content::Map(_) => all,
        };
        Some(word_place(one, word).unwrap_or(one.place))
    };
    find().unwrap_or(Place::START)
}

/// The first key or text below a node that is this word.
fn word_place(node: &Node, word: &str) -> Option<Place> {
    match &node.content {
        Content::Text(text, _) => (text == word).then_some(node.place),
        Content::List(items) => items.iter().find_map(|item| word_place(item, word)),
        Content::Map(pairs) => pairs.iter().find_map(|(key, value)| {
            let of_key = (key.name == word).then_some(key.place);
            of_key.or_else(|| word_place(value, word))
        }),
    }
}

/// The value of a key.
pub(super) fn child<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    let Content::Map(pairs) = &node.content else { return None };
    pairs.iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
}
