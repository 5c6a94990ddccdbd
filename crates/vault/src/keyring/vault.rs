//! The handle through which secrets are kept, wherever they are kept.
//!
//! Deliberately not here: a choice made for the person. If the keyring fails, the call fails;
//! keeping secrets in memory instead is theirs to choose ([`Vault::use_memory_until_quit`]).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::operation::{Answer, Request};
use super::worker::Worker;
use super::{SecretKey, Slot, StoreFactory, VaultError, key, platform_store};
use crate::SecretString;

/// Where secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Persistence {
    /// In the system's keyring.
    Keyring,
    /// In memory, because the person chose so; gone when the app quits.
    UntilQuit,
}

/// What is known of the keyring from the last call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyringState {
    /// Nothing was asked yet.
    Untried,
    /// The last call was answered.
    Ready,
    /// The last call failed with this.
    Failed(VaultError),
}

/// A snapshot for the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VaultStatus {
    /// Where secrets are kept now.
    pub persistence: Persistence,
    /// How the keyring fared last.
    pub keyring: KeyringState,
    /// A call is under way and has not been answered; the keyring may be asking the person.
    pub waiting: bool,
}

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// While the keyring may be asking the person for its password: at the first call, after a
    /// failure, and when the person asked to try again.
    pub prompt: Duration,
    /// Once it has answered.
    pub answer: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            prompt: Duration::from_mins(1),
            answer: Duration::from_secs(5),
        }
    }
}

/// The secrets of this person on this machine. Clones share one keyring and one memory.
///
/// Its futures need a Tokio runtime with time. Dropping one withdraws the request if it has not
/// begun; a call that has begun runs on unseen.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    worker: Worker,
    memory: Mutex<Memory>,
    /// One lock an account, for as long as someone has it at hand.
    orders: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
}

struct Memory {
    persistence: Persistence,
    values: HashMap<SecretKey, SecretString>,
    /// No keyring, ever.
    only: bool,
}

impl Vault {
    /// A vault on the system's keyring. `service` separates builds and installations, such as
    /// `keydesk` and `keydesk-dev`; it must hold no dot. Nothing is asked before the first call.
    pub fn new(service: impl Into<String>) -> Self {
        Self::with_store(service, Arc::new(platform_store), Deadlines::default())
    }

    /// A vault on another store, or with other deadlines.
    pub fn with_store(
        service: impl Into<String>,
        stores: StoreFactory,
        deadlines: Deadlines,
    ) -> Self {
        Self::build(
            Worker::new(service.into(), stores, deadlines),
            Persistence::Keyring,
            false,
        )
    }

    /// A vault that never touches a keyring.
    pub fn in_memory() -> Self {
        let none: StoreFactory = Arc::new(|| Err(::keyring::Error::NoDefaultStore));
        let worker = Worker::new(String::new(), none, Deadlines::default());
        Self::build(worker, Persistence::UntilQuit, true)
    }

    fn build(worker: Worker, persistence: Persistence, only: bool) -> Self {
        let memory = Mutex::new(Memory {
            persistence,
            values: HashMap::new(),
            only,
        });
        Self {
            inner: Arc::new(Inner {
                worker,
                memory,
                orders: Mutex::default(),
            }),
        }
    }

    /// A lock that all who ask for this account share: to be held over several calls that belong
    /// together. Single calls need none; the keyring gets them one after the other.
    pub fn order(&self, account: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut orders = self
            .inner
            .orders
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(order) = orders.get(account).and_then(Weak::upgrade) {
            return order;
        }
        orders.retain(|_, order| order.strong_count() > 0);
        let order = Arc::default();
        orders.insert(account.to_owned(), Arc::downgrade(&order));
        order
    }

    /// The value, or `None` if there is none or it cannot be read as a whole.
    ///
    /// What was kept in memory comes first; the keyring may still hold secrets from before the
    /// person chose memory.
    pub async fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, VaultError> {
        if let Some(value) = self.memory().values.get(key) {
            return Ok(Some(value.duplicate()));
        }
        if !self.keyring_is_worth_asking() {
            return Ok(None);
        }
        match self
            .inner
            .worker
            .run(Request::Get { user: key.user() })
            .await?
        {
            Answer::Value(value) => Ok(value),
            Answer::Done => Ok(None),
        }
    }

    /// Creates or replaces the value.
    pub async fn set(&self, key: &SecretKey, value: SecretString) -> Result<(), VaultError> {
        {
            let mut memory = self.memory();
            if memory.persistence == Persistence::UntilQuit {
                memory.values.insert(key.clone(), value);
                return Ok(());
            }
        }
        self.inner
            .worker
            .run(Request::Set {
                user: key.user(),
                value,
            })
            .await
            .map(drop)
    }

