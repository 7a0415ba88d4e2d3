//! A flow inside a flow: the steps of the other flow become steps of this one, as it is read.
//!
//! So there is one list of steps for everything after: STOP, FIX, BACK, ends of time and pinned
//! versions know nothing of it, and no circle is left to run in. The step `home` that takes in
//! the flow with the question `county` becomes the question `home.county`; authors cannot write a
//! dot into an id, so that names never clash. What the other flow says at its end, and what it
//! does there, is left out: the conversation goes on here.

use super::condition_parse::Names;
use super::fields::{Fields, Problems, text_of};
use super::inside::Inside;
use super::problem::{Place, Problem, nearest};
use super::question::{QuestionReader, condition};
use super::read::id;
use super::tree::{self, Content, Node};
use super::{Flow, Question, Severity, Step, Target, Wording, find};
use crate::model::Language;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many flows may stand inside one another, the outermost not counted.
const DEEPEST: usize = 3;
/// How many times a flow and those in it may take one in, so that a small file is not a long work.
const MOST_TAKEN: usize = 100;
/// The most steps of a flow with everything that it takes in.
const MOST_STEPS: usize = 500;
/// Names that a text or condition would read as something else: `{contact.county}`.
const READ_OTHERWISE: [&str; 2] = ["contact", "score"];
/// Problems that only the flow outside can be shown with.
const OF_THE_WHOLE: [&str; 3] = ["F092", "F093", "F094"];

/// Problems after which the questions of the other flow are not all known.
const OF_THE_OTHER: [&str; 5] = ["F090", "F091", "F092", "F093", "F094"];
/// Problems with a question that is not known.
const NOT_KNOWN: [&str; 3] = ["F027", "F030", "F037"];

/// The flows around the one that is read, the outermost first.
#[derive(Clone, Default)]
pub(super) struct Around {
    names: Vec<String>,
    taken: Rc<Cell<usize>>,
}

impl Around {
    /// The same, with the name of the outermost flow once it is known.
    pub(super) fn or_within(&self, id: Option<&str>) -> Around {
        if self.names.is_empty() { self.and(id.unwrap_or_default()) } else { self.clone() }
    }

    fn and(&self, name: &str) -> Around {
        let mut around = self.clone();
        around.names.push(name.to_owned());
        around
    }

    fn way_to(&self, name: &str) -> String {
        let names: Vec<&str> = self.names.iter().map(String::as_str).chain([name]).collect();
        names.join(" -> ")
    }
}

/// A step that takes in another flow, and the steps that it became.
pub(super) struct TakenIn {
    pub id: String,
    pub steps: Vec<Step>,
}

/// Where the steps of a flow taken in lie: from the first to the one after the last.
pub(super) struct Stretch {
    pub id: String,
    pub from: usize,
    pub to: usize,
}

impl Step {
    /// Whether it comes from a flow that this one takes in.
    pub fn is_taken_in(&self) -> bool {
        self.id().contains('.')
    }
}

/// Whether an item of `questions` takes in a flow, misspelt or not.
pub(super) fn is_meant(item: &Node) -> bool {
    let Content::Map(pairs) = &item.content else { return false };
    let has = |name: &str| pairs.iter().any(|(key, _)| key.name == name);
    let near = || pairs.iter().any(|(key, _)| nearest(&key.name, ["flow"]).is_some());
    has("flow") || (!has("ask") && !has("say") && near())
}

/// Questions of a flow that could not be read are not known here; that is no problem of its own.
pub(super) fn forget_what_follows(root: &Node, problems: &mut Problems) {
    let Some(Content::List(steps)) = find::child(root, "questions").map(|node| &node.content)
    else {
        return;
    };
    let is_lost = |step: &&Node| {
        let at = find::child(step, "flow").map(|node| node.place);
        let mut found = problems.so_far().iter();
        found.any(|problem| OF_THE_OTHER.contains(&problem.code) && Some(problem.place) == at)
    };
    let id = |step| find::child(step, "id").and_then(Node::text);
    let lost: Vec<&str> = steps.iter().filter(is_lost).filter_map(id).collect();
    if lost.is_empty() {
        return;
    }
    let lost: Vec<[String; 2]> =
        lost.into_iter().map(|id| [format!("`{id}."), format!("`{{{id}.")]).collect();
    problems.retain(|problem| {
        let names_one = lost.iter().flatten().any(|opening| problem.message.contains(opening));
        !(NOT_KNOWN.contains(&problem.code) && names_one)
    });
}

