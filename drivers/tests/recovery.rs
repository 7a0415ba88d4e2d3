//! How soon a modem is of use again after it hung, started anew or was pulled: within three
//! seconds of the moment when it answers, whatever it was doing. The driver and the simulated
//! country, in virtual time.

use std::time::{Duration, Instant};

use rollcall_drivers::modem::{AttemptId, Command, Event, Modem, Remedy, Rules, Settings};
use rollcall_drivers::pdu::{Address, ReferenceWidth, Submit, split};
use rollcall_drivers::simulator::{Country, ModemNo, ModemPlan, Personality, Plan};

const STICK: ModemNo = ModemNo(0);
const ENOUGH: Duration = Duration::from_secs(3);
const SECOND: Duration = Duration::from_secs(1);

/// One stick at one computer.
struct Desk {
    country: Country,
    driver: Modem,
    now: Instant,
    plugged: bool,
    /// What is written until then is kept for the stick, and given to it then.
    frozen_until: Option<Instant>,
    kept: Vec<u8>,
    /// A command is given and nothing final has come.
    open: bool,
    events: Vec<(Instant, Event)>,
    wishes: Vec<Remedy>,
    written: Vec<u8>,
    sends: i64,
}

impl Desk {
    fn new(modem: ModemPlan) -> Desk {
        Desk::with(modem, Settings::default())
    }

    #[expect(clippy::disallowed_methods, reason = "an Instant can be made in no other way")]
    fn with(modem: ModemPlan, settings: Settings) -> Desk {
        let now = Instant::now();
        let plan = Plan { modems: vec![modem], ..Plan::default() };
        let mut desk = Desk {
            country: Country::new(plan, 1, now, 1_413_878_400_000),
            driver: Modem::new(settings, now),
            now,
            plugged: true,
            frozen_until: None,
            kept: Vec::new(),
            open: false,
            events: Vec::new(),
            wishes: Vec::new(),
            written: Vec::new(),
            sends: 0,
        };
        desk.drain();
        desk
    }

    fn drain(&mut self) {
        loop {
            while let Some(event) = self.driver.poll_event() {
                if let Event::Received { slot: Some(slot), .. } = &event {
                    let slot = slot.clone();
                    self.driver.handle_command(self.now, Command::Forget { slot });
                }
                self.events.push((self.now, event));
            }
            if self.driver.is_gone() && self.plugged {
                self.wishes.push(self.driver.remedy());
                self.country.computer_cut(STICK);
                self.driver.handle_command(self.now, Command::Restart);
            } else if let Some(bytes) = self.driver.poll_transmit() {
                self.open = bytes.ends_with(b"\r") || bytes.ends_with(b"\x1a");
                self.written.extend(&bytes);
                if self.frozen_until.is_some() {
                    self.kept.extend(&bytes);
                } else {
                    self.country.handle_bytes(self.now, STICK, &bytes);
                }
            } else if let Some((_, bytes)) = self.country.poll_transmit() {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                if text.contains("OK\r") || text.contains("ERROR") {
                    self.open = false;
                }
                self.driver.handle_bytes(self.now, &bytes);
            } else {
                return;
            }
        }
    }

    /// The next thing that happens, if it is not after `until`.
    fn step(&mut self, until: Instant) -> bool {
        let own = self.driver.poll_timeout();
        let country = self.country.poll_timeout().filter(|_| self.frozen_until.is_none());
        let next = own.into_iter().chain(country).chain(self.frozen_until).min();
        let Some(next) = next.filter(|next| *next <= until) else {
            self.now = until;
            return false;
        };
        self.now = self.now.max(next);
        if self.frozen_until.take_if(|until| *until <= self.now).is_some() {
            let kept = std::mem::take(&mut self.kept);
            self.country.handle_bytes(self.now, STICK, &kept);
        }
        if self.frozen_until.is_none() {
            self.country.handle_timeout(self.now);
        }
        if own.is_some_and(|own| own <= self.now) {
            self.driver.handle_timeout(self.now);
        }
        self.drain();
        true
    }

    fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        while self.step(until) {}
    }

    /// Whether a message would leave now, and the modem answers.
    fn is_of_use(&self) -> bool {
        self.plugged && self.driver.is_idle_for_sending() && !self.open
    }

    /// How long it takes from `answers` on until the modem is of use.
    fn recovers_from(&mut self, answers: Instant) -> Duration {
        self.wait(answers.saturating_duration_since(self.now));
        let at_most = answers + Duration::from_secs(600);
        while !self.is_of_use() && self.step(at_most) {}
        self.now - answers
    }

    fn send(&mut self) {
        self.sends += 1;
        let piece = split("Is your clinic open?", 0, ReferenceWidth::Eight).expect("a text");
        let to = Address::parse("+231886000001").expect("a number");
        let pdu = Submit::new(to, piece.into_iter().next().expect("a piece")).encode();
        let (attempt, tpdu_len) = (AttemptId(self.sends), pdu.tpdu_len);
        self.driver.handle_command(self.now, Command::Send { attempt, tpdu_len, pdu: pdu.octets });
        self.drain();
    }

    /// What became of the last message.
    fn ends(&self) -> Vec<String> {
        let last = AttemptId(self.sends);
        let end = |(_, event): &(Instant, Event)| match event {
            Event::Sent { attempt, .. } if *attempt == last => Some("sent".to_owned()),
            Event::NotSent { attempt, cause } if *attempt == last => Some(format!("not: {cause}")),
            Event::Unclear { attempt, .. } if *attempt == last => Some("unclear".to_owned()),
            _ => None,
        };
        self.events.iter().filter_map(end).collect()
    }

    fn unplug(&mut self) {
        self.country.unplug(STICK);
        self.plugged = false;
        self.driver.handle_port_gone(self.now);
        self.drain();
    }

    fn plug(&mut self) {
        self.country.plug(self.now, STICK);
        self.plugged = true;
        self.drain();
    }
}

/// Moments in the life of a stick: while it is set up, in its rounds, and between them.
fn moments() -> impl Iterator<Item = Duration> {
    let set_up = (0..1_300).step_by(37);
    let round = (60_900..61_600).step_by(7);
    set_up.chain(round).chain([20_000, 58_000]).map(Duration::from_millis)
}

#[test]
fn a_stick_that_hung_at_any_moment_is_of_use_three_seconds_after_it_answers() {
    for lasting in [10, 30, 75, 400].map(Duration::from_secs) {
        for moment in moments() {
            let mut desk = Desk::new(ModemPlan::numbered(1));
            desk.wait(moment);
            desk.country.hang(desk.now, STICK, lasting);
            let took = desk.recovers_from(desk.now + lasting);
            assert!(took <= ENOUGH, "hung at {moment:?} for {lasting:?}: {took:?}");
        }
    }
}

#[test]
fn a_stick_of_any_maker_that_hung_or_restarted_is_of_use_three_seconds_after_it_answers() {
    let mut works = 0;
    for personality in Personality::ALL {
        let mut desk = Desk::new(ModemPlan { personality, ..ModemPlan::numbered(1) });
        desk.wait(30 * SECOND);
        if !desk.is_of_use() {
            // It needs what the drivers do not know of it.
            continue;
        }
        works += 1;
        for moment in moments().step_by(16) {
            let mut desk = Desk::new(ModemPlan { personality, ..ModemPlan::numbered(1) });
            desk.wait(moment);
            let lasting = 30 * SECOND;
            desk.country.hang(desk.now, STICK, lasting);
            let took = desk.recovers_from(desk.now + lasting);
            let name = personality.name();
            assert!(took <= ENOUGH, "{name} hung at {moment:?}: {took:?}");
            desk.wait(moment);
            desk.country.reboot(desk.now, STICK);
            let took = desk.recovers_from(desk.now + 3 * SECOND);
            // Some say for three seconds more that their SIM is not ready.
            assert!(took <= ENOUGH + SECOND, "{name} restarted at {moment:?}: {took:?}");
        }
    }
    assert!(works >= 9, "{works} of ten kinds work at all");
}

#[test]
fn a_stick_that_was_frozen_and_hears_all_at_once_is_of_use_three_seconds_after() {
    for lasting in [2, 10, 30, 50].map(Duration::from_secs) {
        for moment in moments() {
            let mut desk = Desk::new(ModemPlan::numbered(1));
            desk.wait(moment);
            let answers = desk.now + lasting;
            desk.frozen_until = Some(answers);
            let took = desk.recovers_from(answers);
            assert!(took <= ENOUGH, "frozen at {moment:?} for {lasting:?}: {took:?}");
        }
    }
}

