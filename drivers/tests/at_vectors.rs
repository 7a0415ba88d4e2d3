//! The reader of modems' lines against facts from public test suites.
//!
//! The files are not part of the project: the tests read `vectors/at.jsonl` and
//! `reference/errors.jsonl` in the folder that `ROLLCALL_SHARED` names, and have nothing to say
//! without it. What always runs are the tables beside the code.
#![expect(clippy::panic, reason = "a test says what it found")]

use rollcall_drivers::at::calls::{self, CallState, Direction};
use rollcall_drivers::at::commands::Answer;
use rollcall_drivers::at::errors::{Cause, RetryClass};
use rollcall_drivers::at::line::{Asked, Line, Spontaneous, Unsolicited, classify};
use rollcall_drivers::at::lines::{Lines, Token};
use rollcall_drivers::at::registration::{Domain, Registration};
use rollcall_drivers::at::ussd::{self, Written};
use rollcall_drivers::at::{fields, network, offers, text_mode, tries};
use rollcall_drivers::pdu::{DeliveryStatus, Incoming, decode_incoming, hex};
use serde_json::{Map, Value, json};

/// The objects of one file, or none where no folder is named.
fn facts(file: &str) -> Vec<Value> {
    let Some(shared) = std::env::var_os("ROLLCALL_SHARED") else {
        return Vec::new();
    };
    let path = std::path::Path::new(&shared).join(file);
    let lines = std::fs::read_to_string(&path).expect("ROLLCALL_SHARED names a readable folder");
    lines.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

/// What a port gave, cut into lines.
struct Heard {
    lines: Vec<String>,
    pdus: Vec<(String, String)>,
    prompt: bool,
}

fn hear(raw: &str, topic: &str) -> Heard {
    let mut lines = Lines::default();
    if topic == "CMGS prompt" {
        lines.expect_prompt();
    }
    lines.push(raw.as_bytes());
    // Two blank lines say that no PDU follows any more.
    lines.push(b"\r\n\r\n\r\n");
    let mut heard = Heard { lines: Vec::new(), pdus: Vec::new(), prompt: false };
    while let Some(token) = lines.next_token() {
        match token {
            Token::Line(text) => heard.lines.push(text),
            Token::WithPdu { header, digits } => heard.pdus.push((header, digits)),
            Token::Prompt => heard.prompt = true,
            Token::TooLong => panic!("no line of {topic} is too long"),
        }
    }
    assert_eq!(lines.held(), 0, "{raw:?}");
    heard
}

const WORDS: &[&Spontaneous] = &[&Spontaneous::NONE];

impl Heard {
    /// What the lines are while this command is in flight.
    fn classified(&self, prefix: &'static str) -> Vec<Line> {
        let echo = self.lines.first().filter(|line| line.starts_with("AT"));
        let form = echo.map_or("AT", String::as_str);
        let asked = Asked { form, answer: Answer::Prefixed(prefix) };
        self.lines.iter().map(|line| classify(line, Some(asked), WORDS)).collect()
    }

    /// The line that begins so, or the only one.
    fn line(&self, prefix: &str) -> &str {
        let found = self.lines.iter().find(|line| line.starts_with(prefix));
        found.or(self.lines.first()).map_or("", String::as_str)
    }

    fn outcome(&self) -> Option<Result<(), Cause>> {
        self.classified("+").into_iter().find_map(|line| match line {
            Line::Final(outcome) => Some(outcome),
            Line::Information(_) | Line::Echo | Line::Unsolicited(_) => None,
        })
    }
}

/// Eleven digits travel in this line, and the suite's fact has twelve.
const MISCOPIED: (&str, &str) = ("A0207", "+97254120032");

#[test]
fn every_line_says_what_its_suite_says() {
    for vector in facts("vectors/at.jsonl") {
        let (id, topic) = (&vector["id"], vector["topic"].as_str().expect("a topic"));
        let heard = hear(vector["raw"].as_str().expect("a text"), topic);
        let found = found(topic, &heard, &vector);
        for (name, expected) in vector["expect"].as_object().expect("an object") {
            if name == "note" {
                assert!(found.get("fun").is_none_or(Value::is_null), "{id}: {found:?}");
                continue;
            }
            let value = found.get(name).unwrap_or(&Value::Null);
            if id == MISCOPIED.0 {
                assert_eq!(*value, MISCOPIED.1, "{id}");
                continue;
            }
            // Only some suites write "not there" as a zero.
            let zero = matches!(name.as_str(), "lac" | "ci") && value.is_null() && *expected == 0;
            // Suites that found no text themselves claim nothing about ours.
            let unclaimed = name == "text_derived" && expected.is_null();
            assert!(zero || unclaimed || alike(value, expected), "{id} {name}: {found:?}");
        }
    }
}

/// Numbers are compared as numbers, whether whole or not.
fn alike(found: &Value, expected: &Value) -> bool {
    match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => (found - expected).abs() < 0.01,
        _ => found == expected,
    }
}

