//! What a reply means for a question: a value, a proposal, or a question back. Never a guess.
//!
//! A reply is read exactly, or repaired in a way that leaves one meaning, or asked back. The same
//! reading serves live runs, tests, `flow try` and `flow read`.

mod around;
mod choice;
mod choices;
mod code;
mod date;
mod letter;
mod measured;
mod number;
mod phone;
mod place;
mod surroundings;
mod time;
mod tokens;
mod yes_no;

pub(super) use tokens::plain;

use super::Today;
use super::keywords::without_courtesy;
use super::wording::{Local, Speech};
use crate::flow::{Flow, Kind, Lexicon, Question, built_in_words};
use crate::model::{Answer, Contact, ContactId, Language, Value};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// The longest reply that is read at all, in characters; longer ones are text or nothing.
const LONGEST_REPLY: usize = 480;
/// The longest refusal, in characters: what is longer says something.
const LONGEST_REFUSAL: usize = 60;

/// How a reply was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowRead {
    /// As it stands.
    Exact,
    /// Repaired in a way that has one possible meaning.
    Repaired,
    /// Near to one value: asked back with a proposal.
    Confirm,
    /// Asked again.
    NotUnderstood,
    /// The person does not want to answer; asked again where they have to.
    Refused,
}

/// What a reply means.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The value, where it may be stored as it is.
    pub value: Option<Value>,
    /// How it was read.
    pub how: HowRead,
    /// What is proposed, where it is asked back with a proposal.
    pub proposal: Option<Value>,
    /// What would be sent back, where something would.
    pub ask: Option<String>,
}

/// What one kind of question makes of a reply.
enum Understood {
    Exact(Value),
    Repaired(Value),
    Near(Value),
    No,
}

impl Understood {
    /// Itself where something holds, else nothing.
    fn filter(self, holds: impl Fn(&Value) -> bool) -> Understood {
        match &self {
            Understood::Exact(value) | Understood::Repaired(value) | Understood::Near(value)
                if !holds(value) =>
            {
                Understood::No
            }
            _ => self,
        }
    }
}

/// A question as it was asked.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The flow it stands in.
    pub flow: &'a Flow,
    /// The question.
    pub question: &'a Question,
    /// The language it was asked in.
    pub language: &'a Language,
    /// The answers that were given before: a facility lies in a county.
    pub earlier: &'a BTreeMap<String, Answer>,
}

/// Whether a whole text says that somebody does not want to answer a question: SKIP, PASSER. In
/// any language, for who is tired of a question falls back into their own.
pub fn refuses<'a>(text: &str, flows: impl IntoIterator<Item = &'a Flow>) -> bool {
    if text.chars().count() > LONGEST_REFUSAL {
        return false;
    }
    let said = without_courtesy(text);
    let offices = flows.into_iter().flat_map(|flow| flow.words.of_office());
    built_in_words().into_iter().chain(offices).any(|words| words.refuse.contains(&said))
}

/// Reads a reply to a question.
pub fn read_reply(asked: &Asked<'_>, text: &str, today: Today) -> Reading {
    if refuses(text, [asked.flow]) && !is_called(asked.question, &plain(text)) {
        let ask = (!asked.question.may_refuse).then(|| must_answer(asked));
        return Reading { value: None, how: HowRead::Refused, proposal: None, ask };
    }
    let speaker = Speaker { heard: text, ..Speaker::of(asked, today) };
    match understand(asked, &speaker, text) {
        Understood::Exact(value) => kept(value, HowRead::Exact),
        Understood::Repaired(value) => kept(value, HowRead::Repaired),
        Understood::Near(value) => {
            let ask = ask_back(asked, text, Some(&value));
            Reading { value: None, how: HowRead::Confirm, proposal: Some(value), ask: Some(ask) }
        }
        Understood::No => {
            let ask = ask_back(asked, text, None);
            Reading { value: None, how: HowRead::NotUnderstood, proposal: None, ask: Some(ask) }
        }
    }
}

/// Whether something that the question offers is called so: then it is an answer.
pub(super) fn is_called(question: &Question, said: &str) -> bool {
    let called = |names: &[String]| names.iter().any(|name| name == said);
    let is_place = match &question.kind {
        Kind::Place(rule) => {
            let mut rows = rule.list.rows.iter().filter(|row| row.level == rule.level);
            rows.any(|row| called(&row.called))
        }
        _ => false,
    };
    is_place || question.kind.choices().iter().any(|choice| called(&choice.called))
}

