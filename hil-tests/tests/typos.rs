//! Machine-made slips: one letter lost, doubled, swapped or hit wrong, in every key and every word
//! that stands for a choice of the language. The right word must be proposed.

use rollcall::flow::{self, Beside};
use std::collections::{BTreeMap, BTreeSet};

const FLOW: &str = concat!(
    include_str!("../../flows/staff-validation.yaml"),
    "\nschedule:\n- every: week\n  on: monday\n  at: \"09:00\"\n  if_missed: skip\n  for: \
     {not_groups: [A], not_started: [b], silent_for: 90 days}\n- by: contact.contract_ends\n  \
     offset: 14 days before\n  at: \"09:00\"\n  for: everybody\n"
);
/// Words that the language knows; a slip in one of them has one cure.
const WORDS: [&str; 40] = [
    "flow:",
    "title:",
    "languages:",
    "start_words:",
    "rules:",
    "messages:",
    "questions:",
    "endings:",
    "tests:",
    "id:",
    "ask:",
    "type:",
    "only_if:",
    "if:",
    "save_to:",
    "choices:",
    "wrong_answer:",
    "no_answer:",
    "expires_after:",
    "ask_again:",
    "remind_after:",
    "times:",
    "then:",
    "replies:",
    "expect:",
    "type: yes_no",
    "type: choice",
    "then: skip",
    "then: expire",
    "one_flow_at_a_time: finish_this_first",
    "schedule:",
    "every:",
    "if_missed:",
    "not_groups:",
    "not_started:",
    "silent_for:",
    "offset:",
    "every: week",
    "on: monday",
    "if_missed: skip",
];
/// Words that no questionnaire needs all of, in a flow of their own.
const RULES: &str = "\
flow: welcome
title: Welcome
anonymous: true
starts_on_anything: true
rules:
  one_flow_at_a_time: ask_the_person
messages:
  other_waits: {en: \"{title} waits.\"}
  must_answer: {en: \"This one needs an answer.\"}
questions:
- id: wish
  ask: {en: \"What do you need?\"}
  type: text
  may_refuse: true
endings:
  done:
    counts_as: completed
";
const WORDS_OF_RULES: [&str; 8] = [
    "anonymous:",
    "must_answer:",
    "may_refuse:",
    "starts_on_anything:",
    "other_waits:",
    "counts_as:",
    "counts_as: completed",
    "one_flow_at_a_time: ask_the_person",
];

/// A flow that takes in one and starts another.
const COURSE: &str = "\
questions:
- id: home
  flow: address
endings:
  done:
    start_flow: {flow: quiz, after: 3 days}
flow: course
title: Course
";
const COURSE_WORDS: [&str; 4] = ["flow:", "flow: address", "start_flow:", "after:"];
const ADDRESS: &str =
    "flow: address\ntitle: Address\nquestions:\n- {id: street, ask: Street?, type: text}\n";

#[test]
fn ninety_five_of_a_hundred_slips_get_the_right_word() {
    let places = include_str!("../../flows/lists/places.csv").to_owned();
    let files = [("lists/places.csv", places), ("flows/address.yaml", ADDRESS.to_owned())];
    let files: BTreeMap<String, String> =
        files.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    let beside = Beside::of(&files).0;
    let (mut right, mut missed) = (0, BTreeSet::new());
    let all = WORDS.map(|word| (FLOW, word)).into_iter();
    let all = all.chain(WORDS_OF_RULES.map(|word| (RULES, word)));
    for (flow, word) in all.chain(COURSE_WORDS.map(|word| (COURSE, word))) {
        let (key, value) = word.split_once(": ").unwrap_or((word.trim_end_matches(':'), ""));
        let meant = if value.is_empty() { key } else { value };
        for slip in slips(meant) {
            let typed =
                if value.is_empty() { format!("{slip}:") } else { format!("{key}: {slip}") };
            let source = flow.replacen(word, &typed, 1);
            assert_ne!(source, flow, "{word} is not in the flow");
            let problems = flow::read(&source, &beside).1;
            let proposed = format!("`{meant}`");
            let has = |help: &Option<String>| help.as_ref().is_some_and(|h| h.contains(&proposed));
            if problems.iter().any(|problem| has(&problem.help)) {
                right += 1;
            } else {
                missed.insert(format!("{word} as {slip}"));
            }
        }
    }
    let all = right + missed.len();
    assert!(right * 100 >= all * 95, "{right} of {all}; missed: {missed:#?}");
}

fn slips(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let text = |letters: Vec<char>| letters.into_iter().collect::<String>();
    let mut slips = BTreeSet::new();
    for at in 0..letters.len() {
        let mut lost = letters.clone();
        lost.remove(at);
        let mut doubled = letters.clone();
        doubled.insert(at, letters[at]);
        let mut wrong = letters.clone();
        wrong[at] = if letters[at] == 'w' { 'q' } else { 'w' };
        slips.extend([text(lost), text(doubled), text(wrong)]);
        if at + 1 < letters.len() {
            let mut swapped = letters.clone();
            swapped.swap(at, at + 1);
            slips.insert(text(swapped));
        }
    }
    slips.retain(|slip| slip != word && !slip.is_empty());
    slips
}

/// A flow that makes calls, for the words that only such a flow has.
const BY_CALL: &str = r#"
flow: by-call
channels: [sms, voice]
missed_call_starts: sms
rules:
  voice: {no_key_after: 8 s, ask_again: 2, redial: [10 min, 2 hours], fallback: none}
questions:
- id: packs
  ask: "How many packs?"
  type: number
- id: name
  ask: "Your name?"
  type: text
  voice: skip
- id: story
  ask: "Tell us."
  type: audio
  voice: {record: 20 s}
  sms: skip
"#;
const WORDS_BY_CALL: [&str; 13] = [
    "channels:",
    "missed_call_starts:",
    "missed_call_starts: sms",
    "voice:",
    "no_key_after:",
    "ask_again:",
    "redial:",
    "fallback:",
    "fallback: none",
    "voice: skip",
    "type: audio",
    "record:",
    "sms: skip",
];

#[test]
fn every_slip_in_the_words_for_calls_gets_the_right_word() {
    let mut missed = BTreeSet::new();
    for word in WORDS_BY_CALL {
        let (key, value) = word.split_once(": ").unwrap_or((word.trim_end_matches(':'), ""));
        let meant = if value.is_empty() { key } else { value };
        for slip in slips(meant) {
            let typed = word.replacen(meant, &slip, 1);
            let source = BY_CALL.replacen(word, &typed, 1);
            assert_ne!(source, BY_CALL, "{word} is not in the flow");
            let (proposed, problems) =
                (format!("`{meant}`"), flow::read(&source, &Beside::default()).1);
            let has = |help: &Option<String>| help.as_ref().is_some_and(|h| h.contains(&proposed));
            if !problems.iter().any(|problem| has(&problem.help)) {
                missed.insert(format!("{word} as {slip}"));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}
