//! Conversations with a flow that takes in another one.

use super::{Today, advance, begin, ending, prove, said};
use crate::flow::{self, Beside, Flow, Problem};
use crate::model::{Contact, ContactId, Input, Mode, Region};
use expect_test::{Expect, expect};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const MOVED: &str = r#"
flow: moved
title: Moved
languages: [en, fr]
questions:
- id: moved
  ask: {en: "Did you move?", fr: "Avez-vous déménagé?"}
  type: yes_no
- id: home
  flow: address
  only_if: moved is yes
- id: sure
  only_if: home.county is bomi
  ask: {en: "Really {home.county}, {home.street}?", fr: "Vraiment {home.county}?"}
  type: yes_no
- id: bye
  say: {en: "Noted.", fr: "C'est noté."}
endings:
  done: {say: {en: "Thank you.", fr: "Merci."}}
tests:
- replies: ["yes", bomi, Main Road, "yes"]
  expect: {home.county: bomi, home.street: Main Road, sure: "yes", ending: done}
- replies: ["yes", other]
  expect: {home.county: other, home.street: "", ending: done}
- replies: ["no"]
  expect: {home.county: "", ending: done}
"#;
const ADDRESS: &str = r#"
flow: address
title: Address
languages: [en, fr]
questions:
- id: county
  ask: {en: "Which county?", fr: "Quel comté?"}
  type: choice
  choices: {bomi: {en: Bomi, fr: Bomi}, margibi: {en: Margibi, fr: Margibi}, other: {en: Other, fr: Autre}}
  if: {other: end abroad, margibi: goto street}
- id: well
  say: {en: "{county} it is.", fr: "Donc {county}."}
- id: street
  ask: {en: "Which street in {county}?", fr: "Quelle rue?"}
  type: text
  rules: {wrong_answer: {ask_again: 1}}
endings:
  done: {say: {en: "Never said.", fr: "Jamais dit."}}
  abroad: {say: {en: "Never said.", fr: "Jamais dit."}}
"#;

fn beside(flows: &[(&str, &str)]) -> Beside {
    let files: BTreeMap<String, String> = flows
        .iter()
        .map(|(id, source)| (format!("flows/{id}.yaml"), (*source).to_owned()))
        .collect();
    Beside::of(&files).0
}

fn today() -> Today {
    let region = Region::new("LR").expect("LR is a country");
    Today { date: jiff::civil::date(2026, 3, 2), region }
}

fn taken_in(source: &str, flows: &[(&str, &str)]) -> Flow {
    let (flow, problems) = flow::read(source, &beside(flows));
    flow.unwrap_or_else(|| panic!("{problems:?}"))
}

fn talk(flow: &Flow, language: &str, texts: &[&str], expected: &Expect) {
    let contact = Contact {
        language: Some(crate::model::Language::new(language)),
        ..Contact::named(ContactId(1), "Mary Kollie")
    };
    let mut turn = begin(flow, &contact, Mode::Sms, today());
    let mut told = format!("> {}\n", said(&turn.effects).join(" | "));
    for text in texts {
        turn = advance(flow, &contact, &turn.run, &Input::Text((*text).to_owned()), today());
        let _ = writeln!(told, "{text}\n> {}", said(&turn.effects).join(" | "));
    }
    let _ = writeln!(told, "{}", ending(&turn.run));
    expected.assert_eq(&told);
}

