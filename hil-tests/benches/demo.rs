//! The demo's time and memory: three runs of the real program. Aims: 5 s, 60 MB.

use anyhow::{Context, Result};
use std::process::{Command, Stdio};

fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for run in 1..=3 {
        let mut demo = Command::new(env!("CARGO_BIN_EXE_rollcall"))
            .args(["demo", "--json", "--dir", "demo"])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut most = 0;
        while demo.try_wait()?.is_none() {
            most = most.max(memory(demo.id()).unwrap_or(0));
            pause();
        }
        let output = demo.wait_with_output()?;
        let told: serde_json::Value =
            serde_json::from_slice(&output.stdout).context("the demo told nothing")?;
        println!(
            "demo, run {run}: {:.2} s, {:.2} s of it in {} commits; at most {} MB",
            told["seconds"].as_f64().unwrap_or(0.0),
            told["commit_seconds"].as_f64().unwrap_or(0.0),
            told["commits"],
            most / 1_024
        );
    }
    Ok(())
}

/// The most memory that a process has had, in KB, where the system tells (Linux does).
fn memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[expect(clippy::disallowed_methods, reason = "a bench may wait")]
fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(20));
}
