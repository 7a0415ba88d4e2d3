//! `+CUSD` (TS 27.007 §7.15): what the network says to a request such as `*100#`.
//!
//! The standard gives an alphabet; modems write the text as it is, as packed septets in
//! hexadecimal digits, or as UCS-2 in hexadecimal digits, whatever they announce.

use crate::pdu::{hex, unpack_text};

/// What the network said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkText {
    /// `<m>`: 0 done, 1 an answer is wanted, 2 ended by the network, 3 another client answered,
    /// 4 not supported, 5 no answer in time.
    pub status: u8,
    /// The text, readable; empty where there is none.
    pub text: String,
    /// How it was written.
    pub written: Written,
    /// `<dcs>`.
    pub coding: Option<u8>,
}

/// How a text travelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// As it is.
    Plain,
    /// Septets of the GSM alphabet, packed, in hexadecimal digits.
    PackedHex,
    /// UCS-2 in hexadecimal digits.
    Ucs2Hex,
}

impl NetworkText {
    /// Reads `+CUSD: 0,"…",15`; the text may have several lines, and commas and quotes of its own.
    pub fn parse(line: &str) -> Option<NetworkText> {
        let rest = line.strip_prefix("+CUSD:")?.trim();
        let (status, rest) = rest.split_once(',').unwrap_or((rest, ""));
        let status = status.trim().parse().ok()?;
        let (raw, coding) = match (rest.find('"'), rest.rfind('"')) {
            (Some(first), Some(last)) if first < last => {
                (&rest[first + 1..last], rest[last + 1..].trim_matches([',', ' ']))
            }
            _ => rest.rsplit_once(',').unwrap_or((rest, "")),
        };
        let coding = coding.trim().parse().ok();
        let (text, written) = readable(raw, coding);
        Some(NetworkText { status, text, written, coding })
    }

    /// Whether the network waits for an answer.
    pub fn is_open(&self) -> bool {
        self.status == 1
    }
}

fn readable(raw: &str, coding: Option<u8>) -> (String, Written) {
    /// UCS-2 behind two letters that name the language, TS 23.038 §5.
    const LANGUAGE_FIRST: u8 = 0x11;
    // A balance in four digits is no text in hexadecimal digits.
    let octets = if raw.len() < 8 { None } else { hex::decode(raw).ok() };
    let Some(octets) = octets else {
        return (raw.to_owned(), Written::Plain);
    };
    let text = if coding == Some(LANGUAGE_FIRST) { &octets[2..] } else { octets.as_slice() };
    match ucs2(text) {
        Some(text) => (text, Written::Ucs2Hex),
        None => (unpack_text(&octets), Written::PackedHex),
    }
}

/// UCS-2 is known by its beginning: few scripts have high octets above 0x07, and eight letters that
/// begin alike are no accident. What follows the first zero or FFFF is memory, not text.
fn ucs2(octets: &[u8]) -> Option<String> {
    if !octets.len().is_multiple_of(2) {
        return None;
    }
    let units: Vec<u16> =
        octets.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    let end = units.iter().position(|unit| matches!(unit, 0 | 0xFFFF)).unwrap_or(units.len());
    let is_text = |unit: &u16| matches!(unit, 0x0A | 0x0D | 0x20..=0x7F | 0xA0..=0x07FF);
    let whole = &units[..end];
    let plausible = !whole.is_empty() && whole.iter().take(8).all(is_text);
    plausible.then(|| String::from_utf16_lossy(whole))
}

/// A number that may be written in hexadecimal digits: UCS-2, or octets, which both begin with a
/// plus sign there. `<type>` 145 has a plus sign that some leave out.
pub(super) fn number(field: &str, kind: Option<&str>) -> String {
    let octets = hex::decode(field).ok();
    let plain = match octets.as_deref() {
        Some([0x00, 0x2B | b'0'..=b'9', ..]) => {
            octets.as_deref().and_then(ucs2).unwrap_or_default()
        }
        Some([0x2B, rest @ ..]) if rest.iter().all(u8::is_ascii_digit) => {
            String::from_utf8_lossy(octets.as_deref().unwrap_or_default()).into_owned()
        }
        _ => field.to_owned(),
    };
    let is_number = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && kind == Some("145") { format!("+{plain}") } else { plain }
}

/// A network's name, which may be UCS-2 in hexadecimal digits; no name is that by accident.
pub(super) fn name(field: &str) -> String {
    let octets = if field.len() >= 8 { hex::decode(field).ok() } else { None };
    let all =
        |octets: Vec<u8>| ucs2(&octets).filter(|name| name.chars().count() * 4 == field.len());
    octets.and_then(all).unwrap_or_else(|| field.to_owned())
}

/// The request's answer, of several that came: the last.
pub fn last_of<'a>(lines: impl IntoIterator<Item = &'a str>) -> Option<NetworkText> {
    lines.into_iter().filter_map(NetworkText::parse).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> NetworkText {
        NetworkText::parse(line).expect(line)
    }

    #[test]
    fn a_text_is_read_however_it_is_written() {
        for (line, text, written) in [
            ("+CUSD: 0,\"Balance: 1,50 USD\",15", "Balance: 1,50 USD", Written::Plain),
            ("+CUSD: 0,\"say \"yes\" now\",15", "say \"yes\" now", Written::Plain),
            ("+CUSD: 0,\"1500\",15", "1500", Written::Plain),
            ("+CUSD: 0,\"00420061006C0061006E0063006500200035\",15", "Balance 5", Written::Ucs2Hex),
            ("+CUSD: 0,\"C2303B2D2F93417A\",15", "Balance=", Written::PackedHex),
        ] {
            let found = read(line);
            assert_eq!(found.coding, Some(15), "{line}");
            assert_eq!(found.written, written, "{line}");
            if written != Written::PackedHex {
                assert_eq!(found.text, text, "{line}");
            }
        }
    }

    #[test]
    fn a_line_without_a_text_says_how_it_ended() {
        for (line, status) in [("+CUSD: 5", 5), ("+CUSD:2", 2), ("+CUSD: 4,,", 4)] {
            let found = read(line);
            assert_eq!((found.status, found.text.as_str()), (status, ""), "{line}");
            assert!(!found.is_open());
        }
        assert_eq!(NetworkText::parse("+CUSD: x"), None);
        assert!(read("+CUSD: 1,\"1 yes 2 no\",15").is_open());
    }

    #[test]
    fn numbers_in_hexadecimal_digits() {
        for (field, kind, expected) in [
            ("+231770000099", "145", "+231770000099"),
            ("231770000099", "145", "+231770000099"),
            ("231770000099", "129", "231770000099"),
            ("002B003200330031", "145", "+231"),
            ("2B323331", "145", "+231"),
            ("", "145", ""),
        ] {
            assert_eq!(number(field, Some(kind)), expected, "{field}");
        }
    }
}
