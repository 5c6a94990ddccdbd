//! The core from outside: what the shell sees of it.
//!
//! Servers and keyrings are fakes that hold state like real ones and fail on demand.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests, which are no tests by their own"
)]

mod avatar;
mod config;
mod config_backup;
mod pasted_request;
mod secrets;
mod server_url;
mod session_account;
mod session_deletion;
mod session_keeping;
mod session_kept_keys;
mod session_keys;
mod session_leaving;
mod session_organizations;
mod session_renewal;
mod session_second_factor;
mod session_signing;
mod session_takeover;
mod session_users;
mod support;
