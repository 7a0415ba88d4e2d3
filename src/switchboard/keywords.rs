//! STOP, START and HELP: before any flow, for everybody, always.

use super::Work;
use super::replies::Heard;
use crate::engine::{self, Keyword};
use crate::flow::{Messages, Wording, standing_messages};
use crate::model::{Input, MessageId, Priority};
use crate::store::RunRow;
use anyhow::Result;
use jiff::SignedDuration;

impl Work<'_> {
    /// Does what the word says.
    pub(super) async fn keyword(
        &mut self,
        keyword: Keyword,
        heard: &Heard<'_>,
        run: Option<RunRow>,
        message: MessageId,
    ) -> Result<()> {
        let number = heard.number;
        match keyword {
            Keyword::Stop => {
                let known = self.tx.is_stopped(number).await?;
                self.stop(number, heard.text, run.as_ref()).await?;
                if !known {
                    self.confirm(heard, run.as_ref(), |messages| &messages.stopped).await?;
                }
            }
            Keyword::Start => {
                self.tx.start_number(number).await?;
                self.confirm(heard, run.as_ref(), |messages| &messages.started).await?;
            }
            Keyword::Help => {
                self.tx.lay_before_office(message, "somebody asks for help", self.now).await?;
                if !self.tx.is_stopped(number).await? {
                    self.confirm(heard, run.as_ref(), |messages| &messages.help).await?;
                }
            }
        }
        Ok(())
    }

    /// Nothing more goes to this number until START.
    pub(super) async fn stop(
        &mut self,
        number: &str,
        heard: &str,
        run: Option<&RunRow>,
    ) -> Result<()> {
        self.tx.stop_number(number, heard, self.now).await?;
        self.tx.cancel_messages_to(number, "the person said STOP").await?;
        self.tx.drop_starts_to(number, "the person said STOP", self.now).await?;
        match run {
            Some(row) => self.advance(row, Input::Stop, Priority::Answer).await,
            None => Ok(()),
        }
    }

    /// One short text back, as long as the number has not had too many.
    async fn confirm(
        &mut self,
        heard: &Heard<'_>,
        run: Option<&RunRow>,
        which: impl Fn(&Messages) -> &Wording,
    ) -> Result<()> {
        let hour_ago = self.now - SignedDuration::from_hours(1);
        let had = self.tx.unasked_texts(heard.number, hour_ago).await?;
        if had >= i64::from(self.settings.unasked_per_hour) {
            return Ok(());
        }
        let text = match run {
            Some(row) => {
                let flow = self.flow(&row.digest).await?;
                engine::standing_text(&flow, which(&flow.messages), &row.run.language)
            }
            None => {
                let messages = standing_messages(&self.settings.languages);
                let language = &self.settings.languages[0];
                which(&messages).get(language).cloned().unwrap_or_default()
            }
        };
        self.text(heard.number, Some(heard.channel), &text, Priority::Answer).await?;
        Ok(())
    }
}
