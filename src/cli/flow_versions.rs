//! `rollcall flow diff|publish|rollback|versions`: what changed, and which version new starts get.

use super::flow::{Opened, findings};
use super::{Context, Outcome, table};
use crate::flow::words::counted;
use crate::flow::{self, Beside, Change, Flow, Severity};
use crate::store::{FlowVersion, Reader, VersionLine};
use crate::switchboard::{Reply, Request, WrittenFlow};
use anyhow::{Context as _, Result};

/// How much of a digest people read.
const SHORT: usize = 8;

/// Whether something is done or only shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It is done.
    InEarnest,
    /// It is shown.
    DryRun,
}

/// Says what changed between the version that new starts get and the file.
pub(super) async fn diff(context: &Context, opened: &Opened) -> Result<Outcome> {
    let id = &opened.flow.id;
    let reader = context.office()?.reader().await?;
    let Some(version) = reader.flow_in_use(id).await? else {
        eprintln!("No version of `{id}` was published yet; the next start publishes the file.");
        return Ok(Outcome::NotFound);
    };
    let changes = flow::changes(&kept(&version)?, &opened.flow);
    let versions = reader.versions(id).await?;
    if context.json {
        let waiting: Vec<_> = waiting(&versions)
            .map(|line| serde_json::json!({"digest": line.digest, "in_use": line.in_use, "people": line.waiting}))
            .collect();
        let object = serde_json::json!({
            "schema": 1, "flow": id, "in_use": version.digest, "changes": changes,
            "waiting": waiting,
        });
        println!("{object}");
    } else {
        println!("{}", compared(id, &changes, &versions));
    }
    Ok(if changes.is_empty() { Outcome::Done } else { Outcome::LookAt })
}

fn compared(id: &str, changes: &[Change], versions: &[VersionLine]) -> String {
    let mut text = match changes.len() {
        0 => format!("`{id}` is as it was published."),
        count => format!("{}:\n{}", counted(count as u64, "change"), lines(changes)),
    };
    for line in waiting(versions) {
        let people = people(line.waiting);
        let which = if line.in_use { "the version in use" } else { "an older version" };
        let short = &line.digest[..SHORT.min(line.digest.len())];
        text.push_str(&format!("\n{people} in the middle with {which} ({short})."));
    }
    text
}

fn waiting(versions: &[VersionLine]) -> impl Iterator<Item = &VersionLine> {
    versions.iter().filter(|line| line.waiting > 0)
}

fn people(count: i64) -> String {
    if count == 1 { "1 person is".to_owned() } else { format!("{count} people are") }
}

fn lines(changes: &[Change]) -> String {
    let lines: Vec<String> = changes.iter().map(|change| format!("- {}", change.words)).collect();
    lines.join("\n")
}

/// Publishes a flow in which nothing is wrong; warnings stop nobody.
pub(super) async fn publish(context: &Context, written: WrittenFlow, way: Way) -> Result<Outcome> {
    let office = context.office()?;
    let problems = findings(&written, Some(&office))?;
    let errors: Vec<String> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| problem.show(&written.file, &written.source))
        .collect();
    if !errors.is_empty() {
        let what = counted(errors.len() as u64, "finding");
        let words = format!(
            "{}\nNothing was published: {what}. The last good version, if there is one, stays in \
             use.",
            errors.join("\n")
        );
        return Ok(context.say(&Reply::Refused { words }));
    }
    match way {
        Way::InEarnest => context.submit(Request::PublishFlow { flow: written }).await,
        Way::DryRun => would_publish(context, written, &office.reader().await?).await,
    }
}

async fn would_publish(
    context: &Context,
    written: WrittenFlow,
    reader: &Reader,
) -> Result<Outcome> {
    let digest = flow::digest(&written.source, &written.beside);
    let opened = Opened::read_from(context, written)?;
    let id = &opened.flow.id;
    let before = reader.flow_in_use(id).await?;
    let changes = match &before {
        Some(version) => flow::changes(&kept(version)?, &opened.flow),
        None => Vec::new(),
    };
    let others = reader.versions(id).await?.into_iter().filter(|line| line.digest != digest);
    let keep = others.map(|line| line.waiting).sum();
    let before = before.map(|version| version.digest);
    let mut unpublished = Vec::new();
    for start in opened.flow.started().into_iter().filter(|start| start != id) {
        if reader.flow_in_use(start).await?.is_none() {
            unpublished.push(start.to_owned());
        }
    }
    // What it would start by itself is reckoned when it is published.
    let by_itself = Vec::new();
    let flow = id.clone();
    let reply = Reply::Published { flow, digest, before, changes, keep, by_itself, unpublished };
    if context.json {
        let mut object = serde_json::to_value(&reply)?;
        object["schema"] = 1.into();
        object["dry_run"] = true.into();
        println!("{object}");
    } else {
        println!("{}\nNothing was published (--dry-run).", published(&reply, Way::DryRun));
    }
    Ok(Outcome::Done)
}

