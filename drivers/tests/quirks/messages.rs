//! Oddities of messages: sending them, keeping them, handing them over, and asking for codes.

use std::time::Duration;

use rollcall_drivers::modem::{
    AttemptId, Cause, Command, Event, RetryClass, Slot, Ussd, UssdNews, Why,
};

use super::Check::{self, Here, There};
use super::stick::Stick;

pub const TABLE: &[(&str, Check)] = &[
    ("Q021", Here(a_message_in_another_memory)),
    ("Q022", Here(a_list_that_never_comes)),
    ("Q026", Here(a_network_that_takes_a_minute)),
    ("Q027", Here(sent_without_a_number)),
    ("Q028", Here(stuck_in_a_prompt)),
    ("Q029", There(INBOUND, THE_SAME_AGAIN)),
    (
        "Q030",
        There(
            "src/switchboard/scenes/direct.rs",
            "one_that_the_network_brings_again_is_refused_and_acknowledged_again",
        ),
    ),
    ("Q043", Here(an_acknowledgement_without_a_pdu)),
    ("Q046", Here(codes_in_packed_digits)),
    ("Q049", Here(a_release_before_the_answer)),
    ("Q051", Here(a_long_text_in_pieces)),
    ("Q053", Here(a_memory_that_is_full)),
    ("Q054", Here(a_message_nobody_knows_where)),
    ("Q055", Here(a_counter_that_lags)),
    ("Q056", Here(every_second_message_hangs)),
    ("Q057", Here(a_stick_that_falls_silent)),
    ("Q065", Here(talk_before_the_prompt)),
    ("Q070", Here(a_code_answered_before_its_result)),
    ("Q071", Here(an_acknowledgement_without_a_pdu_elsewhere)),
    ("Q077", Here(no_acknowledgement_at_all)),
    ("Q081", Here(sound_only_within_the_call_and_a_moment_after)),
    ("Q084", There(INBOUND, THE_SAME_AGAIN)),
    ("Q088", Here(an_acknowledgement_with_a_number)),
    ("Q090", Here(one_acknowledgement_and_no_second)),
    (
        "Q092",
        There(
            "src/switchboard/scenes/direct.rs",
            "one_that_the_network_brings_again_is_refused_and_acknowledged_again",
        ),
    ),
    ("Q101", Here(a_slot_that_was_never_written)),
    ("Q106", Here(no_link_is_kept)),
    ("Q126", Here(the_first_command_is_lost)),
    ("Q135", Here(a_menu_and_its_answer)),
];

const INBOUND: &str = "src/switchboard/scenes/inbound.rs";
const THE_SAME_AGAIN: &str = "the_same_message_offered_again_is_forgotten_again_and_counts_once";

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

fn sent(stick: &Stick) -> usize {
    stick.events.iter().filter(|event| matches!(event, Event::Sent { .. })).count()
}

fn not_sent(stick: &Stick) -> Option<&Cause> {
    stick.events.iter().rev().find_map(|event| match event {
        Event::NotSent { cause, .. } => Some(cause),
        _ => None,
    })
}

fn a_message_in_another_memory() {
    let mut stick = Stick::of("Acme", "M1")
        .answers("AT+CPMS=\"ME\"", &["+CPMS: 1,100,0,30,0,30"])
        .answers("AT+CMGR=3", &["+CMGR: 0,,4\r\n00911326AA"])
        .answers("AT+CMGD=3", &[""])
        .open();
    stick.hear("\r\n+CMTI: \"ME\",3\r\n");
    stick.forget_all();
    let commands = stick.commands();
    let at = commands.iter().position(|line| *line == "AT+CPMS=\"ME\"").expect("it is chosen");
    assert_eq!(&commands[at..], ["AT+CPMS=\"ME\"", "AT+CMGR=3", "AT+CMGD=3"]);
}

