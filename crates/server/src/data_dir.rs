//! The folder that holds everything the server keeps: its modes, its locks, its key file.
//!
//! What lies in it: `keydesk.db` (`SQLite`, with `-wal` and `-shm` beside it while open),
//! `server.key` (the master key), `setup.lock`, `serving.lock` and, when embedded, `last-port`.
//! All are readable by their owner alone whatever the umask: 0600, and 0700 for the folder.
//! On Windows they inherit the rights of the user's own profile.
//! The meaning of what is stored is not known here; see `store` and `seal`.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

const DATABASE: &str = "keydesk.db";
const KEY_FILE: &str = "server.key";
const SETUP_LOCK: &str = "setup.lock";
const SERVING_LOCK: &str = "serving.lock";
const LAST_PORT: &str = "last-port";

/// The master key: 256 random bits, from which every other key is derived.
pub(crate) type MasterKey = Zeroizing<[u8; 32]>;

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// Another process serves this folder already.
    #[error("another keydesk-server is already serving {}", .0.display())]
    AlreadyServing(PathBuf),
    /// The folder holds other things and is open to other users; it is not ours to close.
    #[error("{} holds other files and is open to other users: choose an empty folder", .0.display())]
    NotOurs(PathBuf),
    /// There is a database, but not the key that belongs to it. A new key would make every
    /// stored value unreadable, so it is never made silently.
    #[error("{} is missing, but there is a database: restore the key file from its backup", .0.display())]
    KeyFileMissing(PathBuf),
    /// The key file does not hold a key.
    #[error("{} does not hold a key", .0.display())]
    KeyFileDamaged(PathBuf),
    /// A file of ours is a link, a folder or a device. Links are not followed.
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// The system's random numbers failed.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// The file system refused.
    #[error("{}: {source}", .path.display())]
    Io {
        /// What was touched.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A prepared folder: it exists, and only its owner may enter.
#[derive(Clone, Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
}

impl DataDir {
    /// Makes the folder, or takes one that is there and closes it to other users.
    pub(crate) fn prepare(path: &Path) -> Result<Self, DataDirError> {
        let this = Self {
            path: path.to_owned(),
        };
        if path.is_dir() {
            #[cfg(unix)] // elsewhere the user's profile is closed already
            this.close_to_others()?;
        } else {
            create_private_dir(path).map_err(at(path))?;
        }
        Ok(this)
    }

    /// Runs `work` while no other process prepares the same folder: the key file, the
    /// database and its migrations are made by one process only.
    pub(crate) fn set_up<T, E: From<DataDirError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let path = self.path.join(SETUP_LOCK);
        let lock = open_private(&path).map_err(E::from)?;
        lock.lock().map_err(at(&path)).map_err(E::from)?;
        work() // the lock ends with the file
    }

    /// Takes the lock of the one process that serves. It is held until the file is dropped,
    /// and the system frees it when the process dies, so it cannot go stale.
    pub(crate) fn lock_for_serving(&self) -> Result<File, DataDirError> {
        let path = self.path.join(SERVING_LOCK);
        let lock = open_private(&path)?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(DataDirError::AlreadyServing(self.path.clone())),
            Err(TryLockError::Error(source)) => Err(DataDirError::Io { path, source }),
        }
    }

    /// The database's path; the file exists afterwards, with the right mode. `SQLite` gives
    /// the files that it puts beside it the same mode.
    pub(crate) fn database(&self) -> Result<PathBuf, DataDirError> {
        let path = self.path.join(DATABASE);
        open_private(&path)?;
        Ok(path)
    }

    /// Reads the master key; makes one where there is no database yet. Call within [`Self::set_up`].
    pub(crate) fn master_key(&self) -> Result<MasterKey, DataDirError> {
        let path = self.path.join(KEY_FILE);
        if fs::symlink_metadata(&path).is_ok() {
            let mut file = open_private(&path)?;
            let mut text = Zeroizing::new(String::new());
            io::Read::read_to_string(&mut file, &mut text).map_err(at(&path))?;
            return decode_key(&text).ok_or(DataDirError::KeyFileDamaged(path));
        }
        if fs::metadata(self.path.join(DATABASE)).is_ok_and(|database| database.len() > 0) {
            return Err(DataDirError::KeyFileMissing(path));
        }
        let mut key = MasterKey::default();
        aws_lc_rs::rand::fill(key.as_mut()).map_err(|_| DataDirError::NoRandomness)?;
        write_whole(&path, encode_key(&key).as_bytes())?;
        Ok(key)
    }

    /// The port on which the embedded server last listened.
    pub(crate) fn last_port(&self) -> Option<u16> {
        let text = fs::read_to_string(self.path.join(LAST_PORT)).ok()?;
        text.trim().parse().ok().filter(|port| *port != 0)
    }

    /// Remembers the port for the next start.
    pub(crate) fn remember_port(&self, port: u16) -> Result<(), DataDirError> {
        write_whole(&self.path.join(LAST_PORT), port.to_string().as_bytes())
    }

    #[cfg(unix)]
    fn close_to_others(&self) -> Result<(), DataDirError> {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&self.path)
            .map_err(at(&self.path))?
            .permissions()
            .mode();
        if is_closed(mode) {
            return Ok(());
        }
        let empty = fs::read_dir(&self.path)
            .map_err(at(&self.path))?
            .next()
            .is_none();
        if !empty && !self.path.join(KEY_FILE).exists() {
            return Err(DataDirError::NotOurs(self.path.clone()));
        }
        fs::set_permissions(&self.path, fs::Permissions::from_mode(0o700)).map_err(at(&self.path))
    }
}

