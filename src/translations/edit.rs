//! Puts a translation into a flow's file and leaves every other letter as it is.
//!
//! The tree says where things stand; a few letters are exchanged there. Then the file is read
//! again: it must say what it said, and the translation. Where it does not, nothing is changed and
//! a person has to write it; so a file that is written in an unusual way is never spoilt.

use crate::flow::texts::{Spot, in_language, parted};
use crate::flow::tree::{self, Content, Key, Node, Quoting};
use crate::model::Language;
use std::collections::BTreeMap;

/// The file is written in a way that is not changed by a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file cannot be changed there without a person; write it in by hand")]
pub struct ByHand;

/// The file with this text of one language. `first` is the language of texts that name none.
///
/// # Errors
/// A person has to write it.
pub fn put(
    source: &str,
    spot: &Spot,
    first: &Language,
    language: &Language,
    text: &str,
) -> Result<String, ByHand> {
    let value = match spot {
        Spot::Choice { .. } => Said::words(parted(text)),
        Spot::Ask(_) | Spot::Say(_) | Spot::Ending(_) | Spot::Message(_) => {
            Said::Text(text.to_owned())
        }
    };
    changed(source, |file, root| {
        let old = spot.node(root).and_then(|node| in_language(node, language));
        let value = value.like(old);
        let change = match (spot.node(root), spot) {
            (Some(node), _) => file.translated(node, first, language, &value)?,
            (None, Spot::Message(name)) => file.with_message(root, name, language, &value)?,
            (None, _) => return None,
        };
        let mut wanted = Said::of(root);
        wanted.translate(&spot.path(), first, language, value.clone())?;
        Some((change, wanted))
    })
}

/// The file with one more language in `languages:`.
///
/// # Errors
/// A person has to write it.
pub fn add_language(source: &str, first: &Language, language: &Language) -> Result<String, ByHand> {
    changed(source, |file, root| {
        let mut wanted = Said::of(root);
        let Said::Map(top) = &mut wanted else { return None };
        let known = top.remove("languages");
        let mut all = match known {
            Some(Said::List(items)) => items,
            Some(Said::Text(one)) => vec![Said::Text(one)],
            Some(Said::Map(_)) => return None,
            None => vec![Said::Text(first.to_string())],
        };
        all.push(Said::Text(language.to_string()));
        top.insert("languages".to_owned(), Said::List(all));
        Some((file.with_language(root, first, language)?, wanted))
    })
}

/// Makes a change and holds it against what is wanted.
fn changed(
    source: &str,
    change: impl FnOnce(&File, &Node) -> Option<(Change, Said)>,
) -> Result<String, ByHand> {
    let (mark, body) = match source.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", source),
    };
    let root = tree::parse(body).map_err(|_| ByHand)?;
    let file = File::of(body);
    let (change, wanted) = change(&file, &root).ok_or(ByHand)?;
    let edited = file.with(&change).ok_or(ByHand)?;
    let says = tree::parse(&edited).map(|root| Said::of(&root)).map_err(|_| ByHand)?;
    if says != wanted {
        return Err(ByHand);
    }
    Ok(format!("{mark}{edited}"))
}

/// Letters from one place to another, and what stands there instead.
struct Change {
    from: usize,
    to: usize,
    with: String,
}

impl Change {
    fn insert(at: usize, with: String) -> Change {
        Change { from: at, to: at, with }
    }
}

/// A file by its letters.
struct File {
    letters: Vec<char>,
    /// Where each line begins.
    lines: Vec<usize>,
    line_end: &'static str,
}

