//! What a modem knows: its settings, its SIM card, its memories; and what it obeys.
//!
//! The serial line is not here (`mod.rs`): a command comes in whole, its answer goes out whole.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::pdu::Encoded;

use super::super::agenda::{Agenda, Moment};
use super::super::network::{Incoming, IncomingKind, Notice, Taken};
use super::super::plan::{ModemPlan, Pace};
use super::calls::Calls;
use super::failure::{Equipment, Failure, Form, SIM_BUSY, SIM_PIN_REQUIRED, SIM_PUK_REQUIRED};
use super::lies::{Lies, Notice as Lie};
use super::line::{Ask, Command};
use super::memory::{Memories, Place, Status};
use super::outgoing::Order;
use super::personality::{Insists, Personality};
use super::services::Session;

/// How long an acknowledgement (`+CNMA`) may take before the modem stops routing messages.
const ACKNOWLEDGE_WITHIN: Duration = Duration::from_secs(15);
/// Lines that wait while `+CNMI` says to keep them; older ones are dropped.
const BUFFERED_LINES: usize = 32;
/// The number that the SIM card has for the service centre.
const SERVICE_CENTRE: &str = "+231770099999";
pub(super) const PIN_TRIES: u8 = 3;
pub(super) const PUK_TRIES: u8 = 10;

