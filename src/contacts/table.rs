//! Rows of text out of a spreadsheet file, within limits.

use calamine::{Data, ExcelDateTime, Reader, Xlsx};
use std::collections::BTreeMap;
use std::io::Cursor;

/// The largest file that is read, in bytes.
const LARGEST_FILE: usize = 50 * 1024 * 1024;
/// The most rows and columns.
const MOST_ROWS: usize = 200_000;
const MOST_COLUMNS: usize = 300;
/// The most cells that hold something.
const MOST_CELLS: usize = 2_000_000;

/// Why a file cannot be read as a table, in plain words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooLarge {
    /// It has too many bytes, rows or columns.
    #[error("the file is too large: at most 200,000 rows of 300 columns are read")]
    Size,
    /// It is no spreadsheet, or it is broken.
    #[error("the file cannot be read as a table; save it again as CSV or XLSX")]
    Broken,
}

/// The rows of a CSV file. The encoding (UTF-8, with or without a mark, or Windows-1252) and the
/// delimiter are guessed.
///
/// # Errors
/// The file is too large or no table.
pub fn csv_rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, TooLarge> {
    if bytes.len() > LARGEST_FILE {
        return Err(TooLarge::Size);
    }
    let text = decoded(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| TooLarge::Broken)?;
        if rows.len() >= MOST_ROWS || record.len() > MOST_COLUMNS {
            return Err(TooLarge::Size);
        }
        rows.push(record.iter().map(str::to_owned).collect());
    }
    Ok(rows)
}

fn decoded(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // The upper half of Windows-1252 that names use is that of Latin-1.
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let count = |sign: u8| head.bytes().filter(|byte| *byte == sign).count();
    [b',', b';', b'\t'].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

/// The rows of the first sheet of an XLSX file, from its first cell on.
///
/// Cell by cell: a file of a kilobyte can have its only cell in the millionth row, and one that
/// is packed small can be endless.
///
/// # Errors
/// The file is too large or no spreadsheet.
pub fn xlsx_rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, TooLarge> {
    if bytes.len() > LARGEST_FILE {
        return Err(TooLarge::Size);
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| TooLarge::Broken)?;
    let name = book.sheet_names().first().cloned().ok_or(TooLarge::Broken)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| TooLarge::Broken)?;
    let mut sheet = Sheet::default();
    while let Some(found) = cells.next_cell().map_err(|_| TooLarge::Broken)? {
        let text = cell(&Data::from(found.get_value().clone()));
        if !text.is_empty() {
            sheet.put(found.get_position(), text)?;
        }
    }
    sheet.into_rows()
}

/// The cells that hold something, by row and column.
#[derive(Default)]
struct Sheet {
    cells: BTreeMap<(u32, u32), String>,
    octets: usize,
}

impl Sheet {
    fn put(&mut self, place: (u32, u32), text: String) -> Result<(), TooLarge> {
        self.octets += text.len();
        self.cells.insert(place, text);
        let is_small = self.octets <= LARGEST_FILE && self.cells.len() <= MOST_CELLS;
        if is_small { Ok(()) } else { Err(TooLarge::Size) }
    }

    fn into_rows(self) -> Result<Vec<Vec<String>>, TooLarge> {
        let rows = self.cells.keys().map(|(row, _)| *row);
        let columns = self.cells.keys().map(|(_, column)| *column);
        let (Some(first_row), Some(first_column)) = (rows.clone().min(), columns.clone().min())
        else {
            return Ok(Vec::new());
        };
        let height = size(first_row, rows.max())?;
        let width = size(first_column, columns.max())?;
        if height > MOST_ROWS || width > MOST_COLUMNS {
            return Err(TooLarge::Size);
        }
        let mut table = vec![Vec::new(); height];
        for ((row, column), text) in self.cells {
            let (row, column) =
                (size(first_row, Some(row))? - 1, size(first_column, Some(column))? - 1);
            table[row].resize(column, String::new());
            table[row].push(text);
        }
        table.iter_mut().for_each(|row| row.resize(width, String::new()));
        Ok(table)
    }
}

/// How many rows or columns there are from the first to the last.
fn size(first: u32, last: Option<u32>) -> Result<usize, TooLarge> {
    usize::try_from(last.unwrap_or(first) - first + 1).map_err(|_| TooLarge::Size)
}

/// A date as people write it into a flow: `2026-03-31`; Excel itself counts days since 1900.
fn date_cell(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, _, _) = moment.to_ymd_hms_milli();
    match moment.as_f64() {
        count if count < 1.0 => format!("{hour:02}:{minute:02}"),
        count if count.fract() == 0.0 => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"),
    }
}

fn cell(data: &Data) -> String {
    match data {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        Data::DateTime(moment) if moment.is_datetime() => date_cell(moment),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime as Written, Format, Workbook};

    #[test]
    fn a_cell_far_out_takes_no_room_and_is_refused() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "name").expect("a cell");
        sheet.write(1_048_575, 16_383, "far").expect("the last cell that there is");
        let bytes = book.save_to_buffer().expect("a small book");
        assert_eq!(xlsx_rows(&bytes), Err(TooLarge::Size));
    }

    #[test]
    fn a_table_begins_where_its_first_cell_is() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (row, column, text) in [(3, 2, "name"), (3, 4, "phone"), (5, 4, "0886510000")] {
            sheet.write(row, column, text).expect("a cell");
        }
        let rows = xlsx_rows(&book.save_to_buffer().expect("a small book"));
        let expected = [["name", "", "phone"], ["", "", ""], ["", "", "0886510000"]];
        assert_eq!(rows.expect("a small table"), expected);
    }

    #[test]
    fn date_cells_are_dates_and_not_the_numbers_behind_them() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let day = Format::new().set_num_format("dd/mm/yyyy");
        let moment = Format::new().set_num_format("dd/mm/yyyy hh:mm");
        let date = Written::from_ymd(2026, 3, 31).expect("a date");
        let late = Written::from_ymd(2026, 3, 31).and_then(|date| date.and_hms(17, 30, 0));
        sheet.write_with_format(0, 0, &date, &day).expect("a cell");
        sheet.write_with_format(0, 1, late.expect("a time"), &moment).expect("a cell");
        sheet.write(0, 2, 46_112).expect("a cell");
        let bytes = book.save_to_buffer().expect("a small book");
        let rows = xlsx_rows(&bytes).expect("a small table");
        assert_eq!(rows, [["2026-03-31", "2026-03-31 17:30", "46112"]]);
    }
}
