//! `schedule:` in a flow's header: when it starts by itself, and for whom.
//!
//! By the calendar (`every`) or by a date that is known of each person (`by`). What is read here
//! is the rule; when its days are is `calendar`'s, and starting is not the flow's at all.

use super::audience::who;
use super::fields::{self, Fields, Problems, text_of, texts};
use super::problem::{Problem, nearest};
use super::read::one_of;
use super::tree::{Content, Node};
use crate::model::Audience;
use jiff::civil::{Time, Weekday};
use std::fmt;
use std::time::Duration;

/// When a flow starts by itself, and for whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// On which days.
    pub when: When,
    /// At what time, in the office's zone.
    pub at: Time,
    /// For whom.
    pub who: Audience,
    /// What happens to a start whose time came while the office was off.
    pub if_missed: IfMissed,
}

/// On which days a schedule starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// Every day.
    EveryDay,
    /// On these days of each week.
    EveryWeek(Vec<Weekday>),
    /// On these days of each month.
    EveryMonth(Vec<MonthDay>),
    /// For each person by a date that is known of them.
    ByDate {
        /// The contact's field.
        field: String,
        /// So many days after the date; less than nothing is before it.
        offset: i32,
    },
}

/// A day of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthDay {
    /// This one; in a month that is too short, its last.
    Day(i8),
    /// The last one.
    Last,
}

/// What happens to a start whose time came while the office was off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMissed {
    /// Nothing.
    Skip,
    /// It happens when the office is on again, if that is no later than this. Whole days count
    /// by the calendar: `1 day` lasts until the end of the next day.
    RunWithin(Duration),
}

impl Default for IfMissed {
    fn default() -> IfMissed {
        IfMissed::RunWithin(DAY)
    }
}

const DAY: Duration = Duration::from_secs(86_400);
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];
/// What a contact has that is never a date.
const NO_DATES: [&str; 4] = ["name", "first_name", "language", "number"];
/// The largest offset, in days.
const FARTHEST: i32 = 3_660;

#[derive(Clone, Copy)]
enum Every {
    Day,
    Week,
    Month,
}

/// Reads one schedule or a list of them.
pub(super) fn schedules(node: Option<&Node>, problems: &mut Problems) -> Vec<Schedule> {
    let nodes: Vec<&Node> = match node.map(|node| (node, &node.content)) {
        None => Vec::new(),
        Some((_, Content::List(items))) => items.iter().collect(),
        Some((node, Content::Text(..) | Content::Map(_))) => vec![node],
    };
    let mut found: Vec<Schedule> = Vec::new();
    for node in nodes {
        let Some(schedule) = schedule(node, problems) else { continue };
        if found.contains(&schedule) {
            let problem = Problem::error("F107", node.place, "This schedule stands here twice.");
            problems.add(problem.help("Take one of them away: everybody would be asked twice."));
        }
        found.push(schedule);
    }
    found
}

fn schedule(node: &Node, problems: &mut Problems) -> Option<Schedule> {
    let mut fields = Fields::of(node, "`schedule`", problems)?;
    let (every, on) = (fields.take("every"), fields.take("on"));
    let (by, offset) = (fields.take("by"), fields.take("offset"));
    let at = fields.need("at", problems).and_then(|node| time(node, problems));
    let who = fields.need("for", problems).and_then(|node| who(node, problems));
    let if_missed = fields.take("if_missed").map(|node| if_missed(node, problems));
    let when = match (every, by) {
        (Some(every), None) => {
            out_of_place(offset, "offset", "by", problems);
            by_calendar(every, on, problems)
        }
        (None, Some(by)) => {
            out_of_place(on, "on", "every", problems);
            by_date(by, offset, problems)
        }
        (Some(_), Some(by)) => {
            let message = "A schedule goes by the calendar (`every`) or by a date of each person \
                           (`by`), not by both.";
            let problem = Problem::error("F100", by.place, message);
            problems.add(problem.help("Take one of the two lines away, or write two schedules."));
            None
        }
        (None, None) if fields.has_like(&["every", "by"]) => None,
        (None, None) => {
            let message = "This schedule says not on which days it starts.";
            let problem = Problem::error("F100", node.place, message);
            problems.add(problem.help(
                "Write `every: day`, `every: week` or `every: month`; or, by a date of each \
                 person, `by: contact.contract_ends`.",
            ));
            None
        }
    };
    fields.finish(problems);
    let if_missed = if_missed.unwrap_or_else(|| Some(IfMissed::default()));
    Some(Schedule { when: when?, at: at?, who: who?, if_missed: if_missed? })
}

