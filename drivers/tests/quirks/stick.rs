//! A stick that answers what a test tells it to, in virtual time: the other side of [`Modem`].

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use rollcall_drivers::modem::{
    AttemptId, Command, Event, Identity, Modem, Settings, SimSettings, Slot, Trouble,
};

/// What a modem that keeps to the standard answers.
const ANSWERS: [(&str, &str); 23] = [
    ("AT", ""),
    ("AT+CGSN", "356938035643809"),
    ("AT+CSQ", "+CSQ: 17,99"),
    ("AT+CMEE?", "+CMEE: 1"),
    ("ATE0", ""),
    ("AT+CMEE=1", ""),
    ("AT+CGMR", "1.0"),
    ("AT+CPIN?", "+CPIN: READY"),
    ("AT+CCID", "+CCID: \"89231070000000000012\""),
    ("AT+CIMI", "618070000000001"),
    ("AT+CNUM", ""),
    ("AT+CMGF=0", ""),
    ("AT+CSMS=0", "+CSMS: 1,1,1"),
    ("AT+CPMS=?", "+CPMS: (\"SM\"),(\"SM\"),(\"SM\")"),
    ("AT+CPMS=\"SM\",\"SM\",\"SM\"", "+CPMS: 0,30,0,30,0,30"),
    ("AT+CNMI=2,1,0,2,0", ""),
    ("AT+CNMI?", "+CNMI: 2,1,0,2,0"),
    ("AT+CSCA?", "+CSCA: \"+231770000099\",145"),
    ("AT+CREG=1", ""),
    ("AT+CREG?", "+CREG: 1,1"),
    ("AT+COPS?", "+COPS: 0,0,\"Orange LR\",0"),
    ("AT+CPMS?", "+CPMS: \"SM\",0,30,\"SM\",0,30,\"SM\",0,30"),
    ("AT+CMGL=4", ""),
];

/// The stick and the driver at it.
pub struct Stick {
    modem: Modem,
    opened: Instant,
    now: Instant,
    /// Answers as they travel; the last one of a command is given again and again.
    answers: BTreeMap<String, VecDeque<String>>,
    /// Everything that was written to it, and when, in milliseconds.
    pub written: Vec<(u128, String)>,
    /// Everything that the driver reported.
    pub events: Vec<Event>,
    sends: i64,
}

/// An answer of lines, and that all went well.
fn obeyed(lines: &str) -> String {
    if lines.is_empty() { "\r\nOK\r\n".to_owned() } else { format!("\r\n{lines}\r\n\r\nOK\r\n") }
}

impl Stick {
    /// A stick of this maker and model.
    pub fn of(maker: &str, model: &str) -> Stick {
        Stick::set(maker, model, Settings::default())
    }

    /// The same, whose SIM may want this PIN.
    pub fn with_pin(maker: &str, model: &str, pin: &str) -> Stick {
        let sim = SimSettings { pin: Some(pin.to_owned()), ..SimSettings::default() };
        Stick::set(maker, model, Settings { sim, ..Settings::default() })
    }

    #[expect(clippy::disallowed_methods, reason = "an Instant can be made in no other way")]
    fn set(maker: &str, model: &str, settings: Settings) -> Stick {
        let now = Instant::now();
        let mut stick = Stick {
            modem: Modem::new(settings, now),
            opened: now,
            now,
            answers: BTreeMap::new(),
            written: Vec::new(),
            events: Vec::new(),
            sends: 0,
        };
        for (command, answer) in ANSWERS {
            stick = stick.answers(command, &[answer]);
        }
        stick.answers("AT+CGMI", &[maker]).answers("AT+CGMM", &[model])
    }

    /// To this command it answers these lines, one after the other, each with its `OK`.
    pub fn answers(self, command: &str, lines: &[&str]) -> Stick {
        let raw: Vec<String> = lines.iter().map(|lines| obeyed(lines)).collect();
        let raw: Vec<&str> = raw.iter().map(String::as_str).collect();
        self.says(command, &raw)
    }

    /// To this command it answers exactly this, one after the other; nothing at all for "".
    pub fn says(mut self, command: &str, raw: &[&str]) -> Stick {
        let raw = raw.iter().map(|raw| (*raw).to_owned()).collect();
        self.answers.insert(command.to_owned(), raw);
        self
    }

