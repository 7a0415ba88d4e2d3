//! `rollcall campaign`: start, status, pause, resume, cancel, retry.

use super::{Context, Outcome, table};
use crate::store::Audience;
use crate::switchboard::Request;
use anyhow::Result;

/// Start a flow for many people, and steer it.
#[derive(Debug, clap::Subcommand)]
pub enum CampaignCommand {
    /// Start a flow for many people; queues where `serve` does not run
    ///
    /// Example: rollcall campaign start staff-validation --group Bomi
    Start(Start),
    /// How far all campaigns are
    ///
    /// Example: rollcall campaign status
    Status,
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
    /// The same key twice is one start; without it, flow, people and day are the key
    #[arg(long)]
    key: Option<String>,
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
            CampaignCommand::Pause(named) => Request::PauseCampaign { campaign: named.campaign },
            CampaignCommand::Resume(named) => Request::ResumeCampaign { campaign: named.campaign },
            CampaignCommand::Cancel(named) => Request::CancelCampaign { campaign: named.campaign },
            CampaignCommand::Retry(named) => Request::RetryCampaign { campaign: named.campaign },
        };
        context.submit(request).await
    }
}

impl Start {
    async fn run(self, context: &Context) -> Result<Outcome> {
        let office = context.office()?;
        let region = office.settings()?.region;
        let nobody = self.group.is_empty() && self.with.is_empty() && self.number.is_empty();
        if nobody && !self.everybody {
            eprintln!("For whom? Name --group, --with, --number, or --everybody.");
            return Ok(Outcome::WrongUsage);
        }
        let mut audience = Audience { groups: self.group, ..Audience::default() };
        for pair in &self.with {
            let Some((field, value)) = pair.split_once('=') else {
                eprintln!("--with wants FIELD=VALUE, like --with county=Bomi.");
                return Ok(Outcome::WrongUsage);
            };
            audience.fields.push((field.to_owned(), value.to_owned()));
        }
        for number in &self.number {
            audience
                .numbers
                .push(crate::model::PhoneNumber::parse(number, region)?.e164().to_owned());
        }
        let flow = office.flow(&self.flow)?;
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
        let request = Request::StartCampaign { flow, name: self.name, audience, start_key };
        let outcome = context.submit(request).await?;
        if outcome == Outcome::Done && !serving {
            eprintln!("Nothing is sent until `rollcall serve` runs.");
        }
        Ok(outcome)
    }
}

async fn status(context: &Context) -> Result<Outcome> {
    let campaigns = context.office()?.reader().await?.campaigns().await?;
    if context.json {
        println!("{}", serde_json::json!({"schema": 1, "campaigns": campaigns}));
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
    println!("{}", table(&head, rows.collect()));
    Ok(Outcome::Done)
}
