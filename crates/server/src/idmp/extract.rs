//! Reading requests: who sends them, their JSON and their query. Everything that does not
//! fit is answered in the dialect's own error shape.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::error::ApiError;
use crate::accounts::{AccountsError, Caller, PageRequest};
use crate::client::Client;
use crate::guard::Shared;
use crate::headers::presented;
use crate::json_object::JsonObject;
use crate::vocabulary::Dialect;

/// Somebody whose credentials are good. It stands before the body in every handler, so that
/// nobody learns from a refusal what an operation expects.
pub(super) struct SignedIn(pub(super) Caller);

impl FromRequestParts<Shared> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let caller = state
            .authenticate(presented(&parts.headers, Dialect::Idmp, Client::of(parts)))
            .await?;
        Ok(Self(caller))
    }
}

/// Somebody who signed in, and does not come with an API key. The rules check it again;
/// here it comes before the body is read.
pub(super) struct InSession(pub(super) Caller);

impl FromRequestParts<Shared> for InSession {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let SignedIn(caller) = SignedIn::from_request_parts(parts, state).await?;
        caller.session_id()?;
        Ok(Self(caller))
    }
}

/// A JSON body. Unknown fields are ignored; the content type must say that it is JSON, which
/// a web form cannot.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, ApiError> {
        match Json::<JsonObject<T>>::from_request(request, state).await {
            Ok(Json(JsonObject(value))) => Ok(Self(value)),
            Err(rejection) => Err(refused(&rejection)),
        }
    }
}

/// The parser's own words may quote what was sent, a password among it; they are not passed
/// on, only the name of the field is.
fn refused(rejection: &JsonRejection) -> ApiError {
    match rejection {
        JsonRejection::MissingJsonContentType(_) => ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body must be JSON, and its content type application/json.",
        ),
        JsonRejection::JsonDataError(error) => {
            let refusal = ApiError::new(
                StatusCode::BAD_REQUEST,
                "The body lacks an entry, or one is of the wrong kind.",
            );
            match field_in(&error.body_text()) {
                Some(field) => refusal.field(field),
                None => refusal,
            }
        }
        JsonRejection::JsonSyntaxError(_) => {
            ApiError::new(StatusCode::BAD_REQUEST, "The body is not well-formed JSON.")
        }
        rejection => body_refused(rejection.status()),
    }
}

/// The path of the entry, where the parser gives one: `…type: PATH: what is wrong…`, or the
/// name in ``missing field `NAME` ``. Both are names of ours or keys, never values.
fn field_in(text: &str) -> Option<String> {
    let is_name = |name: &&str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    if let Some((_, rest)) = text.split_once("missing field `") {
        return rest.split('`').next().filter(is_name).map(str::to_owned);
    }
    let (_, rest) = text.split_once(": ")?;
    rest.split(": ").next().filter(is_name).map(str::to_owned)
}

/// A body that could not be read to its end.
pub(super) fn body_refused(status: StatusCode) -> ApiError {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        ApiError::new(status, "The body is too large.")
    } else {
        ApiError::new(StatusCode::BAD_REQUEST, "The body did not arrive whole.")
    }
}

/// The id in the path. What is no text is as good as unknown.
pub(super) struct KeyId(pub(super) String);

impl FromRequestParts<Shared> for KeyId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id))
            .map_err(|_| AccountsError::NotFound.into())
    }
}

/// The query of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// The page, starting at 1.
    #[param(minimum = 1, default = 1)]
    current: Option<u32>,
    /// Rows a page; more than 1000 are cut down to 1000, and the answer says so.
    #[param(minimum = 1, default = 20)]
    size: Option<u32>,
}

/// Which page of a list is asked for, checked.
pub(super) struct Paging(pub(super) PageRequest);

impl FromRequestParts<Shared> for Paging {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let query: Result<Query<PageQuery>, QueryRejection> =
            Query::from_request_parts(parts, state).await;
        let Query(query) = query.map_err(|rejection| {
            let refusal = ApiError::new(
                StatusCode::BAD_REQUEST,
                "current and size are whole numbers from 1 on.",
            );
            match field_in(&rejection.body_text()) {
                Some(field) => refusal.field(field),
                None => refusal,
            }
        })?;
        Ok(Self(PageRequest::new(query.current, query.size)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_by_key_and_never_by_value() {
        assert_eq!(
            field_in("Failed to deserialize the JSON body into the target type: title: invalid type: integer `3`, expected a string at line 1 column 10").as_deref(),
            Some("title")
        );
        assert_eq!(
            field_in("Failed …: missing field `password` at line 1 column 2").as_deref(),
            Some("password")
        );
        assert_eq!(
            field_in("Failed …: invalid type: string \"hunter two\", expected struct"),
            None
        );
    }
}
