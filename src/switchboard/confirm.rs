//! Another SIM in a channel's stick: nothing is sent by it until a person says that it is right.
//!
//! A SIM is a number that people see, and somebody's money. One that was put into the wrong stick
//! would send a county's questions from a private number, and the answers would come to it. What
//! comes is taken all the same.

use super::{Reply, Work};
use crate::model::ChannelId;
use anyhow::Result;
use jiff::Timestamp;
use rollcall_drivers::modem::Identity;

impl Work<'_> {
    /// Whether a channel is known by another SIM than the one in its stick now. A stick that cannot
    /// read the card's number, or a channel that never had one, is not asked about.
    pub(super) fn has_another_sim(&self, channel: ChannelId, identity: &Identity) -> bool {
        let known = self.channels.known_sims.get(&channel);
        matches!((known, &identity.iccid), (Some(known), Some(found)) if known != found)
    }

    /// Nothing is sent by the channel until a person has said that the SIM is right.
    pub(super) async fn hold_for_confirmation(
        &mut self,
        channel: ChannelId,
        identity: &Identity,
    ) -> Result<()> {
        let found = identity.iccid.as_deref().unwrap_or_default();
        let of_another = self
            .channels
            .known_sims
            .iter()
            .find(|(other, known)| **other != channel && known.as_str() == found);
        let of_another = of_another.map(|(other, _)| *other);
        let of_another = of_another.and_then(|other| self.channels.by_id(other));
        let whose = match of_another {
            Some(other) => format!("the SIM of {}", other.settings.name),
            None => format!("another SIM (its card ends in {})", last_digits(found)),
        };
        self.channels.strangers.insert(channel, identity.clone());
        let Some(held) = self.channels.by_id(channel) else { return Ok(()) };
        held.ready = false;
        held.rests_until = Some(Timestamp::MAX);
        let name = held.settings.name.clone();
        let why = format!(
            "{whose} is in its stick. Texts are taken, none are sent. If that is right: \
             `rollcall modem confirm {name}`; else put the old SIM back"
        );
        self.tx.channel_state(channel, "attention", &why, self.now).await?;
        self.show(format!("{name}: {why}"));
        Ok(())
    }

    /// A person says that the SIM in a channel's stick is right, or that the next one will be.
    pub(super) async fn confirm_sim(&mut self, name: &str) -> Result<Reply> {
        let Some(channel) = self.channels.by_name(name) else {
            return Ok(Reply::NotFound { words: format!("There is no channel `{name}`.") });
        };
        let (id, is_here) = (channel.id, channel.modem.is_some());
        let words = match self.channels.strangers.remove(&id) {
            Some(identity) => {
                self.take_sim(id, &identity).await?;
                let card = identity.iccid.as_deref().unwrap_or_default();
                format!("{name}: the SIM that ends in {} is its own now.", last_digits(card))
            }
            None if is_here => format!("{name}: there is nothing to confirm."),
            None => {
                self.channels.known_sims.remove(&id);
                self.tx.forget_sim(id).await?;
                format!("{name}: the SIM that is found in its stick next is taken as its own.")
            }
        };
        Ok(Reply::Done { words })
    }

    async fn take_sim(&mut self, id: ChannelId, identity: &Identity) -> Result<()> {
        self.tx.channel_seen(id, &identity.imei, identity.iccid.as_deref()).await?;
        self.channels.known_sims.extend(identity.iccid.clone().map(|iccid| (id, iccid)));
        let Some(channel) = self.channels.by_id(id) else { return Ok(()) };
        channel.rests_until = None;
        channel.ready = channel.modem.is_some();
        channel.ready_since = self.now;
        if channel.ready {
            self.tx.channel_state(id, "ready", "", self.now).await?;
        }
        Ok(())
    }
}

/// What stands on a card is compared by its last digits.
fn last_digits(iccid: &str) -> &str {
    iccid.get(iccid.len().saturating_sub(6)..).unwrap_or(iccid)
}
