//! Conditions: `years >= 5 and cadre is nurse`. Total, typed, without loops or calls.

use std::fmt;

/// A condition once parsed and name-checked.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `a is b`, `a = b`.
    Is(Operand, Operand),
    /// `a is not b`, `a != b`.
    IsNot(Operand, Operand),
    /// `a < b`.
    Less(Operand, Operand),
    /// `a <= b`.
    AtMost(Operand, Operand),
    /// `a > b`.
    More(Operand, Operand),
    /// `a >= b`.
    AtLeast(Operand, Operand),
    /// `a includes b`: one of several choices.
    Includes(Operand, Operand),
    /// `a is empty`: not answered, or skipped.
    Empty(Operand),
    /// Both.
    And(Box<Condition>, Box<Condition>),
    /// One of them.
    Or(Box<Condition>, Box<Condition>),
    /// Not.
    Not(Box<Condition>),
}

/// What a condition compares.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// The answer to a question.
    Answer(String),
    /// A field of the contact: `contact.cadre`.
    Field(String),
    /// How many answers were right so far.
    Score,
    /// A word, a choice's id, a quoted text, a date.
    Text(String),
    /// A number.
    Number(f64),
}

impl Condition {
    /// All that it compares, from left to right.
    pub fn operands(&self) -> Vec<&Operand> {
        match self {
            Condition::Is(left, right)
            | Condition::IsNot(left, right)
            | Condition::Less(left, right)
            | Condition::AtMost(left, right)
            | Condition::More(left, right)
            | Condition::AtLeast(left, right)
            | Condition::Includes(left, right) => vec![left, right],
            Condition::Empty(operand) => vec![operand],
            Condition::And(left, right) | Condition::Or(left, right) => {
                [left.operands(), right.operands()].concat()
            }
            Condition::Not(inner) => inner.operands(),
        }
    }

    /// In as few words as it can be said under its own question: `no`, not `consent is no`.
    pub fn under(&self, question: &str) -> String {
        match self {
            Condition::Is(Operand::Answer(id), value) if id == question => value.to_string(),
            Condition::IsNot(Operand::Answer(id), value) if id == question => {
                format!("not {value}")
            }
            other => other.to_string(),
        }
    }

    /// Whether it needs brackets inside an `and` or a `not`.
    fn is_loose(&self) -> bool {
        matches!(self, Condition::Or(..))
    }
}

/// As people write it in a flow.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Is(left, right) => write!(f, "{left} is {right}"),
            Condition::IsNot(left, right) => write!(f, "{left} is not {right}"),
            Condition::Less(left, right) => write!(f, "{left} < {right}"),
            Condition::AtMost(left, right) => write!(f, "{left} <= {right}"),
            Condition::More(left, right) => write!(f, "{left} > {right}"),
            Condition::AtLeast(left, right) => write!(f, "{left} >= {right}"),
            Condition::Includes(left, right) => write!(f, "{left} includes {right}"),
            Condition::Empty(operand) => write!(f, "{operand} is empty"),
            Condition::And(left, right) => {
                write!(f, "{} and {}", Bracketed(left), Bracketed(right))
            }
            Condition::Or(left, right) => write!(f, "{left} or {right}"),
            Condition::Not(inner) => write!(f, "not ({inner})"),
        }
    }
}

struct Bracketed<'a>(&'a Condition);

impl fmt::Display for Bracketed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_loose() { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operand::Answer(id) => write!(f, "{id}"),
            Operand::Field(name) => write!(f, "contact.{name}"),
            Operand::Score => write!(f, "score"),
            Operand::Text(text) => write!(f, "{text}"),
            Operand::Number(number) => write!(f, "{number}"),
        }
    }
}
