//! The words of a condition → [`Condition`]: a small Pratt parser, names and types checked.
//!
//! `years >= 5 and cadre is nurse` reads as people say it. `and` binds tighter than `or`;
//! nesting is limited; there are no loops and no calls.

use super::{Condition, Kind, Operand, Question};
use crate::flow::problem::nearest;
use jiff::civil::Time;

/// The deepest nesting of brackets and `not`.
const DEEPEST: usize = 20;
/// The longest condition, in words and signs.
const MOST_WORDS: usize = 200;

/// What a condition may speak of.
pub(super) struct Names<'a> {
    /// The questions that come before it, and its own.
    pub questions: &'a [Question],
    /// Whether a bare value (`yes`) speaks of the question it stands under.
    pub own: Option<&'a Question>,
}

/// Reads a condition.
///
/// # Errors
/// What is wrong and what to write instead, in plain words.
pub(super) fn parse(text: &str, names: &Names<'_>) -> Result<Condition, (String, String)> {
    let words = words(text)?;
    let mut parser = Parser { words, at: 0, names, depth: 0 };
    let condition = parser.either()?;
    match parser.peek() {
        None => Ok(condition),
        Some(word) => Err(wrong(&format!("`{}` is not understood here", word.text))),
    }
}

#[derive(Clone, Debug)]
struct Word {
    text: String,
    quoted: bool,
}

fn wrong(what: &str) -> (String, String) {
    let help = "Write a condition like `years >= 5 and cadre is nurse`.";
    (format!("This condition cannot be understood: {what}."), help.to_owned())
}

fn words(text: &str) -> Result<Vec<Word>, (String, String)> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => {
                let inner = &rest[1..];
                let Some(end) = inner.find(first) else {
                    return Err(wrong("a quote is left open"));
                };
                words.push(Word { text: inner[..end].to_owned(), quoted: true });
                rest = inner[end + 1..].trim_start();
                continue;
            }
            '“' | '”' | '‘' | '’' => {
                return Err(wrong("curly quotes are not read; type \" or '"));
            }
            '(' | ')' => 1,
            '<' | '>' | '=' | '!' => rest.chars().take_while(|c| "<>=!".contains(*c)).count(),
            _ => rest
                .find(|c: char| c.is_whitespace() || "()<>=!\"'".contains(c))
                .unwrap_or(rest.len()),
        };
        words.push(Word { text: rest[..length].to_owned(), quoted: false });
        rest = rest[length..].trim_start();
    }
    match words.len() {
        0 => Err(wrong("it is empty")),
        // What is built of them is walked by functions that call themselves.
        count if count > MOST_WORDS => Err(wrong("it is too long")),
        _ => Ok(words),
    }
}

