//! The time that a service centre puts on a message (TS 23.040 §9.2.3.11).
//!
//! Networks get it wrong: month 0, digits that are none. A message is never refused for it; the
//! octets are kept, and the time is then not known. This is not the computer's clock and does not
//! read it.

use std::fmt;

/// Seven octets: year, month, day, hour, minute, second in swapped decimal digits, and the local
/// time's distance from UTC in quarters of an hour.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ServiceCentreTime {
    raw: [u8; 7],
}

/// Two digits of the year up to which they mean 20xx; GSM messages begin in 1992.
const LAST_YEAR_OF_2000: i64 = 89;
const SECONDS_A_DAY: i64 = 86_400;
const SECONDS_A_QUARTER: i64 = 15 * 60;

impl ServiceCentreTime {
    /// The octets as they travel.
    pub fn from_raw(raw: [u8; 7]) -> Self {
        Self { raw }
    }

    /// A moment, in seconds since 1970 UTC, as local time so many quarters of an hour ahead of
    /// UTC. Years are told from 1990 to 2089, quarters from -79 to 79; outside, the nearest.
    pub fn from_unix(seconds: i64, quarter_hours: i8) -> Self {
        let quarters = i64::from(quarter_hours).clamp(-79, 79);
        let local = seconds.saturating_add(quarters * SECONDS_A_QUARTER);
        let earliest = days_since_1970(1990, 1, 1) * SECONDS_A_DAY;
        let latest = days_since_1970(2090, 1, 1) * SECONDS_A_DAY - 1;
        let local = local.clamp(earliest, latest);
        let (year, month, day) = date_of(local.div_euclid(SECONDS_A_DAY));
        let second = local.rem_euclid(SECONDS_A_DAY);
        let fields =
            [year % 100, month, day, second / 3600, second / 60 % 60, second % 60, quarters.abs()];
        let mut raw = fields.map(swapped);
        if quarters < 0 {
            raw[6] |= SIGN;
        }
        Self { raw }
    }

    /// The octets as they travel.
    pub fn raw(&self) -> [u8; 7] {
        self.raw
    }

    /// The moment in seconds since 1970 UTC; none if there is no such date or time of day.
    pub fn unix_seconds(&self) -> Option<i64> {
        let local = self.local()?;
        let zone = i64::from(self.quarter_hours()) * SECONDS_A_QUARTER;
        let days = days_since_1970(local.year, local.month, local.day);
        Some(days * SECONDS_A_DAY + local.hour * 3600 + local.minute * 60 + local.second - zone)
    }

    /// How far local time is ahead of UTC, in quarters of an hour. Some networks write ten
    /// quarters as the one digit A, so a digit counts what it is worth.
    pub fn quarter_hours(&self) -> i8 {
        let zone = self.raw[6];
        let quarters = (zone & 0x07) * 10 + (zone >> 4);
        let quarters = i8::try_from(quarters).expect("7 tens and 15 ones are 85");
        if zone & SIGN == 0 { quarters } else { -quarters }
    }

    fn local(&self) -> Option<Local> {
        let [year, month, day, hour, minute, second, _] = self.raw.map(digits);
        let year = year?;
        let century = if year <= LAST_YEAR_OF_2000 { 2000 } else { 1900 };
        let local = Local {
            year: century + year,
            month: month?,
            day: day?,
            hour: hour?,
            minute: minute?,
            second: second?,
        };
        local.exists().then_some(local)
    }
}

/// The bit of the last octet that says: behind UTC.
const SIGN: u8 = 0x08;

