//! Calls that come: a missed call costs its caller nothing, and begins or goes on with their flow.
//!
//! Nobody answers a call here. One that rings is written down at once; when it is over, its number
//! decides: the question that is waited at is sent again, or the flow begins that says so
//! (`missed_call_starts`). Withheld and foreign numbers, services and those who said STOP get
//! nothing, nobody gets more than a few texts a day for ringing, and a second ring within minutes
//! is the same call.

use super::turns::TurnOf;
use super::{ModemNo, Work, inbound};
use crate::model::{ChannelId, Input, Mode, PhoneNumber, Priority};
use crate::store::{OpenCall, RunRow};
use anyhow::Result;
use jiff::SignedDuration;
use rollcall_drivers::modem::{CallEvent, CallId};

/// A call so soon after one that was heeded is the same wish again.
const APART: SignedDuration = SignedDuration::from_mins(10);
/// How many calls of one number are heeded in a day.
const MOST_A_DAY: i64 = 3;
/// How long after they rang somebody is called back: their phone must be free again.
const HANGS_UP_IN: SignedDuration = SignedDuration::from_secs(10);
/// A call of before a long stop is too old to be heeded.
const TOO_OLD: SignedDuration = SignedDuration::from_hours(2);

/// What followed a missed call.
enum Followed {
    /// Nothing was sent, and why.
    Nothing(&'static str),
    /// Something was sent; what, in words.
    Sent(String),
    /// Somebody in the office sees it.
    Seen(&'static str),
}

impl Work<'_> {
    /// A modem tells of a call.
    pub(super) async fn call(
        &mut self,
        modem: ModemNo,
        id: CallId,
        event: CallEvent,
    ) -> Result<()> {
        if let CallId::Placed(_) = id {
            return match self.channels.in_call(modem, id) {
                Some(at) => self.placed_call(at, event).await,
                None => {
                    self.own_call_says(modem, id, &event);
                    Ok(())
                }
            };
        }
        let Some(channel) = self.channels.of_modem(modem) else { return Ok(()) };
        let (channel_id, open) = (channel.id, channel.ringing.get(&id).copied());
        match (event, open) {
            (CallEvent::Rings { number }, None) => {
                let number = number.map(|number| self.caller(number));
                let row = self.tx.call_rings(channel_id, number.as_deref(), self.now).await?;
                if let Some(channel) = self.channels.of_modem(modem) {
                    channel.ringing.insert(id, row);
                }
            }
            (CallEvent::Rings { number: Some(number) }, Some(row)) => {
                let number = self.caller(number);
                self.tx.call_is_from(row, &number).await?;
            }
            (CallEvent::Ended(ended), Some(row)) => {
                channel.ringing.remove(&id);
                let open = self.tx.open_calls().await?.into_iter().find(|call| call.id == row);
                if let Some(call) = open {
                    self.missed(call, &ended.to_string()).await?;
                }
            }
            (CallEvent::Rings { number: None }, Some(_)) => {}
            (CallEvent::RingsThere | CallEvent::Answered | CallEvent::Ended(_), _) => {}
            // Whoever moves its sound hears of these.
            (CallEvent::SoundOn | CallEvent::NoSound(_) | CallEvent::Key(_), _) => {}
        }
        Ok(())
    }

    /// Calls that rang when the last stop came.
    pub(super) async fn recover_calls(&mut self) -> Result<()> {
        for call in self.tx.open_calls().await? {
            self.missed(call, "the computer was off when it ended").await?;
        }
        Ok(())
    }

    /// A caller's number in full; some networks leave the country out.
    fn caller(&self, written: String) -> String {
        let number = PhoneNumber::parse(&written, self.settings.region);
        number.map_or(written, |number| number.e164().to_owned())
    }

    async fn missed(&mut self, call: OpenCall, how: &str) -> Result<()> {
        let followed = self.heed(&call).await?;
        let name = self.channels.by_id(call.channel).map(|channel| channel.settings.name.clone());
        let name = name.unwrap_or_default();
        let who = who(call.number.as_deref());
        let (words, heeded) = match &followed {
            Followed::Nothing(why) => (*why, false),
            Followed::Seen(words) => (*words, true),
            Followed::Sent(what) => (what.as_str(), true),
        };
        self.show(format!("{name}: missed call from {who}: {words}"));
        self.tx.call_over(call.id, (how, words, heeded), self.now).await
    }

    /// Does what a missed call asks for.
    async fn heed(&mut self, call: &OpenCall) -> Result<Followed> {
        let Some(number) = call.number.clone() else {
            return Ok(Followed::Nothing("the number was withheld"));
        };
        if let Some(why) = self.never_heeded(call, &number) {
            return Ok(Followed::Nothing(why));
        }
        if self.tx.is_stopped(&number).await? {
            return Ok(Followed::Nothing("this number said STOP"));
        }
        let day_ago = self.now - SignedDuration::from_hours(24);
        let (heeded, last) = self.tx.heeded_calls(&number, day_ago).await?;
        if heeded > 0 && call.rang_at.duration_since(last) < APART {
            return Ok(Followed::Nothing("it had rung a moment before"));
        }
        if heeded >= MOST_A_DAY {
            return Ok(Followed::Nothing("it has rung too often today"));
        }
        match self.tx.waiting_run(&number).await? {
            Some(row) => match self.call_back(&row).await? {
                Some(followed) => Ok(followed),
                None => self.ask_again(call.channel, &row).await,
            },
            None => self.begin_on_missed_call(call.channel, &number).await,
        }
    }

    /// Numbers that get nothing for ringing.
    fn never_heeded(&self, call: &OpenCall, number: &str) -> Option<&'static str> {
        let home = PhoneNumber::parse(number, self.settings.region).ok();
        let is_home = home.is_some_and(|home| home.is_ordinary_in(self.settings.region));
        if self.now.duration_since(call.rang_at) > TOO_OLD {
            Some("it was too long ago")
        } else if self.channels.is_own_number(number) {
            Some("it was one of the office's own numbers")
        } else if number.trim_start_matches('+').len() <= inbound::SHORT_CODE {
            Some("it was a service, not a person's phone")
        } else if !is_home {
            Some("it was a number of another country, or no ordinary one")
        } else {
            None
        }
    }

