//! A command line, cut into its commands (V.250 §5.2 to §5.4).
//!
//! Strict where the standard is: text values stand in quotes, numbers do not, and commands after
//! an extended one need a semicolon. What the commands mean is not known here.

use std::fmt;

/// One command of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    /// A letter, or `&` and a letter, with a number or none: `E0`, `&F`, `I`.
    Basic(String, u32),
    /// A voice call to this number: `D+231886000001;`.
    Dial(String),
    /// An S-register, read or set: `S3?`, `S0=0`.
    Register(u32, Ask),
    /// A `+` command or one of a maker (`^`, `$`, …), its name in capitals.
    Extended(String, Ask),
}

/// What is asked of an extended command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ask {
    /// `+CMGL`
    Do,
    /// `+CMGL?`
    Read,
    /// `+CMGL=?`
    Test,
    /// `+CMGL=4`
    Set(Args),
}

/// The values after the equals sign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Args(Vec<Arg>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Arg {
    Missing,
    Bare(String),
    Quoted(String),
}

/// As it was written, its name in capitals and without spaces that mean nothing.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ask = match self {
            Command::Basic(name, 0) => return f.write_str(name),
            Command::Basic(name, value) => return write!(f, "{name}{value}"),
            Command::Dial(number) => return write!(f, "D{number};"),
            Command::Register(number, ask) => {
                write!(f, "S{number}")?;
                ask
            }
            Command::Extended(name, ask) => {
                f.write_str(name)?;
                ask
            }
        };
        match ask {
            Ask::Do => Ok(()),
            Ask::Read => f.write_str("?"),
            Ask::Test => f.write_str("=?"),
            Ask::Set(args) => write!(f, "={args}"),
        }
    }
}

impl fmt::Display for Args {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, arg) in self.0.iter().enumerate() {
            let comma = if nth == 0 { "" } else { "," };
            match arg {
                Arg::Missing => f.write_str(comma)?,
                Arg::Bare(text) => write!(f, "{comma}{text}")?,
                Arg::Quoted(text) => write!(f, "{comma}\"{text}\"")?,
            }
        }
        Ok(())
    }
}

/// A value that should be there in another form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BadValue;

impl Args {
    /// How many there are, the left-out ones counted.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// A number, if it was given.
    pub(super) fn number(&self, nth: usize) -> Result<Option<u32>, BadValue> {
        match self.0.get(nth) {
            None | Some(Arg::Missing) => Ok(None),
            Some(Arg::Bare(digits)) => digits.parse().map(Some).map_err(|_| BadValue),
            Some(Arg::Quoted(_)) => Err(BadValue),
        }
    }

    /// A number from 0 to `most`, if it was given.
    pub(super) fn small(&self, nth: usize, most: u8) -> Result<Option<u8>, BadValue> {
        let Some(number) = self.number(nth)? else { return Ok(None) };
        let small = u8::try_from(number).map_err(|_| BadValue)?;
        if small > most { Err(BadValue) } else { Ok(Some(small)) }
    }

    /// A text, if it was given; it must stand in quotes.
    pub(super) fn text(&self, nth: usize) -> Result<Option<&str>, BadValue> {
        match self.0.get(nth) {
            None | Some(Arg::Missing) => Ok(None),
            Some(Arg::Quoted(text)) => Ok(Some(text)),
            Some(Arg::Bare(_)) => Err(BadValue),
        }
    }

    /// A text in quotes or without, as PINs are accepted everywhere.
    pub(super) fn either(&self, nth: usize) -> Option<&str> {
        match self.0.get(nth) {
            None | Some(Arg::Missing) => None,
            Some(Arg::Quoted(text) | Arg::Bare(text)) => Some(text),
        }
    }
}

/// Takes the next command off the front of `rest`, which stands after `AT`.
pub(super) fn next_command(rest: &mut &str) -> Option<Result<Command, BadValue>> {
    *rest = rest.trim_start_matches([' ', ';']);
    let first = rest.chars().next()?;
    Some(match first {
        'S' | 's' => register(rest),
        'D' | 'd' => dial(rest),
        '&' => basic(rest, 1),
        letter if letter.is_ascii_alphabetic() => basic(rest, 0),
        '+' | '^' | '$' | '#' | '*' | '%' | '!' => extended(rest),
        _ => Err(BadValue),
    })
}

fn basic(rest: &mut &str, prefix: usize) -> Result<Command, BadValue> {
    let named = rest.get(..=prefix).ok_or(BadValue)?;
    let name = named.to_ascii_uppercase();
    *rest = &rest[named.len()..];
    let value = digits(rest);
    let value = if value.is_empty() { 0 } else { value.parse().map_err(|_| BadValue)? };
    Ok(Command::Basic(name, value))
}

