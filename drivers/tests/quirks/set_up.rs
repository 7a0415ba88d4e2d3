//! Oddities of the start: who the modem is, its SIM, its memories, how it tells of messages, and
//! what it says when it starts by itself.

use std::time::Duration;

use rollcall_drivers::modem::{Event, Trouble, Warning, Why};

use super::Check::{self, Here, There};
use super::stick::Stick;

pub const TABLE: &[(&str, Check)] = &[
    ("Q016", Here(a_sim_that_is_busy_after_its_pin)),
    ("Q017", Here(no_result_after_the_pin_state)),
    ("Q019", Here(no_service_centre_though_all_is_well)),
    (
        "Q031",
        There("src/switchboard/scenes/ports.rs", "a_stick_at_another_port_carries_its_channel_on"),
    ),
    ("Q032", Here(a_port_that_never_answers)),
    ("Q033", There("drivers/src/port/serial.rs", "a_port_has_one_user_at_a_time")),
    ("Q035", Here(talk_cannot_be_switched_off)),
    ("Q036", Here(talk_is_wanted_at_this_port)),
    (
        "Q039",
        There(
            "drivers/src/port/disguised.rs",
            "a_stick_that_shows_itself_as_a_cd_is_named_and_what_helps",
        ),
    ),
    (
        "Q040",
        There(
            "drivers/src/port/disguised.rs",
            "a_stick_that_becomes_a_network_card_is_named_and_what_helps",
        ),
    ),
    ("Q041", Here(nothing_that_lasts_is_changed)),
    ("Q042", Here(mode_two_is_offered_and_refused)),
    ("Q044", Here(the_message_service_is_not_told)),
    ("Q045", Here(codes_in_plain_letters)),
    ("Q052", Here(no_text_mode)),
    ("Q058", Here(tries_that_one_maker_counts)),
    ("Q059", Here(three_seconds_after_the_pin)),
    ("Q061", Here(the_service_centre_is_read_again)),
    ("Q062", Here(a_sim_that_was_put_in_late)),
    ("Q064", Here(a_flood_until_memory_is_asked_for)),
    ("Q066", Here(a_stick_is_switched_on)),
    ("Q067", Here(no_text_parameters)),
    ("Q072", Here(a_radio_that_is_off)),
    ("Q073", Here(messages_only_after_the_last_word)),
    ("Q074", Here(bad_power_is_told)),
    ("Q075", Here(a_sim_that_drops_out)),
    ("Q076", Here(words_after_a_start)),
    ("Q078", Here(mode_two_is_offered_and_refused_elsewhere)),
    ("Q082", Here(a_reboot_in_the_middle)),
    ("Q086", Here(a_module_that_starts_by_itself)),
    ("Q089", Here(a_module_that_goes_off)),
    (
        "Q093",
        There("src/switchboard/scenes/ports.rs", "a_stick_at_another_port_carries_its_channel_on"),
    ),
    ("Q094", Here(one_memory_at_a_time)),
    ("Q095", Here(no_result_after_the_pin_state_and_no_patience)),
    ("Q096", Here(busy_with_itself)),
    ("Q097", Here(events_are_switched_off)),
    ("Q099", Here(reports_only_with_a_cleared_buffer)),
    ("Q102", Here(no_reset_to_factory_settings)),
    ("Q104", Here(a_module_that_tells_its_start)),
    ("Q105", Here(news_at_another_port)),
    ("Q107", Here(a_sim_that_needs_seconds)),
    ("Q108", Here(the_toolkit_is_switched_off)),
    ("Q110", Here(no_text_mode)),
    ("Q111", Here(ready_to_be_talked_to)),
    ("Q112", Here(tries_of_four_codes)),
    ("Q114", Here(busy_after_power_on)),
    ("Q115", Here(eight_seconds_after_the_pin)),
    ("Q116", Here(a_port_that_says_yes_to_everything)),
    ("Q117", Here(a_port_that_says_no_to_everything)),
    ("Q120", Here(no_mode_two_at_all)),
    ("Q121", Here(reports_are_never_handed_over)),
    ("Q122", Here(networks_are_not_looked_for)),
    ("Q123", Here(the_last_way_to_be_told_is_refused)),
    ("Q124", Here(one_command_a_line)),
    ("Q127", Here(the_radio_is_never_switched_off)),
    ("Q128", Here(no_character_set)),
];

