//! Octets came: kept raw, refused if they are a twin, told apart by what they are.
//!
//! A whole text goes on to `replies`, a part to `parts`, a report to `reports`. Nothing is ever
//! thrown away: what cannot be read waits for a person.

use super::replies::Heard;
use super::{Command, ModemNo, Work};
use crate::model::{ChannelId, PhoneNumber, Region};
use crate::store::{NewReply, PduKind, Twin};
use anyhow::Result;
use jiff::Timestamp;
use rollcall_drivers::modem::{self, Slot};
use rollcall_drivers::pdu::{Address, Body, Deliver, Incoming, NumberPlan, decode_incoming};
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
            Ok(Incoming::Deliver(deliver)) => self.deliver(channel, pdu, &deliver).await?,
            Ok(Incoming::StatusReport(report)) => {
                let kept = self.keep(channel, pdu, pdu, (PduKind::Report, "")).await?;
                if let Twin::New(_) = kept {
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

    /// Stores the octets; the hash of what stays the same when a message is offered again
    /// refuses its twins.
    async fn keep(
        &mut self,
        channel: ChannelId,
        same: &[u8],
        pdu: &[u8],
        kind: (PduKind, &str),
    ) -> Result<Twin> {
        let hash: String =
            Sha256::digest(same).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        self.tx.keep_pdu(&format!("{channel}:{hash}"), channel, pdu, kind, self.now).await
    }

    async fn unreadable(&mut self, channel: ChannelId, pdu: &[u8], why: &str) -> Result<()> {
        let kept = self.keep(channel, pdu, pdu, (PduKind::Unreadable, why)).await?;
        let Twin::New(raw) = kept else { return Ok(()) };
        let new = NewReply {
            number: "unknown",
            contact: None,
            channel,
            run: None,
            question: None,
            text: &format!("(unreadable message: {why})"),
            said_at: self.now,
        };
        let message = self.tx.receive_message(&new, self.now).await?;
        self.tx.pdu_became(raw, message).await?;
        self.tx.lay_before_office(message, "this message could not be read", self.now).await
    }

    async fn deliver(&mut self, channel: ChannelId, pdu: &[u8], deliver: &Deliver) -> Result<()> {
        let same = without_the_way_it_came(deliver);
        if let Some(why) = for_a_program(deliver) {
            self.keep(channel, &same, pdu, (PduKind::Special, why)).await?;
            return Ok(());
        }
        let kept = self.keep(channel, &same, pdu, (PduKind::Deliver, "")).await?;
        let Twin::New(raw) = kept else { return Ok(()) };
        let number = full_number(&deliver.from, self.settings.region);
        let text = match deliver.part() {
            Some(part) => self.join(raw, &number, part).await?,
            None => Some((words(deliver.body()), vec![raw])),
        };
        let Some((text, raws)) = text else { return Ok(()) };
        let said_at = deliver.time.unix_seconds().and_then(|at| Timestamp::from_second(at).ok());
        let said_at = said_at.unwrap_or(self.now);
        let message = self.hear(&Heard { number: &number, text: &text, channel, said_at }).await?;
        for raw in raws {
            self.tx.pdu_became(raw, message).await?;
        }
        Ok(())
    }
}

/// The octets that the network cannot change between two deliveries of one message.
fn without_the_way_it_came(deliver: &Deliver) -> Vec<u8> {
    let (service_centre, more_to_come, flags) = (None, false, Default::default());
    Deliver { service_centre, more_to_come, flags, ..deliver.clone() }.encode().octets
}

/// Messages for a program in the phone or the SIM: kept, never read as an answer.
fn for_a_program(deliver: &Deliver) -> Option<&'static str> {
    /// TP-PID, TS 23.040 §9.2.3.9.
    const SILENT: u8 = 0x40;
    const SIM_DATA: u8 = 0x7F;
    /// Information elements, TS 23.040 §9.2.3.24: special message indication; the (U)SIM
    /// toolkit's security headers.
    const INDICATION: u8 = 0x01;
    const SECURITY: std::ops::RangeInclusive<u8> = 0x70..=0x7F;
    let has = |fits: &dyn Fn(u8) -> bool| deliver.data.header().iter().any(|one| fits(one.id));
    match (deliver.protocol, deliver.coding.0) {
        (SILENT, _) => Some("a silent message"),
        (SIM_DATA, _) => Some("data for the SIM"),
        // Message waiting indication groups, TS 23.038 §4.
        (_, 0xC0..=0xEF) => Some("a message-waiting indication"),
        _ if has(&|id| id == INDICATION) => Some("a message-waiting indication"),
        _ if has(&|id| SECURITY.contains(&id)) => Some("data for the SIM"),
        _ if deliver.data.ports().is_some() => Some("for a program, by its port"),
        _ => None,
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
