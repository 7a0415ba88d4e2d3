//! How kinds of modems differ, and that each of them does its work.

use expect_test::{Expect, expect};

use super::*;

/// A desk at one modem of this kind, which has been plugged in for a while.
fn desk(name: &str, people: Vec<PersonPlan>) -> Desk {
    let personality = Personality::named(name).expect("a name of a personality");
    let modems = vec![ModemPlan { personality, ..quick_modem(1) }];
    let mut desk = Desk::at(Plan { modems, people, ..Plan::default() }, 1);
    desk.ask("ATE0");
    desk
}

fn dialogue(name: &str, lines: &[&str], expected: Expect) {
    let mut desk = desk(name, Vec::new());
    let mut told = String::new();
    for line in lines {
        told += &format!("> {line}\n");
        for said in desk.ask(line).split("\r\n").filter(|said| !said.is_empty()) {
            told += &format!("{}\n", said.escape_debug().to_string().replace("\\\"", "\""));
        }
    }
    expected.assert_eq(&told);
}

/// Sets the modem up as a careful program does: the first way that it takes.
fn agree(desk: &mut Desk) -> String {
    for line in ["AT+CMGF=0", "AT+CMEE=1"] {
        let said = desk.ask(line);
        assert!(said.ends_with("OK\r\n"), "{line}: {said:?}");
    }
    for routing in ["2,1,0,2,0", "1,1,0,2,0", "2,1,0,1,0", "1,1,0,1,0", "2,1,0,0,1"] {
        if desk.ask(&format!("AT+CNMI={routing}")).ends_with("OK\r\n") {
            return String::from(routing);
        }
    }
    panic!("it takes none");
}

fn send(desk: &mut Desk, text: &str) -> String {
    let piece = split(text, 7, ReferenceWidth::Eight).expect("the text is short").remove(0);
    let mut submit = Submit::new(Address::parse(MARY).expect("a number"), piece);
    submit.report = ReportRequest::Yes;
    let pdu = submit.encode();
    desk.write(format!("AT+CMGS={}\r", pdu.tpdu_len).as_bytes());
    desk.wait(Duration::from_secs(1));
    let mut said = desk.said();
    assert!(said.contains('>'), "{said:?}");
    desk.write(format!("{}\x1A", pdu.hex()).as_bytes());
    desk.wait(Duration::from_secs(8));
    said += &desk.said();
    said
}

#[test]
fn every_personality_sends_is_reported_to_and_hears_the_answer() {
    for personality in Personality::ALL {
        let name = personality.name();
        let mut desk = desk(name, vec![mary(Temperament::Completes)]);
        agree(&mut desk);
        let said = send(&mut desk, "What kind?");
        assert!(said.contains("+CMGS: 1\r\n") && said.contains("\r\nOK\r\n"), "{name}: {said:?}");
        desk.hours(1);
        let said = desk.said();
        let told = said.lines().find(|line| line.starts_with("+CMTI: ")).expect(name);
        let (place, index) = told[7..].split_once(',').expect("a place and an index");
        desk.ask(&format!("AT+CPMS={place}"));
        let read = desk.ask(&format!("AT+CMGR={index}"));
        assert!(read.contains("+CMGR: 0,") && read.ends_with("OK\r\n"), "{name}: {read:?}");
        assert!(desk.ask(&format!("AT+CMGD={index}")).ends_with("OK\r\n"), "{name}");
        assert!(!desk.ask("AT+CMGL=4").contains(&format!("+CMGL: {index},")), "{name}");
        let reported = |what: &&What| matches!(what, What::Reported { .. });
        assert_eq!(desk.whats().into_iter().filter(reported).count(), 1, "{name}");
    }
}

