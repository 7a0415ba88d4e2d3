//! Oddities of lines: how they are cut, what they are, what they say.

use rollcall_drivers::at::commands::Answer;
use rollcall_drivers::at::errors::{Cause, RetryClass};
use rollcall_drivers::at::line::{Asked, Line, Spontaneous, Unsolicited, classify};
use rollcall_drivers::at::lines::{Lines, Token};
use rollcall_drivers::at::registration::Registration;
use rollcall_drivers::at::ussd::{NetworkText, Written};
use rollcall_drivers::at::{fields, network, offers};
use rollcall_drivers::modem::profile::{self, GENERIC, Profile};
use rollcall_drivers::pdu::{Incoming, decode_incoming, hex};

use super::Check::{self, Here, There};

pub const TABLE: &[(&str, Check)] = &[
    ("Q001", Here(a_prompt_on_a_line_of_its_own)),
    ("Q002", Here(a_prompt_without_a_line_end)),
    ("Q003", There("drivers/src/at/lines.rs", "a_prompt_is_seen_in_every_form_and_at_once")),
    ("Q004", Here(two_returns_before_a_line_end)),
    ("Q005", Here(zeros_between_lines)),
    ("Q006", Here(a_refusal_without_the_word_error)),
    ("Q007", Here(a_refusal_of_the_modem)),
    ("Q008", Here(not_available)),
    ("Q009", Here(errors_in_words)),
    ("Q010", Here(lines_that_nobody_asked_for_in_an_answer)),
    ("Q011", Here(registration_told_and_asked)),
    ("Q012", Here(a_message_is_one_with_its_header)),
    ("Q013", Here(a_blank_line_before_the_message)),
    ("Q014", Here(a_sender_without_a_name)),
    ("Q015", Here(a_report_with_its_length_second)),
    ("Q018", Here(the_pin_state_in_every_form)),
    ("Q020", Here(memories_with_and_without_names)),
    ("Q023", Here(a_list_without_line_ends)),
    ("Q024", Here(read_messages_in_every_form)),
    ("Q025", Here(too_long_and_too_short_pdus)),
    ("Q034", Here(a_stick_that_talks_of_its_signal)),
    ("Q047", Here(network_texts_in_any_form)),
    ("Q048", Here(network_texts_with_odd_alphabets)),
    ("Q060", Here(a_result_glued_to_a_line)),
    ("Q063", Here(years_of_four_digits)),
    ("Q068", Here(a_report_with_a_broken_service_centre)),
    ("Q069", Here(odd_lists_of_numbers)),
    ("Q079", Here(signal_that_nobody_asked_for)),
    ("Q080", Here(calls_are_told_in_the_middle)),
    ("Q085", Here(a_sim_without_credit)),
    ("Q087", Here(a_module_that_tells_of_its_state)),
    ("Q098", Here(a_report_that_is_none)),
    ("Q103", Here(numbers_above_the_standards)),
    ("Q113", Here(a_module_that_is_ready_in_parts)),
    ("Q118", Here(a_stick_that_begins_its_lines_otherwise)),
    ("Q130", Here(shapes_of_rare_modems)),
    ("Q131", Here(odd_character_sets)),
    ("Q132", Here(registrations_of_every_shape)),
    ("Q133", Here(times_that_there_are_not)),
    ("Q134", Here(the_sims_toolkit_is_not_heard)),
];

/// What a port gives, cut.
fn cut(raw: &str) -> Vec<Token> {
    let mut lines = Lines::default();
    lines.push(raw.as_bytes());
    std::iter::from_fn(|| lines.next_token()).collect()
}

fn cut_at_prompt(raw: &str) -> Vec<Token> {
    let mut lines = Lines::default();
    lines.expect_prompt();
    lines.push(raw.as_bytes());
    std::iter::from_fn(|| lines.next_token()).collect()
}

fn line(text: &str) -> Token {
    Token::Line(text.to_owned())
}

