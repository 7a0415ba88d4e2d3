//! Reads and writes the PDUs of short messages.
//!
//! ```text
//! pdu [--no-smsc] [--deliver | --submit | --report]   hex on standard input, a line each
//! pdu encode --to NUMBER [--report] [--validity HOURS] TEXT
//! ```
//!
//! Reading gives one JSON object a line, or `{"error": …}`. Without an option the first octet
//! says which kind a message is. Writing gives one PDU a line, service-centre octet in front.

use std::io::BufRead;
use std::process::ExitCode;

use rollcall_drivers::pdu::{
    Address, Alphabet, Body, DataCoding, Deliver, Duplicates, InformationElement, PduError,
    ReferenceWidth, ReportRequest, ServiceCentreTime, StatusReport, Submit, UserData, Validity,
    decode_service_centre, hex, split,
};
use serde_json::{Map, Value, json};

const USAGE: &str = "usage: pdu [--no-smsc] [--deliver | --submit | --report] < HEX-LINES
       pdu encode --to NUMBER [--report] [--validity HOURS] TEXT";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((first, rest)) if first == "encode" => encode(rest),
        _ => decode(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// How a line is to be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// Whether the service-centre octets stand in front.
    pub front: Front,
    /// The kind of message; none to ask the first octet.
    pub kind: Option<Kind>,
}

/// What stands in front of the TPDU.
#[derive(Debug, Clone, Copy, Default)]
pub enum Front {
    /// A service-centre address, as modems list it.
    #[default]
    ServiceCentre,
    /// Nothing.
    Nothing,
}

/// The kinds of messages.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// From the network, for a phone.
    Deliver,
    /// From a phone, for the network.
    Submit,
    /// The network's word on delivery.
    Report,
}

fn decode(arguments: &[String]) -> Result<(), String> {
    let mut reading = Reading::default();
    for argument in arguments {
        match argument.as_str() {
            "--no-smsc" => reading.front = Front::Nothing,
            "--deliver" => reading.kind = Some(Kind::Deliver),
            "--submit" => reading.kind = Some(Kind::Submit),
            "--report" => reading.kind = Some(Kind::Report),
            other => return Err(format!("{other:?} is not an option of pdu")),
        }
    }
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|e| format!("standard input cannot be read: {e}"))?;
        println!("{}", describe_line(&line, reading));
    }
    Ok(())
}

/// What a line of hexadecimal digits says, or why it says nothing.
pub fn describe_line(line: &str, reading: Reading) -> Value {
    describe(line, reading).unwrap_or_else(|error| json!({ "error": error.to_string() }))
}

fn describe(line: &str, reading: Reading) -> Result<Value, PduError> {
    let octets = hex::decode(line)?;
    let mut found = Map::new();
    let tpdu = match reading.front {
        Front::Nothing => octets.as_slice(),
        Front::ServiceCentre => {
            let (service_centre, tpdu) = decode_service_centre(&octets)?;
            put(&mut found, "smsc", json!(service_centre.map(|address| address.to_string())));
            tpdu
        }
    };
    let first_octet = tpdu.first().copied().unwrap_or_default();
    put(&mut found, "tpdu_len", tpdu.len());
    put(&mut found, "first_octet", first_octet);
    match reading.kind.or(plain_kind(first_octet)) {
        Some(Kind::Submit) => describe_submit(&Submit::decode(tpdu)?, &mut found),
        Some(Kind::Report) => describe_report(&StatusReport::decode(tpdu)?, &mut found),
        Some(Kind::Deliver) | None => {
            put(&mut found, "mms", first_octet & 0x04 != 0);
            put(&mut found, "sri", first_octet & 0x20 != 0);
            describe_deliver(&Deliver::decode(tpdu)?, &mut found);
        }
    }
    Ok(Value::Object(found))
}

/// The kind that bits 1 and 0 of the first octet tell (TS 23.040 §9.2.3.1), if they tell one.
fn plain_kind(first_octet: u8) -> Option<Kind> {
    match first_octet & 0b11 {
        0b00 => Some(Kind::Deliver),
        0b01 => Some(Kind::Submit),
        0b10 => Some(Kind::Report),
        _ => None,
    }
}

fn describe_deliver(message: &Deliver, found: &mut Map<String, Value>) {
    put(found, "kind", "deliver");
    put_address(found, &message.from);
    put(found, "pid", message.protocol);
    put(found, "scts", time(message.time));
    put_content(found, message.coding, &message.data);
}

fn describe_submit(message: &Submit, found: &mut Map<String, Value>) {
    put(found, "kind", "submit");
    put(found, "mr", message.reference);
    put_address(found, &message.to);
    put(found, "pid", message.protocol);
    put(found, "srr", message.report == ReportRequest::Yes);
    put(found, "rd", message.duplicates == Duplicates::Reject);
    if let Some(validity) = message.validity {
        put(found, "vp", describe_validity(validity));
    }
    put_content(found, message.coding, &message.data);
}

