//! The commands, one file each: what can be typed, and what it does.
//!
//! A door: it reads what was typed, sends a request or reads the store, and prints. Data goes to
//! standard output, chatter to standard error; `--json` prints objects with `schema: 1`.

mod asked_order;
mod backup;
mod calls;
mod campaign;
mod campaign_schedule;
mod contacts;
mod demo;
mod demo_voice;
mod export;
mod flow;
mod flow_cost;
mod flow_draw;
mod flow_fields;
mod flow_fix;
mod flow_migrate;
mod flow_schedule;
mod flow_schema;
mod flow_tools;
mod flow_translate;
mod flow_try;
mod flow_versions;
mod inbox;
mod init;
mod man;
mod messages;
mod modem;
mod modem_call;
mod modem_call_served;
#[cfg(test)]
#[cfg(unix)]
mod modem_call_tests;
mod modem_port;
mod modem_record;
mod modem_test;
mod modem_ussd;
mod prompt;
mod prompt_decode;
mod record_list;
mod report;
mod serve;
#[cfg(unix)]
pub mod simulate;
#[cfg(unix)]
mod simulate_sound;

use crate::model::PhoneNumber;
use crate::office::{NotAnOffice, Office};
use crate::switchboard::{Reply, Request};
use anyhow::{Result, anyhow};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Questionnaires and alerts over plain mobile phones, from one laptop with GSM modems.
#[derive(Debug, Parser)]
#[command(name = "rollcall", version, propagate_version = true)]
#[command(after_help = "Exit codes: 0 done · 1 failed · 2 wrong usage · 3 something to look at · \
    4 busy · 5 not found\n\nTry it without a modem: rollcall demo")]
pub struct Cli {
    /// The office folder; else $ROLLCALL_OFFICE, else the nearest folder with a rollcall.yaml
    #[arg(long, global = true, value_name = "DIR", help_heading = "For every command")]
    pub office: Option<PathBuf>,
    /// Print JSON
    #[arg(long, global = true, help_heading = "For every command")]
    pub json: bool,
    /// Say more; twice says everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "For every command")]
    pub verbose: u8,
    #[command(subcommand)]
    command: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Init(init::Init),
    Serve(serve::Serve),
    #[cfg(unix)]
    Simulate(simulate::Simulate),
    Demo(demo::Demo),
    #[command(subcommand)]
    Flow(flow::FlowCommand),
    #[command(subcommand)]
    Contacts(contacts::Contacts),
    #[command(subcommand)]
    Campaign(campaign::CampaignCommand),
    #[command(subcommand)]
    Inbox(inbox::Inbox),
    #[command(subcommand)]
    Messages(messages::Messages),
    #[command(subcommand)]
    Calls(calls::Calls),
    #[command(subcommand)]
    Modem(modem::ModemCommand),
    #[command(subcommand)]
    Prompt(prompt::Prompt),
    Report(report::Report),
    Export(export::Export),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Man(man::Man),
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// The thing asked for failed.
    Failed,
    /// Wrong usage.
    WrongUsage,
    /// Something to look at.
    LookAt,
    /// Another process, or a modem in use.
    Busy,
    /// Not found.
    NotFound,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Done => 0,
            Outcome::Failed => 1,
            Outcome::WrongUsage => 2,
            Outcome::LookAt => 3,
            Outcome::Busy => 4,
            Outcome::NotFound => 5,
        })
    }
}

/// What every command may need.
struct Context {
    office: Option<PathBuf>,
    json: bool,
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// What went wrong, in plain words.
    pub async fn run(self) -> Result<Outcome> {
        let context = Context { office: self.office, json: self.json };
        let done = match self.command {
            Verb::Init(command) => command.run(),
            Verb::Serve(command) => command.run(&context).await,
            #[cfg(unix)]
            Verb::Simulate(command) => simulate::run(&command).await.map(|()| Outcome::Done),
            Verb::Demo(command) => command.run(&context).await,
            Verb::Flow(command) => command.run(&context).await,
            Verb::Contacts(command) => command.run(&context).await,
            Verb::Campaign(command) => command.run(&context).await,
            Verb::Inbox(command) => command.run(&context).await,
            Verb::Messages(command) => command.run(&context).await,
            Verb::Calls(command) => command.run(&context).await,
            Verb::Modem(command) => command.run(&context).await,
            Verb::Prompt(command) => command.run(&context),
            Verb::Report(command) => command.run(&context).await,
            Verb::Export(command) => command.run(&context).await,
            Verb::Backup(command) => command.run(&context).await,
            Verb::Restore(command) => command.run(&context).await,
            Verb::Man(man) => man.run(),
        };
        done.or_else(|error| match error.downcast_ref::<NotAnOffice>() {
            Some(missing) => {
                eprintln!("{missing}");
                Ok(Outcome::NotFound)
            }
            None => Err(error),
        })
    }
}