fn found(topic: &str, heard: &Heard, vector: &Value) -> Map<String, Value> {
    let told = match topic {
        "CREG" => registration(heard, &vector["expect"]),
        "COPS=?" => json!({ "networks": networks(heard) }),
        "COPS?" => json!({ "operator": fields::operator(heard.line("+COPS:")) }),
        "CSCS=?" => json!({ "charsets": offers::charsets(heard.line("+CSCS:")) }),
        "CPMS=?" => memories_offered(heard.line("+CPMS:")),
        "CPMS?" => memories_in_use(heard.line("+CPMS:")),
        "CNUM" => own_numbers(heard),
        "CFUN?" => json!({ "fun": offers::functionality(heard.line("+CFUN:")) }),
        "CESQ" => signal_quality(heard.line("+CESQ:")),
        "CSQ" => {
            let line = heard.line("+CSQ:");
            json!({ "rssi": fields::signal(line), "ber": fields::bit_errors(line) })
        }
        "CLIP" | "CCWA" | "CLCC" | "CCFC" => about_calls(topic, heard),
        "CPIN?" => pin(heard),
        "CMGL" | "CMGR" | "CMT" | "CDS" => with_pdus(heard),
        "CSIM(pin retries)" => {
            let (line, expected) = (heard.line("+CSIM:"), &vector["expect"]["error"]);
            let tries = tries::of_card(line);
            json!({ "retries": tries, "error": if tries.is_none() { expected } else { &Value::Null } })
        }
        "^SYSINFO" | "^SYSINFOEX" => system(&heard.lines[0]),
        "^HCSQ" => levels(&heard.lines[0]),
        "^NWTIME" | "^TIME" => clock(&heard.lines[0], &vector["expect"]["iso"]),
        "+UPINCNT" => {
            let [_, pin2, _, puk2] = offers::code_tries(&heard.lines[0]).expect("four numbers");
            json!({ "pin2_attempts": pin2, "puk2_attempts": puk2 })
        }
        "CNMI=?" => json!({ "lists": offers::numbers("+CNMI:", heard.line("+CNMI:")) }),
        "CSCA?" => {
            let number = fields::service_centre(heard.line("+CSCA:")).expect("a number");
            let plus =
                vector["expect"]["digits"].as_str().is_some_and(|text| text.starts_with('+'));
            let digits = if plus { &number } else { number.trim_start_matches('+') };
            json!({ "smsc": number, "digits": digits })
        }
        "CUSD" => network_text(heard),
        "CMGR(text,CSDH=1)" | "CMGR(text)" => text_message(heard),
        "CMGR(text,SR)" => text_report(heard),
        "CMTI" => stored(heard),
        "CMGS prompt" | "CMGS" => sending(heard),
        "CLAC" => json!({ "commands": heard.lines[..heard.lines.len() - 1] }),
        "any" | "CVHU=" => json!({}),
        other => panic!("{other} has no reader"),
    };
    let mut told = told.as_object().expect("an object").clone();
    put_outcome(&mut told, heard);
    told
}

fn put_outcome(told: &mut Map<String, Value>, heard: &Heard) {
    let (name, code) = match heard.outcome() {
        None => return,
        Some(Ok(())) => ("OK", None),
        Some(Err(Cause::Equipment(code))) => ("CME", Some(code)),
        Some(Err(Cause::Message(code))) => ("CMS", Some(code)),
        Some(Err(_)) => ("ERROR", None),
    };
    told.insert("final".to_owned(), json!(name));
    told.insert("code".to_owned(), json!(code));
}

fn technology(number: u8) -> &'static str {
    match number {
        0 => "GSM",
        2 => "UMTS",
        3 => "EDGE",
        7 => "LTE",
        other => panic!("technology {other}"),
    }
}

