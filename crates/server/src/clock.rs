//! The one clock of the server: every rule about time, and the `Date` header, read it.
//!
//! It follows the system's clock, shifted by an offset that tests move. No rule reads the
//! system's time elsewhere, so that a test which moves this clock moves everything.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01 UTC, as the IDMP contract counts time.
pub type UnixMillis = i64;

/// The system's clock plus an offset. Clones share the offset.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset: Arc<AtomicI64>,
}

impl Clock {
    /// The system's time, unshifted.
    pub fn system() -> Self {
        Self::default()
    }

    /// Moves this clock and all its clones forward.
    pub fn advance(&self, by: Duration) {
        self.offset.fetch_add(to_millis(by), Ordering::Relaxed);
    }

    /// Now.
    pub fn now(&self) -> UnixMillis {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, to_millis);
        since_epoch.saturating_add(self.offset.load(Ordering::Relaxed))
    }

    /// Now, in the form of an HTTP `Date` header.
    pub(crate) fn http_date(&self) -> String {
        let millis = u64::try_from(self.now()).unwrap_or(0);
        httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_millis(millis))
    }
}

/// A length of time in the unit of the contract; longer than the unit can hold is its maximum.
pub(crate) fn to_millis(duration: Duration) -> UnixMillis {
    UnixMillis::try_from(duration.as_millis()).unwrap_or(UnixMillis::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_move_together() {
        let clock = Clock::system();
        let clone = clock.clone();
        let before = clone.now();
        clock.advance(Duration::from_hours(1));
        assert!(clone.now() - before >= 3_600_000);
    }

    #[test]
    fn the_date_header_follows_the_offset() {
        let clock = Clock::system();
        let before = clock.http_date();
        clock.advance(Duration::from_hours(24));
        assert_ne!(before, clock.http_date());
        assert!(clock.http_date().ends_with(" GMT"));
    }
}
