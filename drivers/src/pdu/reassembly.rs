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
    let runs = parts
        .chunk_by(|one, next| (one.alphabet(), one.shift()) == (next.alphabet(), next.shift()));
    Body::Text(runs.map(join_run).collect())
}

fn join_run(run: &[&UserData]) -> String {
    let octets = || run.iter().flat_map(|part| part.body_octets()).copied().collect::<Vec<u8>>();
    match run[0].alphabet() {
        Alphabet::Gsm7 => {
            let septets: Vec<u8> = run.iter().flat_map(|part| part.septets()).collect();
            gsm7::text(&septets, run[0].shift())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdu::{ReferenceWidth, split};

    fn parts(text: &str) -> Vec<UserData> {
        let pieces = split(text, 0x101, ReferenceWidth::Sixteen).expect("a text that fits");
        pieces.into_iter().map(|piece| piece.data).collect()
    }

    fn part(number: u8, alphabet: Alphabet, text: &str) -> UserData {
        let part = Part { reference: 5, width: ReferenceWidth::Eight, total: 2, number };
        UserData::from_text(text, alphabet, vec![part.element()]).expect("a part that fits")
    }

    fn complete(text: &str) -> Result<Joined, JoinError> {
        Ok(Joined::Complete(Body::Text(text.to_owned())))
    }

    #[test]
    fn parts_in_any_order_and_twins_make_the_text() {
        let text = "The stock of vaccines at the clinic of Gbarnga is low. ".repeat(8);
        let parts = parts(&text);
        assert_eq!(parts.len(), 3);
        assert_eq!(join([&parts[2], &parts[0], &parts[2], &parts[1]]), complete(&text));
    }

    #[test]
    fn what_is_missing_is_told_with_what_is_there() {
        let parts = parts(&"a".repeat(600));
        let joined = join([&parts[0], &parts[3]]);
        let so_far = format!("{}[…]{}", "a".repeat(152), "a".repeat(144));
        assert_eq!(joined, Ok(Joined::Incomplete { missing: vec![2, 3], so_far }));
    }

    #[test]
    fn a_letter_cut_in_two_by_a_careless_sender_is_whole_again() {
        let element = |number| {
            let part = Part { reference: 5, width: ReferenceWidth::Eight, total: 2, number };
            vec![0x05, part.element().id, 3, 5, 2, number]
        };
        let half = |number, octets: &[u8]| {
            let data = [element(number).as_slice(), octets].concat();
            let length = u8::try_from(data.len()).expect("a few octets");
            let mut pdu = vec![length];
            pdu.extend(data);
            let coding = crate::pdu::DataCoding::UCS2;
            UserData::parse(&mut crate::pdu::reader::Reader::new(&pdu), 0x40, coding)
                .expect("user data")
        };
        let (high, low) = (half(1, &[0xD8, 0x3D]), half(2, &[0xDE, 0x00]));
        assert_eq!(high.text(), Some("\u{FFFD}"));
        assert_eq!(join([&low, &high]), complete("😀"));
    }

    #[test]
    fn parts_in_different_alphabets_are_one_text() {
        let parts = [part(1, Alphabet::Gsm7, "oui "), part(2, Alphabet::Ucs2, "ɛ")];
        assert_eq!(join(&parts), complete("oui ɛ"));
    }

    #[test]
    fn parts_that_do_not_belong_together_are_refused() {
        let (one, other) = (part(1, Alphabet::Gsm7, "a"), part(1, Alphabet::Gsm7, "b"));
        assert_eq!(join([&one, &other]), Err(JoinError::Contradiction(1)));
        let stranger = &parts(&"a".repeat(200))[1];
        assert_eq!(join([&one, stranger]), Err(JoinError::DifferentTexts(5, 0x101)));
        let whole = UserData::from_text("a", Alphabet::Gsm7, Vec::new()).expect("a text");
        assert_eq!(join([&whole]), Err(JoinError::NotAPart));
        assert_eq!(join([]), Err(JoinError::Nothing));
    }
}
