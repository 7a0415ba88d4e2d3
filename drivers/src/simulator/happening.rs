//! The truth: what really happened in the country, told to nobody inside it.
//!
//! Checks from outside compare it with what the office believes. The modem at the office never
//! sees any of this.

use super::ModemNo;

/// One thing that happened, and when by the network's own clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Milliseconds since 1970, UTC.
    pub utc_ms: i64,
    /// What it was.
    pub what: What,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The network took a message, or one part of one, from a modem.
    Accepted {
        /// Who sent it.
        modem: ModemNo,
        /// The number it is for.
        to: String,
        /// What it says; of a part, what this part says.
        text: String,
        /// The modem's number for it (TP-MR, TS 23.040 §9.2.3.6).
        reference: u8,
        /// Whether the modem is told, or the result is lost on the way.
        told: Told,
    },
    /// The network refused a message with this `+CMS ERROR` cause.
    Refused {
        /// Who tried to send it.
        modem: ModemNo,
        /// The number it was for.
        to: String,
        /// The cause (TS 27.005 §3.2.5).
        cause: u16,
    },
    /// A whole message was shown on a person's phone.
    Delivered {
        /// The person's number.
        to: String,
        /// The number it came from.
        from: String,
        /// What it says.
        text: String,
    },
    /// The service centre gave up on a message, or part of one.
    Undelivered {
        /// The number it was for.
        to: String,
        /// The status in the report (TS 23.040 §9.2.3.15).
        status: u8,
    },
    /// A person sent a text.
    Said {
        /// The person's number.
        by: String,
        /// The number it was sent to.
        to: String,
        /// What it says.
        text: String,
        /// The text that it answers, if it answers one.
        answering: Option<String>,
    },
    /// A modem got a message, or part of one, from the network.
    Received {
        /// The modem.
        modem: ModemNo,
        /// The number it came from.
        from: String,
        /// What it says; of a part, what this part says.
        text: String,
    },
    /// A modem dialled a number.
    Called {
        /// The modem.
        modem: ModemNo,
        /// The number.
        to: String,
    },
    /// Somebody, or their mailbox, answered a call.
    PickedUp {
        /// The person's number.
        by: String,
    },
    /// A person pressed keys in a call.
    Pressed {
        /// The person's number.
        by: String,
        /// The keys.
        keys: String,
    },
    /// A person spoke in a call.
    Spoke {
        /// The person's number.
        by: String,
        /// What they said.
        text: String,
    },
    /// A call is over.
    CallOver {
        /// The person's number.
        with: String,
        /// The cause (TS 24.008 §10.5.4.11).
        cause: u8,
    },
    /// Something went wrong with a modem.
    Struck {
        /// The modem.
        modem: ModemNo,
        /// What it is called, as in `port-gone`.
        fault: &'static str,
    },
    /// A modem got a report from the network.
    Reported {
        /// The modem.
        modem: ModemNo,
        /// The number that the message was for.
        to: String,
        /// The reference of the message.
        reference: u8,
        /// The status (TS 23.040 §9.2.3.15); below 0x20 it was delivered.
        status: u8,
    },
}

/// Whether the modem is told that the network took its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// `+CMGS` says so.
    Yes,
    /// The result is lost.
    No,
}
