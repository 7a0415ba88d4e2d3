//! Lists of places: `code,level,parent,name,other names`, a place a line.

use super::problem::{Place as At, Problem};
use super::{PlaceList, PlaceRow, plain};
use crate::model::Place;
use std::collections::BTreeMap;

const HEADINGS: &str = "code,level,parent,name,other names";

impl PlaceList {
    /// Reads a list; every line that is wrong is named.
    pub fn parse(file: &str, source: &str) -> (PlaceList, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut rows: Vec<PlaceRow> = Vec::new();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source.as_bytes());
        let headings = reader.headers().map(|row| row.iter().collect::<Vec<_>>().join(","));
        if headings.as_deref().map(str::to_lowercase).ok().as_deref() != Some(HEADINGS) {
            let problem =
                Problem::error("F050", At::START, "The headings of this list are not right.");
            problems.push(problem.help(format!("The first line must be `{HEADINGS}`.")));
            return (PlaceList { file: file.to_owned(), rows }, problems);
        }
        for (index, record) in reader.records().enumerate() {
            let line = index + 2;
            match record.ok().and_then(|record| row(&record)) {
                Some(row) => rows.push(row),
                None => problems.push(wrong(line, "This line lacks a code, a level or a name.")),
            }
        }
        problems.extend(check(&rows));
        (PlaceList { file: file.to_owned(), rows }, problems)
    }

    /// The row of a code.
    pub fn find(&self, code: &str) -> Option<&PlaceRow> {
        self.rows.iter().find(|row| row.place.code == code)
    }

    /// Whether a place lies in another, directly or not.
    pub fn lies_in(&self, row: &PlaceRow, around: &str) -> bool {
        let mut parent = row.parent.as_deref();
        // A list cannot be deeper than it is long: a circle of parents ends here.
        for _ in 0..self.rows.len() {
            match parent {
                Some(code) if code == around => return true,
                Some(code) => parent = self.find(code).and_then(|row| row.parent.as_deref()),
                None => return false,
            }
        }
        false
    }
}

fn row(record: &csv::StringRecord) -> Option<PlaceRow> {
    let cell = |at: usize| record.get(at).map(str::trim).filter(|cell| !cell.is_empty());
    let place = Place { code: cell(0)?.to_owned(), name: cell(3)?.to_owned() };
    let other_names: Vec<String> = cell(4)
        .into_iter()
        .flat_map(|cell| cell.split(['|', ';']))
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let names = std::iter::once(&place.name).chain(&other_names);
    let called = names.map(|name| plain(name)).filter(|name| !name.is_empty()).collect();
    Some(PlaceRow {
        place,
        level: cell(1)?.to_owned(),
        parent: cell(2).map(str::to_owned),
        other_names,
        called,
    })
}

fn check(rows: &[PlaceRow]) -> Vec<Problem> {
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    let mut problems = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if let Some(first) = lines.insert(&row.place.code, index + 2) {
            let message = format!("The code `{}` stands in line {first} already.", row.place.code);
            problems.push(wrong(index + 2, &message));
        }
    }
    for (index, row) in rows.iter().enumerate() {
        if let Some(parent) = row.parent.as_deref().filter(|parent| !lines.contains_key(parent)) {
            let message =
                format!("`{}` lies in `{parent}`, which is not in the list.", row.place.name);
            problems.push(wrong(index + 2, &message));
        }
    }
    problems
}

fn wrong(line: usize, message: &str) -> Problem {
    Problem::error("F051", At { line, col: 1, width: 1 }, message)
}
