//! The tree of a file → a [`Flow`], with every problem on the way.
//!
//! One pass, from top to bottom: a question may speak of those before it. What is merely
//! suspicious is `check`'s; what stands here makes a flow unusable or shapes it.

use super::fields::{self, Fields, Problems, text_of, texts, whole};
use super::problem::{Place, Problem, nearest};
use super::question::QuestionReader;
use super::take_in::Around;
use super::tree::{Content, Node};
use super::{
    AfterTries, Beside, ByCall, Counts, Ending, Flow, FlowTest, Messages, OtherFlow, Rules,
    TestContact, Wording, Words, defaults, schedule, start_flow,
};
use crate::model::{Language, Value};
use std::collections::BTreeMap;

/// Reads the tree of one file.
pub(super) fn flow(
    root: &Node,
    beside: &Beside,
    around: &Around,
    problems: &mut Problems,
) -> Option<Flow> {
    let mut header = Fields::of(root, "A flow", problems)?;
    let id = header.need("flow", problems).and_then(|node| id(node, "flow", problems));
    let title = header.text("title", problems).map(str::to_owned);
    let languages = header.take("languages").map(|node| languages(node, problems));
    let languages = languages.unwrap_or_else(|| vec![Language::new("en")]);
    let channels = super::voice_read::channels(header.take("channels"), problems);
    let missed_call = header.take("missed_call_starts");
    let missed_call_starts = super::voice_read::missed_call_starts(missed_call, problems);
    let start_words = header.take("start_words").map(|node| texts(node, "start_words", problems));
    let schedules = schedule::schedules(header.take("schedule"), problems);
    let anonymous = yes_or_no("anonymous", &mut header, problems).unwrap_or(false);
    let starts_on_anything = yes_or_no("starts_on_anything", &mut header, problems);
    let rules = rules(header.take("rules"), &defaults::rules(), problems);
    let standing = match anonymous {
        true => defaults::anonymous_messages(&languages),
        false => defaults::messages(&languages),
    };
    let messages = messages(header.take("messages"), standing, &languages, problems);
    let around = around.or_within(id.as_deref());
    let reader = QuestionReader { languages: &languages, rules: &rules, beside, around, anonymous };
    let steps = match header.need("questions", problems) {
        Some(node) => reader.steps(node, problems),
        None => Vec::new(),
    };
    let endings = endings(header.take("endings"), &languages, problems);
    let tests = tests(header.take("tests"), problems);
    header.finish(problems);
    let (words, wrong) = Words::of(&languages, &beside.words);
    for problem in wrong {
        problems.add(problem);
    }
    let id = id?;
    let mut flow = Flow {
        title: title.unwrap_or_else(|| id.clone()),
        id,
        languages,
        anonymous,
        words,
        start_words: start_words.unwrap_or_default().into_iter().map(str::to_uppercase).collect(),
        schedules,
        starts_on_anything: starts_on_anything.unwrap_or(false),
        rules,
        messages,
        steps,
        endings,
        tests,
        channels,
        missed_call_starts,
        standing: Vec::new(),
    };
    flow.settle_voice();
    Some(flow)
}

/// An id: letters, digits, `_` and `-`, beginning with a letter.
pub(super) fn id(node: &Node, name: &str, problems: &mut Problems) -> Option<String> {
    let text = text_of(node, name, problems)?;
    let fits = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        && text.starts_with(|c: char| c.is_ascii_alphabetic());
    if !fits {
        let message = format!("`{text}` cannot be a name.");
        let problem = Problem::error("F015", node.place, message);
        problems.add(problem.help("Use letters, digits, `_` and `-`; begin with a letter."));
        return None;
    }
    Some(text.to_owned())
}

fn languages(node: &Node, problems: &mut Problems) -> Vec<Language> {
    let mut found: Vec<Language> = Vec::new();
    for text in texts(node, "languages", problems) {
        let language = Language::new(text);
        let known = (2..=3).contains(&language.base().as_str().len())
            && text.chars().all(|c| c.is_ascii_alphabetic() || c == '-' || c == '_');
        if !known || found.contains(&language) {
            let message = format!("`{text}` is no language, or it stands twice.");
            let problem = Problem::error("F016", node.place, message);
            problems.add(problem.help("Write languages like [en, fr, en-LR]."));
        } else {
            found.push(language);
        }
    }
    if found.is_empty() { vec![Language::new("en")] } else { found }
}

/// A text in each language: `{en: …, fr: …}`, or one text for the first language.
pub(super) fn wording(
    node: &Node,
    languages: &[Language],
    name: &str,
    problems: &mut Problems,
) -> Wording {
    let mut wording = Wording::new();
    match &node.content {
        Content::Text(text, _) => {
            wording.insert(languages[0].clone(), text.clone());
        }
        Content::Map(pairs) => {
            for (key, value) in pairs {
                let language = Language::new(&key.name);
                if !languages.contains(&language) {
                    problems.add(no_such_language(&key.name, key.place, languages));
                } else if let Some(text) = text_of(value, name, problems) {
                    wording.insert(language, text.to_owned());
                }
            }
        }
        Content::List(_) => {
            let message =
                format!("`{name}` must be a text in each language, like {{en: …, fr: …}}.");
            problems.add(Problem::error("F010", node.place, message));
        }
    }
    wording
}

