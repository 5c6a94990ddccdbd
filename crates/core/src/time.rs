//! Points in time as servers count them: Unix milliseconds, UTC.
//!
//! Not here: how a date is shown (the interface, in the person's locale and zone).

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use specta::Type;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type,
)]
#[serde(transparent)]
pub struct Timestamp(
    // Exact in a JavaScript number until the year 287396.
    #[specta(type = i32)] pub i64,
);

impl Timestamp {
    /// This computer's clock. What is "expired" is decided by the server's clock instead:
    /// see [`ServerClock`].
    pub fn now() -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// This point, `milliseconds` later (earlier where negative); saturates.
    #[must_use]
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

/// How far a server's clock is ahead of this computer's, learnt from its `Date` headers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ServerClock {
    /// Milliseconds to add to the local clock; negative where the server is behind.
    pub ahead_by: i64,
}

impl ServerClock {
    /// Learns from an answer: `date` as the server sent it, `received` by the local clock.
    pub fn learnt(date: Timestamp, received: Timestamp) -> Self {
        Self {
            ahead_by: date.0.saturating_sub(received.0),
        }
    }

    /// What time it is for the server.
    pub fn now(self) -> Timestamp {
        Timestamp::now().plus(self.ahead_by)
    }
}
