//! `rollcall export`: one row a run, one group of columns a question.

use super::asked_order::AskedOrder;
use super::{Context, Outcome};
use crate::store::{AnonymousQuestion, AnswerRow, FEWEST};
use anyhow::{Context as _, Result};
use rust_xlsxwriter::{Workbook, Worksheet};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Take the answers out as a spreadsheet: one row a person, value, raw text and reading a question.
///
/// Answers to anonymous flows come by themselves, sorted by question and value: a second sheet, or
/// a second file whose name ends in `-anonymous`.
///
/// Example: rollcall export --format xlsx --to answers.xlsx
#[derive(Debug, clap::Args)]
pub struct Export {
    /// The campaign's name or number; all where none is named
    #[arg(long)]
    campaign: Option<String>,
    /// Which kind of file
    #[arg(long, value_enum, default_value_t = Format::Xlsx)]
    format: Format,
    /// The file; else one in reports/
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

/// Which kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For Excel: a mark for the encoding, and nothing that Excel would take for a formula
    Csv,
    /// For programs: every text as it is
    CsvRaw,
    /// A workbook, every cell a text
    Xlsx,
}

impl Export {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let office = context.office()?;
        let reader = office.reader().await?;
        let campaign = match &self.campaign {
            None => None,
            Some(name) => match reader.campaign_id(Some(name)).await? {
                None => {
                    eprintln!("There is no campaign `{name}`.");
                    return Ok(Outcome::NotFound);
                }
                found => found,
            },
        };
        let order = AskedOrder::of(&reader, campaign).await?;
        let rows = sheet(reader.answers(campaign).await?, &order);
        let ending = if self.format == Format::Xlsx { "xlsx" } else { "csv" };
        let file = self.to.unwrap_or_else(|| office.reports().join(format!("answers.{ending}")));
        let mut anonymous = reader.anonymous_answers(campaign).await?;
        // Stable: what belongs to one flow of one campaign stays together.
        anonymous.sort_by(|one, other| {
            let key = |at: &AnonymousQuestion| (at.campaign.clone(), at.flow.clone());
            let by_question = order.place(&one.question).cmp(&order.place(&other.question));
            key(one).cmp(&key(other)).then(by_question)
        });
        let apart = apart(&anonymous);
        let beside = write(&file, self.format, &rows, &apart)?;
        if context.json {
            let people = rows.len().saturating_sub(1);
            let object = serde_json::json!({
                "schema": 1, "file": file, "rows": people, "anonymous_file": beside,
                "anonymous_rows": apart.len().saturating_sub(1),
            });
            println!("{object}");
        } else {
            println!("{}", file.display());
            beside.iter().for_each(|file| println!("{}", file.display()));
        }
        Ok(Outcome::Done)
    }
}

/// The fixed cells of a run, and its answers: value, what was sent, how it was read.
type Line = (Vec<String>, BTreeMap<String, [String; 3]>);

/// Headings, then a row a run; columns in the order in which the questions are asked.
fn sheet(answers: Vec<AnswerRow>, order: &AskedOrder) -> Vec<Vec<String>> {
    let named: BTreeSet<String> = answers
        .iter()
        .map(|a| a.question.clone())
        .filter(|question| !question.is_empty())
        .collect();
    let mut questions = Vec::from_iter(named);
    questions.sort_by(|one, other| order.place(one).cmp(&order.place(other)));
    let mut head: Vec<String> =
        ["run", "name", "number", "flow", "status", "started"].map(str::to_owned).to_vec();
    for question in &questions {
        head.extend([question.clone(), format!("{question} (sent)"), format!("{question} (read)")]);
    }
    let mut runs: BTreeMap<i64, Line> = BTreeMap::new();
    for row in answers {
        let fixed =
            vec![row.run.to_string(), row.name, row.number, row.flow, row.status, row.started_at];
        let run = runs.entry(row.run).or_insert_with(|| (fixed, BTreeMap::new()));
        run.1.insert(row.question, [row.value, row.heard, row.how]);
    }
    let cells = |(mut row, mut answers): Line| {
        for question in &questions {
            row.extend(answers.remove(question).unwrap_or_default());
        }
        row
    };
    std::iter::once(head).chain(runs.into_values().map(cells)).collect()
}

/// Anonymous answers: headings, then a row an answer, by question and value. Their order says
/// nothing of who came when.
fn apart(questions: &[AnonymousQuestion]) -> Vec<Vec<String>> {
    let mut rows = vec![["campaign", "flow", "question", "answer"].map(str::to_owned).to_vec()];
    for question in questions {
        let about = [&question.campaign, &question.flow, &question.question].map(Clone::clone);
        let row = |value: String| about.iter().cloned().chain([value]).collect::<Vec<_>>();
        match &question.values {
            None => rows.push(row(format!("(fewer than {FEWEST} answers: not shown)"))),
            Some(values) => {
                for (value, count) in values {
                    rows.extend((0..*count).map(|_| row(value.clone())));
                }
            }
        }
    }
    rows
}

/// Writes the file, and where a kind of file has one table only, anonymous answers beside it.
fn write(
    file: &Path,
    format: Format,
    rows: &[Vec<String>],
    apart: &[Vec<String>],
) -> Result<Option<PathBuf>> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).ok();
    }
    let has_some = apart.len() > 1;
    if format == Format::Xlsx {
        let mut book = Workbook::new();
        fill(book.add_worksheet(), rows)?;
        if has_some {
            fill(book.add_worksheet().set_name("anonymous")?, apart)?;
        }
        book.save(file).with_context(|| format!("writing {}", file.display()))?;
        return Ok(None);
    }
    write_table(file, format, rows)?;
    if !has_some {
        return Ok(None);
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let beside = file.with_file_name(format!("{stem}-anonymous.csv"));
    write_table(&beside, format, apart)?;
    Ok(Some(beside))
}

fn fill(sheet: &mut Worksheet, rows: &[Vec<String>]) -> Result<()> {
    for (row, cells) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write_string(row, column, cell)?;
        }
    }
    Ok(())
}

/// One table as text: for Excel, or for programs as it is.
fn write_table(file: &Path, format: Format, rows: &[Vec<String>]) -> Result<()> {
    let writing = || format!("writing {}", file.display());
    if format == Format::CsvRaw {
        let mut writer = csv::Writer::from_path(file).with_context(writing)?;
        for row in rows {
            writer.write_record(row)?;
        }
        return writer.flush().with_context(writing);
    }
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell)))?;
    }
    drop(writer);
    std::fs::write(file, bytes).with_context(writing)
}

/// A text that a spreadsheet program cannot take for a formula.
fn harmless(cell: &str) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_people_text_becomes_a_formula() {
        for cell in ["=HYPERLINK(\"x\")", "+231886", "-1", "@SUM(A1)"] {
            assert!(harmless(cell).starts_with('\''), "{cell}");
        }
        assert_eq!(harmless("Mary"), "Mary");
    }
}