fn with_pdu(header: &str, digits: &str) -> Token {
    Token::WithPdu { header: header.to_owned(), digits: digits.to_owned() }
}

/// What a line is to a modem of this profile while this command is in flight.
fn what(text: &str, form: &str, answer: Answer, profile: &Profile) -> Line {
    let words: [&Spontaneous; 2] = [&GENERIC.spontaneous, &profile.spontaneous];
    classify(text, Some(Asked { form, answer }), &words)
}

/// These lines neither belong to an answer nor mean anything, whatever is in flight.
fn are_chatter(profile: &Profile, lines: &[&str]) {
    for text in lines {
        for (form, answer) in [
            ("AT+CGMM", Answer::Bare("+CGMM:")),
            ("AT+CMGS=20", Answer::Prefixed("+CMGS:")),
            ("AT+CREG?", Answer::Prefixed("+CREG:")),
            ("AT+CMGD=1", Answer::Nothing),
        ] {
            let expected = Line::Unsolicited(Unsolicited::Chatter((*text).to_owned()));
            assert_eq!(what(text, form, answer, profile), expected, "{text}");
        }
    }
}

fn a_prompt_on_a_line_of_its_own() {
    assert_eq!(cut_at_prompt("\r\n>\r\n"), [Token::Prompt]);
}

fn a_prompt_without_a_line_end() {
    assert_eq!(cut_at_prompt("\r\n>"), [Token::Prompt]);
}

fn two_returns_before_a_line_end() {
    assert_eq!(cut("\r\r\n+CREG: 1\r\r\n\r\r\nOK\r\r\n"), [line("+CREG: 1"), line("OK")]);
}

fn zeros_between_lines() {
    assert_eq!(cut("\0\0\r\nO\0K\r\n\0"), [line("OK")]);
}

fn a_refusal_without_the_word_error() {
    assert_eq!(Cause::parse("COMMAND NOT SUPPORT"), Some(Cause::Unexplained));
}

fn a_refusal_of_the_modem() {
    assert!(matches!(Cause::parse("MODEM ERROR: 3"), Some(Cause::Words(_))));
}

fn not_available() {
    assert_eq!(Cause::parse("NA"), Some(Cause::Unexplained));
    assert_eq!(Cause::parse("NAIROBI"), None);
}

fn errors_in_words() {
    assert_eq!(Cause::parse("+CME ERROR: SIM busy"), Some(Cause::Equipment(14)));
    assert_eq!(Cause::parse("+CMS ERROR: Network out of order"), Some(Cause::Message(38)));
    assert_eq!(Cause::parse("+CMS ERROR: SIM busy"), Cause::parse("+CMS ERROR: 314"));
}

fn lines_that_nobody_asked_for_in_an_answer() {
    for text in ["+CMTI: \"SM\",3", "^RSSI:12", "RING", "+CREG: 5"] {
        let found = what(text, "AT+CSQ", Answer::Prefixed("+CSQ:"), &GENERIC);
        assert!(matches!(found, Line::Unsolicited(_)), "{text}: {found:?}");
    }
}

fn registration_told_and_asked() {
    let asked = |text| what(text, "AT+CREG?", Answer::Prefixed("+CREG:"), &GENERIC);
    assert_eq!(asked("+CREG: 1"), Line::Unsolicited(Unsolicited::Registration(1)));
    for text in ["+CREG: 2,1", "+CREG: 2,1,\"8BE3\",\"2BAF\""] {
        assert_eq!(asked(text), Line::Information(text.to_owned()));
    }
}

fn a_message_is_one_with_its_header() {
    for header in ["+CMT: ,24", "+CDS: 25", "+CBM: 88"] {
        let raw = format!("\r\n{header}\r\n0791\r\nOK\r\n");
        assert_eq!(cut(&raw), [with_pdu(header, "0791"), line("OK")]);
    }
}