/// What is told of a version that is in use now.
pub(super) fn published(reply: &Reply, way: Way) -> String {
    let Reply::Published { flow, digest, before, changes, keep, by_itself, unpublished } = reply
    else {
        return String::new();
    };
    if before.as_ref() == Some(digest) {
        let next: Vec<String> = by_itself.iter().map(|next| format!("\n{next}")).collect();
        let more = format!("{}{}", next.concat(), not_published(unpublished));
        return format!("`{flow}` is in use as it is; nothing changed.{more}");
    }
    let short = &digest[..SHORT.min(digest.len())];
    let is = if way == Way::DryRun { "would be" } else { "is" };
    let mut text = format!("`{flow}`: version {short} {is} what new starts get.");
    match (before, changes.as_slice()) {
        (None, _) => text.push_str(" It is the first one."),
        (Some(_), []) => text.push_str(" Nothing changed for people who answer."),
        (Some(_), changes) => {
            let count = counted(changes.len() as u64, "change");
            text.push_str(&format!(" {count}:\n{}", lines(changes)));
        }
    }
    if *keep > 0 {
        let people = people(*keep);
        text.push_str(&format!(
            "\n{people} in the middle of other versions, and keep them; `rollcall flow migrate \
             {flow} --dry-run` says who could go on with this one."
        ));
    }
    for next in by_itself {
        text.push('\n');
        text.push_str(next);
    }
    text.push_str(&not_published(unpublished));
    text
}

/// What is told of flows that another one starts and that do not exist for the office yet.
pub(super) fn not_published(flows: &[String]) -> String {
    let line = |flow: &String| {
        format!("\nIt starts `{flow}`, which is not published yet: `rollcall flow publish {flow}`.")
    };
    flows.iter().map(line).collect()
}

/// Makes an earlier version the one that new starts get.
pub(super) async fn rollback(
    context: &Context,
    flow: String,
    to: Option<String>,
) -> Result<Outcome> {
    let outcome = context.submit(Request::RollbackFlow { flow: flow.clone(), to }).await?;
    if outcome == Outcome::Done {
        eprintln!(
            "The file was not changed, and the next `campaign start` publishes it again. To go on \
             with this version, put it back: `rollcall flow versions {flow} --print VERSION`."
        );
    }
    Ok(outcome)
}

/// Lists the versions, or prints one.
pub(super) async fn versions(
    context: &Context,
    flow: &str,
    print: Option<&str>,
) -> Result<Outcome> {
    let reader = context.office()?.reader().await?;
    if let Some(prefix) = print {
        return print_version(context, flow, &reader.versions_beginning(flow, prefix).await?);
    }
    let versions = reader.versions(flow).await?;
    if versions.is_empty() {
        eprintln!("No version of `{flow}` was published yet.");
        return Ok(Outcome::NotFound);
    }
    if context.json {
        println!("{}", serde_json::json!({"schema": 1, "flow": flow, "versions": versions}));
        return Ok(Outcome::Done);
    }
    let zone = context.office()?.settings()?.zone;
    let rows = versions.into_iter().map(|line| {
        let when = line.published_at.parse::<jiff::Timestamp>().ok();
        let when = when.map(|at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string());
        vec![
            line.digest.chars().take(SHORT).collect(),
            if line.in_use { "in use" } else { "" }.to_owned(),
            when.unwrap_or(line.published_at),
            line.how,
            line.waiting.to_string(),
            line.ended.to_string(),
        ]
    });
    let head = ["version", "", "published", "by", "in the middle", "over"];
    println!("{}", table(&head, rows.collect()));
    Ok(Outcome::Done)
}

fn print_version(context: &Context, flow: &str, found: &[FlowVersion]) -> Result<Outcome> {
    let [version] = found else {
        let count = found.len();
        eprintln!(
            "{count} versions of `{flow}` begin so; `rollcall flow versions {flow}` lists them."
        );
        return Ok(Outcome::NotFound);
    };
    if context.json {
        let beside: serde_json::Value = serde_json::from_str(&version.beside)?;
        let object = serde_json::json!({
            "schema": 1, "flow": flow, "digest": version.digest, "source": version.source,
            "beside": beside,
        });
        println!("{object}");
    } else {
        print!("{}", version.source);
    }
    Ok(Outcome::Done)
}

/// A version that was kept, read again.
pub(super) fn kept(version: &FlowVersion) -> Result<Flow> {
    let beside = serde_json::from_str(&version.beside).context("reading a version's files")?;
    let read = flow::read(&version.source, &Beside::of(&beside).0).0;
    read.with_context(|| {
        format!("the stored version of flow `{}` cannot be read by this Rollcall", version.flow)
    })
}