fn a_list_that_never_comes() {
    let mut stick = Stick::of("Acme", "M1")
        .says("AT+CMGL=4", &[""])
        .answers("AT+CMGR=7", &["+CMGR: 1,,4\r\n00911326AA"])
        .open();
    stick.wait(seconds(600));
    assert_eq!(stick.received().len(), 1, "it is read slot by slot");
    assert!(!stick.reported(|event| matches!(event, Event::Lost(_))));
    let asked = stick.count("AT+CMGL=4");
    stick.wait(seconds(600));
    assert_eq!(stick.count("AT+CMGL=4"), asked, "it is not asked again and again");
}

fn slow(text: &str) -> String {
    format!("{text}\x1a")
}

fn a_network_that_takes_a_minute() {
    let text = slow(&"00".repeat(20));
    let mut stick = Stick::of("Acme", "M1").says(&text, &[""]).open();
    let attempt = stick.send(20);
    stick.wait(seconds(90));
    assert_eq!(sent(&stick), 0);
    stick.hear("\r\n+CMGS: 9\r\n\r\nOK\r\n");
    assert!(stick.reported(|event| *event == Event::Sent { attempt, reference: Some(9) }));
    // Without any answer nobody knows; it is told so and never sent again by itself.
    let second = stick.send(20);
    stick.wait(seconds(121));
    let unclear = |event: &Event| matches!(event, Event::Unclear { attempt, why: Why::Silent { .. } } if *attempt == second);
    assert!(stick.reported(unclear), "{:?}", stick.events);
    stick.wait(seconds(600));
    assert_eq!(stick.count("AT+CMGS=19"), 2);
}

fn sent_without_a_number() {
    let text = slow(&"00".repeat(20));
    let mut stick = Stick::of("Acme", "M1").says(&text, &["\r\nOK\r\n"]).open();
    let attempt = stick.send(20);
    assert!(stick.reported(|event| *event == Event::Sent { attempt, reference: None }));
}

fn stuck_in_a_prompt() {
    // The text of an earlier program is still being waited for: nothing is heard until the escape.
    let stick = Stick::of("Acme", "M1").open();
    assert_eq!(stick.written[0].1, "\u{1b}");
    assert!(stick.ready().is_some());
}

fn handed_over(maker: &str, model: &str, command: &str) -> Stick {
    let mut stick = Stick::of(maker, model).answers(command, &[""]).open();
    let before = stick.commands().len();
    stick.hear("\r\n+CMT: ,4\r\n00911326AA\r\n");
    assert_eq!(stick.commands().len(), before, "nothing is acknowledged before it is safe");
    stick.forget_all();
    assert_eq!(stick.commands()[before..], [command]);
    stick
}

fn an_acknowledgement_without_a_pdu() {
    handed_over("huawei", "E173", "AT+CNMA");
}

fn an_acknowledgement_without_a_pdu_elsewhere() {
    handed_over("ZTE CORPORATION", "MF190", "AT+CNMA");
}

fn an_acknowledgement_with_a_number() {
    handed_over("Quectel", "EC25", "AT+CNMA=1");
    // The older ones know it without the number alone.
    let mut stick = Stick::of("Quectel_Ltd", "Quectel_M95")
        .refuses("AT+CNMA=1", "+CMS ERROR: 304")
        .answers("AT+CNMA", &[""])
        .open();
    stick.hear("\r\n+CMT: ,4\r\n00911326AA\r\n");
    stick.forget_all();
    assert_eq!((stick.count("AT+CNMA=1"), stick.count("AT+CNMA")), (1, 1));
}

fn one_acknowledgement_and_no_second() {
    let mut stick = handed_over("Quectel", "EC25", "AT+CNMA=1");
    stick.forget_all();
    assert_eq!(stick.count("AT+CNMA=1"), 1);
    // One that is refused as not expected is not tried in another form, and does no harm.
    stick = stick.refuses("AT+CNMA=1", "+CMS ERROR: 340");
    stick.hear("\r\n+CMT: ,4\r\n00911326BB\r\n");
    stick.command(Command::Forget { slot: Slot::Direct(2) });
    assert_eq!((stick.count("AT+CNMA=1"), stick.count("AT+CNMA")), (2, 0));
    assert_eq!(stick.readies(), 1);
}

