//! A number that people see, and how fast it may speak.

use super::{ChannelId, PhoneNumber};
use serde::{Deserialize, Serialize};

/// How a person is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Short messages.
    Sms,
    /// A phone call.
    Voice,
}

impl Mode {
    /// The word in the store and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Sms => "sms",
            Mode::Voice => "voice",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<Mode> {
        [Mode::Sms, Mode::Voice].into_iter().find(|mode| mode.as_str() == word)
    }
}

/// How many segments a channel may send; `None` is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// In any minute.
    pub per_minute: Option<u32>,
    /// In any hour.
    pub per_hour: Option<u32>,
    /// In any day of 24 hours.
    pub per_day: Option<u32>,
}

impl Pace {
    /// No limits: for benches and simulated modems.
    pub const UNLIMITED: Pace = Pace { per_minute: None, per_hour: None, per_day: None };
    /// What operators are known to bear from one SIM (reference figures: 12, 400, 2,000).
    pub const SAFE: Pace = Pace { per_minute: Some(12), per_hour: Some(400), per_day: Some(2_000) };
}

/// A channel as the office configured it, and the modem that carries it.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// The row.
    pub id: ChannelId,
    /// The name in `rollcall.yaml`.
    pub name: String,
    /// The number people see, where known.
    pub number: Option<PhoneNumber>,
    /// The modem's number (IMEI), once seen or configured.
    pub imei: Option<String>,
    /// The SIM's number (ICCID), once seen.
    pub iccid: Option<String>,
    /// The operator's name in the settings.
    pub operator: Option<String>,
    /// How fast it may speak.
    pub pace: Pace,
}
