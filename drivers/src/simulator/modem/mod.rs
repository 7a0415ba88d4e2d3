//! A modem as the computer meets it: bytes in, bytes out.
//!
//! Here is the serial line alone: echo, command lines, the prompt and its text, result codes and
//! the lines that come by themselves, which never get in between a command line that is being
//! typed or a text that is being given. What the commands do is in `firmware`.

mod calls;
mod card;
mod failure;
mod firmware;
pub(super) mod general;
mod habits;
mod lies;
mod line;
mod memory;
mod messages;
mod outgoing;
pub(super) mod personality;
mod services;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::pdu::Encoded;

use super::agenda::Moment;
use super::fault::Fault;
use super::network::{Incoming, SubmissionNo, Taken, Verdict};
use super::plan::{ModemPlan, Pace};
use failure::{Failure, NO_SERVICE};
use firmware::{Firmware, OnAir, Outcome, Writing};
pub(super) use outgoing::Order;

const CARRIAGE_RETURN: u8 = 0x0D;
const BACKSPACE: u8 = 0x08;
const CTRL_Z: u8 = 0x1A;
const ESCAPE: u8 = 0x1B;
/// Characters that a command line has at most; a longer one is an error.
const LONGEST_LINE: usize = 512;
/// Characters that a text has at most: the longest PDU in hexadecimal digits, and some.
const LONGEST_TEXT: usize = 512;

/// One modem on its serial line.
#[derive(Debug)]
pub(super) struct Modem {
    firmware: Firmware,
    doing: Doing,
    unread: VecDeque<u8>,
    line: Vec<u8>,
    last_line: Vec<u8>,
    output: Vec<u8>,
    submissions: VecDeque<Submission>,
    next_submission: u64,
    /// Goes wrong at the next message.
    at_next_message: Option<Fault>,
    slow: Option<(Duration, Instant)>,
}

/// A message on its way from a modem to the network.
#[derive(Debug)]
pub(super) struct Submission {
    pub(super) no: SubmissionNo,
    /// The modem's number for the message.
    pub(super) reference: u8,
    pub(super) pdu: Encoded,
    /// Whether the modem will say what the network answers.
    pub(super) answer: Answer,
}

/// What the network tells a modem about the call that it dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallNews {
    RingsThere,
    Connected,
    /// The other side pressed a key.
    Key(char),
    /// It is over, with this cause (TS 24.008 §10.5.4.11).
    Released(u8),
}

/// Whether an answer of the network is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Said,
    Lost,
}

#[derive(Debug)]
enum Doing {
    /// No power.
    Nothing,
    /// Deaf and dumb until it has started.
    Starting(Instant),
    /// Deaf and dumb until it comes round.
    Hanging(Instant),
    /// Reads a command line.
    Listening,
    /// Has read one and answers at this moment.
    Working(Instant, Ending),
    /// Has read a command that wants a text, and will ask for it.
    Pausing(Instant, Writing),
    /// Has said `>` and reads the text.
    Prompting(Writing, Vec<u8>),
    /// Waits for the network's answer; this is how its own will begin.
    Sending(SubmissionNo, u8, &'static str),
}

/// What is said at the end of a command line, and done after.
#[derive(Debug)]
struct Ending {
    says: Vec<u8>,
    then: Then,
}

#[derive(Debug)]
enum Then {
    Listen,
    Prompt(Writing),
    Send(Encoded, &'static str),
    Restart,
}

impl Modem {
    /// A modem that was plugged in a while ago.
    pub(super) fn new(plan: ModemPlan, pace: Pace, now: Instant) -> Modem {
        Modem {
            firmware: Firmware::new(plan, pace, now),
            doing: Doing::Listening,
            unread: VecDeque::new(),
            line: Vec::new(),
            last_line: Vec::new(),
            output: Vec::new(),
            submissions: VecDeque::new(),
            next_submission: 0,
            at_next_message: None,
            slow: None,
        }
    }

