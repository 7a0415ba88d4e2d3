//! The steps of a flow: questions with their kinds, conditions and branches; things to say.

use super::condition_parse::{self, Names};
use super::fields::{Fields, Problems, text_of, texts, whole};
use super::problem::{Place, Problem, nearest};
use super::read::{id, one_of, rules, wording, yes_or_no};
use super::take_in::{self, Around, Stretch, TakenIn};
use super::tree::{Content, Key, Node};
use super::voice_read::{self, Answer};
use super::{
    Beside, Branch, Choice, Condition, DateBound, DateRule, Kind, NumberRule, PlaceRule, Question,
    Recordings, Rules, Say, Step, Target, TimeRule, Unsure, plain,
};
use crate::model::Language;
use jiff::civil::Time;
use std::collections::{BTreeMap, BTreeSet};

/// The most choices or branches of one question: nobody reads more in a text.
const MOST_OF_ONE: usize = 100;
/// The longest free text that is kept, in characters.
const LONGEST_TEXT: usize = 480;

const KINDS: [&str; 11] = [
    "yes_no", "choice", "choices", "number", "date", "time", "phone", "code", "place", "text",
    "audio",
];

pub(super) struct QuestionReader<'a> {
    pub languages: &'a [Language],
    pub rules: &'a Rules,
    pub beside: &'a Beside,
    pub around: Around,
    /// Whether the flow keeps answers apart from who gave them.
    pub anonymous: bool,
}

