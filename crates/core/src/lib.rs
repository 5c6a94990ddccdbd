//! The domain of Keydesk: its types, its rules and its use cases.
//!
//! A server is known here only as the trait [`Provider`]; a stored secret only as what
//! `keydesk-vault` hands out. Deliberately not here: HTTP, any server's wire format (both in
//! `keydesk-providers`), windows and IPC commands (the shell).

pub mod account_security;
pub mod administration;
pub mod api_key;
pub mod avatar;
pub mod cache;
pub mod capabilities;
pub mod config;
pub mod contract;
pub mod credential;
pub mod error;
pub mod instance;
pub mod organization;
pub mod password;
pub mod pasted_request;
pub mod preferences;
mod private_file;
pub mod profile;
pub mod provider;
pub mod second_factor;
pub mod server_url;
pub mod session;
pub mod text;
pub mod time;
pub mod token;

pub use error::{Error, ErrorCode, Field, Result};
pub use instance::ServerKind;
pub use provider::Provider;
pub use session::Session;
