//! The network's service centre: takes messages, keeps them, brings them, reports.
//!
//! It knows numbers and octets, neither modems nor people: whoever turns it looks up who has a
//! number, tries to bring the message there, and tells how that went.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::pdu::{
    Address, DataCoding, Deliver, DeliveryStatus, Encoded, ReferenceWidth, ReportRequest,
    ServiceCentreTime, StatusReport, Submit, UserData, Validity, split,
};

use super::ModemNo;
use super::agenda::{Agenda, Moment};
use super::dice::Dice;
use super::happening::{Told, What};
use super::modem::{Answer, Submission};
use super::plan::{Between, NetworkPlan, Pace};

/// Nobody has the number (TS 23.040 §9.2.3.15, permanent error: not obtainable).
pub(super) const NOT_OBTAINABLE: u8 = 0x43;
/// The validity period was over before the phone was on.
pub(super) const EXPIRED: u8 = 0x46;
const DELIVERED: u8 = 0x00;
/// Network out of order, and no answer from the network (TS 27.005 §3.2.5).
const OUT_OF_ORDER: u16 = 38;
const NETWORK_TIMEOUT: u16 = 332;
/// The octets are no message.
const INVALID_INFORMATION: u16 = 96;
/// How late a late result is.
const LATE_RESULT: Between = Between::secs(60, 240);
/// How soon the service centre notices that a phone is there again.
const ALERT: Duration = Duration::from_secs(1);
const SERVICE_CENTRE: &str = "+231770099999";

/// One submission of one modem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SubmissionNo(pub(super) u64);

/// What a modem hears about its submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted,
    Refused(u16),
    /// Nothing: the result was lost on the way.
    Lost,
}

/// What comes to a modem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Incoming {
    pub(super) kind: IncomingKind,
    pub(super) pdu: Encoded,
    pub(super) notice: Notice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IncomingKind {
    Message,
    Report,
}

/// Whether the modem says that it stored something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    Given,
    Lost,
}

/// Whether a modem took what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    Yes,
    /// No slot is free.
    Full,
    /// It is off, not registered, or waits for an acknowledgement.
    Away,
}

/// A message that the service centre holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MessageNo(u64);

/// A message, or a report, on its way.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) load: Load,
    expires: Instant,
    /// How often it still arrives.
    copies: u8,
    report: Option<ReportBack>,
}

impl Held {
    /// Whether it has been kept for as long as it may.
    pub(super) fn is_stale(&self, now: Instant) -> bool {
        self.expires <= now
    }
}

#[derive(Debug, Clone)]
pub(super) enum Load {
    Text { coding: DataCoding, data: UserData, taken: ServiceCentreTime },
    Report(StatusReport),
}

/// Who is told what became of a message.
#[derive(Debug, Clone)]
struct ReportBack {
    sender: String,
    reference: u8,
    recipient: Address,
    submitted: ServiceCentreTime,
}

#[derive(Debug)]
enum Due {
    Verdict(ModemNo, SubmissionNo, Verdict),
    Arrival(u64),
}

/// What whoever turns the network has to do next.
#[derive(Debug)]
pub(super) enum Task {
    /// Tell a modem.
    Tell(ModemNo, SubmissionNo, Verdict),
    /// Try to bring this message to whoever has its number.
    Bring(MessageNo),
}

/// A message as it leaves a modem.
#[derive(Debug)]
pub(super) struct Submitted {
    pub(super) modem: ModemNo,
    /// The modem's number.
    pub(super) from: String,
    pub(super) submission: Submission,
}

enum Judgement {
    Refused(u16),
    /// Taken; what the modem hears, and how much later than usual.
    Taken(Verdict, Duration),
}

/// Whether a message may overtake what was sent before it.
enum Order {
    AsSent,
    Any,
}

/// The service centre.
#[derive(Debug)]
pub(super) struct Network {
    plan: NetworkPlan,
    pace: Pace,
    dice: Dice,
    agenda: Agenda<Due>,
    held: BTreeMap<u64, Held>,
    last: u64,
    last_arrival: BTreeMap<(String, String), Instant>,
    waiting: BTreeMap<ModemNo, Vec<u64>>,
    long_texts: u16,
    happenings: VecDeque<What>,
}

impl Network {
    pub(super) fn new(plan: NetworkPlan, pace: Pace, dice: Dice) -> Network {
        Network {
            plan,
            pace,
            dice,
            agenda: Agenda::new(),
            held: BTreeMap::new(),
            last: 0,
            last_arrival: BTreeMap::new(),
            waiting: BTreeMap::new(),
            long_texts: 0,
            happenings: VecDeque::new(),
        }
    }

