//! Refusals on the wire: `{"code","message","field"?}` with the HTTP status as code.
//!
//! Messages are whole English sentences for a person. Clients act on status and field, never
//! on the text.

use std::time::Duration;

use axum::Json;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::{AccountsError, AvatarProblem, CredentialPart, Field, Problem};
use crate::guard::Interruption;
use crate::json_body::BodyRefusal;
use crate::store::{Outage, StoreError};
use crate::wording;

/// The body of every refusal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErrorBody {
    /// The HTTP status.
    #[schema(example = 400)]
    code: u16,
    /// What happened, for a person.
    message: String,
    /// The entry that was refused, by its name in the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

/// A refusal.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    message: String,
    field: Option<String>,
    retry_after: Option<Duration>,
    challenge: Option<&'static str>,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            field: None,
            retry_after: None,
            challenge: None,
        }
    }

    pub(super) fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The server met an error of its own.",
        )
    }

    fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    fn challenge(mut self, challenge: &'static str) -> Self {
        self.challenge = Some(challenge);
        self
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            code: self.status.as_u16(),
            message: self.message,
            field: self.field,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        if let Some(wait) = self.retry_after {
            wording::retry_after(headers, wait);
        }
        if let Some(challenge) = self.challenge {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

impl From<Interruption> for ApiError {
    fn from(interruption: Interruption) -> Self {
        let status = match interruption {
            Interruption::HostMalformed => StatusCode::BAD_REQUEST,
            Interruption::NotThisServer => StatusCode::MISDIRECTED_REQUEST,
            Interruption::ForeignOrigin => StatusCode::FORBIDDEN,
            Interruption::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Interruption::NoSuchRoute => StatusCode::NOT_FOUND,
            Interruption::NoSuchMethod => StatusCode::METHOD_NOT_ALLOWED,
            Interruption::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, wording::of_interruption(interruption))
    }
}

impl From<BodyRefusal> for ApiError {
    fn from(refusal: BodyRefusal) -> Self {
        let status = match refusal {
            BodyRefusal::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            BodyRefusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            BodyRefusal::Incomplete | BodyRefusal::Malformed | BodyRefusal::Misfit(_) => {
                StatusCode::BAD_REQUEST
            }
        };
        let error = Self::new(status, wording::of_body(&refusal));
        match refusal {
            BodyRefusal::Misfit(misfit) => Self {
                field: misfit.entry(),
                ..error
            },
            _ => error,
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let outage = error.outage();
        let error = |status| Self::new(status, wording::of_outage(outage));
        match outage {
            Outage::Full => error(StatusCode::INSUFFICIENT_STORAGE),
            Outage::Busy => {
                error(StatusCode::SERVICE_UNAVAILABLE).retry_after(Duration::from_secs(1))
            }
            Outage::Broken => error(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

impl From<AccountsError> for ApiError {
    fn from(error: AccountsError) -> Self {
        match error {
            AccountsError::Invalid { field, problem } => {
                Self::new(StatusCode::BAD_REQUEST, describe(problem)).field(name(field))
            }
            // Never in this dialect, which has other rules.
            AccountsError::PasswordRules(_) => Self::new(
                StatusCode::BAD_REQUEST,
                "The password does not keep the rules.",
            )
            .field(name(Field::NewPassword)),
            AccountsError::Avatar(problem) => avatar(problem).field(name(Field::Avatar)),
            AccountsError::Credential { part, missing } => credential(part, missing),
            AccountsError::SignInFailed => Self::new(
                StatusCode::UNAUTHORIZED,
                "The login name or the password is wrong.",
            ),
            // Not 401: the password was right, and nobody should try another one.
            AccountsError::SecondFactorRequired => Self::new(
                StatusCode::FORBIDDEN,
                "This account has a second factor: send its code as well.",
            )
            .field(name(Field::Code)),
            AccountsError::SecondFactorRefused => Self::new(
                StatusCode::FORBIDDEN,
                "The code is wrong, or it was used before.",
            )
            .field(name(Field::Code)),
            AccountsError::TooManyFailures { retry_after } => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many failed tries in a row: wait before the next one.",
            )
            .retry_after(retry_after),
            AccountsError::Busy => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "The server is busy: try again in a moment.",
            )
            .retry_after(Duration::from_secs(1)),
            AccountsError::NeedsSession => Self::new(
                StatusCode::FORBIDDEN,
                "A request that carries an API key may not do this: sign in instead.",
            ),
            AccountsError::ScopeInsufficient
            | AccountsError::RoleInsufficient
            | AccountsError::NotOnYourself => Self::new(
                StatusCode::FORBIDDEN,
                "This account or its key may not do this.",
            ),
            AccountsError::PreconditionFailed => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "This was changed meanwhile: read it again.",
            ),
            AccountsError::SignsInElsewhere => Self::new(
                StatusCode::FORBIDDEN,
                "This account signs in elsewhere and has no password here.",
            ),
            AccountsError::NoPasswordSignIn => Self::new(
                StatusCode::FORBIDDEN,
                "This server does not sign in by password: take both tokens from the browser.",
            ),
            AccountsError::NotFound => {
                Self::new(StatusCode::NOT_FOUND, "There is no such thing here.")
            }
            AccountsError::TitleTaken => {
                Self::new(StatusCode::CONFLICT, "Another key has this title already.")
                    .field(name(Field::Title))
            }
            AccountsError::EmailTaken => Self::new(
                StatusCode::CONFLICT,
                "Another account has this email already.",
            )
            .field(name(Field::Email)),
            AccountsError::OrganizationNameTaken
            | AccountsError::LastOwner
            | AccountsError::LastSuperAdmin
            | AccountsError::IdempotencyKeyReused => Self::new(
                StatusCode::CONFLICT,
                "This does not go together with what is there.",
            ),
            AccountsError::TooManyKeys => Self::new(
                StatusCode::CONFLICT,
                "There are too many keys: delete some first.",
            ),
            AccountsError::Store(error) => error.into(),
            error @ (AccountsError::Seal(_) | AccountsError::Cryptography) => {
                tracing::error!(%error, "cryptography failed");
                Self::internal()
            }
        }
    }
}

/// Which of two credentials failed: in the challenge (RFC 6750) and as the field.
fn credential(part: CredentialPart, missing: bool) -> ApiError {
    let unauthorized = |message| ApiError::new(StatusCode::UNAUTHORIZED, message);
    match (part, missing) {
        (CredentialPart::Authorization, true) => {
            unauthorized("Sign in, or send an API key, in the header Authorization.")
                .challenge("Bearer")
                .field("authorization")
        }
        (CredentialPart::Authorization, false) => {
            unauthorized("The credential in Authorization is not, or no longer, valid.")
                .challenge("Bearer error=\"invalid_token\"")
                .field("authorization")
        }
        (CredentialPart::AccessToken, true) => {
            unauthorized("This server also asks for the header Access-token.")
                .challenge("Access-token")
                .field("access_token")
        }
        (CredentialPart::AccessToken, false) => {
            unauthorized("The Access-token is not, or no longer, valid for this Authorization.")
                .challenge("Access-token error=\"invalid_token\"")
                .field("access_token")
        }
    }
}

fn avatar(problem: AvatarProblem) -> ApiError {
    let status = match problem {
        AvatarProblem::TooManyBytes => StatusCode::PAYLOAD_TOO_LARGE,
        AvatarProblem::NotAPicture | AvatarProblem::Damaged | AvatarProblem::TooManyPixels => {
            StatusCode::BAD_REQUEST
        }
    };
    ApiError::new(status, wording::of_picture(problem))
}

fn describe(problem: Problem) -> String {
    match problem {
        Problem::Wrong => "This is not the current password.".to_owned(),
        problem => wording::of_problem(problem),
    }
}

/// The names of entries in the requests of this dialect.
fn name(field: Field) -> &'static str {
    match field {
        Field::Email => "email",
        Field::FirstName => "first_name",
        Field::LastName => "last_name",
        Field::Phone => "phone",
        Field::Position => "position",
        Field::Description => "description",
        Field::Role => "role",
        Field::NewPassword => "new_password",
        Field::OldPassword => "old_password",
        Field::Password => "password",
        Field::Code => "code",
        Field::Phrase => "phrase",
        Field::DisplayName => "display_name",
        Field::PortalRoles => "roles",
        Field::OrganizationName => "organization",
        Field::Title => "title",
        Field::KeyDescription => "key_description",
        Field::Scopes => "scopes",
        Field::ExpireTime => "expire_time",
        Field::Avatar => "file",
        Field::PageNumber => "current",
        Field::PageSize => "size",
        Field::Cursor => "cursor",
    }
}
