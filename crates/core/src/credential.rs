//! What proves to a server who is asking.
//!
//! Not here: where credentials are kept (`keydesk-vault`) and how they are sent
//! (`keydesk-providers`).

use keydesk_vault::SecretString;

/// A credential for requests. Cannot be cloned, serialised or printed; share it by `Arc`.
#[derive(Debug)]
pub enum Credential {
    /// A session token (JWT) from a sign-in with a password.
    Session(SecretString),
    /// A user API key.
    ApiKey(SecretString),
    /// The cloud's pair, both on every request.
    CloudTokens {
        /// The `Authorization` token, without the word `Bearer`.
        authorization: SecretString,
        /// The `Access-token` header's value.
        access_token: SecretString,
    },
}

impl Credential {
    /// By which means this credential was had.
    pub fn method(&self) -> crate::instance::SignInMethod {
        use crate::instance::SignInMethod;
        match self {
            Self::Session(_) => SignInMethod::Password,
            Self::ApiKey(_) => SignInMethod::ApiKey,
            Self::CloudTokens { .. } => SignInMethod::CloudTokens,
        }
    }
}
