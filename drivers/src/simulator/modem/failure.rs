//! The ways in which a command fails, and how the modem words them (TS 27.005 §3.2.5,
//! TS 27.007 §9.1, §9.2).

/// Why a command was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// The line is no command line.
    Syntax,
    /// An error of the modem, in the form that `+CMEE` asks for.
    Equipment(Equipment),
    /// An error of messaging, always in numbers: `+CMS ERROR: 304`.
    Message(u16),
}

/// `+CME ERROR` (TS 27.007 §9.2), as far as this modem makes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Equipment {
    NotSupported,
    PinRequired,
    PukRequired,
    WrongPassword,
    IncorrectParameters,
    Unknown,
}

/// TS 27.005 §3.2.5: an argument or the text does not fit PDU mode.
pub(super) const BAD_PDU_PARAMETER: Failure = Failure::Message(304);
/// The SIM waits for its PIN.
pub(super) const SIM_PIN_REQUIRED: Failure = Failure::Message(311);
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
    /// The final line, in the form that `+CMEE=form` asks for; `None` means plain `ERROR`.
    pub(super) fn line(self, form: u8) -> Option<String> {
        match self {
            Failure::Syntax => None,
            Failure::Message(cause) => Some(format!("+CMS ERROR: {cause}")),
            Failure::Equipment(error) => match form {
                0 => None,
                1 => Some(format!("+CME ERROR: {}", error.code())),
                _ => Some(format!("+CME ERROR: {}", error.words())),
            },
        }
    }
}

impl Equipment {
    fn code(self) -> u16 {
        match self {
            Equipment::NotSupported => 4,
            Equipment::PinRequired => 11,
            Equipment::PukRequired => 12,
            Equipment::WrongPassword => 16,
            Equipment::IncorrectParameters => 50,
            Equipment::Unknown => 100,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Equipment::NotSupported => "operation not supported",
            Equipment::PinRequired => "SIM PIN required",
            Equipment::PukRequired => "SIM PUK required",
            Equipment::WrongPassword => "incorrect password",
            Equipment::IncorrectParameters => "Incorrect parameters",
            Equipment::Unknown => "unknown",
        }
    }
}
