//! Answers that belong to nobody: values without a person, kept apart from everything else.
//!
//! Nothing here joins an answer to a run, a number or a time, because no row holds what such a
//! join would need. What is given out is counted, and only where enough people answered.

use super::{Reader, Tx, at};
use crate::model::CampaignId;
use anyhow::Result;
use jiff::Timestamp;
use serde::Serialize;

/// A question that fewer people have answered is not shown at all.
pub const FEWEST: i64 = 5;

/// The kind of an answer that the person did not want to give.
pub const REFUSED: &str = "refused";

/// Names an anonymous answer: chance, so that its order tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnonymousId(pub [u8; 16]);

/// An answer that is about to belong to nobody.
#[derive(Clone, Debug, PartialEq)]
pub struct NewAnonymous<'a> {
    /// Its name.
    pub id: AnonymousId,
    /// The campaign, where there is one.
    pub campaign: Option<CampaignId>,
    /// The flow.
    pub flow: &'a str,
    /// The question.
    pub question: &'a str,
    /// What kind of value it is.
    pub kind: &'a str,
    /// The value.
    pub value: &'a str,
}

/// A run of a number, as far as it says what a text from there may belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewestRun {
    /// The version it runs.
    pub digest: String,
    /// Whether its time was over, so that a late reply may still open it again.
    pub expired: bool,
    /// When it ended; `None`: it waits.
    pub ended_at: Option<Timestamp>,
}

/// What was answered to a question of an anonymous flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnonymousQuestion {
    /// The campaign's name; empty where people began by themselves.
    pub campaign: String,
    /// The flow.
    pub flow: String,
    /// The question.
    pub question: String,
    /// `text` for people's own words.
    pub kind: String,
    /// Each value and how often it was given, by value; `None`: fewer than [`FEWEST`] answered.
    pub values: Option<Vec<(String, i64)>>,
}

const KEEP: &str = "INSERT INTO anonymous_answer (id, campaign_id, flow, question, kind, value)
    VALUES ($1, $2, $3, $4, $5, $6)";
const GROWS: &str = "UPDATE anonymous_answer SET value = $2 WHERE id = $1";
const NEWEST_RUNS: &str = "SELECT digest, status, ended_at FROM run WHERE number = $1
    ORDER BY ended_at IS NULL DESC, ended_at DESC, id DESC LIMIT 2";
const IS_ANONYMOUS: &str = "SELECT v.anonymous FROM campaign c
    JOIN flow_version v ON v.digest = c.digest WHERE c.id = $1";
const VALUES: &str = "SELECT coalesce(c.name, ''), a.flow, a.question, a.kind, a.value, count(*)
    FROM anonymous_answer a LEFT JOIN campaign c ON c.id = a.campaign_id
    WHERE ($1 = 0 OR a.campaign_id = $1)
    GROUP BY a.campaign_id, c.name, a.flow, a.question, a.kind, a.value
    ORDER BY coalesce(a.campaign_id, 0), a.flow, a.question, a.kind, a.value";

impl Tx<'_> {
    /// Keeps an answer that belongs to nobody.
    pub async fn keep_anonymous(&mut self, new: &NewAnonymous<'_>) -> Result<()> {
        sqlx::query(KEEP)
            .bind(&new.id.0[..])
            .bind(new.campaign.map(|id| id.0))
            .bind(new.flow)
            .bind(new.question)
            .bind(new.kind)
            .bind(new.value)
            .execute(self.sql())
            .await?;
        Ok(())
    }

    /// The second part of a text came, while somebody still knows which row the first is in.
    pub async fn anonymous_grows(&mut self, id: AnonymousId, value: &str) -> Result<()> {
        sqlx::query(GROWS).bind(&id.0[..]).bind(value).execute(self.sql()).await?;
        Ok(())
    }

    /// The two newest runs of a number, however they ended; one that waits comes first.
    pub async fn newest_runs(&mut self, number: &str) -> Result<Vec<NewestRun>> {
        type Row = (String, String, Option<i64>);
        let rows: Vec<Row> = sqlx::query_as(NEWEST_RUNS).bind(number).fetch_all(self.sql()).await?;
        let newest = |(digest, status, ended_at): Row| NewestRun {
            digest,
            expired: status == "expired",
            ended_at: ended_at.map(at),
        };
        Ok(rows.into_iter().map(newest).collect())
    }
}

impl Reader {
    /// Whether a campaign's answers belong to nobody.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn is_anonymous(&self, campaign: i64) -> Result<bool> {
        let query = sqlx::query_scalar(IS_ANONYMOUS).bind(campaign);
        Ok(query.fetch_optional(self.sql()).await?.unwrap_or(false))
    }

    /// What was answered to anonymous questions, by question and value; of all campaigns where
    /// none is named.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn anonymous_answers(&self, campaign: Option<i64>) -> Result<Vec<AnonymousQuestion>> {
        type Row = (String, String, String, String, String, i64);
        let rows: Vec<Row> =
            sqlx::query_as(VALUES).bind(campaign.unwrap_or(0)).fetch_all(self.sql()).await?;
        let mut questions: Vec<AnonymousQuestion> = Vec::new();
        for (campaign, flow, question, kind, value, count) in rows {
            let is_next = questions.last().is_none_or(|last| {
                (&last.campaign, &last.flow, &last.question) != (&campaign, &flow, &question)
            });
            if is_next {
                let values = Some(Vec::new());
                let kind = kind.clone();
                questions.push(AnonymousQuestion { campaign, flow, question, kind, values });
            }
            if let Some(last) = questions.last_mut() {
                // Who did not want to say anything is counted with those who did.
                if last.kind == REFUSED {
                    last.kind = kind;
                }
                last.values.iter_mut().for_each(|values| values.push((value.clone(), count)));
            }
        }
        for question in &mut questions {
            question.values.take_if(|values| values.iter().map(|(_, n)| n).sum::<i64>() < FEWEST);
        }
        Ok(questions)
    }
}
