//! What a server lets a person do with their profile, avatar and password.
//!
//! Not here: the texts themselves (`crate::profile`) and the check of a password against the rules
//! (`crate::password`).

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Availability;

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
    /// "Username", the name with which one signs in
    UserName,
    /// "Full Name", one text
    FullName,
    /// "Display Name", one text; in a profile it stands where a full name stands
    DisplayName,
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProfileCapabilities {
    /// The fields that this server has, in the order in which they are shown.
    pub fields: Vec<ProfileFieldRule>,
    /// Whether an edit is saved by itself, field by field, as the person leaves it.
    pub saves_by_itself: bool,
    /// Whether the avatar can be changed.
    pub avatar: Availability,
    /// An avatar is smaller than this many bytes.
    pub avatar_byte_limit: u32,
}

/// The password.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PasswordCapabilities {
    /// Whether it can be changed.
    pub change: Availability,
    /// What the server demands of a new one, as far as it tells. The server decides in the end.
    pub rules: Vec<PasswordRule>,
    /// Whether the server mails a link to those who forgot theirs.
    pub reset_mail: Availability,
}
