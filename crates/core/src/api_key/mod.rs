//! API keys as a person sees them in a list, and what it takes to make one.
//!
//! Not here: the value of a key, which is a [`SecretString`] wherever it appears, and is never
//! part of a type that can be serialised.

mod rules;

use keydesk_vault::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;

pub use self::rules::{validate, validate_expiration};
use crate::organization::OrganizationId;
use crate::time::Timestamp;

/// A key's id on its server, opaque.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
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

/// What a server says of a key's life, apart from its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum KeyStatus {
    /// In force, unless its expiration has passed.
    #[default]
    Active,
    /// Switched off for good.
    Revoked,
}

/// By what a list tells a key from a later one of the same id: a server may know a key by its name
/// alone, and give the name again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyMark {
    /// When it was made.
    AddedOn(Timestamp),
    /// When it ends, where a list does not tell when it was made.
    Ends(Expiration),
}

/// A key in the list. The value is masked; the whole one is fetched by id and only ever goes
/// to the clipboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// The server's id.
    pub id: ApiKeyId,
    /// "Title", or what the server calls it.
    pub title: String,
    /// What it is for, where the server keeps that; else empty.
    pub description: String,
    /// The masked value, for recognition; empty where the server shows none.
    pub masked: String,
    /// Its rights; empty where it has the person's own.
    pub scopes: Vec<String>,
    /// Whether it was switched off.
    pub status: KeyStatus,
    /// "Added on"
    pub added_on: Option<Timestamp>,
    /// "Expired on"
    pub expiration: Expiration,
    /// When a program last used it, where the server tells.
    pub last_used: Option<Timestamp>,
    /// Made by the server for its own tasks, not by the person; deleting it breaks them.
    pub made_by_server: bool,
}

impl ApiKey {
    /// A key of which nothing is known but its id, title and end.
    pub fn new(id: ApiKeyId, title: String, expiration: Expiration) -> Self {
        Self {
            id,
            title,
            description: String::new(),
            masked: String::new(),
            scopes: Vec::new(),
            status: KeyStatus::Active,
            added_on: None,
            expiration,
            last_used: None,
            made_by_server: false,
        }
    }

    /// What this key is told by from others of its id. An end that can be changed tells nothing.
    pub fn mark(&self, expiration_editable: bool) -> Option<KeyMark> {
        match self.added_on {
            Some(at) => Some(KeyMark::AddedOn(at)),
            None if expiration_editable => None,
            None => Some(KeyMark::Ends(self.expiration)),
        }
    }
}

/// All keys of an account, newest first, and the server's time at which that was true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyList {
    /// Newest first.
    pub keys: Vec<ApiKey>,
    /// The server's clock when it answered; "expired" is computed from it.
    pub server_time: Timestamp,
    /// Whose keys these are, where keys belong to organizations.
    pub organization: Option<OrganizationId>,
}

/// What a person asks for when they make a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewApiKey {
    /// "Title"
    pub title: String,
    /// What it is for, where the server keeps that.
    pub description: String,
    /// Its rights, where the server lets a person choose.
    pub scopes: Vec<String>,
    /// "Never" or "Expiration Date"; of no effect where every key lives equally long.
    pub expiration: Expiration,
}

/// How often a key was used on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DayUsage {
    /// The day in UTC, `YYYY-MM-DD`.
    pub day: String,
    /// Calls on that day.
    pub calls: u32,
}

/// All that a server tells of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyDetails {
    /// The key.
    pub key: ApiKey,
    /// Its usage by day, oldest first, days without calls included.
    pub usage: Vec<DayUsage>,
    /// When it was switched off.
    pub revoked_on: Option<Timestamp>,
}

/// The figures over the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyMetrics {
    /// "Total Keys"
    pub total: u32,
    /// "Active Keys"
    pub active: u32,
    /// "Expired Keys"
    pub expired: u32,
    /// "API Calls Today", by UTC
    pub calls_today: u32,
}

/// A key that was just made: the one moment at which its value is handed on to be shown.
#[derive(Debug)]
pub struct CreatedApiKey {
    /// The key as it will stand in the list.
    pub key: ApiKey,
    /// The whole value.
    pub value: SecretString,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_told_from_others_of_its_id_by_what_cannot_be_changed() {
        let end = Expiration::At(Timestamp(2));
        let mut key = ApiKey::new(ApiKeyId("ci".into()), "ci".into(), end);
        assert_eq!(key.mark(false), Some(KeyMark::Ends(end)));
        assert_eq!(key.mark(true), None);
        key.added_on = Some(Timestamp(1));
        for editable in [false, true] {
            assert_eq!(key.mark(editable), Some(KeyMark::AddedOn(Timestamp(1))));
        }
    }
}