fn out_of_place(node: Option<&Node>, name: &str, belongs_to: &str, problems: &mut Problems) {
    if let Some(node) = node {
        let message = format!("`{name}` goes with `{belongs_to}`, which is not here.");
        let problem = Problem::error("F100", node.place, message);
        problems.add(problem.help(format!("Take this line away, or write `{belongs_to}:`.")));
    }
}

fn by_calendar(every: &Node, on: Option<&Node>, problems: &mut Problems) -> Option<When> {
    let choices = [("day", Every::Day), ("week", Every::Week), ("month", Every::Month)];
    let (every, place) = (one_of(every, "every", &choices, problems)?, every.place);
    let example = match every {
        Every::Day => {
            if let Some(on) = on {
                let problem = Problem::error("F101", on.place, "Every day needs no `on`.");
                problems.add(problem.help("Take this line away, or write `every: week`."));
            }
            return Some(When::EveryDay);
        }
        Every::Week => "on: monday` or `on: [monday, thursday]",
        Every::Month => "on: 1`, `on: [1, 15]` or `on: last",
    };
    let Some(on) = on else {
        let problem = Problem::error("F101", place, "This says not on which day.");
        problems.add(problem.help(format!("Add a line like `{example}`.")));
        return None;
    };
    let words = texts(on, "on", problems);
    let count = words.len();
    let when = match every {
        Every::Day => return None,
        Every::Week => {
            let days = words.into_iter().filter_map(|word| weekday(on, word, problems));
            When::EveryWeek(days.collect())
        }
        Every::Month => {
            let days = words.into_iter().filter_map(|word| month_day(on, word, problems));
            When::EveryMonth(days.collect())
        }
    };
    let read = match &when {
        When::EveryWeek(days) => days.len(),
        When::EveryMonth(days) => days.len(),
        When::EveryDay | When::ByDate { .. } => 0,
    };
    if count == 0 {
        let problem = Problem::error("F101", on.place, "This says not on which day.");
        problems.add(problem.help(format!("Write it like `{example}`.")));
    }
    (read == count && count > 0).then_some(when)
}

fn weekday(on: &Node, word: &str, problems: &mut Problems) -> Option<Weekday> {
    let plain = word.trim().to_lowercase();
    let is_it = |(name, _): &&(&str, Weekday)| *name == plain || name[..3] == plain;
    let found = WEEKDAYS.iter().find(is_it).map(|(_, day)| *day);
    if found.is_none() {
        let message = format!("`{word}` is no day of the week.");
        let problem = Problem::error("F101", place_of(on, word), message);
        problems.add(match nearest(&plain, WEEKDAYS.map(|(name, _)| name)) {
            Some(near) => problem.help(format!("Did you mean `{near}`?")),
            None => problem.help("Write it like `on: monday` or `on: [monday, thursday]`."),
        });
    }
    found
}

fn month_day(on: &Node, word: &str, problems: &mut Problems) -> Option<MonthDay> {
    let plain = word.trim().to_lowercase();
    let number = plain.parse().ok().filter(|day| (1..=31).contains(day)).map(MonthDay::Day);
    let found = number.or((plain == "last").then_some(MonthDay::Last));
    if found.is_none() {
        let message = format!("`{word}` is no day of a month.");
        let problem = Problem::error("F101", place_of(on, word), message);
        problems.add(match nearest(&plain, ["last"]).filter(|_| plain.parse::<i64>().is_err()) {
            Some(near) => problem.help(format!("Did you mean `{near}`?")),
            None => problem.help("Write a number from 1 to 31, or `last`."),
        });
    }
    found
}

/// Where a word of a list stands.
fn place_of(node: &Node, word: &str) -> super::problem::Place {
    let Content::List(items) = &node.content else { return node.place };
    let found = items.iter().find(|item| item.text() == Some(word));
    found.map_or(node.place, |item| item.place)
}

