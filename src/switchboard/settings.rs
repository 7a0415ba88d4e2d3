//! What the office has set, as the switchboard needs it.

use crate::model::{Language, Pace, Region};
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::time::Duration;

/// The office's settings. `config` makes them of `rollcall.yaml`.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The country whose national numbers are understood.
    pub region: Region,
    /// The zone of quiet hours and of "today".
    pub zone: TimeZone,
    /// The languages of the office, the usual one first.
    pub languages: Vec<Language>,
    /// When nobody is written to unasked.
    pub quiet_hours: Option<QuietHours>,
    /// The channels.
    pub channels: Vec<ChannelSettings>,
    /// Who says in a call what nobody has recorded.
    pub draft_voice: DraftVoice,
    /// What a segment costs; `None`: nobody has said.
    pub prices: Option<Prices>,
    /// How long an uncertain message waits for evidence after its modem is ready again.
    pub uncertain_wait: Duration,
    /// How long a channel is down before what is bound to it goes by others; `None`: never.
    pub move_after: Option<Duration>,
    /// The least time in which anybody gets, reads and answers a text: what is said sooner after
    /// a question left is not its answer, unless the question is known to be on the phone.
    /// `None`: [`READING_TIME`] where people are, nothing where a channel has no pace: there
    /// machines play them.
    pub reading_time: Option<Duration>,
    /// How many messages a number may get in an hour.
    pub budget_per_hour: u32,
    /// How many texts outside of a flow (after STOP, START, HELP) a number may get in an hour.
    pub unasked_per_hour: u32,
    /// How often the same text may come from a number within five minutes before nothing more is
    /// answered.
    pub same_text_limit: u32,
}

/// Who says in a call what nobody has recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DraftVoice {
    /// The speech program `espeak-ng`, where the computer has it; else it is quiet for as long.
    #[default]
    Espeak,
    /// The made-up voice that people of a simulated country understand: for trying.
    Spelt,
    /// It is quiet for as long.
    Nobody,
}

/// Nobody on a real network gets, reads and answers a text in less.
pub const READING_TIME: Duration = Duration::from_secs(10);

/// From when to when nobody is written to unasked; may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// When it begins.
    pub from: Time,
    /// When it is over.
    pub to: Time,
}

impl QuietHours {
    /// Whether it is quiet at a time of day.
    pub fn hold_at(&self, time: Time) -> bool {
        if self.from > self.to {
            time >= self.from || time < self.to
        } else {
            time >= self.from && time < self.to
        }
    }
}

/// What a segment costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Prices {
    /// The currency's name: `USD`.
    pub currency: String,
    /// The price of a segment.
    pub per_sms: f64,
    /// The price by the channels of an operator, where it is another.
    pub operators: BTreeMap<String, f64>,
}

/// A channel as the office set it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelSettings {
    /// Its name.
    pub name: String,
    /// How its modem is found.
    pub find: Find,
    /// The SIM's PIN.
    pub pin: Option<String>,
    /// The number people see.
    pub number: Option<String>,
    /// The operator's name.
    pub operator: Option<String>,
    /// How fast it may speak.
    pub pace: Pace,
    /// The service centre's number, for a SIM that does not know it.
    pub service_centre: Option<String>,
    /// What it does in another network than its own.
    pub roaming: Roaming,
    /// The code with which its SIM tells its balance.
    pub balance: Option<String>,
    /// Whether it makes calls: its modem must be one that has sound.
    pub calls: bool,
    /// The port for the sound of its calls, where it is not found by itself.
    pub audio: Option<String>,
}

/// What a channel does in another network than its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Roaming {
    /// It works as at home; the office is told that it roams.
    #[default]
    Send,
    /// It takes in what comes and sends nothing.
    ReceiveOnly,
}

impl ChannelSettings {
    /// A channel of which only these are known: every other key at its default.
    pub fn new(name: impl Into<String>, find: Find) -> ChannelSettings {
        ChannelSettings {
            name: name.into(),
            find,
            pin: None,
            number: None,
            operator: None,
            pace: Pace::SAFE,
            service_centre: None,
            roaming: Roaming::default(),
            balance: None,
            calls: false,
            audio: None,
        }
    }
}

/// How a channel's modem is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Find {
    /// The modem with this number.
    ByImei(String),
    /// Whatever is at this port.
    ByPort(String),
    /// The first modem that no other channel claims.
    Auto,
}

impl Find {
    /// Whether the modem with this number can be the one.
    pub fn is_met_by(&self, imei: &str) -> bool {
        match self {
            Find::ByImei(wanted) => wanted == imei,
            Find::ByPort(_) | Find::Auto => true,
        }
    }
}

impl Settings {
    /// Settings of an office in this country, without channels: every key at its default.
    pub fn new(region: Region, zone: TimeZone) -> Settings {
        Settings {
            region,
            zone,
            languages: vec![Language::new("en")],
            quiet_hours: Some(QuietHours {
                from: Time::constant(20, 0, 0, 0),
                to: Time::constant(8, 0, 0, 0),
            }),
            channels: Vec::new(),
            prices: None,
            uncertain_wait: Duration::from_secs(600),
            move_after: Some(Duration::from_secs(1_800)),
            reading_time: None,
            draft_voice: DraftVoice::default(),
            budget_per_hour: 60,
            unasked_per_hour: 3,
            same_text_limit: 5,
        }
    }

    /// When the quiet hours that hold at `now` are over; `None`: it is not quiet.
    pub fn quiet_until(&self, now: Timestamp) -> Option<Timestamp> {
        let quiet = self.quiet_hours?;
        let here = now.to_zoned(self.zone.clone());
        let time = here.time();
        if !quiet.hold_at(time) {
            return None;
        }
        let tomorrow = quiet.from > quiet.to && time >= quiet.from;
        let day = if tomorrow { here.date().tomorrow().ok()? } else { here.date() };
        Some(day.to_datetime(quiet.to).to_zoned(self.zone.clone()).ok()?.timestamp())
    }

    /// The office's calendar day.
    pub fn today(&self, now: Timestamp) -> crate::engine::Today {
        let date = now.to_zoned(self.zone.clone()).date();
        crate::engine::Today { date, region: self.region }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_go_over_midnight() {
        let region = Region::new("LR").expect("LR is a country");
        let settings = Settings::new(region, TimeZone::UTC);
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let until = |text: &str| settings.quiet_until(at(text)).map(|until| until.to_string());
        let morning = |day: &str| Some(format!("2026-11-{day}T08:00:00Z"));
        assert_eq!(until("2026-11-24T19:59:59Z"), None);
        assert_eq!(until("2026-11-24T20:00:00Z"), morning("25"));
        assert_eq!(until("2026-11-25T07:59:00Z"), morning("25"));
        assert_eq!(until("2026-11-25T08:00:00Z"), None);
    }
}
