//! Campaigns: starting, batches, pausing, trying again; reminders and ends of runs.

use super::one_flow::Way;
use super::turns::Talk;
use super::{Reply, Work, WrittenFlow};
use crate::flow::Flow;
use crate::model::{
    Campaign, CampaignId, CampaignStatus, Contact, ContactId, Disposition, Input, Mode,
    PhoneNumber, Priority, RunId,
};
use crate::store::{Audience, Begun, Chosen, LeftOut, Published, Timer};
use anyhow::{Context, Result};
use jiff::SignedDuration;

/// How many people begin in one transaction: an answer never waits behind a bulk.
const BATCH: u32 = 50;
/// How many timers fire in one transaction.
const TIMERS: u32 = 50;
/// How long a stick takes to tell what it held when it became ready: the answer that a reminder
/// would ask for may be in it.
const TELLS_IN: SignedDuration = SignedDuration::from_mins(2);

const NO_CALLS: &str = "No channel of this office makes calls: write `calls: yes` under one in \
     rollcall.yaml whose modem has sound, and start `rollcall serve` again.";

/// A campaign that is to begin.
pub(super) struct Start<'a> {
    /// The flow's id.
    pub flow: &'a str,
    /// Its version.
    pub digest: &'a str,
    /// The name people use.
    pub name: String,
    /// Who it is for, as it is kept.
    pub audience: &'a Audience,
    /// The same key twice is one start.
    pub key: &'a str,
    /// How it begins; `None`: as its flow says.
    pub begins_by: Option<Mode>,
}

