//! Whatever a port delivers, the modem's state machine neither panics, nor grows, nor writes a
//! second command while one is open.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use rollcall_drivers::modem::{
    AttemptId, Command, Event, Modem, NoAnswer, Place, Settings, SimSettings, Slot, Ussd, UssdNews,
};

/// What may happen to a modem.
#[derive(Debug, Clone)]
enum Act {
    Hear(Vec<u8>),
    Wait(u64),
    Send,
    Forget(u32),
    Dial,
    Reply,
    End,
    Restart,
    Unplug,
}

/// Pieces that mean something to the machine, so that chance gets beyond the first question.
const PIECES: &[&str] = &[
    "\r\nOK\r\n",
    "\r\n356938035643809\r\n\r\nOK\r\n",
    "\r\n+CSQ: 17,99\r\n\r\nOK\r\n",
    "\r\n+CMEE: 1\r\n\r\nOK\r\n",
    "\r\n+CPIN: READY\r\n\r\nOK\r\n",
    "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n",
    "\r\n+CSCA: \"+231770000099\",145\r\n\r\nOK\r\n",
    "\r\n+CNMI: 2,1,0,2,0\r\n\r\nOK\r\n",
    "\r\n+CPMS: 30,30,30,30,30,30\r\n\r\nOK\r\n",
    "\r\n+CMTI: \"SM\",3\r\n",
    "\r\n+CMTI: \"ME\",-1\r\n",
    "\r\n+CMGR: 0,,24\r\n07911326AA\r\n\r\nOK\r\n",
    "\r\n+CMGL: 1,0,,24\r\n07911326AA\r\n",
    "\r\n+CMT: ,24\r\n",
    "07911326\r\n",
    "\r\n> ",
    "\r\n+CMGS: 5\r\n",
    "\r\nERROR\r\n",
    "\r\n+CMS ERROR: 332\r\n",
    "\r\n+CME ERROR: 14\r\n",
    "\r\n+CSCS: \"IRA\"\r\n\r\nOK\r\n",
    "\r\n+CUSD: 1,\"1 Balance\r\n2 Data\",15\r\n",
    "\r\n+CUSD: 0,\"C2303B2D2F93417A\",15\r\n",
    "\r\n+CUSD: 2\r\n",
    "\r\n+CUSD: 4\r\n",
    "\r\n+CUSD: 1,\"lost",
    "\r\nRDY\r\n",
    "\r\n+CPIN: NOT READY\r\n",
    "\r\nSMS Ready\r\n",
    "^SMMEMFULL: \"SM\"\r\n",
    "\0",
    "\"",
];

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => proptest::sample::select(PIECES).prop_map(|text| Act::Hear(text.into())),
        3 => proptest::collection::vec(any::<u8>(), 0..60).prop_map(Act::Hear),
        4 => (0_u64..200_000).prop_map(Act::Wait),
        3 => Just(Act::Send),
        2 => (0_u32..5).prop_map(Act::Forget),
        2 => Just(Act::Dial),
        1 => Just(Act::Reply),
        1 => Just(Act::End),
        1 => Just(Act::Restart),
        1 => Just(Act::Unplug),
    ]
}

/// Turns a modem as a shell would, and checks what must hold after every act.
struct Bench {
    modem: Modem,
    now: Instant,
    sends: i64,
    ends: Vec<AttemptId>,
    network: Network,
    /// The command that was written last.
    open: Option<String>,
    ready: bool,
}

/// What was asked of the network's services, and what they have said.
#[derive(Default)]
struct Network {
    asked: u32,
    answered: u32,
    /// A menu is open: it may end by itself.
    menu: bool,
}

impl Network {
    fn note(&mut self, news: &UssdNews) {
        match news {
            UssdNews::Unasked { .. } => return,
            // A menu may be shown anew while it is open.
            UssdNews::Menu { .. } if self.menu && self.answered == self.asked => return,
            UssdNews::Menu { .. } => self.menu = true,
            UssdNews::Over(NoAnswer::Busy | NoAnswer::Unwritable) => {}
            UssdNews::Answer { .. } | UssdNews::Over(_) => {
                let by_itself = std::mem::take(&mut self.menu) && self.answered == self.asked;
                if by_itself {
                    return;
                }
            }
        }
        self.answered += 1;
    }
}

impl Bench {
    #[expect(clippy::disallowed_methods, reason = "an Instant can be made in no other way")]
    fn new() -> Bench {
        let now = Instant::now();
        let settings = Settings {
            sim: SimSettings { pin: Some("1234".to_owned()), ..SimSettings::default() },
            ..Settings::default()
        };
        let (modem, ends) = (Modem::new(settings, now), Vec::new());
        Bench { modem, now, sends: 0, ends, network: Network::default(), open: None, ready: false }
    }

