//! Spreadsheets of people: CSV or XLSX in, a plan of what to store out. Pure.
//!
//! Headings in English and French, in any order; numbers as Excel mangles them; two numbers in a
//! cell. Every row is accounted for: taken in, or refused with the reason. The plan is applied in
//! one transaction by the switchboard.

mod headings;
mod numbers;
mod table;

pub use table::{TooLarge, csv_rows, xlsx_rows};

use crate::model::{Language, Region};
use headings::Column;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an import will do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPlan {
    /// The file's name.
    pub file: String,
    /// The people, in the order of the file.
    pub people: Vec<ImportedPerson>,
    /// Rows that were refused: row number from 1, as the spreadsheet counts, and why.
    pub refused: Vec<(usize, String)>,
    /// What somebody should know, by row.
    pub notes: Vec<(usize, String)>,
    /// Headings that became fields.
    pub new_fields: Vec<String>,
}

/// One person of a spreadsheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedPerson {
    /// The row, as the spreadsheet counts.
    pub row: usize,
    /// The full name.
    pub name: String,
    /// The registry's own id.
    pub external_id: Option<String>,
    /// Numbers in E.164, the first one the best.
    pub numbers: Vec<String>,
    /// The language they are written to in.
    pub language: Option<String>,
    /// Groups they join.
    pub groups: Vec<String>,
    /// Fields, as texts.
    pub fields: BTreeMap<String, String>,
}

/// Makes a plan of a table whose first row holds the headings.
///
/// # Errors
/// The table as a whole cannot be used, in plain words.
pub fn plan(file: &str, rows: &[Vec<String>], region: Region) -> Result<ImportPlan, String> {
    let Some((head, rows)) = rows.split_first() else {
        return Err(format!("{file} is empty."));
    };
    // What makes somebody of the simulated country says nothing of a contact.
    let simulated = head.iter().position(|heading| headings::is_temperament(heading));
    let head = &head[..simulated.unwrap_or(head.len())];
    let columns: Vec<Column> = head.iter().map(|heading| headings::column(heading)).collect();
    let has = |wanted: fn(&Column) -> bool| columns.iter().any(wanted);
    if !has(|column| matches!(column, Column::Phone)) {
        return Err(format!(
            "{file} has no column for phone numbers. Its headings are: {}. Call one of them \
             `phone`.",
            head.join(", ")
        ));
    }
    let mut plan = ImportPlan { file: file.to_owned(), ..ImportPlan::default() };
    if simulated.is_some() {
        let what = "a people file for `rollcall simulate`: the column `temperament` and those after \
                    it are left out";
        plan.notes.push((1, what.to_owned()));
    }
    for column in &columns {
        if let Column::Field { name, known: false } = column {
            plan.new_fields.push(name.clone());
        }
    }
    for (index, cells) in rows.iter().enumerate() {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        take_row(&mut plan, index + 2, &columns, cells, region);
    }
    merge_twins(&mut plan);
    Ok(plan)
}

fn take_row(
    plan: &mut ImportPlan,
    row: usize,
    columns: &[Column],
    cells: &[String],
    region: Region,
) {
    let mut person = ImportedPerson { row, ..ImportedPerson::default() };
    let (mut first, mut last) = (String::new(), String::new());
    let mut troubles = Vec::new();
    for (column, cell) in columns.iter().zip(cells) {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        match column {
            Column::Name => person.name = tidy(cell),
            Column::FirstName => first = tidy(cell),
            Column::LastName => last = tidy(cell),
            Column::ExternalId => person.external_id = Some(cell.to_owned()),
            Column::Language => person.language = language(cell),
            Column::Group => person.groups.extend(cell.split([';', ',']).map(tidy)),
            Column::Phone => {
                for read in numbers::read(cell, region) {
                    match read {
                        Ok(number) if person.numbers.contains(&number) => {}
                        Ok(number) => person.numbers.push(number),
                        Err(why) => troubles.push(why),
                    }
                }
            }
            Column::Field { name, .. } => {
                person.fields.insert(name.clone(), cell.to_owned());
            }
        }
    }
    if person.name.is_empty() {
        person.name = tidy(&format!("{first} {last}"));
    }
    if person.numbers.is_empty() {
        let why = if troubles.is_empty() {
            "there is no phone number".into()
        } else {
            troubles.join("; ")
        };
        plan.refused.push((row, why));
        return;
    }
    plan.notes.extend(troubles.into_iter().map(|why| (row, why)));
    if person.name.is_empty() {
        plan.notes.push((row, "there is no name".to_owned()));
    }
    plan.people.push(person);
}

