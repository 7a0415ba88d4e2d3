//! Flow versions: what was published, to the letter, and which one was in use when.

use super::{Reader, Tx, at, ms};
use anyhow::Result;
use jiff::Timestamp;
use serde::Serialize;

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
    /// Whether its answers are kept apart from who gave them.
    pub anonymous: bool,
}

/// How a version came to be the one in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// Somebody published it.
    ByHand,
    /// A campaign began with it.
    ByStart,
    /// Somebody went back to it.
    ByRollback,
}

impl Published {
    /// The word in the store and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Published::ByHand => "publish",
            Published::ByStart => "start",
            Published::ByRollback => "rollback",
        }
    }
}

/// One entry of a flow's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The version.
    pub digest: String,
    /// `publish`, `start` or `rollback`.
    pub how: String,
}

/// A version in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionLine {
    /// Names it for good.
    pub digest: String,
    /// Whether new starts get it.
    pub in_use: bool,
    /// When it was last made the one in use, in UTC.
    pub published_at: String,
    /// How: `publish`, `start` or `rollback`.
    pub how: String,
    /// How many people are in the middle of it.
    pub waiting: i64,
    /// How many runs of it are over.
    pub ended: i64,
}

// What is in use already is not published again.
const KEEP_HISTORY: &str = "INSERT INTO publication (flow, digest, how, published_at)
    SELECT v.flow, v.digest, $2, $3 FROM flow_version v WHERE v.digest = $1
      AND NOT EXISTS (SELECT 1 FROM flow f WHERE f.id = v.flow AND f.digest = v.digest)";
const KEEP: &str = "INSERT INTO flow_version (digest, flow, source, beside, anonymous,
        published_at)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (digest) DO NOTHING";
const MAKE_CURRENT: &str = "INSERT INTO flow (id, digest) VALUES ($1, $2)
    ON CONFLICT (id) DO UPDATE SET digest = excluded.digest";
const READ: &str = "SELECT digest, flow, source, beside, anonymous FROM flow_version
    WHERE digest = $1";
const CURRENT: &str = "SELECT v.digest, v.flow, v.source, v.beside, v.anonymous
    FROM flow f JOIN flow_version v ON v.digest = f.digest ORDER BY f.id";
const IN_USE: &str = "SELECT v.digest, v.flow, v.source, v.beside, v.anonymous
    FROM flow f JOIN flow_version v ON v.digest = f.digest WHERE f.id = $1";
const BEGINNING: &str = "SELECT digest, flow, source, beside, anonymous FROM flow_version
    WHERE flow = $1 AND substr(digest, 1, length($2)) = $2 ORDER BY digest";
const HISTORY: &str = "SELECT digest, how FROM publication WHERE flow = $1 ORDER BY id";
const WAITING_ON_OTHERS: &str =
    "SELECT count(*) FROM run WHERE status = 'waiting' AND flow = $1 AND digest <> $2";
const VERSIONS: &str = "SELECT p.digest,
        EXISTS (SELECT 1 FROM flow f WHERE f.id = p.flow AND f.digest = p.digest),
        p.published_at, p.how,
        (SELECT count(*) FROM run r WHERE r.digest = p.digest AND r.status = 'waiting'),
        (SELECT count(*) FROM run r WHERE r.digest = p.digest AND r.status <> 'waiting')
    FROM publication p WHERE p.flow = $1 AND p.id = (SELECT max(n.id) FROM publication n
        WHERE n.flow = p.flow AND n.digest = p.digest)
    ORDER BY p.id DESC";

const BEGUN: &str = "SELECT v.digest, v.flow, v.source, v.beside, v.anonymous
    FROM flow_version v WHERE EXISTS (SELECT 1 FROM run r
        WHERE r.digest = v.digest AND ($1 = 0 OR r.campaign_id = $1))
    ORDER BY v.published_at DESC, v.digest";

type Row = (String, String, String, String, bool);

