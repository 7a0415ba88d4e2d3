//! A person in a call: they listen, understand, and press keys or speak.
//!
//! What they press follows from what they hear alone: which key stands for what they mean is said
//! in the call. They know no flow and no modem.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::dice::Dice;
use super::plan::{Between, CallPlan};
use super::sound::{KeySound, Progress, keys, progress, silence};
use super::voice::{Ears, FRAME, say, spelt};

/// After so much quiet somebody has finished speaking: 400 ms.
const FINISHED: u32 = 20;
/// Before they press the first key, once they know which.
const THINKS: Between =
    Between { from: Duration::from_millis(300), to: Duration::from_millis(2_500) };
const SPEAKS: Between =
    Between { from: Duration::from_millis(300), to: Duration::from_millis(1_200) };
/// Between two keys.
const APART: Duration = Duration::from_millis(160);
/// The names of small numbers.
const NUMBERS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// What somebody does next in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// They press these keys.
    Press(String),
    /// They say this, and press the key that ends it.
    Speak(String),
    /// They hang up.
    HangUp,
}

/// A person with the phone at their ear.
#[derive(Debug)]
pub(super) struct Caller {
    plan: CallPlan,
    dice: Dice,
    ears: Ears,
    /// What sounds from their side, sample by sample.
    mouth: VecDeque<i16>,
    /// What they are going to do, and when.
    intends: Option<(Instant, Deed)>,
    /// What they pressed last, for "you keyed".
    keyed: String,
    answered: u8,
    /// A mailbox is deaf.
    is_deaf: bool,
    slipped: bool,
    /// How many samples sounded so far.
    sounded: usize,
    /// Keys, and the sample with which each begins: for modems that report them.
    reported: VecDeque<(usize, char)>,
}

impl Caller {
    pub(super) fn new(plan: CallPlan, dice: Dice) -> Caller {
        Caller {
            plan,
            dice,
            ears: Ears::default(),
            mouth: VecDeque::new(),
            intends: None,
            keyed: String::new(),
            answered: 0,
            is_deaf: false,
            slipped: false,
            sounded: 0,
            reported: VecDeque::new(),
        }
    }

    /// A mailbox: it speaks, beeps, and listens to nothing.
    pub(super) fn mailbox(plan: CallPlan, dice: Dice) -> Caller {
        let mut caller = Caller { is_deaf: true, ..Caller::new(plan, dice) };
        caller.mouth.extend(say("the person you have called is not there. leave a message."));
        caller.mouth.extend(progress(Progress::SpecialInformation, Duration::from_millis(330)));
        caller
    }

    /// Whether what was heard so far is to be understood now: somebody has finished, or one who
    /// does not wait has heard their key.
    fn is_said(&self) -> bool {
        let has_offers = !offers(self.ears.words()).is_empty();
        let quiet = if self.plan.interrupts && has_offers { 0 } else { FINISHED };
        self.intends.is_none()
            && self.mouth.is_empty()
            && !self.ears.words().trim().is_empty()
            && self.ears.quiet() >= quiet
    }

    /// Takes 20 ms of the other side. `means` finds what the person means to say to the words.
    pub(super) fn hear(
        &mut self,
        now: Instant,
        frame: &[i16; FRAME],
        means: impl FnOnce(&str) -> Option<String>,
    ) {
        if self.is_deaf {
            return;
        }
        self.ears.hear(frame);
        if !self.is_said() {
            return;
        }
        let words = self.ears.words().to_owned();
        let finished = self.ears.quiet() >= FINISHED;
        match self.decide(&words, means) {
            Some(deed) => {
                // After the tone people speak at once.
                let thinks = if matches!(deed, Deed::Speak(_)) { SPEAKS } else { THINKS };
                self.intends = Some((now + self.dice.between(thinks), deed));
                self.ears.forget();
            }
            None if finished => self.ears.forget(),
            None => {}
        }
    }

    fn decide(&mut self, words: &str, means: impl FnOnce(&str) -> Option<String>) -> Option<Deed> {
        if is_read_back(words) {
            let key = if reads_back(words, &self.keyed) { '1' } else { '2' };
            return Some(Deed::Press(key.to_string()));
        }
        if self.plan.hangs_up_after.is_some_and(|most| self.answered >= most) {
            return Some(Deed::HangUp);
        }
        if is_language_menu(words) {
            return Some(Deed::Press(String::from("1")));
        }
        let meant = means(words)?;
        // A wrong key that stands for nothing; any number is an answer to a question for one.
        let may_slip = !self.slipped && !offers(words).iter().any(|(_, key)| *key == '9');
        if may_slip && !offers(words).is_empty() && self.dice.happens(self.plan.slips) {
            self.slipped = true;
            return Some(Deed::Press(String::from("9")));
        }
        let deed = deed_for(words, &meant)?;
        self.slipped = false;
        self.answered += 1;
        Some(deed)
    }

