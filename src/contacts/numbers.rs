//! Phone numbers in cells, as people and Excel leave them.

use crate::model::{PhoneNumber, Region};

/// The numbers of a cell in E.164, or why a piece of it is none.
pub(super) fn read(cell: &str, region: Region) -> Vec<Result<String, String>> {
    pieces(cell).iter().map(|piece| one(piece, region)).collect()
}

/// A cell may hold several numbers: `/`, `;`, `,`, `or`, `ou` and line breaks part them.
fn pieces(cell: &str) -> Vec<String> {
    let lower = cell.to_lowercase().replace(" or ", "/").replace(" ou ", "/").replace(" et ", "/");
    let many = lower.split(['/', ';', '\n', '|']).flat_map(|piece| {
        // A comma parts two numbers, but Excel also writes it into one.
        let parts: Vec<&str> = piece.split(',').collect();
        let each_a_number = parts.len() > 1 && parts.iter().all(|part| digits(part).len() >= 7);
        if each_a_number { parts } else { vec![piece] }
    });
    many.map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn one(piece: &str, region: Region) -> Result<String, String> {
    let plain = unmangled(piece)?;
    let first = PhoneNumber::parse(&plain, region);
    // A spreadsheet takes the leading zero of a number away.
    let again = || PhoneNumber::parse(&format!("0{plain}"), region);
    match first.or_else(|why| again().map_err(|_| why)) {
        Ok(number) => Ok(number.e164().to_owned()),
        Err(why) => Err(format!("`{piece}` is no phone number: {why}")),
    }
}

/// Undoes what a spreadsheet does to numbers, as long as no digit was lost.
fn unmangled(piece: &str) -> Result<String, String> {
    let piece = piece.trim().trim_start_matches('\'');
    let lower = piece.to_lowercase();
    if let Some((mantissa, power)) = lower.split_once('e') {
        let number = mantissa.replace(',', ".");
        if let (Ok(_), Ok(power)) =
            (number.parse::<f64>(), power.trim_start_matches('+').parse::<usize>())
        {
            return expanded(&number, power).ok_or_else(|| {
                format!("`{piece}` was rounded by the spreadsheet; digits are lost")
            });
        }
    }
    if let Some(whole) = lower.strip_suffix(".0").or_else(|| lower.strip_suffix(".00")) {
        return Ok(whole.to_owned());
    }
    let all = digits(piece);
    // The zero of the national form, kept behind the country code: +231 0886…
    if (piece.starts_with('+') || piece.starts_with("00"))
        && all.trim_start_matches("00").starts_with("2310")
    {
        let rest = all.trim_start_matches("00").trim_start_matches("2310").to_owned();
        return Ok(format!("+231{rest}"));
    }
    Ok(piece.to_owned())
}

/// `8.86123456E8` → `886123456`; `None` where the mantissa has fewer digits than the number.
fn expanded(mantissa: &str, power: usize) -> Option<String> {
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    (whole.len() == 1 && part.len() == power).then(|| format!("{whole}{part}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_however_they_went_in() {
        let region = Region::new("LR").expect("a country");
        for cell in [
            "0886123456",
            "+231 886 123 456",
            "231886123456",
            "00231886123456",
            "886123456",
            "0886-123-456",
            "+2310886123456",
            "886123456.0",
            "8.86123456E8",
            "'0886123456",
        ] {
            assert_eq!(read(cell, region), [Ok("+231886123456".to_owned())], "{cell}");
        }
    }

    #[test]
    fn lost_digits_are_named() {
        let region = Region::new("LR").expect("a country");
        let read = read("8.86E+08", region);
        let why = read[0].as_ref().expect_err("digits are lost");
        assert!(why.contains("digits are lost"), "{why}");
    }
}
