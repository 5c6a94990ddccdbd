//! One secret, several entries: what the vault does with a store, step by step.
//!
//! Each operation can be run again after it failed anywhere, and then ends as if it had run once.

use ::keyring::Error;
use zeroize::Zeroizing;

use super::value::{self, Entry, Header};
use super::{SecretStore, fault};
use crate::SecretString;

/// What can be asked of the owner of the store. Names are those of the store.
pub(crate) enum Request {
    /// Reads the value.
    Get { user: String },
    /// Creates or replaces the value.
    Set { user: String, value: SecretString },
    /// Removes the value.
    Delete { user: String },
    /// Removes every value whose name begins so; `known` if the store cannot list.
    DeleteAll { prefix: String, known: Vec<String> },
    /// Writes and removes an entry of its own, which asks for the password if one is needed.
    Probe,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Answer {
    /// For `Get`.
    Value(Option<SecretString>),
    /// For all others.
    Done,
}

/// The entry that a probe writes and removes.
const PROBE: &str = "probe";

/// Runs the request to its end.
pub(crate) fn perform(
    store: &dyn SecretStore,
    service: &str,
    request: &Request,
) -> ::keyring::Result<Answer> {
    let desk = Desk { store, service };
    match request {
        Request::Get { user } => desk.get(user).map(Answer::Value),
        Request::Set { user, value } => desk.set(user, value).map(|()| Answer::Done),
        Request::Delete { user } => desk.delete(user).map(|()| Answer::Done),
        Request::DeleteAll { prefix, known } => {
            desk.delete_all(prefix, known).map(|()| Answer::Done)
        }
        Request::Probe => {
            store.write(service, PROBE, b"keydesk1:")?;
            desk.remove(PROBE).map(|()| Answer::Done)
        }
    }
}

struct Desk<'a> {
    store: &'a dyn SecretStore,
    service: &'a str,
}

impl Desk<'_> {
    fn get(&self, user: &str) -> ::keyring::Result<Option<SecretString>> {
        let header = match self.entry(user)? {
            None => return Ok(None),
            Some(Entry::Whole(value)) => return Ok(Some(value)),
            Some(Entry::Pieces(header)) => header,
        };
        let mut text = Zeroizing::new(String::with_capacity(header.bytes()));
        for piece in header.users(user) {
            let Some(bytes) = self.read(&piece)? else {
                return Ok(None);
            };
            let Ok(piece) = std::str::from_utf8(&bytes) else {
                return Ok(None);
            };
            if text.len() + piece.len() > header.bytes() {
                return Ok(None); // growing would leave a copy behind
            }
            text.push_str(piece);
        }
        Ok(header
            .fits(&text)
            .then(|| SecretString::from(std::mem::take(&mut *text))))
    }

    fn set(&self, user: &str, value: &SecretString) -> ::keyring::Result<()> {
        if value.expose().len() > value::MAXIMUM {
            let limit = u32::try_from(value::MAXIMUM).unwrap_or(u32::MAX);
            return Err(Error::TooLong("value".into(), limit));
        }
        let before = self.entry(user)?;
        let entry = if value::is_short(value) {
            Entry::Whole(value.duplicate())
        } else {
            Entry::Pieces(self.set_pieces(user, value)?)
        };
        let written = self
            .store
            .write(self.service, user, value::write_entry(&entry).as_bytes());
        match (&written, &entry, &before) {
            // The old value is still the value: what was written for the new one is litter.
            (Err(_), Entry::Pieces(new), _) => self.sweep(user, new),
            (Ok(()), _, Some(Entry::Pieces(old))) => self.sweep(user, old),
            _ => {}
        }
        written
    }

    fn set_pieces(&self, user: &str, value: &SecretString) -> ::keyring::Result<Header> {
        let generation =
            getrandom::u64().map_err(|error| Error::PlatformFailure(Box::new(error)))?;
        let header = Header::describe(value, generation);
        for (name, piece) in header.users(user).zip(value::pieces(value.expose())) {
            if let Err(error) = self.store.write(self.service, &name, piece.as_bytes()) {
                self.sweep(user, &header);
                return Err(error);
            }
        }
        Ok(header)
    }

    /// Pieces go first: should it stop half-way, the header still leads the next attempt to the
    /// rest, and says meanwhile that there is no whole value.
    fn delete(&self, user: &str) -> ::keyring::Result<()> {
        if let Some(Entry::Pieces(header)) = self.entry(user)? {
            for piece in header.users(user) {
                self.remove(&piece)?;
            }
        }
        self.remove(user)
    }

    fn delete_all(&self, prefix: &str, known: &[String]) -> ::keyring::Result<()> {
        let mut outcome = Ok(());
        let mut keep_first = |result: ::keyring::Result<()>| {
            if outcome.is_ok() {
                outcome = result;
            }
        };
        match self.store.users(self.service) {
            Ok(users) => {
                for user in users.iter().filter(|user| user.starts_with(prefix)) {
                    keep_first(self.remove(user));
                }
            }
            Err(Error::NotSupportedByStore(_)) => {
                for user in known {
                    keep_first(self.delete(user));
                }
            }
            Err(error) => return Err(error),
        }
        outcome
    }

    /// What the entry says; `None` if there is none or it cannot be understood.
    fn entry(&self, user: &str) -> ::keyring::Result<Option<Entry>> {
        Ok(self.read(user)?.and_then(|bytes| value::read_entry(&bytes)))
    }

    fn read(&self, user: &str) -> ::keyring::Result<Option<Zeroizing<Vec<u8>>>> {
        match self.store.read(self.service, user) {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            // Left where it is until the person replaces it: it may be someone else's.
            Err(error) if fault::is_unreadable(&error) => {
                wipe(error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn remove(&self, user: &str) -> ::keyring::Result<()> {
        match self.store.delete(self.service, user) {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Tidying that must not turn a success into a failure. What it misses goes with the account.
    fn sweep(&self, user: &str, header: &Header) {
        for piece in header.users(user) {
            let _ = self.remove(&piece);
        }
    }
}

/// These errors carry the value's bytes.
fn wipe(error: Error) {
    if let Error::BadEncoding(bytes) | Error::BadDataFormat(bytes, _) = error {
        drop(Zeroizing::new(bytes));
    }
}
