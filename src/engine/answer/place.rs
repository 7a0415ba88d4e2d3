//! A place of the office's list: its name or another name, inside a sentence, with a slip.
//!
//! Two places that fit are never chosen between; a near one may be proposed.

use super::choice::windows;
use super::tokens::{plain, slack, stands_in};
use super::{Speaker, Understood};
use crate::flow::{PlaceRow, PlaceRule, Unsure};
use crate::model::{Answer, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Words that say what kind of place it is; they do not tell two places apart.
const KINDS: [&str; 17] = [
    "county", "district", "clinic", "hospital", "health", "center", "centre", "facility", "post",
    "the", "comte", "clinique", "hopital", "de", "sante", "town", "city",
];

pub(super) fn read(
    text: &str,
    rule: &PlaceRule,
    earlier: &BTreeMap<String, Answer>,
    speaker: &Speaker,
) -> Understood {
    let said = plain(text);
    if text.contains('?') {
        return Understood::No;
    }
    let places = candidates(rule, earlier);
    let exact: BTreeSet<usize> = find(&places, |name| name == said);
    if let Some(at) = only(&exact) {
        return Understood::Exact(value(places[at].row));
    }
    let lexicon = speaker.lexicon;
    let spoils = |word: &String| {
        !matches!(word.as_str(), "under" | "over" | "or" | "si") && stands_in(&said, word)
    };
    if exact.len() > 1 || lexicon.not.iter().any(spoils) {
        return Understood::No;
    }
    let unsure = ["or", "ou", "and", "et", "near", "between", "pres", "entre"];
    if unsure.iter().any(|word| stands_in(&said, word)) {
        return Understood::No;
    }
    match inside(&said, &places) {
        Found::One(at) => Understood::Repaired(value(places[at].row)),
        Found::Several => Understood::No,
        Found::None => misspelt(&said, &places, rule, speaker),
    }
}

fn value(row: &PlaceRow) -> Value {
    Value::Place(row.place.clone())
}

/// A place that may be meant, with its names in plain words.
struct Candidate<'a> {
    row: &'a PlaceRow,
    names: &'a [String],
}

/// The places of the level, inside the earlier answer where one is asked for.
fn candidates<'a>(rule: &'a PlaceRule, earlier: &BTreeMap<String, Answer>) -> Vec<Candidate<'a>> {
    let around =
        rule.inside.as_ref().and_then(|question| match earlier.get(question)?.value.as_ref()? {
            Value::Place(place) => Some(place.code.as_str()),
            _ => None,
        });
    let wanted = |row: &&PlaceRow| {
        row.level == rule.level && around.is_none_or(|around| rule.list.lies_in(row, around))
    };
    rule.list.rows.iter().filter(wanted).map(|row| Candidate { row, names: &row.called }).collect()
}

fn find(places: &[Candidate<'_>], is_it: impl Fn(&str) -> bool) -> BTreeSet<usize> {
    (0..places.len()).filter(|at| places[*at].names.iter().any(|name| is_it(name))).collect()
}

fn only(found: &BTreeSet<usize>) -> Option<usize> {
    found.first().copied().filter(|_| found.len() == 1)
}

/// A name without the words for its kind, unless nothing is left.
fn core(name: &str) -> String {
    let words: Vec<&str> = name.split(' ').filter(|word| !KINDS.contains(word)).collect();
    if words.is_empty() { name.to_owned() } else { words.join(" ") }
}

enum Found {
    None,
    One(usize),
    Several,
}

/// Names that stand in the sentence as whole words; a shorter one inside a longer one of another
/// place does not count.
fn inside(said: &str, places: &[Candidate<'_>]) -> Found {
    let bare = core(said);
    let mut hits: Vec<(usize, String)> = Vec::new();
    for (at, place) in places.iter().enumerate() {
        for name in place.names {
            let short = core(name);
            if stands_in(said, name) || short.len() >= 3 && stands_in(&bare, &short) {
                hits.push((at, short));
            }
        }
    }
    let covered = |at: usize, word: &str| {
        hits.iter().any(|(other, longer)| {
            *other != at && longer.len() > word.len() && stands_in(longer, word)
        })
    };
    let left: BTreeSet<usize> =
        hits.iter().filter(|(at, word)| !covered(*at, word)).map(|(at, _)| *at).collect();
    match (left.len(), only(&left)) {
        (0, _) => Found::None,
        (_, Some(at)) => Found::One(at),
        _ => Found::Several,
    }
}

/// The nearest name, if it is near enough and no other is: stored where the slip is small, else
/// proposed.
fn misspelt(
    said: &str,
    places: &[Candidate<'_>],
    rule: &PlaceRule,
    speaker: &Speaker,
) -> Understood {
    let words: Vec<&str> =
        said.split(' ').filter(|word| !speaker.lexicon.filler.contains(*word)).collect();
    let said = core(&words.join(" "));
    let mut near: Vec<(usize, usize, bool)> = (0..places.len())
        .filter_map(|at| nearest(&said, &places[at]).map(|(distance, sure)| (distance, at, sure)))
        .collect();
    near.sort_unstable();
    match near[..] {
        [(_, at, true)] => Understood::Repaired(value(places[at].row)),
        [(best, at, true), (second, ..), ..] if second > best + 1 => {
            Understood::Repaired(value(places[at].row))
        }
        [(_, at, false)] => proposed(places, at, rule),
        [(best, at, _), (second, ..), ..] if second > best => proposed(places, at, rule),
        [] => part_of_a_name(&said, places, rule),
        _ => Understood::No,
    }
}

fn proposed(places: &[Candidate<'_>], at: usize, rule: &PlaceRule) -> Understood {
    match rule.unsure {
        Unsure::Confirm => Understood::Near(value(places[at].row)),
        Unsure::AskAgain => Understood::No,
    }
}

/// The distance to a place's nearest name, and whether it is small enough to be a slip.
fn nearest(said: &str, place: &Candidate<'_>) -> Option<(usize, bool)> {
    let to = |name: &String| {
        let name = core(name);
        let letters = name.chars().filter(|c| *c != ' ').count();
        let together = |text: &str| text.replace(' ', "");
        let distance = windows(said, name.split(' ').count())
            .map(|window| strsim::osa_distance(&window, &name))
            .chain([strsim::osa_distance(&together(said), &together(&name))])
            .min()?;
        let sure = distance <= slack(letters).min(2) && letters >= 5;
        let near = distance <= slack(letters) + 1 && letters >= 5 && distance * 3 <= letters;
        (sure || near).then_some((distance, sure))
    };
    place.names.iter().filter_map(to).min()
}

/// `martha` for Martha Tubman Memorial Hospital: proposed, if only one place has the word.
fn part_of_a_name(said: &str, places: &[Candidate<'_>], rule: &PlaceRule) -> Understood {
    if said.len() < 4 || said.split(' ').all(|word| KINDS.contains(&word)) {
        return Understood::No;
    }
    let has_all = |name: &str| said.split(' ').all(|word| stands_in(name, word));
    match only(&find(places, has_all)) {
        Some(at) => proposed(places, at, rule),
        None => Understood::No,
    }
}