    pub(super) fn handle_bytes(&mut self, moment: Moment, bytes: &[u8]) {
        match self.doing {
            Doing::Nothing | Doing::Starting(_) | Doing::Hanging(_) => {}
            Doing::Listening
            | Doing::Working(..)
            | Doing::Pausing(..)
            | Doing::Prompting(..)
            | Doing::Sending(..) => {
                self.unread.extend(bytes);
                self.read(moment);
            }
        }
    }

    pub(super) fn handle_timeout(&mut self, moment: Moment) {
        match self.doing {
            Doing::Starting(until) if until <= moment.at => {
                self.firmware.start(until);
                self.doing = Doing::Listening;
            }
            Doing::Hanging(until) if until <= moment.at => self.doing = Doing::Listening,
            Doing::Working(until, _) if until <= moment.at => self.finish(moment),
            Doing::Pausing(until, writing) if until <= moment.at => self.prompt(writing),
            Doing::Starting(_) | Doing::Hanging(_) | Doing::Working(..) | Doing::Pausing(..) => {}
            Doing::Nothing | Doing::Listening | Doing::Prompting(..) | Doing::Sending(..) => {}
        }
        if self.is_awake() {
            self.firmware.handle_timeout(moment.at);
        }
        self.read(moment);
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let own = match self.doing {
            Doing::Starting(until)
            | Doing::Hanging(until)
            | Doing::Working(until, _)
            | Doing::Pausing(until, _) => Some(until),
            Doing::Nothing | Doing::Listening | Doing::Prompting(..) | Doing::Sending(..) => None,
        };
        let firmware = self.firmware.poll_timeout().filter(|_| self.is_awake());
        own.into_iter().chain(firmware).min()
    }

    pub(super) fn poll_output(&mut self) -> Option<Vec<u8>> {
        (!self.output.is_empty()).then(|| std::mem::take(&mut self.output))
    }

    pub(super) fn poll_submission(&mut self) -> Option<Submission> {
        self.submissions.pop_front()
    }

    /// The network's answer to a submission. One that came from before a restart is nobody's.
    pub(super) fn handle_verdict(&mut self, moment: Moment, no: SubmissionNo, verdict: Verdict) {
        let Doing::Sending(waiting, reference, head) = self.doing else { return };
        if waiting != no {
            return;
        }
        self.doing = Doing::Listening;
        match verdict {
            Verdict::Accepted => {
                self.say_information(&format!("{head}: {reference}"));
                self.say_ok();
            }
            Verdict::Refused(cause) => self.say_failure(Failure::Message(cause)),
            Verdict::Lost => {}
        }
        self.read(moment);
    }

    /// Takes a message or report from the network, if it can.
    pub(super) fn take(&mut self, moment: Moment, incoming: Incoming) -> Taken {
        if !self.is_awake() {
            return Taken::Away;
        }
        let taken = self.firmware.take(moment.at, incoming);
        self.read(moment);
        taken
    }

    /// Whether a message from the network would find its place.
    pub(super) fn can_take(&mut self, now: Instant) -> bool {
        self.is_awake() && self.firmware.can_take(now)
    }

    pub(super) fn unplug(&mut self) {
        self.forget_all();
        self.doing = Doing::Nothing;
    }

    pub(super) fn plug(&mut self, now: Instant) {
        if let Doing::Nothing = self.doing {
            self.doing = Doing::Starting(now + self.firmware.boot());
        }
    }

    pub(super) fn reboot(&mut self, now: Instant) {
        if let Doing::Nothing = self.doing {
            return;
        }
        self.forget_all();
        self.doing = Doing::Starting(now + self.firmware.boot());
    }

    pub(super) fn hang(&mut self, now: Instant, lasting: Duration) {
        if self.is_awake() {
            self.forget_all();
            self.doing = Doing::Hanging(now + lasting);
        }
    }

