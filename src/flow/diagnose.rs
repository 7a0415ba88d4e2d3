//! Why a file cannot be read: what people get wrong most, looked for when the parser has given up.
//!
//! The parser says where it stumbled, which is often a line too late. Here the lines are looked at
//! as a person would: is a bracket or quote left open, does a key lack its colon, is a line indented
//! like none of its neighbours?

use super::problem::{Place, Problem};

/// The likely reason, if one of the usual ones fits the lines up to where the parser stumbled.
pub(super) fn reason(source: &str, stumbled_at: usize) -> Option<Problem> {
    let mut indents = vec![0];
    let mut opens_a_block = true;
    for (number, line) in (1..).zip(source.lines()) {
        if number > stumbled_at + 1 {
            break;
        }
        let code = without_remark(line);
        if code.trim().is_empty() {
            continue;
        }
        if let Some(problem) = left_open(number, code) {
            return Some(problem);
        }
        let problem = special(number, code)
            .or_else(|| no_colon(number, code))
            .or_else(|| crooked(number, code, &mut indents, opens_a_block));
        if problem.is_some() {
            return problem;
        }
        opens_a_block = code.trim_end().ends_with([':', '|', '>', '-']);
    }
    None
}

/// The line up to ` #`, where that is not inside quotes.
fn without_remark(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') if starts_a_value(&line[..at]) => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '#') if line[..at].ends_with(' ') => return &line[..at],
            _ => {}
        }
    }
    line
}

/// A quote counts as one only where a value can begin; elsewhere it is an apostrophe.
fn starts_a_value(before: &str) -> bool {
    let before = before.trim_end();
    before.is_empty() || before.ends_with([':', ',', '[', '{', '-', '('])
}

/// A quote or bracket that is opened in a line and not closed in it.
fn left_open(number: usize, line: &str) -> Option<Problem> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut quote: Option<(usize, char)> = None;
    let mut skip = false;
    for (col, (at, c)) in (1..).zip(line.char_indices()) {
        if std::mem::take(&mut skip) {
            continue;
        }
        match (quote, c) {
            (Some((_, '"')), '\\') => skip = true,
            (Some((_, mark)), c) if c == mark => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if starts_a_value(&line[..at]) => quote = Some((col, c)),
            (None, '[' | '{') if starts_a_value(&line[..at]) => open.push((col, c)),
            (None, ']' | '}') => drop(open.pop()),
            (None, _) => {}
        }
    }
    let (col, mark) = quote.or_else(|| open.pop())?;
    let what = if matches!(mark, '[' | '{') { "bracket" } else { "quote" };
    let message = format!("The {what} `{mark}` is opened here and not closed in this line.");
    let close = match mark {
        '[' => ']',
        '{' => '}',
        mark => mark,
    };
    let problem = Problem::error("F009", Place { line: number, col, width: 1 }, message);
    Some(problem.help(format!("Write `{close}` where it ends.")))
}

/// A value that begins with a sign that is no letter to the parser.
fn special(number: usize, line: &str) -> Option<Problem> {
    let (key, value) = line.split_once(": ")?;
    let first = value.trim_start().chars().next()?;
    if !matches!(first, '*' | '&' | '!' | '%' | '@' | '`') {
        return None;
    }
    let col = key.chars().count() + 3;
    let place = Place { line: number, col, width: 1 };
    let message = format!("`{first}` has a special meaning at the start of a text.");
    Some(Problem::error("F007", place, message).help("Put the whole text in quotes."))
}

/// `ask "Yes?"`: a key of the language with something behind it, and no colon between.
fn no_colon(number: usize, line: &str) -> Option<Problem> {
    const KEYS: [&str; 22] = [
        "flow",
        "title",
        "languages",
        "start_words",
        "rules",
        "messages",
        "questions",
        "endings",
        "tests",
        "id",
        "ask",
        "say",
        "type",
        "only_if",
        "if",
        "save_to",
        "example",
        "choices",
        "between",
        "whole",
        "list",
        "level",
    ];
    let text = line.trim_start_matches([' ', '-']);
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let lacks = KEYS.contains(&word) && !rest.starts_with(": ") && rest != ":" && !rest.is_empty();
    if !lacks || rest.trim_end() == ":" {
        return None;
    }
    let col = line.chars().count() - text.chars().count() + 1;
    let place = Place { line: number, col, width: word.chars().count() };
    let message = format!("`{word}` needs a colon and a space before what it is set to.");
    let value = rest.trim_start_matches([':', ' ']);
    Some(Problem::error("F008", place, message).help(format!("Write `{word}: {value}`.")))
}

/// A line that is indented like none of the lines it could belong to.
fn crooked(
    number: usize,
    line: &str,
    indents: &mut Vec<usize>,
    opens_a_block: bool,
) -> Option<Problem> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let top = indents.last().copied().unwrap_or(0);
    if indent > top && !opens_a_block {
        return Some(slip(number, indent, top));
    }
    while indents.len() > 1 && indents.last().is_some_and(|top| *top > indent) {
        indents.pop();
    }
    let here = indents.last().copied().unwrap_or(0);
    if indent < top && here != indent {
        let near = if top - indent <= indent - here { top } else { here };
        return Some(slip(number, indent, near));
    }
    if indent > here {
        indents.push(indent);
    }
    if line.trim_start().starts_with("- ") {
        let inner = line.trim_start().trim_start_matches('-');
        let spaces = inner.len() - inner.trim_start().len();
        indents.push(indent + 1 + spaces);
    }
    None
}

fn slip(number: usize, indent: usize, right: usize) -> Problem {
    let place = Place { line: number, col: 1, width: indent.max(1) };
    let message =
        format!("This line begins with {}, its neighbours with {}.", spaces(indent), spaces(right));
    Problem::error("F048", place, message).help("Indent it like the lines that it belongs to.")
}

fn spaces(count: usize) -> String {
    match count {
        0 => "no space".to_owned(),
        1 => "1 space".to_owned(),
        more => format!("{more} spaces"),
    }
}
