//! What people in the office ask for.

use super::{Reply, Request, Work};
use crate::model::{Campaign, InboxId, Priority};
use anyhow::Result;

/// What is done with a campaign.
enum Deed {
    Pause,
    Resume,
    Cancel,
    Retry,
}

impl Work<'_> {
    pub(super) async fn ask_of_office(&mut self, request: Request) -> Result<Reply> {
        match request {
            Request::PublishFlow { flow } => self.publish_by_hand(&flow).await,
            Request::MigrateFlow { flow, campaign, dry_run } => {
                self.migrate(&flow, campaign.as_deref(), dry_run).await
            }
            Request::RollbackFlow { flow, to } => self.rollback(&flow, to.as_deref()).await,
            Request::StartCampaign { flow, name, audience, start_key, by } => {
                self.start_campaign(&flow, name, &audience, (&start_key, by)).await
            }
            Request::TryCampaign { flow, audience } => self.try_campaign(&flow, &audience).await,
            Request::PauseCampaign { campaign } => self.campaign(&campaign, Deed::Pause).await,
            Request::ResumeCampaign { campaign } => self.campaign(&campaign, Deed::Resume).await,
            Request::CancelCampaign { campaign } => self.campaign(&campaign, Deed::Cancel).await,
            Request::RetryCampaign { campaign } => self.campaign(&campaign, Deed::Retry).await,
            Request::StopNumber { number, who } => {
                let run = self.tx.waiting_run(&number).await?;
                self.stop(&number, &who, run.as_ref()).await?;
                Ok(done("This number gets no more messages until START.".to_owned()))
            }
            Request::StartNumber { number } => {
                self.tx.start_number(&number).await?;
                Ok(done("This number gets messages again.".to_owned()))
            }
            Request::InboxReply { inbox, text } => self.inbox_reply(InboxId(inbox), &text).await,
            Request::InboxAssign { inbox, to } => self.inbox_assign(InboxId(inbox), &to).await,
            Request::InboxClose { inbox } => self.inbox_close(InboxId(inbox)).await,
            Request::SendText { channel, number, text } => {
                self.send_text(channel.as_deref(), &number, &text).await
            }
            Request::ConfirmSim { channel } => self.confirm_sim(&channel).await,
            Request::Call { channel, number, play, afterwards } => {
                self.begin_own_call(channel.as_deref(), &number, play, afterwards).await
            }
            Request::CallNews { channel, heard } => {
                Ok(self.own_call_news(channel.as_deref(), heard))
            }
            Request::EndCall { channel } => Ok(self.end_own_call(channel.as_deref())),
            Request::DialCode { .. } | Request::ReplyToMenu { .. } | Request::EndCode { .. } => {
                let words = "Codes are dialled by the process that has the modem.".to_owned();
                Ok(Reply::Refused { words })
            }
            Request::ImportContacts { plan } => {
                let words = self.tx.import(&plan, self.now).await?;
                self.look_at_dates_again().await?;
                Ok(done(words))
            }
            Request::UndoImport { import } => {
                Ok(match self.tx.undo_import(import, self.now).await? {
                    Some(words) => done(words),
                    None => not_found("There is no import that can be taken back."),
                })
            }
        }
    }

    async fn campaign(&mut self, name: &str, deed: Deed) -> Result<Reply> {
        let Some(campaign) = self.tx.find_campaign(name).await? else {
            let words =
                format!("There is no campaign `{name}`; `rollcall campaign status` lists them.");
            return Ok(Reply::NotFound { words });
        };
        let campaign: &Campaign = &campaign;
        match deed {
            Deed::Pause => self.pause(campaign).await,
            Deed::Resume => self.resume(campaign).await,
            Deed::Cancel => self.cancel(campaign).await,
            Deed::Retry => self.retry(campaign).await,
        }
    }

    async fn inbox_reply(&mut self, id: InboxId, text: &str) -> Result<Reply> {
        let Some(row) = self.tx.inbox(id).await? else { return Ok(no_such_message()) };
        if crate::model::PhoneNumber::from_e164(&row.number).is_none() {
            let words = "It came from a service; nobody there would read a reply.".to_owned();
            return Ok(Reply::Refused { words });
        }
        if self.tx.is_stopped(&row.number).await? {
            let words = "This number said STOP; nothing can be sent to it until START.".to_owned();
            return Ok(Reply::Refused { words });
        }
        self.text(&row.number, row.channel, text, Priority::Personal).await?;
        self.tx.inbox_done(id, self.now).await?;
        Ok(done("The reply is queued.".to_owned()))
    }

    async fn inbox_assign(&mut self, id: InboxId, to: &str) -> Result<Reply> {
        if self.tx.inbox(id).await?.is_none() {
            return Ok(no_such_message());
        }
        self.tx.assign_inbox(id, to).await?;
        Ok(done(format!("{to} takes care of it.")))
    }

    async fn inbox_close(&mut self, id: InboxId) -> Result<Reply> {
        if self.tx.inbox(id).await?.is_none() {
            return Ok(no_such_message());
        }
        self.tx.inbox_done(id, self.now).await?;
        Ok(done("It is done.".to_owned()))
    }

    async fn send_text(
        &mut self,
        channel: Option<&str>,
        number: &str,
        text: &str,
    ) -> Result<Reply> {
        let id = match channel {
            None => None,
            Some(name) => match self.channels.by_name(name) {
                Some(channel) => Some(channel.id),
                None => return Ok(not_found(&format!("There is no channel `{name}`."))),
            },
        };
        if self.tx.is_stopped(number).await? {
            let words = "This number said STOP; nothing can be sent to it until START.".to_owned();
            return Ok(Reply::Refused { words });
        }
        self.text(number, id, text, Priority::Personal).await?;
        Ok(done("The text is queued.".to_owned()))
    }
}

fn done(words: String) -> Reply {
    Reply::Done { words }
}

fn not_found(words: &str) -> Reply {
    Reply::NotFound { words: words.to_owned() }
}

fn no_such_message() -> Reply {
    not_found("There is no such message; `rollcall inbox list` shows them.")
}
