//! Every command that is ever given to a modem: its form, its answer, how long it may take.
//!
//! One table; nothing else in this crate spells a command, except that a maker's own commands stand
//! in its profile and come here as [`Own`]. The times are the longest that makers state for the
//! command, not what is usual. Used by `modem`.

use std::time::Duration;

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Whether anybody is there, V.250 §5.2.
    Attention,
    /// Start anew, TS 27.007 §8.2.
    StartAnew,
    /// The device's number, TS 27.007 §5.4.
    Imei,
    /// How well it hears the network, TS 27.007 §8.5.
    Signal,
    /// Whether errors come as numbers, TS 27.007 §9.1.
    ErrorForm,
    /// No echo, V.250 §6.2.4. Always alone on its line: some firmware obeys half a line.
    EchoOff,
    /// Errors as numbers, TS 27.007 §9.1.
    ErrorNumbers,
    /// The maker, TS 27.007 §5.1.
    Maker,
    /// The model, TS 27.007 §5.2.
    Model,
    /// The firmware, TS 27.007 §5.3.
    Revision,
    /// Whether the SIM wants a PIN, TS 27.007 §8.3.
    PinState,
    /// How many tries the PIN has left, TS 27.007 §8.65.
    PinTries,
    /// The same, asked of the card itself: VERIFY without a PIN costs no try, TS 102 221 §11.1.9.
    PinTriesOfCard,
    /// The PIN, TS 27.007 §8.3.
    EnterPin(String),
    /// The number printed on the SIM; no standard command, but a widespread one.
    Iccid,
    /// The same, read from the card's file 2FE2, TS 27.007 §8.18, TS 102 221 §13.2.
    IccidOfCard,
    /// The subscriber, TS 27.007 §5.6.
    Imsi,
    /// The SIM's phone number, TS 27.007 §7.1.
    OwnNumber,
    /// Messages as PDUs, TS 27.005 §3.2.2.
    PduMode,
    /// No acknowledgements by the computer, TS 27.005 §3.2.1.
    MessageService,
    /// Each message that is handed over is acknowledged by the computer, TS 27.005 §3.2.1.
    AcknowledgedService,
    /// Which memories there are, TS 27.005 §3.2.3.
    MemoriesOffered,
    /// One memory for everything, TS 27.005 §3.2.3.
    UseMemory(String, Places),
    /// Another memory for reading and deleting, TS 27.005 §3.2.3.
    ReadMemory(String),
    /// How full the memories are, TS 27.005 §3.2.3.
    MemoryState,
    /// How new messages are told, TS 27.005 §3.4.1: the numbers after the `=`.
    Announce(&'static str),
    /// How new messages are told now.
    Announcing,
    /// The service centre's number, TS 27.005 §3.3.1.
    ServiceCentre,
    /// The service centre's number is to be this one, which begins with a plus sign.
    SetServiceCentre(String),
    /// Tell when the registration changes, TS 27.007 §7.2.
    TellRegistration,
    /// Whether it has a network, TS 27.007 §7.2.
    Registration,
    /// The network's name, TS 27.007 §7.3.
    Operator,
    /// All messages in the memory, TS 27.005 §4.1.
    List,
    /// One message, TS 27.005 §4.2.
    Read(u32),
    /// Delete one message, TS 27.005 §3.5.4.
    Delete(u32),
    /// Dial a number for a voice call, TS 27.007 §6.2. Its `OK` comes long before anybody answers.
    Dial(String),
    /// Answer the call that rings, V.250 §6.3.5.
    PickUp,
    /// End all calls, TS 27.007 §6.5. `ATH` is ignored by some modems.
    HangUp,
    /// Refuse the call that knocks, TS 27.007 §7.13, TS 22.030 §6.5.5.1.
    RefuseWaiting,
    /// All calls there are, TS 27.007 §7.18.
    Calls,
    /// The message that was handed over last is safe, TS 27.005 §4.7.
    Acknowledge,
    /// The same in the form that some chips want.
    AcknowledgeWithOne,
    /// The link to the network stays open between messages, TS 27.005 §3.5.6.
    KeepLink,
    /// Whether it does.
    LinkKept,
    /// A maker's own command.
    Own(&'static Own),
    /// Send a message of so many octets, TS 27.005 §4.3. The text is asked for by a prompt, and the
    /// patience is for that; how long the network may take afterwards is a setting.
    Send(usize),
    /// The character set of strings, TS 27.007 §5.5.
    Charset,
    /// Ask the network's services, TS 27.007 §7.15: the code or reply as it is typed. The network's
    /// word may come before the result or after it; some modems hold the result back until then.
    Ussd(String),
    /// End what the network's services have open.
    UssdEnd,
}

/// How many of its three places a modem lets be set: to read, to write, to receive into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Places {
    /// All three at once, as the standard has it.
    All,
    /// Only the first; the others are where they are.
    First,
}

/// A maker's own command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    /// The command line, without its line end.
    pub form: &'static str,
    /// What comes back.
    pub answer: Answer,
    /// The longest time until the final result, in seconds.
    pub seconds: u64,
}

