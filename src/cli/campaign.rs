//! `rollcall campaign`: start, status, schedule, pause, resume, cancel, retry.

use super::{Context, Outcome, campaign_schedule, listed};
use crate::flow::fields::read_duration;
use crate::model::{Mode, PhoneNumber, Region};
use crate::store::{Audience, LeftOut, WhoIsInAFlow};
use crate::switchboard::{Reply, Request};
use anyhow::Result;

/// Start a flow for many people, and steer it.
#[derive(Debug, clap::Subcommand)]
pub enum CampaignCommand {
    /// Start a flow for many people; queues where `serve` does not run
    ///
    /// Example: rollcall campaign start staff-validation --group Bomi
    Start(Box<Start>),
    /// How far all campaigns are
    ///
    /// Example: rollcall campaign status
    Status,
    /// What starts by itself, and when next
    ///
    /// Example: rollcall campaign schedule
    Schedule,
    /// Send nothing more until it is resumed; answers are still kept
    ///
    /// Example: rollcall campaign pause "Liberia pilot"
    Pause(Named),
    /// Go on
    ///
    /// Example: rollcall campaign resume "Liberia pilot"
    Resume(Named),
    /// End it for good
    ///
    /// Example: rollcall campaign cancel "Liberia pilot"
    Cancel(Named),
    /// Try those again who failed or never answered
    ///
    /// Example: rollcall campaign retry "Liberia pilot"
    Retry(Named),
}

/// What to start, and for whom.
#[derive(Debug, clap::Args)]
pub struct Start {
    /// The flow's id or file
    flow: String,
    /// The name people use
    #[arg(long)]
    name: Option<String>,
    /// For everybody
    #[arg(long, conflicts_with_all = ["group", "with", "number"])]
    everybody: bool,
    /// For the people in this group; several widen it
    #[arg(long)]
    group: Vec<String>,
    /// For people with this value in a field: county=Bomi; several narrow it
    #[arg(long, value_name = "FIELD=VALUE")]
    with: Vec<String>,
    /// For these numbers
    #[arg(long)]
    number: Vec<String>,
    #[command(flatten)]
    not: Not,
    /// Say for how many people it would be, and whom it leaves out; start nothing
    #[arg(long)]
    dry_run: bool,
    /// How people are reached first, where the flow can be asked in both ways
    #[arg(long, value_name = "sms|call")]
    by: Option<By>,
    /// The same key twice is one start; without it, flow, people and day are the key
    #[arg(long)]
    key: Option<String>,
}

/// How people are reached first.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum By {
    /// By text message.
    Sms,
    /// By phone call.
    Call,
}

impl By {
    fn mode(self) -> Mode {
        match self {
            By::Sms => Mode::Sms,
            By::Call => Mode::Voice,
        }
    }
}

/// Whom to leave out.
#[derive(Debug, clap::Args)]
pub struct Not {
    /// Leave out the people in this group; may stand several times
    #[arg(long, value_name = "GROUP")]
    not_group: Vec<String>,
    /// Leave out people with this value in a field: county=Bomi; may stand several times
    #[arg(long, value_name = "FIELD=VALUE")]
    not_with: Vec<String>,
    /// Leave out those whom a flow waits for now
    #[arg(long)]
    not_in_a_flow: bool,
    /// Leave out those who had this flow before; may stand several times
    #[arg(long, value_name = "FLOW")]
    not_started: Vec<String>,
    /// For --not-started: only if it was within this time: "30 days"
    #[arg(long, value_name = "TIME", value_parser = seconds, requires = "not_started")]
    within: Option<u64>,
    /// Only those who have written nothing for this time: "90 days"
    #[arg(long, value_name = "TIME", value_parser = seconds, conflicts_with = "heard_within")]
    silent_for: Option<u64>,
    /// Only those who wrote within this time: "90 days"
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    heard_within: Option<u64>,
}

/// A campaign.
#[derive(Debug, clap::Args)]
pub struct Named {
    /// Its name or number
    campaign: String,
}

impl CampaignCommand {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let request = match self {
            CampaignCommand::Start(start) => return start.run(context).await,
            CampaignCommand::Status => return status(context).await,
            CampaignCommand::Schedule => return campaign_schedule::list(context).await,
            CampaignCommand::Pause(named) => Request::PauseCampaign { campaign: named.campaign },
            CampaignCommand::Resume(named) => Request::ResumeCampaign { campaign: named.campaign },
            CampaignCommand::Cancel(named) => Request::CancelCampaign { campaign: named.campaign },
            CampaignCommand::Retry(named) => Request::RetryCampaign { campaign: named.campaign },
        };
        context.submit(request).await
    }
}

