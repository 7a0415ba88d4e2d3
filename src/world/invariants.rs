//! What must hold, checked from outside: the store against the country's own truth.

use super::World;
use crate::store::Facts;
use anyhow::Result;
use rollcall_drivers::simulator::What;
use std::collections::BTreeMap;

type Counts = BTreeMap<(String, String), usize>;

/// Everything that does not hold, a line each; empty where all is well.
///
/// # Errors
/// The store cannot be read.
pub async fn violations(world: &World) -> Result<Vec<String>> {
    let facts = Facts::read(world.reader()).await?;
    let mut wrong = facts.broken_rules.clone();
    wrong.extend(lost_or_doubled_replies(world, &facts));
    wrong.extend(texts_sent_twice(world, &facts));
    wrong.extend(misfiled_answers(world, &facts));
    Ok(wrong)
}

fn count(world: &World, pick: impl Fn(&What) -> Option<(String, String)>) -> Counts {
    let mut counts = Counts::new();
    for key in world.truth().iter().filter_map(|happening| pick(&happening.what)) {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// Every reply is in the store, and no more often than it was said. A reply that is still on its
/// way is not in the store yet: fewer is judged only when all is delivered.
fn lost_or_doubled_replies(world: &World, facts: &Facts) -> Vec<String> {
    let said = count(world, |what| match what {
        What::Said { by, text, .. } => Some((by.clone(), text.clone())),
        _ => None,
    });
    let doubled = |(key, kept): (&(String, String), &usize)| {
        let really = said.get(key).copied().unwrap_or(0);
        (*kept > really)
            .then(|| format!("{} said {:?} {really} times; kept {kept}", mask(&key.0), key.1))
    };
    facts.received.iter().filter_map(doubled).collect()
}

/// Replies that are not in the store although everything has come to rest.
///
/// # Errors
/// The store cannot be read.
pub async fn lost(world: &World) -> Result<Vec<String>> {
    let facts = Facts::read(world.reader()).await?;
    let said = count(world, |what| match what {
        What::Said { by, text, .. } => Some((by.clone(), text.clone())),
        _ => None,
    });
    let missing = |(key, really): (&(String, String), &usize)| {
        let kept = facts.received.get(key).copied().unwrap_or(0);
        (kept < *really)
            .then(|| format!("{} said {:?} {really} times; kept {kept}", mask(&key.0), key.1))
    };
    Ok(said.iter().filter_map(missing).collect())
}

/// Nobody gets a text more often than it was made, but for those that were uncertain first.
fn texts_sent_twice(world: &World, facts: &Facts) -> Vec<String> {
    let delivered = count(world, |what| match what {
        What::Delivered { to, text, .. } => Some((to.clone(), text.clone())),
        _ => None,
    });
    let twice = |(key, got): (&(String, String), &usize)| {
        let allowed = facts.allowed.get(key).copied().unwrap_or(0);
        (*got > allowed)
            .then(|| format!("{} got {:?} {got} times; allowed {allowed}", mask(&key.0), key.1))
    };
    delivered.iter().filter_map(twice).collect()
}

/// Every answer was said to the question it stands under.
fn misfiled_answers(world: &World, facts: &Facts) -> Vec<String> {
    let said_to = |number: &str, heard: &str, question: &str| {
        world.truth().iter().any(|happening| match &happening.what {
            What::Said { by, text, answering: Some(asked), .. } => {
                by == number && text == heard && asked.contains(question)
            }
            _ => false,
        })
    };
    facts
        .answers
        .iter()
        .filter(|(number, _, heard, asked)| !said_to(number, heard, asked))
        .map(|(number, question, heard, _)| {
            format!("{} never said {heard:?} to `{question}`", mask(number))
        })
        .collect()
}

fn mask(number: &str) -> String {
    crate::model::PhoneNumber::from_e164(number)
        .map_or_else(|| number.to_owned(), |n| n.to_string())
}