    /// Takes or refuses what a modem submits. The decision falls at once, the modem hears of it
    /// later: between the two it may lose its power.
    pub(super) fn submit(&mut self, moment: Moment, submitted: Submitted) {
        let mut answers_in = self.dice.between(self.plan.submit);
        let decoded = Submit::decode(submitted.submission.pdu.tpdu());
        let mut judgement = self.judge();
        if submitted.submission.answer == Answer::Lost
            && let Judgement::Taken(verdict, _) = &mut judgement
        {
            *verdict = Verdict::Lost;
        }
        let verdict = match (decoded, judgement) {
            (Err(_), _) => Verdict::Refused(INVALID_INFORMATION),
            (Ok(submit), Judgement::Refused(cause)) => {
                let (modem, to) = (submitted.modem, submit.to.to_string());
                self.happenings.push_back(What::Refused { modem, to, cause });
                Verdict::Refused(cause)
            }
            (Ok(submit), Judgement::Taken(verdict, late)) => {
                answers_in += late;
                self.accept(moment, &submitted, submit, verdict);
                verdict
            }
        };
        let due = Due::Verdict(submitted.modem, submitted.submission.no, verdict);
        self.agenda.put(moment.at + self.pace.of(answers_in), due);
    }

    fn judge(&mut self) -> Judgement {
        let rates = &self.plan.rates;
        if self.dice.happens(rates.refused) {
            let cause = self.dice.one_of(&rates.causes).unwrap_or(OUT_OF_ORDER);
            return Judgement::Refused(cause);
        }
        if self.dice.happens(rates.lost_result) {
            return Judgement::Taken(Verdict::Lost, Duration::ZERO);
        }
        if self.dice.happens(rates.timed_out) {
            return Judgement::Taken(Verdict::Refused(NETWORK_TIMEOUT), Duration::ZERO);
        }
        let late = self.dice.happens(rates.late_result);
        let lateness = if late { self.dice.between(LATE_RESULT) } else { Duration::ZERO };
        Judgement::Taken(Verdict::Accepted, lateness)
    }

    fn accept(&mut self, moment: Moment, submitted: &Submitted, submit: Submit, verdict: Verdict) {
        let reference = submitted.submission.reference;
        self.happenings.push_back(What::Accepted {
            modem: submitted.modem,
            to: submit.to.to_string(),
            text: String::from(submit.text().unwrap_or_default()),
            reference,
            told: if verdict == Verdict::Accepted { Told::Yes } else { Told::No },
        });
        let report = (submit.report == ReportRequest::Yes).then(|| ReportBack {
            sender: submitted.from.clone(),
            reference,
            recipient: submit.to.clone(),
            submitted: moment.time(),
        });
        let part = submit.part().is_some();
        let held = Held {
            from: submitted.from.clone(),
            to: submit.to.to_string(),
            load: Load::Text { coding: submit.coding, data: submit.data, taken: moment.time() },
            expires: moment.at + self.kept_for(submit.validity),
            copies: 1,
            report,
        };
        let overtakes = part && self.dice.happens(self.plan.rates.out_of_order);
        self.carry(moment, held, if overtakes { Order::Any } else { Order::AsSent });
    }

    fn kept_for(&self, validity: Option<Validity>) -> Duration {
        let minutes = validity.and_then(Validity::minutes);
        let asked = minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
        asked.map_or(self.plan.kept_for, |asked| asked.min(self.plan.kept_for))
    }

    /// Takes a text from a person's phone, in as many parts as it needs.
    pub(super) fn take_text(&mut self, moment: Moment, from: &str, to: &str, text: &str) {
        self.long_texts = self.long_texts.wrapping_add(1);
        let Ok(mut pieces) = split(text, self.long_texts, ReferenceWidth::Eight) else { return };
        if pieces.len() > 1 && self.dice.happens(self.plan.rates.out_of_order) {
            pieces.reverse();
        }
        for piece in pieces {
            let twin = self.dice.happens(self.plan.rates.twin);
            let held = Held {
                from: String::from(from),
                to: String::from(to),
                load: Load::Text { coding: piece.coding, data: piece.data, taken: moment.time() },
                expires: moment.at + self.plan.kept_for,
                copies: if twin { 2 } else { 1 },
                report: None,
            };
            self.carry(moment, held, Order::AsSent);
        }
    }

    /// Starts a message on its way. What one number sends to another comes in the order in which
    /// it was sent, unless it may overtake.
    fn carry(&mut self, moment: Moment, held: Held, order: Order) {
        let mut due = moment.at + self.pace.of(self.dice.between(self.plan.delivery));
        let last = self.last_arrival.entry((held.from.clone(), held.to.clone())).or_insert(due);
        match order {
            Order::AsSent => {
                due = due.max(*last);
                *last = due;
            }
            Order::Any => due += self.pace.of(self.plan.delivery.to),
        }
        self.last += 1;
        for nth in 0..held.copies {
            let later = self.pace.of(self.plan.delivery.to) * u32::from(nth);
            self.agenda.put(due + later, Due::Arrival(self.last));
        }
        self.held.insert(self.last, held);
    }

