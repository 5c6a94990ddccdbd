//! What an administrator can do with other people's accounts.
//!
//! Not here: the acts themselves (`administration`).

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Availability, PasswordRule};

/// A role that an account can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    /// The server's name of it.
    pub name: String,
    /// What it allows, in the server's words.
    pub description: String,
    /// Whether this account may give and take it.
    pub grantable: bool,
}

/// "Users"
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserCapabilities {
    /// Whether the list can be seen.
    pub view: Availability,
    /// "Create User"
    pub create: Availability,
    /// "Edit"
    pub edit: Availability,
    /// "Reset Password"
    pub reset_password: Availability,
    /// "Delete"
    pub delete: Availability,
    /// The roles that exist.
    pub roles: Vec<Role>,
    /// What the server demands of a password.
    pub password_rules: Vec<PasswordRule>,
}