/// Either the old content or the new, also after a power cut.
fn write_whole(path: &Path, content: &[u8]) -> Result<(), DataDirError> {
    let temporary = path.with_extension("new");
    let mut file = open_private(&temporary)?;
    file.set_len(0).map_err(at(&temporary))?;
    file.write_all(content).map_err(at(&temporary))?;
    file.sync_all().map_err(at(&temporary))?;
    drop(file);
    fs::rename(&temporary, path).map_err(at(path))?;
    #[cfg(unix)] // Windows has no such call; its journal keeps the rename
    if let Some(dir) = path.parent() {
        File::open(dir)
            .and_then(|dir| dir.sync_all())
            .map_err(at(dir))?;
    }
    Ok(())
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> DataDirError {
    let path = path.to_owned();
    move |source| DataDirError::Io { path, source }
}

fn encode_key(key: &MasterKey) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(key.as_ref()) + "\n")
}

fn decode_key(text: &str) -> Option<MasterKey> {
    let bytes = Zeroizing::new(STANDARD.decode(text.trim_end()).ok()?);
    let mut key = MasterKey::default();
    if bytes.len() != key.len() {
        return None;
    }
    key.copy_from_slice(&bytes);
    Some(key)
}

/// Opens or makes a file that only its owner may read. A link in its place is refused, and
/// a mode that was loosened is tightened again.
fn open_private(path: &Path) -> Result<File, DataDirError> {
    if let Ok(there) = fs::symlink_metadata(path)
        && !there.is_file()
    {
        return Err(DataDirError::NotAFile(path.to_owned()));
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(at(path))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let permissions = file.metadata().map_err(at(path))?.permissions();
        if !is_closed(permissions.mode()) {
            file.set_permissions(fs::Permissions::from_mode(0o600))
                .map_err(at(path))?;
        }
    }
    Ok(file)
}

/// Whether nobody but the owner has any right.
#[cfg(unix)]
fn is_closed(mode: u32) -> bool {
    mode.trailing_zeros() >= 6
}

fn create_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::prepare(&dir.path().join("data")).unwrap();
        let first = data.master_key().unwrap();
        assert_eq!(*first, *data.master_key().unwrap());
        assert_ne!(*first, [0; 32]);
    }

    #[test]
    fn a_database_without_its_key_is_not_given_a_new_one() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::prepare(dir.path()).unwrap();
        fs::write(dir.path().join(DATABASE), b"SQLite format 3").unwrap();
        assert!(matches!(
            data.master_key(),
            Err(DataDirError::KeyFileMissing(_))
        ));
    }

    #[test]
    fn a_damaged_key_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::prepare(dir.path()).unwrap();
        for damaged in ["", "AAAA", "not base64 at all!"] {
            fs::write(dir.path().join(KEY_FILE), damaged).unwrap();
            assert!(
                matches!(data.master_key(), Err(DataDirError::KeyFileDamaged(_))),
                "{damaged:?}"
            );
        }
    }

    #[test]
    fn a_second_server_is_refused_until_the_first_ends() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::prepare(dir.path()).unwrap();
        let first = data.lock_for_serving().unwrap();
        assert!(matches!(
            data.lock_for_serving(),
            Err(DataDirError::AlreadyServing(_))
        ));
        drop(first);
        assert!(data.lock_for_serving().is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_a_file_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let elsewhere = dir.path().join("elsewhere");
        fs::write(&elsewhere, b"").unwrap();
        let data = DataDir::prepare(&dir.path().join("data")).unwrap();
        std::os::unix::fs::symlink(&elsewhere, dir.path().join("data").join(DATABASE)).unwrap();
        assert!(matches!(data.database(), Err(DataDirError::NotAFile(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_with_foreign_files_is_not_closed_to_others() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let shared = dir.path().join("shared");
        fs::create_dir(&shared).unwrap();
        fs::write(shared.join("somebody's file"), b"").unwrap();
        fs::set_permissions(&shared, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(
            DataDir::prepare(&shared),
            Err(DataDirError::NotOurs(_))
        ));
    }

    #[test]
    fn a_port_that_makes_no_sense_is_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::prepare(dir.path()).unwrap();
        assert_eq!(data.last_port(), None);
        data.remember_port(50_123).unwrap();
        assert_eq!(data.last_port(), Some(50_123));
        fs::write(dir.path().join(LAST_PORT), "99999999").unwrap();
        assert_eq!(data.last_port(), None);
    }
}
