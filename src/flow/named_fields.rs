//! The fields of contacts that a flow speaks of: in conditions, texts and where answers go.

use super::texts::{placeholders, texts};
use super::{Condition, Flow, Operand, Step};
use std::collections::BTreeSet;

/// The names of all fields, without the `contact.` in front.
pub fn contact_fields(flow: &Flow) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    for step in &flow.steps {
        let only_if = match step {
            Step::Say(say) => &say.only_if,
            Step::Ask(question) => {
                fields.extend(question.save_to.clone());
                for branch in &question.branches {
                    in_condition(&branch.when, &mut fields);
                }
                &question.only_if
            }
        };
        if let Some(condition) = only_if {
            in_condition(condition, &mut fields);
        }
    }
    for text in texts(flow) {
        let names = text.wording.values().flat_map(|said| placeholders(said));
        fields.extend(names.filter_map(|name| name.strip_prefix("contact.").map(str::to_owned)));
    }
    fields
}

fn in_condition(condition: &Condition, fields: &mut BTreeSet<String>) {
    for operand in condition.operands() {
        match operand {
            Operand::Field(name) => drop(fields.insert(name.clone())),
            Operand::Answer(_) | Operand::Score | Operand::Text(_) | Operand::Number(_) => {}
        }
    }
}
