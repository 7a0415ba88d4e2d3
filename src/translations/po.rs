//! PO files, the form of translators' programs (Poedit, Weblate): written and read.
//!
//! Plural forms have no use in a flow. What is read is hostile: every line that is no PO is named,
//! none is guessed.

use super::record::State;
use super::sheet::{LETTERS, Sheet};
use super::take::{Mark, Returned};
use crate::model::Language;
use std::fmt::Write as _;

/// The largest file that is read, in bytes.
const LARGEST_FILE: usize = 5_000_000;

/// Why a file is no PO file, in plain words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is too large.
    #[error("the file is larger than 5 MB")]
    Size,
    /// It is not in UTF-8.
    #[error("the file is not in UTF-8; save it again with this encoding")]
    Encoding,
    /// A line cannot be understood.
    #[error("line {0} is no line of a PO file")]
    Line(usize),
    /// It does not say its language.
    #[error("the file does not say its language; add the line \"Language: fr\\n\" to its head")]
    Language,
}

/// The texts of one language as a PO file. `written` is the time, as `2026-11-24 10:30+0000`.
pub fn write(sheet: &Sheet, written: &str) -> String {
    let language = sheet.language.as_str().replace('-', "_");
    let head = [
        format!("Project-Id-Version: {}", sheet.flow),
        format!("POT-Creation-Date: {written}"),
        format!("PO-Revision-Date: {written}"),
        "Last-Translator: ".to_owned(),
        format!("Language-Team: {language}"),
        format!("Language: {language}"),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/plain; charset=UTF-8".to_owned(),
        "Content-Transfer-Encoding: 8bit".to_owned(),
        format!("X-Source-Language: {}", sheet.first),
    ];
    let mut po = "msgid \"\"\nmsgstr \"\"\n".to_owned();
    for line in head {
        let _ = writeln!(po, "{}", quoted(&format!("{line}\n")));
    }
    for row in &sheet.rows {
        let _ = writeln!(po, "\n#. {}", row.what);
        if let Some(left) = row.left() {
            let _ = writeln!(po, "#. letters left, with the longest names: {left} of {LETTERS}");
        }
        if !row.must_stay.is_empty() {
            let _ = writeln!(po, "#. must stay as it is: {}", row.must_stay.join(" "));
        }
        if let State::Stale { made_for } = &row.state {
            let _ = writeln!(po, "#, fuzzy\n#| msgid {}", quoted(made_for));
        }
        let translation = row.translation.as_deref().unwrap_or_default();
        let _ = writeln!(
            po,
            "msgctxt {}\nmsgid {}\nmsgstr {}",
            quoted(&row.key),
            quoted(&row.source),
            quoted(translation)
        );
    }
    po
}

/// The entries of a PO file.
///
/// # Errors
/// The file as a whole is no PO file.
pub fn read(bytes: &[u8]) -> Result<Vec<Returned>, Unreadable> {
    if bytes.len() > LARGEST_FILE {
        return Err(Unreadable::Size);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::Encoding)?;
    let entries = entries(text.strip_prefix('\u{feff}').unwrap_or(text))?;
    let head = entries.iter().find(|entry| entry.id.is_empty() && entry.context.is_none());
    let tag = |head: &str| {
        let tag = head.lines().find_map(|line| line.strip_prefix("Language:"))?.trim();
        (!tag.is_empty()).then(|| Language::new(tag))
    };
    let language = head.and_then(|head| tag(&head.said)).ok_or(Unreadable::Language)?;
    let entries = entries.into_iter().filter(|entry| !entry.id.is_empty());
    Ok(entries.map(|entry| entry.returned(&language)).collect())
}

#[derive(Default)]
struct Entry {
    line: usize,
    fuzzy: bool,
    plural: bool,
    context: Option<String>,
    id: String,
    said: String,
}

