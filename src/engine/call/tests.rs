//! Conversations by call, as people hear and key them.

use crate::engine::{Effect, Today, Turn, advance, begin, input, said, spoken_words};
use crate::flow::{self, Flow};
use crate::model::{Contact, ContactId, Language, Mode, Region, RunStatus};
use expect_test::{Expect, expect};
use std::fmt::Write;

pub(super) const FLOW: &str = r#"
flow: visit
languages: [en, fr, en-LR]
channels: [sms, voice]
questions:
- id: hello
  say: {en: "Here is the health office.", fr: "Ici le bureau de santé."}
- id: consent
  ask: {en: "Hello {contact.first_name}, may we ask you something?", fr: "Pouvons-nous vous poser des questions?"}
  type: yes_no
  if: {"no": end refused}
  rules: {voice: {keys_interrupt: no}}
- id: cadre
  ask: {en: "What is your job?", fr: "Votre poste?"}
  type: choice
  choices: {nurse: {en: Nurse, fr: Infirmier}, midwife: {en: Midwife, fr: Sage-femme}}
- id: ill
  ask: {en: "What do you see?", fr: "Que voyez-vous?"}
  type: choices
  choices: {fever: {en: Fever, fr: Fièvre}, cough: {en: Cough, fr: Toux}, rash: {en: Rash, fr: Éruption}}
- id: packs
  ask: {en: "How many packs?", fr: "Combien de boîtes?"}
  type: number
  whole: true
  between: [0, 500]
- id: born
  ask: {en: "When were you born?", fr: "Date de naissance?"}
  type: date
  between: [1940-01-01, today - 16 years]
- id: story
  ask: {en: "What do you need?", fr: "Que vous faut-il?"}
  type: text
  voice: {record: 20 s}
- id: email
  ask: {en: "Your e-mail?", fr: "Votre e-mail?"}
  type: text
  voice: skip
- id: weight
  ask: {en: "How heavy is it?", fr: "Quel poids?"}
  type: number
  may_refuse: true
endings:
  done: {say: {en: "You have {packs} packs.", fr: "Vous avez {packs} boîtes."}}
  refused: {}
"#;

pub(super) fn today() -> Today {
    let region = Region::new("LR").expect("LR is a country");
    Today { date: jiff::civil::date(2026, 3, 2), region }
}

pub(super) fn flow_of(source: &str) -> Flow {
    let (flow, problems) = flow::read(source, &flow::Beside::default());
    flow.unwrap_or_else(|| panic!("{problems:?}"))
}

pub(super) fn mary(language: Option<&str>) -> Contact {
    Contact { language: language.map(Language::new), ..Contact::named(ContactId(1), "Mary Kollie") }
}

fn heard(turn: &Turn, told: &mut String) {
    for words in spoken_words(&turn.effects) {
        writeln!(told, "> {words}").expect("it is written");
    }
    for text in said(&turn.effects) {
        writeln!(told, "sms> {text}").expect("it is written");
    }
    for effect in &turn.effects {
        match effect {
            Effect::Hand(why) => writeln!(told, "(to the office: {why})").expect("it is written"),
            Effect::Change(change) => writeln!(told, "({change:?})").expect("it is written"),
            Effect::Say(_)
            | Effect::Ask { .. }
            | Effect::Play(_)
            | Effect::AskByCall { .. }
            | Effect::Record(_)
            | Effect::StartFlow(_) => {}
        }
    }
}

