//! Simulated months, one seed each: `world --seeds 1000`, or `world --seed 7` for one.

use anyhow::{Context, Result};
use rollcall_hil_tests::month;
use std::process::ExitCode;

/// How many lines of a story are told where many seeds are run.
const SHORT_STORY: usize = 60;

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)
    };
    let number = |text: &String| text.parse::<u64>().context("a seed is a whole number");
    let seeds = match after("--seed") {
        Some(seed) => {
            let seed = number(seed)?;
            seed..seed + 1
        }
        None => 1..after("--seeds").map(number).transpose()?.unwrap_or(100) + 1,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let count = seeds.end - seeds.start;
    let mut broken = 0;
    for seed in seeds {
        if let Some(found) = runtime.block_on(month(seed))? {
            broken += 1;
            println!(
                "seed {seed}   rollcall {}   replay: cargo world --seed {seed}",
                env!("CARGO_PKG_VERSION")
            );
            let told = if count == 1 { usize::MAX } else { SHORT_STORY };
            let from = found.story.len().saturating_sub(told);
            found.story[from..].iter().for_each(|line| println!("  {line}"));
            found.violations.iter().for_each(|line| println!("  DOES NOT HOLD: {line}"));
        }
        if seed % 50 == 0 {
            eprintln!("{seed} months");
        }
    }
    println!("{} passed, {broken} failed", count - broken);
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
