//! The store as an outside checker sees it: for invariants of the simulated world.

use super::Reader;
use anyhow::Result;
use std::collections::BTreeMap;

/// What the store claims, in the form in which it is compared with the truth.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// (number, text) and how often it was received.
    pub received: BTreeMap<(String, String), usize>,
    /// (number, text) and how often it may have arrived: once for each time it was made, and
    /// once more for each time it was sent again after being uncertain.
    pub allowed: BTreeMap<(String, String), usize>,
    /// Answers: number, question, what was heard, a piece of the text that asked.
    pub answers: Vec<(String, String, String, String)>,
    /// Rules of the schema's meaning that do not hold, in words.
    pub broken_rules: Vec<String>,
}

const RECEIVED: &str =
    "SELECT number, body, count(*) FROM message WHERE direction = 'in' GROUP BY number, body";
const ALLOWED: &str = "SELECT number, body, sum(1 + repeats) FROM message
    WHERE direction = 'out' GROUP BY number, body";
const ANSWERS: &str = "SELECT r.number, a.question, a.heard,
        coalesce((SELECT m.body FROM message m WHERE m.run_id = r.id AND m.question = a.question
            ORDER BY m.id LIMIT 1), '')
    FROM answer a JOIN run r ON r.id = a.run_id WHERE a.message_id IS NOT NULL";
const RULES: &[(&str, &str)] = &[
    (
        "segments with two open attempts",
        "SELECT count(*) FROM (SELECT segment_id FROM attempt WHERE outcome IS NULL
            GROUP BY segment_id HAVING count(*) > 1) AS doubled",
    ),
    (
        "numbers with two waiting runs",
        "SELECT count(*) FROM (SELECT number FROM run WHERE status = 'waiting'
            GROUP BY number HAVING count(*) > 1) AS doubled",
    ),
    (
        "messages made for a number after its STOP, but for one confirmation",
        "SELECT count(*) FROM (SELECT o.number FROM opt_out o JOIN message m ON m.number = o.number
            WHERE m.direction = 'out' AND m.created_at > o.stopped_at
            GROUP BY o.number HAVING count(*) > 1) AS spoken_to",
    ),
    (
        "answers to questions that never left",
        "SELECT count(*) FROM answer a WHERE a.message_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM message m JOIN segment s ON s.message_id = m.id
                JOIN attempt t ON t.segment_id = s.id
            WHERE m.run_id = a.run_id AND m.question = a.question
                AND t.began_at <= a.answered_at)",
    ),
    ("messages sent more than twice", "SELECT count(*) FROM message WHERE repeats > 1"),
];

impl Facts {
    /// Reads everything.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn read(reader: &Reader) -> Result<Facts> {
        let counted = |rows: Vec<(String, String, i64)>| {
            let entry = |(number, text, count): (String, String, i64)| {
                ((number, text), usize::try_from(count).unwrap_or(0))
            };
            rows.into_iter().map(entry).collect()
        };
        let received = counted(sqlx::query_as(RECEIVED).fetch_all(reader.sql()).await?);
        let allowed = counted(sqlx::query_as(ALLOWED).fetch_all(reader.sql()).await?);
        let answers = sqlx::query_as(ANSWERS).fetch_all(reader.sql()).await?;
        let mut broken_rules = Vec::new();
        for (words, sql) in RULES {
            let count: i64 = sqlx::query_scalar(*sql).fetch_one(reader.sql()).await?;
            if count > 0 {
                broken_rules.push(format!("{count} {words}"));
            }
        }
        Ok(Facts { received, allowed, answers, broken_rules })
    }
}
