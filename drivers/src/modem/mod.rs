//! The state machine of one modem: bytes, times and commands in; bytes and events out.
//!
//! It does no I/O and asks for no time. After every `handle_…`, drain each `poll_…`, then wait
//! for the next timeout, bytes or command. It is cut by phase: `starting` goes from plugged-in
//! to ready (by `steps`, with `pin`), `messaging` receives (`direct` what no memory keeps), `sending`
//! sends (`burst` many at a time), `calling` calls and is called, `ussd` asks the network's services,
//! `health` looks whether it is well; `exchange` is the one command in flight that they share. Turned
//! by `link` over a real
//! port, by the world over the simulated country.

mod agreement;
mod burst;
mod calling;
mod command;
mod deadline;
mod direct;
mod event;
mod exchange;
mod health;
mod messaging;
mod pin;
pub mod profile;
mod sending;
mod settings;
mod starting;
mod steps;
mod ussd;

use std::collections::VecDeque;
use std::time::Instant;

pub use calling::{CallEvent, Ended};
pub use command::{AttemptId, CallId, Command, Place, Slot};
pub use event::{Event, Identity, Registration, Signal, Status, Storage, Trouble, Warning, Why};
pub use settings::{Settings, SimSettings};
pub use ussd::{NoAnswer, Ussd, UssdNews};

pub use crate::at::errors::{Cause, RetryClass};
pub use crate::at::releases::{CallEnd, Release};
pub use crate::at::ussd::Written;

use crate::at::calls;
use crate::at::line::{Line, Unsolicited};
use crate::at::lines::{Lines, Token};
use burst::Burst;
use calling::Calling;
use deadline::{Deadlines, Reason};
use direct::Direct;
use exchange::{Exchange, Job};
use health::Health;
use messaging::Mail;
use profile::Profile;
use starting::{Agreeing, History, SetUp};
use steps::Step;
use ussd::Services;

/// One modem.
#[derive(Debug)]
pub struct Modem {
    settings: Settings,
    profile: &'static Profile,
    lines: Lines,
    phase: Phase,
    exchange: Option<Exchange>,
    deadlines: Deadlines,
    transmit: VecDeque<Vec<u8>>,
    events: VecDeque<Event>,
    start: History,
    mail: Mail,
    calling: Calling,
    direct: Direct,
    burst: Burst,
    health: Health,
    services: Services,
}

/// Where in its life a modem is.
#[derive(Debug)]
enum Phase {
    /// Escaped; a question is asked to see that both sides mean the same command.
    Agreeing(Agreeing),
    /// Asked who it is and told how to behave.
    SettingUp(SetUp),
    /// Somebody has to do something; looked at again now and then.
    Blocked,
    /// Sends and receives.
    Ready,
    /// Does not answer, or has no port.
    Gone,
}

impl Modem {
    /// A modem whose port was opened at `now`. It begins by itself: drain `poll_transmit`.
    pub fn new(settings: Settings, now: Instant) -> Modem {
        let mut modem = Modem {
            settings,
            profile: &profile::GENERIC,
            lines: Lines::default(),
            phase: Phase::Gone,
            exchange: None,
            deadlines: Deadlines::default(),
            transmit: VecDeque::new(),
            events: VecDeque::new(),
            start: History::default(),
            mail: Mail::default(),
            calling: Calling::default(),
            direct: Direct::default(),
            burst: Burst::default(),
            health: Health::default(),
            services: Services::default(),
        };
        modem.begin(now);
        modem
    }

    /// Takes something to do.
    pub fn handle_command(&mut self, now: Instant, command: Command) {
        match command {
            Command::Send { attempt, tpdu_len, pdu } => self.queue_sending(attempt, tpdu_len, &pdu),
            Command::Forget { slot: Slot::Stored(place) } => self.mail.forget(place),
            Command::Forget { slot: Slot::Direct(number) } => self.direct.is_safe(number),
            Command::Dial { attempt, number } => self.dial(attempt, number),
            Command::PickUp { call } => self.pick_up(call),
            Command::HangUp { call } => self.hang_up(call),
            Command::Ussd(ask) => self.ask_network(ask),
            Command::Restart => self.begin_anew(now, &Why::Restarted),
        }
        self.go_on(now);
    }

    /// Takes what came from the port.
    pub fn handle_bytes(&mut self, now: Instant, bytes: &[u8]) {
        if self.is_gone() {
            return;
        }
        self.lines.push(bytes);
        if self.deadlines.reason() == Some(Reason::Settle) {
            self.settle_again(now);
        }
        while let Some(token) = self.lines.next_token() {
            self.handle_token(now, token);
            self.go_on(now);
        }
    }