/// Plays a call and what follows it; `replies` are those of a flow's tests.
fn talk_in(source: &str, contact: &Contact, replies: &[&str], expected: &Expect) -> Turn {
    let flow = flow_of(source);
    let mut told = String::new();
    let mut turn = begin(&flow, contact, Mode::Voice, today());
    heard(&turn, &mut told);
    for reply in replies {
        writeln!(told, "{reply}").expect("it is written");
        turn = advance(&flow, contact, &turn.run, &input(&flow, &turn.run, reply), today());
        heard(&turn, &mut told);
    }
    let answers: Vec<String> = turn
        .run
        .answers
        .values()
        .map(|answer| {
            let value = answer.value.as_ref().map(crate::model::Value::to_text);
            format!("{} = {}", answer.question, value.unwrap_or_else(|| answer.how.as_str().into()))
        })
        .collect();
    let at = match &turn.run.status {
        RunStatus::Waiting(waiting) => format!("waits at {}", waiting.question),
        RunStatus::Ended(ended) => format!("{ended:?}"),
    };
    writeln!(told, "[{at}; {}]", answers.join(", ")).expect("it is written");
    expected.assert_eq(&told);
    turn
}

fn talk(replies: &[&str], expected: &Expect) -> Turn {
    talk_in(FLOW, &mary(Some("en")), replies, expected)
}