    /// Somebody rings for so long.
    pub(super) fn ring(&mut self, moment: Moment, number: Option<&str>, lasting: Duration) {
        if self.is_awake() {
            self.firmware.ring(moment.at, number, lasting);
            self.read(moment);
        }
    }

    /// What the modem wants of the network about calls.
    pub(super) fn poll_order(&mut self) -> Option<Order> {
        self.firmware.calls.orders.pop_front()
    }

    /// What the network says about the call that was dialled here.
    pub(super) fn handle_call(&mut self, moment: Moment, news: CallNews) {
        if !self.is_awake() {
            return;
        }
        match news {
            CallNews::RingsThere => self.firmware.rings_there(),
            CallNews::Connected => self.firmware.connected(moment.at),
            CallNews::Key(key) => self.firmware.key_heard(key),
            CallNews::Released(cause) => self.firmware.released(moment.at, cause),
        }
        self.read(moment);
    }

    /// Whether sound goes through its port for sound now.
    pub(super) fn has_sound(&self) -> bool {
        self.is_awake() && self.firmware.has_sound()
    }

    /// What goes wrong inside the modem.
    pub(super) fn suffer(&mut self, moment: Moment, fault: Fault) {
        match fault {
            Fault::HangInSend { .. } | Fault::ResultLost => self.at_next_message = Some(fault),
            Fault::SlowPrompts { by, lasting } => self.slow = Some((by, moment.at + lasting)),
            Fault::StorageLies { lasting } => self.firmware.lie_until(moment.at + lasting),
            Fault::VerboseErrors { lasting } => self.firmware.say_words_until(moment.at + lasting),
            Fault::Flood { lines } if self.is_awake() => {
                (0..lines).for_each(|nth| self.firmware.babble(format!("^RSSI:{}", nth % 32)));
                self.read(moment);
            }
            Fault::Flood { .. } => {}
            // These happen to the whole modem, or to its line.
            Fault::BytesLost { .. }
            | Fault::Garbage { .. }
            | Fault::Hang { .. }
            | Fault::Reboot
            | Fault::PortGone { .. } => {}
        }
    }

    pub(super) fn babble(&mut self, moment: Moment, text: &str) {
        if self.is_awake() {
            self.firmware.babble(text);
            self.read(moment);
        }
    }

    pub(super) fn fill_sim(&mut self, pdu: impl FnMut(usize) -> Encoded) {
        self.firmware.fill_sim(pdu);
    }

    fn is_awake(&self) -> bool {
        match self.doing {
            Doing::Nothing | Doing::Starting(_) | Doing::Hanging(_) => false,
            Doing::Listening
            | Doing::Working(..)
            | Doing::Pausing(..)
            | Doing::Prompting(..)
            | Doing::Sending(..) => true,
        }
    }

    fn forget_all(&mut self) {
        self.unread.clear();
        self.line.clear();
        self.output.clear();
    }

    /// Reads what came, as far as the modem reads at all now; then says its news.
    fn read(&mut self, moment: Moment) {
        loop {
            self.say_news();
            let reads = matches!(self.doing, Doing::Listening | Doing::Prompting(..));
            let Some(byte) = self.unread.front().copied().filter(|_| reads) else { break };
            self.unread.pop_front();
            match &self.doing {
                Doing::Prompting(..) => self.read_text(moment, byte),
                _ => self.read_line(moment, byte),
            }
        }
    }

    fn read_line(&mut self, moment: Moment, byte: u8) {
        self.echo(byte);
        match byte {
            CARRIAGE_RETURN if self.line.starts_with(b"A") && self.line.len() > 1 => {
                let line = std::mem::take(&mut self.line);
                self.last_line = line.clone();
                self.execute(moment, &line);
            }
            CARRIAGE_RETURN => self.line.clear(),
            BACKSPACE => drop(self.line.pop()),
            b'/' if self.line == b"A" => {
                self.line.clear();
                let line = self.last_line.clone();
                self.execute(moment, &line);
            }
            ..0x20 => {}
            _ => self.add_to_line(byte),
        }
    }

