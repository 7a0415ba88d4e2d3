//! What became of the people of a campaign at each question: for `flow draw`.

use super::Reader;
use super::flows::FlowVersion;
use anyhow::Result;
use std::collections::BTreeMap;

/// What became of those who were asked one question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuestionLine {
    /// People whom the question left for.
    pub asked: i64,
    /// People whose answer was understood.
    pub answered: i64,
    /// People whose tries were used up.
    pub not_understood: i64,
    /// People who did not want to answer it.
    pub refused: i64,
    /// People who are waited for.
    pub waiting: i64,
    /// People whose run ended here: time over, STOP, cancelled, failed.
    pub dropped: i64,
    /// How often it was asked again that was no reminder.
    pub again: i64,
    /// How many reminders left.
    pub reminders: i64,
}

/// A campaign's figures by question and by ending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampaignFigures {
    /// By question.
    pub questions: BTreeMap<String, QuestionLine>,
    /// How many people reached each ending.
    pub endings: BTreeMap<String, i64>,
}

// What left, or may have: people, questions that were no reminders, reminders.
const ASKED: &str = "SELECT m.question, count(DISTINCT m.run_id),
        count(CASE WHEN m.priority <> 2 THEN 1 END), count(CASE WHEN m.priority = 2 THEN 1 END)
    FROM run r JOIN message m ON m.run_id = r.id
    WHERE r.campaign_id = $1 AND m.direction = 'out' AND m.question IS NOT NULL
      AND (m.sent_at IS NOT NULL OR m.status IN ('uncertain', 'sending'))
    GROUP BY m.question";
// Of an answer to an anonymous flow it is known that it was given, not what it was.
const ANSWERED: &str = "SELECT a.question,
        count(CASE WHEN a.value IS NOT NULL OR a.how = 'anonymous' THEN 1 END),
        count(CASE WHEN a.how = 'not_understood' THEN 1 END),
        count(CASE WHEN a.how = 'refused' THEN 1 END)
    FROM run r JOIN answer a ON a.run_id = r.id AND a.id = (SELECT max(n.id) FROM answer n
        WHERE n.run_id = a.run_id AND n.question = a.question)
    WHERE r.campaign_id = $1 GROUP BY a.question";
const WAITED_FOR: &str = "SELECT question, count(*) FROM run
    WHERE campaign_id = $1 AND status = 'waiting' AND question IS NOT NULL GROUP BY question";
// The last question that a run asked is where its person was lost.
const DROPPED: &str = "SELECT m.question, count(*)
    FROM run r JOIN message m ON m.id = (SELECT max(n.id) FROM message n
        WHERE n.run_id = r.id AND n.direction = 'out' AND n.question IS NOT NULL)
    WHERE r.campaign_id = $1
      AND r.status IN ('expired', 'stopped', 'cancelled', 'needs_person', 'failed')
      AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.run_id = r.id AND a.question = m.question)
    GROUP BY m.question";
const ENDINGS: &str = "SELECT ending, count(*) FROM run
    WHERE campaign_id = $1 AND status IN ('completed', 'ended') GROUP BY ending";
const VERSION_OF: &str = "SELECT c.name, v.digest, v.flow, v.source, v.beside, v.anonymous
    FROM campaign c JOIN flow_version v ON v.digest = c.digest WHERE c.id = $1";

impl Reader {
    /// The name of a campaign, and the version of its flow.
    pub async fn campaign_version(&self, campaign: i64) -> Result<Option<(String, FlowVersion)>> {
        type Row = (String, String, String, String, String, bool);
        let row: Option<Row> =
            sqlx::query_as(VERSION_OF).bind(campaign).fetch_optional(self.sql()).await?;
        Ok(row.map(|(name, digest, flow, source, beside, anonymous)| {
            (name, FlowVersion { digest, flow, source, beside, anonymous })
        }))
    }

    /// The figures of a campaign by question.
    pub async fn campaign_figures(&self, campaign: i64) -> Result<CampaignFigures> {
        let mut figures = CampaignFigures::default();
        let asked: Vec<(String, i64, i64, i64)> = self.rows_of(ASKED, campaign).await?;
        for (question, asked, questions, reminders) in asked {
            let line = figures.questions.entry(question).or_default();
            (line.asked, line.again, line.reminders) = (asked, questions - asked, reminders);
        }
        let answered: Vec<(String, i64, i64, i64)> = self.rows_of(ANSWERED, campaign).await?;
        for (question, answered, not_understood, refused) in answered {
            let line = figures.questions.entry(question).or_default();
            (line.answered, line.not_understood) = (answered, not_understood);
            line.refused = refused;
        }
        let waiting: Vec<(String, i64)> = self.rows_of(WAITED_FOR, campaign).await?;
        for (question, count) in waiting {
            figures.questions.entry(question).or_default().waiting = count;
        }
        let dropped: Vec<(String, i64)> = self.rows_of(DROPPED, campaign).await?;
        for (question, count) in dropped {
            figures.questions.entry(question).or_default().dropped = count;
        }
        let endings: Vec<(String, i64)> = self.rows_of(ENDINGS, campaign).await?;
        figures.endings = endings.into_iter().collect();
        Ok(figures)
    }

    async fn rows_of<T>(&self, sql: &'static str, campaign: i64) -> Result<Vec<T>>
    where
        T: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> + Send + Unpin,
    {
        Ok(sqlx::query_as(sql).bind(campaign).fetch_all(self.sql()).await?)
    }
}