impl Context {
    fn office(&self) -> Result<Office> {
        Office::find(self.office.as_deref())
    }

    /// Sends a request to whoever owns the store and prints the reply.
    async fn submit(&self, request: Request) -> Result<Outcome> {
        let reply = self.office()?.submit(request).await?;
        Ok(self.say(&reply))
    }

    fn say(&self, reply: &Reply) -> Outcome {
        if self.json {
            let mut object = serde_json::to_value(reply).unwrap_or_default();
            object["schema"] = 1.into();
            println!("{object}");
        }
        let (words, outcome) = match reply {
            Reply::Done { words } => (words.clone(), Outcome::Done),
            Reply::Refused { words } => (words.clone(), Outcome::Failed),
            Reply::NotFound { words } => (words.clone(), Outcome::NotFound),
            Reply::NetworkSays { text, .. } => (text.clone(), Outcome::Done),
            Reply::CallSays { told, .. } => (told.join("\n"), Outcome::Done),
            Reply::Moved { .. } => flow_migrate::moved(reply),
            Reply::Published { .. } => {
                (flow_versions::published(reply, flow_versions::Way::InEarnest), Outcome::Done)
            }
            Reply::Started {
                campaign,
                name,
                people,
                left_out,
                already,
                excluded,
                by_itself,
                unpublished,
            } => {
                let words = if *already {
                    format!("{name} (campaign {campaign}) was started before; nothing new is sent.")
                } else {
                    let out = campaign::left_out(*left_out, excluded);
                    format!("{name} (campaign {campaign}) is queued for {people} people.{out}")
                };
                let next: Vec<String> = by_itself.iter().map(|next| format!("\n{next}")).collect();
                let missing = flow_versions::not_published(unpublished);
                (format!("{words}{}{missing}", next.concat()), Outcome::Done)
            }
            Reply::WouldStart { people, left_out, excluded } => {
                let out = campaign::left_out(*left_out, excluded);
                let words = match people {
                    0 => format!("Nobody fits: look at `rollcall contacts list`.{out}"),
                    people => format!("It would be queued for {people} people.{out}"),
                };
                (format!("{words}\nNothing was started."), Outcome::Done)
            }
        };
        match (outcome, self.json) {
            (Outcome::Done | Outcome::LookAt, true) => {}
            (Outcome::Done | Outcome::LookAt, false) => println!("{words}"),
            _ => eprintln!("{words}"),
        }
        outcome
    }
}

/// A number as somebody types it, in full.
fn e164(office: &Office, number: &str) -> Result<String> {
    let parsed = PhoneNumber::parse(number, office.settings()?.region);
    Ok(parsed.map_err(|why| anyhow!("`{number}`: {why}"))?.e164().to_owned())
}

/// A list for people; where there is nothing in it, why, and what to do.
fn listed(head: &[&str], rows: Vec<Vec<String>>, nothing: &str) -> String {
    if rows.is_empty() { nothing.to_owned() } else { table(head, rows) }
}

/// A table with aligned columns, as people read it at a terminal.
fn table(head: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header(head.to_vec());
    table.add_rows(rows);
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn without_example(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        let path = format!("{path} {}", command.get_name());
        let mut leaf = true;
        for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
            leaf = false;
            without_example(inner, &path, found);
        }
        let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
        if leaf && !long.contains("Example: rollcall") {
            found.push(path);
        }
    }

    #[test]
    fn every_command_shows_an_example() {
        let mut found = Vec::new();
        without_example(&Cli::command(), "", &mut found);
        assert_eq!(found, Vec::<String>::new());
        Cli::command().debug_assert();
    }

    #[test]
    fn an_empty_list_says_what_to_do() {
        assert_eq!(listed(&["name"], Vec::new(), "Nobody is here."), "Nobody is here.");
        assert!(listed(&["name"], vec![vec!["Mary".to_owned()]], "Nobody.").contains("Mary"));
    }

    #[test]
    fn exit_codes_are_those_that_scripts_rely_on() {
        let codes = [
            (Outcome::Done, 0),
            (Outcome::Failed, 1),
            (Outcome::WrongUsage, 2),
            (Outcome::LookAt, 3),
            (Outcome::Busy, 4),
            (Outcome::NotFound, 5),
        ];
        for (outcome, code) in codes {
            assert_eq!(ExitCode::from(outcome), ExitCode::from(code));
        }
    }
}
