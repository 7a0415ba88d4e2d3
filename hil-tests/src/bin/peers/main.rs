//! Lets other people's programs loose on the simulated modem and looks whether they can use it.
//!
//! `rollcall simulate` plays modems and people of every personality that is named; Gammu,
//! Gammu's daemon and SMS Server Tools, as Debian packs them, identify the modem, send texts of
//! every length and alphabet, take what people answer, and get reports. What they say is compared
//! with the truth that the country writes down. They know nothing of ours: where they fail on
//! what real sticks do for them, our modem is wrong.
//!
//! `peers --rollcall target/release/rollcall [--personality NAME]...`

mod country;
mod gammu;
mod gammu_smsd;
mod sms_tools;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

use country::{Country, KINDS, Kind};

/// What these programs cannot do on such modems, real ones included, and why. A check is named by
/// how it begins.
const CANNOT: [(&str, &str, &str); 15] = [
    ("zte", "gammu ", A_ZERO),
    ("zte", "gammu-smsd ", A_ZERO),
    ("simcom", "gammu sends", THE_PROMPT),
    ("simcom", "gammu reads", THE_PROMPT),
    ("simcom", "gammu joins", THE_PROMPT),
    ("simcom", "gammu-smsd ", THE_PROMPT),
    ("ublox", "gammu sends", THE_PROMPT),
    ("ublox", "gammu reads", THE_PROMPT),
    ("ublox", "gammu joins", THE_PROMPT),
    ("ublox", "gammu-smsd ", THE_PROMPT),
    ("ublox", "SMS Server Tools files", ANOTHER_MEMORY),
    ("wavecom", "gammu-smsd notes", ANOTHER_MEMORY),
    ("wavecom", "SMS Server Tools files", ANOTHER_MEMORY),
    ("cinterion", "gammu-smsd notes", NO_REPORTS),
    ("cinterion", "SMS Server Tools files", NO_REPORTS),
];
const A_ZERO: &str = "a zero before a line hides the line from it";
const THE_PROMPT: &str = "it waits for a prompt with a space behind it";
const ANOTHER_MEMORY: &str = "reports lie in a memory of their own, where it does not look";
const NO_REPORTS: &str = "this modem tells of no reports";

/// What one program could do on one modem, a line a check.
type Findings = Vec<(String, Outcome)>;

/// How a check ended.
enum Outcome {
    Yes,
    No(anyhow::Error),
    NotTried(&'static str),
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let found = arguments.iter().zip(arguments.iter().skip(1));
        found.filter(|(key, _)| *key == name).map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let program = after("--rollcall").pop().unwrap_or_else(|| "target/release/rollcall".to_owned());
    let program = PathBuf::from(program).canonicalize().context("--rollcall names no program")?;
    let named = after("--personality");
    if let Some(unknown) = named.iter().find(|name| !KINDS.iter().any(|kind| kind.name == **name)) {
        bail!("there is no personality {unknown}");
    }
    let wanted = |kind: &Kind| named.is_empty() || named.iter().any(|name| name == kind.name);
    let tried: Vec<_> = KINDS
        .into_iter()
        .filter(wanted)
        .map(|kind| {
            let program = program.clone();
            std::thread::spawn(move || (kind.name, try_all(&program, kind)))
        })
        .collect();
    let mut failed = 0;
    for one in tried {
        let Ok((name, findings)) = one.join() else { bail!("the rig itself broke") };
        failed += show(name, findings.with_context(|| format!("no country of {name}"))?);
    }
    if failed > 0 {
        bail!("{failed} checks failed");
    }
    println!("the others' programs do with the simulated modem what they do with a real one");
    Ok(())
}

/// Every program on a modem of its own, all at once, in one country.
fn try_all(program: &Path, kind: Kind) -> Result<Findings> {
    let country = Country::open(program, kind)?;
    let country = &country;
    let findings = std::thread::scope(|scope| {
        let programs: [fn(&Country) -> Findings; 3] =
            [gammu::try_out, gammu_smsd::try_out, sms_tools::try_out];
        let running = programs.map(|program| scope.spawn(move || program(country)));
        running.map(|one| {
            let broke = || Outcome::No(anyhow::anyhow!("the rig itself broke"));
            one.join().unwrap_or_else(|_| vec![("a program runs".to_owned(), broke())])
        })
    });
    Ok(findings.into_iter().flatten().collect())
}

/// Makes one check, unless it is one that the program cannot pass on such a modem.
fn make(country: &Country, check: String, run: impl FnOnce() -> Result<()>) -> (String, Outcome) {
    let cannot = |(kind, begins, _): &&(&str, &str, &str)| {
        *kind == country.kind.name && check.starts_with(begins)
    };
    let outcome = match CANNOT.iter().find(cannot) {
        Some((_, _, why)) => Outcome::NotTried(why),
        None => run().map_or_else(Outcome::No, |()| Outcome::Yes),
    };
    (check, outcome)
}

/// Prints the findings; how many are failures.
fn show(personality: &str, findings: Findings) -> usize {
    let mut failed = 0;
    for (check, outcome) in findings {
        match outcome {
            Outcome::Yes => println!("{personality}: {check}: yes"),
            Outcome::NotTried(why) => {
                println!("{personality}: {check}: not on such a modem: {why}")
            }
            Outcome::No(why) => {
                failed += 1;
                println!("{personality}: {check}: NO: {why:#}");
            }
        }
    }
    failed
}