#[test]
fn a_whole_questionnaire_is_keyed_and_what_a_slip_would_spoil_is_said_back() {
    talk(
        &["1", "2", "31#", "12#", "1", "03051979#", "1", "(speaks)", "7*5#", "1"],
        &expect![[r#"
            > Here is the health office.
            > Hello Mary may we ask you something? For yes, press 1. For no, press 2.
            1
            > What is your job? For Nurse press 1. For Midwife press 2.
            2
            > What do you see? For Fever press 1. For Cough press 2. For Rash press 3. Press all that fit, then press hash.
            31#
            > How many packs? Key the number, then press hash.
            12#
            > You keyed 12 If that is right, press 1. To key it again, press 2.
            1
            > When were you born? Key the day with two digits, the month with two, and the year with four.
            03051979#
            > You keyed 03/05/1979 If that is right, press 1. To key it again, press 2.
            1
            > What do you need? Speak after the tone. Press hash when you have finished.
            (speaks)
            > How heavy is it? Key the number, then press hash. For the point, press star. To go on without an answer, press hash.
            7*5#
            > You keyed 7.5 If that is right, press 1. To key it again, press 2.
            1
            > You have 12 packs.
            [Completed("done"); born = 1979-05-03, cadre = midwife, consent = yes, ill = fever,rash, packs = 12, story = (speaks), weight = 7.5]
        "#]],
    );
}

#[test]
fn keys_that_are_no_answer_and_silence_are_told_apart_and_counted_apart() {
    talk(
        &["1", "9", "(silence)", "3", "(silence)", "7", "2"],
        &expect![[r#"
        > Here is the health office.
        > Hello Mary may we ask you something? For yes, press 1. For no, press 2.
        1
        > What is your job? For Nurse press 1. For Midwife press 2.
        9
        > Sorry, that is no answer here. What is your job? For Nurse press 1. For Midwife press 2.
        (silence)
        > Sorry, we heard nothing. What is your job? For Nurse press 1. For Midwife press 2.
        3
        > Sorry, that is no answer here. What is your job? For Nurse press 1. For Midwife press 2.
        (silence)
        > Sorry, we heard nothing. What is your job? For Nurse press 1. For Midwife press 2.
        7
        > What do you see? For Fever press 1. For Cough press 2. For Rash press 3. Press all that fit, then press hash.
        2
        > How many packs? Key the number, then press hash.
        [waits at packs; cadre = not_understood, consent = yes, ill = cough]
    "#]],
    );
}

#[test]
fn a_star_repeats_and_zero_calls_a_person_without_using_up_a_try() {
    talk(
        &["1", "*", "0", "*", "1", "1#", "0#", "*", "2", "0#", "1"],
        &expect![[r#"
        > Here is the health office.
        > Hello Mary may we ask you something? For yes, press 1. For no, press 2.
        1
        > What is your job? For Nurse press 1. For Midwife press 2.
        *
        > What is your job? For Nurse press 1. For Midwife press 2.
        0
        > A person in the office will hear of this. What is your job? For Nurse press 1. For Midwife press 2.
        (to the office: asked for a person by call at `cadre`)
        *
        > What is your job? For Nurse press 1. For Midwife press 2.
        1
        > What do you see? For Fever press 1. For Cough press 2. For Rash press 3. Press all that fit, then press hash.
        1#
        > How many packs? Key the number, then press hash.
        0#
        > You keyed 0 If that is right, press 1. To key it again, press 2.
        *
        > You keyed 0 If that is right, press 1. To key it again, press 2.
        2
        > How many packs? Key the number, then press hash.
        0#
        > You keyed 0 If that is right, press 1. To key it again, press 2.
        1
        > When were you born? Key the day with two digits, the month with two, and the year with four.
        [waits at born; cadre = nurse, consent = yes, ill = fever, packs = 0]
    "#]],
    );
}

#[test]
fn what_is_impossible_out_of_range_or_cut_short_is_asked_again() {
    talk(
        &[
            "1",
            "1",
            "4#",
            "#",
            "1#",
            "501#",
            "12*5#",
            "12*",
            "5#",
            "1",
            "31021979#",
            "3579#",
            "03052020#",
        ],
        &expect![[r#"
            > Here is the health office.
            > Hello Mary may we ask you something? For yes, press 1. For no, press 2.
            1
            > What is your job? For Nurse press 1. For Midwife press 2.
            1
            > What do you see? For Fever press 1. For Cough press 2. For Rash press 3. Press all that fit, then press hash.
            4#
            > Sorry, that is no answer here. What do you see? For Fever press 1. For Cough press 2. For Rash press 3. Press all that fit, then press hash.
            #
            > Sorry, that is no answer here. What do you see? For Fever press 1. For Cough press 2. For Rash press 3. Press all that fit, then press hash.
            1#
            > How many packs? Key the number, then press hash.
            501#
            > Sorry, that is no answer here. How many packs? Key the number, then press hash.
            12*5#
            > Sorry, that is no answer here. How many packs? Key the number, then press hash.
            12*
            > How many packs? Key the number, then press hash.
            5#
            > You keyed 5 If that is right, press 1. To key it again, press 2.
            1
            > When were you born? Key the day with two digits, the month with two, and the year with four.
            31021979#
            > Sorry, that is no answer here. When were you born? Key the day with two digits, the month with two, and the year with four.
            3579#
            > Sorry, that is no answer here. When were you born? Key the day with two digits, the month with two, and the year with four.
            03052020#
            > What do you need? Speak after the tone. Press hash when you have finished.
            [waits at story; born = not_understood, cadre = nurse, consent = yes, ill = fever, packs = 5]
        "#]],
    );
}

#[test]
fn nobody_listens_to_a_call_that_is_answered_by_silence() {
    let turn = talk(
        &["(silence)", "(silence)", "(silence)"],
        &expect![[r#"
        > Here is the health office.
        > Hello Mary may we ask you something? For yes, press 1. For no, press 2.
        (silence)
        > Sorry, we heard nothing. Hello Mary may we ask you something? For yes, press 1. For no, press 2.
        (silence)
        > Sorry, we heard nothing. Hello Mary may we ask you something? For yes, press 1. For no, press 2.
        (silence)
        > Thank you. Good-bye.
        [waits at consent; ]
    "#]],
    );
    assert!(matches!(turn.effects[..], [Effect::Play(_)]), "nothing is asked: the call is over");
    talk(
        &["1", "(silence)", "(silence)", "(silence)", "(silence)", "(silence)", "(silence)"],
        &expect![[r#"
            > Here is the health office.
            > Hello Mary may we ask you something? For yes, press 1. For no, press 2.
            1
            > What is your job? For Nurse press 1. For Midwife press 2.
            (silence)
            > Sorry, we heard nothing. What is your job? For Nurse press 1. For Midwife press 2.
            (silence)
            > Sorry, we heard nothing. What is your job? For Nurse press 1. For Midwife press 2.
            (silence)
            > What do you see? For Fever press 1. For Cough press 2. For Rash press 3. Press all that fit, then press hash.
            (silence)
            > Sorry, we heard nothing. What do you see? For Fever press 1. For Cough press 2. For Rash press 3. Press all that fit, then press hash.
            (silence)
            > Sorry, we heard nothing. What do you see? For Fever press 1. For Cough press 2. For Rash press 3. Press all that fit, then press hash.
            (silence)
            > Thank you. Good-bye.
            [waits at ill; cadre = not_understood, consent = yes]
        "#]],
    );
}

#[test]
fn a_stranger_is_asked_once_in_which_language() {
    let keyed = ["(silence)", "8", "2", "1"];
    talk_in(
        FLOW,
        &mary(None),
        &keyed,
        &expect![[r#"
        > For English, press 1. Pour le français, tapez 2. For Liberian English, press 3.
        (silence)
        > Sorry, we heard nothing. For English, press 1. Pour le français, tapez 2. For Liberian English, press 3.
        8
        > Sorry, that is no answer here. For English, press 1. Pour le français, tapez 2. For Liberian English, press 3.
        2
        > Ici le bureau de santé.
        > Pouvons-nous vous poser des questions? Pour oui, tapez 1. Pour non, tapez 2.
        (SetLanguage(Language("fr")))
        1
        > Votre poste? Pour Infirmier tapez 1. Pour Sage-femme tapez 2.
        [waits at cadre; consent = yes]
    "#]],
    );
    talk_in(
        FLOW,
        &mary(None),
        &["8", "8", "8"],
        &expect![[r#"
        > For English, press 1. Pour le français, tapez 2. For Liberian English, press 3.
        8
        > Sorry, that is no answer here. For English, press 1. Pour le français, tapez 2. For Liberian English, press 3.
        8
        > Sorry, that is no answer here. For English, press 1. Pour le français, tapez 2. For Liberian English, press 3.
        8
        > Here is the health office.
        > Hello Mary may we ask you something? For yes, press 1. For no, press 2.
        [waits at consent; ]
    "#]],
    );
    talk_in(
        FLOW,
        &mary(None),
        &["(by sms)", "yes"],
        &expect![[r#"
        > For English, press 1. Pour le français, tapez 2. For Liberian English, press 3.
        (by sms)
        sms> Here is the health office.
        sms> Hello Mary, may we ask you something?
        yes
        sms> What is your job? 1 Nurse 2 Midwife
        [waits at cadre; consent = yes]
    "#]],
    );
}

#[test]
fn a_run_goes_on_by_sms_and_by_call_again_at_the_same_question() {
    talk(
        &[
            "1",
            "1",
            "1#",
            "12#",
            "(by sms)",
            "12",
            "(by call)",
            "03051979#",
            "(hangs up)",
            "03051979#",
            "1",
            "(by sms)",
            "gloves",
            "(by call)",
            "#",
        ],
        &expect![[r#"
            > Here is the health office.
            > Hello Mary may we ask you something? For yes, press 1. For no, press 2.
            1
            > What is your job? For Nurse press 1. For Midwife press 2.
            1
            > What do you see? For Fever press 1. For Cough press 2. For Rash press 3. Press all that fit, then press hash.
            1#
            > How many packs? Key the number, then press hash.
            12#
            > You keyed 12 If that is right, press 1. To key it again, press 2.
            (by sms)
            sms> How many packs?
            12
            sms> When were you born?
            (by call)
            > We go on where we stopped.
            > When were you born? Key the day with two digits, the month with two, and the year with four.
            03051979#
            > You keyed 03/05/1979 If that is right, press 1. To key it again, press 2.
            (hangs up)
            > We go on where we stopped.
            > When were you born? Key the day with two digits, the month with two, and the year with four.
            03051979#
            > You keyed 03/05/1979 If that is right, press 1. To key it again, press 2.
            1
            > What do you need? Speak after the tone. Press hash when you have finished.
            (by sms)
            sms> What do you need?
            gloves
            sms> Your e-mail?
            (by call)
            > We go on where we stopped.
            > How heavy is it? Key the number, then press hash. For the point, press star. To go on without an answer, press hash.
            #
            > You have 12 packs.
            [Completed("done"); born = 1979-05-03, cadre = nurse, consent = yes, ill = fever, packs = 12, story = gloves, weight = refused]
        "#]],
    );
}

#[test]
fn who_is_called_again_before_they_answered_anything_hears_all_of_it() {
    talk(
        &["(hangs up)", "2"],
        &expect![[r#"
        > Here is the health office.
        > Hello Mary may we ask you something? For yes, press 1. For no, press 2.
        (hangs up)
        > Here is the health office.
        > Hello Mary may we ask you something? For yes, press 1. For no, press 2.
        2
        > Thank you. Good-bye.
        [EndedEarly("refused"); consent = no]
    "#]],
    );
}

#[test]
fn phones_times_codes_and_places_are_keyed_as_digits() {
    let source = r##"
flow: digits
channels: [voice]
questions:
- {id: phone, ask: "Number?", type: phone}
- {id: opens, ask: "When?", type: time, between: ["06:00", "20:00"]}
- {id: payroll, ask: "Payroll?", type: code, shape: '##-####'}
"##;
    let keyed = ["0886123456#", "1", "2100#", "830#", "0830#", "1", "12345#", "123456#", "1"];
    talk_in(
        source,
        &mary(Some("en")),
        &keyed,
        &expect![[r#"
        > Number? Key the whole number, then press hash.
        0886123456#
        > You keyed +231886123456 If that is right, press 1. To key it again, press 2.
        1
        > When? Key the hour with two digits and the minutes with two. In the afternoon, one o'clock is 13.
        2100#
        > Sorry, that is no answer here. When? Key the hour with two digits and the minutes with two. In the afternoon, one o'clock is 13.
        830#
        > Sorry, that is no answer here. When? Key the hour with two digits and the minutes with two. In the afternoon, one o'clock is 13.
        0830#
        > You keyed 08:30 If that is right, press 1. To key it again, press 2.
        1
        > Payroll? Key the digits, then press hash.
        12345#
        > Sorry, that is no answer here. Payroll? Key the digits, then press hash.
        123456#
        > You keyed 12-3456 If that is right, press 1. To key it again, press 2.
        1
        > Thank you. Good-bye.
        [Completed("done"); opens = 08:30, payroll = 12-3456, phone = +231886123456]
    "#]],
    );
    let keyed = ["0033612345678#", "1", "2530#"];
    talk_in(
        source,
        &mary(Some("en")),
        &keyed,
        &expect![[r#"
        > Number? Key the whole number, then press hash.
        0033612345678#
        > You keyed +33612345678 If that is right, press 1. To key it again, press 2.
        1
        > When? Key the hour with two digits and the minutes with two. In the afternoon, one o'clock is 13.
        2530#
        > Sorry, that is no answer here. When? Key the hour with two digits and the minutes with two. In the afternoon, one o'clock is 13.
        [waits at opens; phone = +33612345678]
    "#]],
    );
}

#[test]
fn an_anonymous_answer_is_not_said_back() {
    let source = "flow: secret\nanonymous: true\nchannels: [voice]\nquestions:\n\
        - {id: packs, ask: \"How many?\", type: number}\n";
    talk_in(
        source,
        &mary(Some("en")),
        &["7#"],
        &expect![[r#"
        > How many? Key the number, then press hash. For the point, press star.
        7#
        > Thank you. Good-bye.
        [Completed("done"); packs = 7]
    "#]],
    );
}
