//! A person's profile, and their edit of it.
//!
//! Not here: which fields a server lets edit (`capabilities`), pictures (`avatar`).

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::capabilities::{ProfileCapabilities, ProfileField};
use crate::text::{self, TextRule};
use crate::{Field, Result};

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

/// An edit: the whole set of editable fields, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
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
    /// "Full Name" or "Display Name"
    pub full_name: String,
    /// "Email", where the server lets a person edit it
    pub email: String,
}

impl ProfileEdit {
    /// The edit that changes nothing.
    pub fn of(profile: &Profile) -> Self {
        Self {
            first_name: profile.first_name.clone(),
            last_name: profile.last_name.clone(),
            phone: profile.phone.clone(),
            position: profile.position.clone(),
            description: profile.description.clone(),
            full_name: profile.full_name.clone(),
            email: profile.email.clone(),
        }
    }
}

/// Checks an edit against the server's rules, and trims it. A field that the server does not
/// have, or does not let edit, passes as it is: the provider sends what its server takes.
pub fn validate(edit: &ProfileEdit, rules: &ProfileCapabilities) -> Result<ProfileEdit> {
    let mut checked = edit.clone();
    for rule in &rules.fields {
        let (value, field) = match rule.field {
            ProfileField::FirstName => (&mut checked.first_name, Field::FirstName),
            ProfileField::LastName => (&mut checked.last_name, Field::LastName),
            ProfileField::Phone => (&mut checked.phone, Field::Phone),
            ProfileField::Position => (&mut checked.position, Field::Position),
            ProfileField::Description => (&mut checked.description, Field::Description),
            ProfileField::FullName => (&mut checked.full_name, Field::FullName),
            ProfileField::DisplayName => (&mut checked.full_name, Field::DisplayName),
            ProfileField::Email => (&mut checked.email, Field::Email),
            ProfileField::UserName => continue, // no part of an edit
        };
        if !rule.edit.is_available() {
            continue;
        }
        let form = TextRule {
            required: rule.required,
            maximum_length: rule.maximum_length,
            multiline: rule.field == ProfileField::Description,
        };
        *value = text::check(value, form, field)?;
        if rule.field == ProfileField::Phone {
            *value = text::phone(value)?;
        }
        if rule.field == ProfileField::Email && !value.is_empty() {
            *value = text::email(value)?;
        }
    }
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;
    use crate::capabilities::{Availability, ProfileFieldRule, Reason};

    fn rules() -> ProfileCapabilities {
        let rule = |field, required| ProfileFieldRule {
            field,
            edit: Availability::Available,
            required,
            maximum_length: 64,
        };
        ProfileCapabilities {
            fields: vec![
                rule(ProfileField::FirstName, true),
                rule(ProfileField::LastName, true),
                rule(ProfileField::Phone, false),
                rule(ProfileField::Position, false),
                rule(ProfileField::Description, false),
            ],
            avatar: Availability::Available,
            avatar_byte_limit: 1_000_000,
            ..ProfileCapabilities::default()
        }
    }

    fn edit() -> ProfileEdit {
        ProfileEdit {
            first_name: " Jane ".into(),
            last_name: "Doe".into(),
            phone: "+49 30 123".into(),
            position: String::new(),
            description: "one\ntwo".into(),
            ..ProfileEdit::default()
        }
    }

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

    #[test]
    fn an_edit_comes_out_trimmed() {
        let checked = validate(&edit(), &rules()).unwrap();
        assert_eq!(checked.first_name, "Jane");
        assert_eq!(checked.description, "one\ntwo");
    }

    #[test]
    fn each_refusal_names_its_field() {
        type Change = fn(&mut ProfileEdit);
        let cases: [(Change, ErrorCode, Field); 5] = [
            (
                |e| e.first_name.clear(),
                ErrorCode::Required,
                Field::FirstName,
            ),
            (
                |e| e.last_name = "x".repeat(65),
                ErrorCode::TooLong,
                Field::LastName,
            ),
            (
                |e| e.phone = "call me".into(),
                ErrorCode::PhoneInvalid,
                Field::Phone,
            ),
            (
                |e| e.position = "a\nb".into(),
                ErrorCode::ForbiddenCharacters,
                Field::Position,
            ),
            (
                |e| e.description = "\u{202E}".into(),
                ErrorCode::ForbiddenCharacters,
                Field::Description,
            ),
        ];
        for (change, code, field) in cases {
            let mut edit = edit();
            change(&mut edit);
            let error = validate(&edit, &rules()).unwrap_err();
            assert_eq!((error.code, error.field), (code, Some(field)));
        }
    }

    #[test]
    fn a_field_that_cannot_be_edited_is_not_judged() {
        let mut rules = rules();
        rules.fields[0].edit = Availability::Unavailable {
            reason: Reason::TiedToSignIn,
        };
        let unedited = ProfileEdit {
            first_name: String::new(),
            ..edit()
        };
        assert_eq!(validate(&unedited, &rules).unwrap().first_name, "");
    }
}
