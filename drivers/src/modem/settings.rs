//! What may be set about a modem, with every time that it waits.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::recovery::Rules;

/// What may be set about a modem. [`Settings::default`] is right for real modems and networks.
#[derive(Clone)]
pub struct Settings {
    /// About the SIM, whichever modem it is in.
    pub sim: SimSettings,
    /// About the SIMs in modems that are known by their numbers (IMEI); these win.
    pub sim_in: BTreeMap<String, SimSettings>,
    /// SIMs that refused their PIN before, as [`super::Trouble::PinRefused`] named them: none is
    /// entered there.
    pub pin_refused_by: Vec<String>,
    /// How long the line must be quiet after the escape before the first question.
    pub settle: Duration,
    /// For how long a modem that keeps talking is listened to before it is asked all the same.
    pub settle_at_most: Duration,
    /// For the first questions to a modem that was heard.
    pub are_you_there: Duration,
    /// How often a modem may answer such questions with something else, or leave needed steps of
    /// the set-up unanswered, before it counts as silent.
    pub questions: u32,
    /// Between two `AT` to a modem that does not answer. It must be ready within three seconds
    /// of the moment when it answers again, and the set-up takes one.
    pub knock: Duration,
    /// How soon a command that a modem answers at once is doubted, and an `AT` is written behind
    /// it to see whether the modem is there.
    pub doubt: Duration,
    /// How often in an hour such a command may be found lost before nothing is doubted any more.
    pub doubts_per_hour: usize,
    /// For the prompt of a message, before the modem is known to be slow with it.
    pub prompt: Duration,
    /// How long the result of a message may still come after [`Settings::send`]; it would be lost
    /// with the port.
    pub late_result: Duration,
    /// What is tried for a modem that does not answer.
    pub recovery: Rules,
    /// Whether somebody said that a modem is at the port.
    pub standing: Standing,
    /// How long a port is asked at which nobody said that a modem is, and none ever was.
    pub strange: Duration,
    /// For the network's answer to a message (TS 24.011 allows more than a minute).
    pub send: Duration,
    /// For the network's services to answer a request (USSD).
    pub ussd: Duration,
    /// For a person to reply to their menu.
    pub ussd_reply: Duration,
    /// For a last word after the network has ended a session.
    pub ussd_more: Duration,
    /// Between two looks at signal, registration, memory and forgotten messages.
    pub round: Duration,
    /// The same where the modem does not tell of new messages by itself.
    pub round_untold: Duration,
    /// First pause when the modem says that it is busy; each further one is twice as long.
    pub busy: Duration,
    /// The longest such pause.
    pub busy_at_most: Duration,
    /// How often a busy modem is asked again before that counts as a refusal.
    pub busy_times: u32,
    /// Whether this modem is used to call people: a call that a killed program left behind is
    /// looked for after each set-up, and ended.
    pub dials: bool,
    /// After a call before the next one is dialled.
    pub between_calls: Duration,
    /// The longest pause before a modem that needs somebody's attention is looked at again; the
    /// first one is a second, each further one twice as long.
    pub look_again: Duration,
}

/// Whether somebody said that a modem is at the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Somebody named the port.
    Named,
    /// It was found, and may be anything: another port of a stick, a receiver of satellites.
    Found,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            sim: SimSettings::default(),
            sim_in: BTreeMap::new(),
            pin_refused_by: Vec::new(),
            settle: Duration::from_millis(300),
            settle_at_most: Duration::from_secs(5),
            are_you_there: Duration::from_secs(3),
            questions: 3,
            knock: Duration::from_secs(1),
            doubt: Duration::from_secs(1),
            doubts_per_hour: 4,
            prompt: Duration::from_millis(1_500),
            late_result: Duration::from_secs(120),
            recovery: Rules::default(),
            standing: Standing::Named,
            strange: Duration::from_secs(120),
            send: Duration::from_secs(120),
            ussd: Duration::from_secs(60),
            ussd_reply: Duration::from_secs(120),
            ussd_more: Duration::from_secs(2),
            round: Duration::from_secs(60),
            round_untold: Duration::from_secs(15),
            busy: Duration::from_millis(200),
            busy_at_most: Duration::from_secs(1),
            busy_times: 30,
            dials: false,
            between_calls: Duration::from_secs(2),
            look_again: Duration::from_secs(30),
        }
    }
}

impl Settings {
    /// What is set about the SIM in the modem with this number.
    pub(super) fn sim_of(&self, imei: &str) -> &SimSettings {
        self.sim_in.get(imei).unwrap_or(&self.sim)
    }
}

/// Its PINs are secrets: they are not shown.
impl fmt::Debug for Settings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Settings").finish_non_exhaustive()
    }
}

/// What may be set about a SIM.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SimSettings {
    /// Its PIN, for SIMs that ask for one. It is entered once at most for each SIM in the life of
    /// a [`super::Modem`].
    pub pin: Option<String>,
    /// The service centre's number, with its plus sign, for a SIM that has lost or never known
    /// it. A SIM that knows one keeps it.
    pub service_centre: Option<String>,
}

/// The PIN is a secret: it is not shown.
impl fmt::Debug for SimSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SimSettings")
            .field("pin", &self.pin.as_ref().map(|_| "****"))
            .field("service_centre", &self.service_centre)
            .finish()
    }
}
