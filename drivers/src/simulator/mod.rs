//! A country to try things in: modems, a network and people, from one plan and one seed.
//!
//! It does no I/O and asks for no time. Like every machine of this crate it is turned by calling
//! one `handle_…`, then draining every `poll_…`, then waiting until [`Country::poll_timeout`].
//! The office meets it as AT bytes alone, as it meets a real stick; it shares no code with the
//! driver, so the two cannot agree on the same mistake. The world runs it in virtual time,
//! `rollcall simulate` behind PTYs.

mod agenda;
mod caller;
mod dice;
mod exchange;
mod fault;
mod handset;
mod happening;
mod modem;
mod network;
mod plan;
pub mod sound;
pub mod voice;

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::pdu::{Address, DataCoding, Deliver, Encoded, ReferenceWidth, ServiceCentreTime, split};

use agenda::{Agenda, Moment};
use dice::Dice;
use exchange::Exchange;
use fault::Wire;
pub use fault::{Fault, Recurring};
use handset::{Handset, Reach, Saying};
pub use happening::{Happening, Told, What};
use modem::Modem;
pub use modem::general::is_fast;
use network::{EXPIRED, Held, Load, MessageNo, NOT_OBTAINABLE, Network, Submitted, Taken, Task};
pub use plan::{
    Between, CallPlan, Habits, ModemPlan, NetworkPlan, Pace, PerMille, PersonPlan, Personality,
    PinPlan, Plan, Rates, Reply, Takes, Temperament,
};

/// Which modem of the plan, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModemNo(pub usize);

/// The dice of the network; those of people have the numbers after it.
const NETWORK_DICE: u64 = 0;
/// The dice of the modems' lines, and those of what goes wrong with them.
const WIRE_DICE: u64 = 1 << 32;
const FAULT_DICE: u64 = 2 << 32;
/// The dice of the telephone exchange; those of people in calls have the numbers after it.
const CALL_DICE: u64 = 3 << 32;
/// Digits that a number without its country code has at least, to be taken for one.
const NATIONAL_DIGITS: usize = 7;

/// The country, alive.
#[derive(Debug)]
pub struct Country {
    plan: Plan,
    seed: u64,
    opened: Instant,
    opened_utc_ms: i64,
    modems: Vec<Modem>,
    network: Network,
    people: Vec<Handset>,
    by_number: BTreeMap<String, usize>,
    sayings: Agenda<Due>,
    exchange: Exchange,
    wires: Vec<Wire>,
    faults: Agenda<Misfortune>,
    fault_dice: Vec<Dice>,
    ports: VecDeque<(ModemNo, Port)>,
    transmit: VecDeque<(ModemNo, Vec<u8>)>,
    happenings: VecDeque<Happening>,
}

/// Something that a person will say.
#[derive(Debug)]
struct Due {
    person: usize,
    to: String,
    saying: Saying,
    answering: String,
}

/// What becomes of a modem's port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// It is gone: whoever holds it open is hung up.
    Gone,
    /// It is there again, under another name.
    Back,
}

/// What will go wrong with a modem, or be over.
#[derive(Debug)]
enum Misfortune {
    /// This one of its plan.
    Strike(ModemNo, usize),
    Back(ModemNo),
}

impl Country {
    /// Opens the country of `plan`. Its network's clock shows `utc_ms` at `now` and goes on
    /// evenly, whatever the office's own clock does. All modems have been plugged in for a while.
    pub fn new(plan: Plan, seed: u64, now: Instant, utc_ms: i64) -> Country {
        let modem = |modem: &ModemPlan| Modem::new(modem.clone(), plan.pace, now);
        let network = Dice::new(seed, NETWORK_DICE);
        let dice =
            |stream| (0..plan.modems.len()).map(move |nth| Dice::new(seed, stream + nth as u64));
        let mut country = Country {
            wires: dice(WIRE_DICE).map(Wire::new).collect(),
            faults: Agenda::new(),
            fault_dice: dice(FAULT_DICE).collect(),
            ports: VecDeque::new(),
            modems: plan.modems.iter().map(modem).collect(),
            network: Network::new(plan.network.clone(), plan.pace, network),
            people: Vec::with_capacity(plan.people.len()),
            by_number: BTreeMap::new(),
            sayings: Agenda::new(),
            exchange: Exchange::new(Dice::new(seed, CALL_DICE)),
            transmit: VecDeque::new(),
            happenings: VecDeque::new(),
            seed,
            opened: now,
            opened_utc_ms: utc_ms,
            plan,
        };
        for person in country.plan.people.clone() {
            country.settle(person, now);
        }
        for (nth, modem) in country.plan.modems.iter().enumerate() {
            for (which, recurring) in modem.faults.iter().enumerate() {
                let due = now + country.fault_dice[nth].between(recurring.every);
                country.faults.put(due, Misfortune::Strike(ModemNo(nth), which));
            }
        }
        country
    }

