//! What is wrong with a file, for the person who has to put it right.
//!
//! A problem says where, what is wrong in office words, and what to write instead. It is a value,
//! collected and shown together with all others; never thrown. `docs/flow-language.md` explains
//! every code.

use std::fmt::Write as _;

/// The longest line that is shown whole, in characters.
const LONGEST_SHOWN: usize = 200;

/// A place in a file: line and column from 1, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub col: usize,
    /// How many characters are meant.
    pub width: usize,
}

impl Place {
    /// The beginning of a file: for what is wrong with the whole of it.
    pub const START: Place = Place { line: 1, col: 1, width: 1 };
}

/// Whether a file can be used all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It cannot be used until this is put right.
    Error,
    /// It can be used; somebody should look.
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The topic in the manual: `F012`.
    pub code: &'static str,
    /// Whether the file can be used all the same.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong, in office words.
    pub message: String,
    /// What to write or do instead.
    pub help: Option<String>,
}

impl Problem {
    /// A problem that makes the file unusable.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Problem {
        Problem { code, severity: Severity::Error, place, message: message.into(), help: None }
    }

    /// A problem that somebody should look at.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Problem {
        Problem { severity: Severity::Warning, ..Problem::error(code, place, message) }
    }

    /// Adds what to write or do instead.
    pub fn help(self, help: impl Into<String>) -> Problem {
        Problem { help: Some(help.into()), ..self }
    }

    /// Shows it: `file:line:col`, the line with a mark under the place, what is wrong, the help.
    pub fn show(&self, file: &str, source: &str) -> String {
        let Place { line, col, width } = self.place;
        let mut shown = format!("{file}:{line}:{col}: {} [{}]\n", self.message, self.code);
        if let Some(text) = source.lines().nth(line - 1) {
            let (text, before) = window(&text.replace('\t', " "), col);
            let room = text.chars().count().saturating_sub(before).max(1);
            let mark = "^".repeat(width.clamp(1, room));
            let number = line.to_string();
            let gap = " ".repeat(number.len());
            let _ = writeln!(shown, "  {number} | {text}");
            let _ = writeln!(shown, "  {gap} | {}{mark}", " ".repeat(before));
        }
        if let Some(help) = &self.help {
            let _ = writeln!(shown, "  help: {help}");
        }
        shown
    }
}

/// As much of a line as fits on a screen, with the place in it, and how many letters stand before
/// that place.
fn window(line: &str, col: usize) -> (String, usize) {
    if line.chars().count() <= LONGEST_SHOWN {
        return (line.to_owned(), col - 1);
    }
    let first = (col - 1).saturating_sub(LONGEST_SHOWN / 3);
    let shown: String = line.chars().skip(first).take(LONGEST_SHOWN).collect();
    let lead = if first > 0 { "…" } else { "" };
    (format!("{lead}{shown}…"), col - 1 - first + lead.chars().count())
}

/// "did you mean": the one of `known` that is nearest to what was typed.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase().replace(['-', ' '], "_");
    known
        .into_iter()
        .map(|word| (strsim::osa_distance(&typed, &word.to_lowercase().replace('-', "_")), word))
        .filter(|(distance, word)| *distance <= (word.chars().count() / 3).clamp(1, 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn of_an_endless_line_only_the_place_is_shown() {
        let source = format!("{}HERE{}", "a".repeat(1_000), "b".repeat(1_000));
        let place = Place { line: 1, col: 1_001, width: 4 };
        let shown = Problem::error("F001", place, "Something.").show("a.yaml", &source);
        expect![[r#"
            a.yaml:1:1001: Something. [F001]
              1 | …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaHEREbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
                |                                                                    ^^^^
        "#]].assert_eq(&shown);
    }
}
