//! The manual of the flow language is true: each example in it is read and proved, each code that
//! the program can say is explained, and its tables of keys are those of the program.
//!
//! An example that begins with `flow:` is a whole flow. One that begins with `- id:` is some of a
//! flow's steps, one that begins with `office:` is an office's settings, and anything else is some
//! lines of a flow's top; what is missing around it is put there.

use jiff::civil::date;
use rollcall::config;
use rollcall::engine::{self, Today};
use rollcall::flow::tree::{self, Content, Node};
use rollcall::flow::{self, Beside, Problem, Severity};
use rollcall::model::Region;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const MANUAL: &str = include_str!("../../docs/flow-language.md");
const HEAD: &str = "flow: shown\ntitle: Shown\nlanguages: [en, fr, en-LR]\n";
const A_QUESTION: &str =
    "questions:\n- id: ready\n  ask: \"Are you ready? Yes or no\"\n  type: yes_no\n";
/// What a flow's top can begin with, in an example that is only some lines of it.
const TOPS: [&str; 6] =
    ["endings:", "messages:", "rules:", "schedule:", "start_words:", "starts_on_anything:"];

/// The examples and the lines of the manual at which they begin.
fn examples() -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(begin) = MANUAL[from..].find("```yaml\n").map(|at| from + at + 8) {
        let end = begin + MANUAL[begin..].find("```").expect("an example ends");
        found.push((MANUAL[..begin].lines().count() + 1, &MANUAL[begin..end]));
        from = end + 3;
    }
    found
}

fn is_whole(example: &str) -> bool {
    example.starts_with("flow: ")
}

/// What the examples name: the flows of the manual itself, and what every office begins with.
fn beside() -> Beside {
    let shipped = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../flows");
    let places = std::fs::read_to_string(shipped.join("lists/places.csv")).expect("a list");
    let mut files = BTreeMap::from([("lists/places.csv".to_owned(), places)]);
    for (_, example) in examples().into_iter().filter(|(_, example)| is_whole(example)) {
        let id = example.lines().next().unwrap_or_default().trim_start_matches("flow: ");
        let before = files.insert(format!("flows/{id}.yaml"), example.to_owned());
        assert_eq!(before, None, "two flows of the manual are called {id}");
    }
    let (mut beside, problems) = Beside::of(&files);
    assert_eq!(problems, []);
    let name = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    let offices = std::fs::read_dir(shipped).expect("a folder").flatten();
    let offices = offices.filter_map(|entry| name(entry.path()));
    beside.known_flows = Some(offices.chain(beside.flows.keys().cloned()).collect());
    beside
}

/// The flow that an example is, or is a part of.
fn around(example: &str) -> Option<String> {
    if is_whole(example) {
        Some(example.to_owned())
    } else if example.starts_with("- id: ") {
        Some(format!("{HEAD}questions:\n{example}"))
    } else if TOPS.iter().any(|word| example.starts_with(word)) {
        Some(format!("{HEAD}{A_QUESTION}{example}"))
    } else {
        None
    }
}

/// What is wrong with an example. A part may leave out what a whole flow needs to be good.
fn wrong_with(example: &str, beside: &Beside) -> Vec<String> {
    if example.starts_with("office:") {
        let problems = config::read(example).err().unwrap_or_default();
        return problems.iter().map(|problem| problem.show("manual", example)).collect();
    }
    let Some(source) = around(example) else {
        return vec![format!("begins with nothing that a test knows:\n{example}")];
    };
    let (flow, problems) = flow::read(&source, beside);
    let counts = |problem: &&Problem| is_whole(example) || problem.severity == Severity::Error;
    let mut wrong: Vec<String> =
        problems.iter().filter(counts).map(|problem| problem.show("manual", &source)).collect();
    let region = Region::new("LR").expect("LR is a country");
    let today = Today { date: date(2026, 11, 24), region };
    for failure in flow.iter().flat_map(|flow| engine::prove(flow, today)) {
        wrong.push(format!("`{}` does not hold: {}.", failure.name, failure.why));
    }
    wrong
}

