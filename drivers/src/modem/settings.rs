//! What may be set about a modem, with every time that it waits.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

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
    /// For the first questions, and for those after a silence.
    pub are_you_there: Duration,
    /// How many such questions without an answer mean that the modem is lost.
    pub questions: u32,
    /// The same while the fate of a message is unclear: its result may still come, and would be
    /// lost with the port.
    pub questions_after_text: u32,
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
    /// Before a modem that needs somebody's attention is looked at again.
    pub look_again: Duration,
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
            questions_after_text: 36,
            send: Duration::from_secs(120),
            ussd: Duration::from_secs(60),
            ussd_reply: Duration::from_secs(120),
            ussd_more: Duration::from_secs(2),
            round: Duration::from_secs(60),
            round_untold: Duration::from_secs(15),
            busy: Duration::from_millis(200),
            busy_at_most: Duration::from_secs(5),
            busy_times: 10,
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
