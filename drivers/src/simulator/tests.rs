//! Dialogues with the country, as a computer at its modems has them.

use std::time::{Duration, Instant};

use expect_test::{Expect, expect};

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
        let said = |what| match what {
            &What::Said { ref text, .. } => Some(text.as_str()),
            _ => None,
        };
        self.whats().into_iter().filter_map(said).collect()
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

/// Plays lines against a fresh modem: `> ` what the computer writes, else what the modem says.
fn dialogue(lines: &[&str], expected: Expect) {
    dialogue_with(quick_modem(1), lines, expected);
}

fn dialogue_with(modem: ModemPlan, lines: &[&str], expected: Expect) {
    let mut desk = Desk::at(Plan { modems: vec![modem], ..Plan::default() }, 1);
    desk.ask("ATE0");
    let mut told = String::new();
    for line in lines {
        told += &format!("> {line}\n");
        for said in desk.ask(line).split("\r\n").filter(|said| !said.is_empty()) {
            told += &format!("{}\n", said.escape_debug().to_string().replace("\\\"", "\""));
        }
    }
    expected.assert_eq(&told);
}

#[test]
fn a_modem_says_who_it_is() {
    dialogue(
        &["AT", "ATI", "AT+CGMI", "AT+CGSN", "AT+CCID", "AT+CIMI", "AT+CNUM", "AT+GCAP"],
        expect![[r#"
            > AT
            OK
            > ATI
            Rollcall
            Simulated modem
            0.1.0
            IMEI: 356938035600015
            OK
            > AT+CGMI
            Rollcall
            OK
            > AT+CGSN
            356938035600015
            OK
            > AT+CCID
            +CCID: 8923101000000000011
            OK
            > AT+CIMI
            618990000000001
            OK
            > AT+CNUM
            +CNUM: "","+231770000001",145
            OK
            > AT+GCAP
            +GCAP: +CGSM
            OK
        "#]],
    );
}

#[test]
fn the_network_is_asked_for() {
    dialogue(
        &["AT+CPIN?", "AT+CREG?", "AT+CREG=2;+CREG?", "AT+COPS?", "AT+CSQ", "AT+CCLK?", "AT+CSCA?"],
        expect![[r#"
            > AT+CPIN?
            +CPIN: READY
            OK
            > AT+CREG?
            +CREG: 0,1
            OK
            > AT+CREG=2;+CREG?
            +CREG: 2,1,"00C3","00001A2B"
            OK
            > AT+COPS?
            +COPS: 0,0,"Lone Star Test"
            OK
            > AT+CSQ
            +CSQ: 19,99
            OK
            > AT+CCLK?
            +CCLK: "14/10/21,08:00:00+00"
            OK
            > AT+CSCA?
            +CSCA: "+231770099999",145
            OK
        "#]],
    );
}

#[test]
fn errors_have_the_form_that_was_asked_for() {
    dialogue(
        &[
            "AT+NONSENSE",
            "AT+CMEE=1",
            "AT+NONSENSE",
            "AT+CMEE=2",
            "AT+NONSENSE",
            "AT+CMEE=7",
            "AT+CMGR=1",
            "AT+CMGR=99",
            "AT+CPMS=\"XX\"",
            "AT+CMGF=1",
            "AT+CNMA",
            "ATV9",
            "AT?",
        ],
        expect![[r#"
            > AT+NONSENSE
            ERROR
            > AT+CMEE=1
            OK
            > AT+NONSENSE
            +CME ERROR: 100
            > AT+CMEE=2
            OK
            > AT+NONSENSE
            +CME ERROR: unknown
            > AT+CMEE=7
            +CME ERROR: Incorrect parameters
            > AT+CMGR=1
            +CMS ERROR: 321
            > AT+CMGR=99
            +CMS ERROR: 321
            > AT+CPMS="XX"
            +CMS ERROR: 302
            > AT+CMGF=1
            +CMS ERROR: 303
            > AT+CNMA
            +CMS ERROR: 340
            > ATV9
            ERROR
            > AT?
            ERROR
        "#]],
    );
}

#[test]
fn settings_are_read_back_as_they_were_set() {
    dialogue(
        &[
            "AT+CNMI=?",
            "AT+CNMI=2,1,0,2,0",
            "AT+CNMI?",
            "AT+CNMI=2,1,0,3",
            "AT+CPMS=?",
            "AT+CPMS=\"ME\",\"ME\",\"SM\"",
            "AT+CPMS?",
            "AT+CSMS=1",
            "AT+CSMS?",
            "ATZ",
            "AT+CNMI?",
        ],
        expect![[r#"
            > AT+CNMI=?
            +CNMI: (0-2),(0-3),(0),(0-2),(0,1)
            OK
            > AT+CNMI=2,1,0,2,0
            OK
            > AT+CNMI?
            +CNMI: 2,1,0,2,0
            OK
            > AT+CNMI=2,1,0,3
            +CMS ERROR: 302
            > AT+CPMS=?
            +CPMS: ("SM","ME"),("SM","ME"),("SM","ME")
            OK
            > AT+CPMS="ME","ME","SM"
            +CPMS: 0,100,0,100,0,30
            OK
            > AT+CPMS?
            +CPMS: "ME",0,100,"ME",0,100,"SM",0,30
            OK
            > AT+CSMS=1
            +CSMS: 1,1,0
            OK
            > AT+CSMS?
            +CSMS: 1,1,1,0
            OK
            > ATZ
            OK
            > AT+CNMI?
            AT+CNMI?\r
            +CNMI: 0,0,0,0,0
            OK
        "#]],
    );
}

#[test]
fn codes_and_echo_are_as_the_standard_says() {
    let mut desk = Desk::with(Vec::new());
    assert_eq!(desk.ask("AT"), "AT\r\r\nOK\r\n");
    assert_eq!(desk.ask("ATE0V0"), "ATE0V0\r0\r");
    assert_eq!(desk.ask("AT+CSQ"), "+CSQ: 19,99\r\n0\r");
    assert_eq!(desk.ask("AT+CSQ;+NO;+CSQ"), "+CSQ: 19,99\r\n4\r");
    assert_eq!(desk.ask("ATV1Q1"), "");
    assert_eq!(desk.ask("ATQ0"), "\r\nOK\r\n");
    assert_eq!(desk.ask("noise\x1Bat"), "\r\nOK\r\n");
    desk.write(b"A/");
    assert_eq!(desk.said(), "\r\nOK\r\n");
    assert_eq!(desk.ask("not for you"), "");
}

#[test]
fn a_wrong_pin_three_times_locks_the_card() {
    let pin = PinPlan { pin: String::from("1234"), puk: String::from("12345678") };
    let modem = ModemPlan { pin: Some(pin), ..quick_modem(1) };
    dialogue_with(
        modem,
        &[
            "AT+CMEE=2",
            "AT+CPIN?",
            "AT+CMGL=4",
            "AT+CREG?",
            "AT+CPIN=\"1\"",
            "AT+CPIN=\"2\"",
            "AT+CPIN=\"3\"",
            "AT+CPIN?",
            "AT+CPIN=\"1234\"",
            "AT+CPIN=\"0\",\"1\"",
            "AT+CPIN=\"12345678\",\"4321\"",
            "AT+CPIN?",
        ],
        expect![[r#"
            > AT+CMEE=2
            OK
            > AT+CPIN?
            +CPIN: SIM PIN
            OK
            > AT+CMGL=4
            +CMS ERROR: 311
            > AT+CREG?
            +CREG: 0,0
            OK
            > AT+CPIN="1"
            +CME ERROR: incorrect password
            > AT+CPIN="2"
            +CME ERROR: incorrect password
            > AT+CPIN="3"
            +CME ERROR: incorrect password
            > AT+CPIN?
            +CPIN: SIM PUK
            OK
            > AT+CPIN="1234"
            +CME ERROR: SIM PUK required
            > AT+CPIN="0","1"
            +CME ERROR: incorrect password
            > AT+CPIN="12345678","4321"
            OK
            > AT+CPIN?
            +CPIN: READY
            OK
        "#]],
    );
}

#[test]
fn a_text_is_sent_reported_and_answered() {
    let mut desk = Desk::with(vec![mary(Temperament::Completes)]);
    desk.set_up();
    let said = desk.send(MARY, "Do you work for the Ministry of Health?");
    assert_eq!(said, "\r\n> \r\n+CMGS: 1\r\n\r\nOK\r\n");
    desk.hours(1);
    assert_eq!(desk.said(), "\r\n+CDSI: \"SM\",1\r\n\r\n+CMTI: \"SM\",2\r\n");
    let listed = desk.ask("AT+CMGL=4");
    assert!(listed.starts_with("\r\n+CMGL: 1,0,,"), "{listed}");
    assert!(desk.ask("AT+CMGR=2").starts_with("\r\n+CMGR: 1,,"));
    assert_eq!(desk.ask("AT+CMGD=2"), "\r\nOK\r\n");
    assert_eq!(desk.ask("AT+CMGD=1,4"), "\r\nOK\r\n");
    assert_eq!(desk.ask("AT+CMGL=4"), "\r\nOK\r\n");
    assert_eq!(desk.said_by_people(), ["yes"]);
}

#[test]
fn a_text_of_another_length_than_announced_is_refused() {
    let mut desk = Desk::with(Vec::new());
    desk.set_up();
    for bad in ["00\x1A", "zz\x1A", "\x1A", "001100\x1A"] {
        assert_eq!(desk.ask("AT+CMGS=23"), "\r\n> ");
        desk.write(bad.as_bytes());
        assert_eq!(desk.said(), "\r\n+CMS ERROR: 304\r\n", "{bad}");
    }
    assert_eq!(desk.ask("AT+CMGS=200"), "\r\n+CMS ERROR: 304\r\n");
    assert!(desk.truth.is_empty());
}

#[test]
fn an_escape_ends_a_text_that_was_half_given() {
    let mut desk = Desk::with(Vec::new());
    desk.set_up();
    assert_eq!(desk.ask("AT+CMGS=23"), "\r\n> ");
    desk.country.computer_cut(FIRST);
    assert_eq!(desk.ask("AT"), "", "the stick takes this for text");
    desk.write(b"\x1B");
    assert_eq!(desk.said(), "\r\nOK\r\n");
    assert_eq!(desk.ask("AT"), "\r\nOK\r\n");
}

#[test]
fn what_comes_by_itself_waits_for_the_end_of_a_line_or_a_text() {
    let mut desk = Desk::with(Vec::new());
    desk.set_up();
    desk.write(b"AT+C");
    desk.country.person_says(desk.now, MARY, "+231770000001", "hello");
    desk.wait(Duration::from_secs(60));
    assert_eq!(desk.said(), "");
    desk.write(b"SQ\r");
    assert_eq!(desk.said(), "\r\n+CSQ: 19,99\r\n\r\nOK\r\n\r\n+CMTI: \"SM\",1\r\n");
    desk.ask("AT+CMGS=23");
    desk.country.babble(desk.now, FIRST, "^RSSI: 17");
    desk.collect();
    assert_eq!(desk.said(), "");
    desk.write(b"\x1B");
    assert_eq!(desk.said(), "\r\nOK\r\n\r\n^RSSI: 17\r\n");
}

#[test]
fn a_restart_forgets_the_settings_and_what_was_half_given() {
    let mut desk = Desk::with(Vec::new());
    desk.set_up();
    desk.ask("AT+CMGS=23");
    desk.country.reboot(desk.now, FIRST);
    assert_eq!(desk.ask("AT"), "", "it has not started yet");
    desk.wait(Duration::from_secs(3));
    assert_eq!(desk.said(), "\r\nRDY\r\n");
    assert_eq!(desk.ask("AT+CNMI?"), "AT+CNMI?\r\r\n+CNMI: 0,0,0,0,0\r\n\r\nOK\r\n");
    assert!(desk.ask("AT+CREG?").contains("+CREG: 0,2"), "it looks for its network");
    desk.wait(Duration::from_secs(3));
    assert!(desk.ask("AT+CREG?").contains("+CREG: 0,1"));
}

#[test]
fn a_full_sim_makes_messages_wait_until_there_is_room() {
    let mut desk = Desk::with(Vec::new());
    desk.set_up();
    desk.country.fill_sim(FIRST);
    desk.country.person_says(desk.now, MARY, "+231770000001", "hello");
    desk.hours(1);
    assert_eq!(desk.said(), "");
    assert_eq!(desk.ask("AT+CMGD=7"), "\r\nOK\r\n");
    desk.wait(Duration::from_secs(5));
    assert_eq!(desk.said(), "\r\n+CMTI: \"SM\",7\r\n");
}

#[test]
fn messages_wait_for_a_modem_that_is_unplugged() {
    let mut desk = Desk::with(Vec::new());
    desk.set_up();
    desk.country.unplug(FIRST);
    desk.country.person_says(desk.now, MARY, "+231770000001", "hello");
    desk.hours(1);
    assert_eq!(desk.ask("AT"), "");
    desk.country.plug(desk.now, FIRST);
    desk.wait(Duration::from_secs(20));
    desk.set_up();
    assert!(desk.ask("AT+CMGL=4").contains("+CMGL: 1,0,,"));
}

#[test]
fn a_message_handed_over_without_acknowledgement_ends_the_handing_over() {
    let mut desk = Desk::with(Vec::new());
    desk.set_up();
    desk.ask("AT+CSMS=1;+CNMI=2,2,0,2,0");
    desk.country.person_says(desk.now, MARY, "+231770000001", "hello");
    desk.wait(Duration::from_secs(13));
    assert!(desk.said().starts_with("\r\n+CMT: ,"));
    desk.hours(1);
    assert!(desk.ask("AT+CNMI?").contains("+CNMI: 2,0,0,0,0"));
    assert!(desk.ask("AT+CMGL=4").contains("+CMGL: 1,0,,"), "it is stored instead");
    assert_eq!(desk.ask("AT+CNMA"), "\r\n+CMS ERROR: 340\r\n");
}

#[test]
fn a_stored_message_is_sent_from_its_slot() {
    let mut desk = Desk::with(vec![mary(Temperament::ReadsOnly)]);
    desk.set_up();
    let pieces = split("hello", 0, ReferenceWidth::Eight).expect("short");
    let to = Address::parse(MARY).expect("a number");
    let pdu = Submit::new(to, pieces[0].clone()).encode();
    desk.ask(&format!("AT+CMGW={}", pdu.tpdu_len));
    desk.write(format!("{}\x1A", pdu.hex()).as_bytes());
    assert_eq!(desk.said(), "\r\n+CMGW: 1\r\n\r\nOK\r\n");
    desk.ask("AT+CMSS=1");
    desk.hours(1);
    assert_eq!(desk.said(), "\r\n+CMSS: 1\r\n\r\nOK\r\n");
    assert!(matches!(desk.whats()[..], [What::Accepted { .. }, What::Delivered { .. }]));
}

#[test]
fn nobody_has_the_number_and_the_report_says_so() {
    let mut desk = Desk::with(vec![PersonPlan::new(MARY, Temperament::DoesNotExist)]);
    desk.set_up();
    desk.send(MARY, "hello");
    desk.hours(1);
    let [_, What::Undelivered { status, .. }, What::Reported { status: told, .. }] =
        desk.whats()[..]
    else {
        panic!("{:?}", desk.truth)
    };
    assert_eq!((*status, *told), (NOT_OBTAINABLE, NOT_OBTAINABLE));
}

#[test]
fn a_phone_that_is_off_gets_its_message_when_it_is_on() {
    let off = Temperament::OffUntil(Duration::from_secs(5 * 3_600));
    let mut desk = Desk::with(vec![mary(off)]);
    desk.set_up();
    desk.send(MARY, "What is your full name?");
    desk.hours(4);
    assert_eq!(desk.truth.len(), 1);
    desk.hours(2);
    assert_eq!(desk.said_by_people(), ["Mary Kollie"]);
}

#[test]
fn a_phone_that_stays_off_makes_the_message_expire() {
    let mut desk = Desk::with(vec![mary(Temperament::NeverOn)]);
    desk.set_up();
    desk.send(MARY, "What is your full name?");
    desk.hours(4 * 24);
    assert!(desk.whats().contains(&&What::Undelivered { to: String::from(MARY), status: EXPIRED }));
    assert!(desk.said().contains("+CDSI"));
}

#[test]
fn people_go_as_far_as_their_temperament() {
    let cases = [
        (Temperament::Completes, vec!["yes", "1", "yes", "Mary Kollie"]),
        (Temperament::StopsAfter(1), vec!["yes", "yes"]),
        (Temperament::ReadsOnly, vec![]),
        (Temperament::SaysStop { after: 1 }, vec!["yes", "STOP"]),
        (Temperament::Echoes(String::from("I am away")), vec!["I am away"; 5]),
    ];
    for (temperament, expected) in cases {
        let mut desk = Desk::with(vec![mary(temperament)]);
        desk.set_up();
        let texts = [
            "Do you work for the Ministry of Health?",
            "WHAT KIND of staff are you?",
            "Do you work for the Ministry of Health?",
            "What is your full name?",
            "Thank you.",
        ];
        for text in texts {
            desk.send(MARY, text);
            desk.hours(1);
        }
        assert_eq!(desk.said_by_people(), expected);
    }
}

#[test]
fn who_mistypes_says_it_right_when_asked_again() {
    let mut person = mary(Temperament::Completes);
    person.habits.mistypes = PerMille::ALWAYS;
    let mut desk = Desk::with(vec![person]);
    desk.set_up();
    for text in ["What kind of staff are you?", "Sorry, not understood."] {
        desk.send(MARY, text);
        desk.hours(1);
    }
    assert_eq!(desk.said_by_people()[1..], ["1"]);
}

#[test]
fn an_answer_of_several_words_may_come_in_two_messages() {
    let mut person = mary(Temperament::Completes);
    person.habits.in_two = PerMille::ALWAYS;
    let mut desk = Desk::with(vec![person]);
    desk.set_up();
    desk.send(MARY, "What is your full name?");
    desk.hours(1);
    assert_eq!(desk.said_by_people(), ["Mary", "Kollie"]);
}

#[test]
fn a_long_question_is_read_whole_and_a_long_answer_comes_in_parts() {
    let story = "I was there. ".repeat(20);
    let person = PersonPlan::new(MARY, Temperament::Completes).says("the end?", &story);
    let mut desk = Desk::with(vec![person]);
    desk.set_up();
    desk.send(MARY, &format!("{} Is this the end?", "So it began. ".repeat(15)));
    desk.hours(1);
    assert_eq!(desk.said_by_people(), [story.as_str()]);
    let parts = |what: &&What| matches!(what, What::Received { .. });
    assert_eq!(desk.whats().into_iter().filter(parts).count(), 2);
}

#[test]
fn twins_come_twice_and_lost_results_are_not_told() {
    let network = NetworkPlan {
        rates: Rates {
            twin: PerMille::ALWAYS,
            lost_result: PerMille::ALWAYS,
            lost_report: PerMille::ALWAYS,
            ..Rates::default()
        },
        ..NetworkPlan::default()
    };
    let people = vec![mary(Temperament::Completes)];
    let mut desk =
        Desk::at(Plan { modems: vec![quick_modem(1)], network, people, ..Plan::default() }, 3);
    desk.set_up();
    assert_eq!(desk.send(MARY, "What kind?"), "\r\n> ");
    desk.hours(1);
    assert_eq!(desk.said(), "\r\n+CMTI: \"SM\",1\r\n\r\n+CMTI: \"SM\",2\r\n");
    let (first, second) = (desk.ask("AT+CMGR=1"), desk.ask("AT+CMGR=2"));
    assert_eq!(first, second);
}

#[test]
fn one_seed_tells_one_story() {
    let story = |seed| {
        let rates = Rates {
            refused: PerMille(100),
            causes: vec![38, 42, 332],
            lost_report: PerMille(200),
            late_report: PerMille(200),
            twin: PerMille(200),
            ..Rates::default()
        };
        let network = NetworkPlan { rates, ..NetworkPlan::default() };
        let people = (1..=9).map(|nth| {
            let number = format!("+23188000000{nth}");
            let mut person = PersonPlan { number, ..mary(Temperament::Completes) };
            person.habits.mistypes = PerMille(300);
            person
        });
        let people = people.collect();
        let modems = vec![ModemPlan::numbered(1)];
        let mut desk = Desk::at(Plan { modems, network, people, pace: Pace::Real }, seed);
        desk.set_up();
        for nth in 1..=9 {
            desk.send(&format!("+23188000000{nth}"), "What kind of staff are you?");
        }
        desk.hours(24);
        (desk.truth, desk.heard)
    };
    assert_eq!(story(1), story(1));
    assert_ne!(story(1), story(2));
}

#[test]
fn numbers_for_trying_by_hand_answer_by_their_last_digit() {
    let mut desk = Desk::with(Vec::new());
    desk.set_up();
    for (number, says) in [("+231777000001", 1), ("+231777000003", 0), ("0777000009", 0)] {
        desk.truth.clear();
        desk.send(number, "Do you work there? Reply yes or no.");
        desk.hours(1);
        assert_eq!(desk.said_by_people().len(), says, "{number}");
    }
}

mod any_bytes {
    use proptest::prelude::*;

    use super::*;

    fn pieces() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..40),
            "AT[ -~]{0,20}\r".prop_map(String::into_bytes),
            "AT\\+(CMG[DFLRSW]|CMSS|CNMI|CPMS|CPIN|CFUN|CSMS|CNMA)[=?]{0,2}[0-9,]{0,6}\r"
                .prop_map(String::into_bytes),
            "[0-9A-F]{0,60}\x1A".prop_map(String::into_bytes),
        ]
    }

    proptest! {
        #[test]
        fn never_make_the_country_panic(all in proptest::collection::vec(pieces(), 0..20)) {
            let mut desk = Desk::with(vec![mary(Temperament::Completes)]);
            for bytes in all {
                desk.write(&bytes);
                desk.wait(Duration::from_secs(2));
            }
            desk.write(b"\x1B\rATE0Q0V1\r");
            desk.wait(Duration::from_secs(20));
            desk.said();
            desk.write(b"\rAT\r");
            desk.wait(Duration::from_secs(20));
            prop_assert!(desk.said().contains("OK"));
        }
    }
}
