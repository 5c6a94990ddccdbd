//! Argon2id, behind a gate: hashing is made slow and hungry on purpose, so only so many run
//! at once and only so many wait.
//!
//! Which passwords are good enough is decided in `accounts::password_policy`, when one is
//! set; a sign-in takes whatever was set in the past.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use icu_normalizer::ComposingNormalizerBorrowed;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

/// Memory in KiB, passes, lanes: the least that OWASP's password storage guide asks for.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// Hashes at once.
const AT_ONCE: usize = 2;
/// Requests that may wait for their turn; more are sent away.
const MAX_WAITING: usize = 64;

/// Why a password could not be hashed or compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashingError {
    /// Too many are waiting already.
    #[error("too many sign-ins at once")]
    Busy,
    /// Argon2 or the random numbers failed.
    #[error("the password could not be hashed")]
    Failed,
}

/// The right to hash one password. While it is held, at most one more is.
pub(crate) struct Turn {
    _permit: OwnedSemaphorePermit,
}

/// Hashes and compares passwords.
pub(crate) struct Hashing {
    gate: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Compared with when there is no such account: the same work, never a match.
    decoy: String,
}

impl Hashing {
    pub(crate) fn new() -> Result<Self, HashingError> {
        let mut random = Zeroizing::new([0_u8; 32]);
        aws_lc_rs::rand::fill(random.as_mut()).map_err(|_| HashingError::Failed)?;
        Ok(Self {
            gate: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: AtomicUsize::new(0),
            decoy: hash(random.as_ref())?,
        })
    }

    /// Waits for a turn.
    pub(crate) async fn turn(&self) -> Result<Turn, HashingError> {
        let _waiting = Waiting::enter(&self.waiting)?;
        let permit = Arc::clone(&self.gate)
            .acquire_owned()
            .await
            .map_err(|_| HashingError::Failed)?;
        Ok(Turn { _permit: permit })
    }

    /// Whether `password` is the one that was hashed. Without a hash the answer is no, after
    /// the same work.
    pub(crate) async fn matches(
        &self,
        turn: Turn,
        password: &Zeroizing<String>,
        stored: Option<&str>,
    ) -> Result<(bool, Turn), HashingError> {
        let exists = stored.is_some();
        let stored = stored.unwrap_or(&self.decoy).to_owned();
        let password = normalised(password);
        tokio::task::spawn_blocking(move || {
            let stored = PasswordHash::new(&stored).map_err(|_| HashingError::Failed)?;
            let equal = Argon2::default()
                .verify_password(password.as_bytes(), &stored)
                .is_ok();
            Ok((equal && exists, turn))
        })
        .await
        .unwrap_or(Err(HashingError::Failed))
    }

    /// Hashes a new password.
    pub(crate) async fn hash(
        &self,
        turn: Turn,
        password: &Zeroizing<String>,
    ) -> Result<String, HashingError> {
        let password = normalised(password);
        tokio::task::spawn_blocking(move || {
            let hashed = hash(password.as_bytes());
            drop(turn);
            hashed
        })
        .await
        .unwrap_or(Err(HashingError::Failed))
    }
}

/// The form in which a password counts: the same characters may be typed in more than one
/// way (NIST SP 800-63B asks for NFKC).
pub(crate) fn normalised(password: &str) -> Zeroizing<String> {
    let normalizer = const { ComposingNormalizerBorrowed::new_nfkc() };
    Zeroizing::new(normalizer.normalize(password).into_owned())
}

fn hash(password: &[u8]) -> Result<String, HashingError> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(|_| HashingError::Failed)?;
    let hashed: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(password)
        .map_err(|_| HashingError::Failed)?;
    Ok(hashed.to_string())
}

/// Counts one who waits, for as long as it lives: also when the request is given up.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize) -> Result<Self, HashingError> {
        let this = Self(count);
        if count.fetch_add(1, Ordering::Relaxed) < MAX_WAITING {
            Ok(this)
        } else {
            Err(HashingError::Busy) // dropping `this` takes the count back
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let hashing = Hashing::new().unwrap();
        let secret = password("a long and quiet phrase");
        let turn = hashing.turn().await.unwrap();
        let stored = hashing.hash(turn, &secret).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let turn = hashing.turn().await.unwrap();
        let (equal, turn) = hashing.matches(turn, &secret, Some(&stored)).await.unwrap();
        assert!(equal);
        let other = password("a long and quiet phrasf");
        let (equal, turn) = hashing.matches(turn, &other, Some(&stored)).await.unwrap();
        assert!(!equal);
        let (equal, _) = hashing.matches(turn, &secret, None).await.unwrap();
        assert!(!equal, "without a hash nothing matches");
    }

    #[test]
    fn the_same_characters_typed_in_two_ways_are_one_password() {
        assert_eq!(*normalised("cafe\u{301}"), *normalised("caf\u{e9}"));
    }

    #[test]
    fn those_who_wait_are_counted_and_bounded() {
        let count = AtomicUsize::new(0);
        let waiting: Vec<_> = (0..MAX_WAITING)
            .map(|_| Waiting::enter(&count).unwrap())
            .collect();
        assert!(Waiting::enter(&count).is_err());
        drop(waiting);
        assert_eq!(count.load(Ordering::Relaxed), 0);
    }
}
