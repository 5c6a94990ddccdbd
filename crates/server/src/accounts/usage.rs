//! How often keys are used, and when keys and sessions were used last: counted in memory and
//! written in batches, so that a request costs no write.
//!
//! What a crash loses is what was counted since the last batch.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Accounts;
use crate::clock::UnixMillis;
use crate::store::{StoreError, usage};

/// How long a count may wait to be written.
pub(crate) const FLUSH_INTERVAL: Duration = Duration::from_secs(3);
/// How many days are shown and kept, today among them.
pub(crate) const DAYS_KEPT: i64 = 30;

const DAY: UnixMillis = 24 * 60 * 60 * 1000;

/// The day, in UTC, as days since 1970-01-01.
pub(crate) fn day_of(time: UnixMillis) -> i64 {
    time.div_euclid(DAY)
}

/// What was counted since the last batch.
#[derive(Default)]
pub(super) struct Usage {
    counted: Mutex<Counted>,
}

#[derive(Default)]
struct Counted {
    calls: HashMap<(String, i64), u64>,
    keys: HashMap<String, UnixMillis>,
    sessions: HashMap<String, UnixMillis>,
    /// The day on which old counts were last removed.
    tidied: Option<i64>,
}

impl Usage {
    pub(super) fn key_was_used(&self, key_id: &str, now: UnixMillis) {
        let mut counted = self.counted();
        let calls = counted.calls.entry((key_id.to_owned(), day_of(now)));
        *calls.or_default() += 1;
        later(&mut counted.keys, key_id, now);
    }

    pub(super) fn session_was_used(&self, session_id: &str, now: UnixMillis) {
        later(&mut self.counted().sessions, session_id, now);
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        // Every change above is whole in itself.
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Counted {
        let mut counted = self.counted();
        let tidied = counted.tidied;
        let taken = std::mem::take(&mut *counted);
        counted.tidied = tidied;
        taken
    }

    /// Takes back what could not be written.
    fn put_back(&self, taken: Counted) {
        let mut counted = self.counted();
        for (call, count) in taken.calls {
            *counted.calls.entry(call).or_default() += count;
        }
        for (id, time) in taken.keys {
            later(&mut counted.keys, &id, time);
        }
        for (id, time) in taken.sessions {
            later(&mut counted.sessions, &id, time);
        }
    }
}

fn later(times: &mut HashMap<String, UnixMillis>, id: &str, time: UnixMillis) {
    match times.get_mut(id) {
        Some(known) => *known = time.max(*known),
        None => {
            times.insert(id.to_owned(), time);
        }
    }
}

impl Counted {
    fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.keys.is_empty() && self.sessions.is_empty()
    }
}

impl Accounts {
    /// Writes the calls that were counted since the last time, where there are any: who reads
    /// the figures sees all of them.
    pub(super) async fn flush_calls(&self) {
        let are_any = !self.usage.counted().calls.is_empty();
        if are_any {
            self.flush_usage().await;
        }
    }

    /// Writes what was counted since the last time. Failing keeps it for the next time.
    pub(crate) async fn flush_usage(&self) {
        let taken = self.usage.take();
        if taken.is_empty() {
            return;
        }
        let today = day_of(self.now());
        let taken = Arc::new(taken);
        let written = Arc::clone(&taken);
        let outcome = self
            .store
            .write(move |transaction| {
                for ((key_id, day), calls) in &written.calls {
                    usage::add_calls(transaction, key_id, *day, *calls)?;
                }
                for (id, time) in &written.keys {
                    usage::key_was_used(transaction, id, *time)?;
                }
                for (id, time) in &written.sessions {
                    usage::session_was_used(transaction, id, *time)?;
                }
                if written.tidied != Some(today) {
                    usage::forget_before(transaction, today - DAYS_KEPT + 1)?;
                }
                Ok::<_, StoreError>(())
            })
            .await;
        match outcome {
            Ok(()) => self.usage.counted().tidied = Some(today),
            Err(error) => {
                tracing::warn!(%error, "calls that were counted could not be written yet");
                if let Some(taken) = Arc::into_inner(taken) {
                    self.usage.put_back(taken);
                }
            }
        }
    }
}