fn by_date(by: &Node, offset: Option<&Node>, problems: &mut Problems) -> Option<When> {
    let text = text_of(by, "by", problems)?;
    let is_name = |name: &&str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !NO_DATES.contains(name)
    };
    let field = text.trim().strip_prefix("contact.").filter(is_name);
    if field.is_none() {
        let message = format!("`{text}` is no date that can be known of a person.");
        let problem = Problem::error("F104", by.place, message);
        problems.add(match Some(text.trim()).filter(is_name) {
            Some(name) => problem.help(format!("Did you mean `contact.{name}`?")),
            None => problem.help(
                "Name a field of the contact that holds a date, like `by: contact.contract_ends`.",
            ),
        });
    }
    let offset = offset.map_or(Some(0), |node| days(node, problems));
    Some(When::ByDate { field: field?.to_owned(), offset: offset? })
}

/// `14 days before`, `2 weeks after`, `0`.
fn days(node: &Node, problems: &mut Problems) -> Option<i32> {
    let text = text_of(node, "offset", problems)?.trim().to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let found = match words.as_slice() {
        ["0"] => Some(0),
        [number, unit, side] => {
            let unit = match unit.trim_end_matches('s') {
                "day" => Some(1),
                "week" => Some(7),
                _ => None,
            };
            let sign = match *side {
                "before" => Some(-1),
                "after" => Some(1),
                _ => None,
            };
            let number: Option<i32> = number.parse().ok().filter(|n| (0..=FARTHEST).contains(n));
            number.zip(unit).zip(sign).map(|((number, unit), sign)| number * unit * sign)
        }
        _ => None,
    };
    if found.is_none() {
        let message = format!("`{text}` says not how long before or after the date.");
        let problem = Problem::error("F103", node.place, message);
        let slip = words.last().and_then(|word| nearest(word, ["before", "after"]));
        problems.add(match slip.filter(|near| words.len() == 3 && words[2] != *near) {
            Some(near) => problem.help(format!("Did you mean `{near}`?")),
            None => {
                problem.help("Write `14 days before`, `2 weeks after`, or `0` for the day itself.")
            }
        });
    }
    found
}

fn time(node: &Node, problems: &mut Problems) -> Option<Time> {
    let text = text_of(node, "at", problems)?;
    let found = Time::strptime("%H:%M", text.trim()).ok();
    if found.is_none() {
        let message = format!("`{text}` is no time of day.");
        let problem = Problem::error("F102", node.place, message);
        problems.add(problem.help("Write it like `at: \"09:00\"`, up to 23:59."));
    }
    found
}

fn if_missed(node: &Node, problems: &mut Problems) -> Option<IfMissed> {
    let text = text_of(node, "if_missed", problems)?.trim();
    if text == "skip" {
        return Some(IfMissed::Skip);
    }
    let time = text.strip_prefix("run within ").and_then(fields::read_duration);
    if time.is_none() {
        let message = format!("`if_missed` cannot be `{text}`.");
        let problem = Problem::error("F106", node.place, message);
        let with_run = format!("run {text}");
        let time = text.strip_prefix("within ").and_then(fields::read_duration);
        let forgotten = time.map(|_| with_run.as_str());
        problems.add(match nearest(text, ["skip"]).or(forgotten) {
            Some(near) => problem.help(format!("Did you mean `{near}`?")),
            None => problem.help("Write `skip`, or `run within 1 day` (or `6 hours`, `1 week`)."),
        });
    }
    time.map(IfMissed::RunWithin)
}

impl Schedule {
    /// The contact's field, where it goes by a date.
    pub fn field(&self) -> Option<&str> {
        match &self.when {
            When::ByDate { field, .. } => Some(field),
            When::EveryDay | When::EveryWeek(_) | When::EveryMonth(_) => None,
        }
    }
}

