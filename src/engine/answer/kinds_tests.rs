//! Tables of replies to questions for several choices and for a time of day.

use super::*;
use crate::flow;
use crate::model::Region;

const FLOW: &str = r#"
flow: kinds
title: Kinds
languages: [en, fr]
questions:
- id: ill
  ask: {en: "What did you see?", fr: "Qu'avez-vous vu?"}
  type: choices
  choices:
    fever: {en: [Fever, hot skin], fr: [Fièvre]}
    cough: {en: [Cough, coughing], fr: [Toux]}
    rash: {en: [Skin rash, rash], fr: [Éruption]}
    nothing: {en: [Nothing, none], fr: [Rien]}
- id: opens
  ask: {en: "When do you open?", fr: "Vous ouvrez quand?"}
  type: time
- id: starts
  ask: {en: "When does work start in the morning?", fr: "Début du travail?"}
  type: time
  between: ["05:00", "12:00"]
"#;

fn check(question: &str, language: &str, rows: &[(&str, &str)]) {
    let (flow, problems) = flow::read(FLOW, &flow::Beside::default());
    let flow = flow.unwrap_or_else(|| panic!("{problems:?}"));
    let question = flow.question(question).expect("the question exists");
    let region = Region::new("LR").expect("LR is a country");
    let today = Today { date: jiff::civil::date(2026, 11, 24), region };
    let (language, earlier) = (Language::new(language), BTreeMap::new());
    let asked = Asked { flow: &flow, question, language: &language, earlier: &earlier };
    let mut wrong = Vec::new();
    for (reply, expected) in rows {
        let reading = read_reply(&asked, reply, today);
        let found = reading.value.as_ref().map_or_else(|| "?".to_owned(), Value::to_text);
        if found != *expected {
            wrong.push(format!("{reply:?} should be {expected} and is {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} in {language}:\n{}", question.id, wrong.join("\n"));
}

#[test]
#[rustfmt::skip]
fn several_choices_by_number_and_by_name() {
    check("ill", "en", &[
        ("1", "fever"), ("1 3", "fever,rash"), ("3,1", "fever,rash"), ("1 and 2", "fever,cough"),
        ("1&3", "fever,rash"), ("1/2", "fever,cough"), ("1.2", "fever,cough"), ("13", "?"), ("1-3", "?"),
        ("1 to 3", "?"), ("5", "?"), ("1,5", "?"), ("0", "?"), ("1 1 2", "fever,cough"),
        ("Fever", "fever"), ("fever and cough", "fever,cough"), ("Fever, coughing, rash", "fever,cough,rash"),
        ("fevr and cough", "fever,cough"), ("hot skin + rash", "fever,rash"), ("Nothing", "nothing"),
        ("all of them", "fever,cough,rash"), ("fever or cough", "?"), ("not fever", "?"),
        ("maybe fever", "?"), ("fever?", "?"), ("malaria", "?"), ("fever and malaria", "?"), ("", "?"),
    ]);
    check("ill", "fr", &[
        ("1 et 2", "fever,cough"), ("fièvre, toux", "fever,cough"), ("Toux et fievre", "fever,cough"),
        ("rien", "nothing"), ("1 ou 2", "?"), ("pas de fièvre", "?"),
    ]);
}

#[test]
#[rustfmt::skip]
fn times_of_day() {
    check("opens", "en", &[
        ("10:30", "10:30"), ("08:05", "08:05"), ("8:05", "08:05"), ("1030", "10:30"), ("10.30", "10:30"),
        ("10h30", "10:30"), ("3pm", "15:00"), ("3 PM", "15:00"), ("3:15 pm", "15:15"), ("12 am", "00:00"),
        ("12pm", "12:00"), ("noon", "12:00"), ("midnight", "00:00"), ("8 in the morning", "08:00"),
        ("at 8 am", "08:00"), ("8 o'clock in the evening", "20:00"), ("14", "14:00"), ("14h", "14:00"),
        ("0830hrs", "08:30"), ("eight am", "08:00"), ("7 p.m.", "19:00"),
        ("8", "?"), ("8 o'clock", "?"), ("25:00", "?"), ("10:60", "?"), ("24:00", "?"), ("8-10", "?"),
        ("8 or 9", "?"), ("8 to 10 am", "?"), ("3 pm am", "?"), ("123", "?"), ("yes", "?"), ("morning", "?"),
        ("10:30:15", "?"), ("8am?", "?"), ("08:00 and 09:00", "?"), ("3.5", "?"), ("12345", "?"),
    ]);
    check("opens", "fr", &[
        ("10h", "10:00"), ("8h du matin", "08:00"), ("8h matin", "08:00"), ("8 heures du soir", "20:00"), ("midi", "12:00"),
        ("à midi", "12:00"), ("vers 15h", "?"),
    ]);
    check("starts", "en", &[("8", "08:00"), ("7 o'clock", "07:00"), ("8pm", "?"), ("20:00", "?"), ("12", "12:00")]);
}

const KPELLE: &str = r#"
flow: clinic
title: Clinic
languages: [en, kpe]
questions:
- id: open
  ask: {en: "Is the clinic open?", kpe: "Clinic open?"}
  type: yes_no
- id: beds
  ask: {en: "How many beds?", kpe: "Beds?"}
  type: number
  whole: true
endings:
  done: {say: {en: "Thank you.", kpe: "Thank you."}}
tests:
- name: in a language that only the office has words for
  contact: {name: Flomo, language: kpe}
  replies: [Owei, veere feerɛ]
  expect: {open: "yes", beds: "2", ending: done}
"#;

#[test]
fn a_new_language_needs_a_file_of_words_and_no_code() {
    const WORDS: &str = "# Kpelle\nyes: owei\nno: kpaa\nnumbers: tonoo=1, feerɛ=2, saaɓa=3\n\
                         filler: veere\nback: pene\nstop: lo ma\n";
    let files = BTreeMap::from([("lists/words.kpe.txt".to_owned(), WORDS.to_owned())]);
    let (flow, problems) = flow::read(KPELLE, &flow::Beside::of(&files).0);
    let flow = flow.unwrap_or_else(|| panic!("{problems:?}"));
    let region = Region::new("LR").expect("LR is a country");
    let today = Today { date: jiff::civil::date(2026, 11, 24), region };
    assert_eq!(crate::engine::prove(&flow, today), []);
    let read = |question: &str, language: &str, reply: &str| {
        let question = flow.question(question).expect("the question exists");
        let (language, earlier) = (Language::new(language), BTreeMap::new());
        let asked = Asked { flow: &flow, question, language: &language, earlier: &earlier };
        read_reply(&asked, reply, today).value.map(|value| value.to_text())
    };
    for (question, reply, value) in [
        ("open", "KPAA!", Some("no")),
        ("open", "owei kpaa", None),
        ("open", "yes", Some("yes")),
        ("beds", "saaɓa", Some("3")),
        ("beds", "tonoo feerɛ", None),
        ("beds", "seven", Some("7")),
    ] {
        assert_eq!(read(question, "kpe", reply).as_deref(), value, "{reply}");
    }
    // The words are those of one language.
    assert_eq!(read("open", "en", "kpaa"), None);
    let stop = crate::engine::keyword("lo ma", [&flow]);
    assert_eq!(stop, Some(crate::engine::Keyword::Stop));
    assert_eq!(crate::engine::keyword("lo ma", []), None);
    let unread = flow::read(KPELLE, &flow::Beside::default()).0.expect("it can be used");
    assert_eq!(crate::engine::prove(&unread, today).len(), 1);
}
