//! A person with one or more numbers, and what the office knows of them.

use super::{ContactId, Language, PhoneNumber, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A person. Two contacts may share a number; the store flags it.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// The row.
    pub id: ContactId,
    /// The full name as the office spells it.
    pub name: String,
    /// The language they are written to in; `None` where nobody knows it yet.
    pub language: Option<Language>,
    /// Their numbers, the best one first.
    pub numbers: Vec<PhoneNumber>,
    /// The groups they are in.
    pub groups: BTreeSet<String>,
    /// What is known of them, by field name.
    pub fields: BTreeMap<String, Value>,
}

impl Contact {
    /// Somebody of whom only the name is known.
    pub fn named(id: ContactId, name: impl Into<String>) -> Contact {
        Contact {
            id,
            name: name.into(),
            language: None,
            numbers: Vec::new(),
            groups: BTreeSet::new(),
            fields: BTreeMap::new(),
        }
    }

    /// The name people are greeted by: the first word of the full name.
    pub fn first_name(&self) -> &str {
        self.name.split_whitespace().next().unwrap_or_default()
    }
}

/// One change to a contact that a turn of a flow asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum ContactChange {
    /// Keep a value under a field.
    SetField(String, Value),
    /// Put into a group; the group is made if it is new.
    AddToGroup(String),
    /// Take out of a group.
    RemoveFromGroup(String),
    /// Write to them in this language from now on.
    SetLanguage(Language),
}