fn a_blank_line_before_the_message() {
    assert_eq!(cut("\r\n+CMT: ,24\r\n\r\n0791\r\n"), [with_pdu("+CMT: ,24", "0791")]);
}

fn a_sender_without_a_name() {
    assert_eq!(fields::announced_length("+CMT: ,24"), Some(24));
    assert_eq!(fields::announced_length("+CMT: \"\",24"), Some(24));
}

fn a_report_with_its_length_second() {
    assert_eq!(fields::announced_length("+CDS: ,25"), Some(25));
    assert_eq!(fields::announced_length("+CDS: 25"), Some(25));
    assert_eq!(cut("+CDS: ,25\r\n0791\r\n"), [with_pdu("+CDS: ,25", "0791")]);
}

fn the_pin_state_in_every_form() {
    for text in ["+CPIN: READY", "+CPIN:READY", "+CPIN: \"READY\"", "+CPIN:   READY"] {
        assert_eq!(fields::pin_state(text), "READY", "{text}");
    }
}

fn memories_with_and_without_names() {
    assert_eq!(fields::storage("+CPMS: 1,30,1,30,2,30"), Some((2, 30)));
    assert_eq!(fields::storage("+CPMS: \"SM\",1,30,\"SM\",1,30,\"ME\",2,50"), Some((2, 50)));
    assert_eq!(fields::storage("+CPMS:1,30"), Some((1, 30)));
}

fn a_list_without_line_ends() {
    assert_eq!(
        cut("+CMGL: 4,1,,24\r\n0791000000+CMGL: 5,1,,24\r\n0792\r\n"),
        [with_pdu("+CMGL: 4,1,,24", "0791000000"), with_pdu("+CMGL: 5,1,,24", "0792")]
    );
}

fn read_messages_in_every_form() {
    for (header, status) in [
        ("+CMGR: ,,27", None),
        ("+CMGR: 27", None),
        ("+CMGR: 0,,27", Some(0)),
        ("+CMGR: 1,,0,27", Some(1)),
    ] {
        assert_eq!(fields::read_status(header), status, "{header}");
        assert_eq!(fields::announced_length(header), Some(27), "{header}");
        assert_eq!(cut(&format!("{header}\r\n0791\r\n")), [with_pdu(header, "0791")]);
    }
}

/// A text "Hi" from +231886000001, with this behind its last octet.
fn hi(rest: &str) -> String {
    format!("00040C9132816800001000004230109003000002C834{rest}")
}

/// The text of a message that came.
fn text_of(digits: &str) -> Option<String> {
    match decode_incoming(&hex::decode(digits).ok()?) {
        Ok(Incoming::Deliver(deliver)) => deliver.text().map(str::to_owned),
        Ok(Incoming::StatusReport(_)) | Err(_) => None,
    }
}

fn too_long_and_too_short_pdus() {
    for rest in ["", "FFFFFFFF", "89"] {
        assert_eq!(text_of(&hi(rest)).as_deref(), Some("Hi"), "{rest}");
    }
    let octets = hex::decode(&hi("")).expect("digits");
    for length in 0..octets.len() {
        match decode_incoming(&octets[..length]) {
            // Who takes it knows that it is not whole; it is kept for a person.
            Ok(Incoming::Deliver(cut)) => assert!(cut.data.missing() > 0, "{length}: {cut:?}"),
            read => assert!(read.is_err(), "{length} octets are no message: {read:?}"),
        }
    }
}

fn a_stick_that_talks_of_its_signal() {
    are_chatter(
        &profile::HUAWEI,
        &[
            "^RSSI:17",
            "^BOOT:36214507,0,0,0,20",
            "^MODE:5,4",
            "^DSFLOWRPT:00000010,00000000,00000000,0000000000000000",
            "^RFSWITCH:1,1",
            "^SRVST:2",
            "^SIMST:1",
            "^HCSQ:\"WCDMA\",30,30,58",
            "^CSNR:-88,-10",
            "^NWTIME: 14/08/05,04:00:21+20,00",
            "^STIN: 0,0,0",
            "^EARST",
            "^TEMP: 1",
        ],
    );
    let forms: Vec<&str> = profile::HUAWEI.set_up.iter().map(|own| own.form).collect();
    assert!(forms.contains(&"AT^CURC=0"), "{forms:?}");
}