    /// What they do now, if its time has come: it sounds from the next frame on.
    pub(super) fn act(&mut self, now: Instant) -> Option<Deed> {
        let (_, deed) = self.intends.take_if(|(at, _)| *at <= now)?;
        // Whatever was still said meanwhile is of before.
        self.ears.forget();
        match &deed {
            Deed::Press(pressed) => self.press(pressed),
            Deed::Speak(text) => {
                self.mouth.extend(say(text));
                self.mouth.extend(silence(Duration::from_millis(300)));
                self.press("#");
            }
            Deed::HangUp => {}
        }
        Some(deed)
    }

    fn press(&mut self, pressed: &str) {
        let sound = KeySound { duration: self.plan.key, ..KeySound::default() };
        for key in pressed.chars() {
            self.reported.push_back((self.sounded + self.mouth.len(), key));
            self.mouth.extend(keys(&key.to_string(), sound, APART));
        }
        self.keyed = pressed.trim_end_matches('#').to_owned();
    }

    /// The next 20 ms from their side.
    pub(super) fn next_frame(&mut self) -> [i16; FRAME] {
        let mut frame = [0; FRAME];
        for sample in &mut frame {
            *sample = self.mouth.pop_front().unwrap_or(0);
        }
        self.sounded += FRAME;
        frame
    }

    /// A key whose sound has begun, for a modem that reports it in words.
    pub(super) fn poll_reported(&mut self) -> Option<char> {
        let begun = |(at, _): &mut (usize, char)| *at < self.sounded;
        self.reported.pop_front_if(begun).map(|(_, key)| key)
    }
}

/// What is offered with which key: `for yes, press 1`.
fn offers(words: &str) -> Vec<(String, char)> {
    let mut offers = Vec::new();
    let mut rest = words;
    while let Some((at, order)) = ["press ", "tapez "]
        .into_iter()
        .filter_map(|order| rest.find(order).map(|at| (at, order)))
        .min()
    {
        let before = &rest[..at];
        let after = &rest[at + order.len()..];
        let key = after.chars().next().filter(char::is_ascii_digit);
        let begins = ["for ", "if ", "pour "].into_iter();
        let begins = begins.filter_map(|word| before.rfind(word).map(|at| at + word.len())).max();
        if let (Some(key), Some(begins)) = (key, begins) {
            let name = before[begins..].trim().trim_end_matches([',', '.']).trim();
            offers.push((name.to_owned(), key));
        }
        rest = after;
    }
    offers
}

fn is_read_back(words: &str) -> bool {
    ["if that is right", "if that right", "si c'est juste"].iter().any(|said| words.contains(said))
}

fn is_language_menu(words: &str) -> bool {
    words.contains("for english, press") && !words.contains('?')
}

/// Whether what is read back is what was keyed. Words are trusted; digits are compared.
fn reads_back(words: &str, keyed: &str) -> bool {
    let said = words.split("if that").next().unwrap_or(words);
    let said = said.split("si c'est").next().unwrap_or(said);
    let digits: String = said.chars().filter(char::is_ascii_digit).collect();
    let has_words = MONTHS.iter().any(|month| said.contains(month));
    has_words
        || digits.is_empty()
        || digits == keyed
        || digits.ends_with(keyed.trim_start_matches('0'))
}

/// What somebody does who means this and has heard these words.
fn deed_for(words: &str, meant: &str) -> Option<Deed> {
    let meant = spelt(meant);
    let meant = meant.trim().trim_end_matches(['.', '!', ' ']);
    let speaks = ["after the tone", "apres le signal"].iter().any(|said| words.contains(said));
    if speaks {
        return Some(Deed::Speak(meant.to_owned()));
    }
    let offers = offers(words);
    if !offers.is_empty() {
        return offered(&offers, meant).map(|key| Deed::Press(key.to_string()));
    }
    let is_date = ["year with four", "annee en quatre"].iter().any(|said| words.contains(said));
    let keyed = if is_date { date(meant) } else { number(meant) };
    keyed.map(|digits| Deed::Press(format!("{digits}#")))
}

