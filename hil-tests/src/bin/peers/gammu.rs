//! `gammu`, the command that people try a stick with.

use anyhow::{Result, ensure};
use rollcall_hil_tests::peers::talk;
use std::process::Command;
use std::time::Duration;

use super::country::{ACCENTS, ANSWERS, Country, GAMMU, LONG, SHORT, number};
use super::{Findings, make};

/// How long one command may take. Gammu starts afresh each time, and takes its four seconds.
const PATIENCE: Duration = Duration::from_secs(60);

type Check = fn(&Country) -> Result<()>;

/// All that it is tried with, one after the other: there is one modem.
pub fn try_out(country: &Country) -> Findings {
    let checks: [(&str, Check); 6] = [
        ("identifies the modem", identify),
        ("sends a text with a report", send_short),
        ("sends a text of three parts", send_long),
        ("sends Unicode", send_accents),
        ("reads all messages", read_all),
        ("joins the parts of a long message", read_joined),
    ];
    let name = |check: &str| format!("{} {check}", GAMMU.name);
    checks.into_iter().map(|(check, run)| make(country, name(check), || run(country))).collect()
}

fn identify(country: &Country) -> Result<()> {
    let settings =
        format!("[gammu]\ndevice = {}\nconnection = at115200\n", country.port(GAMMU).display());
    std::fs::write(country.path("gammurc"), settings)?;
    let said = gammu(country, &["identify"])?;
    let imei = country.imei(GAMMU)?;
    ensure!(said.contains(&imei), "it did not find the IMEI {imei}; it said:\n{said}");
    Ok(())
}

fn send_short(country: &Country) -> Result<()> {
    gammu(country, &["sendsms", "TEXT", &number(GAMMU), "-report", "-text", SHORT])?;
    country.was_read(GAMMU, SHORT, 1)?;
    country.was_reported(GAMMU, 1)
}

fn send_long(country: &Country) -> Result<()> {
    let longest = LONG.len().to_string();
    gammu(country, &["sendsms", "TEXT", &number(GAMMU), "-len", &longest, "-text", LONG])?;
    country.was_read(GAMMU, LONG, 3)
}

fn send_accents(country: &Country) -> Result<()> {
    gammu(country, &["sendsms", "TEXT", &number(GAMMU), "-unicode", "-text", ACCENTS])?;
    country.was_read(GAMMU, ACCENTS, 1)
}

fn read_all(country: &Country) -> Result<()> {
    country.has_answered(GAMMU)?;
    let said = gammu(country, &["getallsms"])?;
    let [short, _, accents] = ANSWERS;
    for answer in [short, accents] {
        ensure!(said.contains(answer), "it did not read {answer:?}; it said:\n{said}");
    }
    ensure!(said.contains("part 2 of 2"), "it did not read both parts; it said:\n{said}");
    Ok(())
}

fn read_joined(country: &Country) -> Result<()> {
    let said = gammu(country, &["geteachsms"])?;
    let [_, long, _] = ANSWERS;
    ensure!(said.contains(long), "it did not read {long:?} as one; it said:\n{said}");
    Ok(())
}

fn gammu(country: &Country, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new("gammu");
    command.arg("-c").arg(country.path("gammurc")).args(arguments).env("LC_ALL", "C.UTF-8");
    talk(command, &country.path("gammu.said"), PATIENCE)
}
