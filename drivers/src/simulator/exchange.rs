//! The telephone exchange: who is rung, who answers, and what each side hears.
//!
//! It joins a modem's call with a person's phone. Times are those of a real network; the seed
//! draws them. Sound is exchanged 20 ms at a time, by whoever keeps the time.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use super::agenda::{Agenda, Moment};
use super::caller::{Caller, Deed};
use super::dice::Dice;
use super::handset::Reach;
use super::happening::What;
use super::modem::{CallNews, Order};
use super::plan::{Between, Takes};
use super::sound::{Progress, progress};
use super::voice::FRAME;
use super::{Country, ModemNo};

/// Causes of TS 24.008 §10.5.4.11.
const NO_SUCH_NUMBER: u8 = 1;
const HUNG_UP: u8 = 16;
const BUSY: u8 = 17;
const NO_ANSWER: u8 = 19;
const ABSENT: u8 = 20;
const REFUSED: u8 = 21;

/// From dialling until it rings there.
const ROUTING: Between = Between::secs(2, 6);
/// Until the network knows that a phone is off, and says so in an announcement first.
const SEARCHING: Between = Between::secs(4, 8);
/// Until the network gives up on a phone that rings.
const RINGS_FOR: Between = Between::secs(30, 50);
/// Until a mailbox answers, and how long it records.
const MAILBOX: Between = Between::secs(20, 25);
const RECORDS: Between = Between::secs(40, 60);

/// All calls that are dialled by modems now.
#[derive(Debug)]
pub(super) struct Exchange {
    talks: BTreeMap<ModemNo, Talk>,
    steps: Agenda<(ModemNo, u64, Step)>,
    dice: Dice,
    made: u64,
    /// How many calls a person did not take.
    not_taken: BTreeMap<usize, u8>,
}

#[derive(Debug)]
struct Talk {
    /// Counts calls, so that what was planned for one never befalls the next.
    nth: u64,
    person: Option<usize>,
    number: String,
    /// The person at the phone, or a mailbox, once it was answered.
    caller: Option<Caller>,
    /// What is heard before.
    early: VecDeque<i16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Rings,
    Answered(By),
    Over(u8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Person,
    Mailbox,
}

impl Exchange {
    pub(super) fn new(dice: Dice) -> Exchange {
        Exchange {
            talks: BTreeMap::new(),
            steps: Agenda::new(),
            dice,
            made: 0,
            not_taken: BTreeMap::new(),
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.steps.next()
    }
}

impl Country {
    /// Does what a modem wants of the network about calls.
    pub(super) fn obey(&mut self, moment: Moment, modem: ModemNo, order: Order) {
        match order {
            Order::Dial(number) => self.call(moment, modem, &number),
            Order::HangUp => self.end_call(moment, modem, HUNG_UP),
        }
    }

    fn call(&mut self, moment: Moment, modem: ModemNo, dialled: &str) {
        let number = self.full_number(dialled);
        let person = self.person(&number, moment.at);
        self.exchange.made += 1;
        let nth = self.exchange.made;
        let talk =
            Talk { nth, person, number: number.clone(), caller: None, early: VecDeque::new() };
        self.exchange.talks.insert(modem, talk);
        self.happen(moment, What::Called { modem, to: number });
        let mut after = Duration::ZERO;
        for (pause, step) in self.way_of_a_call(moment.at, modem, person) {
            after += self.plan.pace.of(self.exchange.dice.between(pause));
            self.exchange.steps.put(moment.at + after, (modem, nth, step));
        }
    }

    /// What will become of a call, each step so long after the one before.
    fn way_of_a_call(
        &mut self,
        now: Instant,
        modem: ModemNo,
        person: Option<usize>,
    ) -> Vec<(Between, Step)> {
        let Some(index) = person else { return vec![(ROUTING, Step::Over(NO_SUCH_NUMBER))] };
        match self.people[index].reach(now) {
            Reach::Now => {}
            Reach::From(_) | Reach::Never => return vec![(SEARCHING, Step::Over(ABSENT))],
            Reach::Nobody => return vec![(ROUTING, Step::Over(NO_SUCH_NUMBER))],
        }
        let mut others = self.exchange.talks.iter().filter(|(other, _)| **other != modem);
        if others.any(|(_, talk)| talk.person == person) {
            return vec![(ROUTING, Step::Over(BUSY))];
        }
        let plan = self.people[index].by_call().clone();
        let so_far = self.exchange.not_taken.get(&index).copied().unwrap_or(0);
        let end = match plan.takes {
            Takes::Busy => return vec![(ROUTING, Step::Over(BUSY))],
            Takes::Answers => (plan.rings, Step::Answered(By::Person)),
            Takes::AnswersAfter(most) if so_far >= most => (plan.rings, Step::Answered(By::Person)),
            Takes::Nobody | Takes::AnswersAfter(_) => (RINGS_FOR, Step::Over(NO_ANSWER)),
            Takes::Refuses => (plan.rings, Step::Over(REFUSED)),
            Takes::Mailbox => (MAILBOX, Step::Answered(By::Mailbox)),
        };
        if let Step::Over(_) = end.1 {
            self.exchange.not_taken.insert(index, so_far.saturating_add(1));
        }
        vec![(ROUTING, Step::Rings), end]
    }

