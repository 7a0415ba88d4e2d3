//! The ways in which a command fails, and how the modem words them (TS 27.005 §3.2.5,
//! TS 27.007 §9.1, §9.2).

use super::personality::{Errors, MessageErrors, Unknown};

/// Why a command was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// The line is no command line.
    Syntax,
    /// The modem knows no such command.
    UnknownCommand,
    /// An error of the modem, in the form that `+CMEE` asks for.
    Equipment(Equipment),
    /// An error of messaging: `+CMS ERROR: 304`.
    Message(u16),
}

/// `+CME ERROR` (TS 27.007 §9.2), as far as this modem makes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Equipment {
    NotAllowed,
    PinRequired,
    PukRequired,
    SimBusy,
    WrongPassword,
    InvalidIndex,
    IncorrectParameters,
    NoService,
    Unknown,
    /// A maker's own: it has just started.
    Starting,
}

/// The form in which errors are told (`+CMEE`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Numbers,
    Words,
    /// In words, those of messaging too, whatever was asked for and whoever the maker is.
    WordsAlways,
}

impl Form {
    pub(super) fn asked_for(value: u8) -> Form {
        match value {
            0 => Form::Plain,
            1 => Form::Numbers,
            _ => Form::Words,
        }
    }
}

/// TS 27.005 §3.2.5: an argument or the text does not fit PDU mode.
pub(super) const BAD_PDU_PARAMETER: Failure = Failure::Message(304);
/// The SIM waits for its PIN.
pub(super) const SIM_PIN_REQUIRED: Failure = Failure::Message(311);
/// The SIM has just been opened.
pub(super) const SIM_BUSY: Failure = Failure::Message(314);
/// The SIM waits for its PUK.
pub(super) const SIM_PUK_REQUIRED: Failure = Failure::Message(316);
/// There is no such place for messages, or this is not to be done with it.
pub(super) const NOT_ALLOWED: Failure = Failure::Message(302);
/// Not a thing that this modem does.
pub(super) const NOT_SUPPORTED: Failure = Failure::Message(303);
/// No message has this index.
pub(super) const BAD_INDEX: Failure = Failure::Message(321);
/// No slot is free.
pub(super) const MEMORY_FULL: Failure = Failure::Message(322);
/// The modem is not registered.
pub(super) const NO_SERVICE: Failure = Failure::Message(331);
/// Nothing waits to be acknowledged.
pub(super) const NO_ACKNOWLEDGEMENT_EXPECTED: Failure = Failure::Message(340);
/// A value that the command does not take.
pub(super) const INCORRECT: Failure = Failure::Equipment(Equipment::IncorrectParameters);

impl Failure {
    /// The final line in this form; `None` means plain `ERROR`.
    pub(super) fn line(self, form: Form, habits: &Errors) -> Option<String> {
        match self {
            Failure::Syntax => None,
            Failure::UnknownCommand => match habits.unknown_command {
                Unknown::Plain => None,
                Unknown::Told(error) => Failure::Equipment(error).line(form, habits),
                Unknown::Words => Some(String::from("COMMAND NOT SUPPORT")),
            },
            Failure::Message(cause) => match (form, habits.messages, words_of(cause)) {
                (Form::WordsAlways, _, Some(words))
                | (Form::Words, MessageErrors::Words, Some(words)) => {
                    Some(format!("+CMS ERROR: {words}"))
                }
                _ => Some(format!("+CMS ERROR: {cause}")),
            },
            Failure::Equipment(error) => match form {
                Form::Plain => None,
                Form::Numbers => Some(format!("+CME ERROR: {}", error.code())),
                Form::Words | Form::WordsAlways => Some(format!("+CME ERROR: {}", error.words())),
            },
        }
    }
}

/// TS 27.005 §3.2.5 and, below 128, TS 24.011 annex E.2: those that this country makes.
fn words_of(cause: u16) -> Option<&'static str> {
    Some(match cause {
        1 => "Unassigned number",
        8 => "Operator determined barring",
        10 => "Call barred",
        21 => "Short message transfer rejected",
        27 => "Destination out of service",
        28 => "Unidentified subscriber",
        38 => "Network out of order",
        42 => "Congestion",
        96 => "Invalid mandatory information",
        302 => "operation not allowed",
        303 => "operation not supported",
        304 => "invalid PDU mode parameter",
        305 => "invalid text mode parameter",
        311 => "SIM PIN required",
        314 => "SIM busy",
        316 => "SIM PUK required",
        321 => "invalid memory index",
        322 => "memory full",
        331 => "no network service",
        332 => "network timeout",
        340 => "no +CNMA acknowledgement expected",
        500 => "unknown error",
        _ => return None,
    })
}

impl Equipment {
    fn code(self) -> u16 {
        match self {
            Equipment::NotAllowed => 3,
            Equipment::PinRequired => 11,
            Equipment::PukRequired => 12,
            Equipment::SimBusy => 14,
            Equipment::WrongPassword => 16,
            Equipment::InvalidIndex => 21,
            Equipment::IncorrectParameters => 50,
            Equipment::NoService => 30,
            Equipment::Unknown => 100,
            Equipment::Starting => 515,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Equipment::NotAllowed => "operation not allowed",
            Equipment::PinRequired => "SIM PIN required",
            Equipment::PukRequired => "SIM PUK required",
            Equipment::SimBusy => "SIM busy",
            Equipment::WrongPassword => "incorrect password",
            Equipment::InvalidIndex => "invalid index",
            Equipment::IncorrectParameters => "Incorrect parameters",
            Equipment::NoService => "no network service",
            Equipment::Unknown => "unknown",
            Equipment::Starting => "Please wait, init or command processing in progress",
        }
    }
}
