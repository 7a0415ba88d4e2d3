//! Flow versions: what was published, to the letter.

use super::{Tx, ms};
use anyhow::Result;
use jiff::Timestamp;

/// A published version of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowVersion {
    /// Names it for good: a digest of source and files.
    pub digest: String,
    /// The flow's id.
    pub flow: String,
    /// The file as it was.
    pub source: String,
    /// The files it named, as JSON: file name to text.
    pub beside: String,
}

const KEEP: &str = "INSERT INTO flow_version (digest, flow, source, beside, published_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (digest) DO NOTHING";
const MAKE_CURRENT: &str = "INSERT INTO flow (id, digest) VALUES ($1, $2)
    ON CONFLICT (id) DO UPDATE SET digest = excluded.digest";
const READ: &str = "SELECT digest, flow, source, beside FROM flow_version WHERE digest = $1";
const CURRENT: &str = "SELECT v.digest, v.flow, v.source, v.beside
    FROM flow f JOIN flow_version v ON v.digest = f.digest ORDER BY f.id";

type Row = (String, String, String, String);

impl Tx<'_> {
    /// Keeps a version and makes it the one that new starts get.
    pub async fn publish(&mut self, version: &FlowVersion, now: Timestamp) -> Result<()> {
        sqlx::query(KEEP)
            .bind(&version.digest)
            .bind(&version.flow)
            .bind(&version.source)
            .bind(&version.beside)
            .bind(ms(now))
            .execute(self.sql())
            .await?;
        let current = sqlx::query(MAKE_CURRENT).bind(&version.flow).bind(&version.digest);
        current.execute(self.sql()).await?;
        Ok(())
    }

    /// A version by its digest.
    pub async fn flow_version(&mut self, digest: &str) -> Result<Option<FlowVersion>> {
        let row: Option<Row> = sqlx::query_as(READ).bind(digest).fetch_optional(self.sql()).await?;
        Ok(row.map(version))
    }

    /// The versions that new starts get.
    pub async fn current_flows(&mut self) -> Result<Vec<FlowVersion>> {
        let rows: Vec<Row> = sqlx::query_as(CURRENT).fetch_all(self.sql()).await?;
        Ok(rows.into_iter().map(version).collect())
    }
}

fn version((digest, flow, source, beside): Row) -> FlowVersion {
    FlowVersion { digest, flow, source, beside }
}