#[test]
fn the_questions_of_the_other_flow_are_asked_here_and_the_conversation_goes_on() {
    let flow = taken_in(MOVED, &[("address", ADDRESS)]);
    assert_eq!(prove(&flow, today()), []);
    talk(
        &flow,
        "en",
        &["yes", "1", "Main Road", "y"],
        &expect![[r#"
        > Did you move?
        yes
        > Which county? 1 Bomi 2 Margibi 3 Other
        1
        > Bomi it is. | Which street in Bomi?
        Main Road
        > Really Bomi, Main Road?
        y
        > Noted. | Thank you.
        done
    "#]],
    );
    talk(
        &flow,
        "fr",
        &["oui", "2", "Rue 5"],
        &expect![[r#"
        > Avez-vous déménagé?
        oui
        > Quel comté? 1 Bomi 2 Margibi 3 Autre
        2
        > Quelle rue?
        Rue 5
        > C'est noté. | Merci.
        done
    "#]],
    );
}

#[test]
fn back_fix_and_a_changed_mind_work_across_the_two() {
    let flow = taken_in(MOVED, &[("address", ADDRESS)]);
    talk(
        &flow,
        "en",
        &["yes", "bomi", "BACK", "margibi", "fix moved", "no", "FIX 1", "yes"],
        &expect![[r#"
            > Did you move?
            yes
            > Which county? 1 Bomi 2 Margibi 3 Other
            bomi
            > Bomi it is. | Which street in Bomi?
            BACK
            > Which county? 1 Bomi 2 Margibi 3 Other
            margibi
            > Which street in Margibi?
            fix moved
            > Did you move?
            no
            > Noted. | Thank you.
            FIX 1
            > 
            yes
            > 
            done
        "#]],
    );
}

#[test]
fn a_flow_is_taken_in_twice_and_at_the_end() {
    let source = "flow: two\ntitle: Two\nquestions:\n- {id: home, flow: address}\n\
        - {id: work, flow: address, only_if: home.county is not other}\n";
    let flow = taken_in(source, &[("address", ADDRESS)]);
    talk(
        &flow,
        "en",
        &["bomi", "A", "other"],
        &expect![[r#"
        > Which county? 1 Bomi 2 Margibi 3 Other
        bomi
        > Bomi it is. | Which street in Bomi?
        A
        > Which county? 1 Bomi 2 Margibi 3 Other
        other
        > 
        done
    "#]],
    );
    talk(
        &flow,
        "en",
        &["other"],
        &expect![[r#"
        > Which county? 1 Bomi 2 Margibi 3 Other
        other
        > 
        done
    "#]],
    );
}

#[test]
fn three_deep_is_possible() {
    let of = |id: &str, inner: &str| {
        format!("flow: {id}\ntitle: T\nquestions:\n- {{id: x, flow: {inner}}}\n")
    };
    let (b, c) = (of("b", "c"), of("c", "address"));
    let flows = [("b", b.as_str()), ("c", c.as_str()), ("address", ADDRESS)];
    let flow = taken_in(&of("a", "b"), &flows);
    talk(
        &flow,
        "en",
        &["margibi", "Main Road"],
        &expect![[r#"
        > Which county? 1 Bomi 2 Margibi 3 Other
        margibi
        > Which street in Margibi?
        Main Road
        > 
        done
    "#]],
    );
    let ids: Vec<&str> = flow.steps.iter().map(|step| step.id()).collect();
    assert_eq!(ids, ["x.x.x.county", "x.x.x.well", "x.x.x.street"]);
}

#[test]
fn lists_and_larger_places_are_those_of_the_other_flow() {
    let town = "flow: town\ntitle: T\nquestions:\n\
        - {id: county, ask: Which?, type: place, level: county, list: lists/places.csv}\n\
        - {id: town, ask: Where?, type: place, level: town, list: lists/places.csv, inside: county}\n";
    let rows = "code,level,parent,name,other names\nA,county,,Alpha,\nB,county,,Beta,\n\
        A1,town,A,Newtown,\nB1,town,B,Newtown,\n";
    let files = BTreeMap::from([
        ("flows/town.yaml".to_owned(), town.to_owned()),
        ("lists/places.csv".to_owned(), rows.to_owned()),
    ]);
    let source = "flow: a\ntitle: T\nquestions:\n- {id: born, flow: town}\n\
        tests:\n- replies: [Beta, Newtown]\n  expect: {born.county: B, born.town: B1}\n";
    let flow = flow::read(source, &Beside::of(&files).0).0.expect("it can be used");
    assert_eq!(prove(&flow, today()), []);
}

#[test]
fn a_small_file_is_not_a_long_work() {
    let many = |inner: &str| {
        let steps: String = (0..50).map(|n| format!("- {{id: s{n}, flow: {inner}}}\n")).collect();
        format!("flow: a\ntitle: T\nquestions:\n{steps}")
    };
    let (b, c) = (many("c"), many("d"));
    let problems = flow::read(&many("b"), &beside(&[("b", &b), ("c", &c), ("d", ADDRESS)])).1;
    let codes: Vec<&str> = problems.iter().map(|problem: &Problem| problem.code).collect();
    assert!(codes.contains(&"F094"), "{codes:?}");
}