#[test]
fn every_example_of_the_manual_is_read_and_proved() {
    let (examples, beside) = (examples(), beside());
    // The lesson's own test follows what is typed in it; there is no block of a third kind.
    let typed = MANUAL.matches("```console\n").count();
    assert_eq!(2 * (examples.len() + typed), MANUAL.matches("```").count());
    let wrong: Vec<String> = examples
        .iter()
        .flat_map(|(line, example)| {
            wrong_with(example, &beside).into_iter().map(move |why| format!("line {line}: {why}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_concept_of_the_manual_has_an_example_or_a_table() {
    let sections = MANUAL.split("\n## ").skip(1);
    let bare: Vec<&str> = sections
        .filter(|section| !section.contains("```yaml\n") && !section.contains("\n|---"))
        .filter_map(|section| section.lines().next())
        .collect();
    // It tells what happens; nothing is written for it.
    assert_eq!(bare, ["Versions"]);
}

#[test]
fn nothing_of_the_manual_stands_twice() {
    let mut seen = BTreeSet::new();
    let long = MANUAL.lines().filter(|line| line.len() > 60 || line.starts_with('#'));
    let twice: Vec<&str> = long.filter(|line| !seen.insert(*line)).collect();
    assert_eq!(twice, Vec::<&str>::new());
}

#[test]
fn whoever_looks_for_a_place_in_the_manual_finds_it() {
    let plain = |heading: &str| {
        let kept = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>()
    };
    let headings: BTreeSet<String> =
        MANUAL.lines().filter(|line| line.starts_with('#')).map(plain).collect();
    let links = MANUAL.split("](#").skip(1).filter_map(|rest| rest.split(')').next());
    let lost: Vec<&str> = links.filter(|link| !headings.contains(*link)).collect();
    assert_eq!(lost, Vec::<&str>::new());
}

/// The codes that stand in the sources: `F012` in quotes.
fn codes_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            codes_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(path).expect("a source file");
            let quoted = source.split('"').filter(|word| {
                word.len() == 4
                    && word.starts_with('F')
                    && word[1..].chars().all(|c| c.is_ascii_digit())
            });
            found.extend(quoted.map(str::to_owned));
        }
    }
}

#[test]
fn every_code_has_its_cause_and_its_cure_in_order() {
    let mut known = BTreeSet::new();
    codes_below(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../src"), &mut known);
    let rows: Vec<Vec<&str>> = MANUAL
        .lines()
        .filter(|line| line.starts_with("| F0") || line.starts_with("| F1"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let explained: Vec<String> = rows.iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(explained, known.into_iter().collect::<Vec<_>>());
    for row in rows {
        assert!(row.len() == 3 && row.iter().all(|cell| !cell.is_empty()), "{row:?}");
    }
}

/// Where the schema has what a table of the manual is about.
const TABLES: [(&str, &str); 12] = [
    ("At the top of a file", ""),
    ("A step", "/properties/questions/items"),
    ("`rules:`", "/properties/rules"),
    ("`wrong_answer:`", "/properties/rules/properties/wrong_answer"),
    ("`no_answer:`", "/properties/rules/properties/no_answer"),
    ("`rules: voice:`", "/properties/rules/properties/voice"),
    ("`messages:`", "/properties/messages"),
    ("An ending", "/properties/endings/additionalProperties"),
    ("`start_flow:`", "/properties/endings/additionalProperties/properties/start_flow/anyOf/1"),
    ("`schedule:`", "/properties/schedule/anyOf/0"),
    ("`schedule: for:`", "/properties/schedule/anyOf/0/properties/for/anyOf/1"),
    ("A test", "/properties/tests/items"),
];

#[test]
fn the_tables_of_keys_are_those_of_the_program() {
    let schema = flow::json_schema();
    for (heading, pointer) in TABLES {
        let group = schema.pointer(pointer).and_then(|group| group["properties"].as_object());
        let known: BTreeSet<&str> = group.expect(heading).keys().map(String::as_str).collect();
        let section = MANUAL.split("\n### ").find_map(|part| part.strip_prefix(heading));
        let section = section.unwrap_or_default().split("\n## ").next().unwrap_or_default();
        let key = |line: &'static str| line.strip_prefix("| `")?.split('`').next();
        let told: BTreeSet<&str> = section.lines().filter_map(key).collect();
        assert_eq!(told, known, "{heading}");
    }
}

/// A value as it is written: whatever an editor takes it for, it is a text.
fn as_text(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(as_text).collect(),
        Value::Object(pairs) => {
            Value::Object(pairs.iter().map(|(key, value)| (key.clone(), as_text(value))).collect())
        }
        Value::String(text) => text.as_str().into(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string().into(),
    }
}

fn as_read(node: &Node) -> Value {
    match &node.content {
        Content::Text(text, _) => text.as_str().into(),
        Content::List(items) => items.iter().map(as_read).collect(),
        Content::Map(pairs) => Value::Object(
            pairs.iter().map(|(key, node)| (key.name.clone(), as_read(node))).collect(),
        ),
    }
}

/// What the schema shows for a key, wherever in the group it is told.
fn shown<'a>(group: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    match group {
        Value::Object(inner) => {
            let key_here = inner.get("properties").and_then(|keys| keys.get(key));
            found.extend(key_here.and_then(|key| key["examples"].get(0)));
            inner
                .iter()
                .filter(|(name, _)| *name != "properties")
                .for_each(|(_, inner)| shown(inner, key, found));
        }
        Value::Array(inner) => inner.iter().for_each(|inner| shown(inner, key, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The schema's own examples are given to the reader, key by key, by its tests.
#[test]
fn the_examples_beside_the_keys_are_those_of_the_program() {
    let schema = flow::json_schema();
    let mut wrong = Vec::new();
    for (heading, pointer) in TABLES {
        let group = schema.pointer(pointer).expect(heading);
        let section = MANUAL.split("\n### ").find_map(|part| part.strip_prefix(heading));
        let section = section.unwrap_or_default().split("\n## ").next().unwrap_or_default();
        for row in section.lines().filter(|line| line.starts_with("| `")) {
            let cell = row.rsplit(" | ").next().unwrap_or_default();
            let cell = cell.trim_matches(['|', ' ', '`']);
            let read = tree::parse(cell).map(|node| as_read(&node)).unwrap_or_default();
            let pair = read.as_object().and_then(|pairs| pairs.iter().next());
            let Some((key, value)) = pair else {
                wrong.push(format!("{heading}: no example in {row}"));
                continue;
            };
            let mut examples = Vec::new();
            shown(group, key, &mut examples);
            if !examples.iter().any(|example| as_text(example) == *value) {
                wrong.push(format!("{heading} {cell}: {examples:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The groups of settings that the schema knows, each once.
fn groups(schema: &Value, found: &mut Vec<BTreeSet<String>>) {
    if let Some(keys) = schema.get("properties").and_then(Value::as_object) {
        let keys: BTreeSet<String> = keys.keys().cloned().collect();
        if schema["additionalProperties"] == false && !found.contains(&keys) {
            found.push(keys);
        }
    }
    match schema {
        Value::Object(inner) => inner.values().for_each(|inner| groups(inner, found)),
        Value::Array(inner) => inner.iter().for_each(|inner| groups(inner, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_group_of_keys_has_a_table() {
    let schema = flow::json_schema();
    let mut known = Vec::new();
    groups(&schema, &mut known);
    let language = |keys: &BTreeSet<String>| keys.contains("en");
    known.retain(|keys| !language(keys));
    assert_eq!(known.len(), TABLES.len(), "{known:?}");
}
