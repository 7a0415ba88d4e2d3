//! YAML text → a tree with a place on every node, or problems in office words.
//!
//! Every scalar stays the text that was typed: `no`, `001234`, `10:30`. Anchors, tags and several
//! documents have no use in a flow and are refused; a key that stands twice is named with its
//! first place. Size, depth and number of nodes are limited, so that a hostile file is an error
//! in milliseconds. Used by `read` and by the office settings.

use super::diagnose;
use super::problem::{Place, Problem};
use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use std::collections::BTreeMap;

/// The largest file, in bytes.
pub const LARGEST_FILE: usize = 1_000_000;
/// The deepest nesting.
const DEEPEST: usize = 20;
/// The most values in one file.
const MOST_NODES: usize = 100_000;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub content: Content,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A text, as typed; `Quoted` where it stood in quotes.
    Text(String, Quoting),
    /// A list.
    List(Vec<Node>),
    /// Keys with values, in the order of the file.
    Map(Vec<(Key, Node)>),
}

/// Whether a text stood in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// As it is.
    Plain,
    /// In quotes, or as a block.
    Quoted,
}

/// A key and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Where it stands.
    pub place: Place,
    /// The key.
    pub name: String,
}

impl Node {
    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text, _) => Some(text),
            Content::List(_) | Content::Map(_) => None,
        }
    }

    /// What it is, in office words.
    pub fn what(&self) -> &'static str {
        match self.content {
            Content::Text(..) => "a text",
            Content::List(_) => "a list",
            Content::Map(_) => "a group of settings",
        }
    }
}

/// Reads the text into a tree.
///
/// # Errors
/// The one problem after which nothing more can be understood.
pub fn parse(source: &str) -> Result<Node, Problem> {
    if source.len() > LARGEST_FILE {
        return Err(Problem::error("F002", Place::START, "This file is larger than 1 MB."));
    }
    let mut builder = Builder { parser: Parser::new_from_str(source), nodes: 0 };
    builder.document().map_err(|problem| match problem.code {
        "F001" => diagnose::reason(source, problem.place.line).unwrap_or(problem),
        _ => problem,
    })
}

struct Builder<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    nodes: usize,
}

impl<'a> Builder<'a> {
    fn document(&mut self) -> Result<Node, Problem> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
                Event::StreamEnd | Event::DocumentEnd => {
                    return Err(Problem::error("F003", Place::START, "This file is empty."));
                }
                other => {
                    let root = self.node(other, span, 0)?;
                    self.end()?;
                    return Ok(root);
                }
            }
        }
    }

    fn end(&mut self) -> Result<(), Problem> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(()),
                Event::DocumentEnd | Event::Nothing => {}
                _ => {
                    let problem = Problem::error(
                        "F004",
                        place(&span),
                        "A second document begins here; a file holds one flow.",
                    );
                    return Err(problem.help("Move what follows `---` into a file of its own."));
                }
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Problem> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(misread(error.marker(), error.info())),
            None => Err(Problem::error("F003", Place::START, "This file ends too early.")),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Problem> {
        let at = place(&span);
        self.nodes += 1;
        if depth > DEEPEST || self.nodes > MOST_NODES {
            return Err(Problem::error("F002", at, "This file is nested too deeply or too long."));
        }
        let content = match event {
            Event::Scalar(_, _, anchor, tag) if anchor > 0 || tag.is_some() => {
                return Err(no_tricks(at));
            }
            Event::SequenceStart(anchor, tag) if anchor > 0 || tag.is_some() => {
                return Err(no_tricks(at));
            }
            Event::MappingStart(anchor, tag) if anchor > 0 || tag.is_some() => {
                return Err(no_tricks(at));
            }
            Event::Alias(_) => return Err(no_tricks(at)),
            Event::Scalar(text, style, ..) => Content::Text(text.into_owned(), quoting(style)),
            Event::SequenceStart(..) => Content::List(self.list(depth)?),
            _ => Content::Map(self.map(depth)?),
        };
        Ok(Node { place: at, content })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Problem> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<(Key, Node)>, Problem> {
        let mut pairs = Vec::new();
        let mut first: BTreeMap<String, Place> = BTreeMap::new();
        loop {
            let (event, span) = self.next()?;
            let at = place(&span);
            let name = match event {
                Event::MappingEnd => return Ok(pairs),
                Event::Scalar(name, ..) => name.into_owned(),
                _ => return Err(Problem::error("F005", at, "A key must be a plain word.")),
            };
            if let Some(before) = first.insert(name.clone(), at) {
                let message = format!("`{name}` stands twice; it was set in line {}.", before.line);
                let problem = Problem::error("F006", at, message);
                return Err(problem.help("Keep one of the two."));
            }
            let (event, span) = self.next()?;
            pairs.push((Key { place: at, name }, self.node(event, span, depth + 1)?));
        }
    }
}

fn quoting(style: ScalarStyle) -> Quoting {
    if style == ScalarStyle::Plain { Quoting::Plain } else { Quoting::Quoted }
}

fn place(span: &Span) -> Place {
    let width = span.end.index().saturating_sub(span.start.index());
    Place { line: span.start.line(), col: span.start.col() + 1, width: width.max(1) }
}

fn no_tricks(at: Place) -> Problem {
    Problem::error("F007", at, "`&`, `*` and `!` have a special meaning at the start of a text.")
        .help("Put the whole text in quotes.")
}

/// The parser's own words never reach a person: what it stumbled over is said in ours.
fn misread(marker: &saphyr_parser::Marker, _info: &str) -> Problem {
    let at = Place { line: marker.line(), col: marker.col() + 1, width: 1 };
    Problem::error("F001", at, "From here on this file cannot be read as settings.").help(
        "Look at this line and the one before it: is a quote or bracket left open, is the line \
         indented like its neighbours, does every key end in a colon and a space?",
    )
}