    /// A message that is to be brought.
    pub(super) fn message(&self, no: MessageNo) -> Option<&Held> {
        self.held.get(&no.0)
    }

    /// A message as a modem gets it.
    pub(super) fn for_modem(&mut self, held: &Held) -> Incoming {
        let lost = self.dice.happens(self.plan.rates.lost_notice);
        let notice = if lost { Notice::Lost } else { Notice::Given };
        let service_centre = Address::parse(SERVICE_CENTRE).ok();
        match &held.load {
            Load::Text { coding, data, taken } => {
                let from = Address::parse(&held.from).unwrap_or_else(|_| unknown_sender());
                let mut deliver = Deliver::new(from, *taken, *coding, data.clone());
                deliver.service_centre = service_centre;
                Incoming { kind: IncomingKind::Message, pdu: deliver.encode(), notice }
            }
            Load::Report(report) => {
                let report = StatusReport { service_centre, ..report.clone() };
                Incoming { kind: IncomingKind::Report, pdu: report.encode(), notice }
            }
        }
    }

    /// The message, or one copy of it, has arrived.
    pub(super) fn arrived(&mut self, moment: Moment, no: MessageNo) {
        let Some(held) = self.held.get_mut(&no.0) else { return };
        held.copies -= 1;
        let report = held.report.take();
        let to = held.to.clone();
        if held.copies == 0 {
            self.held.remove(&no.0);
        }
        self.report(moment, report, &to, DELIVERED);
    }

    /// The message will never arrive.
    pub(super) fn failed(&mut self, moment: Moment, no: MessageNo, status: u8) {
        let Some(held) = self.held.remove(&no.0) else { return };
        self.happenings.push_back(What::Undelivered { to: held.to.clone(), status });
        self.report(moment, held.report, &held.to, status);
    }

    /// The phone is off until `on_from`, or for ever: the message waits as long as it is kept.
    pub(super) fn put_off(&mut self, moment: Moment, no: MessageNo, on_from: Option<Instant>) {
        let Some(held) = self.held.get(&no.0) else { return };
        if held.is_stale(moment.at) {
            return self.failed(moment, no, EXPIRED);
        }
        let on_from = on_from.map(|on_from| on_from + self.pace.of(ALERT));
        let again = on_from.map_or(held.expires, |on_from| on_from.min(held.expires));
        self.agenda.put(again, Due::Arrival(no.0));
    }

    /// The modem cannot take the message now: it waits until it can.
    pub(super) fn wait_for(&mut self, modem: ModemNo, no: MessageNo) {
        self.waiting.entry(modem).or_default().push(no.0);
    }

    /// Whether something waits for this modem.
    pub(super) fn has_waiting(&self, modem: ModemNo) -> bool {
        self.waiting.contains_key(&modem)
    }

    /// The modem can take messages again: what waited is brought in its order.
    pub(super) fn release(&mut self, moment: Moment, modem: ModemNo) {
        for no in self.waiting.remove(&modem).unwrap_or_default() {
            self.agenda.put(moment.at + self.pace.of(ALERT), Due::Arrival(no));
        }
    }

    fn report(&mut self, moment: Moment, back: Option<ReportBack>, to: &str, status: u8) {
        let Some(back) = back else { return };
        if self.dice.happens(self.plan.rates.lost_report) {
            return;
        }
        let mut due = self.dice.between(self.plan.report);
        if self.dice.happens(self.plan.rates.late_report) {
            due += self.dice.between(self.plan.lateness);
        }
        let report = StatusReport {
            service_centre: None,
            reference: back.reference,
            to: back.recipient,
            submitted: back.submitted,
            discharged: moment.time(),
            status: DeliveryStatus::from_octet(status),
            more_to_come: false,
            flags: Default::default(),
            rest: Vec::new(),
        };
        let held = Held {
            from: String::from(to),
            to: back.sender,
            load: Load::Report(report),
            expires: moment.at + self.plan.kept_for,
            copies: 1,
            report: None,
        };
        self.last += 1;
        self.held.insert(self.last, held);
        self.agenda.put(moment.at + self.pace.of(due), Due::Arrival(self.last));
    }

    /// The next thing to do that is due.
    pub(super) fn poll_task(&mut self, now: Instant) -> Option<Task> {
        Some(match self.agenda.take_due(now)? {
            Due::Verdict(modem, no, verdict) => Task::Tell(modem, no, verdict),
            Due::Arrival(no) => Task::Bring(MessageNo(no)),
        })
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.agenda.next()
    }

    pub(super) fn poll_happening(&mut self) -> Option<What> {
        self.happenings.pop_front()
    }
}

fn unknown_sender() -> Address {
    Address::Alphanumeric(String::from("unknown"))
}
