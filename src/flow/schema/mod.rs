//! What can stand in a flow file, as one table: for editors that complete and mark slips.
//!
//! `keys` and `question_keys` are the table, `json` draws it as a JSON Schema. The reader does not ask the table; the
//! tests ask the reader, group by group and word by word, whether the two say the same.

mod by_call_keys;
mod json;
mod keys;
mod question_keys;
#[cfg(test)]
mod tests;

pub use json::json_schema;

/// The name of the schema's file, beside the flows.
pub const SCHEMA_FILE: &str = "flow.schema.json";

/// The first line of a flow file that tells an editor where the schema is.
pub const SCHEMA_LINE: &str = "# yaml-language-server: $schema=flow.schema.json";

/// A setting: `ask:`.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// What stands before the colon.
    pub name: &'static str,
    /// What may stand behind it.
    pub value: Value,
    /// What it says, for the person who writes the flow.
    pub what: &'static str,
    /// An example of the value, as JSON.
    pub example: &'static str,
    /// Whether it must be there.
    pub need: Need,
}

/// Whether a setting must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Without it the group is incomplete.
    Always,
    /// It may be left out.
    Perhaps,
}

/// What may stand behind a key.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// A name: letters, digits, `_` and `-`.
    Name,
    /// A text.
    Text,
    /// One of these words, each with what it means.
    Words(&'static [(&'static str, &'static str)]),
    /// One of these words, or a list of them.
    ListedWords(&'static [(&'static str, &'static str)]),
    /// A whole number within limits.
    Whole(u32, u32),
    /// A length of time.
    Time,
    /// A length of time, or this word.
    TimeOr(&'static str),
    /// Lengths of time, or this word.
    TimesOr(&'static str),
    /// A text or a list of texts.
    Texts,
    /// Two bounds, the smaller first.
    Bounds,
    /// A text in each language.
    Wording,
    /// Choices by name, each with its words in each language.
    Choices,
    /// Texts by names that are free.
    TextsByName,
    /// A group of settings.
    Group(&'static [Key]),
    /// A group of settings, or this word.
    GroupOr(&'static str, &'static [Key]),
    /// A group of settings, or a list of them.
    GroupOrList(&'static [Key]),
    /// A name alone, or a group of settings.
    NameOrGroup(&'static [Key]),
    /// Groups of settings by names that are free.
    NamedGroups(&'static [Key]),
    /// A list of groups of settings.
    ListedGroups(&'static [Key]),
    /// The steps of a flow.
    Steps,
    /// What a question is by call: recordings, a word, how long an answer is recorded.
    Voice,
}

/// A kind of step that is no question, told by the one key that only it has.
#[derive(Clone, Copy, Debug)]
pub struct OtherStep {
    /// The key that makes it one: `say`.
    pub mark: &'static str,
    /// Its keys, the mark among them.
    pub keys: &'static [Key],
}

/// A type of question, with the keys that it has beside those of every question.
#[derive(Clone, Copy, Debug)]
pub struct QuestionType {
    /// The word behind `type:`.
    pub word: &'static str,
    /// What it takes for an answer.
    pub what: &'static str,
    /// The keys that it has beside those of every question.
    pub keys: &'static [Key],
}
