//! The commands that the page may call, one file a room of the interface.
//!
//! Each unpacks its arguments, calls one function below and maps the error; no rule of the domain
//! lives here. `permissions/` names every one of them.

#![expect(
    clippy::needless_pass_by_value,
    reason = "Tauri hands a command its state and arguments by value"
)]

pub mod administration;
pub mod api_keys;
pub mod clipboard;
pub mod connect;
pub mod contract;
pub mod frame;
pub mod profile;
pub mod security;
