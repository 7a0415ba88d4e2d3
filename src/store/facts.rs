//! The store as an outside checker sees it: for invariants of the simulated world.

use super::{Reader, at};
use anyhow::Result;
use jiff::Timestamp;
use sqlx::Row as _;
use std::collections::BTreeMap;

/// How far somebody has read: the newest rows that they know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    message: i64,
    answer: i64,
    attempt: i64,
}

/// A row that is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A text came in.
    Received {
        /// Who wrote.
        number: String,
        /// The text.
        text: String,
    },
    /// A reply was read.
    Answered {
        /// Who answered.
        number: String,
        /// The question.
        question: String,
        /// What was heard.
        heard: String,
        /// What was understood; empty where nothing was.
        value: String,
        /// The text that asked.
        asked: String,
    },
    /// A segment is about to leave.
    Attempted {
        /// Who it is for.
        number: String,
        /// The whole text.
        text: String,
        /// Its priority.
        priority: i64,
        /// When the attempt began.
        began_at: Timestamp,
        /// When the message was made.
        made_at: Timestamp,
    },
}

/// A row as it lies in the store, for checks of what is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeRow {
    /// The table.
    pub table: String,
    /// The columns' names.
    pub columns: Vec<String>,
    /// The cells as text; octets in hexadecimal, nothing as an empty text.
    pub cells: Vec<String>,
}

impl WholeRow {
    /// The cell of a column, where the table has it.
    pub fn cell(&self, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(at).map(String::as_str)
    }
}

const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
const COLUMNS: &str = "SELECT name FROM pragma_table_info($1) ORDER BY cid";
const NEWS: &str = "SELECT 1, id, number, body, '', '', '', 0, 0, 0 FROM message
    WHERE id > $1 AND direction = 'in'
    UNION ALL SELECT 2, a.id, r.number, a.question, a.heard, coalesce(a.value, ''),
        coalesce((SELECT m.body FROM message m WHERE m.run_id = r.id AND m.direction = 'out'
            AND m.question = a.question ORDER BY m.id LIMIT 1), ''), 0, 0, 0
    FROM answer a JOIN run r ON r.id = a.run_id WHERE a.id > $2 AND a.message_id IS NOT NULL
    UNION ALL SELECT 3, t.id, m.number, m.body, '', '', '', m.priority, t.began_at, m.created_at
    FROM attempt t JOIN segment s ON s.id = t.segment_id JOIN message m ON m.id = s.message_id
    WHERE t.id > $3
    ORDER BY 1, 2";
const NEWEST_MESSAGE: &str = "SELECT coalesce(max(id), 0) FROM message";
const RECEIVED: &str =
    "SELECT number, body, count(*) FROM message WHERE direction = 'in' GROUP BY number, body";
const ALLOWED: &str = "SELECT coalesce(sum(1 + repeats), 0) FROM message
    WHERE number = $1 AND direction = 'out' AND body = $2";
