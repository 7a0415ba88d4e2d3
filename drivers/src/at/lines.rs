//! Bytes → lines and prompts, whatever a modem's idea of a line end is.
//!
//! It knows how much belongs together, not what it means (`line`): a PDU is handed over with the
//! line that announced it, and a prompt at its first character, since no line end may ever follow
//! (TS 27.005 §4.3). Nothing that comes in can make it grow beyond one line of 2 KiB, and what it
//! has cut is to be taken at once. Used by `modem` alone.

use std::collections::VecDeque;

/// What was cut off the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A line that is not blank, trimmed.
    Line(String),
    /// A line that announces a PDU, and the PDU's hexadecimal digits.
    WithPdu {
        /// E.g. `+CMGR: 1,,27`.
        header: String,
        /// An odd one may have been lost on the way.
        digits: String,
    },
    /// The modem waits for a text. Only after [`Lines::expect_prompt`].
    Prompt,
    /// A line was longer than [`LONGEST_LINE`] and was thrown away.
    TooLong,
}

/// The longest line that is kept, in octets. A PDU line has 352 at most.
pub const LONGEST_LINE: usize = 2048;

/// Cuts a stream into tokens.
#[derive(Debug, Default)]
pub struct Lines {
    line: Vec<u8>,
    too_long: bool,
    after_return: bool,
    prompt_expected: bool,
    header: Option<Header>,
    quoted: Option<String>,
    tokens: VecDeque<Token>,
}

/// A line whose PDU has not come yet.
#[derive(Debug)]
struct Header {
    text: String,
    after_blank: bool,
}

impl Lines {
    /// Takes what came from the port.
    pub fn push(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            match byte {
                // Some modems strew zeros between lines.
                0 => {}
                b'\r' if self.after_return => {}
                b'\r' => {
                    self.after_return = true;
                    self.end_line();
                }
                b'\n' if self.after_return => self.after_return = false,
                b'\n' => self.end_line(),
                b'>' if self.prompt_expected && self.line.iter().all(u8::is_ascii_whitespace) => {
                    self.prompt_expected = false;
                    self.after_return = false;
                    self.line.clear();
                    self.tokens.push_back(Token::Prompt);
                }
                _ => self.keep(byte),
            }
        }
    }

    /// The next token, if one is complete.
    pub fn next_token(&mut self) -> Option<Token> {
        self.tokens.pop_front()
    }

    /// From now on a `>` at the start of a line is a prompt, once: `AT+CMGS` was given.
    pub fn expect_prompt(&mut self) {
        self.prompt_expected = true;
    }

    /// A `>` is text again: the command ended without a prompt.
    pub fn expect_no_prompt(&mut self) {
        self.prompt_expected = false;
    }

    /// Octets that are held back: of a line, a header or a text whose end has not come yet. Never
    /// more than three lines' worth.
    pub fn held(&self) -> usize {
        let header = self.header.as_ref().map_or(0, |header| header.text.len());
        self.line.len() + header + self.quoted.as_ref().map_or(0, String::len)
    }

    fn keep(&mut self, byte: u8) {
        self.after_return = false;
        if self.line.len() < LONGEST_LINE {
            self.line.push(byte);
        } else {
            self.too_long = true;
        }
    }

    fn end_line(&mut self) {
        let text = letters(std::mem::take(&mut self.line));
        if std::mem::take(&mut self.too_long) {
            self.release_header();
            self.tokens.extend(self.quoted.take().map(Token::Line));
            self.tokens.push_back(Token::TooLong);
            return;
        }
        // The escape and Ctrl-Z come back from modems that echo.
        let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
        match glued_header(text).or_else(|| glued_result(text)) {
            Some(at) => {
                self.line_of(&text[..at]);
                self.line_of(&text[at..]);
            }
            None => self.line_of(text),
        }
    }

    fn line_of(&mut self, text: &str) {
        if let Some(begun) = self.quoted.take() {
            return self.go_on_quoting(begun, text);
        }
        if let Some((header, digits)) = header_with_pdu(text) {
            self.release_header();
            let (header, digits) = (header.to_owned(), digits.to_owned());
            self.tokens.push_back(Token::WithPdu { header, digits });
        } else if text.starts_with("+CUSD:") && is_unclosed(text) {
            self.release_header();
            self.quoted = Some(text.to_owned());
        } else {
            self.plain_line(text);
        }
    }

    /// The network's texts have line ends of their own: a quoted one goes on until its quote is
    /// closed. A final result, or a line of the modem's own, ends one whose close was lost.
    fn go_on_quoting(&mut self, begun: String, text: &str) {
        let lost = is_the_modems_own(text) || begun.len() + text.len() >= LONGEST_LINE;
        if lost {
            self.tokens.push_back(Token::Line(begun.trim_end().to_owned()));
            return self.line_of(text);
        }
        let whole = format!("{begun}\n{text}");
        if is_unclosed(&whole) {
            self.quoted = Some(whole);
        } else {
            self.tokens.push_back(Token::Line(whole));
        }
    }

    fn plain_line(&mut self, text: &str) {
        if text.is_empty() {
            // One blank line may stand between a header and its PDU.
            if self.header.as_ref().is_some_and(|header| header.after_blank) {
                self.release_header();
            } else if let Some(header) = &mut self.header {
                header.after_blank = true;
            }
        } else if is_hex(text)
            && let Some(header) = self.header.take()
        {
            self.tokens.push_back(Token::WithPdu { header: header.text, digits: text.to_owned() });
        } else {
            self.release_header();
            if announces_pdu(text) {
                self.header = Some(Header { text: text.to_owned(), after_blank: false });
            } else {
                self.tokens.push_back(Token::Line(text.to_owned()));
            }
        }
    }

    /// A header that no PDU followed is a line like any other.
    fn release_header(&mut self) {
        if let Some(header) = self.header.take() {
            self.tokens.push_back(Token::Line(header.text));
        }
    }
}

