//! The simulated run: switchboard, drivers and country on one thread, in virtual time.
//!
//! One loop, one seed, one order. The loop delivers every byte and event that is due; when all
//! are silent it jumps to the earliest timeout. Instant and Timestamp are moved together. The
//! production code does not know that it is not in the real world. Who uses it: `demo`, the
//! bench in hil-tests, benches.

pub mod invariants;
mod line;
pub mod pilot;
pub mod story;

use crate::clock;
use crate::model::Sound;
use crate::store::{Commits, Home, Reader, Store};
use crate::switchboard::{
    Chance, Command, Event, ModemNo, Reply, ReplyTo, Request, Settings, Switchboard,
};
use anyhow::{Context, Result};
use invariants::{Violated, Watch};
use jiff::{SignedDuration, Timestamp};
use line::{Line, Spelt};
use rollcall_drivers::modem::{self, CallEvent, CallId, Modem, Remedy};
use rollcall_drivers::simulator::{self, Country, Happening, Plan};
use std::time::{Duration, Instant};
use story::Story;

/// The modem's round of "how are you": seldom, for every round costs as much as a message.
const ROUND: Duration = Duration::from_secs(6 * 3_600);

/// A world that is running.
pub struct World {
    base: Instant,
    seed: u64,
    /// How often the computer was switched on again.
    starts: u64,
    begun: Timestamp,
    /// How long the world has run.
    elapsed: Duration,
    home: Home,
    settings: Settings,
    country: Country,
    modems: Vec<Carried>,
    /// How often a port came back by itself: each time under another name.
    came_back: u32,
    switchboard: Option<Switchboard>,
    reader: Reader,
    waiting: Vec<Event>,
    /// When the oldest of the waiting events came.
    oldest: Option<Duration>,
    /// How long events are gathered before they are handed over together.
    gather: Duration,
    /// How far the office's clock is off.
    clock_off: SignedDuration,
    truth: Vec<Happening>,
    replies: Vec<Reply>,
    commits: Commits,
    steps: u64,
    story: Story,
    watch: Option<Watch>,
    spelt: Spelt,
}

/// One modem of the country and our driver for it.
struct Carried {
    driver: Modem,
    number: ModemNo,
    plugged: bool,
    /// The sound of its call, once it is on.
    line: Option<Line>,
    /// What is to be played as soon as it is.
    to_play: Option<(CallId, Sound)>,
}

impl Carried {
    /// Whether the shell would open the port again at once.
    fn wants_port(&self) -> bool {
        self.plugged && self.driver.is_gone() && self.driver.remedy() != Remedy::Leave
    }
}

impl Carried {
    /// Something happens to a call of this modem.
    fn call(
        &mut self,
        (now, elapsed): (Instant, Duration),
        call: CallId,
        event: &CallEvent,
        spelt: &mut Spelt,
    ) {
        match event {
            CallEvent::SoundOn => {
                let mut line = Line::new(call, elapsed);
                if let Some((_, sound)) = self.to_play.take_if(|(id, _)| *id == call) {
                    line.play(&sound, spelt);
                }
                self.line = Some(line);
            }
            CallEvent::Key(key) => {
                self.line.iter_mut().for_each(|line| line.report(now, *key));
            }
            CallEvent::Ended(_) => {
                self.line = None;
                self.to_play = None;
            }
            CallEvent::Rings { .. }
            | CallEvent::RingsThere
            | CallEvent::Answered
            | CallEvent::NoSound(_) => {}
        }
    }

    fn play(&mut self, call: CallId, sound: Sound, spelt: &mut Spelt) {
        match self.line.as_mut().filter(|line| line.call == call) {
            Some(line) => line.play(&sound, spelt),
            None => self.to_play = Some((call, sound)),
        }
    }
}

/// What a power cut takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The computer alone; modems keep their power, and a half-given message.
    Computer,
    /// The computer and all modems.
    Everything,
}