const NO_PIN: &str = "+CPIN: SIM PIN";

/// A stick whose SIM wants its PIN, which is right.
fn locked(maker: &str, model: &str) -> Stick {
    Stick::with_pin(maker, model, "1234")
        .answers("AT+CPIN?", &[NO_PIN, "+CPIN: READY"])
        .answers("AT+CPIN=\"1234\"", &[""])
}

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

fn is_set_up(stick: &Stick, profile: &str) {
    let found = stick.ready().map(|identity| identity.profile);
    assert_eq!(found, Some(profile), "{:?} {:?}", stick.events, stick.commands());
}

fn a_sim_that_is_busy_after_its_pin() {
    let busy = ["+CME ERROR: 14", "+CME ERROR: 515", "+CMS ERROR: 314"];
    for line in busy {
        let refusal = format!("\r\n{line}\r\n");
        let ready = "\r\n+CPIN: READY\r\n\r\nOK\r\n";
        let wants = "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n";
        let stick = locked("Acme", "M1")
            .says("AT+CPIN?", &[wants, &refusal, &refusal, &refusal, ready])
            .open();
        is_set_up(&stick, "generic");
        assert_eq!(stick.count("AT+CPIN=\"1234\""), 1, "{line}");
        let asked: Vec<u128> = stick
            .written
            .iter()
            .filter(|(_, what)| what == "AT+CPIN?")
            .map(|(at, _)| *at)
            .collect();
        let pauses: Vec<u128> = asked.windows(2).skip(1).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(pauses, [200, 400, 800], "{line}");
        assert!(!stick.reported(|event| matches!(event, Event::Lost(_))));
    }
}

fn no_result_after_the_pin_state() {
    let stick = Stick::of("Acme", "M1").says("AT+CPIN?", &["\r\n+CPIN: READY\r\n"]).open();
    is_set_up(&stick, "generic");
    assert_eq!(stick.count("AT+CPIN?"), 1);
}

fn no_result_after_the_pin_state_and_no_patience() {
    let stick = Stick::of("WAVECOM MODEM", "Q24")
        .says("AT+CPIN?", &["\r\n+CPIN: READY\r\n"])
        .answers("AT+CPMS=\"SM\"", &["+CPMS: 0,30,0,30"])
        .open();
    is_set_up(&stick, "wavecom");
    let (asked, next) = (stick.when("AT+CPIN?"), stick.when("AT+CCID"));
    assert_eq!(next.zip(asked).map(|(next, asked)| next - asked), Some(300));
}

fn no_service_centre_though_all_is_well() {
    for said in ["+CSCA: \"\",129", "+CSCA: \"\",255", "+CSCA: \"\"", "+CSCA: ,"] {
        let mut stick = Stick::of("Acme", "M1").answers("AT+CSCA?", &[said]).open();
        assert_eq!(stick.trouble(), Some(&Trouble::NoServiceCentre), "{said}");
        let attempt = stick.send(20);
        let refused =
            |event: &Event| matches!(event, Event::NotSent { attempt: of, .. } if *of == attempt);
        assert!(stick.reported(refused) && !stick.commands().contains(&"AT+CMGS=19"), "{said}");
    }
}

fn a_port_that_never_answers() {
    let mut stick = Stick::of("Acme", "M1");
    for command in ["AT", "AT+CGSN", "AT+CSQ", "AT+CMEE?"] {
        stick = stick.says(command, &[""]);
    }
    let stick = stick.open();
    assert!(stick.reported(|event| matches!(event, Event::Lost(Why::Silent { .. }))));
    assert_eq!((stick.ready(), stick.trouble()), (None, None));
}

