//! What changed between two versions of a flow, in words for the person who changed it.
//!
//! The words say what is different for people who answer; remarks, quotes and the order of keys
//! in a file are no change. Who uses it: `flow diff`, `flow publish`, `flow rollback`.

use super::{
    Branch, BySms, Choice, Condition, Counts, Ending, Flow, Kind, PlaceList, Question, Step, Voice,
    Wording, words,
};
use crate::model::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing that is different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What it is about.
    pub what: Changed,
    /// The step or ending it is about; empty where it is the whole flow.
    pub at: String,
    /// What is different, in plain words.
    pub words: String,
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// Title, languages, start words.
    Header,
    /// When it starts by itself.
    Schedule,
    /// A standing text.
    StandingText,
    /// A step is new.
    Added,
    /// A step is gone.
    TakenAway,
    /// A step has another id and is otherwise the same.
    Renamed,
    /// A step stands elsewhere.
    Moved,
    /// A text in a language.
    Text,
    /// What counts as an answer.
    Answer,
    /// Choices and their words.
    Choices,
    /// When it is asked, and what follows an answer.
    Way,
    /// Tries, reminders, time.
    Rules,
    /// Where the answer goes, the example, the right answer.
    Detail,
    /// An ending.
    Ending,
    /// A list of places.
    List,
}

