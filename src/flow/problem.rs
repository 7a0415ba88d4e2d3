//! What is wrong with a file, for the person who has to put it right.
//!
//! A problem says where, what is wrong in office words, and what to write instead. It is a value,
//! collected and shown together with all others; never thrown. `docs/flow-language.md` explains
//! every code.

use std::fmt::Write as _;

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
            let text = text.replace('\t', " ");
            let room = text.chars().count().saturating_sub(col - 1).max(1);
            let mark = "^".repeat(width.clamp(1, room));
            let number = line.to_string();
            let gap = " ".repeat(number.len());
            let _ = writeln!(shown, "  {number} | {text}");
            let _ = writeln!(shown, "  {gap} | {}{mark}", " ".repeat(col - 1));
        }
        if let Some(help) = &self.help {
            let _ = writeln!(shown, "  help: {help}");
        }
        shown
    }
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