fn talk_cannot_be_switched_off() {
    let stick = Stick::of("huawei", "E173")
        .refuses("AT^CURC=0", "COMMAND NOT SUPPORT")
        .refuses("AT+CNMI=2,1,0,2,0", "+CMS ERROR: 303")
        .answers("AT+CNMI=1,1,0,2,0", &[""])
        .answers("AT+CNMI?", &["+CNMI: 1,1,0,2,0"])
        .open();
    is_set_up(&stick, "huawei");
    assert_eq!(stick.count("AT^CURC=0"), 1);
}

fn talk_is_wanted_at_this_port() {
    let stick = Stick::of("huawei", "E173").open();
    assert_eq!(stick.count("AT^PORTSEL=1"), 1);
    // After a start by itself it is wanted again.
    let mut stick = stick;
    stick.hear("\r\nRDY\r\n");
    stick.wait(seconds(20));
    assert_eq!((stick.count("AT^PORTSEL=1"), stick.count("AT^CURC=0")), (2, 2));
}

fn nothing_that_lasts_is_changed() {
    let code = super::code();
    for forever in ["U2DIAG", "SETPORT", "ZCDRUN", "AT&W", "QPOWD", "+IPR="] {
        assert!(!code.contains(forever), "{forever}");
    }
}

fn falls_back_to_mode_one(maker: &str, model: &str, profile: &str) {
    let stick = Stick::of(maker, model)
        .answers("AT+CNMI=?", &["+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)"])
        .refuses("AT+CNMI=2,1,0,2,0", "+CMS ERROR: 303")
        .answers("AT+CNMI=1,1,0,2,0", &[""])
        .answers("AT+CNMI?", &["+CNMI: 1,1,0,2,0"])
        .open();
    is_set_up(&stick, profile);
    assert_eq!(stick.count("AT+CNMI=1,1,0,2,0"), 1);
}

fn mode_two_is_offered_and_refused() {
    falls_back_to_mode_one("huawei", "E1550", "huawei");
}

fn mode_two_is_offered_and_refused_elsewhere() {
    falls_back_to_mode_one("SIMCOM_Ltd", "SIMCOM_SIM7600E", "simcom");
}

fn no_mode_two_at_all() {
    falls_back_to_mode_one("Novatel Wireless Incorporated", "MC679", "novatel");
}

fn the_message_service_is_not_told() {
    for said in ["+CSMS: 0,0,0", "+CSMS:"] {
        is_set_up(&Stick::of("huawei", "E173").answers("AT+CSMS=0", &[said]).open(), "huawei");
    }
    let refusing = Stick::of("huawei", "E173").refuses("AT+CSMS=0", "ERROR").open();
    is_set_up(&refusing, "huawei");
}

fn codes_in_plain_letters() {
    let stick = Stick::of("huawei", "E1752").open();
    assert_eq!(stick.count("AT^USSDMODE=0"), 1);
}

fn no_text_mode() {
    let code = super::code();
    for text_mode in ["AT+CMGF=1", "+CSMP", "+CSDH"] {
        assert!(!code.contains(text_mode), "{text_mode}");
    }
    let stick = Stick::of("Acme", "M1").refuses("AT+CMGF=0", "ERROR").open();
    assert!(matches!(stick.trouble(), Some(Trouble::Unsuitable { .. })), "{:?}", stick.trouble());
}

fn no_text_parameters() {
    assert!(!super::code().contains("+CSMP"));
}

fn no_character_set() {
    assert!(!super::code().contains("CSCS="), "it is asked for and never changed");
}

/// With one try left nothing is entered; with two it is.
fn one_try_left(maker: &str, model: &str, command: &str, [one, two]: [&str; 2]) {
    let stick = locked(maker, model).answers(command, &[one]).open();
    assert_eq!(stick.trouble(), Some(&Trouble::PinTriesLow { left: 1 }), "{one}");
    assert_eq!(stick.count("AT+CPIN=\"1234\""), 0, "{one}");
    let stick = locked(maker, model).answers(command, &[two]).open();
    assert_eq!(stick.count("AT+CPIN=\"1234\""), 1, "{two}");
}

