//! What would become of a person in the middle of a flow if they went on with another version.
//!
//! A judgement without effects. Nobody is moved whose next reply, or whose answers so far, could
//! mean something else in the new version: they keep theirs, and lose nothing by it.

use super::{Today, Turn, turn};
use crate::flow::{Choice, DateBound, Flow, Kind, Question};
use crate::model::{Asks, Contact, Run, RunStatus, Value};

/// What would become of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Becomes {
    /// They wait on at their question; nothing is sent.
    Stays,
    /// Their question is gone: this turn asks them the next one without an answer.
    GoesOn(Box<Turn>),
    /// They keep their version, for this reason.
    Kept(Why),
}

/// Why somebody keeps their version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// They do not wait for anything.
    IsOver,
    /// They were asked "did you mean …?" or which answer they want to correct: their reply means
    /// something in the version that asked.
    AskedBack,
    /// One version keeps answers apart from who gave them, the other does not.
    OtherPromise,
    /// The question they wait at takes other answers now.
    OtherAnswers(String),
    /// Their answer to this question is none in the new version.
    AnswerDoesNotFit(String),
    /// Their question is gone, and nothing is left to ask.
    NothingLeft,
}

/// Judges one person's run.
pub fn becomes(old: &Flow, new: &Flow, contact: &Contact, run: &Run, today: Today) -> Becomes {
    let RunStatus::Waiting(waiting) = &run.status else { return Becomes::Kept(Why::IsOver) };
    if waiting.asks != Asks::Answer || waiting.proposed.is_some() {
        return Becomes::Kept(Why::AskedBack);
    }
    if old.anonymous != new.anonymous {
        return Becomes::Kept(Why::OtherPromise);
    }
    let misfit = run.answers.values().find(|answer| {
        let question = new.question(&answer.question);
        let value = answer.value.as_ref();
        question.zip(value).is_some_and(|(question, value)| !fits(value, &question.kind))
    });
    if let Some(answer) = misfit {
        return Becomes::Kept(Why::AnswerDoesNotFit(answer.question.clone()));
    }
    let id = &waiting.question;
    match (old.question(id), new.question(id)) {
        (_, None) => match turn::ask_next(new, contact, run, today) {
            Some(turn) => Becomes::GoesOn(Box::new(turn)),
            None => Becomes::Kept(Why::NothingLeft),
        },
        (Some(before), Some(after)) if means_the_same(before, after) => Becomes::Stays,
        (_, Some(_)) => Becomes::Kept(Why::OtherAnswers(id.clone())),
    }
}

/// Whether a reply to the question as it was asked is read the same way by the new one. Bounds
/// and texts may differ; the numbers and words of choices may not.
fn means_the_same(before: &Question, after: &Question) -> bool {
    match (&before.kind, &after.kind) {
        (Kind::Choice(old), Kind::Choice(new)) | (Kind::Choices(old), Kind::Choices(new)) => {
            offers_the_same(old, new)
        }
        (Kind::Place(old), Kind::Place(new)) => old.level == new.level && old.inside == new.inside,
        (old, new) => kind(old) == kind(new),
    }
}

/// The choices that were offered keep their numbers and shown words; more may follow.
fn offers_the_same(old: &[Choice], new: &[Choice]) -> bool {
    let shown = |choice: &Choice| -> Vec<Option<String>> {
        choice.labels.values().map(|words| words.first().cloned()).collect()
    };
    let same = |(old, new): (&Choice, &Choice)| old.id == new.id && shown(old) == shown(new);
    old.len() <= new.len() && old.iter().zip(new).all(same)
}

fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::YesNo => "yes_no",
        Kind::Choice(_) => "choice",
        Kind::Choices(_) => "choices",
        Kind::Number(_) => "number",
        Kind::Date(_) => "date",
        Kind::Time(_) => "time",
        Kind::Phone => "phone",
        Kind::Code { .. } => "code",
        Kind::Place(_) => "place",
        // By SMS what would be a recording is a text.
        Kind::Text { .. } | Kind::Audio { .. } => "text",
    }
}

