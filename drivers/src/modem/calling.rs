//! Calls: who rings, who is rung, and how a call ends.
//!
//! The list of calls (`AT+CLCC`) is the truth, and it is asked for as long as there is a call;
//! what a modem says by itself is a reason to ask at once, and tells why a call ended. One call at
//! a time: another that knocks is refused and reported as missed. Between `ATD` and its result
//! nothing is written, for any octet may break the dialling off; during a call nothing is sent.

use std::fmt;
use std::time::{Duration, Instant};

use super::command::{AttemptId, CallId};
use super::event::{Event, Why};
use super::exchange::Job;
use super::profile::Begins;
use super::{Modem, Phase};
use crate::at::calls::{self, Call, CallState, Direction, Hint};
use crate::at::errors::Cause;
use crate::at::releases::{CallEnd, Release};

/// Between two looks at the list while there is a call.
const LOOK: Duration = Duration::from_secs(1);
/// After a set-up before calls of an earlier life are looked for: messages come first.
const LEFT_OVER: Duration = Duration::from_secs(3);
/// Lists without the call before it counts as over: one may be a slip.
const EMPTY_LISTS: u8 = 2;
/// A caller who does not ring for so long has hung up, where the modem cannot list its calls:
/// networks ring every five seconds.
const RING_APART: Duration = Duration::from_secs(7);
/// A ring of before a set-up that took longer is not told any more.
const STALE: Duration = Duration::from_secs(60);

/// What becomes of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallEvent {
    /// Somebody rings here. Comes again when the number is known later than the ringing.
    Rings {
        /// Who; `None`: not known yet, or withheld.
        number: Option<String>,
    },
    /// It rings there.
    RingsThere,
    /// Both sides talk.
    Answered,
    /// Its sound flows by the modem's port for it. May come before the call is answered.
    SoundOn,
    /// It has no sound, and why: nobody would hear or be heard. Comes when it is answered.
    NoSound(String),
    /// The other side pressed this key, as the modem hears it; the sound may tell the same.
    Key(char),
    /// It is over. A call that rang here and was never answered was missed.
    Ended(Ended),
}

/// Why a call is over, or never began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// As the network and the modem say.
    Released(Release),
    /// The modem refused the command, so nothing was dialled.
    Refused(Cause),
    /// The modem was lost, and the call with it.
    Lost(Why),
}

/// For people: `rings, from +231770000001`, `ended: the line was busy (cause 17)`. The number is
/// whole: whoever logs it masks it.
impl fmt::Display for CallEvent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallEvent::Rings { number: Some(number) } => write!(out, "rings, from {number}"),
            CallEvent::Rings { number: None } => out.write_str("rings"),
            CallEvent::RingsThere => out.write_str("rings there"),
            CallEvent::Answered => out.write_str("answered"),
            CallEvent::SoundOn => out.write_str("has sound"),
            CallEvent::NoSound(why) => write!(out, "has no sound: {why}"),
            CallEvent::Key(key) => write!(out, "key {key}"),
            CallEvent::Ended(ended) => write!(out, "ended: {ended}"),
        }
    }
}

/// For people: why a call is over.
impl fmt::Display for Ended {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ended::Released(release) => release.fmt(out),
            Ended::Refused(cause) => write!(out, "nothing was dialled: {cause}"),
            Ended::Lost(why) => why.fmt(out),
        }
    }
}

/// The calls of a modem.
#[derive(Debug, Default)]
pub(super) struct Calling {
    current: Option<Current>,
    to_dial: Option<(AttemptId, String)>,
    /// Somebody knocks and is to be refused.
    knocking: bool,
    /// When the list is asked for next.
    look_at: Option<Instant>,
    /// No dialling before: modems and networks need a moment after a call.
    rests_until: Option<Instant>,
    /// Calls that came, counted.
    came: u32,
    /// The modem has no list of calls.
    unlisted: bool,
    /// Somebody rang while the modem was being set up.
    early: Option<Early>,
}

/// A call that came while the modem was being set up.
#[derive(Debug)]
struct Early {
    at: Instant,
    number: Option<String>,
    said: Option<Release>,
}