struct Parser<'a> {
    words: Vec<Word>,
    at: usize,
    names: &'a Names<'a>,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Word> {
        self.words.get(self.at)
    }

    fn take(&mut self, word: &str) -> bool {
        let here = self.peek().is_some_and(|w| !w.quoted && w.text.eq_ignore_ascii_case(word));
        self.at += usize::from(here);
        here
    }

    fn either(&mut self) -> Result<Condition, (String, String)> {
        let mut left = self.both()?;
        while self.take("or") {
            left = Condition::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Condition, (String, String)> {
        let mut left = self.single()?;
        while self.take("and") {
            left = Condition::And(Box::new(left), Box::new(self.single()?));
        }
        Ok(left)
    }

    fn single(&mut self) -> Result<Condition, (String, String)> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(wrong("it is nested too deeply"));
        }
        let condition = if self.take("not") {
            Condition::Not(Box::new(self.single()?))
        } else if self.take("(") {
            let inner = self.either()?;
            if !self.take(")") {
                return Err(wrong("a bracket is left open"));
            }
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn comparison(&mut self) -> Result<Condition, (String, String)> {
        let left = self.subject()?;
        if self.take("includes") {
            return self.includes(left);
        }
        if self.take("is") || self.take("=") || self.take("==") {
            let negative = self.take("not");
            if self.take("empty") {
                let empty = Condition::Empty(left);
                return Ok(if negative { Condition::Not(Box::new(empty)) } else { empty });
            }
            let right = self.object(&left)?;
            return Ok(if negative {
                Condition::IsNot(left, right)
            } else {
                Condition::Is(left, right)
            });
        }
        self.ordering(left)
    }

    /// `symptoms includes fever`: for questions with several answers.
    fn includes(&mut self, left: Operand) -> Result<Condition, (String, String)> {
        match self.question_of(&left).map(|question| &question.kind) {
            Some(Kind::Choices(_)) | None => {
                let right = self.object(&left)?;
                Ok(Condition::Includes(left, right))
            }
            Some(_) => Err(wrong("`includes` is for questions of the type `choices`; use `is`")),
        }
    }

    fn ordering(&mut self, left: Operand) -> Result<Condition, (String, String)> {
        let Some(sign) = self.peek().map(|word| word.text.clone()) else {
            return Err(wrong("it stops before saying what is compared"));
        };
        let make = match sign.as_str() {
            "!=" => Condition::IsNot,
            "<" => Condition::Less,
            "<=" => Condition::AtMost,
            ">" => Condition::More,
            ">=" => Condition::AtLeast,
            "=>" => return Err(wrong("`=>` is no comparison; did you mean `>=`?")),
            "=<" => return Err(wrong("`=<` is no comparison; did you mean `<=`?")),
            _ => return Err(wrong(&format!("`{sign}` is no comparison; write `is`, `<`, `>=` …"))),
        };
        self.at += 1;
        if sign != "!=" {
            self.must_have_an_order(&left)?;
        }
        let right = self.object(&left)?;
        if sign != "!=" && matches!(right, Operand::Text(_)) && !self.is_date(&left) {
            return Err(wrong(&format!("`{sign}` compares numbers or dates, not texts")));
        }
        Ok(make(left, right))
    }

    fn must_have_an_order(&self, operand: &Operand) -> Result<(), (String, String)> {
        let Some(question) = self.question_of(operand) else { return Ok(()) };
        match question.kind {
            Kind::Number(_) | Kind::Date(_) | Kind::Time(_) => Ok(()),
            _ => Err(wrong(&format!("`{}` is no number and no date; use `is`", question.id))),
        }
    }

    fn is_date(&self, operand: &Operand) -> bool {
        let kind = self.question_of(operand).map(|question| &question.kind);
        matches!(kind, Some(Kind::Date(_) | Kind::Time(_))) || matches!(operand, Operand::Field(_))
    }

    fn question_of(&self, operand: &Operand) -> Option<&Question> {
        let Operand::Answer(id) = operand else { return None };
        self.known().find(|question| question.id == *id)
    }

    fn known(&self) -> impl Iterator<Item = &Question> {
        self.names.questions.iter().chain(self.names.own)
    }

    /// The left side: a question or a field.
    fn subject(&mut self) -> Result<Operand, (String, String)> {
        let Some(word) = self.peek().cloned() else {
            return Err(wrong("it stops before saying what is compared"));
        };
        self.at += 1;
        if let Some(field) = word.text.strip_prefix("contact.") {
            return Ok(Operand::Field(field.to_owned()));
        }
        if self.known().any(|question| question.id == word.text) {
            return Ok(Operand::Answer(word.text));
        }
        if word.text == "score" {
            return Ok(Operand::Score);
        }
        let ids: Vec<&str> = self.known().map(|question| question.id.as_str()).collect();
        let inside = format!("{}.", word.text);
        let inside: Vec<&str> = ids.iter().copied().filter(|id| id.starts_with(&inside)).collect();
        let help = match nearest(&word.text, ids.iter().copied()) {
            _ if !inside.is_empty() => {
                format!("It takes in a flow; write one of its questions: {}.", inside.join(", "))
            }
            Some(id) => format!("Did you mean `{id}`?"),
            None if ids.is_empty() => "No question comes before this one.".to_owned(),
            None => format!("The questions before it are: {}.", ids.join(", ")),
        };
        Err((format!("There is no question `{}` before this one.", word.text), help))
    }

    /// Another number or date on the right side: an earlier answer or a field of the contact.
    fn compared_with(&self, left: &Operand, word: &Word) -> Option<Operand> {
        let of_kind = |operand: &Operand| self.question_of(operand).map(|question| &question.kind);
        let kind = of_kind(left)?;
        if word.quoted || !matches!(kind, Kind::Number(_) | Kind::Date(_)) {
            return None;
        }
        if let Some(field) = word.text.strip_prefix("contact.") {
            return Some(Operand::Field(field.to_owned()));
        }
        let right = Operand::Answer(word.text.clone());
        let is_same = matches!(
            (kind, of_kind(&right)),
            (Kind::Number(_), Some(Kind::Number(_))) | (Kind::Date(_), Some(Kind::Date(_)))
        );
        is_same.then_some(right)
    }

    /// The right side: a value that the left side can have.
    fn object(&mut self, left: &Operand) -> Result<Operand, (String, String)> {
        let Some(word) = self.peek().cloned() else {
            return Err(wrong("it stops before the value"));
        };
        self.at += 1;
        if word.text == "(" || word.text == ")" {
            return Err(wrong("a value is missing before the bracket"));
        }
        if let Some(operand) = self.compared_with(left, &word) {
            return Ok(operand);
        }
        let Some(question) = self.question_of(left) else {
            let number = word.text.parse().ok().filter(|_| !word.quoted);
            return Ok(number.map_or(Operand::Text(word.text), Operand::Number));
        };
        match &question.kind {
            Kind::Number(_) => match word.text.parse() {
                Ok(number) => Ok(Operand::Number(number)),
                Err(_) => Err(wrong(&format!(
                    "`{}` is a number and is compared with `{}`",
                    question.id, word.text
                ))),
            },
            Kind::YesNo => one_of(&word.text, &question.id, ["yes", "no"]),
            Kind::Choice(choices) | Kind::Choices(choices) => {
                one_of(&word.text, &question.id, choices.iter().map(|choice| choice.id.as_str()))
            }
            Kind::Date(_) if word.text.parse::<jiff::civil::Date>().is_err() => {
                Err(wrong(&format!("`{}` is no date; write it like 1979-05-03", word.text)))
            }
            Kind::Time(_) if Time::strptime("%H:%M", &word.text).is_err() => {
                Err(wrong(&format!("`{}` is no time; write it like \"08:30\"", word.text)))
            }
            Kind::Date(_)
            | Kind::Time(_)
            | Kind::Phone
            | Kind::Code { .. }
            | Kind::Place(_)
            | Kind::Text { .. }
            | Kind::Audio { .. } => Ok(Operand::Text(word.text)),
        }
    }
}

fn one_of<'a>(
    word: &str,
    question: &str,
    values: impl IntoIterator<Item = &'a str>,
) -> Result<Operand, (String, String)> {
    let values: Vec<&str> = values.into_iter().collect();
    if values.contains(&word) {
        return Ok(Operand::Text(word.to_owned()));
    }
    let help = match nearest(word, values.iter().copied()) {
        Some(value) => format!("Did you mean `{value}`?"),
        None => format!("It can be: {}.", values.join(", ")),
    };
    Err((format!("The answer to `{question}` is never `{word}`."), help))
}
