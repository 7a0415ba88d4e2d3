//! Who a campaign is for, and who is left out of it.
//!
//! What narrows (groups, values, numbers) comes first; of those who fit, the exclusions leave
//! some out, and it is counted by which: a person who falls under two is counted by the first.

use super::{Commits, Reader, Tx, ms};
use crate::model::{Audience, Contact, ContactId, WhoIsInAFlow, length_in_words as words};
use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::time::Duration;

/// Who an audience is at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The people, in the order they were made.
    pub people: Vec<ContactId>,
    /// How many were left out, by each exclusion.
    pub left_out: Vec<LeftOut>,
}

/// How many people an exclusion left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// How many; each person is counted once.
    pub people: usize,
    /// By what, in plain words: "in group Validated".
    pub why: String,
    /// Whether it names what fits nobody at all, on the list or not: perhaps it is misspelt.
    pub fits_nobody: bool,
}

const EVERYBODY: &str = "SELECT id FROM contact ORDER BY id";
const MEMBERS: &str = "SELECT contact_id FROM contact_group WHERE name = $1";
const OWNERS: &str = "SELECT contact_id FROM contact_number WHERE number = $1";
const WITH_VALUE: &str = "SELECT contact_id FROM contact_field WHERE field = $1 AND value = $2";
const IN_A_FLOW: &str = "SELECT contact_id FROM run WHERE status = 'waiting'";
const STARTED: &str = "SELECT contact_id FROM run WHERE flow = $1 AND started_at >= $2";
const HEARD: &str =
    "SELECT n.contact_id FROM contact_number n WHERE EXISTS (SELECT 1 FROM message m
    WHERE m.number = n.number AND m.direction = 'in' AND m.created_at >= $1)";

const LISTED: &str = "SELECT contact_id FROM campaign_contact
    WHERE campaign_id = $1 AND disposition <> 'excluded' ORDER BY contact_id";

type Ids = BTreeSet<i64>;

/// An exclusion in words, and the people whom it leaves out.
struct Exclusion {
    why: String,
    ids: Ids,
    fits_nobody: bool,
}

impl Exclusion {
    /// One that names a group, a value or a flow: the name may be misspelt.
    fn by_name(why: String, ids: Ids) -> Exclusion {
        Exclusion { why, fits_nobody: ids.is_empty(), ids }
    }

    /// One that looks at what people did.
    fn by_time(why: String, ids: Ids) -> Exclusion {
        Exclusion { why, ids, fits_nobody: false }
    }
}

