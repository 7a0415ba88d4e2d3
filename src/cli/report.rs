//! `rollcall report`: the funnel, and every question by county, facility, cadre and gender.

use super::asked_order::AskedOrder;
use super::{Context, Outcome, table};
use crate::office::Office;
use crate::store::{AnonymousQuestion, FEWEST, Funnel, Reader, ValueCount};
use anyhow::{Context as _, Result};
use std::fmt::Write as _;

/// The funnel of a campaign, and every question by county, facility, cadre and gender.
///
/// Example: rollcall report --campaign "Liberia pilot" --by county
#[derive(Debug, clap::Args)]
pub struct Report {
    /// The campaign's name or number; the newest where none is named
    #[arg(long)]
    campaign: Option<String>,
    /// Tell answers apart by this field of the contact
    #[arg(long, value_name = "FIELD")]
    by: Option<String>,
}

/// What answers are told apart by in the files.
const FIELDS: [&str; 4] = ["county", "facility", "cadre", "gender"];
const BAR: i64 = 40;

impl Report {
    pub(super) async fn run(&self, context: &Context) -> Result<Outcome> {
        let office = context.office()?;
        let reader = office.reader().await?;
        let Some(campaign) = reader.campaign_id(self.campaign.as_deref()).await? else {
            eprintln!(
                "{}",
                match &self.campaign {
                    Some(_) => "There is no such campaign; `rollcall campaign status` lists them.",
                    None => "No campaign was started yet, so there is nothing to report.",
                }
            );
            return Ok(Outcome::NotFound);
        };
        if reader.is_anonymous(campaign).await? && self.by.is_some() {
            eprintln!(
                "This campaign's flow is anonymous: its answers cannot be told apart by anything \
                 that is known of people. Leave `--by` out."
            );
            return Ok(Outcome::WrongUsage);
        }
        let funnel = reader.funnel(campaign).await?;
        let dispositions = reader.dispositions(campaign).await?;
        let order = AskedOrder::of(&reader, Some(campaign)).await?;
        let by = self.by.as_deref().unwrap_or("");
        let values = in_order(reader.values(campaign, by).await?, &order);
        let anonymous = anonymous_in_order(reader.anonymous_answers(Some(campaign)).await?, &order);
        if context.json {
            let object = serde_json::json!({
                "schema": 1, "campaign": campaign, "funnel": funnel,
                "dispositions": dispositions.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
                "by": self.by, "answers": values, "anonymous": anonymous,
            });
            println!("{object}");
        } else {
            println!("{}", draw(&funnel));
            let rows = dispositions.into_iter().map(|(word, count)| vec![word, count.to_string()]);
            println!("{}\n", table(&["people", ""], rows.collect()));
            if reader.is_anonymous(campaign).await? {
                println!("Anonymous answers:\n{}", anonymous_answers(&anonymous));
            } else {
                println!("Answers of those who completed:\n{}", answers(&values));
            }
        }
        write(&office, &reader, campaign).await?;
        eprintln!("Written: {}", office.reports().join(file_name(campaign)).display());
        Ok(Outcome::Done)
    }
}

/// The funnel as bars.
pub(super) fn draw(funnel: &Funnel) -> String {
    let stages = [
        ("messaged", funnel.messaged, funnel.messaged),
        ("reached", funnel.reached, funnel.messaged),
        ("responded", funnel.responded, funnel.reached),
        ("completed", funnel.completed, funnel.responded),
    ];
    let widest = funnel.messaged.max(1);
    let mut drawing = String::from("\n");
    for (name, count, before) in stages {
        let full = usize::try_from(count * BAR / widest).unwrap_or(0);
        let share = (count * 100 + before / 2) / before.max(1);
        let bar = "█".repeat(full);
        let _ = writeln!(drawing, "  {name:<10} {count:>5}  {bar:<40} {share:>3} %");
    }
    let _ = writeln!(
        drawing,
        "\n  {} · {} · {} · {}",
        funnel.messaged, funnel.reached, funnel.responded, funnel.completed
    );
    drawing
}

/// As the flow asks; below each question the most frequent answers first, and numbers by size
/// where they are as frequent.
fn in_order(mut values: Vec<ValueCount>, order: &AskedOrder) -> Vec<ValueCount> {
    let size = |value: &ValueCount| value.value.parse::<f64>().unwrap_or(f64::INFINITY);
    values.sort_by(|one, other| {
        let by_question = order.place(&one.question).cmp(&order.place(&other.question));
        let by_group = by_question.then_with(|| one.by.cmp(&other.by));
        let by_count = by_group.then(other.count.cmp(&one.count));
        by_count.then_with(|| size(one).total_cmp(&size(other)))
    });
    values
}

