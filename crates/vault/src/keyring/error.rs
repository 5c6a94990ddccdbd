//! What can go wrong with the keyring, as far as a person can act on it.
//!
//! Deliberately not here: the store's own error. It may carry the bytes of a secret and words in
//! the language of the system, so it is sorted into one of these and dropped.

/// Why a secret could not be read, kept or removed. The text is a stable English label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum VaultError {
    /// No keyring runs here. The person may start one, or keep secrets until they quit.
    #[error("no system keyring is available")]
    Unavailable,
    /// The keyring is locked and did not ask, or could not ask, to be unlocked.
    #[error("the system keyring is locked")]
    Locked,
    /// The person, or the system's rules, said no. Nothing is asked again before a retry.
    #[error("access to the system keyring was declined")]
    Denied,
    /// No answer before the deadline. The keyring may still be waiting for the person.
    #[error("the system keyring did not answer in time")]
    TimedOut,
    /// The value is longer than this vault or this system keeps.
    #[error("the value is too long for the system keyring")]
    TooLong,
    /// The keyring itself is damaged.
    #[error("the system keyring is damaged")]
    Corrupt,
    /// The keyring answered with a failure of its own, such as a full disk.
    #[error("the system keyring reported a failure")]
    Failed,
}
