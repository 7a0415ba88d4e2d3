//! The rules that do not bend, one after the other, as conversations.
//!
//! `>` is what the office says; a line without it is the person's; a line in brackets is what
//! happens meanwhile. The last line is where the run stands, and each answer with how it was read.

use super::{Effect, Today, Turn, advance, begin, said};
use crate::flow::{self, Flow, Step};
use crate::model::{
    Answer, Contact, ContactId, Ended, Input, Language, Mode, Region, Run, RunStatus, Waiting,
};
use expect_test::{Expect, expect};
use std::fmt::Write;

/// A questionnaire with every turn that a conversation can take.
pub(super) const CLINIC: &str = r#"
flow: clinic
title: Clinic
languages: [en, fr]
start_words: [CLINIC]
rules:
  wrong_answer: {ask_again: 2, then: skip}
  no_answer: {remind_after: 1 day, times: 2, then: expire}
questions:
- id: staff
  ask: {en: "Do you work here?", fr: "Travaillez-vous ici?"}
  type: yes_no
  if: {"no": end not_staff}
- id: cadre
  ask: {en: "Which?", fr: "Lequel?"}
  type: choice
  choices: {nurse: {en: [Nurse, RN], fr: Infirmier}, midwife: {en: Midwife, fr: Sage-femme}}
- id: births
  only_if: cadre is midwife
  ask: {en: "How many births?", fr: "Combien de naissances?"}
  type: number
  whole: true
  between: [0, 500]
- id: born
  ask: {en: "When were you born?", fr: "Quand êtes-vous né?"}
  type: date
- id: paid
  may_refuse: true
  ask: {en: "Are you paid in time?", fr: "Êtes-vous payé à temps?"}
  type: yes_no
- id: months
  only_if: paid is no
  ask: {en: "How many months late?", fr: "Combien de mois de retard?"}
  type: number
- id: wish
  ask: {en: "What do you need most?", fr: "De quoi avez-vous besoin?"}
  type: text
endings:
  done: {say: {en: "Thank you.", fr: "Merci."}}
  not_staff: {say: {en: "Good-bye.", fr: "Adieu."}}
"#;

pub(super) fn clinic() -> Flow {
    read(CLINIC)
}

pub(super) fn read(source: &str) -> Flow {
    let (flow, problems) = flow::read(source, &flow::Beside::default());
    flow.unwrap_or_else(|| panic!("{problems:?}"))
}

/// From this question on: those before it are taken away, and it is asked in any case.
pub(super) fn from(question: &str) -> Flow {
    let mut flow = clinic();
    let at = flow.steps.iter().position(|step| step.id() == question).expect("a question");
    flow.steps.drain(..at);
    if let Some(Step::Ask(first)) = flow.steps.first_mut() {
        first.only_if = None;
    }
    flow
}

fn mary() -> Contact {
    Contact::named(ContactId(1), "Mary Kollie")
}

fn today() -> Today {
    let region = Region::new("LR").expect("LR is a country");
    Today { date: jiff::civil::date(2026, 3, 2), region }
}

/// What a line does: a text, or what happens meanwhile.
fn input(line: &str) -> Input {
    match line {
        "(a day without an answer)" => Input::Silence,
        "(the time is over)" => Input::Expired,
        "(STOP)" => Input::Stop,
        text => Input::Text(text.to_owned()),
    }
}

/// A conversation with Mary, from the first question on.
pub(super) fn talk(flow: &Flow, lines: &[&str], expected: &Expect) -> Run {
    let turn = begin(flow, &mary(), Mode::Sms, today());
    let told = format!("> {}\n", said(&turn.effects).join(" | "));
    go_on(flow, turn.run, told, lines, expected)
}

/// A conversation that goes on where a run stands.
fn go_on(flow: &Flow, run: Run, told: String, lines: &[&str], expected: &Expect) -> Run {
    let (mut told, mut run) = (told, run);
    for line in lines {
        let turn = advance(flow, &mary(), &run, &input(line), today());
        let _ = writeln!(told, "{line}\n{}", heard_back(&turn));
        run = turn.run;
    }
    let _ = writeln!(told, "{}", stands(&run));
    expected.assert_eq(&told);
    run
}