impl File {
    fn of(source: &str) -> File {
        let letters: Vec<char> = source.chars().collect();
        let ends = letters.iter().enumerate().filter(|(_, c)| **c == '\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        let line_end = if source.contains("\r\n") { "\r\n" } else { "\n" };
        File { letters, lines, line_end }
    }

    fn with(&self, change: &Change) -> Option<String> {
        let before = self.letters.get(..change.from)?.iter();
        let after = self.letters.get(change.to..)?.iter();
        Some(before.copied().chain(change.with.chars()).chain(after.copied()).collect())
    }

    /// A text in one more language, or another text in a language that it has.
    fn translated(
        &self,
        node: &Node,
        first: &Language,
        language: &Language,
        value: &Said,
    ) -> Option<Change> {
        if let Some(old) = in_language(node, language) {
            let (from, to) = self.span(old)?;
            let with = match (&value, self.letters.get(from)) {
                (Said::List(words), Some('-')) => self.as_lines(words, from),
                _ if from == to => format!(" {}", value.written()),
                _ => value.written(),
            };
            return Some(Change { from, to, with });
        }
        match &node.content {
            Content::Map(pairs) => {
                self.with_pair(node, pairs, &format!("{language}: {}", value.written()))
            }
            Content::Text(..) | Content::List(_) => {
                let (from, to) = self.span(node)?;
                let own = self.as_it_stands(node, from, to);
                let with = format!("{{{first}: {own}, {language}: {}}}", value.written());
                Some(Change { from, to, with })
            }
        }
    }

    /// A list as it is typed with an item a line, the first one at this place.
    fn as_lines(&self, words: &[Said], from: usize) -> String {
        let before = self.letters[..from].iter().rev();
        let indent = " ".repeat(before.take_while(|c| **c != '\n').count());
        let lines: Vec<String> = words.iter().map(|word| format!("- {}", word.as_word())).collect();
        lines.join(&format!("{}{indent}", self.line_end))
    }

    /// A group with one more line behind its last one.
    fn with_pair(&self, node: &Node, pairs: &[(Key, Node)], pair: &str) -> Option<Change> {
        let (key, last) = pairs.last()?;
        let end = self.end(key, last)?;
        if self.letters.get(self.start(node)?) == Some(&'{') {
            return Some(Change::insert(end, format!(", {pair}")));
        }
        let indent = " ".repeat(pairs[0].0.place.col - 1);
        Some(Change::insert(self.line_of(end), format!("{}{indent}{pair}", self.line_end)))
    }

    fn with_message(
        &self,
        root: &Node,
        name: &str,
        language: &Language,
        value: &Said,
    ) -> Option<Change> {
        let line = format!("{name}: {{{language}: {}}}", value.written());
        if let Some((_, messages)) = child(root, "messages") {
            let Content::Map(pairs) = &messages.content else { return None };
            return self.with_pair(messages, pairs, &line);
        }
        let mut line_number = child(root, "questions")?.0.place.line;
        let is_remark = |number: usize| self.letters.get(self.lines[number - 1]) == Some(&'#');
        // Remarks right above the questions belong to them.
        while line_number > 1 && is_remark(line_number - 1) {
            line_number -= 1;
        }
        let end = self.line_end;
        let with = format!("messages:{end}  {line}{end}{end}");
        Some(Change::insert(*self.lines.get(line_number - 1)?, with))
    }

    fn with_language(&self, root: &Node, first: &Language, language: &Language) -> Option<Change> {
        let Some((_, node)) = child(root, "languages") else {
            let (key, above) = child(root, "title").or_else(|| child(root, "flow"))?;
            let with = format!("{}languages: [{first}, {language}]", self.line_end);
            return Some(Change::insert(self.line_of(self.end(key, above)?), with));
        };
        match &node.content {
            Content::List(items) => {
                let end = self.span(items.last()?)?.1;
                if self.letters.get(self.start(node)?) == Some(&'[') {
                    return Some(Change::insert(end, format!(", {language}")));
                }
                let indent = " ".repeat(items[0].place.col.saturating_sub(3));
                let with = format!("{}{indent}- {language}", self.line_end);
                Some(Change::insert(self.line_of(end), with))
            }
            Content::Text(one, _) => {
                let (from, to) = self.span(node)?;
                Some(Change { from, to, with: format!("[{one}, {language}]") })
            }
            Content::Map(_) => None,
        }
    }

    fn start(&self, node: &Node) -> Option<usize> {
        Some(self.lines.get(node.place.line.checked_sub(1)?)? + node.place.col - 1)
    }

    /// Where a value begins and ends, without what follows it in its last line.
    fn span(&self, node: &Node) -> Option<(usize, usize)> {
        let from = self.start(node)?;
        let last = match &node.content {
            // What is not there stands at the colon.
            Content::Text(text, Quoting::Plain) if text.is_empty() => {
                let at = from + usize::from(self.letters.get(from) == Some(&':'));
                return Some((at, at));
            }
            Content::Text(_, Quoting::Plain) => return Some((from, self.end_of_letters(node)?)),
            Content::Text(_, Quoting::Quoted) => {
                return match self.block_sign(from) {
                    Some(sign) => Some((sign, self.end_of_letters(node)?)),
                    None => Some((from, self.closing_quote(from)? + 1)),
                };
            }
            Content::List(items) => items.last().map(|item| self.span(item).map(|span| span.1)),
            Content::Map(pairs) => pairs.last().map(|(key, value)| self.end(key, value)),
        };
        let close = match (self.letters.get(from)?, &node.content) {
            ('[', Content::List(_)) => ']',
            ('{', Content::Map(_)) => '}',
            (_, Content::List(_)) => return Some((self.dash(from)?, last??)),
            (_, _) => return Some((from, last??)),
        };
        let mut at = last.unwrap_or(Some(from + 1))?;
        while self.letters.get(at).is_some_and(|c| c.is_whitespace() || *c == ',') {
            at += 1;
        }
        (self.letters.get(at) == Some(&close)).then_some((from, at + 1))
    }

    fn end_of_letters(&self, node: &Node) -> Option<usize> {
        let from = self.start(node)?;
        let mut to = (from + node.place.width).min(self.letters.len());
        while to > from && self.letters[to - 1].is_whitespace() {
            to -= 1;
        }
        Some(to)
    }

    /// The quote that ends what the quote at this place begins.
    fn closing_quote(&self, from: usize) -> Option<usize> {
        let quote = *self.letters.get(from).filter(|c| matches!(c, '"' | '\''))?;
        let mut at = from + 1;
        loop {
            match *self.letters.get(at)? {
                '\\' if quote == '"' => at += 1,
                c if c == quote && quote == '\'' && self.letters.get(at + 1) == Some(&quote) => {
                    at += 1;
                }
                c if c == quote => return Some(at),
                _ => {}
            }
            at += 1;
        }
    }

    /// The `|` or `>` in the line above, where a block of text begins at this place.
    fn block_sign(&self, from: usize) -> Option<usize> {
        let mut at = from;
        while at > 0 && self.letters[at - 1].is_whitespace() {
            at -= 1;
        }
        self.letters.get(at..from)?.contains(&'\n').then_some(())?;
        while at > 0 && matches!(self.letters[at - 1], '+' | '-' | '0'..='9') {
            at -= 1;
        }
        let sign = at.checked_sub(1)?;
        matches!(self.letters[sign], '|' | '>').then_some(sign)
    }

    /// The `-` at or before the first item of a list.
    fn dash(&self, from: usize) -> Option<usize> {
        if let Some(['-', ' ' | '\n' | '\r']) = self.letters.get(from..from + 2) {
            return Some(from);
        }
        let mut at = from.checked_sub(1)?;
        while at > 0 && self.letters[at] == ' ' {
            at -= 1;
        }
        (self.letters[at] == '-').then_some(at)
    }

    /// The end of a key's value; behind the colon where it has none.
    fn end(&self, key: &Key, value: &Node) -> Option<usize> {
        match value.text() {
            Some("") => {
                let line = self.lines.get(key.place.line.checked_sub(1)?)?;
                Some(line + key.place.col - 1 + key.place.width + 1)
            }
            Some(_) | None => Some(self.span(value)?.1),
        }
    }

    /// The end of the line in which this place lies, before what ends it.
    fn line_of(&self, at: usize) -> usize {
        let rest = self.letters[at.min(self.letters.len())..].iter();
        let end = at + rest.take_while(|c| !matches!(c, '\n' | '\r')).count();
        end.min(self.letters.len())
    }

    /// A value so that it may stand between curly brackets: as it was typed, if it can.
    fn as_it_stands(&self, node: &Node, from: usize, to: usize) -> String {
        let typed: String = self.letters[from..to].iter().collect();
        let closed = typed.starts_with(['"', '\'', '[']) && !typed.contains(['\n', '#']);
        if closed { typed } else { Said::of(node).written() }
    }
}

fn child<'a>(node: &'a Node, name: &str) -> Option<(&'a Key, &'a Node)> {
    let Content::Map(pairs) = &node.content else { return None };
    pairs.iter().find(|(key, _)| key.name == name).map(|(key, node)| (key, node))
}

