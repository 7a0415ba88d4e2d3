//! What a flow takes for these people: messages and segments if nobody answers, probably, and at most,
//! and how long the office's modems need for them. Nothing is sent to find out.
//!
//! The texts are the real ones, in each person's language and with their name; only answers that
//! nobody has given yet are taken as long as they may plausibly be.

use super::lengths::long_answers;
use super::wording::{Local, Speech};
use crate::flow::{Flow, Question, Step, Wording};
use crate::model::{Answer, Contact, Language, Pace};
use rollcall_drivers::pdu::{Alphabet, count_segments};
use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::time::Duration;

/// What a reply may be that goes back to its sender with "not understood".
const LONG_REPLY: &str = "Gbarnga Central Office";
/// A channel without a pace is as fast as its modem: a segment takes about three seconds.
const MODEM_PER_HOUR: f64 = 1_200.0;

/// How people behave, in shares of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Habits {
    /// How many of those who are asked answer the first question.
    pub answer: f64,
    /// How many of those who begin get to the end.
    pub finish: f64,
    /// How many answers are asked again once.
    pub again: f64,
    /// How many questions need a reminder, of people who answer in the end.
    pub reminded: f64,
    /// How many of those who get so far are asked a question with `only_if`.
    pub only_if: f64,
}

impl Habits {
    /// What is assumed where the office has no experience of its own.
    pub const ASSUMED: Habits =
        Habits { answer: 0.6, finish: 0.75, again: 0.1, reminded: 0.2, only_if: 0.5 };
}

/// Messages, and the segments that are paid for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amount {
    /// Messages.
    pub messages: f64,
    /// Segments.
    pub segments: f64,
}

impl Amount {
    fn times(self, count: f64) -> Amount {
        Amount { messages: self.messages * count, segments: self.segments * count }
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Amount) {
        self.messages += other.messages;
        self.segments += other.segments;
    }
}

/// What a flow takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// People.
    pub people: u64,
    /// How many of them are written to in each language.
    pub languages: BTreeMap<Language, u64>,
    /// Nobody answers: the first question and its reminders.
    pub silence: Amount,
    /// By the habits.
    pub expected: Amount,
    /// Everybody is asked everything, with every retry and every reminder.
    pub most: Amount,
    /// People whose own name makes a text dear that is cheap otherwise.
    pub dear_names: u64,
}

/// Counts for these people; the number beside a person is how many are like them.
pub fn cost(flow: &Flow, people: &[(Contact, u64)], habits: Habits) -> Cost {
    let mut counting = Counting {
        flow,
        answers: long_answers(flow),
        same_for_all: BTreeMap::new(),
        cost: Cost::default(),
    };
    for (person, count) in people {
        counting.add(person, *count, habits);
    }
    counting.cost
}

/// What one text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Text {
    Asked,
    AskedAgain,
    Reminder,
    Said,
    Ending,
}

struct Counting<'a> {
    flow: &'a Flow,
    answers: BTreeMap<String, Answer>,
    /// Segments of texts in which nothing of a person stands, by language.
    same_for_all: BTreeMap<(Text, &'a str, Language), f64>,
    cost: Cost,
}

impl<'a> Counting<'a> {
    fn add(&mut self, person: &Contact, count: u64, habits: Habits) {
        let language = self.language_of(person);
        self.cost.people += count;
        *self.cost.languages.entry(language.clone()).or_default() += count;
        let many = count as f64;
        let (least, expected, most) = self.of_person(person, &language, habits);
        self.cost.silence += least.times(many);
        self.cost.expected += expected.times(many);
        self.cost.most += most.times(many);
        let dear = |text: &str| count_segments(text).alphabet == Alphabet::Ucs2;
        if dear(&person.name) {
            self.cost.dear_names += count;
        }
    }

    fn language_of(&self, person: &Contact) -> Language {
        let languages = &self.flow.languages;
        let own = person.language.as_ref();
        let near = own.and_then(|own| {
            let base = own.base();
            languages.iter().find(|l| *l == own).or_else(|| languages.iter().find(|l| **l == base))
        });
        near.or(languages.first()).cloned().unwrap_or_else(|| Language::new("en"))
    }

