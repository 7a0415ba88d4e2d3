//! What a number counts: seven months are not seven years, two boxes are not two packs.

use super::Speaker;
use super::tokens::is_slip;
use std::collections::BTreeSet;

/// Before a length of time they make a date of it.
const WHEN: [&str; 15] = [
    "this", "the", "last", "per", "a", "each", "every", "by", "ce", "cette", "le", "la", "par",
    "chaque", "during",
];

/// Whether the units of a reply are those that were asked for. A length of time must be named in
/// the question; what things are packed in must agree with it where it names any.
pub(super) fn as_asked(said: &str, speaker: &Speaker<'_>) -> bool {
    let lexicon = speaker.lexicon;
    let words: Vec<&str> = said.split(' ').map(unit).collect();
    // `500 this month` tells when, not what.
    let counts = |at: &usize| at.checked_sub(1).is_none_or(|at| !WHEN.contains(&words[at]));
    let counted: Vec<&str> = (0..words.len()).filter(counts).map(|at| words[at]).collect();
    let is_one = |word: &str, ones: &BTreeSet<String>| {
        let slip = |known: &String| {
            known.len() >= 4 && word.len() >= 4 && is_slip(word, known, known.len() / 4)
        };
        ones.contains(word) || !lexicon.is_word(word) && ones.iter().any(slip)
    };
    let said = |ones: &&BTreeSet<String>| counted.iter().any(|word| is_one(word, ones));
    let asked = |ones: &BTreeSet<String>| ones.iter().any(|word| speaker.echoes(word));
    let since = words.iter().any(|word| matches!(*word, "since" | "depuis"));
    let mut spans = lexicon.spans.iter().filter(said).peekable();
    // `since 10`: ten years, or the year 2010?
    if since && spans.peek().is_none() {
        return false;
    }
    let packed = lexicon.packings.iter().any(asked);
    spans.all(asked) && lexicon.packings.iter().filter(said).all(|ones| !packed || asked(ones))
}

/// `7yrs` → `yrs`.
fn unit(word: &str) -> &str {
    word.trim_start_matches(|c: char| c.is_ascii_digit())
}
