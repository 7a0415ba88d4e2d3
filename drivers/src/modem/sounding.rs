//! Switches the sound of a call on when its maker wants it, proves it, and switches it off.
//!
//! Nothing is moved here: the port's bytes are the application's matter, and it is told when they
//! flow. A modem whose sound begins only at a second try is known to do worse with each call: it is
//! made well between two calls.

use std::time::{Duration, Instant};

use super::Modem;
use super::calling::CallEvent;
use super::event::{Event, Warning, Why};
use super::exchange::Job;
use super::profile::{Begins, Sound, SoundPort};
use crate::at::commands::Own;
use crate::at::errors::Cause;

/// How often the sound of a call is begun before it has none.
const TRIES: u8 = 3;
/// Between two of them.
const AGAIN: Duration = Duration::from_millis(500);

/// The sound of the call.
#[derive(Debug, Default)]
pub(super) struct Sounding {
    stage: Stage,
    /// Tries that failed.
    failed: u8,
    next_try: Option<Instant>,
    /// It was begun and not ended since.
    is_open: bool,
    /// It began late: the modem starts anew before the next call.
    is_ill: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    #[default]
    Off,
    /// This order is given next.
    Beginning(usize),
    Proving,
    /// It is on, and this order about keys is given next.
    Keys(usize),
    /// It is on and said, or there is none and that was said.
    Settled,
}

/// What a command about sound is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum SoundPart {
    Begin(&'static Own),
    Proof(&'static Own),
    Keys(&'static Own),
    End(&'static Own),
    Cure(&'static Own),
}

impl SoundPart {
    pub fn own(self) -> &'static Own {
        match self {
            SoundPart::Begin(own)
            | SoundPart::Proof(own)
            | SoundPart::Keys(own)
            | SoundPart::End(own)
            | SoundPart::Cure(own) => own,
        }
    }
}

impl Modem {
    /// The modem has obeyed the order to dial or to answer, or both sides talk now.
    pub(super) fn begin_sound(&mut self, now: Instant, moment: Begins) {
        if self.sounding.stage != Stage::Off {
            return;
        }
        let why = match (self.start.identity.no_sound, self.sound()) {
            (Some(why), _) => why,
            (None, Sound::None(why)) => *why,
            (None, Sound::Port(port)) => {
                if moment == Begins::WhenAnswered || port.begins == moment {
                    self.sounding.failed = 0;
                    self.sounding.next_try = Some(now + port.pause);
                    self.sounding.stage = Stage::Beginning(0);
                }
                return;
            }
        };
        if moment == Begins::WhenAnswered {
            self.sounding.stage = Stage::Settled;
            self.tell_current(CallEvent::NoSound(why.to_owned()));
        }
    }

    /// The next command about the sound of the call there is.
    pub(super) fn next_sound_job(&mut self, now: Instant) -> Option<Job> {
        let Sound::Port(port) = self.sound() else { return None };
        if self.sounding.next_try.is_some_and(|at| at > now) {
            return None;
        }
        self.sounding.next_try = None;
        loop {
            let sounding = &mut self.sounding;
            let part = match sounding.stage {
                Stage::Off | Stage::Settled => return None,
                Stage::Beginning(nth) => match port.begin.get(nth) {
                    Some(own) => SoundPart::Begin(own),
                    None => {
                        sounding.stage = Stage::Proving;
                        continue;
                    }
                },
                Stage::Proving => match &port.proof {
                    Some((own, _)) => SoundPart::Proof(own),
                    None => {
                        self.sound_is_on();
                        continue;
                    }
                },
                Stage::Keys(nth) => match port.keys.get(nth) {
                    Some(own) => SoundPart::Keys(own),
                    None => {
                        sounding.stage = Stage::Settled;
                        return None;
                    }
                },
            };
            sounding.is_open = true;
            return Some(Job::Sound(part));
        }
    }

    /// What is to be done about sound when no call is there: it is ended, and the modem made well.
    pub(super) fn next_silence_job(&mut self) -> Option<Job> {
        let Sound::Port(port) = self.sound() else { return None };
        if std::mem::take(&mut self.sounding.is_open)
            && let Some(own) = &port.end
        {
            return Some(Job::Sound(SoundPart::End(own)));
        }
        if std::mem::take(&mut self.sounding.is_ill)
            && let Some(own) = &port.cure
        {
            return Some(Job::Sound(SoundPart::Cure(own)));
        }
        None
    }

    /// A command about sound ended.
    pub(super) fn finish_sound(
        &mut self,
        now: Instant,
        part: SoundPart,
        outcome: Result<Vec<String>, Cause>,
    ) {
        match (part, self.sounding.stage) {
            (SoundPart::Begin(_), Stage::Beginning(nth)) => self.finish_begin(now, nth, outcome),
            (SoundPart::Proof(_), Stage::Proving) => {
                let lines = outcome.unwrap_or_default();
                match self.is_proved(&lines) {
                    true => self.sound_is_on(),
                    false => self.fail_sound(now, "it says that it is off"),
                }
            }
            (SoundPart::Keys(_), Stage::Keys(nth)) => self.sounding.stage = Stage::Keys(nth + 1),
            (SoundPart::Cure(_), _) => self.begin_anew(now, &Why::Restarted),
            // The call is over.
            (SoundPart::Begin(_) | SoundPart::Proof(_) | SoundPart::Keys(_), _) => {}
            (SoundPart::End(_), _) => {}
        }
    }

    fn finish_begin(&mut self, now: Instant, nth: usize, outcome: Result<Vec<String>, Cause>) {
        let Sound::Port(SoundPort { begin, .. }) = self.sound() else { return };
        match outcome {
            Err(cause) if nth + 1 == begin.len() => self.fail_sound(now, &cause.to_string()),
            Ok(_) | Err(_) => self.sounding.stage = Stage::Beginning(nth + 1),
        }
    }

    fn is_proved(&self, lines: &[String]) -> bool {
        let Sound::Port(SoundPort { proof: Some((_, wished)), .. }) = self.sound() else {
            return true;
        };
        lines.iter().any(|line| line.starts_with(wished))
    }

    fn sound_is_on(&mut self) {
        if self.sounding.failed > 0 {
            self.sounding.is_ill = true;
            self.events.push_back(Event::Warning(Warning::SoundBeganLate));
        }
        self.sounding.stage = Stage::Keys(0);
        self.tell_current(CallEvent::SoundOn);
    }

    fn fail_sound(&mut self, now: Instant, said: &str) {
        self.sounding.failed += 1;
        if self.sounding.failed < TRIES {
            self.sounding.stage = Stage::Beginning(0);
            self.sounding.next_try = Some(now + AGAIN);
            return;
        }
        self.sounding.stage = Stage::Settled;
        self.sounding.is_ill = true;
        let why = format!("the modem does not switch on the sound of the call: {said}");
        self.tell_current(CallEvent::NoSound(why));
    }

    /// When the sound is tried again.
    pub(super) fn sound_deadline(&self) -> Option<Instant> {
        self.sounding.next_try
    }

    /// The call is over.
    pub(super) fn end_sound(&mut self) {
        self.sounding.stage = Stage::Off;
        self.sounding.next_try = None;
    }

    /// The modem starts anew: nothing is on, and it is as well as it can be.
    pub(super) fn sound_is_void(&mut self) {
        self.sounding = Sounding::default();
    }

    pub(super) fn sound(&self) -> &'static Sound {
        self.profile.sound_of(&self.start.identity.model)
    }
}
