//! The configuration file on disk: opened whatever its state, replaced as a whole, with the state
//! before the last change beside it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::Value;

use super::{ConfigNotice, Configuration, SCHEMA};
use crate::time::Timestamp;
use crate::{Error, ErrorCode, Result, private_file};

const FILE_NAME: &str = "config.json";
const BACKUP_NAME: &str = "config.json.bak";

/// Certificates make up most of a file. A person's own authorities are far below this; what is
/// above it is not read, and so not written.
const MAXIMUM_BYTES: u64 = 8 * 1024 * 1024;

/// The store, and what happened when it was opened.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: ConfigStore,
    /// What a person should know.
    pub notices: Vec<ConfigNotice>,
}

/// The configuration in memory and on disk.
#[derive(Debug)]
pub struct ConfigStore {
    folder: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    configuration: Configuration,
    /// What is on disk and was understood; becomes the backup at the next change.
    on_disk: Option<Vec<u8>>,
    writing: Writing,
}

/// What a change does to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    /// It is written, or it fails.
    Required,
    /// It is written where that works by now; the person knows that it may not.
    WherePossible,
    /// The file is left alone: it is newer, a link, or cannot be read.
    Never,
}

/// What a change leaves in the backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Backup {
    /// The state before the change, if there was one.
    StateBefore,
    /// The state after it.
    StateAfter,
}

/// What was found in a file.
enum Found {
    Nothing,
    Readable(Configuration, Vec<u8>),
    Newer(Configuration, u32),
    Corrupt,
    Unreadable,
}

impl ConfigStore {
    /// Opens the store in a folder, which is made where it does not exist. Never fails: whatever
    /// is wrong, there is a configuration, and a notice that says so.
    pub fn open(dir: PathBuf) -> Opened {
        let mut notices = Vec::new();
        let has_folder = private_file::make_folder(&dir).is_ok();
        private_file::sweep(&dir);
        let path = dir.join(FILE_NAME);
        let mut writing = Writing::Required;
        let (configuration, on_disk) = match find(&path) {
            Found::Readable(configuration, bytes) => (configuration, Some(bytes)),
            // Removed by someone, or moved aside by a start that came no further. Accounts are
            // removed in the window: without their entries nobody finds what the keyring has.
            Found::Nothing => match restore(&dir, writing) {
                Some(restored) => {
                    notices.push(ConfigNotice::Corrupt {
                        moved_to: None,
                        backup_loaded: true,
                    });
                    restored
                }
                None => (Configuration::default(), None),
            },
            Found::Newer(configuration, schema) => {
                notices.push(ConfigNotice::NewerSchema { schema });
                writing = Writing::Never;
                (configuration, None)
            }
            Found::Corrupt => {
                let moved_to = move_aside(&path);
                // Where it cannot be moved, a write would destroy what may be repaired by hand.
                if moved_to.is_none() {
                    writing = Writing::Never;
                }
                let restored = restore(&dir, writing);
                notices.push(ConfigNotice::Corrupt {
                    moved_to,
                    backup_loaded: restored.is_some(),
                });
                restored.unwrap_or_default()
            }
            Found::Unreadable => {
                notices.push(ConfigNotice::NotWritable);
                writing = Writing::Never;
                (Configuration::default(), None)
            }
        };
        if writing == Writing::Required {
            if private_file::is_link(&path) {
                writing = Writing::Never;
                notices.push(ConfigNotice::NotWritable);
            } else if !has_folder || !private_file::is_writable(&dir) {
                writing = Writing::WherePossible;
                notices.push(ConfigNotice::NotWritable);
            } else if on_disk.is_some() {
                let _ = private_file::restrict(&path, 0o600); // the next write sees to it as well
            }
        }
        let inner = Mutex::new(Inner {
            configuration,
            on_disk,
            writing,
        });
        Opened {
            store: Self { folder: dir, inner },
            notices,
        }
    }

    /// The configuration as it is.
    pub fn get(&self) -> Configuration {
        self.inner().configuration.clone()
    }

    /// Changes the configuration, on disk and then in memory. After an error
    /// ([`ErrorCode::ConfigurationReadOnly`]) both are as before. Where a notice has told the
    /// person that nothing can be written, changes are made in memory alone.
    pub fn update(&self, change: impl FnOnce(&mut Configuration)) -> Result<()> {
        self.change(change, Backup::StateBefore)
    }

    /// [`Self::update`] for a change that removes what a person may want gone, such as an
    /// instance: the backup becomes the new state too, instead of keeping the one before. Files
    /// that were moved aside because they were damaged stay for the person to look at.
    pub fn update_and_replace_backup(&self, change: impl FnOnce(&mut Configuration)) -> Result<()> {
        self.change(change, Backup::StateAfter)
    }

    /// Whether changes outlive this run, or fail: `false` where a notice has told the person that
    /// nothing can be written.
    pub fn keeps_changes(&self) -> bool {
        self.inner().writing == Writing::Required
    }

