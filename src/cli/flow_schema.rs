//! `rollcall flow schema`, and the schema that lies beside an office's flows.

use super::{Context, Outcome};
use crate::flow::{SCHEMA_FILE, SCHEMA_LINE, json_schema};
use anyhow::{Context as _, Result};
use std::path::Path;

pub(super) fn run(context: &Context, out: Option<&Path>) -> Result<Outcome> {
    let Some(file) = out else {
        println!("{:#}", json_schema());
        return Ok(Outcome::Done);
    };
    write(file)?;
    if context.json {
        println!("{}", serde_json::json!({"schema": 1, "file": file}));
    } else {
        println!(
            "{} is written. In a flow beside it, let the first line be: {SCHEMA_LINE}",
            file.display()
        );
    }
    Ok(Outcome::Done)
}

/// Puts the schema of this version into the office's flows; an older one is replaced.
pub(super) fn write_beside_flows(office: &Path) -> Result<()> {
    write(&office.join("flows").join(SCHEMA_FILE))
}

/// A shipped flow as it stands in an office: its first line tells editors where the schema is.
pub(super) fn pointing(source: &str) -> String {
    if source.starts_with(SCHEMA_LINE) {
        return source.to_owned();
    }
    format!("{SCHEMA_LINE}\n{source}")
}

fn write(file: &Path) -> Result<()> {
    std::fs::write(file, format!("{:#}\n", json_schema()))
        .with_context(|| format!("writing {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::init::FLOWS;
    use crate::flow::tree::{self, Content, Node, Quoting};
    use serde_json::{Value, json};

    #[test]
    fn a_flow_points_to_its_schema_once() {
        let pointed = pointing("flow: a\n");
        assert_eq!(pointed, format!("{SCHEMA_LINE}\nflow: a\n"));
        assert_eq!(pointing(&pointed), pointed);
    }

    #[test]
    fn every_shipped_flow_is_right_to_an_editor() {
        let validator = jsonschema::draft7::new(&json_schema()).expect("the schema is one");
        for (id, source) in FLOWS {
            let wrong: Vec<String> = validator
                .iter_errors(&as_an_editor_reads(source))
                .map(|error| format!("{error} at {}", error.instance_path()))
                .collect();
            assert!(wrong.is_empty(), "{id}: {}", wrong.join("\n"));
        }
    }

    #[test]
    fn slips_are_wrong_to_an_editor() {
        let validator = jsonschema::draft7::new(&json_schema()).expect("the schema is one");
        let question = |lines: &str| format!("flow: a\nquestions:\n- id: b\n  {lines}\n");
        for right in [
            question("ask: How many?\n  type: number\n  whole: true\n  between: [0, 5]"),
            question("ask: {en: \"Yes?\"}\n  type: yes_no\n  if: {\"no\": end}"),
            question("say: Good morning."),
        ] {
            assert!(validator.is_valid(&as_an_editor_reads(&right)), "{right}");
        }
        for wrong in [
            question("aks: How many?\n  type: number"),
            question("ask: How many?"),
            question("ask: How many?\n  type: nubmer"),
            question("ask: How many?\n  type: text\n  between: [0, 5]"),
            question("ask: How many?\n  type: number\n  between: [0]"),
            question("ask: Which?\n  type: choice"),
            question("ask: [How many?]\n  type: number"),
            question("say: Good morning.\n  type: number"),
            question("ask: Why?\n  type: text\n  longest: 481"),
            question("ask: Why?\n  type: text\n  rules: {expires_after: soon}"),
            "questions: []\n".to_owned(),
            "flow: a b\nquestions: []\n".to_owned(),
        ] {
            assert!(!validator.is_valid(&as_an_editor_reads(&wrong)), "{wrong}");
        }
    }

    /// A file as an editor sees it: what is not in quotes may be a number or a truth.
    fn as_an_editor_reads(source: &str) -> Value {
        fn value(node: &Node) -> Value {
            match &node.content {
                Content::Text(text, Quoting::Plain) => match text.as_str() {
                    "true" => json!(true),
                    "false" => json!(false),
                    _ => text.parse::<f64>().map_or_else(
                        |_| json!(text),
                        |_| text.parse::<i64>().map_or_else(|_| json!(0.5), |whole| json!(whole)),
                    ),
                },
                Content::Text(text, Quoting::Quoted) => json!(text),
                Content::List(items) => items.iter().map(value).collect(),
                Content::Map(pairs) => Value::Object(
                    pairs.iter().map(|(key, node)| (key.name.clone(), value(node))).collect(),
                ),
            }
        }
        value(&tree::parse(source).expect("the test's flows can be read"))
    }
}