fn describe_report(report: &StatusReport, found: &mut Map<String, Value>) {
    put(found, "kind", "status-report");
    put(found, "mr", report.reference);
    put_address(found, &report.to);
    put(found, "scts", time(report.submitted));
    put(found, "discharge", time(report.discharged));
    put(found, "status", report.status.octet());
    if let Some((parameters, rest)) = report.rest.split_first() {
        put(found, "pi", *parameters);
        put_trailing(found, rest);
    }
}

fn describe_validity(validity: Validity) -> Value {
    match validity {
        Validity::Relative(raw) => {
            json!({ "format": "relative", "raw": raw, "minutes": validity.minutes() })
        }
        Validity::Absolute(moment) => json!({ "format": "absolute", "time": time(moment) }),
        Validity::Enhanced(raw) => json!({ "format": "enhanced", "raw": lower_hex(&raw) }),
    }
}

fn put_content(found: &mut Map<String, Value>, coding: DataCoding, data: &UserData) {
    put(found, "dcs", coding.0);
    put(found, "udl", data.length());
    let encoding = match coding.alphabet() {
        Alphabet::Gsm7 => "gsm7",
        Alphabet::EightBit => "8bit",
        Alphabet::Ucs2 => "ucs2",
    };
    put(found, "encoding", encoding);
    if let Some(class) = coding.class() {
        put(found, "class", class);
    }
    put_header(found, data);
    match data.body() {
        Body::Text(text) => put(found, "text", text.as_str()),
        Body::Octets(octets) => put(found, "data_hex", lower_hex(octets)),
    }
    put_trailing(found, data.surplus());
}

fn put_header(found: &mut Map<String, Value>, data: &UserData) {
    if let Some(part) = data.part() {
        let (reference, bits) = (part.reference, bits(part.width));
        let concat =
            json!({ "ref": reference, "total": part.total, "seq": part.number, "bits": bits });
        put(found, "concat", concat);
    }
    if let Some(ports) = data.ports() {
        let (to, from, bits) = (ports.destination, ports.source, bits(ports.width));
        put(found, "ports", json!({ "dst": to, "src": from, "bits": bits }));
    }
    if !data.header().is_empty() {
        let element = |element: &InformationElement| json!({ "iei": element.id, "data": lower_hex(&element.data) });
        put(found, "udh", data.header().iter().map(element).collect::<Vec<Value>>());
    }
}

fn put_address(found: &mut Map<String, Value>, address: &Address) {
    put(found, "number", address.to_string());
    put(found, "toa", address.type_of_address());
}

fn put_trailing(found: &mut Map<String, Value>, rest: &[u8]) {
    if !rest.is_empty() {
        put(found, "trailing_hex", lower_hex(rest));
    }
}

fn put(found: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    found.insert(name.to_owned(), value.into());
}

fn bits(width: ReferenceWidth) -> u8 {
    match width {
        ReferenceWidth::Eight => 8,
        ReferenceWidth::Sixteen => 16,
    }
}

/// The time as in ISO 8601; null for a date that there is not.
fn time(moment: ServiceCentreTime) -> Value {
    moment.unix_seconds().map_or(Value::Null, |_| Value::String(moment.to_string()))
}

fn lower_hex(octets: &[u8]) -> String {
    hex::encode(octets).to_lowercase()
}

fn encode(arguments: &[String]) -> Result<(), String> {
    let order = Order::read(arguments)?;
    let pieces = split(&order.text, 1, ReferenceWidth::Eight).map_err(|e| e.to_string())?;
    for piece in pieces {
        let submit = Submit {
            report: order.report,
            validity: order.validity,
            ..Submit::new(order.to.clone(), piece)
        };
        println!("{}", submit.encode().hex());
    }
    Ok(())
}

/// What `encode` is asked for.
struct Order {
    to: Address,
    report: ReportRequest,
    validity: Option<Validity>,
    text: String,
}

impl Order {
    fn read(arguments: &[String]) -> Result<Self, String> {
        let (mut to, mut report, mut validity) = (None, ReportRequest::No, None);
        let mut words = Vec::new();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--to" => {
                    let number = arguments.next().ok_or("--to needs a number")?;
                    to = Some(Address::parse(number).map_err(|e| e.to_string())?);
                }
                "--report" => report = ReportRequest::Yes,
                "--validity" => {
                    let hours = arguments.next().and_then(|hours| hours.parse::<u32>().ok());
                    let hours = hours.ok_or("--validity needs hours, for example 24")?;
                    validity = Some(Validity::from_minutes(hours.saturating_mul(60)));
                }
                word => words.push(word),
            }
        }
        let to = to.ok_or("encode needs --to NUMBER")?;
        if words.is_empty() {
            return Err("encode needs a text".to_owned());
        }
        Ok(Self { to, report, validity, text: words.join(" ") })
    }
}
