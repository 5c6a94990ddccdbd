//! The vault from the outside: faults that a keyring can have, and the real things where they run.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod fake_keyring;
mod keyring_faults;
mod long_values;
mod memory;
mod private_keyring;
mod process;
mod real_clipboard;
mod real_keyring;
mod session_only;
mod twins;
mod unreadable_items;
mod windows_clipboard;

/// Runs one ignored test of this program in a process of its own.
#[cfg(target_os = "linux")]
fn run_alone(test: &str) {
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .status()
        .unwrap();
    assert!(status.success(), "{test}");
}
