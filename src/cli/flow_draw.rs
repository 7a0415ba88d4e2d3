//! `rollcall flow draw`: a picture of a flow, with what became of a campaign's people in it.

use super::flow::Opened;
use super::flow_versions::kept;
use super::{Context, Outcome};
use crate::flow::Flow;
use crate::flow::draw::{Figures, QuestionFigures, draw};
use crate::store::{CampaignFigures, QuestionLine};
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// What is drawn, and where to.
#[derive(Debug, clap::Args)]
pub struct Draw {
    /// The flow's id or file
    flow: String,
    /// With the people of this campaign, by name or number: its own version of the flow is drawn
    #[arg(long)]
    campaign: Option<String>,
    /// The file to write; else FLOW.svg beside the reports, or here where there is no office
    #[arg(long, value_name = "FILE.svg")]
    out: Option<PathBuf>,
}

impl Draw {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let (flow, figures) = match &self.campaign {
            None => (Opened::open(context, &self.flow)?.flow, None),
            Some(campaign) => match self.of_campaign(context, campaign).await? {
                Some((flow, figures)) => (flow, Some(figures)),
                None => return Ok(Outcome::NotFound),
            },
        };
        let picture = draw(&flow, figures.as_ref());
        let file = self.out.unwrap_or_else(|| place(context, &flow.id));
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("making {}", folder.display()))?;
        }
        std::fs::write(&file, &picture).with_context(|| format!("writing {}", file.display()))?;
        say(context, &flow, figures.as_ref(), &file);
        Ok(Outcome::Done)
    }

    /// The campaign's version of the flow, and what became of its people.
    async fn of_campaign(&self, context: &Context, name: &str) -> Result<Option<(Flow, Figures)>> {
        let reader = context.office()?.reader().await?;
        let id = reader.campaign_id(Some(name)).await?;
        let version = match id {
            Some(id) => reader.campaign_version(id).await?.map(|version| (id, version)),
            None => None,
        };
        let Some((id, (name, version))) = version else {
            eprintln!("There is no campaign `{name}`; `rollcall campaign status` lists them.");
            return Ok(None);
        };
        let meant = Path::new(&self.flow).file_stem().is_some_and(|stem| *stem == *version.flow);
        if !meant && Opened::open(context, &self.flow)?.flow.id != version.flow {
            eprintln!("The campaign {name} is of the flow `{}`.", version.flow);
            return Ok(None);
        }
        let figures = reader.campaign_figures(id).await?;
        Ok(Some((kept(&version)?, in_words_of_the_picture(name, figures))))
    }
}

fn in_words_of_the_picture(of: String, figures: CampaignFigures) -> Figures {
    let count = |count: i64| count.unsigned_abs();
    let question = |line: QuestionLine| QuestionFigures {
        asked: count(line.asked),
        answered: count(line.answered),
        not_understood: count(line.not_understood),
        refused: count(line.refused),
        waiting: count(line.waiting),
        dropped: count(line.dropped),
        again: count(line.again),
        reminders: count(line.reminders),
    };
    Figures {
        of,
        questions: figures.questions.into_iter().map(|(id, line)| (id, question(line))).collect(),
        endings: figures.endings.into_iter().map(|(name, people)| (name, count(people))).collect(),
    }
}

fn place(context: &Context, flow: &str) -> PathBuf {
    let name = format!("{flow}.svg");
    context.office().map_or_else(|_| PathBuf::from(&name), |office| office.reports().join(&name))
}

fn say(context: &Context, flow: &Flow, figures: Option<&Figures>, file: &Path) {
    if !context.json {
        println!("{} is drawn; a browser shows it.", file.display());
        return;
    }
    let questions: serde_json::Map<_, _> = figures
        .into_iter()
        .flat_map(|figures| &figures.questions)
        .map(|(id, line)| {
            let figures = serde_json::json!({
                "asked": line.asked, "answered": line.answered,
                "not_understood": line.not_understood, "refused": line.refused, "waiting": line.waiting,
                "dropped": line.dropped, "again": line.again, "reminders": line.reminders,
            });
            (id.clone(), figures)
        })
        .collect();
    let object = serde_json::json!({
        "schema": 1, "flow": flow.id, "file": file,
        "campaign": figures.map(|figures| &figures.of), "questions": questions,
        "endings": figures.map(|figures| &figures.endings),
    });
    println!("{object}");
}