/// The letters of a line. What is no UTF-8 is Latin-1, which modems write as well; either way, all
/// that matters to us is ASCII.
fn letters(line: Vec<u8>) -> String {
    let in_latin = |error: std::string::FromUtf8Error| {
        error.as_bytes().iter().map(|octet| char::from(*octet)).collect()
    };
    String::from_utf8(line).unwrap_or_else(in_latin)
}

fn announces_pdu(text: &str) -> bool {
    ["+CMT:", "+CDS:", "+CBM:", "+CMGR:", "+CMGL:"].iter().any(|start| text.starts_with(start))
}

/// Some modems forget the line end between a listed PDU and the next entry.
fn glued_header(text: &str) -> Option<usize> {
    let at = text.find("+CMGL:")?;
    is_hex(&text[..at]).then_some(at)
}

/// Some forget it between a result and the line after it: `ERROR+CNUM: …`.
fn glued_result(text: &str) -> Option<usize> {
    let at = ["OK", "ERROR"].iter().find(|result| text.starts_with(**result))?.len();
    is_the_modems_own(&text[at..]).then_some(at).filter(|at| text[*at..].starts_with(['+', '^']))
}

/// Some modems put the PDU on the line of its header, after a space.
fn header_with_pdu(text: &str) -> Option<(&str, &str)> {
    /// No PDU is shorter than ten octets.
    const SHORTEST: usize = 20;
    let (header, digits) = text.rsplit_once(' ')?;
    (announces_pdu(header) && digits.len() >= SHORTEST && is_hex(digits))
        .then(|| (header.trim_end(), digits))
}

/// Whether a quoted text has not ended: neither by its number of quotes nor, where it has quotes
/// of its own, by `",15` at the end.
fn is_unclosed(text: &str) -> bool {
    let before_coding = text.trim_end_matches(|c: char| c.is_ascii_digit());
    text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 && !before_coding.ends_with("\",")
}

/// Whether a line is a result or something that only a modem says, and no line of a text.
fn is_the_modems_own(text: &str) -> bool {
    let mut letters = text.chars();
    match letters.next() {
        Some('^') => letters.next().is_some_and(|letter| letter.is_ascii_uppercase()),
        Some('+' | '#' | '%' | '$' | '*' | '_') => {
            letters.next().is_some_and(|letter| letter.is_ascii_uppercase()) && text.contains(':')
        }
        _ => matches!(text, "OK" | "ERROR" | "RDY" | "RING" | "NO CARRIER"),
    }
}

