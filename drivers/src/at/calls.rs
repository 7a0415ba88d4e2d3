//! What a modem says of calls: who rings, which calls there are, how they end, where calls are
//! passed on to.

use super::fields::fields;
use super::releases::{CallEnd, Release};

/// What a line that nobody asked for says about calls. Which calls there are is told by the list
/// (`+CLCC`) alone: these lines are lost, late or doubled, and only say that it is worth asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// Somebody rings: `RING`, `+CRING: VOICE`, `+CLIP: "+231770000001",145`.
    Rings(Option<String>),
    /// Somebody knocks during another call: `+CCWA: "+231770000001",145,1`.
    Knocks(Option<String>),
    /// Something about a call changed.
    Changed,
    /// A call is over, and this is what the modem says of it.
    Over(Release),
    /// The other side pressed this key.
    Key(char),
}

/// Beginnings of lines that say that a call changed: dialling, ringing there, answered.
const CHANGES: [&str; 7] =
    ["^ORIG:", "^CONF:", "^CONN:", "+CLCC:", "^SLCC:", "VOICE CALL:", "MISSED_CALL:"];

/// What a line says about calls, if it speaks of them.
pub fn hint(line: &str) -> Option<Hint> {
    if let Some(release) = Release::by_result_code(line) {
        return Some(Hint::Over(release));
    }
    if line == "RING" || line.starts_with("+CRING:") {
        return Some(Hint::Rings(None));
    }
    if line.starts_with("+CLIP:") {
        return Some(Hint::Rings(caller(line)?.number));
    }
    if line.starts_with("+CCWA:") {
        return Some(Hint::Knocks(caller(line)?.number));
    }
    if let Some(rest) = line.strip_prefix("^CEND:") {
        return Some(Hint::Over(ended(&fields(rest))));
    }
    if let Some(key) = key(line) {
        return Some(Hint::Key(key));
    }
    let of_state = |rest: &str, at: usize, over: &str| match fields(rest).get(at) {
        Some(state) if state == over => Hint::Over(Release::only(CallEnd::Unknown)),
        _ => Hint::Changed,
    };
    if let Some(rest) = line.strip_prefix("+QIND: \"ccinfo\",") {
        return Some(of_state(rest, 2, "-1"));
    }
    if let Some(rest) = line.strip_prefix("^DSCI:") {
        return Some(of_state(rest, 2, "6"));
    }
    CHANGES.iter().any(|start| line.starts_with(start)).then_some(Hint::Changed)
}

/// A pressed key, where the modem finds them in the sound: `+DTMF: 5`, with its length behind it or
/// without, `+RXDTMF: 5`, `#DTMFEV: 5`, and `+QTONEDET: 53`, which is its number in ASCII.
fn key(line: &str) -> Option<char> {
    let starts = ["+DTMF:", "+RXDTMF:", "#DTMFEV:"];
    let sign = match line.strip_prefix("+QTONEDET:") {
        Some(rest) => char::from(fields(rest).first()?.parse::<u8>().ok()?),
        None => {
            let rest = starts.iter().find_map(|start| line.strip_prefix(start))?;
            fields(rest).first()?.parse().ok()?
        }
    };
    let sign = sign.to_ascii_uppercase();
    (sign.is_ascii_digit() || "*#ABCD".contains(sign)).then_some(sign)
}

/// `^CEND:<index>,<seconds>,<end status>[,<cause>]`. The cause is missing where the call ended
/// before the network said anything.
fn ended(fields: &[String]) -> Release {
    let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u8>().ok());
    if let Some(cause) = number(3) {
        return Release::by_cause(cause);
    }
    Release::only(match number(2) {
        Some(22 | 25 | 29) => CallEnd::HungUp,
        Some(28) => CallEnd::NoAnswer,
        Some(102) => CallEnd::Rejected,
        Some(24 | 26 | 101 | 103) => CallEnd::NetworkBusy,
        Some(105) => CallEnd::NotAllowed,
        Some(0 | 21 | 34) => CallEnd::NoNetwork,
        _ => CallEnd::Unknown,
    })
}