/// The same person twice in a file is one person; a number of two people is noted.
fn merge_twins(plan: &mut ImportPlan) {
    let mut people: Vec<ImportedPerson> = Vec::new();
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    for person in std::mem::take(&mut plan.people) {
        let other = person.numbers.iter().find_map(|number| owners.get(number).copied());
        let same = other.filter(|at| {
            let known = &people[*at];
            same_name(&known.name, &person.name)
                && (known.external_id == person.external_id || person.external_id.is_none())
        });
        if let Some(at) = same {
            let known = &mut people[at];
            plan.notes.push((person.row, format!("the same person as in row {}", known.row)));
            for number in person.numbers {
                if !known.numbers.contains(&number) {
                    known.numbers.push(number);
                }
            }
            known.fields.extend(person.fields);
            continue;
        }
        if let Some(at) = other {
            let row = people[at].row;
            plan.notes.push((person.row, format!("shares a phone number with row {row}")));
        }
        for number in &person.numbers {
            owners.entry(number.clone()).or_insert(people.len());
        }
        people.push(person);
    }
    plan.people = people;
}

fn same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| deunicode::deunicode(name).to_lowercase();
    plain(one) == plain(other)
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn language(cell: &str) -> Option<String> {
    let plain = deunicode::deunicode(cell).to_lowercase();
    Some(match plain.as_str() {
        "english" | "anglais" | "en" => "en".to_owned(),
        "french" | "francais" | "fr" => "fr".to_owned(),
        "liberian english" | "creole" | "creoles" | "colloqua" | "koloqua" => "en-LR".to_owned(),
        _ => Language::new(cell).as_str().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan_of(csv: &str) -> ImportPlan {
        let rows = csv_rows(csv.as_bytes()).expect("a small table");
        plan("people.csv", &rows, Region::new("LR").expect("a country")).expect("a plan")
    }

    #[test]
    fn of_a_people_file_only_what_describes_the_person_is_taken_in() {
        let plan = plan_of(
            "name,number,county,temperament,answers_in,county,*\n\
             Mary,+231880000001,Bomi,completes,1 min,yes,1\n",
        );
        assert_eq!(plan.new_fields, Vec::<String>::new());
        assert_eq!(plan.people[0].fields, BTreeMap::from([("county".into(), "Bomi".into())]));
        assert!(plan.notes[0].1.contains("left out"), "{:?}", plan.notes);
    }

    #[test]
    fn headings_are_read_in_english_and_french() {
        for head in ["Name,Mobile Telephone,County", "Téléphone;Nom complet;Comté"] {
            let french = head.starts_with('T');
            let row =
                if french { "0886123456;Mary Kollie;Bomi" } else { "Mary Kollie,0886123456,Bomi" };
            let plan = plan_of(&format!("{head}\n{row}\n"));
            let person = &plan.people[0];
            assert_eq!(
                (person.name.as_str(), person.numbers[0].as_str()),
                ("Mary Kollie", "+231886123456")
            );
            assert_eq!(person.fields.get("county").map(String::as_str), Some("Bomi"));
        }
    }

    #[test]
    fn first_and_last_names_are_joined_and_unknown_headings_become_fields() {
        let plan = plan_of("Surname,First Name,Phone,Shoe size\nKollie,Mary,0886123456,39\n");
        assert_eq!(plan.people[0].name, "Mary Kollie");
        assert_eq!(plan.new_fields, ["shoe_size"]);
    }

    #[test]
    fn two_numbers_in_a_cell_are_two_numbers() {
        let plan = plan_of("name,phone\nMary,0886123456/0770123456\n");
        assert_eq!(plan.people[0].numbers, ["+231886123456", "+231770123456"]);
    }

    #[test]
    fn every_row_is_accounted_for() {
        let plan = plan_of(
            "name,phone\nMary,0886123456\nJohn,077 123 456\nAnna,\nMary,886123456\nTom,0886123456\n",
        );
        assert_eq!(plan.people.len(), 2);
        let rows: Vec<usize> = plan.refused.iter().map(|(row, _)| *row).collect();
        assert_eq!(rows, [3, 4]);
        assert_eq!(plan.notes[0], (5, "the same person as in row 2".to_owned()));
        assert_eq!(plan.notes[1], (6, "shares a phone number with row 2".to_owned()));
    }
}
