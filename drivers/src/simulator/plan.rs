//! The country as data: its modems, its network and its people.
//!
//! A plan decides nothing by itself. Two countries of one plan and one seed tell the same
//! story; the seed draws delays, losses and slips only, so that what people *mean* to answer is
//! all in here. Used by the world (tests, benches, the demo) and by `rollcall simulate`.

use std::time::Duration;

use super::fault::Recurring;
pub use super::modem::personality::Personality;

/// A whole country, ready to be opened by [`super::Country::new`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The modems on the office's table; [`super::ModemNo`] counts them from 0.
    pub modems: Vec<ModemPlan>,
    /// How the network behaves.
    pub network: NetworkPlan,
    /// The people who have a phone, or only a number.
    pub people: Vec<PersonPlan>,
    /// Whether people and network take their time.
    pub pace: Pace,
}

/// One modem and the SIM card in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModemPlan {
    /// The kind of modem.
    pub personality: Personality,
    /// 15 digits, told by `+CGSN`.
    pub imei: String,
    /// 19 or 20 digits, told by `+CCID`.
    pub iccid: String,
    /// The SIM's own number with its country code, as in `+231770000001`.
    pub number: String,
    /// The name of the network, told by `+COPS?`.
    pub operator: String,
    /// The SIM's PIN; none when the card is not locked.
    pub pin: Option<PinPlan>,
    /// How many messages fit on the SIM card.
    pub slots: u16,
    /// How long a command takes before it is answered; not shrunk by [`Pace::Fast`].
    pub latency: Duration,
    /// How long a start takes until the modem listens, and again until it is registered;
    /// shrunk by [`Pace::Fast`].
    pub boot: Duration,
    /// What goes wrong with it, again and again.
    pub faults: Vec<Recurring>,
}

impl ModemPlan {
    /// The `nth` modem (from 1), each with its own identity.
    pub fn numbered(nth: u16) -> ModemPlan {
        ModemPlan {
            personality: Personality::GENERIC,
            imei: with_check_digit(&format!("3569380356{nth:04}")),
            iccid: with_check_digit(&format!("89231010000000{nth:04}")),
            number: format!("+23177000{nth:04}"),
            operator: String::from("Lone Star Test"),
            pin: None,
            slots: 30,
            latency: Duration::from_millis(20),
            boot: Duration::from_secs(3),
            faults: Vec::new(),
        }
    }
}

/// A locked SIM card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinPlan {
    /// Opens the card; three wrong tries lock it.
    pub pin: String,
    /// Opens a card that was locked; ten wrong tries end it.
    pub puk: String,
}

/// How the network behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkPlan {
    /// From the end of a text at the modem to the network's answer (`+CMGS`).
    pub submit: Between,
    /// From the service centre to a phone that is on, either way.
    pub delivery: Between,
    /// From the delivery to its report at the modem.
    pub report: Between,
    /// How much later a late report comes.
    pub lateness: Between,
    /// How long a message is kept for a phone that is off, if the message does not say less;
    /// not shrunk by [`Pace::Fast`].
    pub kept_for: Duration,
    /// What goes wrong, and how often.
    pub rates: Rates,
}

impl Default for NetworkPlan {
    fn default() -> NetworkPlan {
        NetworkPlan {
            submit: Between::secs(3, 6),
            delivery: Between::secs(2, 12),
            report: Between::secs(1, 8),
            lateness: Between::secs(900, 7_200),
            kept_for: Duration::from_secs(3 * 86_400),
            rates: Rates::default(),
        }
    }
}

/// What goes wrong on the way, each so many times in a thousand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rates {
    /// The network refuses a message with one of [`Rates::causes`].
    pub refused: PerMille,
    /// The `+CMS ERROR` causes to draw from; 38 (network out of order) when empty.
    pub causes: Vec<u16>,
    /// The network takes the message but the modem never says so.
    pub lost_result: PerMille,
    /// The network takes the message but the modem says that it did not answer
    /// (`+CMS ERROR: 332`).
    pub timed_out: PerMille,
    /// The network takes the message and the modem says so one to four minutes later.
    pub late_result: PerMille,
    /// A report never comes.
    pub lost_report: PerMille,
    /// A report comes later by [`NetworkPlan::lateness`].
    pub late_report: PerMille,
    /// A message to a modem is delivered a second time, octet by octet the same.
    pub twin: PerMille,
    /// The parts of a long text come in another order.
    pub out_of_order: PerMille,
    /// The modem stores a message and does not say so (`+CMTI` is lost).
    pub lost_notice: PerMille,
}

