//! A workbook for a translator with Excel: a sheet a language, a row a text, and back.

use super::record::State;
use super::sheet::{LETTERS, Row, Sheet};
use super::take::{Mark, Returned};
use crate::model::Language;
use calamine::{DataRef, DataType, Reader, Xlsx};
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, Format, FormatAlign,
    Formula, ProtectionOptions, Workbook, Worksheet, XlsxError,
};
use std::collections::BTreeMap;
use std::io::Cursor;

/// The largest file that is read, in bytes.
const LARGEST_FILE: usize = 2 * 1024 * 1024;
const MOST_ROWS: u32 = 20_000;
const MOST_COLUMNS: u32 = 100;
const MOST_SHEETS: usize = 50;

/// The columns: the beginning of the heading, and how wide.
const KEY: (&str, u16) = ("Key", 34);
const WHAT: (&str, u16) = ("What it is", 26);
const SOURCE: (&str, u16) = ("Text", 60);
const TRANSLATION: (&str, u16) = ("Translation", 60);
const STATE: (&str, u16) = ("State", 10);
const LEFT: (&str, u16) = ("Letters left", 12);
const MUST_STAY: (&str, u16) = ("Must stay as it is", 24);
const MADE_FOR: (&str, u16) = ("Was made for", 60);
const COLUMNS: [(&str, u16); 8] =
    [KEY, WHAT, SOURCE, TRANSLATION, STATE, LEFT, MUST_STAY, MADE_FOR];
/// What stands in the column of the state.
const STATES: [&str; 3] = ["missing", "stale", "fine"];

/// Why a cell is not taken.
const FORMULA: &str = "the cell holds a formula, not a text";

/// Why a file cannot be read as a workbook of translations, in plain words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is too large.
    #[error("the file is too large: at most 2 MB, 50 sheets and 20,000 rows are read")]
    Size,
    /// It is no workbook, or it is broken.
    #[error("the file cannot be read as a workbook; save it again as XLSX")]
    Broken,
    /// No sheet has the headings.
    #[error(
        "no sheet has the columns `Key`, `Text (en)` and `Translation (fr)`; send out a new file \
         with `flow translate --out` and fill that"
    )]
    Headings,
}

/// The workbook: a sheet for each language.
///
/// # Errors
/// It cannot be made.
pub fn write(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(sheet.language.as_str())?;
        lay_out(page, sheet)?;
    }
    book.save_to_buffer()
}

fn lay_out(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let cell = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let fixed = cell.clone().set_background_color(Color::RGB(0x00EE_EEEE));
    let open = cell.clone().set_unlocked();
    let head = fixed.clone().set_bold();
    for (column, (name, width)) in (0_u16..).zip(COLUMNS) {
        let name = match name {
            "Text" => format!("{name} ({})", sheet.first),
            "Translation" => format!("{name} ({})", sheet.language),
            name => name.to_owned(),
        };
        page.set_column_width(column, width)?;
        page.write_string_with_format(0, column, name, &head)?;
    }
    page.set_freeze_panes(1, 1)?;
    for (number, row) in (1_u32..).zip(&sheet.rows) {
        let made_for = match &row.state {
            State::Stale { made_for } => made_for.as_str(),
            State::Missing | State::Fine => "",
        };
        page.write_string_with_format(number, 0, &row.key, &fixed)?;
        page.write_string_with_format(number, 1, &row.what, &fixed)?;
        page.write_string_with_format(number, 2, &row.source, &fixed)?;
        let translation = row.translation.as_deref().unwrap_or_default();
        page.write_string_with_format(number, 3, translation, &open)?;
        page.write_string_with_format(number, 4, state(&row.state), &open)?;
        letters_left(page, number, row, &fixed)?;
        page.write_string_with_format(number, 6, row.must_stay.join(" "), &fixed)?;
        page.write_string_with_format(number, 7, made_for, &fixed)?;
    }
    let last = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX).max(1);
    let states = DataValidation::new().allow_list_strings(&STATES)?;
    page.add_data_validation(1, 4, last, 4, &states)?;
    let red = Format::new().set_font_color(Color::RGB(0x00C0_0000)).set_bold();
    let too_long = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::LessThan(0))
        .set_format(red);
    page.add_conditional_format(1, 5, last, 5, &too_long)?;
    page.protect_with_options(&ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::new()
    });
    Ok(())
}

/// Counted by Excel while the translator types.
fn letters_left(
    page: &mut Worksheet,
    number: u32,
    row: &Row,
    format: &Format,
) -> Result<(), XlsxError> {
    let Some((filled, left)) = row.filled.zip(row.left()) else {
        page.write_string_with_format(number, 5, "", format)?;
        return Ok(());
    };
    let line = number + 1;
    let room = LETTERS - filled;
    let formula = format!("={room}-LEN(IF(D{line}=\"\",C{line},D{line}))");
    let formula = Formula::new(formula).set_result(left.to_string());
    page.write_formula_with_format(number, 5, formula, format)?;
    Ok(())
}