/// The step of the file that a step comes from: `home` for `home.county`.
pub(super) fn written_as(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

/// The files of the flows that a flow takes in.
pub(super) fn flows_named(source: &str) -> Vec<String> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let Ok(root) = tree::parse(source) else { return Vec::new() };
    let Some(Content::List(steps)) = find::child(&root, "questions").map(|node| &node.content)
    else {
        return Vec::new();
    };
    let name = |step| find::child(step, "flow").and_then(Node::text);
    steps.iter().filter_map(name).filter(|name| is_name(name)).map(file_of).collect()
}

/// Where the office keeps a flow.
fn file_of(name: &str) -> String {
    format!("flows/{name}.yaml")
}

fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

impl QuestionReader<'_> {
    /// Reads a step that takes in a flow.
    pub(super) fn taken_in(
        &self,
        node: &Node,
        before: &[Question],
        problems: &mut Problems,
    ) -> Option<TakenIn> {
        let mut fields = Fields::of(node, "A step", problems)?;
        let id_node = fields.need("id", problems);
        let id = id_node.and_then(|node| id(node, "id", problems));
        let names = Names { questions: before, own: None };
        let only_if = fields.take("only_if").and_then(|node| condition(node, &names, problems));
        let flow_node = fields.need("flow", problems);
        fields.finish(problems);
        let (flow_node, id) = (flow_node?, id?);
        if READ_OTHERWISE.contains(&id.as_str()) {
            let at = id_node.map_or(node.place, |node| node.place);
            let message = format!("A flow cannot be taken in as `{id}`.");
            let problem = Problem::error("F015", at, message);
            problems.add(problem.help(format!("`{id}.` means something else; use another name.")));
        }
        let name = text_of(flow_node, "flow", problems)?;
        let steps = match self.inner(flow_node.place, name, problems) {
            Some(inner) => {
                if inner.anonymous != self.anonymous {
                    problems.add(not_alike(flow_node.place, name, inner.anonymous));
                }
                let inside = Inside::of(&inner, &id, only_if.as_ref(), self.languages);
                let steps: Vec<Step> =
                    inner.steps.into_iter().map(|step| inside.step(step)).collect();
                languages(&steps, name, flow_node.place, self.languages, problems);
                steps
            }
            None => Vec::new(),
        };
        Some(TakenIn { id, steps })
    }

    /// The other flow, as far as it can be read.
    fn inner(&self, at: Place, name: &str, problems: &mut Problems) -> Option<Flow> {
        let around = &self.around;
        if around.names.iter().any(|other| other == name) {
            let way = around.way_to(name);
            let message = format!("A flow would be taken in by itself: {way}.");
            problems.add(Problem::error("F092", at, message).help("Take one of the steps away."));
            return None;
        }
        if around.names.len() > DEEPEST {
            let way = around.way_to(name);
            let message = format!("Flows stand more than {DEEPEST} deep in each other: {way}.");
            let help = "Write the questions of the innermost one where they are asked.";
            problems.add(Problem::error("F093", at, message).help(help));
            return None;
        }
        let Some(source) = self.beside.flows.get(name) else {
            problems.add(self.no_such_flow(at, name));
            return None;
        };
        around.taken.set(around.taken.get() + 1);
        if around.taken.get() > MOST_TAKEN {
            problems.add(too_long(at));
            return None;
        }
        let (flow, found) = super::read_within(source, self.beside, &around.and(name));
        let errors = || found.iter().filter(|problem| problem.severity == Severity::Error);
        if let Some(problem) = errors().find(|problem| OF_THE_WHOLE.contains(&problem.code)) {
            problems.add(Problem { place: at, ..problem.clone() });
        } else if errors().next().is_some() {
            problems.add(has_problems(at, name, errors().count()));
        }
        flow
    }

    fn no_such_flow(&self, at: Place, name: &str) -> Problem {
        let known = self.beside.flows.keys().chain(self.beside.known_flows.iter().flatten());
        let known = known.map(String::as_str).filter(|known| *known != name);
        let problem = Problem::error("F090", at, format!("There is no flow `{name}`."));
        match nearest(name, known) {
            Some(near) => problem.help(format!("Did you mean `{near}`?")),
            None => problem.help(format!("Write it into the office folder: {}.", file_of(name))),
        }
    }
}