/// Someone with a phone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonPlan {
    /// With the country code, as in `+231880000001`.
    pub number: String,
    /// How far they go.
    pub temperament: Temperament,
    /// What they say to what; the first that fits is said.
    pub replies: Vec<Reply>,
    /// How long they take before they answer.
    pub delay: Between,
    /// How they slip.
    pub habits: Habits,
    /// What they do when they are called.
    pub by_call: CallPlan,
}

/// What somebody does who is called. Whether the phone is on, their temperament says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallPlan {
    /// What becomes of the call.
    pub takes: Takes,
    /// How long it rings before that.
    pub rings: Between,
    /// After so many answers they hang up in the middle.
    pub hangs_up_after: Option<u8>,
    /// They press as soon as they have heard their key, and do not wait for the end.
    pub interrupts: bool,
    /// They press a wrong key first, so many times in a thousand.
    pub slips: PerMille,
    /// How long they hold a key.
    pub key: Duration,
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Takes {
    /// They answer.
    #[default]
    Answers,
    /// It rings, and nobody comes.
    Nobody,
    /// They answer the call after so many that they did not take.
    AnswersAfter(u8),
    /// The line is busy.
    Busy,
    /// A mailbox answers.
    Mailbox,
    /// They refuse it.
    Refuses,
}

impl Default for CallPlan {
    fn default() -> CallPlan {
        CallPlan {
            takes: Takes::default(),
            rings: Between::secs(3, 20),
            hangs_up_after: None,
            interrupts: false,
            slips: PerMille::NEVER,
            key: Duration::from_millis(110),
        }
    }
}

impl PersonPlan {
    /// A person who answers in one to ten minutes and never slips, with nothing to say yet.
    pub fn new(number: impl Into<String>, temperament: Temperament) -> PersonPlan {
        PersonPlan {
            number: number.into(),
            temperament,
            replies: Vec::new(),
            delay: Between::secs(60, 600),
            habits: Habits::default(),
            by_call: CallPlan::default(),
        }
    }

    /// The person behind a number that no plan knows, for trying things by hand. The last digit
    /// says who it is: 1 answers, 2 mistypes first, 3 never answers, 4 is busy for five minutes,
    /// 5 is off until tonight. Nobody has the other numbers.
    pub(super) fn by_hand(number: &str) -> Option<PersonPlan> {
        let last = number.chars().last()?;
        let temperament = match last {
            '1' | '2' => Temperament::Completes,
            '3' => Temperament::ReadsOnly,
            '4' => Temperament::OffUntil(Duration::from_secs(5 * 60)),
            '5' => Temperament::OffUntil(Duration::from_secs(8 * 3_600)),
            _ => return None,
        };
        let mut person = PersonPlan::new(number, temperament)
            .says("name", "Mary Kollie")
            .says("date", "03/05/1979")
            .says("how many", "14")
            .says("yes", "yes")
            .says("1 ", "1");
        person.replies.push(Reply::to_anything("yes"));
        person.delay = Between::secs(5, 20);
        person.by_call.takes = match last {
            '4' => Takes::Busy,
            '3' => Takes::Nobody,
            _ => Takes::Answers,
        };
        if number.ends_with('2') {
            person.habits.mistypes = PerMille::ALWAYS;
        }
        Some(person)
    }

    /// The same person, who says `say` to a text with `phrase` in it.
    pub fn says(mut self, phrase: &str, say: &str) -> PersonPlan {
        self.replies.push(Reply::to(phrase, say));
        self
    }
}

/// What somebody says to a text that has one of the phrases in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Looked for in the text, whatever its capitals. None at all: fits every text.
    pub when: Vec<String>,
    /// The answer. A long one is sent in parts; an empty one is silence.
    pub say: String,
}

impl Reply {
    /// A reply to texts with `phrase` in them.
    pub fn to(phrase: &str, say: &str) -> Reply {
        Reply { when: vec![String::from(phrase)], say: String::from(say) }
    }