/// `+CLIP:` and `+CCWA:` (TS 27.007 §7.6, §7.12): somebody rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The number; none where it is withheld.
    pub number: Option<String>,
    /// `<type>`: 145 is international.
    pub kind: Option<u8>,
    /// `<class>` of a waiting call; 1 is speech.
    pub class: Option<u8>,
}

/// Who rings.
pub fn caller(line: &str) -> Option<Caller> {
    let waiting = line.strip_prefix("+CCWA:");
    let fields = fields(waiting.or_else(|| line.strip_prefix("+CLIP:"))?);
    let number = |at: usize| fields.get(at).and_then(|field| field.parse().ok());
    Some(Caller {
        number: fields.first().filter(|number| !number.is_empty()).cloned(),
        kind: number(1),
        class: waiting.and_then(|_| number(2)),
    })
}

/// A call in the list of `+CLCC:` (TS 27.007 §7.18) or `^SLCC:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its number in the list.
    pub index: u8,
    /// Who began it.
    pub direction: Direction,
    /// Where it is.
    pub state: CallState,
    /// Speech, or data and facsimiles.
    pub is_speech: bool,
    /// The other side, where it is known.
    pub number: Option<String>,
}

/// Who began a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// This side.
    Outgoing,
    /// The other side.
    Incoming,
}

/// `<stat>` of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallState {
    /// Both talk.
    Active,
    /// It waits for us.
    Held,
    /// The number is being dialled.
    Dialling,
    /// It rings there.
    Alerting,
    /// It rings here.
    Ringing,
    /// It knocks while another is active.
    Waiting,
}

/// One call of the list; `None` for a line that is none, such as the empty one at its end.
pub fn call(line: &str) -> Option<Call> {
    // The other form has one number more before the other side's.
    let (rest, at) = match line.strip_prefix("^SLCC:") {
        Some(rest) => (rest, 6),
        None => (line.strip_prefix("+CLCC:")?, 5),
    };
    let fields = fields(rest);
    let direction = match fields.get(1)?.as_str() {
        "0" => Direction::Outgoing,
        "1" => Direction::Incoming,
        _ => return None,
    };
    let state = match fields.get(2)?.as_str() {
        "0" => CallState::Active,
        "1" => CallState::Held,
        "2" => CallState::Dialling,
        "3" => CallState::Alerting,
        "4" => CallState::Ringing,
        "5" => CallState::Waiting,
        _ => return None,
    };
    Some(Call {
        index: fields.first()?.parse().ok()?,
        direction,
        state,
        // 3 to 5 are mixed calls that are speech at the moment.
        is_speech: fields.get(3).is_some_and(|mode| matches!(mode.as_str(), "0" | "3" | "4" | "5")),
        number: fields.get(at).filter(|number| !number.is_empty()).cloned(),
    })
}

/// `+CCFC:` (TS 27.007 §7.11): whether calls are passed on, for one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarding {
    /// Whether they are.
    pub is_active: bool,
    /// For which classes, as bits.
    pub class: u8,
    /// To whom.
    pub number: Option<String>,
    /// `<type>` of the number.
    pub kind: Option<u8>,
    /// After how many seconds.
    pub seconds: Option<u8>,
}

