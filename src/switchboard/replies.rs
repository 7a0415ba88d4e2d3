//! A whole text came: what it means, which run it speaks to, and what follows.

use super::anonymous::{Keeping, SEALED};
use super::belonging::{self, Whose};
use super::settings::READING_TIME;
use super::turns::{Talk, TurnOf};
use super::{Work, inbound};
use crate::engine::{self, Effect, Keyword, Turn};
use crate::flow::{Flow, Kind};
use crate::model::{
    Answer, CampaignId, CampaignStatus, ChannelId, ContactChange, ContactId, Disposition, Ended,
    How, Input, MessageId, Mode, PhoneNumber, Priority, Run, RunStatus, Waiting,
};
use crate::store::{Fact, HeardReply, NewReply, RunRow};
use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// In this time a text that comes again and again is a machine's.
const LOOP_TIME: SignedDuration = SignedDuration::from_mins(5);

const AGAIN_AND_AGAIN: &str = "the same text came again and again; it is not answered any more";

/// A whole text.
pub(super) struct Heard<'a> {
    pub number: &'a str,
    pub text: &'a str,
    pub channel: ChannelId,
    /// When the service centre took it, by the network's clock.
    pub said_at: Timestamp,
    /// Whether the store may keep the text.
    pub keeping: Keeping,
}

impl Heard<'_> {
    /// Whose it is, and by which channel it came.
    fn came(&self) -> (&str, ChannelId) {
        (self.number, self.channel)
    }

    /// The text as far as the store may keep it.
    fn kept(&self) -> &str {
        match self.keeping {
            Keeping::Open => self.text,
            Keeping::Sealed => SEALED,
        }
    }
}

/// What a text may be that is not understood as the answer.
#[derive(Default)]
struct Doubt {
    /// Said to this earlier question, which may have come twice.
    earlier: Option<String>,
    /// A machine that repeats itself.
    repeats: bool,
    /// The second part of what began with this.
    first_part: Option<String>,
}

