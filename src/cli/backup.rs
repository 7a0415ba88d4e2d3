//! `rollcall backup` and `rollcall restore`: verified copies. The live database is never copied.

use super::{Context, Outcome};
use crate::store::Reader;
use anyhow::{Context as _, Result, ensure};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Write a verified copy of everything; while `serve` runs, too.
///
/// Example: rollcall backup /media/stick/rollcall.db
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// The file to write; else one in data/backups
    to: Option<PathBuf>,
}

/// Put a verified copy in the place of the store; what was there is moved aside.
///
/// Example: rollcall restore /media/stick/rollcall.db
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The copy
    file: PathBuf,
}

impl Backup {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let office = context.office()?;
        let stamp = crate::clock::wall().strftime("%Y%m%d-%H%M%S").to_string();
        let to = self.to.unwrap_or_else(|| office.data().join(format!("backups/{stamp}.db")));
        ensure!(!to.exists(), "{} exists already; name another file", to.display());
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder).context("making the folder")?;
        }
        let unfinished = to.with_extension("unfinished");
        let _ = std::fs::remove_file(&unfinished);
        office.reader().await?.copy_to(&unfinished).await?;
        std::fs::File::open(&unfinished)?.sync_all().context("writing the copy")?;
        let rows = Reader::verify(&unfinished).await?;
        std::fs::rename(&unfinished, &to).context("naming the copy")?;
        let digest = digest(&to)?;
        let manifest = serde_json::json!({"schema": 1, "sha256": digest, "rows": rows});
        std::fs::write(manifest_of(&to), serde_json::to_string_pretty(&manifest)?)?;
        if context.json {
            println!("{}", serde_json::json!({"schema": 1, "file": to, "sha256": digest}));
        } else {
            println!("{} was written and verified.", to.display());
        }
        Ok(Outcome::Done)
    }
}

impl Restore {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let office = context.office()?;
        let Some(_lock) = office.lock()? else {
            eprintln!("`rollcall serve` works on this office; stop it first.");
            return Ok(Outcome::Busy);
        };
        if !self.file.is_file() {
            eprintln!("There is no {}.", self.file.display());
            return Ok(Outcome::NotFound);
        }
        check(&self.file)?;
        Reader::verify(&self.file).await?;
        let stamp = crate::clock::wall().strftime("%Y%m%d-%H%M%S").to_string();
        let aside = office.data().join(format!("before-restore-{stamp}"));
        std::fs::create_dir_all(&aside)?;
        for name in ["rollcall.db", "rollcall.db-wal", "rollcall.db-shm"] {
            let live = office.data().join(name);
            if live.exists() {
                std::fs::rename(&live, aside.join(name)).context("moving the old store aside")?;
            }
        }
        std::fs::copy(&self.file, office.database()).context("copying")?;
        std::fs::File::open(office.database())?.sync_all().context("writing to the disk")?;
        let words = format!("Restored. What was there is in {}.", aside.display());
        if context.json {
            println!("{}", serde_json::json!({"schema": 1, "words": words}));
        } else {
            println!("{words}");
        }
        Ok(Outcome::Done)
    }
}

fn manifest_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".manifest.json");
    name.into()
}

fn digest(file: &Path) -> Result<String> {
    let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    Ok(Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Compares a copy with its manifest, where it has one.
fn check(file: &Path) -> Result<()> {
    let Ok(text) = std::fs::read_to_string(manifest_of(file)) else { return Ok(()) };
    let manifest: serde_json::Value =
        serde_json::from_str(&text).context("reading the manifest")?;
    ensure!(
        manifest["sha256"] == digest(file)?,
        "{} is not the file that the backup wrote: it was changed or is torn",
        file.display()
    );
    Ok(())
}
