//! Whether a condition holds. Total: what was not answered holds nothing but `is empty`.

use crate::flow::{Condition, Operand};
use crate::model::{Answer, Contact, Value};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What a condition may look at.
pub(super) struct Facts<'a> {
    pub answers: &'a BTreeMap<String, Answer>,
    pub contact: &'a Contact,
    /// How many answers were right so far.
    pub score: usize,
}

pub(super) fn holds(condition: &Condition, facts: &Facts<'_>) -> bool {
    let compare = |left, right| order(left, right, facts);
    match condition {
        Condition::Is(left, right) => compare(left, right) == Some(Ordering::Equal),
        Condition::IsNot(left, right) => {
            compare(left, right).is_some_and(|order| order != Ordering::Equal)
        }
        Condition::Less(left, right) => compare(left, right) == Some(Ordering::Less),
        Condition::AtMost(left, right) => compare(left, right).is_some_and(Ordering::is_le),
        Condition::More(left, right) => compare(left, right) == Some(Ordering::Greater),
        Condition::AtLeast(left, right) => compare(left, right).is_some_and(Ordering::is_ge),
        Condition::Includes(left, right) => includes(left, right, facts),
        Condition::Empty(operand) => text(operand, facts).is_none_or(|text| text.is_empty()),
        Condition::And(left, right) => holds(left, facts) && holds(right, facts),
        Condition::Or(left, right) => holds(left, facts) || holds(right, facts),
        Condition::Not(inner) => !holds(inner, facts),
    }
}

fn includes(left: &Operand, right: &Operand, facts: &Facts<'_>) -> bool {
    let (Some(left), Some(right)) = (text(left, facts), text(right, facts)) else { return false };
    left.split(',').any(|one| one.trim().eq_ignore_ascii_case(&right))
}

fn order(left: &Operand, right: &Operand, facts: &Facts<'_>) -> Option<Ordering> {
    let (left, right) = (text(left, facts)?, text(right, facts)?);
    match (left.parse::<f64>(), right.parse::<f64>()) {
        (Ok(left), Ok(right)) => left.partial_cmp(&right),
        _ => Some(left.to_lowercase().cmp(&right.to_lowercase())),
    }
}

fn text(operand: &Operand, facts: &Facts<'_>) -> Option<String> {
    match operand {
        Operand::Answer(id) => facts.answers.get(id)?.value.as_ref().map(Value::to_text),
        Operand::Field(name) if name == "name" => Some(facts.contact.name.clone()),
        Operand::Field(name) => facts.contact.fields.get(name).map(Value::to_text),
        Operand::Score => Some(facts.score.to_string()),
        Operand::Text(text) => Some(text.clone()),
        Operand::Number(number) => Some(number.to_string()),
    }
}
