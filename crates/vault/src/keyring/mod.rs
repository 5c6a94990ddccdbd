//! The system's keyring, made safe to wait for.
//!
//! Deliberately not here: a file as a fallback. Without a keyring the person chooses to keep
//! secrets until they quit, or keeps none.

mod error;
mod key;
mod store;
mod vault;

pub use error::VaultError;
pub use key::{SecretKey, Slot};
pub use store::{SecretStore, StoreFactory, platform_store};
pub use vault::{Deadlines, KeyringState, Persistence, Vault, VaultStatus};
