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
