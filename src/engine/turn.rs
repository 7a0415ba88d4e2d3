//! One input and all that follows from it.

use super::answer::{self, HowRead};
use super::call;
use super::condition::Facts;
use super::moves::{self, Move};
use super::route::{self, Goal};
use super::wording::{Local, Speech};
use super::{Effect, MESSAGES_PER_TURN, Timers, Today, Turn};
use crate::flow::{AfterTries, ByCall, Flow, Kind, Question, Voice, Wording};
use crate::model::{
    Answer, Asks, Contact, ContactChange, Ended, How, Input, Language, Mode, Run, RunStatus, Value,
    Waiting,
};
use std::collections::BTreeMap;

/// How much of an answer is shown where one is chosen, and of all of them, in characters.
const LONGEST_SHOWN: usize = 14;
const LONGEST_LIST: usize = 230;

/// Begins a flow for a contact: what is said first, and the run that waits.
pub fn begin(flow: &Flow, contact: &Contact, mode: Mode, today: Today) -> Turn {
    let language = contact.language.clone().unwrap_or_else(|| flow.languages[0].clone());
    let run = Run {
        mode,
        language,
        status: RunStatus::Ended(Ended::Failed("it never began".to_owned())),
        answers: BTreeMap::new(),
        turn: 0,
    };
    let mut making = Making::new(flow, contact, run, today);
    making.start();
    making.finish()
}

/// Takes one input. A run that has ended is returned as it is.
pub fn advance(flow: &Flow, contact: &Contact, run: &Run, input: &Input, today: Today) -> Turn {
    let mut making = Making::new(flow, contact, run.clone(), today);
    let RunStatus::Waiting(waiting) = run.status.clone() else {
        return making.finish();
    };
    if call::comes_too_late(run, input) {
        return making.finish();
    }
    making.run.turn += 1;
    match (flow.question(&waiting.question), input) {
        (_, Input::Stop) => making.end(Ended::Stopped),
        (_, Input::Cancel) => making.end(Ended::Cancelled),
        (_, Input::Expired) => making.expire(),
        (_, Input::HungUp) => {}
        (Some(question), input) => making.hear_at(question, waiting, input),
        (None, _) => {
            let why = format!("the flow has no question `{}`", waiting.question);
            making.end(Ended::Failed(why));
        }
    }
    making.finish()
}

/// Asks the next question without an answer, in a version that the run did not begin with. What
/// stands before it to be said was for those who come from the question before. `None`: nothing is
/// left to ask.
pub(super) fn ask_next(flow: &Flow, contact: &Contact, run: &Run, today: Today) -> Option<Turn> {
    let mut making = Making::new(flow, contact, run.clone(), today);
    let Goal::Ask(question) = route::onward(flow, &making.facts(), run.mode).to else {
        return None;
    };
    making.run.turn += 1;
    making.ask(question, Waiting::at(&question.id));
    Some(making.finish())
}

/// A turn while it is made.
pub(super) struct Making<'a> {
    pub(super) flow: &'a Flow,
    pub(super) contact: &'a Contact,
    pub(super) today: Today,
    pub(super) run: Run,
    pub(super) effects: Vec<Effect>,
}

