//! What a server can do for this account and this way of signing in. The screens are drawn from it.
//!
//! Not here: any server's name. A thing that a server cannot do is absent or disabled with its
//! reason; the interface never asks which kind of server it talks to.

mod api_keys;
mod people;
mod profile;
mod security;

use serde::{Deserialize, Serialize};
use specta::Type;

pub use api_keys::{
    ApiKeyCapabilities, ExpirationChoice, KeyForm, KeyFormKind, KeyWords, Reveal, Scope,
};
pub use people::{Role, UserCapabilities};
pub use profile::{
    PasswordCapabilities, PasswordRule, ProfileCapabilities, ProfileField, ProfileFieldRule,
};
pub use security::SecondFactorCapabilities;

/// Why something exists on this server and cannot be done here and now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// Signed in with an API key, which may not do this: sign in with the password.
    SignedInWithApiKey,
    /// The account signs in elsewhere (single sign-on, directory): it has no password here.
    PasswordKeptElsewhere,
    /// The address is tied to the sign-in.
    TiedToSignIn,
    /// The server announces it and has not built it yet.
    UnderDevelopment,
    /// The account's role does not allow it.
    RoleInsufficient,
    /// The key that one signs in with lacks the scope for it.
    ScopeInsufficient,
    /// The server's own page in the browser can do it, and no other program.
    OnlyInBrowser,
    /// The account must have it: it can be replaced and not removed.
    RequiredByPolicy,
    /// The server's description of itself does not list it.
    NotDescribed,
    /// The server's description lists it elsewhere, and nobody has confirmed that yet.
    Unconfirmed,
    /// Others depend on this account being the last who can do something.
    LastOfItsKind,
}

/// Whether something can be done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum Availability {
    /// It can be done.
    Available,
    /// It exists, and not here and now.
    Unavailable {
        /// Why not.
        reason: Reason,
    },
    /// This server does not know it; nothing is shown.
    #[default]
    Absent,
}

impl Availability {
    /// Whether it can be done.
    pub fn is_available(self) -> bool {
        matches!(self, Self::Available)
    }

    /// Not here and now, for this reason.
    pub const fn unavailable(reason: Reason) -> Self {
        Self::Unavailable { reason }
    }
}

/// A page of the server's own portal that does what no other program can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PortalPage {
    /// Name and email.
    Profile,
    /// Password and second factor.
    Security,
    /// API keys.
    ApiKeys,
}

/// What the account can do on this server, signed in the way it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// Profile and avatar.
    pub profile: ProfileCapabilities,
    /// The password.
    pub password: PasswordCapabilities,
    /// API keys.
    pub api_keys: ApiKeyCapabilities,
    /// A second factor.
    pub second_factor: SecondFactorCapabilities,
    /// Whether the account's sessions can be seen and ended.
    pub sessions: Availability,
    /// Whether the server keeps a log of what happened to the account.
    pub security_log: Availability,
    /// Whether the account can be deleted by the person.
    pub deletion: Availability,
    /// Whether keys belong to organizations, between which the person switches.
    pub organizations: Availability,
    /// The administration of other people's accounts.
    pub users: UserCapabilities,
    /// Whether users, groups and environments can be looked up.
    pub directory: Availability,
    /// The pages that can be opened in the browser.
    pub pages: Vec<PortalPage>,
}
