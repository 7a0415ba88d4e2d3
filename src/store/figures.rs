//! Figures that reports show: each is a query.

use super::Reader;
use anyhow::Result;
use serde::Serialize;

/// The funnel of a campaign, by the definitions of the field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Funnel {
    /// On the list.
    pub listed: i64,
    /// At least one segment left for the person.
    pub messaged: i64,
    /// A delivery report or any reply.
    pub reached: i64,
    /// The first question was answered and understood.
    pub responded: i64,
    /// The last question was answered.
    pub completed: i64,
}

/// A campaign in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CampaignLine {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The flow.
    pub flow: String,
    /// running, paused, cancelled, finished.
    pub status: String,
    /// How far it is.
    #[serde(flatten)]
    pub funnel: Funnel,
}

/// How often a value was given to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ValueCount {
    /// The question.
    pub question: String,
    /// What the people are told apart by, where they are: a county, a cadre.
    pub by: String,
    /// The value.
    pub value: String,
    /// How many people.
    pub count: i64,
}

const FUNNEL: &str = "SELECT count(*), count(messaged_at), count(reached_at), count(responded_at),
        count(completed_at)
    FROM campaign_contact WHERE campaign_id = $1";
const CAMPAIGNS: &str = "SELECT c.id, c.name, c.flow, c.status, count(p.contact_id),
        count(p.messaged_at), count(p.reached_at), count(p.responded_at), count(p.completed_at)
    FROM campaign c LEFT JOIN campaign_contact p ON p.campaign_id = c.id
    GROUP BY c.id, c.name, c.flow, c.status ORDER BY c.id DESC";
const DISPOSITIONS: &str = "SELECT disposition, count(*) FROM campaign_contact
    WHERE campaign_id = $1 GROUP BY disposition ORDER BY disposition";
// The newest answer of each question, of people who completed; who skipped it is counted too.
const VALUES: &str = "SELECT a.question, coalesce(f.value, ''), coalesce(a.value, '(refused)'),
        count(*)
    FROM campaign_contact p JOIN run r ON r.id = p.run_id
    JOIN answer a ON a.run_id = r.id AND a.id = (SELECT max(n.id) FROM answer n
        WHERE n.run_id = a.run_id AND n.question = a.question)
    LEFT JOIN contact_field f ON f.contact_id = p.contact_id AND f.field = $2
    WHERE p.campaign_id = $1 AND p.completed_at IS NOT NULL
        AND (a.value IS NOT NULL OR a.how = 'refused')
    GROUP BY a.question, f.value, a.value ORDER BY a.question, f.value, count(*) DESC, a.value";
const NEWEST: &str = "SELECT max(id) FROM campaign";
const NAMED: &str =
    "SELECT id FROM campaign WHERE name = $1 OR CAST(id AS TEXT) = $1 ORDER BY id DESC LIMIT 1";

type Counts = (i64, i64, i64, i64, i64);

impl Reader {
    /// A campaign by name or number; the newest where none is named.
    pub async fn campaign_id(&self, name: Option<&str>) -> Result<Option<i64>> {
        Ok(match name {
            Some(name) => sqlx::query_scalar(NAMED).bind(name).fetch_optional(self.sql()).await?,
            None => sqlx::query_scalar(NEWEST).fetch_one(self.sql()).await?,
        })
    }

    /// The funnel of a campaign.
    pub async fn funnel(&self, campaign: i64) -> Result<Funnel> {
        let (listed, messaged, reached, responded, completed): Counts =
            sqlx::query_as(FUNNEL).bind(campaign).fetch_one(self.sql()).await?;
        Ok(Funnel { listed, messaged, reached, responded, completed })
    }

    /// All campaigns, the newest first.
    pub async fn campaigns(&self) -> Result<Vec<CampaignLine>> {
        type Row = (i64, String, String, String, i64, i64, i64, i64, i64);
        let rows: Vec<Row> = sqlx::query_as(CAMPAIGNS).fetch_all(self.sql()).await?;
        let line = |(id, name, flow, status, listed, messaged, reached, responded, completed)| {
            let funnel = Funnel { listed, messaged, reached, responded, completed };
            CampaignLine { id, name, flow, status, funnel }
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// How many people have each disposition.
    pub async fn dispositions(&self, campaign: i64) -> Result<Vec<(String, i64)>> {
        Ok(sqlx::query_as(DISPOSITIONS).bind(campaign).fetch_all(self.sql()).await?)
    }

    /// Values per question of those who completed, told apart by a field of the contact; an empty
    /// field name does not tell them apart.
    pub async fn values(&self, campaign: i64, by: &str) -> Result<Vec<ValueCount>> {
        type Row = (String, String, String, i64);
        let rows: Vec<Row> =
            sqlx::query_as(VALUES).bind(campaign).bind(by).fetch_all(self.sql()).await?;
        let read = |(question, by, value, count)| ValueCount { question, by, value, count };
        Ok(rows.into_iter().map(read).collect())
    }
}
