//! What is waited for after a question.

use crate::flow::{Kind, Question, Voice};
use crate::model::{Awaits, Interrupts, Keys};
use std::time::Duration;

/// How long each further key is waited for.
const BETWEEN: Duration = Duration::from_secs(3);
/// So much silence ends a recording.
const SILENCE: Duration = Duration::from_secs(3);

/// What is waited for after a question.
pub(super) fn of(question: &Question) -> Awaits {
    if let Voice::Record { longest, .. } = question.voice {
        return Awaits::Speech { longest, silence: SILENCE };
    }
    let (min, max) = how_many(&question.kind);
    let first = question.rules.voice.no_key_after;
    Awaits::Keys(Keys { min, max, first, between: BETWEEN, interrupts: Interrupts::Yes })
}

fn how_many(kind: &Kind) -> (usize, usize) {
    match kind {
        Kind::YesNo | Kind::Choice(_) => (1, 1),
        Kind::Choices(choices) => (1, choices.len().max(1)),
        Kind::Number(_) => (1, 10),
        Kind::Date(_) => (8, 9),
        Kind::Time(_) => (4, 5),
        Kind::Phone => (7, 17),
        Kind::Code { .. } | Kind::Place(_) | Kind::Text { .. } | Kind::Audio { .. } => (1, 40),
    }
}
