//! The people file: who lives in a simulated country, as a table that anybody can write.
//!
//! One row a person. Read by `rollcall simulate --people` and by the demo. It turns the table into
//! plans of persons and knows neither flow nor contact; docs/people-file.md is its manual. All
//! problems of a file are told at once.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use rollcall_drivers::simulator::{
    Between, CallPlan, Habits, PerMille, PersonPlan, Reply, Takes, Temperament,
};

/// The column before which everything is about the person and not about their answers.
const TEMPERAMENT: &str = "temperament";
const HABITS: [&str; 7] =
    ["answers_in", "mistypes", "in_two", "again", "late", "late_by", "by_call"];

/// Something that is wrong with a people file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file as it was named.
    pub file: String,
    /// The row as a spreadsheet counts it; the headings are row 1.
    pub row: u64,
    /// The heading of the column, where one column is to blame.
    pub column: Option<String>,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: row {}", self.file, self.row)?;
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Reads the people of a country out of CSV text. `file` is how problems name it.
///
/// # Errors
/// Everything that is wrong with it, in the order of the rows.
pub fn read(source: &str, file: &str) -> Result<Vec<PersonPlan>, Vec<Problem>> {
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(source.trim_start_matches('\u{FEFF}').as_bytes())
        .into_records();
    let mut problems = Problems { file, found: Vec::new() };
    let Some(Ok(headings)) = rows.next() else {
        problems.tell(1, None, "the file is empty; its first row has the headings");
        return Err(problems.found);
    };
    let Some(columns) = Columns::read(&headings, &mut problems) else { return Err(problems.found) };
    let mut people = Vec::new();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows {
        let Some((number, row)) = numbered(row, &mut problems) else { continue };
        let Some(person) = columns.person(number, &row, &mut problems) else { continue };
        if let Some(first) = seen.insert(person.number.clone(), number) {
            let message = format!("the same number as in row {first}; a phone has one owner");
            problems.tell(number, Some("number"), message);
        }
        people.push(person);
    }
    if problems.found.is_empty() { Ok(people) } else { Err(problems.found) }
}

/// The row with its place; none for an empty row and for one that is no text.
fn numbered(
    row: Result<csv::StringRecord, csv::Error>,
    problems: &mut Problems<'_>,
) -> Option<(u64, csv::StringRecord)> {
    match row {
        Ok(row) => {
            let number = row.position().map_or(0, csv::Position::line);
            row.iter().any(|cell| !cell.is_empty()).then_some((number, row))
        }
        Err(error) => {
            let number = error.position().map_or(0, csv::Position::line);
            problems.tell(number, None, "not text in UTF-8; save the file as CSV UTF-8");
            None
        }
    }
}

/// What has been found wrong so far.
struct Problems<'a> {
    file: &'a str,
    found: Vec<Problem>,
}

impl Problems<'_> {
    fn tell(&mut self, row: u64, column: Option<&str>, message: impl Into<String>) {
        let (file, column) = (self.file.to_owned(), column.map(str::to_owned));
        self.found.push(Problem { file, row, column, message: message.into() });
    }
}

/// Where what stands.
struct Columns {
    number: usize,
    temperament: usize,
    habits: BTreeMap<&'static str, usize>,
    phrases: Vec<(usize, Vec<String>)>,
}

impl Columns {
    fn read(headings: &csv::StringRecord, problems: &mut Problems<'_>) -> Option<Columns> {
        let place = |name: &str| headings.iter().position(|h| h.eq_ignore_ascii_case(name));
        let (number, temperament) = (place("number"), place(TEMPERAMENT));
        for (name, place) in [("number", number), (TEMPERAMENT, temperament)] {
            if place.is_none() {
                problems.tell(1, None, format!("there is no column `{name}`; add one"));
            }
        }
        let (number, temperament) = (number?, temperament?);
        if number > temperament {
            let message = "comes after `temperament`; put it before";
            problems.tell(1, Some("number"), message);
        }
        let mut columns =
            Columns { number, temperament, habits: BTreeMap::new(), phrases: Vec::new() };
        for (place, heading) in headings.iter().enumerate().skip(temperament + 1) {
            let habit = HABITS.iter().find(|habit| heading.eq_ignore_ascii_case(habit));
            match habit.filter(|_| columns.phrases.is_empty()) {
                Some(habit) => drop(columns.habits.insert(habit, place)),
                None if heading.is_empty() => {}
                None => columns.phrases.push((place, phrases(heading))),
            }
        }
        Some(columns)
    }

