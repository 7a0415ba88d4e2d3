//! What the fields of an answer say, in all the shapes in which modems give them.
//!
//! Each function reads one kind of line and gives `None` where the line makes no sense. What
//! follows from it is `modem`'s business.

use super::ussd;

/// The fields after a prefix: split at commas outside quotes and brackets, trimmed, unquoted.
pub fn fields(text: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let (mut quoted, mut depth) = (false, 0_u32);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                fields.push(String::new());
                continue;
            }
            _ => {}
        }
        fields.last_mut().expect("there is one field from the start").push(c);
    }
    fields.iter().map(|field| field.trim().trim_matches('"').to_owned()).collect()
}

/// What follows `prefix`, or the whole line where a modem leaves the prefix out.
pub fn after<'a>(prefix: &str, line: &'a str) -> &'a str {
    line.strip_prefix(prefix).unwrap_or(line).trim()
}

/// `+CMTI: "SM",7` → where the message lies. A memory's name is one to four letters or digits;
/// the index may be -1 or missing where the modem itself does not know.
pub fn stored(rest: &str) -> (Option<String>, Option<u32>) {
    let fields = fields(rest);
    let memory = fields.first().filter(|name| is_memory(name)).cloned();
    (memory, fields.get(1).and_then(|index| index.parse().ok()))
}

/// Whether this can be the name of a memory, and nothing that would change a command.
pub fn is_memory(name: &str) -> bool {
    (1..=4).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `+CMGS: 17` → 17; an acknowledgement PDU may follow.
pub fn reference(rest: &str) -> Option<u8> {
    fields(rest).first().and_then(|field| field.parse().ok())
}

/// `+CREG: 1` or `+CREG: 1,"8BE3","2BAF"`: the state, where nobody asked for it.
pub fn unasked_registration(line: &str) -> Option<u8> {
    let fields = fields(line.strip_prefix("+CREG:")?);
    if is_unasked_registration(line) { fields.first()?.parse().ok() } else { asked_state(&fields) }
}

/// `+CREG: 0,1` → 1: the state that was asked for.
pub fn registration(line: &str) -> Option<u8> {
    asked_state(&fields(line.strip_prefix("+CREG:")?))
}

/// Whether a `+CREG` line came by itself: then its second field, if any, is an area code, which
/// is quoted or longer than a state can be.
pub fn is_unasked_registration(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("+CREG:") else {
        return false;
    };
    second_is_an_area(rest)
}

/// Whether the second field of a registration, if any, is an area code and not a state.
pub(super) fn second_is_an_area(rest: &str) -> bool {
    let second = rest.split(',').nth(1).map(str::trim);
    !second.is_some_and(|field| field.len() <= 2 && field.parse::<u8>().is_ok())
}

fn asked_state(fields: &[String]) -> Option<u8> {
    fields.get(1)?.parse().ok()
}

/// The device's number: 14 to 16 digits, TS 23.003 §6.2, with or without `+CGSN:`.
pub fn imei(line: &str) -> Option<String> {
    let number = after("+CGSN:", line).trim_matches('"');
    let plausible = (14..=16).contains(&number.len());
    (plausible && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.to_owned())
}

/// `+CSQ: 17,99` → 17; 99 is "not known".
pub fn signal(line: &str) -> Option<u8> {
    let level = fields(after("+CSQ:", line)).first()?.parse().ok()?;
    (level <= 31).then_some(level)
}

/// `+CSQ: 17,3` → 3, the class of bit errors; 99 is "not known".
pub fn bit_errors(line: &str) -> Option<u8> {
    let class = fields(after("+CSQ:", line)).get(1)?.parse().ok()?;
    (class <= 7).then_some(class)
}

/// `+COPS: 0,0,"Orange LR",2` → the name.
pub fn operator(line: &str) -> Option<String> {
    fields(after("+COPS:", line))
        .get(2)
        .filter(|name| !name.is_empty())
        .map(|name| ussd::name(name))
}

/// `+CSCA: "+231770000099",145` → the number, in whatever alphabet it is written; an empty one, or
/// what can be no number, is none.
pub fn service_centre(line: &str) -> Option<String> {
    let fields = fields(after("+CSCA:", line));
    let number = ussd::number(fields.first()?, fields.get(1).map(String::as_str));
    let digits = number.strip_prefix('+').unwrap_or(&number);
    // TS 24.011 §8.2.5.2 has room for twenty digits.
    let plausible = (3..=20).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit());
    (plausible && digits.bytes().any(|digit| digit != b'0')).then_some(number)
}