/// After all steps are read: what leads to a flow taken in leads to its first step, and what ends
/// in it goes on after it.
pub(super) fn settle(steps: &mut [Step], stretches: &[Stretch], at: Place, found: &mut Problems) {
    if steps.len() > MOST_STEPS && !stretches.is_empty() {
        found.add(too_long(at));
    }
    let step_at = |index: usize| match steps.get(index) {
        Some(step) => Target::Step(step.id().to_owned()),
        None => Target::End("done".to_owned()),
    };
    let mut real = BTreeMap::new();
    for stretch in stretches {
        real.insert(stretch.id.clone(), step_at(stretch.from));
        real.insert(end_of(&stretch.id), step_at(stretch.to));
    }
    for step in steps {
        let Step::Ask(question) = step else { continue };
        for branch in &mut question.branches {
            if let Target::Step(name) = &branch.then
                && let Some(target) = real.get(name)
            {
                branch.then = target.clone();
            }
        }
    }
}

/// The name of the place after a flow taken in, until the steps are all read.
pub(super) fn end_of(id: &str) -> String {
    format!("{id}.")
}

/// What is asked with a promise is not taken in without it, nor the other way round.
fn not_alike(at: Place, name: &str, is_anonymous: bool) -> Problem {
    if is_anonymous {
        let message =
            format!("`{name}` promises that its answers are anonymous; here they would not be.");
        return Problem::error("F149", at, message)
            .help("Start it by itself, or write `anonymous: true` at the top of this flow.");
    }
    let message = format!("This flow is anonymous, and `{name}` was not written for that.");
    Problem::error("F149", at, message)
        .help("Write `anonymous: true` in a copy of it, and take that in.")
}

fn too_long(at: Place) -> Problem {
    let message = format!("With all that it takes in, this flow has more than {MOST_STEPS} steps.");
    Problem::error("F094", at, message).help("Make two flows of it, one after the other.")
}

fn has_problems(at: Place, name: &str, count: usize) -> Problem {
    let (number, shows) = match count {
        1 => ("1 problem".to_owned(), "it"),
        _ => (format!("{count} problems"), "them"),
    };
    let message = format!("The flow `{name}` has {number}.");
    let help = format!("`rollcall flow check flows/{name}.yaml` shows {shows}.");
    Problem::error("F091", at, message).help(help)
}

/// Says which texts people would not find in a language of the flow outside.
fn languages(
    steps: &[Step],
    name: &str,
    at: Place,
    languages: &[Language],
    problems: &mut Problems,
) {
    let without = |language: &Language| {
        let is_silent = |step: &&Step| !speaks(step, language);
        steps.iter().filter(is_silent).map(|step| step.id().to_owned()).collect::<Vec<_>>()
    };
    let first = &languages[0];
    let silent = without(first);
    if !silent.is_empty() {
        let message =
            format!("The flow `{name}` has no text in `{first}`, the first language here.");
        let help = format!("Missing: {}. Add `{first}` in that flow.", silent.join(", "));
        problems.add(Problem::error("F095", at, message).help(help));
    }
    for language in &languages[1..] {
        let silent = without(language);
        if !silent.is_empty() {
            let message = format!(
                "The flow `{name}` has no text in `{language}`; people will read `{first}`."
            );
            let help = format!("Missing: {}.", silent.join(", "));
            problems.add(Problem::warning("F096", at, message).help(help));
        }
    }
}

fn speaks(step: &Step, language: &Language) -> bool {
    let has = |wording: &Wording| {
        [language, &language.base()].into_iter().any(|language| wording.contains_key(language))
    };
    match step {
        Step::Say(say) => has(&say.say),
        Step::Ask(question) => has(&question.ask),
    }
}
