//! Messages whose channel is down for long go by another one, by rule.
//!
//! A reply leaves by the number that its person wrote to, and a text for which the office named a
//! channel by that one. When that channel is down for longer than `move_after`, and another one is
//! ready, they go by whichever is free. What may have left already is never moved, and neither is
//! a text of which a segment has left.

use super::Work;
use super::channels::Channel;
use crate::store::Sendable;
use anyhow::Result;
use jiff::{SignedDuration, Timestamp};

impl Work<'_> {
    /// Moves what has waited long enough; whether anything was moved.
    pub(super) async fn move_messages(&mut self, waiting: &Sendable) -> Result<bool> {
        let may_go = |channel: &&Channel| channel.ready && channel.rests_until.is_none();
        if self.channels.all.iter().find(may_go).is_none() {
            return Ok(false);
        }
        let mut moved = false;
        for at in 0..self.channels.all.len() {
            let channel = &self.channels.all[at];
            let due = self.moved_from(channel).is_some_and(|from| from <= self.now);
            if !due || !waiting.waits_for(channel.id) {
                continue;
            }
            let (id, name) = (channel.id, channel.settings.name.clone());
            let why = format!("{name} is down for long, so it goes by whichever is ready");
            let count = self.tx.unbind_messages(id, &why).await?;
            if count > 0 {
                moved = true;
                let messages = if count == 1 { "message goes" } else { "messages go" };
                self.warn(format!("{name}: down for long; {count} {messages} by other channels"));
            }
        }
        Ok(moved)
    }

    /// From when on a channel's messages may go by others; `None`: it is not down, or never.
    pub(super) fn moved_from(&self, channel: &Channel) -> Option<Timestamp> {
        let after = SignedDuration::try_from(self.settings.move_after?).ok()?;
        Some(channel.away_since? + after)
    }
}
