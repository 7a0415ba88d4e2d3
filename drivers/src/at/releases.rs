//! How a call ended, or why it never began, as words and as advice for the next try.
//!
//! Networks give a cause (TS 24.008 §10.5.4.11), modems a result code of V.250 §6.3.1 or a number
//! of their own. All of them become one [`Release`].

use std::fmt;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release {
    /// In what way.
    pub end: CallEnd,
    /// The network's cause, TS 24.008 §10.5.4.11, where the modem tells it.
    pub cause: Option<u8>,
}

/// The ways in which a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallEnd {
    /// One side hung up, as people do.
    HungUp,
    /// The other side talks to somebody.
    Busy,
    /// It rang, and nobody answered.
    NoAnswer,
    /// The other phone is off or out of reach.
    Unreachable,
    /// The other side does not want this call.
    Rejected,
    /// There is no such number, or it has changed.
    WrongNumber,
    /// The network has no room or is out of order.
    NetworkBusy,
    /// This SIM may not call: barred, or without credit.
    NotAllowed,
    /// The modem has no network, or no SIM.
    NoNetwork,
    /// Nobody said why.
    Unknown,
}

impl Release {
    /// The end without a cause.
    pub fn only(end: CallEnd) -> Release {
        Release { end, cause: None }
    }

    /// By the network's cause.
    pub fn by_cause(cause: u8) -> Release {
        let end = match cause {
            1 | 3 | 22 | 28 => CallEnd::WrongNumber,
            8 | 29 | 50 | 55 | 57 | 68 | 69 | 87 => CallEnd::NotAllowed,
            16 | 31 => CallEnd::HungUp,
            17 => CallEnd::Busy,
            19 => CallEnd::NoAnswer,
            18 | 20 | 27 => CallEnd::Unreachable,
            21 => CallEnd::Rejected,
            25 | 34 | 38 | 41 | 42 | 43 | 44 | 47 | 49 | 58 => CallEnd::NetworkBusy,
            _ => CallEnd::Unknown,
        };
        Release { end, cause: Some(cause) }
    }

    /// By a result code that stands alone on its line, V.250 §6.3.1.
    pub fn by_result_code(line: &str) -> Option<Release> {
        let end = match line {
            "BUSY" => CallEnd::Busy,
            "NO ANSWER" => CallEnd::NoAnswer,
            "NO DIALTONE" | "NO DIAL TONE" => CallEnd::NoNetwork,
            // Given for everything by many modems, and by all when the other side hangs up.
            "NO CARRIER" => CallEnd::Unknown,
            _ => return None,
        };
        Some(Release::only(end))
    }

    /// What is known together: a cause says more than none, and any end more than `Unknown`.
    pub fn or(self, other: Release) -> Release {
        if self.cause.is_none() && (other.cause.is_some() || self.end == CallEnd::Unknown) {
            other
        } else {
            self
        }
    }
}

/// For people: `the line was busy (cause 17)`.
impl fmt::Display for Release {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.end.words())?;
        match self.cause {
            Some(cause) => write!(out, " (cause {cause})"),
            None => Ok(()),
        }
    }
}

impl CallEnd {
    /// What happened, in words that stand alone.
    pub fn words(self) -> &'static str {
        match self {
            CallEnd::HungUp => "the call ended",
            CallEnd::Busy => "the line was busy",
            CallEnd::NoAnswer => "nobody answered",
            CallEnd::Unreachable => "the phone is off or out of reach",
            CallEnd::Rejected => "the call was refused at the phone",
            CallEnd::WrongNumber => "there is no such number",
            CallEnd::NetworkBusy => "the network had no room for the call",
            CallEnd::NotAllowed => "this SIM may not call: look at its credit",
            CallEnd::NoNetwork => "the modem has no network",
            CallEnd::Unknown => "the call ended, and nobody said why",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_become_words() {
        for (cause, end) in [
            (1, CallEnd::WrongNumber),
            (16, CallEnd::HungUp),
            (17, CallEnd::Busy),
            (18, CallEnd::Unreachable),
            (19, CallEnd::NoAnswer),
            (21, CallEnd::Rejected),
            (34, CallEnd::NetworkBusy),
            (69, CallEnd::NotAllowed),
            (111, CallEnd::Unknown),
        ] {
            assert_eq!(Release::by_cause(cause).end, end, "{cause}");
        }
        assert_eq!(Release::by_cause(17).to_string(), "the line was busy (cause 17)");
        assert_eq!(Release::only(CallEnd::NoAnswer).to_string(), "nobody answered");
    }

    #[test]
    fn what_says_more_is_kept() {
        let hung_up = Release::only(CallEnd::Unknown);
        let busy = Release::by_result_code("BUSY").expect("a result code");
        assert_eq!(hung_up.or(busy), busy);
        assert_eq!(busy.or(hung_up), busy);
        assert_eq!(busy.or(Release::by_cause(17)), Release::by_cause(17));
        assert_eq!(Release::by_cause(17).or(busy), Release::by_cause(17));
        assert_eq!(Release::by_result_code("OK"), None);
    }
}
