//! From plugged-in to ready: escape, agree, set up.
//!
//! *Escape*: an earlier program may have left the modem waiting for the rest of a text, where it
//! would swallow every command. *Agree*: answers to that program's commands may still be on
//! their way, so the first question is one that its own answer can be told by, and the next try
//! asks another. *Set up*: who the modem is, the PIN (once, and never the last try), messages as
//! PDUs, stored and told, with what matters read back.

use std::time::Instant;

use super::deadline::Reason;
use super::event::{Event, Identity, Trouble, Why};
use super::exchange::Job;
use super::{Modem, Phase};
use crate::at::commands::Request;
use crate::at::errors::Cause;
use crate::at::fields;

/// Where the agreement is.
#[derive(Debug)]
pub(super) struct Agreeing {
    asked: u32,
    escaped_at: Instant,
}

/// Where the set-up is.
#[derive(Debug)]
pub(super) struct SetUp {
    step: Step,
    busy_times: u32,
}

/// A step of the set-up, in order. A number counts through the profile's ways to do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    EchoOff,
    ErrorNumbers,
    Imei,
    Maker,
    Model,
    Revision,
    PinState,
    PinTries(usize),
    EnterPin,
    Iccid(usize),
    Imsi,
    OwnNumber,
    PduMode,
    MessageService,
    MemoriesOffered,
    UseMemory(usize),
    Announce(usize),
    ReadBack(usize),
    ServiceCentre,
    TellRegistration,
    Done,
}

/// What is known from this start, and what must be remembered from earlier ones.
#[derive(Debug, Default)]
pub(super) struct History {
    /// How new messages are told, if the modem agreed to any way.
    pub announcing: Option<&'static str>,
    identity: Identity,
    /// ICCID and IMSI of the card with which the modem was ready last.
    sim: Option<(Option<String>, Option<String>)>,
    memories: Vec<String>,
    pin: Pin,
    /// The trouble that was reported last, so that it is not reported every half minute.
    trouble: Option<Trouble>,
    /// Steps without which we can do, and which this modem leaves unanswered.
    skipped: Vec<Step>,
    /// Steps that were left unanswered since the modem was ready last.
    stalls: u32,
    questions_asked: usize,
}

/// What became of the PIN. It is entered once at most.
#[derive(Debug, Default, PartialEq, Eq)]
enum Pin {
    #[default]
    NotEntered,
    Entered,
    Accepted,
}

/// Questions whose answers cannot be taken for each other's: asked in turn, so that the answer
/// to one that came too late ends nothing.
const QUESTIONS: [Request; 3] = [Request::Imei, Request::Signal, Request::ErrorForm];

impl Modem {
    /// Starts from the beginning.
    pub(super) fn begin(&mut self, now: Instant) {
        self.exchange = None;
        self.deadlines.round = None;
        self.health.polls.clear();
        self.phase = Phase::Agreeing(Agreeing { asked: 0, escaped_at: now });
        self.escape(now);
    }

    /// Leaves a half-given message, and waits until the modem has said what it had to say.
    pub(super) fn escape(&mut self, now: Instant) {
        let Phase::Agreeing(agreeing) = &mut self.phase else {
            return;
        };
        if agreeing.asked >= self.settings.questions {
            let waited = self.settings.are_you_there * self.settings.questions;
            return self.give_up(Why::Silent { waited });
        }
        agreeing.escaped_at = now;
        self.transmit.push_back(vec![0x1b]);
        self.deadlines.wait(now + self.settings.settle, Reason::Settle);
    }

    /// The modem still talks: the silence is waited for anew, but not for ever.
    pub(super) fn settle_again(&mut self, now: Instant) {
        if let Phase::Agreeing(agreeing) = &self.phase {
            let at_most = agreeing.escaped_at + self.settings.settle_at_most;
            self.deadlines.wait((now + self.settings.settle).min(at_most), Reason::Settle);
        }
    }

    pub(super) fn ask_question(&mut self, now: Instant) {
        let Phase::Agreeing(agreeing) = &mut self.phase else {
            return;
        };
        agreeing.asked += 1;
        let question = QUESTIONS[self.start.questions_asked % QUESTIONS.len()].clone();
        self.start.questions_asked += 1;
        self.give(now, Job::Question(question));
    }

    /// A question was answered by its own answer: from here on answers come in order.
    pub(super) fn agree(&mut self, now: Instant, outcome: Result<Vec<String>, Cause>) {
        match outcome {
            Ok(_) => self.phase = Phase::SettingUp(SetUp { step: Step::EchoOff, busy_times: 0 }),
            Err(_) => self.escape(now),
        }
    }

