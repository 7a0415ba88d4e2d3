//! What happens while a modem does not answer.
//!
//! `AT` is written every second, behind an escape: as soon as anything final comes back, both
//! sides agree anew and the modem is set up. Beside that the ladder of `recovery` is climbed. The
//! shell closes and opens the port and moves the USB: the modem only says that it wants that
//! ([`Remedy`]). While a text is with the network nothing is written at all: that might abort it.

use std::time::{Duration, Instant};

use super::deadline::Reason;
use super::event::{Event, Trouble, Why};
use super::profile::StartAnew;
use super::recovery::Rung;
use super::settings::Standing;
use super::{Modem, Phase};
use crate::at::commands::Request;
use crate::at::errors::Cause;

/// No modem starts in less.
const QUICKEST_START: Duration = Duration::from_secs(2);

/// What a modem that is gone wants to be done to its port, before [`super::Command::Restart`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Open it again, as soon as it is there.
    Reopen,
    /// Take the stick off the USB and put it on again, if that can be done; then open it.
    Reauthorise,
    /// Leave it closed, and look again after minutes.
    Leave,
}

/// What is known about a silence, from this one and earlier ones.
#[derive(Debug, Default)]
pub(super) struct Hearing {
    /// A final result was heard since the port was opened or the modem fell silent.
    heard: bool,
    /// When the last one was heard.
    last: Option<Instant>,
    /// Since when something is written that nothing final answers.
    unanswered: Option<Instant>,
    /// That the modem is lost was told, and why, and it has not been well since.
    told: Option<Why>,
    /// The last prompt was late.
    pub slow_prompt: bool,
}

impl Hearing {
    /// Something is written that must be answered.
    pub fn written(&mut self, now: Instant) {
        self.unanswered.get_or_insert(now);
    }

    /// Something was heard that only a modem says that obeys.
    pub fn answered(&mut self, now: Instant) {
        self.heard = true;
        self.last = Some(now);
        self.unanswered = None;
    }

    /// What was heard before proves nothing any more.
    pub fn proves_nothing(&mut self) {
        self.heard = false;
    }

    /// Whether the modem was heard lately: it may be given more time.
    pub fn is_proven(&self) -> bool {
        self.heard
    }
}

/// Whether a line is one that ends a command.
pub(super) fn is_final(text: &str) -> bool {
    text == "OK" || Cause::parse(text).is_some()
}

impl Modem {
    /// Whether the modem may have started anew in silence since it was heard last, and taken its
    /// settings back: in text mode it would send the digits of a PDU to whoever has the number
    /// that is the PDU's length.
    pub(super) fn may_have_restarted(&self, now: Instant) -> bool {
        let heard_lately = |last| now.saturating_duration_since(last) < QUICKEST_START;
        !self.hearing.last.is_some_and(heard_lately)
    }

    /// What a modem that is gone wants to be done to its port.
    pub fn remedy(&self) -> Remedy {
        self.remedy
    }

    /// A question was left unanswered, or too many were.
    pub(super) fn fall_silent(&mut self, now: Instant) {
        let since = self.hearing.unanswered.unwrap_or(now);
        let late = self.mail.awaits_result().then_some(self.settings.late_result);
        self.ladder.begin(since, now + late.unwrap_or_default());
        self.hearing.proves_nothing();
        self.suspect_list = None;
        self.start.forgive();
        let why = Why::Silent { waited: now.saturating_duration_since(since) };
        self.abandon(&why);
        self.interrupt_session();
        self.phase = Phase::Silent;
        if self.was_ready() {
            self.tell_lost(why);
        }
        self.climb(now);
    }