/// Everything that is different; empty where nothing is.
pub fn changes(old: &Flow, new: &Flow) -> Vec<Change> {
    let mut found = Found { changes: Vec::new() };
    found.header(old, new);
    found.standing_texts(old, new);
    found.steps(old, new);
    found.moved(old, new);
    found.endings(old, new);
    found.lists(old, new);
    found.changes
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

struct Found {
    changes: Vec<Change>,
}

impl Found {
    fn add(&mut self, what: Changed, at: &str, words: String) {
        self.changes.push(Change { what, at: at.to_owned(), words });
    }

    fn header(&mut self, old: &Flow, new: &Flow) {
        let mut was = |what: &str, new: String, old: String| {
            if new != old {
                self.add(Changed::Header, "", format!("{what}: {new}, was {old}"));
            }
        };
        let languages = |flow: &Flow| {
            let names: Vec<&str> = flow.languages.iter().map(|l| l.as_str()).collect();
            names.join(", ")
        };
        was("title", format!("\"{}\"", new.title), format!("\"{}\"", old.title));
        was("languages", languages(new), languages(old));
        let apart = |flow: &Flow| if flow.anonymous { "yes" } else { "no" }.to_owned();
        was("anonymous", apart(new), apart(old));
        was("start words", listed(&new.start_words), listed(&old.start_words));
        let channels = |flow: &Flow| {
            let names: Vec<&str> = flow.channels.iter().map(|mode| words::mode(*mode)).collect();
            names.join(", ")
        };
        was("channels", channels(new), channels(old));
        let flashed = |flow: &Flow| flow.missed_call_starts.map_or("no", words::mode).to_owned();
        was("begins on a missed call", flashed(new), flashed(old));
        let anything = |flow: &Flow| yes_or_no(flow.starts_on_anything).to_owned();
        was("begins on anything", anything(new), anything(old));
        for phrase in words::rules_that_changed(&old.rules, &new.rules) {
            self.add(Changed::Rules, "", format!("rules: {phrase}"));
        }
        if old.schedules != new.schedules {
            let schedules = |flow: &Flow| {
                let all: Vec<String> = flow.schedules.iter().map(ToString::to_string).collect();
                if all.is_empty() { "never".to_owned() } else { all.join("; and ") }
            };
            let words = format!("starts by itself {}, was {}", schedules(new), schedules(old));
            self.add(Changed::Schedule, "", words);
        }
    }

    fn standing_texts(&mut self, old: &Flow, new: &Flow) {
        let languages = &old.languages;
        let (old, new) = (&old.messages, &new.messages);
        for ((name, before), (_, after)) in old.by_name().into_iter().zip(new.by_name()) {
            // A language that is new brings its standing texts along.
            let known = |(language, _): &(&Language, &String)| languages.contains(language);
            let after = after.iter().filter(known).map(|(l, text)| (l.clone(), text.clone()));
            self.texts(Changed::StandingText, name, before, &after.collect());
        }
        for ((name, before), (_, after)) in old.by_call.by_name().zip(new.by_call.by_name()) {
            let known = |(language, _): &(&Language, &String)| languages.contains(language);
            let after = after.iter().filter(known).map(|(l, text)| (l.clone(), text.clone()));
            self.texts(Changed::StandingText, name, before, &after.collect());
        }
    }

    fn steps(&mut self, old: &Flow, new: &Flow) {
        let renamed = renamed(old, new);
        for step in &new.steps {
            let before = renamed.get(step.id()).map_or(step.id(), |before| before.id());
            match old.steps.iter().find(|other| other.id() == before) {
                None => self.added(step),
                Some(was) => {
                    if was.id() != step.id() {
                        let words = format!("`{}` is called `{}` now", was.id(), step.id());
                        self.add(Changed::Renamed, step.id(), words);
                    }
                    self.step(was, step);
                }
            }
        }
        let is_left = |step: &&Step| !new.steps.iter().any(|other| other.id() == step.id());
        let is_renamed = |step: &&Step| renamed.values().any(|other| other.id() == step.id());
        for gone in old.steps.iter().filter(is_left).filter(|step| !is_renamed(step)) {
            let words = format!("`{}` was taken away; answers to it are kept", gone.id());
            self.add(Changed::TakenAway, gone.id(), words);
        }
    }

    fn added(&mut self, step: &Step) {
        let words = match step {
            Step::Say(say) => format!("`{}` is new: {}", say.id, quoted(first(&say.say))),
            Step::Ask(question) => format!(
                "`{}` is new: {} ({})",
                question.id,
                quoted(first(&question.ask)),
                words::kind(&question.kind)
            ),
        };
        self.add(Changed::Added, step.id(), words);
    }

    fn step(&mut self, old: &Step, new: &Step) {
        match (old, new) {
            (Step::Say(old), Step::Say(new)) => {
                self.texts(Changed::Text, &new.id, &old.say, &new.say);
                self.only_if(&new.id, &old.only_if, &new.only_if);
                self.modes(&new.id, (&old.voice, old.sms), (&new.voice, new.sms));
            }
            (Step::Ask(old), Step::Ask(new)) => self.question(old, new),
            (Step::Say(_), Step::Ask(new)) => {
                self.add(Changed::Answer, &new.id, format!("`{}` asks something now", new.id));
            }
            (Step::Ask(_), Step::Say(new)) => {
                self.add(Changed::Answer, &new.id, format!("`{}` asks nothing any more", new.id));
            }
        }
    }

    /// What a step is by call and by SMS.
    fn modes(&mut self, id: &str, old: (&Voice, BySms), new: (&Voice, BySms)) {
        let (was, is) = (words::voice(old.0), words::voice(new.0));
        if was != is {
            self.add(Changed::Detail, id, format!("`{id}` by call: {is}, was {was}"));
        }
        if old.1 != new.1 {
            let words = match new.1 {
                BySms::Sent => "is sent by SMS now",
                BySms::Skip => "is passed by in SMS now",
            };
            self.add(Changed::Detail, id, format!("`{id}` {words}"));
        }
    }

    fn question(&mut self, old: &Question, new: &Question) {
        let id = &new.id;
        self.texts(Changed::Text, id, &old.ask, &new.ask);
        self.kind(id, &old.kind, &new.kind);
        self.only_if(id, &old.only_if, &new.only_if);
        self.branches(id, &old.branches, &new.branches);
        self.modes(id, (&old.voice, old.sms), (&new.voice, new.sms));
        for phrase in words::rules_that_changed(&old.rules, &new.rules) {
            // What the whole flow changed is said once.
            let everywhere = format!("rules: {phrase}");
            if !self.changes.iter().any(|change| change.words == everywhere) {
                self.add(Changed::Rules, id, format!("`{id}`: {phrase}"));
            }
        }
        let details = [
            ("the answer goes to", &old.save_to, &new.save_to),
            ("the example is", &old.example, &new.example),
            ("the right answer is", &old.right, &new.right),
        ];
        if old.may_refuse != new.may_refuse {
            let may =
                if new.may_refuse { "may be skipped now" } else { "may not be skipped any more" };
            self.add(Changed::Rules, id, format!("`{id}` {may}"));
        }
        for (what, old, new) in details.into_iter().filter(|(_, old, new)| old != new) {
            let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
            self.add(
                Changed::Detail,
                id,
                format!("`{id}`: {what} {}, was {}", word(new), word(old)),
            );
        }
    }

    fn kind(&mut self, id: &str, old: &Kind, new: &Kind) {
        let (was, is) = (words::kind(old), words::kind(new));
        if is != was {
            self.add(Changed::Answer, id, format!("`{id}` takes {is}, took {was}"));
        }
        let (old, new) = (old.choices(), new.choices());
        if !old.is_empty() && !new.is_empty() {
            self.choices(id, old, new);
        }
    }

    fn choices(&mut self, id: &str, old: &[Choice], new: &[Choice]) {
        for choice in new {
            let words = match old.iter().find(|other| other.id == choice.id) {
                None => format!("`{id}`: the choice `{}` is new", choice.id),
                Some(before) if before.labels != choice.labels => {
                    format!("`{id}`: the words of the choice `{}` changed", choice.id)
                }
                Some(_) => continue,
            };
            self.add(Changed::Choices, id, words);
        }
        for gone in old.iter().filter(|old| !new.iter().any(|new| new.id == old.id)) {
            let words = format!("`{id}`: the choice `{}` was taken away", gone.id);
            self.add(Changed::Choices, id, words);
        }
        let order = |these: &[Choice], those: &[Choice]| -> Vec<String> {
            let both =
                these.iter().filter(|choice| those.iter().any(|other| other.id == choice.id));
            both.map(|choice| choice.id.clone()).collect()
        };
        if order(old, new) != order(new, old) {
            let words = format!("`{id}`: the choices are numbered in another order");
            self.add(Changed::Choices, id, words);
        }
    }

    fn only_if(&mut self, id: &str, old: &Option<Condition>, new: &Option<Condition>) {
        if old == new {
            return;
        }
        let word = |condition: &Option<Condition>| match condition {
            Some(condition) => format!("only if {condition}"),
            None => "always".to_owned(),
        };
        self.add(Changed::Way, id, format!("`{id}` comes {}, came {}", word(new), word(old)));
    }

    fn branches(&mut self, id: &str, old: &[Branch], new: &[Branch]) {
        if old == new {
            return;
        }
        let word = |branches: &[Branch]| {
            let each = branches.iter().map(|branch| {
                format!("{} leads to {}", branch.when.under(id), words::target(&branch.then))
            });
            let each: Vec<String> = each.collect();
            if each.is_empty() { "every answer leads on".to_owned() } else { each.join(", ") }
        };
        self.add(Changed::Way, id, format!("`{id}`: {}; before: {}", word(new), word(old)));
    }

    fn texts(&mut self, what: Changed, at: &str, old: &Wording, new: &Wording) {
        for (language, text) in new {
            let words = match old.get(language) {
                None => format!("`{at}` has a text in {language} now: {}", quoted(text)),
                Some(before) if before != text => {
                    format!("`{at}` in {language}: {}, was {}", quoted(text), quoted(before))
                }
                Some(_) => continue,
            };
            self.add(what, at, words);
        }
        for language in old.keys().filter(|language| !new.contains_key(language)) {
            self.add(what, at, format!("`{at}` has no text in {language} any more"));
        }
    }

    /// Steps that both have, in another order: those that must be carried to come from one order
    /// to the other, and no others.
    fn moved(&mut self, old: &Flow, new: &Flow) {
        let order = |flow: &Flow, other: &Flow| -> Vec<String> {
            let in_both = |id: &&str| other.steps.iter().any(|step| step.id() == *id);
            flow.steps.iter().map(Step::id).filter(in_both).map(str::to_owned).collect()
        };
        let (before, after) = (order(old, new), order(new, old));
        let stayed = in_same_order(&before, &after);
        for (at, id) in after.iter().enumerate().filter(|(_, id)| !stayed.contains(id)) {
            let words = match at.checked_sub(1) {
                Some(at) => format!("`{id}` comes after `{}` now", after[at]),
                None => format!("`{id}` comes first now"),
            };
            self.add(Changed::Moved, id, words);
        }
    }

    fn endings(&mut self, old: &Flow, new: &Flow) {
        for (name, ending) in &new.endings {
            match old.endings.get(name) {
                None => self.add(Changed::Ending, name, format!("the ending `{name}` is new")),
                Some(before) => self.ending(name, before, ending),
            }
        }
        for name in old.endings.keys().filter(|name| !new.endings.contains_key(*name)) {
            self.add(Changed::Ending, name, format!("the ending `{name}` was taken away"));
        }
    }

    fn ending(&mut self, name: &str, old: &Ending, new: &Ending) {
        let nothing = Wording::new();
        let (before, after) = (old.say.as_ref(), new.say.as_ref());
        let (before, after) = (before.unwrap_or(&nothing), after.unwrap_or(&nothing));
        self.texts(Changed::Ending, name, before, after);
        if old.counts_as != new.counts_as {
            let word = |counts: Option<Counts>| counts.map_or("what is usual", Counts::as_str);
            let (is, was) = (word(new.counts_as), word(old.counts_as));
            self.add(Changed::Ending, name, format!("`{name}` counts as {is}, counted as {was}"));
        }
        let groups = [
            ("join", &old.add_to_groups, &new.add_to_groups),
            ("leave", &old.remove_from_groups, &new.remove_from_groups),
        ];
        for (verb, old, new) in groups.into_iter().filter(|(_, old, new)| old != new) {
            let words = format!("`{name}`: people {verb} {}, before: {}", listed(new), listed(old));
            self.add(Changed::Ending, name, words);
        }
        if old.start_flow != new.start_flow {
            let (now, before) = (started(new), started(old));
            let words = format!("`{name}`: starts {now}, before: {before}");
            self.add(Changed::Ending, name, words);
        }
    }

    fn lists(&mut self, old: &Flow, new: &Flow) {
        let before = lists(old);
        for (file, list) in lists(new) {
            let Some(was) = before.get(file).filter(|was| was.rows != list.rows) else { continue };
            let missing = |these: &PlaceList, those: &PlaceList| {
                let is_new = |code: &str| those.rows.iter().all(|row| row.place.code != code);
                these.rows.iter().filter(|row| is_new(&row.place.code)).count()
            };
            let (came, left) = (missing(list, was), missing(was, list));
            let differs = |row: &super::PlaceRow| {
                was.rows.iter().any(|old| old.place.code == row.place.code && old != row)
            };
            let changed = list.rows.iter().filter(|row| differs(row)).count();
            let words = format!(
                "`{file}`: {came} places are new, {left} were taken away, {changed} have other names"
            );
            self.add(Changed::List, file, words);
        }
    }
}

fn started(ending: &Ending) -> String {
    match &ending.start_flow {
        None => "no other flow".to_owned(),
        Some(next) if next.after.is_zero() => format!("`{}` at once", next.flow),
        Some(next) => {
            let after = jiff::SignedDuration::try_from(next.after).unwrap_or_default();
            format!("`{}` after {after:#}", next.flow)
        }
    }
}

/// New id → the step that it was: the same text and kind of answer under a name that is gone.
fn renamed<'a>(old: &'a Flow, new: &Flow) -> BTreeMap<String, &'a Step> {
    let is_in = |flow: &Flow, id: &str| flow.steps.iter().any(|step| step.id() == id);
    let mut gone: Vec<&Step> = old.steps.iter().filter(|step| !is_in(new, step.id())).collect();
    let mut renamed = BTreeMap::new();
    for step in new.steps.iter().filter(|step| !is_in(old, step.id())) {
        if let Some(at) = gone.iter().position(|gone| says_the_same(gone, step)) {
            renamed.insert(step.id().to_owned(), gone.remove(at));
        }
    }
    renamed
}