fn state(state: &State) -> &'static str {
    let [missing, stale, fine] = STATES;
    match state {
        State::Missing => missing,
        State::Stale { .. } => stale,
        State::Fine => fine,
    }
}

/// The rows of all sheets that have the headings.
///
/// # Errors
/// The file as a whole cannot be used.
pub fn read(bytes: &[u8]) -> Result<Vec<Returned>, Unreadable> {
    if bytes.len() > LARGEST_FILE {
        return Err(Unreadable::Size);
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unreadable::Broken)?;
    let names = book.sheet_names();
    if names.len() > MOST_SHEETS {
        return Err(Unreadable::Size);
    }
    let mut rows = Vec::new();
    let mut found = false;
    for name in names {
        let cells = cells(&mut book, &name)?;
        if let Some(columns) = Columns::of(&cells) {
            found = true;
            rows.extend(columns.rows(&name, &cells));
        }
    }
    if found { Ok(rows) } else { Err(Unreadable::Headings) }
}

/// What stands in the cells of a sheet, row by row; `Err` where it is no text.
type Cells = BTreeMap<u32, BTreeMap<u32, Result<String, &'static str>>>;

/// One cell after the other, so that a sheet with a cell far out takes no room for all between.
fn cells(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Cells, Unreadable> {
    let mut cells = Cells::new();
    // A page that is a chart has no cells.
    if let Ok(mut reader) = book.worksheet_cells_reader(name) {
        while let Some(cell) = reader.next_cell().map_err(|_| Unreadable::Broken)? {
            let (row, column) = within(cell.get_position())?;
            cells.entry(row).or_default().insert(column, text(cell.get_value()));
        }
    }
    let Ok(mut reader) = book.worksheet_cells_reader(name) else { return Ok(cells) };
    while let Some(cell) = reader.next_formula().map_err(|_| Unreadable::Broken)? {
        let (row, column) = within(cell.get_position())?;
        if !cell.get_value().is_empty() {
            cells.entry(row).or_default().insert(column, Err(FORMULA));
        }
    }
    Ok(cells)
}

fn within((row, column): (u32, u32)) -> Result<(u32, u32), Unreadable> {
    if row >= MOST_ROWS || column >= MOST_COLUMNS {
        return Err(Unreadable::Size);
    }
    Ok((row, column))
}

/// Where the columns are, told by their headings.
struct Columns {
    key: u32,
    source: u32,
    translation: u32,
    state: Option<u32>,
    language: Language,
}

impl Columns {
    fn of(cells: &Cells) -> Option<Columns> {
        let head = cells.values().next()?;
        let find = |(name, _): (&str, u16)| {
            let mut headings = head.iter();
            headings.find_map(|(column, text)| {
                let text = text.as_ref().ok().filter(|text| text.starts_with(name))?;
                Some((*column, text))
            })
        };
        let (translation, heading) = find(TRANSLATION)?;
        let tag = heading.split_once('(')?.1.split_once(')')?.0;
        Some(Columns {
            key: find(KEY)?.0,
            source: find(SOURCE)?.0,
            translation,
            state: find(STATE).map(|(column, _)| column),
            language: Language::new(tag),
        })
    }

    fn rows(&self, sheet: &str, cells: &Cells) -> Vec<Returned> {
        let mut rows = Vec::new();
        for (number, row) in cells.iter().skip(1) {
            let cell = |at: u32| row.get(&at).cloned().unwrap_or_else(|| Ok(String::new()));
            let plain = |at: u32| cell(at).unwrap_or_default();
            let (key, translation) = (plain(self.key), cell(self.translation));
            if key.is_empty() && translation.as_ref().is_ok_and(String::is_empty) {
                continue;
            }
            let state = self.state.map(plain).unwrap_or_default().to_lowercase();
            rows.push(Returned {
                at: format!("{sheet}, row {}", number + 1),
                key,
                language: self.language.clone(),
                source: Some(plain(self.source)),
                translation: translation.map_err(str::to_owned),
                mark: if state == STATES[2] { Mark::Sure } else { Mark::Unsaid },
            });
        }
        rows
    }
}

fn text(cell: &DataRef<'_>) -> Result<String, &'static str> {
    match cell {
        DataRef::Error(_) => Err(FORMULA),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            Ok(format!("{number:.0}"))
        }
        other => Ok(other.as_string().unwrap_or_default().trim().to_owned()),
    }
}