/// The number of a voice call, up to its semicolon (V.250 §6.3.1); calls of data are not made.
fn dial(rest: &mut &str) -> Result<Command, BadValue> {
    let (number, after) = rest[1..].split_once(';').ok_or(BadValue)?;
    *rest = after;
    let is_dialled = |c: char| c.is_ascii_digit() || "+*#".contains(c);
    if number.is_empty() || !number.chars().all(is_dialled) {
        return Err(BadValue);
    }
    Ok(Command::Dial(String::from(number)))
}

fn register(rest: &mut &str) -> Result<Command, BadValue> {
    *rest = &rest[1..];
    let number = digits(rest).parse().map_err(|_| BadValue)?;
    if let Some(after) = rest.strip_prefix('?') {
        *rest = after;
        return Ok(Command::Register(number, Ask::Read));
    }
    *rest = rest.strip_prefix('=').ok_or(BadValue)?;
    let value = Arg::Bare(String::from(digits(rest)));
    Ok(Command::Register(number, Ask::Set(Args(vec![value]))))
}

fn extended(rest: &mut &str) -> Result<Command, BadValue> {
    let whole = &rest[..end_of_command(rest)];
    *rest = &rest[whole.len()..];
    let whole = whole.trim_end();
    let name_ends = whole.find(['=', '?']).unwrap_or(whole.len());
    let (name, asked) = whole.split_at(name_ends);
    let fits = |c: char| c.is_ascii_alphanumeric();
    if name.len() < 2 || !name.chars().skip(1).all(fits) {
        return Err(BadValue);
    }
    let ask = match asked {
        "" => Ask::Do,
        "?" => Ask::Read,
        "=?" => Ask::Test,
        set => Ask::Set(arguments(set.strip_prefix('=').ok_or(BadValue)?)?),
    };
    Ok(Command::Extended(name.to_ascii_uppercase(), ask))
}

fn end_of_command(rest: &str) -> usize {
    let mut quoted = false;
    for (place, c) in rest.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => return place,
            _ => {}
        }
    }
    rest.len()
}

fn arguments(text: &str) -> Result<Args, BadValue> {
    let mut args = Vec::new();
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start();
        let (arg, after) = match trimmed.strip_prefix('"') {
            Some(inside) => {
                let (inside, after) = inside.split_once('"').ok_or(BadValue)?;
                (Arg::Quoted(String::from(inside)), after.trim_start())
            }
            None => {
                let (bare, after) = trimmed.split_at(trimmed.find(',').unwrap_or(trimmed.len()));
                let bare = bare.trim();
                if bare.contains('"') {
                    return Err(BadValue);
                }
                let missing = bare.is_empty();
                (if missing { Arg::Missing } else { Arg::Bare(String::from(bare)) }, after)
            }
        };
        args.push(arg);
        match after.strip_prefix(',') {
            Some(more) => rest = more,
            None if after.is_empty() => return Ok(Args(args)),
            None => return Err(BadValue),
        }
    }
}

fn digits<'a>(rest: &mut &'a str) -> &'a str {
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    *rest = after;
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str) -> Vec<Result<Command, BadValue>> {
        let mut rest = line;
        std::iter::from_fn(|| next_command(&mut rest)).take(9).collect()
    }

    fn plus(name: &str, ask: Ask) -> Result<Command, BadValue> {
        Ok(Command::Extended(String::from(name), ask))
    }

    #[test]
    fn basic_commands_follow_each_other_and_extended_ones_need_a_semicolon() {
        let letter = |name: &str, value| Ok(Command::Basic(String::from(name), value));
        assert_eq!(cut("E0V1&F"), [letter("E", 0), letter("V", 1), letter("&F", 0)]);
        assert_eq!(cut("e0+cmee=?"), [letter("E", 0), plus("+CMEE", Ask::Test)]);
        let both = [plus("+CSQ", Ask::Do), plus("+CREG", Ask::Read)];
        assert_eq!(cut("+CSQ;+CREG?"), both);
    }

    #[test]
    fn values_are_numbers_or_texts_in_quotes_or_left_out() {
        let Ok(args) = arguments("\"S;M,\",,7 , \"\"") else { panic!("these are arguments") };
        assert_eq!(args.text(0), Ok(Some("S;M,")));
        assert_eq!((args.number(1), args.number(2)), (Ok(None), Ok(Some(7))));
        assert_eq!((args.text(2), args.number(0)), (Err(BadValue), Err(BadValue)));
        assert_eq!((args.text(3), args.count()), (Ok(Some("")), 4));
        assert_eq!((args.small(2, 7), args.small(2, 6)), (Ok(Some(7)), Err(BadValue)));
    }

    #[test]
    fn a_line_that_is_none_ends_in_an_error() {
        for bad in ["+", "+C\"", "+CPIN=\"12", "S=", "?", "é", "+CMGD=1 2\"", "&"] {
            assert!(cut(bad).iter().any(Result::is_err), "{bad}");
        }
    }
}
