//! `rollcall flow`: new, check, try, test, read, schema; `flow_tools` has the commands around one.

use super::flow_schedule::Known;
use super::flow_tools::FlowTool;
use super::{Context, Outcome, flow_fix, flow_schema, flow_translate, flow_try, init};
use crate::engine::{self, Asked, HowRead, Today};
use crate::flow::{self, Beside, Flow, Problem, Severity};
use crate::model::{Language, Mode, Region, Value};
use crate::office::{self, Office};
use crate::switchboard::WrittenFlow;
use crate::translations::{self, Record};
use anyhow::{Context as _, Result};
use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::path::{Path, PathBuf};

/// Questionnaires: write, check, try, test and publish them.
#[derive(Debug, clap::Subcommand)]
pub enum FlowCommand {
    /// A new flow to write on, made of a shipped one
    ///
    /// Example: rollcall flow new my-alert --from urgent-alert
    New {
        /// Its id: letters, digits and -
        id: String,
        /// The shipped flow that it begins as
        #[arg(long, value_name = "FLOW", default_value = "three-questions")]
        from: String,
    },
    /// Everything that is wrong, at once
    ///
    /// Example: rollcall flow check flows --fix
    Check {
        /// Put right what has one cure: tabs, curly quotes, letters that make messages dear
        #[arg(long)]
        fix: bool,
        /// Files and folders; the office's flows where none is named
        paths: Vec<PathBuf>,
    },
    /// A phone in the terminal: type replies, or press keys, as a health worker would
    ///
    /// Example: rollcall flow try staff-validation --language fr --voice
    Try {
        /// The flow's id or file
        flow: String,
        /// The person's language
        #[arg(long)]
        language: Option<String>,
        /// By call: what is typed are the keys that are pressed
        #[arg(long)]
        voice: bool,
    },
    /// Play the tests that a flow carries
    ///
    /// Example: rollcall flow test staff-validation
    Test {
        /// The flow's id or file
        flow: String,
    },
    /// What replies mean to a question
    ///
    /// Example: rollcall flow read staff-validation years "seven" "7-8"
    Read {
        /// The flow's id or file
        flow: String,
        /// The question's id
        question: String,
        /// Replies; else lines of standard input
        replies: Vec<String>,
        /// The language the person is asked in
        #[arg(long)]
        language: Option<String>,
    },
    /// What can stand in a flow, for editors that complete and mark slips (JSON Schema)
    ///
    /// Example: rollcall flow schema --out flows/flow.schema.json
    Schema {
        /// The file to write; else it is printed
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    #[command(flatten)]
    Tool(FlowTool),
}

impl FlowCommand {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        match self {
            FlowCommand::New { id, from } => new(context, &id, &from),
            FlowCommand::Check { fix, paths } => {
                check(context, paths, fix, &Known::of(context).await?)
            }
            FlowCommand::Try { flow, language, voice } => {
                let mode = if voice { Mode::Voice } else { Mode::Sms };
                flow_try::play(&Opened::open(context, &flow)?, language.as_deref(), mode)
            }
            FlowCommand::Test { flow } => test(context, &flow),
            FlowCommand::Read { flow, question, replies, language } => {
                let opened = Opened::open(context, &flow)?;
                opened.read(context, &question, replies, language.as_deref())
            }
            FlowCommand::Schema { out } => flow_schema::run(context, out.as_deref()),
            FlowCommand::Tool(tool) => tool.run(context).await,
        }
    }
}

/// A flow by path, or by id in the office.
pub(super) fn find(context: &Context, name: &str) -> Result<WrittenFlow> {
    let office = context.office().ok();
    if Path::new(name).is_file() {
        return office::written(
            Path::new(name),
            office.as_ref().map(|office| office.folder.as_path()),
        );
    }
    context.office()?.flow(name)
}

fn today(office: Option<&Office>) -> Result<Today> {
    let settings = office.and_then(|office| office.settings().ok());
    let region = settings.as_ref().map(|settings| settings.region).or_else(|| Region::new("LR"));
    let zone = settings.map_or(jiff::tz::TimeZone::UTC, |settings| settings.zone);
    let date = crate::clock::wall().to_zoned(zone).date();
    Ok(Today { date, region: region.context("Liberia is a country")? })
}

pub(super) fn read_written(written: &WrittenFlow) -> (Option<Flow>, Vec<Problem>) {
    let (mut beside, mut problems) = Beside::of(&written.beside);
    beside.recordings = written.recordings.clone();
    beside.known_flows = office::flows_near(Path::new(&written.file));
    let (flow, more) = flow::read(&written.source, &beside);
    problems.extend(more);
    (flow, problems)
}

