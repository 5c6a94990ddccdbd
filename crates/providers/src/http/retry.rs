//! When a safe request is repeated, and after how long.
//!
//! Not here: repeating changes. Whether a change is repeated is for a person to decide.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBuilder};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::limits::{LONGEST_PAUSE, LONGEST_WAIT, Limits, REPETITIONS};

/// The pauses between tries: growing, spread by chance so that many clients do not come back at
/// the same moment.
pub(super) fn pauses(limits: &Limits) -> impl BackoffBuilder {
    ExponentialBuilder::default()
        .with_min_delay(limits.first_pause)
        .with_max_delay(LONGEST_PAUSE / 2) // chance adds up to as much again
        .with_max_times(REPETITIONS)
        .with_jitter()
}

/// Whether a status speaks of a passing state of the server.
pub(super) fn is_passing(status: u16) -> bool {
    status == 429 || (500..600).contains(&status) && status != 501 && status != 511
}

/// How long to pause, given what the server asked for and our own pause; `None` to give up.
pub(super) fn pause(
    asked: Option<Duration>,
    own: Option<Duration>,
    time_left: Duration,
    limits: &Limits,
) -> Option<Duration> {
    let own = own?;
    let pause = match asked {
        Some(asked) if asked > limits.patience => return None,
        Some(asked) => asked.max(own.min(limits.first_pause)),
        None => own,
    };
    (pause < time_left).then_some(pause)
}

/// How long the server asks to wait, in seconds or as a date; a date is counted against the
/// answer's own `Date`, so that a wrong clock here does not matter. What is past, negative or
/// nonsense is as if nothing had been said; nobody is believed beyond an hour.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are still a very long time.
        Duration::from_secs(value.parse().unwrap_or(u64::MAX))
    } else {
        let until = httpdate::parse_http_date(value).ok()?;
        let now = date(headers).unwrap_or_else(SystemTime::now);
        until.duration_since(now).ok()?
    };
    (!wait.is_zero()).then(|| wait.min(LONGEST_WAIT))
}

/// The server's clock when it answered.
pub(super) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?.trim()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::HeaderValue;

    use super::*;

    fn asked(value: &str, date: Option<&str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(value).ok()?);
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_str(date).ok()?);
        }
        retry_after(&headers)
    }

    #[test]
    fn seconds_and_dates_are_understood_and_an_hour_is_the_most() {
        let now = Some("Sat, 01 Jan 2000 00:00:00 GMT");
        assert_eq!(asked("7", None), Some(Duration::from_secs(7)));
        assert_eq!(
            asked("Sat, 01 Jan 2000 00:00:42 GMT", now),
            Some(Duration::from_secs(42)),
            "counted from the answer's own date, decades away from ours"
        );
        assert_eq!(asked("99999", None), Some(LONGEST_WAIT));
        assert_eq!(asked("99999999999999999999999", None), Some(LONGEST_WAIT));
    }

    #[test]
    fn nonsense_is_as_if_nothing_had_been_said() {
        let now = Some("Sat, 01 Jan 2000 00:00:00 GMT");
        for value in [
            "",
            "0",
            "-5",
            "1.5",
            "soon",
            "Fri, 31 Dec 1999 23:59:59 GMT",
        ] {
            assert_eq!(asked(value, now), None, "{value}");
        }
    }

    #[test]
    fn a_long_wait_is_not_waited_for() {
        let limits = Limits::default();
        let own = Some(Duration::from_millis(700));
        let left = Duration::from_secs(25);
        let seconds = Duration::from_secs;
        assert_eq!(pause(None, own, left, &limits), own);
        assert_eq!(
            pause(Some(seconds(3)), own, left, &limits),
            Some(seconds(3))
        );
        assert_eq!(pause(Some(seconds(11)), own, left, &limits), None);
        assert_eq!(pause(Some(seconds(3)), own, seconds(2), &limits), None);
        assert_eq!(
            pause(None, None, left, &limits),
            None,
            "two repetitions are enough"
        );
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic_or_wait_for_more_than_an_hour(value in ".*", date in ".*") {
            let wait = asked(&value, Some(&date));
            prop_assert!(wait.is_none_or(|wait| wait <= LONGEST_WAIT));
        }
    }
}
