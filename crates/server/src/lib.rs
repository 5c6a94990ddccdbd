//! The settings server: accounts, profiles, avatars, passwords and API keys in one `SQLite`
//! file, spoken to in three dialects: those of IDMP and of AIMMS, and that of our own portals.
//!
//! It runs as the program `keydesk-server` and inside the app ([`embedded`]). Rules live in
//! `accounts` and are enforced there whatever a client does; a dialect (`idmp`, `aimms`,
//! `portal`) only translates. Nothing of the client's crates is known here: both sides speak
//! from the public contract, so that an error in one cannot hide in the other.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use keydesk_server::{NewUser, ServeOptions, start};
//!
//! let running = start(ServeOptions::new("/var/lib/keydesk")).await?;
//! let password = String::from("seven grey herons wade").into();
//! running
//!     .administration()
//!     .add_user(NewUser::with_password("Ada", "Lovelace", "ada@example.org", password))
//!     .await?;
//! println!("{}", running.url());
//! running.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod accounts;
mod administration;
mod aimms;
mod auth;
mod client;
mod clock;
mod comparison;
mod config;
mod data_dir;
mod description;
mod dialects;
pub mod embedded;
mod guard;
mod headers;
mod host;
mod idmp;
mod json_body;
mod limits;
mod picture;
mod portal;
mod seal;
mod second_factor_bodies;
mod secret_text;
mod serve;
mod store;
mod timestamps;
mod vocabulary;
mod wording;

pub use accounts::password_policy::{PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, PasswordRule};
pub use accounts::{
    AccountsError, AvatarProblem, CredentialPart, Field, IssuedSession, NewUser, Problem,
    SignInMethod,
};
pub use administration::Administration;
pub use auth::password::HashingError;
pub use clock::{Clock, UnixMillis};
pub use config::{DEFAULT_ACCOUNT_NAME, DEFAULT_LISTEN, DEFAULT_SESSION_LIFE, ServeOptions};
pub use data_dir::DataDirError;
pub use seal::SealError;
pub use serve::{Running, StartError, start};
pub use store::StoreError;
pub use vocabulary::{OrganizationRole, PortalRole, UnknownName};

/// Why a data folder could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or its key file.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Keys could not be derived.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Password hashing could not be set up.
    #[error(transparent)]
    Hashing(#[from] HashingError),
}
