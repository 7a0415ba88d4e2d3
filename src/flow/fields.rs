//! A group of settings, taken key by key: what is left over at the end is an unknown key.
//!
//! Used by everything that reads YAML, so that a misspelt key gets the same words everywhere.

use super::problem::{Place, Problem, nearest};
use super::tree::{Content, Key, Node};
use std::time::Duration;

/// The most problems of one file that anybody reads.
pub(super) const MOST_PROBLEMS: usize = 200;
/// The most unknown keys of one group that are named one by one.
const MOST_UNKNOWN: usize = 20;

/// Collects problems while a file is read.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn add(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// All of them so far, in the order they were found.
    pub(super) fn so_far(&self) -> &[Problem] {
        &self.0
    }

    /// Drops those that are none.
    pub(super) fn retain(&mut self, is_one: impl Fn(&Problem) -> bool) {
        self.0.retain(is_one);
    }

    /// All of them, in the order of the file. Where there are more than anybody reads, warnings
    /// go first: a file that cannot be used always says so.
    pub fn into_sorted(mut self) -> Vec<Problem> {
        if self.0.len() > MOST_PROBLEMS {
            self.0.sort_by_key(|problem| (problem.severity, problem.place));
            self.0.truncate(MOST_PROBLEMS);
        }
        self.0.sort_by_key(|problem| (problem.place, problem.code));
        self.0
    }
}

/// The keys of one group that have not been taken yet.
#[derive(Debug)]
pub struct Fields<'a> {
    place: Place,
    left: Vec<&'a (Key, Node)>,
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The keys of a node, which must be a group of settings.
    pub fn of(node: &'a Node, what: &str, problems: &mut Problems) -> Option<Fields<'a>> {
        let Content::Map(pairs) = &node.content else {
            let message =
                format!("{what} must be a group of settings, but this is {}.", node.what());
            problems.add(Problem::error("F010", node.place, message));
            return None;
        };
        Some(Fields { place: node.place, left: pairs.iter().collect(), known: Vec::new() })
    }

    /// Where the group begins.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Takes the value of a key.
    pub fn take(&mut self, name: &'static str) -> Option<&'a Node> {
        self.known.push(name);
        let at = self.left.iter().position(|(key, _)| key.name == name)?;
        Some(&self.left.remove(at).1)
    }

    /// Takes a value that must be there.
    pub fn need(&mut self, name: &'static str, problems: &mut Problems) -> Option<&'a Node> {
        let found = self.take(name);
        let misspelt = |key: &&(Key, Node)| nearest(&key.0.name, [name]).is_some();
        if found.is_none() && !self.left.iter().any(misspelt) {
            let problem = Problem::error("F011", self.place, format!("`{name}:` is missing here."));
            problems.add(problem.help(format!("Add a line that begins with `{name}:`.")));
        }
        found
    }

    /// Whether a key that nobody took may be one of these, misspelt.
    pub fn has_like(&self, names: &[&str]) -> bool {
        let like = |pair: &&(Key, Node)| nearest(&pair.0.name, names.iter().copied()).is_some();
        self.left.iter().any(like)
    }

    /// Says nothing of these keys, whatever they hold.
    pub fn leave_out(&mut self, names: &[&str]) {
        self.left.retain(|(key, _)| !names.contains(&key.name.as_str()));
    }

    /// Whether every key was taken.
    pub fn is_taken(&self) -> bool {
        self.left.is_empty()
    }

    /// Takes a text.
    pub fn text(&mut self, name: &'static str, problems: &mut Problems) -> Option<&'a str> {
        let node = self.take(name)?;
        text_of(node, name, problems)
    }

    /// Says of every key that nobody took that it is unknown.
    pub fn finish(self, problems: &mut Problems) {
        for (index, (key, _)) in self.left.iter().enumerate() {
            if index == MOST_UNKNOWN {
                let more = self.left.len() - MOST_UNKNOWN;
                let message = format!("There are {more} more settings here that nobody knows.");
                problems.add(Problem::error("F012", key.place, message));
                break;
            }
            let message = format!("There is no setting `{}` here.", key.name);
            let problem = Problem::error("F012", key.place, message);
            problems.add(match nearest(&key.name, self.known.iter().copied()) {
                Some(name) => problem.help(format!("Did you mean `{name}`?")),
                None => problem.help(format!("What can stand here: {}.", self.known.join(", "))),
            });
        }
    }
}

/// A node that must be a text.
pub fn text_of<'a>(node: &'a Node, name: &str, problems: &mut Problems) -> Option<&'a str> {
    let text = node.text();
    if text.is_none() {
        let message = format!("`{name}` must be a text, but this is {}.", node.what());
        problems.add(Problem::error("F010", node.place, message));
    }
    text
}

/// A list of texts; a single text counts as a list of one.
pub fn texts<'a>(node: &'a Node, name: &str, problems: &mut Problems) -> Vec<&'a str> {
    match &node.content {
        Content::Text(text, _) => vec![text],
        Content::List(items) => {
            items.iter().filter_map(|item| text_of(item, name, problems)).collect()
        }
        Content::Map(_) => {
            let message = format!("`{name}` must be a list, like [one, two].");
            problems.add(Problem::error("F010", node.place, message));
            Vec::new()
        }
    }
}

/// A whole number within limits.
pub fn whole(node: &Node, name: &str, limits: (u32, u32), problems: &mut Problems) -> Option<u32> {
    let (least, most) = limits;
    let number = node.text().and_then(|text| text.trim().parse().ok());
    let fits = number.filter(|number| (least..=most).contains(number));
    if fits.is_none() {
        let message = format!("`{name}` must be a whole number from {least} to {most}.");
        problems.add(Problem::error("F013", node.place, message));
    }
    fits
}

/// A length of time as people write it: `8 s`, `10 min`, `2 hours`, `1 day`, `2 weeks`.
pub fn duration(node: &Node, name: &str, problems: &mut Problems) -> Option<Duration> {
    let found = node.text().and_then(read_duration);
    if found.is_none() {
        let message = format!("`{name}` must be a length of time.");
        let problem = Problem::error("F014", node.place, message);
        problems
            .add(problem.help("Write it like `30 s`, `10 min`, `2 hours`, `1 day` or `2 weeks`."));
    }
    found
}

/// A length of time, read; `None` where it is none.
pub fn read_duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok().filter(|number| *number <= 100_000)?;
    let unit = match text[digits..].trim().trim_end_matches('s') {
        "" if text[digits..].trim() == "s" => 1,
        "sec" | "second" => 1,
        "min" | "minute" => 60,
        "h" | "hour" => 3_600,
        "d" | "day" => 86_400,
        "week" => 604_800,
        _ => return None,
    };
    Some(Duration::from_secs(number * unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("8 s", 8),
            ("10 min", 600),
            ("2 hours", 7_200),
            ("1 day", 86_400),
            ("2weeks", 1_209_600),
        ] {
            assert_eq!(read_duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "soon", "8", "1 month", "-1 day", "1.5 h"] {
            assert_eq!(read_duration(text), None, "{text}");
        }
    }
}
