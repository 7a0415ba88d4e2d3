//! A reply as a short letter: a greeting in front, a name below. They are taken off, so that
//! what is between them can be read; never where they could be part of the answer.

use super::tokens::{is_slip, plain};
use crate::flow::Lexicon;

/// The most words that a name below a reply has, with its `from`.
const LONGEST_NAME: usize = 5;

/// How the names of jobs end, and hardly a person's.
const JOBS: [&str; 10] =
    ["ist", "iste", "ician", "icien", "ator", "ateur", "trar", "nser", "ologue", "aide"];

/// The text behind a greeting: `Good morning sir, 7` → `7`. The whole text where there is none,
/// or nothing behind it.
pub(super) fn without_greeting<'a>(text: &'a str, lexicon: &Lexicon) -> &'a str {
    let mut rest = text;
    loop {
        let behind = behind_one(rest, lexicon, rest.len() < text.len());
        match behind {
            Some(behind) if !behind.is_empty() => rest = behind,
            Some(_) => return text,
            None => return rest,
        }
    }
}

/// The text behind the longest greeting that it begins with.
fn behind_one<'a>(text: &'a str, lexicon: &Lexicon, greeted: bool) -> Option<&'a str> {
    const MOST_WORDS: usize = 6;
    let mut found = None;
    let mut end = 0;
    let mut said = String::new();
    for word in text.split_whitespace().take(MOST_WORDS) {
        end += text[end..].find(word)? + word.len();
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            break;
        }
        let word = plain(word);
        if !said.is_empty() && !word.is_empty() {
            said.push(' ');
        }
        said.push_str(&word);
        let is_title = || greeted && lexicon.titles.contains(&said) && !tells(&text[end..]);
        if is_greeting(&said, lexicon) || is_title() {
            found = Some(&text[end..]);
        }
    }
    found.map(str::trim_start)
}

/// `boss is sick` greets nobody.
fn tells(rest: &str) -> bool {
    let next = rest.split_whitespace().next().map(plain);
    const TELL: [&str; 11] =
        ["is", "was", "has", "are", "est", "dem", "dey", "number", "phone", "numero", "id"];
    next.is_some_and(|word| TELL.contains(&word.as_str()))
}

/// A greeting, in a long one with a slip.
fn is_greeting(said: &str, lexicon: &Lexicon) -> bool {
    const LONG: usize = 9;
    let slip = |known: &String| known.len() >= LONG && is_slip(said, known, 1);
    lexicon.greeting.contains(said) || said.len() >= LONG && lexicon.greeting.iter().any(slip)
}

/// A reply cut before a name: `7 from Mary`, `7. Mary Kollie` → `7` and the rest.
pub(super) fn signed<'a>(text: &'a str, lexicon: &Lexicon) -> Option<(&'a str, &'a str)> {
    let starts = text
        .char_indices()
        .filter(|(at, c)| !c.is_whitespace() && text[..*at].ends_with(char::is_whitespace));
    let cuts: Vec<usize> = starts.map(|(at, _)| at).collect();
    let cut = cuts.iter().rev().take(LONGEST_NAME).rev().find(|at| {
        let (before, name) = text.split_at(**at);
        is_name(before, name, lexicon)
    })?;
    let (before, name) = text.split_at(*cut);
    let before = before.trim_end().trim_end_matches(['-', ',', ';', '–']).trim_end();
    (!before.is_empty()).then_some((before, name))
}

/// Whether a name is said to be one: `from Mary`.
pub(super) fn is_opened(name: &str, lexicon: &Lexicon) -> bool {
    let opener = name.split_whitespace().next().map(plain).unwrap_or_default();
    lexicon.signature.contains(&opener)
}

/// Words behind `from` or `thanks`; else words with capitals behind a full stop, a comma, a
/// dash or a new line.
fn is_name(before: &str, name: &str, lexicon: &Lexicon) -> bool {
    if is_opened(name, lexicon) {
        // `from UNICEF`, in a text of small letters
        let is_short = |word: &str| word.len() > 2 && word.chars().all(char::is_uppercase);
        if (before.contains(char::is_lowercase) || name.starts_with(char::is_lowercase))
            && name.split_whitespace().any(is_short)
        {
            return false;
        }
        // `by river` and `from the mission` are no names, `by Mary` is one.
        let mut words = name.split_whitespace();
        let is_from = |word: &str| matches!(plain(word).as_str(), "from" | "by" | "par" | "de");
        let is_by = words.next().is_some_and(is_from);
        return !is_by || words.all(|word| word.starts_with(char::is_uppercase));
    }
    // `Dr. Kollie` is one name.
    let last = before.split_whitespace().last().map(plain).unwrap_or_default();
    if before.trim_end().ends_with('.') && matches!(last.as_str(), "dr" | "mr" | "mrs" | "ms") {
        return false;
    }
    // `Nurse, Anesthetist` are two jobs.
    let one = plain(name);
    if JOBS.iter().any(|end| one.ends_with(end)) {
        return false;
    }
    // In a text of capitals they mark no name.
    let has_small = before.contains(char::is_lowercase) || name.contains(char::is_lowercase);
    if !has_small || name.split_whitespace().any(|word| lexicon.filler.contains(&plain(word))) {
        return false;
    }
    let parted = before.contains('\n') && before.trim_end_matches([' ', '\t']).ends_with('\n')
        || before.trim_end().ends_with(['.', ',', '!', ';', '-', '–']);
    let has_capital = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '.' | '\''))
    };
    let is_number = !before.trim().is_empty()
        && before.trim().chars().all(|c| c.is_ascii_digit() || c == '+')
        && name.split_whitespace().count() <= 2;
    (parted || is_number)
        && name.split_whitespace().count() <= 3
        && name.split_whitespace().all(has_capital)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::Words;
    use crate::model::Language;

    #[test]
    fn greetings_are_taken_off_where_something_is_behind_them() {
        let words = Words::default();
        let english = words.of_language(&Language::new("en"));
        for (text, rest) in [
            ("Good morning sir, 7", "7"),
            ("Hello how are you. Yes I do", "Yes I do"),
            ("good morning", "good morning"),
            ("Hi Mary 7", "Mary 7"),
            ("7 good morning", "7 good morning"),
        ] {
            assert_eq!(without_greeting(text, english), rest);
        }
    }

    #[test]
    fn names_are_cut_off_behind_an_answer() {
        let words = Words::default();
        let english = words.of_language(&Language::new("en"));
        for (text, parts) in [
            ("7. From Mary", Some(("7.", "From Mary"))),
            ("7 from Mary Kollie", Some(("7", "from Mary Kollie"))),
            ("2 - Mary", Some(("2", "Mary"))),
            ("7. Mary Kollie", Some(("7.", "Mary Kollie"))),
            ("7 Mary", Some(("7", "Mary"))),
            ("7 mary", None),
            ("7", None),
            ("From Mary", None),
        ] {
            assert_eq!(signed(text, english), parts, "{text}");
        }
    }
}