/// Whether a text is a plain yes or no: the answer to a proposal.
pub(super) fn yes_or_no(asked: &Asked<'_>, text: &str, today: Today) -> Option<bool> {
    let speaker = Speaker::of(asked, today);
    match as_letter(text.trim(), &speaker, |text| yes_no::read(text, &speaker)) {
        Understood::Exact(Value::YesNo(yes)) | Understood::Repaired(Value::YesNo(yes)) => Some(yes),
        _ => None,
    }
}

/// Who speaks, when, and what they were asked.
struct Speaker<'a> {
    lexicon: &'a Lexicon,
    today: Today,
    asked: &'a Asked<'a>,
    /// The reply as it came, with its capitals.
    heard: &'a str,
    /// The words of the question, made when they are first looked for.
    echo: OnceCell<BTreeSet<String>>,
    /// The names of the phrases that may stand around an answer.
    answers: OnceCell<&'static [&'static str]>,
}

impl<'a> Speaker<'a> {
    fn of(asked: &'a Asked<'a>, today: Today) -> Speaker<'a> {
        Speaker {
            lexicon: asked.flow.words.of_language(asked.language),
            today,
            asked,
            heard: "",
            echo: OnceCell::new(),
            answers: OnceCell::new(),
        }
    }

    /// The names of the phrases that may stand around an answer to this question.
    fn answers(&self) -> &'static [&'static str] {
        self.answers.get_or_init(|| around::answers(&self.asked.question.kind, self))
    }

    /// Whether a word, or another form of it, is one of those that the question is about: `beds`,
    /// `opens`, or what is counted under another name.
    fn asks(&self, word: &str) -> bool {
        let lexicon = self.lexicon;
        if matches!(self.asked.question.kind, Kind::Number(_)) && self.counts(word) {
            return true;
        }
        if word.len() < 3 || lexicon.asking.contains(word) || lexicon.means_something(word) {
            return false;
        }
        if self.echoes(word) {
            return true;
        }
        let of_one = |ones: &BTreeSet<String>| {
            let is_asked = |one: &String| self.echoes(one) && !lexicon.asking.contains(one);
            ones.contains(word) && ones.iter().any(is_asked)
        };
        if lexicon.forms.iter().any(of_one) {
            return true;
        }
        const PAST: [&str; 12] = [
            "did", "was", "were", "had", "have", "has", "last", "avez", "etes", "ont", "eu", "born",
        ];
        let tense = if PAST.iter().any(|word| self.echoes(word)) {
            tokens::Tense::Any
        } else {
            tokens::Tense::Same
        };
        let echo = self.echo.get();
        let mut asked = echo.into_iter().flatten();
        asked.any(|one| {
            let is_near = || one.len() >= 5 && tokens::is_slip(word, one, 1);
            let is_one = tokens::has_stem_of(word, one, tense)
                || word.len() >= 5 && is_near() && !lexicon.is_word(word);
            is_one && !lexicon.asking.contains(one)
        })
    }

    /// Whether a word is another name of what the question counts: `yrs`, `clients`.
    fn counts(&self, word: &str) -> bool {
        let lexicon = self.lexicon;
        let word = word.strip_suffix("'s").unwrap_or(word);
        let slip = |known: &String| {
            known.len() >= 5
                && word.len() >= 5
                && tokens::is_slip(word, known, 1)
                && !lexicon.is_word(word)
        };
        let groups = [&lexicon.spans, &lexicon.counted, &lexicon.packings];
        let mut asked = groups
            .iter()
            .flat_map(|groups| groups.iter())
            .filter(|ones| ones.iter().any(|one| self.echoes(one)));
        asked.any(|ones| ones.contains(word) || ones.iter().any(slip))
    }

    /// A reply without the words that the question itself has, or was put in: `was` where it asks
    /// what was.
    fn unasked(&self, said: &str) -> String {
        let is_past = || ["was", "were"].iter().any(|word| self.echoes(word));
        let is_asked = |word: &str| {
            self.asks(word)
                || (word.len() > 3 || matches!(word, "ne" | "nee"))
                    && self.echoes(word)
                    && !(self.lexicon.not.contains(word) && word != "ne")
                || matches!(word, "was" | "were") && is_past()
        };
        said.split(' ').filter(|word| !is_asked(word)).collect::<Vec<_>>().join(" ")
    }

    /// Whether a word is the name of something: it begins with a capital among small letters, or
    /// stands in a list of places.
    fn is_name(&self, word: &str) -> bool {
        let is_small = self.heard.chars().any(char::is_lowercase);
        let begins = |part: &str| part.starts_with(char::is_uppercase) && plain(part) == word;
        let is_listed = || {
            let mut kinds = self.asked.flow.questions().map(|question| &question.kind);
            kinds.any(|kind| match kind {
                Kind::Place(rule) => {
                    let mut names = rule.list.rows.iter().flat_map(|row| &row.called);
                    word.len() > 3 && names.any(|name| name.split(' ').any(|one| one == word))
                }
                _ => false,
            })
        };
        let mut parts = self.heard.split(|c: char| !c.is_alphanumeric() && c != '\'');
        is_small && parts.any(begins) || is_listed()
    }

    /// Whether the question asks what somebody is: a job, a sex.
    fn asks_what_somebody_is(&self) -> bool {
        self.lexicon.persons.iter().any(|word| self.echoes(word))
    }

    /// Whether the question asks of somebody else: `the number of your supervisor`.
    fn asks_of_another(&self) -> bool {
        self.lexicon.others.iter().any(|other| self.echoes(other))
    }

    /// Whether a word may stand around an answer without changing it.
    fn is_harmless(&self, word: &str) -> bool {
        let lexicon = self.lexicon;
        lexicon.filler.contains(word)
            || lexicon.frames.have(self.answers(), word)
            || self.asks(word)
            || !lexicon.is_word(word) && (self.echoes(word) || self.is_slip_of_filler(word))
    }

    /// `pelase`, `numbre`: a slip in a word that changes nothing.
    fn is_slip_of_filler(&self, word: &str) -> bool {
        let near = |known: &String| known.len() >= 5 && tokens::is_slip(word, known, 1);
        word.len() >= 5 && !self.lexicon.may_change(word) && self.lexicon.filler.iter().any(near)
    }

    /// `third` → 3, with a slip in five letters or more.
    fn ordinal(&self, word: &str) -> Option<i64> {
        let ordinals = &self.lexicon.ordinals;
        if let Some(number) = ordinals.get(word) {
            return Some(*number);
        }
        if word.len() < 4 || self.is_harmless(word) || self.lexicon.is_word(word) {
            return None;
        }
        let near = |known: &str| known.len() >= 5 && tokens::is_slip(word, known, 1);
        let mut near = ordinals.iter().filter(|(known, _)| near(known)).map(|(_, number)| *number);
        let found = near.next()?;
        near.all(|other| other == found).then_some(found)
    }

    /// Whether the question has this word: people repeat what they are asked.
    fn echoes(&self, word: &str) -> bool {
        let words = self.echo.get_or_init(|| {
            let question = self.asked.question;
            let first = self.asked.flow.languages.first();
            let texts = [Some(self.asked.language), first].into_iter().flatten();
            let texts = texts.filter_map(|language| question.ask.get(language));
            let words = texts.map(|text| plain(text));
            words.flat_map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect()
        });
        words.contains(word)
    }

    /// Whether words speak of a person of the speaker's: `my boss`, `my ma`.
    fn names_anothers(&self, words: &[&str]) -> bool {
        let is_mine = |word: &str| matches!(word, "my" | "our" | "mon" | "ma" | "notre");
        let is_person = |word: &str| {
            self.lexicon.titles.contains(word) && word != "o" || matches!(word, "pa" | "ma")
        };
        words.windows(2).any(|two| is_mine(two[0]) && is_person(two[1]))
    }

    /// Whether a text says nothing that could be an answer or change one.
    fn says_nothing(&self, text: &str) -> bool {
        let said = plain(text);
        // `from Monday`, `from Bomi` are no names.
        let is_when = |word: &str| self.lexicon.moments.contains(word);
        let is_where = |word: &str| {
            word.len() > 3 && self.asked.flow.questions().any(|question| is_called(question, word))
        };
        // How far it is from a town.
        let is_far = ["km", "kilometres", "kilometers"].iter().any(|word| self.echoes(word));
        if is_far && said.starts_with("from ") {
            return false;
        }
        !text.bytes().any(|byte| byte.is_ascii_digit())
            && !said.split(' ').any(|word| is_when(word) || is_where(word))
            && !self.lexicon.hedge.stand_in(&said)
            && !said.split(' ').any(|word| self.lexicon.is_word(word))
    }
}