fn heard_back(turn: &Turn) -> String {
    let handed = turn.effects.iter().find_map(|effect| match effect {
        Effect::Hand(why) => Some(format!("(to the office: {why})")),
        Effect::Say(_)
        | Effect::Play(_)
        | Effect::AskByCall { .. }
        | Effect::Ask { .. }
        | Effect::Record(_)
        | Effect::Change(_)
        | Effect::StartFlow(_) => None,
    });
    handed.unwrap_or_else(|| format!("> {}", said(&turn.effects).join(" | ")))
}

fn stands(run: &Run) -> String {
    let at = match &run.status {
        RunStatus::Waiting(waiting) => format!("waits at {}", waiting.question),
        RunStatus::Ended(_) => format!("over, {}", super::ending(run)),
    };
    let answer = |answer: &Answer| {
        let value = answer.value.as_ref().map_or_else(|| "-".to_owned(), |value| value.to_text());
        format!("{} = {value} ({})", answer.question, answer.how.as_str())
    };
    let answers: Vec<String> = run.answers.values().map(answer).collect();
    format!("[{at}; {}]", answers.join(", "))
}

// 1. Never guess.

#[test]
fn what_has_two_meanings_is_asked_back() {
    talk(
        &from("births"),
        &["1/2", "20-30", "7,5", "12"],
        &expect![[r#"
        > How many births?
        1/2
        > Sorry, not understood: 1/2. How many births?
        20-30
        > Sorry, not understood: 20-30. How many births?
        7,5
        > When were you born?
        12
        > Sorry, not understood: 12. When were you born?
        [waits at born; births = - (not_understood)]
    "#]],
    );
    let mut flow = clinic();
    flow.steps.truncate(1);
    talk(
        &flow,
        &["1/2", "not yes", "maybe"],
        &expect![[r#"
        > Do you work here?
        1/2
        > Sorry, not understood: 1/2. Do you work here?
        not yes
        > Sorry, not understood: not yes. Do you work here?
        maybe
        > Thank you.
        [over, done; staff = - (not_understood)]
    "#]],
    );
}

#[test]
fn what_was_sent_is_kept_beside_what_was_understood() {
    let run = talk(
        &from("births"),
        &["about 12, sir", "12 cases, sir"],
        &expect![[r#"
        > How many births?
        about 12, sir
        > Sorry, not understood: about 12, sir. How many births?
        12 cases, sir
        > When were you born?
        [waits at born; births = 12 (repaired)]
    "#]],
    );
    let heard: Vec<&str> = run.answers.values().map(|answer| answer.heard.as_str()).collect();
    assert_eq!(heard, ["12 cases, sir"]);
}

// 2. Be generous where one meaning is left.

#[test]
fn one_meaning_is_enough_however_it_is_typed() {
    let lines = ["Yess", "ans: 2", "l2", "030579", "Nooo", "two months", "gloves"];
    talk(
        &clinic(),
        &lines,
        &expect![[r#"
        > Do you work here?
        Yess
        > Which? 1 Nurse 2 Midwife
        ans: 2
        > How many births?
        l2
        > When were you born?
        030579
        > Are you paid in time?
        Nooo
        > How many months late?
        two months
        > What do you need most?
        gloves
        > Thank you.
        [over, done; births = 12 (repaired), born = 1979-05-03 (repaired), cadre = midwife (repaired), months = 2 (repaired), paid = no (repaired), staff = yes (exact), wish = gloves (exact)]
    "#]],
    );
    let lines = ["okay", "I am a midwfe", "twelve", "3 May 1979", "yes sir", "water"];
    talk(
        &clinic(),
        &lines,
        &expect![[r#"
        > Do you work here?
        okay
        > Which? 1 Nurse 2 Midwife
        I am a midwfe
        > How many births?
        twelve
        > When were you born?
        3 May 1979
        > Are you paid in time?
        yes sir
        > What do you need most?
        water
        > Thank you.
        [over, done; births = 12 (repaired), born = 1979-05-03 (repaired), cadre = midwife (repaired), paid = yes (exact), staff = yes (exact), wish = water (exact)]
    "#]],
    );
}

// 3. Every question has a bounded number of tries, then goes where the flow says.

#[test]
fn tries_are_counted_and_then_the_flow_goes_on_ends_or_asks_a_person() {
    let lines = ["the moon", "the moon", "the moon"];
    talk(
        &clinic(),
        &lines,
        &expect![[r#"
        > Do you work here?
        the moon
        > Sorry, not understood: the moon. Do you work here?
        the moon
        > Sorry, not understood: the moon. Do you work here?
        the moon
        > Which? 1 Nurse 2 Midwife
        [waits at cadre; staff = - (not_understood)]
    "#]],
    );
    for then in ["end", "help"] {
        let source = CLINIC.replace("then: skip", &format!("then: {then}"));
        let mut flow = read(&source);
        flow.steps.truncate(1);
        let expected = match then {
            "end" => expect![[r#"
                > Do you work here?
                the moon
                > Sorry, not understood: the moon. Do you work here?
                the moon
                > Sorry, not understood: the moon. Do you work here?
                the moon
                > 
                [over, not understood; staff = - (not_understood)]
            "#]],
            _ => expect![[r#"
                > Do you work here?
                the moon
                > Sorry, not understood: the moon. Do you work here?
                the moon
                > Sorry, not understood: the moon. Do you work here?
                the moon
                (to the office: the answer to `staff` was not understood)
                [over, help; staff = - (not_understood)]
            "#]],
        };
        talk(&flow, &lines, &expected);
    }
}

// 4. STOP, HELP, FIX, BACK and the language words work everywhere.

#[test]
fn words_that_move_work_at_every_question_in_every_language() {
    let lines = ["oui", "CORRIGER 1", "yes", "français", "retour", "oui", "ENGLISH", "(STOP)"];
    talk(
        &clinic(),
        &lines,
        &expect![[r#"
        > Do you work here?
        oui
        > Sorry, not understood: oui. Do you work here?
        CORRIGER 1
        > Do you work here?
        yes
        > Which? 1 Nurse 2 Midwife
        français
        > Lequel? 1 Infirmier 2 Sage-femme
        retour
        > Travaillez-vous ici?
        oui
        > Lequel? 1 Infirmier 2 Sage-femme
        ENGLISH
        > Which? 1 Nurse 2 Midwife
        (STOP)
        > 
        [over, stopped; staff = yes (exact)]
    "#]],
    );
}

// 5. A waiting person keeps the version of the flow they began with.

#[test]
fn a_run_goes_on_with_whichever_version_it_is_given_and_never_with_half_of_one() {
    let edited = read(&CLINIC.replace("Which?", "Which of these?").replace("id: births", "id: b"));
    let run = talk(
        &clinic(),
        &["yes"],
        &expect![[r#"
        > Do you work here?
        yes
        > Which? 1 Nurse 2 Midwife
        [waits at cadre; staff = yes (exact)]
    "#]],
    );
    go_on(
        &clinic(),
        run.clone(),
        String::new(),
        &["midwife"],
        &expect![[r#"
        midwife
        > How many births?
        [waits at births; cadre = midwife (exact), staff = yes (exact)]
    "#]],
    );
    let run = go_on(
        &clinic(),
        run,
        String::new(),
        &["2"],
        &expect![[r#"
        2
        > How many births?
        [waits at births; cadre = midwife (exact), staff = yes (exact)]
    "#]],
    );
    let turn = advance(&edited, &mary(), &run, &Input::Text("12".to_owned()), today());
    let gone = Ended::Failed("the flow has no question `births`".to_owned());
    assert_eq!(turn.run.status, RunStatus::Ended(gone), "said, not guessed");
}

// 6. Timers: at each question anew, and none once the reminders are used up.

#[test]
fn a_reminder_repeats_the_question_and_its_clock_runs_out() {
    let flow = clinic();
    let turn = begin(&flow, &mary(), Mode::Sms, today());
    let mut run = turn.run;
    let mut left = Vec::new();
    for line in ["(a day without an answer)", "(a day without an answer)", "yes"] {
        let turn = advance(&flow, &mary(), &run, &input(line), today());
        left.push(turn.timers.and_then(|timers| timers.remind_after).is_some());
        run = turn.run;
    }
    assert_eq!(left, [true, false, true]);
    let lines = ["(a day without an answer)", "yes", "(the time is over)"];
    talk(
        &flow,
        &lines,
        &expect![[r#"
        > Do you work here?
        (a day without an answer)
        > We are still waiting for your answer. Reply STOP to end. Do you work here?
        yes
        > Which? 1 Nurse 2 Midwife
        (the time is over)
        > 
        [over, expired; staff = yes (exact)]
    "#]],
    );
}

// 7. One run, any mode.

#[test]
fn a_run_that_began_as_a_call_goes_on_by_text_at_the_same_question() {
    let flow = clinic();
    let mary = Contact { language: Some(Language::new("en")), ..mary() };
    let turn = begin(&flow, &mary, Mode::Voice, today());
    let turn = advance(&flow, &mary, &turn.run, &Input::Keys("1".to_owned()), today());
    assert!(turn.run.answers.contains_key("staff"), "yes was keyed");
    go_on(
        &flow,
        turn.run,
        String::new(),
        &["1"],
        &expect![[r#"
        1
        > When were you born?
        [waits at born; cadre = nurse (exact), staff = yes (exact)]
    "#]],
    );
}

// 8. A turn is atomic.

#[test]
fn a_turn_is_made_of_its_input_alone_and_changes_nothing_by_itself() {
    let flow = clinic();
    let run = begin(&flow, &mary(), Mode::Sms, today()).run;
    let (before, yes) = (run.clone(), Input::Text("yes".to_owned()));
    let turns = [(); 2].map(|()| advance(&flow, &mary(), &run, &yes, today()));
    assert_eq!(turns[0], turns[1]);
    assert_eq!(run, before);
}

// 9. One flow at a time: one turn asks one question.

#[test]
fn a_turn_asks_one_question_at_most_and_an_ended_run_says_nothing() {
    let flow = clinic();
    let run = talk(
        &flow,
        &["no", "yes", "(a day without an answer)"],
        &expect![[r#"
        > Do you work here?
        no
        > Good-bye.
        yes
        > 
        (a day without an answer)
        > 
        [over, not_staff; staff = no (exact)]
    "#]],
    );
    assert_eq!(advance(&flow, &mary(), &run, &input("yes"), today()).effects, []);
}

// 10. Late is not lost.

#[test]
fn a_reopened_run_goes_on_at_its_question() {
    let mut run = talk(
        &clinic(),
        &["yes", "(the time is over)"],
        &expect![[r#"
        > Do you work here?
        yes
        > Which? 1 Nurse 2 Midwife
        (the time is over)
        > 
        [over, expired; staff = yes (exact)]
    "#]],
    );
    run.status = RunStatus::Waiting(Waiting::at("cadre"));
    go_on(
        &clinic(),
        run,
        String::new(),
        &["nurse"],
        &expect![[r#"
        nurse
        > When were you born?
        [waits at born; cadre = nurse (exact), staff = yes (exact)]
    "#]],
    );
}

// 11. Dispositions: every end has its name.

#[test]
fn ends_are_told_apart() {
    let ends = [
        (&["no"][..], "not_staff"),
        (&["(the time is over)"], "expired"),
        (&["(STOP)"], "stopped"),
        (&["yes", "1", "030579", "yes", "gloves"], "done"),
    ];
    for (lines, name) in ends {
        let mut run = begin(&clinic(), &mary(), Mode::Sms, today()).run;
        for line in lines {
            run = advance(&clinic(), &mary(), &run, &input(line), today()).run;
        }
        assert_eq!(super::ending(&run), name);
    }
}

// 12. Flows are data: conditions are total, and what was not answered holds nothing.

#[test]
fn a_condition_over_what_was_not_answered_holds_nothing() {
    let flow = read(
        "flow: a\ntitle: A\nquestions:\n- id: years\n  ask: Years?\n  type: number\n  \
         may_refuse: true\n- id: many\n  ask: Many?\n  type: yes_no\n  only_if: years >= 5\n\
         - id: few\n  ask: Few?\n  type: yes_no\n  only_if: years < 5\n- id: none\n  ask: None?\n  \
         type: yes_no\n  only_if: years is empty\n",
    );
    talk(
        &flow,
        &["skip", "yes"],
        &expect![[r#"
        > Years?
        skip
        > None?
        yes
        > 
        [over, done; none = yes (exact), years = - (refused)]
    "#]],
    );
    let french = Language::new("fr");
    assert!(!flow.languages.contains(&french), "a language it does not have is no word of it");
    talk(
        &flow,
        &["7", "français"],
        &expect![[r#"
        > Years?
        7
        > Many?
        français
        > Sorry, not understood: français. Many?
        [waits at many; years = 7 (exact)]
    "#]],
    );
}
