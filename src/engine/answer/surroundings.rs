//! What stands around the name of a place: `I work at Klay Clinic, Bomi` names it, `I left Bomi`,
//! `near Bomi` and `New Kru Town` do not.

use super::Speaker;
use super::around::{self, Part};
use super::place::KINDS;
use super::tokens::{is_slip, plain, slack, stands_in};
use crate::flow::{PlaceRule, Side, Slot};
use std::collections::BTreeSet;

/// Words that begin the name of a smaller or larger place: `at Redemption Hospital`.
const WHERE: [&str; 10] =
    ["at", "in", "chez", "dans", "a", "au", "within", "inside", "county", "comte"];
/// A name with one of these behind it is the name of something else.
const PARTS: [&str; 8] = ["town", "city", "street", "bridge", "market", "river", "mines", "port"];

/// Whether nothing around a name says that another place is meant.
pub(super) fn are_harmless(
    text: &str,
    names: &[String],
    rule: &PlaceRule,
    speaker: &Speaker<'_>,
) -> bool {
    let said = plain(text);
    let name: BTreeSet<&str> = names.iter().flat_map(|name| name.split(' ')).collect();
    let rest: Vec<&str> = said.split(' ').filter(|word| !name.contains(word)).collect();
    let around = speaker.unasked(&rest.join(" "));
    let around = around.replace("nee", "ne");
    let around = if speaker.echoes("ne") { speaker.unasked(&around) } else { around };
    let is_born =
        |word: &str| matches!(word, "born" | "birth" | "nee" | "ne") && speaker.echoes(word);
    let lexicon = speaker.lexicon;
    // Where somebody works is not where they were born.
    let asks_birth = ["born", "ne", "nee", "birth"].iter().any(|word| speaker.echoes(word));
    let is_work = |word: &&str| {
        matches!(
            *word,
            "work" | "working" | "works" | "assigned" | "travaille" | "affecte" | "based"
        ) && !speaker.asks(word)
    };
    if asks_birth && rest.iter().any(is_work) {
        return false;
    }
    if lexicon.hedge.stand_in(&around)
        || lexicon.not.stand_in(&around)
        || lexicon.elsewhere.stand_in(&around)
        || speaker.names_anothers(&rest)
        || around
            .split(' ')
            .any(|word| lexicon.elsewhere.contains(word) && !is_born(word) || word == "no")
    {
        return false;
    }
    // A place that lies around or inside is named by its own words.
    let list = &rule.list;
    // `Bomi, Marigbi` are two.
    let rivals = list.rows.iter().filter(|row| row.level == rule.level).flat_map(|row| &row.called);
    let mut rivals = rivals.filter(|rival| rival.len() >= 4 && !rival.contains(' '));
    let is_rival = |rival: &String| {
        let slip = |word: &&str| is_slip(word, rival, slack(rival.len()));
        !name.contains(rival.as_str()) && rest.iter().any(slip)
    };
    if rivals.any(is_rival) {
        return false;
    }
    let others = list.rows.iter().flat_map(|row| &row.called);
    let others: BTreeSet<&str> =
        others.filter(|other| stands_in(&said, other)).flat_map(|other| other.split(' ')).collect();
    let known = |word: &str| {
        KINDS.contains(&word) && !PARTS.contains(&word)
            || KINDS.iter().any(|kind| kind.len() >= 5 && is_slip(word, kind, 2))
            || name.iter().any(|name| name.len() >= 5 && is_slip(word, name, 1))
            || others.contains(word)
            || speaker.is_harmless(word)
            || word.len() == 1 && name.iter().any(|name| name.starts_with(word))
    };
    text.split([',', ';', '.', '\n', '(', ')', '-']).map(plain).all(|part| {
        let words: Vec<&str> = part.split(' ').filter(|word| !word.is_empty()).collect();
        (0..words.len())
            .all(|at| name.contains(words[at]) || known(words[at]) || is_told(&words, at, &name))
            && is_plain(&words, &name, &others, speaker)
    })
}

/// Whether the words between two commas change nothing.
fn is_plain(
    words: &[&str],
    name: &BTreeSet<&str>,
    others: &BTreeSet<&str>,
    speaker: &Speaker<'_>,
) -> bool {
    const MOST: usize = 3;
    let is_name = |word: &str| {
        (name.contains(word) || others.contains(word))
            && (!KINDS.contains(&word) || PARTS.contains(&word))
    };
    let has_name = words.iter().any(|word| name.contains(word));
    let part = |at: usize| {
        let word = words[at];
        if is_name(word)
            || !KINDS.contains(&word)
                && name.iter().any(|name| name.len() >= 5 && is_slip(word, name, 1))
            || word.len() == 1 && word != "i" && name.iter().any(|name| name.starts_with(word))
        {
            Part::Own
        } else if KINDS.contains(&word)
            || WHERE.contains(&word)
            || has_name && is_told(words, at, name)
        {
            Part::Joint
        } else {
            Part::Beside
        }
    };
    if (0..words.len()).any(|at| part(at) == Part::Own) {
        return around::is_harmless(words, part, speaker.answers(), speaker);
    }
    around::is_covered(Side::After, words, speaker.answers(), speaker)
        || words.len() <= MOST && around::fills(Slot::Place, words, speaker)
}

/// An unknown word is part of another place's name where it does not touch this one: behind
/// `at`, or parted from it by a comma.
fn is_told(words: &[&str], at: usize, name: &BTreeSet<&str>) -> bool {
    let has_name = words.iter().any(|word| name.contains(word));
    let touches =
        |at: Option<usize>| at.and_then(|at| words.get(at)).is_some_and(|word| name.contains(word));
    if PARTS.contains(&words[at]) && touches(at.checked_sub(1)) {
        return false;
    }
    if !has_name {
        return words.len() <= 5;
    }
    let behind = words[..at].iter().any(|word| WHERE.contains(word));
    behind && !touches(at.checked_sub(1)) && !touches(Some(at + 1))
}
