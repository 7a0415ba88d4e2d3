//! What is said, beside numbers that were written out by hand.

use super::{list, pieces};
use crate::model::{Language, Value};
use std::collections::BTreeSet;

/// What is said in a recording.
fn said_in(piece: &str, language: &Language) -> Option<&'static str> {
    list(language).iter().find(|(name, _)| *name == piece).map(|(_, words)| *words)
}

/// 0 to 99 as they are written, a space where a hyphen may stand.
const FRENCH: &str = "zéro,un,deux,trois,quatre,cinq,six,sept,huit,neuf,dix,onze,douze,treize,\
    quatorze,quinze,seize,dix sept,dix huit,dix neuf,vingt,vingt et un,vingt deux,vingt trois,\
    vingt quatre,vingt cinq,vingt six,vingt sept,vingt huit,vingt neuf,trente,trente et un,\
    trente deux,trente trois,trente quatre,trente cinq,trente six,trente sept,trente huit,\
    trente neuf,quarante,quarante et un,quarante deux,quarante trois,quarante quatre,\
    quarante cinq,quarante six,quarante sept,quarante huit,quarante neuf,cinquante,\
    cinquante et un,cinquante deux,cinquante trois,cinquante quatre,cinquante cinq,cinquante six,\
    cinquante sept,cinquante huit,cinquante neuf,soixante,soixante et un,soixante deux,\
    soixante trois,soixante quatre,soixante cinq,soixante six,soixante sept,soixante huit,\
    soixante neuf,soixante dix,soixante et onze,soixante douze,soixante treize,soixante quatorze,\
    soixante quinze,soixante seize,soixante dix sept,soixante dix huit,soixante dix neuf,\
    quatre vingt,quatre vingt un,quatre vingt deux,quatre vingt trois,quatre vingt quatre,\
    quatre vingt cinq,quatre vingt six,quatre vingt sept,quatre vingt huit,quatre vingt neuf,\
    quatre vingt dix,quatre vingt onze,quatre vingt douze,quatre vingt treize,\
    quatre vingt quatorze,quatre vingt quinze,quatre vingt seize,quatre vingt dix sept,\
    quatre vingt dix huit,quatre vingt dix neuf";
const ENGLISH: &str = "zero,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,\
    thirteen,fourteen,fifteen,sixteen,seventeen,eighteen,nineteen";
const ENGLISH_TENS: &str = "twenty,thirty,forty,fifty,sixty,seventy,eighty,ninety";

fn said(value: &Value, language: &str) -> Option<String> {
    let language = Language::new(language);
    let row = pieces(value, &language)?;
    let words = row.iter().map(|piece| said_in(piece, &language).expect("it is on the list"));
    Some(words.collect::<Vec<_>>().join(" ").replace('-', " "))
}

fn number(number: f64, language: &str) -> String {
    said(&Value::Number(number), language).unwrap_or_default()
}

fn french_below_100() -> Vec<String> {
    FRENCH.split(',').map(str::to_owned).collect()
}

fn english_below_100() -> Vec<String> {
    let ones: Vec<&str> = ENGLISH.split(',').collect();
    let mut all: Vec<String> = ones.iter().map(|one| (*one).to_owned()).collect();
    for tens in ENGLISH_TENS.split(',') {
        all.push(tens.to_owned());
        all.extend(ones[1..10].iter().map(|one| format!("{tens} {one}")));
    }
    all
}

/// The words of 0 to 9,999, put together from the written ones.
fn below_10_000(below_100: &[String], hundred: [&str; 3], thousand: [&str; 3]) -> Vec<String> {
    let step = |below: &[String], size: usize, [alone, many, and]: [&str; 3], limit: usize| {
        let mut all = below.to_vec();
        for number in size..limit {
            let count = &below[number / size];
            let mut words = match number / size {
                1 => alone.to_owned(),
                _ => format!("{count} {many}"),
            };
            let rest = number % size;
            if rest > 0 {
                words += if rest < 100 { and } else { " " };
                words += &below[rest];
            }
            all.push(words);
        }
        all
    };
    step(&step(below_100, 100, hundred, 1_000), 1_000, thousand, 10_000)
}

