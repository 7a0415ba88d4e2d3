//! The parts of one long text, put together again.
//!
//! Pure: whoever keeps the parts (the application, in rows) hands over those of one text, in any
//! order, twins included. What belongs together is also theirs to say: same sender, reference,
//! width and total, within a window of time.

use std::collections::BTreeMap;

use super::{Alphabet, Body, Part, UserData, gsm7, ucs2};

/// What the parts make so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joined {
    /// Everything is there.
    Complete(Body),
    /// Some parts have not come.
    Incomplete {
        /// The numbers of the parts that are not there, ascending.
        missing: Vec<u8>,
        /// The text as far as it came, `[…]` where something is missing. For a person who has
        /// waited long enough.
        so_far: String,
    },
}

/// Why parts are not parts of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// Nothing was handed over.
    #[error("there are no parts to join")]
    Nothing,
    /// A message that is not a part.
    #[error("one of the messages is not a part of a longer text")]
    NotAPart,
    /// Parts of different texts.
    #[error("the messages are parts of different texts (references {0} and {1})")]
    DifferentTexts(u16, u16),
    /// Two parts of one number that say different things: a sender used a reference again.
    #[error("part {0} came twice and says different things")]
    Contradiction(u8),
}

/// Puts the parts of one text together. A part that came twice and says the same counts once.
///
/// # Errors
/// Messages that are not parts of one text.
pub fn join<'a>(parts: impl IntoIterator<Item = &'a UserData>) -> Result<Joined, JoinError> {
    let mut whole: Option<Part> = None;
    let mut held: BTreeMap<u8, &UserData> = BTreeMap::new();
    for data in parts {
        let part = data.part().ok_or(JoinError::NotAPart)?;
        let first = *whole.get_or_insert(part);
        if (first.reference, first.width, first.total) != (part.reference, part.width, part.total) {
            return Err(JoinError::DifferentTexts(first.reference, part.reference));
        }
        let twin = held.insert(part.number, data);
        if twin.is_some_and(|twin| twin.body() != data.body()) {
            return Err(JoinError::Contradiction(part.number));
        }
    }
    let whole = whole.ok_or(JoinError::Nothing)?;
    let missing: Vec<u8> = (1..=whole.total).filter(|n| !held.contains_key(n)).collect();
    if missing.is_empty() {
        let parts: Vec<&UserData> = held.into_values().collect();
        return Ok(Joined::Complete(join_bodies(&parts)));
    }
    Ok(Joined::Incomplete { missing, so_far: with_gaps(&held, whole.total) })
}

/// Neighbours of one alphabet are joined by units, so that a letter that a careless sender cut in
/// two is whole again.
fn join_bodies(parts: &[&UserData]) -> Body {
    if parts.iter().any(|part| part.text().is_none()) {
        return Body::Octets(parts.iter().flat_map(|part| part.body_octets()).copied().collect());
    }
    let runs = parts.chunk_by(|one, next| one.alphabet() == next.alphabet());
    Body::Text(runs.map(join_run).collect())
}

fn join_run(run: &[&UserData]) -> String {
    let octets = || run.iter().flat_map(|part| part.body_octets()).copied().collect::<Vec<u8>>();
    match run[0].alphabet() {
        Alphabet::Gsm7 => {
            let septets: Vec<u8> = run.iter().flat_map(|part| part.septets()).collect();
            gsm7::text(&septets)
        }
        Alphabet::Ucs2 => ucs2::decode_lossy(&octets()),
        Alphabet::EightBit => String::from_utf8_lossy(&octets()).into_owned(),
    }
}

fn with_gaps(held: &BTreeMap<u8, &UserData>, total: u8) -> String {
    let mut text = String::new();
    let mut in_gap = false;
    for number in 1..=total {
        let part = held.get(&number);
        match part {
            Some(data) => text.push_str(data.text().unwrap_or_default()),
            None if !in_gap => text.push_str("[…]"),
            None => {}
        }
        in_gap = part.is_none();
    }
    text
}
