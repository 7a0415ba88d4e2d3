//! Long texts that come in parts: rows until all are there, so that halves survive a restart.
//!
//! A text that never becomes whole is shown to a person as far as it came. Nobody can fill the
//! store with openings: a sender has a few open texts, and the oldest gives way.

use super::anonymous::{Keeping, SEALED};
use super::{Work, inbound};
use crate::model::ChannelId;
use crate::store::{NewReply, PartKey, StoredPart};
use anyhow::Result;
use jiff::SignedDuration;
use rollcall_drivers::pdu::{
    Incoming, JoinError, Joined, Part, ReferenceWidth, UserData, decode_incoming, join,
};

/// How long the parts of a text wait for the others.
pub(super) const PATIENCE: SignedDuration = SignedDuration::from_hours(24);
/// How many texts of one sender may be open.
const OPEN_TEXTS: usize = 20;

impl Work<'_> {
    /// Keeps a part; the whole text and the parts it was made of once all are there.
    pub(super) async fn join(
        &mut self,
        raw: i64,
        number: &str,
        part: Part,
    ) -> Result<Option<(String, Vec<StoredPart>)>> {
        let key = PartKey {
            number: number.to_owned(),
            reference: part.reference,
            width: if part.width == ReferenceWidth::Eight { 8 } else { 16 },
            total: part.total,
        };
        self.tx.add_part(raw, &key, part.number, self.now).await?;
        let parts = self.tx.parts_of(&key).await?;
        match join(&data_of(&parts)) {
            Ok(Joined::Complete(body)) => {
                self.forget(&parts).await?;
                Ok(Some((inbound::words(&body), parts)))
            }
            Ok(Joined::Incomplete { .. }) => {
                self.make_room(number).await?;
                Ok(None)
            }
            Err(JoinError::Contradiction(_)) => {
                // The sender used the reference again: what came before is another text.
                self.show_fragments(&key, &parts[..parts.len() - 1]).await?;
                Ok(None)
            }
            Err(JoinError::Nothing | JoinError::NotAPart | JoinError::DifferentTexts(..)) => {
                Ok(None)
            }
        }
    }

    /// Texts that waited long enough are shown as far as they came.
    pub(super) async fn give_up_on_parts(&mut self) -> Result<()> {
        for key in self.tx.stale_texts(self.now - PATIENCE).await? {
            let parts = self.tx.parts_of(&key).await?;
            self.show_fragments(&key, &parts).await?;
        }
        Ok(())
    }

    async fn make_room(&mut self, number: &str) -> Result<()> {
        let open = self.tx.open_texts(number).await?;
        let too_many = open.len().saturating_sub(OPEN_TEXTS);
        for key in open.into_iter().take(too_many) {
            let parts = self.tx.parts_of(&key).await?;
            self.show_fragments(&key, &parts).await?;
        }
        Ok(())
    }

    async fn show_fragments(&mut self, key: &PartKey, parts: &[StoredPart]) -> Result<()> {
        let Ok(Joined::Incomplete { so_far, .. }) = join(&data_of(parts)) else {
            return self.forget(parts).await;
        };
        let contact = self.tx.owners(&key.number).await?.first().copied();
        let keeping = inbound::kept_as(self.keeping(&key.number).await?, parts);
        let text = match keeping {
            Keeping::Open => &so_far,
            Keeping::Sealed => SEALED,
        };
        let new = NewReply {
            number: &key.number,
            contact,
            channel: parts.first().map_or(ChannelId(0), |part| part.channel),
            run: None,
            question: None,
            text,
            said_at: self.now,
        };
        let message = self.tx.receive_message(&new, self.now).await?;
        self.became(parts, message, keeping).await?;
        self.forget(parts).await?;
        let why = "parts of this text never came";
        self.tx.lay_before_office(message, why, self.now).await
    }

    async fn forget(&mut self, parts: &[StoredPart]) -> Result<()> {
        for part in parts {
            self.tx.forget_part(part.raw_pdu).await?;
        }
        Ok(())
    }
}

fn data_of(parts: &[StoredPart]) -> Vec<UserData> {
    let data = |part: &StoredPart| match decode_incoming(&part.octets) {
        Ok(Incoming::Deliver(deliver)) => Some(deliver.data),
        Ok(Incoming::StatusReport(_)) | Err(_) => None,
    };
    parts.iter().filter_map(data).collect()
}
