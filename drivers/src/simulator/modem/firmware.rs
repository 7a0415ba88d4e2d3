//! What a modem knows: its settings, its SIM card, its memories; and what it obeys.
//!
//! The serial line is not here (`mod.rs`): a command comes in whole, its answer goes out whole.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::pdu::Encoded;

use super::super::agenda::Moment;
use super::super::network::{Incoming, IncomingKind, Notice, Taken};
use super::super::plan::{ModemPlan, Pace};
use super::failure::{Equipment, Failure, SIM_PIN_REQUIRED, SIM_PUK_REQUIRED};
use super::line::{Ask, Command};
use super::memory::{Memory, Place, Status};

/// How long an acknowledgement (`+CNMA`) may take before the modem stops routing messages.
const ACKNOWLEDGE_WITHIN: Duration = Duration::from_secs(15);
/// Messages that fit in the modem's own memory.
const OWN_SLOTS: u16 = 100;
/// Lines that wait while `+CNMI` says to keep them; older ones are dropped.
const BUFFERED_LINES: usize = 32;
pub(super) const PIN_TRIES: u8 = 3;
pub(super) const PUK_TRIES: u8 = 10;

/// The whole of it.
#[derive(Debug)]
pub(super) struct Firmware {
    pub(super) plan: ModemPlan,
    pub(super) settings: Settings,
    pub(super) sim: Memory,
    pub(super) own: Memory,
    pub(super) lock: Lock,
    pub(super) pin_tries: u8,
    pub(super) puk_tries: u8,
    pub(super) service_centre: String,
    reference: u8,
    boot: Duration,
    pub(super) country_pace: Pace,
    on_air_from: Instant,
    told_on_air: OnAir,
    unacknowledged: Option<(Instant, Incoming)>,
    kept_back: VecDeque<String>,
    news: VecDeque<String>,
}

/// What a restart forgets.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) echo: u8,
    pub(super) verbose: u8,
    pub(super) quiet: u8,
    pub(super) error_form: u8,
    pub(super) message_service: u8,
    /// mode, mt, bm, ds, bfr (TS 27.005 §3.4.1).
    pub(super) routing: [u8; 5],
    pub(super) places: [Place; 3],
    pub(super) alphabet: String,
    pub(super) registration_news: u8,
    pub(super) packet_news: u8,
    pub(super) operator_form: u8,
    pub(super) functions: u8,
    pub(super) more_to_send: u8,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            echo: 1,
            verbose: 1,
            quiet: 0,
            error_form: 0,
            message_service: 0,
            routing: [0; 5],
            places: [Place::Sim; 3],
            alphabet: String::from("IRA"),
            registration_news: 0,
            packet_news: 0,
            operator_form: 0,
            functions: 1,
            more_to_send: 0,
        }
    }
}

/// Whether the SIM card can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    Open,
    Pin,
    Puk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnAir {
    No,
    Yes,
}

/// What comes of a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Done; these lines are the answer.
    Done(Vec<String>),
    /// Not done.
    Failed(Failure),
    /// The modem asks for the text.
    Prompt(Writing),
    /// A stored message goes to the network; and what the answer begins with.
    Send(Encoded, &'static str),
    /// The modem says OK and starts anew.
    Restart,
}

/// What becomes of the text that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// It is sent (`+CMGS`); octets without the service centre's address.
    ToSend(usize),
    /// It is stored (`+CMGW`).
    ToStore(usize, Status),
}

impl Outcome {
    pub(super) fn ok() -> Result<Outcome, Failure> {
        Ok(Outcome::Done(Vec::new()))
    }

    pub(super) fn line(text: impl Into<String>) -> Result<Outcome, Failure> {
        Ok(Outcome::Done(vec![text.into()]))
    }
}

impl Firmware {
    /// A modem that has been on for a while.
    pub(super) fn new(plan: ModemPlan, pace: Pace, now: Instant) -> Firmware {
        Firmware {
            settings: Settings::default(),
            sim: Memory::new(plan.slots),
            own: Memory::new(OWN_SLOTS),
            lock: if plan.pin.is_some() { Lock::Pin } else { Lock::Open },
            pin_tries: PIN_TRIES,
            puk_tries: PUK_TRIES,
            service_centre: String::from("+231770099999"),
            reference: 0,
            boot: pace.of(plan.boot),
            country_pace: pace,
            on_air_from: now,
            told_on_air: OnAir::Yes,
            unacknowledged: None,
            kept_back: VecDeque::new(),
            news: VecDeque::new(),
            plan,
        }
    }