const RULES: &str = "SELECT 'segments with two open attempts', count(*) FROM (SELECT segment_id
        FROM attempt WHERE outcome IS NULL GROUP BY segment_id HAVING count(*) > 1) AS a
    UNION ALL SELECT 'numbers with two waiting runs', count(*) FROM (SELECT number FROM run
        WHERE status = 'waiting' GROUP BY number HAVING count(*) > 1) AS b
    UNION ALL SELECT 'messages made for a number after its STOP, but for one confirmation',
        count(*) FROM (SELECT o.number FROM opt_out o JOIN message m ON m.number = o.number
            WHERE m.direction = 'out' AND m.created_at > o.stopped_at
            GROUP BY o.number HAVING count(*) > 1) AS c
    UNION ALL SELECT 'messages being sent to a number after its STOP, but for one confirmation',
        count(*) FROM (SELECT o.number FROM attempt t JOIN segment s ON s.id = t.segment_id
            JOIN message m ON m.id = s.message_id JOIN opt_out o ON o.number = m.number
            WHERE t.outcome IS NULL AND t.began_at > o.stopped_at
            GROUP BY o.number HAVING count(DISTINCT m.id) > 1) AS d
    UNION ALL SELECT 'runs that wait for ever', count(*) FROM run r
        WHERE r.status = 'waiting' AND r.due_at IS NULL AND NOT EXISTS (SELECT 1 FROM message m
            WHERE m.id = r.asked_id AND m.status IN ('queued', 'sending', 'uncertain'))
            AND NOT (r.mode = 'voice' AND EXISTS (SELECT 1 FROM placed_call c
                WHERE c.run_id = r.id AND c.state <> 'over'))
    UNION ALL SELECT 'calls that nobody waits for', count(*) FROM placed_call c
        JOIN run r ON r.id = c.run_id
        WHERE c.state = 'wanted' AND (r.status <> 'waiting' OR r.mode <> 'voice')
    UNION ALL SELECT 'calls dialled to a number after its STOP', count(*) FROM placed_call c
        JOIN opt_out o ON o.number = c.number WHERE c.dialled_at > o.stopped_at
    UNION ALL SELECT 'answers of a call that no call was there for', count(*) FROM answer a
        JOIN run r ON r.id = a.run_id
        WHERE a.message_id IS NULL AND r.mode = 'voice' AND a.how <> 'anonymous'
            AND NOT EXISTS (SELECT 1 FROM placed_call c WHERE c.run_id = r.id
                AND c.answered_at <= a.answered_at
                AND (c.ended_at IS NULL OR c.ended_at >= a.answered_at))
    UNION ALL SELECT 'campaigns that are finished while somebody waits', count(*)
        FROM campaign c WHERE c.status = 'finished' AND EXISTS (SELECT 1 FROM campaign_contact p
            WHERE p.campaign_id = c.id AND p.state <> 'over')
    UNION ALL SELECT 'people who completed without being messaged, reached and heard', count(*)
        FROM campaign_contact WHERE completed_at IS NOT NULL
            AND (messaged_at IS NULL OR reached_at IS NULL)
    UNION ALL SELECT 'planned flows that began without a run, or have one and did not begin',
        count(*) FROM planned_start WHERE (state = 'begun') <> (run_id IS NOT NULL)
    UNION ALL SELECT 'planned flows that nothing holds any more', count(*)
        FROM planned_start p JOIN run f ON f.id = p.from_run
        WHERE p.state = 'held' AND NOT EXISTS (SELECT 1 FROM run r
                WHERE r.number = p.number AND r.status = 'waiting')
            AND NOT EXISTS (SELECT 1 FROM campaign c
                WHERE c.id = f.campaign_id AND c.status = 'paused')
    UNION ALL SELECT 'people whose disposition is none that fits where they stand', count(*)
        FROM campaign_contact WHERE NOT ((state = 'waiting' AND disposition = 'registered')
            OR (state = 'begun' AND disposition IN ('queued', 'contacted', 'started'))
            OR (state = 'over' AND disposition IN ('unresponsive', 'refused', 'breakoff',
                'partial', 'completed', 'ineligible', 'failed', 'excluded')))
    UNION ALL SELECT 'people whose run waits and who do not, or the other way round', count(*)
        FROM campaign_contact p WHERE (p.state = 'begun') <> EXISTS (SELECT 1 FROM run r
            WHERE r.contact_id = p.contact_id AND r.campaign_id = p.campaign_id
                AND r.status = 'waiting')
    UNION ALL SELECT 'people whose place in the funnel is not that of their disposition', count(*)
        FROM campaign_contact WHERE (disposition = 'completed') <> (completed_at IS NOT NULL)
            OR (disposition IN ('started', 'breakoff', 'partial', 'completed')
                AND responded_at IS NULL)
            OR (disposition IN ('contacted', 'unresponsive') AND messaged_at IS NULL)
            OR (responded_at IS NOT NULL AND (messaged_at IS NULL OR reached_at IS NULL))
    UNION ALL SELECT 'people who were told twice that one campaign waits', count(*) FROM (
        SELECT campaign_id, number FROM message WHERE direction = 'out' AND run_id IS NULL
            AND campaign_id IS NOT NULL GROUP BY campaign_id, number HAVING count(*) > 1) AS f
    UNION ALL SELECT 'messages with more than one open segment', count(*) FROM (
        SELECT s.message_id FROM attempt t JOIN segment s ON s.id = t.segment_id
        WHERE t.outcome IS NULL GROUP BY s.message_id HAVING count(*) > 1) AS e";