fn says_the_same(old: &Step, new: &Step) -> bool {
    match (old, new) {
        (Step::Say(old), Step::Say(new)) => old.say == new.say,
        (Step::Ask(old), Step::Ask(new)) => old.ask == new.ask && old.kind == new.kind,
        (Step::Say(_), Step::Ask(_)) | (Step::Ask(_), Step::Say(_)) => false,
    }
}

/// The longest row of ids that stands in the same order in both.
fn in_same_order(before: &[String], after: &[String]) -> Vec<String> {
    let width = after.len() + 1;
    let mut longest = vec![0_usize; (before.len() + 1) * width];
    for left in (0..before.len()).rev() {
        for right in (0..after.len()).rev() {
            let skip = longest[(left + 1) * width + right].max(longest[left * width + right + 1]);
            let both = longest[(left + 1) * width + right + 1] + 1;
            let same = before[left] == after[right];
            longest[left * width + right] = if same { both } else { skip };
        }
    }
    let (mut left, mut right, mut kept) = (0, 0, Vec::new());
    while left < before.len() && right < after.len() {
        if before[left] == after[right] {
            kept.push(before[left].clone());
            (left, right) = (left + 1, right + 1);
        } else if longest[(left + 1) * width + right] >= longest[left * width + right + 1] {
            left += 1;
        } else {
            right += 1;
        }
    }
    kept
}