    /// Gives the command of the step that is due.
    pub(super) fn take_step(&mut self, now: Instant) {
        let Phase::SettingUp(SetUp { step, .. }) = self.phase else {
            return;
        };
        if step == Step::Done {
            return self.become_ready(now);
        }
        match self.step_request(step) {
            Some(request) => self.give(now, Job::Step(step, request)),
            None => self.finish_step(now, step, Err(Cause::Unexplained)),
        }
    }

    pub(super) fn finish_step(
        &mut self,
        now: Instant,
        step: Step,
        outcome: Result<Vec<String>, Cause>,
    ) {
        // The PIN is not entered twice, whatever the first time gave.
        let busy = outcome.as_ref().is_err_and(Cause::is_busy) && step != Step::EnterPin;
        if busy && self.wait_while_busy(now) {
            return;
        }
        match self.learn(step, outcome) {
            Ok(Next::Step(step)) => {
                self.phase = Phase::SettingUp(SetUp { step, busy_times: 0 });
            }
            Ok(Next::Again(trouble)) => {
                if !self.wait_while_busy(now) {
                    self.block(now, trouble);
                }
            }
            Err(trouble) => self.block(now, trouble),
        }
    }

    /// A step was never answered. `false`: that has happened too often to go on.
    pub(super) fn skip_or_stall(&mut self, step: Step) -> bool {
        if step.is_needed() {
            self.start.stalls += 1;
        } else {
            self.start.skipped.push(step);
        }
        self.start.stalls < self.settings.questions
    }

    /// Waits, each time twice as long, and takes the step again. `false`: often enough.
    fn wait_while_busy(&mut self, now: Instant) -> bool {
        let Phase::SettingUp(set_up) = &mut self.phase else {
            return false;
        };
        if set_up.busy_times >= self.settings.busy_times {
            return false;
        }
        let pause = self.settings.busy * 2_u32.saturating_pow(set_up.busy_times);
        set_up.busy_times += 1;
        self.deadlines.wait(now + pause.min(self.settings.busy_at_most), Reason::Busy);
        true
    }

    /// Somebody has to do something. Said once, looked at again and again.
    fn block(&mut self, now: Instant, trouble: Trouble) {
        self.phase = Phase::Blocked;
        self.deadlines.wait(now + self.settings.look_again, Reason::Attention);
        self.refuse_queued();
        if self.start.trouble.as_ref() != Some(&trouble) {
            self.start.trouble = Some(trouble.clone());
            self.events.push_back(Event::NeedsAttention(trouble));
        }
    }

    fn become_ready(&mut self, now: Instant) {
        self.phase = Phase::Ready;
        self.start.trouble = None;
        self.start.stalls = 0;
        if self.start.pin == Pin::Accepted {
            // It is the right one: after a reboot it may be entered again.
            self.start.pin = Pin::NotEntered;
        }
        let sim = (self.start.identity.iccid.clone(), self.start.identity.imsi.clone());
        if self.start.sim.replace(sim.clone()).is_some_and(|before| before != sim) {
            // What was offered lies on another card now.
            self.mail.void();
        }
        self.events.push_back(Event::Ready(self.start.identity.clone()));
        self.deadlines.round = Some(now);
    }

    /// The command of a step, or `None` where there is none (left).
    fn step_request(&mut self, step: Step) -> Option<Request> {
        if self.start.skipped.contains(&step) {
            return None;
        }
        Some(match step {
            Step::EchoOff => Request::EchoOff,
            Step::ErrorNumbers => Request::ErrorNumbers,
            Step::Imei => Request::Imei,
            Step::Maker => Request::Maker,
            Step::Model => Request::Model,
            Step::Revision => Request::Revision,
            Step::PinState => Request::PinState,
            Step::PinTries(way) => self.profile.pin_tries.get(way)?.clone(),
            Step::EnterPin => {
                self.start.pin = Pin::Entered;
                Request::EnterPin(self.settings.pin.clone()?)
            }
            Step::Iccid(way) => self.profile.iccid.get(way)?.clone(),
            Step::Imsi => Request::Imsi,
            Step::OwnNumber => Request::OwnNumber,
            Step::PduMode => Request::PduMode,
            Step::MessageService => Request::MessageService,
            Step::MemoriesOffered => Request::MemoriesOffered,
            Step::UseMemory(way) => Request::UseMemory(self.profile.memories.get(way)?.to_string()),
            Step::Announce(way) => Request::Announce(self.profile.announcements.get(way)?),
            Step::ReadBack(_) => Request::Announcing,
            Step::ServiceCentre => Request::ServiceCentre,
            Step::TellRegistration => Request::TellRegistration,
            Step::Done => return None,
        })
    }