/// What a file says, without places and order.
#[derive(Clone, Debug, PartialEq)]
enum Said {
    Text(String),
    List(Vec<Said>),
    Map(BTreeMap<String, Said>),
}

impl Said {
    fn of(node: &Node) -> Said {
        match &node.content {
            Content::Text(text, _) => Said::Text(text.clone()),
            Content::List(items) => Said::List(items.iter().map(Said::of).collect()),
            Content::Map(pairs) => Said::Map(
                pairs.iter().map(|(key, node)| (key.name.clone(), Said::of(node))).collect(),
            ),
        }
    }

    /// A list where there was one, even of a single word.
    fn like(&self, old: Option<&Node>) -> Said {
        match (self, old.map(|node| &node.content)) {
            (Said::Text(text), Some(Content::List(_))) => {
                Said::List(vec![Said::Text(text.clone())])
            }
            (said, _) => said.clone(),
        }
    }

    fn words(mut words: Vec<String>) -> Said {
        match words.len() {
            1 => Said::Text(words.remove(0)),
            _ => Said::List(words.into_iter().map(Said::Text).collect()),
        }
    }

    /// As it is typed in one line.
    fn written(&self) -> String {
        match self {
            Said::Text(text) => quoted(text),
            Said::List(items) => {
                let words: Vec<String> = items.iter().map(Said::as_word).collect();
                format!("[{}]", words.join(", "))
            }
            Said::Map(pairs) => {
                let pairs: Vec<String> = pairs
                    .iter()
                    .map(|(key, value)| format!("{key}: {}", value.written()))
                    .collect();
                format!("{{{}}}", pairs.join(", "))
            }
        }
    }