    /// A reply to anything.
    pub fn to_anything(say: &str) -> Reply {
        Reply { when: Vec::new(), say: String::from(say) }
    }
}

/// How far a person goes. What they answer is in their [`Reply`]s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Temperament {
    /// Answers every question.
    Completes,
    /// Answers so many different questions, then nothing. A question asked twice is answered
    /// twice and counts once, so that slips of the network do not change how far they go.
    StopsAfter(u8),
    /// Reads, and never answers.
    ReadsOnly,
    /// The phone is off and stays off.
    NeverOn,
    /// The phone is off for so long, then its owner answers everything.
    OffUntil(Duration),
    /// Nobody has this number.
    DoesNotExist,
    /// Answers so many different questions, says STOP to the next, then nothing.
    SaysStop {
        /// The number of questions answered before.
        after: u8,
    },
    /// An answering machine: says this to everything, itself included.
    Echoes(String),
}

/// How a person slips, each so many times in a thousand answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habits {
    /// Sends something unreadable first, and the right answer to the next text; once a question.
    pub mistypes: PerMille,
    /// Sends an answer of several words as two messages, seconds apart.
    pub in_two: PerMille,
    /// Sends an answer once more, seconds later, every other time with a slip in it.
    pub again: PerMille,
    /// Answers later by [`Habits::late_by`].
    pub late: PerMille,
    /// How much later.
    pub late_by: Between,
}

impl Default for Habits {
    fn default() -> Habits {
        Habits {
            mistypes: PerMille::NEVER,
            in_two: PerMille::NEVER,
            again: PerMille::NEVER,
            late: PerMille::NEVER,
            late_by: Between::secs(6 * 3_600, 30 * 3_600),
        }
    }
}

/// So many times in a thousand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PerMille(pub u16);

impl PerMille {
    /// Not once.
    pub const NEVER: PerMille = PerMille(0);
    /// Each time.
    pub const ALWAYS: PerMille = PerMille(1_000);
}

/// A time drawn between two, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Between {
    /// The shortest.
    pub from: Duration,
    /// The longest.
    pub to: Duration,
}

impl Between {
    /// Between so many seconds and so many.
    pub const fn secs(from: u64, to: u64) -> Between {
        Between { from: Duration::from_secs(from), to: Duration::from_secs(to) }
    }

    /// Always this long.
    pub const fn exactly(long: Duration) -> Between {
        Between { from: long, to: long }
    }
}

/// Whether people and network take their time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pace {
    /// As the plan says.
    #[default]
    Real,
    /// A thousandth of it, a quarter of a second at most: seconds become milliseconds.
    Fast,
}

impl Pace {
    /// How long `planned` takes at this pace.
    pub fn of(self, planned: Duration) -> Duration {
        match self {
            Pace::Real => planned,
            Pace::Fast => (planned / 1_000).min(Duration::from_millis(250)),
        }
    }
}

/// Appends the check digit that IMEI and ICCID share (ISO/IEC 7812-1, annex B).
fn with_check_digit(digits: &str) -> String {
    let sum: u32 = (digits.chars().rev().filter_map(|c| c.to_digit(10)).enumerate())
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, doubled) if doubled > 9 => doubled - 9,
            (0, doubled) => doubled,
            (_, doubled) => doubled / 2,
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_ends_in_the_right_check_digit() {
        assert_eq!(with_check_digit("49015420323751"), "490154203237518");
    }

    #[test]
    fn no_two_modems_of_the_family_are_the_same() {
        let (first, second) = (ModemPlan::numbered(1), ModemPlan::numbered(2));
        assert_eq!(first.imei.len(), 15);
        assert!(first.imei != second.imei && first.iccid != second.iccid);
        assert_eq!(second.number, "+231770000002");
    }

    #[test]
    fn a_fast_country_takes_milliseconds_instead_of_seconds() {
        assert_eq!(Pace::Fast.of(Duration::from_secs(7)), Duration::from_millis(7));
        assert_eq!(Pace::Fast.of(Duration::from_secs(86_400)), Duration::from_millis(250));
        assert_eq!(Pace::Real.of(Duration::from_secs(7)), Duration::from_secs(7));
    }
}
