//! What a flow says, in the words of the office: for `flow diff` and `flow draw`.

use super::{
    AfterTries, DateBound, DateRule, Fallback, Kind, NumberRule, OtherFlow, ReadBack, Rules,
    Target, TimeRule, Voice, VoiceRules,
};
use crate::model::{Interrupts, Mode};
use std::time::Duration;

/// What counts as an answer: `a whole number from 0 to 60`.
pub fn kind(kind: &Kind) -> String {
    match kind {
        Kind::YesNo => "yes or no".to_owned(),
        Kind::Choice(choices) => format!("one of {} choices", choices.len()),
        Kind::Choices(choices) => format!("several of {} choices", choices.len()),
        Kind::Number(rule) => number(rule),
        Kind::Date(rule) => date(rule),
        Kind::Time(rule) => time(rule),
        Kind::Phone => "a phone number".to_owned(),
        Kind::Code { shape: Some(shape) } => format!("a code like {shape}"),
        Kind::Code { shape: None } => "a code".to_owned(),
        Kind::Place(rule) => match &rule.inside {
            Some(around) => format!("a {} of the list, inside {around}", rule.level),
            None => format!("a {} of the list", rule.level),
        },
        Kind::Text { .. } => "any text".to_owned(),
        Kind::Audio { .. } => "a recording, or any text by SMS".to_owned(),
    }
}

fn number(rule: &NumberRule) -> String {
    let noun = if rule.whole { "a whole number" } else { "a number" };
    let text = |bound: Option<f64>| bound.map(|bound| bound.to_string());
    bounded(noun, text(rule.least), text(rule.most))
}

fn date(rule: &DateRule) -> String {
    let text = |bound: &Option<DateBound>| bound.as_ref().map(date_bound);
    bounded("a date", text(&rule.from), text(&rule.until))
}

fn time(rule: &TimeRule) -> String {
    let text =
        |time: Option<jiff::civil::Time>| time.map(|time| time.strftime("%H:%M").to_string());
    bounded("a time of day", text(rule.from), text(rule.until))
}

fn bounded(noun: &str, least: Option<String>, most: Option<String>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("{noun} from {least} to {most}"),
        (Some(least), None) => format!("{noun} from {least} on"),
        (None, Some(most)) => format!("{noun} up to {most}"),
        (None, None) => noun.to_owned(),
    }
}

fn date_bound(bound: &DateBound) -> String {
    match bound {
        DateBound::Day(day) => day.strftime("%d/%m/%Y").to_string(),
        DateBound::FromToday(span) => from_today(span),
    }
}

fn from_today(span: &jiff::SpanFieldwise) -> String {
    let span = span.0;
    let parts = [
        (i64::from(span.get_years()), "year"),
        (i64::from(span.get_months()), "month"),
        (i64::from(span.get_weeks()), "week"),
        (i64::from(span.get_days()), "day"),
    ];
    let mut text = "today".to_owned();
    for (count, unit) in parts.into_iter().filter(|(count, _)| *count != 0) {
        let sign = if count < 0 { '-' } else { '+' };
        text.push_str(&format!(" {sign} {}", counted(count.unsigned_abs(), unit)));
    }
    text
}

/// Where a branch leads: `end not_staff`, or the question's id.
pub fn target(target: &Target) -> String {
    match target {
        Target::Step(id) => id.clone(),
        Target::End(name) => format!("end {name}"),
    }
}

/// A length of time in its largest whole unit: `2 days`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let fits =
        units.into_iter().find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    match fits {
        Some((unit, name)) => counted(seconds / unit, name),
        None => counted(seconds, "second"),
    }
}

/// How rules differ, a phrase each: `asked again 1 time, was 2 times`.
pub(super) fn rules_that_changed(old: &Rules, new: &Rules) -> Vec<String> {
    let mut phrases = Vec::new();
    let mut was = |what: &str, new: String, old: String| {
        if new != old {
            phrases.push(format!("{what} {new}, was {old}"));
        }
    };
    let times = |count: u8| counted(u64::from(count), "time");
    was("asked again", times(new.ask_again), times(old.ask_again));
    was("after the last try", after(new.then).to_owned(), after(old.then).to_owned());
    was("reminders", reminders(new), reminders(old));
    was("time to answer", duration(new.expires_after), duration(old.expires_after));
    if old.voice != new.voice {
        was("calls", calls(&new.voice), calls(&old.voice));
    }
    was("another flow", other(new.other_flow).to_owned(), other(old.other_flow).to_owned());
    phrases
}

/// The mode in the words of the file.
pub(super) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Sms => "sms",
        Mode::Voice => "voice",
    }
}

/// What a step is by call.
pub(super) fn voice(voice: &Voice) -> String {
    match voice {
        Voice::Prompted { .. } => "played from its recordings".to_owned(),
        Voice::Skip => "passed by".to_owned(),
        Voice::Record { longest, .. } => format!("recorded, {} at most", duration(*longest)),
    }
}

fn calls(rules: &VoiceRules) -> String {
    let redial: Vec<String> = rules.redial.iter().map(|after| duration(*after)).collect();
    let redial = if redial.is_empty() { "never".to_owned() } else { redial.join(", ") };
    let fallback = match rules.fallback {
        Fallback::Sms => "then by SMS",
        Fallback::Nothing => "then no more",
    };
    let again = counted(u64::from(rules.ask_again), "time");
    let patience = duration(rules.no_key_after);
    let interrupts = match rules.interrupts {
        Interrupts::Yes => "",
        Interrupts::No => ", heard to its end",
    };
    let read_back = match rules.read_back {
        ReadBack::Numbers => "",
        ReadBack::Always => ", everything said back",
        ReadBack::Never => ", nothing said back",
    };
    format!(
        "again after {redial}, {fallback}; no key for {patience}, asked again \
         {again}{interrupts}{read_back}"
    )
}

fn other(rule: OtherFlow) -> &'static str {
    match rule {
        OtherFlow::FinishThisFirst => "waits",
        OtherFlow::LetNewOneInterrupt => "interrupts",
        OtherFlow::AskThePerson => "waits until the person says",
    }
}

fn reminders(rules: &Rules) -> String {
    match rules.remind_after {
        Some(after) if rules.reminders > 0 => {
            format!(
                "{}, each after {}",
                counted(u64::from(rules.reminders), "time"),
                duration(after)
            )
        }
        _ => "none".to_owned(),
    }
}

fn after(then: AfterTries) -> &'static str {
    match then {
        AfterTries::Skip => "on to the next question",
        AfterTries::End => "the end",
        AfterTries::Help => "a person in the office",
    }
}

/// `1 day`, `2 days`.
pub fn counted(count: u64, noun: &str) -> String {
    let many = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{many}")
}
