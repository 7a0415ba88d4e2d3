//! Asks the network's services (USSD): a code such as `*124#`, its answer, and the menus behind it.
//!
//! At most one session is open. It lives beside messages and never before them: a request is given
//! only when nothing else is to be done, and while the network thinks, and while a person reads a
//! menu, messages come and go as always. A request may cost money, so it is given a second time
//! only where the first was surely not taken: the modem refused the way it was written, at once.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use super::event::Event;
use super::exchange::Job;
use super::{Modem, Phase};
use crate::at::commands::Request;
use crate::at::errors::{Cause, RetryClass};
use crate::at::offers;
use crate::at::ussd::{NetworkText, Written};

/// What the network's services may be asked. [`Ussd::Dial`] and [`Ussd::Reply`] are each followed
/// by a menu, an answer or an end, as [`UssdNews`] has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ussd {
    /// Dial a code.
    Dial {
        /// E.g. `*124#`.
        code: String,
        /// How it is written for the modem; `None`: as this modem was seen to understand it, else
        /// in each known way until it is not refused.
        written: Option<Written>,
    },
    /// Answer the menu that is open.
    Reply {
        /// E.g. `1`.
        text: String,
    },
    /// End whatever is under way.
    End,
}

/// What the network's services say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UssdNews {
    /// They wait for a reply, for as long as the network has patience. May come again while it is
    /// open.
    Menu {
        /// What is to be read.
        text: String,
    },
    /// That is the answer, and the end. It may be empty.
    Answer {
        /// What is to be read.
        text: String,
    },
    /// It ended without an answer. [`NoAnswer::Busy`] is about the second request alone.
    Over(NoAnswer),
    /// The network says something that nobody asked.
    Unasked {
        /// What is to be read.
        text: String,
    },
}

/// Why there is no answer. Its words say what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// Another request is under way; that one goes on.
    Busy,
    /// A reply, and no menu is open (any more).
    NoMenu,
    /// The modem is starting, or somebody has to see to it.
    NotReady,
    /// The request has letters that cannot be sent, or is too long.
    Unwritable,
    /// The modem or the network refuses it.
    Refused(Cause),
    /// The network ended it without a word (`<m>` 2).
    EndedByNetwork,
    /// A phone with the same SIM, or another program, has taken it (`<m>` 3).
    TakenByAnother,
    /// The network has no such service for this SIM (`<m>` 4).
    NotSupported,
    /// The network has waited too long (`<m>` 5).
    NetworkTimedOut,
    /// The network has not answered.
    Silent {
        /// How long it was waited for.
        waited: Duration,
    },
    /// Nobody has replied to the menu.
    NoReply {
        /// How long it was waited for.
        waited: Duration,
    },
    /// It was ended on request.
    Ended,
    /// The modem started anew meanwhile: whether the network has done it nobody knows.
    Interrupted,
}

/// A command that is given for a session.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// In which character set strings are to be written.
    Charset,
    /// A code or a reply.
    Give(String),
    /// No more.
    End,
}

/// The session, and what is remembered of earlier ones.
#[derive(Debug, Default)]
pub(super) struct Services {
    session: Option<Session>,
    /// How a request was written to which the network said something.
    understood: Option<Written>,
}

#[derive(Debug)]
struct Session {
    stage: Stage,
    /// What is asked.
    text: String,
    /// How it is written, this time.
    written: Written,
    /// Other ways to write it, if this one is refused.
    ways: VecDeque<Written>,
}

#[derive(Debug)]
enum Stage {
    /// A new code: the character set is asked first.
    New { only: Option<Written> },
    /// To be given when nothing else is to be done.
    ToGive,
    /// Given, and the network has said nothing yet.
    Asked { since: Instant },
    /// The network ended it, and may be about to say why: some modems tell the end first.
    Ending(NetworkText),
    /// A person reads a menu.
    Open,
    /// To be ended with a command of its own; then this is said.
    ToEnd(NoAnswer),
}

/// A refusal later than this may be the network's: the request is not given again.
const AT_ONCE: Duration = Duration::from_secs(1);

impl Part {
    pub fn request(&self) -> Request {
        match self {
            Part::Charset => Request::Charset,
            Part::Give(typed) => Request::Ussd(typed.clone()),
            Part::End => Request::UssdEnd,
        }
    }
}

impl Modem {
    pub(super) fn ask_network(&mut self, ask: Ussd) {
        if !matches!(self.phase, Phase::Ready) && ask != Ussd::End {
            return self.say_of_network(UssdNews::Over(NoAnswer::NotReady));
        }
        match ask {
            Ussd::Dial { .. } if self.services.session.is_some() => {
                self.say_of_network(UssdNews::Over(NoAnswer::Busy));
            }
            Ussd::Dial { code, written } => {
                let stage = Stage::New { only: written };
                let written = Written::Plain;
                let session = Session { stage, text: code, written, ways: VecDeque::new() };
                self.services.session = Some(session);
            }
            Ussd::Reply { text } => self.reply_to_menu(text),
            Ussd::End => self.end_on_request(),
        }
    }

