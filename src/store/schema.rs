//! The schema: migrations built into the program, and what only SQLite knows.

use anyhow::{Context, Result, ensure};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{SqlSafeStr, SqliteConnection};

/// "ROLL" in ASCII: marks the file as ours (`PRAGMA application_id`).
const OURS: i64 = 0x524F_4C4C;

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "contacts", include_str!("../../migrations/sqlite/0001_contacts.sql")),
    (2, "flows", include_str!("../../migrations/sqlite/0002_flows.sql")),
    (3, "channels", include_str!("../../migrations/sqlite/0003_channels.sql")),
    (4, "campaigns", include_str!("../../migrations/sqlite/0004_campaigns.sql")),
    (5, "runs", include_str!("../../migrations/sqlite/0005_runs.sql")),
    (6, "messages", include_str!("../../migrations/sqlite/0006_messages.sql")),
    (7, "planned starts", include_str!("../../migrations/sqlite/0007_planned_starts.sql")),
    (8, "schedules", include_str!("../../migrations/sqlite/0008_schedules.sql")),
    (9, "publications", include_str!("../../migrations/sqlite/0009_publications.sql")),
    (10, "offers", include_str!("../../migrations/sqlite/0010_offers.sql")),
    (11, "anonymous", include_str!("../../migrations/sqlite/0011_anonymous.sql")),
    (12, "calls", include_str!("../../migrations/sqlite/0012_calls.sql")),
    (13, "placed_calls", include_str!("../../migrations/sqlite/0013_placed_calls.sql")),
];

const APPLICATION: &str = "PRAGMA application_id";
const MARK_AS_OURS: &str = "PRAGMA application_id = 1380928588";
const TABLES: &str = "SELECT count(*) FROM sqlite_schema";
const JOURNAL: &str = "PRAGMA journal_mode";

/// Runs the migrations that the file has not had.
pub(super) async fn bring_up_to_date(connection: &mut SqliteConnection) -> Result<()> {
    let application: i64 = sqlx::query_scalar(APPLICATION).fetch_one(&mut *connection).await?;
    let tables: i64 = sqlx::query_scalar(TABLES).fetch_one(&mut *connection).await?;
    ensure!(
        application == OURS || tables == 0,
        "this file is a database, but not one of Rollcall's"
    );
    sqlx::query(MARK_AS_OURS).execute(&mut *connection).await?;
    let migrations = MIGRATIONS
        .iter()
        .copied()
        .map(|(version, noun, sql)| {
            let kind = MigrationType::Simple;
            Migration::new(version, noun.into(), kind, sql.into_sql_str(), false)
        })
        .collect();
    Migrator::with_migrations(migrations).run(&mut *connection).await.context(
        "bringing the store up to date; if it was written by a newer Rollcall, use that one",
    )
}

/// WAL is refused on network folders: better to say so than to lose an answer.
pub(super) async fn insist_on_wal(connection: &mut SqliteConnection) -> Result<()> {
    let mode: String = sqlx::query_scalar(JOURNAL).fetch_one(connection).await?;
    ensure!(
        mode == "wal",
        "the office folder is on a disk that cannot keep a safe journal (a network or synced \
         folder?); move it to the laptop's own disk"
    );
    Ok(())
}