fn network_text(line: &str) -> String {
    NetworkText::parse(line).expect(line).text
}

fn network_texts_in_any_form() {
    let packed = Written::PackedHex.write("Balance: 5").expect("letters of the alphabet");
    for written in ["Balance: 5", "00420061006C0061006E00630065003A00200035", &packed] {
        assert_eq!(network_text(&format!("+CUSD: 0,\"{written}\",15")), "Balance: 5", "{written}");
    }
}

fn network_texts_with_odd_alphabets() {
    let ucs2 = "00420061006C0061006E00630065003A00200035";
    for coding in [72, 0x48, 15, 17] {
        let text = network_text(&format!("+CUSD: 0,\"{ucs2}\",{coding}"));
        assert!(text.ends_with("alance: 5"), "{coding}: {text}");
    }
    assert_eq!(network_text("+CUSD: 0,\"1.50 USD\",68"), "1.50 USD");
}

fn a_result_glued_to_a_line() {
    assert_eq!(cut("ERROR+CNUM: ,\"1\",129\r\n"), [line("ERROR"), line("+CNUM: ,\"1\",129")]);
}

fn years_of_four_digits() {
    for text in ["2014/08/05,04:00:21+20", "14/08/05,04:00:21+20"] {
        let time = network::time(text).expect(text);
        assert_eq!(time.quarter_hours(), 20);
        assert_eq!(
            time.unix_seconds(),
            network::time("14/08/05,04:00:21+20").and_then(|t| t.unix_seconds())
        );
    }
    assert!(network::network_time("^NWTIME: 2014/08/05,04:00:21+20,00").is_some());
}

fn a_report_with_a_broken_service_centre() {
    let report = hex::decode("0297F1061C0F910B487228297020F5317062419272803170624192138000");
    let read = decode_incoming(&report.expect("digits"));
    assert!(matches!(read, Ok(Incoming::StatusReport(_))), "{read:?}");
}

fn odd_lists_of_numbers() {
    assert_eq!(offers::functionality("+CFUN: (0-1,4-7),(0-1)"), None);
    assert_eq!(offers::numbers("+CVHU:", "+CVHU: (0-1)"), [vec![0, 1]]);
    assert_eq!(offers::numbers("+CFUN:", "+CFUN: (0-1,4-7),(0-1)")[0], [0, 1, 4, 5, 6, 7]);
}

fn signal_that_nobody_asked_for() {
    assert!(!super::code().contains("AUTOCSQ"), "it is not asked for");
    are_chatter(&profile::SIMCOM, &["+CSQ: 20,99"]);
}

fn calls_are_told_in_the_middle() {
    are_chatter(
        &profile::SIMCOM,
        &[
            "VOICE CALL: BEGIN",
            "VOICE CALL: END: 000012",
            "MISSED_CALL: 10:15AM 0770000001",
            "+RXDTMF: 5",
            "+CLCC: 1,1,4,0,0,\"0770000001\",129",
        ],
    );
    assert_eq!(cut("\r\r\n+RXDTMF: 5\r\r\n"), [line("+RXDTMF: 5")]);
}

fn a_sim_without_credit() {
    let refused = Cause::parse("+CMS ERROR: 500").expect("a refusal");
    assert_eq!(refused.advice(), RetryClass::Ambiguous);
    assert!(Cause::parse("SEND FAIL").is_some_and(|cause| cause.advice() == RetryClass::Ambiguous));
    assert!(RetryClass::Ambiguous.words().contains("credit"));
}