/// The whole of it.
#[derive(Debug)]
pub(super) struct Firmware {
    pub(super) plan: ModemPlan,
    pub(super) settings: Settings,
    pub(super) memories: Memories,
    pub(super) lock: Lock,
    pub(super) pin_tries: u8,
    pub(super) puk_tries: u8,
    /// None: the modem has forgotten it.
    pub(super) service_centre: Option<String>,
    pub(super) session: Session,
    pub(super) calls: Calls,
    reference: u8,
    boot: Duration,
    pub(super) country_pace: Pace,
    /// When the command came that is being obeyed.
    pub(super) now: Instant,
    pub(super) card_busy_until: Instant,
    on_air_from: Instant,
    told_on_air: OnAir,
    unacknowledged: Option<(Instant, Incoming)>,
    kept_back: VecDeque<String>,
    news: VecDeque<String>,
    /// Lines that come by themselves when their time has come.
    later: Agenda<String>,
    pub(super) next_chatter: Option<Instant>,
    pub(super) chattered: usize,
    pub(super) lies: Lies,
    words_until: Option<Instant>,
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

impl Settings {
    fn of(personality: &Personality) -> Settings {
        Settings {
            echo: 1,
            verbose: 1,
            quiet: 0,
            error_form: 0,
            message_service: 0,
            routing: personality.announcing.takes.map(|values| values[0]),
            places: personality.storage.at_start,
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
    /// Done; these lines are the answer, and nothing says that it is over.
    DoneWithoutOk(Vec<String>),
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
        let storage = plan.personality.storage;
        let mut firmware = Firmware {
            settings: Settings::of(&plan.personality),
            memories: Memories::new(plan.slots, storage.own_slots, storage.first_index),
            lock: if plan.pin.is_some() { Lock::Pin } else { Lock::Open },
            pin_tries: PIN_TRIES,
            puk_tries: PUK_TRIES,
            service_centre: Some(String::from(SERVICE_CENTRE)),
            session: Session::default(),
            calls: Calls::default(),
            reference: 0,
            boot: pace.of(plan.boot),
            country_pace: pace,
            now,
            card_busy_until: now,
            on_air_from: now,
            told_on_air: OnAir::Yes,
            unacknowledged: None,
            kept_back: VecDeque::new(),
            news: VecDeque::new(),
            later: Agenda::new(),
            next_chatter: None,
            chattered: 0,
            lies: Lies::default(),
            words_until: None,
            plan,
        };
        firmware.begin_chatter(now);
        firmware
    }

    /// How long a start takes.
    pub(super) fn boot(&self) -> Duration {
        self.boot
    }

    /// Everything volatile is forgotten; the radio looks for its network.
    pub(super) fn start(&mut self, now: Instant) {
        self.settings = Settings::of(&self.plan.personality);
        if self.plan.pin.is_some() && self.lock == Lock::Open {
            self.lock = Lock::Pin;
        }
        self.unacknowledged = None;
        self.kept_back.clear();
        self.news.clear();
        self.later = Agenda::new();
        self.session = Session::default();
        // The network notices that it is gone.
        let had_call = self.calls.outgoing.is_some();
        self.calls = Calls::default();
        self.calls.orders.extend(had_call.then_some(Order::HangUp));
        self.service_centre.get_or_insert_with(|| String::from(SERVICE_CENTRE));
        self.occupy_card(now);
        self.look_for_network(now);
        self.say_hello(now);
        self.begin_chatter(now);
    }

    pub(super) fn look_for_network(&mut self, now: Instant) {
        self.on_air_from = now + self.boot;
        self.told_on_air = OnAir::No;
    }

    /// Obeys one command.
    pub(super) fn obey(&mut self, command: &Command, moment: Moment) -> Outcome {
        self.now = moment.at;
        let written = command.to_string();
        self.note(&written);
        if let Some(answer) = self.answer_of_its_own(&written) {
            return Outcome::Done(answer);
        }
        if let Some(done) = self.sound_order(&written) {
            return done.unwrap_or_else(Outcome::Failed);
        }
        let done = match command {
            Command::Basic(name, value) => self.basic(name, *value),
            Command::Dial(number) => self.dial(number),
            Command::Register(number, ask) => register(*number, ask),
            Command::Extended(name, _) if self.plan.personality.lacks.contains(&name.as_str()) => {
                Err(Failure::UnknownCommand)
            }
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
            "Z" | "&F" => self.settings = Settings::of(&self.plan.personality),
            "I" => return Ok(Outcome::Done(self.identity())),
            "H" => drop(self.hang_up()),
            "L" | "M" | "X" | "&C" | "&D" | "&K" | "&S" | "&W" => {}
            _ => return Err(Failure::Syntax),
        }
        Outcome::ok()
    }

    /// Fails where the SIM card cannot be used.
    pub(super) fn needs_sim(&self) -> Result<(), Failure> {
        if let Some(busy) = self.card_is_busy() {
            return Err(Failure::Equipment(busy));
        }
        match self.lock {
            Lock::Open => Ok(()),
            Lock::Pin => Err(Failure::Equipment(Equipment::PinRequired)),
            Lock::Puk => Err(Failure::Equipment(Equipment::PukRequired)),
        }
    }

    /// The same, in the words of messaging.
    pub(super) fn needs_sim_for_messages(&self) -> Result<(), Failure> {
        match self.card_is_busy() {
            Some(Equipment::SimBusy) => return Err(SIM_BUSY),
            Some(other) => return Err(Failure::Equipment(other)),
            None => {}
        }
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
        let Personality { speech, announcing, .. } = self.plan.personality;
        let directly = mt == 2 || (mt == 1 && announcing.insists == Insists::OnHandingOver);
        match (incoming.kind, mt, ds) {
            (IncomingKind::Message, _, _) if directly => {
                self.hand_over(now, &format!("+CMT: {},", speech.nobody), incoming)
            }
            (IncomingKind::Message, 1 | 3, _) => self.keep(now, "+CMTI", incoming),
            (IncomingKind::Message, _, _) => self.keep(now, "", incoming),
            (IncomingKind::Report, _, 1) => self.hand_over(now, speech.report_head, incoming),
            (IncomingKind::Report, _, 2) => self.keep(now, "+CDSI", incoming),
            (IncomingKind::Report, _, _) => Taken::Yes,
        }
    }

    /// Whether a message would find its place now.
    pub(super) fn can_take(&mut self, now: Instant) -> bool {
        let place = self.settings.places[2];
        let [_, mt, _, ds, _] = self.settings.routing;
        let room = !self.memories.is_full(place) || (mt == 2 && ds != 2);
        room && self.unacknowledged.is_none() && self.on_air(now) == OnAir::Yes
    }

    fn hand_over(&mut self, now: Instant, says: &str, incoming: Incoming) -> Taken {
        let Personality { speech, lacks, .. } = self.plan.personality;
        let (length, digits) = (incoming.pdu.tpdu_len, incoming.pdu.hex());
        self.tell(format!("{says}{length}{}{digits}", speech.before_pdu));
        if self.settings.message_service == 1 && !lacks.contains(&"+CNMA") {
            self.unacknowledged = Some((now + ACKNOWLEDGE_WITHIN, incoming));
        }
        Taken::Yes
    }

    fn keep(&mut self, now: Instant, says: &str, incoming: Incoming) -> Taken {
        let place = match (incoming.kind, self.plan.personality.storage.reports) {
            (IncomingKind::Report, Some(reports)) => reports,
            (IncomingKind::Report, None) | (IncomingKind::Message, _) => self.settings.places[2],
        };
        let Some(index) = self.memories.keep(place, Status::Unread, incoming.pdu) else {
            return self.is_full(place);
        };
        let notice = match self.lies.notice(now) {
            Lie::True => format!("{says}: \"{place}\",{index}"),
            Lie::OtherPlace => format!("{says}: \"{}\",{index}", self.other_than(place)),
            Lie::NoIndex => format!("{says}: \"{place}\",-1"),
            Lie::OtherIndex => format!("{says}: \"{place}\",{}", index + 1),
            Lie::Nothing => return Taken::Yes,
        };
        if !says.is_empty() && incoming.notice == Notice::Given {
            self.tell(notice);
        }
        Taken::Yes
    }

    /// Another place that the modem has, if it has one.
    fn other_than(&self, place: Place) -> Place {
        let offered = self.plan.personality.storage.offered[0];
        offered.iter().copied().find(|other| *other != place).unwrap_or(place)
    }

    /// No slot is free. A memory that holds reports alone loses what is too much.
    fn is_full(&mut self, place: Place) -> Taken {
        if place == Place::Reports {
            return Taken::Yes;
        }
        if let Some(line) = self.plan.personality.storage.says_full {
            self.tell(line.replace("{place}", place.name()));
        }
        Taken::Full
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
    pub(super) fn babble(&mut self, line: impl Into<String>) {
        self.news.push_back(line.into());
    }

    /// A line that nobody will have asked for.
    pub(super) fn say_later(&mut self, at: Instant, line: String) {
        self.later.put(at, line);
    }

    /// How errors look now.
    pub(super) fn error_form(&self) -> Form {
        if self.words_until.is_some_and(|until| self.now < until) {
            return Form::WordsAlways;
        }
        Form::asked_for(self.settings.error_form)
    }

    /// Errors come in words until then, whatever is asked for.
    pub(super) fn say_words_until(&mut self, until: Instant) {
        self.words_until = Some(until);
    }

    pub(super) fn lie_until(&mut self, until: Instant) {
        self.lies.begin(until);
    }

    pub(super) fn poll_news(&mut self) -> Option<String> {
        self.news.pop_front()
    }

    pub(super) fn handle_timeout(&mut self, now: Instant) {
        self.now = now;
        while let Some(line) = self.later.take_due(now) {
            self.babble(line);
        }
        self.chatter(now);
        self.ring_on(now);
        self.end_session(now);
        if self.told_on_air == OnAir::No && self.on_air(now) == OnAir::Yes {
            self.told_on_air = OnAir::Yes;
            match self.settings.registration_news {
                0 => {}
                1 => self.babble("+CREG: 1"),
                _ => self.babble(format!("+CREG: 1{}", self.plan.personality.speech.location)),
            }
        }
        if self.unacknowledged.as_ref().is_some_and(|(deadline, _)| *deadline <= now) {
            self.stop_routing(now);
        }
    }

    /// Nobody acknowledged: the modem goes on in silence, and the network brings the message
    /// again, now into the memory (TS 27.005 §3.4.1, note to `+CNMA`).
    fn stop_routing(&mut self, now: Instant) {
        self.settings.routing[1] = 0;
        self.settings.routing[3] = 0;
        if let Some((_, incoming)) = self.unacknowledged.take()
            && incoming.kind == IncomingKind::Message
        {
            self.keep(now, "", incoming);
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let on_air = (self.told_on_air == OnAir::No && self.lock == Lock::Open)
            .then_some(self.on_air_from)
            .filter(|_| self.settings.functions == 1);
        let acknowledge = self.unacknowledged.as_ref().map(|(deadline, _)| *deadline);
        let session = self.session.ends_at();
        let lines = [self.later.next(), self.next_chatter, session, self.next_ring()];
        on_air.into_iter().chain(acknowledge).chain(lines.into_iter().flatten()).min()
    }

    /// Fills every free slot of the SIM card.
    pub(super) fn fill_sim(&mut self, mut pdu: impl FnMut(usize) -> Encoded) {
        while !self.memories.is_full(Place::Sim) {
            let nth = self.memories.used(Place::Sim);
            self.memories.keep(Place::Sim, Status::Read, pdu(nth));
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
