//! Refusals on the wire: `{"error","message","field"?}`.
//!
//! Assumed: the vendor's documentation shows no body of a refusal. Statuses are HTTP's own.
//! `error` is one of a closed list, `message` a whole English sentence for a person.

use std::time::Duration;

use axum::Json;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::{AccountsError, Field, Problem};
use crate::guard::Interruption;
use crate::json_body::BodyRefusal;
use crate::store::{Outage, StoreError};
use crate::wording;

/// What kind of refusal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Code {
    /// The request or its body is not well-formed.
    Malformed,
    /// A parameter of the query is not understood.
    InvalidParameter,
    /// An entry of the body does not fit its rule.
    InvalidEntry,
    /// There is no good key in the header `apikey`.
    InvalidKey,
    /// The key lacks the scope that this needs.
    MissingScope,
    /// The user signs in elsewhere: there is no password and no MFA here.
    SingleSignOn,
    /// A page of another server sends the request.
    ForeignOrigin,
    /// There is no such thing.
    NotFound,
    /// The path does not know this method.
    MethodNotAllowed,
    /// The request did not arrive in time.
    TimedOut,
    /// Another key of the user has this name.
    NameTaken,
    /// The user has as many keys as one may have.
    TooManyKeys,
    /// The body has too many bytes.
    TooLarge,
    /// The body is not JSON.
    NotJson,
    /// The server is not known by the name in `Host`.
    NotThisServer,
    /// Too many failures: wait.
    Blocked,
    /// The server met an error of its own.
    ServerFailed,
    /// The server is busy.
    Unavailable,
    /// The server's disk is full.
    DiskFull,
}

impl Code {
    fn status(self) -> StatusCode {
        match self {
            Self::Malformed | Self::InvalidParameter | Self::InvalidEntry => {
                StatusCode::BAD_REQUEST
            }
            Self::InvalidKey => StatusCode::UNAUTHORIZED,
            Self::MissingScope | Self::SingleSignOn | Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::NameTaken | Self::TooManyKeys => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotThisServer => StatusCode::MISDIRECTED_REQUEST,
            Self::Blocked => StatusCode::TOO_MANY_REQUESTS,
            Self::ServerFailed => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        }
    }
}

/// The body of every refusal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErrorBody {
    error: Code,
    /// What happened, for a person.
    message: String,
    /// The entry or parameter that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

/// A refusal.
#[derive(Debug)]
pub(super) struct ApiError {
    code: Code,
    message: String,
    field: Option<String>,
    retry_after: Option<Duration>,
}

impl ApiError {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            retry_after: None,
        }
    }

    pub(super) fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    pub(super) fn internal() -> Self {
        Self::new(Code::ServerFailed, "The server met an error of its own.")
    }

    fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.code.status();
        let body = ErrorBody {
            error: self.code,
            message: self.message,
            field: self.field,
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        if let Some(wait) = self.retry_after {
            wording::retry_after(headers, wait);
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("apikey"));
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let outage = error.outage();
        let error = |code| Self::new(code, wording::of_outage(outage));
        match outage {
            Outage::Full => error(Code::DiskFull),
            Outage::Busy => error(Code::Unavailable).retry_after(Duration::from_secs(1)),
            Outage::Broken => error(Code::ServerFailed),
        }
    }
}

impl From<Interruption> for ApiError {
    fn from(interruption: Interruption) -> Self {
        let code = match interruption {
            Interruption::HostMalformed => Code::Malformed,
            Interruption::NotThisServer => Code::NotThisServer,
            Interruption::ForeignOrigin => Code::ForeignOrigin,
            Interruption::TooSlow => Code::TimedOut,
            Interruption::NoSuchRoute => Code::NotFound,
            Interruption::NoSuchMethod => Code::MethodNotAllowed,
            Interruption::Panicked => Code::ServerFailed,
        };
        Self::new(code, wording::of_interruption(interruption))
    }
}

impl From<BodyRefusal> for ApiError {
    fn from(refusal: BodyRefusal) -> Self {
        let code = match refusal {
            BodyRefusal::NotJson => Code::NotJson,
            BodyRefusal::TooLarge => Code::TooLarge,
            BodyRefusal::Incomplete | BodyRefusal::Malformed => Code::Malformed,
            BodyRefusal::Misfit(_) => Code::InvalidEntry,
        };
        let error = Self::new(code, wording::of_body(&refusal));
        match refusal {
            BodyRefusal::Misfit(misfit) => Self {
                field: misfit.entry(),
                ..error
            },
            _ => error,
        }
    }
}

impl From<AccountsError> for ApiError {
    fn from(error: AccountsError) -> Self {
        match error {
            AccountsError::Invalid { field, problem } => Self {
                field: name(field).map(str::to_owned),
                ..Self::new(Code::InvalidEntry, describe(problem))
            },
            AccountsError::Credential { missing: true, .. } => {
                Self::new(Code::InvalidKey, "Send an API key in the header apikey.")
            }
            AccountsError::Credential { missing: false, .. } => Self::new(
                Code::InvalidKey,
                "The API key is not, or no longer, good here.",
            ),
            AccountsError::TooManyFailures { retry_after } => Self::new(
                Code::Blocked,
                "This cannot be done now: wait before the next try.",
            )
            .retry_after(retry_after),
            AccountsError::Busy => Self::new(
                Code::Unavailable,
                "The server is busy: try again in a moment.",
            )
            .retry_after(Duration::from_secs(1)),
            AccountsError::ScopeInsufficient => Self::new(
                Code::MissingScope,
                "The API key was not given the scope that this takes.",
            ),
            AccountsError::SignsInElsewhere => Self::new(
                Code::SingleSignOn,
                "This user signs in elsewhere: there is no password and no MFA here.",
            ),
            AccountsError::NotFound => Self::new(Code::NotFound, "There is no such thing here."),
            AccountsError::TitleTaken => {
                Self::new(Code::NameTaken, "Another key has this name already.").field("name")
            }
            AccountsError::TooManyKeys => Self::new(
                Code::TooManyKeys,
                "There are too many keys: delete some first.",
            ),
            AccountsError::Store(error) => error.into(),
            // What is left are the rules of other dialects, which nothing here asks for.
            error => {
                tracing::error!(%error, "a request failed");
                Self::internal()
            }
        }
    }
}

fn describe(problem: Problem) -> String {
    match problem {
        Problem::TooFar => "This may be a year from now at most.".to_owned(),
        problem => wording::of_problem(problem),
    }
}

/// The names of entries in the requests of this dialect.
fn name(field: Field) -> Option<&'static str> {
    match field {
        Field::Title => Some("name"),
        Field::Scopes => Some("scopes"),
        Field::ExpireTime => Some("expiration_date"),
        Field::DisplayName => Some("full_name"),
        Field::Email => Some("email"),
        Field::OldPassword => Some("current_password"),
        Field::NewPassword => Some("new_password"),
        Field::Password => Some("password"),
        Field::Code => Some("code"),
        // What is left is in no request here.
        _ => None,
    }
}