    /// Takes what a step found out, and says what comes next.
    fn learn(&mut self, step: Step, outcome: Result<Vec<String>, Cause>) -> Result<Next, Trouble> {
        self.note_identity(step, outcome.as_deref().unwrap_or_default());
        match step {
            Step::PinState => return self.judge_pin(outcome),
            Step::PinTries(way) => {
                return self.judge_pin_tries(way, &outcome.unwrap_or_default());
            }
            Step::EnterPin => {
                if outcome.is_ok() {
                    self.start.pin = Pin::Accepted;
                }
                return Ok(Next::Step(Step::PinState));
            }
            Step::Iccid(way) => {
                let ways_left = way + 1 < self.profile.iccid.len();
                if self.start.identity.iccid.is_none() && ways_left {
                    return Ok(Next::Step(Step::Iccid(way + 1)));
                }
            }
            Step::PduMode => self.needed(step, outcome)?,
            Step::MemoriesOffered => {
                let line = outcome.unwrap_or_default().pop();
                self.start.memories = line.as_deref().map(fields::memories).unwrap_or_default();
            }
            Step::UseMemory(way) => return self.judge_memory(way, outcome),
            Step::Announce(way) => {
                self.start.announcing = None;
                if outcome.is_err() {
                    return Ok(Next::Step(self.next_announcement(way)));
                }
            }
            Step::ReadBack(way) => {
                return Ok(Next::Step(self.judge_read_back(way, outcome)));
            }
            Step::ServiceCentre => {
                if self.start.identity.service_centre.is_empty() {
                    return Err(Trouble::NoServiceCentre);
                }
            }
            Step::EchoOff
            | Step::ErrorNumbers
            | Step::Imei
            | Step::Maker
            | Step::Model
            | Step::Revision
            | Step::Imsi
            | Step::OwnNumber
            | Step::MessageService
            | Step::TellRegistration
            | Step::Done => {}
        }
        Ok(Next::Step(step.following()))
    }

    /// Keeps what a step says about who the modem is.
    fn note_identity(&mut self, step: Step, answer: &[String]) {
        let said = answer.last().map(String::as_str);
        let identity = &mut self.start.identity;
        match step {
            Step::Imei => {
                // A new start may be with another SIM: nothing is taken over.
                *identity = Identity::default();
                identity.imei = said.and_then(fields::imei).unwrap_or_default();
            }
            Step::Maker => identity.manufacturer = plain("+CGMI:", said),
            Step::Model => identity.model = plain("+CGMM:", said),
            Step::Revision => identity.revision = plain("+CGMR:", said),
            Step::Iccid(_) => identity.iccid = said.and_then(fields::iccid_in_any_form),
            Step::Imsi => identity.imsi = said.map(|line| plain("+CIMI:", Some(line))),
            Step::OwnNumber => identity.own_number = said.and_then(fields::own_number),
            Step::ServiceCentre => {
                identity.service_centre = said.and_then(fields::service_centre).unwrap_or_default();
            }
            Step::EchoOff
            | Step::ErrorNumbers
            | Step::PinState
            | Step::PinTries(_)
            | Step::EnterPin
            | Step::PduMode
            | Step::MessageService
            | Step::MemoriesOffered
            | Step::UseMemory(_)
            | Step::Announce(_)
            | Step::ReadBack(_)
            | Step::TellRegistration
            | Step::Done => {}
        }
    }

    fn judge_memory(
        &mut self,
        way: usize,
        outcome: Result<Vec<String>, Cause>,
    ) -> Result<Next, Trouble> {
        if outcome.is_err() && way + 1 < self.profile.memories.len() {
            return Ok(Next::Step(Step::UseMemory(way + 1)));
        }
        self.needed(Step::UseMemory(way), outcome)?;
        self.mail.use_memories(self.profile.memories[way], &self.start.memories);
        Ok(Next::Step(Step::Announce(0)))
    }

    /// What was accepted counts only if it was kept.
    fn judge_read_back(&mut self, way: usize, outcome: Result<Vec<String>, Cause>) -> Step {
        let agreed = self.profile.announcements[way];
        if outcome.is_ok_and(|answer| answer.iter().any(|line| fields::announces(line, agreed))) {
            self.start.announcing = Some(agreed);
            Step::ServiceCentre
        } else {
            self.next_announcement(way)
        }
    }

    /// Without any way to be told, messages are found by looking more often.
    fn next_announcement(&self, way: usize) -> Step {
        if way + 1 < self.profile.announcements.len() {
            Step::Announce(way + 1)
        } else {
            Step::ServiceCentre
        }
    }