fn lists(flow: &Flow) -> BTreeMap<&str, &PlaceList> {
    flow.questions()
        .filter_map(|question| match &question.kind {
            Kind::Place(rule) => Some((rule.list.file.as_str(), &rule.list)),
            _ => None,
        })
        .collect()
}

fn listed(words: &[String]) -> String {
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn first(wording: &Wording) -> &str {
    wording.values().next().map_or("", String::as_str)
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn flow(source: &str) -> Flow {
        crate::flow::read(source, &crate::flow::Beside::default()).0.expect("the flow is right")
    }

    #[test]
    fn what_changed_by_call_is_told_too() {
        let flow_with = |header: &str, question: &str| {
            flow(&format!(
                "flow: a\ntitle: A\nlanguages: [en]\n{header}questions:\n\
                 - id: one\n  ask: {{en: One?}}\n  type: text\n{question}"
            ))
        };
        let old = flow_with("", "");
        let new = flow_with(
            "channels: [sms, voice]\nmissed_call_starts: sms\nrules: {voice: {redial: [10 min]}}\n",
            "  voice: {record: 20 s}\n",
        );
        let told: String =
            changes(&old, &new).iter().map(|change| change.words.clone() + "\n").collect();
        expect![[r#"
            channels: sms, voice, was sms
            begins on a missed call: sms, was no
            rules: calls again after 10 minutes, then by SMS; no key for 8 seconds, asked again 2 times, was again after 10 minutes, 2 hours, 1 day, then by SMS; no key for 8 seconds, asked again 2 times
            `one` by call: recorded, 20 seconds at most, was played from its recordings
        "#]].assert_eq(&told);
    }

    #[test]
    fn every_kind_of_change_has_its_words() {
        let old = flow(
            "flow: a\ntitle: A\nlanguages: [en]\nquestions:\n\
            - id: one\n  ask: {en: One?}\n  type: yes_no\n\
            - id: two\n  ask: {en: Two?}\n  type: number\n\
            - id: three\n  ask: {en: Three?}\n  type: text\n\
            - id: job\n  ask: {en: Job?}\n  type: choice\n  choices:\n    nurse: {en: [Nurse]}\n    pa: {en: [PA]}\n\
            - id: five\n  ask: {en: Five?}\n  type: date\n\
            endings:\n  done: {say: {en: Bye.}}\n",
        );
        let new = flow(
            "flow: a\ntitle: A new one\nlanguages: [en, fr]\nstart_words: [GO]\n\
            messages: {reminder: {en: Well?}}\nschedule: {every: day, at: \"09:00\", for: everybody}\nquestions:\n\
            - id: two\n  ask: {en: Two or more?, fr: Deux?}\n  type: number\n  between: [0, 9]\n\
            - id: one\n  ask: {en: One?, fr: Un?}\n  type: yes_no\n  if: {\"no\": end out}\n\
            - id: four\n  ask: {en: Four?, fr: Quatre?}\n  type: date\n  between: [1940-01-01, today - 16 years]\n\
            - id: job\n  ask: {en: Job?}\n  type: choice\n  only_if: two > 3 and (one is yes or four is empty)\n  choices:\n    pa: {en: [PA, assistant]}\n    lab: {en: [Lab]}\n  rules: {wrong_answer: {ask_again: 1}}\n\
            - id: fifth\n  ask: {en: Five?}\n  type: date\n\
            endings:\n  done: {say: {en: Bye bye.}, add_to_groups: [Done]}\n  out: {say: {en: Out.}}\n",
        );
        let lines: String = changes(&old, &new)
            .iter()
            .map(|change| format!("{:?}: {}\n", change.what, change.words))
            .collect();
        expect![[r#"
            Header: title: "A new one", was "A"
            Header: languages: en, fr, was en
            Header: start words: GO, was none
            Schedule: starts by itself every day at 09:00, for everybody, was never
            StandingText: `reminder` in en: "Well?", was "We are still waiting for your answer. Reply STOP to end."
            Text: `two` in en: "Two or more?", was "Two?"
            Text: `two` has a text in fr now: "Deux?"
            Answer: `two` takes a number from 0 to 9, took a number
            Text: `one` has a text in fr now: "Un?"
            Way: `one`: no leads to end out; before: every answer leads on
            Added: `four` is new: "Four?" (a date from 01/01/1940 to today - 16 years)
            Choices: `job`: the words of the choice `pa` changed
            Choices: `job`: the choice `lab` is new
            Choices: `job`: the choice `nurse` was taken away
            Way: `job` comes only if two > 3 and (one is yes or four is empty), came always
            Rules: `job`: asked again 1 time, was 2 times
            Renamed: `five` is called `fifth` now
            TakenAway: `three` was taken away; answers to it are kept
            Moved: `one` comes after `two` now
            Ending: `done` in en: "Bye bye.", was "Bye."
            Ending: `done`: people join Done, before: none
            Ending: the ending `out` is new
        "#]].assert_eq(&lines);
        assert_eq!(changes(&old, &old), []);
    }

    #[test]
    fn remarks_and_quotes_are_no_change() {
        let old = flow("flow: a\ntitle: A\nquestions:\n- id: one\n  ask: One?\n  type: text\n");
        let new = flow(
            "# more\nflow: a\ntitle: \"A\"\nquestions:\n- id: one\n  type: text\n  ask: {en: \"One?\"}\n",
        );
        assert_eq!(changes(&old, &new), []);
    }
}
