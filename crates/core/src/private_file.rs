//! Small files that only their owner may read, replaced as a whole or not at all.
//!
//! Not here: what is in them (`config`, `cache`).

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

const TEMPORARY_PREFIX: &str = ".keydesk-";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// After this time a temporary file is what a crash left, and nobody is writing it any more.
const TEMPORARY_AGE: Duration = Duration::from_mins(1);

/// Makes a folder, where it does not exist, that only its owner may enter.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    restrict(folder, 0o700)
}

/// Takes the rights of others away.
#[cfg(unix)]
pub(crate) fn restrict(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let is = fs::metadata(path)?.permissions().mode() & 0o777;
    if is & !mode == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(is & mode))
}

/// A person's own folders are closed to others on this system without our doing.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "on the other systems it can fail")]
pub(crate) fn restrict(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// The content of a file, `None` where there is no file. Anything that is no file, and a file of
/// more than `limit` bytes, is an error.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let is_file = match fs::metadata(path) {
        Ok(metadata) => metadata.is_file(),
        // Or a file where a folder should be: nothing can be in it.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    if !is_file {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    let mut content = Vec::new();
    File::open(path)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut content)?;
    if u64::try_from(content.len()).unwrap_or(u64::MAX) > limit {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "larger than the limit",
        ));
    }
    Ok(Some(content))
}

/// Replaces a file. Whatever happens on the way, the old content or the new is there afterwards.
/// A link in the file's place is refused: it would be followed, or silently replaced.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    if is_link(path) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "a link is in its place",
        ));
    }
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let mut file = temporary(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    give_name(file, path)?;
    // The new name itself must survive a power cut.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Puts a written file in its place.
#[cfg(not(windows))]
fn give_name(file: tempfile::NamedTempFile, path: &Path) -> io::Result<()> {
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// Puts a written file in its place. Windows replaces no file that somebody has open, and virus
/// scanners, indexers and backups open what was just written, for moments: they are waited for.
#[cfg(windows)]
fn give_name(mut file: tempfile::NamedTempFile, path: &Path) -> io::Result<()> {
    const ACCESS_DENIED: i32 = 5;
    const SHARING_VIOLATION: i32 = 32;
    const PATIENCE: Duration = Duration::from_millis(500);
    const PAUSE: Duration = Duration::from_millis(5);

    let started = std::time::Instant::now();
    loop {
        let Err(refused) = file.persist(path) else {
            return Ok(());
        };
        let may_pass = matches!(
            refused.error.raw_os_error(),
            Some(ACCESS_DENIED | SHARING_VIOLATION)
        );
        if !may_pass || started.elapsed() > PATIENCE {
            return Err(refused.error);
        }
        file = refused.file;
        std::thread::sleep(PAUSE);
    }
}

/// Whether files can be made in a folder.
pub(crate) fn is_writable(folder: &Path) -> bool {
    temporary(folder).is_ok()
}

/// Whether a symbolic link is at this place.
pub(crate) fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

/// Removes what crashes left of writes that never came to their end.
pub(crate) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_ours = name.starts_with(TEMPORARY_PREFIX) && name.ends_with(TEMPORARY_SUFFIX);
        let is_old = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|at| {
                SystemTime::now()
                    .duration_since(at)
                    .is_ok_and(|d| d > TEMPORARY_AGE)
            });
        if is_ours && is_old {
            let _ = fs::remove_file(entry.path()); // the next start tries again
        }
    }
}

/// A new file in the folder, 0600 from its first moment.
fn temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .suffix(TEMPORARY_SUFFIX)
        .tempfile_in(folder)
}

// What holds on every system is proved by what is built on it: `tests/it/config.rs`.
#[cfg(test)]
#[cfg(windows)]
mod tests {
    use std::os::windows::fs::OpenOptionsExt;

    use super::*;

    /// A virus scanner: reads, and lets others read.
    fn open_as_a_scanner(path: &Path) -> File {
        const SHARE_READ: u32 = 1;
        let mut options = fs::OpenOptions::new();
        options.read(true).share_mode(SHARE_READ);
        options.open(path).unwrap()
    }

    #[test]
    fn a_file_that_is_open_for_a_moment_is_replaced_after_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        replace(&path, b"old").unwrap();
        let scanner = open_as_a_scanner(&path);
        let reading = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(100));
            drop(scanner);
        });
        replace(&path, b"new").unwrap();
        reading.join().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn a_file_that_stays_open_stays_as_it_is_with_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        replace(&path, b"old").unwrap();
        let scanner = open_as_a_scanner(&path);
        assert!(replace(&path, b"new").is_err());
        drop(scanner);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
