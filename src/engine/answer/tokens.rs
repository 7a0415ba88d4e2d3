//! Words out of what a person typed: capitals, accents and punctuation do not count.

/// The text without capitals, accents and punctuation; words one space apart. An apostrophe
/// inside a word stays: `don't`.
pub(in crate::engine) fn plain(text: &str) -> String {
    let text = deunicode::deunicode(text).to_lowercase();
    let spaced: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '\'' { c } else { ' ' })
        .collect();
    let words: Vec<&str> = spaced
        .split_whitespace()
        .map(|word| word.trim_matches('\''))
        .filter(|w| !w.is_empty())
        .collect();
    words.join(" ")
}

/// How far apart two words may be and still be the same one, by the length of the right one.
pub(super) fn slack(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=6 => 1,
        7..=11 => 2,
        _ => 3,
    }
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

/// Whether `inner` stands in `words` as whole words.
pub(super) fn stands_in(words: &str, inner: &str) -> bool {
    !inner.is_empty() && format!(" {words} ").contains(&format!(" {inner} "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_count_is_taken_away() {
        assert_eq!(plain("  Égal, \"Don't\" -- C. H. "), "egal don't c h");
        assert_eq!(plain("..."), "");
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