/// `+CNUM: "own","+231770000001",145` → the number.
pub fn own_number(line: &str) -> Option<String> {
    let fields = fields(after("+CNUM:", line));
    let number = ussd::number(fields.get(1)?, fields.get(2).map(String::as_str));
    (!number.is_empty()).then_some(number)
}

/// Used and total of the memory into which messages come in: the third where three are named.
/// Reads the answer to `+CPMS?`, with names, and to `+CPMS=`, without.
pub fn storage(line: &str) -> Option<(u32, u32)> {
    let fields = fields(after("+CPMS:", line));
    let numbers: Vec<u32> = fields.iter().filter_map(|field| field.parse().ok()).collect();
    let last = numbers.len().checked_sub(2)?;
    Some((numbers[last], numbers[last + 1]))
}

/// Whether `+CNMI: 2, 1,0,2,0` says what was agreed as `2,1,0,2,0`. The fifth number, what to do
/// with a full buffer, is left out by some and changes nothing that we use.
pub fn announces(line: &str, agreed: &str) -> bool {
    let said = fields(after("+CNMI:", line));
    said.len() >= 4 && said.iter().map(String::as_str).take(4).eq(agreed.split(',').take(4))
}

/// What a modem does with new messages by itself, the second number of `+CNMI:`; 2 is that it hands
/// them over and keeps none.
pub fn delivers(line: &str) -> Option<u8> {
    fields(after("+CNMI:", line)).get(1)?.parse().ok()
}

/// Whether `+CMMS: 2` says that the link stays open between messages.
pub fn keeps_link(line: &str) -> bool {
    fields(after("+CMMS:", line)).first().is_some_and(|mode| mode == "2")
}

/// `+CPIN: "SIM PIN"` → `SIM PIN`.
pub fn pin_state(line: &str) -> String {
    after("+CPIN:", line).trim_matches(['"', ' ']).to_owned()
}

