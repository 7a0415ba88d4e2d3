//! People taken in from a spreadsheet, and taken back.

use super::{Tx, ms};
use crate::contacts::{ImportPlan, ImportedPerson};
use crate::model::{Contact, ContactId, Value};
use anyhow::Result;
use jiff::Timestamp;
use std::collections::BTreeSet;

const ADD: &str = "INSERT INTO import (file, made_at, summary) VALUES ($1, $2, $3) RETURNING id";
const BY_ID: &str = "SELECT id FROM contact WHERE external_id = $1";
const BY_NAME_AND_NUMBER: &str = "SELECT c.id FROM contact c
    JOIN contact_number n ON n.contact_id = c.id
    WHERE n.number = $1 AND lower(c.name) = lower($2) ORDER BY c.id LIMIT 1";
const NEW: &str = "INSERT INTO contact (external_id, name, language, created_at, import_id)
    VALUES ($1, $2, $3, $4, $5) RETURNING id";
const UPDATE: &str = "UPDATE contact SET name = $2, language = coalesce($3, language),
        external_id = coalesce($4, external_id) WHERE id = $1";
const ADD_NUMBER: &str = "INSERT INTO contact_number (contact_id, number, position)
    VALUES ($1, $2, $3) ON CONFLICT (contact_id, number) DO UPDATE SET position = excluded.position";
const REMEMBER: &str = "INSERT INTO import_change (import_id, contact_id, before)
    VALUES ($1, $2, $3) ON CONFLICT (import_id, contact_id) DO NOTHING";
const LAST: &str = "SELECT max(id) FROM import WHERE undone_at IS NULL";
const CHANGES: &str = "SELECT contact_id, before FROM import_change WHERE import_id = $1";
const UNDONE: &str = "UPDATE import SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL";
const DELETE: &str = "DELETE FROM contact WHERE id = $1";
const RENAME: &str = "UPDATE contact SET name = $2, language = $3 WHERE id = $1";
const DROP_NUMBERS: &str = "DELETE FROM contact_number WHERE contact_id = $1";
const DROP_FIELDS: &str = "DELETE FROM contact_field WHERE contact_id = $1";
const DROP_GROUPS: &str = "DELETE FROM contact_group WHERE contact_id = $1";

/// A contact as it was before an import, in the form that is kept.
#[derive(serde::Serialize, serde::Deserialize)]
struct Before {
    name: String,
    language: Option<String>,
    numbers: Vec<String>,
    groups: Vec<String>,
    fields: Vec<(String, String, String)>,
}

