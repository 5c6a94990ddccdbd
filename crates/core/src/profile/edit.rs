//! An edit of a profile: its rules, and how it is made on top of what someone else saved meanwhile.
//!
//! Not here: saving it (`session`, the providers).

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Profile;
use crate::capabilities::{ProfileCapabilities, ProfileField};
use crate::text::{self, TextRule};
use crate::{Error, ErrorCode, Field, Result};

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

    fn texts(&self) -> [&String; 7] {
        [
            &self.first_name,
            &self.last_name,
            &self.phone,
            &self.position,
            &self.description,
            &self.full_name,
            &self.email,
        ]
    }

    fn texts_mut(&mut self) -> [&mut String; 7] {
        [
            &mut self.first_name,
            &mut self.last_name,
            &mut self.phone,
            &mut self.position,
            &mut self.description,
            &mut self.full_name,
            &mut self.email,
        ]
    }
}

/// An edit together with what it began from, so that a field which the person left alone keeps
/// what someone else gave it meanwhile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProfileChange {
    /// The fields as the person found them.
    pub before: ProfileEdit,
    /// The fields as they shall be.
    pub after: ProfileEdit,
}

impl ProfileChange {
    /// Checks what was typed against the server's rules, and trims it. A field that the person left
    /// alone stays one, also where it is trimmed.
    ///
    /// # Errors
    /// Of the first field that breaks a rule, with its name.
    pub fn checked(mut self, rules: &ProfileCapabilities) -> Result<Self> {
        let after = validate(&self.after, rules)?;
        let typed = self.after.texts().into_iter().zip(after.texts());
        for (before, (typed, checked)) in self.before.texts_mut().into_iter().zip(typed) {
            if before == typed {
                before.clone_from(checked);
            }
        }
        Ok(Self {
            before: self.before,
            after,
        })
    }

    /// Whether the person left everything as it was.
    pub fn is_empty(&self) -> bool {
        self.before == self.after
    }

    /// The edit that makes this change to the profile as it is now; `None` where nothing is left to
    /// do.
    ///
    /// # Errors
    /// `Conflict` where someone else has given one of the changed fields another value.
    pub fn onto(&self, now: &Profile) -> Result<Option<ProfileEdit>> {
        let now = ProfileEdit::of(now);
        let mut edit = now.clone();
        let change = self.before.texts().into_iter().zip(self.after.texts());
        for (value, (before, after)) in edit.texts_mut().into_iter().zip(change) {
            if before == after || value == after {
                continue;
            }
            if value != before {
                return Err(Error::new(
                    ErrorCode::Conflict,
                    "this field was changed elsewhere meanwhile",
                ));
            }
            value.clone_from(after);
        }
        Ok((edit != now).then_some(edit))
    }
}

/// Checks an edit against the server's rules, and trims it. A field that the server does not
/// have, or does not let edit, passes as it is: the provider sends what its server takes.
fn validate(edit: &ProfileEdit, rules: &ProfileCapabilities) -> Result<ProfileEdit> {
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
    fn a_change_is_made_to_what_is_there_now() {
        let seen = Profile {
            first_name: " Jane ".into(),
            last_name: "Doe".into(),
            ..Profile::default()
        };
        let before = ProfileEdit::of(&seen);
        let after = ProfileEdit {
            last_name: "Roe".into(),
            ..before.clone()
        };
        let change = ProfileChange { before, after };
        let change = change.checked(&rules()).unwrap();
        let now = |first: &str, last: &str| Profile {
            first_name: first.into(),
            last_name: last.into(),
            ..Profile::default()
        };
        let onto = |now: &Profile| -> Result<_> {
            let edit = change.onto(now)?;
            Ok(edit.map(|edit| (edit.first_name, edit.last_name)))
        };
        let names = |first: &str, last: &str| Ok(Some((first.to_owned(), last.to_owned())));
        assert_eq!(onto(&seen), names(" Jane ", "Roe"));
        assert_eq!(onto(&now("Janet", "Doe")), names("Janet", "Roe"));
        assert_eq!(
            onto(&now("Janet", "Roe")),
            Ok(None),
            "somebody did the same"
        );
        let conflict = onto(&now("Jane", "Poe")).unwrap_err();
        assert_eq!(conflict.code, ErrorCode::Conflict);
        assert!(!change.is_empty());
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