fn tries_that_one_maker_counts() {
    let said = ["^CPIN: SIM PIN,1,10,1,10,3", "^CPIN: SIM PIN,2,10,2,10,1"];
    one_try_left("huawei", "E173", "AT^CPIN?", said);
}

fn tries_of_four_codes() {
    let said = ["+UPINCNT: 1,3,10,10", "+UPINCNT: 2,1,10,10"];
    one_try_left("u-blox", "SARA-U201", "AT+UPINCNT", said);
}

/// The pause between the PIN and the next command, in milliseconds.
fn pause_after_pin(stick: &Stick) -> u128 {
    let entered = stick.when("AT+CPIN=\"1234\"").expect("the PIN was entered");
    let next = stick.written.iter().find(|(at, line)| *at > entered && line.starts_with("AT"));
    next.expect("something follows").0 - entered
}

fn three_seconds_after_the_pin() {
    assert_eq!(pause_after_pin(&locked("huawei", "E173").open()), 3_000);
}

fn eight_seconds_after_the_pin() {
    assert_eq!(pause_after_pin(&locked("Sierra Wireless", "AC881").open()), 8_000);
}

fn the_service_centre_is_read_again() {
    let mut stick = Stick::of("huawei", "E220").open();
    let before = stick.count("AT+CSCA?");
    stick.hear("\r\nRDY\r\n");
    stick.wait(seconds(20));
    assert!(stick.count("AT+CSCA?") > before);
    no_reset_to_factory_settings();
}

fn no_reset_to_factory_settings() {
    let code = super::code();
    for reset in ["ATZ", "AT&F", "\"Z\"", "&F"] {
        assert!(!code.contains(reset), "{reset}");
    }
}

fn a_sim_that_was_put_in_late() {
    let stick = Stick::of("huawei", "E353").refuses("AT+CPIN?", "+CME ERROR: 10").open();
    let trouble = stick.trouble().expect("somebody has to do something");
    assert_eq!(*trouble, Trouble::SimMissing);
    let words = trouble.to_string();
    assert!(words.contains("unplug") && words.contains("plug the modem in"), "{words}");
}

fn a_flood_until_memory_is_asked_for() {
    let mut stick = Stick::of("ZTE CORPORATION", "MF190");
    for command in ["AT+CGMR", "AT+CPIN?", "AT+CNMI?"] {
        let flood = "\r\n+ZUSIMR:2\r\n".repeat(3);
        let answer = match command {
            "AT+CGMR" => "1.0",
            "AT+CPIN?" => "+CPIN: READY",
            _ => "+CNMI: 2,1,0,2,0",
        };
        stick = stick.says(command, &[&format!("{flood}\r\n{answer}\r\n{flood}\r\nOK\r\n")]);
    }
    let stick = stick.open();
    is_set_up(&stick, "zte");
    assert_eq!(stick.ready().map(|identity| identity.revision.as_str()), Some("1.0"));
    let first = stick.commands().iter().position(|line| *line == "AT+CPMS?");
    let pin = stick.commands().iter().position(|line| *line == "AT+CPIN?");
    assert!(first < pin && first.is_some(), "{:?}", stick.commands());
}

fn a_stick_is_switched_on() {
    assert_eq!(Stick::of("ZTE CORPORATION", "MF112").open().count("AT+ZOPRT=5"), 1);
}

fn a_radio_that_is_off() {
    let stick = Stick::of("ZTE CORPORATION", "MF190")
        .says("AT+CPIN?", &["\r\n+CME ERROR: 14\r\n", "\r\n+CPIN: READY\r\n\r\nOK\r\n"])
        .open();
    is_set_up(&stick, "zte");
    let at = |command| stick.commands().iter().position(|line| *line == command);
    assert!(at("AT+CFUN=1").is_some() && at("AT+CFUN=1") < at("AT+CPIN?"));
}

