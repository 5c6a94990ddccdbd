//! One account at work: signing in and out, and everything a person does in between.
//!
//! The use cases live here: rules before a request, the credential from memory or keyring, one
//! silent renewal where the password is remembered, an honest answer where an answer was lost.
//! Not here: HTTP (`keydesk-providers`), what the window shows, the configuration file.

use std::sync::Arc;

use keydesk_vault::{SecretString, Vault};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::api_key::{ApiKey, ApiKeyId, ApiKeyList, CreatedApiKey, Expiration, NewApiKey};
use crate::capabilities::Capabilities;
use crate::instance::{Instance, SignInMethod};
use crate::profile::{Profile, ProfileEdit};
use crate::provider::AvatarImage;
use crate::time::Timestamp;
use crate::{Error, ErrorCode, Provider, Result};

/// Where the credential is kept after a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", content = "reason", rename_all = "camelCase")]
pub enum Kept {
    /// In the system's keyring: still signed in after a restart.
    InKeyring,
    /// In memory only, and why.
    UntilQuit(ErrorCode),
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

/// A change of password.
#[derive(Debug)]
pub struct PasswordChange {
    /// The password up to now.
    pub current: SecretString,
    /// The password from now on.
    pub new: SecretString,
}

/// What became of a save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedProfile {
    /// The profile as it is on the server now.
    pub profile: Profile,
    /// Whether the password was changed.
    pub password_changed: bool,
    /// Why the password was not changed although that was asked for. The profile is saved.
    pub password_error: Option<Error>,
}

/// What became of a sign-out. On this computer it always happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignOutOutcome {
    /// Whether the server's session has ended too. `true` where there is none to end: an API key
    /// and the cloud's tokens belong to the person, not to this sign-in.
    pub server_told: bool,
    /// Why the keyring may still hold a secret of this account; `None` when it holds none.
    pub left_in_keyring: Option<ErrorCode>,
}

/// What is known of a session without asking anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SessionStatus {
    /// Whether there is a credential; `None` until the keyring was asked.
    pub signed_in: Option<bool>,
    /// By which means.
    pub method: SignInMethod,
    /// Until when, as a hint: the server decides.
    pub until: Option<Timestamp>,
    /// Where the credential is kept, once there is one.
    pub kept: Option<Kept>,
}

/// One account on one server, shared by `Arc`. When the connection's settings change, build a
/// new one: the secrets are in the keyring under the account's address, not in here.
pub struct Session {
    instance: Instance,
    provider: Arc<dyn Provider>,
    vault: Vault,
}

#[expect(clippy::unused_async, reason = "being laid")]
impl Session {
    /// A session that has asked nobody yet.
    pub fn new(instance: Instance, provider: Arc<dyn Provider>, vault: Vault) -> Self {
        Self {
            instance,
            provider,
            vault,
        }
    }

    /// The instance, as it was when the session was built.
    pub fn instance(&self) -> &Instance {
        let _ = &self.vault;
        &self.instance
    }

    /// The server.
    pub fn provider(&self) -> &Arc<dyn Provider> {
        &self.provider
    }

    /// What is known without asking anyone.
    pub fn status(&self) -> SessionStatus {
        SessionStatus {
            signed_in: None,
            method: self.instance.sign_in,
            until: None,
            kept: None,
        }
    }

    /// Signs in with user name and password. With `remember`, the password is kept to renew the
    /// session by itself.
    pub async fn sign_in_with_password(
        &self,
        login_name: &str,
        password: SecretString,
        remember: bool,
    ) -> Result<Kept> {
        let _ = (login_name, password, remember);
        not_yet()
    }

    /// Signs in with an API key.
    pub async fn sign_in_with_api_key(&self, key: SecretString) -> Result<Kept> {
        let _ = key;
        not_yet()
    }

    /// Signs in with the cloud's pair of tokens. `authorization` with or without `Bearer`.
    pub async fn sign_in_with_cloud_tokens(
        &self,
        authorization: SecretString,
        access_token: SecretString,
    ) -> Result<Kept> {
        let _ = (authorization, access_token);
        not_yet()
    }

    /// Tries again to store in the keyring what is in memory only.
    pub async fn keep_in_keyring(&self) -> Result<()> {
        not_yet()
    }

    /// Signs out: memory and keyring first, then the server where it can be reached.
    pub async fn sign_out(&self) -> SignOutOutcome {
        SignOutOutcome {
            server_told: false,
            left_in_keyring: None,
        }
    }

    /// The profile and what can be done with it.
    pub async fn account(&self) -> Result<Account> {
        not_yet()
    }

    /// Saves an edit and, where asked for, a change of password. An error means that nothing was
    /// saved.
    pub async fn save_profile(
        &self,
        edit: ProfileEdit,
        password: Option<PasswordChange>,
    ) -> Result<SavedProfile> {
        let _ = (edit, password);
        not_yet()
    }

    /// The avatar, made safe to show.
    pub async fn avatar(&self) -> Result<Option<AvatarImage>> {
        not_yet()
    }

    /// Replaces the avatar.
    pub async fn upload_avatar(&self, image: &AvatarImage) -> Result<()> {
        let _ = image;
        not_yet()
    }

    /// Every key, newest first.
    pub async fn api_keys(&self) -> Result<ApiKeyList> {
        not_yet()
    }

    /// Makes a key.
    pub async fn create_api_key(&self, new: NewApiKey) -> Result<CreatedApiKey> {
        let _ = new;
        not_yet()
    }

    /// The whole value of a key.
    pub async fn reveal_api_key(&self, id: &ApiKeyId) -> Result<SecretString> {
        let _ = id;
        not_yet()
    }

    /// Changes until when a key is valid. Answers with the key as it is now, where known.
    pub async fn set_api_key_expiration(
        &self,
        id: &ApiKeyId,
        expiration: Expiration,
    ) -> Result<Option<ApiKey>> {
        let _ = (id, expiration);
        not_yet()
    }

    /// Deletes a key. One that is gone already counts as deleted.
    pub async fn delete_api_key(&self, id: &ApiKeyId) -> Result<()> {
        let _ = id;
        not_yet()
    }
}

fn not_yet<T>() -> Result<T> {
    Err(Error::new(ErrorCode::Internal, "not yet"))
}