    fn needed(&mut self, step: Step, outcome: Result<Vec<String>, Cause>) -> Result<(), Trouble> {
        outcome.map(|_| ()).map_err(|cause| {
            let command = self.step_request(step).map(|request| request.row().form);
            Trouble::Unsuitable { command: command.unwrap_or_default(), cause }
        })
    }

    fn judge_pin(&self, outcome: Result<Vec<String>, Cause>) -> Result<Next, Trouble> {
        let state = match outcome {
            Ok(answer) => fields::pin_state(answer.last().map_or("", String::as_str)),
            Err(Cause::Equipment(10) | Cause::Message(310)) => return Err(Trouble::SimMissing),
            Err(Cause::Equipment(11) | Cause::Message(311)) => "SIM PIN".to_owned(),
            Err(Cause::Equipment(12) | Cause::Message(316)) => "SIM PUK".to_owned(),
            Err(cause) => return Err(Trouble::SimFault(cause)),
        };
        match state.as_str() {
            // The second PIN guards things that we do not use.
            "READY" | "SIM PIN2" | "SIM PUK2" => Ok(Next::Step(Step::Iccid(0))),
            "SIM PIN" => self.judge_pin_wanted(),
            "SIM PUK" => Err(Trouble::PukNeeded),
            "NOT INSERTED" => Err(Trouble::SimMissing),
            _ => Ok(Next::Again(Trouble::SimFault(Cause::Words(state)))),
        }
    }

    fn judge_pin_wanted(&self) -> Result<Next, Trouble> {
        let pin = self.settings.pin.as_deref().unwrap_or_default();
        let plausible = (4..=8).contains(&pin.len()) && pin.bytes().all(|c| c.is_ascii_digit());
        match self.start.pin {
            Pin::NotEntered if plausible => Ok(Next::Step(Step::PinTries(0))),
            Pin::NotEntered => Err(Trouble::PinMissing),
            // The card takes a moment to notice.
            Pin::Accepted => Ok(Next::Again(Trouble::PinRefused)),
            Pin::Entered => Err(Trouble::PinRefused),
        }
    }

    /// One try must be left after ours. A modem that cannot count them gets one try.
    fn judge_pin_tries(&self, way: usize, answer: &[String]) -> Result<Next, Trouble> {
        let left = answer
            .iter()
            .find_map(|line| fields::pin_tries(line).or_else(|| fields::pin_tries_of_card(line)));
        match left {
            Some(left) if left < 2 => Err(Trouble::PinTriesLow { left }),
            Some(_) => Ok(Next::Step(Step::EnterPin)),
            None if way + 1 < self.profile.pin_tries.len() => {
                Ok(Next::Step(Step::PinTries(way + 1)))
            }
            None => Ok(Next::Step(Step::EnterPin)),
        }
    }
}

/// What follows a step.
enum Next {
    Step(Step),
    /// The same step after a pause, and this trouble if no pause helps.
    Again(Trouble),
}

impl Step {
    /// The step after this one where nothing special was found out.
    fn following(self) -> Step {
        match self {
            Step::EchoOff => Step::ErrorNumbers,
            Step::ErrorNumbers => Step::Imei,
            Step::Imei => Step::Maker,
            Step::Maker => Step::Model,
            Step::Model => Step::Revision,
            Step::Revision | Step::EnterPin => Step::PinState,
            Step::PinState => Step::Iccid(0),
            Step::PinTries(_) => Step::EnterPin,
            Step::Iccid(_) => Step::Imsi,
            Step::Imsi => Step::OwnNumber,
            Step::OwnNumber => Step::PduMode,
            Step::PduMode => Step::MessageService,
            Step::MessageService => Step::MemoriesOffered,
            Step::MemoriesOffered => Step::UseMemory(0),
            Step::UseMemory(_) => Step::Announce(0),
            Step::Announce(way) => Step::ReadBack(way),
            Step::ReadBack(_) => Step::ServiceCentre,
            Step::ServiceCentre => Step::TellRegistration,
            Step::TellRegistration | Step::Done => Step::Done,
        }
    }

    /// Whether the modem cannot be used without an answer to this step.
    fn is_needed(self) -> bool {
        matches!(self, Step::PinState | Step::EnterPin | Step::PduMode | Step::ServiceCentre)
    }
}

impl History {
    /// Whether the modem still tells of new messages as it was told to.
    pub fn announces_as_agreed(&self, line: &str) -> bool {
        self.announcing.is_none_or(|agreed| fields::announces(line, agreed))
    }
}

fn plain(prefix: &str, line: Option<&str>) -> String {
    line.map(|line| fields::after(prefix, line).trim_matches('"').to_owned()).unwrap_or_default()
}
