//! The PDU codec against facts from public test suites.
//!
//! The files are not part of the project: the tests read `vectors/pdu.jsonl` and
//! `vectors/text.jsonl` in the folder that `ROLLCALL_SHARED` names, and have nothing to say
//! without it. What always runs are the tables beside the code.
#![expect(clippy::panic, reason = "a test says what it found")]

#[expect(dead_code, reason = "the example is also a program; here it only describes lines")]
#[path = "../examples/pdu.rs"]
mod pdu;

use pdu::{Front, Kind, Reading, describe_line};
use rollcall_drivers::pdu::{
    Address, Alphabet, DataCoding, Deliver, Encoded, InformationElement, NationalLanguage,
    PduError, ReferenceWidth, ServiceCentreTime, Shift, StatusReport, Submit, UserData, Validity,
    count_segments, decode_service_centre, hex, pack_text, split, split_with, unpack_text,
};
use serde_json::Value;

/// The vectors of one file, or none where no folder is named.
fn vectors(file: &str) -> Vec<Value> {
    let Some(shared) = std::env::var_os("ROLLCALL_SHARED") else {
        return Vec::new();
    };
    let path = std::path::Path::new(&shared).join("vectors").join(file);
    let lines = std::fs::read_to_string(&path).expect("ROLLCALL_SHARED names a readable folder");
    lines.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap_or_else(|| panic!("{}: no {name}", vector["id"]))
}

fn number(vector: &Value, name: &str) -> usize {
    let number = vector[name].as_u64().unwrap_or_else(|| panic!("{}: no {name}", vector["id"]));
    usize::try_from(number).expect("a small number")
}

fn octets(vector: &Value, name: &str) -> Vec<u8> {
    hex::decode(text(vector, name)).expect("hexadecimal digits")
}

fn described(vector: &Value) -> Value {
    let front = if vector["sca"] == true { Front::ServiceCentre } else { Front::Nothing };
    let kind = match text(vector, "kind") {
        "deliver" => Some(Kind::Deliver),
        "submit" => Some(Kind::Submit),
        "status-report" => Some(Kind::Report),
        _ => None,
    };
    describe_line(text(vector, "pdu"), Reading { front, kind })
}

#[test]
fn every_pdu_says_what_its_suite_says() {
    for vector in vectors("pdu.jsonl") {
        let (id, found) = (&vector["id"], described(&vector));
        if vector["mode"] == "error" {
            assert!(found["error"].is_string(), "{id}: {found}");
            continue;
        }
        for (name, expected) in vector["expect"].as_object().expect("an object") {
            match name.as_str() {
                "scts_utc" => assert_eq!(moment(&vector), expected.as_str().map(utc), "{id}"),
                "text_for_dialect" => check_dialect_of_pdu(&vector, expected),
                _ => assert_eq!(&found[name], expected, "{id}: {name}"),
            }
        }
        for (name, derived) in vector["derived"].as_object().expect("an object") {
            assert_eq!(&found[name], derived, "{id}: {name}");
        }
    }
}

/// The moment of a delivered message, in seconds.
fn moment(vector: &Value) -> Option<i64> {
    let octets = octets(vector, "pdu");
    let (_, tpdu) = decode_service_centre(&octets).expect("a service centre");
    Deliver::decode(tpdu).expect("a message").time.unix_seconds()
}

/// Seconds of a time like `2009-09-01T16:41:32Z`.
fn utc(iso: &str) -> i64 {
    time(&iso.replace('Z', "+00:00")).unix_seconds().expect("a time that there is")
}

/// The octets of a time in ISO 8601, by its digits.
fn time(iso: &str) -> ServiceCentreTime {
    let digits: Vec<u8> = iso.bytes().filter(u8::is_ascii_digit).map(|c| c - b'0').collect();
    let pairs: Vec<u8> = digits[2..].chunks(2).map(|pair| pair[1] << 4 | pair[0]).collect();
    let [year, month, day, hour, minute, second, hours, minutes] = pairs[..] else {
        panic!("{iso} is not a time with a zone");
    };
    let decimal = |pair: u8| (pair & 0x0F) * 10 + (pair >> 4);
    let quarters = decimal(hours) * 4 + decimal(minutes) / 15;
    let behind = if iso[19..].starts_with('-') { 0x08 } else { 0 };
    let zone = ((quarters % 10) << 4) | (quarters / 10) | behind;
    ServiceCentreTime::from_raw([year, month, day, hour, minute, second, zone])
}