impl<'a> Making<'a> {
    fn new(flow: &'a Flow, contact: &'a Contact, run: Run, today: Today) -> Making<'a> {
        Making { flow, contact, today, run, effects: Vec::new() }
    }

    pub(super) fn facts(&self) -> Facts<'_> {
        let score = self.flow.score(&self.run.answers).0;
        Facts { answers: &self.run.answers, contact: self.contact, score }
    }

    pub(super) fn asked<'b>(&'b self, question: &'b Question) -> answer::Asked<'b> {
        let (language, earlier) = (&self.run.language, &self.run.answers);
        answer::Asked { flow: self.flow, question, language, earlier }
    }

    pub(super) fn speech(&self) -> Speech<'_> {
        Speech {
            flow: self.flow,
            contact: self.contact,
            language: &self.run.language,
            answers: &self.run.answers,
        }
    }

    /// What came while the run waits at a question.
    fn hear_at(&mut self, question: &'a Question, waiting: Waiting, input: &Input) {
        match input {
            Input::Text(text) => {
                // Who writes is reached by text.
                self.run.mode = Mode::Sms;
                self.take_in(question, waiting, text);
            }
            Input::Silence => self.remind(question, waiting),
            Input::Keys(keys) => self.keyed(question, waiting, keys),
            Input::NoKey => self.no_key(question, waiting),
            Input::Recorded(file) => self.recorded(question, waiting, file),
            Input::GoOnBy(mode) => self.go_on_by(*mode, question),
            Input::Stop | Input::Cancel | Input::Expired | Input::HungUp => {}
        }
    }

    /// A text: a word that moves, which answer to correct, or an answer. A word that is exactly one
    /// of the choices is an answer.
    fn take_in(&mut self, question: &'a Question, waiting: Waiting, text: &str) {
        if waiting.asks == Asks::WhichLanguage {
            return self.take_in_unasked(text);
        }
        let said = crate::flow::plain(text);
        let is_choice = answer::is_called(question, &said);
        match moves::wanted(text, self.flow).filter(|_| !is_choice) {
            Some(Move::Back | Move::Fix(_)) if self.flow.anonymous => {
                self.cannot_change(question, waiting);
            }
            Some(Move::Back) => self.go_back(question, waiting),
            Some(Move::Fix(which)) => self.fix(question, waiting, &which),
            Some(Move::Speak(language)) => self.speak(question, waiting, language),
            None if waiting.asks == Asks::WhichAnswer => self.fix(question, waiting, text),
            None => self.hear(question, waiting, text),
        }
    }

    /// A text from somebody who was only asked for their language, by call: it answers no question.
    fn take_in_unasked(&mut self, text: &str) {
        if let Some(Move::Speak(language)) = moves::wanted(text, self.flow) {
            self.effects.push(Effect::Change(ContactChange::SetLanguage(language.clone())));
            self.run.language = language;
        }
        self.go_on();
    }

    /// In an anonymous flow nobody knows which answer is whose: none can be changed.
    fn cannot_change(&mut self, question: &'a Question, waiting: Waiting) {
        let speech = self.speech();
        let why = speech.say(&self.flow.messages.fix, &Local::default());
        let text = format!("{why} {}", speech.question(question));
        self.effects.push(Effect::Ask { question: question.id.clone(), text });
        self.run.status = RunStatus::Waiting(waiting);
    }

    /// The question before this one, again; at the first one, that one.
    fn go_back(&mut self, question: &'a Question, waiting: Waiting) {
        let flow = self.flow;
        let before = flow.questions().take_while(|other| other.id != question.id);
        let answered = before.filter(|other| self.run.answers.contains_key(&other.id)).last();
        match answered {
            Some(before) => self.ask(before, Waiting::at(&before.id)),
            None => self.ask(question, Waiting { proposed: None, ..waiting }),
        }
    }

    /// The answer that is meant is asked again; where nobody knows which, the person chooses.
    fn fix(&mut self, question: &'a Question, waiting: Waiting, which: &str) {
        let flow = self.flow;
        if let Some(meant) = moves::meant(which, flow, &self.run.answers) {
            return self.ask(meant, Waiting::at(&meant.id));
        }
        if self.run.answers.is_empty() {
            return self.ask(question, waiting);
        }
        if waiting.asks == Asks::WhichAnswer && waiting.tries >= question.rules.ask_again {
            return self.go_on();
        }
        let again = waiting.asks == Asks::WhichAnswer;
        let tries = if again { waiting.tries + 1 } else { 0 };
        let text = self.which_answer();
        self.effects.push(Effect::Ask { question: question.id.clone(), text });
        let status = Waiting { tries, proposed: None, asks: Asks::WhichAnswer, ..waiting };
        self.run.status = RunStatus::Waiting(status);
    }

    fn which_answer(&self) -> String {
        let speech = self.speech();
        let mut list = String::new();
        for (number, (question, answer)) in (1..).zip(moves::answered(self.flow, &self.run.answers))
        {
            let value = answer.value.as_ref().map(|value| speech.shown(&question.id, value));
            let shown: String = value.unwrap_or_default().chars().take(LONGEST_SHOWN).collect();
            let more = format!("{number} {shown}");
            if list.len() + more.len() > LONGEST_LIST {
                list.push_str(" ...");
                break;
            }
            list.push_str(if list.is_empty() { "" } else { ", " });
            list.push_str(more.trim_end());
        }
        let local = Local { answers: Some(&list), ..Local::default() };
        speech.say(&self.flow.messages.fix, &local)
    }

    fn speak(&mut self, question: &'a Question, waiting: Waiting, language: Language) {
        self.effects.push(Effect::Change(ContactChange::SetLanguage(language.clone())));
        self.run.language = language;
        self.ask(question, Waiting { proposed: None, asks: Asks::Answer, ..waiting });
    }

    /// The time is over. Who had answered everything and only began to correct it has completed.
    fn expire(&mut self) {
        match route::onward(self.flow, &self.facts(), self.run.mode).to {
            Goal::End(name) => self.end(over(name)),
            Goal::Ask(_) | Goal::Nowhere => self.end(Ended::Expired),
        }
    }

    fn hear(&mut self, question: &'a Question, waiting: Waiting, text: &str) {
        let asked = self.asked(question);
        let reading = answer::read_reply(&asked, text, self.today);
        if let Some(proposed) = waiting.proposed.clone() {
            // `no, Margibi` and `yes Margibi` name another one than was proposed.
            let names_another = reading.value.as_ref().is_some_and(|value| *value != proposed);
            match answer::yes_or_no(&asked, text, self.today) {
                _ if names_another => {}
                Some(true) => return self.take(question, proposed, text, How::Confirmed),
                Some(false) => return self.ask(question, Waiting { proposed: None, ..waiting }),
                None => {}
            }
        }
        match (reading.how, reading.value, reading.proposal) {
            (HowRead::Exact, Some(value), _) => self.take(question, value, text, How::Exact),
            (HowRead::Repaired, Some(value), _) => self.take(question, value, text, How::Repaired),
            (HowRead::Refused, ..) => self.refused(question, waiting, text),
            (HowRead::Exact | HowRead::Repaired | HowRead::NotUnderstood, ..) => {
                self.not_understood(question, waiting, text, None);
            }
            (HowRead::Confirm, _, proposal) => {
                self.not_understood(question, waiting, text, proposal);
            }
        }
    }

    /// Somebody wants to skip a question. Where they may not, it counts as a try; a free text is
    /// asked back once, and then it is what they typed.
    fn refused(&mut self, question: &'a Question, waiting: Waiting, text: &str) {
        if question.may_refuse {
            self.record(question, None, text, How::Refused);
            return self.go_on();
        }
        match question.kind {
            Kind::Text { .. } | Kind::Audio { .. } if waiting.tries > 0 => {
                self.take(question, Value::Text(text.trim().to_owned()), text, How::Exact);
            }
            _ => {
                // A text of its own would tell that somebody wanted to skip this.
                let again = match self.flow.anonymous {
                    true => self.ask_back(question, text, None),
                    false => self.speech().must_answer(question),
                };
                self.try_again(question, waiting, text, (again, None));
            }
        }
    }

    pub(super) fn take(&mut self, question: &'a Question, value: Value, heard: &str, how: How) {
        if let Some(field) = &question.save_to {
            let change = ContactChange::SetField(field.clone(), value.clone());
            self.effects.push(Effect::Change(change));
        }
        self.record(question, Some(value), heard, how);
        self.go_on();
    }

    pub(super) fn record(
        &mut self,
        question: &Question,
        value: Option<Value>,
        heard: &str,
        how: How,
    ) {
        let answer = Answer { question: question.id.clone(), value, heard: heard.to_owned(), how };
        self.run.answers.insert(question.id.clone(), answer.clone());
        self.effects.push(Effect::Record(answer));
    }

    fn not_understood(
        &mut self,
        question: &'a Question,
        waiting: Waiting,
        heard: &str,
        proposal: Option<Value>,
    ) {
        // What is proposed would say the answer back, and texts are kept beside their numbers.
        let proposal = proposal.filter(|_| !self.flow.anonymous);
        let text = self.ask_back(question, heard, proposal.as_ref());
        self.try_again(question, waiting, heard, (text, proposal));
    }

    /// Asks again with this text, and what it proposes, until the tries are used up.
    fn try_again(
        &mut self,
        question: &'a Question,
        waiting: Waiting,
        heard: &str,
        (text, proposed): (String, Option<Value>),
    ) {
        if waiting.tries >= question.rules.ask_again {
            return self.give_up(question, heard);
        }
        self.effects.push(Effect::Ask { question: question.id.clone(), text });
        let tries = waiting.tries + 1;
        self.run.status = RunStatus::Waiting(Waiting { tries, proposed, ..waiting });
    }

    /// The tries are used up: what the flow says follows.
    pub(super) fn give_up(&mut self, question: &'a Question, heard: &str) {
        self.record(question, None, heard, How::NotUnderstood);
        match question.rules.then {
            AfterTries::Skip => self.go_on(),
            AfterTries::End => {
                self.play_standing(ByCall::GoodBye);
                self.end(Ended::EndedEarly("not understood".to_owned()));
            }
            AfterTries::Help => {
                let why = format!("the answer to `{}` was not understood", question.id);
                self.effects.push(Effect::Hand(why));
                self.play_standing(ByCall::PersonHears);
                self.end(Ended::NeedsPerson);
            }
        }
    }

    fn ask_back(&self, question: &Question, heard: &str, proposal: Option<&Value>) -> String {
        let speech = self.speech();
        if let Some(proposal) = proposal {
            let shown = speech.shown(&question.id, proposal);
            let local = Local { proposal: Some(&shown), ..Local::default() };
            return speech.say(&self.flow.messages.confirm, &local);
        }
        let reply = Some(heard).filter(|_| !self.flow.anonymous);
        let local = Local { reply, ..Local::default() };
        let wrong = speech.say(&self.flow.messages.wrong, &local);
        format!("{wrong} {}", speech.question(question))
    }

    fn remind(&mut self, question: &'a Question, waiting: Waiting) {
        let speech = self.speech();
        let reminder = speech.say(&self.flow.messages.reminder, &Local::default());
        let text = format!("{reminder} {}", speech.question(question));
        self.effects.push(Effect::Ask { question: question.id.clone(), text });
        let reminders = waiting.reminders.saturating_add(1);
        self.run.status = RunStatus::Waiting(Waiting { reminders, ..waiting });
    }

    pub(super) fn ask(&mut self, question: &'a Question, waiting: Waiting) {
        if self.run.mode == Mode::Voice {
            return self.ask_by_call(question, waiting, Vec::new());
        }
        let text = self.speech().question(question);
        self.effects.push(Effect::Ask { question: question.id.clone(), text });
        self.run.status = RunStatus::Waiting(waiting);
    }

    /// On from the last answer, until a person is asked or the flow ends.
    pub(super) fn go_on(&mut self) {
        let way = route::onward(self.flow, &self.facts(), self.run.mode);
        for say in way.says {
            self.say_or_play(&say.say, &say.voice);
        }
        match way.to {
            Goal::Ask(question) => self.ask(question, Waiting::at(&question.id)),
            Goal::End(name) => self.reach(name),
            Goal::Nowhere => {
                let why = "the flow has too many steps without a question";
                self.end(Ended::Failed(why.to_owned()));
            }
        }
    }

    fn say_or_play(&mut self, wording: &Wording, voice: &Voice) {
        match self.run.mode {
            Mode::Sms => {
                let text = self.speech().say(wording, &Local::default());
                self.say(text);
            }
            Mode::Voice => self.play(wording, voice),
        }
    }

    fn say(&mut self, text: String) {
        let said = self.effects.iter().filter(|effect| matches!(effect, Effect::Say(_))).count();
        if said < MESSAGES_PER_TURN && !text.is_empty() {
            self.effects.push(Effect::Say(text));
        }
    }

    fn reach(&mut self, name: &str) {
        if let Some(ending) = self.flow.endings.get(name) {
            match &ending.say {
                Some(wording) => self.say_or_play(wording, &ending.voice),
                None => self.play_standing(ByCall::GoodBye),
            }
            let join = |group: &String| Effect::Change(ContactChange::AddToGroup(group.clone()));
            let leave =
                |group: &String| Effect::Change(ContactChange::RemoveFromGroup(group.clone()));
            self.effects.extend(ending.add_to_groups.iter().map(join));
            self.effects.extend(ending.remove_from_groups.iter().map(leave));
            self.effects.extend(ending.start_flow.clone().map(Effect::StartFlow));
        }
        self.end(over(name));
    }

    fn end(&mut self, ended: Ended) {
        self.run.status = RunStatus::Ended(ended);
    }

    fn finish(self) -> Turn {
        let timers = match &self.run.status {
            RunStatus::Waiting(waiting) => {
                let question = self.flow.question(&waiting.question);
                question.map(|question| timers(self.run.mode, question, waiting))
            }
            RunStatus::Ended(_) => None,
        };
        Turn { run: self.run, effects: self.effects, timers }
    }
}

fn over(ending: &str) -> Ended {
    match ending {
        "done" => Ended::Completed(ending.to_owned()),
        _ => Ended::EndedEarly(ending.to_owned()),
    }
}

fn timers(mode: Mode, question: &Question, waiting: &Waiting) -> Timers {
    // By call somebody who is silent is asked again at once, and called again later.
    let left = mode == Mode::Sms && waiting.reminders < question.rules.reminders;
    Timers {
        remind_after: question.rules.remind_after.filter(|_| left),
        expires_after: question.rules.expires_after,
    }
}