fn messages_only_after_the_last_word() {
    let (obeyed, refused) = ("\r\nOK\r\n", "\r\nERROR\r\n");
    let mut answers = vec![obeyed];
    answers.extend([refused; 8]);
    answers.push(obeyed);
    let mut stick = Stick::of("SIMCOM_Ltd", "SIMCOM_SIM800L").says("AT+CMGF=0", &answers).open();
    let before = stick.readies();
    for word in ["RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready"] {
        stick.hear(&format!("\r\n{word}\r\n"));
    }
    stick.wait(seconds(4));
    assert_eq!(stick.readies(), before, "{:?}", stick.written);
    assert_eq!(stick.trouble(), None, "a start is no trouble");
    stick.hear("\r\nSMS Ready\r\n");
    stick.wait(seconds(60));
    assert_eq!((stick.readies(), stick.trouble()), (before + 1, None), "{:?}", stick.commands());
}

fn bad_power_is_told() {
    let mut stick = Stick::of("SIMCOM_Ltd", "SIMCOM_SIM800L").open();
    for words in ["UNDER-VOLTAGE WARNNING", "OVER-VOLTAGE WARNNING"] {
        stick.hear(&format!("\r\n{words}\r\n"));
        let told = Event::Warning(Warning::BadPower(words.to_owned()));
        assert!(stick.reported(|event| *event == told), "{words}");
    }
    for words in ["UNDER-VOLTAGE POWER DOWN", "OVER-VOLTAGE POWER DOWN", "NORMAL POWER DOWN"] {
        let before = stick.readies();
        stick.hear(&format!("\r\n{words}\r\n"));
        stick.wait(seconds(30));
        assert_eq!(stick.readies(), before + 1, "{words}: everything is agreed anew");
    }
}

fn a_sim_that_drops_out() {
    for words in ["+CPIN: NOT READY", "+CPIN: NOT INSERTED"] {
        let gone = "\r\n+CME ERROR: 10\r\n";
        let ready = "\r\n+CPIN: READY\r\n\r\nOK\r\n";
        let mut stick = Stick::of("SIMCOM_Ltd", "SIMCOM_SIM800L")
            .says("AT+CPIN?", &[ready, gone, ready])
            .open();
        stick.hear(&format!("\r\n{words}\r\n"));
        stick.wait(seconds(10));
        assert_eq!(stick.trouble(), Some(&Trouble::SimMissing), "{words}");
        stick.hear("\r\n+CPIN: READY\r\n");
        stick.wait(seconds(10));
        assert_eq!(stick.readies(), 2, "{words}");
    }
}

fn words_after_a_start() {
    let mut stick = Stick::of("INCORPORATED", "A7670E-FASE").open();
    is_set_up(&stick, "simcom");
    for word in ["*ATREADY: 1", "SMS DONE", "PB DONE"] {
        stick.hear(&format!("\r\n{word}\r\n"));
    }
    stick.wait(seconds(20));
    assert_eq!(stick.readies(), 2, "one start, whatever follows its first word");
}

fn a_reboot_in_the_middle() {
    let mut stick = Stick::of("SIMCOM_Ltd", "SIMCOM_SIM800L").says("\0", &[""]).open();
    let text = format!("{}\x1a", "00".repeat(20));
    stick = stick.says(&text, &["\r\nRDY\r\n"]);
    let attempt = stick.send(20);
    let unclear =
        |event: &Event| matches!(event, Event::Unclear { attempt: of, .. } if *of == attempt);
    assert!(stick.reported(unclear), "{:?}", stick.events);
    stick.wait(seconds(30));
    assert_eq!(stick.readies(), 2);
}

fn starts_anew_at(stick: &mut Stick, word: &str) {
    let before = stick.readies();
    stick.hear(&format!("\r\n{word}\r\n"));
    stick.wait(seconds(40));
    assert_eq!(stick.readies(), before + 1, "{word}");
}

fn a_module_that_starts_by_itself() {
    let mut stick = Stick::of("Quectel", "EC25").open();
    starts_anew_at(&mut stick, "RDY");
    // These come after it and are no further start; they are looked at soon.
    for word in ["+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE"] {
        let looked = stick.count("AT+CNMI?");
        stick.hear(&format!("\r\n{word}\r\n"));
        stick.wait(seconds(1));
        assert!(stick.count("AT+CNMI?") > looked, "{word}");
    }
}

