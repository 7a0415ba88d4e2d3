//! `rollcall flow translate`: texts out to a translator, and back into the flow's file.

use super::flow::{Opened, as_json, findings_with, read_written};
use super::{Context, Outcome};
use crate::clock;
use crate::flow::problem::Place;
use crate::flow::texts::texts;
use crate::flow::{Beside, Problem};
use crate::model::Language;
use crate::office;
use crate::switchboard::WrittenFlow;
use crate::translations::{
    self, EvenStale, Fate, Line, Record, Returned, Sheet, State, Taken, Written, po, xlsx,
};
use anyhow::{Context as _, Result, anyhow};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Give a flow's texts to a translator (Excel or PO) and take the translations back
///
/// `--in` changes the translations in the flow's file and no other line. What does not fit its
/// text is refused, with the reason. Exit code 3: some were refused.
///
/// Example: rollcall flow translate staff-validation --out french.xlsx --language fr
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("way").required(true)))]
pub struct Translate {
    /// The flow's id or file
    flow: String,
    /// Write the texts into this file: .xlsx for Excel, .po for translators' programs
    #[arg(long, value_name = "FILE", group = "way")]
    out: Option<PathBuf>,
    /// Take the translations of this file into the flow
    #[arg(long = "in", value_name = "FILE", group = "way")]
    back: Option<PathBuf>,
    /// Every translation is right for the texts of today
    #[arg(long, group = "way")]
    mark_current: bool,
    /// This language alone; with --out it may be a new one
    #[arg(long)]
    language: Option<String>,
    /// Take translations of texts that have changed since they were sent out; they stay marked
    #[arg(long, requires = "back")]
    even_stale: bool,
    /// Say what would be taken, and write nothing
    #[arg(long, requires = "back")]
    dry_run: bool,
}

/// The two kinds of files.
enum Form {
    Workbook,
    Po,
}

impl Translate {
    pub(super) fn run(self, context: &Context) -> Result<Outcome> {
        let opened = Opened::open(context, &self.flow)?;
        let (record, damaged) = record_beside(Path::new(&opened.written.file));
        if let Some(problem) = damaged {
            eprintln!("{}", problem.show(&opened.written.file, ""));
            return Ok(Outcome::Failed);
        }
        let file = self.out.as_deref().or(self.back.as_deref());
        let form = match file.map(form_of) {
            Some(Some(form)) => form,
            Some(None) => {
                eprintln!("The file must end in .xlsx or .po.");
                return Ok(Outcome::WrongUsage);
            }
            None => return mark_current(context, &opened, record),
        };
        match (&self.out, &self.back) {
            (Some(file), _) => self.send_out(context, &opened, record, (file, &form)),
            (None, Some(file)) => self.take_back(context, &opened, &record, (file, &form)),
            (None, None) => Ok(Outcome::WrongUsage),
        }
    }

    fn send_out(
        &self,
        context: &Context,
        opened: &Opened,
        mut record: Record,
        (file, form): (&Path, &Form),
    ) -> Result<Outcome> {
        let flow = &opened.flow;
        let languages: Vec<Language> = match &self.language {
            Some(tag) => vec![Language::new(tag)],
            None => flow.languages[1..].to_vec(),
        };
        if languages.is_empty() || languages.contains(&flow.languages[0]) {
            eprintln!("Name the language to translate into, like --language fr.");
            return Ok(Outcome::WrongUsage);
        }
        let sheets: Vec<Sheet> =
            languages.iter().map(|language| translations::sheet(flow, &record, language)).collect();
        let bytes = match (form, &sheets[..]) {
            (Form::Workbook, sheets) => xlsx::write(sheets)?,
            (Form::Po, [sheet]) => {
                let now = clock::wall().strftime("%Y-%m-%d %H:%M+0000").to_string();
                po::write(sheet, &now).into_bytes()
            }
            (Form::Po, _) => {
                eprintln!("A PO file holds one language: name it, like --language fr.");
                return Ok(Outcome::WrongUsage);
            }
        };
        std::fs::write(file, bytes).with_context(|| format!("writing {}", file.display()))?;
        record.remember(&texts(flow), &flow.languages[0]);
        keep(&record, Path::new(&opened.written.file))?;
        say_sent(context, file, &sheets);
        Ok(Outcome::Done)
    }