    fn person(
        &self,
        row_number: u64,
        row: &csv::StringRecord,
        problems: &mut Problems<'_>,
    ) -> Option<PersonPlan> {
        let number = row.get(self.number).unwrap_or_default();
        let temperament = row.get(self.temperament).unwrap_or_default();
        let number = full_number(number)
            .map_err(|message| problems.tell(row_number, Some("number"), message));
        let temperament = read_temperament(temperament)
            .map_err(|message| problems.tell(row_number, Some(TEMPERAMENT), message));
        let habits = self.habits(row_number, row, problems);
        let (number, temperament) = (number.ok()?, temperament.ok()?);
        let mut person = PersonPlan::new(number, temperament);
        (person.delay, person.habits, person.by_call) = habits?;
        person.replies = self.replies(row);
        Some(person)
    }

    fn replies(&self, row: &csv::StringRecord) -> Vec<Reply> {
        let reply = |(place, when): &(usize, Vec<String>)| {
            let say = row.get(*place).unwrap_or_default().to_owned();
            Reply { when: when.clone(), say }
        };
        self.phrases.iter().map(reply).collect()
    }

    /// How long the person takes, and how they slip.
    fn habits(
        &self,
        row_number: u64,
        row: &csv::StringRecord,
        problems: &mut Problems<'_>,
    ) -> Option<(Between, Habits, CallPlan)> {
        let mut delay = Between::secs(60, 600);
        let mut habits = Habits::default();
        let mut by_call = CallPlan::default();
        let told = problems.found.len();
        for (name, place) in &self.habits {
            let cell = row.get(*place).unwrap_or_default();
            if cell.is_empty() {
                continue;
            }
            let read = match *name {
                "answers_in" => read_range(cell).map(|range| delay = range),
                "late_by" => read_range(cell).map(|range| habits.late_by = range),
                "mistypes" => read_rate(cell).map(|rate| habits.mistypes = rate),
                "in_two" => read_rate(cell).map(|rate| habits.in_two = rate),
                "again" => read_rate(cell).map(|rate| habits.again = rate),
                "by_call" => read_by_call(cell).map(|read| by_call = read),
                _ => read_rate(cell).map(|rate| habits.late = rate),
            };
            if let Err(message) = read {
                problems.tell(row_number, Some(name), message);
            }
        }
        (problems.found.len() == told).then_some((delay, habits, by_call))
    }
}

/// `name|full name` as two phrases; `*` as none, which fits every text.
fn phrases(heading: &str) -> Vec<String> {
    if heading == "*" {
        return Vec::new();
    }
    heading.split('|').map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect()
}

fn full_number(cell: &str) -> Result<String, String> {
    let number: String = cell.chars().filter(|c| !matches!(c, ' ' | '-' | '.')).collect();
    let digits = number.strip_prefix('+').unwrap_or_default();
    let fits = (7..=15).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit());
    if fits {
        return Ok(number);
    }
    Err(format!("\"{cell}\" is no full number; write it with its country code, +231880000001"))
}

/// What somebody does who is called.
fn read_by_call(cell: &str) -> Result<CallPlan, String> {
    let words = cell.to_lowercase();
    let count = |start: &str| words.strip_prefix(start).map(str::trim)?.parse::<u8>().ok();
    let mut plan = CallPlan::default();
    plan.takes = match words.as_str() {
        "answers" => Takes::Answers,
        "interrupts" => {
            plan.interrupts = true;
            Takes::Answers
        }
        "nobody" => Takes::Nobody,
        "busy" => Takes::Busy,
        "mailbox" => Takes::Mailbox,
        "refuses" => Takes::Refuses,
        _ => match (count("answers after"), count("hangs up after")) {
            (Some(calls), _) => Takes::AnswersAfter(calls),
            (None, Some(answers)) => {
                plan.hangs_up_after = Some(answers);
                Takes::Answers
            }
            (None, None) => {
                return Err(format!(
                    "\"{cell}\" is nothing that somebody does who is called; write answers, \
                     interrupts, answers after 2, hangs up after 3, nobody, busy, mailbox or refuses"
                ));
            }
        },
    };
    Ok(plan)
}

