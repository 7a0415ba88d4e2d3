//! `rollcall man`: the manual pages, made of the same words as `--help`.

use super::{Cli, Outcome};
use anyhow::{Context as _, Result};
use clap::CommandFactory as _;
use std::path::PathBuf;

/// The manual page; with a folder, the pages of all commands
///
/// Example: rollcall man --to /usr/local/share/man/man1
#[derive(Debug, clap::Args)]
pub struct Man {
    /// Write rollcall.1, rollcall-campaign.1 and the others here
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self) -> Result<Outcome> {
        let command = Cli::command();
        match &self.to {
            Some(folder) => {
                std::fs::create_dir_all(folder)
                    .and_then(|()| clap_mangen::generate_to(command, folder))
                    .with_context(|| format!("writing pages into {}", folder.display()))?;
                println!("The pages are in {}.", folder.display());
            }
            None => clap_mangen::Man::new(command).render(&mut std::io::stdout())?,
        }
        Ok(Outcome::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_tells_every_exit_code() {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page).expect("a page in memory");
        let page = String::from_utf8(page).expect("a page is text");
        for (code, meaning) in [
            (0, "done"),
            (1, "failed"),
            (2, "wrong usage"),
            (3, "something to look at"),
            (4, "busy"),
            (5, "not found"),
        ] {
            assert!(page.contains(&format!("{code} {meaning}")), "{code}: {page}");
        }
    }
}
