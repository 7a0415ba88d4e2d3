//! Dialogues with the country, as a computer at its modems has them: the desk at which they are
//! held. What modems say is in `dialogues`, how their kinds differ in `personalities`, what goes
//! wrong with them in `faults`, what network
//! and people do in `stories`.

mod dialogues;
mod faults;
mod personalities;
mod stories;

use std::time::{Duration, Instant};

use super::*;
use crate::pdu::{ReportRequest, Submit};

/// A computer at the modems of a country, in virtual time.
struct Desk {
    country: Country,
    now: Instant,
    heard: Vec<Vec<u8>>,
    truth: Vec<Happening>,
}

const FIRST: ModemNo = ModemNo(0);
const MARY: &str = "+231880000001";
/// 2014-10-21 08:00:00 UTC.
const MORNING: i64 = 1_413_878_400_000;

impl Desk {
    fn at(plan: Plan, seed: u64) -> Desk {
        #[expect(clippy::disallowed_methods, reason = "any instant will do as the first")]
        let now = Instant::now();
        let heard = vec![Vec::new(); plan.modems.len()];
        Desk { country: Country::new(plan, seed, now, MORNING), now, heard, truth: Vec::new() }
    }

    fn with(people: Vec<PersonPlan>) -> Desk {
        Desk::at(Plan { modems: vec![quick_modem(1)], people, ..Plan::default() }, 1)
    }

    fn collect(&mut self) {
        while let Some((modem, bytes)) = self.country.poll_transmit() {
            self.heard[modem.0].extend(bytes);
        }
        while let Some(happening) = self.country.poll_happening() {
            self.truth.push(happening);
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.country.handle_bytes(self.now, FIRST, bytes);
        self.collect();
    }

    fn wait(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(next) = self.country.poll_timeout().filter(|next| *next <= end) {
            self.now = self.now.max(next);
            self.country.handle_timeout(self.now);
            self.collect();
        }
        self.now = end;
    }

    fn hours(&mut self, hours: u64) {
        self.wait(Duration::from_secs(hours * 3_600));
    }

    /// What the first modem said since last asked.
    fn said(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.heard[0])).into_owned()
    }

    /// Writes a line, waits a moment, and tells what the modem said.
    fn ask(&mut self, line: &str) -> String {
        self.write(format!("{line}\r").as_bytes());
        self.wait(Duration::from_millis(50));
        self.said()
    }

    /// Sets the modem up as an office does.
    fn set_up(&mut self) {
        for line in ["ATE0", "AT+CMGF=0", "AT+CMEE=1", "AT+CNMI=2,1,0,2,0"] {
            let said = self.ask(line);
            assert!(said.ends_with("OK\r\n"), "{line}: {said}");
        }
    }

    /// Sends a text to the end, with a report, and tells what the modem said.
    fn send(&mut self, to: &str, text: &str) -> String {
        let pieces = split(text, 7, ReferenceWidth::Eight).expect("the text is short");
        let mut said = String::new();
        for piece in pieces {
            let mut submit = Submit::new(Address::parse(to).expect("a number"), piece);
            submit.report = ReportRequest::Yes;
            let pdu = submit.encode();
            said += &self.ask(&format!("AT+CMGS={}", pdu.tpdu_len));
            self.write(format!("{}\x1A", pdu.hex()).as_bytes());
            self.wait(Duration::from_secs(8));
            said += &self.said();
        }
        said
    }

    fn whats(&self) -> Vec<&What> {
        self.truth.iter().map(|happening| &happening.what).collect()
    }

    fn said_by_people(&self) -> Vec<&str> {
        let mut said = Vec::new();
        for happening in &self.truth {
            if let What::Said { text, .. } = &happening.what {
                said.push(text.as_str());
            }
        }
        said
    }
}

fn quick_modem(nth: u16) -> ModemPlan {
    ModemPlan { latency: Duration::ZERO, ..ModemPlan::numbered(nth) }
}

fn mary(temperament: Temperament) -> PersonPlan {
    PersonPlan::new(MARY, temperament)
        .says("ministry of health", "yes")
        .says("what kind", "1")
        .says("full name", "Mary Kollie")
}