    fn reply_to_menu(&mut self, text: String) {
        match &mut self.services.session {
            Some(session) if matches!(session.stage, Stage::Open) => {
                if session.written.write(&text).is_none() {
                    return self.say_of_network(UssdNews::Over(NoAnswer::Unwritable));
                }
                (session.text, session.stage) = (text, Stage::ToGive);
                self.deadlines.session = None;
            }
            Some(_) => self.say_of_network(UssdNews::Over(NoAnswer::Busy)),
            None => self.say_of_network(UssdNews::Over(NoAnswer::NoMenu)),
        }
    }

    fn end_on_request(&mut self) {
        let Some(session) = &mut self.services.session else {
            return;
        };
        match session.stage {
            Stage::New { .. } => self.close_session(UssdNews::Over(NoAnswer::Ended)),
            // A reply that was not given yet is not given any more.
            Stage::ToGive | Stage::Asked { .. } | Stage::Open => {
                session.stage = Stage::ToEnd(NoAnswer::Ended);
                self.deadlines.session = None;
            }
            Stage::Ending(_) | Stage::ToEnd(_) => {}
        }
    }

    /// What the session wants to be given next, if its time has come.
    pub(super) fn next_part(&mut self, now: Instant) -> Option<Job> {
        self.look_at_session(now);
        // A modem that is in a call does one thing at a time.
        if self.has_call() {
            return None;
        }
        let session = self.services.session.as_mut()?;
        let part = match &session.stage {
            Stage::New { .. } => Part::Charset,
            Stage::ToGive => {
                let typed = session.written.write(&session.text)?;
                session.stage = Stage::Asked { since: now };
                self.deadlines.session = Some(now + self.settings.ussd);
                Part::Give(typed)
            }
            Stage::ToEnd(_) => Part::End,
            Stage::Asked { .. } | Stage::Ending(_) | Stage::Open => return None,
        };
        Some(Job::Ussd(part))
    }

    /// The time of what is waited for may be over.
    fn look_at_session(&mut self, now: Instant) {
        if self.deadlines.session.is_none_or(|due| due > now) {
            return;
        }
        self.deadlines.session = None;
        let Some(session) = &mut self.services.session else {
            return;
        };
        match &session.stage {
            Stage::Asked { .. } => {
                session.stage = Stage::ToEnd(NoAnswer::Silent { waited: self.settings.ussd });
            }
            Stage::Open => {
                let waited = self.settings.ussd_reply;
                session.stage = Stage::ToEnd(NoAnswer::NoReply { waited });
            }
            Stage::Ending(told) => {
                let news = last_word(told);
                self.close_session(news);
            }
            Stage::New { .. } | Stage::ToGive | Stage::ToEnd(_) => {}
        }
    }

    pub(super) fn finish_part(
        &mut self,
        now: Instant,
        part: &Part,
        outcome: Result<Vec<String>, Cause>,
    ) {
        let Some(session) = &mut self.services.session else {
            // The network's word came before the modem's.
            return;
        };
        match (part, &session.stage) {
            (Part::Charset, Stage::New { only }) => {
                let only = *only;
                self.choose_ways(only, &outcome.unwrap_or_default());
            }
            (Part::Give(_), Stage::Asked { since }) => {
                if let Err(cause) = outcome {
                    let at_once = now.duration_since(*since) <= AT_ONCE;
                    self.note_refusal(at_once, cause);
                }
            }
            (Part::End, Stage::ToEnd(why)) => {
                let news = UssdNews::Over(why.clone());
                self.close_session(news);
            }
            _ => {}
        }
    }

    /// The ways to write the code, the likeliest first.
    fn choose_ways(&mut self, only: Option<Written>, answer: &[String]) {
        let charset = answer.last().and_then(|line| offers::charsets(line).into_iter().next());
        let as_strings = Written::in_charset(charset.as_deref().unwrap_or_default());
        let known = self.services.understood.into_iter();
        let all = known.chain(self.profile.ussd.iter().map(|way| match way {
            Written::Plain => as_strings,
            other => *other,
        }));
        let Some(session) = &mut self.services.session else {
            return;
        };
        let mut ways = VecDeque::new();
        for way in only.map_or_else(|| all.collect::<Vec<_>>(), |only| vec![only]) {
            if way.write(&session.text).is_some() && !ways.contains(&way) {
                ways.push_back(way);
            }
        }
        session.ways = ways;
        self.try_next_way(NoAnswer::Unwritable);
    }

    /// Writes the code in another way; where there is none left, it is over, and why.
    fn try_next_way(&mut self, why: NoAnswer) {
        self.deadlines.session = None;
        let Some(session) = &mut self.services.session else {
            return;
        };
        match session.ways.pop_front() {
            Some(way) => (session.written, session.stage) = (way, Stage::ToGive),
            None => self.close_session(UssdNews::Over(why)),
        }
    }