    /// Lets what is due at `now` happen.
    pub fn handle_timeout(&mut self, now: Instant) {
        match self.deadlines.expire(now) {
            Some(Reason::Settle) => self.ask_question(now),
            Some(reason @ (Reason::Answer | Reason::Prompt | Reason::Network)) => {
                self.handle_silence(now, reason);
            }
            Some(Reason::Busy) => self.take_step(now),
            Some(Reason::Typing) => self.type_text(now),
            Some(Reason::Attention) => self.begin(now),
            // A round may be due: going on begins it.
            None => {}
        }
        self.go_on(now);
    }

    /// The port is gone: nothing can be written any more. `Restart` brings the modem back to
    /// life over a new port.
    pub fn handle_port_gone(&mut self, _now: Instant) {
        if !self.is_gone() {
            self.give_up(Why::PortGone);
        }
    }

    /// When [`Modem::handle_timeout`] is due if nothing else happens.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.deadlines.next(self.call_deadline())
    }

    /// The next bytes for the port.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.transmit.pop_front()
    }

    /// The next thing to report.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Whether a message handed over now would go out next.
    pub fn is_idle_for_sending(&self) -> bool {
        matches!(self.phase, Phase::Ready) && !self.is_sending() && !self.has_call()
    }

    /// Whether it needs a new port, and `Restart`.
    pub fn is_gone(&self) -> bool {
        matches!(self.phase, Phase::Gone)
    }

    fn handle_token(&mut self, now: Instant, token: Token) {
        match token {
            Token::Line(text) => self.handle_line(now, &text),
            Token::WithPdu { header, digits } => self.handle_pdu(&header, &digits),
            Token::Prompt => self.type_text(now),
            Token::TooLong => {}
        }
    }

    fn handle_line(&mut self, now: Instant, text: &str) {
        let words = [&profile::GENERIC.spontaneous, &self.profile.spontaneous];
        match exchange::classify(text, self.exchange.as_ref(), &words) {
            Line::Final(outcome) => {
                if let (Err(_), Some(hint)) = (&outcome, calls::hint(text)) {
                    self.note_call(now, hint);
                }
                self.handle_final(now, outcome);
            }
            Line::Information(text) => {
                if let Some(exchange) = &mut self.exchange {
                    exchange.keep(text);
                }
                self.expect_no_result(now);
            }
            Line::Echo => {}
            Line::Unsolicited(unsolicited) => self.handle_unsolicited(now, unsolicited),
        }
    }

    fn handle_unsolicited(&mut self, now: Instant, unsolicited: Unsolicited) {
        match unsolicited {
            Unsolicited::Stored { memory, index } => self.note_stored(memory, index),
            Unsolicited::LateReference(reference) => self.settle_late(reference),
            Unsolicited::Registration(state) => self.note_registration(state),
            Unsolicited::StorageFull => self.note_storage_full(),
            Unsolicited::Booted => {
                self.start.is_waking = true;
                self.begin_anew(now, &Why::Rebooted);
            }
            Unsolicited::BadPower(words) => {
                self.events.push_back(Event::Warning(Warning::BadPower(words)));
            }
            // During the set-up the question about the PIN tells.
            Unsolicited::SimGone if matches!(self.phase, Phase::Ready) => {
                self.begin_anew(now, &Why::Rebooted);
            }
            Unsolicited::SimGone => {}
            Unsolicited::Woken => {
                self.start.is_waking = false;
                self.note_woken(now);
            }
            Unsolicited::Network(told) => self.note_network_text(now, told),
            Unsolicited::Chatter(text) => {
                if let Some(hint) = calls::hint(&text) {
                    self.note_call(now, hint);
                }
            }
        }
    }

    /// A command ended: its result goes to the phase that gave it.
    fn handle_final(&mut self, now: Instant, outcome: Result<(), Cause>) {
        let Some(Exchange { job, answer, .. }) =
            self.exchange.take_if(|exchange| exchange.may_be_ended_by(&outcome))
        else {
            return;
        };
        self.deadlines.wait_no_more();
        self.lines.expect_no_prompt();
        let outcome = outcome.map(|()| answer);
        match job {
            Job::Question(_) => self.agree(now, outcome),
            Job::Step(step, _) => self.finish_step(now, step, outcome),
            Job::Poll(poll) => self.finish_poll(now, poll, outcome),
            Job::Select(memory) => self.finish_select(memory, outcome),
            Job::List(memory) => self.finish_listing(&memory, &outcome),
            Job::Read(place) => self.mail.read_no_more(&place),
            Job::Forget(place) => self.finish_forgetting(place, outcome),
            Job::Acknowledge(number, _) => {
                self.finish_acknowledging(number, outcome.map(|_| ()));
            }
            Job::KeepLink => self.finish_keeping_link(outcome.map(|_| ())),
            Job::LinkKept => self.finish_link_kept(outcome),
            Job::Send(outgoing) => {
                if outgoing.handed_over {
                    self.burst.note_result(now);
                }
                self.finish_sending(outgoing, outcome);
            }
            Job::Dial(_) => self.finish_dialling(now, outcome),
            Job::PickUp => self.finish_pick_up(now, &outcome),
            Job::HangUp => self.finish_hang_up(now),
            Job::RefuseWaiting => self.look_at_calls(now),
            Job::Calls => self.finish_calls(now, outcome),
            Job::Ussd(part) => self.finish_part(now, &part, outcome),
        }
    }

    /// The modem did not answer: what was in flight is settled, then it is asked whether it is
    /// there at all.
    fn handle_silence(&mut self, now: Instant, reason: Reason) {
        let Some(Exchange { job, answer, patience, .. }) = self.exchange.take() else {
            return;
        };
        self.lines.expect_no_prompt();
        let waited = if reason == Reason::Network { self.send_patience() } else { patience };
        let why = Why::Silent { waited };
        match job {
            Job::Question(_) => return self.escape(now),
            // What was to be known is known; the result is not missed.
            Job::Step(step @ Step::PinState, _) if !answer.is_empty() => {
                return self.finish_step(now, step, Ok(answer));
            }
            Job::Step(step, _) => {
                if !self.skip_or_stall(step) {
                    return self.give_up(why);
                }
            }
            // A deletion stays on the list until it is done.
            // What the network's services were asked is settled by beginning.
            Job::Poll(_) | Job::Select(_) | Job::Forget(_) | Job::Ussd(_) => {}
            Job::List(memory) => self.mail.list_no_more(&memory),
            Job::Read(place) => self.mail.read_no_more(&place),
            Job::Acknowledge(number, _) => self.direct.settle(number),
            Job::KeepLink | Job::LinkKept => self.keep_no_link(),
            Job::Send(outgoing) => self.settle_sending(outgoing, &answer, &why),
            // Nobody knows what became of the call: what is left of it ends after the set-up.
            Job::Dial(_) | Job::PickUp | Job::HangUp | Job::RefuseWaiting => self.lose_calls(&why),
            Job::Calls => self.list_calls_no_more(&why),
        }
        self.begin(now);
    }

    /// Everything that was agreed is void: a reboot, a lost SIM, or we were told so.
    fn begin_anew(&mut self, now: Instant, why: &Why) {
        self.abandon(why);
        self.void();
        self.begin(now);
    }

    fn give_up(&mut self, why: Why) {
        self.abandon(&why);
        self.void();
        self.interrupt_session();
        self.phase = Phase::Gone;
        self.deadlines = Deadlines::default();
        self.transmit.clear();
        self.lines = Lines::default();
        self.events.push_back(Event::Lost(why));
    }

    fn void(&mut self) {
        self.mail.void();
        self.direct.void();
        self.burst.void();
    }

    /// Drops the command in flight and all that wait to be sent, and says what became of them.
    fn abandon(&mut self, why: &Why) {
        if let Some(Exchange { job: Job::Send(outgoing), answer, .. }) = self.exchange.take() {
            self.settle_sending(outgoing, &answer, why);
        }
        self.refuse_queued();
        self.lose_calls(why);
    }

    /// Gives the next command, if none is in flight and nothing is waited for.
    fn go_on(&mut self, now: Instant) {
        while self.exchange.is_none() && self.deadlines.reason().is_none() {
            let job = match &self.phase {
                Phase::Ready => self.next_job(now).or_else(|| self.next_part(now)),
                Phase::SettingUp(_) => {
                    self.take_step(now);
                    continue;
                }
                Phase::Agreeing(_) | Phase::Blocked | Phase::Gone => None,
            };
            let Some(job) = job else {
                return;
            };
            self.give(now, job);
        }
    }

    /// Gives a command. The one place where a command line is written.
    fn give(&mut self, now: Instant, job: Job) {
        let exchange = Exchange::new(job);
        let reason = if exchange.awaits_prompt() {
            self.lines.expect_prompt();
            Reason::Prompt
        } else {
            Reason::Answer
        };
        let patience = match self.phase {
            Phase::Agreeing(_) => self.settings.are_you_there,
            Phase::SettingUp(_) | Phase::Blocked | Phase::Ready | Phase::Gone => exchange.patience,
        };
        self.transmit.push_back(format!("{}\r", exchange.form).into_bytes());
        self.deadlines.wait(now + patience, reason);
        self.exchange = Some(exchange);
    }
}
