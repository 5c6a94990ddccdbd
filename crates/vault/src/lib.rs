//! Where secrets live: in memory ([`Secret`]), in the system's keyring ([`Vault`]) and, for the
//! seconds between copy and paste, on the clipboard ([`SecretClipboard`]).
//!
//! Deliberately not here: what a secret is for. This crate knows no server, no account, no window
//! and no wire format; nothing in it can turn a secret into text for a log, a file or a screen.

pub mod clipboard;
pub mod keyring;
mod process;
mod secret;

pub use clipboard::{
    ActiveCopy, ClearAfter, ClearOutcome, ClipboardError, ClipboardState, Copied, SecretClipboard,
};
pub use keyring::{
    Deadlines, KeyringState, Persistence, SecretKey, SecretStore, Slot, Vault, VaultError,
    VaultStatus,
};
pub use process::{Hardening, harden_process};
pub use secret::{Secret, SecretString};
