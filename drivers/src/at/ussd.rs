//! `+CUSD` (TS 27.007 §7.15): requests such as `*100#`, and what the network says to them.
//!
//! The standard gives an alphabet and a data coding scheme; modems write the text as it is, as
//! packed septets, as UCS-2 or as a letter an octet, all three in hexadecimal digits, whatever they
//! announce. So the text itself is looked at, and the scheme only where the text leaves a choice.
//! What a session is, and when what is asked, is `modem`'s business.

use crate::pdu::{Alphabet, DataCoding, hex, pack_text, unpack_text};

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

/// How a text travels between modem and computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Written {
    /// As it is.
    Plain,
    /// Septets of the GSM alphabet, packed, in hexadecimal digits.
    PackedHex,
    /// UCS-2 in hexadecimal digits.
    Ucs2Hex,
    /// A letter an octet, in hexadecimal digits.
    OctetHex,
}

/// The longest request, in letters: 160 octets of packed septets (TS 22.090, TS 24.080).
pub const LONGEST_REQUEST: usize = 182;

impl Written {
    /// A request as it is typed between the quotes of `AT+CUSD=1,"…",15`. `None`: it has letters
    /// that cannot be written so, or is too long or empty; a quote or a line end would end the
    /// command in its middle.
    pub fn write(self, request: &str) -> Option<String> {
        let is_typed = |c: char| c.is_ascii() && !c.is_ascii_control() && c != '"';
        if request.is_empty() || request.chars().count() > LONGEST_REQUEST {
            return None;
        }
        match self {
            Written::Plain => request.chars().all(is_typed).then(|| request.to_owned()),
            Written::PackedHex => pack_text(request).ok().map(|octets| hex::encode(&octets)),
            Written::Ucs2Hex => {
                let octets: Vec<u8> = request.encode_utf16().flat_map(u16::to_be_bytes).collect();
                Some(hex::encode(&octets))
            }
            Written::OctetHex => {
                request.chars().all(is_typed).then(|| hex::encode(request.as_bytes()))
            }
        }
    }

    /// How a modem wants requests written whose strings are in this character set, as `+CSCS`
    /// (TS 27.007 §5.5) tells it.
    pub fn in_charset(name: &str) -> Written {
        match name {
            "UCS2" => Written::Ucs2Hex,
            "HEX" => Written::OctetHex,
            _ => Written::Plain,
        }
    }
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
            // The closing quote was lost, and what follows it.
            (Some(first), _) => (&rest[first + 1..], ""),
            (None, _) => rest.rsplit_once(',').unwrap_or((rest, "")),
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
    let (text, written) = decoded(raw, coding).unwrap_or_else(|| (plain(raw), Written::Plain));
    let text = text.trim_end_matches(['\r', '\0']);
    let text = if coding == Some(LANGUAGE_IN_FRONT) { without_language(text) } else { text };
    (text.replace("\r\n", "\n").replace('\r', "\n"), written)
}

/// A language of two letters and a carriage return stand in front of the text, TS 23.038 §5.
const LANGUAGE_IN_FRONT: u8 = 0x10;

/// UCS-2 behind two septets that name the language, TS 23.038 §5.
const LANGUAGE_IN_OCTETS: u8 = 0x11;

fn without_language(text: &str) -> &str {
    match text.split_once(['\r', '\n']) {
        Some((language, rest)) if language.len() == 2 => rest,
        _ => text,
    }
}

/// A text in hexadecimal digits, in whichever way; `None`: it is written as it is.
fn decoded(raw: &str, coding: Option<u8>) -> Option<(String, Written)> {
    /// A number that is the whole text is no longer.
    const LONGEST_NUMBER: usize = 24;
    let announced = coding.map(alphabet);
    let octets = octets(raw)?;
    let text = if coding == Some(LANGUAGE_IN_OCTETS) { octets.get(2..)? } else { &octets };
    let is_ucs2 = announced == Some(Alphabet::Ucs2);
    // A balance in four digits is no text in hexadecimal digits.
    if raw.len() < 8 && !is_ucs2 {
        return None;
    }
    if let Some(text) = ucs2(text).or_else(|| is_ucs2.then(|| any_ucs2(text)).flatten()) {
        return Some((text, Written::Ucs2Hex));
    }
    let is_number = raw.bytes().all(|byte| byte.is_ascii_digit());
    if raw.len() < 8 || (is_number && raw.len() < LONGEST_NUMBER) {
        return None;
    }
    let packed = unpack_text(&octets);
    let single: String = octets.iter().map(|octet| char::from(*octet)).collect();
    let is_octets = announced == Some(Alphabet::EightBit) && everyday(&single) >= 90;
    // A short text may be one in either way: that one which is more like a text.
    let is_likelier = || octets.is_ascii() && likelihood(&single) > likelihood(&packed);
    if is_octets || (everyday(&single) == 100 && is_likelier()) {
        return Some((single, Written::OctetHex));
    }
    (everyday(&packed) >= 80).then_some((packed, Written::PackedHex))
}