pub(super) fn no_such_language(name: &str, at: Place, languages: &[Language]) -> Problem {
    let known: Vec<&str> = languages.iter().map(Language::as_str).collect();
    let problem = Problem::error("F017", at, format!("This flow has no language `{name}`."));
    match nearest(name, known.iter().copied()) {
        Some(near) => problem.help(format!("Did you mean `{near}`?")),
        None => problem.help(format!(
            "Its languages are {}; add `{name}` to `languages:` at the top, or take this away.",
            known.join(", ")
        )),
    }
}

/// Rules: what a line does not say is as in `base`.
pub(super) fn rules(node: Option<&Node>, base: &Rules, problems: &mut Problems) -> Rules {
    let mut rules = base.clone();
    let Some(mut fields) = node.and_then(|node| Fields::of(node, "`rules`", problems)) else {
        return rules;
    };
    if let Some(node) = fields.take("wrong_answer") {
        wrong_answer(node, &mut rules, problems);
    }
    if let Some(node) = fields.take("no_answer") {
        no_answer(node, &mut rules, problems);
    }
    if let Some(node) = fields.take("expires_after") {
        let time = fields::duration(node, "expires_after", problems);
        rules.expires_after = time.unwrap_or(rules.expires_after);
    }
    if let Some(node) = fields.take("one_flow_at_a_time") {
        let choices = [
            ("finish_this_first", OtherFlow::FinishThisFirst),
            ("let_new_one_interrupt", OtherFlow::LetNewOneInterrupt),
            ("ask_the_person", OtherFlow::AskThePerson),
        ];
        rules.other_flow =
            one_of(node, "one_flow_at_a_time", &choices, problems).unwrap_or(rules.other_flow);
    }
    if let Some(node) = fields.take("voice") {
        super::voice_read::rules(node, &mut rules.voice, problems);
    }
    fields.finish(problems);
    if rules.remind_after.is_some_and(|remind| remind >= rules.expires_after) {
        let at = node.map_or(Place::START, |node| node.place);
        let message = "The reminder would come after the time is over.";
        problems.add(Problem::error("F018", at, message).help("Make `expires_after` longer."));
    }
    rules
}

fn wrong_answer(node: &Node, rules: &mut Rules, problems: &mut Problems) {
    let Some(mut fields) = Fields::of(node, "`wrong_answer`", problems) else { return };
    if let Some(node) = fields.take("ask_again") {
        let times = whole(node, "ask_again", (0, 5), problems);
        rules.ask_again =
            times.and_then(|times| u8::try_from(times).ok()).unwrap_or(rules.ask_again);
    }
    if let Some(node) = fields.take("then") {
        let choices =
            [("skip", AfterTries::Skip), ("end", AfterTries::End), ("help", AfterTries::Help)];
        rules.then = one_of(node, "then", &choices, problems).unwrap_or(rules.then);
    }
    fields.finish(problems);
}

fn no_answer(node: &Node, rules: &mut Rules, problems: &mut Problems) {
    let Some(mut fields) = Fields::of(node, "`no_answer`", problems) else { return };
    if let Some(node) = fields.take("remind_after") {
        rules.remind_after = if node.text() == Some("never") {
            None
        } else {
            fields::duration(node, "remind_after", problems).or(rules.remind_after)
        };
    }
    if let Some(node) = fields.take("times") {
        let times = whole(node, "times", (0, 10), problems);
        rules.reminders =
            times.and_then(|times| u8::try_from(times).ok()).unwrap_or(rules.reminders);
    }
    if let Some(node) = fields.take("then") {
        one_of(node, "then", &[("expire", ())], problems);
    }
    fields.finish(problems);
}