    /// The same, after a set-up in which the modem obeyed everything.
    fn ready() -> Bench {
        let mut bench = Bench::new();
        for _ in 0..200 {
            if bench.ready {
                return bench;
            }
            bench.wait(Duration::from_millis(300));
            let Some(command) = bench.open.take() else { continue };
            let told = match command.trim_end() {
                "AT+CGSN" => "356938035643809\r\n\r\n",
                "AT+CSQ" => "+CSQ: 17,99\r\n\r\n",
                "AT+CMEE?" => "+CMEE: 1\r\n\r\n",
                "AT+CPIN?" => "+CPIN: READY\r\n\r\n",
                "AT+CNMI?" => "+CNMI: 2,1,0,2,0\r\n\r\n",
                "AT+CSCA?" => "+CSCA: \"+231770000099\",145\r\n\r\n",
                _ => "",
            };
            bench.act(Act::Hear(format!("\r\n{told}OK\r\n").into_bytes()));
        }
        assert!(bench.ready, "the modem is not ready after {:?}", bench.open);
        bench
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Hear(bytes) => self.modem.handle_bytes(self.now, &bytes),
            Act::Wait(millis) => return self.wait(Duration::from_millis(millis)),
            Act::Send => {
                self.sends += 1;
                let attempt = AttemptId(self.sends);
                let pdu = vec![0x00, 0x11];
                self.modem.handle_command(self.now, Command::Send { attempt, tpdu_len: 1, pdu });
            }
            Act::Forget(index) => {
                let slot = match index % 4 {
                    0 => Slot::Direct(index),
                    _ => Slot::Stored(Place { memory: "SM".to_owned(), index }),
                };
                self.modem.handle_command(self.now, Command::Forget { slot });
            }
            Act::Dial => self.ask(Ussd::Dial { code: "*124#".to_owned(), written: None }),
            Act::Reply => self.ask(Ussd::Reply { text: "1".to_owned() }),
            Act::End => self.modem.handle_command(self.now, Command::Ussd(Ussd::End)),
            Act::Restart => self.modem.handle_command(self.now, Command::Restart),
            Act::Unplug => self.modem.handle_port_gone(self.now),
        }
        self.drain();
    }

    fn ask(&mut self, ask: Ussd) {
        self.network.asked += 1;
        self.modem.handle_command(self.now, Command::Ussd(ask));
    }

    fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        let mut turns = 0;
        while let Some(due) = self.modem.poll_timeout().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.modem.handle_timeout(self.now);
            self.drain();
            turns += 1;
            assert!(turns < 5000, "the machine spins");
        }
        self.now = until;
    }

    fn drain(&mut self) {
        let mut command_lines = 0;
        while let Some(bytes) = self.modem.poll_transmit() {
            command_lines += usize::from(bytes.ends_with(b"\r"));
            self.open = Some(String::from_utf8_lossy(&bytes).into_owned());
        }
        while let Some(event) = self.modem.poll_event() {
            if let Event::Sent { attempt, .. }
            | Event::NotSent { attempt, .. }
            | Event::Unclear { attempt, .. } = event
            {
                self.ends.push(attempt);
            }
            self.ready |= matches!(event, Event::Ready(_));
            if let Event::Ussd(news) = &event {
                self.network.note(news);
            }
        }
        let size = format!("{:?}", self.modem).len();
        assert!(size < 200_000, "the machine has grown to {size}");
        assert!(command_lines <= 1, "{command_lines} commands at once");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_message_and_every_code_has_an_end_whatever_happens(acts in proptest::collection::vec(act(), 0..120)) {
        check(Bench::new(), acts)?;
    }

    #[test]
    fn the_same_holds_of_a_modem_that_was_ready(acts in proptest::collection::vec(act(), 0..60)) {
        check(Bench::ready(), acts)?;
    }
}

fn check(mut bench: Bench, acts: Vec<Act>) -> Result<(), TestCaseError> {
    for act in acts {
        bench.act(act);
    }
    // Two hours of silence lose the modem, and with it whatever was open.
    bench.wait(Duration::from_secs(7200));
    for number in 1..=bench.sends {
        let ends = bench.ends.iter().filter(|attempt| attempt.0 == number).count();
        // One end, or an unclear one that was cleared up late.
        prop_assert!((1..=2).contains(&ends), "attempt {number} has {ends} ends");
    }
    let Network { asked, answered, .. } = bench.network;
    prop_assert_eq!(asked, answered, "requests to the network, and answers");
    Ok(())
}

#[test]
fn a_day_of_nonsense_leaves_no_trace() {
    let mut bench = Bench::new();
    for number in 0..20_000_u32 {
        let line = format!("\r\n+CMTI: \"M{}\",{number}\r\n+CMT: ,{number}\r\n", number % 97);
        bench.act(Act::Hear(line.into_bytes()));
        bench.act(Act::Wait(100));
    }
}
