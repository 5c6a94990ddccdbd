//! A server, as the use cases see it. One implementation a kind of server, in `keydesk-providers`.
//!
//! [`Provider`] is what every server has. What only some have are traits of their own, which a
//! provider hands out where its server has them: [`Security`], [`Administration`],
//! [`Organizations`], [`Directory`].
//!
//! Not here: the keyring, retries after a new sign-in, rules of form (all in the use cases).

mod administration;
mod security;

use async_trait::async_trait;
use keydesk_vault::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;
use url::Url;

pub use self::administration::{Administration, Directory, Organizations};
pub use self::security::Security;
use crate::api_key::{
    ApiKey, ApiKeyDetails, ApiKeyId, ApiKeyList, CreatedApiKey, Expiration, KeyMetrics, NewApiKey,
};
use crate::capabilities::{Capabilities, PortalPage};
use crate::contract::{DescriptionSource, Finding, LearntContract};
use crate::credential::Credential;
use crate::organization::OrganizationId;
use crate::profile::{Profile, ProfileChange};
use crate::time::{ServerClock, Timestamp};
use crate::{Error, ErrorCode, Result};

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
    /// What the server's description of itself says of it; `None` where it was not compared.
    pub finding: Option<Finding>,
    /// Whether an operation that was found elsewhere is used there: someone has confirmed it.
    pub confirmed: bool,
}

/// The account as its server has it, and what can be done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The profile.
    pub profile: Profile,
    /// What this server can do for this account, signed in the way it is.
    pub capabilities: Capabilities,
}

/// One server and the way to talk to it. Requests are cancelled by dropping their future.
#[async_trait]
pub trait Provider: Send + Sync + std::fmt::Debug {
    /// The table of operations in force.
    fn operations(&self) -> Vec<OperationRow>;

    /// The server's clock as last heard; local time before the first answer.
    fn clock(&self) -> ServerClock;

    /// Asks what answers at the address. Sends no credential.
    async fn check(&self) -> Result<ServerCheck>;

    /// Signs in with user name and password, and with a code of the second factor where the
    /// server has asked for one ([`ErrorCode::SecondFactorRequired`]).
    async fn sign_in(
        &self,
        login_name: &str,
        password: &SecretString,
        code: Option<&SecretString>,
    ) -> Result<SignedIn>;

    /// Finds out cheaply whether a credential is accepted.
    async fn probe(&self, credential: &Credential) -> Result<()>;

    /// Ends the session on the server.
    async fn sign_out(&self, credential: &Credential) -> Result<()>;

    /// Has the server mail a link for a forgotten password.
    async fn request_password_reset(&self, email: &str) -> Result<()>;

    /// The signed-in person's profile, and what can be done with the account; the latter may
    /// depend on the organization that is in front.
    async fn account(
        &self,
        credential: &Credential,
        organization: Option<&OrganizationId>,
    ) -> Result<Account>;

    /// Makes a change on top of the profile as the server has it now, and answers with it: see
    /// [`ProfileChange::onto`]. Making it twice is making it once.
    async fn update_profile(
        &self,
        credential: &Credential,
        change: &ProfileChange,
    ) -> Result<Profile>;

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

    /// Every key of the account, newest first; those of one organization where keys belong to
    /// organizations.
    async fn api_keys(
        &self,
        credential: &Credential,
        organization: Option<&OrganizationId>,
    ) -> Result<ApiKeyList>;

    /// Makes a key, for an organization where keys belong to organizations.
    async fn create_api_key(
        &self,
        credential: &Credential,
        organization: Option<&OrganizationId>,
        new: &NewApiKey,
    ) -> Result<CreatedApiKey>;

    /// Whether [`Provider::create_api_key`], asked again for the same key after a lost answer,
    /// answers with the key that was made then and makes no second one.
    fn repeats_creation(&self) -> bool {
        false
    }

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

    /// Switches a key off for good and keeps it in the list. Answers with the key as it is now.
    async fn revoke_api_key(&self, _credential: &Credential, _id: &ApiKeyId) -> Result<ApiKey> {
        Err(not_supported())
    }

    /// All that the server tells of a key.
    async fn api_key_details(
        &self,
        _credential: &Credential,
        _id: &ApiKeyId,
    ) -> Result<ApiKeyDetails> {
        Err(not_supported())
    }

    /// The figures over the list.
    async fn key_metrics(
        &self,
        _credential: &Credential,
        _organization: Option<&OrganizationId>,
    ) -> Result<KeyMetrics> {
        Err(not_supported())
    }

    /// Fetches the server's description of its API and holds the table of operations against it;
    /// `None` where the server serves no description.
    async fn learn_contract(&self, credential: &Credential) -> Result<Option<LearntContract>>;

    /// Holds the table of operations against a description, in JSON or YAML.
    fn compare_contract(
        &self,
        description: &[u8],
        source: DescriptionSource,
    ) -> Result<LearntContract>;

    /// The address of a page of the server's own portal; `None` where it has no such page.
    fn portal_page(&self, _page: PortalPage) -> Option<Url> {
        None
    }

    /// What the server does for the safety of an account.
    fn security(&self) -> Option<&dyn Security> {
        None
    }

    /// The administration of users.
    fn administration(&self) -> Option<&dyn Administration> {
        None
    }

    /// Organizations.
    fn organizations(&self) -> Option<&dyn Organizations> {
        None
    }

    /// Users, groups and environments to be looked up.
    fn directory(&self) -> Option<&dyn Directory> {
        None
    }
}

fn not_supported() -> Error {
    Error::new(ErrorCode::NotSupported, "this server does not do that")
}
