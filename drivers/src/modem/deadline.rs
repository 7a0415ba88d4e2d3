//! Every reason for which a modem waits, a sentence each.

use std::time::Instant;

/// Why nothing is written now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// After the escape: what the modem still had to say must be over before the first question.
    Settle,
    /// A command was given, and its final result has not come.
    Answer,
    /// `AT+CMGS` was given, and the modem has not asked for the text.
    Prompt,
    /// A piece of the text was typed; the next one must not follow at once.
    Typing,
    /// The text was handed over, and the network has not answered.
    Network,
    /// The modem said that it is busy, and is asked again then.
    Busy,
    /// Somebody has to do something about the modem, and it is looked at again then.
    Attention,
    /// The modem does not answer, and is asked again then.
    Knock,
    /// A command was given that is answered at once, and nothing came; then the modem is asked
    /// whether it is there.
    Doubt,
    /// One final result came where two were due: the other one follows at once, or never.
    Recount,
    /// Final results that nobody waits for are still to come.
    Strays,
}

/// What is waited for, and until when.
#[derive(Debug, Default)]
pub(super) struct Deadlines {
    wait: Option<(Instant, Reason)>,
    /// When signal, registration and memory are looked at next, if nothing else is waited for.
    pub round: Option<Instant>,
    /// Until when the network's services, or the reader of their menu, are waited for.
    pub session: Option<Instant>,
}

impl Deadlines {
    pub fn wait(&mut self, until: Instant, reason: Reason) {
        self.wait = Some((until, reason));
    }

    pub fn wait_no_more(&mut self) {
        self.wait = None;
    }

    pub fn reason(&self) -> Option<Reason> {
        self.wait.map(|(_, reason)| reason)
    }

    /// The reason whose time is over at `now`; it is waited for no more.
    pub fn expire(&mut self, now: Instant) -> Option<Reason> {
        let (_, reason) = self.wait.take_if(|(until, _)| *until <= now)?;
        Some(reason)
    }

    /// What is waited for; nothing at all: the next round, or `call`, which comes first.
    pub fn next(&self, call: Option<Instant>) -> Option<Instant> {
        self.next_in_call(self.round.into_iter().chain(call).min())
    }

    /// The same without the round.
    pub fn next_in_call(&self, call: Option<Instant>) -> Option<Instant> {
        let idle = self.session.into_iter().chain(call).min();
        self.wait.map(|(until, _)| until).or(idle)
    }
}
