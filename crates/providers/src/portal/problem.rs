//! What a refusal means: problem details (RFC 9457), by their type and by the entries that they
//! name, as a code that a person can act on and the field that it belongs to.
//!
//! Words are never matched; a person sees them as the server's own sentence.

use keydesk_core::instance::SignInMethod;
use keydesk_core::{Error, ErrorCode, Field};
use serde_json::Value;

use super::operations::Name;
use crate::http::{Answer, Effect, Scrubber};
use crate::operations::Operation;

/// What the type of every problem of ours begins with.
const TYPE: &str = "urn:keydesk:problem:";

/// Everything that the meaning of an answer depends on.
pub(super) struct Context<'a> {
    pub(super) operation: &'a Operation<Name>,
    /// By which means the request was signed in; `None` where it was not.
    pub(super) method: Option<SignInMethod>,
    /// Host and port.
    pub(super) server: String,
    pub(super) scrubber: Scrubber<'a>,
}

/// An entry that was refused.
struct Entry<'p> {
    field: Option<Field>,
    code: &'p str,
    sentence: Option<&'p str>,
}

impl Context<'_> {
    /// The error of a refusal. `problem` is its JSON, null where it has none.
    pub(super) fn refused(&self, problem: &Value, answer: &Answer) -> Error {
        let said = |name| problem.get(name).and_then(Value::as_str);
        let slug = said("type").and_then(|text| text.strip_prefix(TYPE));
        let Some(slug) = slug else {
            return self.by_status(answer);
        };
        let entry = self.first_entry(problem);
        let (code, field) = self
            .meant(slug, entry.as_ref())
            .unwrap_or_else(|| (self.code_of(answer.status), None));
        let mut error = Error::new(code, label(code));
        error.field = field;
        let sentence = entry
            .and_then(|entry| entry.sentence)
            .or_else(|| said("detail"));
        error.detail = Some(match sentence {
            Some(sentence) if is_about_input(code) => self.scrubber.text(sentence),
            _ => self.fact(answer.status),
        });
        with_wait(error, answer)
    }

    /// An answer that is not what the description has.
    pub(super) fn unexpected(&self, answer: &Answer, missing: &str) -> Error {
        let code = if answer.is_html() && self.operation.row.name == Name::SignIn {
            ErrorCode::NotThisKindOfServer
        } else {
            ErrorCode::UnexpectedAnswer
        };
        let mut detail = self.fact(answer.status);
        if !answer.media_type.is_empty() {
            detail = format!("{detail} ({})", self.scrubber.text(&answer.media_type));
        }
        detail = format!("{detail} to {}: {missing}", self.operation.row.label);
        // What such an answer holds may be a new secret, which no scrubber knows.
        if !self.hands_out_secrets() && !answer.body.is_empty() {
            let body = String::from_utf8_lossy(&answer.body);
            detail = format!("{detail}: {}", self.scrubber.text(&body));
        }
        Error::new(code, label(code)).with_detail(detail)
    }

    fn hands_out_secrets(&self) -> bool {
        matches!(
            self.operation.row.name,
            Name::SignIn
                | Name::BeginSecondFactor
                | Name::ConfirmSecondFactor
                | Name::ReplaceRecoveryCodes
                | Name::ListKeys
                | Name::CreateKey
                | Name::ReadKey
                | Name::RevokeKey
                | Name::ListOrganizationKeys
                | Name::CreateOrganizationKey
                | Name::ReadOrganizationKey
                | Name::RevokeOrganizationKey
        )
    }

    /// Code and field of a problem's type; `None` for one that this version does not know.
    fn meant(&self, slug: &str, entry: Option<&Entry<'_>>) -> Option<(ErrorCode, Option<Field>)> {
        let name = self.operation.row.name;
        let plain = |code| Some((code, None));
        let avatar = |code| {
            if name == Name::UploadAvatar {
                Some((code, Some(Field::Avatar)))
            } else {
                Some((ErrorCode::InputRefused, None))
            }
        };
        match slug {
            "invalid-input" => Some(match entry {
                Some(entry) => entry.meant(),
                None if name == Name::UploadAvatar => {
                    (ErrorCode::InputRefused, Some(Field::Avatar))
                }
                None => (ErrorCode::InputRefused, None),
            }),
            "unauthenticated" => plain(self.signed_out()),
            "wrong-credentials" => plain(ErrorCode::WrongCredentials),
            "second-factor-required" => plain(ErrorCode::SecondFactorRequired),
            "second-factor-refused" => Some((ErrorCode::SecondFactorRefused, Some(Field::Code))),
            // This server has accounts that sign in elsewhere, and none of them here.
            "single-sign-on" if name == Name::SignIn => plain(ErrorCode::NotSupported),
            "session-required" | "role-insufficient" | "scope-insufficient" | "not-on-yourself"
            | "single-sign-on" | "foreign-origin" => plain(ErrorCode::Forbidden),
            "current-password-wrong" => Some((
                ErrorCode::CurrentPasswordWrong,
                Some(Field::CurrentPassword),
            )),
            "not-found" => plain(ErrorCode::NotFound),
            "title-taken" => Some((ErrorCode::TitleTaken, Some(Field::Title))),
            "email-taken" => Some((ErrorCode::EmailTaken, Some(Field::Email))),
            "last-super-admin" | "last-owner" => plain(ErrorCode::LastOfItsKind),
            "precondition-failed" | "idempotency-key-reused" => plain(ErrorCode::Conflict),
            "too-many-keys" => plain(ErrorCode::InputRefused),
            "rate-limited" => plain(ErrorCode::RateLimited),
            "payload-too-large" => avatar(ErrorCode::AvatarTooLarge),
            "unsupported-media-type" => avatar(ErrorCode::AvatarNotAnImage),
            _ => None,
        }
    }

    /// The first entry that was refused.
    fn first_entry<'p>(&self, problem: &'p Value) -> Option<Entry<'p>> {
        let entry = problem.get("errors")?.as_array()?.first()?;
        let text = |name| entry.get(name).and_then(Value::as_str);
        Some(Entry {
            field: text("pointer").and_then(|pointer| self.field(pointer)),
            code: text("code").unwrap_or_default(),
            sentence: text("detail"),
        })
    }

    /// The form's field by where the entry stands in the request (RFC 6901).
    fn field(&self, pointer: &str) -> Option<Field> {
        let name = self.operation.row.name;
        let about_a_key = matches!(name, Name::CreateKey | Name::CreateOrganizationKey);
        // Its first part: of a list, one element may be meant.
        let first = pointer.strip_prefix('/')?.split('/').next()?;
        Some(match first {
            "firstName" => Field::FirstName,
            "lastName" => Field::LastName,
            "displayName" => Field::DisplayName,
            "email" if name == Name::SignIn => Field::LoginName,
            "email" => Field::Email,
            "password" => match name {
                Name::SignIn => Field::Password,
                Name::CreateUser => Field::NewPassword,
                _ => Field::CurrentPassword,
            },
            "currentPassword" => Field::CurrentPassword,
            "newPassword" => Field::NewPassword,
            "code" => Field::Code,
            "phrase" => Field::Phrase,
            "roles" => Field::Roles,
            "status" => Field::Status,
            "name" if about_a_key => Field::Title,
            "description" if about_a_key => Field::KeyDescription,
            "scopes" => Field::Scopes,
            "expiresAt" => Field::Expiration,
            _ => return None,
        })
    }

    /// A refusal that no portal wrote, or that names no type.
    fn by_status(&self, answer: &Answer) -> Error {
        let code = self.code_of(answer.status);
        with_wait(
            Error::new(code, label(code)).with_detail(self.fact(answer.status)),
            answer,
        )
    }

    fn code_of(&self, status: u16) -> ErrorCode {
        let avatar = self.operation.row.name == Name::UploadAvatar;
        match status {
            401 => self.signed_out(),
            403 => ErrorCode::Forbidden,
            404 | 421 if self.method.is_none() => ErrorCode::NotThisKindOfServer,
            // A portal that knows the operation says so with a type.
            404 | 405 | 501 => ErrorCode::NotSupported,
            421 => ErrorCode::NotThisKindOfServer,
            408 => ErrorCode::TimedOut,
            409 | 412 => ErrorCode::Conflict,
            413 if avatar => ErrorCode::AvatarTooLarge,
            415 if avatar => ErrorCode::AvatarNotAnImage,
            429 => ErrorCode::RateLimited,
            // A gateway that lost the server does not know what the server did.
            502 | 504 if self.operation.effect() == Effect::Changes => ErrorCode::OutcomeUnknown,
            502..=504 => ErrorCode::ServerUnavailable,
            500..600 => ErrorCode::ServerFailed,
            400..500 => ErrorCode::InputRefused,
            _ => ErrorCode::UnexpectedAnswer,
        }
    }

    fn signed_out(&self) -> ErrorCode {
        match self.method {
            None => ErrorCode::WrongCredentials,
            Some(SignInMethod::ApiKey) => ErrorCode::ApiKeyRefused,
            Some(SignInMethod::Password | SignInMethod::CloudTokens) => ErrorCode::SignedOut,
        }
    }

    fn fact(&self, status: u16) -> String {
        format!("{} answered {status}", self.server)
    }
}