impl QuestionReader<'_> {
    pub(super) fn steps(&self, node: &Node, problems: &mut Problems) -> Vec<Step> {
        let Content::List(items) = &node.content else {
            let message = "`questions` must be a list: each question begins with `- id:`.";
            problems.add(Problem::error("F010", node.place, message));
            return Vec::new();
        };
        let mut steps: Vec<Step> = Vec::new();
        let mut asked: Vec<Question> = Vec::new();
        let mut names = BTreeSet::new();
        let mut stretches = Vec::new();
        for item in items {
            let Some(TakenIn { id, steps: more }) = self.item(item, &asked, problems) else {
                continue;
            };
            if names.contains(&id) {
                let message = format!("The name `{id}` is taken by an earlier step.");
                problems.add(Problem::error("F020", item.place, message));
            }
            if take_in::is_meant(item) {
                let to = steps.len() + more.len();
                stretches.push(Stretch { id: id.clone(), from: steps.len(), to });
            }
            names.insert(id);
            asked.extend(more.iter().filter_map(|step| match step {
                Step::Ask(question) => Some(question.clone()),
                Step::Say(_) => None,
            }));
            steps.extend(more);
        }
        take_in::settle(&mut steps, &stretches, node.place, problems);
        steps
    }

    /// One item of the list: a step, or all those of a flow that it takes in.
    fn item(&self, node: &Node, before: &[Question], problems: &mut Problems) -> Option<TakenIn> {
        if take_in::is_meant(node) {
            return self.taken_in(node, before, problems);
        }
        let step = self.step(node, before, problems)?;
        Some(TakenIn { id: step.id().to_owned(), steps: vec![step] })
    }

    fn step(&self, node: &Node, before: &[Question], problems: &mut Problems) -> Option<Step> {
        let mut fields = Fields::of(node, "A question", problems)?;
        let name = fields.need("id", problems).and_then(|node| id(node, "id", problems));
        let names = Names { questions: before, own: None };
        let only_if = fields.take("only_if").and_then(|node| condition(node, &names, problems));
        let sms = voice_read::by_sms(fields.take("sms"), problems);
        let by_call = fields.take("voice");
        if let Some(say) = fields.take("say") {
            let say = wording(say, self.languages, "say", problems);
            let voice = voice_read::voice(by_call, self.languages, Answer::NotAwaited, problems);
            fields.finish(problems);
            return Some(Step::Say(Say { id: name?, only_if, say, voice, sms }));
        }
        let voice = voice_read::voice(by_call, self.languages, Answer::Awaited, problems);
        let ask = fields.need("ask", problems);
        let ask = ask.map(|node| wording(node, self.languages, "ask", problems));
        let kind = self.kind(&mut fields, before, problems);
        let example = fields.text("example", problems).map(str::to_owned);
        let right = fields.take("right");
        let may_refuse = yes_or_no("may_refuse", &mut fields, problems);
        let save_to = fields.take("save_to").and_then(|node| save_to(node, problems));
        let rules = rules(fields.take("rules"), self.rules, problems);
        let branches = fields.take("if");
        if kind.is_none() {
            fields.leave_out(&OF_SOME_KIND);
        }
        fields.finish(problems);
        let kind = kind?;
        let mut question = Question {
            id: name?,
            only_if,
            ask: ask?,
            voice: voice.of(&kind),
            sms,
            kind,
            example,
            right: None,
            may_refuse: may_refuse.unwrap_or(false),
            save_to,
            branches: Vec::new(),
            rules,
        };
        question.right = right.and_then(|node| self::right(node, &question, problems));
        question.branches = branches
            .map(|node| self::branches(node, &question, before, problems))
            .unwrap_or_default();
        Some(Step::Ask(question))
    }

    fn kind(
        &self,
        fields: &mut Fields<'_>,
        before: &[Question],
        problems: &mut Problems,
    ) -> Option<Kind> {
        let node = fields.need("type", problems)?;
        let kind = text_of(node, "type", problems)?;
        Some(match kind {
            "yes_no" => Kind::YesNo,
            "choice" => Kind::Choice(self.choices(fields, problems)),
            "choices" => Kind::Choices(self.choices(fields, problems)),
            "time" => Kind::Time(time(fields, problems)),
            "number" => Kind::Number(number(fields, problems)),
            "date" => Kind::Date(date(fields, problems)),
            "phone" => Kind::Phone,
            "code" => Kind::Code { shape: shape(fields, problems) },
            "place" => Kind::Place(self.place(fields, before, problems)?),
            "text" => Kind::Text { longest: longest(fields, problems) },
            "audio" => Kind::Audio { longest: longest(fields, problems) },
            _ => {
                problems.add(no_such_kind(kind, node.place));
                return None;
            }
        })
    }

    fn choices(&self, fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<Choice> {
        let Some(node) = fields.need("choices", problems) else { return Vec::new() };
        let Content::Map(pairs) = &node.content else {
            let problem = Problem::error("F021", node.place, "`choices` must name each choice.");
            problems.add(problem.help("Write a line for each, like `nurse: {en: [Nurse, RN]}`."));
            return Vec::new();
        };
        if pairs.len() < 2 {
            let message = "A question with choices needs two of them at least.";
            problems.add(Problem::error("F021", node.place, message));
        }
        if pairs.len() > MOST_OF_ONE {
            problems.add(too_many("choices", pairs.len(), node.place));
            return Vec::new();
        }
        pairs.iter().map(|(key, node)| self.choice(key, node, problems)).collect()
    }

    fn choice(&self, key: &Key, node: &Node, problems: &mut Problems) -> Choice {
        let owned = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let mut labels = BTreeMap::new();
        let mut recordings = Recordings::default();
        if let Content::Map(pairs) = &node.content {
            for (key, words) in pairs {
                let language = Language::new(&key.name);
                if key.name == "voice" {
                    recordings = voice_read::recordings(words, self.languages, problems);
                } else if self.languages.contains(&language) {
                    labels.insert(language, owned(texts(words, &key.name, problems)));
                } else {
                    problems.add(voice_read::no_such_key(key, "voice", self.languages));
                }
            }
        } else {
            labels.insert(self.languages[0].clone(), owned(texts(node, &key.name, problems)));
        }
        if labels.get(&self.languages[0]).is_none_or(Vec::is_empty) {
            let message =
                format!("The choice `{}` has no words in `{}`.", key.name, self.languages[0]);
            problems.add(Problem::error("F022", key.place, message));
        }
        let words = labels.values().flatten().map(|label| plain(label));
        let called = words.chain([plain(&key.name.replace('_', " "))]).collect();
        Choice { id: key.name.clone(), labels, called, recordings }
    }

    fn place(
        &self,
        fields: &mut Fields<'_>,
        before: &[Question],
        problems: &mut Problems,
    ) -> Option<PlaceRule> {
        let level = fields.need("level", problems);
        let inside = fields.take("inside").and_then(|node| inside(node, before, problems));
        let unsure = fields.take("unsure").and_then(|node| {
            let choices = [("confirm", Unsure::Confirm), ("ask_again", Unsure::AskAgain)];
            one_of(node, "unsure", &choices, problems)
        });
        let list = fields.need("list", problems)?;
        let file = text_of(list, "list", problems)?;
        let Some(found) = self.beside.lists.get(file) else {
            let problem = Problem::error("F023", list.place, format!("There is no list `{file}`."));
            problems.add(match nearest(file, self.beside.lists.keys().map(String::as_str)) {
                Some(near) => problem.help(format!("Did you mean `{near}`?")),
                None => problem.help("Put the list into the office folder, under this name."),
            });
            return None;
        };
        let level_node = level?;
        let level = text_of(level_node, "level", problems)?;
        if !found.rows.iter().any(|row| row.level == level) {
            let levels: Vec<&str> = found.rows.iter().map(|row| row.level.as_str()).collect();
            let message = format!("The list `{file}` has no level `{level}`.");
            let problem = Problem::error("F024", level_node.place, message);
            problems.add(match nearest(level, levels.iter().copied()) {
                Some(near) => problem.help(format!("Did you mean `{near}`?")),
                None => problem.help("Use a word of the list's second column."),
            });
        }
        Some(PlaceRule {
            level: level.to_owned(),
            inside,
            list: found.clone(),
            unsure: unsure.unwrap_or(Unsure::Confirm),
        })
    }
}

