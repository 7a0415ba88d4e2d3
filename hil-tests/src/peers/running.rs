//! Processes that are started, watched and killed.

use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// One look is so long after the last.
const STEP: Duration = Duration::from_millis(50);
/// Ticks of the processor's clock in a second, as Linux counts them for programs.
const TICKS: u64 = 100;

/// A program that runs, with all that it starts.
#[derive(Debug)]
pub struct Running {
    child: Child,
}

/// What processes have used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Time of the processor.
    pub cpu: Duration,
    /// Memory held now, in KiB.
    pub memory_kib: u64,
}

impl Usage {
    /// Both together.
    pub fn with(self, other: Usage) -> Usage {
        let memory_kib = self.memory_kib + other.memory_kib;
        Usage { cpu: self.cpu + other.cpu, memory_kib }
    }
}

impl Running {
    /// Starts a command in a process group of its own; what it says goes to `log`.
    ///
    /// # Errors
    /// There is no such program, or the log cannot be written.
    pub fn start(mut command: Command, log: &Path) -> Result<Running> {
        let name = command.get_program().to_string_lossy().into_owned();
        let log = File::options().create(true).append(true).open(log)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
        let child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
        Ok(Running { child })
    }

    /// SIGKILL for it and for all that it started.
    pub fn kill(&mut self) {
        self.signal("-KILL");
        let _ = self.child.wait();
    }

    /// SIGTERM, and time to put its things in order.
    pub fn stop(&mut self) {
        self.signal("-TERM");
        let ended = wait_until(Duration::from_secs(15), || Ok(self.child.try_wait()?.is_some()));
        if ended.is_err() {
            self.kill();
        }
    }

    /// What it has used, with all that it started.
    pub fn usage(&self) -> Usage {
        let group = self.child.id().to_string();
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let mut sum = Usage::default();
        for process in processes {
            let Ok(stat) = std::fs::read_to_string(process.path().join("stat")) else { continue };
            // The name may hold anything; the fields after it do not.
            let fields: Vec<&str> =
                stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
            let number = |at: usize| fields.get(at).and_then(|it| it.parse::<u64>().ok());
            if fields.get(2) != Some(&group.as_str()) {
                continue;
            }
            let ticks: u64 = (11..=14).filter_map(number).sum();
            sum.cpu += Duration::from_millis(ticks * 1_000 / TICKS);
            sum.memory_kib += own_memory(&process.path());
        }
        sum
    }

    fn signal(&self, signal: &str) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args([signal, "--", &group]).status();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.kill();
        }
    }
}

/// Memory that a process shares with nobody, and its share of what it shares; in KiB.
fn own_memory(process: &Path) -> u64 {
    let rollup = std::fs::read_to_string(process.join("smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Runs a command to its end; what it said, and whether it ended well.
///
/// # Errors
/// There is no such program, it fails, or it is not done in time.
pub fn talk(mut command: Command, log: &Path, patience: Duration) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let file = File::create(log)?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let mut child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
    let mut status = None;
    let ended = wait_until(patience, || {
        status = child.try_wait()?;
        Ok(status.is_some())
    });
    if ended.is_err() {
        let _ = child.kill();
        let _ = child.wait();
    }
    let said = String::from_utf8_lossy(&std::fs::read(log)?).into_owned();
    ended.with_context(|| format!("{name} did not come to an end; it said:\n{said}"))?;
    ensure!(status.is_some_and(|status| status.success()), "{name} failed; it said:\n{said}");
    Ok(said)
}

/// Waits in real time for real processes.
#[expect(clippy::disallowed_methods, reason = "other people's programs live in real time")]
pub fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

/// Looks again and again until something is so.
///
/// # Errors
/// It is not so in time, or looking fails.
pub fn wait_until(patience: Duration, mut done: impl FnMut() -> Result<bool>) -> Result<()> {
    let mut waited = Duration::ZERO;
    while !done()? {
        ensure!(waited < patience, "waited {} s in vain", patience.as_secs());
        pause(STEP);
        waited += STEP;
    }
    Ok(())
}
