//! What trips people in a text file, named for what it is before the parser sees it.
//!
//! Tabs, non-breaking spaces, a byte-order mark, curly quotes around values, and a colon and
//! space inside an unquoted text: every parser words these badly.

use super::fields::MOST_PROBLEMS;
use super::problem::{Place, Problem};

/// Looks at the raw text. A byte-order mark is no problem: it is skipped by the reader.
pub(super) fn lint(source: &str) -> Vec<Problem> {
    let found = source.lines().enumerate().filter_map(|(index, line)| look(index + 1, line));
    found.take(MOST_PROBLEMS).collect()
}

fn look(line: usize, text: &str) -> Option<Problem> {
    let at = |byte: usize| Place { line, col: text[..byte].chars().count() + 1, width: 1 };
    let indent = text.len() - text.trim_start_matches([' ', '\t', '\u{a0}']).len();
    if let Some(byte) = text[..indent].find('\t') {
        let problem = Problem::error("F040", at(byte), "This line is indented with a tab.");
        return Some(problem.help("Use two spaces for each step of indentation."));
    }
    if let Some(byte) = text.find('\u{a0}') {
        let message = "This is a non-breaking space; it looks like a space but is not one.";
        return Some(Problem::error("F041", at(byte), message).help("Delete it and type a space."));
    }
    let code = text.trim_start();
    if code.starts_with('#') {
        return None;
    }
    curly_quote(text)
        .map(|byte| {
            Problem::error("F042", at(byte), "Curly quotes do not quote a text here.")
                .help("Type straight quotes: \" or '.")
        })
        .or_else(|| {
            colon(text).map(|byte| {
                Problem::error(
                    "F043",
                    at(byte),
                    "This text contains `: `, so it is read as a new setting.",
                )
                .help(format!("Put the whole text in quotes: {}", quoted(text)))
            })
        })
}

/// A curly quote where a value begins.
fn curly_quote(text: &str) -> Option<usize> {
    text.char_indices()
        .filter(|(_, c)| matches!(c, '“' | '”' | '‘' | '„'))
        .map(|(byte, _)| byte)
        .find(|byte| text[..*byte].trim_end().ends_with([':', '[', ',', '{', '-']))
}

/// The second `: ` of a plain line `key: text: more`.
fn colon(text: &str) -> Option<usize> {
    let (key, value) = text.split_once(": ")?;
    let first = value.trim_start().chars().next()?;
    if "\"'{[|>&*#".contains(first) || key.contains(['"', '\'', '{', '[', '#']) {
        return None;
    }
    let value = value.split(" #").next().unwrap_or(value);
    value.find(": ").map(|byte| key.len() + 2 + byte)
}

fn quoted(text: &str) -> String {
    let (key, value) = text.split_once(": ").unwrap_or(("", text));
    format!("{}: \"{}\"", key.trim_start_matches([' ', '-']), value.trim().replace('"', "'"))
}