/// What belongs to a type. Where the type is not known, that is said, and these are no second
/// problem.
const OF_SOME_KIND: [&str; 9] =
    ["choices", "between", "whole", "shape", "level", "list", "inside", "unsure", "longest"];

fn no_such_kind(kind: &str, at: Place) -> Problem {
    let problem = Problem::error("F025", at, format!("There is no type `{kind}`."));
    match nearest(kind, KINDS) {
        Some(near) => problem.help(format!("Did you mean `{near}`?")),
        None => problem.help(format!("The types are: {}.", KINDS.join(", "))),
    }
}

pub(super) fn condition(
    node: &Node,
    names: &Names<'_>,
    problems: &mut Problems,
) -> Option<Condition> {
    let text = text_of(node, "only_if", problems)?;
    match condition_parse::parse(text, names) {
        Ok(condition) => Some(condition),
        Err((message, help)) => {
            problems.add(Problem::error("F030", node.place, message).help(help));
            None
        }
    }
}

fn too_many(what: &str, count: usize, at: Place) -> Problem {
    let message = format!("These are {count} {what}; a question has {MOST_OF_ONE} at most.");
    Problem::error("F002", at, message).help("Ask in two steps, the larger groups first.")
}

/// `if: {"no": end not_staff, "years < 5": later_question}`.
fn branches(
    node: &Node,
    own: &Question,
    before: &[Question],
    problems: &mut Problems,
) -> Vec<Branch> {
    let Content::Map(pairs) = &node.content else {
        let problem =
            Problem::error("F031", node.place, "`if` must say what follows which answer.");
        problems.add(problem.help("Write it like `if: {\"no\": end not_staff}`."));
        return Vec::new();
    };
    if pairs.len() > MOST_OF_ONE {
        problems.add(too_many("branches", pairs.len(), node.place));
        return Vec::new();
    }
    let names = Names { questions: before, own: Some(own) };
    let branch = |(key, node): &(Key, Node)| {
        let when = when(key, own, &names, problems)?;
        let target = text_of(node, "if", problems)?;
        Some(Branch { when, then: target_of(target) })
    };
    pairs.iter().filter_map(branch).collect()
}

/// A bare value speaks of the question's own answer; anything longer is a condition.
fn when(
    key: &Key,
    own: &Question,
    names: &Names<'_>,
    problems: &mut Problems,
) -> Option<Condition> {
    let bare = !key.name.contains(char::is_whitespace) && !key.name.contains(['<', '>', '=', '!']);
    let text = if bare { format!("{} is \"{}\"", own.id, key.name) } else { key.name.clone() };
    match condition_parse::parse(&text, names) {
        Ok(condition) => Some(condition),
        Err((message, help)) => {
            problems.add(Problem::error("F030", key.place, message).help(help));
            None
        }
    }
}

fn target_of(text: &str) -> Target {
    let mut words = text.split_whitespace();
    match (words.next(), words.next()) {
        (Some("end"), name) => Target::End(name.unwrap_or("done").to_owned()),
        (Some("goto"), Some(step)) => Target::Step(step.to_owned()),
        _ => Target::Step(text.trim().to_owned()),
    }
}

/// The right answer of a quiz: one that the question can have.
fn right(node: &Node, question: &Question, problems: &mut Problems) -> Option<String> {
    let text = text_of(node, "right", problems)?;
    let choices: Vec<&str> = match &question.kind {
        Kind::YesNo => vec!["yes", "no"],
        Kind::Choice(choices) => choices.iter().map(|choice| choice.id.as_str()).collect(),
        _ => return Some(text.to_owned()),
    };
    if choices.contains(&text) {
        return Some(text.to_owned());
    }
    let message = format!("`{text}` can never be the answer, so it cannot be the right one.");
    let problem = Problem::error("F049", node.place, message);
    problems.add(match nearest(text, choices.iter().copied()) {
        Some(near) => problem.help(format!("Did you mean `{near}`?")),
        None => problem.help(format!("It can be: {}.", choices.join(", "))),
    });
    None
}

fn save_to(node: &Node, problems: &mut Problems) -> Option<String> {
    let text = text_of(node, "save_to", problems)?;
    let field = text.strip_prefix("contact.").filter(|field| {
        !field.is_empty() && field.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    });
    if field.is_none() {
        let message = format!("`{text}` is no field of a contact.");
        let problem = Problem::error("F026", node.place, message);
        problems.add(problem.help("Write it like `contact.name_reported`."));
    }
    field.map(str::to_owned)
}