fn new(context: &Context, id: &str, from: &str) -> Result<Outcome> {
    let office = context.office()?;
    let file = office.folder.join("flows").join(format!("{id}.yaml"));
    if file.exists() {
        eprintln!("{} exists already.", file.display());
        return Ok(Outcome::Failed);
    }
    let Some((_, template)) = init::FLOWS.iter().find(|(known, _)| *known == from) else {
        let known: Vec<&str> = init::FLOWS.iter().map(|(known, _)| *known).collect();
        eprintln!("There is no shipped flow `{from}`; there are {}.", known.join(", "));
        return Ok(Outcome::NotFound);
    };
    // A word starts one flow only.
    let keeps = |line: &&str| !line.starts_with("start_words:");
    let text: String = template.lines().filter(keeps).map(|line| format!("{line}\n")).collect();
    let text = text.replace(&format!("flow: {from}"), &format!("flow: {id}"));
    let text = flow_schema::pointing(&text);
    std::fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
    flow_schema::write_beside_flows(&office.folder)?;
    flow_translate::remember(&file, &office.folder)?;
    println!("{} is there to be changed. Then: rollcall flow check", file.display());
    Ok(Outcome::Done)
}

fn check(context: &Context, paths: Vec<PathBuf>, fix: bool, known: &Known) -> Result<Outcome> {
    let office = context.office().ok();
    let paths = match (&office, paths.is_empty()) {
        (Some(office), true) => vec![office.folder.join("flows")],
        (None, true) => vec![context.office()?.folder],
        (_, false) => paths,
    };
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path)?.flatten().map(|entry| entry.path());
            files.extend(
                entries.filter(|p| p.extension().is_some_and(|e| e == "yaml" || e == "yml")),
            );
        } else if path.is_file() {
            files.push(path);
        } else {
            eprintln!("There is no {}.", path.display());
            return Ok(Outcome::NotFound);
        }
    }
    files.sort();
    let (mut errors, mut warnings) = (0, 0);
    let mut lines = Vec::new();
    for file in &files {
        if fix {
            put_right(file, office.as_ref())?;
        }
        let problems = check_one(file, office.as_ref(), known)?;
        for problem in &problems.1 {
            match problem.severity {
                Severity::Error => errors += 1,
                Severity::Warning => warnings += 1,
            }
            if context.json {
                lines.push(as_json(file, problem));
            } else {
                println!("{}", problem.show(&file.display().to_string(), &problems.0));
            }
        }
    }
    if context.json {
        println!("{}", serde_json::json!({"schema": 1, "files": files.len(), "problems": lines}));
    } else {
        println!("{}", summary(files.len(), errors, warnings));
    }
    Ok(if errors + warnings == 0 { Outcome::Done } else { Outcome::LookAt })
}

/// What stands below all problems: `8 flows checked: 2 problems found.`
fn summary(flows: usize, errors: usize, warnings: usize) -> String {
    let checked = counted(flows, "flow");
    let (problems, warned) = (counted(errors, "problem"), counted(warnings, "warning"));
    let usable = if flows == 1 { "The flow can be used" } else { "All can be used" };
    match (errors, warnings) {
        (0, 0) => format!("{checked} checked: nothing is wrong."),
        (0, _) => format!("{checked} checked: {warned}. {usable}."),
        (_, 0) => format!("{checked} checked: {problems} found."),
        (..) => format!("{checked} checked: {problems} and {warned} found."),
    }
}

/// `1 test`, `2 tests`.
fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

fn check_one(
    file: &Path,
    office: Option<&Office>,
    known: &Known,
) -> Result<(String, Vec<Problem>)> {
    let written = office::written(file, office.map(|office| office.folder.as_path()))?;
    let mut problems = findings(&written, office)?;
    problems.extend(known.findings(&written));
    Ok((written.source, problems))
}

/// Everything that is wrong with a written flow.
pub(super) fn findings(written: &WrittenFlow, office: Option<&Office>) -> Result<Vec<Problem>> {
    let (record, damaged) = flow_translate::record_beside(Path::new(&written.file));
    let mut problems = findings_with(written, office, &record)?;
    problems.extend(damaged);
    Ok(problems)
}

/// The same with what is known of its translations.
pub(super) fn findings_with(
    written: &WrittenFlow,
    office: Option<&Office>,
    record: &Record,
) -> Result<Vec<Problem>> {
    let (flow, mut problems) = read_written(written);
    if let Some(flow) = flow {
        for failure in engine::prove(&flow, today(office)?) {
            let line = failure.line.unwrap_or(1);
            let place = flow::problem::Place { line, col: 1, width: 1 };
            let message = format!("`{}` does not hold: {}.", failure.name, failure.why);
            problems.push(Problem::error("F070", place, message));
        }
        let of_translations = translations::check(&flow, &written.source, record);
        // That a translation is longer than its text says more than that it is long.
        let is_long = |problem: &Problem| {
            let told = of_translations.iter().filter(|told| told.code == "F112");
            problem.code == "F071" && told.clone().any(|told| told.place == problem.place)
        };
        let dear = flow_fix::dear_texts(&flow, &written.source).into_iter();
        problems.extend(dear.filter(|problem| !is_long(problem)));
        problems.extend(of_translations);
    }
    Ok(problems)
}