fn registration(heard: &Heard, expected: &Value) -> Value {
    let line = heard.lines.iter().find(|line| Registration::parse(line).is_some());
    let line = line.unwrap_or_else(|| panic!("{:?}", heard.lines));
    let told = Registration::parse(line).expect("just read");
    let (prefix, rest) = line.split_once(':').expect("a prefix");
    let command = match told.domain {
        Domain::Circuits => "CREG",
        Domain::Packets => "CGREG",
        Domain::Lte => "CEREG",
        Domain::FiveG => "C5GREG",
    };
    assert_eq!(prefix.trim_start_matches('+'), command);
    assert!(!told.words().is_empty());
    let act = match (&expected["act"], told.technology) {
        (Value::Number(_), number) => json!(number),
        (_, number) => json!(number.map(technology)),
    };
    let name = match told.state {
        0 => "IDLE",
        1 => "HOME",
        3 => "DENIED",
        5 => "ROAMING",
        6 => "HOME_SMS_ONLY",
        11 => "ATTACHED_RLOS",
        other => panic!("state {other}"),
    };
    json!({
        "stat": told.state, "stat_name": name, "lac": told.area, "ci": told.cell, "act": act,
        "command": command, "n": fields::fields(rest)[0].parse::<u8>().ok(),
    })
}

fn networks(heard: &Heard) -> Vec<Value> {
    let found = network::networks(heard.line("+COPS:"));
    let told = found.into_iter().map(|one| {
        json!({
            "stat": one.state, "long": one.long, "short": one.short, "plmn": one.plmn,
            "act": technology(one.technology),
        })
    });
    told.collect()
}

fn memories_offered(line: &str) -> Value {
    let lists = offers::memories(line);
    let all = if lists.is_empty() { Value::Null } else { json!(lists) };
    json!({ "mem1": lists.first(), "mem2": lists.get(1), "mem3": lists.get(2), "mems": all })
}

fn memories_in_use(line: &str) -> Value {
    let names = offers::memories_in_use(line);
    let known = names.iter().any(Option::is_some).then_some(&names);
    json!({ "mem1": names.first(), "mem2": names.get(1), "mems": known })
}

fn own_numbers(heard: &Heard) -> Value {
    let numbers: Vec<String> =
        heard.lines.iter().filter_map(|line| fields::own_number(line)).collect();
    json!({ "number": numbers.first().cloned().unwrap_or_default(), "numbers": numbers })
}

fn signal_quality(line: &str) -> Value {
    let told = network::signal_quality(line).expect("six levels");
    json!({
        "rxlev": told.rxlev.unwrap_or(99), "ber": told.ber.unwrap_or(99),
        "rssi": told.rxlev, "rscp_level": told.rscp, "rscp": told.dbm(),
        "ecn0_level": told.ecno, "ecio": told.ecno_tenths().map(|tenths| f64::from(tenths) / 10.0),
        "rsrq_level": told.rsrq.unwrap_or(255), "rsrq": told.rsrq,
        "rsrp_level": told.rsrp.unwrap_or(255), "rsrp": told.rsrp,
    })
}

fn about_calls(topic: &str, heard: &Heard) -> Value {
    match topic {
        "CCFC" => {
            let told = calls::forwarding(heard.line("+CCFC:")).expect("a forwarding");
            json!({
                "status": u8::from(told.is_active), "class": told.class, "number": told.number,
                "type": told.kind, "time": told.seconds,
            })
        }
        "CLCC" => {
            let calls = heard.lines.iter().filter_map(|line| calls::call(line));
            let told = calls.filter(|call| call.is_speech).map(|call| {
                let direction = match call.direction {
                    Direction::Incoming => "incoming",
                    Direction::Outgoing => "outgoing",
                };
                let state = match call.state {
                    CallState::Active => "active",
                    CallState::Held => "held",
                    CallState::Dialling => "dialing",
                    CallState::Alerting => "ringing_out",
                    CallState::Ringing => "ringing_in",
                    CallState::Waiting => "waiting",
                };
                json!({ "idx": call.index, "dir": direction, "state": state, "number": call.number })
            });
            json!({ "calls": told.collect::<Vec<Value>>() })
        }
        _ => {
            let told = calls::caller(&heard.lines[0]).expect("a caller");
            json!({ "number": told.number, "type": told.kind, "class": told.class })
        }
    }
}

