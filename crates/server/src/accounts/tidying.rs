//! What has had its time is removed, also where nobody asks for it any more: remembered answers,
//! which may hold a key that was shown once, second factors that were never confirmed, and
//! sessions. Counts have their own time; see `usage`.

use std::sync::atomic::{AtomicI64, Ordering};

use super::Accounts;
use super::idempotency::KEPT;
use super::second_factor::PENDING_LIFE;
use crate::clock::UnixMillis;
use crate::store::{StoreError, idempotency, second_factors, sessions};

/// How long what has had its time may stay.
const INTERVAL: UnixMillis = 60 * 60 * 1000;

/// When this was last done; at the beginning never.
#[derive(Default)]
pub(super) struct Tidied(AtomicI64);

impl Tidied {
    /// Whether it is time again. A clock that was set back makes it so as well.
    fn is_due(&self, now: UnixMillis) -> bool {
        let last = self.0.load(Ordering::Relaxed);
        now.saturating_sub(last).saturating_abs() >= INTERVAL
    }
}

impl Accounts {
    /// Removes what has had its time, once an hour. Failing leaves it for the next time.
    pub(crate) async fn tidy(&self) {
        let now = self.now();
        if !self.tidied.is_due(now) {
            return;
        }
        let outcome = self
            .store
            .write(move |transaction| {
                idempotency::forget_before(transaction, now.saturating_sub(KEPT))?;
                let begun = now.saturating_sub(PENDING_LIFE);
                second_factors::forget_pending_before(transaction, begun)?;
                sessions::delete_expired(transaction, now)
            })
            .await;
        match outcome {
            Ok(()) => self.tidied.0.store(now, Ordering::Relaxed),
            Err::<(), StoreError>(error) => {
                tracing::warn!(%error, "what has had its time could not be removed yet");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_done_at_the_beginning_and_every_hour() {
        let tidied = Tidied::default();
        let start = 1_700_000_000_000;
        assert!(tidied.is_due(start));
        tidied.0.store(start, Ordering::Relaxed);
        assert!(!tidied.is_due(start + INTERVAL - 1));
        assert!(tidied.is_due(start + INTERVAL));
        assert!(tidied.is_due(start - INTERVAL), "the clock was set back");
    }
}