fn no_acknowledgement_at_all() {
    let mut stick = Stick::of("SIMCOM_Ltd", "SIMCOM_SIM7600E").open();
    assert!(stick.commands().iter().all(|line| !line.starts_with("AT+CNMI=2,2")));
    for number in 1..=3 {
        stick.hear("\r\n+CMT: ,4\r\n00911326AA\r\n");
        stick.command(Command::Forget { slot: Slot::Direct(number) });
    }
    assert_eq!(stick.received().len(), 3, "what comes so is kept all the same");
    assert_eq!(stick.count("AT+CNMA"), 1, "it is tried once");
}

fn sound_only_within_the_call_and_a_moment_after() {
    let rings = "+CLCC: 1,0,3,0,0,\"+231770000001\",145";
    let talks = "+CLCC: 1,0,0,0,0,\"+231770000001\",145";
    let mut stick = Stick::of("SIMCOM_Ltd", "SIMCOM_SIM7600E")
        .answers("ATD+231770000001;", &[""])
        .answers("AT+CLCC", &[rings, rings, talks])
        .answers("AT+CPCMREG=1", &[""])
        .answers("AT+CPCMREG?", &["+CPCMREG: 1"])
        .open();
    stick.command(Command::Dial { attempt: AttemptId(1), number: "+231770000001".to_owned() });
    stick.wait(seconds(5));
    let looks: Vec<u128> = stick
        .written
        .iter()
        .filter_map(|(at, line)| line.starts_with("AT+CLCC").then_some(*at))
        .collect();
    let begun = stick.written.iter().find(|(_, line)| line.starts_with("AT+CPCMREG=1"));
    let (begun, _) = begun.expect("the sound is begun");
    assert!(*begun >= looks[2] + 100, "begun at {begun}, answered at {}", looks[2]);
}

fn a_long_text_in_pieces() {
    let mut stick = Stick::of("huawei", "E1550").open();
    let before = stick.written.len();
    stick.send(165);
    stick.wait(seconds(1));
    let typed: Vec<&(u128, String)> =
        stick.written[before..].iter().filter(|(_, line)| !line.starts_with("AT")).collect();
    assert_eq!(typed.len(), 6, "330 digits in pieces of 64: {typed:?}");
    assert!(typed.iter().all(|(_, piece)| piece.len() <= 65));
    assert!(typed.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 10));
    let whole: String = typed.iter().map(|(_, piece)| piece.as_str()).collect();
    assert_eq!(whole, format!("{}\x1a", "00".repeat(165)));
}

fn a_memory_that_is_full() {
    let mut stick = Stick::of("huawei", "E173")
        .answers("AT+CMGL=4", &["", "+CMGL: 1,1,,4\r\n00911326AA\r\n+CMGL: 2,1,,4\r\n00911326BB"])
        .answers("AT+CMGD=1", &[""])
        .answers("AT+CMGD=2", &[""])
        .open();
    stick.hear("\r\n^SMMEMFULL: \"SM\"\r\n");
    assert!(stick.reported(|event| *event == Event::StorageFull));
    assert_eq!(stick.received().len(), 2);
    stick.forget_all();
    assert_eq!((stick.count("AT+CMGD=1"), stick.count("AT+CMGD=2")), (1, 1));
}

fn a_message_nobody_knows_where() {
    let mut stick = Stick::of("huawei", "E173")
        .answers("AT+CMGL=4", &["", "+CMGL: 1,1,,4\r\n00911326AA"])
        .open();
    stick.hear("\r\n+CMTI: \"SM\",-1\r\n");
    assert_eq!(stick.received().len(), 1);
}