#[test]
fn a_restart_is_told_in_the_words_of_the_maker() {
    let mut told = String::new();
    for personality in Personality::ALL {
        let mut desk = desk(personality.name(), Vec::new());
        desk.country.reboot(desk.now, FIRST);
        desk.wait(Duration::from_secs(12));
        let said = desk.said().replace("\r\r\n", "\r\n").replace('\0', "");
        let lines: Vec<&str> = said.split("\r\n").filter(|line| !line.is_empty()).collect();
        told += &format!("{}: {}\n", personality.name(), lines.join(" | "));
    }
    expect![[r#"
        generic: RDY
        huawei: ^BOOT:36214507,0,0,0,20 | ^SIMST:1 | ^SRVST:2 | ^MODE:5,4
        zte: +ZUSIMR:2 | +ZPSTM: 0,1 | +ZDONR: "Lone Star Test",618,99,"CS_ONLY","ROAM_OFF" | +ZUSIMR:2 | +ZPASR: "UMTS" | +ZDONR: "Lone Star Test",618,99,"CS_ONLY","ROAM_OFF" | +ZUSIMR:2
        simcom: RDY | +CFUN: 1 | +CPIN: READY | SMS DONE | Call Ready | PB DONE
        quectel: RDY | +CPIN: READY | +QUSIM: 1 | +CFUN: 1 | +QIND: SMS DONE | +QIND: PB DONE
        wavecom: +WIND: 1 | +WIND: 7 | +WIND: 4
        ublox: +AT: READY | +PBREADY
        telit: 
        cinterion: ^SYSSTART
        sierra: 
    "#]]
    .assert_eq(&told);
}

#[test]
fn a_huawei_stick_talks_until_it_is_hushed_and_does_not_take_mode_two() {
    dialogue(
        "huawei",
        &[
            "AT+CGMM",
            "AT^ICCID?",
            "AT^CPIN?",
            "AT+CNMI=2,1,0,2,0",
            "AT+CNMI=1,1,0,2,0",
            "AT+CREG=2;+CREG?",
            "AT+NONSENSE",
            "AT+CPMS=\"SM\",\"SM\",\"SR\"",
            "AT+CNMA=1",
            "ATZ",
            "ATE0+CSCA?",
        ],
        expect![[r#"
            > AT+CGMM
            E1752
            OK
            > AT^ICCID?
            ^ICCID: 983201010000000010F1
            OK
            > AT^CPIN?
            ^CPIN: READY,,10,3,10,3
            OK
            > AT+CNMI=2,1,0,2,0
            +CMS ERROR: 302
            > AT+CNMI=1,1,0,2,0
            OK
            > AT+CREG=2;+CREG?
            +CREG: 2,1, 00C3, 1A2B
            OK
            > AT+NONSENSE
            COMMAND NOT SUPPORT
            > AT+CPMS="SM","SM","SR"
            +CPMS: 0,30,0,30,0,20
            OK
            > AT+CNMA=1
            +CMS ERROR: 304
            > ATZ
            OK
            > ATE0+CSCA?
            ATE0+CSCA?\r
            +CSCA: "",129
            OK
        "#]],
    );
    let mut desk = desk("huawei", Vec::new());
    desk.wait(Duration::from_secs(45));
    assert_eq!(desk.said(), "\r\n^RSSI:19\r\n\r\n^BOOT:36214507,0,0,0,20\r\n");
    assert_eq!(desk.ask("AT^CURC=0"), "\r\nOK\r\n");
    desk.hours(1);
    assert_eq!(desk.said(), "");
}

#[test]
fn a_zte_stick_strews_zeros_and_talks_before_its_prompt() {
    let mut desk = desk("zte", Vec::new());
    desk.wait(Duration::from_millis(1_850));
    desk.said();
    desk.write(b"AT+CMGS=23\r");
    desk.wait(Duration::from_millis(500));
    assert_eq!(desk.said(), "\0\r\n+ZUSIMR:2\r\n\r\n> ");
    desk.ask("\x1BAT+CPMS?");
    desk.hours(1);
    assert_eq!(desk.said(), "", "the flood is over once the memories were asked for");
}

#[test]
fn a_simcom_module_asks_for_a_text_on_a_line_of_its_own_and_takes_no_acknowledgement() {
    dialogue(
        "simcom",
        &["AT+CCID", "AT+CNMA", "AT+CNMI=2,1", "AT+CNMI=1,1", "AT+CMEE=2", "AT+CMGR=7"],
        expect![[r#"
            > AT+CCID
            8923101000000000011
            OK
            > AT+CNMA
            ERROR
            > AT+CNMI=2,1
            +CMS ERROR: 302
            > AT+CNMI=1,1
            OK
            > AT+CMEE=2
            OK
            > AT+CMGR=7
            +CMS ERROR: invalid memory index
        "#]],
    );
    let mut desk = desk("simcom", Vec::new());
    assert_eq!(desk.ask("AT+CMGS=23"), "\r\n>\r\n");
}

#[test]
fn a_wavecom_modem_has_two_memories_in_use_and_ends_no_pin_state() {
    let mut desk = desk("wavecom", vec![mary(Temperament::ReadsOnly)]);
    assert_eq!(desk.ask("AT+CPIN?"), "\r\n+CPIN: READY\r\n");
    assert_eq!(desk.ask("AT+CPMS=?"), "\r\n+CPMS: ((\"SM\",\"BM\",\"SR\"),(\"SM\"))\r\n\r\nOK\r\n");
    assert_eq!(desk.ask("AT+CPMS=\"SM\",\"SM\",\"SM\""), "\r\n+CMS ERROR: 302\r\n");
    assert_eq!(desk.ask("AT+CPMS=\"SM\",\"SM\""), "\r\n+CPMS: 0,30,0,30\r\n\r\nOK\r\n");
    agree(&mut desk);
    send(&mut desk, "hello");
    desk.hours(1);
    assert_eq!(desk.said(), "\r\n+CDSI: \"SR\",1\r\n");
    assert!(desk.ask("AT+CPMS=\"SR\";+CMGR=1").contains("+CMGR: 0,,"));
}

#[test]
fn a_card_takes_its_time_after_a_start() {
    let mut desk = desk("wavecom", Vec::new());
    desk.country.reboot(desk.now, FIRST);
    desk.wait(Duration::from_secs(4));
    desk.said();
    desk.ask("ATE0+CMEE=1");
    assert_eq!(desk.ask("AT+CPIN?"), "\r\n+CME ERROR: 515\r\n");
    assert_eq!(desk.ask("AT+CMGL=4"), "\r\n+CME ERROR: 515\r\n");
    desk.wait(Duration::from_secs(3));
    desk.said();
    assert_eq!(desk.ask("AT+CPIN?"), "\r\n+CPIN: READY\r\n");
}

#[test]
fn a_cinterion_module_tells_no_reports_and_forgets_what_waits() {
    dialogue(
        "cinterion",
        &["AT+CNMI?", "AT+CNMI=2,1,0,2,0", "AT+CNMI=2,1,0,0,1", "AT+CMMS=2", "AT^SPIC", "ATI"],
        expect![[r#"
            > AT+CNMI?
            +CNMI: 0,0,0,0,1
            OK
            > AT+CNMI=2,1,0,2,0
            +CMS ERROR: 302
            > AT+CNMI=2,1,0,0,1
            OK
            > AT+CMMS=2
            ERROR
            > AT^SPIC
            ^SPIC: 3
            OK
            > ATI
            Cinterion
            EHS5-E
            REVISION 02.000
            OK
        "#]],
    );
}

#[test]
fn a_sierra_card_hands_reports_over_and_goes_deaf_where_nobody_acknowledges() {
    let mut desk = desk("sierra", vec![mary(Temperament::ReadsOnly)]);
    assert_eq!(agree(&mut desk), "2,1,0,1,0");
    desk.ask("AT+CSMS=1");
    send(&mut desk, "hello");
    desk.wait(Duration::from_secs(30));
    assert!(desk.said().starts_with("\r\n+CDS: "));
    desk.hours(1);
    assert!(desk.ask("AT+CNMI?").contains("+CNMI: 2,0,0,0,0"), "it has gone deaf");
}

#[test]
fn a_modem_that_insists_hands_over_what_was_to_be_stored() {
    let mut personality = Personality::GENERIC;
    personality.announcing.insists = modem::personality::Insists::OnHandingOver;
    let modems = vec![ModemPlan { personality, ..quick_modem(1) }];
    let mut desk = Desk::at(Plan { modems, ..Plan::default() }, 1);
    desk.set_up();
    desk.country.person_says(desk.now, MARY, "+231770000001", "hello");
    desk.wait(Duration::from_secs(20));
    assert!(desk.said().starts_with("\r\n+CMT: ,"));
    assert_eq!(desk.ask("AT+CMGL=4"), "\r\nOK\r\n");
}

#[test]
fn network_services_answer_in_the_letters_of_the_modem() {
    let mut told = String::new();
    for (name, request) in
        [("generic", "*124#"), ("huawei", "AA988C3602"), ("zte", "002A0031003200340023")]
    {
        let mut desk = desk(name, Vec::new());
        desk.ask("AT^CURC=0");
        desk.ask("AT+CPMS?");
        assert_eq!(desk.ask(&format!("AT+CUSD=1,\"{request}\",15")), "\r\nOK\r\n", "{name}");
        desk.wait(Duration::from_secs(5));
        let said = desk.said();
        told += &format!("{name}: {}\n", said.trim_matches(['\0', '\r', '\n']));
    }
    expect![[r#"
        generic: +CUSD: 0,"Your balance is LRD 250.00, to be used until 31/12.",15
        huawei: +CUSD: 0,"D9775D0E1287D961F7B80C4ACF414C291124ABC15C30180B447F83C465507D5E2683EA6E7A9A0D9AC55E31990B",15
        zte: +CUSD: 0,"0059006F00750072002000620061006C0061006E006300650020006900730020004C005200440020003200350030002E00300030002C00200074006F0020006200650020007500730065006400200075006E00740069006C002000330031002F00310032002E",72
    "#]]
    .assert_eq(&told);
}

#[test]
fn the_network_ends_a_menu_in_which_nobody_chooses() {
    let mut desk = desk("generic", Vec::new());
    desk.ask("AT+CUSD=1,\"*123#\",15");
    desk.wait(Duration::from_secs(10));
    assert!(desk.said().starts_with("\r\n+CUSD: 1,\"Lone Star Test\nBalance"));
    desk.ask("AT+CUSD=1,\"2\",15");
    desk.wait(Duration::from_secs(10));
    assert_eq!(desk.said(), "\r\n+CUSD: 0,\"Your number is +231770000001\",15\r\n");
    desk.ask("AT+CUSD=1,\"*123#\",15");
    desk.wait(Duration::from_secs(60));
    assert!(desk.said().ends_with("\r\n+CUSD: 2\r\n"));
    assert_eq!(desk.ask("AT+CUSD=2"), "\r\nOK\r\n");
}
