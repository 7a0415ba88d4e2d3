//! The days of a schedule, as times: which comes next, which came last, which is too old.
//!
//! Pure: the time, the zone and what was done before are handed in. An occurrence is a day; its
//! time is the office's. Where the clocks jump over that time, it is the first moment after the
//! jump; where they go through it twice, the first of the two. Nothing before or on the last day
//! that was done is ever an occurrence again, whatever the clock says.

use super::schedule::{IfMissed, MonthDay, Schedule, When};
use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::time::Duration;

/// One start of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The office's day.
    pub day: Date,
    /// When on it.
    pub at: Timestamp,
}

/// The longest time between two days of a schedule is a month, and some.
const FAR: usize = 64;
/// How late a start may be that was not missed: a laptop takes a while to wake up.
const ON_TIME: SignedDuration = SignedDuration::from_mins(15);
const DAY: u64 = 86_400;

impl Schedule {
    /// The first occurrence after a time, on a day after the last one that was done. By a date,
    /// every day is one: somebody's date may be on it.
    pub fn next(&self, now: Timestamp, last: Option<Date>, zone: &TimeZone) -> Option<Occurrence> {
        let today = zone.to_datetime(now).date();
        // The first day's time may have been jumped over into the next day.
        let first = today.yesterday().ok()?.max(last.map_or(Date::MIN, after));
        let days = first.series(1.day()).take(FAR);
        days.filter_map(|day| self.occurrence(day, zone)).find(|found| found.at > now)
    }

    /// The newest occurrence that has come, on a day after the last one that was done.
    pub fn newest(
        &self,
        now: Timestamp,
        last: Option<Date>,
        zone: &TimeZone,
    ) -> Option<Occurrence> {
        let today = zone.to_datetime(now).date();
        let days = today.series(-1.day()).take(FAR);
        days.take_while(|day| last.is_none_or(|last| *day > last))
            .filter_map(|day| self.occurrence(day, zone))
            .find(|found| found.at <= now)
    }

    /// The occurrence that a person's date leads to; `None` where it goes by the calendar.
    pub fn of_date(&self, date: Date, zone: &TimeZone) -> Option<Occurrence> {
        let When::ByDate { offset, .. } = self.when else { return None };
        let day = date.checked_add(offset.days()).ok()?;
        Some(Occurrence { day, at: moment(day, self.at, zone)? })
    }

    /// Whether an occurrence that has come may still be done now.
    pub fn is_in_time(&self, found: Occurrence, now: Timestamp, zone: &TimeZone) -> bool {
        let late = now.duration_since(found.at);
        match self.if_missed {
            IfMissed::Skip => late <= ON_TIME,
            IfMissed::RunWithin(time) if is_whole_days(time) => {
                let days = i32::try_from(time.as_secs() / DAY).unwrap_or(i32::MAX);
                let until = found.day.checked_add(days.days()).unwrap_or(Date::MAX);
                zone.to_datetime(now).date() <= until
            }
            IfMissed::RunWithin(time) => {
                late <= SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX).max(ON_TIME)
            }
        }
    }

    fn occurrence(&self, day: Date, zone: &TimeZone) -> Option<Occurrence> {
        let falls = match &self.when {
            When::EveryDay | When::ByDate { .. } => true,
            When::EveryWeek(days) => days.contains(&day.weekday()),
            When::EveryMonth(days) => days.iter().any(|wanted| {
                let last = day.days_in_month();
                day.day()
                    == match wanted {
                        MonthDay::Day(number) => (*number).min(last),
                        MonthDay::Last => last,
                    }
            }),
        };
        if !falls {
            return None;
        }
        Some(Occurrence { day, at: moment(day, self.at, zone)? })
    }
}