impl Entry<'_> {
    fn meant(&self) -> (ErrorCode, Option<Field>) {
        let code = match (self.code, self.field) {
            ("required", _) => ErrorCode::Required,
            ("policy", _) | ("too-short", Some(Field::NewPassword)) => ErrorCode::PasswordTooWeak,
            ("too-long", _) => ErrorCode::TooLong,
            ("forbidden-characters", _) => ErrorCode::ForbiddenCharacters,
            ("not-an-email", _) | ("malformed", Some(Field::Email)) => ErrorCode::EmailInvalid,
            ("not-in-the-future", _) => ErrorCode::ExpirationPast,
            ("too-far", Some(Field::Expiration)) => ErrorCode::ExpirationTooFar,
            ("mismatch", Some(Field::Phrase)) => ErrorCode::PhraseMismatch,
            ("mismatch", Some(Field::CurrentPassword)) => ErrorCode::CurrentPasswordWrong,
            (_, Some(Field::Code)) => ErrorCode::SecondFactorRefused,
            _ => ErrorCode::InputRefused,
        };
        (code, self.field)
    }
}

/// Whether the server's sentence helps whoever typed something.
fn is_about_input(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::InputRefused
            | ErrorCode::PasswordTooWeak
            | ErrorCode::TooLong
            | ErrorCode::ForbiddenCharacters
            | ErrorCode::EmailInvalid
            | ErrorCode::ExpirationTooFar
            | ErrorCode::AvatarTooLarge
            | ErrorCode::Forbidden
            | ErrorCode::LastOfItsKind
    )
}

