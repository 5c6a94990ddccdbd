//! What the connect screen, the sign-in sheet and "Connection details" are shown and send.
//!
//! Not here: the commands that take them (`commands::connect`, `commands::contract`).

use keydesk_core::contract::{DescriptionSource, LearntContract};
use keydesk_core::instance::{ServerKind, Trust};
use keydesk_core::provider::OperationRow;
use keydesk_core::session::{Kept, SessionStatus};
use keydesk_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::InstanceView;
use crate::ipc::SecretText;

/// A server that is not an instance yet: what was typed on the connect screen.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ServerTarget {
    /// The kind that was chosen.
    pub kind: ServerKind,
    /// The address as typed.
    pub address: String,
    /// The person's visible choice to go without encryption, for this server.
    pub plain_http_chosen: bool,
    /// What is trusted beyond the system's authorities.
    pub trust: Trust,
}

/// What answered at an address.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CheckedServer {
    /// The address as Keydesk will use it.
    pub address: String,
    /// Host and port.
    pub host: String,
    /// Whether requests go without encryption.
    pub plain_http: bool,
    /// Whether the server says it is healthy.
    pub healthy: bool,
    /// Product and version, where the server tells.
    pub version: Option<String>,
}

/// A certificate, for the eyes of a person who decides whether to trust it.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CertificateView {
    /// SHA-256 of the certificate, lower-case hex.
    pub sha256: String,
    /// Whom it names.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The hosts that it covers.
    pub names: Vec<String>,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until.
    pub not_after: Timestamp,
}

/// A file with certificates of one's own authority.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuthorityFile {
    /// The file's name, without its folder.
    pub file_name: String,
    /// Its certificates.
    pub pem: String,
}

/// Which parts were found in a pasted request. The tokens stay in Rust, under `handle`.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PastedView {
    /// What to sign in with.
    pub handle: u32,
    /// The address that the request went to.
    pub address: Option<String>,
    /// Whether `Authorization` was in it.
    pub has_authorization: bool,
    /// Whether `Access-token` was in it.
    pub has_access_token: bool,
}

/// How a person signs in.
#[derive(Debug, Deserialize, Type)]
#[serde(
    tag = "method",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum SignInRequest {
    /// "User name" and "Password".
    Password {
        /// "User name"
        login_name: String,
        /// "Password"
        password: SecretText,
        /// A code of the second factor, where the server has asked for one; else empty.
        code: SecretText,
        /// "Remember password"
        remember: bool,
    },
    /// "API key".
    ApiKey {
        /// The key.
        key: SecretText,
    },
    /// "Authorization" and "Access-token", typed.
    CloudTokens {
        /// "Authorization", with or without the word `Bearer`.
        authorization: SecretText,
        /// "Access-token"
        access_token: SecretText,
    },
    /// The tokens of a pasted request.
    Pasted {
        /// What [`PastedView`] named.
        handle: u32,
    },
}

/// A successful sign-in.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignedInView {
    /// The account.
    pub instance: InstanceView,
    /// Where the credential is kept.
    pub kept: Kept,
}

/// "Try it on this computer": the account to make.
#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewLocalAccount {
    /// "First Name"
    pub first_name: String,
    /// "Last Name"
    pub last_name: String,
    /// "Email"
    pub email: String,
    /// "Password"
    pub password: SecretText,
}

/// Whether the account is signed in, as far as is known without asking anyone.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    /// What is known of the session.
    pub status: SessionStatus,
    /// What is trusted beyond the system's authorities.
    pub trust: Trust,
    /// The table of operations in force.
    pub operations: Vec<OperationRow>,
    /// The description that the table was held against, if any.
    pub contract: Option<ContractView>,
    /// The person wants the table as it is built in.
    pub built_in_operations: bool,
}

/// A description of an API that was read.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ContractView {
    /// Where it came from.
    pub source: DescriptionSource,
    /// Title and version, in the description's words.
    pub version: String,
    /// When it was read.
    pub read_at: Timestamp,
}

impl From<&LearntContract> for ContractView {
    fn from(contract: &LearntContract) -> Self {
        Self {
            source: contract.source.clone(),
            version: contract.version.clone(),
            read_at: contract.read_at,
        }
    }
}