fn pin(heard: &Heard) -> Value {
    let line = heard.line("+CPIN:");
    let state = fields::pin_state(line);
    let lock = (state != "READY").then(|| state.replace(' ', "_"));
    let prefixed = line.starts_with("+CPIN:");
    json!({ "lock": lock, "prefix_expected": prefixed, "missing_ok": heard.outcome().is_none() })
}

fn with_pdus(heard: &Heard) -> Value {
    let (header, digits) = heard.pdus.first().expect("a PDU");
    let rest = header.split_once(':').expect("a prefix").1.trim();
    let messages = heard.pdus.iter().map(|(header, digits)| match fields::listed(header) {
        Some((index, stat)) => json!({ "index": index, "stat": stat, "pdu": digits }),
        None => json!({ "stat": fields::read_status(header), "pdu": digits }),
    });
    let mut told = json!({
        "header": rest, "pdu": digits, "len": fields::announced_length(header),
        "stat": fields::read_status(header), "messages": messages.collect::<Vec<Value>>(),
        "extra_comma": rest.starts_with(','), "broken_sca": digits.starts_with("02"),
    });
    let octets = hex::decode(digits).expect("digits");
    if let Ok(Incoming::StatusReport(report)) = decode_incoming(&octets) {
        told["mr"] = json!(report.reference);
        told["st"] = json!(report.status.octet());
    }
    told
}

fn system(line: &str) -> Value {
    let told = network::system_state(line).expect("numbers");
    json!({
        "srv_status": told.service, "srv_domain": told.domain, "roam": told.roaming,
        "sys_mode": told.mode, "sim_state": told.sim, "sys_submode_valid": told.submode.is_some(),
        "sys_submode": told.submode.or(told.lock).unwrap_or(0),
    })
}

fn levels(line: &str) -> Value {
    let told = network::levels(line);
    let act =
        told.as_ref().map_or("UNKNOWN", |(name, _)| if name == "WCDMA" { "UMTS" } else { name });
    let mut values = told.as_ref().map_or_else(Vec::new, |(_, levels)| levels.clone());
    values.resize(5, 0);
    json!({ "ok": told.is_some(), "act": act, "values": values })
}

fn clock(line: &str, iso: &Value) -> Value {
    let (time, summer) = match network::network_time(line) {
        Some((time, summer)) => (Some(time), summer),
        None => (network::clock(line), 0),
    };
    let shortened = time.map(|time| {
        let (whole, iso) = (time.to_string(), iso.as_str().unwrap_or_default());
        let same = whole.starts_with(iso.trim_end_matches('Z'));
        if same { iso.to_owned() } else { whole }
    });
    let offset = time.map(|time| i32::from(time.quarter_hours()) * 15);
    let summer = u32::from(summer) * 60;
    json!({ "ok": time.is_some(), "iso": shortened, "offset_min": offset, "dst_min": summer })
}

fn network_text(heard: &Heard) -> Value {
    let Some(told) = ussd::last_of(heard.lines.iter().map(String::as_str)) else {
        return json!({});
    };
    let written = match told.written {
        Written::Plain => "plain",
        Written::PackedHex => "gsm7-packed-hex",
        Written::Ucs2Hex if told.coding == Some(0x11) => "ucs2-hex-with-garbage-tail",
        Written::Ucs2Hex => "ucs2-hex",
        Written::OctetHex => "octet-hex",
    };
    let at = |wanted: &str| heard.lines.iter().position(|line| line.starts_with(wanted));
    json!({
        "m": told.status, "str": told.text, "text": told.text, "text_derived": told.text,
        "dcs": told.coding, "wire_encoding": written, "session_open": told.is_open(),
        "lines": told.text.lines().count(), "cusd_before_ok": at("+CUSD:") < at("OK"),
    })
}

fn text_message(heard: &Heard) -> Value {
    let at = heard.lines.iter().position(|line| line.starts_with("+CMGR:")).expect("a header");
    let header = text_mode::header(&heard.lines[at]).expect("a header");
    let text = &heard.lines[at + 1..heard.lines.len() - 1];
    let mut told = json!({
        "stat": header.status, "oa": header.from, "scts": header.time, "lines": text.len(),
        "text": text.join("\n"),
    });
    if let Some(details) = header.details {
        told["fo"] = json!(details.first_octet);
        told["dcs"] = json!(details.coding);
        told["sca"] = json!(details.service_centre);
        told["len"] = json!(details.length);
    }
    told
}

