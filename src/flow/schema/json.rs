//! The table of keys as a JSON Schema.
//!
//! Draft 7, the newest that the YAML language servers of common editors read. What an editor takes
//! for a number or a yes/no is a text to us, so wherever a text may stand those are right too.

use super::keys::FLOW;
use super::question_keys::{OTHER_STEPS, QUESTION, TYPES};
use super::{Key, Need, Value as May};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What an editor may take a text for.
const TEXT: [&str; 3] = ["string", "number", "boolean"];
const NAME: &str = "^[A-Za-z][A-Za-z0-9_-]*$";
const LANGUAGE: &str = "^[A-Za-z]{2,3}([-_][A-Za-z]+)*$";
const TIME: &str = "[0-9]+ *(s|sec|second|min|minute|h|hour|d|day|week)s?";

/// The schema of a flow file.
pub fn json_schema() -> Value {
    let mut schema = group(FLOW);
    schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    schema["title"] = "A flow of Rollcall".into();
    schema["description"] = "A questionnaire in one text file, read from top to bottom.".into();
    schema
}

fn group(keys: &[Key]) -> Value {
    json!({
        "type": "object",
        "properties": properties(keys),
        "required": required(keys),
        "additionalProperties": false,
    })
}

fn properties(keys: &[Key]) -> Map<String, Value> {
    keys.iter().map(|key| (key.name.to_owned(), described(key))).collect()
}

fn required(keys: &[Key]) -> Vec<&'static str> {
    keys.iter().filter(|key| key.need == Need::Always).map(|key| key.name).collect()
}

fn described(key: &Key) -> Value {
    let mut schema = value(key);
    schema["description"] = key.what.into();
    if let Ok(example) = serde_json::from_str::<Value>(key.example) {
        schema["examples"] = json!([example]);
    }
    schema
}

fn value(key: &Key) -> Value {
    match key.value {
        May::Name => json!({"type": "string", "pattern": NAME}),
        May::Text => json!({"type": TEXT}),
        May::Words(_) if key.name == "type" => {
            let types: Vec<_> = TYPES.iter().map(|kind| (kind.word, kind.what)).collect();
            words(&types)
        }
        May::Words(list) => words(list),
        May::ListedWords(list) => {
            json!({"anyOf": [words(list), {"type": "array", "items": words(list)}]})
        }
        May::Whole(least, most) => json!({
            "type": ["integer", "string"], "minimum": least, "maximum": most,
            "pattern": "^ *[0-9]+ *$",
        }),
        May::Time => time(None),
        May::TimeOr(word) => time(Some(word)),
        May::TimesOr(word) => {
            json!({"anyOf": [time(Some(word)), {"type": "array", "items": time(None)}]})
        }
        May::Texts => texts(),
        May::Bounds => json!({
            "type": "array", "items": {"type": TEXT}, "minItems": 2, "maxItems": 2,
        }),
        May::Wording => by_language(&json!({"type": TEXT})),
        May::Choices => {
            let mut choice = by_language(&texts());
            choice["properties"]["voice"] = by_language(&json!({"type": TEXT}));
            json!({"type": "object", "minProperties": 2, "additionalProperties": choice})
        }
        May::TextsByName => json!({"type": "object", "additionalProperties": {"type": TEXT}}),
        May::Group(keys) => group(keys),
        May::GroupOr(word, keys) => json!({"anyOf": [{"const": word}, group(keys)]}),
        May::GroupOrList(keys) => {
            json!({"anyOf": [group(keys), {"type": "array", "items": group(keys)}]})
        }
        May::NameOrGroup(keys) => {
            json!({"anyOf": [{"type": "string", "pattern": NAME}, group(keys)]})
        }
        May::NamedGroups(keys) => json!({"type": "object", "additionalProperties": group(keys)}),
        May::ListedGroups(keys) => json!({"type": "array", "items": group(keys)}),
        May::Steps => json!({"type": "array", "items": step()}),
        May::Voice => {
            let mut voice = by_language(&json!({"type": TEXT}));
            voice["properties"]["record"] = time(None);
            voice
        }
    }
}

