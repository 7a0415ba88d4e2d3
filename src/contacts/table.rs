//! Rows of text out of a spreadsheet file, within limits.

use calamine::{Data, Reader, Xlsx};
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

fn cell(data: &Data) -> String {
    match data {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        other => other.to_string(),
    }
}