impl Work<'_> {
    pub(super) async fn start_campaign(
        &mut self,
        written: &WrittenFlow,
        name: Option<String>,
        audience: &Audience,
        (start_key, begins_by): (&str, Option<Mode>),
    ) -> Result<Reply> {
        let (flow, digest) = match self.publish(written, Published::ByStart).await? {
            Ok(published) => published,
            Err(words) => return Ok(Reply::Refused { words }),
        };
        let name = name.unwrap_or_else(|| format!("{} {}", flow.id, self.today().date));
        let chosen = self.tx.audience(audience, self.now).await?;
        if let Some(words) = self.cannot_begin_by(&flow, begins_by) {
            return Ok(Reply::Refused { words });
        }
        let key = start_key;
        let start = Start { flow: &flow.id, digest: &digest, name, audience, key, begins_by };
        self.begin_campaign(start, chosen).await
    }

    /// Why a flow cannot begin as the office wants it.
    fn cannot_begin_by(&self, flow: &Flow, wanted: Option<Mode>) -> Option<String> {
        let by_call_alone = !flow.channels.contains(&Mode::Sms);
        let no_calls = !self.channels.make_calls();
        Some(match wanted {
            Some(mode) if !flow.channels.contains(&mode) => {
                let channels = "`channels: [sms, voice]`";
                format!("`{}` is not asked in this way: its file needs {channels}.", flow.id)
            }
            Some(Mode::Voice) if no_calls => NO_CALLS.to_owned(),
            None if by_call_alone && no_calls => NO_CALLS.to_owned(),
            Some(_) | None => return None,
        })
    }

    /// Starts a published version for people who were chosen, once for each key.
    pub(super) async fn begin_campaign(
        &mut self,
        start: Start<'_>,
        chosen: Chosen,
    ) -> Result<Reply> {
        let campaign = Campaign {
            id: CampaignId(0),
            name: start.name,
            flow: start.flow.to_owned(),
            digest: start.digest.to_owned(),
            status: CampaignStatus::Running,
            created_at: self.now,
            begins_by: start.begins_by,
        };
        // Asked first: who is in a flow because of this very start may be left out by now.
        let before = self.tx.campaign_by_key(start.key).await?;
        if before.is_none() && chosen.people.is_empty() {
            return Ok(Reply::Refused { words: nobody_fits(&chosen.left_out) });
        }
        let begun = match before {
            Some(id) => Begun::Before(id),
            None => self.tx.add_campaign(&campaign, start.key, start.audience).await?,
        };
        let (id, left_out, already) = match begun {
            Begun::New(id) => (id, self.enrol_all(id, &chosen.people).await?, false),
            Begun::Before(id) => (id, 0, true),
        };
        let name = match self.tx.campaign(id).await? {
            Some(campaign) => campaign.name,
            None => campaign.name,
        };
        let (people, excluded) = (chosen.people.len(), chosen.left_out);
        let by_itself = self.next_by_itself(start.flow).await?;
        let flow = self.flow(start.digest).await?;
        Ok(Reply::Started {
            campaign: id.0,
            name,
            people,
            left_out,
            already,
            excluded,
            by_itself,
            unpublished: self.unpublished(&flow),
        })
    }

    /// Says what a start would do.
    pub(super) async fn try_campaign(
        &mut self,
        written: &WrittenFlow,
        audience: &Audience,
    ) -> Result<Reply> {
        if let Err(words) = super::flows::usable(written) {
            return Ok(Reply::Refused { words });
        }
        let Chosen { people, left_out: excluded } = self.tx.audience(audience, self.now).await?;
        let mut left_out = 0;
        for person in &people {
            left_out += usize::from(self.why_left_out(*person).await?.is_some());
        }
        Ok(Reply::WouldStart { people: people.len(), left_out, excluded })
    }

    /// Puts everybody on the list; those without a number or after STOP are left out with the
    /// reason.
    async fn enrol_all(&mut self, id: CampaignId, people: &[ContactId]) -> Result<usize> {
        let mut left_out = 0;
        for person in people {
            let why = self.why_left_out(*person).await?;
            left_out += usize::from(why.is_some());
            self.tx.enrol(id, *person, why).await?;
        }
        Ok(left_out)
    }

    async fn why_left_out(&mut self, person: ContactId) -> Result<Option<&'static str>> {
        let contact = self.tx.contact(person).await?.context("a contact is gone")?;
        Ok(match self.number_of(&contact).await? {
            Some(_) => None,
            None if contact.numbers.is_empty() => Some("no phone number is known"),
            None => Some("said STOP"),
        })
    }

    /// The best number of a contact that has not said STOP.
    async fn number_of(&mut self, contact: &Contact) -> Result<Option<PhoneNumber>> {
        for number in &contact.numbers {
            if !self.tx.is_stopped(number.e164()).await? {
                return Ok(Some(number.clone()));
            }
        }
        Ok(None)
    }

    /// The best number of a contact that has not said STOP and was not tried in vain.
    pub(super) async fn untried_number(
        &mut self,
        campaign: CampaignId,
        contact: &Contact,
    ) -> Result<Option<PhoneNumber>> {
        let failed = self.tx.failed_numbers(campaign, contact.id).await?;
        for number in &contact.numbers {
            let is_untried = failed.iter().all(|failed| failed != number.e164());
            if is_untried && !self.tx.is_stopped(number.e164()).await? {
                return Ok(Some(number.clone()));
            }
        }
        Ok(None)
    }

    /// Begins the next people of every campaign that is due.
    pub(super) async fn begin_batches(&mut self) -> Result<()> {
        for id in self.tx.due_campaigns(self.now).await? {
            let campaign = self.tx.campaign(id).await?.context("a campaign is gone")?;
            self.begin_batch(&campaign).await?;
            self.finish_campaign_if_done(id).await?;
        }
        Ok(())
    }

    async fn begin_batch(&mut self, campaign: &Campaign) -> Result<()> {
        let mut after = 0;
        let mut begun = 0;
        while begun < BATCH {
            let people = self.tx.waiting_contacts(campaign.id, after, BATCH).await?;
            let Some(last) = people.last() else {
                // Whoever still waits, waits for a number in use; its run's end wakes us.
                let nobody_begun = begun == 0;
                let when = (!nobody_begun).then_some(self.now);
                return self.tx.campaign_due(campaign.id, when.filter(|_| after == 0)).await;
            };
            after = last.contact.0;
            for person in people {
                begun += u32::from(self.begin_one(campaign, person.contact).await?);
            }
        }
        self.tx.campaign_due(campaign.id, Some(self.now)).await
    }

    /// Begins one person's run; `false` where they have to wait or were left out.
    async fn begin_one(&mut self, campaign: &Campaign, person: ContactId) -> Result<bool> {
        let member = (campaign.id, person);
        let Some(contact) = self.tx.contact(person).await? else {
            let why = "the contact was deleted";
            self.tx.member_over(member, Disposition::Excluded, why).await?;
            return Ok(false);
        };
        let untried = self.untried_number(campaign.id, &contact).await?;
        let any = match untried {
            Some(_) => untried,
            None => self.number_of(&contact).await?,
        };
        let Some(number) = any else {
            self.tx.member_over(member, Disposition::Excluded, "said STOP").await?;
            return Ok(false);
        };
        if let Some(other) = self.other_run(&contact, number.e164()).await?
            && self.makes_way(&other, campaign, person).await? == Way::Taken
        {
            return Ok(false);
        }
        let flow = self.flow(&campaign.digest).await?;
        let mode = self.mode_for(&flow, campaign.begins_by);
        let talk = Talk { number: number.e164(), channel: None, priority: Priority::Bulk, mode };
        self.begin_for(campaign, &contact, talk).await?;
        Ok(true)
    }

    /// Begins a person's run in a campaign.
    pub(super) async fn begin_for(
        &mut self,
        campaign: &Campaign,
        contact: &Contact,
        talk: Talk<'_>,
    ) -> Result<()> {
        let flow = self.flow(&campaign.digest).await?;
        let version = (&*flow, campaign.digest.as_str());
        let (of, turn) = self.begin_run(version, contact, Some(campaign.id), talk).await?;
        self.tx.member_begun((campaign.id, contact.id), of.run).await?;
        self.facts_anew((campaign.id, contact.id));
        self.tx.cancel_offers(campaign.id, talk.number, "it has begun").await?;
        self.save_turn(of, &flow, &turn).await
    }

    /// Reminders and ends that are due. A reminder in quiet hours waits for the morning, and
    /// every timer until the sticks have told what they held while nobody listened. A timer of
    /// an earlier turn does not exist any more, because saving a turn takes it away.
    pub(super) async fn fire_timers(&mut self) -> Result<()> {
        let told_at = self.channels.have_told_at(TELLS_IN).unwrap_or(self.now + TELLS_IN);
        let quiet_until = self.settings.quiet_until(self.now);
        for due in self.tx.due_runs(self.now, TIMERS).await? {
            match (due.timer, quiet_until) {
                _ if told_at > self.now => self.tx.postpone_run(due.id, told_at).await?,
                (Timer::Remind, Some(until)) => self.tx.postpone_run(due.id, until).await?,
                (timer, _) => self.fire(due.id, timer).await?,
            }
        }
        Ok(())
    }

    async fn fire(&mut self, run: RunId, timer: Timer) -> Result<()> {
        let Some(row) = self.tx.run(run).await? else { return Ok(()) };
        match timer {
            Timer::Remind => self.advance(&row, Input::Silence, Priority::Reminder).await,
            Timer::Expire if self.is_called_instead(&row).await? => {
                self.tx.cancel_messages_of(run, "it goes on by call").await?;
                self.advance(&row, Input::GoOnBy(Mode::Voice), Priority::Reminder).await
            }
            Timer::Expire => {
                self.tx.cancel_messages_of(run, "the time was over").await?;
                self.advance(&row, Input::Expired, Priority::Reminder).await
            }
        }
    }

    pub(super) async fn finish_campaign_if_done(&mut self, id: CampaignId) -> Result<()> {
        if !self.tx.campaign_is_done(id).await? {
            return Ok(());
        }
        let Some(campaign) = self.tx.campaign(id).await? else { return Ok(()) };
        if campaign.status == CampaignStatus::Running {
            self.tx.campaign_is(id, CampaignStatus::Finished).await?;
            self.tx.campaign_due(id, None).await?;
            self.show(format!("campaign {}: everybody is done", campaign.name));
        }
        Ok(())
    }

    pub(super) async fn pause(&mut self, campaign: &Campaign) -> Result<Reply> {
        if campaign.status != CampaignStatus::Running {
            return Ok(refused(campaign, "is not running"));
        }
        self.tx.campaign_is(campaign.id, CampaignStatus::Paused).await?;
        Ok(done(format!("{} is paused; answers are still kept.", campaign.name)))
    }

    pub(super) async fn resume(&mut self, campaign: &Campaign) -> Result<Reply> {
        if campaign.status != CampaignStatus::Paused {
            return Ok(refused(campaign, "is not paused"));
        }
        self.tx.campaign_is(campaign.id, CampaignStatus::Running).await?;
        self.tx.campaign_due(campaign.id, Some(self.now)).await?;
        self.tx.release_starts_of(campaign.id).await?;
        Ok(done(format!("{} goes on.", campaign.name)))
    }

    pub(super) async fn cancel(&mut self, campaign: &Campaign) -> Result<Reply> {
        let why = "the campaign was cancelled";
        let planned = self.tx.drop_starts_of(campaign.id, why, self.now).await?;
        if !matches!(campaign.status, CampaignStatus::Running | CampaignStatus::Paused) {
            if planned > 0 {
                let what = "is over already; what it would have started later does not start";
                return Ok(done(format!("{} {what}.", campaign.name)));
            }
            return Ok(refused(campaign, "is over already"));
        }
        self.tx.campaign_is(campaign.id, CampaignStatus::Cancelled).await?;
        self.tx.campaign_due(campaign.id, None).await?;
        self.tx.leave_out_waiting(campaign.id, why).await?;
        self.tx.cancel_offers(campaign.id, "", why).await?;
        for run in self.tx.waiting_runs_of(campaign.id).await? {
            self.tx.cancel_messages_of(run, why).await?;
            if let Some(row) = self.tx.run(run).await? {
                self.advance(&row, Input::Cancel, Priority::Bulk).await?;
            }
        }
        Ok(done(format!("{} is cancelled; nothing more is sent.", campaign.name)))
    }

    pub(super) async fn retry(&mut self, campaign: &Campaign) -> Result<Reply> {
        if campaign.status == CampaignStatus::Cancelled {
            return Ok(refused(campaign, "was cancelled"));
        }
        let count = self.tx.try_again(campaign.id).await?;
        if count > 0 {
            self.tx.campaign_is(campaign.id, CampaignStatus::Running).await?;
            self.tx.campaign_due(campaign.id, Some(self.now)).await?;
            self.tx.release_starts_of(campaign.id).await?;
        }
        Ok(done(format!("{}: {count} people are written to again.", campaign.name)))
    }
}

fn nobody_fits(left_out: &[LeftOut]) -> String {
    let out: Vec<String> = left_out
        .iter()
        .filter(|out| out.people > 0)
        .map(|out| format!(" {} left out: {}.", out.people, out.why))
        .collect();
    format!("Nobody fits: look at `rollcall contacts list`.{}", out.concat())
}

fn done(words: String) -> Reply {
    Reply::Done { words }
}

fn refused(campaign: &Campaign, why: &str) -> Reply {
    Reply::Refused { words: format!("{} {why}.", campaign.name) }
}
