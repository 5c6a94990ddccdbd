//! The configuration file: which instances there are, and the preferences. No secret in it.
//!
//! Not here: what was last fetched from a server (`cache`), secrets (`keydesk-vault`).

mod store;

use serde::{Deserialize, Serialize};
use specta::Type;

pub use store::{ConfigStore, Opened};

use crate::instance::{Instance, InstanceId};
use crate::preferences::Preferences;

/// The version of the file's shape that this Keydesk writes.
pub const SCHEMA: u32 = 1;

/// Everything in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Configuration {
    /// The version of the shape.
    pub schema: u32,
    /// The preferences.
    #[serde(default)]
    pub preferences: Preferences,
    /// The person's accounts, in their order.
    #[serde(default)]
    pub instances: Vec<Instance>,
    /// New accounts whose sign-in has not come to its end: the keyring may hold secrets of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfinished: Vec<Instance>,
    /// The one that was in front.
    #[serde(default)]
    pub selected: Option<InstanceId>,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            schema: SCHEMA,
            preferences: Preferences::default(),
            instances: Vec::new(),
            unfinished: Vec::new(),
            selected: None,
        }
    }
}

/// What a person should know about their configuration file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum ConfigNotice {
    /// The file could not be understood and was moved aside, or was gone.
    Corrupt {
        /// The name that it has now; `None` where it could not be moved, or was gone.
        moved_to: Option<String>,
        /// Whether the state before the last change was loaded in its place.
        backup_loaded: bool,
    },
    /// A newer Keydesk wrote the file: it is read as far as possible and never written.
    NewerSchema {
        /// The version of its shape.
        schema: u32,
    },
    /// The file cannot be read or written; changes last until Keydesk quits.
    NotWritable,
}