/// Whether a kept value is one that the question could have got.
fn fits(value: &Value, wanted: &Kind) -> bool {
    let offered = |id: &String, choices: &[Choice]| choices.iter().any(|choice| choice.id == *id);
    match (value, wanted) {
        (Value::Choice(id), Kind::Choice(choices)) => offered(id, choices),
        (Value::Choices(ids), Kind::Choices(choices)) => ids.iter().all(|id| offered(id, choices)),
        (Value::Number(number), Kind::Number(rule)) => {
            rule.least.is_none_or(|least| *number >= least)
                && rule.most.is_none_or(|most| *number <= most)
                && (!rule.whole || number.fract() == 0.0)
        }
        (Value::Date(date), Kind::Date(rule)) => {
            // Bounds that are counted from today move by themselves.
            let day = |bound: &Option<DateBound>| match bound {
                Some(DateBound::Day(day)) => Some(*day),
                Some(DateBound::FromToday(_)) | None => None,
            };
            day(&rule.from).is_none_or(|from| *date >= from)
                && day(&rule.until).is_none_or(|until| *date <= until)
        }
        (Value::Time(time), Kind::Time(rule)) => {
            rule.from.is_none_or(|from| *time >= from)
                && rule.until.is_none_or(|until| *time <= until)
        }
        (Value::Place(place), Kind::Place(rule)) => {
            rule.list.find(&place.code).is_some_and(|row| row.level == rule.level)
        }
        (value, wanted) => value.kind() == kind(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Effect;
    use crate::model::{Answer, ContactId, How, Language, Mode, Region, Waiting};

    const OLD: &str = "flow: a\ntitle: A\nquestions:\n\
        - id: open\n  ask: Open?\n  type: yes_no\n\
        - id: packs\n  ask: How many?\n  type: number\n\
        - id: job\n  ask: Job?\n  type: choice\n  choices:\n    nurse: {en: [Nurse]}\n    pa: {en: [PA]}\n\
        - id: water\n  ask: Water?\n  type: yes_no\n";

    fn flow(source: &str) -> Flow {
        let (flow, problems) = crate::flow::read(source, &crate::flow::Beside::default());
        flow.unwrap_or_else(|| panic!("{problems:?}"))
    }

    fn waiting(at: &str, answers: &[(&str, Value)]) -> Run {
        let answer = |(question, value): &(&str, Value)| {
            let question = (*question).to_owned();
            let (value, heard) = (Some(value.clone()), String::new());
            (question.clone(), Answer { question, value, heard, how: How::Exact })
        };
        Run {
            mode: Mode::Sms,
            language: Language::new("en"),
            status: RunStatus::Waiting(Waiting::at(at)),
            answers: answers.iter().map(answer).collect(),
            turn: 2,
        }
    }

    fn judged(new: &str, run: &Run) -> String {
        let contact = Contact::named(ContactId(1), "Mary Kollie");
        let region = Region::new("LR").expect("LR is a country");
        let today = Today { date: jiff::civil::date(2026, 11, 24), region };
        match becomes(&flow(OLD), &flow(new), &contact, run, today) {
            Becomes::Stays => "stays".to_owned(),
            Becomes::GoesOn(turn) => match &turn.effects[..] {
                [Effect::Ask { question, text }] => format!("is asked {question}: {text}"),
                other => format!("{other:?}"),
            },
            Becomes::Kept(why) => format!("{why:?}"),
        }
    }

    #[test]
    fn nobody_is_moved_whose_words_could_mean_something_else() {
        let number = |number: f64| ("packs", Value::Number(number));
        let open = ("open", Value::YesNo(true));
        let at = |question: &str| waiting(question, &[open.clone(), number(14.0)]);
        let at_packs = || waiting("packs", std::slice::from_ref(&open));
        let without_packs = OLD.replace(
            "- id: packs\n  ask: How many?\n  type: number\n",
            "- id: stock\n  ask: Stock?\n  type: number\n",
        );
        let table = [
            ("nothing changed", OLD.to_owned(), at("job"), "stays"),
            ("another text", OLD.replace("Job?", "Your job?"), at("job"), "stays"),
            (
                "a question before it is new",
                OLD.replace("- id: job", "- id: beds\n  ask: Beds?\n  type: number\n- id: job"),
                at("job"),
                "stays",
            ),
            (
                "a choice more",
                OLD.replace("    pa: {en: [PA]}\n", "    pa: {en: [PA]}\n    lab: {en: [Lab]}\n"),
                at("job"),
                "stays",
            ),
            (
                "choices in another order",
                OLD.replace("nurse: {en: [Nurse]}", "lab: {en: [Lab]}"),
                at("job"),
                "OtherAnswers(\"job\")",
            ),
            (
                "words change places",
                OLD.replace("[Nurse]", "[X]").replace("[PA]", "[Nurse]"),
                at("job"),
                "OtherAnswers(\"job\")",
            ),
            (
                "another type",
                OLD.replace("ask: Water?\n  type: yes_no", "ask: Water?\n  type: text"),
                at("water"),
                "OtherAnswers(\"water\")",
            ),
            (
                "other bounds of what is waited for",
                OLD.replace("type: number", "type: number\n  between: [0, 9]"),
                at_packs(),
                "stays",
            ),
            (
                "other bounds of what was answered",
                OLD.replace("type: number", "type: number\n  between: [0, 9]"),
                at("job"),
                "AnswerDoesNotFit(\"packs\")",
            ),
            ("the question is gone", without_packs.clone(), at_packs(), "is asked stock: Stock?"),
            ("an answered question is gone", without_packs, at("job"), "stays"),
            (
                "nothing is left",
                "flow: a\nquestions:\n- id: open\n  ask: Open?\n  type: yes_no\n".to_owned(),
                at_packs(),
                "NothingLeft",
            ),
        ];
        for (what, new, run, expected) in table {
            assert_eq!(judged(&new, &run), expected, "{what}");
        }
    }

    #[test]
    fn a_promise_of_anonymity_is_not_changed_on_the_way() {
        let anonymous = OLD.replace("title: A\n", "title: A\nanonymous: true\n");
        assert_eq!(judged(&anonymous, &waiting("open", &[])), "OtherPromise");
    }

    #[test]
    fn who_was_asked_back_keeps_their_version() {
        let mut run = waiting("job", &[]);
        run.status = RunStatus::Waiting(Waiting { asks: Asks::WhichAnswer, ..Waiting::at("job") });
        assert_eq!(judged(OLD, &run), "AskedBack");
        let proposed = Some(Value::Choice("pa".to_owned()));
        run.status = RunStatus::Waiting(Waiting { proposed, ..Waiting::at("job") });
        assert_eq!(judged(OLD, &run), "AskedBack");
    }
}
