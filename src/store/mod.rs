//! The memory: the only SQL of the program, one file per noun, no decisions.
//!
//! One writer ([`Store`], moved into the switchboard) and any number of read-only connections
//! ([`Reader`]). Every SQL text is a constant with numbered parameters that PostgreSQL would take
//! too; what only SQLite knows stands in this file and in `migrations/sqlite`. A text with `;` in
//! it is several statements with one set of parameters, given in one trip where a turn needs all
//! of them; PostgreSQL would be given them one after the other. Durability: WAL and
//! `synchronous=FULL`; what was committed is on the disk.
#![expect(clippy::disallowed_methods, reason = "this folder is where SQL lives")]

mod anonymous;
mod attempts;
mod audience;
mod awake;
mod calls;
mod campaigns;
mod channels;
mod conversations;
mod copy;
mod facts;
mod figures;
mod flows;
mod imports;
#[cfg(test)]
pub(crate) mod in_tests;
mod inbox;
mod lists;
mod messages;
mod moves;
mod people;
mod placed_calls;
mod question_figures;
mod queue;
mod raw_pdus;
mod runs;
mod schedules;
mod schema;
mod starts;

pub use crate::model::{Audience, WhoIsInAFlow};
pub use anonymous::{AnonymousId, AnonymousQuestion, FEWEST, NewAnonymous, NewestRun, REFUSED};
pub use attempts::{OpenAttempt, ReportedSegment, SentSegment};
pub use audience::{Chosen, LeftOut};
pub use awake::awake;
pub use calls::OpenCall;
pub use campaigns::{Begun, Fact, WaitingContact};
pub use channels::ChannelRow;
pub use conversations::{AskedCopy, Conversation, HeardReply, NewReply, SaidBefore};
pub use facts::{News, Seen, WholeRow};
pub use figures::{CampaignLine, Funnel, ValueCount};
pub use flows::{FlowVersion, Publication, Published, VersionLine};
pub use inbox::InboxRow;
pub use lists::{AnswerRow, ChannelLine, ContactLine, InboxLine, MessageFilter, MessageLine};
pub use messages::{NewMessage, UncertainMessage};
pub use placed_calls::{CallLine, CallState, CallsSoFar, DueCall, NewCall, WantedBy};
pub use question_figures::{CampaignFigures, QuestionLine};
pub use queue::{NextSegment, Queue, Sendable, Through};
pub use raw_pdus::{NewPdu, PartKey, PduKind, StoredPart, Twin};
pub use runs::{Asked, DueRun, NewRun, RunRow, Timer};
pub use schedules::{KnownNames, ScheduleLine, ScheduleRow};
pub use starts::{DueStart, NewStart, PlannedLine};

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A clock that only measures how long: handed in, because only `clock.rs` may ask for the time.
pub type Stopwatch = fn() -> Duration;

/// The one writer.
pub struct Store {
    connection: SqliteConnection,
    commits: Commits,
    stopwatch: Stopwatch,
}

/// How many transactions were made durable, and how long the disk took for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Commits {
    /// Transactions.
    pub count: u64,
    /// Time inside COMMIT, which is the time of writing and of fsync.
    pub time: Duration,
}

/// One transaction. Dropped without [`Tx::commit`], nothing of it happened.
pub struct Tx<'a> {
    inner: sqlx::Transaction<'a, sqlx::Sqlite>,
    commits: &'a mut Commits,
    stopwatch: Stopwatch,
}

/// Read-only connections for reports, lists and checks from outside.
#[derive(Clone)]
pub struct Reader {
    pool: SqlitePool,
}

/// Where a store lives.
#[derive(Clone, Debug)]
pub enum Home {
    /// A file that survives: the office's `data/rollcall.db`.
    File(PathBuf),
    /// A file that need not survive a power cut: for tests and simulated months.
    Scratch(PathBuf),
}

impl Home {
    fn path(&self) -> &Path {
        match self {
            Home::File(path) | Home::Scratch(path) => path,
        }
    }

    fn synchronous(&self) -> SqliteSynchronous {
        match self {
            Home::File(_) => SqliteSynchronous::Full,
            Home::Scratch(_) => SqliteSynchronous::Off,
        }
    }
}

impl Store {
    /// Opens or makes the store and brings its schema up to date.
    ///
    /// # Errors
    /// The disk refuses, the file is no store of ours, or it was written by a newer version.
    pub async fn open(home: &Home, stopwatch: Stopwatch) -> Result<(Store, Reader)> {
        let path = home.path();
        let mut connection = options(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(home.synchronous())
            .connect()
            .await
            .with_context(|| format!("opening the store {}", path.display()))?;
        schema::bring_up_to_date(&mut connection).await?;
        schema::insist_on_wal(&mut connection).await?;
        let reader = Reader { pool: SqlitePool::connect_lazy_with(options(path).read_only(true)) };
        Ok((Store { connection, commits: Commits::default(), stopwatch }, reader))
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn begin(&mut self) -> Result<Tx<'_>> {
        let inner = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Tx { inner, commits: &mut self.commits, stopwatch: self.stopwatch })
    }

    /// What was made durable since it was opened.
    pub fn commits(&self) -> Commits {
        self.commits
    }

    /// Closes the store and folds the write-ahead log into the file.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn close(self) -> Result<()> {
        Ok(self.connection.close().await?)
    }
}

impl Tx<'_> {
    /// Makes everything of this transaction durable.
    ///
    /// # Errors
    /// The disk refuses; then nothing of it happened.
    pub async fn commit(self) -> Result<()> {
        let begun = (self.stopwatch)();
        self.inner.commit().await.context("writing to the disk")?;
        self.commits.count += 1;
        self.commits.time += (self.stopwatch)().saturating_sub(begun);
        Ok(())
    }

    fn sql(&mut self) -> &mut SqliteConnection {
        &mut self.inner
    }
}

impl Reader {
    /// Opens the store of an office for reading alone.
    ///
    /// # Errors
    /// There is no store.
    pub async fn open(path: &Path) -> Result<Reader> {
        let pool = SqlitePool::connect_with(options(path).read_only(true))
            .await
            .with_context(|| format!("reading the store {}", path.display()))?;
        Ok(Reader { pool })
    }

    pub(crate) fn sql(&self) -> &SqlitePool {
        &self.pool
    }
}

/// More statements than this folder has: each is prepared once.
const STATEMENTS: usize = 300;

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging()
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("temp_store", "MEMORY")
        // What is taken out of a row is overwritten on the disk, not merely let go.
        .pragma("secure_delete", "ON")
}

/// A time as it is stored: milliseconds since 1970, UTC.
pub(crate) fn ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A stored time. Rows hold only what [`ms`] wrote, so it always fits.
pub(crate) fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}