fn with_wait(error: Error, answer: &Answer) -> Error {
    let waits = matches!(
        error.code,
        ErrorCode::RateLimited | ErrorCode::ServerUnavailable
    );
    match answer.retry_after {
        Some(wait) if waits => error.retry_after(wait),
        _ => error,
    }
}

/// The stable label of a code, for logs.
fn label(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::WrongCredentials => "user name or password is wrong",
        ErrorCode::SignedOut => "the session has ended",
        ErrorCode::ApiKeyRefused => "the API key is no longer accepted",
        ErrorCode::SecondFactorRequired => "a code of the second factor is asked for",
        ErrorCode::SecondFactorRefused => "the code is wrong",
        ErrorCode::Forbidden => "not allowed",
        ErrorCode::NotFound => "it is gone",
        ErrorCode::NotSupported => "the server does not know this",
        ErrorCode::NotThisKindOfServer => "no such server at this address",
        ErrorCode::Conflict => "it contradicts what is there",
        ErrorCode::LastOfItsKind => "nobody would be left who can do this",
        ErrorCode::RateLimited => "too many requests",
        ErrorCode::ServerUnavailable => "the server is down for now",
        ErrorCode::ServerFailed => "the server failed",
        ErrorCode::OutcomeUnknown => "the answer to a change was lost",
        ErrorCode::UnexpectedAnswer => "an unexpected answer",
        ErrorCode::TimedOut => "the server gave up waiting",
        _ => "the input was refused",
    }
}
