//! A person with a phone: what they read, what they say to it, and when.
//!
//! What a person answers is in their plan; chance decides only how long they take and whether
//! they slip. They know texts and numbers, no flow and no modem.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::pdu::{Body, Joined, UserData, join};

use super::dice::Dice;
use super::plan::{Between, CallPlan, Pace, PerMille, PersonPlan, Temperament};
use super::voice::spelt;

/// What somebody types who hits the wrong keys; no flow may take one for an answer.
const SLIPS: [&str; 5] = ["??", "hmm", "mmm", "...", "pls"];
/// How long after an answer its second part or its second copy comes.
const SECOND_PART: Between = Between::secs(2, 9);

/// The phone and its owner.
#[derive(Debug)]
pub(super) struct Handset {
    plan: PersonPlan,
    pace: Pace,
    dice: Dice,
    on_from: Instant,
    parts: Vec<(String, UserData)>,
    /// Questions answered, by their key.
    answered: BTreeSet<String>,
    /// Questions whose answer is on its way to the keys.
    thinking: BTreeSet<String>,
    mistyped: BTreeSet<String>,
    /// The right answer to a question that was answered wrongly.
    owed: Option<Answer>,
    mood: Mood,
}

#[derive(Debug, PartialEq, Eq)]
enum Mood {
    Willing,
    SaidStop,
}

#[derive(Debug, Clone)]
struct Answer {
    key: String,
    say: String,
}

/// Whether a message reaches the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Yes.
    Now,
    /// It is off until then.
    From(Instant),
    /// It is off and stays off.
    Never,
    /// There is no such phone.
    Nobody,
}

/// Something that a person is going to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Saying {
    pub(super) after: Duration,
    pub(super) text: String,
    /// The question it settles in the person's mind.
    pub(super) key: Option<String>,
}

impl Handset {
    pub(super) fn new(plan: PersonPlan, pace: Pace, dice: Dice, now: Instant) -> Handset {
        let on_from = match plan.temperament {
            Temperament::OffUntil(duration) => now + pace.of(duration),
            _ => now,
        };
        Handset {
            plan,
            pace,
            dice,
            on_from,
            parts: Vec::new(),
            answered: BTreeSet::new(),
            thinking: BTreeSet::new(),
            mistyped: BTreeSet::new(),
            owed: None,
            mood: Mood::Willing,
        }
    }

    pub(super) fn number(&self) -> &str {
        &self.plan.number
    }

    pub(super) fn reach(&self, now: Instant) -> Reach {
        match self.plan.temperament {
            Temperament::DoesNotExist => Reach::Nobody,
            Temperament::NeverOn => Reach::Never,
            _ if self.on_from > now => Reach::From(self.on_from),
            _ => Reach::Now,
        }
    }

    /// Takes a message or one part of it, and tells the whole text once it is there.
    pub(super) fn receive(&mut self, from: &str, data: &UserData) -> Option<String> {
        let Some(part) = data.part() else { return Some(words(data.body())) };
        self.parts.push((String::from(from), data.clone()));
        let belongs = |(sender, other): &(String, UserData)| {
            let other = other.part().map(|other| (other.reference, other.width, other.total));
            sender == from && other == Some((part.reference, part.width, part.total))
        };
        let so_far = self.parts.iter().filter(|held| belongs(held)).map(|(_, data)| data);
        let Ok(Joined::Complete(body)) = join(so_far) else { return None };
        self.parts.retain(|held| !belongs(held));
        Some(words(&body))
    }

    /// What the person is going to say to a text.
    pub(super) fn reply_to(&mut self, text: &str) -> Vec<Saying> {
        let Some(Answer { key, say }) = self.choose(text) else { return Vec::new() };
        let mut after = self.dice.between(self.plan.delay);
        if self.dice.happens(self.plan.habits.late) {
            after += self.dice.between(self.plan.habits.late_by);
        }
        let after = self.pace.of(after);
        self.thinking.insert(key.clone());
        if self.mood == Mood::Willing && self.mistypes(&key) {
            let slip = self.dice.one_of(&SLIPS).unwrap_or("??");
            self.owed = Some(Answer { key: key.clone(), say });
            return vec![Saying { after, text: String::from(slip), key: Some(key) }];
        }
        match say.split_once(' ').filter(|_| self.dice.happens(self.plan.habits.in_two)) {
            Some((first, second)) => {
                let later = after + self.pace.of(self.dice.between(SECOND_PART));
                vec![
                    Saying { after, text: String::from(first), key: None },
                    Saying { after: later, text: String::from(second), key: Some(key) },
                ]
            }
            None if self.dice.happens(self.plan.habits.again) => self.twice(after, key, say),
            None => vec![Saying { after, text: say, key: Some(key) }],
        }
    }

