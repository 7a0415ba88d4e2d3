//! Words as they are compared: capitals, accents and punctuation do not count.

/// The text without capitals, accents and punctuation; words one space apart. An apostrophe
/// inside a word stays: `don't`; one that swallowed a vowel parts two words: `l'eau` → `l eau`.
/// Letters with points between them are one word: `R.N.` → `rn`.
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
    let letters = if text.contains('.') { joined_letters(text) } else { text.into() };
    let is_between = |c: char| !c.is_ascii_alphanumeric() && c != '\'';
    for word in letters.split(is_between).map(|word| word.trim_matches('\'')) {
        if word.is_empty() {
            continue;
        }
        if !plain.is_empty() {
            plain.push(' ');
        }
        let from = plain.len();
        plain.push_str(word);
        plain[from..].make_ascii_lowercase();
        if let Some(at) = swallowed(&plain[from..]) {
            plain.replace_range(from + at..=from + at, " ");
        }
    }
    plain
}

/// Where the apostrophe of `l'eau`, `d'accord`, `qu'il` stands.
fn swallowed(word: &str) -> Option<usize> {
    let (article, rest) = word.split_once('\'')?;
    let is_french = matches!(
        article,
        "l" | "d" | "j" | "n" | "s" | "c" | "m" | "t" | "qu" | "jusqu" | "lorsqu"
    );
    (is_french && (rest.len() >= 2 || article.len() > 2)).then_some(article.len())
}

/// `R.N.` → `RN.`: a point after a letter that stands alone, with another such letter behind it.
fn joined_letters(text: &str) -> std::borrow::Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let is_alone = |at: usize| {
        let touches = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
        is_letter(at) && !touches(at + 1) && (at == 0 || !touches(at - 1))
    };
    let joins = |at: usize| at > 0 && bytes[at] == b'.' && is_alone(at - 1) && is_alone(at + 1);
    if !(0..bytes.len()).any(joins) {
        return text.into();
    }
    text.char_indices().filter(|(at, _)| !joins(*at)).map(|(_, c)| c).collect::<String>().into()
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
        assert_eq!(plain("Oui 👍 l’agent"), "oui l agent");
    }

    #[test]
    fn letters_with_points_are_one_word_and_swallowed_vowels_part_two() {
        assert_eq!(plain("I am R.N. at J.F.K."), "i am rn at jfk");
        assert_eq!(plain("1.2 a.b.c yes.no"), "1 2 abc yes no");
        assert_eq!(
            plain("D'accord, c'est qu'il I'm o'clock d'a"),
            "d accord c est qu il i'm o'clock d'a"
        );
    }
}