    /// A line begins with `AT` or `at`; what comes before is noise (V.250 §5.2.1).
    fn add_to_line(&mut self, byte: u8) {
        let upper = byte.to_ascii_uppercase();
        match self.line.as_slice() {
            [] if upper == b'A' => self.line.push(b'A'),
            [] => {}
            [_] if upper == b'T' => self.line.push(b'T'),
            [_] if upper == b'A' => {}
            [_] => self.line.clear(),
            long if long.len() > LONGEST_LINE => {}
            _ => self.line.push(byte),
        }
    }

    fn execute(&mut self, moment: Moment, line: &[u8]) {
        let answer = self.answer(moment, line);
        self.doing = Doing::Working(moment.at + self.firmware.plan.latency, answer);
        if self.firmware.plan.latency.is_zero() {
            self.finish(moment);
        }
    }

    fn answer(&mut self, moment: Moment, line: &[u8]) -> Ending {
        let mut says = Vec::new();
        let text = line.get(2..).map(std::str::from_utf8);
        let Some(Ok(mut rest)) = text.filter(|_| line.len() <= LONGEST_LINE) else {
            return self.failed(says, Failure::Syntax);
        };
        while let Some(command) = line::next_command(&mut rest) {
            let Ok(command) = command else { return self.failed(says, Failure::Syntax) };
            match self.firmware.obey(&command, moment) {
                Outcome::Done(lines) => {
                    for line in lines {
                        says.extend(self.information(&line));
                    }
                }
                Outcome::DoneWithoutOk(lines) => {
                    for line in lines {
                        says.extend(self.information(&line));
                    }
                    return Ending { says, then: Then::Listen };
                }
                Outcome::Failed(failure) => return self.failed(says, failure),
                Outcome::Prompt(writing) => return Ending { says, then: Then::Prompt(writing) },
                Outcome::Send(pdu, head) => {
                    return Ending { says, then: Then::Send(pdu, head) };
                }
                Outcome::Restart => {
                    says.extend(self.result("OK", 0));
                    return Ending { says, then: Then::Restart };
                }
            }
        }
        says.extend(self.result("OK", 0));
        Ending { says, then: Then::Listen }
    }

    fn failed(&self, mut says: Vec<u8>, failure: Failure) -> Ending {
        says.extend(self.failure(failure));
        Ending { says, then: Then::Listen }
    }

    fn finish(&mut self, moment: Moment) {
        let Doing::Working(_, answer) = std::mem::replace(&mut self.doing, Doing::Listening) else {
            return;
        };
        self.output.extend(answer.says);
        match answer.then {
            Then::Listen => {}
            Then::Prompt(writing) => {
                let slow = self.slow.filter(|(_, until)| *until > moment.at);
                let slow = slow.map_or(Duration::ZERO, |(by, _)| by);
                let pause = self.firmware.plan.personality.speech.prompt_after + slow;
                if pause.is_zero() {
                    return self.prompt(writing);
                }
                self.doing = Doing::Pausing(moment.at + pause, writing);
            }
            Then::Send(pdu, head) => self.submit(moment, pdu, head),
            Then::Restart => {
                self.line.clear();
                self.unread.clear();
                self.doing = Doing::Starting(moment.at + self.firmware.boot());
            }
        }
    }

    fn prompt(&mut self, writing: Writing) {
        self.output.extend(self.firmware.plan.personality.speech.prompt.as_bytes());
        self.doing = Doing::Prompting(writing, Vec::new());
    }

    fn read_text(&mut self, moment: Moment, byte: u8) {
        self.echo(byte);
        let Doing::Prompting(writing, text) = &mut self.doing else { return };
        match byte {
            CTRL_Z => {
                let (writing, text) = (*writing, std::mem::take(text));
                self.doing = Doing::Listening;
                self.end_of_text(moment, writing, &text);
            }
            ESCAPE => {
                self.doing = Doing::Listening;
                self.say_ok();
            }
            BACKSPACE => drop(text.pop()),
            _ if text.len() > LONGEST_TEXT => {}
            _ => text.push(byte),
        }
    }