/// A date that somebody wrote into a spreadsheet, where it can only mean one: `2026-03-31`,
/// `31/03/2026`; day first.
pub fn date_of(text: &str) -> Option<Date> {
    let text = text.trim();
    let is_time =
        |time: &&str| ["%H:%M", "%H:%M:%S"].iter().any(|form| Time::strptime(form, time).is_ok());
    let timed = text.split_once([' ', 'T']).filter(|(_, time)| is_time(time));
    let text = timed.map_or(text, |(day, _)| day);
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let (year, day) = match (first.len(), last.len()) {
        (4, 1..=2) => (first, last),
        (1..=2, 4) => (last, first),
        _ => return None,
    };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if ![*year, *month, *day].into_iter().all(is_digits) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn after(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

fn is_whole_days(time: Duration) -> bool {
    time.as_secs().is_multiple_of(DAY)
}

/// A time of a day in a zone: the first moment after a gap, the first of the two in a fold.
fn moment(day: Date, time: Time, zone: &TimeZone) -> Option<Timestamp> {
    let found = zone.to_ambiguous_timestamp(day.to_datetime(time));
    match found.offset() {
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => found.earlier().ok(),
        AmbiguousOffset::Gap { .. } => {
            // As far after the jump as the time is into the gap: the jump is the last one before.
            let beyond = found.later().ok()? + SignedDuration::from_secs(1);
            zone.preceding(beyond).next().map(|jump| jump.timestamp())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Weekday, date};
    use jiff::tz::TimeZone;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a zone of the tables")
    }

    fn schedule(when: When, at: &str) -> Schedule {
        let at = Time::strptime("%H:%M", at).expect("a time of day");
        Schedule { when, at, who: Default::default(), if_missed: IfMissed::default() }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    /// The next so many occurrences, one after the other, in the zone's own time.
    fn run(schedule: &Schedule, zone_name: &str, from: &str, count: usize) -> Vec<String> {
        let zone = zone(zone_name);
        let (mut now, mut last, mut found) = (at(from), None, Vec::new());
        for _ in 0..count {
            let next = schedule.next(now, last, &zone).expect("there is always a next one");
            found.push(next.at.to_zoned(zone.clone()).strftime("%F %H:%M%:z").to_string());
            (now, last) = (next.at, Some(next.day));
        }
        found
    }

    #[test]
    fn days_of_weeks_and_months_come_in_their_order() {
        use MonthDay::{Day, Last};
        let monday_and_thursday = When::EveryWeek(vec![Weekday::Thursday, Weekday::Monday]);
        let table: [(When, &str, &[&str]); 6] = [
            (When::EveryDay, "2026-12-31T08:00:00Z", &["2026-12-31", "2027-01-01", "2027-01-02"]),
            (monday_and_thursday, "2026-03-02T09:00:00Z", &["2026-03-05", "2026-03-09"]),
            (
                When::EveryMonth(vec![Day(31)]),
                "2026-01-31T09:00:00Z",
                &["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"],
            ),
            (When::EveryMonth(vec![Last]), "2028-02-01T00:00:00Z", &["2028-02-29", "2028-03-31"]),
            (
                When::EveryMonth(vec![Day(29)]),
                "2027-02-01T00:00:00Z",
                &["2027-02-28", "2027-03-29"],
            ),
            (
                When::EveryMonth(vec![Day(15), Day(1), Day(30), Day(31)]),
                "2026-02-10T00:00:00Z",
                &["2026-02-15", "2026-02-28", "2026-03-01", "2026-03-15", "2026-03-30"],
            ),
        ];
        for (when, from, days) in table {
            let found = run(&schedule(when, "09:00"), "Africa/Monrovia", from, days.len());
            let found: Vec<&str> = found.iter().map(|time| &time[..10]).collect();
            assert_eq!(found, days);
        }
    }

    #[test]
    fn the_offices_time_stays_when_the_clocks_change() {
        let paris =
            run(&schedule(When::EveryDay, "09:00"), "Europe/Paris", "2026-03-28T00:00:00Z", 3);
        assert_eq!(
            paris,
            ["2026-03-28 09:00+01:00", "2026-03-29 09:00+02:00", "2026-03-30 09:00+02:00"]
        );
        let york = run(
            &schedule(When::EveryMonth(vec![MonthDay::Day(1)]), "09:00"),
            "America/New_York",
            "2026-10-15T00:00:00Z",
            2,
        );
        assert_eq!(york, ["2026-11-01 09:00-05:00", "2026-12-01 09:00-05:00"]);
    }

    #[test]
    fn a_time_that_is_jumped_over_is_the_first_after_the_jump() {
        let table = [
            ("Europe/Paris", "02:30", "2026-03-29T00:00:00Z", "2026-03-29 03:00+02:00"),
            ("Europe/Paris", "02:00", "2026-03-29T00:00:00Z", "2026-03-29 03:00+02:00"),
            ("America/New_York", "02:59", "2026-03-08T05:30:00Z", "2026-03-08 03:00-04:00"),
            ("Pacific/Apia", "09:00", "2011-12-30T00:00:00Z", "2011-12-31 00:00+14:00"),
        ];
        for (zone, time, from, expected) in table {
            assert_eq!(run(&schedule(When::EveryDay, time), zone, from, 1), [expected]);
        }
        let both =
            run(&schedule(When::EveryDay, "02:30"), "Europe/Paris", "2026-03-28T12:00:00Z", 2);
        assert_eq!(both, ["2026-03-29 03:00+02:00", "2026-03-30 02:30+02:00"]);
    }

    #[test]
    fn a_time_that_comes_twice_is_the_first_of_the_two_and_comes_once() {
        let paris =
            run(&schedule(When::EveryDay, "02:30"), "Europe/Paris", "2026-10-24T12:00:00Z", 2);
        assert_eq!(paris, ["2026-10-25 02:30+02:00", "2026-10-26 02:30+01:00"]);
        let york =
            run(&schedule(When::EveryDay, "01:30"), "America/New_York", "2026-11-01T00:00:00Z", 2);
        assert_eq!(york, ["2026-11-01 01:30-04:00", "2026-11-02 01:30-05:00"]);
    }

    #[test]
    fn a_clock_that_goes_back_repeats_nothing() {
        let zone = zone("Africa/Monrovia");
        let weekly = schedule(When::EveryWeek(vec![Weekday::Monday]), "09:00");
        let done = Some(date(2026, 3, 9));
        for now in ["2026-03-09T09:00:00Z", "2026-03-08T00:00:00Z", "2026-02-01T00:00:00Z"] {
            let next = weekly.next(at(now), done, &zone).map(|next| next.day);
            assert_eq!(next, Some(date(2026, 3, 16)), "{now}");
            assert_eq!(weekly.newest(at(now), done, &zone), None, "{now}");
        }
    }

    #[test]
    fn after_a_long_time_off_only_the_newest_one_counts_and_only_in_time() {
        let zone = zone("Africa/Monrovia");
        let weekly = schedule(When::EveryWeek(vec![Weekday::Monday]), "09:00");
        let skip = Schedule { if_missed: IfMissed::Skip, ..weekly.clone() };
        let hours = Duration::from_secs(6 * 3_600);
        let hours = Schedule { if_missed: IfMissed::RunWithin(hours), ..weekly.clone() };
        let done = Some(date(2026, 3, 2));
        // When the office is on again; in time by default, with skip, within six hours.
        let table = [
            ("2026-03-23T09:00:00Z", true, true, true),
            ("2026-03-23T09:10:00Z", true, true, true),
            ("2026-03-23T12:00:00Z", true, false, true),
            ("2026-03-24T23:59:00Z", true, false, false),
            ("2026-03-25T00:00:00Z", false, false, false),
        ];
        for (now, usual, skipped, within) in table {
            let now = at(now);
            let newest = weekly.newest(now, done, &zone).expect("three were missed");
            assert_eq!(newest.day, date(2026, 3, 23));
            for (schedule, expected) in [(&weekly, usual), (&skip, skipped), (&hours, within)] {
                assert_eq!(schedule.is_in_time(newest, now, &zone), expected, "{now}");
            }
            assert_eq!(
                weekly.next(now, Some(newest.day), &zone).map(|next| next.day),
                Some(date(2026, 3, 30))
            );
        }
    }

    #[test]
    fn in_every_zone_each_day_comes_once_and_none_is_left_out() {
        let zones = ["Africa/Monrovia", "Europe/Paris", "America/New_York", "Australia/Lord_Howe"];
        for zone in zones.map(zone) {
            for time in ["00:00", "01:30", "02:30", "03:00", "09:00", "23:59"] {
                let daily = schedule(When::EveryDay, time);
                let mut done = daily.next(at("2026-01-01T00:00:00Z"), None, &zone).expect("a day");
                for _ in 0..800 {
                    let now = done.at;
                    assert_eq!(daily.newest(now, None, &zone), Some(done), "{time}");
                    let next = daily.next(now, Some(done.day), &zone).expect("the next day");
                    assert_eq!(next.day, after(done.day), "{time}");
                    assert!(next.at > done.at, "{time} {}", next.day);
                    // Without its memory, too, time alone leads to the same day.
                    assert_eq!(daily.next(now, None, &zone), Some(next), "{time}");
                    done = next;
                }
            }
        }
    }

    #[test]
    fn a_persons_date_leads_to_a_day() {
        let zone = zone("Africa/Monrovia");
        let by =
            |offset| schedule(When::ByDate { field: "contract_ends".to_owned(), offset }, "09:00");
        let table = [
            (-14, date(2026, 3, 10), "2026-02-24T09:00:00Z"),
            (0, date(2026, 3, 10), "2026-03-10T09:00:00Z"),
            (1, date(2028, 2, 28), "2028-02-29T09:00:00Z"),
            (-366, date(2028, 12, 31), "2027-12-31T09:00:00Z"),
        ];
        for (offset, day, expected) in table {
            let found = by(offset).of_date(day, &zone).map(|found| found.at);
            assert_eq!(found, Some(at(expected)), "{offset} {day}");
        }
        assert_eq!(schedule(When::EveryDay, "09:00").of_date(date(2026, 1, 1), &zone), None);
        assert_eq!(by(1).of_date(Date::MAX, &zone), None);
    }

    #[test]
    fn dates_of_spreadsheets_are_read_where_they_mean_one_day() {
        let march = Some(date(2026, 3, 31));
        for text in [
            "2026-03-31",
            "31/03/2026",
            "31.3.2026",
            " 31-03-2026 ",
            "2026-03-31T00:00:00",
            "2026-03-31 17:30",
        ] {
            assert_eq!(date_of(text), march, "{text}");
        }
        for text in ["", "31/03/26", "03/31/2026", "31 March 2026", "2026-02-30", "+1/02/2026"] {
            assert_eq!(date_of(text), None, "{text}");
        }
    }
}
