//! What a refusal of the User Manager service means for the operation at hand.
//!
//! No body of a refusal is published. The field is asked first, words second.

use keydesk_core::{Error, ErrorCode, Field};

use super::call::{Api, Call};
use super::operations::Name;
use crate::http::Answer;
use crate::refusal::{self, Refusal};

const TAKEN: [&str; 6] = ["exist", "duplicate", "taken", "unique", "already", "in use"];
const TOO_MANY: [&str; 3] = ["too many", "too_many", "maximum number"];
const PAST: [&str; 4] = ["past", "later than", "future", "before"];
const TOO_FAR: [&str; 4] = ["year", "too far", "365", "at most"];
const NEW_PASSWORD: [&str; 5] = [
    "new_password",
    "new password",
    "weak",
    "policy",
    "too short",
];
const WRONG: [&str; 5] = ["incorrect", "wrong", "mismatch", "not match", "invalid"];
/// Whose password and second factor are kept elsewhere.
const ELSEWHERE: [&str; 6] = [
    "single_sign_on",
    "single sign",
    "sso",
    "saml",
    "active directory",
    "activedirectory",
];
const CODE: [&str; 4] = ["code", "otp", "totp", "authenticator"];

/// What the meaning of an answer depends on.
pub(super) struct Context<'a>(refusal::Context<'a, Name>);

impl<'a> Context<'a> {
    pub(super) fn new(api: &'a Api, call: &Call<'a>) -> Self {
        let mut context = refusal::Context::new(api, call);
        context.is_greeting = call.name == Name::Info;
        context.hands_out_secrets = matches!(
            call.name,
            Name::CreateKey | Name::StartMfa | Name::ConfirmMfa
        );
        Self(context)
    }

    /// An answer that is not what the contract describes.
    pub(super) fn unexpected(&self, answer: &Answer, missing: &str) -> Error {
        self.0.unexpected(answer, missing)
    }

    /// The error of a refusal.
    pub(super) fn refused(&self, refusal: &Refusal, answer: &Answer) -> Error {
        self.special(refusal).unwrap_or_else(|| {
            let mut error = self.0.general(refusal, answer);
            if error.code == ErrorCode::InputRefused {
                error.field = field(&refusal.field);
            }
            error
        })
    }

    fn special(&self, refusal: &Refusal) -> Option<Error> {
        let refused_input = matches!(refusal.status, 400 | 409 | 422);
        match self.0.operation.row.name {
            Name::CreateKey if refused_input => self.key(refusal),
            Name::ChangePassword | Name::StartMfa | Name::ConfirmMfa | Name::RemoveMfa
                if refused_input || refusal.status == 401 && !refusal.field.is_empty() =>
            {
                self.proof(refusal)
            }
            Name::ChangePassword
            | Name::ReadMfa
            | Name::StartMfa
            | Name::ConfirmMfa
            | Name::RemoveMfa
                if refusal.status == 403 && refusal.mentions(&ELSEWHERE) =>
            {
                let label = "the account signs in elsewhere";
                let error = self.0.error(ErrorCode::Forbidden, label, refusal);
                Some(error.in_field(Field::CurrentPassword))
            }
            // Not begun, or gone: another window, or the portal, has changed it.
            Name::ConfirmMfa | Name::RemoveMfa if refusal.status == 404 && refusal.is_json => {
                let label = "the second factor does not stand as it was shown";
                Some(self.0.error(ErrorCode::Conflict, label, refusal))
            }
            _ => None,
        }
    }

    fn key(&self, refusal: &Refusal) -> Option<Error> {
        let says = |code, label, field| Some(self.0.error(code, label, refusal).in_field(field));
        let about = |names: &[&str]| {
            names.contains(&refusal.field.as_str())
                || refusal.field.is_empty() && refusal.mentions(names)
        };
        if refusal.mentions(&TOO_MANY) {
            return None;
        }
        if about(&["expirationdate", "expiration", "expiry", "expires"]) {
            let (code, label) = if refusal.mentions(&TOO_FAR) {
                (ErrorCode::ExpirationTooFar, "the date lies too far ahead")
            } else if refusal.mentions(&PAST) {
                (ErrorCode::ExpirationPast, "the date lies in the past")
            } else {
                (ErrorCode::InputRefused, "the expiration was refused")
            };
            return says(code, label, Field::Expiration);
        }
        if about(&["scopes", "scope"]) {
            let label = "the scopes were refused";
            return says(ErrorCode::InputRefused, label, Field::Scopes);
        }
        if refusal.status == 409 || about(&["name"]) && refusal.mentions(&TAKEN) {
            let label = "another key has this name";
            return says(ErrorCode::TitleTaken, label, Field::Title);
        }
        None
    }

    /// What a person gave to prove who they are, or the new password.
    fn proof(&self, refusal: &Refusal) -> Option<Error> {
        let says = |code, label, field| Some(self.0.error(code, label, refusal).in_field(field));
        let about = |names: &[&str], words: &[&str]| {
            names.contains(&refusal.field.as_str())
                || refusal.field.is_empty() && refusal.mentions(words)
        };
        if about(&["newpassword"], &NEW_PASSWORD) {
            let label = "the new password breaks a rule";
            return says(ErrorCode::PasswordTooWeak, label, Field::NewPassword);
        }
        if about(&["code", "otp", "totp"], &CODE) {
            let label = "the code is wrong";
            return says(ErrorCode::SecondFactorRefused, label, Field::Code);
        }
        if about(&["currentpassword", "oldpassword", "password"], &WRONG) {
            let label = "the current password is wrong";
            return says(
                ErrorCode::CurrentPasswordWrong,
                label,
                Field::CurrentPassword,
            );
        }
        None
    }
}

/// The form's field by the wire's name, in letters only.
fn field(name: &str) -> Option<Field> {
    Some(match name {
        "name" => Field::Title,
        "expirationdate" => Field::Expiration,
        "scopes" => Field::Scopes,
        "fullname" => Field::FullName,
        "email" => Field::Email,
        "currentpassword" | "password" => Field::CurrentPassword,
        "newpassword" => Field::NewPassword,
        "code" => Field::Code,
        _ => return None,
    })
}
