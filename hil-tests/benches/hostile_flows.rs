//! How long a file made to hurt is read, with everything that is said about it. Aim: milliseconds.

mod hostile;

use rollcall::clock;
use rollcall::flow::{self, Beside};
use std::time::Duration;

fn main() {
    let mut longest = (Duration::ZERO, "none");
    for (name, source, _) in hostile::files() {
        let begun = clock::stopwatch();
        let problems = flow::read(&source, &Beside::default()).1;
        let said: usize = problems.iter().map(|p| p.show("a.yaml", &source).len()).sum();
        let took = clock::stopwatch() - begun;
        longest = longest.max((took, name));
        println!("{name:<20} {took:>12.3?}  {:>4} problems, {said} octets", problems.len());
    }
    println!("hostile flows: longest {:.3?} ({})", longest.0, longest.1);
}