/// The octets of hexadecimal digits. Of a long text that was cut off, half an octet is no matter.
fn octets(raw: &str) -> Option<Vec<u8>> {
    const LONG: usize = 24;
    let whole = if raw.len() > LONG { raw.get(..raw.len() & !1)? } else { raw };
    let is_hex = !raw.is_empty() && raw.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex { hex::decode(whole).ok() } else { None }
}

/// The alphabet that a scheme of cell broadcast and USSD announces, TS 23.038 §5. It is that of
/// messages, but for the first groups, which name languages.
fn alphabet(coding: u8) -> Alphabet {
    match coding >> 4 {
        0x1 if coding == LANGUAGE_IN_OCTETS => Alphabet::Ucs2,
        0x0..=0x3 => Alphabet::Gsm7,
        0x9 => DataCoding(coding & 0x0F).alphabet(),
        _ => DataCoding(coding).alphabet(),
    }
}

/// How many of a hundred letters are such as people write: a text that was read in the wrong way
/// has few.
fn everyday(text: &str) -> usize {
    share(text, |letter| match letter {
        '\r' | '\n' | '\t' => true,
        '\u{370}'..='\u{3FF}' | '¤' | '§' | '¡' | '¿' | '¥' | 'æ' | 'ø' | 'ß' => false,
        _ => !letter.is_control() && (letter.is_ascii() || !letter.is_uppercase()),
    })
}

/// How many of a hundred letters are such as most texts of the network consist of.
fn likelihood(text: &str) -> usize {
    share(text, |letter| letter.is_ascii_alphanumeric() || "\r\n .,:#*/-$()".contains(letter))
}

fn share(text: &str, is_meant: impl Fn(char) -> bool) -> usize {
    let all = text.chars().count();
    let meant = text.chars().filter(|letter| is_meant(*letter)).count();
    (meant * 100).checked_div(all).unwrap_or(0)
}

/// A text as it is. A modem whose character set is the GSM alphabet gives some letters of it as
/// control characters: 2 is `$`, 5 is `é`. Whatever has a character of its own is taken as that.
fn plain(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut letters = raw.chars();
    while let Some(letter) = letters.next() {
        match (letter, u8::try_from(letter)) {
            ('\r' | '\n' | '\t', _) => text.push(letter),
            ('\u{1B}', _) => {
                let extended = letters.next().and_then(|letter| u8::try_from(letter).ok());
                let septets = u16::from(extended.unwrap_or(b' ') & 0x7F) << 7 | 0x1B;
                text.push_str(&unpack_text(&septets.to_le_bytes()));
            }
            (_, Ok(septet @ (0x00..=0x1F | 0x7F))) => text.push_str(&unpack_text(&[septet])),
            _ => text.push(letter),
        }
    }
    text
}

/// UCS-2 is known by its beginning: few scripts have high octets above 0x07, and eight letters that
/// begin alike are no accident. What follows the first zero or FFFF is memory, not text.
fn ucs2(octets: &[u8]) -> Option<String> {
    let whole = units(octets)?;
    let is_text = |unit: &u16| matches!(unit, 0x0A | 0x0D | 0x20..=0x7F | 0xA0..=0x07FF);
    let plausible = !whole.is_empty() && whole.iter().take(8).all(is_text);
    plausible.then(|| String::from_utf16_lossy(&whole))
}

/// The same in any script, where UCS-2 was announced.
fn any_ucs2(octets: &[u8]) -> Option<String> {
    let text = String::from_utf16(&units(octets)?).ok()?;
    let is_text = |c: char| !c.is_control() || matches!(c, '\r' | '\n');
    (text.chars().count() > 3 && text.chars().all(is_text)).then_some(text)
}

