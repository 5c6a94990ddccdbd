//! What was last fetched of each instance, for the first paint and the view without a network.
//!
//! Not here: any secret. Keys are kept as the list shows them, masked.

use std::fmt::Write;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use specta::Type;

use crate::api_key::ApiKeyList;
use crate::capabilities::Capabilities;
use crate::instance::InstanceId;
use crate::profile::Profile;
use crate::time::Timestamp;
use crate::{Error, ErrorCode, Result, private_file};

/// Ten thousand keys take about three million bytes.
const MAXIMUM_BYTES: u64 = 32 * 1024 * 1024;

/// What was last known of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
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

    /// What was last saved; `None` where there is nothing or it cannot be understood. Then it is
    /// simply fetched again.
    pub fn load(&self, instance: &InstanceId) -> Option<LastKnown> {
        let bytes = private_file::read(&self.path(instance), MAXIMUM_BYTES).ok()??;
        serde_json::from_slice(&bytes).ok()
    }

    /// Saves what is known now.
    pub fn save(&self, instance: &InstanceId, known: &LastKnown) -> Result<()> {
        let bytes = serde_json::to_vec(known)
            .map_err(|_| Error::new(ErrorCode::Internal, "the cache has no JSON form"))?;
        private_file::make_folder(&self.dir)
            .and_then(|()| private_file::replace(&self.path(instance), &bytes))
            .map_err(failed)
    }

    /// Forgets an instance. One that was never saved counts as forgotten.
    pub fn forget(&self, instance: &InstanceId) -> Result<()> {
        match std::fs::remove_file(self.path(instance)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(error)),
            _ => Ok(()),
        }
    }

    /// An id of another making than ours must not lead out of the folder.
    fn path(&self, instance: &InstanceId) -> PathBuf {
        let id = &instance.0;
        let is_plain = !id.is_empty()
            && id.len() <= 64
            && id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let name = if is_plain {
            id.clone()
        } else {
            // Capital letters too: `A` and `a` are one file on some systems.
            let hash = Sha256::digest(id.as_bytes());
            hash.iter().fold("id_".to_owned(), |mut name, byte| {
                let _ = write!(name, "{byte:02x}"); // writing to a String cannot fail
                name
            })
        };
        self.dir.join(name + ".json")
    }
}

#[expect(clippy::needless_pass_by_value, reason = "fits map_err")]
fn failed(error: std::io::Error) -> Error {
    Error::new(
        ErrorCode::ConfigurationReadOnly,
        "the cache cannot be written",
    )
    .with_detail(error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::LoginType;

    fn known() -> LastKnown {
        LastKnown {
            profile: Some(Profile {
                id: "7".into(),
                first_name: "Jane".into(),
                last_name: "Doe".into(),
                email: "jane@example.com".into(),
                login_type: LoginType::Password,
                ..Profile::default()
            }),
            capabilities: None,
            keys: None,
            fetched_at: Timestamp(1),
        }
    }

    fn id(text: &str) -> InstanceId {
        InstanceId(text.to_owned())
    }

    #[test]
    fn what_was_saved_is_there_until_it_is_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path().join("cache"));
        assert_eq!(cache.load(&id("a-1")), None);
        cache.save(&id("a-1"), &known()).unwrap();
        assert_eq!(cache.load(&id("a-1")), Some(known()));
        assert_eq!(cache.load(&id("a-2")), None);
        cache.forget(&id("a-1")).unwrap();
        cache.forget(&id("a-1")).unwrap();
        assert_eq!(cache.load(&id("a-1")), None);
    }

    #[test]
    fn a_damaged_file_is_as_good_as_none() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path().to_owned());
        cache.save(&id("a"), &known()).unwrap();
        let whole = std::fs::read(dir.path().join("a.json")).unwrap();
        for length in 0..whole.len() {
            std::fs::write(dir.path().join("a.json"), &whole[..length]).unwrap();
            assert_eq!(cache.load(&id("a")), None, "cut off at {length}");
        }
    }

    #[test]
    fn no_id_leads_out_of_the_folder_or_into_another_file() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("cache");
        let cache = Cache::new(inner.clone());
        let ids = [
            "../x", "/etc/x", "", ".", "..", "a/b", "A", "a", "C:x", "id_", "con\0",
        ];
        for text in ids {
            cache.save(&id(text), &known()).unwrap();
        }
        assert_eq!(std::fs::read_dir(&inner).unwrap().count(), ids.len());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
