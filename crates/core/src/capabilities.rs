//! What a server can do for this account and this way of signing in. The screens are drawn from it.
//!
//! Not here: any server's name. A thing that a server cannot do is absent or disabled with its
//! reason; the interface never asks which kind of server it talks to.

use keydesk_vault::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Why something exists on this server and cannot be done here and now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// Signed in with an API key, which may not manage keys: sign in with the password.
    SignedInWithApiKey,
    /// The account signs in elsewhere (single sign-on, directory): it has no password here.
    PasswordKeptElsewhere,
    /// The address is tied to the sign-in.
    TiedToSignIn,
    /// The server announces it and has not built it yet.
    UnderDevelopment,
}

/// Whether something can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
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
    Absent,
}

impl Availability {
    /// Whether it can be done.
    pub fn is_available(self) -> bool {
        matches!(self, Self::Available)
    }
}

/// A field of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ProfileField {
    /// "First Name"
    FirstName,
    /// "Last Name"
    LastName,
    /// "Email"
    Email,
    /// "Phone"
    Phone,
    /// "Position"
    Position,
    /// "Description"
    Description,
}

/// A field that a server has, and what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProfileFieldRule {
    /// Which field.
    pub field: ProfileField,
    /// Whether it can be edited, or why not.
    pub edit: Availability,
    /// Whether it may not be empty.
    pub required: bool,
    /// The longest text in characters.
    pub maximum_length: u32,
}

/// A rule of the server's password policy, shown as a live checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "rule", rename_all = "camelCase")]
pub enum PasswordRule {
    /// At least so many characters.
    MinimumLength {
        /// How many.
        characters: u32,
    },
    /// A capital letter.
    Uppercase,
    /// A lowercase letter.
    Lowercase,
    /// A number.
    Digit,
    /// A special character.
    Special,
}

/// Profile and avatar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProfileCapabilities {
    /// The fields that this server has, in the order in which they are shown.
    pub fields: Vec<ProfileFieldRule>,
    /// Whether the avatar can be changed.
    pub avatar: Availability,
    /// An avatar is smaller than this many bytes.
    pub avatar_byte_limit: u32,
}

/// The password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PasswordCapabilities {
    /// Whether it can be changed.
    pub change: Availability,
    /// What the server demands of a new one, as far as it tells. The server decides in the end.
    pub rules: Vec<PasswordRule>,
    /// Whether the server mails a link to those who forgot theirs.
    pub reset_mail: Availability,
}

/// How often the server shows a key's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Reveal {
    /// As often as asked.
    Again,
    /// At creation, and never after.
    Once,
}

/// The ways in which people hand a key on to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum KeyFormKind {
    /// The raw value.
    Value,
    /// A request header.
    Header,
    /// A line that sets an environment variable.
    Environment,
    /// A call of `curl` that tries the key.
    Curl,
}

/// A key in one of these ways: a template in which `{key}` stands for the value.
/// Example: `Authorization: Bearer {key}`. No other secret is ever part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyForm {
    /// Which way.
    pub kind: KeyFormKind,
    /// The text around `{key}`.
    pub template: String,
}

impl KeyForm {
    /// The text with the value in its place.
    pub fn filled(&self, value: &SecretString) -> SecretString {
        SecretString::from(self.template.replace("{key}", value.expose()))
    }
}

/// API keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyCapabilities {
    /// Whether keys can be listed, made, copied, changed and deleted.
    pub manage: Availability,
    /// Whether a key may live for ever.
    pub never_allowed: bool,
    /// The longest life in days, where there is one.
    pub maximum_days: Option<u32>,
    /// Whether the expiration of a key can be changed.
    pub expiration_editable: bool,
    /// How often a value is shown.
    pub reveal: Reveal,
    /// The longest title in characters.
    pub title_maximum_length: u32,
    /// How a key is handed on to programs of this server; the raw value first.
    pub forms: Vec<KeyForm>,
}

/// What the account can do on this server, signed in the way it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// Profile and avatar.
    pub profile: ProfileCapabilities,
    /// The password.
    pub password: PasswordCapabilities,
    /// API keys.
    pub api_keys: ApiKeyCapabilities,
    /// A second factor.
    pub second_factor: Availability,
}