impl Tx<'_> {
    /// Keeps a version and makes it the one that new starts get.
    pub async fn publish(
        &mut self,
        version: &FlowVersion,
        how: Published,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(KEEP)
            .bind(&version.digest)
            .bind(&version.flow)
            .bind(&version.source)
            .bind(&version.beside)
            .bind(i64::from(version.anonymous))
            .bind(ms(now))
            .execute(self.sql())
            .await?;
        let history = sqlx::query(KEEP_HISTORY).bind(&version.digest);
        history.bind(how.as_str()).bind(ms(now)).execute(self.sql()).await?;
        let current = sqlx::query(MAKE_CURRENT).bind(&version.flow).bind(&version.digest);
        current.execute(self.sql()).await?;
        Ok(())
    }

    /// A version by its digest.
    pub async fn flow_version(&mut self, digest: &str) -> Result<Option<FlowVersion>> {
        let row: Option<Row> = sqlx::query_as(READ).bind(digest).fetch_optional(self.sql()).await?;
        Ok(row.map(version))
    }

    /// The versions of a flow whose digest begins so.
    pub async fn versions_beginning(
        &mut self,
        flow: &str,
        prefix: &str,
    ) -> Result<Vec<FlowVersion>> {
        let query = sqlx::query_as(BEGINNING).bind(flow).bind(prefix);
        let rows: Vec<Row> = query.fetch_all(self.sql()).await?;
        Ok(rows.into_iter().map(version).collect())
    }

    /// Everything that was ever made the version in use, the oldest first.
    pub async fn publications(&mut self, flow: &str) -> Result<Vec<Publication>> {
        let rows: Vec<(String, String)> =
            sqlx::query_as(HISTORY).bind(flow).fetch_all(self.sql()).await?;
        Ok(rows.into_iter().map(|(digest, how)| Publication { digest, how }).collect())
    }

    /// How many people are in the middle of another version of a flow.
    pub async fn waiting_on_others(&mut self, flow: &str, digest: &str) -> Result<i64> {
        let query = sqlx::query_scalar(WAITING_ON_OTHERS).bind(flow).bind(digest);
        Ok(query.fetch_one(self.sql()).await?)
    }

    /// The versions that new starts get.
    pub async fn current_flows(&mut self) -> Result<Vec<FlowVersion>> {
        let rows: Vec<Row> = sqlx::query_as(CURRENT).fetch_all(self.sql()).await?;
        Ok(rows.into_iter().map(version).collect())
    }
}

impl Reader {
    /// The versions that anybody of a campaign began with, the newest first; of all campaigns where
    /// none is named.
    pub async fn versions_begun(&self, campaign: Option<i64>) -> Result<Vec<FlowVersion>> {
        let query = sqlx::query_as(BEGUN).bind(campaign.unwrap_or(0));
        let rows: Vec<Row> = query.fetch_all(self.sql()).await?;
        Ok(rows.into_iter().map(version).collect())
    }

    /// The version of a flow that new starts get.
    pub async fn flow_in_use(&self, id: &str) -> Result<Option<FlowVersion>> {
        let row: Option<Row> = sqlx::query_as(IN_USE).bind(id).fetch_optional(self.sql()).await?;
        Ok(row.map(version))
    }

    /// The versions of a flow whose digest begins so.
    pub async fn versions_beginning(&self, flow: &str, prefix: &str) -> Result<Vec<FlowVersion>> {
        let query = sqlx::query_as(BEGINNING).bind(flow).bind(prefix);
        let rows: Vec<Row> = query.fetch_all(self.sql()).await?;
        Ok(rows.into_iter().map(version).collect())
    }

    /// All versions of a flow, the newest in use first.
    pub async fn versions(&self, flow: &str) -> Result<Vec<VersionLine>> {
        type Line = (String, bool, i64, String, i64, i64);
        let rows: Vec<Line> = sqlx::query_as(VERSIONS).bind(flow).fetch_all(self.sql()).await?;
        let line = |(digest, in_use, published_at, how, waiting, ended)| {
            let published_at = at(published_at).to_string();
            VersionLine { digest, in_use, published_at, how, waiting, ended }
        };
        Ok(rows.into_iter().map(line).collect())
    }
}

fn version((digest, flow, source, beside, anonymous): Row) -> FlowVersion {
    FlowVersion { digest, flow, source, beside, anonymous }
}
