//! Octets came: kept raw, refused if they are a twin, told apart by what they are.
//!
//! A whole text goes on to `replies`, a part to `parts`, a report to `reports`. Nothing is ever
//! thrown away: what cannot be read waits for a person.

use super::anonymous::{Keeping, envelope, without_words};
use super::replies::Heard;
use super::{Command, ModemNo, Work};
use crate::engine;
use crate::model::{ChannelId, MessageId, PhoneNumber, Region};
use crate::store::{NewPdu, NewReply, PduKind, StoredPart, Twin};
use anyhow::Result;
use jiff::Timestamp;
use rollcall_drivers::modem::{self, Slot};
use rollcall_drivers::pdu::{
    Address, Body, Deliver, Incoming, NumberPlan, Purpose, ReadBy, decode_incoming,
};
use sha2::{Digest, Sha256};

/// The longest short code, in digits.
pub(super) const SHORT_CODE: usize = 6;

impl Work<'_> {
    /// Keeps what a modem received. Only after the commit the modem may delete it.
    pub(super) async fn received(
        &mut self,
        modem: ModemNo,
        slot: Option<Slot>,
        pdu: &[u8],
    ) -> Result<()> {
        let Some(channel) = self.channels.of_modem(modem).map(|channel| channel.id) else {
            // A modem that carries no channel keeps its messages.
            return Ok(());
        };
        match decode_incoming(pdu) {
            // Its octets might look like an answer, and are none.
            Ok(Incoming::Deliver(deliver)) if deliver.purpose() == Purpose::Compressed => {
                self.unreadable(channel, pdu, Purpose::Compressed.words()).await?;
            }
            Ok(Incoming::Deliver(deliver)) => self.deliver(channel, pdu, &deliver).await?,
            Ok(Incoming::StatusReport(report)) => {
                let new = as_it_is(channel, pdu, (PduKind::Report, ""));
                if let Twin::New(_) = self.keep(&new, pdu, pdu).await? {
                    self.reported(channel, &report).await?;
                }
            }
            Err(why) => self.unreadable(channel, pdu, &why.to_string()).await?,
        }
        if let Some(slot) = slot {
            self.commands.push(Command::Modem(modem, modem::Command::Forget { slot }));
        }
        Ok(())
    }

    /// Stores a PDU; the hash of what stays the same when a message is offered again refuses its
    /// twins, also under the other name that it would have had.
    async fn keep(&mut self, new: &NewPdu<'_>, same: &[u8], other: &[u8]) -> Result<Twin> {
        let name = |octets: &[u8]| {
            let hash: String =
                Sha256::digest(octets).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            format!("{}:{hash}", new.channel)
        };
        let new = NewPdu { twin_key: &name(same), other_key: &name(other), ..*new };
        self.tx.keep_pdu(&new, self.now).await
    }

    async fn unreadable(&mut self, channel: ChannelId, pdu: &[u8], why: &str) -> Result<()> {
        let new = as_it_is(channel, pdu, (PduKind::Unreadable, why));
        let Twin::New(raw) = self.keep(&new, pdu, pdu).await? else { return Ok(()) };
        let text = format!("(unreadable message: {why})");
        let why = "this message could not be read";
        let message = self.for_the_office((channel, "unknown"), &text, why).await?;
        self.tx.pdu_became(raw, message).await
    }

    /// Keeps a text that answers nothing, and lays it before a person.
    pub(super) async fn for_the_office(
        &mut self,
        (channel, number): (ChannelId, &str),
        text: &str,
        why: &str,
    ) -> Result<MessageId> {
        let new = NewReply {
            number,
            contact: self.tx.owners(number).await?.first().copied(),
            channel,
            run: None,
            question: None,
            text,
            said_at: self.now,
        };
        let message = self.tx.receive_message(&new, self.now).await?;
        self.tx.lay_before_office(message, why, self.now).await?;
        Ok(message)
    }

    async fn deliver(&mut self, channel: ChannelId, pdu: &[u8], deliver: &Deliver) -> Result<()> {
        let number = full_number(&deliver.from, self.settings.region);
        let keeping = match deliver.text().and_then(|text| engine::keyword(text, self.flows.all()))
        {
            Some(_) if deliver.part().is_none() => Keeping::Open,
            Some(_) | None => self.keeping(&number).await?,
        };
        let kind = match for_a_program(deliver) {
            Some(why) => (PduKind::Special, why),
            None => (PduKind::Deliver, ""),
        };
        let Twin::New(raw) =
            self.keep_delivered((channel, &number), pdu, deliver, kind, keeping).await?
        else {
            return Ok(());
        };
        if kind.0 == PduKind::Special {
            return Ok(());
        }
        if deliver.data.missing() > 0 {
            return self.cut_short(raw, (channel, &number), deliver, keeping).await;
        }
        let said_at = deliver.time.unix_seconds().and_then(|at| Timestamp::from_second(at).ok());
        let said_at = said_at.unwrap_or(self.now);
        let Some(part) = deliver.part() else {
            let text = words(deliver.body());
            let heard = Heard { number: &number, text: &text, channel, said_at, keeping };
            let message = self.hear(&heard).await?;
            return self.tx.pdu_became(raw, message).await;
        };
        let Some((text, parts)) = self.join(raw, &number, part).await? else { return Ok(()) };
        let keeping = kept_as(keeping, &parts);
        let heard = Heard { number: &number, text: &text, channel, said_at, keeping };
        let message = self.hear(&heard).await?;
        self.became(&parts, message, keeping).await
    }

    /// The end of a text got lost between the stick and here: what is left of `14` may be `1`. It
    /// is never an answer, nor a part of one.
    async fn cut_short(
        &mut self,
        raw: i64,
        (channel, number): (ChannelId, &str),
        deliver: &Deliver,
        keeping: Keeping,
    ) -> Result<()> {
        let left = words(deliver.body());
        let text = match keeping {
            Keeping::Open => format!("{left}… (the rest of this message is missing)"),
            Keeping::Sealed => "(a message whose rest is missing)".to_owned(),
        };
        let why = "the end of this message is missing: ask for it again";
        let message = self.for_the_office((channel, number), &text, why).await?;
        self.tx.pdu_became(raw, message).await?;
        if keeping == Keeping::Sealed {
            self.tx.seal_pdu(raw, &envelope(&deliver.encode().octets)).await?;
        }
        Ok(())
    }

    /// Parts became a message; what may be an anonymous answer goes out of them.
    pub(super) async fn became(
        &mut self,
        parts: &[StoredPart],
        message: MessageId,
        keeping: Keeping,
    ) -> Result<()> {
        for part in parts {
            self.tx.pdu_became(part.raw_pdu, message).await?;
            if keeping == Keeping::Sealed {
                self.tx.seal_pdu(part.raw_pdu, &envelope(&part.octets)).await?;
            }
        }
        Ok(())
    }

    /// Keeps a message from a phone. A part of a long text keeps its words until the others are
    /// there; anything else that may be an anonymous answer loses them here.
    async fn keep_delivered(
        &mut self,
        (channel, number): (ChannelId, &str),
        pdu: &[u8],
        deliver: &Deliver,
        kind: (PduKind, &str),
        keeping: Keeping,
    ) -> Result<Twin> {
        let (whole, wordless) = (without_the_way_it_came(deliver), without_words(number, deliver));
        let new = as_it_is(channel, pdu, kind);
        match keeping {
            Keeping::Open => self.keep(&new, &whole, &wordless).await,
            Keeping::Sealed => {
                let empty = envelope(pdu);
                let octets = if deliver.part().is_some() { pdu } else { &empty };
                self.keep(&NewPdu { octets, sealed: true, ..new }, &wordless, &whole).await
            }
        }
    }
}