impl World {
    /// A world that begins at `begun`.
    ///
    /// # Errors
    /// The store cannot be opened.
    pub async fn open(
        home: Home,
        settings: Settings,
        plan: Plan,
        seed: u64,
        begun: Timestamp,
    ) -> Result<World> {
        let base = clock::instant();
        let count = plan.modems.len();
        let country = Country::new(plan, seed, base, begun.as_millisecond());
        let (store, reader) = Store::open(&home, clock::stopwatch).await?;
        let chance = chance(seed, 0);
        let opened = Switchboard::open(store, settings.clone(), chance, begun).await?;
        let mut world = World {
            base,
            seed,
            starts: 0,
            begun,
            elapsed: Duration::ZERO,
            home,
            settings,
            country,
            modems: Vec::new(),
            came_back: 0,
            switchboard: Some(opened.0),
            reader,
            waiting: Vec::new(),
            oldest: None,
            gather: Duration::ZERO,
            clock_off: SignedDuration::ZERO,
            truth: Vec::new(),
            replies: Vec::new(),
            commits: Commits::default(),
            steps: 0,
            story: Story::default(),
            watch: None,
            spelt: Spelt::default(),
        };
        world.dispatch(opened.1);
        world.plug_all(count);
        Ok(world)
    }

    fn plug_all(&mut self, count: usize) {
        let now = self.instant();
        self.modems = (0..count).map(|at| carried(at, 0, now)).collect();
        for at in 0..count {
            self.announce(at, port_of(at));
        }
    }

    fn announce(&mut self, at: usize, port: String) {
        self.waiting.push(Event::Plugged { modem: self.modems[at].number, port });
    }

    /// The monotonic time of the drivers.
    fn instant(&self) -> Instant {
        self.base + self.elapsed
    }

