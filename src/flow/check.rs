//! What `check` finds in a flow that can be read: ways that lead nowhere, words that clash.
//!
//! What needs the engine (tests, examples, lengths of messages) is the engine's `prove`.

use super::check_ways;
use super::fields::Problems;
use super::find::child;
use super::problem::{Place, Problem, nearest};
use super::take_in;
use super::texts::placeholders as names_between_brackets;
use super::tree::{Content, Node};
use super::{Flow, Kind, Question, Step, Target, Wording, anonymous, plain};
use std::collections::BTreeSet;

/// Words that belong to everybody and may not be a choice's.
const WORDS_FOR_ALL: [&str; 4] = ["stop", "start", "help", "aide"];
/// What nobody should be asked to send by SMS.
const SECRETS: [&str; 10] = [
    "account number",
    "bank number",
    "pin code",
    "your pin",
    "password",
    "patient's name",
    "patient name",
    "numéro de compte",
    "mot de passe",
    "nom du patient",
];

/// Looks at the whole flow; `root` tells where things stand.
pub(super) fn check(flow: &Flow, root: &Node, problems: &mut Problems) {
    let places = Places { root };
    for (index, step) in flow.steps.iter().enumerate() {
        let later = &flow.steps[index + 1..];
        if let Step::Ask(question) = step {
            choices(flow, question, &places, problems);
        }
        if step.is_taken_in() {
            // The flow that it comes from was looked at by itself.
            continue;
        }
        if let Step::Ask(question) = step {
            branches(flow, question, later, &places, problems);
            secrets(question, &places, problems);
        }
        placeholders(flow, index, &places, problems);
        translations(flow, step, &places, problems);
    }
    let is_empty = |node: &Node| matches!(&node.content, Content::List(items) if items.is_empty());
    if flow.steps.is_empty() && places.top("questions").is_some_and(is_empty) {
        let message = "This flow has no questions.";
        problems.add(Problem::error("F047", places.root.place, message));
    }
    check_ways::check(flow, &places, problems);
    endings(flow, &places, problems);
    start_words(flow, &places, problems);
    if flow.anonymous {
        anonymous::check(flow, &places, problems);
    }
    other_waits(flow, &places, problems);
}

/// Finds the places of steps and keys again in the tree.
pub(super) struct Places<'a> {
    pub(super) root: &'a Node,
}

impl Places<'_> {
    pub(super) fn top(&self, name: &str) -> Option<&Node> {
        child(self.root, name)
    }

    pub(super) fn step(&self, id: &str) -> Option<&Node> {
        let Content::List(items) = &self.top("questions")?.content else { return None };
        let id = take_in::written_as(id);
        items.iter().find(|item| child(item, "id").and_then(Node::text) == Some(id))
    }

    pub(super) fn of(&self, id: &str, key: &str) -> Place {
        let step = self.step(id);
        let inner = step.and_then(|step| child(step, key));
        inner.or(step).unwrap_or(self.root).place
    }
}

fn branches(
    flow: &Flow,
    question: &Question,
    later: &[Step],
    places: &Places<'_>,
    problems: &mut Problems,
) {
    let at = places.of(&question.id, "if");
    for branch in &question.branches {
        match &branch.then {
            Target::End(name) if !flow.endings.contains_key(name) => {
                let problem = Problem::error("F032", at, format!("There is no ending `{name}`."));
                problems.add(match nearest(name, flow.endings.keys().map(String::as_str)) {
                    Some(near) => problem.help(format!("Did you mean `{near}`?")),
                    None => problem.help(format!("Add `{name}:` under `endings:`.")),
                });
            }
            Target::Step(name) if !later.iter().any(|step| step.id() == name) => {
                problems.add(leads_nowhere(flow, name, at, later));
            }
            Target::End(_) | Target::Step(_) => {}
        }
    }
}

fn leads_nowhere(flow: &Flow, name: &str, at: Place, later: &[Step]) -> Problem {
    if flow.steps.iter().any(|step| step.id() == name) {
        let message = format!("`{name}` does not come after this question.");
        return Problem::error("F033", at, message)
            .help("A branch can only lead forward, so that nobody is asked in a circle.");
    }
    let problem = Problem::error("F033", at, format!("There is no question `{name}`."));
    match nearest(name, later.iter().map(Step::id)) {
        Some(near) => problem.help(format!("Did you mean `{near}`?")),
        None => problem.help("Write a later question's id, or `end` and an ending's name."),
    }
}

/// Words that two choices share, or that belong to STOP, START and HELP.
fn choices(flow: &Flow, question: &Question, places: &Places<'_>, problems: &mut Problems) {
    let choices = question.kind.choices();
    let at = places.of(&question.id, "choices");
    let mut taken: Vec<(String, &str)> = Vec::new();
    for choice in choices {
        let words: BTreeSet<String> =
            choice.labels.values().flatten().map(|word| plain(word)).collect();
        for word in words {
            if let Some((_, other)) = taken.iter().find(|(known, _)| *known == word) {
                let message = format!("`{word}` means both `{other}` and `{}`.", choice.id);
                let help = "Take it away from one of them.";
                problems.add(Problem::error("F034", at, message).help(help));
            }
            let clash = WORDS_FOR_ALL.contains(&word.as_str())
                || flow.start_words.iter().any(|start| plain(start) == word);
            if clash {
                let message =
                    format!("`{word}` is a word that works everywhere; here it is a choice.");
                problems.add(Problem::error("F035", at, message).help("Use another word."));
            }
            taken.push((word, &choice.id));
        }
    }
}