/// The words of docs/people-file.md.
fn read_temperament(cell: &str) -> Result<Temperament, String> {
    let words = cell.to_lowercase();
    let rest_after = |start: &str| words.strip_prefix(start).map(str::trim);
    let count = |rest: &str| {
        let digits = rest.trim_end_matches("answers").trim_end_matches("answer").trim();
        digits
            .parse::<u8>()
            .map_err(|_| format!("\"{rest}\" is no number of answers from 0 to 255"))
    };
    if let Some(rest) = rest_after("stops after") {
        return count(rest).map(Temperament::StopsAfter);
    }
    if let Some(rest) = rest_after("says stop after") {
        return count(rest).map(|after| Temperament::SaysStop { after });
    }
    if let Some(rest) = rest_after("off for") {
        return read_duration(rest).map(Temperament::OffUntil);
    }
    if rest_after("echoes").is_some() {
        let text = cell["echoes".len()..].trim_start_matches(':').trim();
        let text = if text.is_empty() { "I am away and will answer later." } else { text };
        return Ok(Temperament::Echoes(text.to_owned()));
    }
    match words.as_str() {
        "completes" => Ok(Temperament::Completes),
        "reads only" => Ok(Temperament::ReadsOnly),
        "never on" => Ok(Temperament::NeverOn),
        "does not exist" => Ok(Temperament::DoesNotExist),
        _ => Err(format!(
            "\"{cell}\" is no temperament; write `completes`, `stops after 3`, `reads only`, \
             `never on`, `off for 2 h`, `does not exist`, `says stop after 2` or `echoes: TEXT`"
        )),
    }
}

/// `always`, `never`, `30%` or `2.5%`.
fn read_rate(cell: &str) -> Result<PerMille, String> {
    let percent = match cell.to_lowercase().as_str() {
        "always" | "yes" => return Ok(PerMille::ALWAYS),
        "never" | "no" => return Ok(PerMille::NEVER),
        other => other.strip_suffix('%').map(|number| number.trim().to_owned()),
    };
    let wrong = || format!("\"{cell}\" is no rate; write `always`, `never` or a percentage, 30%");
    let percent = percent.ok_or_else(wrong)?;
    let (whole, tenth) = percent.split_once('.').unwrap_or((&percent, "0"));
    match (whole.parse::<u16>(), tenth.parse::<u16>()) {
        (Ok(whole @ 0..=99), Ok(tenth @ 0..=9)) => Ok(PerMille(whole * 10 + tenth)),
        (Ok(100), Ok(0)) => Ok(PerMille::ALWAYS),
        _ => Err(wrong()),
    }
}

/// `5 min`, or `1 min to 10 min`.
fn read_range(cell: &str) -> Result<Between, String> {
    let Some((from, to)) = cell.split_once(" to ") else {
        return read_duration(cell).map(Between::exactly);
    };
    let (from, to) = (read_duration(from)?, read_duration(to)?);
    if from > to {
        return Err(format!("\"{cell}\" goes down; write the shorter time first"));
    }
    Ok(Between { from, to })
}