#[test]
fn every_pdu_is_written_as_it_was_read() {
    for vector in vectors("pdu.jsonl").iter().filter(|vector| vector["mode"] != "error") {
        let (pdu, id) = (octets(vector, "pdu"), &vector["id"]);
        let tpdu = match vector["sca"] == true {
            true => decode_service_centre(&pdu).expect("a service centre").1,
            false => pdu.as_slice(),
        };
        let written = match text(vector, "kind") {
            "deliver" => written_again(tpdu, Deliver::decode, Deliver::encode),
            "submit" => written_again(tpdu, Submit::decode, Submit::encode),
            _ => written_again(tpdu, StatusReport::decode, StatusReport::encode),
        };
        // Suites that only read have addresses with digits in the filling half octet.
        if vector["mode"] != "decode" {
            assert_eq!(hex::encode(&written), hex::encode(tpdu), "{id}");
        }
    }
}

/// The octets of a message that was read and written; reading these gives the same message.
fn written_again<Message: PartialEq + std::fmt::Debug>(
    tpdu: &[u8],
    decode: fn(&[u8]) -> Result<Message, PduError>,
    encode: fn(&Message) -> Encoded,
) -> Vec<u8> {
    let message = decode(tpdu).expect("a message");
    let encoded = encode(&message);
    assert_eq!(decode(encoded.tpdu()), Ok(message));
    encoded.tpdu().to_vec()
}

#[test]
fn every_text_becomes_the_user_data_of_its_pdu() {
    for vector in vectors("pdu.jsonl") {
        let Some(input) = vector["input"]["text"].as_str() else {
            continue;
        };
        let pdu = octets(&vector, "pdu");
        let (_, tpdu) = decode_service_centre(&pdu).expect("a service centre");
        let data = Submit::decode(tpdu).expect("a message").data;
        let (reference, width) =
            data.part().map_or((0, ReferenceWidth::Eight), |part| (part.reference, part.width));
        let pieces = split(input, reference, width).expect("a text that fits");
        let number = data.part().map_or(1, |part| part.number);
        let piece = &pieces[usize::from(number) - 1];
        assert_eq!(piece.data, data, "{}", vector["id"]);
    }
}

#[test]
fn every_text_says_what_its_suite_says() {
    for vector in vectors("text.jsonl") {
        let kind = text(&vector, "kind");
        match kind {
            "gsm7-pack" => check_pack(&vector),
            "gsm7-ud-with-udh" => check_header(&vector),
            "gsm7-dialect-decode" => check_dialect(&vector),
            "ucs2" => check_ucs2(&vector),
            "reassemble-ucs2" => check_half_letters(&vector),
            "address" => check_address(&vector),
            "smsc-address" => check_service_centre(&vector),
            "timestamp" => check_time(&vector),
            "vp-relative" => check_validity(&vector),
            "dcs" => check_coding(&vector),
            "segments" | "segments-len" | "count" => check_segments(&vector),
            "segments-national" => check_national(&vector),
            "limits" => check_limits(&vector),
            "ussd-gsm7-pack" => {
                let (text, packed) = (text(&vector, "text"), octets(&vector, "packed"));
                assert_eq!(pack_text(text), Ok(packed.clone()), "{vector}");
                assert_eq!(unpack_text(&packed), text, "{vector}");
            }
            _ => panic!("{kind} is a new kind"),
        }
    }
}

/// The octets of a text as one message carries them, without their length.
fn carried(text: &str) -> Vec<u8> {
    let pieces = split(text, 0, ReferenceWidth::Eight).expect("a short text");
    let to = Address::parse("8080").expect("a short code");
    let tpdu = Submit::new(to, pieces[0].clone()).encode().tpdu().to_vec();
    tpdu[9..].to_vec()
}

/// A delivered message with this user data.
fn delivered(first_octet: u8, coding: DataCoding, length: usize, data: &[u8]) -> UserData {
    let length = u8::try_from(length).expect("the length of one message");
    let front = [first_octet, 4, 0x81, 0x08, 0x08, 0, coding.0, 0, 0, 0, 0, 0, 0, 0, length];
    Deliver::decode(&[front.as_slice(), data].concat()).expect("a message").data
}