    /// Takes the rung that is due, and asks again whether anybody is there.
    pub(super) fn climb(&mut self, now: Instant) {
        if self.is_strange() && self.silent_for(now) >= self.settings.strange {
            self.tell_lost(Why::Silent { waited: self.silent_for(now) });
            return self.close(Remedy::Leave);
        }
        match self.take_rung(now) {
            Some(Rung::Reopen) => {
                self.tell_lost(Why::Silent { waited: self.silent_for(now) });
                return self.close(Remedy::Reopen);
            }
            Some(Rung::Reauthorise) => return self.close(Remedy::Reauthorise),
            Some(Rung::Reset) => self.shout(&Request::StartAnew),
            Some(Rung::Alarm) => {
                let since = self.silent_for(now);
                self.events.push_back(Event::NeedsAttention(Trouble::DoesNotAnswer { since }));
                self.shout(&Request::Attention);
            }
            None => self.shout(&Request::Attention),
        }
        self.hearing.written(now);
        self.deadlines.wait(now + self.settings.knock, Reason::Knock);
    }

    /// The modem has no port: people are told now and then.
    pub(super) fn miss(&mut self, now: Instant) {
        let (rules, is_left) = (self.settings.recovery, self.remedy == Remedy::Leave);
        let alarm = |rung| rung == Rung::Alarm && !is_left;
        if self.ladder.take(now, &rules, alarm).is_some() {
            let since = self.silent_for(now);
            self.events.push_back(Event::NeedsAttention(Trouble::NotThere { since }));
        }
    }

    /// When [`Modem::miss`] is due.
    pub(super) fn missed_from(&self) -> Option<Instant> {
        let is_left = self.remedy == Remedy::Leave;
        let alarm = |rung| rung == Rung::Alarm && !is_left;
        self.ladder.next(&self.settings.recovery, alarm).map(|(due, _)| due)
    }

    /// A final result came from a modem that did not answer: it is asked who it is.
    pub(super) fn is_back(&mut self, now: Instant) {
        if matches!(self.phase, Phase::Silent) {
            self.begin(now);
        }
    }

    /// A question of the agreement is still open, and the modem works through what came before.
    pub(super) fn give_more_time(&mut self, now: Instant) {
        if matches!(self.phase, Phase::Agreeing(_)) && self.exchange.is_some() {
            self.deadlines.wait(now + self.settings.are_you_there, Reason::Answer);
        }
    }

    /// The modem is well, or answers at least: whatever befalls it is a new story.
    pub(super) fn is_well(&mut self) {
        self.ladder.end();
        self.hearing.told = None;
    }

    /// The port must be closed. What was agreed over it is void.
    pub(super) fn close(&mut self, remedy: Remedy) {
        self.void();
        self.interrupt_session();
        self.phase = Phase::Gone;
        self.remedy = remedy;
        self.deadlines = Default::default();
        self.transmit.clear();
        self.lines = Default::default();
        self.hearing.proves_nothing();
    }

    /// Says once in a silence that the modem is lost; again if the port goes, too.
    pub(super) fn tell_lost(&mut self, why: Why) {
        let port_went = why == Why::PortGone && self.hearing.told != Some(Why::PortGone);
        if self.hearing.told.is_none() || port_went {
            self.hearing.told = Some(why.clone());
            self.events.push_back(Event::Lost(why));
        }
    }

    fn take_rung(&mut self, now: Instant) -> Option<Rung> {
        let (was_ready, is_strange) = (self.was_ready(), self.is_strange());
        let may_reset = was_ready && self.profile.start_anew == StartAnew::ByCommand;
        let rules = self.settings.recovery;
        self.ladder.take(now, &rules, |rung| match rung {
            Rung::Reset => may_reset,
            // Nobody misses it, and moving the stick would move its other ports, too.
            Rung::Reopen | Rung::Reauthorise | Rung::Alarm => !is_strange,
        })
    }

    /// Writes something that is answered by whoever is there, whatever they were doing.
    fn shout(&mut self, request: &Request) {
        self.transmit.push_back(format!("\x1b{}\r", request.row().form).into_bytes());
    }

    fn silent_for(&self, now: Instant) -> Duration {
        self.ladder.since().map(|since| now.saturating_duration_since(since)).unwrap_or_default()
    }

    /// Whether a modem was ready here at any time.
    fn was_ready(&self) -> bool {
        self.start.has_been_ready()
    }

    fn is_strange(&self) -> bool {
        match self.settings.standing {
            Standing::Named => false,
            Standing::Found => !self.was_ready(),
        }
    }
}