fn text_report(heard: &Heard) -> Value {
    let told = text_mode::report(&heard.lines[0]).expect("a report");
    json!({
        "fo": told.first_octet, "mr": told.reference, "ra": told.to, "st": told.status,
        "scts": told.submitted.to_string(), "dt": told.discharged.to_string(),
    })
}

fn stored(heard: &Heard) -> Value {
    match classify(&heard.lines[0], None, WORDS) {
        Line::Unsolicited(Unsolicited::Stored { index, .. }) => {
            json!({ "index": index, "must_not_disconnect": true })
        }
        other => panic!("{other:?}"),
    }
}

fn sending(heard: &Heard) -> Value {
    let (mut reference, mut others, mut then) = (None, Vec::new(), Value::Null);
    for line in heard.classified("+CMGS:") {
        match line {
            Line::Information(text) => {
                reference = fields::reference(fields::after("+CMGS:", &text))
            }
            Line::Unsolicited(Unsolicited::Chatter(text)) => {
                others.push(text.split(':').next().unwrap_or_default().to_owned());
            }
            Line::Unsolicited(Unsolicited::Stored { memory, index }) => {
                then = json!({ "cdsi": [memory, index] });
            }
            Line::Echo | Line::Final(_) | Line::Unsolicited(_) => {}
        }
    }
    json!({
        "mr": reference, "prompt": heard.prompt, "urcs": others, "urcs_ignored": others.len(),
        "then_urc": then,
    })
}

#[test]
fn every_error_has_words_and_the_advice_of_its_row() {
    for row in facts("reference/errors.jsonl") {
        let class = row["cls"].as_str().expect("a class");
        if row["space"] == "tp-st" {
            check_status(&row["range"], class);
            continue;
        }
        let number = u16::try_from(row["code"].as_u64().expect("a number")).expect("a small one");
        let (line, cause) = match row["space"].as_str() {
            Some("cms") => (format!("+CMS ERROR: {number}"), Cause::Message(number)),
            _ => (format!("+CME ERROR: {number}"), Cause::Equipment(number)),
        };
        assert_eq!(Cause::parse(&line), Some(cause.clone()), "{line}");
        assert!(!cause.to_string().contains("no known meaning"), "{line}");
        assert_eq!(cause.advice(), advice(class), "{line}");
        // Words in brackets are the collector's own.
        let words = row["text"].as_str().filter(|words| !words.starts_with('('));
        let prefix = line.split(':').next().unwrap_or_default();
        if let Some(words) = words {
            let spoken = Cause::parse(&format!("{prefix}: {words}")).expect("an error");
            // Two full memories have one name: the number alone tells whose it is.
            let ambiguous = number == 211;
            assert!(ambiguous || spoken.advice() == advice(class), "{words}");
        }
    }
}

fn advice(class: &str) -> RetryClass {
    match class {
        "perm-destination" => RetryClass::Destination,
        "perm-sim" | "sim-fault" | "sim-pin" | "sim-puk" | "sim-pin-wrong" => RetryClass::Sim,
        "perm-config" => RetryClass::Setup,
        "perm-bug" => RetryClass::Bug,
        "retry-soon" => RetryClass::RetrySoon,
        "retry-later" => RetryClass::RetryLater,
        "ambiguous" => RetryClass::Ambiguous,
        "treat-as-sent" => RetryClass::TreatAsSent,
        "storage-full" => RetryClass::StorageFull,
        "modem-reset" => RetryClass::Device,
        "ignore" => RetryClass::Harmless,
        "wait-network" => RetryClass::WaitNetwork,
        "UNKNOWN-outcome" => RetryClass::Unclear,
        other => panic!("class {other}"),
    }
}

fn check_status(range: &Value, class: &str) {
    let end = |at: usize| u8::try_from(range[at].as_u64().expect("a number")).expect("an octet");
    for octet in end(0)..=end(1) {
        let found = match DeliveryStatus::from_octet(octet) {
            DeliveryStatus::Delivered(_) => "delivered",
            DeliveryStatus::StillTrying(_) => "pending",
            DeliveryStatus::Failed(_) => "failed-permanent",
            DeliveryStatus::GaveUp(_) => "failed-gave-up",
        };
        assert_eq!(found, class, "{octet:02X}");
    }
}