    fn take_back(
        &self,
        context: &Context,
        opened: &Opened,
        record: &Record,
        (file, form): (&Path, &Form),
    ) -> Result<Outcome> {
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                eprintln!("There is no {}.", file.display());
                return Ok(Outcome::NotFound);
            }
            Err(error) => return Err(error).context(format!("reading {}", file.display())),
        };
        let unreadable = |why: &dyn std::fmt::Display| anyhow!("{}: {why}.", file.display());
        let mut returned: Vec<Returned> = match form {
            Form::Workbook => xlsx::read(&bytes).map_err(|why| unreadable(&why))?,
            Form::Po => po::read(&bytes).map_err(|why| unreadable(&why))?,
        };
        if let Some(language) = self.language.as_deref().map(Language::new) {
            returned.retain(|row| row.language == language);
        }
        let beside = Beside::of(&opened.written.beside).0;
        let (source, flow) = (&opened.written.source, &opened.flow);
        let written = Written { source, beside: &beside, flow, record };
        let stale = if self.even_stale { EvenStale::Take } else { EvenStale::Refuse };
        let taken = translations::take(&written, &returned, stale);
        let write = !self.dry_run && taken.errors.is_empty();
        if write {
            let file = Path::new(&opened.written.file);
            if taken.source != *source {
                replace(file, &taken.source)?;
            }
            if taken.record != *record {
                keep(&taken.record, file)?;
            }
        }
        let new = new_findings(context, &opened.written, record, &taken)?;
        Told { context, file: &opened.written.file, taken: &taken, new, write }.tell()
    }
}

/// What came back, told to the person who brought it.
struct Told<'a> {
    context: &'a Context,
    file: &'a str,
    taken: &'a Taken,
    /// What is to be looked at that was not before.
    new: Vec<Problem>,
    write: bool,
}

impl Told<'_> {
    fn tell(&self) -> Result<Outcome> {
        let refused = |line: &&Line| matches!(line.fate, Fate::Refused(_));
        let refused = self.taken.lines.iter().filter(refused).count();
        if self.context.json {
            self.as_json();
        } else {
            self.in_words(refused);
        }
        Ok(match (self.taken.errors.is_empty(), refused) {
            (false, _) => Outcome::Failed,
            (true, 0) => Outcome::Done,
            (true, _) => Outcome::LookAt,
        })
    }

    fn as_json(&self) {
        let lines: Vec<_> = self
            .taken
            .lines
            .iter()
            .map(|line| {
                let (fate, why) = in_a_word(&line.fate);
                json!({
                    "at": line.at, "text": line.key, "language": line.language.as_str(),
                    "fate": fate, "why": why,
                })
            })
            .collect();
        let file = Path::new(self.file);
        let problems = self.taken.errors.iter().chain(&self.new);
        let problems: Vec<_> = problems.map(|problem| as_json(file, problem)).collect();
        println!(
            "{}",
            json!({"schema": 1, "file": file, "written": self.write, "lines": lines,
                "problems": problems})
        );
    }

    fn in_words(&self, refused: usize) {
        for line in &self.taken.lines {
            if let Fate::Refused(why) = &line.fate {
                println!("{}: `{}` is not taken: {why}.", line.at, line.key);
            }
        }
        let shown = if self.taken.errors.is_empty() { &self.new } else { &self.taken.errors };
        for problem in shown {
            println!("{}", problem.show(self.file, &self.taken.source));
        }
        let count =
            |wanted: &Fate| self.taken.lines.iter().filter(|line| line.fate == *wanted).count();
        println!(
            "{} taken, {} confirmed, {} unchanged, {} not translated yet, {refused} refused.",
            count(&Fate::Taken),
            count(&Fate::Confirmed),
            count(&Fate::Unchanged),
            count(&Fate::Open)
        );
        if !self.write {
            println!("{} stays as it was.", self.file);
        }
    }
}

fn in_a_word(fate: &Fate) -> (&'static str, Option<&str>) {
    match fate {
        Fate::Taken => ("taken", None),
        Fate::Confirmed => ("confirmed", None),
        Fate::Unchanged => ("unchanged", None),
        Fate::Open => ("open", None),
        Fate::Refused(why) => ("refused", Some(why)),
    }
}

