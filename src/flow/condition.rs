//! Conditions: `years >= 5 and cadre is nurse`. Total, typed, without loops or calls.

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