/// One class's forwarding.
pub fn forwarding(line: &str) -> Option<Forwarding> {
    let fields = fields(line.strip_prefix("+CCFC:")?);
    let number = |at: usize| -> Option<u8> { fields.get(at)?.parse().ok() };
    Some(Forwarding {
        is_active: number(0)? == 1,
        class: number(1)?,
        number: fields.get(2).filter(|number| !number.is_empty()).cloned(),
        kind: number(3),
        seconds: number(6),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_in_both_forms() {
        for line in
            ["+CLCC: 1,1,4,0,0,\"+231770000001\",145", "^SLCC: 1,1,4,0,0,1,\"+231770000001\",145"]
        {
            let call = call(line).expect(line);
            assert_eq!((call.state, call.direction), (CallState::Ringing, Direction::Incoming));
            assert_eq!((call.is_speech, call.number.as_deref()), (true, Some("+231770000001")));
        }
        for line in ["^SLCC: ", "+CLCC: 1,2,0,0,0", "+CLCC: 1,1,9,0,0", "RING"] {
            assert_eq!(call(line), None, "{line}");
        }
    }

    #[test]
    fn who_rings_and_who_does_not_want_it_known() {
        let told = caller("+CLIP: \"0770000001\",129").expect("a caller");
        assert_eq!(
            (told.number.as_deref(), told.kind, told.class),
            (Some("0770000001"), Some(129), None)
        );
        assert_eq!(caller("+CLIP: \"\",128").expect("a caller").number, None);
        assert_eq!(caller("+CCWA: \"0770000001\",129,1").and_then(|told| told.class), Some(1));
        assert_eq!(caller("RING"), None);
    }

    #[test]
    fn a_line_that_speaks_of_calls_is_known_whoever_made_the_modem() {
        let over = |end| Some(Hint::Over(Release::only(end)));
        for (line, expected) in [
            ("RING", Some(Hint::Rings(None))),
            ("+CRING: VOICE", Some(Hint::Rings(None))),
            ("+CLIP: \"+231770000001\",145,,,,0", Some(Hint::Rings(Some("+231770000001".into())))),
            ("+CLIP: \"\",128", Some(Hint::Rings(None))),
            ("+CCWA: \"0770000001\",129,1", Some(Hint::Knocks(Some("0770000001".into())))),
            ("^ORIG:1,0", Some(Hint::Changed)),
            ("^CONN:1,0", Some(Hint::Changed)),
            ("^CEND:1,0,104,17", Some(Hint::Over(Release::by_cause(17)))),
            ("^CEND:1,0,28", over(CallEnd::NoAnswer)),
            ("^CEND:1,12,29", over(CallEnd::HungUp)),
            ("^CEND:", over(CallEnd::Unknown)),
            ("NO CARRIER", over(CallEnd::Unknown)),
            ("BUSY", over(CallEnd::Busy)),
            ("VOICE CALL: BEGIN", Some(Hint::Changed)),
            ("VOICE CALL: END: 000012", Some(Hint::Changed)),
            ("+QIND: \"ccinfo\",1,0,3,0,0,\"0770000001\",129", Some(Hint::Changed)),
            ("+QIND: \"ccinfo\",1,0,-1,0,0,\"0770000001\",129", over(CallEnd::Unknown)),
            ("^DSCI: 1,1,6,0,0770000001,129", over(CallEnd::Unknown)),
            ("^DSCI: 1,1,4,0,0770000001,129", Some(Hint::Changed)),
            ("+DTMF: 5,120", Some(Hint::Key('5'))),
            ("+RXDTMF: *", Some(Hint::Key('*'))),
            ("+QTONEDET: 35", Some(Hint::Key('#'))),
            ("#DTMFEV: b", Some(Hint::Key('B'))),
            ("+QTONEDET: 5", None),
            ("+DTMF: OFF", None),
            ("^RSSI:12", None),
            ("+QIND: SMS DONE", None),
            ("+CMTI: \"SM\",1", None),
        ] {
            assert_eq!(hint(line), expected, "{line}");
        }
    }

    #[test]
    fn calls_that_are_passed_on() {
        let told = forwarding("+CCFC: 1,7,\"+231770000001\",145,\"\",128,20").expect("a class");
        assert_eq!((told.is_active, told.class, told.seconds), (true, 7, Some(20)));
        assert_eq!(forwarding("+CCFC: 0,7").map(|told| told.is_active), Some(false));
        assert_eq!(forwarding("+CCFC:"), None);
    }
}