/// `true` in a flow is a text to us and a truth to an editor: both stand in the list.
fn words(list: &[(&str, &str)]) -> Value {
    let mut words: Vec<Value> = list.iter().map(|(word, _)| json!(word)).collect();
    let mut meanings: Vec<&str> = list.iter().map(|(_, meaning)| *meaning).collect();
    for (word, meaning) in list {
        if let Ok(truth) = word.parse::<bool>() {
            words.push(json!(truth));
            meanings.push(meaning);
        }
    }
    json!({"enum": words, "enumDescriptions": meanings})
}

fn time(word: Option<&str>) -> Value {
    let pattern = match word {
        Some(word) => format!("^( *{TIME} *|{word})$"),
        None => format!("^ *{TIME} *$"),
    };
    json!({"type": "string", "pattern": pattern})
}

fn texts() -> Value {
    let types = [&TEXT[..], &["array"]].concat();
    json!({"type": types, "items": {"type": TEXT}})
}

/// One value for the first language, or one for each.
fn by_language(inner: &Value) -> Value {
    let mut schema = inner.clone();
    let known = [("en", "English"), ("fr", "French"), ("en-LR", "Liberian English")];
    let property = |(tag, name): (&str, &str)| {
        let mut property = inner.clone();
        property["description"] = name.into();
        (tag.to_owned(), property)
    };
    let types = schema["type"].as_array().cloned().unwrap_or_default();
    schema["type"] = types.into_iter().chain([json!("object")]).collect();
    schema["properties"] = Value::Object(known.map(property).into_iter().collect());
    schema["patternProperties"] = json!({LANGUAGE: inner});
    schema["additionalProperties"] = json!(false);
    schema
}

/// A step: all keys that any step has, and for each kind of step those that it has not.
fn step() -> Value {
    let mut union: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let others = OTHER_STEPS.iter().flat_map(|other| other.keys);
    let of_types = TYPES.iter().flat_map(|kind| kind.keys);
    for key in QUESTION.iter().chain(others).chain(of_types) {
        let schema = described(key);
        let known = union.entry(key.name).or_default();
        if !known.contains(&schema) {
            known.push(schema);
        }
    }
    let names: Vec<&str> = union.keys().copied().collect();
    // What differs from kind to kind is said by the kind.
    let one = |schemas: Vec<Value>| match <[Value; 1]>::try_from(schemas) {
        Ok([schema]) => schema,
        Err(_) => json!({}),
    };
    let properties: Map<String, Value> =
        union.into_iter().map(|(name, schemas)| (name.to_owned(), one(schemas))).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": ["id"],
        "additionalProperties": false,
        "allOf": kinds(&names),
    })
}

fn kinds(names: &[&str]) -> Vec<Value> {
    let marks: Vec<Value> =
        OTHER_STEPS.iter().map(|other| json!({"required": [other.mark]})).collect();
    // A key that another kind of step has too, and says otherwise, is a question's own here.
    let of_others = |key: &&Key| {
        OTHER_STEPS.iter().flat_map(|other| other.keys).any(|other| other.name == key.name)
    };
    let shared: Vec<Key> = QUESTION.iter().filter(of_others).copied().collect();
    let question = json!({"required": required(QUESTION), "properties": properties(&shared)});
    let mut kinds = vec![json!({"if": {"not": {"anyOf": marks}}, "then": question})];
    for other in OTHER_STEPS {
        let then = only(&[other.keys], names);
        kinds.push(json!({"if": {"required": [other.mark]}, "then": then}));
    }
    for kind in TYPES {
        // What every question has is said once, by the step.
        let is_it = marks_refused(json!({"type": {"const": kind.word}}));
        let strange: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !QUESTION.iter().any(|key| key.name == *name))
            .collect();
        kinds.push(json!({"if": is_it, "then": only(&[kind.keys], &strange)}));
    }
    kinds
}

/// A step that has `type`, and is none of the other kinds of steps.
fn marks_refused(mut properties: Value) -> Value {
    for other in OTHER_STEPS {
        properties[other.mark] = json!(false);
    }
    json!({"properties": properties, "required": ["type"]})
}

/// These keys, and none of the others that a step may have.
fn only(groups: &[&[Key]], names: &[&str]) -> Value {
    let keys: Vec<Key> = groups.concat();
    let mut allowed = properties(&keys);
    for name in names {
        allowed.entry((*name).to_owned()).or_insert(json!(false));
    }
    json!({"properties": allowed, "required": required(&keys)})
}