impl Tx<'_> {
    /// Takes everybody of a plan in; says in plain words what was done.
    pub async fn import(&mut self, plan: &ImportPlan, now: Timestamp) -> Result<String> {
        let id: i64 = sqlx::query_scalar(ADD)
            .bind(&plan.file)
            .bind(ms(now))
            .bind(serde_json::to_string(plan)?)
            .fetch_one(self.sql())
            .await?;
        let fields: BTreeSet<&String> = plan.people.iter().flat_map(|p| p.fields.keys()).collect();
        for field in fields {
            self.know_field(field, "text").await?;
        }
        let (mut new, mut known) = (0, 0);
        for person in &plan.people {
            match self.find_person(person).await? {
                Some(contact) => {
                    known += 1;
                    self.update_person(id, contact, person).await?;
                }
                None => {
                    new += 1;
                    self.add_person(id, person, now).await?;
                }
            }
        }
        let refused = plan.refused.len();
        Ok(format!(
            "Import {id}: {new} new, {known} known and brought up to date, {refused} rows refused."
        ))
    }

    async fn find_person(&mut self, person: &ImportedPerson) -> Result<Option<i64>> {
        if let Some(external) = &person.external_id {
            let found = sqlx::query_scalar(BY_ID).bind(external).fetch_optional(self.sql()).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        for number in &person.numbers {
            let query = sqlx::query_scalar(BY_NAME_AND_NUMBER).bind(number).bind(&person.name);
            let found = query.fetch_optional(self.sql()).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    async fn add_person(
        &mut self,
        import: i64,
        person: &ImportedPerson,
        now: Timestamp,
    ) -> Result<()> {
        let id: i64 = sqlx::query_scalar(NEW)
            .bind(&person.external_id)
            .bind(&person.name)
            .bind(&person.language)
            .bind(ms(now))
            .bind(import)
            .fetch_one(self.sql())
            .await?;
        let nothing: Option<String> = None;
        sqlx::query(REMEMBER).bind(import).bind(id).bind(nothing).execute(self.sql()).await?;
        self.fill_person(id, person).await
    }

    async fn update_person(&mut self, import: i64, id: i64, person: &ImportedPerson) -> Result<()> {
        if let Some(contact) = self.contact(ContactId(id)).await? {
            let before = serde_json::to_string(&before(&contact))?;
            sqlx::query(REMEMBER).bind(import).bind(id).bind(before).execute(self.sql()).await?;
        }
        sqlx::query(UPDATE)
            .bind(id)
            .bind(&person.name)
            .bind(&person.language)
            .bind(&person.external_id)
            .execute(self.sql())
            .await?;
        self.fill_person(id, person).await
    }

    async fn fill_person(&mut self, id: i64, person: &ImportedPerson) -> Result<()> {
        for (position, number) in (0_i64..).zip(&person.numbers) {
            let query = sqlx::query(ADD_NUMBER).bind(id).bind(number).bind(position);
            query.execute(self.sql()).await?;
        }
        for (field, value) in &person.fields {
            self.set_field(ContactId(id), field, &Value::Text(value.clone())).await?;
        }
        for group in &person.groups {
            let change = crate::model::ContactChange::AddToGroup(group.clone());
            self.change_contact(ContactId(id), &change).await?;
        }
        Ok(())
    }

    /// Takes an import back: the last one where none is named. `None`: there is none.
    pub async fn undo_import(
        &mut self,
        import: Option<i64>,
        now: Timestamp,
    ) -> Result<Option<String>> {
        let id = match import {
            Some(id) => Some(id),
            None => sqlx::query_scalar(LAST).fetch_one(self.sql()).await?,
        };
        let Some(id) = id else { return Ok(None) };
        let done = sqlx::query(UNDONE).bind(id).bind(ms(now)).execute(self.sql()).await?;
        if done.rows_affected() == 0 {
            return Ok(None);
        }
        let changes: Vec<(i64, Option<String>)> =
            sqlx::query_as(CHANGES).bind(id).fetch_all(self.sql()).await?;
        let (mut removed, mut restored) = (0, 0);
        for (contact, before) in changes {
            match before {
                None => {
                    sqlx::query(DELETE).bind(contact).execute(self.sql()).await?;
                    removed += 1;
                }
                Some(before) => {
                    self.put_back(contact, &serde_json::from_str(&before)?).await?;
                    restored += 1;
                }
            }
        }
        Ok(Some(format!(
            "Import {id} was taken back: {removed} removed that were new, {restored} as they were \
             before."
        )))
    }

    async fn put_back(&mut self, id: i64, before: &Before) -> Result<()> {
        let rename = sqlx::query(RENAME).bind(id).bind(&before.name).bind(&before.language);
        rename.execute(self.sql()).await?;
        for sql in [DROP_NUMBERS, DROP_FIELDS, DROP_GROUPS] {
            sqlx::query(sql).bind(id).execute(self.sql()).await?;
        }
        for (position, number) in (0_i64..).zip(&before.numbers) {
            let query = sqlx::query(ADD_NUMBER).bind(id).bind(number).bind(position);
            query.execute(self.sql()).await?;
        }
        for (field, kind, value) in &before.fields {
            if let Some(value) = Value::from_stored(kind, value) {
                let change = crate::model::ContactChange::SetField(field.clone(), value);
                self.change_contact(ContactId(id), &change).await?;
            }
        }
        for group in &before.groups {
            let change = crate::model::ContactChange::AddToGroup(group.clone());
            self.change_contact(ContactId(id), &change).await?;
        }
        Ok(())
    }
}

fn before(contact: &Contact) -> Before {
    Before {
        name: contact.name.clone(),
        language: contact.language.as_ref().map(|language| language.as_str().to_owned()),
        numbers: contact.numbers.iter().map(|number| number.e164().to_owned()).collect(),
        groups: contact.groups.iter().cloned().collect(),
        fields: contact
            .fields
            .iter()
            .map(|(field, value)| (field.clone(), value.kind().to_owned(), value.to_text()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::in_tests::{folder, open, wait};
    use super::*;
    use crate::store::Audience;

    fn plan(name: &str, number: &str) -> ImportPlan {
        let person = ImportedPerson {
            name: name.to_owned(),
            numbers: vec![number.to_owned()],
            ..ImportedPerson::default()
        };
        ImportPlan { people: vec![person], ..ImportPlan::default() }
    }

    #[test]
    fn taking_back_counts_who_was_removed_apart_from_who_is_as_before() {
        let folder = folder();
        wait(async {
            let (mut store, _) = open(folder.path()).await;
            let mut tx = store.begin().await.expect("a new store");
            let now = Timestamp::UNIX_EPOCH;
            tx.import(&plan("Mary", "+231886000001"), now).await.expect("one person");
            let mut again = plan("Mary", "+231886000001");
            again.people.extend(plan("Moses", "+231886000002").people);
            tx.import(&again, now).await.expect("two people");
            let words = tx.undo_import(None, now).await.expect("an import").expect("the last");
            assert_eq!(
                words,
                "Import 2 was taken back: 1 removed that were new, 1 as they were before."
            );
        });
    }

    #[test]
    fn the_id_of_somebody_who_was_taken_back_is_never_given_to_another() {
        let folder = folder();
        wait(async {
            let (mut store, _) = open(folder.path()).await;
            let mut tx = store.begin().await.expect("a new store");
            let now = Timestamp::UNIX_EPOCH;
            let mut everybody = Vec::new();
            for (name, number) in [("Mary", "+231886000001"), ("Moses", "+231886000002")] {
                tx.import(&plan(name, number), now).await.expect("one person");
                let found = tx.audience(&Audience::default(), now).await.expect("somebody");
                everybody.extend(found.people);
                tx.undo_import(None, now).await.expect("an import");
            }
            assert_eq!(everybody.len(), 2);
            assert_ne!(everybody[0], everybody[1]);
        });
    }
}
