//! Words as they are compared: capitals, accents and punctuation do not count.

/// The text without capitals, accents and punctuation; words one space apart. An apostrophe
/// inside a word stays: `don't`.
pub fn plain(text: &str) -> String {
    if text.is_ascii() {
        return of_ascii(text);
    }
    // A picture is no word: a thumb that points down must not become a 1.
    let is_word = |c: char| c.is_ascii() || c.is_alphanumeric() || matches!(c, '’' | '‘');
    let words: String = text.chars().map(|c| if is_word(c) { c } else { ' ' }).collect();
    of_ascii(&deunicode::deunicode(&words))
}

fn of_ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let is_between = |c: char| !c.is_ascii_alphanumeric() && c != '\'';
    for word in text.split(is_between).map(|word| word.trim_matches('\'')) {
        if !word.is_empty() {
            if !plain.is_empty() {
                plain.push(' ');
            }
            plain.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_count_is_taken_away() {
        assert_eq!(plain("  Égal, \"Don't\" -- C. H. "), "egal don't c h");
        assert_eq!(plain("'Yes' 12"), "yes 12");
        assert_eq!(plain("..."), "");
        assert_eq!(plain("👎"), "");
        assert_eq!(plain("Oui 👍 l’agent"), "oui l'agent");
    }
}