impl Tx<'_> {
    /// Who an audience is now, and who is left out.
    pub async fn audience(&mut self, audience: &Audience, now: Timestamp) -> Result<Chosen> {
        let mut people = self.those_who_fit(audience).await?;
        let mut left_out = Vec::new();
        for Exclusion { why, ids, fits_nobody } in self.exclusions(audience, &people, now).await? {
            let before = people.len();
            people.retain(|id| !ids.contains(id));
            left_out.push(LeftOut { people: before - people.len(), why, fits_nobody });
        }
        let people = people.into_iter().map(ContactId).collect();
        Ok(Chosen { people, left_out })
    }

    async fn those_who_fit(&mut self, audience: &Audience) -> Result<Ids> {
        let everybody = sqlx::query_scalar(EVERYBODY).fetch_all(self.sql()).await?;
        let mut people: Ids = everybody.into_iter().collect();
        if !audience.groups.is_empty() {
            let members = self.ids_of_each(MEMBERS, &audience.groups).await?;
            people.retain(|id| members.contains(id));
        }
        if !audience.numbers.is_empty() {
            let owners = self.ids_of_each(OWNERS, &audience.numbers).await?;
            people.retain(|id| owners.contains(id));
        }
        for pair in &audience.fields {
            let found = self.ids_with(pair).await?;
            people.retain(|id| found.contains(id));
        }
        Ok(people)
    }

    async fn exclusions(
        &mut self,
        audience: &Audience,
        people: &Ids,
        now: Timestamp,
    ) -> Result<Vec<Exclusion>> {
        let mut found = Vec::new();
        for group in &audience.not_groups {
            let ids = self.ids_of_each(MEMBERS, std::slice::from_ref(group)).await?;
            found.push(Exclusion::by_name(format!("in group {group}"), ids));
        }
        for pair in &audience.not_fields {
            let ids = self.ids_with(pair).await?;
            found.push(Exclusion::by_name(format!("with {} {}", pair.0, pair.1), ids));
        }
        let since = audience.started_within.map_or(0, |within| ms(before(now, within)));
        for flow in &audience.not_started {
            let query = sqlx::query_scalar(STARTED).bind(flow).bind(since);
            let ids = query.fetch_all(self.sql()).await?.into_iter().collect();
            let within = audience.started_within.map(|time| format!(" within {}", words(time)));
            let why = format!("had {flow}{}", within.unwrap_or_default());
            found.push(Exclusion::by_name(why, ids));
        }
        if let Some(time) = audience.silent_for {
            let heard = self.heard(now, time).await?;
            found.push(Exclusion::by_time(format!("wrote within {}", words(time)), heard));
        }
        if let Some(time) = audience.heard_within {
            let heard = self.heard(now, time).await?;
            let silent = people.difference(&heard).copied().collect();
            found.push(Exclusion::by_time(format!("did not write within {}", words(time)), silent));
        }
        if audience.in_a_flow == WhoIsInAFlow::LeftOut {
            let ids = sqlx::query_scalar(IN_A_FLOW).fetch_all(self.sql()).await?;
            let ids = ids.into_iter().collect();
            found.push(Exclusion::by_time("in a flow now".to_owned(), ids));
        }
        Ok(found)
    }

    /// Who wrote within this time, by any of their numbers.
    async fn heard(&mut self, now: Timestamp, within: u64) -> Result<Ids> {
        let query = sqlx::query_scalar(HEARD).bind(ms(before(now, within)));
        Ok(query.fetch_all(self.sql()).await?.into_iter().collect())
    }

    async fn ids_with(&mut self, (field, value): &(String, String)) -> Result<Ids> {
        let query = sqlx::query_scalar(WITH_VALUE).bind(field).bind(value);
        Ok(query.fetch_all(self.sql()).await?.into_iter().collect())
    }

    async fn ids_of_each(&mut self, sql: &'static str, words: &[String]) -> Result<Ids> {
        let mut ids = Ids::new();
        for word in words {
            let found: Vec<i64> = sqlx::query_scalar(sql).bind(word).fetch_all(self.sql()).await?;
            ids.extend(found);
        }
        Ok(ids)
    }
}

impl Reader {
    /// The people of an audience who can be written to, as a start would choose them now.
    pub async fn people_of(&self, audience: &Audience, now: Timestamp) -> Result<Vec<Contact>> {
        let mut commits = Commits::default();
        let mut tx = self.reading(&mut commits).await?;
        let people = tx.audience(audience, now).await?.people;
        tx.who_can_be_written_to(people).await
    }

    /// The people of a campaign who can be written to.
    pub async fn people_of_campaign(&self, campaign: i64) -> Result<Vec<Contact>> {
        let mut commits = Commits::default();
        let mut tx = self.reading(&mut commits).await?;
        let ids: Vec<i64> = sqlx::query_scalar(LISTED).bind(campaign).fetch_all(tx.sql()).await?;
        tx.who_can_be_written_to(ids.into_iter().map(ContactId).collect()).await
    }

    /// A transaction that sees one state of things and writes nothing.
    async fn reading<'a>(&self, commits: &'a mut Commits) -> Result<Tx<'a>> {
        let inner = self.sql().begin().await?;
        Ok(Tx { inner, commits, stopwatch: || Duration::ZERO })
    }
}

impl Tx<'_> {
    async fn who_can_be_written_to(&mut self, ids: Vec<ContactId>) -> Result<Vec<Contact>> {
        let mut people = Vec::new();
        for id in ids {
            let Some(contact) = self.contact(id).await? else { continue };
            let mut free = false;
            for number in &contact.numbers {
                free = free || !self.is_stopped(number.e164()).await?;
            }
            if free {
                people.push(contact);
            }
        }
        Ok(people)
    }
}

/// So long before; the beginning of time where there is nothing so early.
fn before(now: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    now.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::UNIX_EPOCH)
}
