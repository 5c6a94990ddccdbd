//! The system's keyring, made safe to wait for.
//!
//! From the outside in: [`Vault`] is the handle; `worker` owns the thread and the deadlines;
//! `operation` does one request; `value` cuts what is too long; [`SecretStore`] is the keyring.
//!
//! Deliberately not here: a file as a fallback. Without a keyring the person chooses to keep
//! secrets until they quit, or keeps none.

mod error;
mod fault;
mod key;
mod operation;
mod store;
mod value;
mod vault;
mod worker;

pub use error::VaultError;
pub use key::{SecretKey, Slot};
pub use store::{BoxedStore, KeyringStore, SecretStore, StoreFactory, platform_store};
pub use vault::{Deadlines, KeyringState, Persistence, Vault, VaultStatus};
