//! The boundary to the page: what crosses it, in which shape. Secrets may come in
//! ([`SecretText`]); the one that goes out is a key that was just made ([`views::CreatedKey`]).

pub mod bindings;
pub mod error;
pub mod views;

use keydesk_vault::SecretString;
use serde::Deserialize;
use specta::Type;
use zeroize::Zeroize;

pub use error::{IpcError, IpcResult};

/// A secret on its way in. Cannot be serialised or printed, and is wiped where nobody took it.
#[derive(Deserialize, Type)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Whether nothing, or nothing but space, came in.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Hands the text over to where it is wiped after use.
    pub fn into_secret(mut self) -> SecretString {
        SecretString::from(std::mem::take(&mut self.0))
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SecretText(***)")
    }
}
