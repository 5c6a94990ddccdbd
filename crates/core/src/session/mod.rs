//! One account at work: signing in and out, and everything a person does in between.
//!
//! The use cases live here: rules before a request, the credential from memory or keyring, one
//! silent renewal where the password is remembered, an honest answer where an answer was lost.
//! Not here: HTTP (`keydesk-providers`), what the window shows, the configuration file.
//!
//! `signing` signs in and out, `call` runs an operation and renews, `state` and `keeping` hold
//! what is in memory and in the keyring; `account`, `keys`, `security`, `administration` and
//! `contract` are the use cases of the screens.

mod account;
mod administration;
mod call;
mod contract;
mod keeping;
mod keys;
mod security;
mod signing;
mod state;

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keydesk_vault::{SecretString, Vault, VaultError};
use serde::{Deserialize, Serialize};
use specta::Type;

use self::state::{Person, State};
use crate::api_key::CreatedApiKey;
use crate::credential::Credential;
use crate::instance::{Instance, SignInMethod};
use crate::profile::Profile;
use crate::time::Timestamp;
use crate::{Error, ErrorCode, Provider};

/// Where the credential is kept after a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", content = "reason", rename_all = "camelCase")]
pub enum Kept {
    /// In the system's keyring: still signed in after a restart.
    InKeyring,
    /// In memory only, and why.
    UntilQuit(ErrorCode),
}

/// What became of the copy of a key that its server shows only once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", content = "reason", rename_all = "camelCase")]
pub enum KeptCopy {
    /// In the system's keyring: it can be copied again on this computer.
    InKeyring,
    /// In memory, as the person chose for all secrets: it can be copied again until Keydesk quits.
    UntilQuit,
    /// Nowhere, and why.
    NotKept(ErrorCode),
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

/// A key that was just made.
#[derive(Debug)]
pub struct MadeKey {
    /// The key with its value.
    pub created: CreatedApiKey,
    /// Where a copy is kept; `None` where none was asked for or the server shows keys again.
    pub kept: Option<KeptCopy>,
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

/// A sign-out that has happened on this computer, and of which the server is still to be told.
#[derive(Debug)]
#[must_use = "the server's session is still to be ended"]
pub struct Leaving {
    /// What ends with it on the server, as far as the keyring gave it up.
    token: Result<Option<Arc<Credential>>, VaultError>,
    /// Why the keyring may still hold a secret of this account; `None` when it holds none.
    pub left_in_keyring: Option<ErrorCode>,
}

/// What became of an account that was deleted on its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletedAccount {
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

/// One account on one server, shared by `Arc`. When the connection's settings change, have it
/// [reconnected](Session::reconnected); when the server has moved to another address, build a new
/// one and let it [carry on](Session::carry_on).
pub struct Session {
    instance: Instance,
    provider: Arc<dyn Provider>,
    vault: Vault,
    /// Which of the account's connections this is, counted from 0.
    connection: u64,
    shared: Arc<Shared>,
}

/// What the sessions have in common that are connections of one account, one after the other.
struct Shared {
    state: Mutex<State>,
    /// Held while the keyring is read or a session renewed, so that any number of callers wait
    /// for one attempt.
    gate: tokio::sync::Mutex<call::LastRenewal>,
    /// Held while the account is fetched, so that whoever needs its capabilities meanwhile waits
    /// for that answer and does not ask for another: read by those who fetch in any case, written
    /// by those who fetch only where nothing is known.
    asking: tokio::sync::RwLock<()>,
    /// How many such attempts have ended; tells those who waited that one was made meanwhile.
    attempts: AtomicU64,
    /// Held while the account's secrets in the keyring are changed, so that a sign-out is never
    /// overtaken by a write. Sessions of one account share it as they share the secrets: what one
    /// looks at before it removes it, no other replaces in between.
    storing: Arc<tokio::sync::Mutex<()>>,
}

impl Session {
    /// A session that has asked nobody yet.
    pub fn new(instance: Instance, provider: Arc<dyn Provider>, vault: Vault) -> Self {
        let state = State::new(&instance);
        let storing = vault.order(&keeping::account_name(&instance));
        Self {
            instance,
            provider,
            vault,
            connection: 0,
            shared: Arc::new(Shared {
                state: Mutex::new(state),
                gate: tokio::sync::Mutex::default(),
                asking: tokio::sync::RwLock::default(),
                attempts: AtomicU64::new(0),
                storing,
            }),
        }
    }

    /// The same account over a connection with other settings. Both are signed in, and out,
    /// together; what is under way over the old connection ends as it began. What was heard over
    /// it depends on its settings, and is heard anew.
    #[must_use]
    pub fn reconnected(&self, instance: Instance, provider: Arc<dyn Provider>) -> Self {
        Self {
            instance,
            provider,
            vault: self.vault.clone(),
            connection: self.state().reconnect(),
            shared: self.shared.clone(),
        }
    }

    /// The instance, as it was when the session was built.
    pub fn instance(&self) -> &Instance {
        &self.instance
    }

    /// The server.
    pub fn provider(&self) -> &Arc<dyn Provider> {
        &self.provider
    }

    /// What is known without asking anyone.
    pub fn status(&self) -> SessionStatus {
        self.state().status()
    }

    /// Whose answer is awaited, and over which connection.
    fn person(&self) -> Person {
        self.state().person(self.connection)
    }

    /// The state, locked. Never held across an `await`.
    fn state(&self) -> MutexGuard<'_, State> {
        // What a panic left behind is still consistent: every change is a single assignment.
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Session")
            .field("instance", &self.instance.id)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

/// What a person without a usable credential is told, by the way in which they sign in.
fn signed_out(method: SignInMethod) -> Error {
    match method {
        SignInMethod::Password => Error::new(ErrorCode::SignedOut, "signed out"),
        SignInMethod::ApiKey => Error::new(ErrorCode::ApiKeyRefused, "no usable API key"),
        SignInMethod::CloudTokens => {
            Error::new(ErrorCode::CloudTokensRefused, "no usable cloud tokens")
        }
    }
}