    /// The plan it was opened with.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Takes bytes that the computer wrote to a modem. Nobody hears them where none is plugged.
    pub fn handle_bytes(&mut self, now: Instant, modem: ModemNo, bytes: &[u8]) {
        let moment = self.moment(now);
        if let Some(modem) = self.modems.get_mut(modem.0) {
            modem.handle_bytes(moment, bytes);
        }
        self.turn(moment);
    }

    /// Lets everything happen that is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        let moment = self.moment(now);
        while let Some(misfortune) = self.faults.take_due(now) {
            self.befall(now, misfortune);
        }
        for modem in &mut self.modems {
            modem.handle_timeout(moment);
        }
        self.connect_calls(moment);
        self.turn(moment);
    }

    /// When something will be due next, if nothing comes from outside.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let modems = self.modems.iter().filter_map(Modem::poll_timeout);
        let others = [
            self.network.poll_timeout(),
            self.sayings.next(),
            self.faults.next(),
            self.exchange.poll_timeout(),
        ];
        modems.chain(others.into_iter().flatten()).min()
    }

    /// The next bytes from a modem to the computer.
    pub fn poll_transmit(&mut self) -> Option<(ModemNo, Vec<u8>)> {
        self.transmit.pop_front()
    }

    /// The next thing that really happened.
    pub fn poll_happening(&mut self) -> Option<Happening> {
        self.happenings.pop_front()
    }

    /// The next port that has come or gone by itself.
    pub fn poll_port(&mut self) -> Option<(ModemNo, Port)> {
        self.ports.pop_front()
    }

    /// Something goes wrong with a modem, now.
    pub fn strike(&mut self, now: Instant, modem: ModemNo, fault: Fault) {
        let moment = self.moment(now);
        let (Some(struck), Some(wire)) =
            (self.modems.get_mut(modem.0), self.wires.get_mut(modem.0))
        else {
            return;
        };
        match fault {
            Fault::BytesLost { share, lasting } => wire.lose(share, now + lasting),
            Fault::Garbage { share, lasting } => wire.strew(share, now + lasting),
            Fault::Hang { lasting } => struck.hang(now, lasting),
            Fault::Reboot => struck.reboot(now),
            Fault::PortGone { lasting } => {
                self.unplug(modem);
                self.ports.push_back((modem, Port::Gone));
                self.faults.put(now + lasting, Misfortune::Back(modem));
            }
            Fault::HangInSend { .. }
            | Fault::ResultLost
            | Fault::StorageLies { .. }
            | Fault::Flood { .. }
            | Fault::VerboseErrors { .. }
            | Fault::SlowPrompts { .. } => struck.suffer(moment, fault),
        }
        self.happen(moment, What::Struck { modem, fault: fault.name() });
        self.turn(moment);
    }

    /// From now on nothing goes wrong by itself; what lasts ends in its time.
    pub fn end_faults(&mut self) {
        for modem in &mut self.plan.modems {
            modem.faults.clear();
        }
    }

    fn befall(&mut self, now: Instant, misfortune: Misfortune) {
        match misfortune {
            Misfortune::Strike(modem, which) => {
                let Some(recurring) = self.plan.modems[modem.0].faults.get(which) else { return };
                let fault = recurring.fault;
                let again = now + self.fault_dice[modem.0].between(recurring.every);
                self.faults.put(again, Misfortune::Strike(modem, which));
                self.strike(now, modem, fault);
            }
            Misfortune::Back(modem) => {
                self.plug(now, modem);
                self.ports.push_back((modem, Port::Back));
            }
        }
    }

    /// Pulls a modem out: it loses its power, and all that is not in its memories.
    pub fn unplug(&mut self, modem: ModemNo) {
        self.computer_cut(modem);
        if let Some(modem) = self.modems.get_mut(modem.0) {
            modem.unplug();
        }
    }

    /// Plugs a modem in again: it starts.
    pub fn plug(&mut self, now: Instant, modem: ModemNo) {
        if let Some(modem) = self.modems.get_mut(modem.0) {
            modem.plug(now);
        }
    }

    /// The modem starts anew by itself: volatile settings and a half-given text are forgotten.
    /// A power cut of computer and modem is this and [`Country::computer_cut`].
    pub fn reboot(&mut self, now: Instant, modem: ModemNo) {
        if let Some(modem) = self.modems.get_mut(modem.0) {
            modem.reboot(now);
        }
    }

    /// The modem says and hears nothing for a while, and then goes on as if it had just been
    /// told nothing: what was written meanwhile and a half-given text are lost.
    pub fn hang(&mut self, now: Instant, modem: ModemNo, lasting: Duration) {
        if let Some(modem) = self.modems.get_mut(modem.0) {
            modem.hang(now, lasting);
        }
    }

    /// The computer goes away while the modem keeps its power: what the modem had said and
    /// nobody read is lost, and a half-given text stays waiting for its end.
    pub fn computer_cut(&mut self, modem: ModemNo) {
        self.transmit.retain(|(from, _)| *from != modem);
    }

    /// Fills every free place on the SIM card with old messages of the operator.
    pub fn fill_sim(&mut self, modem: ModemNo) {
        let (utc_ms, happenings) = (self.opened_utc_ms, &mut self.happenings);
        if let Some(modem) = self.modems.get_mut(modem.0) {
            modem.fill_sim(|nth| {
                let text = format!("Dear customer, dial *101*{nth}# and win!");
                let pdu = advertisement(&text, nth, utc_ms);
                let (by, to, answering) = (String::from(ADVERTISER), String::new(), None);
                happenings
                    .push_back(Happening { utc_ms, what: What::Said { by, to, text, answering } });
                pdu
            });
        }
    }

    /// The modem says a line by itself that nobody asked for.
    pub fn babble(&mut self, now: Instant, modem: ModemNo, line: &str) {
        let moment = self.moment(now);
        if let Some(modem) = self.modems.get_mut(modem.0) {
            modem.babble(moment, line);
        }
        self.turn(moment);
    }

    /// Somebody lets a modem ring for so long and hangs up; `None`: the number is withheld. Nobody
    /// hears it where the modem has no network, or rings already.
    pub fn ring(&mut self, now: Instant, modem: ModemNo, number: Option<&str>, lasting: Duration) {
        let moment = self.moment(now);
        if let Some(modem) = self.modems.get_mut(modem.0) {
            modem.ring(moment, number, lasting);
        }
        self.turn(moment);
    }

    /// Somebody with this number sends `text` to `to`, now. The number need not be in the plan,
    /// and may be a name or a short code.
    pub fn person_says(&mut self, now: Instant, number: &str, to: &str, text: &str) {
        let moment = self.moment(now);
        self.say(moment, number, to, (text, None));
        self.turn(moment);
    }

    fn moment(&self, now: Instant) -> Moment {
        let since = now.saturating_duration_since(self.opened).as_millis();
        let since = i64::try_from(since).unwrap_or(i64::MAX);
        Moment { at: now, utc_ms: self.opened_utc_ms.saturating_add(since) }
    }

    /// Passes on what each part of the country has for another, until all are silent.
    fn turn(&mut self, moment: Moment) {
        loop {
            self.collect(moment);
            if let Some(task) = self.network.poll_task(moment.at) {
                self.attend(moment, task);
            } else if let Some(due) = self.sayings.take_due(moment.at) {
                self.speak(moment, due);
            } else {
                break;
            }
        }
    }

    fn collect(&mut self, moment: Moment) {
        let mut orders = Vec::new();
        for (nth, modem) in self.modems.iter_mut().enumerate() {
            let no = ModemNo(nth);
            while let Some(submission) = modem.poll_submission() {
                let from = self.plan.modems[nth].number.clone();
                self.network.submit(moment, Submitted { modem: no, from, submission });
            }
            orders.extend(std::iter::from_fn(|| modem.poll_order()).map(|order| (no, order)));
            if let Some(bytes) = modem.poll_output() {
                let bytes = self.wires[nth].carry(moment.at, bytes);
                self.transmit.push_back((no, bytes));
            }
            if self.network.has_waiting(no) && modem.can_take(moment.at) {
                self.network.release(moment, no);
            }
        }
        for (modem, order) in orders {
            self.obey(moment, modem, order);
        }
        while let Some(what) = self.network.poll_happening() {
            self.happenings.push_back(Happening { utc_ms: moment.utc_ms, what });
        }
    }

    fn attend(&mut self, moment: Moment, task: Task) {
        match task {
            Task::Tell(modem, no, verdict) => {
                if let Some(modem) = self.modems.get_mut(modem.0) {
                    modem.handle_verdict(moment, no, verdict);
                }
            }
            Task::Bring(no) => self.bring(moment, no),
        }
    }

    fn bring(&mut self, moment: Moment, no: MessageNo) {
        let Some(held) = self.network.message(no).cloned() else { return };
        let to = self.full_number(&held.to);
        if let Some(modem) = self.plan.modems.iter().position(|modem| modem.number == to) {
            return self.bring_to_modem(moment, ModemNo(modem), no, &held);
        }
        match self.person(&to, moment.at) {
            Some(person) => self.bring_to_person(moment, person, no, &held),
            None => self.network.failed(moment, no, NOT_OBTAINABLE),
        }
    }

    fn bring_to_modem(&mut self, moment: Moment, to: ModemNo, no: MessageNo, held: &Held) {
        if held.is_stale(moment.at) {
            return self.network.failed(moment, no, EXPIRED);
        }
        let incoming = self.network.for_modem(held);
        match self.modems[to.0].take(moment, incoming) {
            Taken::Yes => {
                self.happen(moment, received(to, held));
                self.network.arrived(moment, no);
            }
            Taken::Full | Taken::Away => self.network.wait_for(to, no),
        }
    }

    fn bring_to_person(&mut self, moment: Moment, person: usize, no: MessageNo, held: &Held) {
        match self.people[person].reach(moment.at) {
            Reach::Now => {}
            Reach::From(on_from) => return self.network.put_off(moment, no, Some(on_from)),
            Reach::Never => return self.network.put_off(moment, no, None),
            Reach::Nobody => return self.network.failed(moment, no, NOT_OBTAINABLE),
        }
        self.network.arrived(moment, no);
        let Load::Text { data, .. } = &held.load else { return };
        let Some(text) = self.people[person].receive(&held.from, data) else { return };
        let number = String::from(self.people[person].number());
        let (from, shown) = (held.from.clone(), text.clone());
        self.happen(moment, What::Delivered { to: number, from, text: shown });
        for saying in self.people[person].reply_to(&text) {
            let (to, answering) = (held.from.clone(), text.clone());
            self.sayings.put(moment.at + saying.after, Due { person, to, saying, answering });
        }
    }

    fn speak(&mut self, moment: Moment, due: Due) {
        if let Some(key) = &due.saying.key {
            self.people[due.person].has_said(key);
        }
        let number = String::from(self.people[due.person].number());
        self.say(moment, &number, &due.to, (&due.saying.text, Some(due.answering)));
    }

    fn say(
        &mut self,
        moment: Moment,
        by: &str,
        to: &str,
        (text, answering): (&str, Option<String>),
    ) {
        self.network.take_text(moment, by, to, text);
        let [by, to, text] = [by, to, text].map(String::from);
        self.happen(moment, What::Said { by, to, text, answering });
    }

    fn happen(&mut self, moment: Moment, what: What) {
        self.happenings.push_back(Happening { utc_ms: moment.utc_ms, what });
    }

    /// A number with its country code, as far as the country can tell which is meant.
    fn full_number(&self, dialled: &str) -> String {
        if dialled.starts_with('+') {
            return String::from(dialled);
        }
        if let Some(international) = dialled.strip_prefix("00") {
            return format!("+{international}");
        }
        let national = dialled.trim_start_matches('0');
        let modems = self.plan.modems.iter().map(|modem| &modem.number);
        let known = modems.chain(self.by_number.keys());
        let mut meant = known.filter(|number| number.ends_with(national));
        match (national.len() >= NATIONAL_DIGITS, meant.next()) {
            (true, Some(number)) => number.clone(),
            _ => String::from(dialled),
        }
    }

    /// Who has a number: somebody of the plan, or one of those for trying things by hand.
    fn person(&mut self, number: &str, now: Instant) -> Option<usize> {
        if let Some(person) = self.by_number.get(number) {
            return Some(*person);
        }
        PersonPlan::by_hand(number).map(|person| self.settle(person, now))
    }

    fn settle(&mut self, person: PersonPlan, now: Instant) -> usize {
        let index = self.people.len();
        self.by_number.insert(person.number.clone(), index);
        let dice = Dice::new(self.seed, NETWORK_DICE + 1 + index as u64);
        self.people.push(Handset::new(person, self.plan.pace, dice, now));
        index
    }
}

fn received(modem: ModemNo, held: &Held) -> What {
    match &held.load {
        Load::Text { data, .. } => {
            let text = String::from(data.text().unwrap_or_default());
            What::Received { modem, from: held.from.clone(), text }
        }
        Load::Report(report) => What::Reported {
            modem,
            to: held.from.clone(),
            reference: report.reference,
            status: report.status.octet(),
        },
    }
}

/// Who fills SIM cards.
const ADVERTISER: &str = "Operator";

/// One of the messages that operators fill SIM cards with.
fn advertisement(text: &str, nth: usize, utc_ms: i64) -> Encoded {
    let pieces = split(text, 0, ReferenceWidth::Eight).expect("one line fits one message");
    let seconds = utc_ms.div_euclid(1_000) - 86_400 + i64::try_from(nth).unwrap_or(0);
    let time = ServiceCentreTime::from_unix(seconds, 0);
    let from = Address::Alphanumeric(String::from(ADVERTISER));
    let data = pieces.into_iter().map(|piece| piece.data).next();
    Deliver::new(from, time, DataCoding::GSM7, data.expect("a text has a piece")).encode()
}

#[cfg(test)]
mod tests;