fn a_module_that_tells_of_its_state() {
    are_chatter(
        &profile::QUECTEL,
        &["+QLWURC: \"ready\"", "+QIND: \"csq\",20,99", "+QNITZ: \"14/08/05,04:00:21+20,0\""],
    );
}

fn a_report_that_is_none() {
    let octets = hex::decode("000000FF00000000").expect("digits");
    let read = decode_incoming(&octets);
    assert!(!matches!(read, Ok(Incoming::StatusReport(_))), "{read:?}");
    assert!(read.is_err(), "it is kept as it is, for a person: {read:?}");
}

fn numbers_above_the_standards() {
    let advice = |code: u16| Cause::Message(code).advice();
    for code in [512, 532] {
        assert_eq!(advice(code), RetryClass::RetrySoon, "{code}");
    }
    assert_eq!(advice(521), RetryClass::Unclear);
    for code in [517, 549, 553, 554] {
        assert_eq!(advice(code), RetryClass::Bug, "{code}");
    }
}

fn a_module_that_is_ready_in_parts() {
    are_chatter(&profile::UBLOX, &["+UUSORD: 0,16", "+UUSTS: 0,1"]);
    let told = what("+PBREADY", "AT+CGMM", Answer::Bare("+CGMM:"), &profile::UBLOX);
    assert_eq!(told, Line::Unsolicited(Unsolicited::Woken));
    let name = "+COPS: 0,0,\"004F00720061006E00670065\",2";
    assert_eq!(fields::operator(name).as_deref(), Some("Orange"));
}

fn a_stick_that_begins_its_lines_otherwise() {
    are_chatter(&GENERIC, &["_OSIGQ: 12,0", "_OSSYSI: 0", "_OBLS: 1", "+PACSP0"]);
}

fn shapes_of_rare_modems() {
    assert_eq!(fields::listed("+CMGL: 1,\"REC READ\",,24"), Some((1, None)));
    assert_eq!(fields::listed("+CMGL:1,1,\"\",24"), Some((1, Some(1))));
    assert_eq!(fields::registration("+CREG:0,1"), Some(1));
    assert_eq!(fields::registration("+CREG: 2, 1, \"8BE3\", \"2BAF\""), Some(1));
}

fn odd_character_sets() {
    assert_eq!(offers::charsets("+CSCS: (\"IRA\",\"GSM\",\"UCS2\")"), ["IRA", "GSM", "UCS2"]);
    assert_eq!(offers::charsets("+CSCS: \"IRA\""), ["IRA"]);
    assert_eq!(fields::registration("+CREG: 2,5,\"0502\",\"0404736D\""), Some(5));
}

fn registrations_of_every_shape() {
    for (line, state, area, cell) in [
        ("+CREG: 2,1,000B,2816", 1, Some(0x000B), Some(0x2816)),
        ("+CREG: 2,1, B, C2816", 1, Some(0x000B), Some(0x000C_2816)),
        ("+CREG: 1,\"8BE3\",\"2BAF\"", 1, Some(0x8BE3), Some(0x2BAF)),
        ("+CREG: 2,1,\"8BE3\",\"2BAF\",7", 1, Some(0x8BE3), Some(0x2BAF)),
        ("+CREG: 5", 5, None, None),
    ] {
        let found = Registration::parse(line).expect(line);
        assert_eq!((found.state, found.area, found.cell), (state, area, cell), "{line}");
    }
}

fn times_that_there_are_not() {
    // Month 0, and a zone whose digit is none.
    for time in ["42001090030000", "423010900300A0"] {
        let pdu = format!("00040C913281680000100000{time}02C834");
        assert_eq!(text_of(&pdu).as_deref(), Some("Hi"), "{time}");
    }
}

fn the_sims_toolkit_is_not_heard() {
    are_chatter(&GENERIC, &["+STIN: 21", "^STIN: 0,0,0", "#STN: 33"]);
}
