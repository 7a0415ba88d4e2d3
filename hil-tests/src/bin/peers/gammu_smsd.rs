//! `gammu-smsd`, the daemon that many offices send with, and `gammu-smsd-inject`.

use anyhow::{Context, Result, ensure};
use rollcall_hil_tests::peers::{Answers, Came, GammuSmsd, Haste, Office, Peer, talk, wait_until};
use std::process::Command;

use super::country::{ACCENTS, ANSWERS, Country, GAMMU_SMSD, LONG, PATIENCE, SHORT, number};
use super::{Findings, Outcome, make};

type Check = fn(&Country, &GammuSmsd) -> Result<()>;

/// All that it is tried with.
pub fn try_out(country: &Country) -> Findings {
    let checks: [(&str, Check); 5] = [
        ("sends a text", send_short),
        ("sends a text of three parts", send_long),
        ("sends Unicode", send_accents),
        ("takes short, long and Unicode answers", take),
        ("notes a delivery report", note_reports),
    ];
    let name = |check: &str| format!("{} {check}", GAMMU_SMSD.name);
    let daemon = match start(country) {
        Ok(daemon) => daemon,
        Err(why) => return vec![(name("starts"), Outcome::No(why))],
    };
    checks
        .into_iter()
        .map(|(check, run)| make(country, name(check), || run(country, &daemon)))
        .collect()
}

fn start(country: &Country) -> Result<GammuSmsd> {
    let mut daemon = GammuSmsd::set_up(Office {
        folder: country.path("gammu-smsd"),
        ports: vec![country.port(GAMMU_SMSD)],
        news: country.kind.news,
        haste: Haste::Quick,
        answers: Answers::None,
    })?;
    daemon.start()?;
    Ok(daemon)
}

fn send_short(country: &Country, daemon: &GammuSmsd) -> Result<()> {
    inject(country, daemon, &["-report", "-text", SHORT])?;
    country.was_read(GAMMU_SMSD, SHORT, 1).with_context(|| tail(daemon))
}

fn send_long(country: &Country, daemon: &GammuSmsd) -> Result<()> {
    inject(country, daemon, &["-len", &LONG.len().to_string(), "-text", LONG])?;
    country.was_read(GAMMU_SMSD, LONG, 3).with_context(|| tail(daemon))
}

fn send_accents(country: &Country, daemon: &GammuSmsd) -> Result<()> {
    inject(country, daemon, &["-unicode", "-text", ACCENTS])?;
    country.was_read(GAMMU_SMSD, ACCENTS, 1).with_context(|| tail(daemon))
}

fn take(country: &Country, daemon: &GammuSmsd) -> Result<()> {
    country.has_answered(GAMMU_SMSD)?;
    let has = |answer: &str, all: &[Came]| all.iter().filter(|came| came.text == answer).count();
    let mut all = Vec::new();
    let complete = wait_until(PATIENCE, || {
        all = daemon.came()?;
        Ok(ANSWERS.iter().all(|answer| has(answer, &all) > 0))
    });
    complete.with_context(|| format!("it took {all:?}; {}", tail(daemon)))?;
    ensure!(all.len() == ANSWERS.len(), "it took more than was sent: {all:?}");
    Ok(())
}

fn note_reports(_: &Country, daemon: &GammuSmsd) -> Result<()> {
    wait_until(PATIENCE, || Ok(daemon.reports()? > 0)).with_context(|| tail(daemon))
}

fn inject(country: &Country, daemon: &GammuSmsd, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new("gammu-smsd-inject");
    command.arg("-c").arg(daemon.settings(0)).args(["TEXT", &number(GAMMU_SMSD)]);
    command.args(arguments).env("LC_ALL", "C.UTF-8");
    talk(command, &country.path("inject.said"), PATIENCE)?;
    Ok(())
}

fn tail(daemon: &GammuSmsd) -> String {
    let log = daemon.log(0).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    format!("it said:\n{}", lines[lines.len().saturating_sub(30)..].join("\n"))
}
