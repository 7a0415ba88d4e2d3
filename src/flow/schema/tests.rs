//! The table against the reader, group by group and word by word.

use super::keys::FLOW;
use super::question_keys::{OTHER_STEPS, QUESTION, TYPES};
use super::{Key, Need, Value as May, json_schema};
use crate::flow::{self, Beside, Problem};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A word that is no key, no choice and near to none.
const STRANGE: &str = "zzzzzzzzzzzz";
/// A schedule needs one of two keys, `every` or `by`, and some go with another one only; no list
/// of keys says that.
const NEEDS_A_PARTNER: [&str; 2] = ["F100", "F105"];
const TABLE: &str = "src/flow/schema/keys.rs or question_keys.rs";

/// A group of settings somewhere in a flow.
struct Group {
    /// What to call it, and which list of the table it is.
    name: String,
    /// Its keys.
    keys: Vec<Key>,
    /// Keys of its neighbours that the reader looks for here as well.
    marks: Vec<&'static str>,
    /// From the outermost list of keys inwards, how to come here.
    way: Vec<(Vec<Key>, Turn)>,
}

#[derive(Clone)]
enum Turn {
    Key(&'static str),
    Named(&'static str),
    Listed(&'static str),
    Step,
}

impl Group {
    /// A whole flow that has these settings here; what is needed and not named is filled in.
    fn flow_with(&self, own: Map<String, Value>) -> String {
        let mut value = Value::Object(filled(own, &self.keys));
        for (keys, turn) in self.way.iter().rev() {
            let (key, inner) = match turn {
                Turn::Key(key) => (*key, value),
                Turn::Named(key) => (*key, json!({"done": value})),
                Turn::Listed(key) => (*key, json!([value])),
                Turn::Step => ("questions", steps_before(value)),
            };
            let own = Map::from_iter([(key.to_owned(), inner)]);
            value = Value::Object(filled(own, keys));
        }
        value.to_string()
    }

    fn problems_with(&self, key: &str, value: Value) -> Vec<Problem> {
        read(&self.flow_with(Map::from_iter([(key.to_owned(), value)])))
    }
}

fn filled(mut own: Map<String, Value>, keys: &[Key]) -> Map<String, Value> {
    for key in keys.iter().filter(|key| key.need == Need::Always) {
        own.entry(key.name.to_owned()).or_insert_with(|| example(key));
    }
    own
}

fn example(key: &Key) -> Value {
    serde_json::from_str(key.example).unwrap_or_else(|_| panic!("{}: {}", key.name, key.example))
}

fn steps_before(step: Value) -> Value {
    json!([
        {"id": "years", "ask": "Years?", "type": "number"},
        {"id": "cadre", "ask": "Job?", "type": "choice",
            "choices": {"nurse": "Nurse", "midwife": "Midwife"}},
        {"id": "county", "ask": "County?", "type": "place", "level": "county",
            "list": "lists/places.csv"},
        step,
    ])
}

fn read(source: &str) -> Vec<Problem> {
    let places = include_str!("../../../flows/lists/places.csv").to_owned();
    let address = "flow: address\ntitle: A\nquestions:\n- {id: street, ask: Street?, type: text}\n";
    let files = [("lists/places.csv", places), ("flows/address.yaml", address.to_owned())];
    let files = files.map(|(name, text)| (name.to_owned(), text));
    let beside = Beside::of(&BTreeMap::from(files)).0;
    flow::read(source, &beside).1
}

/// Every group that the table knows.
fn groups() -> Vec<Group> {
    let mut found = Vec::new();
    collect("FLOW", FLOW, Vec::new(), &mut found);
    let at_steps = || vec![(FLOW.to_vec(), Turn::Step)];
    let marks: Vec<&str> = OTHER_STEPS.iter().map(|other| other.mark).collect();
    for other in OTHER_STEPS {
        let name = format!("OTHER_STEPS (`{}`)", other.mark);
        collect(&name, other.keys, at_steps(), &mut found);
    }
    for kind in TYPES {
        let mut keys = [QUESTION, kind.keys].concat();
        for key in keys.iter_mut().filter(|key| key.name == "type") {
            key.example = Box::leak(json!(kind.word).to_string().into_boxed_str());
        }
        let name = format!("QUESTION, or `{}` of TYPES", kind.word);
        collect(&name, &keys, at_steps(), &mut found);
    }
    for group in &mut found {
        if group.name.starts_with("OTHER") || group.name.starts_with("QUESTION") {
            let own: Vec<&str> = group.keys.iter().map(|key| key.name).collect();
            group.marks = marks.iter().copied().filter(|mark| !own.contains(mark)).collect();
        }
    }
    found
}

fn collect(name: &str, keys: &[Key], way: Vec<(Vec<Key>, Turn)>, found: &mut Vec<Group>) {
    for key in keys {
        let (inner, turn) = match key.value {
            May::Group(inner)
            | May::GroupOr(_, inner)
            | May::GroupOrList(inner)
            | May::NameOrGroup(inner) => (inner, Turn::Key(key.name)),
            May::NamedGroups(inner) => (inner, Turn::Named(key.name)),
            May::ListedGroups(inner) => (inner, Turn::Listed(key.name)),
            _ => continue,
        };
        let way = [way.clone(), vec![(keys.to_vec(), turn)]].concat();
        collect(&format!("the list of `{}:`", key.name), inner, way, found);
    }
    found.push(Group { name: name.to_owned(), keys: keys.to_vec(), marks: Vec::new(), way });
}

/// The words that a problem proposes behind this opening.
fn proposed(problems: &[Problem], code: &str, opening: &str) -> BTreeSet<String> {
    let help = problems.iter().filter(|problem| problem.code == code);
    let help = help.filter_map(|problem| problem.help.as_deref()?.strip_prefix(opening));
    help.flat_map(|list| list.trim_end_matches('.').split(", ").map(str::to_owned)).collect()
}

#[test]
fn the_table_knows_exactly_the_keys_that_the_reader_knows() {
    let mut wrong = Vec::new();
    for group in groups() {
        let problems = group.problems_with(STRANGE, json!("1"));
        let mut read = proposed(&problems, "F012", "What can stand here: ");
        read.retain(|name| !group.marks.contains(&name.as_str()));
        let table: BTreeSet<String> = group.keys.iter().map(|key| key.name.to_owned()).collect();
        for name in read.difference(&table) {
            wrong.push(format!(
                "The reader knows `{name}`: add `key(\"{name}\", …)` to {} in {TABLE}.",
                group.name
            ));
        }
        for name in table.difference(&read) {
            wrong.push(format!(
                "The reader does not know `{name}`: take it away from {} in {TABLE}, or let the \
                 reader take it. {problems:?}",
                group.name
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_knows_exactly_the_words_that_the_reader_knows() {
    let mut wrong = Vec::new();
    for group in groups() {
        for key in &group.keys {
            let problems = group.problems_with(key.name, json!(STRANGE));
            let (read, table) = match key.value {
                May::Words(_) if key.name == "type" => (
                    proposed(&problems, "F025", "The types are: "),
                    TYPES.iter().map(|kind| kind.word.to_owned()).collect(),
                ),
                May::Words(words) | May::ListedWords(words) => (
                    proposed(&problems, "F019", "It can be: "),
                    words.iter().map(|(word, _)| (*word).to_owned()).collect(),
                ),
                _ => (proposed(&problems, "F019", "It can be: "), BTreeSet::new()),
            };
            if read != table {
                wrong.push(format!(
                    "`{}:` takes {read:?}, and {} in {TABLE} says {table:?}.",
                    key.name, group.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_reader_takes_apart_is_a_group_in_the_table() {
    let mut wrong = Vec::new();
    for group in groups() {
        for key in &group.keys {
            let is_group = matches!(key.value, May::Group(_) | May::NamedGroups(_))
                || matches!(key.value, May::ListedGroups(_) | May::Steps)
                || matches!(key.value, May::GroupOr(..) | May::GroupOrList(_))
                || matches!(key.value, May::NameOrGroup(_));
            let problems = group.problems_with(key.name, json!({STRANGE: "1"}));
            let inside = problems
                .iter()
                .any(|problem| problem.code == "F012" && problem.message.contains(STRANGE));
            if inside && !is_group {
                wrong.push(format!(
                    "The reader knows keys under `{}:`: make it `Value::Group(…)` in {} of {TABLE}.",
                    key.name, group.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_example_is_right_to_the_reader_and_to_the_schema() {
    let validator = jsonschema::draft7::new(&json_schema()).expect("the schema is one");
    let mut wrong = Vec::new();
    for group in groups() {
        for key in &group.keys {
            // Only what the group cannot do without, and the key: the example must stand alone.
            let source = group.flow_with(Map::from_iter([(key.name.to_owned(), example(key))]));
            let problems: Vec<_> = read(&source)
                .into_iter()
                .filter(|problem| problem.severity == flow::Severity::Error)
                // `yes` is no answer to a choice.
                .filter(|problem| !(key.name == "right" && problem.code == "F049"))
                .filter(|problem| !NEEDS_A_PARTNER.contains(&problem.code))
                // Alone, it leaves a question that nobody is asked.
                .filter(|problem| !(key.name == "sms" && problem.code == "F084"))
                .collect();
            if !problems.is_empty() {
                wrong.push(format!("{} `{}`: {source} {problems:?}", group.name, key.name));
            }
            let flow: Value = serde_json::from_str(&source).expect("it was made as JSON");
            if let Err(error) = validator.validate(&flow) {
                wrong.push(format!("{} `{}`: {error}", group.name, key.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