fn a_counter_that_lags() {
    let mut stick =
        Stick::of("huawei", "E3131").answers("AT+CMGR=3", &["+CMGR: 0,,4\r\n00911326AA"]).open();
    let counted = stick.count("AT+CPMS?");
    stick.hear("\r\n+CMTI: \"SM\",3\r\n");
    assert_eq!(stick.received().len(), 1, "it is read, whatever the counter says");
    assert_eq!(stick.count("AT+CPMS?"), counted);
}

fn every_second_message_hangs() {
    let mut stick =
        Stick::of("huawei", "E173").says("AT+CMGS=19", &["\r\n> ", "", "\r\n> "]).open();
    stick.send(20);
    stick.wait(seconds(1));
    assert_eq!(sent(&stick), 1);
    stick.send(20);
    stick.wait(seconds(20));
    assert_eq!(not_sent(&stick), Some(&Cause::NoPrompt));
    assert_eq!(Cause::NoPrompt.advice(), RetryClass::RetrySoon);
    let last_escape = stick.written.iter().rev().find(|(_, line)| line == "\u{1b}");
    assert!(last_escape.is_some_and(|(at, _)| *at > 50_000), "it is freed by an escape");
    stick.send(20);
    stick.wait(seconds(1));
    assert_eq!(sent(&stick), 2);
}

fn a_stick_that_falls_silent() {
    let mut stick = Stick::of("huawei", "E1752").open();
    for command in ["AT+CNMI?", "AT+CGSN", "AT+CSQ", "AT+CMEE?"] {
        stick = stick.says(command, &[""]);
    }
    stick.wait(seconds(120));
    assert!(stick.reported(|event| matches!(event, Event::Lost(Why::Silent { .. }))));
    // A new port brings it back.
    stick = stick
        .answers("AT+CNMI?", &["+CNMI: 2,1,0,2,0"])
        .answers("AT+CGSN", &["356938035643809"])
        .answers("AT+CSQ", &["+CSQ: 17,99"])
        .answers("AT+CMEE?", &["+CMEE: 1"]);
    stick.command(Command::Restart);
    stick.wait(seconds(20));
    assert_eq!(stick.readies(), 2);
}

fn talk_before_the_prompt() {
    let talk = "\r\n+ZDONR: \"Op\",620,1,\"CS_ONLY\",\"ROAM_OFF\"\r\n\r\n+ZPASR: \"UMTS\"\r\n\r\n+ZPSTM: 0,1\r\n\r\n+ZEND\r\n";
    let mut stick = Stick::of("ZTE CORPORATION", "MF190")
        .says("AT+CMGS=19", &[&format!("{talk}\r\n> ")])
        .says(&slow(&"00".repeat(20)), &[&format!("{talk}\r\n+CMGS: 4\r\n{talk}\r\nOK\r\n")])
        .open();
    let attempt = stick.send(20);
    assert!(stick.reported(|event| *event == Event::Sent { attempt, reference: Some(4) }));
}

fn a_slot_that_was_never_written() {
    let mut stick = Stick::of("SIEMENS", "MC35i")
        .answers("AT+CMGL=4", &["", "+CMGL: 1,1,,0\r\n00FFFFFFFFFF\r\n+CMGL: 2,1,,0\r\n00"])
        .answers("AT+CMGD=1", &[""])
        .answers("AT+CMGD=2", &[""])
        .open();
    stick.hear("\r\n+CMTI: \"SM\",-1\r\n");
    assert!(stick.received().is_empty(), "it is no message");
    assert_eq!((stick.count("AT+CMGD=1"), stick.count("AT+CMGD=2")), (1, 1));
}

fn burst(stick: &mut Stick) {
    for _ in 0..4 {
        stick.send(20);
    }
    stick.wait(seconds(1));
    assert_eq!(sent(stick), 4);
}

