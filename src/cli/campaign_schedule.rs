//! `rollcall campaign schedule`: what starts by itself, and when next.

use super::{Context, Outcome, table};
use anyhow::Result;
use jiff::Timestamp;

pub(super) async fn list(context: &Context) -> Result<Outcome> {
    let office = context.office()?;
    let reader = office.reader().await?;
    let (lines, planned) = (reader.schedules().await?, reader.planned_starts().await?);
    if context.json {
        let object = serde_json::json!({"schema": 1, "schedules": lines, "planned": planned});
        println!("{object}");
        return Ok(Outcome::Done);
    }
    if lines.is_empty() && planned.is_empty() {
        println!("No flow starts by itself: none that is published has a `schedule:`.");
        return Ok(Outcome::Done);
    }
    let zone = office.settings()?.zone;
    let here = |at: String| match at.parse::<Timestamp>() {
        Ok(at) => at.to_zoned(zone.clone()).strftime("%a %F %H:%M").to_string(),
        Err(_) => at,
    };
    let rows = lines.into_iter().map(|line| {
        let next = line.next_at.map(&here).unwrap_or_default();
        vec![line.flow, next, line.last_day.unwrap_or_default(), line.schedule]
    });
    let planned = planned.into_iter().map(|line| {
        let needs = match line.need_the_flow {
            0 => String::new(),
            some => format!("; {some} wait until it is published"),
        };
        let what = format!("{} people, after another flow{needs}", line.people);
        vec![line.flow, here(line.next_at), String::new(), what]
    });
    println!("{}", table(&["flow", "next", "last", "schedule"], rows.chain(planned).collect()));
    Ok(Outcome::Done)
}
