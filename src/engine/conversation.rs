//! Plays a written conversation against a flow: for `flow test`, `check` and our own tests.

use super::{Asked, Effect, HowRead, Today, Turn, advance, begin, read_reply};
use crate::flow::{Flow, FlowTest};
use crate::model::{Contact, ContactId, Ended, How, Input, Mode, Piece, Run, RunStatus, Value};
use std::collections::BTreeMap;

/// What a test of a flow calls an answer that the person did not want to give.
pub const REFUSED: &str = "(refused)";

/// What a test of a flow calls a question that has no answer; `""` says the same.
pub const UNANSWERED: &str = "(nothing)";
/// What it calls an answer that was recorded.
pub const SPOKEN: &str = "(speaks)";

/// A test or example that does not hold, in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The test's name, or the question whose example is refused.
    pub name: String,
    /// The line of the test, where it has one.
    pub line: Option<usize>,
    /// What happened instead.
    pub why: String,
}

/// Everything in a flow that claims to hold and does not.
pub fn prove(flow: &Flow, today: Today) -> Vec<Failure> {
    let tests = flow.tests.iter().filter_map(|test| {
        let why = play(flow, test, today).err()?;
        Some(Failure { name: test.name.clone(), line: Some(test.line), why })
    });
    tests.chain(examples(flow, today)).collect()
}

/// Examples that their own question would not take.
fn examples(flow: &Flow, today: Today) -> Vec<Failure> {
    let mut failures = Vec::new();
    for question in flow.questions() {
        let Some(example) = &question.example else { continue };
        let earlier = BTreeMap::new();
        let language = &flow.languages[0];
        let asked = Asked { flow, question, language, earlier: &earlier };
        let reading = read_reply(&asked, example, today);
        if !matches!(reading.how, HowRead::Exact | HowRead::Repaired) {
            let why = format!("the example `{example}` would not be taken as an answer");
            failures.push(Failure { name: question.id.clone(), line: None, why });
        }
    }
    failures
}

/// Plays one test.
///
/// # Errors
/// The first difference between what is expected and what happened, in plain words.
pub fn play(flow: &Flow, test: &FlowTest, today: Today) -> Result<(), String> {
    let contact = contact(test);
    let Turn { mut run, effects, .. } = begin(flow, &contact, test.mode, today);
    let mut starts = started(&effects);
    for (index, reply) in test.replies.iter().enumerate() {
        if let RunStatus::Ended(_) = run.status {
            let number = index + 1;
            return Err(format!("the flow was over before reply {number}, `{reply}`"));
        }
        let turn = advance(flow, &contact, &run, &input(flow, &run, reply), today);
        (run, starts) = (turn.run, started(&turn.effects));
    }
    for (what, expected) in &test.expect {
        let found = match what.as_str() {
            "score" => flow.score(&run.answers).0.to_string(),
            "starts" if flow.question("starts").is_none() => starts.clone(),
            what => found(&run, what),
        };
        let (expected, found) = (or_nothing(expected), or_nothing(&found));
        if found != expected {
            return Err(difference(&run, what, expected, found));
        }
    }
    Ok(())
}

/// What a reply of a test is to a run: a text by SMS, pressed keys by call. In a flow that makes
/// calls, words in brackets say what else may come.
pub fn input(flow: &Flow, run: &Run, reply: &str) -> Input {
    let is_called = flow.channels.contains(&Mode::Voice);
    match (reply, run.mode) {
        ("(by sms)", _) if is_called => Input::GoOnBy(Mode::Sms),
        ("(by call)", _) if is_called => Input::GoOnBy(Mode::Voice),
        (text, Mode::Sms) => Input::Text(text.to_owned()),
        ("(silence)", Mode::Voice) => Input::NoKey,
        ("(speaks)", Mode::Voice) => Input::Recorded(SPOKEN.to_owned()),
        // The next call goes on at the same question.
        ("(hangs up)", Mode::Voice) => Input::GoOnBy(Mode::Voice),
        (keys, Mode::Voice) => Input::Keys(keys.trim_end_matches('#').to_owned()),
    }
}

fn contact(test: &FlowTest) -> Contact {
    Contact {
        language: test.contact.language.clone(),
        fields: test.contact.fields.clone(),
        ..Contact::named(ContactId(0), test.contact.name.clone())
    }
}

fn found(run: &Run, what: &str) -> String {
    if what == "ending" {
        return ending(run);
    }
    match run.answers.get(what) {
        Some(answer) if answer.how == How::Refused => Some(REFUSED.to_owned()),
        answer => answer.and_then(|answer| answer.value.as_ref()).map(Value::to_text),
    }
    .unwrap_or_default()
}

/// The flow that a turn starts, as the tests of a flow name it; empty: none.
pub fn started(effects: &[Effect]) -> String {
    let start = effects.iter().find_map(|effect| match effect {
        Effect::StartFlow(next) => Some(next.flow.clone()),
        Effect::Say(_)
        | Effect::Ask { .. }
        | Effect::Play(_)
        | Effect::AskByCall { .. }
        | Effect::Record(_)
        | Effect::Change(_)
        | Effect::Hand(_) => None,
    });
    start.unwrap_or_default()
}

/// Whether the call is over after this turn: it has ended, or nobody listens and nothing is asked.
pub fn is_call_over(turn: &Turn) -> bool {
    let asks = |effect: &Effect| matches!(effect, Effect::AskByCall { .. });
    turn.run.mode == Mode::Voice && !turn.effects.iter().any(asks)
}

/// How a run ended, as the tests of a flow name it.
pub fn ending(run: &Run) -> String {
    match &run.status {
        RunStatus::Waiting(waiting) => format!("(still waiting at `{}`)", waiting.question),
        RunStatus::Ended(ended) => match ended {
            Ended::Completed(name) | Ended::EndedEarly(name) => name.clone(),
            Ended::Expired => "expired".to_owned(),
            Ended::Stopped => "stopped".to_owned(),
            Ended::Cancelled => "cancelled".to_owned(),
            Ended::NeedsPerson => "help".to_owned(),
            Ended::Failed(why) => format!("failed: {why}"),
        },
    }
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { UNANSWERED } else { text }
}

fn difference(run: &Run, what: &str, expected: &str, found: &str) -> String {
    let heard = run.answers.get(what).map(|answer| format!(" (the reply was `{}`)", answer.heard));
    format!(
        "`{what}` should be `{expected}` and is `{found}`{}; the conversation is at {}",
        heard.unwrap_or_default(),
        ending(run)
    )
}

/// What a turn says by SMS, in order.
pub fn said(effects: &[Effect]) -> Vec<&str> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Say(text) | Effect::Ask { text, .. } => Some(text.as_str()),
            Effect::Play(_)
            | Effect::AskByCall { .. }
            | Effect::Record(_)
            | Effect::Change(_)
            | Effect::Hand(_)
            | Effect::StartFlow(_) => None,
        })
        .collect()
}

/// What a turn says by call where nothing is recorded, in order.
pub fn spoken_words(effects: &[Effect]) -> Vec<String> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Play(pieces) | Effect::AskByCall { pieces, .. } => Some(Piece::words(pieces)),
            Effect::Say(_)
            | Effect::Ask { .. }
            | Effect::Record(_)
            | Effect::Change(_)
            | Effect::Hand(_)
            | Effect::StartFlow(_) => None,
        })
        .collect()
}
