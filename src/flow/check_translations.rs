//! What `check` finds in translations: what is missing in them, and what they say otherwise than
//! the first language. Their lengths and ages are told by the doors.

use super::fields::Problems;
use super::find::child;
use super::problem::{Problem, nearest};
use super::texts::{FlowText, Spot, placeholders, texts};
use super::tree::Node;
use super::{Flow, Kind, Wording};
use crate::model::Language;
use std::collections::BTreeSet;

/// From this many words on, the same text in two languages is no coincidence.
const WORDS_OF_A_SENTENCE: usize = 4;

/// Looks at every text in every language; `root` tells where things stand.
pub(super) fn check(flow: &Flow, root: &Node, problems: &mut Problems) {
    let first = &flow.languages[0];
    for text in texts(flow) {
        match &text.spot {
            Spot::Ask(_) | Spot::Say(_) => {}
            Spot::Choice { .. } => choice_without_words(flow, &text, root, problems),
            Spot::Ending(_) => missing(flow, &text, root, problems),
            Spot::Message(name) => standing(flow, name, &text, root, problems),
        }
        let Some(original) = text.wording.get(first) else { continue };
        for (language, said) in text.wording.iter().filter(|(language, _)| *language != first) {
            let found = [
                lost_placeholders(original, said, flow),
                not_translated(original, said, [first, language]),
                no_yes_or_no(flow, &text, language),
            ];
            for (code, message, help) in found.into_iter().flatten() {
                let at = text.spot.place(root, language);
                problems.add(Problem::warning(code, at, message).help(help));
            }
        }
    }
}

type Finding = Option<(&'static str, String, String)>;

/// The languages that have nothing of their own and nothing of their base.
fn lacking<'a>(flow: &'a Flow, wording: &Wording) -> Vec<&'a str> {
    let has = |language: &&Language| {
        wording.contains_key(language) || wording.contains_key(&language.base())
    };
    flow.languages.iter().filter(|language| !has(language)).map(Language::as_str).collect()
}

fn missing(flow: &Flow, text: &FlowText, root: &Node, problems: &mut Problems) {
    let first = &flow.languages[0];
    let at = text.spot.place(root, first);
    if text.wording.get(first).is_none_or(|text| text.trim().is_empty()) {
        let message = format!("The text in `{first}`, the first language, is missing.");
        problems.add(Problem::error("F038", at, message));
        return;
    }
    let missing = lacking(flow, &text.wording);
    if !missing.is_empty() {
        let message = format!("No text in {}; people will read `{first}`.", missing.join(", "));
        problems.add(Problem::warning("F039", at, message));
    }
}

/// A choice that lacks a language which another choice of the same question has.
fn choice_without_words(flow: &Flow, text: &FlowText, root: &Node, problems: &mut Problems) {
    let Spot::Choice { question, choice } = &text.spot else { return };
    let Some(question) = flow.question(question) else { return };
    let spoken: BTreeSet<&Language> =
        question.kind.choices().iter().flat_map(|choice| choice.labels.keys()).collect();
    // That the first language has words is asked for anyway.
    let missing: Vec<&str> = lacking(flow, &text.wording)
        .into_iter()
        .filter(|tag| *tag != flow.languages[0].as_str())
        .filter(|tag| spoken.iter().any(|language| language.as_str() == *tag))
        .collect();
    if !missing.is_empty() {
        let at = text.spot.place(root, &flow.languages[0]);
        let message = format!(
            "The choice `{choice}` has no words in {}, other choices have.",
            missing.join(", ")
        );
        problems.add(Problem::warning("F113", at, message).help("Add them."));
    }
}

/// What stands between curly brackets in a standing text must be something that is known then.
fn standing(flow: &Flow, name: &str, text: &FlowText, root: &Node, problems: &mut Problems) {
    let own = child(root, "messages").and_then(|messages| child(messages, name));
    if own.is_none() {
        return;
    }
    let of_a_run = ["reply", "proposal", "answers", "title", "score", "score.of", "key"];
    let known: Vec<&str> =
        of_a_run.into_iter().chain(flow.steps.iter().map(|step| step.id())).collect();
    for (language, said) in &text.wording {
        for found in placeholders(said) {
            if found.starts_with("contact.") || known.contains(&found.as_str()) {
                continue;
            }
            let at = text.spot.place(root, language);
            let message = format!("Nothing is known as `{{{found}}}` here.");
            let problem = Problem::error("F111", at, message);
            problems.add(match nearest(&found, known.iter().copied()) {
                Some(near) => problem.help(format!("Did you mean `{{{near}}}`?")),
                None => problem.help("Use {reply}, {contact.first_name} or a question's id."),
            });
        }
    }
}

fn lost_placeholders(original: &str, said: &str, flow: &Flow) -> Finding {
    let lost: Vec<String> = placeholders(original)
        .difference(&placeholders(said))
        .map(|name| format!("`{{{name}}}`"))
        .collect();
    let first = &flow.languages[0];
    (!lost.is_empty()).then(|| {
        let lost = lost.join(", ");
        let message = format!("The text in `{first}` has {lost}, this one has not.");
        ("F110", message, format!("Put {lost} where it belongs, letter by letter."))
    })
}

/// A whole sentence that is the same in two languages was copied, not translated.
fn not_translated(original: &str, said: &str, languages: [&Language; 2]) -> Finding {
    let [first, language] = languages;
    let same = original.trim() == said.trim() && first.base() != language.base();
    (same && original.split_whitespace().count() >= WORDS_OF_A_SENTENCE).then(|| {
        let message = format!("This text in `{language}` is the one in `{first}`.");
        ("F115", message, "Translate it, or take it away: people read the first then.".to_owned())
    })
}

/// The words by which a text says how a yes/no question is answered.
fn yes_and_no(language: &Language) -> Option<[&'static str; 2]> {
    match language.base().as_str() {
        "en" => Some(["yes", "no"]),
        "fr" => Some(["oui", "non"]),
        _ => None,
    }
}

/// A yes/no question that says how to answer in the first language only.
fn no_yes_or_no(flow: &Flow, text: &FlowText, language: &Language) -> Finding {
    let Spot::Ask(id) = &text.spot else { return None };
    let Kind::YesNo = flow.question(id)?.kind else { return None };
    let first = &flow.languages[0];
    let says = |language: &Language| {
        let words = yes_and_no(language)?;
        let text = super::plain(text.wording.get(language)?);
        Some(words.iter().all(|word| text.split(' ').any(|said| said == *word)))
    };
    let [yes, no] = yes_and_no(language)?;
    (says(first)? && !says(language)?).then(|| {
        let message = format!("The text in `{first}` says how to answer, this one does not.");
        ("F114", message, format!("Add “{yes}” and “{no}” to it, like “… {yes} / {no}”."))
    })
}
