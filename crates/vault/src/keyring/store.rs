//! What the vault needs from a keyring, and the platform's keyring behind it.

use std::sync::Arc;

/// A keyring, called from one thread only. `user` and `service` are not secret.
pub trait SecretStore: Send {
    /// The value, or `Error::NoEntry`.
    fn read(&self, service: &str, user: &str) -> keyring::Result<Vec<u8>>;
    /// Creates or replaces the value.
    fn write(&self, service: &str, user: &str, value: &[u8]) -> keyring::Result<()>;
    /// Removes the value, or `Error::NoEntry`.
    fn delete(&self, service: &str, user: &str) -> keyring::Result<()>;
    /// Every `user` of the service.
    fn users(&self, service: &str) -> keyring::Result<Vec<String>>;
}

/// Makes a store: at first use and again whenever the last one failed.
pub type StoreFactory = Arc<dyn Fn() -> keyring::Result<Box<dyn SecretStore>> + Send + Sync>;

/// The keyring of this system.
pub fn platform_store() -> keyring::Result<Box<dyn SecretStore>> {
    Err(keyring::Error::NoDefaultStore)
}