fn understand(asked: &Asked<'_>, speaker: &Speaker<'_>, text: &str) -> Understood {
    let text = text.trim();
    let said = plain(text);
    if let Kind::Audio { longest } = asked.question.kind
        && !said.is_empty()
    {
        return free_text(text, longest);
    }
    if text.is_empty() || said.is_empty() && !text.contains('½') {
        return Understood::No;
    }
    if let Kind::Text { longest } = asked.question.kind {
        return free_text(text, longest);
    }
    // A question back is no answer.
    if text.contains('?') || text.chars().count() > LONGEST_REPLY {
        return Understood::No;
    }
    // One word addresses nobody, and only choices name who might be: the question need not be read.
    if text.contains(' ')
        && !asked.question.kind.choices().is_empty()
        && speaker.asks_what_somebody_is()
        && choice::is_address(text, asked.question.kind.choices(), speaker)
    {
        return Understood::No;
    }
    // What is exactly a name on offer has no greeting before it and no name behind.
    if text.contains(' ') && is_called(asked.question, &said) {
        return by_kind(asked, speaker, text);
    }
    as_letter(text, speaker, |text| by_kind(asked, speaker, text))
}

/// Reads what stands between a greeting and a name, if there are such.
fn as_letter(text: &str, speaker: &Speaker<'_>, read: impl Fn(&str) -> Understood) -> Understood {
    if !text.contains(char::is_whitespace) {
        return read(text);
    }
    let mut body = letter::without_greeting(text, speaker.lexicon);
    let mut understood = read(body);
    // Thanks, then a name.
    for _ in 0..2 {
        if !matches!(understood, Understood::No) {
            break;
        }
        let Some((before, name)) = letter::signed(body, speaker.lexicon) else { break };
        // `Water. Fuel` names two things.
        let may_go_on = matches!(speaker.asked.question.kind, Kind::Choices(_));
        if may_go_on && !letter::is_opened(name, speaker.lexicon) {
            break;
        }
        if !speaker.says_nothing(name) || !matches!(read(name), Understood::No) {
            break;
        }
        body = before;
        understood = read(body);
    }
    match understood {
        Understood::Exact(value) if body.len() < text.len() => Understood::Repaired(value),
        understood => understood,
    }
}

