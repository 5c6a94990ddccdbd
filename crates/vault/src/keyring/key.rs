//! How a secret is named in the keyring.
//!
//! Deliberately not here: the account's address or name. The keyring's own window, and every
//! program that may list it, sees digests.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// Which of an account's secrets is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Slot {
    /// The token of a session with a server.
    SessionToken,
    /// The password of the account, kept only when the person asked for it.
    Password,
    /// An API key that the person signs in with.
    ApiKey,
    /// The first of a cloud's two tokens, sent as `Authorization`.
    CloudAuthorization,
    /// The second of a cloud's two tokens, sent as `Access-token`.
    CloudAccessToken,
    /// An API key that was created here and is kept for copying again; the server's id of the key.
    StoredKey(String),
}

/// The name of one secret: an account and a slot of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SecretKey {
    account: String,
    slot: Slot,
}

impl SecretKey {
    /// `account` is whatever names the account without ambiguity, such as the server's canonical
    /// address and the user's id; it is hashed before it reaches the keyring.
    pub fn new(account: impl Into<String>, slot: Slot) -> Self {
        Self {
            account: account.into(),
            slot,
        }
    }

    /// The account as it was given.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The slot.
    pub const fn slot(&self) -> &Slot {
        &self.slot
    }

    /// The `user` under which the keyring files it.
    ///
    /// Without dots: Windows joins user and service with one, and two different pairs must not
    /// end in the same name.
    pub(crate) fn user(&self) -> String {
        let prefix = account_prefix(&self.account);
        match &self.slot {
            Slot::SessionToken => prefix + "session-token",
            Slot::Password => prefix + "password",
            Slot::ApiKey => prefix + "api-key",
            Slot::CloudAuthorization => prefix + "cloud-authorization",
            Slot::CloudAccessToken => prefix + "cloud-access-token",
            Slot::StoredKey(id) => prefix + "stored-key-" + &digest(id),
        }
    }
}

/// What the `user` of every secret of one account begins with.
pub(crate) fn account_prefix(account: &str) -> String {
    digest(account) + "/"
}

/// 128 bits of SHA-256 in hexadecimal: far beyond collisions, and short enough for every store.
fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter()
        .take(16)
        .fold(String::with_capacity(32), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}"); // writing to a String cannot fail
            hex
        })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_secrets_share_a_name_and_none_holds_a_dot() {
        let slots = [
            Slot::SessionToken,
            Slot::Password,
            Slot::ApiKey,
            Slot::CloudAuthorization,
            Slot::CloudAccessToken,
            Slot::StoredKey("a.b".into()),
            Slot::StoredKey("a".into()),
            Slot::StoredKey(String::new()),
        ];
        let mut names = HashSet::new();
        for account in ["https://a.b|c", "https://a|b.c", ""] {
            for slot in &slots {
                let name = SecretKey::new(account, slot.clone()).user();
                assert!(!name.contains('.'), "{name}");
                assert!(name.starts_with(&account_prefix(account)), "{name}");
                assert!(names.insert(name), "{account} {slot:?} shares its name");
            }
        }
    }

    #[test]
    fn the_account_cannot_be_read_from_the_name() {
        let name = SecretKey::new("https://idmp.example|jane", Slot::Password).user();
        assert!(!name.contains("idmp") && !name.contains("jane"));
    }
}
