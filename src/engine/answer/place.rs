//! A place of the office's list: its name or another name, inside a sentence, with a slip.
//!
//! Two places that fit are never chosen between; a near one may be proposed.

use super::choice::windows;
use super::surroundings;
use super::tokens::{begins_alike, plain, slack, stands_in};
use super::{Speaker, Understood};
use crate::flow::{PlaceRow, PlaceRule, Unsure};
use crate::model::{Answer, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Words that say what kind of place it is; they do not tell two places apart.
pub(super) const KINDS: [&str; 17] = [
    "county", "district", "clinic", "hospital", "health", "center", "centre", "facility", "post",
    "the", "comte", "clinique", "hopital", "de", "sante", "town", "city",
];

pub(super) fn read(
    text: &str,
    rule: &PlaceRule,
    earlier: &BTreeMap<String, Answer>,
    speaker: &Speaker<'_>,
) -> Understood {
    let said = plain(text);
    if text.contains(['?', '%']) {
        return Understood::No;
    }
    let places = candidates(rule, earlier);
    let exact: BTreeSet<usize> = find(&places, |name| name == said);
    if let Some(at) = only(&exact) {
        return Understood::Exact(value(places[at].row));
    }
    if exact.len() > 1 {
        return Understood::No;
    }
    let there = |names: &[String]| surroundings::are_harmless(text, names, rule, speaker);
    match inside(&said, &places) {
        Found::One(at) if there(places[at].names) => Understood::Repaired(value(places[at].row)),
        Found::One(_) | Found::Several => Understood::No,
        Found::None => misspelt(&said, &places, rule, speaker, there),
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
    speaker: &Speaker<'_>,
    there: impl Fn(&[String]) -> bool,
) -> Understood {
    let words: Vec<&str> =
        said.split(' ').filter(|word| !speaker.lexicon.filler.contains(word)).collect();
    let words = words.join(" ");
    let said = core(&words);
    let mut near: Vec<(usize, usize, Near)> = (0..places.len())
        .filter_map(|at| {
            let ways = [nearest(&said, &places[at], core), nearest(&words, &places[at], with_town)];
            let best = ways.into_iter().flatten().min_by_key(|near| (near.distance, !near.sure))?;
            Some((best.distance, at, best))
        })
        .collect();
    near.sort_by_key(|(distance, at, _)| (*distance, *at));
    let (at, found, sure) = match &near[..] {
        [] => return part_of_a_name(&said, places, rule).filter(|_| there(&words_of(&said))),
        [(_, at, found)] => (*at, found, found.sure),
        [(best, at, found), (second, ..), ..] if second > best => {
            (*at, found, found.sure && (*second > best + 1 || *best == 0))
        }
        _ => return Understood::No,
    };
    match (there(&words_of(&found.said)), sure) {
        (true, true) => Understood::Repaired(value(places[at].row)),
        (true, false) => proposed(places, at, rule),
        (false, _) => Understood::No,
    }
}

fn words_of(said: &str) -> Vec<String> {
    said.split(' ').map(str::to_owned).collect()
}

fn proposed(places: &[Candidate<'_>], at: usize, rule: &PlaceRule) -> Understood {
    match rule.unsure {
        Unsure::Confirm => Understood::Near(value(places[at].row)),
        Unsure::AskAgain => Understood::No,
    }
}

/// A name without the words for its kind, but with those that name towns.
fn with_town(name: &str) -> String {
    let is_kept = |word: &&str| matches!(*word, "town" | "city") || !KINDS.contains(word);
    name.split(' ').filter(is_kept).collect::<Vec<_>>().join(" ")
}

/// The words that come near to a place's name.
struct Near {
    distance: usize,
    /// Whether the distance is small enough to be a slip.
    sure: bool,
    said: String,
}

/// A place's nearest name, if one is near.
fn nearest(said: &str, place: &Candidate<'_>, short: fn(&str) -> String) -> Option<Near> {
    let to = |name: &String| {
        let name = short(name);
        let letters = name.chars().filter(|c| *c != ' ').count();
        let together = |text: &str| text.replace(' ', "");
        let apart = |window: String| (strsim::osa_distance(&window, &name), window);
        let whole = (strsim::osa_distance(&together(said), &together(&name)), said.to_owned());
        let (distance, window) = windows(said, name.split(' ').count())
            .map(apart)
            .chain([whole])
            .min_by_key(|(distance, _)| *distance)?;
        let alike = begins_alike(&window, &name);
        let sure = distance <= slack(letters).min(2) && letters >= 5 && alike
            || distance == 0 && letters >= 4;
        let near = distance <= slack(letters) + 1 && letters >= 5 && distance * 3 <= letters;
        (sure || near).then_some(Near { distance, sure, said: window })
    };
    place.names.iter().filter_map(to).min_by_key(|near| (near.distance, !near.sure))
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