fn is_hex(text: &str) -> bool {
    text.len() >= 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Token {
        Token::Line(text.to_owned())
    }

    fn with_pdu(header: &str, digits: &str) -> Token {
        Token::WithPdu { header: header.to_owned(), digits: digits.to_owned() }
    }

    /// The same bytes must give the same tokens however the port cuts them.
    fn check(lines: impl Fn() -> Lines, bytes: &str, expected: &[Token]) {
        for chunk in [1, 2, 3, 7, bytes.len()] {
            let mut lines = lines();
            let mut tokens = Vec::new();
            for part in bytes.as_bytes().chunks(chunk) {
                lines.push(part);
                tokens.extend(std::iter::from_fn(|| lines.next_token()));
            }
            assert_eq!(tokens, expected, "{bytes:?} in chunks of {chunk}");
        }
    }

    fn armed() -> Lines {
        let mut lines = Lines::default();
        lines.expect_prompt();
        lines
    }

    #[test]
    fn every_sort_of_line_end_ends_a_line() {
        for bytes in [
            "\r\nOK\r\n\r\nRING\r\n",
            "OK\rRING\r",
            "OK\nRING\n",
            "\r\r\nOK\r\r\n\r\r\nRING\r\r\n",
            "\0\0\r\nO\0K\r\nRING\r\n\0",
            " OK \r\n\x1b\r\nRING\x1a\r\n",
        ] {
            check(Lines::default, bytes, &[line("OK"), line("RING")]);
        }
    }

    #[test]
    fn a_prompt_is_seen_in_every_form_and_at_once() {
        for bytes in ["\r\n> ", "\r\n>", "\r\n>\r\n", "> ", ">\r\n", "AT\r\r\n> ", "\r\n  > "] {
            let expected: &[Token] = if bytes.starts_with("AT") {
                &[line("AT"), Token::Prompt]
            } else {
                &[Token::Prompt]
            };
            check(armed, bytes, expected);
        }
    }

    #[test]
    fn a_line_may_come_between_the_command_and_its_prompt_and_right_after_it() {
        check(
            armed,
            "\r\n+CMTI: \"SM\",3\r\n\r\n> \r\n+CREG: 1\r\n> no prompt\r\n",
            &[line("+CMTI: \"SM\",3"), Token::Prompt, line("+CREG: 1"), line("> no prompt")],
        );
    }

    #[test]
    fn a_prompt_is_text_where_none_is_expected() {
        check(Lines::default, "\r\n> 5 items\r\n", &[line("> 5 items")]);
    }

    #[test]
    fn a_pdu_stays_with_the_line_that_announced_it() {
        for bytes in [
            "\r\n+CMT: ,24\r\n07911326\r\n",
            "\r\n+CMT: ,24\r\n\r\n07911326\r\n",
            "+CMT: ,24\r07911326\r",
        ] {
            check(Lines::default, bytes, &[with_pdu("+CMT: ,24", "07911326")]);
        }
        check(
            Lines::default,
            "+CMGL: 1,1,,2\r\n0791\r\n+CMGL: 2,0,,2\r\n0792+CMGL: 3,0,,2\r\n0793\r\nOK\r\n",
            &[
                with_pdu("+CMGL: 1,1,,2", "0791"),
                with_pdu("+CMGL: 2,0,,2", "0792"),
                with_pdu("+CMGL: 3,0,,2", "0793"),
                line("OK"),
            ],
        );
    }

    #[test]
    fn a_result_that_the_next_line_is_glued_to_is_a_result() {
        check(
            Lines::default,
            "\r\nERROR+CNUM: \"\",\"+231770000001\",145\r\nOK^RSSI:12\r\nOK computer\r\n",
            &[
                line("ERROR"),
                line("+CNUM: \"\",\"+231770000001\",145"),
                line("OK"),
                line("^RSSI:12"),
                line("OK computer"),
            ],
        );
    }

    #[test]
    fn a_header_without_a_pdu_is_a_line() {
        check(Lines::default, "+CMGR: 0,,0\r\n\r\nOK\r\n", &[line("+CMGR: 0,,0"), line("OK")]);
        check(Lines::default, "+CMT: ,24\r\n\r\n\r\n0791\r\n", &[line("+CMT: ,24"), line("0791")]);
        check(
            Lines::default,
            "+CMT: ,24\r\n+CDS: 25\r\n0791\r\n",
            &[line("+CMT: ,24"), with_pdu("+CDS: 25", "0791")],
        );
    }

    #[test]
    fn a_pdu_on_the_line_of_its_header_is_taken_off_it() {
        let pdu = "07911326040000F0040B";
        check(
            Lines::default,
            &format!("+CMGR: 1,,147 {pdu}\r\nOK\r\n"),
            &[with_pdu("+CMGR: 1,,147", pdu), line("OK")],
        );
    }

    #[test]
    fn a_text_of_several_lines_stays_whole() {
        check(
            Lines::default,
            "\r\n+CUSD: 1,\"1 \"balance\"\r\n\r\n2. help\",15\r\nOK\r\n",
            &[line("+CUSD: 1,\"1 \"balance\"\n\n2. help\",15"), line("OK")],
        );
    }

    #[test]
    fn letters_in_latin_1_are_not_lost() {
        let mut lines = Lines::default();
        lines.push(b"+CUSD: 0,\"Cr\xE9dit\",15\r\n");
        assert_eq!(lines.next_token(), Some(line("+CUSD: 0,\"Crédit\",15")));
    }

    #[test]
    fn a_text_with_a_quote_of_its_own_does_not_wait_for_another_line() {
        let text = "+CUSD: 0,\"a 12\" screen\",15";
        check(
            Lines::default,
            &format!("{text}\r\n356938035643809\r\n"),
            &[line(text), line("356938035643809")],
        );
    }

    #[test]
    fn a_text_whose_end_was_lost_swallows_no_result() {
        for after in
            ["OK", "ERROR", "+CMS ERROR: 38", "+CMTI: \"SM\",3", "RDY", "^SYSSTART", "^RSSI:12"]
        {
            check(
                Lines::default,
                &format!("+CUSD: 1,\"1 balance\r\n{after}\r\n"),
                &[line("+CUSD: 1,\"1 balance"), line(after)],
            );
        }
        let mut lines = Lines::default();
        lines.push(format!("+CUSD: 1,\"{}", "many words\r\n".repeat(100_000)).as_bytes());
        assert!(lines.held() <= 3 * LONGEST_LINE);
    }

    #[test]
    fn a_line_without_end_is_thrown_away_and_the_next_one_is_read() {
        let flood = "x".repeat(3 * LONGEST_LINE);
        check(Lines::default, &format!("{flood}\r\nOK\r\n"), &[Token::TooLong, line("OK")]);
        let mut lines = Lines::default();
        lines.push(flood.as_bytes());
        assert_eq!(lines.line.len(), LONGEST_LINE);
    }
}