impl Start {
    /// Who it is for; else what is wrong with what was typed.
    fn audience(&self, region: Region) -> Result<Audience, String> {
        let number = |text: &String| match PhoneNumber::parse(text, region) {
            Ok(number) => Ok(number.e164().to_owned()),
            Err(why) => Err(format!("--number {text}: {why}.")),
        };
        let in_a_flow =
            if self.not.not_in_a_flow { WhoIsInAFlow::LeftOut } else { WhoIsInAFlow::Taken };
        Ok(Audience {
            groups: self.group.clone(),
            fields: pairs("--with", &self.with)?,
            numbers: self.number.iter().map(number).collect::<Result<_, _>>()?,
            not_groups: self.not.not_group.clone(),
            not_fields: pairs("--not-with", &self.not.not_with)?,
            not_started: self.not.not_started.clone(),
            started_within: self.not.within,
            silent_for: self.not.silent_for,
            heard_within: self.not.heard_within,
            in_a_flow,
        })
    }

    async fn run(self, context: &Context) -> Result<Outcome> {
        let office = context.office()?;
        let region = office.settings()?.region;
        let nobody = self.group.is_empty() && self.with.is_empty() && self.number.is_empty();
        if nobody && !self.everybody {
            eprintln!("For whom? Name --group, --with, --number, or --everybody.");
            return Ok(Outcome::WrongUsage);
        }
        let audience = match self.audience(region) {
            Ok(audience) => audience,
            Err(words) => {
                eprintln!("{words}");
                return Ok(Outcome::WrongUsage);
            }
        };
        let flow = office.flow(&self.flow)?;
        if let Some(line) = super::flow_cost::before_start(&office, &flow, &audience).await {
            eprintln!("{line}");
        }
        if self.dry_run {
            return context.submit(Request::TryCampaign { flow, audience }).await;
        }
        let today = crate::clock::wall().to_zoned(office.settings()?.zone).date();
        let start_key = self.key.unwrap_or_else(|| {
            format!(
                "{} {} {today} {}",
                flow.file,
                self.name.as_deref().unwrap_or(""),
                serde_json::to_string(&audience).unwrap_or_default()
            )
        });
        let serving = office.lock()?.is_none();
        let by = self.by.map(By::mode);
        let request = Request::StartCampaign { flow, name: self.name, audience, start_key, by };
        let reply = office.submit(request).await?;
        let outcome = context.say(&reply);
        // A second start sends nothing, whatever runs.
        if matches!(reply, Reply::Started { already: false, .. }) && !serving {
            eprintln!("Nothing is sent until `rollcall serve` runs.");
        }
        Ok(outcome)
    }
}

/// Whom a start leaves out, in words that follow a sentence.
pub(super) fn left_out(unreachable: usize, excluded: &[LeftOut]) -> String {
    let mut words = match unreachable {
        0 => String::new(),
        out => format!(" {out} of them are left out: said STOP, or no number."),
    };
    for LeftOut { people, why, fits_nobody } in excluded {
        words.push_str(&format!("\n{people} left out: {why}"));
        words.push_str(if *fits_nobody { " (that is nobody; is it spelt right?)" } else { "" });
    }
    words
}

/// A length of time, in seconds.
fn seconds(text: &str) -> Result<u64, String> {
    let time = read_duration(text).ok_or("write it like \"30 days\" or \"2 weeks\"")?;
    Ok(time.as_secs())
}

/// `county=Bomi` as field and value.
fn pairs(name: &str, texts: &[String]) -> Result<Vec<(String, String)>, String> {
    let pair = |text: &String| {
        let (field, value) = text.split_once('=').ok_or_else(|| {
            format!("{name} wants FIELD=VALUE, like {name} county=Bomi; this is `{text}`.")
        })?;
        Ok((field.to_owned(), value.to_owned()))
    };
    texts.iter().map(pair).collect()
}

async fn status(context: &Context) -> Result<Outcome> {
    let reader = context.office()?.reader().await?;
    let (campaigns, channels) = (reader.campaigns().await?, reader.channels().await?);
    if context.json {
        let object = serde_json::json!({"schema": 1, "campaigns": campaigns, "channels": channels});
        println!("{object}");
        return Ok(Outcome::Done);
    }
    let rows = campaigns.into_iter().map(|line| {
        let funnel = line.funnel;
        vec![
            line.id.to_string(),
            line.name,
            line.flow,
            line.status,
            funnel.listed.to_string(),
            funnel.messaged.to_string(),
            funnel.reached.to_string(),
            funnel.responded.to_string(),
            funnel.completed.to_string(),
        ]
    });
    let head =
        ["", "name", "flow", "status", "people", "messaged", "reached", "responded", "completed"];
    let nothing =
        "No campaign was started yet: `rollcall campaign start FLOW --everybody` starts one.";
    println!("{}", listed(&head, rows.collect(), nothing));
    // As of the last time that `serve` ran.
    for channel in channels.iter().filter(|channel| channel.state != "ready") {
        println!("\n! {}: {}: {}", channel.name, channel.state, channel.why);
    }
    Ok(Outcome::Done)
}
