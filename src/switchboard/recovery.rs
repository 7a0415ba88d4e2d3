//! What a start makes of what the last stop left, and how uncertainty ends.
//!
//! From the disk alone nobody can tell whether an open attempt left: they all become uncertain.
//! A late result, a report or the person's answer settle it (`results`, `reports`, `inbound`);
//! what is left after the wait is sent once more, or is a person's to decide.

use super::Work;
use anyhow::Result;

impl Work<'_> {
    /// Part of opening: every attempt that nobody closed becomes uncertain.
    pub(super) async fn recover(&mut self) -> Result<()> {
        let open = self.tx.open_attempts().await?;
        for attempt in &open {
            if let Some(about) = self.tx.attempt_about(attempt.id).await? {
                let why = "the program stopped while this was being sent";
                self.uncertain(attempt.id, &about, why).await?;
            }
        }
        if !open.is_empty() {
            let count = open.len();
            self.show(format!("{count} messages may have left or not before the last stop"));
        }
        Ok(())
    }

    /// Messages that were uncertain for long enough.
    pub(super) async fn decide_uncertain(&mut self) -> Result<()> {
        for message in self.tx.overdue_uncertain(self.now).await? {
            let modem_away = message
                .channel
                .and_then(|id| self.channels.by_id(id))
                .is_some_and(|channel| !channel.ready);
            if modem_away {
                // Evidence may still wait in the stick: count from when it is ready again.
                let until = self.now + self.settings.uncertain_wait;
                self.tx.put_off_decision(message.id, until).await?;
            } else if message.may_repeat {
                let why = "sent again, because nobody knows whether it left";
                self.tx.repeat_message(message.id, self.now, why).await?;
            } else {
                let why = "it may have left or not; somebody has to decide";
                self.tx.leave_uncertain(message.id, why).await?;
                if let Some(run) = message.run {
                    // Its person may have it: they have as long to answer as anybody.
                    self.tx.question_left(run, message.id, self.now).await?;
                }
            }
        }
        Ok(())
    }
}