    /// Takes the steps that are due.
    pub(super) fn connect_calls(&mut self, moment: Moment) {
        while let Some((modem, nth, step)) = self.exchange.steps.take_due(moment.at) {
            let is_it = |talk: &&mut Talk| talk.nth == nth;
            let Some(talk) = self.exchange.talks.get_mut(&modem).filter(is_it) else { continue };
            match step {
                Step::Rings => {
                    talk.early = progress(Progress::Ringing, RINGS_FOR.to).into();
                    self.tell_call(moment, modem, CallNews::RingsThere);
                }
                Step::Answered(by) => self.answer(moment, modem, by),
                Step::Over(cause) => {
                    self.end_call(moment, modem, cause);
                    self.tell_call(moment, modem, CallNews::Released(cause));
                }
            }
        }
    }

    fn answer(&mut self, moment: Moment, modem: ModemNo, by: By) {
        let Some(talk) = self.exchange.talks.get_mut(&modem) else { return };
        let Some(index) = talk.person else { return };
        let plan = self.people[index].by_call().clone();
        let dice = Dice::new(self.seed, super::CALL_DICE + 1 + talk.nth);
        talk.early.clear();
        talk.caller = Some(match by {
            By::Person => Caller::new(plan, dice),
            By::Mailbox => Caller::mailbox(plan, dice),
        });
        let (number, nth) = (talk.number.clone(), talk.nth);
        if by == By::Mailbox {
            let until = moment.at + self.plan.pace.of(self.exchange.dice.between(RECORDS));
            self.exchange.steps.put(until, (modem, nth, Step::Over(HUNG_UP)));
        }
        self.happen(moment, What::PickedUp { by: number });
        self.tell_call(moment, modem, CallNews::Connected);
    }

    fn end_call(&mut self, moment: Moment, modem: ModemNo, cause: u8) {
        if let Some(talk) = self.exchange.talks.remove(&modem) {
            self.happen(moment, What::CallOver { with: talk.number, cause });
        }
    }

    fn tell_call(&mut self, moment: Moment, modem: ModemNo, news: CallNews) {
        if let Some(modem) = self.modems.get_mut(modem.0) {
            modem.handle_call(moment, news);
        }
    }

    /// Gives the other side of a modem's call 20 ms of sound at 8,000 samples a second, and takes
    /// 20 ms of theirs. `None`: no sound goes through the modem's port for sound now.
    pub fn exchange_sound(
        &mut self,
        now: Instant,
        modem: ModemNo,
        frame: &[i16; FRAME],
    ) -> Option<[i16; FRAME]> {
        let moment = self.moment(now);
        if !self.modems.get(modem.0).is_some_and(super::modem::Modem::has_sound) {
            return None;
        }
        let Some(talk) = self.exchange.talks.get_mut(&modem) else { return Some([0; FRAME]) };
        let Some(caller) = &mut talk.caller else {
            let mut early = [0; FRAME];
            early.iter_mut().for_each(|sample| *sample = talk.early.pop_front().unwrap_or(0));
            return Some(early);
        };
        let person = talk.person;
        let people = &self.people;
        caller.hear(now, frame, |words| people[person?].means(words));
        let deed = caller.act(now);
        let theirs = caller.next_frame();
        let reported: Vec<char> = std::iter::from_fn(|| caller.poll_reported()).collect();
        let by = talk.number.clone();
        for key in reported {
            self.tell_call(moment, modem, CallNews::Key(key));
        }
        match deed {
            Some(Deed::Press(keys)) => self.happen(moment, What::Pressed { by, keys }),
            Some(Deed::Speak(text)) => self.happen(moment, What::Spoke { by, text }),
            Some(Deed::HangUp) => {
                self.end_call(moment, modem, HUNG_UP);
                self.tell_call(moment, modem, CallNews::Released(HUNG_UP));
            }
            None => {}
        }
        self.turn(moment);
        Some(theirs)
    }
}
