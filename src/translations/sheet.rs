//! What goes out to a translator: every text of a flow in one language, with all that is needed
//! to write it well.

use super::record::{Record, State};
use crate::engine;
use crate::flow::Flow;
use crate::flow::texts::{FlowText, Spot, placeholders, texts};
use crate::model::Language;
use rollcall_drivers::pdu::count_segments;

/// The texts of one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The flow's id.
    pub flow: String,
    /// The language that is translated.
    pub first: Language,
    /// The language that it is translated into.
    pub language: Language,
    /// The texts in the order of the flow.
    pub rows: Vec<Row>,
}

/// A text for the translator.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The text's stable name.
    pub key: String,
    /// What it is, in words.
    pub what: String,
    /// The text in the first language.
    pub source: String,
    /// The translation so far.
    pub translation: Option<String>,
    /// How the translation stands.
    pub state: State,
    /// How much of a message is filled by other things than these letters: long names in the place
    /// of placeholders, choices. `None`: the text is no message of its own.
    pub filled: Option<i64>,
    /// What must stay in the text: `{contact.first_name}`.
    pub must_stay: Vec<String>,
}

impl Row {
    /// The text that the translator begins with.
    fn text(&self) -> &str {
        self.translation.as_ref().unwrap_or(&self.source)
    }

    /// How many letters are left in the first message, with the longest names.
    pub fn left(&self) -> Option<i64> {
        Some(LETTERS - count(self.text()) - self.filled?)
    }
}

/// Letters that fit into one message.
pub const LETTERS: i64 = 160;

/// Lays out one language of a flow.
pub fn sheet(flow: &Flow, record: &Record, language: &Language) -> Sheet {
    let first = flow.languages[0].clone();
    let row = |text: &FlowText| {
        let source = text.wording.get(&first)?.clone();
        let translation = text.wording.get(language).cloned();
        let shown = translation.as_ref().unwrap_or(&source);
        Some(Row {
            key: text.spot.key(),
            what: what(&text.spot),
            filled: filled(flow, &text.spot, language, shown),
            must_stay: placeholders(&source).iter().map(|name| format!("{{{name}}}")).collect(),
            state: record.state(text, &first, language),
            source,
            translation,
        })
    };
    let rows = texts(flow).iter().filter_map(row).collect();
    Sheet { flow: flow.id.clone(), first, language: language.clone(), rows }
}

fn filled(flow: &Flow, spot: &Spot, language: &Language, shown: &str) -> Option<i64> {
    let sent = engine::sent_as(flow, spot, language, shown)?;
    Some(i64::try_from(count_segments(&sent).units).unwrap_or(i64::MAX) - count(shown))
}

fn count(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

fn what(spot: &Spot) -> String {
    match spot {
        Spot::Ask(_) => "a question".to_owned(),
        Spot::Say(_) => "said between questions".to_owned(),
        Spot::Choice { question, .. } => {
            format!("words of a choice of `{question}`, the shown one first")
        }
        Spot::Ending(_) => "said at the end".to_owned(),
        Spot::Message(name) => match *name {
            "wrong" => "before a question is asked again",
            "reminder" => "before a question, as a reminder",
            "stopped" => "after STOP",
            "started" => "after START",
            "help" => "after HELP",
            "confirm" => "when an answer is nearly understood",
            "fix" => "after FIX: which answer?",
            "too_late" => "when an answer comes too late",
            _ => "a standing text",
        }
        .to_owned(),
    }
}
