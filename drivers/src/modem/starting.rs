//! From plugged-in to ready: escape, agree, set up.
//!
//! *Escape*: an earlier program may have left the modem waiting for the rest of a text, where it
//! would swallow every command. *Agree*: answers to that program's commands may still be on
//! their way, so the first questions are such that each is told by its answer, two of a kind do
//! not follow each other, and the last one is asked into silence. *Set up*: who the modem is, by
//! which its profile is chosen, the PIN (once, and never the last try), messages as PDUs, stored and
//! told, with what matters read back (`agreement`).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::deadline::Reason;
use super::event::{Event, Identity, Trouble, Warning};
use super::exchange::{Exchange, Job};
use super::pin::Pin;
use super::profile::{self, PinState, Sound};
use super::steps::Step;
use super::{Modem, Phase};
use crate::at::commands::Request;
use crate::at::errors::Cause;
use crate::at::{fields, offers};

/// Where the agreement is.
#[derive(Debug)]
pub(super) struct Agreeing {
    asked: u32,
    settling_since: Instant,
    heard: Heard,
}

/// What the modem has proved since the last escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// Nothing.
    Nothing,
    /// That it answers; perhaps a question that it kept waiting for long, and others after it.
    AnAnswer,
}

/// Where the set-up is.
#[derive(Debug)]
pub(super) struct SetUp {
    step: Step,
    busy_times: u32,
}

/// What is known from this start, and what must be remembered from earlier ones.
#[derive(Debug, Default)]
pub(super) struct History {
    /// How new messages are told, if the modem agreed to any way.
    pub announcing: Option<&'static str>,
    pub identity: Identity,
    /// It says that it has just started: what it refuses now it may obey in a moment.
    pub is_waking: bool,
    /// ICCID and IMSI of the card with which the modem was ready last.
    sim: Option<(Option<String>, Option<String>)>,
    pub memories: Vec<String>,
    /// No memory can be chosen; what the modem said.
    pub no_memory: Option<Cause>,
    /// Whether it waits for an acknowledgement of each message that it hands over.
    pub acknowledged: bool,
    /// The service centre was set, once in this start.
    centre_was_set: bool,
    /// The PIN in this start.
    pub pin_tried: Option<Pin>,
    /// The PIN at each SIM.
    pub pins: BTreeMap<String, Pin>,
    /// The trouble that was reported last, so that it is not reported every half minute.
    trouble: Option<Trouble>,
    /// The step that was left unanswered just now. If nothing else is answered either, that was
    /// not the step's fault.
    suspect: Option<Step>,
    /// How often it was looked at since somebody had to do something.
    looks: u32,
    /// Steps without which we can do, and which this modem leaves unanswered.
    skipped: Vec<Step>,
    /// Steps that were left unanswered since the modem was ready last.
    stalls: u32,
    questions_asked: usize,
}

/// Questions whose answers cannot be taken for each other's, asked in turn: an answer that comes
/// too late ends nothing.
const QUESTIONS: [Request; 3] = [Request::Imei, Request::Signal, Request::ErrorForm];

/// After a word about the PIN no result is expected any more, where a modem may lack it.
const RESULT_OVERDUE: Duration = Duration::from_millis(300);

impl Modem {
    /// Starts from the beginning.
    pub(super) fn begin(&mut self, now: Instant) {
        self.exchange = None;
        self.interrupt_session();
        self.deadlines.round = None;
        self.health.polls.clear();
        self.phase =
            Phase::Agreeing(Agreeing { asked: 0, settling_since: now, heard: Heard::Nothing });
        self.escape(now);
    }

    /// Leaves a half-given message, and waits until the modem has said what it had to say.
    pub(super) fn escape(&mut self, now: Instant) {
        let Phase::Agreeing(agreeing) = &mut self.phase else {
            return;
        };
        if agreeing.asked >= self.settings.questions {
            return self.fall_silent(now);
        }
        agreeing.settling_since = now;
        agreeing.heard = Heard::Nothing;
        self.transmit.push_back(vec![0x1b]);
        self.deadlines.wait(now + self.settings.settle, Reason::Settle);
    }

