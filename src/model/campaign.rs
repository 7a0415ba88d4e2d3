//! A flow started for many contacts, and what became of each.

use super::{CampaignId, Mode};
use jiff::Timestamp;

/// A campaign as the office started it.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// The row.
    pub id: CampaignId,
    /// The name people use; the flow's title and the day where none was given.
    pub name: String,
    /// The flow's id.
    pub flow: String,
    /// The digest of the version everybody in it gets.
    pub digest: String,
    /// Where it stands.
    pub status: CampaignStatus,
    /// When it was started.
    pub created_at: Timestamp,
    /// How people are reached first; `None`: as the flow says.
    pub begins_by: Option<Mode>,
}

/// Where a campaign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CampaignStatus {
    /// People are being written to or may still answer.
    Running,
    /// Nothing more is sent until it is resumed; answers are still kept.
    Paused,
    /// Stopped for good; nothing more is sent.
    Cancelled,
    /// Everybody has a final disposition.
    Finished,
}

impl CampaignStatus {
    /// The word in the store, on screens and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            CampaignStatus::Running => "running",
            CampaignStatus::Paused => "paused",
            CampaignStatus::Cancelled => "cancelled",
            CampaignStatus::Finished => "finished",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<CampaignStatus> {
        use CampaignStatus::*;
        [Running, Paused, Cancelled, Finished].into_iter().find(|status| status.as_str() == word)
    }
}

/// What became of one person of a campaign, in the terms of survey research.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disposition {
    /// On the list; nothing is on its way to them.
    Registered,
    /// The first question is queued.
    Queued,
    /// At least one segment left for them.
    Contacted,
    /// Contacted, gave no answer that could be understood, and it is over.
    Unresponsive,
    /// Said STOP before answering anything, or skipped every question.
    Refused,
    /// Answered a question and goes on.
    Started,
    /// Stopped or fell silent after the first answer and before half of the questions.
    Breakoff,
    /// Fell silent or stopped after at least half of the questions.
    Partial,
    /// Answered the last question.
    Completed,
    /// The flow found that they are not the person meant.
    Ineligible,
    /// No number, or the network refused for good.
    Failed,
    /// Left out: had said STOP before, or the campaign was cancelled before anything left.
    Excluded,
}

impl Disposition {
    /// The word in the store, on screens and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Disposition::Registered => "registered",
            Disposition::Queued => "queued",
            Disposition::Contacted => "contacted",
            Disposition::Unresponsive => "unresponsive",
            Disposition::Refused => "refused",
            Disposition::Started => "started",
            Disposition::Breakoff => "breakoff",
            Disposition::Partial => "partial",
            Disposition::Completed => "completed",
            Disposition::Ineligible => "ineligible",
            Disposition::Failed => "failed",
            Disposition::Excluded => "excluded",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<Disposition> {
        use Disposition::*;
        [
            Registered,
            Queued,
            Contacted,
            Unresponsive,
            Refused,
            Started,
            Breakoff,
            Partial,
            Completed,
            Ineligible,
            Failed,
            Excluded,
        ]
        .into_iter()
        .find(|disposition| disposition.as_str() == word)
    }
}
