//! `rollcall init`: makes an office folder.

use super::Outcome;
use crate::office::SETTINGS;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Make an office folder with settings, flows, places and sample contacts.
///
/// Example: rollcall init my-office
#[derive(Debug, clap::Args)]
pub struct Init {
    /// The folder to make
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// What a new office holds: path and text.
const FILES: [(&str, &str); 5] = [
    (SETTINGS, include_str!("init/rollcall.yaml")),
    ("contacts.csv", include_str!("init/contacts.csv")),
    ("flows/staff-validation.yaml", include_str!("../../flows/staff-validation.yaml")),
    ("flows/three-questions.yaml", include_str!("../../flows/three-questions.yaml")),
    ("lists/places.csv", include_str!("../../flows/lists/places.csv")),
];

impl Init {
    pub(super) fn run(&self) -> Result<Outcome> {
        if self.dir.join(SETTINGS).exists() {
            eprintln!("{} is an office already; nothing was changed.", self.dir.display());
            return Ok(Outcome::Failed);
        }
        lay_out(&self.dir)?;
        println!(
            "{} is ready. Next:\n  cd {0}\n  rollcall flow check\n  rollcall contacts import \
             contacts.csv\n  rollcall modem list",
            self.dir.display()
        );
        Ok(Outcome::Done)
    }
}

/// Lays an office out; what is there already stays as it is.
pub(super) fn lay_out(dir: &Path) -> Result<()> {
    for folder in ["flows", "lists", "prompts", "data", "reports", "logs"] {
        std::fs::create_dir_all(dir.join(folder))
            .with_context(|| format!("making {}", dir.join(folder).display()))?;
    }
    for (name, text) in FILES {
        let file = dir.join(name);
        if !file.exists() {
            std::fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
        }
    }
    Ok(())
}