impl fmt::Display for Schedule {
    /// All of it, as people say it: `every month on 1 at 09:00, for group Bomi`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.when {
            When::EveryDay => f.write_str("every day")?,
            When::EveryWeek(days) => {
                let is = |day: &Weekday| WEEKDAYS.iter().find(|(_, known)| known == day);
                let names: Vec<&str> = days.iter().filter_map(is).map(|(name, _)| *name).collect();
                write!(f, "every week on {}", names.join(", "))?;
            }
            When::EveryMonth(days) => {
                let name = |day: &MonthDay| match day {
                    MonthDay::Day(day) => day.to_string(),
                    MonthDay::Last => "the last day".to_owned(),
                };
                let names: Vec<String> = days.iter().map(name).collect();
                write!(f, "every month on {}", names.join(", "))?;
            }
            When::ByDate { field, offset: 0 } => write!(f, "on the day of {field}")?,
            When::ByDate { field, offset } => {
                let side = if *offset < 0 { "before" } else { "after" };
                let many = if offset.abs() == 1 { "" } else { "s" };
                write!(f, "{} day{many} {side} {field}", offset.abs())?;
            }
        }
        write!(f, " at {}, for {}", self.at.strftime("%H:%M"), self.who)?;
        match self.if_missed {
            IfMissed::Skip => f.write_str("; skipped if missed"),
            IfMissed::RunWithin(DAY) => Ok(()),
            IfMissed::RunWithin(time) => {
                write!(f, "; if missed, within {}", crate::model::length_in_words(time.as_secs()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::{self, Beside, Schedule};

    const FLOW: &str = "flow: stock\nquestions:\n- id: open\n  ask: Open?\n  type: yes_no\n";

    fn read(schedule: &str) -> Result<Vec<Schedule>, Vec<(&'static str, String)>> {
        let (flow, problems) = flow::read(&format!("{FLOW}{schedule}"), &Beside::default());
        let said = |p: flow::Problem| (p.code, p.help.unwrap_or(p.message));
        flow.map(|flow| flow.schedules).ok_or(problems.into_iter().map(said).collect())
    }

    #[test]
    fn a_schedule_is_said_as_it_was_meant() {
        let table = [
            ("{every: day, at: \"09:00\", for: everybody}", "every day at 09:00, for everybody"),
            (
                "{every: week, on: [monday, Thu], at: 17:30, for: {groups: [Bomi, Lofa]}}",
                "every week on monday, thursday at 17:30, for group Bomi or Lofa",
            ),
            (
                "{every: month, on: [1, last], at: \"09:00\", if_missed: skip, \
                 for: {with: {county: Bomi}, not_groups: [On leave]}}",
                "every month on 1, the last day at 09:00, for county Bomi, not in group On leave; \
                 skipped if missed",
            ),
            (
                "{by: contact.contract_ends, offset: 2 weeks before, at: \"09:00\", \
                 for: {silent_for: 90 days, not_started: stock, within: 30 days}}",
                "14 days before contract_ends at 09:00, for everybody, not who had stock within \
                 30 days, not who wrote within 90 days",
            ),
            (
                "{by: contact.start, at: \"09:00\", if_missed: run within 6 hours, \
                 for: {groups: [A], not_in_a_flow: yes}}",
                "on the day of start at 09:00, for group A, not who is in a flow; if missed, \
                 within 6 hours",
            ),
        ];
        for (schedule, said) in table {
            let found = read(&format!("schedule: {schedule}\n")).expect(schedule);
            assert_eq!(found[0].to_string(), said);
        }
    }

    #[test]
    fn several_schedules_are_a_list() {
        let one = "{every: day, at: \"09:00\", for: everybody}";
        let two = "{every: day, at: \"17:00\", for: everybody}";
        assert_eq!(read(&format!("schedule: [{one}, {two}]\n")).map(|all| all.len()), Ok(2));
        let twice = read(&format!("schedule: [{one}, {one}]\n"));
        assert_eq!(twice.map_err(|all| all[0].0), Err("F107"));
        assert_eq!(read("").map(|all| all.len()), Ok(0));
    }

    #[test]
    fn what_is_wrong_is_named_with_a_way_out() {
        let table = [
            ("on: mondy, every: week", "F101", "Did you mean `monday`?"),
            ("every: month, on: lats", "F101", "Did you mean `last`?"),
            ("every: month, on: 32", "F101", "Write a number from 1 to 31, or `last`."),
            ("every: wek, on: monday", "F019", "Did you mean `week`?"),
            ("evry: day", "F012", "Did you mean `every`?"),
            ("by: contact.ends, offset: 14 days befor", "F103", "Did you mean `before`?"),
            ("every: day, if_missed: skp", "F106", "Did you mean `skip`?"),
        ];
        for (keys, code, help) in table {
            let schedule = format!("schedule: {{{keys}, at: \"09:00\", for: everybody}}\n");
            let found = read(&schedule).expect_err(keys);
            assert_eq!(found, [(code, help.to_owned())], "{keys}");
        }
    }
}