fn by_kind(asked: &Asked<'_>, speaker: &Speaker<'_>, text: &str) -> Understood {
    let offers = !asked.question.kind.choices().is_empty() || asked.question.kind == Kind::YesNo;
    if offers && text.starts_with('-') {
        // Minus one is no choice.
        return Understood::No;
    }
    match &asked.question.kind {
        Kind::YesNo => yes_no::read(text, speaker),
        Kind::Choice(choices) => choice::read(text, choices, speaker),
        Kind::Choices(choices) => choices::read(text, choices, speaker),
        Kind::Time(rule) => time::read(text, rule, speaker),
        Kind::Number(rule) => number::read(text, rule, speaker),
        Kind::Date(rule) => date::read(text, rule, speaker),
        Kind::Phone => phone::read(text, speaker),
        Kind::Code { shape } => code::read(text, shape.as_deref(), speaker),
        Kind::Place(rule) => place::read(text, rule, asked.earlier, speaker),
        Kind::Text { longest } | Kind::Audio { longest } => free_text(text, *longest),
    }
}

fn free_text(text: &str, longest: usize) -> Understood {
    let kept: String = text.chars().take(longest).collect();
    let whole = kept.len() == text.len();
    let value = Value::Text(kept);
    if whole { Understood::Exact(value) } else { Understood::Repaired(value) }
}

fn kept(value: Value, how: HowRead) -> Reading {
    Reading { value: Some(value), how, proposal: None, ask: None }
}

fn ask_back(asked: &Asked<'_>, heard: &str, proposal: Option<&Value>) -> String {
    let Asked { flow, question, .. } = *asked;
    to_anybody(asked, |speech| {
        if let Some(value) = proposal {
            let shown = speech.shown(&question.id, value);
            let local = Local { proposal: Some(&shown), ..Local::default() };
            return speech.say(&flow.messages.confirm, &local);
        }
        let local = Local { reply: Some(heard), ..Local::default() };
        format!("{} {}", speech.say(&flow.messages.wrong, &local), speech.question(question))
    })
}

fn must_answer(asked: &Asked<'_>) -> String {
    to_anybody(asked, |speech| speech.must_answer(asked.question))
}

/// What is said to somebody of whom nothing is known.
fn to_anybody(asked: &Asked<'_>, say: impl Fn(&Speech<'_>) -> String) -> String {
    let nobody = Contact::named(ContactId(0), "");
    let answers = BTreeMap::new();
    let Asked { flow, language, .. } = *asked;
    say(&Speech { flow, contact: &nobody, language, answers: &answers })
}

#[cfg(test)]
mod battery_tests;
#[cfg(test)]
mod kinds_tests;
#[cfg(test)]
mod round_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod twist_tests;