    /// The words of a list stand without quotes where they can.
    fn as_word(&self) -> String {
        match self {
            Said::Text(text) if is_plain(text) => text.clone(),
            Said::Text(_) | Said::List(_) | Said::Map(_) => self.written(),
        }
    }

    fn translate(
        &mut self,
        path: &[&str],
        first: &Language,
        language: &Language,
        value: Said,
    ) -> Option<()> {
        let Some((name, rest)) = path.split_first() else {
            return self.in_language(first, language, value);
        };
        match self {
            Said::List(items) => {
                let is_it = |item: &&mut Said| match item {
                    Said::Map(keys) => keys.get("id") == Some(&Said::Text((*name).to_owned())),
                    Said::Text(_) | Said::List(_) => false,
                };
                items.iter_mut().find(is_it)?.translate(rest, first, language, value)
            }
            Said::Map(pairs) => pairs
                .entry((*name).to_owned())
                .or_insert_with(|| Said::Map(BTreeMap::new()))
                .translate(rest, first, language, value),
            Said::Text(_) => None,
        }
    }

    fn in_language(&mut self, first: &Language, language: &Language, value: Said) -> Option<()> {
        if let Said::Map(pairs) = self {
            let typed = pairs.keys().find(|key| Language::new(key) == *language).cloned();
            pairs.insert(typed.unwrap_or_else(|| language.to_string()), value);
        } else {
            let own = std::mem::replace(self, Said::Map(BTreeMap::new()));
            let both = [(first.to_string(), own), (language.to_string(), value)];
            *self = Said::Map(both.into_iter().collect());
        }
        Some(())
    }
}

/// The text in quotes; what JSON quotes, YAML reads.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A word that nobody takes for a number, a truth or a sign of YAML.
fn is_plain(text: &str) -> bool {
    const TRUTHS: [&str; 8] = ["yes", "no", "true", "false", "on", "off", "null", "y"];
    text.starts_with(char::is_alphabetic)
        && text.ends_with(char::is_alphanumeric)
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\''))
        && !text.contains("  ")
        && !TRUTHS.contains(&text.to_lowercase().as_str())
}
