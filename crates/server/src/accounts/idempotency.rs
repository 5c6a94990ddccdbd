//! Creation that may be repeated: when an answer was lost, the same request makes nothing
//! more and is answered as the first time.
//!
//! What was made is remembered for 24 hours, in the same change that made it, encrypted: it
//! may hold a secret that is shown once. Where it was ended since, the memory counts no more:
//! whoever asks then wants another one, and no dead value in its place.

use std::sync::Arc;

use rusqlite::{Connection, Transaction};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::error::AccountsError;
use super::{Accounts, Caller};
use crate::clock::UnixMillis;
use crate::seal::{SealError, Sealer};
use crate::store::StoreError;
use crate::store::idempotency::{self, RequestName};

/// How long a request is remembered. What is older counts no more, and is removed soon.
pub(super) const KEPT: UnixMillis = 24 * 60 * 60 * 1000;

/// A request that may come again, as its sender names it.
#[derive(Clone, Debug)]
pub(crate) struct Repeatable {
    /// What it is sent to.
    pub(crate) path: String,
    /// The name that the sender gave it.
    pub(crate) key: String,
    /// Differs where the request does.
    pub(crate) fingerprint: String,
}

/// What a request makes and is told of once more when it comes again.
pub(super) trait Made: Serialize + DeserializeOwned + Send + 'static {
    /// Whether nobody has ended it since. What came to its own end was not ended by anybody.
    fn is_still_there(&self, connection: &Connection) -> Result<bool, StoreError>;
}

#[derive(Serialize, Deserialize)]
struct Remembered<T> {
    fingerprint: String,
    made: T,
}

/// What is known of one request. A request without a name is never known.
#[derive(Clone)]
pub(super) struct Memory {
    request: Option<(RequestName, String)>,
    sealer: Arc<Sealer>,
    now: UnixMillis,
}

impl Accounts {
    pub(super) fn memory(&self, caller: &Caller, repeatable: Option<Repeatable>) -> Memory {
        let request = repeatable.map(|repeatable| {
            let name = RequestName {
                user_id: caller.user.id.clone(),
                path: repeatable.path,
                key: repeatable.key,
            };
            (name, repeatable.fingerprint)
        });
        Memory {
            request,
            sealer: Arc::clone(&self.remembered),
            now: self.now(),
        }
    }

    /// What the same request made before. Asked first of all: what was right then may by now
    /// be refused.
    pub(super) async fn made_before<T: Made>(
        &self,
        memory: &Memory,
    ) -> Result<Option<T>, AccountsError> {
        if memory.request.is_none() {
            return Ok(None);
        }
        let memory = memory.clone();
        self.store
            .read(move |connection| memory.recall(connection))
            .await
    }
}

impl Memory {
    /// Makes something, unless the same request made it before. It asks again, within the
    /// change: two of the same may be under way.
    pub(super) fn once<T: Made>(
        &self,
        transaction: &Transaction<'_>,
        create: impl FnOnce() -> Result<T, AccountsError>,
    ) -> Result<T, AccountsError> {
        if let Some(made) = self.recall(transaction)? {
            return Ok(made);
        }
        let made = create()?;
        let Some((name, fingerprint)) = &self.request else {
            return Ok(made);
        };
        let remembered = Remembered {
            fingerprint: fingerprint.clone(),
            made,
        };
        let text = serde_json::to_string(&remembered).map_err(|_| SealError)?;
        let sealed = self.sealer.seal(&row_of(name), &Zeroizing::new(text))?;
        idempotency::forget_before(transaction, self.now.saturating_sub(KEPT))?;
        idempotency::put(transaction, name, &sealed, self.now)?;
        Ok(remembered.made)
    }

    fn recall<T: Made>(&self, connection: &Connection) -> Result<Option<T>, AccountsError> {
        let Some((name, fingerprint)) = &self.request else {
            return Ok(None);
        };
        let since = self.now.saturating_sub(KEPT);
        let Some(sealed) = idempotency::get(connection, name, since)? else {
            return Ok(None);
        };
        let text = self.sealer.open(&row_of(name), &sealed)?;
        let remembered: Remembered<T> = serde_json::from_str(&text).map_err(|_| SealError)?;
        if remembered.fingerprint != *fingerprint {
            return Err(AccountsError::IdempotencyKeyReused);
        }
        let is_still_there = remembered.made.is_still_there(connection)?;
        Ok(is_still_there.then_some(remembered.made))
    }
}

/// Names the row, so that what is sealed for one opens in no other.
fn row_of(name: &RequestName) -> String {
    format!("{}\n{}\n{}", name.user_id, name.path, name.key)
}
