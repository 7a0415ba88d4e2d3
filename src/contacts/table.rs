//! Rows of text out of a spreadsheet file, within limits.

use calamine::{Data, ExcelDateTime, Reader, Xlsx};
use std::io::Cursor;

/// The largest file that is read, in bytes.
const LARGEST_FILE: usize = 50 * 1024 * 1024;
/// The most rows and columns.
const MOST_ROWS: usize = 200_000;
const MOST_COLUMNS: usize = 300;

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

/// The rows of the first sheet of an XLSX file.
///
/// # Errors
/// The file is too large or no spreadsheet.
pub fn xlsx_rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, TooLarge> {
    if bytes.len() > LARGEST_FILE {
        return Err(TooLarge::Size);
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| TooLarge::Broken)?;
    let sheet = book.worksheet_range_at(0).ok_or(TooLarge::Broken)?;
    let range = sheet.map_err(|_| TooLarge::Broken)?;
    if range.height() > MOST_ROWS || range.width() > MOST_COLUMNS {
        return Err(TooLarge::Size);
    }
    Ok(range.rows().map(|row| row.iter().map(cell).collect()).collect())
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
