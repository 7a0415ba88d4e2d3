//! Raw PDUs and the parts of long messages: nothing a modem gave us is ever thrown away.

use super::{Tx, ms};
use crate::model::{ChannelId, MessageId};
use anyhow::Result;
use jiff::Timestamp;

/// What a raw PDU turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PduKind {
    /// A text, or a part of one.
    Deliver,
    /// A delivery report.
    Report,
    /// For a program in the phone, not for a person: never an answer.
    Special,
    /// It cannot be read; kept for a person.
    Unreadable,
}

/// Whether a PDU is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twin {
    /// Seen for the first time; its row.
    New(i64),
    /// The same octets were stored before.
    Known,
}

/// What binds the parts of one long text together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartKey {
    /// The sender.
    pub number: String,
    /// The sender's number for the text.
    pub reference: u16,
    /// 8 or 16 bits of reference: two texts with one number may differ in this alone.
    pub width: u8,
    /// How many parts there are.
    pub total: u8,
}

/// A part that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPart {
    /// The row of its raw PDU.
    pub raw_pdu: i64,
    /// The channel it came by.
    pub channel: ChannelId,
    /// The octets as they came.
    pub octets: Vec<u8>,
    /// Whether the whole text may answer an anonymous flow.
    pub sealed: bool,
}

/// A PDU that a modem gave us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewPdu<'a> {
    /// Names what stays the same when it is offered again.
    pub twin_key: &'a str,
    /// The name that it would have had, had it come while another kind of flow waited.
    pub other_key: &'a str,
    /// The channel it came by.
    pub channel: ChannelId,
    /// What is kept of it.
    pub octets: &'a [u8],
    /// What it is, and for unreadable ones what was wrong.
    pub kind: (PduKind, &'a str),
    /// Whether it may answer an anonymous flow.
    pub sealed: bool,
}

const KEEP: &str = "INSERT INTO raw_pdu (twin_key, channel_id, octets, kind, why, sealed,
        received_at)
    SELECT $1, $2, $3, $4, $5, $6, $7
    WHERE NOT EXISTS (SELECT 1 FROM raw_pdu WHERE twin_key = $8)
    ON CONFLICT (twin_key) DO NOTHING RETURNING id";
const SEAL: &str = "UPDATE raw_pdu SET octets = $2, sealed = 1 WHERE id = $1";
const BECAME: &str = "UPDATE raw_pdu SET message_id = $2 WHERE id = $1";
const ADD_PART: &str =
    "INSERT INTO part (raw_pdu_id, number, reference, width, total, position, first_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const PARTS: &str = "SELECT p.raw_pdu_id, r.channel_id, r.octets, r.sealed
    FROM part p JOIN raw_pdu r ON r.id = p.raw_pdu_id
    WHERE p.number = $1 AND p.reference = $2 AND p.width = $3 AND p.total = $4
    ORDER BY p.raw_pdu_id";
const STALE: &str = "SELECT number, reference, width, total FROM part
    GROUP BY number, reference, width, total HAVING min(first_at) <= $1 ORDER BY min(first_at)";
const OPEN_TEXTS: &str = "SELECT number, reference, width, total FROM part WHERE number = $1
    GROUP BY number, reference, width, total ORDER BY min(first_at), min(raw_pdu_id)";
const FORGET_PART: &str = "DELETE FROM part WHERE raw_pdu_id = $1";

impl PduKind {
    fn as_str(self) -> &'static str {
        match self {
            PduKind::Deliver => "deliver",
            PduKind::Report => "report",
            PduKind::Special => "special",
            PduKind::Unreadable => "unreadable",
        }
    }
}

type KeyRow = (String, i64, i64, i64);

impl Tx<'_> {
    /// Keeps a PDU. The keys refuse its twins.
    pub async fn keep_pdu(&mut self, new: &NewPdu<'_>, now: Timestamp) -> Result<Twin> {
        let (kind, why) = new.kind;
        let id: Option<i64> = sqlx::query_scalar(KEEP)
            .bind(new.twin_key)
            .bind(new.channel.0)
            .bind(new.octets)
            .bind(kind.as_str())
            .bind(why)
            .bind(i64::from(new.sealed))
            .bind(ms(now))
            .bind(new.other_key)
            .fetch_optional(self.sql())
            .await?;
        Ok(id.map_or(Twin::Known, Twin::New))
    }

    /// Leaves of a PDU what says nothing: it is processed, and may have been an anonymous answer.
    pub async fn seal_pdu(&mut self, raw_pdu: i64, octets: &[u8]) -> Result<()> {
        sqlx::query(SEAL).bind(raw_pdu).bind(octets).execute(self.sql()).await?;
        Ok(())
    }

    /// Notes which message a PDU became (part of).
    pub async fn pdu_became(&mut self, raw_pdu: i64, message: MessageId) -> Result<()> {
        sqlx::query(BECAME).bind(raw_pdu).bind(message.0).execute(self.sql()).await?;
        Ok(())
    }

    /// Keeps a part until the others are there; `position` counts from 1.
    pub async fn add_part(
        &mut self,
        raw_pdu: i64,
        key: &PartKey,
        position: u8,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(ADD_PART)
            .bind(raw_pdu)
            .bind(&key.number)
            .bind(i64::from(key.reference))
            .bind(i64::from(key.width))
            .bind(i64::from(key.total))
            .bind(i64::from(position))
            .bind(ms(now))
            .execute(self.sql())
            .await?;
        Ok(())
    }

    /// The parts of one text that are here, in the order they came.
    pub async fn parts_of(&mut self, key: &PartKey) -> Result<Vec<StoredPart>> {
        let rows: Vec<(i64, i64, Vec<u8>, bool)> = sqlx::query_as(PARTS)
            .bind(&key.number)
            .bind(i64::from(key.reference))
            .bind(i64::from(key.width))
            .bind(i64::from(key.total))
            .fetch_all(self.sql())
            .await?;
        let stored = |(raw_pdu, channel, octets, sealed)| {
            let channel = ChannelId(channel);
            StoredPart { raw_pdu, channel, octets, sealed }
        };
        Ok(rows.into_iter().map(stored).collect())
    }

    /// Texts of which the first part came before this time, and which are not whole yet.
    pub async fn stale_texts(&mut self, before: Timestamp) -> Result<Vec<PartKey>> {
        let rows: Vec<KeyRow> =
            sqlx::query_as(STALE).bind(ms(before)).fetch_all(self.sql()).await?;
        rows.into_iter().map(key).collect()
    }

    /// Texts of a sender that are not whole yet, the oldest first.
    pub async fn open_texts(&mut self, number: &str) -> Result<Vec<PartKey>> {
        let rows: Vec<KeyRow> =
            sqlx::query_as(OPEN_TEXTS).bind(number).fetch_all(self.sql()).await?;
        rows.into_iter().map(key).collect()
    }

    /// A part has done its work; its raw PDU stays.
    pub async fn forget_part(&mut self, raw_pdu: i64) -> Result<()> {
        sqlx::query(FORGET_PART).bind(raw_pdu).execute(self.sql()).await?;
        Ok(())
    }
}

fn key((number, reference, width, total): KeyRow) -> Result<PartKey> {
    let (reference, width, total) = (reference.try_into()?, width.try_into()?, total.try_into()?);
    Ok(PartKey { number, reference, width, total })
}
