//! Contacts as the switchboard needs them: who a number belongs to, what a turn changes, STOP.
//!
//! Spreadsheets in and lists out stand in their own files; here is what a turn needs.

use super::{Tx, ms};
use crate::model::{Contact, ContactChange, ContactId, Language, PhoneNumber, Value};
use anyhow::Result;
use jiff::Timestamp;

// One statement for all that a turn must know of a person: what, key, value.
const CONTACT: &str = "
    SELECT 0, coalesce(language, ''), name FROM contact WHERE id = $1
    UNION ALL SELECT 1 + position, '', number FROM contact_number WHERE contact_id = $1
    UNION ALL SELECT -1, field, kind || ' ' || value FROM contact_field WHERE contact_id = $1
    UNION ALL SELECT -2, '', name FROM contact_group WHERE contact_id = $1
    ORDER BY 1";
const BY_NUMBER: &str = "SELECT contact_id FROM contact_number WHERE number = $1
    ORDER BY position, contact_id";
const SET_FIELD: &str = "INSERT INTO contact_field (contact_id, field, kind, value)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (contact_id, field) DO UPDATE SET kind = excluded.kind, value = excluded.value";
const KNOW_FIELD: &str =
    "INSERT INTO field (name, kind) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
const JOIN: &str = "INSERT INTO contact_group (contact_id, name) VALUES ($1, $2)
    ON CONFLICT DO NOTHING";
const LEAVE: &str = "DELETE FROM contact_group WHERE contact_id = $1 AND name = $2";
const SPEAK: &str = "UPDATE contact SET language = $2 WHERE id = $1";
const STRANGER: &str = "INSERT INTO contact (name, created_at) VALUES ($1, $2) RETURNING id";
const STRANGERS_NUMBER: &str =
    "INSERT INTO contact_number (contact_id, number, position) VALUES ($1, $2, 0)";
const STOPPED: &str = "SELECT count(*) FROM opt_out WHERE number = $1";
const STOP: &str = "INSERT INTO opt_out (number, stopped_at, heard) VALUES ($1, $2, $3)
    ON CONFLICT (number) DO NOTHING";
const START: &str = "DELETE FROM opt_out WHERE number = $1";

impl Tx<'_> {
    /// All that a turn must know of a contact.
    pub async fn contact(&mut self, id: ContactId) -> Result<Option<Contact>> {
        let rows: Vec<(i64, String, String)> =
            sqlx::query_as(CONTACT).bind(id.0).fetch_all(self.sql()).await?;
        let mut contact = Contact::named(id, "");
        let mut found = false;
        for (what, key, value) in rows {
            match what {
                -2 => drop(contact.groups.insert(value)),
                -1 => add_field(&mut contact, key, &value),
                0 => {
                    found = true;
                    contact.name = value;
                    contact.language = (!key.is_empty()).then(|| Language::new(&key));
                }
                _ => contact.numbers.extend(PhoneNumber::from_e164(&value)),
            }
        }
        Ok(found.then_some(contact))
    }

    /// The contacts a number belongs to, whose best number it is first.
    pub async fn owners(&mut self, number: &str) -> Result<Vec<ContactId>> {
        let ids: Vec<i64> =
            sqlx::query_scalar(BY_NUMBER).bind(number).fetch_all(self.sql()).await?;
        Ok(ids.into_iter().map(ContactId).collect())
    }

    /// A contact for a number that nobody knows: the number is its name.
    pub async fn stranger(&mut self, number: &str, now: Timestamp) -> Result<ContactId> {
        let id: i64 =
            sqlx::query_scalar(STRANGER).bind(number).bind(ms(now)).fetch_one(self.sql()).await?;
        sqlx::query(STRANGERS_NUMBER).bind(id).bind(number).execute(self.sql()).await?;
        Ok(ContactId(id))
    }

    /// Applies what a turn asks of a contact.
    pub async fn change_contact(&mut self, id: ContactId, change: &ContactChange) -> Result<()> {
        match change {
            ContactChange::SetField(field, value) => {
                self.know_field(field, value.kind()).await?;
                self.set_field(id, field, value).await?;
            }
            ContactChange::AddToGroup(group) => {
                sqlx::query(JOIN).bind(id.0).bind(group).execute(self.sql()).await?;
            }
            ContactChange::RemoveFromGroup(group) => {
                sqlx::query(LEAVE).bind(id.0).bind(group).execute(self.sql()).await?;
            }
            ContactChange::SetLanguage(language) => {
                sqlx::query(SPEAK).bind(id.0).bind(language.as_str()).execute(self.sql()).await?;
            }
        }
        Ok(())
    }

    /// A field exists, of this kind where it is new.
    pub(super) async fn know_field(&mut self, field: &str, kind: &str) -> Result<()> {
        sqlx::query(KNOW_FIELD).bind(field).bind(kind).execute(self.sql()).await?;
        Ok(())
    }

    /// Sets a known field of a contact.
    pub(super) async fn set_field(
        &mut self,
        id: ContactId,
        field: &str,
        value: &Value,
    ) -> Result<()> {
        let set = sqlx::query(SET_FIELD).bind(id.0).bind(field);
        set.bind(value.kind()).bind(value.to_text()).execute(self.sql()).await?;
        Ok(())
    }

    /// Whether a number said STOP.
    pub async fn is_stopped(&mut self, number: &str) -> Result<bool> {
        let count: i64 = sqlx::query_scalar(STOPPED).bind(number).fetch_one(self.sql()).await?;
        Ok(count > 0)
    }

    /// Keeps that a number wants no more; `heard` is the word, or who in the office said so.
    pub async fn stop_number(&mut self, number: &str, heard: &str, now: Timestamp) -> Result<()> {
        sqlx::query(STOP).bind(number).bind(ms(now)).bind(heard).execute(self.sql()).await?;
        Ok(())
    }

    /// Takes a STOP back.
    pub async fn start_number(&mut self, number: &str) -> Result<()> {
        sqlx::query(START).bind(number).execute(self.sql()).await?;
        Ok(())
    }
}

fn add_field(contact: &mut Contact, field: String, kind_and_value: &str) {
    let (kind, value) = kind_and_value.split_once(' ').unwrap_or(("text", kind_and_value));
    if let Some(value) = Value::from_stored(kind, value) {
        contact.fields.insert(field, value);
    }
}
