//! `rollcall campaign schedule`: what starts by itself, and when next.

use super::{Context, Outcome, table};
use anyhow::Result;
use jiff::Timestamp;

pub(super) async fn list(context: &Context) -> Result<Outcome> {
    let office = context.office()?;
    let lines = office.reader().await?.schedules().await?;
    if context.json {
        println!("{}", serde_json::json!({"schema": 1, "schedules": lines}));
        return Ok(Outcome::Done);
    }
    if lines.is_empty() {
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
    println!("{}", table(&["flow", "next", "last", "schedule"], rows.collect()));
    Ok(Outcome::Done)
}
