//! What must hold of any octets that a port gives.

use rollcall_drivers::at::commands::Answer;
use rollcall_drivers::at::errors::Cause;
use rollcall_drivers::at::line::{Asked, Spontaneous, classify};
use rollcall_drivers::at::lines::{LONGEST_LINE, Lines, Token};
use rollcall_drivers::at::registration::Registration;
use rollcall_drivers::at::ussd::NetworkText;
use rollcall_drivers::at::{calls, fields, network, offers, text_mode, tries};

/// Octets that the tokenizer may hold back, whatever comes.
const MOST_HELD: usize = 64 * 1024;

const WORDS: Spontaneous = Spontaneous {
    booted: &["RDY"],
    woken: &["SMS Ready"],
    sim_gone: &["+CPIN: NOT READY"],
    storage_full: &["^SMMEMFULL"],
    bad_power: &["UNDER-VOLTAGE"],
    chatter: &["VOICE CALL:"],
};

/// Cuts the octets into tokens in pieces of several sizes and reads each token as everything it
/// could be. Says how many tokens there were.
///
/// # Errors
/// What was broken, in words, with the octets.
pub fn check(octets: &[u8]) -> Result<u32, String> {
    let tell = |what: &str| format!("{what}: {:?}", String::from_utf8_lossy(octets));
    let whole = tokens(octets, octets.len().max(1)).map_err(tell)?;
    if tokens(octets, 1).map_err(tell)? != whole || tokens(octets, 13).map_err(tell)? != whole {
        return Err(tell("other pieces make other lines"));
    }
    every_letter_is_given(octets, &whole).map_err(tell)?;
    for token in &whole {
        match token {
            Token::Line(text) => read(text),
            Token::WithPdu { header, .. } => read(header),
            Token::Prompt | Token::TooLong => {}
        }
    }
    Ok(u32::try_from(whole.len()).unwrap_or(u32::MAX))
}

/// The tokens; at the end everything that was held back is asked for with blank lines.
fn tokens(octets: &[u8], piece: usize) -> Result<Vec<Token>, &'static str> {
    let mut lines = Lines::default();
    lines.expect_prompt();
    let mut tokens = Vec::new();
    for part in octets.chunks(piece) {
        lines.push(part);
        tokens.extend(std::iter::from_fn(|| lines.next_token()));
        if lines.held() > MOST_HELD {
            return Err("the tokenizer has grown");
        }
    }
    lines.push(b"\r\nOK\r\n");
    lines.push(b"OK\r\n");
    tokens.extend(std::iter::from_fn(|| lines.next_token()));
    if lines.held() > 0 { Err("something is held back for ever") } else { Ok(tokens) }
}

/// Where no line is too long, every letter and digit that came is in some token.
fn every_letter_is_given(octets: &[u8], tokens: &[Token]) -> Result<(), &'static str> {
    let mut given = 0;
    for token in tokens {
        given += match token {
            Token::Line(text) => counted(text.as_bytes()),
            Token::WithPdu { header, digits } => {
                counted(header.as_bytes()) + counted(digits.as_bytes())
            }
            Token::Prompt => 0,
            Token::TooLong => return Ok(()),
        };
    }
    // Two results of our own close the stream.
    let asked = counted(octets) + 2 * counted(b"OK");
    if given == asked { Ok(()) } else { Err("letters are missing, or doubled") }
}

fn counted(octets: &[u8]) -> usize {
    octets.iter().filter(|octet| octet.is_ascii_alphanumeric()).count()
}

/// Reads a line as everything that a line can be. Only a panic could go wrong.
fn read(text: &str) {
    for answer in [Answer::Nothing, Answer::Prefixed("+CREG:"), Answer::Bare("+CGSN:")] {
        let _ = classify(text, Some(Asked { form: "AT", answer }), &[&WORDS]);
    }
    let _ = classify(text, None, &[&WORDS]);
    if let Some(cause) = Cause::parse(text) {
        let _ = (cause.to_string(), cause.code(), cause.advice().words());
    }
    let _ = (Registration::parse(text), NetworkText::parse(text), network::networks(text));
    let _ = (network::signal_quality(text), network::system_state(text), network::levels(text));
    let _ = (network::network_time(text), network::clock(text), network::time(text));
    let _ = (calls::caller(text), calls::call(text), calls::forwarding(text));
    let _ = (text_mode::header(text), text_mode::report(text));
    let _ = (offers::charsets(text), offers::memories(text), offers::memories_in_use(text));
    let _ = (offers::numbers("+CNMI:", text), offers::functionality(text));
    let _ = (offers::code_tries(text), fields::service_centre(text), fields::own_number(text));
    let _ = (fields::storage(text), tries::left(text), tries::of_card(text));
    let _ = (fields::iccid_in_any_form(text), fields::listed(text), fields::read_status(text));
    let _ = (fields::announced_length(text), fields::imei(text), fields::operator(text));
    debug_assert!(text.len() <= 4 * LONGEST_LINE, "a line has grown");
}
