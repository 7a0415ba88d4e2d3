//! What `check` finds in what a flow is by call: answers that no key can give, recordings that
//! are missing, steps that nobody ever gets.

use super::check::Places;
use super::fields::Problems;
use super::find::child;
use super::problem::{Place, Problem};
use super::tree::{Content, Node};
use super::{BySms, Flow, Keypad, Kind, Question, Step, Voice};
use crate::model::{Language, Mode};
use std::collections::BTreeSet;

/// How many missing recordings are named; the others are counted.
const NAMED: usize = 3;

/// Looks at the whole flow; `recordings` are those that the office has, where that is known.
pub(super) fn check(
    flow: &Flow,
    root: &Node,
    recordings: Option<&BTreeSet<String>>,
    problems: &mut Problems,
) {
    let places = Places { root };
    header(flow, &places, problems);
    for step in &flow.steps {
        never_met(flow, step, &places, problems);
    }
    if !flow.channels.contains(&Mode::Voice) {
        without_effect(flow, &places, problems);
        return;
    }
    for question in flow.questions() {
        keys(question, &places, problems);
    }
    if let Some(recordings) = recordings {
        missing(flow, recordings, &places, problems);
    }
}

/// Lines of the header that need a channel which the flow does not have.
fn header(flow: &Flow, places: &Places<'_>, problems: &mut Problems) {
    let top = |name| places.top(name).map_or(places.root.place, |node| node.place);
    if let Some(mode) = flow.missed_call_starts.filter(|mode| !flow.channels.contains(mode)) {
        let message = format!(
            "A missed call cannot begin this flow {}, which is not among its channels.",
            match mode {
                Mode::Sms => "by SMS",
                Mode::Voice => "by call",
            }
        );
        let problem = Problem::error("F088", top("missed_call_starts"), message);
        problems.add(problem.help(format!("Write `channels: {}` at the top.", BOTH)));
    }
    if flow.channels.contains(&Mode::Sms) {
        return;
    }
    let own = flow.questions().filter_map(|question| child(places.step(&question.id)?, "rules"));
    let written = |rules| child(child(rules, "voice")?, "fallback");
    let fallbacks = places.top("rules").into_iter().chain(own).filter_map(written);
    for Node { place, .. } in fallbacks.filter(|node| node.text() == Some("sms")) {
        let message = "The question cannot go on by SMS, which is not among the flow's channels.";
        let problem = Problem::error("F089", *place, message);
        problems.add(problem.help(format!("Write `fallback: none`, or `channels: {BOTH}`.")));
    }
}

const BOTH: &str = "[sms, voice]";

/// A step that is passed by in every way in which people are reached.
fn never_met(flow: &Flow, step: &Step, places: &Places<'_>, problems: &mut Problems) {
    // A flow that is taken in may be written for channels that this one does not have.
    if step.is_taken_in() || flow.channels.iter().any(|mode| !step.is_passed_by(*mode)) {
        return;
    }
    let key = if step.by_sms() == BySms::Skip { "sms" } else { "voice" };
    let what = match step {
        Step::Say(_) => "ever hears or reads this",
        Step::Ask(_) => "can ever answer this question",
    };
    let why = match (flow.channels.contains(&Mode::Sms), flow.channels.contains(&Mode::Voice)) {
        (true, true) => "both by SMS and by call it is passed by",
        (true, false) => "by SMS it is passed by, and this flow makes no calls",
        (false, _) => "by call it is passed by, and this flow sends no SMS",
    };
    let problem =
        Problem::error("F084", places.of(step.id(), key), format!("Nobody {what}: {why}."));
    let voice = flow.channels.contains(&Mode::Voice);
    problems.add(problem.help(match (key, voice) {
        ("sms", false) => format!("Write `channels: {BOTH}` at the top, or take `sms: skip` away."),
        (key, _) => format!("Take `{key}: skip` away."),
    }));
}