// Whole tables: for the end of a story.
const AT_REST: &str = "SELECT 'answers to questions that never left', count(*) FROM answer a
        WHERE a.message_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM message m JOIN segment s ON s.message_id = m.id
                JOIN attempt t ON t.segment_id = s.id
            WHERE m.run_id = a.run_id AND m.question = a.question
                AND t.began_at <= a.answered_at)
    UNION ALL SELECT 'messages sent more than twice', count(*) FROM message WHERE repeats > 1
    UNION ALL SELECT 'texts and reports that became nothing', count(*) FROM raw_pdu
        WHERE kind IN ('deliver', 'unreadable') AND message_id IS NULL
            AND id NOT IN (SELECT raw_pdu_id FROM part)";

type Row = (i64, i64, String, String, String, String, String, i64, i64, i64);

impl Reader {
    /// The rows that are new since `seen`, each table's in order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn news(&self, seen: &mut Seen) -> Result<Vec<News>> {
        let newest: i64 = sqlx::query_scalar(NEWEST_MESSAGE).fetch_one(self.sql()).await?;
        let query = sqlx::query_as(NEWS).bind(seen.message).bind(seen.answer).bind(seen.attempt);
        let rows: Vec<Row> = query.fetch_all(self.sql()).await?;
        seen.message = newest;
        Ok(rows.into_iter().map(|row| read(row, seen)).collect())
    }

    /// How often a number may have got a text: once for each time it was made, and once more for
    /// each time it was sent again after being uncertain.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn allowed(&self, number: &str, text: &str) -> Result<i64> {
        let query = sqlx::query_scalar(ALLOWED).bind(number).bind(text);
        Ok(query.fetch_one(self.sql()).await?)
    }

    /// (number, text) and how often it was received.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn received(&self) -> Result<BTreeMap<(String, String), usize>> {
        let rows: Vec<(String, String, i64)> =
            sqlx::query_as(RECEIVED).fetch_all(self.sql()).await?;
        let entry = |(number, text, count)| ((number, text), usize::try_from(count).unwrap_or(0));
        Ok(rows.into_iter().map(entry).collect())
    }

    /// Rules of the schema's meaning that do not hold, in words: those that can be checked after
    /// every step.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn broken_rules(&self) -> Result<Vec<String>> {
        self.broken(RULES).await
    }

    /// Rules that are checked when all has come to rest.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn broken_at_rest(&self) -> Result<Vec<String>> {
        self.broken(AT_REST).await
    }

    /// Every row of every table, to the last cell.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn every_row(&self) -> Result<Vec<WholeRow>> {
        let tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(self.sql()).await?;
        let mut all = Vec::new();
        for table in tables {
            let columns: Vec<String> =
                sqlx::query_scalar(COLUMNS).bind(&table).fetch_all(self.sql()).await?;
            let cell = |column: &String| {
                format!(
                    "CASE typeof({column}) WHEN 'blob' THEN hex({column}) ELSE \
                     coalesce(CAST({column} AS text), '') END"
                )
            };
            let cells: Vec<String> = columns.iter().map(cell).collect();
            let every = format!("{} {} FROM {table}", "SELECT", cells.join(", "));
            // The names come from the schema itself.
            let rows = sqlx::query(sqlx::AssertSqlSafe(every)).fetch_all(self.sql()).await?;
            for row in rows {
                let cells: Result<Vec<String>, _> =
                    (0..columns.len()).map(|at| row.try_get(at)).collect();
                all.push(WholeRow {
                    table: table.clone(),
                    columns: columns.clone(),
                    cells: cells?,
                });
            }
        }
        Ok(all)
    }

    async fn broken(&self, rules: &'static str) -> Result<Vec<String>> {
        let counts: Vec<(String, i64)> = sqlx::query_as(rules).fetch_all(self.sql()).await?;
        let broken = counts.into_iter().filter(|(_, count)| *count > 0);
        Ok(broken.map(|(words, count)| format!("{count} {words}")).collect())
    }
}

fn read(row: Row, seen: &mut Seen) -> News {
    let (kind, id, number, first, second, third, fourth, priority, began_at, made_at) = row;
    match kind {
        1 => News::Received { number, text: first },
        2 => {
            seen.answer = seen.answer.max(id);
            News::Answered { number, question: first, heard: second, value: third, asked: fourth }
        }
        _ => {
            seen.attempt = seen.attempt.max(id);
            let (began_at, made_at) = (at(began_at), at(made_at));
            News::Attempted { number, text: first, priority, began_at, made_at }
        }
    }
}
