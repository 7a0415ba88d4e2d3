//! A run by call: what is played, what pressed keys mean, and how it goes on.
//!
//! A turn plays and asks, or plays and is over. It is over, too, where nobody listens: then the
//! run waits on at its question, as after a call that broke off.

mod awaits;
mod keys;
mod language;
mod said;

use super::Effect;
use super::route::{self, Goal};
use super::turn::Making;
use crate::flow::{ByCall, Question, Voice, Wording};
use crate::model::{Answer, Asks, How, Input, Mode, Piece, Run, RunStatus, Value, Waiting};
use keys::Keyed;

/// Whether an input says nothing to a run as it is reached now: what is left of a call when the
/// run goes on by SMS, and a reminder by SMS while somebody is called.
pub(super) fn comes_too_late(run: &Run, input: &Input) -> bool {
    match (run.mode, input) {
        (_, Input::HungUp)
        | (Mode::Sms, Input::Keys(_) | Input::NoKey | Input::Recorded(_))
        | (Mode::Voice, Input::Silence) => true,
        (Mode::Sms, Input::Silence)
        | (Mode::Voice, Input::Keys(_) | Input::NoKey | Input::Recorded(_))
        | (_, Input::Text(_) | Input::Expired | Input::Stop | Input::Cancel | Input::GoOnBy(_)) => {
            false
        }
    }
}

impl<'a> Making<'a> {
    /// From the top: in a call with somebody whose language nobody knows, that is asked first.
    pub(super) fn start(&mut self) {
        if self.run.mode == Mode::Voice
            && self.contact.language.is_none()
            && self.flow.languages.len() > 1
            && let Goal::Ask(first) = route::onward(self.flow, &self.facts(), self.run.mode).to
        {
            let waiting = Waiting { asks: Asks::WhichLanguage, ..Waiting::at(&first.id) };
            return self.ask_by_call(first, waiting, Vec::new());
        }
        self.go_on();
    }

    /// The person is reached in this way now. They are asked the question they were at; who has
    /// not answered anything yet begins at the top.
    pub(super) fn go_on_by(&mut self, mode: Mode, question: &'a Question) {
        self.run.mode = mode;
        let asked_before = |id: &str| self.run.answers.contains_key(id);
        let step = self.flow.steps.iter().find(|step| step.id() == question.id);
        let is_passed_by = step.is_some_and(|step| step.is_passed_by(mode));
        if self.run.answers.is_empty() {
            self.start();
        } else if is_passed_by && !asked_before(&question.id) {
            self.play_standing(ByCall::GoOn);
            self.go_on();
        } else {
            self.play_standing(ByCall::GoOn);
            self.ask(question, Waiting::at(&question.id));
        }
    }

    /// Keys were pressed.
    pub(super) fn keyed(&mut self, question: &'a Question, waiting: Waiting, keys: &str) {
        if waiting.asks == Asks::WhichLanguage {
            return self.language_keyed(question, waiting, keys);
        }
        let proposed = waiting.proposed.clone();
        let keyed = match (&proposed, &question.voice) {
            (Some(_), _) => keys::right_or_not(keys),
            // While somebody speaks, keys but the one that ends it are noise.
            (None, Voice::Record { .. }) if keys.is_empty() => {
                return self.no_key(question, waiting);
            }
            (None, Voice::Record { .. } | Voice::Skip) => Keyed::Again,
            (None, Voice::Prompted { .. }) => keys::read(&self.asked(question), keys, self.today),
        };
        match keyed {
            Keyed::Again => self.ask_by_call(question, waiting, Vec::new()),
            Keyed::Person => self.hand_to_person(question, waiting),
            Keyed::Refused => {
                self.record(question, None, keys, How::Refused);
                self.go_on();
            }
            Keyed::No => self.wrong_key(question, waiting, keys),
            Keyed::Value(value) => match proposed {
                Some(proposed) if value == Value::YesNo(true) => {
                    self.take(question, proposed, keys, How::Confirmed);
                }
                Some(_) => {
                    let waiting = Waiting { proposed: None, ..waiting };
                    self.ask_by_call(question, waiting, Vec::new());
                }
                None => self.take_or_read_back(question, waiting, value, keys),
            },
        }
    }

    /// What is said back awaits a yes, so it stands beside the person until then: not in an
    /// anonymous flow.
    fn take_or_read_back(
        &mut self,
        question: &'a Question,
        waiting: Waiting,
        value: Value,
        keys: &str,
    ) {
        if question.is_read_back() && !self.flow.anonymous {
            let waiting = Waiting { proposed: Some(value), ..waiting };
            return self.ask_by_call(question, waiting, Vec::new());
        }
        self.take(question, value, keys, How::Exact);
    }

