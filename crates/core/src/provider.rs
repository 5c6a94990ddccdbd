//! A server, as the use cases see it. One implementation a kind of server, in `keydesk-providers`.
//!
//! Not here: the keyring, retries after a new sign-in, rules of form (all in the use cases).

use async_trait::async_trait;
use keydesk_vault::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::Result;
use crate::api_key::{ApiKey, ApiKeyId, ApiKeyList, CreatedApiKey, Expiration, NewApiKey};
use crate::capabilities::Capabilities;
use crate::credential::Credential;
use crate::instance::SignInMethod;
use crate::profile::{LoginType, Profile, ProfileEdit};
use crate::time::{ServerClock, Timestamp};

/// What answered at an address, before any credential was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ServerCheck {
    /// Whether the server says it is healthy.
    pub healthy: bool,
    /// Product and version, where the server tells.
    pub version: Option<String>,
}

/// A successful sign-in.
#[derive(Debug)]
pub struct SignedIn {
    /// What to send from now on.
    pub credential: Credential,
    /// Until when, as a hint; the server decides.
    pub expires_at: Option<Timestamp>,
}

/// An avatar that has passed [`crate::avatar`]'s rules: small, square, without metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AvatarImage {
    /// The encoded picture.
    pub bytes: Vec<u8>,
    /// `image/png` or `image/jpeg`.
    pub media_type: &'static str,
}

/// How far an operation can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RestsOn {
    /// The vendor's public documentation.
    Documented,
    /// The vendor's published programs, which use it.
    Inferred,
    /// Our assumption; a server may differ.
    Assumed,
    /// The instance's own configuration.
    Overridden,
}

/// One row of the table of operations, for "Connection details".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OperationRow {
    /// The operation's stable name, by which the configuration overrides it.
    pub name: String,
    /// `METHOD /path`, without the base address.
    pub request: String,
    /// What this row rests on.
    pub rests_on: RestsOn,
}

/// One server and the way to talk to it. Requests are cancelled by dropping their future.
#[async_trait]
pub trait Provider: Send + Sync + std::fmt::Debug {
    /// What an account of this login type can do when signed in by this method.
    fn capabilities(&self, method: SignInMethod, login_type: LoginType) -> Capabilities;

    /// The table of operations in force.
    fn operations(&self) -> Vec<OperationRow>;

    /// The server's clock as last heard; local time before the first answer.
    fn clock(&self) -> ServerClock;

    /// Asks what answers at the address. Sends no credential.
    async fn check(&self) -> Result<ServerCheck>;

    /// Signs in with user name and password.
    async fn sign_in(&self, login_name: &str, password: &SecretString) -> Result<SignedIn>;

    /// Finds out cheaply whether a credential is accepted.
    async fn probe(&self, credential: &Credential) -> Result<()>;

    /// Ends the session on the server.
    async fn sign_out(&self, credential: &Credential) -> Result<()>;

    /// Has the server mail a link for a forgotten password.
    async fn request_password_reset(&self, email: &str) -> Result<()>;

    /// The signed-in person's profile.
    async fn profile(&self, credential: &Credential) -> Result<Profile>;

    /// Saves an edit and answers with the profile as it is now.
    async fn update_profile(&self, credential: &Credential, edit: &ProfileEdit) -> Result<Profile>;

    /// The avatar as the server has it; `None` where there is none. The bytes are not yet
    /// trusted: see [`crate::avatar`].
    async fn avatar(&self, credential: &Credential) -> Result<Option<Vec<u8>>>;

    /// Replaces the avatar.
    async fn upload_avatar(&self, credential: &Credential, image: &AvatarImage) -> Result<()>;

    /// Changes the password.
    async fn change_password(
        &self,
        credential: &Credential,
        current: &SecretString,
        new: &SecretString,
    ) -> Result<()>;

    /// Every key of the account, newest first.
    async fn api_keys(&self, credential: &Credential) -> Result<ApiKeyList>;

    /// Makes a key.
    async fn create_api_key(
        &self,
        credential: &Credential,
        new: &NewApiKey,
    ) -> Result<CreatedApiKey>;

    /// The whole value of a key.
    async fn reveal_api_key(&self, credential: &Credential, id: &ApiKeyId) -> Result<SecretString>;

    /// Changes until when a key is valid. Answers with the key where the server does.
    async fn set_api_key_expiration(
        &self,
        credential: &Credential,
        id: &ApiKeyId,
        expiration: Expiration,
    ) -> Result<Option<ApiKey>>;

    /// Deletes a key; a key that is already gone counts as deleted.
    async fn delete_api_key(&self, credential: &Credential, id: &ApiKeyId) -> Result<()>;
}