fn inside(node: &Node, before: &[Question], problems: &mut Problems) -> Option<String> {
    let text = text_of(node, "inside", problems)?;
    let is_place = |question: &&Question| matches!(question.kind, Kind::Place(_));
    if before.iter().filter(is_place).any(|question| question.id == text) {
        return Some(text.to_owned());
    }
    let places = before.iter().filter(is_place).map(|question| question.id.as_str());
    let message = format!("`{text}` is no question for a place before this one.");
    let problem = Problem::error("F027", node.place, message);
    problems.add(match nearest(text, places) {
        Some(near) => problem.help(format!("Did you mean `{near}`?")),
        None => problem.help("Ask for the larger place first, or take `inside` away."),
    });
    None
}

fn number(fields: &mut Fields<'_>, problems: &mut Problems) -> NumberRule {
    let whole = yes_or_no("whole", fields, problems);
    let (mut least, mut most) = (None, None);
    if let Some(node) = fields.take("between") {
        match bounds(node).map(|[low, high]| (low.trim().parse(), high.trim().parse())) {
            Some((Ok(low), Ok(high))) if low <= high => (least, most) = (Some(low), Some(high)),
            _ => problems.add(
                Problem::error(
                    "F028",
                    node.place,
                    "`between` must name two numbers, the smaller first.",
                )
                .help("Write it like `between: [0, 60]`."),
            ),
        }
    }
    NumberRule { whole: whole.unwrap_or(false), least, most }
}

fn date(fields: &mut Fields<'_>, problems: &mut Problems) -> DateRule {
    let (mut from, mut until) = (None, None);
    if let Some(node) = fields.take("between") {
        match bounds(node).map(|[low, high]| (bound(low), bound(high))) {
            Some((Some(low), Some(high))) => (from, until) = (Some(low), Some(high)),
            _ => problems.add(
                Problem::error(
                    "F028",
                    node.place,
                    "`between` must name two dates, the earlier first.",
                )
                .help("Write it like `between: [1940-01-01, today - 16 years]`."),
            ),
        }
    }
    DateRule { from, until }
}

fn time(fields: &mut Fields<'_>, problems: &mut Problems) -> TimeRule {
    let Some(node) = fields.take("between") else { return TimeRule::default() };
    let read = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
    match bounds(node).map(|[low, high]| (read(low), read(high))) {
        Some((Some(low), Some(high))) if low <= high => {
            TimeRule { from: Some(low), until: Some(high) }
        }
        _ => {
            let message = "`between` must name two times, the earlier first.";
            let problem = Problem::error("F028", node.place, message);
            problems.add(problem.help("Write it like `between: [\"06:00\", \"20:00\"]`."));
            TimeRule::default()
        }
    }
}

fn bounds(node: &Node) -> Option<[&str; 2]> {
    let Content::List(items) = &node.content else { return None };
    match &items[..] {
        [low, high] => Some([low.text()?, high.text()?]),
        _ => None,
    }
}

/// `1940-01-01`, `today`, `today - 16 years`.
fn bound(text: &str) -> Option<DateBound> {
    let text = text.trim();
    let Some(rest) = text.strip_prefix("today") else {
        return text.parse().ok().map(DateBound::Day);
    };
    let rest: String = rest.split_whitespace().collect();
    if rest.is_empty() {
        return Some(DateBound::FromToday(jiff::Span::new().fieldwise()));
    }
    let (sign, rest) = rest.split_at_checked(1)?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let number: i64 = rest[..digits].parse().ok().filter(|number| *number <= 1_000)?;
    let number = match sign {
        "-" => -number,
        "+" => number,
        _ => return None,
    };
    let span = match rest[digits..].trim_end_matches('s') {
        "day" => jiff::Span::new().days(number),
        "week" => jiff::Span::new().weeks(number),
        "month" => jiff::Span::new().months(number),
        "year" => jiff::Span::new().years(number),
        _ => return None,
    };
    Some(DateBound::FromToday(span.fieldwise()))
}

fn shape(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<String> {
    let node = fields.take("shape")?;
    let text = text_of(node, "shape", problems)?;
    if !text.contains(['#', '@']) || text.chars().count() > 40 {
        let problem =
            Problem::error("F029", node.place, "This shape has no place for a digit or letter.");
        problems
            .add(problem.help("`#` stands for a digit, `@` for a letter: `######`, `LR-####`."));
        return None;
    }
    Some(text.to_owned())
}

fn longest(fields: &mut Fields<'_>, problems: &mut Problems) -> usize {
    let most = fields.take("longest").and_then(|node| whole(node, "longest", (1, 480), problems));
    most.map_or(LONGEST_TEXT, |most| most as usize)
}
