//! Sessions of an account, the log of what happened to it, and its end.
//!
//! Not here: the session that Keydesk itself holds (`session`), the second factor.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::time::Timestamp;

/// A session's id on its server, opaque. It is no token.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct AccountSessionId(pub String);

/// A place where the account is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccountSession {
    /// The server's id.
    pub id: AccountSessionId,
    /// Since when.
    pub created: Timestamp,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
    /// Until when.
    pub expires: Option<Timestamp>,
    /// The program, as it named itself; empty where it did not.
    pub user_agent: String,
    /// From which network address; empty where the server does not tell.
    pub address: String,
    /// Whether it is the one that Keydesk holds.
    pub current: bool,
}

/// What happened to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SecurityEventKind {
    /// Someone signed in.
    SignedIn,
    /// A sign-in was refused.
    SignInFailed,
    /// Someone signed out.
    SignedOut,
    /// A session was ended from another one.
    SessionEnded,
    /// The password was changed by its owner.
    PasswordChanged,
    /// The password was set by an administrator.
    PasswordReset,
    /// A second factor was set up.
    SecondFactorEnabled,
    /// The second factor was removed.
    SecondFactorDisabled,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// New recovery codes were handed out.
    RecoveryCodesReplaced,
    /// The profile was edited.
    ProfileChanged,
    /// The avatar was replaced or removed.
    AvatarChanged,
    /// An API key was made.
    ApiKeyCreated,
    /// An API key was switched off.
    ApiKeyRevoked,
    /// An API key was deleted.
    ApiKeyDeleted,
    /// The account's roles were changed.
    RoleChanged,
    /// Something that this version of Keydesk has no name for.
    Other,
}

/// One entry of the security log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SecurityEvent {
    /// The server's id of the entry.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: SecurityEventKind,
    /// To which thing, by its name; empty where the event says it all.
    pub subject: String,
    /// By which program.
    pub user_agent: String,
    /// From which network address.
    pub address: String,
}

/// A part of the security log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SecurityLogPage {
    /// The entries.
    pub events: Vec<SecurityEvent>,
    /// What to ask the next part with; `None` at the end.
    pub next: Option<String>,
}

/// Which thing is gone when the account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ConsequenceKind {
    /// The account itself, with all that describes it.
    Account,
    /// Its API keys.
    ApiKeys,
    /// Its place in organizations that go on.
    Organizations,
    /// Organizations that have no other member.
    OwnedOrganizations,
    /// Its sessions, wherever they are.
    Sessions,
    /// Something that this version of Keydesk has no name for.
    Other,
}

/// A thing that is gone when the account is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Consequence {
    /// Which one, for words in the person's language.
    pub kind: ConsequenceKind,
    /// The server's sentence.
    pub text: String,
    /// How many, where it is something to be counted.
    pub count: Option<u32>,
}

/// What a person must read and type before their account is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeletionTerms {
    /// What will be gone.
    pub consequences: Vec<Consequence>,
    /// What must be typed, letter by letter.
    pub phrase: String,
    /// Whether the password is asked for as well.
    pub asks_for_password: bool,
}
