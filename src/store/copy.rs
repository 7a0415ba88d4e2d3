//! Copies of the store, and whether one can be trusted. What only SQLite knows.

use super::Reader;
use anyhow::{Context, Result, ensure};
use std::path::Path;

const COPY: &str = "VACUUM INTO $1";
const CHECK: &str = "PRAGMA quick_check(1)";
const ROWS: &str = "SELECT (SELECT count(*) FROM contact) + (SELECT count(*) FROM message)
    + (SELECT count(*) FROM answer) + (SELECT count(*) FROM attempt)";

impl Reader {
    /// Writes a whole copy, as of one moment, while others may write.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn copy_to(&self, to: &Path) -> Result<()> {
        let to = to.to_str().context("the copy's name must be plain text")?;
        sqlx::query(COPY).bind(to).execute(self.sql()).await.context("copying the store")?;
        Ok(())
    }

    /// Opens a copy and checks it; how many rows it has.
    ///
    /// # Errors
    /// The copy is torn or no store.
    pub async fn verify(file: &Path) -> Result<i64> {
        let broken = || format!("{} is no whole copy of a store", file.display());
        let reader = Reader::open(file).await.with_context(broken)?;
        let check: String =
            sqlx::query_scalar(CHECK).fetch_one(reader.sql()).await.with_context(broken)?;
        ensure!(check == "ok", "{}: {check}", broken());
        let rows = sqlx::query_scalar(ROWS).fetch_one(reader.sql()).await.with_context(broken)?;
        reader.sql().close().await;
        Ok(rows)
    }
}
