//! Tells whether a text is what was copied, without keeping what was copied: a salted digest, and
//! the file in which it outlives a crash, so that the next start clears what this run could not.
//!
//! Deliberately not here: when to clear (`keeper`). The digest is useless to whoever reads it: what
//! is copied here has at least 128 random bits.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::ClipboardError;

const SALT: usize = 16;
const DIGEST: usize = 32;

/// What is left of a secret that was copied.
pub(super) struct Fingerprint {
    salt: [u8; SALT],
    digest: [u8; DIGEST],
}

impl Fingerprint {
    pub(super) fn of(text: &str) -> Result<Self, ClipboardError> {
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt).map_err(|_| ClipboardError::Failed)?;
        Ok(Self {
            salt,
            digest: Self::digest(salt, text),
        })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        Self::digest(self.salt, text).ct_eq(&self.digest).into()
    }

    fn digest(salt: [u8; SALT], text: &str) -> [u8; DIGEST] {
        Sha256::new()
            .chain_update(salt)
            .chain_update(text.as_bytes())
            .finalize()
            .into()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (salt, digest) = bytes.split_first_chunk()?;
        Some(Self {
            salt: *salt,
            digest: digest.try_into().ok()?,
        })
    }
}

/// The file with the fingerprint of what is on the clipboard; none where there is nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Note(Option<PathBuf>);

impl Note {
    /// A file in a folder that only this person may enter. Without one, nothing is noted.
    pub(super) const fn at(path: Option<PathBuf>) -> Self {
        Self(path)
    }

    /// Whether something was noted.
    pub(super) fn exists(&self) -> bool {
        self.0.as_ref().is_some_and(|path| path.exists())
    }

    /// Notes what is on the clipboard from now on, or that nothing is. A copy is made all the same
    /// where this cannot be noted.
    pub(super) fn set(&self, fingerprint: Option<&Fingerprint>) {
        if let Err(error) = self.try_set(fingerprint) {
            tracing::warn!(%error, "a crash would leave the copied secret on the clipboard");
        }
    }

    fn try_set(&self, fingerprint: Option<&Fingerprint>) -> io::Result<()> {
        let Some(path) = &self.0 else { return Ok(()) };
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let Some(Fingerprint { salt, digest }) = fingerprint else {
            return Ok(());
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true); // follows no link that somebody laid meanwhile
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)?.write_all(&[&salt[..], digest].concat())
    }

    /// What an earlier run has noted; `None` where that is nothing, or no note of ours.
    pub(super) fn get(&self) -> Option<Fingerprint> {
        let path = self.0.as_ref()?;
        if !fs::symlink_metadata(path).ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        let longest = (SALT + DIGEST + 1) as u64;
        File::open(path)
            .ok()?
            .take(longest)
            .read_to_end(&mut bytes)
            .ok()?;
        Fingerprint::read(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_tells_what_was_copied_and_nothing_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note");
        let note = Note::at(Some(path.clone()));
        assert!(!note.exists() && note.get().is_none());

        note.set(Some(&Fingerprint::of("api_17.secret").unwrap()));
        let noted = note.get().unwrap();
        assert!(noted.matches("api_17.secret"));
        assert!(!noted.matches("api_17.other"));
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(6).any(|part| part == b"secret"));

        note.set(Some(&Fingerprint::of("api_18.later").unwrap()));
        assert!(note.get().unwrap().matches("api_18.later"));
        note.set(None);
        assert!(!note.exists());
        note.set(None); // nothing to forget is no failure
    }

    #[test]
    #[cfg(unix)]
    fn a_note_is_its_owners_alone_and_no_link_is_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = tempfile::tempdir().unwrap();
        let (path, elsewhere) = (folder.path().join("note"), folder.path().join("elsewhere"));
        let note = Note::at(Some(path.clone()));
        fs::write(&elsewhere, [7; SALT + DIGEST]).unwrap();
        symlink(&elsewhere, &path).unwrap();
        assert!(note.get().is_none());

        note.set(Some(&Fingerprint::of("api_17.secret").unwrap()));
        let metadata = fs::symlink_metadata(&path).unwrap();
        assert!(metadata.is_file());
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read(&elsewhere).unwrap(), [7; SALT + DIGEST]);
    }

    #[test]
    fn what_is_no_note_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note");
        let note = Note::at(Some(path.clone()));
        for content in [0, 1, SALT + DIGEST - 1, SALT + DIGEST + 1, 100_000] {
            fs::write(&path, vec![1; content]).unwrap();
            assert!(note.get().is_none(), "{content}");
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(note.get().is_none());
        note.set(Some(&Fingerprint::of("api_17.secret").unwrap())); // and stops nobody
    }
}
