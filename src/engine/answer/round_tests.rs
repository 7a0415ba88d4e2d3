//! Rounds of hostile replies, each written before the reader had been tried with it. What it made
//! of them at first sight stands in docs/reading-replies.md; here they must hold for good.
//!
//! A round is added by its name: the test then tells what is wrong and what is not understood.

use super::battery_tests::{Desk, Must};
use expect_test::expect;
use std::fmt::Write;

const ROUNDS: [(&str, &str); 4] = [
    ("5", include_str!("battery/rounds/round5.tsv")),
    ("6", include_str!("battery/rounds/round6.tsv")),
    ("7", include_str!("battery/rounds/round7.tsv")),
    ("8", include_str!("battery/rounds/round8.tsv")),
];

/// So many of a hundred replies with one meaning must be understood.
const UNDERSTOOD: usize = 97;

#[derive(Default)]
struct Count {
    clear: usize,
    understood: usize,
    asked_back: usize,
    wrong: Vec<String>,
    lost: Vec<String>,
}

#[test]
fn no_reply_of_a_hostile_round_becomes_a_wrong_value() {
    let desk = Desk::of(include_str!("battery/desk/desk.yaml"));
    let ward = Desk::of(include_str!("battery/rounds/ward.yaml"));
    let (mut table, mut told) = (String::new(), String::new());
    for (name, text) in ROUNDS {
        let mut count = Count::default();
        for line in text.lines() {
            let (flow, line) = line.split_once('\t').expect("a flow stands in front");
            play(line, if flow == "ward" { &ward } else { &desk }, &mut count);
        }
        let Count { clear, understood, asked_back, wrong, lost } = count;
        let _ = writeln!(
            table,
            "round {name}: {understood} of {clear} understood, {} of {asked_back} wrong",
            wrong.len()
        );
        if !wrong.is_empty() || understood * 100 < clear * UNDERSTOOD {
            let (wrong, lost) = (wrong.join("\n"), lost.join("\n"));
            let _ = writeln!(told, "round {name}, wrong:\n{wrong}\nnot understood:\n{lost}");
        }
    }
    assert!(told.is_empty(), "{table}{told}");
    expect![[r#"
        round 5: 405 of 414 understood, 0 of 799 wrong
        round 6: 485 of 487 understood, 0 of 886 wrong
        round 7: 543 of 549 understood, 0 of 1246 wrong
        round 8: 645 of 652 understood, 0 of 1431 wrong
    "#]]
    .assert_eq(&table);
}

fn play(line: &str, desk: &Desk, count: &mut Count) {
    let cells: Vec<&str> = line.split('\t').collect();
    let [language, question, reply, expected] = cells[..] else { panic!("{line:?}") };
    let must = Must::of(expected);
    let found = desk.read(question, language, reply);
    let told = format!("{language} {question} {reply:?}: {found:?}, not {expected}");
    match must {
        Must::Become(_) if must.holds(found.as_deref()) => count.understood += 1,
        Must::Become(_) if found.is_none() => count.lost.push(told),
        _ if !must.is_safe(found.as_deref()) => count.wrong.push(told),
        _ => {}
    }
    count.clear += usize::from(matches!(must, Must::Become(_)));
    count.asked_back += usize::from(matches!(must, Must::BeAskedBack));
}