/// `voice:` under the steps of a flow that makes no calls: said once.
fn without_effect(flow: &Flow, places: &Places<'_>, problems: &mut Problems) {
    let written = |step: &Step| child(places.step(step.id())?, "voice").map(|node| node.place);
    let all: Vec<Place> = flow.steps.iter().filter_map(written).collect();
    let Some(first) = all.first() else { return };
    let message = match all.len() {
        1 => "`voice` has no effect here: this flow makes no calls.".to_owned(),
        count => format!(
            "`voice` has no effect here and in other steps ({count} in all): this flow makes no \
             calls."
        ),
    };
    let problem = Problem::warning("F087", *first, message);
    problems.add(problem.help(format!("Write `channels: {BOTH}` at the top, or take it away.")));
}

/// A question that is asked by call must have an answer that can be keyed, or be recorded.
fn keys(question: &Question, places: &Places<'_>, problems: &mut Problems) {
    let Voice::Prompted { .. } = question.voice else { return };
    let what = format!("`{}`", question.id);
    match question.kind.keypad() {
        Keypad::Keys => {}
        Keypad::TooManyChoices => {
            let message = format!(
                "By call, the {} choices of {what} are more than the {} keys there are for them.",
                question.kind.choices().len(),
                Kind::MOST_KEYED_CHOICES
            );
            let at = places.of(&question.id, "choices");
            problems.add(Problem::error("F082", at, message).help(
                "Ask in two steps, or write `voice: {record: 20 s}` to record the answer, or \
                 `voice: skip` to pass the question by.",
            ));
        }
        Keypad::NoKeys(why) => {
            let at = places.of(&question.id, "type");
            let message = format!("By call, nobody can answer {what}: {why}.");
            problems.add(Problem::error("F081", at, message).help(
                "Write `voice: {record: 20 s}` under it to record the answer, or `voice: skip` to \
                 pass it by.",
            ));
        }
    }
}

/// The recordings that are missing, a line for each language: a flow that was never recorded
/// must not bury everything else that is wrong with it.
fn missing(
    flow: &Flow,
    recordings: &BTreeSet<String>,
    places: &Places<'_>,
    problems: &mut Problems,
) {
    let spoken = flow.spoken();
    for language in &flow.languages {
        let has = |language: &Language, one: &super::Spoken<'_>| {
            flow.languages.contains(language) && one.recordings.find(language, recordings).is_some()
        };
        let missing: Vec<_> = spoken
            .iter()
            .filter(|one| !has(language, one) && !has(&language.base(), one))
            .collect();
        let Some(first) = missing.first() else { continue };
        let names: Vec<&str> =
            missing.iter().take(NAMED).map(|spoken| spoken.name.as_str()).collect();
        let (all, named) = (spoken.len(), names.join(", "));
        let message = match missing.len() {
            1 if all == 1 => format!("The recording in `{language}` is missing: {named}."),
            1 => format!("Of {all} recordings in `{language}`, 1 is missing: {named}."),
            count if count <= NAMED => {
                format!("Of {all} recordings in `{language}`, {count} are missing: {named}.")
            }
            count => format!(
                "Of {all} recordings in `{language}`, {count} are missing: {named} and {} more.",
                count - NAMED
            ),
        };
        let problem = Problem::warning("F083", of_language(language, places), message);
        problems.add(problem.help(format!(
            "Record what is missing, and bring it in with `rollcall prompt import`; or put it into the \
             office folder as .wav: `{}`.",
            first.recordings.path(language)
        )));
    }
}

/// Where a language is named, or else where the file says that it makes calls.
fn of_language(language: &Language, places: &Places<'_>) -> Place {
    let list = places.top("languages");
    let items = match list.map(|node| &node.content) {
        Some(Content::List(items)) => items.as_slice(),
        Some(Content::Text(..) | Content::Map(_)) | None => &[],
    };
    let is_it = |item: &&Node| item.text().is_some_and(|text| Language::new(text) == *language);
    let named = items.iter().find(is_it).or(list).or_else(|| places.top("channels"));
    named.map_or(places.root.place, |node| node.place)
}
