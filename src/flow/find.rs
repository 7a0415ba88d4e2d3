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

/// The value of a key.
pub(super) fn child<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    let Content::Map(pairs) = &node.content else { return None };
    pairs.iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
}
