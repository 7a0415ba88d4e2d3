//! Every profile against the simulated modem of its family, whose habits were written from other
//! sources than the profile.

use std::time::{Duration, Instant};

use rollcall_drivers::modem::{AttemptId, Command, Event, Modem, Settings};
use rollcall_drivers::pdu::{
    Address, Incoming, ReferenceWidth, ReportRequest, Submit, decode_incoming, split,
};
use rollcall_drivers::simulator::{
    Country, ModemNo, ModemPlan, PersonPlan, Personality, Plan, Temperament,
};

const MARY: &str = "+231880000001";
const FIRST: ModemNo = ModemNo(0);

/// The driver at a simulated modem.
struct Desk {
    country: Country,
    driver: Modem,
    now: Instant,
    events: Vec<Event>,
    written: String,
}

impl Desk {
    #[expect(clippy::disallowed_methods, reason = "an Instant can be made in no other way")]
    fn at(personality: Personality) -> Desk {
        let now = Instant::now();
        let modems = vec![ModemPlan { personality, ..ModemPlan::numbered(1) }];
        let people = vec![PersonPlan::new(MARY, Temperament::Completes).says("how many", "12")];
        let plan = Plan { modems, people, ..Plan::default() };
        let country = Country::new(plan, 1, now, 1_413_878_400_000);
        let driver = Modem::new(Settings::default(), now);
        let mut desk = Desk { country, driver, now, events: Vec::new(), written: String::new() };
        desk.turn();
        desk
    }

    fn turn(&mut self) {
        loop {
            let mut moved = false;
            while let Some(bytes) = self.driver.poll_transmit() {
                self.written.push_str(&String::from_utf8_lossy(&bytes));
                self.country.handle_bytes(self.now, FIRST, &bytes);
                moved = true;
            }
            while let Some((_, bytes)) = self.country.poll_transmit() {
                self.driver.handle_bytes(self.now, &bytes);
                moved = true;
            }
            while self.country.poll_happening().is_some() {}
            while let Some(event) = self.driver.poll_event() {
                if let Event::Received { slot: Some(slot), .. } = &event {
                    let slot = slot.clone();
                    self.driver.handle_command(self.now, Command::Forget { slot });
                }
                if !matches!(event, Event::Status(_)) {
                    self.events.push(event);
                }
            }
            if !moved {
                return;
            }
        }
    }

    fn wait(&mut self, long: Duration) {
        let end = self.now + long;
        loop {
            let due = [self.driver.poll_timeout(), self.country.poll_timeout()];
            let Some(next) = due.into_iter().flatten().min().filter(|next| *next <= end) else {
                self.now = end;
                return;
            };
            self.now = self.now.max(next);
            self.country.handle_timeout(self.now);
            self.driver.handle_timeout(self.now);
            self.turn();
        }
    }

    fn send(&mut self, attempt: i64, text: &str) {
        let piece = split(text, 7, ReferenceWidth::Eight).expect("the text is short").remove(0);
        let mut submit = Submit::new(Address::parse(MARY).expect("a number"), piece);
        submit.report = ReportRequest::Yes;
        let encoded = submit.encode();
        let (attempt, tpdu_len, pdu) = (AttemptId(attempt), encoded.tpdu_len, encoded.octets);
        self.driver.handle_command(self.now, Command::Send { attempt, tpdu_len, pdu });
        self.turn();
    }

    fn profile(&self) -> &'static str {
        let ready = self.events.iter().rev().find_map(|event| match event {
            Event::Ready(identity) => Some(identity.profile),
            _ => None,
        });
        ready.unwrap_or("not ready")
    }

    /// What happened last, and what was written last.
    fn told(&self) -> String {
        let events: Vec<_> = self.events.iter().rev().take(4).collect();
        let lines: Vec<&str> = self.written.split('\r').collect();
        let lines = &lines[lines.len().saturating_sub(30)..];
        format!("{events:?} {lines:?}")
    }

    fn count(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.events.iter().filter(|event| wanted(event)).count()
    }
}

fn is_answer(event: &Event) -> bool {
    let Event::Received { pdu, .. } = event else { return false };
    matches!(decode_incoming(pdu), Ok(Incoming::Deliver(_)))
}

#[test]
fn every_family_is_known_sends_hears_the_answer_and_starts_anew() {
    for personality in Personality::ALL {
        let name = personality.name();
        let mut desk = Desk::at(personality);
        desk.wait(Duration::from_secs(60));
        assert_eq!(desk.profile(), name, "{}", desk.told());
        for attempt in 1..=3 {
            desk.send(attempt, "How many packs?");
        }
        desk.wait(Duration::from_secs(7_200));
        let sent = desk.count(|event| matches!(event, Event::Sent { reference: Some(_), .. }));
        assert_eq!(sent, 3, "{name}: {}", desk.told());
        assert!(desk.count(is_answer) >= 1, "{name}: {}", desk.told());
        let before = desk.count(|event| matches!(event, Event::Ready(_)));
        desk.country.reboot(desk.now, FIRST);
        desk.wait(Duration::from_secs(300));
        let after = desk.count(|event| matches!(event, Event::Ready(_)));
        assert!(after > before, "{name}: {}", desk.told());
        assert_eq!(desk.count(|event| matches!(event, Event::NeedsAttention(_))), 0, "{name}");
    }
}