    fn of_person(
        &mut self,
        person: &Contact,
        language: &Language,
        habits: Habits,
    ) -> (Amount, Amount, Amount) {
        let flow = self.flow;
        let (mut least, mut expected, mut most) = <(Amount, Amount, Amount)>::default();
        let questions = flow.questions().count().max(1) as f64;
        let mut asked = 0.0;
        for step in &flow.steps {
            // Of all people, so many get here: some never begin, and some stop on the way.
            let on_the_way = 1.0 - (1.0 - habits.finish) * asked / questions;
            let first = asked == 0.0;
            let mut here = if first { 1.0 } else { habits.answer * on_the_way };
            if is_conditional(step) {
                here *= habits.only_if;
            }
            match step {
                Step::Say(say) => {
                    let said = self.text(Text::Said, &say.id, &say.say, person, language);
                    if first {
                        least += said;
                    }
                    expected += said.times(here);
                    most += said;
                }
                Step::Ask(question) => {
                    let texts = self.question(question, person, language);
                    if first {
                        least += texts.once;
                        least += texts.reminder.times(texts.reminders);
                        let silent = (1.0 - habits.answer) * texts.reminders;
                        expected += texts.reminder.times(silent);
                    }
                    let answering = if first { habits.answer } else { here };
                    expected += texts.once.times(here);
                    expected += texts.again.times(answering * habits.again);
                    let reminded = habits.reminded * texts.reminders.min(1.0);
                    expected += texts.reminder.times(answering * reminded);
                    most += texts.once;
                    most += texts.again.times(f64::from(question.rules.ask_again));
                    most += texts.reminder.times(texts.reminders);
                    asked += 1.0;
                }
            }
        }
        let ending = self.longest_ending(person, language);
        expected += ending.times(habits.answer * habits.finish);
        most += ending;
        (least, expected, most)
    }

    fn longest_ending(&mut self, person: &Contact, language: &Language) -> Amount {
        let mut longest = Amount::default();
        for (name, ending) in &self.flow.endings {
            let Some(say) = &ending.say else { continue };
            let amount = self.text(Text::Ending, name, say, person, language);
            if amount.segments > longest.segments {
                longest = amount;
            }
        }
        longest
    }

    fn question(&mut self, question: &'a Question, person: &Contact, language: &Language) -> Texts {
        let (id, ask) = (question.id.as_str(), &question.ask);
        let rules = &question.rules;
        let reminders = if rules.remind_after.is_some() { f64::from(rules.reminders) } else { 0.0 };
        Texts {
            once: self.text(Text::Asked, id, ask, person, language),
            again: self.text(Text::AskedAgain, id, ask, person, language),
            reminder: self.text(Text::Reminder, id, ask, person, language),
            reminders,
        }
    }

    /// What it takes to send a text once. Texts without a person's own words are counted once.
    fn text(
        &mut self,
        what: Text,
        id: &'a str,
        wording: &Wording,
        person: &Contact,
        language: &Language,
    ) -> Amount {
        let key = (what, id, language.clone());
        if let Some(segments) = self.same_for_all.get(&key) {
            return Amount { messages: f64::from(u8::from(*segments > 0.0)), segments: *segments };
        }
        let flow = self.flow;
        let speech = Speech { flow, contact: person, language, answers: &self.answers };
        let text = spoken(&speech, what, id, wording);
        let segments =
            if text.is_empty() { 0.0 } else { count_segments(&text).segments.max(1) as f64 };
        let around = [&flow.messages.wrong, &flow.messages.reminder];
        let mut all = wording.values().chain(around.into_iter().flat_map(|text| text.values()));
        if !all.any(|text| text.contains("{contact")) {
            self.same_for_all.insert(key, segments);
        }
        Amount { messages: f64::from(u8::from(segments > 0.0)), segments }
    }
}

struct Texts {
    once: Amount,
    again: Amount,
    reminder: Amount,
    reminders: f64,
}

fn spoken(speech: &Speech<'_>, what: Text, id: &str, wording: &Wording) -> String {
    let messages = &speech.flow.messages;
    let asked = || match speech.flow.question(id) {
        Some(question) => speech.question(question),
        None => String::new(),
    };
    let before = |before: &Wording| {
        let local = Local { reply: Some(LONG_REPLY), ..Local::default() };
        format!("{} {}", speech.say(before, &local), asked())
    };
    match what {
        Text::Asked => asked(),
        Text::AskedAgain => before(&messages.wrong),
        Text::Reminder => before(&messages.reminder),
        Text::Said | Text::Ending => speech.say(wording, &Local::default()),
    }
}