#[test]
fn numbers_to_9999_are_said_as_they_are_written_out() {
    let french = below_10_000(&french_below_100(), ["cent", "cent", " "], ["mille", "mille", " "]);
    let english = below_10_000(
        &english_below_100(),
        ["one hundred", "hundred", " and "],
        ["one thousand", "thousand", " and "],
    );
    for (language, written) in [("fr", french), ("en", english.clone()), ("en-LR", english)] {
        assert_eq!(written.len(), 10_000, "{language}");
        for (value, written) in (0..).zip(&written) {
            assert_eq!(number(f64::from(value), language), *written, "{language} {value}");
        }
    }
}

#[test]
fn no_two_numbers_are_said_alike_and_every_recording_is_on_the_list_and_used() {
    for language in ["en", "fr"].map(Language::new) {
        let known: BTreeSet<&str> = list(&language).iter().map(|(name, _)| *name).collect();
        assert_eq!(known.len(), list(&language).len(), "no name twice");
        let (mut rows, mut used) = (BTreeSet::new(), BTreeSet::new());
        let large = [10_000, 71_071, 100_000, 101_101, 999_999, 1_000_000, 1_000_001, 200_081_091];
        for value in (0..10_000).chain(large) {
            let row = pieces(&Value::Number(f64::from(value)), &language).expect("it is said");
            used.extend(row.iter().copied());
            assert!(rows.insert(row), "{language} {value} is said like another");
        }
        let more = ["-2.5", "1 month", "1 hour"];
        used.extend(pieces(&Value::Number(-2.5), &language).expect(more[0]));
        for month in 1..=12 {
            let date = jiff::civil::date(1979, month, 1);
            used.extend(pieces(&Value::Date(date), &language).expect(more[1]));
        }
        let time = jiff::civil::time(1, 0, 0, 0);
        used.extend(pieces(&Value::Time(time), &language).expect(more[2]));
        assert_eq!(used, known, "{language}: what nobody needs is not recorded");
    }
}

#[test]
fn dates_are_said_as_people_say_them() {
    let date = |year, month, day, language| {
        said(&Value::Date(jiff::civil::date(year, month, day)), language).expect("it is said")
    };
    assert_eq!(date(1979, 5, 3, "en"), "three May nineteen seventy nine");
    assert_eq!(date(1905, 12, 21, "en"), "twenty one December nineteen hundred and five");
    assert_eq!(date(1900, 1, 1, "en"), "one January nineteen hundred");
    assert_eq!(date(2000, 1, 1, "en"), "one January two thousand");
    assert_eq!(date(2005, 8, 30, "en-LR"), "thirty August two thousand and five");
    assert_eq!(date(2026, 2, 28, "en"), "twenty eight February twenty twenty six");
    assert_eq!(date(1979, 5, 1, "fr"), "premier mai mille neuf cent soixante dix neuf");
    assert_eq!(date(2021, 8, 21, "fr"), "vingt et un août deux mille vingt et un");
}

#[test]
fn times_are_said_by_the_24_hours_that_were_keyed() {
    let time = |hour, minute, language| {
        said(&Value::Time(jiff::civil::time(hour, minute, 0, 0)), language).expect("it is said")
    };
    assert_eq!(time(14, 0, "en"), "fourteen hours");
    assert_eq!(time(0, 5, "en"), "zero hours five");
    assert_eq!(time(1, 30, "fr"), "une heures trente");
    assert_eq!(time(21, 1, "fr"), "vingt et une heures un");
}

#[test]
fn codes_keep_their_zeros_and_numbers_their_point() {
    assert_eq!(said(&Value::Code("00120".into()), "en").expect("said"), "zero zero one two zero");
    assert_eq!(number(-2.05, "fr"), "moins deux virgule zéro cinq");
    assert_eq!(number(0.5, "en"), "zero point five");
}

#[test]
fn what_has_no_recordings_is_said_as_words() {
    assert_eq!(said(&Value::Code("AB12".into()), "en"), None);
    assert_eq!(said(&Value::Code(String::new()), "en"), None);
    assert_eq!(said(&Value::Number(3.0), "sw"), None);
    assert_eq!(said(&Value::Text("3".into()), "en"), None);
    for value in [1e9, 1e300, f64::NAN, f64::INFINITY, 0.123_456] {
        assert_eq!(said(&Value::Number(value), "en"), None, "{value}");
    }
}
