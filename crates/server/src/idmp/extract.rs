//! Reading requests: who sends them, their JSON and their query. Everything that does not
//! fit is answered in the dialect's own error shape.

use axum::extract::rejection::QueryRejection;
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
use crate::json_body;
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

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &Shared) -> Result<Self, ApiError> {
        Ok(Self(json_body::read(request).await?))
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
            match parameter_in(&rejection.body_text()) {
                Some(name) => refusal.field(name),
                None => refusal,
            }
        })?;
        Ok(Self(PageRequest::new(query.current, query.size)?))
    }
}

/// The name of the parameter in `…query string: NAME: what is wrong…`: one of ours or nothing.
fn parameter_in(text: &str) -> Option<&'static str> {
    let place = text.split(": ").nth(1)?;
    ["current", "size"].into_iter().find(|name| *name == place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_named_by_its_name_and_never_by_its_value() {
        for (text, name) in [
            (
                "Failed to deserialize query string: size: invalid digit",
                Some("size"),
            ),
            ("Failed to deserialize query string: hunter: two", None),
            ("Failed to deserialize query string", None),
        ] {
            assert_eq!(parameter_in(text), name, "{text}");
        }
    }
}
