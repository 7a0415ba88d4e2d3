//! Messages that are bound to a channel which is down for long: they are bound to none then.

use super::Tx;
use crate::model::ChannelId;
use anyhow::Result;

// Segments of one text must come from one number, or no phone joins them: a text that has begun
// waits. One that may have left is not queued, and is decided first.
const MOVE: &str = "UPDATE message SET channel_id = NULL, why = $2
    WHERE channel_id = $1 AND direction = 'out' AND status = 'queued' AND NOT EXISTS (
        SELECT 1 FROM segment s WHERE s.message_id = message.id
            AND s.status IN ('sending', 'sent', 'delivered', 'uncertain'))";

impl Tx<'_> {
    /// Lets what is queued for a channel go by whichever is free, and why; how many do.
    pub async fn unbind_messages(&mut self, channel: ChannelId, why: &str) -> Result<u64> {
        let done = sqlx::query(MOVE).bind(channel.0).bind(why).execute(self.sql()).await?;
        Ok(done.rows_affected())
    }
}