    /// Removes the value; one that is not there counts as removed. While memory is in use, a
    /// keyring that failed is not asked, and its failure is answered: it may still hold the value.
    pub async fn delete(&self, key: &SecretKey) -> Result<(), VaultError> {
        self.memory().values.remove(key);
        if !self.keyring_is_worth_asking() {
            return self.keyring_holds_nothing();
        }
        self.inner
            .worker
            .run(Request::Delete { user: key.user() })
            .await
            .map(drop)
    }

    /// Removes every secret of the account, with all pieces of long and of older values. Answers
    /// a keyring that failed as [`Self::delete`] does.
    pub async fn delete_account(&self, account: &str) -> Result<(), VaultError> {
        self.memory()
            .values
            .retain(|key, _| key.account() != account);
        if !self.keyring_is_worth_asking() {
            return self.keyring_holds_nothing();
        }
        let fixed = [
            Slot::SessionToken,
            Slot::Password,
            Slot::ApiKey,
            Slot::CloudAuthorization,
            Slot::CloudAccessToken,
        ];
        let known = fixed
            .map(|slot| SecretKey::new(account, slot).user())
            .into();
        let prefix = key::account_prefix(account);
        self.inner
            .worker
            .run(Request::DeleteAll { prefix, known })
            .await
            .map(drop)
    }

    /// What is known without asking the keyring.
    pub fn status(&self) -> VaultStatus {
        let memory = self.memory();
        VaultStatus {
            persistence: memory.persistence,
            keyring: if memory.only {
                KeyringState::Failed(VaultError::Unavailable)
            } else {
                self.inner.worker.keyring()
            },
            waiting: self.inner.worker.is_waiting(),
        }
    }

    /// Connects anew and asks the keyring, which may ask the person. If it answers, what was kept
    /// in memory moves into it, and secrets are kept there from now on.
    pub async fn retry(&self) -> VaultStatus {
        if self.memory().only || self.inner.worker.run(Request::Probe).await.is_err() {
            return self.status();
        }
        while let Some((key, value)) = self.next_to_move() {
            let written = value.duplicate();
            let request = Request::Set {
                user: key.user(),
                value,
            };
            if self.inner.worker.run(request).await.is_err() {
                return self.status(); // the rest stays in memory, where it was
            }
            if self.has_moved(&key, &written) {
                continue;
            }
            // It was removed meanwhile, and the keyring must not bring it back.
            let request = Request::Delete { user: key.user() };
            if self.inner.worker.run(request).await.is_err() {
                return self.status();
            }
        }
        self.status()
    }

    /// The person chose to keep secrets in memory and to lose them when they quit. Secrets that
    /// are in the keyring stay there.
    pub fn use_memory_until_quit(&self) {
        self.memory().persistence = Persistence::UntilQuit;
    }

    /// The next value to move into the keyring. Where none is left, the keyring is in use from this
    /// moment on, so that no value comes into memory behind the last one.
    fn next_to_move(&self) -> Option<(SecretKey, SecretString)> {
        let mut memory = self.memory();
        let next = memory.values.iter().next();
        let next = next.map(|(key, value)| (key.clone(), value.duplicate()));
        if next.is_none() {
            memory.persistence = Persistence::Keyring;
        }
        next
    }

    /// Forgets in memory what the keyring has now. Answers whether it was still wanted: a value
    /// that was set again meanwhile stays, to be moved once more.
    fn has_moved(&self, key: &SecretKey, written: &SecretString) -> bool {
        let mut memory = self.memory();
        let found = memory.values.get(key);
        let is_wanted = found.is_some();
        if found == Some(written) {
            memory.values.remove(key);
        }
        is_wanted
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.inner
            .memory
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// While memory is in use, a keyring that failed is left alone until a retry.
    fn keyring_is_worth_asking(&self) -> bool {
        let memory = self.memory();
        match memory.persistence {
            Persistence::Keyring => true,
            Persistence::UntilQuit => {
                !memory.only && !matches!(self.inner.worker.keyring(), KeyringState::Failed(_))
            }
        }
    }

    /// Of a keyring that is left alone: whether there is none that could hold anything. One that
    /// is locked, was declined or did not answer may hold what was kept before.
    fn keyring_holds_nothing(&self) -> Result<(), VaultError> {
        if self.memory().only {
            return Ok(());
        }
        match self.inner.worker.keyring() {
            KeyringState::Failed(error) if error != VaultError::Unavailable => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_asks_for_the_same_account_shares_its_lock() {
        let vault = Vault::in_memory();
        let order = vault.order("one");
        let held = order.lock().await;
        assert!(vault.clone().order("one").try_lock().is_err());
        assert!(vault.order("other").try_lock().is_ok());
        drop(held);
        assert!(vault.order("one").try_lock().is_ok());
    }
}
