//! SMS Server Tools: `smsd` of the package smstools.

use anyhow::{Context, Result, ensure};
use rollcall_hil_tests::peers::{Answers, Came, Haste, Office, Peer, SmsTools, wait_until};

use super::country::{ACCENTS, ANSWERS, Country, LONG, PATIENCE, SHORT, SMS_TOOLS, number};
use super::{Findings, Outcome, make};

type Check = fn(&Country, &mut SmsTools) -> Result<()>;

/// All that it is tried with.
pub fn try_out(country: &Country) -> Findings {
    let checks: [(&str, Check); 6] = [
        ("sends a text", send_short),
        ("sends a text of three parts", send_long),
        ("sends Unicode", send_accents),
        ("identifies the modem", identify),
        ("takes short, long and Unicode answers", take),
        ("files a delivery report", file_reports),
    ];
    let name = |check: &str| format!("{} {check}", SMS_TOOLS.name);
    let mut daemon = match start(country) {
        Ok(daemon) => daemon,
        Err(why) => return vec![(name("starts"), Outcome::No(why))],
    };
    checks
        .into_iter()
        .map(|(check, run)| make(country, name(check), || run(country, &mut daemon)))
        .collect()
}

fn start(country: &Country) -> Result<SmsTools> {
    let mut daemon = SmsTools::set_up(Office {
        folder: country.path("sms-tools"),
        ports: vec![country.port(SMS_TOOLS)],
        news: country.kind.news,
        haste: Haste::Quick,
        answers: Answers::None,
    })?;
    daemon.start()?;
    Ok(daemon)
}

fn send_short(country: &Country, daemon: &mut SmsTools) -> Result<()> {
    give(daemon, "Report: yes\n", SHORT)?;
    country.was_read(SMS_TOOLS, SHORT, 1).with_context(|| tail(daemon))
}

fn send_long(country: &Country, daemon: &mut SmsTools) -> Result<()> {
    give(daemon, "", LONG)?;
    country.was_read(SMS_TOOLS, LONG, 3).with_context(|| tail(daemon))
}

fn send_accents(country: &Country, daemon: &mut SmsTools) -> Result<()> {
    give(daemon, "Alphabet: UTF-8\n", ACCENTS)?;
    country.was_read(SMS_TOOLS, ACCENTS, 1).with_context(|| tail(daemon))
}

/// It writes the modem's identity into what it has sent.
fn identify(country: &Country, daemon: &mut SmsTools) -> Result<()> {
    let imei = format!("\nIMEI: {}\n", country.imei(SMS_TOOLS)?);
    let sent = daemon.folder("sent").join("text-00001");
    wait_until(PATIENCE, || Ok(sent.exists()))?;
    let sent = std::fs::read_to_string(sent)?;
    ensure!(sent.contains(&imei), "it did not find{imei}it wrote:\n{sent}");
    Ok(())
}

fn take(country: &Country, daemon: &mut SmsTools) -> Result<()> {
    country.has_answered(SMS_TOOLS)?;
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

fn file_reports(_: &Country, daemon: &mut SmsTools) -> Result<()> {
    wait_until(PATIENCE, || Ok(daemon.reports()? > 0)).with_context(|| tail(daemon))
}

fn give(daemon: &mut SmsTools, headers: &str, text: &str) -> Result<()> {
    let to = number(SMS_TOOLS);
    daemon.give(&format!("To: {}\n{headers}", to.trim_start_matches('+')), text)
}

fn tail(daemon: &SmsTools) -> String {
    let log = std::fs::read(daemon.folder("log")).unwrap_or_default();
    let log = String::from_utf8_lossy(&log).into_owned();
    let lines: Vec<&str> = log.lines().collect();
    format!("it said:\n{}", lines[lines.len().saturating_sub(30)..].join("\n"))
}