fn no_link_is_kept() {
    let mut stick = Stick::of("Cinterion", "EHS5").answers("AT+CMMS=2", &[""]).open();
    burst(&mut stick);
    assert_eq!(stick.count("AT+CMMS=2"), 0);
    // Elsewhere it is, once for a burst.
    let mut stick = Stick::of("Acme", "M1")
        .answers("AT+CMMS=2", &[""])
        .answers("AT+CMMS?", &["+CMMS: 2"])
        .open();
    burst(&mut stick);
    assert_eq!((stick.count("AT+CMMS=2"), stick.count("AT+CMMS?")), (1, 1));
}

fn the_first_command_is_lost() {
    let mut stick = Stick::of("BENQ", "M32").says("AT+CMGS=19", &["", "\r\n> "]).open();
    stick.send(20);
    stick.wait(seconds(20));
    assert_eq!(not_sent(&stick), Some(&Cause::NoPrompt), "nothing was handed over");
    stick.send(20);
    stick.wait(seconds(1));
    assert_eq!(sent(&stick), 1);
    assert!(!stick.reported(|event| matches!(event, Event::Lost(_))));
}

fn dial(stick: &mut Stick, code: &str) {
    stick.command(Command::Ussd(Ussd::Dial { code: code.to_owned(), written: None }));
}

fn news(stick: &Stick) -> Vec<&UssdNews> {
    let news = stick.events.iter().filter_map(|event| match event {
        Event::Ussd(news) => Some(news),
        _ => None,
    });
    news.collect()
}

fn codes_in_packed_digits() {
    let packed = "AT+CUSD=1,\"AA180C3602\",15";
    let mut stick = Stick::of("huawei", "E173").answers(packed, &[""]).open();
    dial(&mut stick, "*100#");
    assert_eq!(stick.count(packed), 1, "{:?}", stick.commands());
    stick.hear("\r\n+CUSD: 0,\"C2303B2C2F93416835\",15\r\n");
    assert!(matches!(news(&stick)[..], [UssdNews::Answer { .. }]), "{:?}", news(&stick));
}

fn a_release_before_the_answer() {
    let packed = "AT+CUSD=1,\"AA180C3602\",15";
    let mut stick = Stick::of("huawei", "E1752").answers(packed, &[""]).open();
    dial(&mut stick, "*100#");
    stick.wait(seconds(20));
    stick.hear("\r\n+CUSD: 0,\"Balance: 5 USD\",15\r\n\r\n+CUSD: 2\r\n");
    let told = news(&stick);
    assert!(matches!(told[..], [UssdNews::Answer { .. }]), "{told:?}");
}

fn a_code_answered_before_its_result() {
    let mut stick = Stick::of("ZTE CORPORATION", "MF190")
        .says("AT+CUSD=1,\"*100#\",15", &["\r\n+CUSD: 0,\"Balance: 5 USD\",15\r\n\r\nOK\r\n"])
        .open();
    dial(&mut stick, "*100#");
    let answer = UssdNews::Answer { text: "Balance: 5 USD".to_owned() };
    assert_eq!(news(&stick), [&answer]);
}

fn a_menu_and_its_answer() {
    let mut stick = Stick::of("Acme", "M1")
        .says("AT+CUSD=1,\"*123#\",15", &["\r\nOK\r\n\r\n+CUSD: 1,\"1 Balance\n0:Next\",15\r\n"])
        .says("AT+CUSD=1,\"1\",15", &["\r\nOK\r\n\r\n+CUSD: 0,\"1.50 USD\",15\r\n"])
        .open();
    dial(&mut stick, "*123#");
    stick.wait(seconds(15));
    stick.command(Command::Ussd(Ussd::Reply { text: "1".to_owned() }));
    let told = news(&stick);
    assert!(matches!(told[..], [UssdNews::Menu { .. }, UssdNews::Answer { .. }]), "{told:?}");
}