fn is_conditional(step: &Step) -> bool {
    match step {
        Step::Say(say) => say.only_if.is_some(),
        Step::Ask(question) => question.only_if.is_some(),
    }
}

/// How long these channels need for so many segments, from the morning on: in so many hours of a
/// day nobody is written to. `None`: there is no channel.
pub fn time_to_send(segments: f64, channels: &[Pace], quiet_hours: f64) -> Option<Duration> {
    let open = (24.0 - quiet_hours).clamp(1.0, 24.0);
    let (mut an_hour, mut a_day) = (0.0, 0.0);
    for pace in channels {
        let hourly =
            [pace.per_minute.map(|most| f64::from(most) * 60.0), pace.per_hour.map(f64::from)];
        let hourly = hourly.into_iter().flatten().fold(MODEM_PER_HOUR, f64::min);
        an_hour += hourly;
        a_day += pace.per_day.map_or(hourly * open, |most| f64::from(most).min(hourly * open));
    }
    if an_hour <= 0.0 {
        return None;
    }
    let days = (segments / a_day).floor();
    let rest = (segments - days * a_day) / an_hour;
    Some(Duration::from_secs_f64((days * 24.0 + rest.min(open)) * 3_600.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ContactId;

    const FLOW: &str = "flow: a\ntitle: A\nlanguages: [en, fr]\n\
        rules: {wrong_answer: {ask_again: 1, then: skip}, no_answer: {remind_after: 1 day, times: 2, then: expire}}\n\
        questions:\n\
        - id: open\n  ask: {en: \"Open, {contact.first_name}?\", fr: \"Ouvert?\"}\n  type: yes_no\n\
        - id: why\n  only_if: open is no\n  ask: {en: \"Why?\", fr: \"Pourquoi?\"}\n  type: text\n\
        endings:\n  done: {say: {en: Bye., fr: Merci.}}\n";

    fn flow() -> Flow {
        crate::flow::read(FLOW, &crate::flow::Beside::default()).0.expect("the flow is right")
    }

    fn person(name: &str, language: &str) -> Contact {
        Contact { language: Some(Language::new(language)), ..Contact::named(ContactId(0), name) }
    }

    #[test]
    fn silence_and_most_are_what_one_can_count_by_hand() {
        let cost = cost(&flow(), &[(person("Mary Kollie", "en"), 10)], Habits::ASSUMED);
        // One question and two reminders.
        assert_eq!(cost.silence, Amount { messages: 30.0, segments: 30.0 });
        // Two questions, each with a retry and two reminders; the good-bye.
        assert_eq!(cost.most, Amount { messages: 90.0, segments: 90.0 });
        assert!(cost.expected.messages < cost.most.messages, "{cost:?}");
    }

    #[test]
    fn each_person_counts_in_their_own_language_and_with_their_own_name() {
        let people = [
            (person("Mary Kollie", "en-LR"), 1),
            (person("Fatou Camara", "fr-CI"), 1),
            (person(&"Zoë".repeat(25), "en"), 1),
        ];
        let cost = cost(&flow(), &people, Habits::ASSUMED);
        let languages: Vec<_> =
            cost.languages.iter().map(|(l, count)| (l.as_str().to_owned(), *count)).collect();
        assert_eq!(languages, [("en".to_owned(), 2), ("fr".to_owned(), 1)]);
        assert_eq!(cost.dear_names, 1);
        assert!(
            cost.silence.segments > cost.silence.messages,
            "the long name takes more: {cost:?}"
        );
    }

    #[test]
    fn pace_and_quiet_hours_make_days_of_segments() {
        let hours = |segments, channels: &[Pace]| {
            time_to_send(segments, channels, 12.0).map(|time| time.as_secs_f64() / 3_600.0)
        };
        assert_eq!(hours(400.0, &[Pace::SAFE]), Some(1.0));
        assert_eq!(hours(400.0, &[Pace::SAFE, Pace::SAFE]), Some(0.5));
        // 2,000 a day: the rest begins the next morning.
        assert_eq!(hours(2_400.0, &[Pace::SAFE]), Some(25.0));
        assert_eq!(hours(1_200.0, &[Pace::UNLIMITED]), Some(1.0));
        assert_eq!(hours(1.0, &[]), None);
    }
}
