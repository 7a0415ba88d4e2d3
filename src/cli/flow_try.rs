//! `rollcall flow try`: a phone in the terminal; what was done can be kept as a test.

use super::Outcome;
use super::flow::Opened;
use crate::engine::{self, Today};
use crate::flow::{self, Flow};
use crate::model::{Contact, ContactId, How, Input, Language, Mode, Run, RunStatus};
use anyhow::{Context as _, Result};
use std::io::BufRead as _;

/// Whom the person at the terminal plays.
const PLAYED: &str = "Mary Kollie";

/// Plays the flow in one of its languages until it is over, or an empty line; then offers to keep it as a test.
pub(super) fn play(opened: &Opened, language: Option<&str>, mode: Mode) -> Result<Outcome> {
    let has = |wanted: &str| opened.flow.languages.contains(&Language::new(wanted));
    if let Some(wanted) = language.filter(|wanted| !has(wanted)) {
        let known: Vec<&str> = opened.flow.languages.iter().map(Language::as_str).collect();
        eprintln!("The flow has no language `{wanted}`; it has {}.", known.join(", "));
        return Ok(Outcome::NotFound);
    }
    if mode == Mode::Voice && !opened.flow.channels.contains(&mode) {
        eprintln!("This flow makes no calls: write `channels: [sms, voice]` at its top.");
        return Ok(Outcome::Failed);
    }
    let contact =
        Contact { language: language.map(Language::new), ..Contact::named(ContactId(0), PLAYED) };
    eprintln!("You are {PLAYED}. {}", how_to(mode));
    let mut turn = engine::begin(&opened.flow, &contact, mode, opened.today);
    let (mut replies, mut waited) = (Vec::new(), false);
    loop {
        engine::said(&turn.effects).iter().for_each(|text| println!("> {text}"));
        engine::spoken_words(&turn.effects).iter().for_each(|words| println!("> {words}"));
        if let RunStatus::Ended(_) = turn.run.status {
            break;
        }
        if engine::is_call_over(&turn) {
            eprintln!(
                "The call is over. (by call): the next one; (by sms): the question as a text."
            );
        }
        let Some(line) = read_line()?.filter(|line| !line.is_empty()) else { break };
        let input = if line == "/tomorrow" {
            waited = true;
            Input::Silence
        } else {
            replies.push(line.clone());
            engine::input(&opened.flow, &turn.run, &line)
        };
        turn = engine::advance(&opened.flow, &contact, &turn.run, &input, opened.today);
    }
    if replies.is_empty() {
        return Ok(Outcome::Done);
    }
    if waited {
        eprintln!("A test cannot wait until tomorrow: this conversation is not kept as one.");
        return Ok(Outcome::Done);
    }
    let starts = engine::started(&turn.effects);
    if !starts.is_empty() {
        eprintln!("Next begins `{starts}`.");
    }
    let told = Told { language, mode, replies, run: turn.run, starts };
    offer(opened, &told)
}

/// What can be typed.
fn how_to(mode: Mode) -> &'static str {
    match mode {
        Mode::Sms => "Type replies; /tomorrow skips to the reminder; an empty line ends.",
        Mode::Voice => {
            "Type the keys that you press, (silence), (speaks), (hangs up) or (by sms); an empty \
             line ends."
        }
    }
}

/// A conversation that was played.
struct Told<'a> {
    language: Option<&'a str>,
    mode: Mode,
    replies: Vec<String>,
    run: Run,
    /// The flow that begins next; empty: none.
    starts: String,
}

fn offer(opened: &Opened, told: &Told<'_>) -> Result<Outcome> {
    eprintln!("Keep this as a test of the flow? Type a name for it; an empty line does not.");
    let Some(name) = read_line()?.filter(|name| !name.is_empty()) else {
        return Ok(Outcome::Done);
    };
    let written = &opened.written;
    let source = with_test(&written.source, &told.as_test(&opened.flow, &name));
    let beside = flow::Beside::of(&written.beside).0;
    let kept = flow::read(&source, &beside).0.filter(|flow| holds(flow, &name, opened.today));
    if kept.is_none() {
        eprintln!("{} stays as it is: the test does not fit into it.", written.file);
        return Ok(Outcome::Failed);
    }
    std::fs::write(&written.file, source).with_context(|| format!("writing {}", written.file))?;
    eprintln!("{} has a new test, `{name}`.", written.file);
    Ok(Outcome::Done)
}

fn holds(flow: &Flow, name: &str, today: Today) -> bool {
    let test = flow.tests.iter().rfind(|test| test.name == name);
    test.is_some_and(|test| engine::play(flow, test, today).is_ok())
}

