//! `rollcall contacts`: import, undo, list, show, stop, start.

use super::{Context, Outcome, e164, listed, table};
use crate::contacts::{self, ImportPlan};
use crate::office;
use crate::switchboard::Request;
use anyhow::{Result, anyhow};
use std::path::{Path, PathBuf};

/// The people of the office.
#[derive(Debug, clap::Subcommand)]
pub enum Contacts {
    /// Take people in from a spreadsheet (CSV or XLSX)
    ///
    /// Example: rollcall contacts import staff.xlsx --dry-run
    Import(Import),
    /// Take an import back; the last one where none is named
    ///
    /// Example: rollcall contacts undo
    Undo {
        /// Its number, as `import` said it
        import: Option<i64>,
    },
    /// Who is known
    ///
    /// Example: rollcall contacts list --search kollie
    List {
        /// With this in their name or number
        #[arg(long, default_value = "")]
        search: String,
        /// In this group
        #[arg(long, default_value = "")]
        group: String,
        /// At most so many
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// One person, with their texts
    ///
    /// Example: rollcall contacts show 0886123456
    Show {
        /// Their number
        number: String,
    },
    /// A number wants no more messages
    ///
    /// Example: rollcall contacts stop 0886123456
    Stop {
        /// The number
        number: String,
    },
    /// A number wants messages again
    ///
    /// Example: rollcall contacts start 0886123456
    Start {
        /// The number
        number: String,
    },
}

/// What to take in.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The spreadsheet
    file: PathBuf,
    /// Show what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Put everybody into this group
    #[arg(long)]
    group: Option<String>,
}

impl Contacts {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        match self {
            Contacts::Import(import) => import.run(context).await,
            Contacts::Undo { import } => context.submit(Request::UndoImport { import }).await,
            Contacts::List { search, group, limit } => list(context, &search, &group, limit).await,
            Contacts::Show { number } => show(context, &number).await,
            Contacts::Stop { number } => {
                let number = e164(&context.office()?, &number)?;
                context.submit(Request::StopNumber { number, who: "the office".to_owned() }).await
            }
            Contacts::Start { number } => {
                let number = e164(&context.office()?, &number)?;
                context.submit(Request::StartNumber { number }).await
            }
        }
    }
}

impl Import {
    async fn run(self, context: &Context) -> Result<Outcome> {
        let office = context.office()?;
        let mut plan = read(&self.file, office.settings()?.region)?;
        if let Some(group) = &self.group {
            plan.people.iter_mut().for_each(|person| person.groups.push(group.clone()));
        }
        if context.json {
            println!("{}", serde_json::json!({"schema": 1, "dry_run": self.dry_run, "plan": plan}));
        } else {
            print!("{}", told(&plan));
        }
        let nothing = plan.people.is_empty();
        let refused = !plan.refused.is_empty();
        if self.dry_run {
            eprintln!("Nothing was changed.");
        } else if !nothing {
            let outcome = context.submit(Request::ImportContacts { plan }).await?;
            if outcome != Outcome::Done {
                return Ok(outcome);
            }
        }
        Ok(match (nothing, refused) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::LookAt,
            (false, false) => Outcome::Done,
        })
    }
}

fn read(file: &Path, region: crate::model::Region) -> Result<ImportPlan> {
    let bytes = office::named_file(file)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_book = bytes.starts_with(b"PK");
    let rows = if is_book { contacts::xlsx_rows(&bytes) } else { contacts::csv_rows(&bytes) };
    let rows = rows.map_err(|why| anyhow!("{name}: {why}"))?;
    contacts::plan(&name, &rows, region).map_err(|why| anyhow!(why))
}

fn told(plan: &ImportPlan) -> String {
    let mut text = format!(
        "{}: {} people, {} rows refused\n",
        plan.file,
        plan.people.len(),
        plan.refused.len()
    );
    if !plan.new_fields.is_empty() {
        text.push_str(&format!("kept as fields: {}\n", plan.new_fields.join(", ")));
    }
    for (row, why) in &plan.refused {
        text.push_str(&format!("row {row}: refused: {why}\n"));
    }
    for (row, what) in &plan.notes {
        text.push_str(&format!("row {row}: {what}\n"));
    }
    text
}

async fn list(context: &Context, search: &str, group: &str, limit: u32) -> Result<Outcome> {
    let lines = context.office()?.reader().await?.contacts(search, group, limit).await?;
    if context.json {
        println!("{}", serde_json::json!({"schema": 1, "contacts": lines}));
        return Ok(Outcome::Done);
    }
    let rows = lines.into_iter().map(|line| {
        let flags = [(line.stopped, "said STOP"), (line.shared, "shared number")];
        let flags: Vec<&str> = flags.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
        vec![
            line.id.to_string(),
            line.name,
            line.number,
            line.language.unwrap_or_default(),
            flags.join(", "),
        ]
    });
    let nothing = if search.is_empty() && group.is_empty() {
        "There are no contacts yet: `rollcall contacts import FILE` takes a spreadsheet in."
    } else {
        "No contact fits."
    };
    let head = ["", "name", "number", "language", ""];
    println!("{}", listed(&head, rows.collect(), nothing));
    Ok(Outcome::Done)
}

async fn show(context: &Context, number: &str) -> Result<Outcome> {
    let office = context.office()?;
    let number = e164(&office, number)?;
    let reader = office.reader().await?;
    let people = reader.contacts(&number, "", 10).await?;
    let filter =
        crate::store::MessageFilter { number: Some(number), limit: 30, ..Default::default() };
    let messages = reader.messages(&filter).await?;
    if people.is_empty() && messages.is_empty() {
        eprintln!("Nobody is known by this number.");
        return Ok(Outcome::NotFound);
    }
    if context.json {
        println!("{}", serde_json::json!({"schema": 1, "contacts": people, "messages": messages}));
        return Ok(Outcome::Done);
    }
    for person in people {
        println!(
            "{}  {}{}",
            person.name,
            person.number,
            if person.stopped { "  said STOP" } else { "" }
        );
    }
    let rows = messages.into_iter().rev();
    let rows =
        rows.map(|line| vec![line.created_at, line.direction, line.status, line.text, line.why]);
    println!("{}", table(&["at", "", "status", "text", "why"], rows.collect()));
    Ok(Outcome::Done)
}
