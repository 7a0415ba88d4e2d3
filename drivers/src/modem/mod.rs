//! The state machine of one modem: bytes, times and commands in; bytes and events out.
//!
//! It does no I/O and asks for no time. After every `handle_…`, drain each `poll_…`, then wait
//! for the next timeout, bytes or command. It is cut by phase: `starting` goes from plugged-in
//! to ready (by `steps`, with `pin`), `messaging` receives (`direct` what no memory keeps), `sending`
//! sends (`burst` many at a time), `calling` calls and is called, `sounding` lets it be heard, `ussd`
//! asks the network's services,
//! `health` looks whether it is well, `silence` gets it back when it does not answer (by the ladder
//! in `recovery`); `exchange` is the one command in flight that they share, `doubt` asks what became
//! of it. Turned by `link` over a real port, by the world over the simulated country.

mod agreement;
mod burst;
mod calling;
mod command;
mod deadline;
mod direct;
mod doubt;
mod event;
mod exchange;
mod health;
mod messaging;
mod pin;
pub mod profile;
mod recovery;
mod sending;
mod settings;
mod silence;
mod sounding;
mod starting;
mod steps;
mod ussd;
mod whole;

use std::collections::VecDeque;
use std::time::Instant;

pub use calling::{CallEvent, Ended};
pub use command::{AttemptId, CallId, Command, Place, Slot};
pub use event::{Event, Identity, Registration, Signal, Status, Storage, Trouble, Warning, Why};
pub use recovery::{Rule, Rules};
pub use settings::{Settings, SimSettings, Standing};
pub use silence::Remedy;
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
use recovery::{Ladder, PerHour};
use silence::{Hearing, is_final};
use sounding::Sounding;
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
    sounding: Sounding,
    direct: Direct,
    burst: Burst,
    health: Health,
    services: Services,
    hearing: Hearing,
    ladder: Ladder,
    remedy: Remedy,
    /// Commands that were given and never heard.
    lost_commands: PerHour,
    /// A list took its time, or may have been broken off.
    slow_lists: bool,
    /// A memory whose list was left unanswered; if the modem answers otherwise, it cannot list.
    suspect_list: Option<String>,
    /// The step of the set-up that was lost last.
    lost_step: Option<Step>,
    /// Final results that are still to come and that nobody waits for.
    strays: u32,
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
    /// Does not answer; asked every second, and more is tried.
    Silent,
    /// Has no port.
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
            sounding: Sounding::default(),
            direct: Direct::default(),
            burst: Burst::default(),
            health: Health::default(),
            services: Services::default(),
            hearing: Hearing::default(),
            ladder: Ladder::default(),
            remedy: Remedy::Reopen,
            lost_commands: PerHour::default(),
            slow_lists: false,
            suspect_list: None,
            lost_step: None,
            strays: 0,
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
            Command::LeaveAlone => self.leave(),
            Command::Restart => {
                self.hearing.proves_nothing();
                self.begin_anew(now, &Why::Restarted);
            }
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
            Some(Reason::Knock) => self.climb(now),
            Some(Reason::Doubt) => self.doubt(now),
            Some(Reason::Recount | Reason::Strays) => self.agree_anew(now),
            None if self.is_gone() => self.miss(now),
            // A round may be due: going on begins it.
            None => {}
        }
        self.go_on(now);
    }

    /// The port is gone: nothing can be written any more. `Restart` brings the modem back to
    /// life over a new port.
    pub fn handle_port_gone(&mut self, now: Instant) {
        if !self.is_gone() {
            self.abandon(&Why::PortGone);
            self.ladder.begin(now, now);
            self.tell_lost(Why::PortGone);
            self.close(Remedy::Reopen);
        }
    }

    /// When [`Modem::handle_timeout`] is due if nothing else happens.
    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.phase {
            Phase::Gone => self.missed_from(),
            // No round is begun during a call: one that is due waits for its end.
            _ if self.has_call() => self.deadlines.next_in_call(self.call_deadline()),
            _ => self.deadlines.next(self.call_deadline()),
        }
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

    /// Whether it needs a new port, and `Restart`; [`Modem::remedy`] says what to do before.
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
        if is_final(text) {
            self.hearing.answered(now);
            self.note_stray(now);
            self.is_back(now);
        }
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
            Unsolicited::Woken => self.note_woken(now),
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
        if self.is_recounted(now, &outcome) {
            return;
        }
        let Some(Exchange { job, answer, doubt, .. }) =
            self.exchange.take_if(|exchange| exchange.may_be_ended_by(&outcome))
        else {
            self.give_more_time(now);
            return;
        };
        self.deadlines.wait_no_more();
        self.await_strays(now, &doubt);
        self.lines.expect_no_prompt();
        let outcome = outcome.map(|()| answer);
        match job {
            Job::Question(_) => self.agree(now, outcome),
            Job::Step(step, _) => self.finish_step(now, step, outcome),
            Job::Poll(poll) => self.finish_poll(now, poll, outcome),
            Job::Select(memory) => self.finish_select(memory, outcome),
            Job::List(memory) => self.finish_listing(&memory, &outcome),
            Job::Read(place) => self.mail.finish_reading(&place),
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
            Job::Sound(part) => self.finish_sound(now, part, outcome),
            Job::Ussd(part) => self.finish_part(now, &part, outcome),
        }
    }

    /// The modem did not answer: what was in flight is settled, then it is asked whether it is
    /// there at all.
    fn handle_silence(&mut self, now: Instant, reason: Reason) {
        let Some(Exchange { job, answer, given, .. }) = self.exchange.take() else {
            return;
        };
        self.lines.expect_no_prompt();
        let why = Why::Silent { waited: now.saturating_duration_since(given) };
        // What was to be known is known; the result is not missed.
        if let Job::Step(step @ Step::PinState, _) = job
            && !answer.is_empty()
        {
            return self.finish_step(now, step, Ok(answer));
        }
        self.hearing.proves_nothing();
        match job {
            Job::Question(_) => return self.fall_silent(now),
            Job::Step(step, _) => {
                if !self.skip_or_stall(step) {
                    return self.fall_silent(now);
                }
            }
            // A deletion stays on the list until it is done.
            // What the network's services were asked is settled by beginning.
            Job::Poll(_) | Job::Select(_) | Job::Forget(_) | Job::Ussd(_) => {}
            Job::List(memory) => self.suspect_list = Some(memory),
            Job::Read(place) => self.mail.read_no_more(&place),
            Job::Acknowledge(number, _) => self.direct.settle(number),
            Job::KeepLink | Job::LinkKept => self.keep_no_link(),
            Job::Send(outgoing) => {
                self.hearing.slow_prompt = reason == Reason::Prompt;
                self.settle_sending(outgoing, &answer, &why);
            }
            // Nobody knows what became of the call: what is left of it ends after the set-up.
            Job::Dial(_) | Job::PickUp | Job::HangUp | Job::RefuseWaiting | Job::Sound(_) => {
                self.lose_calls(&why);
            }
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

    /// Nobody needs this port now, be it open or not.
    fn leave(&mut self) {
        self.abandon(&Why::Restarted);
        self.ladder.end();
        self.close(Remedy::Leave);
    }

    fn void(&mut self) {
        self.mail.void();
        self.direct.void();
        self.burst.void();
        self.sound_is_void();
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
                Phase::Agreeing(_) | Phase::Blocked | Phase::Silent | Phase::Gone => None,
            };
            let Some(job) = job else {
                return;
            };
            self.give(now, job);
        }
    }

    /// Gives a command. The one place where a command line is written that is waited for.
    fn give(&mut self, now: Instant, job: Job) {
        let doubted = self.doubted_after(now, &job);
        let exchange = Exchange::new(now, job);
        let (patience, reason) = if exchange.awaits_prompt() {
            self.lines.expect_prompt();
            let slow = self.hearing.slow_prompt;
            (if slow { exchange.patience } else { self.settings.prompt }, Reason::Prompt)
        } else {
            match (&self.phase, doubted) {
                (Phase::Agreeing(_), _) if self.hearing.is_proven() => {
                    (self.settings.are_you_there, Reason::Answer)
                }
                (Phase::Agreeing(_), _) => (self.settings.knock, Reason::Answer),
                (_, Some(soon)) if soon < exchange.patience => (soon, Reason::Doubt),
                (_, _) => (exchange.patience, Reason::Answer),
            }
        };
        self.transmit.push_back(format!("{}\r", exchange.form).into_bytes());
        self.hearing.written(now);
        self.deadlines.wait(now + patience, reason);
        self.exchange = Some(exchange);
    }
}