impl Told<'_> {
    /// The lines of the test, the first one with its `-`.
    fn as_test(&self, flow: &Flow, name: &str) -> Vec<String> {
        let language = self.language.map(|language| format!(", language: {}", quoted(language)));
        let replies: Vec<String> = self.replies.iter().map(|reply| quoted(reply)).collect();
        let mut expect: Vec<String> = Vec::new();
        let over = matches!(self.run.status, RunStatus::Ended(_));
        for question in flow.questions() {
            let answer = self.run.answers.get(&question.id);
            let value = match answer.map(|answer| (&answer.value, answer.how)) {
                Some((Some(value), _)) => value.to_text(),
                Some((None, How::Refused)) => engine::REFUSED.to_owned(),
                // That a question was passed by is a part of what was played, once it is over.
                Some((None, _)) | None if over => engine::UNANSWERED.to_owned(),
                Some((None, _)) | None => continue,
            };
            expect.push(format!("{}: {}", question.id, quoted(&value)));
        }
        if let RunStatus::Ended(_) = self.run.status {
            expect.push(format!("ending: {}", quoted(&engine::ending(&self.run))));
            if !self.starts.is_empty() {
                expect.push(format!("starts: {}", quoted(&self.starts)));
            }
        }
        let mut lines = vec![
            format!("- name: {}", quoted(name)),
            format!("  contact: {{name: {}{}}}", quoted(PLAYED), language.unwrap_or_default()),
        ];
        lines.extend((self.mode == Mode::Voice).then(|| "  channel: voice".to_owned()));
        lines.extend([
            format!("  replies: [{}]", replies.join(", ")),
            format!("  expect: {{{}}}", expect.join(", ")),
        ]);
        lines
    }
}

/// The text in quotes; what JSON quotes, YAML reads.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The flow's source with one more test behind its others; every other line stays as it is.
fn with_test(source: &str, test: &[String]) -> String {
    let mut lines: Vec<&str> = source.lines().collect();
    let is_top = |line: &&str| line.starts_with(|first: char| first.is_ascii_lowercase());
    let Some(head) = lines.iter().position(|line| line.starts_with("tests:")) else {
        let end = source.trim_end();
        return format!("{end}\ntests:\n{}\n", test.join("\n"));
    };
    let after = lines[head + 1..].iter().position(is_top);
    let mut end = after.map_or(lines.len(), |after| head + 1 + after);
    // Empty lines and remarks before the next key belong to that.
    while end > head + 1 && (lines[end - 1].trim().is_empty() || lines[end - 1].starts_with('#')) {
        end -= 1;
    }
    let first = lines[head + 1..end].iter().find(|line| line.trim_start().starts_with('-'));
    let indent = first.map_or(0, |line| line.len() - line.trim_start().len());
    let test: Vec<String> = test.iter().map(|line| format!("{:indent$}{line}", "")).collect();
    lines.splice(end..end, test.iter().map(String::as_str));
    lines.join("\n") + "\n"
}

/// The next line without its end; `None`: there are no more.
fn read_line() -> Result<Option<String>> {
    let mut line = String::new();
    let length = std::io::stdin().lock().read_line(&mut line)?;
    Ok((length > 0).then(|| line.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn added(source: &str) -> String {
        with_test(source, &["- name: \"new\"".to_owned(), "  replies: [\"1\"]".to_owned()])
    }

    #[test]
    fn a_test_stands_behind_the_others_and_is_indented_like_them() {
        expect![[r#"
            flow: a
            tests:
              - name: old
                replies: [yes]
              - name: "new"
                replies: ["1"]

            # The end.
            endings: {}
        "#]]
        .assert_eq(&added(
            "flow: a\ntests:\n  - name: old\n    replies: [yes]\n\n# The end.\nendings: {}\n",
        ));
    }

    #[test]
    fn a_kept_test_says_which_questions_were_passed_by_and_holds() {
        let source = "flow: a\ntitle: A\nquestions:\n- id: enough\n  ask: \"Enough? Yes or no\"\n  \
                      type: yes_no\n- id: need\n  only_if: enough is no\n  ask: \"What?\"\n  \
                      type: text\n";
        let flow = flow::read(source, &flow::Beside::default()).0.expect("a good flow");
        let today = Today {
            date: jiff::civil::date(2026, 3, 2),
            region: crate::model::Region::new("LR").expect("Liberia"),
        };
        let contact = Contact::named(ContactId(0), PLAYED);
        let begun = engine::begin(&flow, &contact, Mode::Sms, today);
        let reply = Input::Text("yes".to_owned());
        let run = engine::advance(&flow, &contact, &begun.run, &reply, today).run;
        let told = Told {
            language: None,
            mode: Mode::Sms,
            replies: vec!["yes".to_owned()],
            run,
            starts: String::new(),
        };
        let test = told.as_test(&flow, "enough");
        expect![[r#"  expect: {enough: "yes", need: "(nothing)", ending: "done"}"#]]
            .assert_eq(&test[3]);
        let kept = flow::read(&with_test(source, &test), &flow::Beside::default()).0;
        let kept = kept.expect("a flow with a test");
        assert_eq!(engine::play(&kept, &kept.tests[0], today), Ok(()));
        let mut wrong = kept.tests[0].clone();
        wrong.expect.insert("need".to_owned(), "gloves".to_owned());
        let why = engine::play(&kept, &wrong, today).expect_err("nothing was answered");
        assert!(why.starts_with("`need` should be `gloves` and is `(nothing)`"), "{why}");
        wrong.expect.insert("need".to_owned(), String::new());
        assert_eq!(engine::play(&kept, &wrong, today), Ok(()));
    }

    #[test]
    fn a_flow_without_tests_gets_its_first() {
        expect![[r#"
            flow: a
            questions: []
            tests:
            - name: "new"
              replies: ["1"]
        "#]]
        .assert_eq(&added("flow: a\nquestions: []\n\n"));
    }
}
