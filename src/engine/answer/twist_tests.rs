//! Replies of the battery that are understood, each turned round by words in front of it or behind
//! it that leave its meaning open: all of them must be asked back. Nobody wrote these one by one.

use super::battery_tests::{Desk, Must};
use expect_test::expect;
use std::fmt::Write;

const ROUNDS: [&str; 4] = [
    include_str!("battery/rounds/round5.tsv"),
    include_str!("battery/rounds/round6.tsv"),
    include_str!("battery/rounds/round7.tsv"),
    include_str!("battery/rounds/round8.tsv"),
];

/// What makes an answer none: its class, the language, and the words where `_` is the reply.
const TWISTS: [(&str, &str, &[&str]); 12] = [
    (
        "doubt",
        "en",
        &["maybe _", "_ maybe", "_ I am not sure", "I think _ but not sure", "perhaps _"],
    ),
    ("doubt", "fr", &["peut-etre _", "_ peut-etre", "_ je ne suis pas sur", "_ mais pas sur"]),
    (
        "turned",
        "en",
        &["not _", "it is false that _", "_ is not true", "never _", "anything but _"],
    ),
    ("turned", "fr", &["pas _", "_ ce n'est pas vrai", "jamais _", "tout sauf _"]),
    (
        "limits",
        "en",
        &["_ except Sunday", "_ but with problem", "_ unless it rains", "_ but only morning"],
    ),
    ("limits", "fr", &["_ sauf dimanche", "_ mais avec probleme", "_ a moins qu'il pleuve"]),
    ("earlier", "en", &["_ last year", "_ before but it changed", "it used to be _"]),
    ("earlier", "fr", &["_ l'annee passee", "avant c'etait _", "_ mais ca a change"]),
    (
        "others",
        "en",
        &[
            "my friend said _",
            "_ for my colleague",
            "my husband is _",
            "_ that is what they told me",
        ],
    ),
    ("others", "fr", &["mon ami dit _", "_ pour mon collegue", "_ c'est ce qu'on m'a dit"]),
    ("halves", "en", &["_ 50%", "_ half half", "_ or not", "_ or something else"]),
    ("halves", "fr", &["_ 50%", "_ a moitie", "_ ou pas", "_ ou autre chose"]),
];

/// Every so many-th reply is turned round, by one way of each class that its place picks.
const STEP: usize = 3;

#[test]
fn a_reply_turned_round_by_what_stands_beside_it_is_asked_back() {
    let desk = Desk::of(include_str!("battery/desk/desk.yaml"));
    let ward = Desk::of(include_str!("battery/rounds/ward.yaml"));
    let mut counts = TWISTS.map(|_| 0);
    let mut wrong = TWISTS.map(|_| Vec::new());
    for (at, line) in ROUNDS.iter().flat_map(|text| text.lines()).step_by(STEP).enumerate() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [flow, language, question, reply, expected] = cells[..] else { panic!("{line:?}") };
        let desk = if flow == "ward" { &ward } else { &desk };
        let understood = matches!(Must::of(expected), Must::Become(_));
        if !understood || desk.takes_any_text(question) {
            continue;
        }
        for (class, (_, spoken, ways)) in TWISTS.iter().enumerate() {
            if !language.starts_with(spoken) {
                continue;
            }
            let twisted = ways[at % ways.len()].replace('_', reply);
            counts[class] += 1;
            let found = desk.read(question, language, &twisted);
            if let Some(found) = found.filter(|found| !is_still_no(&twisted, expected, found)) {
                wrong[class].push(format!("{language} {question} {twisted:?}: {found:?}"));
            }
        }
    }
    let mut table = String::new();
    for ((name, language, _), (count, wrong)) in TWISTS.iter().zip(counts.iter().zip(&wrong)) {
        let _ = writeln!(table, "{name:<8} {language} {} of {count} taken", wrong.len());
    }
    let told = wrong.concat();
    assert!(told.is_empty(), "{table}{}", told.join("\n"));
    expect![[r#"
        doubt    en 0 of 547 taken
        doubt    fr 0 of 134 taken
        turned   en 0 of 547 taken
        turned   fr 0 of 134 taken
        limits   en 0 of 547 taken
        limits   fr 0 of 134 taken
        earlier  en 0 of 547 taken
        earlier  fr 0 of 134 taken
        others   en 0 of 547 taken
        others   fr 0 of 134 taken
        halves   en 0 of 547 taken
        halves   fr 0 of 134 taken
    "#]]
    .assert_eq(&table);
}

/// `never, I do not` says no once more, and `no, I left the job last year` tells of now.
fn is_still_no(twisted: &str, expected: &str, found: &str) -> bool {
    let tells_of_now = |word: &&str| twisted.contains(*word) && twisted.ends_with(" last year");
    expected == "no"
        && found == "no"
        && (twisted.starts_with("never ")
            || twisted.starts_with("jamais ")
            || ["left", "retired", "since"].iter().any(tells_of_now))
}
