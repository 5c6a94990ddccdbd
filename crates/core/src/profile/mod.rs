//! A person's profile.
//!
//! Not here: what a person changes of it (`edit`), which fields a server lets edit
//! (`capabilities`), pictures (`avatar`).

mod edit;

pub use edit::{ProfileChange, ProfileEdit};

use serde::{Deserialize, Serialize};
use specta::Type;

/// How an account signs in; decides whether it has a password here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LoginType {
    /// With a password that this server keeps.
    Password,
    /// Through a directory (LDAP): the password lives there.
    Directory,
    /// Through OAuth 2.0 or another single sign-on.
    SingleSignOn,
    /// The server did not say, or said something unknown: no password is offered.
    #[default]
    Unknown,
}

/// What else a server tells of an account, beside the fields of its profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FactKind {
    /// The customer's account that this one is part of.
    Account,
    /// The environment within it.
    Environment,
    /// The groups it is a member of.
    Groups,
    /// The roles it has.
    Roles,
}

/// A fact to be shown, not edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProfileFact {
    /// What it is.
    pub kind: FactKind,
    /// In the server's words; one or more.
    pub values: Vec<String>,
}

/// A profile as the server has it. Empty text where the server has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
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
    /// "Username"
    pub user_name: String,
    /// "Full Name", or "Display Name": the name as one text
    pub full_name: String,
    /// How the account signs in.
    pub login_type: LoginType,
    /// What else the server tells.
    pub facts: Vec<ProfileFact>,
}

impl Profile {
    /// The name for a list of accounts: the whole name, else its parts, else what there is.
    pub fn display_name(&self) -> String {
        let parts = joined(self.first_name.trim(), self.last_name.trim());
        [self.full_name.as_str(), parts.as_str(), &self.user_name]
            .into_iter()
            .map(str::trim)
            .find(|name| !name.is_empty())
            .unwrap_or_default()
            .to_owned()
    }
}

/// Given and family name as one. Where both are in Chinese characters the family name stands first
/// and nothing between them.
fn joined(given: &str, family: &str) -> String {
    if is_han(given) && is_han(family) {
        format!("{family}{given}")
    } else {
        format!("{given} {family}")
    }
}

/// Whether a text is all in Chinese characters: the unified ideographs with their extensions, and
/// those for compatibility.
fn is_han(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|character| {
            matches!(character,
                '\u{3005}' | '\u{3007}'
                | '\u{3400}'..='\u{4DBF}'
                | '\u{4E00}'..='\u{9FFF}'
                | '\u{F900}'..='\u{FAFF}'
                | '\u{20000}'..='\u{323AF}')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_name_has_its_family_name_first_and_no_space() {
        let name = |first: &str, last: &str| {
            Profile {
                first_name: first.into(),
                last_name: last.into(),
                ..Profile::default()
            }
            .display_name()
        };
        assert_eq!(name("晓明", "王"), "王晓明");
        assert_eq!(name("Xiaoming", "王"), "Xiaoming 王");
        assert_eq!(name("Marlene", "Brandt"), "Marlene Brandt");
        assert_eq!(name("", "王"), "王");
    }
}
