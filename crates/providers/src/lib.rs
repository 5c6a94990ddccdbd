//! Servers as Keydesk reaches them: one HTTP client, and one folder a kind of server.
//!
//! Here end wire formats, status codes and certificates; what goes up are the types and error
//! codes of `keydesk-core`. Deliberately not here: the keyring, the renewal of sessions and the
//! rules of forms (use cases of `keydesk-core`), and any type shared with the settings server.
//! Both sides speak from the public contract, so that an error in one cannot hide in the other.

mod aimms;
mod contract;
mod http;
mod idmp;
mod json;
mod key_forms;
mod operations;
mod portal;
mod refusal;
pub mod tls;

use std::sync::Arc;

use keydesk_core::capabilities::PasswordRule;
use keydesk_core::instance::{Instance, ServerKind};
use keydesk_core::{Provider, Result};

pub use http::Limits;

/// What a provider is told beyond the instance itself.
#[derive(Debug, Clone)]
pub struct ProviderOptions {
    /// What the server demands of a new password, where that is known beforehand.
    pub password_rules: Vec<PasswordRule>,
    /// How Keydesk names itself in requests.
    pub user_agent: String,
    /// Deadlines and pauses.
    pub limits: Limits,
}

impl Default for ProviderOptions {
    fn default() -> Self {
        Self {
            password_rules: Vec::new(),
            user_agent: concat!("Keydesk/", env!("CARGO_PKG_VERSION")).to_owned(),
            limits: Limits::default(),
        }
    }
}

/// Builds the provider of an instance. Touches neither the network nor the disk.
///
/// # Errors
/// `CertificateInvalid` where the trusted certificate or pin cannot be read, `InputRefused` where
/// the instance overrides an operation with something that is no request.
pub fn build(instance: &Instance, options: ProviderOptions) -> Result<Arc<dyn Provider>> {
    match instance.kind {
        ServerKind::IdmpSelfHosted | ServerKind::IdmpCloud | ServerKind::ThisComputer => {
            Ok(Arc::new(idmp::IdmpProvider::new(instance, options)?))
        }
        ServerKind::Keydesk => Ok(Arc::new(portal::PortalProvider::new(instance, options)?)),
        ServerKind::AimmsCloud => Ok(Arc::new(aimms::AimmsProvider::new(instance, options)?)),
    }
}