    /// How long a start takes.
    pub(super) fn boot(&self) -> Duration {
        self.boot
    }

    /// Everything volatile is forgotten; the radio looks for its network.
    pub(super) fn start(&mut self, now: Instant) {
        self.settings = Settings::default();
        if self.plan.pin.is_some() && self.lock == Lock::Open {
            self.lock = Lock::Pin;
        }
        self.unacknowledged = None;
        self.kept_back.clear();
        self.news.clear();
        self.look_for_network(now);
        self.news.extend(self.plan.boot_line.clone());
    }

    pub(super) fn look_for_network(&mut self, now: Instant) {
        self.on_air_from = now + self.boot;
        self.told_on_air = OnAir::No;
    }

    /// Obeys one command.
    pub(super) fn obey(&mut self, command: &Command, moment: Moment) -> Outcome {
        let done = match command {
            Command::Basic(name, value) => self.basic(name, *value),
            Command::Register(number, ask) => register(*number, ask),
            Command::Extended(name, ask) if self.is_about_messages(name) => {
                self.messaging(name, ask)
            }
            Command::Extended(name, ask) => self.general(name, ask, moment),
        };
        done.unwrap_or_else(Outcome::Failed)
    }

    fn is_about_messages(&self, name: &str) -> bool {
        super::messages::COMMANDS.contains(&name)
    }

    fn basic(&mut self, name: &str, value: u32) -> Result<Outcome, Failure> {
        let switch = u8::try_from(value).ok().filter(|value| *value <= 1);
        match name {
            "E" => self.settings.echo = switch.ok_or(Failure::Syntax)?,
            "V" => self.settings.verbose = switch.ok_or(Failure::Syntax)?,
            "Q" => self.settings.quiet = switch.ok_or(Failure::Syntax)?,
            "Z" | "&F" => self.settings = Settings::default(),
            "I" => return Ok(Outcome::Done(self.identity())),
            "H" | "L" | "M" | "X" | "&C" | "&D" | "&K" | "&S" | "&W" => {}
            _ => return Err(Failure::Syntax),
        }
        Outcome::ok()
    }

    /// Fails where the SIM card cannot be used.
    pub(super) fn needs_sim(&self) -> Result<(), Failure> {
        match self.lock {
            Lock::Open => Ok(()),
            Lock::Pin => Err(Failure::Equipment(Equipment::PinRequired)),
            Lock::Puk => Err(Failure::Equipment(Equipment::PukRequired)),
        }
    }

    /// The same, in the words of messaging.
    pub(super) fn needs_sim_for_messages(&self) -> Result<(), Failure> {
        match self.lock {
            Lock::Open => Ok(()),
            Lock::Pin => Err(SIM_PIN_REQUIRED),
            Lock::Puk => Err(SIM_PUK_REQUIRED),
        }
    }

    pub(super) fn on_air(&self, now: Instant) -> OnAir {
        let registered =
            self.lock == Lock::Open && self.settings.functions == 1 && now >= self.on_air_from;
        if registered { OnAir::Yes } else { OnAir::No }
    }

    pub(super) fn memory(&mut self, place: Place) -> &mut Memory {
        match place {
            Place::Sim => &mut self.sim,
            Place::Modem => &mut self.own,
        }
    }

    /// The number that the modem gives to the next message it sends.
    pub(super) fn next_reference(&mut self) -> u8 {
        self.reference = self.reference.wrapping_add(1);
        self.reference
    }

    /// Takes a message or a report from the network, where `+CNMI` wants it.
    pub(super) fn take(&mut self, now: Instant, incoming: Incoming) -> Taken {
        if self.on_air(now) == OnAir::No || self.unacknowledged.is_some() {
            return Taken::Away;
        }
        let [_, mt, _, ds, _] = self.settings.routing;
        match (incoming.kind, mt, ds) {
            (IncomingKind::Message, 2, _) => self.hand_over(now, "+CMT: ,", incoming),
            (IncomingKind::Message, 1 | 3, _) => self.keep("+CMTI", incoming),
            (IncomingKind::Message, _, _) => self.keep("", incoming),
            (IncomingKind::Report, _, 1) => self.hand_over(now, "+CDS: ", incoming),
            (IncomingKind::Report, _, 2) => self.keep("+CDSI", incoming),
            (IncomingKind::Report, _, _) => Taken::Yes,
        }
    }