fn a_module_that_goes_off() {
    starts_anew_at(&mut Stick::of("Quectel", "EC25").open(), "POWERED DOWN");
}

fn a_module_that_tells_its_start() {
    let mut stick = Stick::of("Cinterion", "EHS5").open();
    for word in ["^SYSSTART", "^SHUTDOWN"] {
        starts_anew_at(&mut stick, word);
    }
    stick.hear("\r\n^SBC: Undervoltage\r\n");
    assert!(stick.reported(|event| matches!(event, Event::Warning(Warning::BadPower(_)))));
    let before = stick.count("AT+CPIN?");
    stick.hear("\r\n^SCKS: 0\r\n");
    stick.wait(seconds(20));
    assert!(stick.count("AT+CPIN?") > before, "the SIM is looked at");
}

fn ready_to_be_talked_to() {
    starts_anew_at(&mut Stick::of("u-blox", "SARA-U201").open(), "+AT: READY");
}

fn one_memory_at_a_time() {
    let stick = Stick::of("WAVECOM MODEM", "Q2403")
        .answers("AT+CPMS=?", &["+CPMS: ((\"SM\",\"BM\",\"SR\"),(\"SM\"))"])
        .answers("AT+CPMS=\"SM\"", &["+CPMS: 0,30,0,30"])
        .open();
    is_set_up(&stick, "wavecom");
    assert_eq!(stick.count("AT+CPMS=\"SM\",\"SM\",\"SM\""), 0);
    assert_eq!(stick.count("AT+CPMS=\"SR\""), 1, "reports are looked for: {:?}", stick.commands());
    // A modem that nobody knows and that is so is found out.
    let stick = Stick::of("Acme", "M1")
        .refuses("AT+CPMS=\"SM\",\"SM\",\"SM\"", "+CMS ERROR: 302")
        .answers("AT+CPMS=\"SM\"", &["+CPMS: 0,30,0,30"])
        .open();
    is_set_up(&stick, "generic");
}

fn busy_with_itself() {
    let busy = "\r\n+CME ERROR: 515\r\n";
    let stick = locked("WAVECOM MODEM", "FASTRACK")
        .says("AT+CPMS=\"SM\"", &[busy, busy, "\r\n+CPMS: 0,30,0,30\r\n\r\nOK\r\n"])
        .open();
    is_set_up(&stick, "wavecom");
    assert_eq!(pause_after_pin(&stick), 5_000);
}

fn events_are_switched_off() {
    let stick =
        Stick::of("MultiTech", "MTCBA").answers("AT+CPMS=\"SM\"", &["+CPMS: 0,30,0,30"]).open();
    is_set_up(&stick, "wavecom");
    assert_eq!(stick.count("AT+WIND=0"), 1);
}

fn reports_only_with_a_cleared_buffer() {
    let mut stick = Stick::of("SIEMENS", "TC35i");
    for refused in ["2,1,0,2,0", "2,1,0,2,1", "1,1,0,2,1", "2,1,0,1,1", "1,1,0,1,1", "2,1,0,0,1"] {
        stick = stick.refuses(&format!("AT+CNMI={refused}"), "+CMS ERROR: 303");
    }
    let mut stick =
        stick.answers("AT+CNMI=2,0,0,2,1", &[""]).answers("AT+CNMI?", &["+CNMI: 2,0,0,2,1"]).open();
    is_set_up(&stick, "cinterion");
    // Nobody tells of messages: they are looked for more often.
    let before = stick.count("AT+CMGL=4");
    stick.wait(seconds(46));
    assert_eq!(stick.count("AT+CMGL=4") - before, 3);
}

fn news_at_another_port() {
    assert_eq!(Stick::of("Cinterion", "PLS8").open().count("AT^SCFG=\"URC/DstIfc\",\"app\""), 1);
}

