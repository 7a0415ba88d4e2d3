//! What modems say, command by command, and to bytes that are no commands.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

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
            "AT+CNMI=2,1,1",
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
            +CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)
            OK
            > AT+CNMI=2,1,0,2,0
            OK
            > AT+CNMI?
            +CNMI: 2,1,0,2,0
            OK
            > AT+CNMI=2,1,0,3
            +CMS ERROR: 302
            > AT+CNMI=2,1,1
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
    fn any_bytes_leave_the_country_standing(all in proptest::collection::vec(pieces(), 0..20)) {
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

#[test]
fn a_call_rings_every_five_seconds_until_its_caller_gives_up() {
    let mut desk = Desk::with(vec![]);
    desk.set_up();
    desk.country.ring(desk.now, FIRST, Some(MARY), Duration::from_secs(6));
    desk.collect();
    assert_eq!(desk.said(), "\r\nRING\r\n");
    let listed = desk.ask("AT+CLCC");
    assert!(listed.contains("+CLCC: 1,1,4,0,0,\"+231880000001\",145\r\n"), "{listed}");
    desk.ask("AT+CLIP=1;+CRC=1");
    desk.wait(Duration::from_secs(5));
    assert_eq!(desk.said(), "\r\n+CRING: VOICE\r\n\r\n+CLIP: \"+231880000001\",145,,,,0\r\n");
    desk.wait(Duration::from_secs(60));
    assert_eq!(desk.said(), "");
    assert_eq!(desk.ask("AT+CLCC"), "\r\nOK\r\n");
}

#[test]
fn a_call_that_is_refused_rings_no_more() {
    let mut desk = Desk::with(vec![]);
    desk.set_up();
    desk.country.ring(desk.now, FIRST, None, Duration::from_secs(30));
    desk.collect();
    assert!(desk.ask("AT+CLCC").contains("+CLCC: 1,1,4,0,0,\"\",128"));
    assert!(desk.ask("AT+CHUP").ends_with("\r\nOK\r\n"));
    desk.wait(Duration::from_secs(60));
    assert_eq!(desk.said(), "");
    assert!(desk.ask("AT+CHUP").contains("ERROR"));
}