    fn end_of_text(&mut self, moment: Moment, writing: Writing, text: &[u8]) {
        let length = match writing {
            Writing::ToSend(length) | Writing::ToStore(length, _) => length,
        };
        let pdu = match self.firmware.read_text(text, length) {
            Ok(pdu) => pdu,
            Err(failure) => return self.say_failure(failure),
        };
        match writing {
            Writing::ToSend(_) => self.submit(moment, pdu, "+CMGS"),
            Writing::ToStore(_, status) => match self.firmware.store(status, pdu) {
                Ok(Outcome::Done(lines)) => {
                    lines.iter().for_each(|line| self.say_information(line));
                    self.say_ok();
                }
                Ok(_) => self.say_ok(),
                Err(failure) => self.say_failure(failure),
            },
        }
    }

    fn submit(&mut self, moment: Moment, pdu: Encoded, head: &'static str) {
        if self.firmware.on_air(moment.at) == OnAir::No {
            return self.say_failure(NO_SERVICE);
        }
        let reference = self.firmware.next_reference();
        let no = SubmissionNo(self.next_submission);
        self.next_submission += 1;
        let fault = self.at_next_message.take();
        let lost = matches!(fault, Some(Fault::ResultLost | Fault::HangInSend { .. }));
        let answer = if lost { Answer::Lost } else { Answer::Said };
        self.submissions.push_back(Submission { no, reference, pdu, answer });
        self.doing = Doing::Sending(no, reference, head);
        if let Some(Fault::HangInSend { lasting }) = fault {
            self.hang(moment.at, lasting);
        }
    }

    fn say_news(&mut self) {
        let may = match self.doing {
            Doing::Listening => self.line.is_empty(),
            Doing::Working(..) | Doing::Pausing(..) | Doing::Sending(..) => true,
            Doing::Nothing | Doing::Starting(_) | Doing::Hanging(_) | Doing::Prompting(..) => false,
        };
        while let Some(news) = if may { self.firmware.poll_news() } else { None } {
            let (before, after) = self.firmware.plan.personality.speech.around_news;
            let before = if self.firmware.settings.verbose == 0 { "" } else { before };
            self.output.extend(format!("{before}{news}{after}").into_bytes());
        }
    }

    fn echo(&mut self, byte: u8) {
        if self.firmware.settings.echo == 1 {
            self.output.push(byte);
        }
    }

    fn say_information(&mut self, text: &str) {
        let bytes = self.information(text);
        self.output.extend(bytes);
    }

    fn say_ok(&mut self) {
        let bytes = self.result("OK", 0);
        self.output.extend(bytes);
    }

    fn say_failure(&mut self, failure: Failure) {
        let bytes = self.failure(failure);
        self.output.extend(bytes);
    }

    /// Headers and trailers by `V` (V.250 §5.7.1).
    fn information(&self, text: &str) -> Vec<u8> {
        match self.firmware.settings.verbose {
            0 => format!("{text}\r\n").into_bytes(),
            _ => format!("\r\n{text}\r\n").into_bytes(),
        }
    }

    fn failure(&self, failure: Failure) -> Vec<u8> {
        let habits = &self.firmware.plan.personality.errors;
        match failure.line(self.firmware.error_form(), habits) {
            Some(line) if self.firmware.settings.quiet == 0 => self.information(&line),
            Some(_) => Vec::new(),
            None => self.result("ERROR", 4),
        }
    }

    fn result(&self, words: &str, code: u8) -> Vec<u8> {
        match (self.firmware.settings.quiet, self.firmware.settings.verbose) {
            (1, _) => Vec::new(),
            (_, 0) => format!("{code}\r").into_bytes(),
            _ => format!("\r\n{words}\r\n").into_bytes(),
        }
    }
}
