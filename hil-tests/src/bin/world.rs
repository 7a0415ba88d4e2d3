//! Simulated months, one seed each, on all cores: `world --seeds 1000`, or `world --seed 7` for
//! one. `--personality huawei`, or `all`, runs weeks on such sticks instead, with every fault that
//! sticks have; `--fault NAME` leaves one of the faults. `--jobs N` says how many run at once.

use anyhow::{Context, Result, bail};
use rollcall_drivers::simulator::{Fault, Personality, Recurring};
use rollcall_hil_tests::{Broken, month, weeks};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
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
    let kinds = kinds(after("--personality").map(String::as_str))?;
    let faults = match after("--fault") {
        Some(name) => {
            let fault = Fault::named(name).with_context(|| format!("no fault is called {name}"))?;
            vec![fault.times_a_day(8)]
        }
        None => weeks::all_faults(),
    };
    let runs: Vec<Run> =
        seeds.flat_map(|seed| kinds.iter().map(move |kind| Run { seed, kind: *kind })).collect();
    let broken = run(&runs, &faults, jobs)?;
    println!("{} passed, {broken} failed", runs.len() - broken);
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One run of a world.
#[derive(Clone, Copy)]
struct Run {
    seed: u64,
    /// On sticks of this kind, for a week; none: a month.
    kind: Option<Personality>,
}

fn kinds(name: Option<&str>) -> Result<Vec<Option<Personality>>> {
    match name {
        None => Ok(vec![None]),
        Some("all") => Ok(Personality::ALL.map(Some).into()),
        Some(name) => match Personality::named(name) {
            Some(kind) => Ok(vec![Some(kind)]),
            None => bail!("no personality is called {name}"),
        },
    }
}

/// Runs all of them; how many are broken.
fn run(runs: &[Run], faults: &[Recurring], jobs: u64) -> Result<usize> {
    let next = AtomicUsize::new(0);
    let (sender, results) = channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || worlds(runs, faults, next, &sender));
        }
        drop(sender);
        let (mut done, mut broken) = (0, 0);
        for (run, result) in results {
            done += 1;
            if let Some(found) = result.with_context(|| format!("seed {}", run.seed))? {
                broken += 1;
                tell(run, &found, runs.len() == 1);
            }
            if done % 50 == 0 {
                eprintln!("{done} worlds");
            }
        }
        Ok(broken)
    })
}

type Results = Sender<(Run, Result<Option<Broken>>)>;

fn worlds(runs: &[Run], faults: &[Recurring], next: &AtomicUsize, results: &Results) {
    while let Some(run) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let result = runtime.context("a runtime").and_then(|runtime| match run.kind {
            Some(kind) => runtime.block_on(weeks::week_with(kind, faults.to_vec(), run.seed)),
            None => runtime.block_on(month(run.seed)),
        });
        if results.send((*run, result)).is_err() {
            return;
        }
    }
}

fn tell(run: Run, found: &Broken, is_alone: bool) {
    let version = env!("CARGO_PKG_VERSION");
    let kind = run.kind.map_or(String::new(), |kind| format!(" --personality {}", kind.name()));
    let seed = run.seed;
    println!("seed {seed}   rollcall {version}   replay: cargo world{kind} --seed {seed}");
    let told = if is_alone { usize::MAX } else { SHORT_STORY };
    let from = found.story.len().saturating_sub(told);
    found.story[from..].iter().for_each(|line| println!("  {line}"));
    found.violations.iter().for_each(|line| println!("  DOES NOT HOLD: {line}"));
}