    fn change(&self, change: impl FnOnce(&mut Configuration), backup: Backup) -> Result<()> {
        let mut inner = self.inner();
        let mut next = inner.configuration.clone();
        change(&mut next);
        next.schema = SCHEMA;
        next.preferences = next.preferences.within_limits();
        let is_new = next != inner.configuration || inner.on_disk.is_none();
        if !is_new && backup == Backup::StateBefore {
            return Ok(());
        }
        let before = inner.on_disk.as_deref();
        let written = match inner.writing {
            Writing::Never => Ok(None),
            Writing::WherePossible => Ok(self.write(&next, before, backup).ok()),
            Writing::Required => self.write(&next, before, backup).map(Some),
        };
        if let Some(bytes) = written? {
            inner.on_disk = Some(bytes);
        }
        inner.configuration = next;
        Ok(())
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A panic in a caller's change leaves the configuration as it was.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The backup is written first: after a failure, the configuration is the one before.
    fn write(
        &self,
        configuration: &Configuration,
        before: Option<&[u8]>,
        backup: Backup,
    ) -> Result<Vec<u8>> {
        let bytes = text_of(configuration)
            .map_err(|_| Error::new(ErrorCode::Internal, "the configuration has no JSON form"))?;
        let path = self.folder.join(FILE_NAME);
        let backup = match backup {
            Backup::StateBefore => before,
            Backup::StateAfter => Some(bytes.as_slice()),
        };
        let readable = u64::try_from(bytes.len()).is_ok_and(|length| length <= MAXIMUM_BYTES);
        readable
            .then_some(())
            .ok_or_else(|| std::io::ErrorKind::FileTooLarge.into())
            .and_then(|()| private_file::make_folder(&self.folder))
            .and_then(|()| match backup {
                Some(backup) => private_file::replace(&self.folder.join(BACKUP_NAME), backup),
                None => Ok(()),
            })
            .and_then(|()| private_file::replace(&path, &bytes))
            .map_err(|error| {
                Error::new(
                    ErrorCode::ConfigurationReadOnly,
                    "the configuration was not written",
                )
                .with_detail(error.kind().to_string())
            })?;
        Ok(bytes)
    }
}

/// What the file holds.
fn text_of(configuration: &Configuration) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(configuration)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Puts the state before the last change in the place of a file that is damaged or gone: were it
/// loaded alone, the next start would know of nothing. Answers with it and with what is on disk.
fn restore(dir: &Path, writing: Writing) -> Option<(Configuration, Option<Vec<u8>>)> {
    let Found::Readable(mut configuration, _) = find(&dir.join(BACKUP_NAME)) else {
        return None;
    };
    // A sign-in that was under way then may have come to its end since: its account is in the
    // list, and not among those that are wiped. A configuration that is bad costs no secret.
    configuration
        .instances
        .append(&mut configuration.unfinished);
    let written = (writing == Writing::Required)
        .then(|| text_of(&configuration).ok())
        .flatten()
        // Else the next change writes it, and leaves the backup as it is.
        .filter(|bytes| private_file::replace(&dir.join(FILE_NAME), bytes).is_ok());
    Some((configuration, written))
}

fn find(path: &Path) -> Found {
    #[derive(Deserialize)]
    struct Version {
        schema: u32,
    }

    let mut bytes = match private_file::read(path, MAXIMUM_BYTES) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Found::Nothing,
        Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => return Found::Corrupt,
        Err(_) => return Found::Unreadable,
    };
    // Some editors put a mark of the encoding in front, which is no part of JSON (RFC 8259).
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    let Ok(version) = serde_json::from_slice::<Version>(&bytes) else {
        return Found::Corrupt;
    };
    if version.schema > SCHEMA {
        return Found::Newer(understood(&bytes), version.schema);
    }
    match serde_json::from_slice::<Configuration>(&bytes) {
        Ok(read) => Found::Readable(current(read), bytes),
        Err(_) => Found::Corrupt,
    }
}

fn current(read: Configuration) -> Configuration {
    Configuration {
        schema: SCHEMA,
        preferences: read.preferences.within_limits(),
        ..read
    }
}

/// What can be understood of a newer file, part by part.
fn understood(bytes: &[u8]) -> Configuration {
    let mut file: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let mut part = |name: &str| file.get_mut(name).map(Value::take).unwrap_or_default();
    let instances = match part("instances") {
        Value::Array(instances) => instances,
        _ => Vec::new(),
    };
    current(Configuration {
        schema: SCHEMA,
        preferences: serde_json::from_value(part("preferences")).unwrap_or_default(),
        instances: instances
            .into_iter()
            .filter_map(|i| serde_json::from_value(i).ok())
            .collect(),
        // Left to whoever wrote the file: nothing can be noted in it here.
        unfinished: Vec::new(),
        selected: serde_json::from_value(part("selected")).unwrap_or_default(),
    })
}

/// Renames a file that cannot be understood, so that it can be repaired by hand.
fn move_aside(path: &Path) -> Option<String> {
    let name = format!("{FILE_NAME}.corrupt-{}", Timestamp::now().0);
    std::fs::rename(path, path.with_file_name(&name)).ok()?;
    Some(name)
}