fn check_pack(vector: &Value) {
    let (expected, packed) = (text(vector, "text"), octets(vector, "packed"));
    assert_eq!(carried(expected), packed, "{vector}");
    let septets = vector["septets"].as_u64().map_or(count_segments(expected).units, |septets| {
        usize::try_from(septets).expect("a small number")
    });
    assert_eq!(delivered(0, DataCoding::GSM7, septets, &packed).text(), Some(expected));
}

fn check_header(vector: &Value) {
    let read = delivered(0x40, DataCoding::GSM7, number(vector, "udl"), &octets(vector, "ud"));
    assert_eq!(read.text(), Some(text(vector, "text")), "{vector}");
    let header = read.header().to_vec();
    let written = UserData::from_text(text(vector, "text"), Alphabet::Gsm7, header);
    assert_eq!(written, Ok(read));
}

/// The elements of a header that announce these tables.
fn tables(vector: &Value) -> Vec<InformationElement> {
    let element = |id, field| {
        let identifier = u8::try_from(number(vector, field)).expect("an identifier");
        InformationElement { id, data: vec![identifier] }
    };
    let both = [element(0x25, "locking"), element(0x24, "single")];
    both.into_iter().filter(|element| element.data != [0]).collect()
}

fn check_dialect(vector: &Value) {
    let (expected, packed) = (text(vector, "text"), octets(vector, "packed"));
    let septets = number(vector, "septets");
    let plain = delivered(0, DataCoding::GSM7, septets, &packed);
    assert_eq!(in_tables(&plain, tables(vector)), expected, "{vector}");
}

/// The suite hands the tables over beside the PDU; here they travel in a header, as on the air.
fn check_dialect_of_pdu(vector: &Value, expected: &Value) {
    let octets = octets(vector, "pdu");
    let (_, tpdu) = decode_service_centre(&octets).expect("a service centre");
    let plain = Submit::decode(tpdu).expect("a message").data;
    assert_eq!(in_tables(&plain, tables(expected)), text(expected, "text"), "{vector}");
}

/// The septets of a text without a header, read with these tables: in as many messages as they
/// take with the header.
fn in_tables(plain: &UserData, header: Vec<InformationElement>) -> String {
    let mut read = String::new();
    let septets = plain.septets();
    let mut rest = septets.as_slice();
    while !rest.is_empty() {
        // An escape goes with the septet after it.
        let mut end = rest.len().min(60);
        while end < rest.len() && rest[end - 1] == 0x1B {
            end += 1;
        }
        let (now, later) = rest.split_at(end);
        let data = UserData::from_septets(now, header.clone()).expect("a short text");
        read.push_str(data.text().expect("a text"));
        rest = later;
    }
    read
}

fn check_national(vector: &Value) {
    // The suite allows the extension table only.
    let identifier = u8::try_from(number(vector, "single")).expect("an identifier");
    let single = NationalLanguage::from_identifier(identifier);
    let shift = Shift { locking: None, single };
    let pieces = split_with(text(vector, "text"), 0, ReferenceWidth::Eight, shift);
    let pieces = pieces.expect("a text that fits");
    assert_eq!(pieces.len(), number(vector, "parts"), "{vector}");
    let units: usize = pieces.iter().map(|piece| piece.units).sum();
    assert_eq!(units, number(vector, "units"), "{vector}");
    let lengths: Vec<Value> =
        pieces.iter().map(|piece| piece.text.chars().count().into()).collect();
    assert_eq!(Some(&lengths), vector["lens"].as_array(), "{vector}");
}

fn check_ucs2(vector: &Value) {
    let (expected, octets) = (text(vector, "text"), octets(vector, "hex"));
    assert_eq!(carried(expected), octets, "{vector}");
    let read = delivered(0, DataCoding::UCS2, octets.len(), &octets);
    assert_eq!(read.text(), Some(expected));
}

/// Half a letter shows as what it is, and the rest is kept.
fn check_half_letters(vector: &Value) {
    for part in vector["parts_hex"].as_array().expect("parts") {
        let octets = hex::decode(part.as_str().expect("hex")).expect("hexadecimal digits");
        let read = delivered(0, DataCoding::UCS2, octets.len(), &octets);
        let dangling = read.text().is_some_and(|text| text.ends_with('\u{FFFD}'));
        assert!(dangling, "{vector}");
    }
}