    /// An answer was recorded.
    pub(super) fn recorded(&mut self, question: &'a Question, waiting: Waiting, file: &str) {
        match question.voice {
            Voice::Record { .. } if waiting.asks == Asks::Answer => {
                let value = Value::Recording(file.to_owned());
                self.record(question, Some(value), file, How::Exact);
                self.go_on();
            }
            // Nobody was asked to speak.
            Voice::Record { .. } | Voice::Prompted { .. } | Voice::Skip => {
                self.ask_by_call(question, waiting, Vec::new());
            }
        }
    }

    /// These keys are no answer: asked again, as often as the rules say.
    pub(super) fn wrong_key(&mut self, question: &'a Question, waiting: Waiting, keys: &str) {
        if waiting.tries >= question.rules.voice.ask_again {
            return self.give_up(question, keys);
        }
        let waiting = Waiting { tries: waiting.tries + 1, ..waiting };
        let sorry = self.speech().standing(ByCall::WrongKey, None);
        self.ask_by_call(question, waiting, sorry);
    }

    /// Nobody pressed a key, or spoke: asked again, as often as the rules say. Who is silent at
    /// the first question, or at two in a row, does not listen, and is not led to the end.
    pub(super) fn no_key(&mut self, question: &'a Question, waiting: Waiting) {
        if waiting.reminders >= question.rules.voice.ask_again {
            if waiting.asks == Asks::WhichLanguage || self.nobody_listens(question) {
                self.play_standing(ByCall::GoodBye);
                let asks = waiting.asks;
                self.run.status = RunStatus::Waiting(Waiting { asks, ..Waiting::at(&question.id) });
                return;
            }
            return self.give_up(question, "");
        }
        let waiting = Waiting { reminders: waiting.reminders + 1, ..waiting };
        let sorry = self.speech().standing(ByCall::NoKey, None);
        self.ask_by_call(question, waiting, sorry);
    }

    fn nobody_listens(&self, question: &Question) -> bool {
        let before = self.flow.questions().take_while(|other| other.id != question.id);
        let answer = before.filter_map(|other| self.run.answers.get(&other.id)).last();
        let is_silent = |answer: &Answer| {
            answer.how == How::NotUnderstood && answer.value.is_none() && answer.heard.is_empty()
        };
        answer.is_none_or(is_silent)
    }

    /// 0: a person in the office hears of it, and the question is asked again.
    pub(super) fn hand_to_person(&mut self, question: &'a Question, waiting: Waiting) {
        let why = format!("asked for a person by call at `{}`", question.id);
        self.effects.push(Effect::Hand(why));
        let hears = self.speech().standing(ByCall::PersonHears, None);
        self.ask_by_call(question, waiting, hears);
    }

    /// Plays what is asked where the run waits, after what is said first, and waits.
    pub(super) fn ask_by_call(
        &mut self,
        question: &'a Question,
        waiting: Waiting,
        first: Vec<Piece>,
    ) {
        let speech = self.speech();
        let (asked, awaits) = match (&waiting.proposed, waiting.asks) {
            (_, Asks::WhichLanguage) => (speech.languages(), awaits::one_key(question)),
            (Some(value), Asks::Answer | Asks::WhichAnswer) => {
                (speech.read_back(question, value), awaits::one_key(question))
            }
            (None, Asks::Answer | Asks::WhichAnswer) => {
                (speech.question_by_call(question), awaits::of(question))
            }
        };
        let pieces = first.into_iter().chain(asked).collect();
        self.effects.push(Effect::AskByCall { question: question.id.clone(), pieces, awaits });
        self.run.status = RunStatus::Waiting(waiting);
    }

    /// Plays something to which no answer is awaited.
    pub(super) fn play(&mut self, wording: &Wording, voice: &Voice) {
        let pieces = self.speech().played(wording, voice);
        if !pieces.is_empty() {
            self.effects.push(Effect::Play(pieces));
        }
    }

    /// Plays a standing text, where the run is a call.
    pub(super) fn play_standing(&mut self, text: ByCall) {
        if self.run.mode == Mode::Voice {
            let pieces = self.speech().standing(text, None);
            self.effects.push(Effect::Play(pieces));
        }
    }
}

#[cfg(test)]
mod pieces_tests;
#[cfg(test)]
mod tests;