fn read_duration(cell: &str) -> Result<Duration, String> {
    let cell = cell.trim();
    let unit_at = cell.find(|c: char| !c.is_ascii_digit()).unwrap_or(cell.len());
    let (number, unit) = cell.split_at(unit_at);
    let seconds = match unit.trim().to_lowercase().as_str() {
        "s" | "sec" | "second" | "seconds" => Some(1),
        "m" | "min" | "minute" | "minutes" => Some(60),
        "h" | "hour" | "hours" => Some(3_600),
        "d" | "day" | "days" => Some(86_400),
        _ => None,
    };
    match (number.parse::<u32>(), seconds) {
        (Ok(number), Some(seconds)) => Ok(Duration::from_secs(u64::from(number) * seconds)),
        _ => Err(format!("\"{cell}\" is no length of time; write 30 s, 5 min, 2 h or 3 days")),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn problems(source: &str, expected: Expect) {
        let found = read(source, "people.csv").expect_err("the file is bad");
        let lines: Vec<String> = found.iter().map(Problem::to_string).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn a_table_becomes_people() {
        let source = "\u{FEFF}name,Number,temperament,mistypes,answers_in,work for|werk,*\n\
            Mary,+231 88-000-0001,Stops after 3,2.5%,1 min to 2 h,yes,\n\
            \n\
            John,+231880000002,echoes: Away,,,,ok\n";
        let mary = PersonPlan {
            delay: Between::secs(60, 7_200),
            habits: Habits { mistypes: PerMille(25), ..Habits::default() },
            replies: vec![
                Reply { when: vec!["work for".into(), "werk".into()], say: "yes".into() },
                Reply::to_anything(""),
            ],
            ..PersonPlan::new("+231880000001", Temperament::StopsAfter(3))
        };
        let mut people = read(source, "people.csv").expect("the file is good");
        assert_eq!(people.len(), 2);
        assert_eq!(people[1].temperament, Temperament::Echoes("Away".into()));
        assert_eq!(people.swap_remove(0), mary);
    }

    #[test]
    fn every_temperament_has_its_words() {
        let hours = Duration::from_secs(7_200);
        let table = [
            ("completes", Temperament::Completes),
            ("stops after 1 answer", Temperament::StopsAfter(1)),
            ("reads only", Temperament::ReadsOnly),
            ("never on", Temperament::NeverOn),
            ("off for 2 hours", Temperament::OffUntil(hours)),
            ("does not exist", Temperament::DoesNotExist),
            ("says STOP after 2", Temperament::SaysStop { after: 2 }),
            ("Echoes: I am Away", Temperament::Echoes("I am Away".into())),
        ];
        for (words, temperament) in table {
            assert_eq!(read_temperament(words), Ok(temperament), "{words}");
        }
    }

    #[test]
    fn all_problems_are_told_at_once_with_row_and_column() {
        problems(
            "number,temperament,mistypes,answers_in\n\
             0880000001,stops,often,soon\n\
             +231880000002,stops after many,101%,9 min to 1 min\n\
             +231880000003,completes\n\
             +231880000003,completes\n",
            expect![[r#"
                people.csv: row 2, column number: "0880000001" is no full number; write it with its country code, +231880000001
                people.csv: row 2, column temperament: "stops" is no temperament; write `completes`, `stops after 3`, `reads only`, `never on`, `off for 2 h`, `does not exist`, `says stop after 2` or `echoes: TEXT`
                people.csv: row 2, column answers_in: "soon" is no length of time; write 30 s, 5 min, 2 h or 3 days
                people.csv: row 2, column mistypes: "often" is no rate; write `always`, `never` or a percentage, 30%
                people.csv: row 3, column temperament: "many" is no number of answers from 0 to 255
                people.csv: row 3, column answers_in: "9 min to 1 min" goes down; write the shorter time first
                people.csv: row 3, column mistypes: "101%" is no rate; write `always`, `never` or a percentage, 30%
                people.csv: row 5, column number: the same number as in row 4; a phone has one owner"#]],
        );
    }

    #[test]
    fn a_table_without_its_columns_is_told_so() {
        problems(
            "",
            expect!["people.csv: row 1: the file is empty; its first row has the headings"],
        );
        problems(
            "phone,mood\n",
            expect![[r#"
            people.csv: row 1: there is no column `number`; add one
            people.csv: row 1: there is no column `temperament`; add one"#]],
        );
        problems(
            "temperament,number\n",
            expect!["people.csv: row 1, column number: comes after `temperament`; put it before"],
        );
    }

    #[test]
    fn the_manuals_example_is_a_people_file() {
        let manual = include_str!("../docs/people-file.md");
        let example = manual.split("```").nth(1).and_then(|code| code.strip_prefix("csv\n"));
        let people = read(example.expect("the first block is the example"), "people-file.md");
        assert_eq!(people.map(|people| people.len()), Ok(6));
    }
}