    fn note_refusal(&mut self, at_once: bool, cause: Cause) {
        let may_be_the_writing = match cause.advice() {
            RetryClass::Ambiguous | RetryClass::Bug | RetryClass::Setup => at_once,
            RetryClass::RetrySoon
            | RetryClass::RetryLater
            | RetryClass::WaitNetwork
            | RetryClass::StorageFull
            | RetryClass::Sim
            | RetryClass::Destination
            | RetryClass::Device
            | RetryClass::TreatAsSent
            | RetryClass::Harmless
            | RetryClass::Unclear => false,
        };
        let why = NoAnswer::Refused(cause);
        if may_be_the_writing {
            self.try_next_way(why);
        } else {
            self.close_session(UssdNews::Over(why));
        }
    }

    /// The network says something, asked or not.
    pub(super) fn note_network_text(&mut self, now: Instant, told: NetworkText) {
        let Some(session) = &mut self.services.session else {
            return self.note_unasked(told);
        };
        match &session.stage {
            Stage::New { .. } | Stage::ToGive => return self.note_unasked(told),
            // It has not said a word about what it ends, or does so only now.
            Stage::Ending(before) if told.text.is_empty() && !before.text.is_empty() => return,
            Stage::ToEnd(_) if told.text.is_empty() => return,
            Stage::Asked { .. } | Stage::Ending(_) | Stage::Open | Stage::ToEnd(_) => {}
        }
        if !told.text.is_empty() {
            self.services.understood = Some(session.written);
        }
        match told.status {
            1 => {
                session.ways.clear();
                session.stage = Stage::Open;
                self.deadlines.session = Some(now + self.settings.ussd_reply);
                self.say_of_network(UssdNews::Menu { text: told.text });
            }
            2 | 3 => {
                session.stage = Stage::Ending(told);
                self.deadlines.session = Some(now + self.settings.ussd_more);
            }
            // The network did nothing, perhaps because it could not read the request.
            4 if matches!(session.stage, Stage::Asked { .. }) => {
                self.try_next_way(NoAnswer::NotSupported);
            }
            _ => {
                let news = last_word(&told);
                self.close_session(news);
            }
        }
    }

    fn note_unasked(&mut self, told: NetworkText) {
        if !told.text.is_empty() {
            self.say_of_network(UssdNews::Unasked { text: told.text });
        }
    }

    /// Nothing of the session can be believed any more: the modem starts anew, or is gone.
    pub(super) fn interrupt_session(&mut self) {
        if self.services.session.is_some() {
            self.close_session(UssdNews::Over(NoAnswer::Interrupted));
        }
    }

    fn close_session(&mut self, news: UssdNews) {
        self.services.session = None;
        self.deadlines.session = None;
        self.say_of_network(news);
    }

    fn say_of_network(&mut self, news: UssdNews) {
        self.events.push_back(Event::Ussd(news));
    }
}

/// What the network said last, and how it ended by that.
fn last_word(told: &NetworkText) -> UssdNews {
    let text = told.text.clone();
    match told.status {
        2 | 3 | 5 if !text.is_empty() => UssdNews::Answer { text },
        2 => UssdNews::Over(NoAnswer::EndedByNetwork),
        3 => UssdNews::Over(NoAnswer::TakenByAnother),
        4 => UssdNews::Over(NoAnswer::NotSupported),
        5 => UssdNews::Over(NoAnswer::NetworkTimedOut),
        _ => UssdNews::Answer { text },
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoAnswer::Busy => out
                .write_str("another code is under way on this modem: wait for its end, or end it"),
            NoAnswer::NoMenu => out.write_str("no menu is open any more: dial the code again"),
            NoAnswer::NotReady => out.write_str("the modem is not ready"),
            NoAnswer::Unwritable => out.write_str(
                "this cannot be sent: a code has digits, * and #, and a reply at most 182 letters \
                 without quotation marks",
            ),
            NoAnswer::Refused(cause) => write!(out, "the modem refuses it: {cause}"),
            NoAnswer::EndedByNetwork => out.write_str(
                "the network ended it without a word: check the code, or try it from a phone",
            ),
            NoAnswer::TakenByAnother => {
                out.write_str("another program or a phone with this SIM has answered it")
            }
            NoAnswer::NotSupported => {
                out.write_str("the network knows no such code for this SIM: check the code")
            }
            NoAnswer::NetworkTimedOut => {
                out.write_str("the network waited too long for the next step: dial again")
            }
            NoAnswer::Silent { waited } => write!(
                out,
                "the network has not answered for {} s; it may have done what was asked all the \
                 same: look before you ask again",
                waited.as_secs()
            ),
            NoAnswer::NoReply { waited } => {
                write!(out, "nobody replied to the menu for {} s: dial again", waited.as_secs())
            }
            NoAnswer::Ended => out.write_str("it was ended on request"),
            NoAnswer::Interrupted => out.write_str(
                "the modem started anew meanwhile; the network may have done what was asked all \
                 the same: look before you ask again",
            ),
        }
    }
}