#[test]
fn a_stick_that_restarts_at_any_moment_is_of_use_three_seconds_after_it_answers() {
    // With a line that says so, and without one.
    for kind in ["generic", "telit"] {
        for moment in moments() {
            let personality = Personality::named(kind).expect("there is such a kind");
            let boot = Duration::from_secs(8);
            let mut desk = Desk::new(ModemPlan { personality, boot, ..ModemPlan::numbered(1) });
            desk.wait(moment);
            desk.country.reboot(desk.now, STICK);
            let took = desk.recovers_from(desk.now + Duration::from_secs(8));
            assert!(took <= ENOUGH, "{kind} restarted at {moment:?}: {took:?}");
        }
    }
}

#[test]
fn a_stick_that_was_pulled_is_of_use_three_seconds_after_it_answers() {
    for moment in moments().step_by(5) {
        for boot in (0..40).map(|tenths| Duration::from_millis(tenths * 130)) {
            let mut desk = Desk::new(ModemPlan { boot, ..ModemPlan::numbered(1) });
            desk.wait(moment);
            desk.unplug();
            desk.wait(Duration::from_secs(10));
            desk.plug();
            let took = desk.recovers_from(desk.now + boot);
            assert!(took <= ENOUGH, "pulled at {moment:?}, starts in {boot:?}: {took:?}");
        }
    }
}

#[test]
fn a_message_whose_stick_hangs_before_the_text_is_sent_or_surely_not_sent() {
    for lasting in [2, 3, 10, 40].map(Duration::from_secs) {
        let mut desk = Desk::new(ModemPlan::numbered(1));
        desk.wait(20 * SECOND);
        // From the third one on the link is kept, and the prompt is asked for at once.
        for _ in 0..3 {
            desk.send();
            while desk.ends().is_empty() && desk.step(desk.now + 10 * SECOND) {}
        }
        desk.country.hang(desk.now, STICK, lasting);
        desk.send();
        // A message takes six seconds at most.
        desk.wait(lasting + ENOUGH + 6 * SECOND);
        let ends = desk.ends();
        assert!(desk.is_of_use(), "{lasting:?}: {ends:?}");
        let sure = |end: &String| end == "sent" || end.starts_with("not: ");
        assert!(ends.len() == 1 && sure(&ends[0]), "{lasting:?}: {ends:?}");
    }
}

#[test]
fn a_message_for_a_stick_that_hangs_already_leaves_when_it_answers() {
    for before in [300, 700, 1_900].map(Duration::from_millis) {
        let mut desk = Desk::new(ModemPlan::numbered(1));
        desk.wait(20 * SECOND);
        desk.country.hang(desk.now, STICK, 30 * SECOND);
        desk.wait(30 * SECOND - before);
        desk.send();
        // A message takes six seconds at most.
        desk.wait(before + ENOUGH + 6 * SECOND);
        assert_eq!(desk.ends(), ["sent"], "{before:?}");
    }
}

#[test]
fn a_message_whose_stick_hangs_with_its_text_waits_two_minutes_and_is_unclear() {
    for lasting in [10, 30, 75, 119, 130, 200].map(Duration::from_secs) {
        let mut desk = Desk::new(ModemPlan::numbered(1));
        desk.wait(20 * SECOND);
        desk.send();
        desk.wait(SECOND);
        desk.written.clear();
        desk.country.hang(desk.now, STICK, lasting);
        let answers = desk.now + lasting;
        desk.wait(118 * SECOND);
        assert_eq!((desk.written.len(), desk.ends().len()), (0, 0), "{lasting:?}");
        desk.wait(2 * SECOND);
        assert_eq!(desk.ends(), ["unclear"], "{lasting:?}");
        let took = desk.recovers_from(answers.max(desk.now));
        assert!(took <= ENOUGH, "{lasting:?}: {took:?}");
    }
}

#[test]
fn a_message_whose_stick_says_that_it_restarted_is_unclear_at_once() {
    let mut desk = Desk::new(ModemPlan::numbered(1));
    desk.wait(20 * SECOND);
    desk.send();
    desk.wait(SECOND);
    desk.country.reboot(desk.now, STICK);
    desk.wait(6 * SECOND);
    assert_eq!(desk.ends(), ["unclear"]);
    assert!(desk.is_of_use());
}