/// The SIM's number as it is printed: `+CCID: "8923…"` or bare, padding removed.
pub fn iccid(line: &str) -> Option<String> {
    let number = fields(after("+CCID:", line)).first()?.trim_end_matches(['F', 'f']).to_owned();
    let plausible = (18..=20).contains(&number.len());
    (plausible && number.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(number)
}

/// The same from the card's file, whose digits are swapped in pairs: `+CRSM: 144,0,"9832…"`.
pub fn iccid_of_card(line: &str) -> Option<String> {
    let fields = fields(after("+CRSM:", line));
    if fields.first()? != "144" {
        return None;
    }
    let swapped: Vec<char> = fields.get(2)?.chars().collect();
    let digits: String = swapped.chunks(2).flat_map(|pair| pair.iter().rev()).collect();
    iccid(&digits)
}

/// The SIM's number from whichever command gave it.
pub fn iccid_in_any_form(line: &str) -> Option<String> {
    let line = line.trim_start_matches("+QCCID:").trim_start_matches("#CCID:").trim();
    if line.starts_with("+CRSM:") { iccid_of_card(line) } else { iccid(line) }
}

/// Index and status of a listed message: `+CMGL: 3,1,,24` → 3 and 1.
pub fn listed(header: &str) -> Option<(u32, Option<u8>)> {
    let fields = fields(header.strip_prefix("+CMGL:")?);
    Some((fields.first()?.parse().ok()?, fields.get(1).and_then(|status| status.parse().ok())))
}

/// Octets of the PDU that a header announces: its last field.
pub fn announced_length(header: &str) -> Option<usize> {
    let (_, rest) = header.split_once(':')?;
    fields(rest).last()?.parse().ok()
}

/// The status of a message that was read: `+CMGR: 1,,24` → 1. Some modems leave it out.
pub fn read_status(header: &str) -> Option<u8> {
    let fields = fields(header.strip_prefix("+CMGR:")?);
    if fields.len() < 2 { None } else { fields.first()?.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_quotes_and_brackets_divide_nothing() {
        assert_eq!(fields(" \"a,b\" ,(1,2),,x"), ["a,b", "(1,2)", "", "x"]);
    }

    #[test]
    fn where_a_message_lies() {
        let sm = Some("SM".to_owned());
        assert_eq!(stored(" \"SM\",7"), (sm.clone(), Some(7)));
        assert_eq!(stored("SM,7"), (sm.clone(), Some(7)));
        assert_eq!(stored(" \"SM\",-1"), (sm, None));
        assert_eq!(stored(" \"S;M\",7"), (None, Some(7)));
        assert_eq!(stored(""), (None, None));
    }

    #[test]
    fn memories_in_both_shapes() {
        assert_eq!(storage("+CPMS: \"SM\",3,30,\"SM\",3,30,\"ME\",5,100"), Some((5, 100)));
        assert_eq!(storage("+CPMS: 0,30,0,30,1,30"), Some((1, 30)));
        assert_eq!(storage("+CPMS:0,30"), Some((0, 30)));
        assert_eq!(storage("+CPMS: \"SM\""), None);
    }

    #[test]
    fn numbers_of_cards() {
        let printed = Some("89231070000000000012".to_owned());
        assert_eq!(iccid("+CCID: \"89231070000000000012\""), printed);
        assert_eq!(iccid("89231070000000000012"), printed);
        assert_eq!(iccid("8923107000000000001F"), Some("8923107000000000001".to_owned()));
        assert_eq!(iccid("ERROR"), None);
        assert_eq!(iccid_of_card("+CRSM: 144,0,\"98320107000000000021\""), printed);
        assert_eq!(iccid_of_card("+CRSM: 106,130,\"\""), None);
    }

    #[test]
    fn the_rest() {
        assert_eq!(signal("+CSQ: 17,99"), Some(17));
        assert_eq!(signal("+CSQ: 99,99"), None);
        assert_eq!((bit_errors("+CSQ: 17,3"), bit_errors("+CSQ: 17,99")), (Some(3), None));
        assert_eq!(announced_length("+CDS: ,25"), Some(25));
        assert_eq!(announced_length("+CDS"), None);
        assert_eq!(operator("+COPS: 0,0,\"Orange LR\",2").as_deref(), Some("Orange LR"));
        assert_eq!(operator("+COPS: 0"), None);
        assert_eq!(
            operator("+COPS: 0,0,\"004F00720061006E00670065\",2").as_deref(),
            Some("Orange")
        );
        assert_eq!(operator("+COPS: 0,2,\"61807\",2").as_deref(), Some("61807"));
        assert_eq!(own_number("+CNUM: ,\"002B003200330031\",145").as_deref(), Some("+231"));
        assert_eq!(
            service_centre("+CSCA: \"+231770000099\",145").as_deref(),
            Some("+231770000099")
        );
        for garbage in ["\"\",129", "\"\",255", "\"00\",129", "\"7\",145", "\"+abc\",145", ","] {
            assert_eq!(service_centre(&format!("+CSCA: {garbage}")), None, "{garbage}");
        }
        assert_eq!((delivers("+CNMI: 2,2,0,0,0"), delivers("+CNMI: 2")), (Some(2), None));
        assert!(keeps_link("+CMMS: 2") && !keeps_link("+CMMS: 0") && !keeps_link("+CMMS:"));
        assert_eq!(own_number("+CNUM: ,\"+231770000001\",145").as_deref(), Some("+231770000001"));
        assert!(announces("+CNMI: 2, 1,0,2,0", "2,1,0,2,0"));
        assert!(announces("+CNMI: 2,1,0,2", "2,1,0,2,0"));
        assert!(!announces("+CNMI: 2,1,0,1,0", "2,1,0,2,0"));
        assert!(!announces("+CNMI: 2", "2,1,0,2,0"));
        assert_eq!(imei("+CGSN: \"356938035643809\"").as_deref(), Some("356938035643809"));
        assert_eq!(imei("0791132602"), None);
        for line in ["+CPIN: READY", "+CPIN:READY", "+CPIN: \"READY\"", "+CPIN:   READY"] {
            assert_eq!(pin_state(line), "READY");
        }
        assert_eq!(registration("+CREG: 2,5,\"0502\",\"0404736D\""), Some(5));
        assert_eq!(listed("+CMGL: 3,1,,24"), Some((3, Some(1))));
        assert_eq!(listed("+CMGL: 3,,,24"), Some((3, None)));
        assert_eq!(listed("+CMGL: x"), None);
        for (header, status) in [
            ("+CMGR: 1,,27", Some(1)),
            ("+CMGR: ,,27", None),
            ("+CMGR: 27", None),
            ("+CMGR: 0,,0,27", Some(0)),
        ] {
            assert_eq!(read_status(header), status, "{header}");
        }
    }
}