    /// Calls back who is in a flow by call, or in one that missed calls begin by call.
    async fn call_back(&mut self, row: &RunRow) -> Result<Option<Followed>> {
        let flow = self.flow(&row.digest).await?;
        let by_call = flow.missed_call_starts == Some(Mode::Voice);
        let may_call = flow.channels.contains(&Mode::Voice) && self.channels.make_calls();
        match row.run.mode {
            Mode::Sms if by_call && may_call => {
                self.tx.cancel_messages_of(row.id, "it goes on by call").await?;
                self.advance(row, Input::GoOnBy(Mode::Voice), Priority::Answer).await?;
            }
            Mode::Sms => return Ok(None),
            Mode::Voice => {}
        }
        self.tx.hasten_call(row.id, self.now + HANGS_UP_IN, "they rang").await?;
        Ok(Some(Followed::Sent(format!("`{}` goes on: they are called back", flow.id))))
    }

    /// Sends the question again that its person is waited for.
    async fn ask_again(&mut self, channel: ChannelId, row: &RunRow) -> Result<Followed> {
        let (Some(asked), Some(waiting)) = (row.asked, row.waiting()) else {
            return Ok(Followed::Nothing("their question is on its way"));
        };
        if row.asked_at.is_none() {
            return Ok(Followed::Nothing("their question is on its way"));
        }
        let Some(body) = self.tx.body_of(asked).await? else {
            return Ok(Followed::Nothing("their question is gone"));
        };
        let of = TurnOf { channel: Some(channel), ..TurnOf::of(row, Priority::Answer, None) };
        self.say(of, row.run.turn, Some(&waiting.question), &body).await?;
        Ok(Followed::Sent(format!("question `{}` is sent again", waiting.question)))
    }

    async fn begin_on_missed_call(&mut self, channel: ChannelId, number: &str) -> Result<Followed> {
        let Some((flow, digest)) = self.flows.started_by_missed_call() else {
            let why = "somebody called, and no flow begins on a missed call";
            self.for_the_office((channel, number), "(missed call)", why).await?;
            return Ok(Followed::Seen("it waits for a person in the office"));
        };
        let contact = self.tx.owners(number).await?.first().copied();
        let wanted = flow.missed_call_starts;
        self.start_for((number, channel), contact, (&flow, &digest), wanted).await?;
        let Some(row) = self.tx.waiting_run(number).await? else {
            return Ok(Followed::Sent(format!("`{}` begins by SMS", flow.id)));
        };
        if row.run.mode == Mode::Voice {
            self.tx.hasten_call(row.id, self.now + HANGS_UP_IN, "they rang").await?;
            return Ok(Followed::Sent(format!("`{}` begins: they are called back", flow.id)));
        }
        Ok(Followed::Sent(match wanted {
            Some(Mode::Voice) => {
                format!("`{}` begins by SMS, for no channel makes calls", flow.id)
            }
            Some(Mode::Sms) | None => format!("`{}` begins by SMS", flow.id),
        }))
    }
}

/// Who calls or is called, masked.
pub(super) fn who(number: Option<&str>) -> String {
    let number = number.and_then(PhoneNumber::from_e164);
    number.map_or_else(|| "a number that is not told".to_owned(), |number| number.to_string())
}