fn check_address(vector: &Value) {
    let address = octets(vector, "hex");
    let tpdu = [&[0x01, 0][..], &address, &[0, 0, 0]].concat();
    let submit = Submit::decode(&tpdu).expect("a message");
    assert_eq!(submit.to.to_string(), text(vector, "text"), "{vector}");
    assert_eq!(submit.encode().tpdu(), tpdu, "{vector}");
}

fn check_service_centre(vector: &Value) {
    let octets = octets(vector, "hex");
    let (address, rest) = decode_service_centre(&octets).expect("a service centre");
    assert_eq!(address.map(|address| address.to_string()).as_deref(), vector["text"].as_str());
    assert!(rest.is_empty(), "{vector}");
}

fn check_time(vector: &Value) {
    let read = octets(vector, "hex").try_into().map(ServiceCentreTime::from_raw);
    let read = read.expect("seven octets");
    assert_eq!(read.to_string(), text(vector, "iso"), "{vector}");
    let seconds = read.unix_seconds().expect("a time that there is");
    assert_eq!(
        ServiceCentreTime::from_unix(seconds, read.quarter_hours()).to_string(),
        text(vector, "iso")
    );
}

fn check_validity(vector: &Value) {
    let minutes = u32::try_from(number(vector, "minutes")).expect("a validity period");
    let steps = u8::try_from(number(vector, "tp_vp")).expect("an octet");
    assert_eq!(Validity::from_minutes(minutes), Validity::Relative(steps), "{vector}");
}

fn check_coding(vector: &Value) {
    let coding = DataCoding(u8::try_from(number(vector, "dcs")).expect("an octet"));
    assert_eq!(name(coding.alphabet()), text(vector, "alphabet"), "{vector}");
}

fn name(alphabet: Alphabet) -> &'static str {
    match alphabet {
        Alphabet::Gsm7 => "gsm7",
        Alphabet::EightBit => "8bit",
        Alphabet::Ucs2 => "ucs2",
    }
}

/// A text given, or so many letters of an alphabet.
fn check_segments(vector: &Value) {
    let letter = if vector["encoding"] == "ucs2" { "ɛ" } else { "a" };
    if text(vector, "source").ends_with("divideSMS") {
        return check_divided(vector, letter);
    }
    let counted = match vector["text"].as_str() {
        Some(text) => text.to_owned(),
        None => letter.repeat(number(vector, "length")),
    };
    let count = count_segments(&counted);
    for (field, found) in
        [("parts", count.segments), ("segments", count.segments), ("units", count.units)]
    {
        let expected = vector[field].as_u64().and_then(|n| usize::try_from(n).ok());
        assert!(expected.is_none_or(|expected| expected == found), "{vector}: {count:?}");
    }
    if vector["remaining"].is_u64() {
        assert_eq!(count.remaining, number(vector, "remaining"), "{vector}");
    }
    if let Some(lengths) = vector["lens"].as_array() {
        let pieces = split(&counted, 0, ReferenceWidth::Eight).expect("a text that fits");
        let units: Vec<Value> = pieces.iter().map(|piece| piece.units.into()).collect();
        assert_eq!(&units, lengths, "{vector}");
    }
}

/// This suite divides texts that are already known to be long, into 153 septets or 67 units: so
/// a full part goes before each.
fn check_divided(vector: &Value, letter: &str) {
    let full = if letter == "a" { 153 } else { 67 };
    let long = format!("{}{}", letter.repeat(full), text(vector, "text"));
    assert_eq!(count_segments(&long).segments - 1, number(vector, "parts"), "{vector}");
}

fn check_limits(vector: &Value) {
    for (field, letter, width) in [
        ("gsm7_8bit_ref", "a", ReferenceWidth::Eight),
        ("gsm7_16bit_ref", "a", ReferenceWidth::Sixteen),
        ("ucs2_8bit_ref", "ɛ", ReferenceWidth::Eight),
        ("ucs2_16bit_ref", "ɛ", ReferenceWidth::Sixteen),
    ] {
        let most = letter.repeat(number(vector, field));
        assert!(split(&most, 0, width).is_ok(), "{field}");
        assert!(split(&(most + letter), 0, width).is_err(), "{field}");
    }
}