fn secrets(question: &Question, places: &Places<'_>, problems: &mut Problems) {
    let asks = |text: &String| SECRETS.iter().any(|secret| text.to_lowercase().contains(secret));
    let open = matches!(
        question.kind,
        Kind::Text { .. } | Kind::Audio { .. } | Kind::Code { .. } | Kind::Number(_)
    );
    if open && question.ask.values().any(asks) {
        let message = "This asks for a secret by SMS, which others can read.";
        let problem = Problem::error("F036", places.of(&question.id, "ask"), message);
        problems.add(problem.help("Ask whether it was given to the office, with yes or no."));
    }
}

fn placeholders(flow: &Flow, index: usize, places: &Places<'_>, problems: &mut Problems) {
    let step = &flow.steps[index];
    let earlier: Vec<&str> = flow.steps[..index].iter().map(Step::id).collect();
    let (wording, key) = match step {
        Step::Say(say) => (&say.say, "say"),
        Step::Ask(question) => (&question.ask, "ask"),
    };
    let at = places.of(step.id(), key);
    for name in names_in(wording) {
        let known = match name.as_str() {
            "example" => matches!(step, Step::Ask(question) if question.example.is_some()),
            "score" | "score.of" => flow.questions().any(|question| question.right.is_some()),
            other => other.starts_with("contact.") || earlier.contains(&other),
        };
        if !known {
            problems.add(match name.as_str() {
                "example" => Problem::error("F037", at, "This question has no example to show.")
                    .help("Add a line like `example: \"7\"`, or take `{example}` away."),
                "score" | "score.of" => {
                    Problem::error("F037", at, "No question says which answer is right.")
                        .help("Add `right:` to the questions that count, or take this away.")
                }
                name => unknown_placeholder(name, at, &earlier),
            });
        }
    }
}

fn unknown_placeholder(name: &str, at: Place, earlier: &[&str]) -> Problem {
    let problem = Problem::error("F037", at, format!("Nothing is known as `{{{name}}}` here."));
    let known = ["contact.name", "contact.first_name", "example"];
    match nearest(name, earlier.iter().copied().chain(known)) {
        Some(near) => problem.help(format!("Did you mean `{{{near}}}`?")),
        None => problem.help("Use {contact.name}, {contact.first_name} or an earlier question."),
    }
}

/// The names between curly brackets, in all languages.
fn names_in(wording: &Wording) -> BTreeSet<String> {
    wording.values().flat_map(|text| names_between_brackets(text)).collect()
}

fn translations(flow: &Flow, step: &Step, places: &Places<'_>, problems: &mut Problems) {
    let (wording, key) = match step {
        Step::Say(say) => (&say.say, "say"),
        Step::Ask(question) => (&question.ask, "ask"),
    };
    let missing: Vec<&str> = flow
        .languages
        .iter()
        .filter(|language| {
            !wording.contains_key(language) && !wording.contains_key(&language.base())
        })
        .map(|language| language.as_str())
        .collect();
    let at = places.of(step.id(), key);
    if wording.get(&flow.languages[0]).is_none_or(|text| text.trim().is_empty()) {
        let message =
            format!("The text in `{}`, the first language, is missing.", flow.languages[0]);
        problems.add(Problem::error("F038", at, message));
    } else if !missing.is_empty() {
        let message =
            format!("No text in {}; people will read `{}`.", missing.join(", "), flow.languages[0]);
        problems.add(Problem::warning("F039", at, message));
    }
}

fn endings(flow: &Flow, places: &Places<'_>, problems: &mut Problems) {
    let Some(node) = places.top("endings") else { return };
    let ids: Vec<&str> = flow.steps.iter().map(Step::id).collect();
    let used = |name: &str| {
        name == "done"
            || flow
                .questions()
                .flat_map(|question| &question.branches)
                .any(|branch| matches!(&branch.then, Target::End(end) if end == name))
    };
    for (name, ending) in &flow.endings {
        let at = child(node, name).map_or(node.place, |node| node.place);
        if !used(name) {
            let message = format!("Nothing leads to the ending `{name}`.");
            problems.add(Problem::warning("F045", at, message));
        }
        for placeholder in ending.say.iter().flat_map(names_in) {
            let is_score = placeholder == "score" || placeholder == "score.of";
            let is_known = is_score || ids.contains(&placeholder.as_str());
            if !placeholder.starts_with("contact.") && !is_known {
                problems.add(unknown_placeholder(&placeholder, at, &ids));
            }
        }
    }
}

/// Who is told that another flow waits must be told which.
fn other_waits(flow: &Flow, places: &Places<'_>, problems: &mut Problems) {
    let node = places.top("messages").and_then(|node| child(node, "other_waits"));
    let Some(node) = node else { return };
    if flow.messages.other_waits.values().any(|text| !text.contains("{title}")) {
        let message = "This does not say which questionnaire waits.";
        let problem = Problem::warning("F120", node.place, message);
        problems.add(problem.help("Write `{title}` where its title shall stand."));
    }
}

fn start_words(flow: &Flow, places: &Places<'_>, problems: &mut Problems) {
    let Some(node) = places.top("start_words") else { return };
    for word in &flow.start_words {
        if WORDS_FOR_ALL.contains(&plain(word).as_str()) || word.contains(char::is_whitespace) {
            let message = format!("`{word}` cannot start a flow.");
            let problem = Problem::error("F046", node.place, message);
            problems.add(problem.help("Use one word that is not STOP, START or HELP."));
        }
    }
}
