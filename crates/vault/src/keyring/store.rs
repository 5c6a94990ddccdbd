//! What the vault needs from a keyring, and the platform's keyring behind it.
//!
//! Deliberately not here: deadlines, threads and retries (`worker`), and how a long value is cut
//! (`value`). A store does one blocking call and says what came of it.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry};

/// A keyring, called from one thread at a time. `service` and `user` are not secret.
pub trait SecretStore {
    /// The value, or `Error::NoEntry`.
    fn read(&self, service: &str, user: &str) -> ::keyring::Result<Vec<u8>>;

    /// Creates or replaces the value.
    fn write(&self, service: &str, user: &str, value: &[u8]) -> ::keyring::Result<()>;

    /// Removes the value, or `Error::NoEntry`.
    fn delete(&self, service: &str, user: &str) -> ::keyring::Result<()>;

    /// Every `user` that has a value under the service.
    fn users(&self, service: &str) -> ::keyring::Result<Vec<String>>;
}

/// A store that can move to the thread that owns it.
pub type BoxedStore = Box<dyn SecretStore + Send>;

/// Makes a store: at first use, and again whenever the last one failed.
pub type StoreFactory = Arc<dyn Fn() -> ::keyring::Result<BoxedStore> + Send + Sync>;

/// The keyring of this system: Secret Service, Credential Manager or Keychain.
///
/// `keyring::Entry` would do the same, but keeps the outcome of its first connection for as long
/// as the process lives; a service that starts later, or starts again, would never be found.
pub fn platform_store() -> ::keyring::Result<BoxedStore> {
    #[cfg(target_os = "linux")]
    let store = zbus_secret_service_keyring_store::Store::new()?;
    #[cfg(target_os = "macos")]
    let store = apple_native_keyring_store::keychain::Store::new()?;
    #[cfg(target_os = "windows")]
    let store = windows_native_keyring_store::Store::new()?;
    Ok(Box::new(KeyringStore::new(store)))
}

/// Any store of the keyring family.
pub struct KeyringStore {
    store: Arc<CredentialStore>,
}

impl KeyringStore {
    /// Wraps a store that is already connected.
    pub fn new(store: Arc<CredentialStore>) -> Self {
        Self { store }
    }

    fn entry(&self, service: &str, user: &str) -> ::keyring::Result<Entry> {
        #[cfg(target_os = "linux")]
        {
            // What the desktop's own keyring window shows.
            let label = format!("{service}: {}", user.rsplit('/').next().unwrap_or(user));
            self.store.build(
                service,
                user,
                Some(&HashMap::from([("label", label.as_str())])),
            )
        }
        #[cfg(target_os = "windows")]
        {
            // The store's default would roam with the person's profile to other machines.
            self.store.build(
                service,
                user,
                Some(&HashMap::from([("persistence", "Local")])),
            )
        }
        #[cfg(target_os = "macos")]
        {
            self.store.build(service, user, None)
        }
    }
}

impl SecretStore for KeyringStore {
    fn read(&self, service: &str, user: &str) -> ::keyring::Result<Vec<u8>> {
        match self.entry(service, user)?.get_secret() {
            // Two items of one name come from other tools, or from a restored backup. Any that
            // can be read will do: the server decides whether it is still good.
            Err(::keyring::Error::Ambiguous(entries)) => {
                let mut outcome = Err(::keyring::Error::NoEntry);
                for entry in entries {
                    outcome = entry.get_secret();
                    if outcome.is_ok() {
                        break;
                    }
                }
                outcome
            }
            outcome => outcome,
        }
    }

    fn write(&self, service: &str, user: &str, value: &[u8]) -> ::keyring::Result<()> {
        let entry = self.entry(service, user)?;
        match entry.set_secret(value) {
            Err(::keyring::Error::Ambiguous(entries)) => {
                delete_all(&entries)?;
                entry.set_secret(value)
            }
            outcome => outcome,
        }
    }

    fn delete(&self, service: &str, user: &str) -> ::keyring::Result<()> {
        match self.entry(service, user)?.delete_credential() {
            Err(::keyring::Error::Ambiguous(entries)) => delete_all(&entries),
            outcome => outcome,
        }
    }

    fn users(&self, service: &str) -> ::keyring::Result<Vec<String>> {
        // Windows can only search by pattern: everything is listed there, and sorted out below.
        let specification = if cfg!(windows) {
            HashMap::new()
        } else {
            HashMap::from([("service", service)])
        };
        let mut users = Vec::new();
        for entry in self.store.search(&specification)? {
            let ours = specifiers(&entry)?.filter(|(of_service, _)| of_service == service);
            users.extend(ours.map(|(_, user)| user));
        }
        Ok(users)
    }
}

/// Service and user of an item that was found; `None` where it is none of ours.
#[cfg(target_os = "linux")]
fn specifiers(entry: &Entry) -> ::keyring::Result<Option<(String, String)>> {
    if let Some(specifiers) = entry.get_specifiers() {
        return Ok(Some(specifiers));
    }
    // This store says "none" for an item that it cannot read as well: its keyring was locked since,
    // or the service is gone. What was not looked at must not count as absent.
    let mut attributes = match entry.get_attributes() {
        Err(::keyring::Error::NoEntry) => return Ok(None),
        attributes => attributes?,
    };
    Ok(attributes
        .remove("service")
        .zip(attributes.remove("username")))
}

/// Service and user of an item that was found; `None` where it is none of ours: these stores have
/// both at hand.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "on Linux it can fail")]
fn specifiers(entry: &Entry) -> ::keyring::Result<Option<(String, String)>> {
    Ok(entry.get_specifiers())
}

fn delete_all(entries: &[Entry]) -> ::keyring::Result<()> {
    for entry in entries {
        match entry.delete_credential() {
            Ok(()) | Err(::keyring::Error::NoEntry) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
