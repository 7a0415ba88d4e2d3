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

/// A part of a long message, as it is to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPart<'a> {
    /// The row of its raw PDU.
    pub raw_pdu: i64,
    /// The sender.
    pub number: &'a str,
    /// What binds the parts together.
    pub reference: u16,
    /// 8 or 16 bits of reference: two messages with one number may differ in this alone.
    pub width: u8,
    /// How many parts there are.
    pub total: u8,
    /// Which one this is, from 1.
    pub position: u8,
}

/// A part that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPart {
    /// The row of its raw PDU.
    pub raw_pdu: i64,
    /// Which one it is, from 1.
    pub position: u8,
    /// The octets as they came.
    pub octets: Vec<u8>,
}

const KEEP: &str = "INSERT INTO raw_pdu (twin_key, channel_id, octets, kind, why, received_at)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (twin_key) DO NOTHING RETURNING id";
const BECAME: &str = "UPDATE raw_pdu SET message_id = $2 WHERE id = $1";
const ADD_PART: &str =
    "INSERT INTO part (raw_pdu_id, number, reference, width, total, position, first_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const PARTS: &str = "SELECT p.raw_pdu_id, p.position, r.octets
    FROM part p JOIN raw_pdu r ON r.id = p.raw_pdu_id
    WHERE p.number = $1 AND p.reference = $2 AND p.width = $3 AND p.total = $4
    ORDER BY p.raw_pdu_id";
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

impl Tx<'_> {
    /// Keeps a PDU as it came. The key refuses its twins.
    pub async fn keep_pdu(
        &mut self,
        twin_key: &str,
        channel: ChannelId,
        octets: &[u8],
        (kind, why): (PduKind, &str),
        now: Timestamp,
    ) -> Result<Twin> {
        let id: Option<i64> = sqlx::query_scalar(KEEP)
            .bind(twin_key)
            .bind(channel.0)
            .bind(octets)
            .bind(kind.as_str())
            .bind(why)
            .bind(ms(now))
            .fetch_optional(self.sql())
            .await?;
        Ok(id.map_or(Twin::Known, Twin::New))
    }

    /// Notes which message a PDU became (part of).
    pub async fn pdu_became(&mut self, raw_pdu: i64, message: MessageId) -> Result<()> {
        sqlx::query(BECAME).bind(raw_pdu).bind(message.0).execute(self.sql()).await?;
        Ok(())
    }

    /// Keeps a part until the others are there.
    pub async fn add_part(&mut self, part: &NewPart<'_>, now: Timestamp) -> Result<()> {
        sqlx::query(ADD_PART)
            .bind(part.raw_pdu)
            .bind(part.number)
            .bind(i64::from(part.reference))
            .bind(i64::from(part.width))
            .bind(i64::from(part.total))
            .bind(i64::from(part.position))
            .bind(ms(now))
            .execute(self.sql())
            .await?;
        Ok(())
    }

    /// The parts that belong together with this one, itself included, in the order they came.
    pub async fn parts_like(&mut self, part: &NewPart<'_>) -> Result<Vec<StoredPart>> {
        let rows: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(PARTS)
            .bind(part.number)
            .bind(i64::from(part.reference))
            .bind(i64::from(part.width))
            .bind(i64::from(part.total))
            .fetch_all(self.sql())
            .await?;
        let stored = |(raw_pdu, position, octets)| {
            Some(StoredPart { raw_pdu, position: u8::try_from(position).ok()?, octets })
        };
        Ok(rows.into_iter().filter_map(stored).collect())
    }

    /// A part has done its work; its raw PDU stays.
    pub async fn forget_part(&mut self, raw_pdu: i64) -> Result<()> {
        sqlx::query(FORGET_PART).bind(raw_pdu).execute(self.sql()).await?;
        Ok(())
    }
}