#[test]
fn a_stick_that_restarted_in_silence_is_set_up_before_the_next_message_leaves() {
    let personality = Personality::named("telit").expect("there is such a kind");
    let mut desk = Desk::new(ModemPlan { personality, ..ModemPlan::numbered(1) });
    desk.wait(20 * SECOND);
    desk.country.reboot(desk.now, STICK);
    desk.wait(10 * SECOND);
    desk.written.clear();
    desk.send();
    desk.wait(8 * SECOND);
    let written = String::from_utf8_lossy(&desk.written).into_owned();
    assert!(written.contains("AT+CMGF=0") && !written.contains("AT+CMGS"), "{written}");
    assert_eq!(desk.ends(), ["not: the modem was not ready"]);
    desk.send();
    desk.wait(10 * SECOND);
    assert_eq!(desk.ends(), ["sent"]);
}

#[test]
fn a_stick_that_stays_silent_is_reset_moved_and_at_last_a_person_is_called() {
    let mut desk = Desk::new(ModemPlan::numbered(1));
    desk.wait(20 * SECOND);
    desk.events.clear();
    desk.written.clear();
    desk.country.hang(desk.now, STICK, 3_600 * SECOND);
    desk.wait(290 * SECOND);
    let told: Vec<String> = (desk.events.iter())
        .map(|(_, event)| match event {
            Event::Lost(why) => why.to_string(),
            Event::NeedsAttention(trouble) => trouble.to_string(),
            other => format!("{other:?}"),
        })
        .collect();
    expect_test::expect![[r#"
        the modem did not answer for 11 s
        the modem has not answered for 3 min, and nothing that can be done from here helps: unplug it, wait ten seconds, and plug it in again"#]]
    .assert_eq(&told.join("\n"));
    let resets = String::from_utf8_lossy(&desk.written).matches("AT+CFUN=1,1").count();
    assert_eq!(resets, 1);
    let moved = desk.wishes.iter().filter(|wish| **wish == Remedy::Reauthorise).count();
    assert_eq!(moved, 1, "{:?}", desk.wishes);
}

#[test]
fn the_alarm_comes_off_by_itself_when_the_stick_answers() {
    let mut desk = Desk::new(ModemPlan::numbered(1));
    desk.wait(20 * SECOND);
    desk.country.hang(desk.now, STICK, 700 * SECOND);
    desk.events.clear();
    let took = desk.recovers_from(desk.now + 700 * SECOND);
    assert!(took <= ENOUGH, "{took:?}");
    let ready = desk.events.iter().any(|(_, event)| matches!(event, Event::Ready(_)));
    assert!(ready, "{:?}", desk.events);
    desk.wait(3_600 * SECOND);
    let alarms = desk.events.iter().filter(|(_, event)| matches!(event, Event::NeedsAttention(_)));
    assert_eq!(alarms.count(), 1);
}

#[test]
fn a_port_at_which_no_modem_ever_was_is_left_alone_after_two_minutes() {
    let settings = Settings {
        standing: rollcall_drivers::modem::Standing::Found,
        recovery: Rules::default(),
        ..Settings::default()
    };
    let mut desk = Desk::with(ModemPlan::numbered(1), settings);
    desk.country.hang(desk.now, STICK, 3_600 * SECOND);
    while !desk.wishes.contains(&Remedy::Leave) && desk.step(desk.now + 100 * SECOND) {}
    assert_eq!(desk.wishes, [Remedy::Leave]);
    assert!(!String::from_utf8_lossy(&desk.written).contains("CFUN"));
    let told = desk.events.iter().filter(|(_, event)| !matches!(event, Event::Lost(_)));
    assert_eq!(told.count(), 0, "{:?}", desk.events);
}

#[test]
fn a_slow_stick_is_set_up_all_the_same() {
    for millis in [900, 1_100, 1_600, 2_500] {
        let latency = Duration::from_millis(millis);
        let mut desk = Desk::new(ModemPlan { latency, ..ModemPlan::numbered(1) });
        desk.wait(150 * SECOND);
        let ready = desk.events.iter().filter(|(_, event)| matches!(event, Event::Ready(_)));
        assert!((1..=3).contains(&ready.count()), "{millis} ms: {:?}", desk.events);
        desk.send();
        desk.wait(60 * SECOND);
        if desk.ends() != ["sent"] {
            desk.send();
            desk.wait(60 * SECOND);
        }
        assert_eq!(desk.ends(), ["sent"], "{millis} ms");
    }
}
