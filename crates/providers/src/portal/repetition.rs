//! Creations whose answer was lost: asked for again with the same `Idempotency-Key`, they are
//! answered again and made once. So a value that is shown only once is not lost with its answer.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use keydesk_core::{Error, ErrorCode, Result};
use reqwest::header::{HeaderName, HeaderValue};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A server remembers an answer for a day; an hour before, ours is forgotten.
const REMEMBERED: Duration = Duration::from_hours(23);
/// More creations than anyone leaves open.
const OPEN_LIMIT: usize = 64;

/// What is asked to be made, in a form that shows nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Wish([u8; 32]);

impl Wish {
    /// `parts` say what is made, and where. A secret among them is in no copy.
    pub(super) fn of<'p>(parts: impl IntoIterator<Item = &'p str>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            // With its length, so that no two lists of parts run together into one.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// The creations that were begun and whose outcome is not known.
#[derive(Debug, Default)]
pub(super) struct Open(Mutex<HashMap<Wish, (Uuid, Instant)>>);

impl Open {
    /// The key to ask with: that of an earlier request for the same whose answer was lost, else a
    /// new one. From here on, the outcome is open.
    pub(super) fn begin(&self, wish: Wish) -> Result<HeaderValue> {
        let mut open = self.locked();
        open.retain(|_, (_, since)| since.elapsed() < REMEMBERED);
        if open.len() >= OPEN_LIMIT {
            open.clear();
        }
        let (key, _) = open
            .entry(wish)
            .or_insert_with(|| (Uuid::new_v4(), Instant::now()));
        HeaderValue::from_str(&key.to_string())
            .map_err(|_| Error::new(ErrorCode::Internal, "no header value"))
    }

    /// Takes note of an outcome: after an answer that is one, the same wish is a new one.
    pub(super) fn end<T>(&self, wish: Wish, outcome: &Result<T>) {
        let is_open = outcome
            .as_ref()
            .is_err_and(|error| settles_nothing(error.code));
        if !is_open {
            self.locked().remove(&wish);
        }
    }

    /// Ends all of them, when something is revoked or deleted: it may be what a lost answer had
    /// made, and the server would tell of that again, dead as it is by then. That the name of
    /// another one is taken can be seen; that a value is dead cannot.
    pub(super) fn end_all(&self) {
        self.locked().clear();
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<Wish, (Uuid, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether after this outcome the same wish may have been granted, or may still be: by this request,
/// or by one before it where this one never reached the server. What the server cannot answer now,
/// it can answer later.
fn settles_nothing(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::HostNotFound
            | ErrorCode::ConnectionRefused
            | ErrorCode::ProxyFailed
            | ErrorCode::NetworkSignInRequired
            | ErrorCode::TlsUntrusted
            | ErrorCode::TlsExpired
            | ErrorCode::TlsHostMismatch
            | ErrorCode::TlsPinChanged
            | ErrorCode::TlsFailed
            | ErrorCode::Redirected
            | ErrorCode::OutcomeUnknown
            | ErrorCode::ConnectionFailed
            | ErrorCode::TimedOut
            | ErrorCode::UnexpectedAnswer
            | ErrorCode::AnswerTooLarge
            | ErrorCode::ServerFailed
            | ErrorCode::ServerUnavailable
            | ErrorCode::RateLimited
            | ErrorCode::SignedOut
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_wish_has_one_key_until_its_outcome_is_known() {
        let open = Open::default();
        let (ci, other) = (Wish::of(["ci", ""]), Wish::of(["c", "i"]));
        let first = open.begin(ci).unwrap();
        assert_eq!(open.begin(ci).unwrap(), first, "dropped half-way");
        assert_ne!(open.begin(other).unwrap(), first);
        let lost: Result<()> = Err(Error::new(ErrorCode::OutcomeUnknown, "lost"));
        open.end(ci, &lost);
        assert_eq!(open.begin(ci).unwrap(), first);
        let unreached: Result<()> = Err(Error::new(ErrorCode::HostNotFound, "not found"));
        open.end(ci, &unreached);
        assert_eq!(
            open.begin(ci).unwrap(),
            first,
            "of the lost one it says nothing"
        );
        open.end_all();
        let anew = open.begin(ci).unwrap();
        assert_ne!(anew, first, "it may be deleted by now");
        open.end(ci, &Ok(()));
        let second = open.begin(ci).unwrap();
        assert_ne!(second, anew);
        let refused: Result<()> = Err(Error::new(ErrorCode::TitleTaken, "taken"));
        open.end(ci, &refused);
        assert_ne!(open.begin(ci).unwrap(), second);
    }
}
