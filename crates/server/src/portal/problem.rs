//! Problem details (RFC 9457): what every refusal looks like. Which rule leads to which
//! problem is in `refusal`.
//!
//! Clients act on `type`, and on `pointer` and `code` of the entries; titles and details are
//! for people.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::wording;

/// The media type of every refusal.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// The body of every refusal, as RFC 9457 has it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProblemDetails {
    /// `urn:keydesk:problem:` and a name that does not change.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "urn:keydesk:problem:invalid-input")]
    kind: String,
    /// What the type means, for a person.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened this time, for a person.
    detail: String,
    /// The entries that were refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<EntryProblem>,
}

/// An entry that was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EntryProblem {
    /// Where in the request's body (RFC 6901), or the name of a parameter after a slash.
    #[schema(example = "/newPassword")]
    pointer: String,
    /// What is wrong, by a name that does not change.
    #[schema(example = "too-short")]
    code: &'static str,
    /// What is wrong, for a person.
    detail: String,
    /// With the code `policy`: which rule for passwords is not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    rule: Option<&'static str>,
}

macro_rules! slugs {
    ($($slug:ident $name:literal $status:ident $title:literal)+) => {
        /// The kinds of problems. One kind has one status.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Slug { $($slug),+ }

        impl Slug {
            /// The name that ends the `type`.
            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$slug => $name),+ }
            }

            fn status(self) -> StatusCode {
                match self { $(Self::$slug => StatusCode::$status),+ }
            }

            fn title(self) -> &'static str {
                match self { $(Self::$slug => $title),+ }
            }
        }
    };
}

slugs! {
    Malformed "malformed" BAD_REQUEST "The request cannot be read"
    Unauthenticated "unauthenticated" UNAUTHORIZED "Not signed in"
    WrongCredentials "wrong-credentials" UNAUTHORIZED "Email or password is wrong"
    SecondFactorRequired "second-factor-required" UNAUTHORIZED "A code is asked for as well"
    SecondFactorRefused "second-factor-refused" UNAUTHORIZED "The code is wrong"
    SessionRequired "session-required" FORBIDDEN "An API key may not do this"
    RoleInsufficient "role-insufficient" FORBIDDEN "The role does not allow this"
    ScopeInsufficient "scope-insufficient" FORBIDDEN "The API key lacks the scope"
    SingleSignOn "single-sign-on" FORBIDDEN "The account signs in elsewhere"
    NotOnYourself "not-on-yourself" FORBIDDEN "Nobody does this to themselves"
    ForeignOrigin "foreign-origin" FORBIDDEN "A page of another server asks"
    NotFound "not-found" NOT_FOUND "There is no such thing"
    MethodNotAllowed "method-not-allowed" METHOD_NOT_ALLOWED "The path does not know the method"
    TooSlow "too-slow" REQUEST_TIMEOUT "The request took too long"
    TitleTaken "title-taken" CONFLICT "The name is taken"
    EmailTaken "email-taken" CONFLICT "The email is taken"
    LastOwner "last-owner" CONFLICT "The last owner stays"
    LastSuperAdmin "last-super-admin" CONFLICT "The last super-admin stays"
    TooManyKeys "too-many-keys" CONFLICT "There are too many keys"
    PreconditionRequired "precondition-required" PRECONDITION_REQUIRED "If-Match is asked for"
    PreconditionFailed "precondition-failed" PRECONDITION_FAILED "It has changed meanwhile"
    PayloadTooLarge "payload-too-large" PAYLOAD_TOO_LARGE "The body is too large"
    UnsupportedMediaType "unsupported-media-type" UNSUPPORTED_MEDIA_TYPE "The body is of another kind"
    NotThisServer "not-this-server" MISDIRECTED_REQUEST "Another server is meant"
    InvalidInput "invalid-input" UNPROCESSABLE_ENTITY "An entry is not acceptable"
    CurrentPasswordWrong "current-password-wrong" UNPROCESSABLE_ENTITY "The current password is wrong"
    IdempotencyKeyReused "idempotency-key-reused" UNPROCESSABLE_ENTITY "The Idempotency-Key belongs to another request"
    RateLimited "rate-limited" TOO_MANY_REQUESTS "Too many tries"
    ServerFailed "server-failed" INTERNAL_SERVER_ERROR "The server met an error of its own"
    Unavailable "unavailable" SERVICE_UNAVAILABLE "The server is busy"
    StorageFull "storage-full" INSUFFICIENT_STORAGE "The server's disk is full"
}

/// A refusal.
#[derive(Debug)]
pub(super) struct Refusal {
    slug: Slug,
    detail: String,
    errors: Vec<EntryProblem>,
    retry_after: Option<Duration>,
    challenge: Option<&'static str>,
}

impl Refusal {
    pub(super) fn new(slug: Slug, detail: impl Into<String>) -> Self {
        Self {
            slug,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
            challenge: None,
        }
    }

    pub(super) fn slug(&self) -> Slug {
        self.slug
    }

    /// Names an entry that was refused: where it is, and what is wrong.
    pub(super) fn entry(mut self, pointer: impl Into<String>, code: &'static str) -> Self {
        self.errors.push(EntryProblem {
            pointer: pointer.into(),
            code,
            detail: self.detail.clone(),
            rule: None,
        });
        self
    }

    /// Names a rule that a password does not keep.
    pub(super) fn rule(mut self, pointer: impl Into<String>, rule: &'static str) -> Self {
        self.errors.push(EntryProblem {
            pointer: pointer.into(),
            code: "policy",
            detail: self.detail.clone(),
            rule: Some(rule),
        });
        self
    }

    /// Names an entry as the request does that brought it.
    pub(super) fn renamed(mut self, from: &str, to: &str) -> Self {
        for error in &mut self.errors {
            if error.pointer == from {
                to.clone_into(&mut error.pointer);
            }
        }
        self
    }

    pub(super) fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    pub(super) fn challenge(mut self, challenge: &'static str) -> Self {
        self.challenge = Some(challenge);
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.slug.status();
        let body = ProblemDetails {
            kind: format!("urn:keydesk:problem:{}", self.slug.name()),
            title: self.slug.title(),
            status: status.as_u16(),
            detail: self.detail,
            errors: self.errors,
        };
        // A struct of texts and a number: writing it cannot fail.
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (status, [(CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
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