/// What a text is taken to mean.
enum Meaning {
    /// Its sender is never answered, and why.
    FromNobody(&'static str),
    /// A word that works everywhere.
    Word(Keyword),
    /// A machine repeats itself.
    Machine,
    /// What was said a moment ago, to this question if to any.
    Again(Option<String>),
    /// An answer to the question waited at; if it is not understood, perhaps something else.
    Answer { question: String, doubt: Doubt },
    /// It may be meant for an earlier question, and why.
    Earlier(String, &'static str),
    /// Perhaps the second part of an answer, and why it is not an answer of its own.
    Rest { first: HeardReply, why: &'static str },
    /// It came before the first question had left.
    TooEarly,
    /// The second part of an anonymous survey's last answer, this message; the survey is over.
    RestOfTheLast(MessageId),
    /// The campaign that waits for its sender shall begin now.
    Next(CampaignId),
    /// Nobody waits for it.
    Unasked,
}

impl Meaning {
    /// The question that it is taken to answer.
    fn question(&self) -> Option<&str> {
        match self {
            Meaning::Again(question) => question.as_deref(),
            Meaning::Answer { question, .. } | Meaning::Earlier(question, _) => Some(question),
            Meaning::Rest { first, .. } => Some(&first.question),
            Meaning::FromNobody(_)
            | Meaning::Word(_)
            | Meaning::Machine
            | Meaning::TooEarly
            | Meaning::RestOfTheLast(_)
            | Meaning::Next(_)
            | Meaning::Unasked => None,
        }
    }
}

impl Work<'_> {
    /// Keeps a text, then does what follows from it.
    pub(super) async fn hear(&mut self, heard: &Heard<'_>) -> Result<MessageId> {
        let run = self.tx.waiting_run(heard.number).await?;
        let meaning = self.meaning(heard, run.as_ref()).await?;
        let contact = match &run {
            Some(run) => Some(run.contact),
            None => self.tx.owners(heard.number).await?.first().copied(),
        };
        let new = NewReply {
            number: heard.number,
            contact,
            channel: heard.channel,
            run: run.as_ref().map(|run| (run.id, run.run.turn)),
            question: meaning.question(),
            text: heard.kept(),
            said_at: heard.said_at,
        };
        let message = self.tx.receive_message(&new, self.now).await?;
        if heard.keeping == Keeping::Sealed {
            self.remembered.remember(message, heard.text, self.now);
        }
        if let Some(row) = &run {
            let member = row.campaign.map(|campaign| (campaign, row.contact));
            self.fact(member, Fact::Reached).await?;
        }
        match (meaning, run) {
            (Meaning::Word(word), run) => self.keyword(word, heard, run, message).await?,
            (Meaning::Again(_), _) => {
                self.show("the same text came twice within seconds; it counts once");
            }
            (Meaning::Answer { doubt, .. }, Some(run)) => {
                self.answer(run, heard, message, doubt).await?;
            }
            (Meaning::RestOfTheLast(first), None)
                if self.grows_after_the_end(first, heard.text).await? => {}
            (Meaning::Next(campaign), Some(run)) => {
                self.begin_next(&run, campaign, heard, message).await?;
            }
            (
                Meaning::Unasked
                | Meaning::RestOfTheLast(_)
                | Meaning::Answer { .. }
                | Meaning::Next(_),
                _,
            ) => {
                self.unasked(heard, contact, message).await?;
            }
            (Meaning::Rest { first, why }, Some(run))
                if !engine::refuses(heard.text, self.flows.all()) =>
            {
                if !self.rejoined(&run, &first, heard.text, message).await? {
                    self.tx.lay_before_office(message, why, self.now).await?;
                }
            }
            (
                Meaning::FromNobody(why) | Meaning::Earlier(_, why) | Meaning::Rest { why, .. },
                _,
            ) => {
                self.tx.lay_before_office(message, why, self.now).await?;
            }
            (Meaning::TooEarly, _) => {
                let why = "it came before the first question had left";
                self.tx.lay_before_office(message, why, self.now).await?;
            }
            (Meaning::Machine, _) => {
                self.tx.lay_before_office(message, AGAIN_AND_AGAIN, self.now).await?;
            }
        }
        Ok(message)
    }

    async fn meaning(&mut self, heard: &Heard<'_>, run: Option<&RunRow>) -> Result<Meaning> {
        if let Some(why) = self.never_answered(heard.number) {
            return Ok(Meaning::FromNobody(why));
        }
        if let Some(word) = engine::keyword(heard.text, self.flows.all()) {
            return Ok(Meaning::Word(word));
        }
        if let Some(row) = run
            && let Some(campaign) = self.wanted_next(row, heard.text).await?
        {
            return Ok(Meaning::Next(campaign));
        }
        let since = self.now - LOOP_TIME;
        let before = self.tx.said_before(heard.number, heard.text, since).await?;
        let limit = self.settings.same_text_limit;
        let repeats = before.as_ref().is_some_and(|before| before.this_text + 1 >= limit);
        if let Some((row, waiting)) = run.and_then(|row| Some((row, row.waiting()?))) {
            return self.judge(heard, (row, &waiting.question), repeats).await;
        }
        if repeats {
            return Ok(Meaning::Machine);
        }
        let breath = SignedDuration::try_from(self.reading_time(heard.channel))?;
        let Some(before) =
            before.filter(|before| heard.said_at.duration_since(before.last_said_at) <= breath)
        else {
            return Ok(Meaning::Unasked);
        };
        let last = before.last_message;
        let again = self.remembered.is_again(last, heard.text);
        if again.unwrap_or_else(|| belonging::same(&before.last_text, heard.text)) {
            return Ok(Meaning::Again(None));
        }
        let is_rest = heard.keeping == Keeping::Sealed && again.is_some();
        Ok(if is_rest { Meaning::RestOfTheLast(last) } else { Meaning::Unasked })
    }

    /// Whose a reply is that came while a question was waited at.
    async fn judge(
        &mut self,
        heard: &Heard<'_>,
        (row, question): (&RunRow, &str),
        repeats: bool,
    ) -> Result<Meaning> {
        let mut so_far = self.tx.conversation(row.id).await?;
        let mut repeats = repeats;
        self.recall(&mut so_far, heard.text);
        if heard.keeping == Keeping::Sealed {
            let said = Self::said_since(&so_far, heard.text, self.now - LOOP_TIME);
            repeats = said + 1 >= self.settings.same_text_limit;
        }
        let flow = self.flow(&row.digest).await?;
        let is_gone = |id: &str| flow.question(id).is_none();
        let reply = belonging::Reply { text: heard.text, said_at: heard.said_at };
        let time = self.reading_time(heard.channel);
        Ok(match belonging::whose(&reply, question, &so_far, time) {
            Whose::Ours => {
                if let Some(gone) =
                    belonging::meant_for_one_that_is_gone(&reply, question, &so_far, time, is_gone)
                {
                    let why = "it may be the answer to a question that was taken away";
                    return Ok(Meaning::Earlier(gone.to_owned(), why));
                }
                let earlier = belonging::earlier_in_doubt(question, &so_far).next();
                let first_part = belonging::first_part(&reply, question, &so_far, time);
                let (earlier, first_part) =
                    (earlier.map(str::to_owned), first_part.map(str::to_owned));
                let doubt = Doubt { earlier, repeats, first_part };
                Meaning::Answer { question: question.to_owned(), doubt }
            }
            Whose::Again(question) => Meaning::Again(Some(question)),
            Whose::Earlier(question, why) => Meaning::Earlier(question, why),
            Whose::OnTheHeels(first, why) => Meaning::Rest { first, why },
            Whose::Nobodys => Meaning::TooEarly,
        })
    }

    /// The least time in which anybody answers a text of this channel.
    fn reading_time(&self, channel: ChannelId) -> Duration {
        let mut channels = self.channels.all.iter();
        let is_hurried = channels.any(|one| one.id == channel && one.is_hurried);
        match self.settings.reading_time {
            Some(time) => time,
            None if is_hurried => Duration::ZERO,
            None => READING_TIME,
        }
    }

    /// Senders that must not be answered: names, short codes, the office's own numbers.
    fn never_answered(&self, number: &str) -> Option<&'static str> {
        let digits = number.trim_start_matches('+');
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || digits.len() <= inbound::SHORT_CODE {
            Some("it came from a service, not from a person's phone")
        } else if self.channels.is_own_number(number) {
            Some("it came from one of the office's own numbers")
        } else {
            None
        }
    }

    /// Reads a reply as the answer to the question waited at.
    async fn answer(
        &mut self,
        mut row: RunRow,
        heard: &Heard<'_>,
        message: MessageId,
        doubt: Doubt,
    ) -> Result<()> {
        let input = Input::Text(heard.text.to_owned());
        let Some((flow, mut turn)) = self.turn(&row, &input).await? else { return Ok(()) };
        if let Some(first) = doubt.first_part.filter(|_| !is_understood(&turn)) {
            let whole = Input::Text(format!("{first} {}", heard.text));
            if let Some((_, joined)) = self.turn(&row, &whole).await?
                && is_understood(&joined)
            {
                turn = joined;
            }
        }
        if !is_understood(&turn) {
            if let Some(earlier) = doubt.earlier {
                self.tx.reply_was_to(message, &earlier).await?;
                let why = "the question before may have come twice, and this be said to it";
                return self.tx.lay_before_office(message, why, self.now).await;
            }
            if doubt.repeats {
                return self.tx.lay_before_office(message, AGAIN_AND_AGAIN, self.now).await;
            }
            if let Some((other, digest)) = self.starts_another(&flow, heard.text) {
                self.make_way(&row).await?;
                return self
                    .start_for(heard.came(), Some(row.contact), (&other, &digest), Some(Mode::Sms))
                    .await;
            }
        }
        if let Some(asked) = row.asked {
            // Whoever answers a question has got it.
            self.tx.message_answered(asked, self.now).await?;
            if row.asked_at.is_none() {
                let member = row.campaign.map(|campaign| (campaign, row.contact));
                self.fact(member, Fact::Messaged).await?;
            }
        }
        self.tx.cancel_messages_of(row.id, "the person answered first").await?;
        if row.channel != Some(heard.channel) {
            self.tx.run_talks_through(row.id, heard.channel).await?;
            row.channel = Some(heard.channel);
        }
        self.save_turn(TurnOf::of(&row, Priority::Answer, Some(message)), &flow, &turn).await
    }

    /// The second part of an answer that was taken already: a text grows, anything else must still
    /// mean the same. `false` where the parts do not belong together, or nobody knows the first.
    async fn rejoined(
        &mut self,
        row: &RunRow,
        first: &HeardReply,
        rest: &str,
        message: MessageId,
    ) -> Result<bool> {
        let Some(part) = first.text.as_deref().filter(|part| !belonging::resembles(part, rest))
        else {
            return Ok(false);
        };
        let flow = self.flow(&row.digest).await?;
        let Some(asked) = flow.question(&first.question) else { return Ok(false) };
        let Some(before) = row.run.answers.get(&first.question) else { return Ok(false) };
        let (language, earlier) = (&row.run.language, &row.run.answers);
        let about = engine::Asked { flow: &flow, question: asked, language, earlier };
        let read = |text: &str| engine::read_reply(&about, text, self.today()).value;
        let whole = format!("{part} {rest}");
        let Some(value) = read(&whole) else { return Ok(false) };
        let before = if flow.anonymous { read(part) } else { before.value.clone() };
        if before.as_ref() == Some(&value) {
            return Ok(true);
        }
        if !matches!(asked.kind, Kind::Text { .. } | Kind::Audio { .. }) {
            return Ok(false);
        }
        if flow.anonymous {
            return self.grow_apart(first.message, &value).await;
        }
        let (question, heard) = (first.question.clone(), whole);
        let answer = Answer { question, value: Some(value.clone()), heard, how: How::Repaired };
        self.tx.keep_answer(row.id, &answer, Some(message), self.now).await?;
        if let Some(field) = &asked.save_to {
            let change = ContactChange::SetField(field.clone(), value);
            self.tx.change_contact(row.contact, &change).await?;
        }
        Ok(true)
    }

    /// The second part of the last answer of a run that is over by now. That of an anonymous run
    /// is told by what is remembered of it alone ([`Work::grows_after_the_end`]).
    async fn rejoins_the_last(&mut self, heard: &Heard<'_>, message: MessageId) -> Result<bool> {
        let Some(row) = self.tx.last_run(heard.number).await? else { return Ok(false) };
        if self.flow(&row.digest).await?.anonymous {
            return Ok(false);
        }
        let so_far = self.tx.conversation(row.id).await?;
        let reply = belonging::Reply { text: heard.text, said_at: heard.said_at };
        let Some(last) = belonging::said_before(&reply, &so_far) else { return Ok(false) };
        let time = self.reading_time(heard.channel);
        let first = belonging::first_part(&reply, &last.question, &so_far, time);
        // What was said before may be said again, to whichever question it was.
        let mut said = so_far.heard.iter().filter_map(|heard| heard.text.as_deref());
        let is_old = said.any(|text| belonging::resembles(text, heard.text));
        if first.is_none() || is_old || engine::refuses(heard.text, self.flows.all()) {
            return Ok(false);
        }
        let joined = self.rejoined(&row, last, heard.text, message).await?;
        if joined {
            self.tx.reply_was_to(message, &last.question).await?;
        }
        Ok(joined)
    }

    /// Gives a run an input and writes down what follows.
    pub(super) async fn advance(
        &mut self,
        row: &RunRow,
        input: Input,
        priority: Priority,
    ) -> Result<()> {
        match self.turn(row, &input).await? {
            Some((flow, turn)) => {
                self.save_turn(TurnOf::of(row, priority, None), &flow, &turn).await
            }
            None => Ok(()),
        }
    }

    /// What follows from an input; `None` where the contact is gone: an import was undone
    /// meanwhile, and the run ends.
    pub(super) async fn turn(
        &mut self,
        row: &RunRow,
        input: &Input,
    ) -> Result<Option<(std::sync::Arc<Flow>, Turn)>> {
        let flow = self.flow(&row.digest).await?;
        let Some(contact) = self.tx.contact(row.contact).await? else {
            let why = "the contact was deleted";
            let status = RunStatus::Ended(Ended::Failed(why.to_owned()));
            let run = Run { status, ..row.run.clone() };
            self.tx.save_run(row.id, &run, None, self.now).await?;
            self.number_is_free(&row.number).await?;
            if let Some(campaign) = row.campaign {
                let member = (campaign, row.contact);
                self.tx.member_over(member, Disposition::Failed, why).await?;
                self.finish_campaign_if_done(campaign).await?;
            }
            return Ok(None);
        };
        let turn = engine::advance(&flow, &contact, &row.run, input, self.today());
        Ok(Some((flow, turn)))
    }

    /// Nobody waits for this text: a word that starts a flow, a late reply, or a person's to read.
    async fn unasked(
        &mut self,
        heard: &Heard<'_>,
        contact: Option<ContactId>,
        message: MessageId,
    ) -> Result<()> {
        if self.tx.is_stopped(heard.number).await? {
            let why = "it came from somebody who said STOP; nothing is sent back";
            return self.tx.lay_before_office(message, why, self.now).await;
        }
        if let Some((flow, digest)) = self.flows.started_by(heard.text) {
            return self.start_for(heard.came(), contact, (&flow, &digest), Some(Mode::Sms)).await;
        }
        if self.rejoins_the_last(heard, message).await? {
            return Ok(());
        }
        if let Some(row) = self.late(heard).await? {
            return self.answer(row, heard, message, Doubt::default()).await;
        }
        self.catch(heard, contact, message).await
    }

    /// What nobody had asked for begins the flow that anything starts, once a day; a person in the
    /// office sees it in any case.
    async fn catch(
        &mut self,
        heard: &Heard<'_>,
        contact: Option<ContactId>,
        message: MessageId,
    ) -> Result<()> {
        let why = match heard.keeping {
            Keeping::Open => "nobody had asked for it",
            Keeping::Sealed => "it came after an anonymous survey; what it says was not kept",
        };
        let Some((flow, digest)) = self.flows.started_by_anything() else {
            return self.tx.lay_before_office(message, why, self.now).await;
        };
        let day_ago = self.now - SignedDuration::from_hours(24);
        if self.tx.has_begun_since(heard.number, &flow.id, day_ago).await? {
            return self.tx.lay_before_office(message, why, self.now).await;
        }
        let why = format!("{why}; `{}` was begun", flow.id);
        self.tx.lay_before_office(message, &why, self.now).await?;
        self.start_for(heard.came(), contact, (&flow, &digest), Some(Mode::Sms)).await
    }

    /// Begins a flow for somebody who asked for it, by this channel.
    pub(super) async fn start_for(
        &mut self,
        (number, channel): (&str, ChannelId),
        contact: Option<ContactId>,
        (flow, digest): (&Flow, &str),
        wanted: Option<Mode>,
    ) -> Result<()> {
        if PhoneNumber::from_e164(number).is_none() {
            return Ok(());
        }
        let mode = self.mode_for(flow, wanted);
        let id = match contact {
            Some(id) => id,
            None => self.tx.stranger(number, self.now).await?,
        };
        let Some(contact) = self.tx.contact(id).await? else { return Ok(()) };
        let talk = Talk { number, channel: Some(channel), priority: Priority::Answer, mode };
        let (of, turn) = self.begin_run((flow, digest), &contact, None, talk).await?;
        self.save_turn(of, flow, &turn).await
    }

    /// A reply to a run whose time was over, or FIX after its end, reopens it at its last question,
    /// for as long again as the question waited.
    async fn late(&mut self, heard: &Heard<'_>) -> Result<Option<RunRow>> {
        let Some(mut row) = self.tx.last_run(heard.number).await? else { return Ok(None) };
        let Some(ended_at) = row.ended_at else { return Ok(None) };
        let may_go_on = match &row.run.status {
            RunStatus::Ended(Ended::Expired) => true,
            RunStatus::Ended(Ended::Completed(_) | Ended::EndedEarly(_)) => {
                engine::is_fix(heard.text, self.flows.all())
            }
            RunStatus::Ended(_) | RunStatus::Waiting(_) => false,
        };
        if !may_go_on {
            return Ok(None);
        }
        let Some(question) = self.tx.last_question(row.id).await? else { return Ok(None) };
        let flow = self.flow(&row.digest).await?;
        if flow.anonymous && engine::is_fix(heard.text, self.flows.all()) {
            return Ok(None);
        }
        let Some(rules) = flow.question(&question).map(|question| &question.rules) else {
            return Ok(None);
        };
        if self.now > ended_at + rules.expires_after {
            return Ok(None);
        }
        row.run.status = RunStatus::Waiting(Waiting::at(question));
        if let Some(campaign) = row.campaign {
            self.tx.member_again((campaign, row.contact)).await?;
            self.facts_anew((campaign, row.contact));
            self.tx.campaign_is(campaign, CampaignStatus::Running).await?;
            self.tx.release_starts_of(campaign).await?;
            self.fact(Some((campaign, row.contact)), Fact::Reached).await?;
        }
        Ok(Some(row))
    }
}

fn is_understood(turn: &Turn) -> bool {
    turn.effects.iter().any(|effect| matches!(effect, Effect::Record(answer) if is_settled(answer)))
}

/// Whether an answer says something: a value, or that the person does not want to give one.
fn is_settled(answer: &Answer) -> bool {
    answer.value.is_some() || answer.how == How::Refused
}