impl Entry {
    fn returned(self, language: &Language) -> Returned {
        let plural = "plural forms have no use in a flow".to_owned();
        Returned {
            at: format!("line {}", self.line),
            key: self.context.unwrap_or_default(),
            language: language.clone(),
            source: Some(self.id),
            translation: if self.plural { Err(plural) } else { Ok(self.said) },
            mark: if self.fuzzy { Mark::Unsure } else { Mark::Sure },
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Nothing,
    Context,
    Id,
    Plural,
    Said,
    OtherSaid,
}

fn entries(text: &str) -> Result<Vec<Entry>, Unreadable> {
    let mut entries = Vec::new();
    let mut entry = Entry::default();
    let mut part = Part::Nothing;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        // What begins with `#~` is no longer used.
        let is_remark = line.starts_with('#');
        let begins = is_remark || line.starts_with("msgctxt") || line.starts_with("msgid ");
        if begins && matches!(part, Part::Said | Part::OtherSaid) {
            entries.push(std::mem::take(&mut entry));
            part = Part::Nothing;
        }
        if is_remark {
            let flags = line.strip_prefix("#,").unwrap_or_default();
            entry.fuzzy |= flags.split(',').any(|flag| flag.trim() == "fuzzy");
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let (next, rest) = keyword(line, part).ok_or(Unreadable::Line(number))?;
        let piece = unquoted(rest.trim()).ok_or(Unreadable::Line(number))?;
        if entry.line == 0 {
            entry.line = number;
        }
        part = next;
        match part {
            Part::Nothing => return Err(Unreadable::Line(number)),
            Part::Context => entry.context.get_or_insert_default().push_str(&piece),
            Part::Id => entry.id.push_str(&piece),
            Part::Said => entry.said.push_str(&piece),
            Part::Plural | Part::OtherSaid => entry.plural = true,
        }
    }
    if part == Part::Said || part == Part::OtherSaid {
        entries.push(entry);
    } else if part != Part::Nothing {
        return Err(Unreadable::Line(text.lines().count()));
    }
    Ok(entries)
}

/// What a line begins or goes on with.
fn keyword(line: &str, part: Part) -> Option<(Part, &str)> {
    if line.starts_with('"') {
        return Some((part, line));
    }
    let end = line.find([' ', '\t', '"'])?;
    let (word, rest) = line.split_at(end);
    let next = match (word, part) {
        ("msgctxt", Part::Nothing) => Part::Context,
        ("msgid", Part::Nothing | Part::Context) => Part::Id,
        ("msgid_plural", Part::Id) => Part::Plural,
        ("msgstr", Part::Id) => Part::Said,
        (word, Part::Plural | Part::OtherSaid) if word.starts_with("msgstr[") => Part::OtherSaid,
        _ => return None,
    };
    Some((next, rest))
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The text between quotes, its escapes undone.
fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"').filter(|_| text.len() > 1)?;
    let mut letters = inner.chars();
    let mut plain = String::with_capacity(inner.len());
    while let Some(c) = letters.next() {
        match c {
            '"' => return None,
            '\\' => plain.push(match letters.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                c @ ('"' | '\\') => c,
                _ => return None,
            }),
            c => plain.push(c),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_comes_back() {
        for text in ["", "Poste?", "\"oui\" \\ non\n\tdeux\r", "\\n", "é{contact.name}\\"] {
            assert_eq!(unquoted(&quoted(text)).as_deref(), Some(text));
        }
        for broken in ["", "\"", "a", "\"a", "\"a\"b\"", "\"\\", "\"\\\"", "\"\\q\""] {
            assert_eq!(unquoted(broken), None, "{broken}");
        }
    }

    const HEAD: &str = "msgid \"\"\nmsgstr \"\"\n\"Language: fr\\n\"\n\n";

    fn read_after_head(text: &str) -> Result<Vec<(String, String, Mark)>, Unreadable> {
        let returned = read(format!("{HEAD}{text}").as_bytes())?;
        let row = |row: Returned| (row.key, row.translation.unwrap_or_default(), row.mark);
        Ok(returned.into_iter().map(row).collect())
    }

    #[test]
    fn entries_are_read_as_translators_programs_write_them() {
        let text = "# a remark\n#. what it is\n#: file:3\n#, c-format, fuzzy\n#| msgid \"Old\"\n\
            msgctxt \"questions.b.ask\"\nmsgid \"\"\n\"Your \"\n\"job?\"\nmsgstr \"\"\n\"Votre \"\n\
            \"poste?\"\nmsgctxt \"a\"\nmsgid \"b\"\nmsgstr \"\"\n\n#~ msgctxt \"old\"\n#~ msgid \"x\"\n\
            #~ msgstr \"y\"\n";
        assert_eq!(
            read_after_head(text),
            Ok(vec![
                ("questions.b.ask".to_owned(), "Votre poste?".to_owned(), Mark::Unsure),
                ("a".to_owned(), String::new(), Mark::Sure),
            ])
        );
    }

    #[test]
    fn a_line_that_is_no_po_is_named() {
        for (text, line) in [
            ("hello\n", 5),
            ("msgid \"a\"\nmsgid \"b\"\n", 6),
            ("msgid \"a\"\n", 5),
            ("msgstr \"a\"\n", 5),
            ("msgid \"a\nmsgstr \"b\"\n", 5),
            ("msgid \"a\"\nmsgstr \"b\\x\"\n", 6),
        ] {
            assert_eq!(read_after_head(text), Err(Unreadable::Line(line)), "{text}");
        }
        let plural = "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"\nmsgstr[1] \"d\"\n";
        let returned = read(format!("{HEAD}{plural}").as_bytes()).expect("it is a PO file");
        assert!(returned[0].translation.is_err());
        assert_eq!(read(b"msgid \"a\"\nmsgstr \"b\"\n"), Err(Unreadable::Language));
        assert_eq!(read(b"msgid \"\xe9\"\n"), Err(Unreadable::Encoding));
    }
}
