//! `for:` of a schedule: whom a flow starts for, and who is left out.

use super::fields::{self, Fields, Problems, text_of, texts};
use super::problem::{Problem, nearest};
use super::read::one_of;
use super::tree::{Content, Key, Node};
use crate::model::{Audience, WhoIsInAFlow};

const WRITE_FOR: &str = "Write `for: everybody`, or `for: {groups: [Officers in charge]}`.";

/// Reads `everybody`, or the groups and values that narrow it.
pub(super) fn who(node: &Node, problems: &mut Problems) -> Option<Audience> {
    if let Some(text) = node.text() {
        if text == "everybody" {
            return Some(Audience::default());
        }
        let problem = Problem::error("F105", node.place, format!("`{text}` says not for whom."));
        problems.add(match nearest(text, ["everybody"]) {
            Some(near) => problem.help(format!("Did you mean `{near}`?")),
            None => problem.help(WRITE_FOR),
        });
        return None;
    }
    let mut fields = Fields::of(node, "`for`", problems)?;
    let mut list = |name, problems: &mut Problems| -> Vec<String> {
        let node = fields.take(name);
        let Some(node) = node else { return Vec::new() };
        let words = texts(node, name, problems);
        if words.is_empty() {
            let problem = Problem::error("F105", node.place, format!("`{name}` names nothing."));
            problems.add(problem.help("Name what is meant, or take this line away."));
        }
        words.into_iter().map(str::to_owned).collect()
    };
    let groups = list("groups", problems);
    let not_groups = list("not_groups", problems);
    let not_started = list("not_started", problems);
    let mut time = |name, problems: &mut Problems| {
        let node = fields.take(name)?;
        fields::duration(node, name, problems).map(|time| time.as_secs())
    };
    let started_within = time("within", problems);
    let silent_for = time("silent_for", problems);
    let heard_within = time("heard_within", problems);
    let mut pairs = |name, problems: &mut Problems| {
        fields.take(name).map(|node| values(node, name, problems)).unwrap_or_default()
    };
    let with = pairs("with", problems);
    let not_fields = pairs("not_with", problems);
    let choices = [("yes", WhoIsInAFlow::LeftOut), ("no", WhoIsInAFlow::Taken)];
    let in_a_flow = fields
        .take("not_in_a_flow")
        .and_then(|node| one_of(node, "not_in_a_flow", &choices, problems));
    let meant = fields.is_taken();
    fields.finish(problems);
    let who = Audience {
        groups,
        fields: with,
        numbers: Vec::new(),
        not_groups,
        not_fields,
        not_started,
        started_within,
        silent_for,
        heard_within,
        in_a_flow: in_a_flow.unwrap_or_default(),
    };
    if names_nothing(node) {
        return None;
    }
    if who == Audience::default() && meant {
        problems.add(Problem::error("F105", node.place, "This says not for whom.").help(WRITE_FOR));
        return None;
    }
    if who.started_within.is_some() && who.not_started.is_empty() {
        let message = "`within` goes with `not_started`, which is not here.";
        let problem = Problem::error("F105", node.place, message);
        problems.add(problem.help("Write `not_started: [the-flow]` beside it."));
    }
    Some(who)
}

/// Whether a list in it is empty, which is said already.
fn names_nothing(node: &Node) -> bool {
    let is_empty = |node: &Node| matches!(&node.content, Content::List(items) if items.is_empty());
    matches!(&node.content, Content::Map(pairs) if pairs.iter().any(|(_, node)| is_empty(node)))
}

/// `{county: Bomi}`.
fn values(node: &Node, name: &str, problems: &mut Problems) -> Vec<(String, String)> {
    let Content::Map(pairs) = &node.content else {
        let message = format!("`{name}` must be like {{county: Bomi}}.");
        problems.add(Problem::error("F010", node.place, message));
        return Vec::new();
    };
    let pair = |(key, value): &(Key, Node)| {
        let text = text_of(value, &key.name, problems)?;
        Some((key.name.clone(), text.to_owned()))
    };
    pairs.iter().filter_map(pair).collect()
}
