//! How long a name must wait after failed sign-ins.
//!
//! Five failures in a row are free. Each further one doubles the wait, from one second to
//! one hour. After a hundred nothing is tried any more until an administrator unlocks the
//! account (NIST SP 800-63B allows at most a hundred). A success starts from the beginning.

use std::time::Duration;

use crate::clock::{UnixMillis, to_millis};
use crate::store::login_failures::Failures;

/// Failures without a wait.
pub(crate) const FREE_FAILURES: u32 = 5;
/// Failures after which only an administrator helps.
pub(crate) const MAX_FAILURES: u32 = 100;

const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// The wait that is left, or nothing when the next try may be made.
pub(crate) fn wait_left(failures: Failures, now: UnixMillis) -> Option<Duration> {
    if failures.count >= MAX_FAILURES {
        return Some(LONGEST_WAIT);
    }
    let left = u64::try_from(failures.next_try_time.saturating_sub(now)).unwrap_or(0);
    // A clock that was set back must not lock anyone out for longer than any rule would.
    (left > 0).then(|| Duration::from_millis(left).min(LONGEST_WAIT))
}

/// What to remember after one more failure.
pub(crate) fn after_failure(failures: Failures, now: UnixMillis) -> Failures {
    let count = failures.count.saturating_add(1);
    Failures {
        count,
        next_try_time: now.saturating_add(to_millis(wait_after(count))),
    }
}

fn wait_after(count: u32) -> Duration {
    match count.checked_sub(FREE_FAILURES) {
        None => Duration::ZERO,
        Some(excess) => FIRST_WAIT
            .saturating_mul(2_u32.saturating_pow(excess))
            .min(LONGEST_WAIT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn waits_double_from_a_second_to_an_hour() {
        let seconds: Vec<u64> = (4..=18).map(|count| wait_after(count).as_secs()).collect();
        assert_eq!(
            seconds,
            [
                0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600
            ]
        );
        assert_eq!(wait_after(u32::MAX), LONGEST_WAIT);
    }

    #[test]
    fn the_wait_runs_off() {
        let mut failures = Failures::default();
        for _ in 0..FREE_FAILURES {
            assert_eq!(wait_left(failures, 1000), None);
            failures = after_failure(failures, 1000);
        }
        assert_eq!(wait_left(failures, 1000), Some(FIRST_WAIT));
        assert_eq!(wait_left(failures, 1999), Some(Duration::from_millis(1)));
        assert_eq!(wait_left(failures, 2000), None);
    }

    #[test]
    fn nothing_is_tried_after_a_hundred_failures() {
        let failures = Failures {
            count: MAX_FAILURES,
            next_try_time: 0,
        };
        assert_eq!(wait_left(failures, UnixMillis::MAX), Some(LONGEST_WAIT));
    }

    #[test]
    fn a_clock_that_was_set_back_locks_out_for_an_hour_at_most() {
        let failures = Failures {
            count: 6,
            next_try_time: UnixMillis::MAX,
        };
        assert_eq!(wait_left(failures, 0), Some(LONGEST_WAIT));
    }

    proptest! {
        /// However the tries lie in time, also where the clock is set back.
        #[test]
        fn nobody_waits_longer_than_an_hour_nor_tries_more_than_a_hundred_times(
            steps in prop::collection::vec(-100_000_000_i64..100_000_000, 1..300),
        ) {
            let (mut failures, mut now, mut tried) = (Failures::default(), 0, 0);
            for step in steps {
                now += step;
                if let Some(wait) = wait_left(failures, now) {
                    prop_assert!(wait > Duration::ZERO && wait <= LONGEST_WAIT);
                } else {
                    tried += 1;
                    failures = after_failure(failures, now);
                    let waits = wait_left(failures, now).is_some();
                    prop_assert_eq!(waits, tried >= FREE_FAILURES);
                }
            }
            prop_assert!(tried <= MAX_FAILURES);
            prop_assert_eq!(failures.count, tried);
        }
    }
}