fn form_of(file: &Path) -> Option<Form> {
    match file.extension()?.to_str()?.to_lowercase().as_str() {
        "xlsx" => Some(Form::Workbook),
        "po" => Some(Form::Po),
        _ => None,
    }
}

fn mark_current(context: &Context, opened: &Opened, mut record: Record) -> Result<Outcome> {
    let flow = &opened.flow;
    record.mark_current(&texts(flow), &flow.languages[0]);
    let file = Path::new(&opened.written.file);
    keep(&record, file)?;
    if context.json {
        println!("{}", json!({"schema": 1, "file": file, "record": record_file(file)}));
    } else {
        println!("All translations of {} are taken as made for the texts of today.", flow.id);
    }
    Ok(Outcome::Done)
}

fn say_sent(context: &Context, file: &Path, sheets: &[Sheet]) {
    let rows = || sheets.iter().flat_map(|sheet| &sheet.rows);
    let missing = rows().filter(|row| row.state == State::Missing).count();
    let stale = rows().filter(|row| matches!(row.state, State::Stale { .. })).count();
    if context.json {
        let languages: Vec<&str> = sheets.iter().map(|sheet| sheet.language.as_str()).collect();
        let count = rows().count();
        println!(
            "{}",
            json!({"schema": 1, "file": file, "languages": languages, "texts": count,
                "missing": missing, "stale": stale})
        );
    } else {
        println!(
            "{}: {} texts, {missing} without a translation, {stale} with an old one.",
            file.display(),
            rows().count()
        );
    }
}

/// What `flow check` would say of the flow now and did not say before.
fn new_findings(
    context: &Context,
    written: &WrittenFlow,
    record: &Record,
    taken: &Taken,
) -> Result<Vec<Problem>> {
    let office = context.office().ok();
    let before = findings_with(written, office.as_ref(), record)?;
    let after = WrittenFlow { source: taken.source.clone(), ..written.clone() };
    let after = findings_with(&after, office.as_ref(), &taken.record)?;
    let is_new = |problem: &Problem| {
        !before.iter().any(|old| old.code == problem.code && old.message == problem.message)
            && !taken.errors.contains(problem)
    };
    Ok(after.into_iter().filter(is_new).collect())
}

/// Where the record of a flow's translations lies.
fn record_file(flow: &Path) -> PathBuf {
    let folder = flow.parent().unwrap_or(Path::new("."));
    let name = flow.file_stem().unwrap_or_default();
    folder.join("translations").join(name).with_extension("csv")
}

/// What is known of a flow's translations, and what is wrong with the file of it.
pub(super) fn record_beside(flow: &Path) -> (Record, Option<Problem>) {
    let file = record_file(flow);
    let Ok(bytes) = std::fs::read(&file) else { return (Record::default(), None) };
    let text = String::from_utf8(bytes).map_err(|_| "it is not in UTF-8".to_owned());
    let read = text.and_then(|text| Record::parse(&text).map_err(|why| why.to_string()));
    match read {
        Ok(record) => (record, None),
        Err(why) => {
            let message = format!(
                "What the translations were made for cannot be read: {}, {why}.",
                file.display()
            );
            let help = "Delete that file; then all translations count as current.";
            (Record::default(), Some(Problem::warning("F117", Place::START, message).help(help)))
        }
    }
}

/// Remembers that a flow's translations are right for its texts, where nothing is known yet.
pub(super) fn remember(file: &Path, office: &Path) -> Result<()> {
    if record_file(file).exists() {
        return Ok(());
    }
    let written = office::written(file, Some(office))?;
    let Some(flow) = read_written(&written).0.filter(|flow| flow.languages.len() > 1) else {
        return Ok(());
    };
    let mut record = Record::default();
    record.mark_current(&texts(&flow), &flow.languages[0]);
    keep(&record, file)
}

fn keep(record: &Record, flow: &Path) -> Result<()> {
    let file = record_file(flow);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    replace(&file, &record.to_csv())
}

/// Writes beside the file and puts that in its place, so that a power cut loses neither.
fn replace(file: &Path, text: &str) -> Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    let writing = || format!("writing {}", file.display());
    std::fs::write(&beside, text).with_context(writing)?;
    std::fs::rename(&beside, file).with_context(writing)
}
