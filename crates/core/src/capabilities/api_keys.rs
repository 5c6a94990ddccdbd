//! What a server lets a person do with API keys, and how a key is handed on to programs.
//!
//! Not here: the keys themselves (`crate::api_key`).

use keydesk_vault::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::Availability;

/// How often the server shows a key's value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Reveal {
    /// As often as asked.
    #[default]
    Again,
    /// At creation, and never after.
    Once,
}

/// The ways in which people hand a key on to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum KeyFormKind {
    /// The raw value.
    Value,
    /// A request header.
    Header,
    /// A line that sets an environment variable.
    Environment,
    /// A call of `curl` that tries the key.
    Curl,
}

/// A key in one of these ways: a template in which `{key}` stands for the value.
/// Example: `Authorization: Bearer {key}`. No other secret is ever part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyForm {
    /// Which way.
    pub kind: KeyFormKind,
    /// The text around `{key}`.
    pub template: String,
}

impl KeyForm {
    /// The text with the value in its place.
    pub fn filled(&self, value: &SecretString) -> SecretString {
        SecretString::from(self.template.replace("{key}", value.expose()))
    }
}

/// What this server calls things about keys; the interface has a set of words for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum KeyWords {
    /// "Title", "Add New API Key", "Added on", "Expired on"
    #[default]
    Title,
    /// "Key Name", "New API key", "Expiry Date", "Scope"
    KeyName,
    /// "Description", "Create API Key", "Creation Date", "Expiration Date"
    Description,
    /// "Name", "Create API Key", "Last Used", "Expires"
    Name,
}

/// A right that a key can be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// The server's name of it, sent as it is spelt there.
    pub name: String,
    /// What it allows, in the server's words.
    pub description: String,
}

/// Whether a person chooses until when a new key is valid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ExpirationChoice {
    /// The person chooses, within the rules.
    #[default]
    Chosen,
    /// Every key lives so long.
    Fixed {
        /// In days.
        days: u32,
    },
}

/// API keys.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that the interface asks for by name"
)]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyCapabilities {
    /// Whether keys can be seen at all.
    pub manage: Availability,
    /// Whether one can be made.
    pub create: Availability,
    /// Whether one can be deleted.
    pub delete: Availability,
    /// What things are called here.
    pub words: KeyWords,
    /// Whether a key has a description beside its title.
    pub description: bool,
    /// The rights that a key can be given; empty where a key has the person's own.
    pub scopes: Vec<Scope>,
    /// Whether the person chooses the expiration.
    pub expiration: ExpirationChoice,
    /// Whether a key may live for ever.
    pub never_allowed: bool,
    /// The longest life in days, where there is one.
    pub maximum_days: Option<u32>,
    /// Whether the expiration of a key can be changed.
    pub expiration_editable: bool,
    /// How often a value is shown.
    pub reveal: Reveal,
    /// Whether the list shows a masked value for recognition.
    pub masked: bool,
    /// Whether the list tells when a key was last used.
    pub last_used: bool,
    /// Whether a key can be switched off for good without being deleted.
    pub revoke: bool,
    /// Whether a key has details, with its usage by day.
    pub details: bool,
    /// Whether the server counts keys and calls.
    pub metrics: bool,
    /// The longest title in characters.
    pub title_maximum_length: u32,
    /// Whether no two keys may have the same title.
    pub title_unique: bool,
    /// How a key is handed on to programs of this server; the raw value first.
    pub forms: Vec<KeyForm>,
}