    /// The modem still talks: the silence is waited for anew, but not for ever.
    pub(super) fn settle_again(&mut self, now: Instant) {
        if let Phase::Agreeing(agreeing) = &self.phase {
            let at_most = agreeing.settling_since + self.settings.settle_at_most;
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

    /// A question was answered by an answer of its kind. The first one lets out whatever the
    /// modem has kept waiting behind a long command; the second one was asked into silence, and
    /// from its answer on answers come in order.
    pub(super) fn agree(&mut self, now: Instant, outcome: Result<Vec<String>, Cause>) {
        let Phase::Agreeing(agreeing) = &mut self.phase else {
            return;
        };
        match (outcome, agreeing.heard) {
            (Ok(_), Heard::AnAnswer) => {
                self.start.suspect = None;
                self.phase = Phase::SettingUp(SetUp { step: Step::EchoOff, busy_times: 0 });
            }
            (Ok(_), Heard::Nothing) => {
                agreeing.heard = Heard::AnAnswer;
                agreeing.settling_since = now;
                self.deadlines.wait(now + self.settings.settle, Reason::Settle);
            }
            (Err(_), Heard::Nothing | Heard::AnAnswer) => self.escape(now),
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
        let waking = self.start.is_waking && outcome.is_err() && step.may_come_later();
        if (busy || waking) && self.wait_while_busy(now) {
            return;
        }
        match self.learn(step, outcome) {
            Ok(Next::Step(next)) => {
                self.phase = Phase::SettingUp(SetUp { step: next, busy_times: 0 });
                if step == Step::EnterPin && !self.profile.after_pin.is_zero() {
                    self.deadlines.wait(now + self.profile.after_pin, Reason::Busy);
                }
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
        self.start.suspect = Some(step);
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
        self.is_well();
        // A modem that has just started often says for seconds that there is no SIM.
        let pause = Duration::from_secs(1) * 2_u32.saturating_pow(self.start.looks);
        self.start.looks = (self.start.looks + 1).min(16);
        self.deadlines.wait(now + pause.min(self.settings.look_again), Reason::Attention);
        self.refuse_queued();
        if self.start.trouble.as_ref() != Some(&trouble) {
            self.start.trouble = Some(trouble.clone());
            self.events.push_back(Event::NeedsAttention(trouble));
        }
    }

    fn become_ready(&mut self, now: Instant) {
        self.phase = Phase::Ready;
        self.look_for_calls(now);
        self.is_well();
        self.judge_list();
        self.start.trouble = None;
        (self.start.looks, self.start.stalls) = (0, 0);
        self.start.is_waking = false;
        let sim = (self.start.identity.iccid.clone(), self.start.identity.imsi.clone());
        if self.start.sim.replace(sim.clone()).is_some_and(|before| before != sim) {
            // What was offered lies on another card now.
            self.mail.void();
        }
        self.events.push_back(Event::Ready(self.start.identity.clone()));
        if self.start.is_handed_over() && !self.start.acknowledged {
            self.events.push_back(Event::Warning(Warning::KeepsNothing));
        }
        self.tell_early(now);
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
            Step::Own(way) => Request::Own(self.profile.set_up.get(way)?),
            Step::PinTries(way) => self.profile.pin_tries.get(way)?.clone(),
            Step::EnterPin => {
                self.note_pin(Pin::Entered);
                Request::EnterPin(self.sim_settings().pin.clone()?)
            }
            Step::CardFirst(way) | Step::Iccid(way) => self.profile.iccid.get(way)?.clone(),
            Step::Imsi => Request::Imsi,
            Step::OwnNumber => Request::OwnNumber,
            Step::PduMode => Request::PduMode,
            Step::MessageService => Request::MessageService,
            Step::MemoriesOffered => Request::MemoriesOffered,
            Step::UseMemory(way) => {
                let (memory, places) = self.memory_way(way)?;
                Request::UseMemory(memory.to_owned(), places)
            }
            Step::Announce(way) => Request::Announce(self.announcement(way)?),
            Step::ReadBack(_) | Step::AsItIs => Request::Announcing,
            Step::Acknowledged => Request::AcknowledgedService,
            Step::ServiceCentre => Request::ServiceCentre,
            Step::SetServiceCentre => {
                Request::SetServiceCentre(self.sim_settings().service_centre.clone()?)
            }
            Step::Sound => match self.sound() {
                Sound::Port(port) => Request::Own(port.able.as_ref()?),
                Sound::None(_) => return None,
            },
            Step::TellRegistration => Request::TellRegistration,
            Step::Done => return None,
        })
    }

    /// Takes what a step found out, and says what comes next.
    fn learn(&mut self, step: Step, outcome: Result<Vec<String>, Cause>) -> Result<Next, Trouble> {
        self.note_identity(step, outcome.as_deref().unwrap_or_default());
        match step {
            Step::Model => {
                let identity = &mut self.start.identity;
                self.profile = profile::of(&identity.manufacturer, &identity.model);
                identity.profile = self.profile.name;
            }
            Step::Own(way) => {
                let more = way + 1 < self.profile.set_up.len();
                return Ok(Next::Step(if more { Step::Own(way + 1) } else { Step::PinState }));
            }
            Step::CardFirst(way) => return self.judge_card(way),
            Step::PinState => return self.judge_pin(outcome),
            Step::PinTries(way) => {
                return self.judge_pin_tries(way, &outcome.unwrap_or_default());
            }
            Step::EnterPin => {
                if outcome.is_ok() {
                    self.note_pin(Pin::Accepted);
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
                self.start.memories = line
                    .and_then(|line| offers::memories(&line).into_iter().next())
                    .unwrap_or_default();
            }
            Step::UseMemory(way) => return self.judge_memory(way, outcome),
            Step::Announce(way) => {
                self.start.announcing = None;
                if outcome.is_err() {
                    return self.next_announcement(way);
                }
            }
            Step::ReadBack(way) => return self.judge_read_back(way, outcome),
            Step::AsItIs => return self.judge_as_it_is(&outcome.unwrap_or_default()),
            Step::Acknowledged => {
                self.start.acknowledged = outcome.is_ok();
                return Ok(Next::Step(Step::Announce(self.profile.announcements.len())));
            }
            Step::ServiceCentre => return self.judge_service_centre(),
            Step::Sound => self.start.identity.no_sound = self.judge_sound(outcome.is_ok()),
            Step::EchoOff
            | Step::ErrorNumbers
            | Step::Imei
            | Step::Maker
            | Step::Revision
            | Step::Imsi
            | Step::OwnNumber
            | Step::MessageService
            | Step::SetServiceCentre
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
                self.start.pin_tried = None;
                self.start.no_memory = None;
                self.start.acknowledged = false;
                self.start.centre_was_set = false;
            }
            Step::Maker => identity.manufacturer = plain("+CGMI:", said),
            Step::Model => identity.model = plain("+CGMM:", said),
            Step::Revision => identity.revision = plain("+CGMR:", said),
            Step::CardFirst(_) | Step::Iccid(_) => {
                let printed = said.and_then(fields::iccid_in_any_form);
                identity.iccid = printed.or(identity.iccid.take());
            }
            Step::Imsi => identity.imsi = said.map(|line| plain("+CIMI:", Some(line))),
            Step::OwnNumber => identity.own_number = said.and_then(fields::own_number),
            Step::ServiceCentre => {
                identity.service_centre = said.and_then(fields::service_centre).unwrap_or_default();
            }
            Step::EchoOff
            | Step::ErrorNumbers
            | Step::Own(_)
            | Step::PinState
            | Step::PinTries(_)
            | Step::EnterPin
            | Step::PduMode
            | Step::MessageService
            | Step::MemoriesOffered
            | Step::UseMemory(_)
            | Step::Announce(_)
            | Step::ReadBack(_)
            | Step::AsItIs
            | Step::Acknowledged
            | Step::SetServiceCentre
            | Step::Sound
            | Step::TellRegistration
            | Step::Done => {}
        }
    }

    /// Why its calls have no sound, if they have none.
    fn judge_sound(&self, said_yes: bool) -> Option<&'static str> {
        match self.sound() {
            Sound::None(why) => Some(why),
            Sound::Port(port) if port.able.is_some() && !said_yes => {
                Some("its maker or operator has locked it against calls: use it for texts only")
            }
            Sound::Port(_) => None,
        }
    }

    /// A SIM without its service centre gets the office's, once; what the modem says then counts.
    fn judge_service_centre(&mut self) -> Result<Next, Trouble> {
        if !self.start.identity.service_centre.is_empty() {
            return Ok(Next::Step(Step::Sound));
        }
        let may_be_set = self.sim_settings().service_centre.is_some() && !self.start.centre_was_set;
        self.start.centre_was_set = true;
        if may_be_set {
            Ok(Next::Step(Step::SetServiceCentre))
        } else {
            Err(Trouble::NoServiceCentre)
        }
    }

    /// A word about the PIN came; some modems never say a result after it.
    pub(super) fn expect_no_result(&mut self, now: Instant) {
        let job = self.exchange.as_ref().map(|Exchange { job, .. }| job);
        if let (Some(Job::Step(Step::PinState, _)), PinState::MayLackResult) =
            (job, self.profile.pin_state)
        {
            self.deadlines.wait(now + RESULT_OVERDUE, Reason::Answer);
        }
    }

    pub(super) fn needed(
        &mut self,
        step: Step,
        outcome: Result<Vec<String>, Cause>,
    ) -> Result<(), Trouble> {
        outcome.map(|_| ()).map_err(|cause| {
            let command = self.step_request(step).map(|request| request.row().form);
            Trouble::Unsuitable { command: command.unwrap_or_default(), cause }
        })
    }
}

/// What follows a step.
pub(super) enum Next {
    Step(Step),
    /// The same step after a pause, and this trouble if no pause helps.
    Again(Trouble),
}

impl History {
    /// The modem answers nothing at all: no step is to blame.
    pub fn forgive(&mut self) {
        if let Some(step) = self.suspect.take() {
            self.skipped.retain(|skipped| *skipped != step);
            self.stalls = self.stalls.saturating_sub(u32::from(step.is_needed()));
        }
    }

    /// Whether it was ready at any time.
    pub fn has_been_ready(&self) -> bool {
        self.sim.is_some()
    }
}

fn plain(prefix: &str, line: Option<&str>) -> String {
    line.map(|line| fields::after(prefix, line).trim_matches('"').to_owned()).unwrap_or_default()
}