/// Puts right what has one cure, as often as that uncovers something else that has one.
fn put_right(file: &Path, office: Option<&Office>) -> Result<()> {
    const MOST: usize = 5;
    for _ in 0..MOST {
        let written = office::written(file, office.map(|office| office.folder.as_path()))?;
        let (flow, problems) = read_written(&written);
        let (source, count) = flow_fix::fixed(&written.source, &problems, flow.as_ref());
        if count == 0 {
            return Ok(());
        }
        std::fs::write(file, source).with_context(|| format!("writing {}", file.display()))?;
        eprintln!("{}: {count} letters put right.", file.display());
    }
    Ok(())
}

pub(super) fn as_json(file: &Path, problem: &Problem) -> serde_json::Value {
    serde_json::json!({
        "file": file, "line": problem.place.line, "col": problem.place.col, "code": problem.code,
        "severity": if problem.severity == Severity::Error { "error" } else { "warning" },
        "message": problem.message, "help": problem.help,
    })
}

/// A flow that can be used, with what the office says about today.
pub(super) struct Opened {
    pub written: WrittenFlow,
    pub flow: Flow,
    pub today: Today,
}

impl Opened {
    pub(super) fn open(context: &Context, name: &str) -> Result<Opened> {
        Opened::read_from(context, find(context, name)?)
    }

    /// The same of a flow that was found already.
    pub(super) fn read_from(context: &Context, written: WrittenFlow) -> Result<Opened> {
        let (flow, problems) = read_written(&written);
        let shown: Vec<String> =
            problems.iter().map(|problem| problem.show(&written.file, &written.source)).collect();
        let flow = flow.with_context(|| shown.join("\n"))?;
        Ok(Opened { written, flow, today: today(context.office().ok().as_ref())? })
    }

    fn read(
        &self,
        context: &Context,
        question: &str,
        replies: Vec<String>,
        language: Option<&str>,
    ) -> Result<Outcome> {
        let Some(question) = self.flow.question(question) else {
            let ids: Vec<&str> =
                self.flow.questions().map(|question| question.id.as_str()).collect();
            eprintln!("There is no question `{question}`; there are {}.", ids.join(", "));
            return Ok(Outcome::NotFound);
        };
        let language = language.map_or_else(|| self.flow.languages[0].clone(), Language::new);
        let earlier = BTreeMap::new();
        let asked = Asked { flow: &self.flow, question, language: &language, earlier: &earlier };
        let from_input = replies.is_empty();
        let lines =
            std::io::stdin().lock().lines().take_while(|_| from_input).map_while(Result::ok);
        for reply in replies.into_iter().chain(lines) {
            let reading = engine::read_reply(&asked, &reply, self.today);
            let how = match reading.how {
                HowRead::Exact => "exact",
                HowRead::Repaired => "repaired",
                HowRead::Confirm => "confirm",
                HowRead::NotUnderstood => "not_understood",
                HowRead::Refused => "refused",
            };
            let mut object = serde_json::json!({
                "reply": reply, "value": reading.value.as_ref().map(in_json), "how": how,
                "ask": reading.ask,
            });
            if let Some(proposal) = &reading.proposal {
                object["proposal"] = in_json(proposal);
            }
            if context.json {
                println!("{object}");
            } else {
                let value = reading.value.as_ref().map_or_else(|| "-".to_owned(), Value::to_text);
                println!("{reply:<30} {value:<24} {how}");
            }
        }
        Ok(Outcome::Done)
    }
}

fn in_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            // A whole number is written as one: 7, not 7.0.
            serde_json::from_str(&value.to_text()).unwrap_or_default()
        }
        Value::Number(number) => serde_json::json!(number),
        Value::Choices(ids) => serde_json::json!(ids),
        other => other.to_text().into(),
    }
}

fn test(context: &Context, name: &str) -> Result<Outcome> {
    let opened = Opened::open(context, name)?;
    let failures = engine::prove(&opened.flow, opened.today);
    if context.json {
        let failed: Vec<_> = failures
            .iter()
            .map(|failure| serde_json::json!({"name": failure.name, "line": failure.line, "why": failure.why}))
            .collect();
        let tests = opened.flow.tests.len();
        println!("{}", serde_json::json!({"schema": 1, "tests": tests, "failed": failed}));
    } else {
        for failure in &failures {
            println!("{}: {}", failure.name, failure.why);
        }
        println!("{}, {} failed.", counted(opened.flow.tests.len(), "test"), failures.len());
    }
    Ok(if failures.is_empty() { Outcome::Done } else { Outcome::Failed })
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn a_warning_is_not_called_a_problem() {
        let table = [
            ((1, 0, 0), "1 flow checked: nothing is wrong."),
            ((1, 1, 0), "1 flow checked: 1 problem found."),
            ((1, 0, 1), "1 flow checked: 1 warning. The flow can be used."),
            ((8, 0, 2), "8 flows checked: 2 warnings. All can be used."),
            ((8, 2, 1), "8 flows checked: 2 problems and 1 warning found."),
        ];
        for ((flows, errors, warnings), expected) in table {
            assert_eq!(summary(flows, errors, warnings), expected);
        }
    }
}
