//! What `flow check` says of translations that only their age or their length shows.

use super::record::{Record, State};
use crate::engine;
use crate::flow::texts::{FlowText, texts, tree_of};
use crate::flow::{Flow, Problem};
use crate::model::Language;
use rollcall_drivers::pdu::{SegmentCount, count_segments};

/// Translations that are older than their text, or longer by whole messages.
pub fn check(flow: &Flow, source: &str, record: &Record) -> Vec<Problem> {
    let Some(root) = tree_of(source) else { return Vec::new() };
    let mut problems = Vec::new();
    // A standing text that the file does not have is ours, and so is its translation.
    for text in texts(flow).into_iter().filter(|text| text.spot.node(&root).is_some()) {
        for language in &flow.languages[1..] {
            let found = [stale(flow, &text, language, record), long(flow, &text, language)];
            for (code, message, help) in found.into_iter().flatten() {
                let at = text.spot.place(&root, language);
                problems.push(Problem::warning(code, at, message).help(help));
            }
        }
    }
    problems
}

type Finding = Option<(&'static str, String, String)>;

fn stale(flow: &Flow, text: &FlowText, language: &Language, record: &Record) -> Finding {
    let first = &flow.languages[0];
    let State::Stale { made_for } = record.state(text, first, language) else { return None };
    let message = format!(
        "The text in `{language}` is older than the one in `{first}`: it was made for “{made_for}”."
    );
    let help = format!(
        "Translate it anew; if it is still right, `rollcall flow translate {} --mark-current` \
         says so.",
        flow.id
    );
    Some(("F116", message, help))
}

/// A translation that costs more messages than the text that it translates.
fn long(flow: &Flow, text: &FlowText, language: &Language) -> Finding {
    let first = &flow.languages[0];
    let cost = |language: &Language| -> Option<SegmentCount> {
        let said = text.wording.get(language)?;
        Some(count_segments(&engine::sent_as(flow, &text.spot, language, said)?))
    };
    let (own, original) = (cost(language)?.segments, cost(first)?.segments);
    (own > original).then(|| {
        let message = format!(
            "With the longest names this text takes {own} messages, the one in `{first}` \
             {original}."
        );
        let help = "Shorten it, and look for letters that make messages dear (ê, ç, ’).";
        ("F112", message, help.to_owned())
    })
}