fn units(octets: &[u8]) -> Option<Vec<u16>> {
    if !octets.len().is_multiple_of(2) {
        return None;
    }
    let units = octets.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    Some(units.take_while(|unit| !matches!(unit, 0 | 0xFFFF)).collect())
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
            ("+CUSD: 0,\"42616C616E63653A2035\",15", "Balance: 5", Written::OctetHex),
        ] {
            let found = read(line);
            assert_eq!(found.coding, Some(15), "{line}");
            assert_eq!((found.text.as_str(), found.written), (text, written), "{line}");
        }
    }

    #[test]
    fn every_way_of_writing_is_read_back() {
        let texts =
            ["Balance: 1.50 USD, valid till 31/12", "*124#", "1) Crédit\n2) Data\n0) Retour"];
        for text in texts {
            for (written, coding) in [
                (Written::Plain, 15),
                (Written::PackedHex, 15),
                (Written::PackedHex, 0),
                (Written::PackedHex, 1),
                (Written::Ucs2Hex, 15),
                (Written::Ucs2Hex, 72),
                (Written::Ucs2Hex, 7),
                (Written::OctetHex, 15),
                (Written::OctetHex, 68),
            ] {
                let Some(typed) = written.write(text) else { continue };
                let found = read(&format!("+CUSD: 0,\"{typed}\",{coding}"));
                let told = (found.text.as_str(), found.written);
                assert_eq!(told, (text, written), "{typed} {coding}");
            }
        }
    }

    #[test]
    fn a_number_is_not_taken_for_packed_letters() {
        for number in ["0886123456", "231886123456", "1500", "12345678", "20261125", "89231071"] {
            for coding in ["15", "0", "72"] {
                let found = read(&format!("+CUSD: 0,\"{number}\",{coding}"));
                assert_eq!((found.text.as_str(), found.written), (number, Written::Plain));
            }
        }
        assert_eq!(read("+CUSD: 0,\"DEADBEEF\",15").text, "DEADBEEF");
        let own = Written::Ucs2Hex.write("0886123456").expect("digits");
        assert_eq!(read(&format!("+CUSD: 0,\"{own}\",15")).text, "0886123456");
    }

    #[test]
    fn announced_ucs2_is_read_in_any_script_and_when_it_was_cut_off() {
        let text = "余额为人民币五元";
        let typed = Written::Ucs2Hex.write(text).expect("letters");
        assert_eq!(read(&format!("+CUSD: 0,\"{typed}\",72")).text, text);
        let cut = "00420061006C0061006E0063006500200035002";
        assert_eq!(read(&format!("+CUSD: 0,\"{cut}\",15")).text, cut, "an octet too short");
        let cut = "00420061006C0061006E00630065002000350";
        assert_eq!(read(&format!("+CUSD: 0,\"{cut}\",15")).text, "Balance 5");
        assert_eq!(read("+CUSD: 0,\"0031\",72").text, "1");
    }

    #[test]
    fn letters_of_the_gsm_alphabet_are_read_where_they_come_as_control_characters() {
        assert_eq!(read("+CUSD: 0,\"Cr\u{5}dit: \u{2}4.50 \u{1B}e\",15").text, "Crédit: $4.50 €");
        assert_eq!(read("+CUSD: 0,\"Credit: $4.50\",15").text, "Credit: $4.50");
    }

    #[test]
    fn the_language_in_front_is_no_part_of_the_text() {
        let typed = Written::PackedHex.write("en\rBalance: 5").expect("letters");
        assert_eq!(read(&format!("+CUSD: 0,\"{typed}\",16")).text, "Balance: 5");
        assert_eq!(read("+CUSD: 0,\"en\nBalance: 5\",16").text, "Balance: 5");
    }

    #[test]
    fn a_text_whose_closing_quote_was_lost_is_read_to_its_end() {
        assert_eq!(
            read("+CUSD: 2,\"Pozostalo Ci 50,04zl. Dodatko").text,
            "Pozostalo Ci 50,04zl. Dodatko"
        );
    }

    #[test]
    fn a_request_cannot_leave_its_quotes() {
        for request in ["*1#\",15\r", "*1#\r", "*1#\x1a", "", "*1#\"", &"1".repeat(183)] {
            assert_eq!(Written::Plain.write(request), None, "{request:?}");
        }
        assert_eq!(Written::Plain.write("*124#").as_deref(), Some("*124#"));
        assert_eq!(Written::PackedHex.write("*100#").as_deref(), Some("AA180C3602"));
        assert_eq!(Written::Ucs2Hex.write("*100#").as_deref(), Some("002A0031003000300023"));
        assert_eq!(Written::OctetHex.write("*100#").as_deref(), Some("2A31303023"));
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
