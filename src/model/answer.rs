//! What was understood, beside what was heard.

use super::Value;

/// An answer under its question's name.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The question's id.
    pub question: String,
    /// What was understood; `None` where the person's tries ran out and the question was skipped,
    /// or they did not want to answer it.
    pub value: Option<Value>,
    /// What the person sent, to the letter.
    pub heard: String,
    /// How it was read.
    pub how: How,
}

/// How a reply was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// As it stands.
    Exact,
    /// Repaired in a way that has one possible meaning.
    Repaired,
    /// Asked back, and confirmed by the person.
    Confirmed,
    /// Not understood: kept, but it is no value.
    NotUnderstood,
    /// The person did not want to answer this question, and might do so.
    Refused,
    /// Understood, or refused, in an anonymous flow: the value stands elsewhere, with nobody's name.
    Anonymous,
}

impl Answer {
    /// Whether the question has an answer, be it one that nobody can look up any more.
    pub fn is_understood(&self) -> bool {
        self.value.is_some() || self.how == How::Anonymous
    }
}

impl How {
    /// The word in the store and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            How::Exact => "exact",
            How::Repaired => "repaired",
            How::Confirmed => "confirmed",
            How::NotUnderstood => "not_understood",
            How::Refused => "refused",
            How::Anonymous => "anonymous",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<How> {
        use How::*;
        [Exact, Repaired, Confirmed, NotUnderstood, Refused, Anonymous]
            .into_iter()
            .find(|how| how.as_str() == word)
    }
}