    fn twice(&mut self, after: Duration, key: String, say: String) -> Vec<Saying> {
        let later = after + self.pace.of(self.dice.between(SECOND_PART));
        let slip = say.chars().last().filter(|_| self.dice.happens(PerMille(500)));
        let text = say.chars().chain(slip).collect();
        vec![Saying { after, text: say, key: None }, Saying { after: later, text, key: Some(key) }]
    }

    /// The person has sent what they meant to say to a question.
    pub(super) fn has_said(&mut self, key: &str) {
        self.thinking.remove(key);
    }

    fn mistypes(&mut self, key: &str) -> bool {
        let slips = self.dice.happens(self.plan.habits.mistypes);
        slips && self.mistyped.insert(String::from(key))
    }

    /// What they mean to say, if anything.
    fn choose(&mut self, text: &str) -> Option<Answer> {
        let answer = match &self.plan.temperament {
            Temperament::Echoes(words) => {
                return Some(Answer { key: String::from(text), say: words.clone() });
            }
            Temperament::ReadsOnly | Temperament::NeverOn | Temperament::DoesNotExist => None,
            Temperament::Completes | Temperament::OffUntil(_) => self.find(text),
            Temperament::StopsAfter(answers) => {
                let most = usize::from(*answers);
                self.find(text).filter(|answer| self.is_within(most, answer))
            }
            Temperament::SaysStop { .. } if self.mood == Mood::SaidStop => None,
            Temperament::SaysStop { after } => {
                let most = usize::from(*after);
                let answer = self.find(text)?;
                if !self.is_within(most, &answer) {
                    self.mood = Mood::SaidStop;
                    return Some(Answer { say: String::from("STOP"), ..answer });
                }
                Some(answer)
            }
        };
        let answer = answer.filter(|answer| !self.thinking.contains(&answer.key))?;
        self.owed = None;
        self.answered.insert(answer.key.clone());
        Some(answer)
    }

    /// What they do when they are called.
    pub(super) fn by_call(&self) -> &CallPlan {
        &self.plan.by_call
    }

    /// What they mean to say to words that they hear in a call.
    pub(super) fn means(&self, heard: &str) -> Option<String> {
        let is_heard = |phrase: &String| heard.contains(spelt(phrase).trim());
        let mut named = self.plan.replies.iter();
        let named = named.find(|reply| reply.when.iter().any(is_heard));
        let any = || self.plan.replies.iter().find(|reply| reply.when.is_empty());
        let meant = named.or_else(any).map(|reply| reply.say.clone());
        meant.filter(|say| !say.is_empty())
    }

    fn is_within(&self, most: usize, answer: &Answer) -> bool {
        self.answered.contains(&answer.key) || self.answered.len() < most
    }

    /// The reply that fits a text: one whose phrase is in it, else the answer still owed, else
    /// one that fits everything.
    fn find(&self, text: &str) -> Option<Answer> {
        let text = text.to_lowercase();
        let named = self.plan.replies.iter().enumerate().find(|(_, reply)| {
            reply.when.iter().any(|phrase| text.contains(&phrase.to_lowercase()))
        });
        if let Some((nth, reply)) = named {
            return spoken(Answer { key: format!("reply {nth}"), say: reply.say.clone() });
        }
        if let Some(owed) = &self.owed {
            return Some(owed.clone());
        }
        let any = self.plan.replies.iter().find(|reply| reply.when.is_empty())?;
        spoken(Answer { key: text, say: any.say.clone() })
    }
}

/// An empty reply is silence.
fn spoken(answer: Answer) -> Option<Answer> {
    (!answer.say.is_empty()).then_some(answer)
}

fn words(body: &Body) -> String {
    match body {
        Body::Text(text) => text.clone(),
        Body::Octets(octets) => format!("[{} octets]", octets.len()),
    }
}
