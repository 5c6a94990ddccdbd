//! The vault from the outside: faults that a keyring can have, and the real things where they run.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod fake_keyring;
mod keyring_faults;
mod long_values;
mod private_keyring;
mod process;
mod real_clipboard;
mod real_keyring;
mod session_only;
mod windows_clipboard;
