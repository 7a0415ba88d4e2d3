//! Records sessions with every kind of modem that the simulator knows, as transcripts.
//!
//! ```text
//! personalities            writes transcripts/NAME/*.txt
//! personalities --check    says which of them would be written otherwise; 1 if any
//! ```
//!
//! Run it from `drivers/`, or with `cargo run -p rollcall-drivers --example personalities`. What
//! changes in the driver's talk shows as a difference of these files. Time is virtual: a run takes
//! a moment, and the same code and the same simulator write the same files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use rollcall_drivers::modem::{AttemptId, Command, Event, Modem, Settings, Ussd, UssdNews};
use rollcall_drivers::pdu::{Address, ReferenceWidth, ReportRequest, Submit, split};
use rollcall_drivers::port::transcript::{asked, escape};
use rollcall_drivers::simulator::{
    Between, Country, ModemNo, ModemPlan, NetworkPlan, Pace, PersonPlan, Personality, Plan,
    Temperament,
};

const MARY: &str = "+231880000001";
const ONLY: ModemNo = ModemNo(0);
/// 2026-03-02 08:00:00 UTC.
const MORNING: i64 = 1_772_438_400_000;
/// A session that has not come so far by then is kept as it is.
const PATIENCE: Duration = Duration::from_secs(300);

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts");
    let mut differ = 0;
    for personality in Personality::ALL {
        for (name, text) in [("session", session(personality)), ("codes", codes(personality))] {
            let file = root.join(personality.name()).join(format!("{name}.txt"));
            let outcome = if check { compare(&file, &text) } else { write(&file, &text) };
            if let Err(trouble) = outcome {
                eprintln!("{}: {trouble}", file.display());
                differ += 1;
            }
        }
    }
    if differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn write(file: &PathBuf, text: &str) -> Result<(), String> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    std::fs::write(file, text).map_err(|error| error.to_string())
}

fn compare(file: &PathBuf, text: &str) -> Result<(), String> {
    let written = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    if written == text { Ok(()) } else { Err("this would be written otherwise now".to_owned()) }
}

/// Start, a text and its report, an answer, a restart by itself.
fn session(personality: Personality) -> String {
    let mut talk = Talk::with(personality, "start, a text, its report, an answer, a restart");
    talk.wait_for(|event| matches!(event, Event::Status(_)));
    talk.send("Are you at work?");
    talk.wait_for(|event| matches!(event, Event::Sent { .. } | Event::NotSent { .. }));
    talk.wait_for(|event| matches!(event, Event::Received { .. }));
    talk.wait_for(|event| matches!(event, Event::Received { .. }));
    talk.wait(Duration::from_secs(5));
    talk.country.reboot(talk.now, ONLY);
    talk.wait_for(|event| matches!(event, Event::Ready(_)));
    talk.wait_for(|event| matches!(event, Event::Status(_)));
    talk.lines
}

/// A code with a menu, a reply, and a code that is answered at once.
fn codes(personality: Personality) -> String {
    let mut talk = Talk::with(personality, "codes: a menu and a reply, then an answer at once");
    talk.wait_for(|event| matches!(event, Event::Status(_)));
    let is_menu = |event: &Event| matches!(event, Event::Ussd(UssdNews::Menu { .. }));
    let is_end =
        |event: &Event| matches!(event, Event::Ussd(UssdNews::Answer { .. } | UssdNews::Over(_)));
    talk.dial("*123#");
    talk.wait_for(|event| is_menu(event) || is_end(event));
    talk.ask(Command::Ussd(Ussd::Reply { text: "2".to_owned() }));
    talk.wait_for(is_end);
    talk.dial("*124#");
    talk.wait_for(is_end);
    talk.lines
}

/// A driver and a modem that talk in virtual time, and what they say.
struct Talk {
    modem: Modem,
    country: Country,
    begun: Instant,
    now: Instant,
    lines: String,
    events: Vec<Event>,
}

