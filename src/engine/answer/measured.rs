//! What a number counts: seven months are not seven years, two boxes are not two packs.

use super::Speaker;
use super::tokens::is_slip;
use std::collections::BTreeSet;

/// Before a length of time they make a date of it.
const WHEN: [&str; 15] = [
    "this", "the", "last", "per", "a", "each", "every", "by", "ce", "cette", "le", "la", "par",
    "chaque", "during",
];

/// Words for how often, which make a rate of a count.
const OFTEN: [&str; 6] = ["daily", "weekly", "monthly", "yearly", "annually", "hourly"];
/// Words that make a rate of the length of time behind them.
const EACH: [&str; 7] = ["per", "a", "an", "each", "every", "par", "chaque"];
/// So many groups of counted things are people.
const PEOPLE: usize = 3;
/// Beside `I am 12` they say that no age is told.
const SERVICE: [&str; 12] = [
    "in",
    "of",
    "at",
    "with",
    "since",
    "service",
    "experience",
    "work",
    "working",
    "job",
    "field",
    "serving",
];

/// Whether the units of a reply are those that were asked for. A length of time must be named in
/// the question; what things are packed in must agree with it where it names any.
pub(super) fn as_asked(said: &str, speaker: &Speaker<'_>) -> bool {
    let lexicon = speaker.lexicon;
    if tells_an_age(said, speaker) {
        return false;
    }
    let words: Vec<&str> = said.split(' ').map(unit).collect();
    if is_a_rate(&words, speaker) {
        return false;
    }
    // `500 this month` tells when, not what.
    let counts = |at: &usize| at.checked_sub(1).is_none_or(|at| !WHEN.contains(&words[at]));
    let counted: Vec<&str> = (0..words.len()).filter(counts).map(|at| words[at]).collect();
    let is_one = |word: &str, ones: &BTreeSet<String>| {
        let slip = |known: &String| {
            known.len() >= 4 && word.len() >= 4 && is_slip(word, known, known.len() / 4)
        };
        ones.contains(word) || !lexicon.is_word(word) && ones.iter().any(slip)
    };
    let said = |ones: &&BTreeSet<String>| counted.iter().any(|word| is_one(word, ones));
    let asked = |ones: &BTreeSet<String>| ones.iter().any(|word| speaker.echoes(word));
    let since = words.iter().any(|word| matches!(*word, "since" | "depuis"));
    let mut spans = lexicon.spans.iter().filter(said).peekable();
    // `since 10`: ten years, or the year 2010?
    if since && spans.peek().is_none() {
        return false;
    }
    if !counts_the_same(&words, speaker) {
        return false;
    }
    let packed = lexicon.packings.iter().any(asked);
    spans.all(asked) && lexicon.packings.iter().filter(said).all(|ones| !packed || asked(ones))
}

/// Words with a number behind them that names one of many: `district 7`.
const NUMBERED: [&str; 8] =
    ["district", "zone", "ward", "id", "code", "payroll", "facility", "clinic"];

/// Whether what is counted is what was asked for, where both are told: beds are no patients, and
/// `district 7` counts nothing.
fn counts_the_same(words: &[&str], speaker: &Speaker<'_>) -> bool {
    let lexicon = speaker.lexicon;
    let echoes = |ones: &BTreeSet<String>| ones.iter().any(|word| speaker.echoes(word));
    // `ans: 8` is an answer, no years.
    let words = words.strip_prefix(&["ans"]).unwrap_or(words);
    let said =
        |ones: &&BTreeSet<String>| words.iter().any(|word| word.len() > 1 && ones.contains(*word));
    let numbered = |two: &[&str]| {
        NUMBERED.contains(&two[0]) && (two[1].is_empty() || lexicon.numbers.contains_key(two[1]))
    };
    // `9 am` is a time of day.
    let is_time = |two: &[&str]| two[0].is_empty() && matches!(two[1], "am" | "pm");
    if words.windows(2).any(|two| numbered(two) || is_time(two)) {
        return false;
    }
    let mut others = lexicon.counted.iter().chain(&lexicon.packings).filter(said).peekable();
    if others.peek().is_none() {
        return true;
    }
    // What is packed may be told in packs; people and years are not packed.
    let is_packed = |ones: &BTreeSet<String>| lexicon.packings.contains(ones);
    let times = lexicon.spans.iter().any(echoes) && !lexicon.spans.iter().any(|ones| said(&ones));
    let unpacked = times || lexicon.counted.iter().take(PEOPLE).any(echoes);
    let is_told = unpacked || lexicon.counted.iter().chain(&lexicon.packings).any(echoes);
    others.all(|ones| echoes(ones) || if is_packed(ones) { !unpacked } else { !is_told })
}

/// `bed 7` is one of them; `bed: 7` counts.
pub(super) fn names_one(text: &str, speaker: &Speaker<'_>) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let is_singular = |word: &str| {
        let ones = |ones: &&BTreeSet<String>| ones.contains(word);
        let lexicon = speaker.lexicon;
        let mut groups = lexicon.counted.iter().chain(&lexicon.spans).filter(ones);
        groups.any(|ones| ones.contains(format!("{word}s").as_str()))
    };
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_no = |word: &str| matches!(word.trim_end_matches('.'), "no" | "number" | "num" | "nr");
    words.windows(2).any(|two| is_number(two[1]) && is_singular(two[0]))
        || words
            .windows(3)
            .any(|three| is_number(three[2]) && is_no(three[1]) && is_singular(three[0]))
}

/// `20 a week`, `20 daily`, where no such time was asked for.
fn is_a_rate(words: &[&str], speaker: &Speaker<'_>) -> bool {
    let often = |word: &&str| OFTEN.contains(word) && !speaker.echoes(word);
    let spans = &speaker.lexicon.spans;
    let each = |two: &[&str]| {
        EACH.contains(&two[0])
            && spans
                .iter()
                .any(|ones| ones.contains(two[1]) && !ones.iter().any(|word| speaker.echoes(word)))
    };
    words.iter().any(often) || words.windows(2).any(each)
}

/// `I am 34` tells an age, unless it was years of work that it tells.
fn tells_an_age(said: &str, speaker: &Speaker<'_>) -> bool {
    let is_i = |word: &str| matches!(word, "am" | "im" | "i'm" | "iam");
    let is_number = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit()) || speaker.lexicon.numbers.contains_key(word)
    };
    let words: Vec<&str> = said.split(' ').collect();
    // `j'ai 40 ans`
    let is_old = |three: &[&str]| {
        three[0] == "ai" && is_number(three[1]) && matches!(three[2], "ans" | "an")
    };
    (words.windows(2).any(|two| is_i(two[0]) && is_number(two[1]))
        || words.windows(3).any(is_old) && words.last().is_some_and(|word| *word == "ans"))
        && !words.iter().any(|word| SERVICE.contains(word))
        && !["old", "age"].iter().any(|word| speaker.echoes(word))
}

/// `7yrs` → `yrs`.
fn unit(word: &str) -> &str {
    word.trim_start_matches(|c: char| c.is_ascii_digit())
}