    /// This command is refused with this line.
    pub fn refuses(self, command: &str, line: &str) -> Stick {
        self.says(command, &[&format!("\r\n{line}\r\n")])
    }

    /// Opened and left alone for a while: the driver sets it up.
    pub fn open(mut self) -> Stick {
        self.wait(Duration::from_secs(50));
        self
    }

    /// It says this by itself.
    pub fn hear(&mut self, raw: &str) {
        self.modem.handle_bytes(self.now, raw.as_bytes());
        self.turn();
    }

    /// The application wants something.
    pub fn command(&mut self, command: Command) {
        self.modem.handle_command(self.now, command);
        self.turn();
    }

    /// A message is to be sent: its PDU has so many octets.
    pub fn send(&mut self, octets: usize) -> AttemptId {
        self.sends += 1;
        let attempt = AttemptId(self.sends);
        self.command(Command::Send { attempt, tpdu_len: octets - 1, pdu: vec![0; octets] });
        attempt
    }

    /// Everything that was received is safe.
    pub fn forget_all(&mut self) {
        let slots: Vec<Slot> = self.received().into_iter().map(|(slot, _)| slot).collect();
        for slot in slots {
            self.command(Command::Forget { slot });
        }
    }

    pub fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        self.turn();
        while let Some(due) = self.modem.poll_timeout().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.modem.handle_timeout(self.now);
            self.turn();
        }
        self.now = until;
    }

    /// Commands that were written, in order.
    pub fn commands(&self) -> Vec<&str> {
        let lines = self.written.iter().map(|(_, line)| line.as_str());
        lines.filter(|line| line.starts_with("AT")).collect()
    }

    /// How often a command was written.
    pub fn count(&self, command: &str) -> usize {
        self.commands().iter().filter(|line| **line == command).count()
    }

    /// When a command was written first, in milliseconds.
    pub fn when(&self, command: &str) -> Option<u128> {
        self.written.iter().find(|(_, line)| line == command).map(|(at, _)| *at)
    }

    /// Who the driver thinks it is, once it is set up.
    pub fn ready(&self) -> Option<&Identity> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Ready(identity) => Some(identity),
            _ => None,
        })
    }

    /// How often it was set up.
    pub fn readies(&self) -> usize {
        self.events.iter().filter(|event| matches!(event, Event::Ready(_))).count()
    }

    /// What somebody has to do.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.events.iter().rev().find_map(|event| match event {
            Event::NeedsAttention(trouble) => Some(trouble),
            _ => None,
        })
    }

    /// What came, and where it is.
    pub fn received(&self) -> Vec<(Slot, Vec<u8>)> {
        let received = self.events.iter().filter_map(|event| match event {
            Event::Received { slot: Some(slot), pdu } => Some((slot.clone(), pdu.clone())),
            _ => None,
        });
        received.collect()
    }

    /// Whether an event came.
    pub fn reported(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.events.iter().any(wanted)
    }

    /// What the driver writes is answered, until it writes nothing.
    fn turn(&mut self) {
        loop {
            while let Some(event) = self.modem.poll_event() {
                self.events.push(event);
            }
            let Some(bytes) = self.modem.poll_transmit() else { return };
            let text = String::from_utf8_lossy(&bytes);
            let mut line = text.trim_end_matches('\r').to_owned();
            if let Some(command) = line.strip_prefix('\u{1b}').filter(|rest| !rest.is_empty()) {
                line = command.to_owned();
            }
            self.written.push((self.now.duration_since(self.opened).as_millis(), line.clone()));
            let answer = self.answer(&line);
            self.modem.handle_bytes(self.now, answer.as_bytes());
        }
    }

    fn answer(&mut self, line: &str) -> String {
        match self.answers.get_mut(line) {
            Some(answers) if answers.len() > 1 => answers.pop_front().unwrap_or_default(),
            Some(answers) => answers.front().cloned().unwrap_or_default(),
            None if line.starts_with("AT+CMGS=") => "\r\n> ".to_owned(),
            None if line.ends_with('\x1a') => "\r\n+CMGS: 1\r\n\r\nOK\r\n".to_owned(),
            None if line.starts_with("AT") => "\r\nERROR\r\n".to_owned(),
            None => String::new(),
        }
    }
}