impl Talk {
    fn with(personality: Personality, what: &str) -> Talk {
        let delay = Between::secs(20, 20);
        let person = PersonPlan { delay, ..PersonPlan::new(MARY, Temperament::Completes) };
        let person = person.says("work", "yes");
        let modems = vec![ModemPlan { personality, ..ModemPlan::numbered(1) }];
        let (network, people) = (NetworkPlan::default(), vec![person]);
        let plan = Plan { modems, network, people, pace: Pace::Real };
        let now = now();
        let lines = format!(
            "# Written by examples/personalities.rs: the simulated `{}` modem: {what}.\n",
            personality.name()
        );
        let country = Country::new(plan, 1, now, MORNING);
        let modem = Modem::new(Settings::default(), now);
        let mut talk = Talk { modem, country, begun: now, now, lines, events: Vec::new() };
        talk.pass_on();
        talk
    }

    fn send(&mut self, text: &str) {
        let to = Address::parse(MARY).expect("a number");
        let pieces = split(text, 1, ReferenceWidth::Eight).expect("a short text");
        for piece in pieces {
            let submit = Submit { report: ReportRequest::Yes, ..Submit::new(to.clone(), piece) };
            let encoded = submit.encode();
            let (attempt, tpdu_len) = (AttemptId(1), encoded.tpdu_len);
            self.ask(Command::Send { attempt, tpdu_len, pdu: encoded.octets });
        }
    }

    fn dial(&mut self, code: &str) {
        self.ask(Command::Ussd(Ussd::Dial { code: code.to_owned(), written: None }));
    }

    /// Asks the driver for something, and writes it down.
    fn ask(&mut self, command: Command) {
        self.note("do", &asked(&command));
        self.modem.handle_command(self.now, command);
        self.pass_on();
    }

    fn note(&mut self, sign: &str, text: &str) {
        // To the nanosecond, so that a replay does not confuse what was almost at once.
        let time = format!("{:.9}", (self.now - self.begun).as_secs_f64());
        let (whole, part) = time.split_once('.').unwrap_or((&time, "0"));
        let part = part.trim_end_matches('0');
        self.lines.push_str(&format!("{whole}.{part:0<3} {sign} {text}\n"));
    }

    /// Passes bytes on until both are quiet. What came is forgotten as soon as it is offered, as
    /// an application does that has written it down.
    fn pass_on(&mut self) {
        loop {
            if let Some(bytes) = self.modem.poll_transmit() {
                self.note(">", &escape(&bytes));
                self.country.handle_bytes(self.now, ONLY, &bytes);
            } else if let Some(event) = self.modem.poll_event() {
                self.report(event);
            } else if let Some((_, bytes)) = self.country.poll_transmit() {
                self.note("<", &escape(&bytes));
                self.modem.handle_bytes(self.now, &bytes);
            } else {
                return;
            }
        }
    }

    fn report(&mut self, event: Event) {
        self.lines.push_str(&format!("# {event:?}\n"));
        if let Event::Received { slot: Some(slot), .. } = &event {
            let command = Command::Forget { slot: slot.clone() };
            self.note("do", &asked(&command));
            self.modem.handle_command(self.now, command);
        }
        self.events.push(event);
    }

    /// Lets time pass until something is reported, or for too long.
    fn wait_for(&mut self, is_meant: impl Fn(&Event) -> bool) {
        let end = self.now + PATIENCE;
        loop {
            if let Some(at) = self.events.iter().position(&is_meant) {
                self.events.drain(..=at);
                return;
            }
            if !self.step(end) {
                self.lines.push_str("# That did not come.\n");
                return;
            }
        }
    }

    fn wait(&mut self, long: Duration) {
        let end = self.now + long;
        while self.step(end) {}
        self.now = end;
    }

    /// To the next thing that is due. `false`: nothing is, until then.
    fn step(&mut self, end: Instant) -> bool {
        let due = [self.modem.poll_timeout(), self.country.poll_timeout()];
        let Some(next) = due.into_iter().flatten().min().filter(|next| *next <= end) else {
            return false;
        };
        self.now = self.now.max(next);
        // A replay lets the driver's own times pass before it hears what comes at the same time.
        if self.modem.poll_timeout().is_some_and(|due| due <= self.now) {
            self.modem.handle_timeout(self.now);
            self.pass_on();
        }
        if self.country.poll_timeout().is_some_and(|due| due <= self.now) {
            self.country.handle_timeout(self.now);
            self.pass_on();
        }
        true
    }
}

#[expect(clippy::disallowed_methods, reason = "an Instant can be made in no other way")]
fn now() -> Instant {
    Instant::now()
}