/// One of several words.
pub(super) fn one_of<T: Copy>(
    node: &Node,
    name: &str,
    choices: &[(&str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let text = text_of(node, name, problems)?;
    let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    if found.is_none() {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let message = format!("`{name}` cannot be `{text}`.");
        let problem = Problem::error("F019", node.place, message);
        problems.add(match nearest(text, words.iter().copied()) {
            Some(near) => problem.help(format!("Did you mean `{near}`?")),
            None => problem.help(format!("It can be: {}.", words.join(", "))),
        });
    }
    found
}

/// A setting that is on or off; `None` where nothing, or nothing possible, stands there.
pub(super) fn yes_or_no(
    name: &'static str,
    fields: &mut Fields<'_>,
    problems: &mut Problems,
) -> Option<bool> {
    let words = [("true", true), ("yes", true), ("false", false), ("no", false)];
    one_of(fields.take(name)?, name, &words, problems)
}

fn messages(
    node: Option<&Node>,
    standing: Messages,
    languages: &[Language],
    problems: &mut Problems,
) -> Messages {
    let mut messages = standing;
    let Some(mut fields) = node.and_then(|node| Fields::of(node, "`messages`", problems)) else {
        return messages;
    };
    let slots: [(&'static str, &mut Wording); 10] = [
        ("wrong", &mut messages.wrong),
        ("must_answer", &mut messages.must_answer),
        ("reminder", &mut messages.reminder),
        ("stopped", &mut messages.stopped),
        ("started", &mut messages.started),
        ("help", &mut messages.help),
        ("confirm", &mut messages.confirm),
        ("fix", &mut messages.fix),
        ("other_waits", &mut messages.other_waits),
        ("too_late", &mut messages.too_late),
    ];
    for (name, slot) in slots {
        if let Some(node) = fields.take(name) {
            slot.extend(wording(node, languages, name, problems));
        }
    }
    for text in ByCall::all() {
        if let Some(node) = fields.take(text.name()) {
            messages.by_call.put(text, wording(node, languages, text.name(), problems));
        }
    }
    fields.finish(problems);
    messages
}

fn endings(
    node: Option<&Node>,
    languages: &[Language],
    problems: &mut Problems,
) -> BTreeMap<String, Ending> {
    let mut endings = BTreeMap::new();
    match node.map(|node| &node.content) {
        Some(Content::Map(pairs)) => {
            for (key, node) in pairs {
                if let Some(ending) = ending(node, languages, problems) {
                    endings.insert(key.name.clone(), ending);
                }
            }
        }
        Some(_) => {
            let at = node.map_or(Place::START, |node| node.place);
            problems.add(Problem::error("F010", at, "`endings` must be a group of settings."));
        }
        None => {}
    }
    let silent = Ending {
        counts_as: None,
        say: None,
        voice: super::Voice::default(),
        add_to_groups: Vec::new(),
        remove_from_groups: Vec::new(),
        start_flow: None,
    };
    endings.entry("done".to_owned()).or_insert(silent);
    endings
}

fn ending(node: &Node, languages: &[Language], problems: &mut Problems) -> Option<Ending> {
    let mut fields = Fields::of(node, "An ending", problems)?;
    let say = fields.take("say").map(|node| wording(node, languages, "say", problems));
    let only_said = super::voice_read::Answer::NotAwaited;
    let voice = super::voice_read::voice(fields.take("voice"), languages, only_said, problems);
    let mut groups = |name| {
        let node = fields.take(name);
        let words = node.map(|node| texts(node, name, problems)).unwrap_or_default();
        words.into_iter().map(str::to_owned).collect()
    };
    let (add_to_groups, remove_from_groups) =
        (groups("add_to_groups"), groups("remove_from_groups"));
    let start_flow = fields.take("start_flow").and_then(|node| start_flow::read(node, problems));
    let counts_as = fields.take("counts_as").and_then(|node| {
        use Counts::*;
        let words = [Completed, Partial, Refused, Ineligible].map(|one| (one.as_str(), one));
        one_of(node, "counts_as", &words, problems)
    });
    fields.finish(problems);
    Some(Ending { counts_as, say, voice, add_to_groups, remove_from_groups, start_flow })
}

fn tests(node: Option<&Node>, problems: &mut Problems) -> Vec<FlowTest> {
    let Some(node) = node else { return Vec::new() };
    let Content::List(items) = &node.content else {
        problems.add(Problem::error(
            "F010",
            node.place,
            "`tests` must be a list: each test begins with `-`.",
        ));
        return Vec::new();
    };
    items.iter().filter_map(|item| test(item, problems)).collect()
}

fn test(node: &Node, problems: &mut Problems) -> Option<FlowTest> {
    let mut fields = Fields::of(node, "A test", problems)?;
    let name = fields.text("name", problems).unwrap_or("a test without a name").to_owned();
    let mode = super::voice_read::channel(fields.take("channel"), problems);
    let contact = fields.take("contact").map(|node| test_contact(node, problems));
    let replies = fields.need("replies", problems).map(|node| texts(node, "replies", problems));
    let expect = match fields.need("expect", problems).map(|node| &node.content) {
        Some(Content::Map(pairs)) => pairs
            .iter()
            .filter_map(|(key, value)| {
                Some((key.name.clone(), text_of(value, &key.name, problems)?.to_owned()))
            })
            .collect(),
        _ => BTreeMap::new(),
    };
    fields.finish(problems);
    Some(FlowTest {
        name,
        line: node.place.line,
        contact: contact.unwrap_or_default(),
        mode,
        replies: replies?.into_iter().map(str::to_owned).collect(),
        expect,
    })
}

fn test_contact(node: &Node, problems: &mut Problems) -> TestContact {
    let mut contact = TestContact::default();
    let Content::Map(pairs) = &node.content else {
        problems.add(Problem::error(
            "F010",
            node.place,
            "`contact` must be like {name: …, language: en}.",
        ));
        return contact;
    };
    for (key, value) in pairs {
        let Some(text) = text_of(value, &key.name, problems) else { continue };
        match key.name.as_str() {
            "name" => contact.name = text.to_owned(),
            "language" => contact.language = Some(Language::new(text)),
            field => drop(contact.fields.insert(field.to_owned(), Value::Text(text.to_owned()))),
        }
    }
    contact
}
