//! The commands around a flow: which version is in use, what changed, what it looks like.

use super::flow::{Opened, find};
use super::flow_cost::CostOf;
use super::flow_draw::Draw;
use super::flow_migrate::Migrate;
use super::flow_versions::{self, Way};
use super::record_list::RecordList;
use super::{Context, Outcome, flow_translate};
use anyhow::Result;

/// What can be done with a flow that is written.
#[derive(Debug, clap::Subcommand)]
pub enum FlowTool {
    /// What changed in the file since the version in use, in words
    ///
    /// Exit code 0: nothing changed; 3: something did; 5: nothing was published yet.
    ///
    /// Example: rollcall flow diff staff-validation
    Diff {
        /// The flow's id or file
        flow: String,
    },
    /// New starts get this version from now on; who is in the middle keeps theirs
    ///
    /// Example: rollcall flow publish staff-validation --dry-run
    Publish {
        /// The flow's id or file
        flow: String,
        /// Say what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// New starts get an earlier version again; the file stays as it is
    ///
    /// Example: rollcall flow rollback staff-validation --to 3fa85f
    Rollback {
        /// The flow's id
        flow: String,
        /// The beginning of a version's name; else the version published before
        #[arg(long, value_name = "VERSION")]
        to: Option<String>,
    },
    /// All versions: when they were published, and how many people are on each
    ///
    /// Example: rollcall flow versions staff-validation
    Versions {
        /// The flow's id
        flow: String,
        /// Print the file of this version
        #[arg(long, value_name = "VERSION")]
        print: Option<String>,
    },
    Translate(flow_translate::Translate),
    /// Who is in the middle of an older version goes on with the one in use
    ///
    /// Nobody is moved whose next reply could mean something else there; nobody is asked twice.
    /// Exit code 3: some keep their version.
    ///
    /// Example: rollcall flow migrate staff-validation --dry-run
    Migrate(Migrate),
    /// What a flow takes before anything is sent: messages, money, hours on the modems
    ///
    /// Exit code 3: the modems need longer than people have time to answer.
    ///
    /// Example: rollcall flow cost staff-validation --group Bomi
    Cost(CostOf),
    /// A picture of a flow (SVG), with the figures of a campaign where one is named
    ///
    /// Example: rollcall flow draw staff-validation --campaign "Liberia pilot" --out pilot.svg
    Draw(Draw),
    /// What is to be recorded for calls: each recording's words, file, and whether it is there
    ///
    /// Example: rollcall flow record-list stock-by-call --language fr --missing
    RecordList(RecordList),
}

impl FlowTool {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        match self {
            FlowTool::Diff { flow } => {
                flow_versions::diff(context, &Opened::open(context, &flow)?).await
            }
            FlowTool::Publish { flow, dry_run } => {
                let way = if dry_run { Way::DryRun } else { Way::InEarnest };
                flow_versions::publish(context, find(context, &flow)?, way).await
            }
            FlowTool::Rollback { flow, to } => flow_versions::rollback(context, flow, to).await,
            FlowTool::Versions { flow, print } => {
                flow_versions::versions(context, &flow, print.as_deref()).await
            }
            FlowTool::Translate(command) => command.run(context),
            FlowTool::Migrate(migrate) => migrate.run(context).await,
            FlowTool::Cost(cost) => cost.run(context).await,
            FlowTool::Draw(draw) => draw.run(context).await,
            FlowTool::RecordList(list) => list.run(context),
        }
    }
}