/// What comes back before the final `OK`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Nothing,
    /// Lines that begin so.
    Prefixed(&'static str),
    /// Lines as they are, or with this in front.
    Bare(&'static str),
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The command line, without its line end.
    pub form: String,
    /// What comes back.
    pub answer: Answer,
    /// The longest time until the final result, or the prompt.
    pub patience: Duration,
}

impl Request {
    /// The command's row.
    pub fn row(&self) -> Row {
        use Answer::{Bare, Nothing, Prefixed};
        let (form, answer, seconds): (&str, Answer, u64) = match self {
            Request::Attention => ("AT", Nothing, 5),
            Request::StartAnew => ("AT+CFUN=1,1", Nothing, 15),
            Request::Imei => ("AT+CGSN", Bare("+CGSN:"), 5),
            Request::Signal => ("AT+CSQ", Prefixed("+CSQ:"), 5),
            Request::ErrorForm => ("AT+CMEE?", Prefixed("+CMEE:"), 5),
            Request::EchoOff => ("ATE0", Nothing, 5),
            Request::ErrorNumbers => ("AT+CMEE=1", Nothing, 5),
            Request::Maker => ("AT+CGMI", Bare("+CGMI:"), 5),
            Request::Model => ("AT+CGMM", Bare("+CGMM:"), 5),
            Request::Revision => ("AT+CGMR", Bare("+CGMR:"), 5),
            Request::PinState => ("AT+CPIN?", Prefixed("+CPIN:"), 10),
            Request::PinTries => ("AT+CPINR", Prefixed("+CPINR:"), 10),
            Request::PinTriesOfCard => ("AT+CSIM=10,\"0020000100\"", Prefixed("+CSIM:"), 10),
            Request::EnterPin(pin) => return row(format!("AT+CPIN=\"{pin}\""), Nothing, 30),
            Request::Iccid => ("AT+CCID", Bare("+CCID:"), 10),
            Request::IccidOfCard => ("AT+CRSM=176,12258,0,0,10", Prefixed("+CRSM:"), 10),
            Request::Imsi => ("AT+CIMI", Bare("+CIMI:"), 10),
            Request::OwnNumber => ("AT+CNUM", Prefixed("+CNUM:"), 10),
            Request::PduMode => ("AT+CMGF=0", Nothing, 5),
            Request::MessageService => ("AT+CSMS=0", Prefixed("+CSMS:"), 10),
            Request::AcknowledgedService => ("AT+CSMS=1", Prefixed("+CSMS:"), 10),
            Request::MemoriesOffered => ("AT+CPMS=?", Prefixed("+CPMS:"), 20),
            Request::UseMemory(memory, Places::All) => {
                let form = format!("AT+CPMS=\"{memory}\",\"{memory}\",\"{memory}\"");
                return row(form, Prefixed("+CPMS:"), 20);
            }
            Request::UseMemory(memory, Places::First) | Request::ReadMemory(memory) => {
                return row(format!("AT+CPMS=\"{memory}\""), Prefixed("+CPMS:"), 20);
            }
            Request::MemoryState => ("AT+CPMS?", Prefixed("+CPMS:"), 20),
            Request::Announce(numbers) => return row(format!("AT+CNMI={numbers}"), Nothing, 10),
            Request::Announcing => ("AT+CNMI?", Prefixed("+CNMI:"), 10),
            Request::ServiceCentre => ("AT+CSCA?", Prefixed("+CSCA:"), 10),
            Request::SetServiceCentre(number) => {
                return row(format!("AT+CSCA=\"{number}\",145"), Nothing, 10);
            }
            Request::TellRegistration => ("AT+CREG=1", Nothing, 10),
            Request::Registration => ("AT+CREG?", Prefixed("+CREG:"), 10),
            Request::Operator => ("AT+COPS?", Prefixed("+COPS:"), 30),
            Request::Acknowledge => ("AT+CNMA", Nothing, 10),
            Request::AcknowledgeWithOne => ("AT+CNMA=1", Nothing, 10),
            Request::KeepLink => ("AT+CMMS=2", Nothing, 10),
            Request::LinkKept => ("AT+CMMS?", Prefixed("+CMMS:"), 10),
            Request::Own(own) => (own.form, own.answer, own.seconds),
            Request::List => ("AT+CMGL=4", Prefixed("+CMGL:"), 120),
            Request::Read(index) => return row(format!("AT+CMGR={index}"), Prefixed("+CMGR:"), 20),
            Request::Delete(index) => return row(format!("AT+CMGD={index}"), Nothing, 30),
            Request::Dial(number) => return row(format!("ATD{number};"), Nothing, 60),
            Request::PickUp => ("ATA", Nothing, 20),
            Request::HangUp => ("AT+CHUP", Nothing, 40),
            Request::RefuseWaiting => ("AT+CHLD=0", Nothing, 20),
            Request::Calls => ("AT+CLCC", Prefixed("+CLCC:"), 10),
            Request::Send(octets) => {
                return row(format!("AT+CMGS={octets}"), Prefixed("+CMGS:"), 10);
            }
            Request::Charset => ("AT+CSCS?", Prefixed("+CSCS:"), 5),
            Request::Ussd(typed) => return row(format!("AT+CUSD=1,\"{typed}\",15"), Nothing, 120),
            Request::UssdEnd => ("AT+CUSD=2", Nothing, 120),
        };
        row(form.to_owned(), answer, seconds)
    }
}

fn row(form: String, answer: Answer, seconds: u64) -> Row {
    Row { form, answer, patience: Duration::from_secs(seconds) }
}