struct Local {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Local {
    fn exists(&self) -> bool {
        let real = date_of(days_since_1970(self.year, self.month, self.day));
        real == (self.year, self.month, self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second < 60
    }
}

/// Two decimal digits, the tens in the low half of the octet.
fn digits(octet: u8) -> Option<i64> {
    let (tens, ones) = (octet & 0x0F, octet >> 4);
    (tens <= 9 && ones <= 9).then_some(i64::from(tens * 10 + ones))
}

fn swapped(number: i64) -> u8 {
    let number = u8::try_from(number).expect("fields of a time have two digits");
    ((number % 10) << 4) | (number / 10)
}

/// Days from 1 January 1970 to a date of the Gregorian calendar. Years are counted from March, so
/// that the leap day is the last: each five months have 153 days.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let months_after_march = (month + 9) % 12;
    let leap_days = year / 4 - year / 100 + year / 400;
    365 * year + leap_days + (153 * months_after_march + 2) / 5 + day - 1 - DAYS_BEFORE_1970
}

/// Days from 1 March of year 0 to 1 January 1970.
const DAYS_BEFORE_1970: i64 = 719_468;

/// The date so many days after 1 January 1970: year, month, day.
fn date_of(days: i64) -> (i64, i64, i64) {
    let mut year = 1970 + days.div_euclid(366);
    while days_since_1970(year + 1, 1, 1) <= days {
        year += 1;
    }
    let month = (1..=12).rev().find(|month| days_since_1970(year, *month, 1) <= days);
    let month = month.expect("the year begins on or before the day");
    (year, month, days - days_since_1970(year, month, 1) + 1)
}

/// As in ISO 8601, local time with its distance from UTC: `2024-03-01T09:30:00+00:00`; the octets
/// in hexadecimal where there is no such time.
impl fmt::Display for ServiceCentreTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Local { year, month, day, hour, minute, second }) = self.local() else {
            return f.write_str(&super::hex::encode(&self.raw));
        };
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        let quarters = self.quarter_hours();
        let sign = if quarters < 0 { '-' } else { '+' };
        let minutes = u32::from(quarters.unsigned_abs()) * 15;
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl fmt::Debug for ServiceCentreTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceCentreTime({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(raw: [u8; 7]) -> ServiceCentreTime {
        ServiceCentreTime::from_raw(raw)
    }

    #[test]
    fn moments_and_octets_are_the_same_thing() {
        for (raw, text, seconds, quarters) in [
            (
                [0x42, 0x30, 0x10, 0x90, 0x03, 0x00, 0x00],
                "2024-03-01T09:30:00+00:00",
                1_709_285_400,
                0,
            ),
            (
                [0x42, 0x20, 0x92, 0x32, 0x95, 0x95, 0x40],
                "2024-02-29T23:59:59+01:00",
                1_709_247_599,
                4,
            ),
            (
                [0x52, 0x10, 0x10, 0x00, 0x00, 0x00, 0x49],
                "2025-01-01T00:00:00-03:30",
                1_735_702_200,
                -14,
            ),
            (
                [0x99, 0x21, 0x13, 0x00, 0x00, 0x00, 0x00],
                "1999-12-31T00:00:00+00:00",
                946_598_400,
                0,
            ),
        ] {
            let read = time(raw);
            assert_eq!(read.to_string(), text);
            assert_eq!((read.unix_seconds(), read.quarter_hours()), (Some(seconds), quarters));
            assert_eq!(ServiceCentreTime::from_unix(seconds, quarters), read);
        }
    }

    #[test]
    fn a_date_that_there_is_not_has_no_moment_and_keeps_its_octets() {
        for raw in [
            [0x42, 0x00, 0x10, 0x90, 0x03, 0x00, 0x00],
            [0x42, 0x30, 0x00, 0x90, 0x03, 0x00, 0x00],
            [0x32, 0x20, 0x92, 0x90, 0x03, 0x00, 0x00],
            [0x42, 0x31, 0x10, 0x90, 0x03, 0x00, 0x00],
            [0x42, 0x30, 0x10, 0x42, 0x03, 0x00, 0x00],
            [0x42, 0x30, 0x10, 0x90, 0x06, 0x00, 0x00],
            [0xFF; 7],
        ] {
            assert_eq!(time(raw).unix_seconds(), None, "{raw:02X?}");
            assert_eq!(time(raw).raw(), raw);
        }
    }

    #[test]
    fn ten_quarters_written_as_one_digit_are_ten_quarters() {
        assert_eq!(time([0x42, 0x30, 0x10, 0x90, 0x03, 0x00, 0xA0]).quarter_hours(), 10);
        assert_eq!(time([0x42, 0x30, 0x10, 0x90, 0x03, 0x00, 0xFF]).quarter_hours(), -85);
    }

    #[test]
    fn every_day_that_can_be_written_comes_back() {
        let first = days_since_1970(1990, 1, 1);
        for day in first..days_since_1970(2090, 1, 1) {
            let seconds = day * SECONDS_A_DAY + day % SECONDS_A_DAY;
            let written = ServiceCentreTime::from_unix(seconds, 0);
            assert_eq!(written.unix_seconds(), Some(seconds), "{written}");
        }
    }

    #[test]
    fn moments_that_cannot_be_written_are_the_nearest_that_can() {
        let far = ServiceCentreTime::from_unix(i64::MAX, 127);
        assert_eq!(far.to_string(), "2089-12-31T23:59:59+19:45");
        let past = ServiceCentreTime::from_unix(i64::MIN, -128);
        assert_eq!(past.to_string(), "1990-01-01T00:00:00-19:45");
    }
}