/// A text of which one part was sealed is sealed, whatever waits by now.
pub(super) fn kept_as(keeping: Keeping, parts: &[StoredPart]) -> Keeping {
    if parts.iter().any(|part| part.sealed) { Keeping::Sealed } else { keeping }
}

fn as_it_is<'a>(channel: ChannelId, octets: &'a [u8], kind: (PduKind, &'a str)) -> NewPdu<'a> {
    NewPdu { twin_key: "", other_key: "", channel, octets, kind, sealed: false }
}

/// The octets that the network cannot change between two deliveries of one message.
fn without_the_way_it_came(deliver: &Deliver) -> Vec<u8> {
    let (service_centre, more_to_come, flags) = (None, false, Default::default());
    Deliver { service_centre, more_to_come, flags, ..deliver.clone() }.encode().octets
}

/// Messages for a program in the phone or the SIM: kept, never read as an answer. A text that would
/// replace an earlier one, or that is shown at once, is a person's text like any other.
fn for_a_program(deliver: &Deliver) -> Option<&'static str> {
    let purpose = deliver.purpose();
    match purpose.read_by() {
        ReadBy::Program => Some(purpose.words()),
        ReadBy::Person => None,
    }
}

/// The number in full (E.164), where it is one: some networks leave the country out. Names and
/// short codes stay as they are.
pub(super) fn full_number(address: &Address, region: Region) -> String {
    let written = address.to_string();
    match address {
        Address::Number { plan: NumberPlan::Other(_), digits } if digits.len() > SHORT_CODE => {
            PhoneNumber::parse(&written, region).map_or(written, |number| number.e164().to_owned())
        }
        Address::Number { .. } | Address::Alphanumeric(_) => written,
    }
}

/// The text of a message, as far as it is one.
pub(super) fn words(body: &Body) -> String {
    match body {
        Body::Text(text) => text.clone(),
        Body::Octets(octets) => String::from_utf8_lossy(octets).into_owned(),
    }
}
