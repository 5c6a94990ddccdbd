//! Times as texts: RFC 3339 in UTC, to the millisecond.

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, Month, OffsetDateTime};

use crate::clock::UnixMillis;

const MILLISECONDS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// A time as it is sent. One that no calendar has is the nearest that it has.
pub(crate) fn rfc3339(time: UnixMillis) -> String {
    // Formatting fails for no time of this calendar.
    calendar(time).format(MILLISECONDS).unwrap_or_default()
}

/// A time as it was sent; parts of a millisecond do not count.
pub(crate) fn parse_rfc3339(text: &str) -> Option<UnixMillis> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(millis)
}

/// The first moment of a day that was sent as `YYYY-MM-DD`.
pub(crate) fn parse_day(text: &str) -> Option<UnixMillis> {
    let day = Date::parse(text, DAY).ok()?;
    Some(millis(day.midnight().assume_utc()))
}

/// A day, counted from 1970-01-01, as `YYYY-MM-DD`.
pub(crate) fn day_text(day: i64) -> String {
    let midnight = day.saturating_mul(24 * 60 * 60 * 1000);
    calendar(midnight).format(DAY).unwrap_or_default()
}

/// The same moment of the next year; where that year has no such day, of the day after.
pub(crate) fn year_after(time: UnixMillis) -> UnixMillis {
    let time = calendar(time);
    let year = time.year() + 1;
    let next = time.replace_year(year).or_else(|_| {
        time.replace_day(1)?
            .replace_month(Month::March)?
            .replace_year(year)
    });
    next.map_or(UnixMillis::MAX, millis)
}

fn calendar(time: UnixMillis) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(time) * 1_000_000).unwrap_or(if time < 0 {
        Date::MIN.midnight().assume_utc()
    } else {
        Date::MAX.midnight().assume_utc()
    })
}

fn millis(time: OffsetDateTime) -> UnixMillis {
    let millis = time.unix_timestamp_nanos().div_euclid(1_000_000);
    // The calendar ends with the year 9999; this fits many times over.
    UnixMillis::try_from(millis).unwrap_or(UnixMillis::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_sent_in_utc_to_the_millisecond() {
        for (time, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_700_000_000_120, "2023-11-14T22:13:20.120Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(rfc3339(time), text);
            assert_eq!(parse_rfc3339(text), Some(time));
        }
        for time in [UnixMillis::MIN, UnixMillis::MAX] {
            assert!(!rfc3339(time).is_empty());
        }
    }

    #[test]
    fn times_are_understood_in_every_zone_and_precision() {
        for (text, time) in [
            ("1970-01-01T01:00:00+01:00", 0),
            ("1970-01-01t00:00:00z", 0),
            ("1970-01-01T00:00:00.0019999Z", 1),
        ] {
            assert_eq!(parse_rfc3339(text), Some(time), "{text}");
        }
        for text in ["", "1970-01-01", "1970-02-30T00:00:00Z", "never", "0"] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight() {
        assert_eq!(parse_day("1970-01-02"), Some(86_400_000));
        for text in ["", "1970-13-01", "1970-1-1", "1970-01-02T00:00:00Z"] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_written_by_the_calendar() {
        assert_eq!(day_text(0), "1970-01-01");
        assert_eq!(day_text(19_782), "2024-02-29");
    }

    #[test]
    fn a_year_has_as_many_days_as_the_calendar_says() {
        for (from, to) in [
            ("2025-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z"),
            ("2027-06-01T00:00:00Z", "2028-06-01T00:00:00.000Z"),
            ("2028-02-29T12:00:00Z", "2029-03-01T12:00:00.000Z"),
        ] {
            let from = parse_rfc3339(from).unwrap();
            assert_eq!(rfc3339(year_after(from)), to);
        }
    }

    proptest! {
        #[test]
        fn a_time_that_is_sent_and_read_again_is_the_same(
            time in -62_000_000_000_000_i64..253_402_300_800_000,
        ) {
            prop_assert_eq!(parse_rfc3339(&rfc3339(time)), Some(time));
        }

        #[test]
        fn a_year_has_365_days_or_one_more(time in 0..250_000_000_000_000_i64) {
            let days = (year_after(time) - time) / 86_400_000;
            prop_assert!(days == 365 || days == 366);
        }
    }
}
