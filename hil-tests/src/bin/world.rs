//! Simulated months, one seed each, on all cores: `world --seeds 1000`, or `world --seed 7` for
//! one. `--jobs N` says how many run at once.

use anyhow::{Context, Result};
use rollcall_hil_tests::{Broken, month};
use std::ops::Range;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};

/// How many lines of a story are told where many seeds are run.
const SHORT_STORY: usize = 60;

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)
    };
    let number = |text: &String| text.parse::<u64>().context("write a whole number");
    let seeds = match after("--seed") {
        Some(seed) => {
            let seed = number(seed)?;
            seed..seed + 1
        }
        None => 1..after("--seeds").map(number).transpose()?.unwrap_or(100) + 1,
    };
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let jobs = after("--jobs").map(number).transpose()?.unwrap_or(cores);
    let count = seeds.end - seeds.start;
    let broken = run(seeds, jobs)?;
    println!("{} passed, {broken} failed", count - broken);
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs all months; how many are broken.
fn run(seeds: Range<u64>, jobs: u64) -> Result<u64> {
    let next = AtomicU64::new(seeds.start);
    let (sender, results) = channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            let (sender, next, end) = (sender.clone(), &next, seeds.end);
            scope.spawn(move || months(next, end, &sender));
        }
        drop(sender);
        let (mut done, mut broken) = (0, 0);
        for (seed, result) in results {
            done += 1;
            if let Some(found) = result.with_context(|| format!("seed {seed}"))? {
                broken += 1;
                tell(seed, &found, seeds.end - seeds.start == 1);
            }
            if done % 50 == 0 {
                eprintln!("{done} months");
            }
        }
        Ok(broken)
    })
}

fn months(next: &AtomicU64, end: u64, results: &Sender<(u64, Result<Option<Broken>>)>) {
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let result = runtime.context("a runtime").and_then(|runtime| runtime.block_on(month(seed)));
        if results.send((seed, result)).is_err() {
            return;
        }
    }
}

fn tell(seed: u64, found: &Broken, is_alone: bool) {
    let version = env!("CARGO_PKG_VERSION");
    println!("seed {seed}   rollcall {version}   replay: cargo world --seed {seed}");
    let told = if is_alone { usize::MAX } else { SHORT_STORY };
    let from = found.story.len().saturating_sub(told);
    found.story[from..].iter().for_each(|line| println!("  {line}"));
    found.violations.iter().for_each(|line| println!("  DOES NOT HOLD: {line}"));
}