    /// Whether a message would find its place now.
    pub(super) fn can_take(&mut self, now: Instant) -> bool {
        let place = self.settings.places[2];
        let [_, mt, _, ds, _] = self.settings.routing;
        let room = !self.memory(place).is_full() || (mt == 2 && ds != 2);
        room && self.unacknowledged.is_none() && self.on_air(now) == OnAir::Yes
    }

    fn hand_over(&mut self, now: Instant, says: &str, incoming: Incoming) -> Taken {
        self.tell(format!("{says}{}\r\n{}", incoming.pdu.tpdu_len, incoming.pdu.hex()));
        if self.settings.message_service == 1 {
            self.unacknowledged = Some((now + ACKNOWLEDGE_WITHIN, incoming));
        }
        Taken::Yes
    }

    fn keep(&mut self, says: &str, incoming: Incoming) -> Taken {
        let place = self.settings.places[2];
        let Some(index) = self.memory(place).keep(Status::Unread, incoming.pdu) else {
            return Taken::Full;
        };
        if !says.is_empty() && incoming.notice == Notice::Given {
            self.tell(format!("{says}: \"{place}\",{index}"));
        }
        Taken::Yes
    }

    /// A line by itself, now or when `+CNMI` lets it out.
    fn tell(&mut self, line: String) {
        if self.settings.routing[0] == 0 {
            self.kept_back.push_back(line);
            if self.kept_back.len() > BUFFERED_LINES {
                self.kept_back.pop_front();
            }
        } else {
            self.news.push_back(line);
        }
    }

    /// Lets go of the lines kept back, or forgets them (`+CNMI`, bfr).
    pub(super) fn release_kept_back(&mut self) {
        match self.settings.routing {
            [0, ..] => {}
            [_, _, _, _, 0] => self.news.append(&mut self.kept_back),
            _ => self.kept_back.clear(),
        }
    }

    pub(super) fn acknowledge(&mut self) -> Option<Incoming> {
        self.unacknowledged.take().map(|(_, incoming)| incoming)
    }

    /// A line that nobody asked for.
    pub(super) fn babble(&mut self, line: &str) {
        self.news.push_back(String::from(line));
    }

    pub(super) fn poll_news(&mut self) -> Option<String> {
        self.news.pop_front()
    }

    pub(super) fn handle_timeout(&mut self, now: Instant) {
        if self.told_on_air == OnAir::No && self.on_air(now) == OnAir::Yes {
            self.told_on_air = OnAir::Yes;
            if self.settings.registration_news > 0 {
                self.news.push_back(String::from("+CREG: 1"));
            }
        }
        if self.unacknowledged.as_ref().is_some_and(|(deadline, _)| *deadline <= now) {
            self.stop_routing();
        }
    }

    /// Nobody acknowledged: the modem goes on in silence, and the network brings the message
    /// again, now into the memory (TS 27.005 §3.4.1, note to `+CNMA`).
    fn stop_routing(&mut self) {
        self.settings.routing[1] = 0;
        self.settings.routing[3] = 0;
        if let Some((_, incoming)) = self.unacknowledged.take()
            && incoming.kind == IncomingKind::Message
        {
            self.keep("", incoming);
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let on_air = (self.told_on_air == OnAir::No && self.lock == Lock::Open)
            .then_some(self.on_air_from)
            .filter(|_| self.settings.functions == 1);
        let acknowledge = self.unacknowledged.as_ref().map(|(deadline, _)| *deadline);
        on_air.into_iter().chain(acknowledge).min()
    }

    /// Fills every free slot of the SIM card.
    pub(super) fn fill_sim(&mut self, mut pdu: impl FnMut(usize) -> Encoded) {
        while !self.sim.is_full() {
            let nth = self.sim.used();
            self.sim.keep(Status::Read, pdu(nth));
        }
    }
}

/// S-registers: they may be read, and set to what they are (V.250 §6.2.1 to §6.2.3).
fn register(number: u32, ask: &Ask) -> Result<Outcome, Failure> {
    let value = match number {
        0 => 0,
        3 => 13,
        4 => 10,
        5 => 8,
        7 => 60,
        _ => return Err(Failure::Syntax),
    };
    match ask {
        Ask::Read => Outcome::line(format!("{value:03}")),
        Ask::Set(args) if args.number(0) == Ok(Some(value)) => Outcome::ok(),
        Ask::Set(_) | Ask::Do | Ask::Test => Err(Failure::Syntax),
    }
}