#[derive(Debug)]
struct Current {
    id: CallId,
    number: Option<String>,
    state: State,
    /// What the modem said of its end.
    said: Option<Release>,
    empty_lists: u8,
    rang_at: Instant,
    wish: Wish,
    /// It is to end: asked for again until it is gone.
    is_unwanted: bool,
}

/// Where a call is, as far as it was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Dialling,
    RingsThere,
    RingsHere,
    Talking,
}

/// What the application wants of a call and the modem was not told yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Nothing,
    PickUp,
    HangUp,
}

impl Modem {
    pub(super) fn dial(&mut self, attempt: AttemptId, number: String) {
        let has_call = self.calling.current.is_some() || self.calling.to_dial.is_some();
        let can_dial = !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit() || b"+*#".contains(&byte));
        let cause = match (&self.phase, has_call, can_dial) {
            (Phase::Ready, false, true) => {
                self.calling.to_dial = Some((attempt, number));
                return;
            }
            (_, _, false) => Cause::Words("it is no number that can be dialled".to_owned()),
            (_, _, true) => Cause::NotReady,
        };
        self.tell_call(CallId::Placed(attempt), CallEvent::Ended(Ended::Refused(cause)));
    }

    /// Answers the call that rings, if it still does.
    pub(super) fn pick_up(&mut self, id: CallId) {
        if let Some(call) = self.calling.current.as_mut().filter(|call| call.id == id)
            && call.state == State::RingsHere
        {
            call.wish = Wish::PickUp;
        }
    }

    /// Ends a call, or forgets that it was to be dialled.
    pub(super) fn hang_up(&mut self, id: CallId) {
        if let Some((attempt, _)) =
            self.calling.to_dial.take_if(|(attempt, _)| CallId::Placed(*attempt) == id)
        {
            let ended = Ended::Released(Release::only(CallEnd::HungUp));
            return self.tell_call(CallId::Placed(attempt), CallEvent::Ended(ended));
        }
        if let Some(call) = self.calling.current.as_mut().filter(|call| call.id == id) {
            call.wish = Wish::HangUp;
            call.is_unwanted = true;
        }
    }

    /// The next command about calls. They go before everything else.
    pub(super) fn next_call_job(&mut self, now: Instant) -> Option<Job> {
        let calling = &mut self.calling;
        if let Some(call) = &mut calling.current {
            match std::mem::replace(&mut call.wish, Wish::Nothing) {
                Wish::PickUp => return Some(Job::PickUp),
                Wish::HangUp => return Some(Job::HangUp),
                Wish::Nothing => {}
            }
        }
        if std::mem::take(&mut calling.knocking) {
            return Some(Job::RefuseWaiting);
        }
        let is_idle = calling.current.is_none();
        if let Some(job) = if is_idle { self.next_silence_job() } else { self.next_sound_job(now) }
        {
            return Some(job);
        }
        let calling = &mut self.calling;
        // Before dialling, whatever call there may be is looked for.
        let must_know = calling.to_dial.is_some() && calling.current.is_none();
        if calling.look_at.is_some_and(|at| at <= now || must_know) {
            return Some(Job::Calls);
        }
        let rests = calling.rests_until.is_some_and(|until| until > now);
        if rests || calling.current.is_some() || self.is_sending() {
            return None;
        }
        let (attempt, number) = self.calling.to_dial.take()?;
        let call =
            Current::new(CallId::Placed(attempt), Some(number.clone()), State::Dialling, now);
        self.calling.current = Some(call);
        Some(Job::Dial(number))
    }

    /// Whether there is a call: nothing else is begun then.
    pub(super) fn has_call(&self) -> bool {
        self.calling.current.is_some()
    }

    /// Whether a call keeps messages from being sent for longer than a caller lets it ring.
    pub(super) fn is_in_the_way(&self) -> bool {
        self.calling.current.as_ref().is_some_and(|call| call.state != State::RingsHere)
    }

    /// Whether both sides of a call talk.
    pub(super) fn is_talking(&self) -> bool {
        self.calling.current.as_ref().is_some_and(|call| call.state == State::Talking)
    }

    /// When something about calls is due.
    pub(super) fn call_deadline(&self) -> Option<Instant> {
        let waits = self.calling.to_dial.is_some() && self.calling.current.is_none();
        let rest = self.calling.rests_until.filter(|_| waits);
        let sound = self.sound_deadline();
        self.calling.look_at.into_iter().chain(rest).chain(sound).min()
    }

    /// A set-up is over: a call that a killed program left behind is looked for, soon.
    pub(super) fn look_for_calls(&mut self, now: Instant) {
        self.calling.look_at =
            (self.settings.dials && !self.calling.unlisted).then_some(now + LEFT_OVER);
    }

    /// A line that nobody asked for speaks of calls.
    pub(super) fn note_call(&mut self, now: Instant, hint: Hint) {
        if !matches!(self.phase, Phase::Ready) {
            return self.note_early(now, hint);
        }
        match hint {
            Hint::Key(key) => return self.tell_current(CallEvent::Key(key)),
            Hint::Rings(number) => self.note_ringing(now, number),
            Hint::Knocks(number) => self.note_knocking(number),
            Hint::Changed => {}
            Hint::Over(release) => {
                if let Some(call) = &mut self.calling.current {
                    call.said = Some(call.said.map_or(release, |said| said.or(release)));
                }
                if self.calling.unlisted && !self.is_dialling_now() {
                    return self.end_call(now);
                }
            }
        }
        if !self.calling.unlisted {
            self.calling.look_at = Some(now);
        }
    }

    /// Somebody rings, or has given up, while the modem cannot be asked for its calls.
    fn note_early(&mut self, now: Instant, hint: Hint) {
        match (hint, &mut self.calling.early) {
            (Hint::Rings(number), None) => {
                self.calling.early = Some(Early { at: now, number, said: None });
            }
            (Hint::Rings(number), Some(early)) => {
                early.at = now;
                early.number = early.number.take().or(number);
            }
            (Hint::Over(release), Some(early)) => early.said = Some(release),
            (Hint::Over(_) | Hint::Knocks(_) | Hint::Changed | Hint::Key(_), _) => {}
        }
    }

    /// The modem is set up: a call that came meanwhile is told, and looked for at once. One whose
    /// caller has given up is a missed call.
    pub(super) fn tell_early(&mut self, now: Instant) {
        let Some(early) = self.calling.early.take() else { return };
        if now.saturating_duration_since(early.at) > STALE {
            return;
        }
        self.note_ringing(now, early.number);
        if let Some(call) = &mut self.calling.current {
            call.said = early.said;
        }
        match (self.calling.unlisted, early.said) {
            (true, Some(_)) => self.end_call(now),
            (true, None) => {}
            (false, _) => self.calling.look_at = Some(now),
        }
    }

    fn note_ringing(&mut self, now: Instant, number: Option<String>) {
        if let Some(call) = &mut self.calling.current {
            if call.state != State::RingsHere {
                return;
            }
            call.rang_at = now;
            if call.number.is_some() || number.is_none() {
                return;
            }
            call.number.clone_from(&number);
        } else {
            self.calling.came = self.calling.came.wrapping_add(1);
            let id = CallId::Came(self.calling.came);
            self.calling.current = Some(Current::new(id, number.clone(), State::RingsHere, now));
        }
        if self.calling.unlisted {
            self.calling.look_at = Some(now + RING_APART);
        }
        self.tell_current(CallEvent::Rings { number });
    }

    /// Somebody knocks: the call is missed, and its caller hears that we are busy.
    fn note_knocking(&mut self, number: Option<String>) {
        if self.calling.knocking {
            return;
        }
        self.calling.knocking = true;
        self.calling.came = self.calling.came.wrapping_add(1);
        let id = CallId::Came(self.calling.came);
        self.tell_call(id, CallEvent::Rings { number });
        let ended = Ended::Released(Release::only(CallEnd::Rejected));
        self.tell_call(id, CallEvent::Ended(ended));
    }

    /// The list of calls came, or was refused.
    pub(super) fn finish_calls(&mut self, now: Instant, outcome: Result<Vec<String>, Cause>) {
        self.calling.look_at = None;
        let lines = match outcome {
            Ok(lines) => lines,
            Err(cause) => return self.list_refused(now, &cause),
        };
        let listed: Vec<Call> = lines.iter().filter_map(|line| calls::call(line)).collect();
        let speech = || listed.iter().filter(|call| call.is_speech);
        if let Some(waiting) = speech().find(|call| call.state == CallState::Waiting) {
            self.note_knocking(waiting.number.clone());
        }
        match &self.calling.current {
            Some(current) => match speech().find(|call| current.is(call)) {
                Some(call) => self.follow(now, call),
                None => self.miss_call(now),
            },
            None => match speech().find(|call| call.state != CallState::Waiting) {
                Some(call) if call.state == CallState::Ringing => {
                    self.note_ringing(now, call.number.clone());
                }
                // Nobody here began it: it was left over by a program that was killed.
                Some(_) => return self.end_leftover(now),
                None => return,
            },
        }
        self.look_again(now);
    }

    fn look_again(&mut self, now: Instant) {
        if self.calling.current.is_some() {
            self.calling.look_at = Some(now + LOOK);
        }
    }

    /// A modem without a list is believed what it says by itself.
    fn list_refused(&mut self, now: Instant, cause: &Cause) {
        if cause.is_busy() {
            return self.look_again(now);
        }
        self.calling.unlisted = true;
        let Some(call) = &self.calling.current else { return };
        if call.state != State::RingsHere {
            return;
        }
        if now >= call.rang_at + RING_APART {
            self.end_call(now);
        } else {
            self.calling.look_at = Some(call.rang_at + RING_APART);
        }
    }

    fn end_leftover(&mut self, now: Instant) {
        self.calling.came = self.calling.came.wrapping_add(1);
        let id = CallId::Came(self.calling.came);
        let mut call = Current::new(id, None, State::Talking, now);
        call.wish = Wish::HangUp;
        call.is_unwanted = true;
        self.calling.current = Some(call);
        self.look_again(now);
    }

    /// The call is in the list: what changed is reported.
    fn follow(&mut self, now: Instant, listed: &Call) {
        let Some(call) = &mut self.calling.current else { return };
        call.empty_lists = 0;
        if call.is_unwanted {
            call.wish = Wish::HangUp;
            return;
        }
        let number_is_new = call.number.is_none() && listed.number.is_some();
        if number_is_new {
            call.number.clone_from(&listed.number);
        }
        let before = call.state;
        match listed.state {
            CallState::Active | CallState::Held => call.state = State::Talking,
            CallState::Alerting => call.state = State::RingsThere,
            CallState::Ringing => call.rang_at = now,
            CallState::Dialling | CallState::Waiting => {}
        }
        match (before, call.state) {
            (State::RingsHere, State::RingsHere) if number_is_new => {
                let number = listed.number.clone();
                self.tell_current(CallEvent::Rings { number });
            }
            (before, after) if before == after => {}
            (_, State::RingsThere) => self.tell_current(CallEvent::RingsThere),
            (_, State::Talking) => {
                self.tell_current(CallEvent::Answered);
                self.begin_sound(now, Begins::WhenAnswered);
            }
            (_, State::Dialling | State::RingsHere) => {}
        }
    }

    /// The call is not in the list. Once may be a slip, unless the modem said that it is over.
    fn miss_call(&mut self, now: Instant) {
        let Some(call) = &mut self.calling.current else { return };
        call.empty_lists += 1;
        if call.empty_lists >= EMPTY_LISTS || call.said.is_some() {
            self.end_call(now);
        }
    }

    fn end_call(&mut self, now: Instant) {
        let Some(call) = self.calling.current.take() else { return };
        self.end_sound();
        self.calling.look_at = None;
        self.calling.rests_until = Some(now + self.settings.between_calls);
        let unsaid = match call.state {
            State::Talking => CallEnd::HungUp,
            State::RingsHere => CallEnd::NoAnswer,
            State::Dialling | State::RingsThere => CallEnd::Unknown,
        };
        let release = call.said.unwrap_or(Release::only(CallEnd::Unknown));
        let release = if release == Release::only(CallEnd::Unknown) {
            Release::only(unsaid)
        } else {
            release
        };
        self.tell_call(call.id, CallEvent::Ended(Ended::Released(release)));
    }

    /// `ATD` ended. Its `OK` says that it is being dialled, no more.
    pub(super) fn finish_dialling(&mut self, now: Instant, outcome: Result<Vec<String>, Cause>) {
        match outcome {
            Ok(_) => {
                self.begin_sound(now, Begins::WithTheCall);
                if !self.calling.unlisted {
                    self.calling.look_at = Some(now);
                }
            }
            Err(cause) => {
                let Some(call) = self.calling.current.take() else { return };
                self.calling.look_at = None;
                self.calling.rests_until = Some(now + self.settings.between_calls);
                let ended = call.said.map_or(Ended::Refused(cause), Ended::Released);
                self.tell_call(call.id, CallEvent::Ended(ended));
            }
        }
    }

    /// `ATA` ended: the list tells whether both sides talk.
    pub(super) fn finish_pick_up(&mut self, now: Instant, outcome: &Result<Vec<String>, Cause>) {
        if outcome.is_ok() {
            self.begin_sound(now, Begins::WithTheCall);
        }
        if !self.calling.unlisted {
            return self.look_at_calls(now);
        }
        match (outcome, &mut self.calling.current) {
            (Ok(_), Some(call)) => {
                call.state = State::Talking;
                self.calling.look_at = None;
                self.tell_current(CallEvent::Answered);
                self.begin_sound(now, Begins::WhenAnswered);
            }
            (Err(_), _) => self.end_call(now),
            (Ok(_), None) => {}
        }
    }

    /// `AT+CHUP` ended: the list tells whether the call did.
    pub(super) fn finish_hang_up(&mut self, now: Instant) {
        match self.calling.unlisted {
            true => self.end_call(now),
            false => self.look_at_calls(now),
        }
    }

    /// What came of an order is in the list. After one that hung up, a moment later: modems need it.
    pub(super) fn look_at_calls(&mut self, now: Instant) {
        let has_ended = self.calling.current.as_ref().is_some_and(|call| call.is_unwanted);
        let pause = if has_ended { LOOK / 4 } else { Duration::ZERO };
        self.calling.look_at = (!self.calling.unlisted).then_some(now + pause);
    }

    /// The modem did not answer when it was asked for the list: it is not asked again.
    pub(super) fn list_calls_no_more(&mut self, why: &Why) {
        self.calling.unlisted = true;
        self.lose_calls(why);
    }

    /// The modem is lost or begins anew, and its calls with it.
    pub(super) fn lose_calls(&mut self, why: &Why) {
        let placed = self.calling.to_dial.take().map(|(attempt, _)| CallId::Placed(attempt));
        let current = self.calling.current.take().map(|call| call.id);
        self.end_sound();
        self.calling.look_at = None;
        self.calling.knocking = false;
        for id in current.into_iter().chain(placed) {
            self.tell_call(id, CallEvent::Ended(Ended::Lost(why.clone())));
        }
    }

    fn is_dialling_now(&self) -> bool {
        let job = self.exchange.as_ref().map(|exchange| &exchange.job);
        matches!(job, Some(Job::Dial(_)))
    }

    pub(super) fn tell_current(&mut self, what: CallEvent) {
        if let Some(id) = self.calling.current.as_ref().map(|call| call.id) {
            self.tell_call(id, what);
        }
    }

    fn tell_call(&mut self, id: CallId, what: CallEvent) {
        self.events.push_back(Event::Call(id, what));
    }
}

impl Current {
    fn new(id: CallId, number: Option<String>, state: State, now: Instant) -> Current {
        Current {
            id,
            number,
            state,
            said: None,
            empty_lists: 0,
            rang_at: now,
            wish: Wish::Nothing,
            is_unwanted: false,
        }
    }

    /// Whether a call of the list is this one: there is one at a time, so its direction tells.
    fn is(&self, listed: &Call) -> bool {
        let direction = match self.id {
            CallId::Placed(_) => Direction::Outgoing,
            CallId::Came(_) if self.state == State::Talking => listed.direction,
            CallId::Came(_) => Direction::Incoming,
        };
        listed.direction == direction && listed.state != CallState::Waiting
    }
}