fn a_sim_that_needs_seconds() {
    let mut stick = Stick::of("Telit", "HE910").open();
    assert_eq!(stick.count("AT#QSS=2"), 1);
    let looked = stick.count("AT+CNMI?");
    stick.hear("\r\n#QSS: 3\r\n");
    stick.wait(seconds(1));
    assert!(stick.count("AT+CNMI?") > looked, "it is ready now: what lies there is looked for");
    let before = stick.readies();
    stick.hear("\r\n#QSS: 0\r\n");
    stick.wait(seconds(20));
    assert_eq!(stick.readies(), before + 1);
}

fn the_toolkit_is_switched_off() {
    let mut stick = Stick::of("Telit", "GE910").open();
    assert_eq!(stick.count("AT#STIA=0"), 1);
    let before = stick.events.len();
    stick.hear("\r\n#STN: 150,1,\"\"\r\n");
    assert_eq!(stick.events.len(), before);
}

fn busy_after_power_on() {
    let busy = "\r\n+CME ERROR: SIM busy\r\n";
    let stick = Stick::of("u-blox", "SARA-R410M").says("ATE0", &[busy, busy, "\r\nOK\r\n"]).open();
    is_set_up(&stick, "ublox");
    assert!(!super::code().contains("AT&C"));
}

fn a_port_that_says_yes_to_everything() {
    let mut stick = Stick::of("Sierra", "AC850");
    for command in ["AT+CGSN", "AT+CSQ", "AT+CMEE?", "ATE0", "AT+CPIN?"] {
        stick = stick.says(command, &["\r\nOK\r\n"]);
    }
    let stick = stick.open();
    assert_eq!(stick.ready(), None);
    assert!(stick.reported(|event| matches!(event, Event::Lost(_))));
}

fn a_port_that_says_no_to_everything() {
    let mut stick = Stick::of("Sierra", "USB305");
    for command in ["AT+CGSN", "AT+CSQ", "AT+CMEE?"] {
        stick = stick.refuses(command, "ERROR");
    }
    let stick = stick.open();
    assert_eq!(stick.ready(), None);
    assert!(stick.reported(|event| matches!(event, Event::Lost(_))));
}

fn reports_are_never_handed_over() {
    let stick = Stick::of("Novatel Wireless Incorporated", "MC679")
        .refuses("AT+CNMI=2,1,0,2,0", "+CMS ERROR: 303")
        .refuses("AT+CNMI=1,1,0,2,0", "+CMS ERROR: 303")
        .answers("AT+CNMI=1,1,0,0,0", &[""])
        .answers("AT+CNMI?", &["+CNMI: 1,1,0,0,0"])
        .open();
    is_set_up(&stick, "novatel");
    let direct = |line: &&&str| line.starts_with("AT+CNMI=") && line.split(',').nth(3) == Some("1");
    assert_eq!(stick.commands().iter().find(direct), None);
}

fn networks_are_not_looked_for() {
    assert!(!super::code().contains("COPS=?"));
}

fn the_last_way_to_be_told_is_refused() {
    networks_are_not_looked_for();
    let mut stick = Stick::of("Iridium", "9555").answers("AT+CNMI?", &["+CNMI: 0,0,0,0,0"]);
    for refused in ["2,1,0,2,0", "1,1,0,2,0", "2,1,0,1,0", "1,1,0,1,0", "1,1,0,0,0"] {
        stick = stick.refuses(&format!("AT+CNMI={refused}"), "+CMS ERROR: 322");
    }
    let stick = stick.open();
    is_set_up(&stick, "generic");
    assert!(stick.count("AT+CMGL=4") > 1, "what nobody tells of is looked for");
}

fn one_command_a_line() {
    // The first commands fall on deaf ears; half a line is never obeyed.
    let mut stick = Stick::of("Nokia", "N900")
        .says("AT+CGSN", &["", "\r\n356938035643809\r\n\r\nOK\r\n"])
        .open();
    is_set_up(&stick, "generic");
    stick.send(20);
    assert!(stick.commands().iter().all(|line| !line.contains(';')), "{:?}", stick.commands());
    assert!(stick.commands().contains(&"ATE0"));
}

fn the_radio_is_never_switched_off() {
    let code = super::code();
    assert!(!code.contains("CFUN=0") && !code.contains("CFUN=4"));
}
