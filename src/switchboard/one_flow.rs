//! One flow at a time: what happens when a second one is to begin for somebody.
//!
//! The rule is that of the flow they are in. It is finished first, or ended, or the person is told
//! and decides: NEXT, or the word that starts the other one. A run that makes way takes back what
//! it had queued, so that nobody answers its question to the other flow.

use super::replies::Heard;
use super::turns::Talk;
use super::{Work, flows};
use crate::engine;
use crate::flow::{Flow, OtherFlow};
use crate::model::{Campaign, CampaignId, Contact, ContactId, Input, MessageId, Mode, Priority};
use crate::store::RunRow;
use anyhow::Result;
use std::sync::Arc;

const MADE_WAY: &str = "another questionnaire was begun instead";

/// Whether a person is free for another flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// They are.
    Free,
    /// They are in the middle of one.
    Taken,
}

impl Work<'_> {
    /// The run that is in the way of a new one: it waits for this number, or for another of the
    /// person's.
    pub(super) async fn other_run(
        &mut self,
        contact: &Contact,
        number: &str,
    ) -> Result<Option<RunRow>> {
        if let Some(run) = self.tx.waiting_run(number).await? {
            return Ok(Some(run));
        }
        for other in contact.numbers.iter().filter(|other| other.e164() != number) {
            let run = self.tx.waiting_run(other.e164()).await?;
            if run.as_ref().is_some_and(|run| run.contact == contact.id) {
                return Ok(run);
            }
        }
        Ok(None)
    }

    /// Does what the other run's flow says when a campaign's turn comes.
    pub(super) async fn makes_way(
        &mut self,
        other: &RunRow,
        campaign: &Campaign,
        person: ContactId,
    ) -> Result<Way> {
        if other.contact != person {
            return Ok(Way::Taken);
        }
        let flow = self.flow(&other.digest).await?;
        match flow.rules.other_flow {
            OtherFlow::FinishThisFirst => Ok(Way::Taken),
            OtherFlow::LetNewOneInterrupt => {
                self.make_way(other).await?;
                Ok(Way::Free)
            }
            OtherFlow::AskThePerson => {
                self.tell_of(campaign, other, &flow).await?;
                Ok(Way::Taken)
            }
        }
    }

    /// Tells a person once that a campaign waits. The text belongs to no run: an answer to the
    /// question waited at does not take it back, and no reply can be taken to answer it.
    async fn tell_of(&mut self, campaign: &Campaign, other: &RunRow, flow: &Flow) -> Result<()> {
        if !self.tx.offer((campaign.id, other.contact), self.now).await? {
            return Ok(());
        }
        let title = self.flow(&campaign.digest).await?.title.clone();
        let wording = &flow.messages.other_waits;
        let text = engine::standing_text(flow, wording, &other.run.language);
        let text = text.replace("{title}", &title);
        self.offer(campaign.id, other, &text).await
    }

    /// The campaign that a text asks for: NEXT, while one waits for its sender.
    pub(super) async fn wanted_next(
        &mut self,
        row: &RunRow,
        text: &str,
    ) -> Result<Option<CampaignId>> {
        let flow = self.flow(&row.digest).await?;
        let question = row.waiting().and_then(|waiting| flow.question(&waiting.question));
        let asks = flow.rules.other_flow == OtherFlow::AskThePerson
            && question.is_some_and(|question| engine::is_next(text, question));
        if asks { self.tx.offered(row.contact).await } else { Ok(None) }
    }

    /// Begins the campaign that waits, in the place of what the person is in.
    pub(super) async fn begin_next(
        &mut self,
        row: &RunRow,
        campaign: CampaignId,
        heard: &Heard<'_>,
        message: MessageId,
    ) -> Result<()> {
        let campaign = self.tx.campaign(campaign).await?;
        let contact = self.tx.contact(row.contact).await?;
        let Some((campaign, contact)) = campaign.zip(contact) else {
            return self.tx.lay_before_office(message, "nothing waits any more", self.now).await;
        };
        self.make_way(row).await?;
        let (number, channel) = (row.number.as_str(), Some(heard.channel));
        let mode = Mode::Sms;
        let talk = Talk { number, channel, priority: Priority::Answer, mode };
        self.begin_for(&campaign, &contact, talk).await
    }

    /// The other flow that a text starts which was no answer, if the flow lets it.
    pub(super) fn starts_another(&self, flow: &Flow, text: &str) -> Option<(Arc<Flow>, String)> {
        let may = match flow.rules.other_flow {
            OtherFlow::FinishThisFirst => false,
            OtherFlow::LetNewOneInterrupt | OtherFlow::AskThePerson => true,
        };
        if !may || engine::is_move(text, flow) || !flows::is_one_word(text) {
            return None;
        }
        self.flows.started_by(text).filter(|(other, _)| other.id != flow.id)
    }

    /// A run ends because another flow begins in its place.
    pub(super) async fn make_way(&mut self, row: &RunRow) -> Result<()> {
        self.tx.cancel_messages_of(row.id, MADE_WAY).await?;
        self.advance(row, Input::Cancel, Priority::Bulk).await?;
        match row.campaign {
            Some(campaign) => self.tx.member_why((campaign, row.contact), MADE_WAY).await,
            None => Ok(()),
        }
    }
}
