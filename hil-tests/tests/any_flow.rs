//! Drawn flows: the shipped ones with letters changed, lines moved, lost and doubled. What is read
//! without an error can be used, what cannot be used has an error, and nothing panics.
//!
//! `ROLLCALL_MUTATIONS=1000000 cargo test --release -p rollcall-hil-tests --test any_flow` for a
//! night.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use rollcall::engine;
use rollcall::flow::{self, Beside, Severity};
use std::collections::BTreeMap;

const FLOWS: [&str; 4] = [
    include_str!("../../flows/staff-validation.yaml"),
    include_str!("../../flows/facility-status.yaml"),
    include_str!("../../flows/training-quiz.yaml"),
    include_str!("../../flows/three-questions.yaml"),
];
const PIECES: [&str; 16] =
    [":", ": ", "\"", "'", "[", "]", "{", "}", "\t", " ", "-", "\n", "#", "\u{a0}", "“", "&"];

#[test]
fn what_passes_can_be_used_and_nothing_panics() {
    let count = std::env::var("ROLLCALL_MUTATIONS").ok().and_then(|text| text.parse().ok());
    let places = include_str!("../../flows/lists/places.csv").to_owned();
    let beside = Beside::of(&BTreeMap::from([("lists/places.csv".to_owned(), places)])).0;
    let mut dice = ChaCha8Rng::seed_from_u64(7);
    let mut usable = 0;
    for _ in 0..count.unwrap_or(2_000) {
        let source = mutated(FLOWS[draw(&mut dice, FLOWS.len())], &mut dice);
        let (flow, problems) = flow::read(&source, &beside);
        let is_wrong = problems.iter().any(|problem| problem.severity == Severity::Error);
        assert_eq!(flow.is_none(), is_wrong, "{problems:?}\n{source}");
        for problem in &problems {
            assert!(problem.show("flow.yaml", &source).contains(problem.code));
        }
        if let Some(flow) = flow {
            usable += 1;
            assert!(!engine::sent_texts(&flow).is_empty());
        }
    }
    assert!(usable > 0, "some changes do no harm");
}

fn draw(dice: &mut ChaCha8Rng, below: usize) -> usize {
    usize::try_from(dice.next_u32()).unwrap_or(0) % below.max(1)
}

fn mutated(source: &str, dice: &mut ChaCha8Rng) -> String {
    let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
    for _ in 0..=draw(dice, 3) {
        let at = draw(dice, lines.len());
        let other = draw(dice, lines.len());
        match draw(dice, 6) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(other, lines[at].clone()),
            2 => lines.swap(at, other),
            3 => lines[at].insert(0, ' '),
            kind => {
                let letters: Vec<char> = lines[at].chars().collect();
                let place = draw(dice, letters.len() + 1);
                let piece = PIECES[draw(dice, PIECES.len())];
                let keep = if kind == 4 { place } else { (place + 1).min(letters.len()) };
                let before: String = letters[..place].iter().collect();
                let after: String = letters[keep..].iter().collect();
                lines[at] = format!("{before}{piece}{after}");
            }
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
    }
    lines.join("\n") + "\n"
}