fn anonymous_in_order(
    mut questions: Vec<AnonymousQuestion>,
    order: &AskedOrder,
) -> Vec<AnonymousQuestion> {
    questions.sort_by(|one, other| order.place(&one.question).cmp(&order.place(&other.question)));
    questions
}

fn answers(values: &[ValueCount]) -> String {
    let rows = values.iter().map(|value| {
        vec![value.question.clone(), value.by.clone(), value.value.clone(), value.count.to_string()]
    });
    table(&["question", "by", "answer", "people"], rows.collect())
}

fn anonymous_answers(questions: &[AnonymousQuestion]) -> String {
    table(&["question", "answer", "people"], anonymous_rows(questions))
}

/// A row each value; texts are counted here and stand in the export.
fn anonymous_rows(questions: &[AnonymousQuestion]) -> Vec<Vec<String>> {
    let rows = questions.iter().flat_map(|question| {
        let row = |value: String, count: String| vec![question.question.clone(), value, count];
        match &question.values {
            None => vec![row(format!("fewer than {FEWEST} answers: not shown"), String::new())],
            Some(values) if question.kind == "text" => {
                let count: i64 = values.iter().map(|(_, count)| count).sum();
                vec![row("texts: see `rollcall export`".to_owned(), count.to_string())]
            }
            Some(values) => {
                values.iter().map(|(value, count)| row(value.clone(), count.to_string())).collect()
            }
        }
    });
    rows.collect()
}

fn file_name(campaign: i64) -> String {
    format!("campaign-{campaign}.html")
}

/// Writes the report as a page that needs nothing but itself, for printing and passing on.
pub(super) async fn write(office: &Office, reader: &Reader, campaign: i64) -> Result<()> {
    let funnel = reader.funnel(campaign).await?;
    let order = AskedOrder::of(reader, Some(campaign)).await?;
    let mut page = String::from(
        "<!doctype html><meta charset=\"utf-8\"><title>Rollcall report</title><style>body{font:16px \
         sans-serif;max-width:50em;margin:2em auto}table{border-collapse:collapse}td,th{padding:.2em \
         .8em;border-bottom:1px solid #ccc;text-align:left}</style><h1>Report</h1>",
    );
    page.push_str(&funnel_svg(&funnel));
    if reader.is_anonymous(campaign).await? {
        page.push_str("<h2>Anonymous answers</h2><table><tr><th>question<th>answer<th>people");
        let answers = anonymous_in_order(reader.anonymous_answers(Some(campaign)).await?, &order);
        for row in anonymous_rows(&answers) {
            let cells = row.iter().map(|cell| format!("<td>{}", escape(cell)));
            let _ = write!(page, "<tr>{}", cells.collect::<String>());
        }
        page.push_str("</table>");
        return keep(office, campaign, &page);
    }
    for field in std::iter::once("").chain(FIELDS) {
        let values = in_order(reader.values(campaign, field).await?, &order);
        let title = if field.is_empty() { "All" } else { field };
        let _ = write!(
            page,
            "<h2>{}</h2><table><tr><th>question<th>{}<th>answer<th>people",
            escape(title),
            escape(field)
        );
        for value in values {
            let _ = write!(
                page,
                "<tr><td>{}<td>{}<td>{}<td>{}",
                escape(&value.question),
                escape(&value.by),
                escape(&value.value),
                value.count
            );
        }
        page.push_str("</table>");
    }
    keep(office, campaign, &page)
}

fn keep(office: &Office, campaign: i64, page: &str) -> Result<()> {
    std::fs::create_dir_all(office.reports()).context("making the reports folder")?;
    let file = office.reports().join(file_name(campaign));
    std::fs::write(&file, page).with_context(|| format!("writing {}", file.display()))
}

fn funnel_svg(funnel: &Funnel) -> String {
    let stages = [
        ("messaged", funnel.messaged),
        ("reached", funnel.reached),
        ("responded", funnel.responded),
        ("completed", funnel.completed),
    ];
    let widest = funnel.messaged.max(1);
    let mut svg = String::from("<svg viewBox=\"0 0 600 160\" role=\"img\" aria-label=\"funnel\">");
    for (at, (name, count)) in stages.into_iter().enumerate() {
        let y = at * 40;
        let width = count * 420 / widest;
        let _ = write!(
            svg,
            "<text x=\"0\" y=\"{}\">{name}</text><rect x=\"100\" y=\"{}\" width=\"{width}\" \
             height=\"28\" fill=\"#356\"/><text x=\"{}\" y=\"{}\">{count}</text>",
            y + 20,
            y,
            width + 110,
            y + 20
        );
    }
    svg.push_str("</svg>");
    svg
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