    /// What the time is in the country.
    pub fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.elapsed).unwrap_or(SignedDuration::MAX);
        self.begun + elapsed
    }

    /// Steps taken so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Asks the office for something and takes its reply.
    ///
    /// # Errors
    /// The switchboard failed.
    pub async fn ask(&mut self, request: Request) -> Result<Reply> {
        self.waiting.push(Event::Request(request, ReplyTo(0)));
        self.hand_over().await?;
        self.replies.pop().context("the office did not reply")
    }

    /// Runs until `until`, or until nothing is due any more.
    ///
    /// # Errors
    /// The switchboard failed: a bug. Or something that must hold does not: [`Violated`].
    pub async fn run_until(&mut self, until: Timestamp) -> Result<()> {
        while self.step(until).await? {}
        Ok(())
    }

    /// Runs until `until`, also where nothing is due any more and the time only passes.
    ///
    /// # Errors
    /// The switchboard failed: a bug. Or something that must hold does not: [`Violated`].
    pub async fn wait_until(&mut self, until: Timestamp) -> Result<()> {
        self.run_until(until).await?;
        let end = Duration::try_from(until.duration_since(self.begun)).unwrap_or_default();
        self.elapsed = self.elapsed.max(end);
        Ok(())
    }

    /// One step: everything due now, then on to the next time. `false`: `until` is reached.
    ///
    /// # Errors
    /// The switchboard failed: a bug.
    pub async fn step(&mut self, until: Timestamp) -> Result<bool> {
        self.steps += 1;
        self.drain();
        if !self.waiting.is_empty() {
            let oldest = *self.oldest.get_or_insert(self.elapsed);
            if self.elapsed >= oldest + self.gather {
                self.hand_over().await?;
                return Ok(true);
            }
        }
        let gathered = self.oldest.map(|oldest| oldest + self.gather);
        let Some(next) = self.next_time().into_iter().chain(gathered).min() else {
            return Ok(false);
        };
        let end = Duration::try_from(until.duration_since(self.begun)).unwrap_or_default();
        if next > end {
            self.elapsed = self.elapsed.max(end);
            return Ok(false);
        }
        self.elapsed = self.elapsed.max(next);
        self.fire();
        Ok(true)
    }

    /// Moves all bytes and collects all events until everybody is silent.
    fn drain(&mut self) {
        let now = self.instant();
        let mut moved = true;
        while moved {
            moved = false;
            while let Some((modem, bytes)) = self.country.poll_transmit() {
                moved = true;
                if self.modems[modem.0].plugged {
                    self.modems[modem.0].driver.handle_bytes(now, &bytes);
                }
            }
            for at in 0..self.modems.len() {
                let carried = &mut self.modems[at];
                while let Some(bytes) = carried.driver.poll_transmit() {
                    moved = true;
                    self.country.handle_bytes(now, simulator::ModemNo(at), &bytes);
                }
                while let Some(event) = carried.driver.poll_event() {
                    moved = true;
                    if let modem::Event::Call(call, event) = &event {
                        carried.call((now, self.elapsed), *call, event, &mut self.spelt);
                    }
                    self.waiting.push(Event::Modem(carried.number, event));
                }
                if carried.wants_port() {
                    carried.driver.handle_command(now, modem::Command::Restart);
                    moved = true;
                }
            }
        }
        while let Some((modem, port)) = self.country.poll_port() {
            match port {
                simulator::Port::Gone => self.hang_up(modem.0),
                simulator::Port::Back => {
                    self.came_back += 1;
                    self.carry_anew(modem.0, format!("{}-{}", port_of(modem.0), self.came_back));
                }
            }
        }
        while let Some(happening) = self.country.poll_happening() {
            self.truth.push(happening);
        }
    }

    /// Hands everything that waits to the switchboard: one transaction.
    async fn hand_over(&mut self) -> Result<()> {
        let now = self.now() + self.clock_off;
        let events = std::mem::take(&mut self.waiting);
        self.oldest = None;
        let switchboard = self.switchboard.as_mut().context("the computer is off")?;
        let commands = switchboard.handle(now, events).await?;
        self.dispatch(commands);
        self.look().await
    }

    /// From now on what must hold is checked after every transaction, and the story is told.
    pub fn keep_watch(&mut self) {
        self.watch = Some(Watch::default());
    }

    async fn look(&mut self) -> Result<()> {
        let Some(mut watch) = self.watch.take() else { return Ok(()) };
        let wrong = watch.look(self).await;
        self.watch = Some(watch);
        let wrong = wrong?;
        if wrong.is_empty() { Ok(()) } else { Err(Violated(wrong).into()) }
    }

    /// Checks what must hold when all has come to rest: no reply was lost.
    ///
    /// # Errors
    /// [`Violated`], or the store cannot be read.
    pub async fn must_be_at_rest(&mut self) -> Result<()> {
        self.look().await?;
        let Some(watch) = &self.watch else { return Ok(()) };
        let wrong = watch.at_rest(self).await?;
        if wrong.is_empty() { Ok(()) } else { Err(Violated(wrong).into()) }
    }

    /// What happened so far, a line an event; told since [`World::keep_watch`].
    pub fn story(&self) -> &[String] {
        self.story.lines()
    }

    /// A line of the story that the teller adds.
    fn tell(&mut self, kind: &str, what: &str) {
        if self.watch.is_some() {
            let now = self.now();
            self.story.add(now, kind, what);
        }
    }

    fn dispatch(&mut self, commands: Vec<Command>) {
        let now = self.instant();
        for command in commands {
            match command {
                Command::Modem(number, command) => {
                    if let Some(carried) = self.modems.iter_mut().find(|m| m.number == number) {
                        carried.driver.handle_command(now, command);
                    }
                }
                Command::Reply(_, reply) => self.replies.push(reply),
                Command::Sound(number, call, sound) => {
                    if let Some(carried) = self.modems.iter_mut().find(|m| m.number == number) {
                        carried.play(call, sound, &mut self.spelt);
                    }
                }
                Command::Show(happening) | Command::Warn(happening) => {
                    tracing::debug!("{} {happening}", self.now());
                    self.tell("office", &happening.to_string());
                }
            }
        }
    }

    /// The earliest time at which anything happens by itself, counted from the beginning.
    fn next_time(&self) -> Option<Duration> {
        let drivers =
            self.modems.iter().filter(|m| m.plugged).filter_map(|m| m.driver.poll_timeout());
        let instants = drivers.chain(self.country.poll_timeout());
        let earliest = instants.min().map(|at| at.saturating_duration_since(self.base));
        let waits = self.waiting.iter().any(|event| matches!(event, Event::Deadline));
        let deadline = self.deadline().filter(|_| !waits);
        let lines = self.modems.iter().filter_map(|carried| carried.line.as_ref());
        let frame = lines.map(|line| line.next).min();
        [earliest, deadline, frame].into_iter().flatten().min()
    }

    fn deadline(&self) -> Option<Duration> {
        let deadline = self.switchboard.as_ref()?.next_deadline()? - self.clock_off;
        Some(Duration::try_from(deadline.duration_since(self.begun)).unwrap_or_default())
    }

    fn fire(&mut self) {
        let now = self.instant();
        let due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if due(self.country.poll_timeout()) {
            self.country.handle_timeout(now);
        }
        for carried in self.modems.iter_mut().filter(|carried| carried.plugged) {
            if due(carried.driver.poll_timeout()) {
                carried.driver.handle_timeout(now);
            }
        }
        self.move_sound(now);
        let waits = self.waiting.iter().any(|event| matches!(event, Event::Deadline));
        if !waits && self.deadline().is_some_and(|at| at <= self.elapsed) {
            self.waiting.push(Event::Deadline);
        }
    }

    /// Frames that are due, both ways.
    fn move_sound(&mut self, now: Instant) {
        for at in 0..self.modems.len() {
            let carried = &mut self.modems[at];
            let Some(line) = carried.line.as_mut().filter(|line| line.next <= self.elapsed) else {
                continue;
            };
            let country = &mut self.country;
            let exchange = |ours: &_| country.exchange_sound(now, simulator::ModemNo(at), ours);
            if let Some(heard) = line.tick(now, exchange) {
                self.waiting.push(Event::Heard(carried.number, line.call, heard));
            }
        }
    }

    /// The light goes out: whatever was not committed is gone. The computer starts again after
    /// `dark`.
    ///
    /// # Errors
    /// The store cannot be opened again: the worst of bugs.
    pub async fn cut(&mut self, cut: Cut, dark: Duration) -> Result<()> {
        let count = self.modems.len();
        let takes = match cut {
            Cut::Computer => "the computer only",
            Cut::Everything => "the computer and all sticks",
        };
        self.tell("CUT", takes);
        if let Some(switchboard) = self.switchboard.take() {
            self.add_commits(switchboard.commits());
            drop(switchboard);
        }
        self.waiting.clear();
        self.oldest = None;
        for at in 0..count {
            self.modems[at].plugged = false;
            if cut == Cut::Everything {
                self.country.reboot(self.instant(), simulator::ModemNo(at));
            }
            self.country.computer_cut(simulator::ModemNo(at));
        }
        self.stay_dark(dark);
        let (store, reader) = Store::open(&self.home, clock::stopwatch).await?;
        let now = self.now() + self.clock_off;
        self.starts += 1;
        let (settings, chance) = (self.settings.clone(), chance(self.seed, self.starts));
        let (switchboard, commands) = Switchboard::open(store, settings, chance, now).await?;
        (self.switchboard, self.reader) = (Some(switchboard), reader);
        let now = self.instant();
        for (at, old) in self.modems.iter_mut().enumerate() {
            *old = carried(at, old.number.0 + 100, now);
        }
        (0..count).for_each(|at| self.announce(at, port_of(at)));
        self.tell("start", "the computer is on again");
        self.dispatch(commands);
        self.look().await
    }

    /// The country goes on while the computer is off.
    fn stay_dark(&mut self, dark: Duration) {
        let end = self.elapsed + dark;
        loop {
            while self.country.poll_transmit().is_some() {}
            while let Some(happening) = self.country.poll_happening() {
                self.truth.push(happening);
            }
            let next =
                self.country.poll_timeout().map(|at| at.saturating_duration_since(self.base));
            match next.filter(|next| *next <= end) {
                Some(next) => {
                    self.elapsed = self.elapsed.max(next);
                    self.country.handle_timeout(self.instant());
                }
                None => break,
            }
        }
        self.elapsed = end;
    }

    /// Somebody pulls a stick.
    pub fn unplug(&mut self, at: usize) {
        self.tell("PULLED", &port_of(at));
        self.country.unplug(simulator::ModemNo(at));
        self.hang_up(at);
    }

    /// The port of a stick is gone.
    fn hang_up(&mut self, at: usize) {
        let now = self.instant();
        if !std::mem::replace(&mut self.modems[at].plugged, false) {
            return;
        }
        self.modems[at].driver.handle_port_gone(now);
        while let Some(event) = self.modems[at].driver.poll_event() {
            self.waiting.push(Event::Modem(self.modems[at].number, event));
        }
        self.waiting.push(Event::Gone(self.modems[at].number));
    }

    /// The stick is back, under another handle.
    pub fn plug(&mut self, at: usize) {
        let now = self.instant();
        self.tell("plugged", &port_of(at));
        self.country.plug(now, simulator::ModemNo(at));
        self.carry_anew(at, port_of(at));
    }

    fn carry_anew(&mut self, at: usize, port: String) {
        let now = self.instant();
        self.hang_up(at);
        self.modems[at] = carried(at, self.modems[at].number.0 + 100, now);
        self.announce(at, port);
    }

    /// A modem starts anew by itself.
    pub fn reboot(&mut self, at: usize) {
        self.tell("REBOOT", &port_of(at));
        self.country.reboot(self.instant(), simulator::ModemNo(at));
    }

    /// A modem says nothing for so long.
    pub fn hang(&mut self, at: usize, duration: Duration) {
        self.tell("HANGS", &format!("{} for {} s", port_of(at), duration.as_secs()));
        self.country.hang(self.instant(), simulator::ModemNo(at), duration);
    }

    /// The country itself, for its other faults.
    pub fn country(&mut self) -> (&mut Country, Instant) {
        let now = self.instant();
        (&mut self.country, now)
    }

    /// Events are gathered for so long and handed over together, as a slow computer would: fewer
    /// transactions, each with more in it.
    pub fn gather_for(&mut self, gather: Duration) {
        self.gather = gather;
    }

    /// Sets the office's clock off by this much.
    pub fn set_clock_off(&mut self, off: SignedDuration) {
        self.clock_off = off;
    }

    /// What really happened, as nobody inside knows it.
    pub fn truth(&self) -> &[Happening] {
        &self.truth
    }

    /// The store, for reading.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// What was made durable, over all starts.
    pub fn commits(&self) -> Commits {
        let now = self.switchboard.as_ref().map(Switchboard::commits).unwrap_or_default();
        Commits { count: self.commits.count + now.count, time: self.commits.time + now.time }
    }

    fn add_commits(&mut self, more: Commits) {
        self.commits.count += more.count;
        self.commits.time += more.time;
    }

    /// Ends the world and closes its store.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn close(mut self) -> Result<()> {
        match self.switchboard.take() {
            Some(switchboard) => switchboard.close().await,
            None => Ok(()),
        }
    }
}

/// The port that a simulated modem is found at: what `Find::ByPort` names.
pub fn port_of(at: usize) -> String {
    format!("simulated-{}", at + 1)
}

/// The office's chance in the world of a seed: another one after each start.
fn chance(seed: u64, starts: u64) -> Chance {
    let mut chance = [0; 32];
    chance[..8].copy_from_slice(&seed.to_be_bytes());
    chance[8..16].copy_from_slice(&starts.to_be_bytes());
    Chance(chance)
}

fn carried(at: usize, base: u32, now: Instant) -> Carried {
    let settings =
        modem::Settings { round: ROUND, round_untold: ROUND, ..modem::Settings::default() };
    let number = ModemNo(if base == 0 { u32::try_from(at).unwrap_or(0) + 1 } else { base });
    let driver = Modem::new(settings, now);
    Carried { driver, number, plugged: true, line: None, to_play: None }
}
