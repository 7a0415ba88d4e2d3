//! Times in order, and how they are shown.

use std::time::Duration;

/// Shows the middle, the 99th percentile and the longest of some times.
pub fn show(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |percent: usize| {
        let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(place).copied().unwrap_or_default()
    };
    println!(
        "{what}: middle {:?}, 99th percentile {:?}, longest {:?}; {} times",
        at(50),
        at(99),
        at(100),
        times.len()
    );
}
