//! A keyring that holds secrets like a real one and can be gone.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keydesk_vault::keyring::BoxedStore;
use keydesk_vault::{Deadlines, SecretStore, Vault};

/// A keyring whose content outlives the vaults on it, as a real one does.
#[derive(Debug, Clone, Default)]
pub(crate) struct FakeKeyring {
    pub(crate) entries: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    /// Every call fails, as one that is not there.
    gone: Arc<AtomicBool>,
    /// Every call fails, as one that is there and cannot be used.
    broken: Arc<AtomicBool>,
    /// Every call waits.
    hung: Arc<AtomicBool>,
    /// Entries whose name ends like this take no write.
    full: Arc<Mutex<Option<&'static str>>>,
    /// Writes of entries whose name ends like this wait.
    stuck: Arc<Mutex<Option<&'static str>>>,
}

impl FakeKeyring {
    pub(crate) fn vault(&self) -> Vault {
        self.vault_with(Deadlines::default())
    }

    pub(crate) fn vault_with(&self, deadlines: Deadlines) -> Vault {
        let keyring = self.clone();
        let factory = move || -> keyring::Result<BoxedStore> {
            keyring.be_there()?;
            Ok(Box::new(keyring.clone()))
        };
        Vault::with_store("keydesk-test", Arc::new(factory), deadlines)
    }

    pub(crate) fn set_gone(&self, gone: bool) {
        self.gone.store(gone, Ordering::SeqCst);
    }

    pub(crate) fn set_broken(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
    }

    pub(crate) fn set_hung(&self, hung: bool) {
        self.hung.store(hung, Ordering::SeqCst);
    }

    pub(crate) fn refuse_writes_of(&self, ending: Option<&'static str>) {
        *self.full.lock().unwrap() = ending;
    }

    pub(crate) fn hang_writes_of(&self, ending: Option<&'static str>) {
        *self.stuck.lock().unwrap() = ending;
    }

    pub(crate) fn holds(&self, text: &str) -> bool {
        let entries = self.entries.lock().unwrap();
        entries.values().any(|value| {
            value
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.lock().unwrap().is_empty()
    }

    fn be_there(&self) -> keyring::Result<()> {
        while self.hung.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
        }
        if self.gone.load(Ordering::SeqCst) {
            return Err(keyring::Error::NoDefaultStore);
        }
        Ok(())
    }

    fn check(&self) -> keyring::Result<()> {
        self.be_there()?;
        if self.broken.load(Ordering::SeqCst) {
            return Err(keyring::Error::PlatformFailure("out of order".into()));
        }
        Ok(())
    }
}

impl SecretStore for FakeKeyring {
    fn read(&self, _service: &str, user: &str) -> keyring::Result<Vec<u8>> {
        self.check()?;
        let entries = self.entries.lock().unwrap();
        entries.get(user).cloned().ok_or(keyring::Error::NoEntry)
    }

    fn write(&self, _service: &str, user: &str, value: &[u8]) -> keyring::Result<()> {
        self.check()?;
        let is_of = |ending: &Mutex<Option<&'static str>>| {
            let ending = *ending.lock().unwrap();
            ending.is_some_and(|ending| user.ends_with(ending))
        };
        while is_of(&self.stuck) {
            std::thread::sleep(Duration::from_millis(5));
        }
        if is_of(&self.full) {
            return Err(keyring::Error::PlatformFailure("the disk is full".into()));
        }
        self.entries
            .lock()
            .unwrap()
            .insert(user.to_owned(), value.to_vec());
        Ok(())
    }

    fn delete(&self, _service: &str, user: &str) -> keyring::Result<()> {
        self.check()?;
        let removed = self.entries.lock().unwrap().remove(user);
        removed.map(drop).ok_or(keyring::Error::NoEntry)
    }

    fn users(&self, _service: &str) -> keyring::Result<Vec<String>> {
        self.check()?;
        Ok(self.entries.lock().unwrap().keys().cloned().collect())
    }
}
