//! Ours against other people's programs on the same simulated modem, in one run: how long each
//! takes of its own, and what is lost or doubled when something goes wrong.
//!
//! The modem answers at once and the network takes the same time for every message, so that all
//! the rest is the program's own. The others run as Debian packs them and as they come, ours as
//! it is shipped, but without the pace that an office sets for its operator's sake.
//!
//! `cargo bench --bench peers`, or with `-- --only speed`, `-- --only trouble`, `-- --who SmsTools`,
//! `-- --trouble Reboots`, `-- --patience 600` (seconds), `-- --keep yes` (the programs' folders).

#[cfg(unix)]
mod country;
#[cfg(unix)]
mod ours;
#[cfg(unix)]
#[path = "../../src/peers/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the binary `peers` uses the rest of it")]
mod peers;
#[cfg(unix)]
mod speed;
#[cfg(unix)]
mod trouble;

#[cfg(unix)]
use std::path::PathBuf;

#[cfg(unix)]
fn main() -> anyhow::Result<()> {
    run()
}

#[cfg(not(unix))]
fn main() {
    println!("pseudo-terminals are there on unix only");
}

/// Everybody who is measured, ours first.
#[cfg(unix)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Ours.
    Rollcall,
    /// `gammu-smsd`.
    GammuSmsd,
    /// SMS Server Tools.
    SmsTools,
    /// `bearerbox` and `smsbox`.
    Kannel,
}

#[cfg(unix)]
impl Who {
    /// All of them.
    const ALL: [Who; 4] = [Who::Rollcall, Who::GammuSmsd, Who::SmsTools, Who::Kannel];

    /// Those that are named by `--who`, or all of them.
    pub fn wanted() -> Vec<Who> {
        let named = after("--who");
        let is_wanted = |who: &Who| named.as_ref().is_none_or(|name| *name == format!("{who:?}"));
        Who::ALL.into_iter().filter(is_wanted).collect()
    }

    /// Sets a program up in its folder.
    ///
    /// # Errors
    /// Its folder cannot be written.
    pub fn set_up(self, office: peers::Office) -> anyhow::Result<Box<dyn peers::Peer + Send>> {
        Ok(match self {
            Who::Rollcall => Box::new(ours::Ours::set_up(office, rollcall()?)?),
            Who::GammuSmsd => Box::new(peers::GammuSmsd::set_up(office)?),
            Who::SmsTools => Box::new(peers::SmsTools::set_up(office)?),
            Who::Kannel => Box::new(peers::Kannel::set_up(office)?),
        })
    }
}

/// Measures and prints.
///
/// # Errors
/// The rig itself fails.
#[cfg(unix)]
pub fn run() -> anyhow::Result<()> {
    let only = after("--only");
    let wants = |part: &str| only.as_deref().is_none_or(|only| only == part);
    if wants("speed") {
        speed::measure()?;
    }
    if wants("trouble") {
        trouble::measure()?;
    }
    Ok(())
}

/// The program that is measured: the one that was built with this bench, or the one that is named.
#[cfg(unix)]
fn rollcall() -> anyhow::Result<PathBuf> {
    use anyhow::Context;
    let built = option_env!("CARGO_BIN_EXE_rollcall").map(str::to_owned);
    let named = after("--rollcall").or(built).context("--rollcall names the program")?;
    PathBuf::from(&named).canonicalize().with_context(|| format!("there is no {named}"))
}

#[cfg(unix)]
fn after(name: &str) -> Option<String> {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|argument| argument == name)?;
    arguments.get(at + 1).cloned()
}
