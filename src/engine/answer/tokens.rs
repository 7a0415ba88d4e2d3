//! Words out of what a person typed: capitals, accents and punctuation do not count.

pub(in crate::engine) use crate::flow::plain;

/// How far apart two words may be and still be the same one, by the length of the right one.
pub(super) fn slack(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=6 => 1,
        7..=11 => 2,
        _ => 3,
    }
}

/// Whether a word is another one with a slip in it: so many letters apart, and not in the first
/// one, unless it is a neighbour on the keyboard or long enough for that not to matter.
pub(super) fn is_slip(word: &str, right: &str, most: usize) -> bool {
    word.len().abs_diff(right.len()) <= most
        && strsim::osa_distance(word, right) <= most
        && begins_alike(word, right)
}

/// `nurse` and `murse`, not `nurse` and `purse`.
pub(super) fn begins_alike(word: &str, right: &str) -> bool {
    const LONG: usize = 8;
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let (Some(typed), Some(meant)) = (word.chars().next(), right.chars().next()) else {
        return false;
    };
    let beside = |row: &&str| match (row.find(typed), row.find(meant)) {
        (Some(one), Some(other)) => one.abs_diff(other) == 1,
        _ => false,
    };
    let swapped = || {
        word.get(1..2) == right.get(..1)
            && word.get(..1) == right.get(1..2)
            && word.get(2..) == right.get(2..)
    };
    typed == meant || right.len() >= LONG || swapped() || ROWS.iter().any(beside)
}

/// Puts digits where a whole word looks like one: `15OO`, `l0`, `O7`. `None` where it does not,
/// or where there is no digit in it to begin with.
pub(super) fn digits(word: &str) -> Option<String> {
    if !word.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    word.chars()
        .map(|c| match c {
            '0'..='9' => Some(c),
            'O' | 'o' => Some('0'),
            'l' | 'I' | '|' => Some('1'),
            _ => None,
        })
        .collect()
}

/// Whether the forms of a word that tell of the past are the same word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tense {
    Any,
    Same,
}

/// Whether two words are forms of one: `opens` and `open`, `fermons` and `fermez`.
pub(super) fn has_stem_of(word: &str, other: &str, tense: Tense) -> bool {
    const SHORTEST: usize = 4;
    const ENDINGS: [&str; 13] =
        ["", "s", "e", "es", "ing", "er", "y", "ies", "ent", "ons", "ez", "nt", "t"];
    const PAST: [&str; 4] = ["d", "ed", "ee", "ied"];
    let alike = word.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let ends = |end: &str| ENDINGS.contains(&end) || tense == Tense::Any && PAST.contains(&end);
    let splits = |at: usize| match (word.get(at..), other.get(at..)) {
        (Some(one), Some(another)) => ends(one) && ends(another),
        _ => false,
    };
    (SHORTEST..=alike).any(splits)
}

/// Whether `inner` stands in `words` as whole words.
pub(super) fn stands_in(words: &str, inner: &str) -> bool {
    let ends_a_word = |at: usize| matches!(words.as_bytes().get(at), None | Some(b' '));
    !inner.is_empty()
        && words.match_indices(inner).any(|(at, found)| {
            (at == 0 || words.as_bytes()[at - 1] == b' ') && ends_a_word(at + found.len())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_stand_in_a_sentence() {
        for (words, inner) in
            [("no", "no"), ("i have no", "no"), ("no idea", "no"), ("a b c", "b c")]
        {
            assert!(stands_in(words, inner), "{inner} in {words}");
        }
        for (words, inner) in [("nobody", "no"), ("piano", "no"), ("knot no1", "no"), ("a", "")] {
            assert!(!stands_in(words, inner), "{inner} in {words}");
        }
        assert!(stands_in("nono no", "no"));
    }

    #[test]
    fn a_slip_does_not_begin_with_another_letter() {
        for word in ["nurs", "nusre", "unrse", "nurrse", "murse"] {
            assert!(is_slip(word, "nurse", 1), "{word}");
        }
        for word in ["purse", "curse", "urse", "nursing"] {
            assert!(!is_slip(word, "nurse", 1), "{word}");
        }
    }

    #[test]
    fn a_word_is_repaired_only_if_all_of_it_looks_like_digits() {
        assert_eq!(digits("15OO").as_deref(), Some("1500"));
        assert_eq!(digits("l0").as_deref(), Some("10"));
        for word in ["lo", "15x", "", "Ol"] {
            assert_eq!(digits(word), None, "{word}");
        }
    }
}