fn offered(offers: &[(String, char)], meant: &str) -> Option<char> {
    let key_of = |fits: &dyn Fn(&str) -> bool| {
        offers.iter().find(|(name, _)| fits(name)).map(|(_, key)| *key)
    };
    let named = key_of(&|name| name == meant || is_one_word_for(name, meant));
    let listed = || {
        let mut signs = meant.chars();
        let digit = signs.next().filter(char::is_ascii_digit).filter(|_| signs.next().is_none());
        digit.filter(|digit| offers.iter().any(|(_, key)| key == digit))
    };
    let agrees = || {
        let yes = ["y", "ok", "oui", "ya"].iter().any(|word| meant.starts_with(word));
        let no = ["n", "non"].iter().any(|word| meant.starts_with(word));
        match (yes, no) {
            (true, _) => key_of(&|name| name == "yes" || name == "oui"),
            (_, true) => key_of(&|name| name == "no" || name == "non"),
            (false, false) => None,
        }
    };
    let begins = || key_of(&|name| name.starts_with(meant) || meant.starts_with(name));
    named.or_else(listed).or_else(agrees).or_else(begins)
}

/// `f` and `female` for a woman, `m` and `homme` for a man.
fn is_one_word_for(name: &str, meant: &str) -> bool {
    const WORDS: [[&str; 4]; 2] =
        [["man", "male", "m", "homme"], ["woman", "female", "f", "femme"]];
    WORDS.iter().any(|words| words.contains(&name) && words.contains(&meant))
}

/// The digits of what somebody means: `6yrs`, `three`.
fn number(meant: &str) -> Option<String> {
    let digits: String = meant.chars().filter(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        return Some(digits);
    }
    let word = meant.split(' ').next()?;
    NUMBERS.iter().position(|number| *number == word).map(|number| number.to_string())
}

/// A date as it is keyed, `24011977`, however somebody would write it.
fn date(meant: &str) -> Option<String> {
    let parts: Vec<&str> =
        meant.split([' ', '-', '.', ',']).filter(|part| !part.is_empty()).collect();
    let [day, month, year] = match parts[..] {
        [day, month, year] => [day, month, year],
        [digits] if matches!(digits.len(), 6 | 8) && digits.is_ascii() => {
            [&digits[..2], &digits[2..4], &digits[4..]]
        }
        _ => return None,
    };
    let month_number = match month.parse::<usize>() {
        Ok(number) => number,
        Err(_) => 1 + MONTHS.iter().position(|name| month.starts_with(name))?,
    };
    let year: u32 = year.parse().ok()?;
    let year = if year < 100 { year + 1_900 } else { year };
    Some(format!("{:02}{month_number:02}{year:04}", day.parse::<u32>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presses(words: &str, meant: &str) -> Option<Deed> {
        deed_for(&spelt(words), meant)
    }

    fn press(keys: &str) -> Option<Deed> {
        Some(Deed::Press(keys.to_owned()))
    }

    #[test]
    fn a_key_is_taken_from_what_is_said_and_not_from_elsewhere() {
        let yes_no = "Are you at your post? For yes, press 1. For no, press 2.";
        assert_eq!(presses(yes_no, "Yeah"), press("1"));
        assert_eq!(presses(yes_no, "No"), press("2"));
        let turned = "Are you at your post? For no, press 1. For yes, press 2.";
        assert_eq!(presses(turned, "yes."), press("2"));
        let french = "Êtes-vous là? Pour oui, tapez 1. Pour non, tapez 2.";
        assert_eq!(presses(french, "oui"), press("1"));
        let cadre = "What is your job? For Nurse, press 1. For Lab technician, press 5.";
        assert_eq!(presses(cadre, "lab technician"), press("5"));
        assert_eq!(presses(cadre, "5"), press("5"));
        assert_eq!(presses("Your sex? For Male, press 1. For Female, press 2.", "F"), press("2"));
        assert_eq!(presses("For man press 1. For woman press 2.", "female"), press("2"));
        assert_eq!(presses(cadre, "pilot"), None);
    }

    #[test]
    fn numbers_and_dates_are_keyed_as_the_call_wants_them() {
        let years = "How many years? Key the number, then press hash.";
        assert_eq!(presses(years, "6yrs"), press("6#"));
        assert_eq!(presses(years, "three"), press("3#"));
        let birth = "Your date of birth? Key the day with two digits, the month with two, and the \
                     year with four.";
        assert_eq!(presses(birth, "24 Jan 1977"), press("24011977#"));
        assert_eq!(presses(birth, "6-7-69"), press("06071969#"));
        assert_eq!(presses(birth, "17/12/1957"), press("17121957#"));
        assert_eq!(presses(birth, "030579"), press("03051979#"));
    }

    #[test]
    fn what_is_read_back_is_compared() {
        assert!(reads_back("you keyed 14. if that is right, press 1.", "14"));
        assert!(!reads_back("you keyed 15. if that is right, press 1.", "14"));
        assert!(reads_back("you keyed 3 may 1979. if that is right, press 1.", "03051979"));
    }
}
