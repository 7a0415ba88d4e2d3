//! Phone numbers in E.164, made only by parsing, masked when shown.

use std::str::FromStr;

/// The country whose national numbers are understood: `LR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region(phonenumber::country::Id);

impl Region {
    /// Reads an ISO 3166 code; `None` for what is no country.
    pub fn new(code: &str) -> Option<Region> {
        phonenumber::country::Id::from_str(&code.to_uppercase()).ok().map(Region)
    }

    /// The ISO 3166 code.
    pub fn code(&self) -> &str {
        self.0.as_ref()
    }
}

/// A dialable number in E.164 (`+231770000001`). Shown, it is masked: `+231•••0001`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(String);

/// Why a text is no phone number, in plain words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANumber {
    /// There are no digits in it.
    #[error("there is no phone number in it")]
    Empty,
    /// Letters or signs that no number has.
    #[error("a phone number has digits only")]
    Letters,
    /// The country has no such number.
    #[error("it is not a complete phone number of {0}; a digit may be missing or too many")]
    NotValid(String),
}

impl PhoneNumber {
    /// Reads a number as people write it: national or international, with spaces and dashes.
    pub fn parse(text: &str, home: Region) -> Result<PhoneNumber, NotANumber> {
        let cleaned = clean(text)?;
        if let Some(number) = with_its_zero(&cleaned, home) {
            return Ok(number);
        }
        let wrong = || NotANumber::NotValid(home.code().to_owned());
        let number = phonenumber::parse(Some(home.0), &cleaned).map_err(|_| wrong())?;
        if !phonenumber::is_valid(&number) {
            return Err(wrong());
        }
        Ok(PhoneNumber(number.format().mode(phonenumber::Mode::E164).to_string()))
    }

    /// Takes a number that the network or the store gives in full: `+` and 5 to 15 digits.
    pub fn from_e164(text: &str) -> Option<PhoneNumber> {
        let digits = text.strip_prefix('+')?;
        let fits = (5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| PhoneNumber(text.to_owned()))
    }

    /// Whether it is an ordinary number of a country: a mobile or a line in a house, not one that
    /// costs more or is free.
    pub fn is_ordinary_in(&self, region: Region) -> bool {
        use phonenumber::Type;
        let Ok(number) = phonenumber::parse(None, &self.0) else { return false };
        let kind = number.number_type(&phonenumber::metadata::DATABASE);
        let is_ordinary = matches!(kind, Type::Mobile | Type::FixedLine | Type::FixedLineOrMobile);
        is_ordinary && number.country().id() == Some(region.0)
    }

    /// The whole number: for the store, for exports, for the modem. Never for a log.
    pub fn e164(&self) -> &str {
        &self.0
    }
}

/// Mobile numbers of Côte d'Ivoire have ten digits since January 2021 and begin with 01, 05 or 07;
/// this zero stays behind +225. The library takes it for one that is left out abroad and then finds
/// a digit missing, although its own metadata (`0[157]\d{8}`) is right.
fn with_its_zero(cleaned: &str, home: Region) -> Option<PhoneNumber> {
    const DIGITS: usize = 10;
    let national = match cleaned.strip_prefix("+225") {
        Some(national) => national,
        None if home.code() == "CI" => {
            cleaned.strip_prefix("225").filter(|rest| rest.len() == DIGITS).unwrap_or(cleaned)
        }
        None => return None,
    };
    let is_mobile = ["01", "05", "07"].iter().any(|pair| national.starts_with(pair));
    (national.len() == DIGITS && is_mobile).then(|| PhoneNumber(format!("+225{national}")))
}

/// Keeps digits and a leading plus; `00` in front means plus.
fn clean(text: &str) -> Result<String, NotANumber> {
    let text = text.trim();
    if text.chars().any(char::is_alphabetic) {
        return Err(NotANumber::Letters);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return Err(NotANumber::Empty);
    }
    Ok(match (text.starts_with('+'), digits.strip_prefix("00")) {
        (true, _) => format!("+{digits}"),
        (false, Some(rest)) => format!("+{rest}"),
        (false, None) => digits,
    })
}

impl std::fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = self.0.len();
        let (head, tail) = (4.min(digits), digits.saturating_sub(4));
        write!(f, "{}•••{}", &self.0[..head], &self.0[tail.max(head)..])
    }
}

impl std::fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn liberia() -> Region {
        Region::new("LR").expect("LR is a country")
    }

    #[test]
    fn a_liberian_number_is_read_however_it_is_written() {
        for text in ["0886123456", "+231 886 123 456", "231886123456", "00231886123456"] {
            assert_eq!(PhoneNumber::parse(text, liberia()).unwrap().e164(), "+231886123456");
        }
    }

    #[test]
    fn a_number_one_digit_short_is_refused() {
        assert!(PhoneNumber::parse("088612345", liberia()).is_err());
        assert_eq!(PhoneNumber::parse("no phone", liberia()), Err(NotANumber::Letters));
    }

    #[test]
    fn an_ordinary_number_is_told_from_a_foreign_one() {
        let ordinary = |text| PhoneNumber(String::from(text)).is_ordinary_in(liberia());
        assert!(ordinary("+231886123456"));
        for text in ["+23276123456", "+33123456789", "+231332123456789", "+12"] {
            assert!(!ordinary(text), "{text}");
        }
    }

    #[test]
    fn ten_digits_of_cote_divoire_keep_their_zero() {
        let home = Region::new("CI").expect("CI is a country");
        for text in ["+225 07 12 34 56 78", "00225 0712345678", "+2250712345678"] {
            assert_eq!(PhoneNumber::parse(text, liberia()).unwrap().e164(), "+2250712345678");
        }
        for text in ["07 12 34 56 78", "2250712345678"] {
            assert_eq!(PhoneNumber::parse(text, home).unwrap().e164(), "+2250712345678");
        }
        for text in ["+225 07 12 34 56", "+225 09 12 34 56 78", "+225 07 12 34 56 789"] {
            assert!(PhoneNumber::parse(text, liberia()).is_err(), "{text}");
        }
        assert!(PhoneNumber::parse("0712345678", liberia()).is_err());
    }

    #[test]
    fn a_number_is_masked_when_it_is_shown() {
        let number = PhoneNumber::from_e164("+231886123456").unwrap();
        assert_eq!(format!("{number} {number:?}"), "+231•••3456 +231•••3456");
    }
}
