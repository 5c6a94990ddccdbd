//! Reading requests: who sends them, their JSON, their ids. Everything that does not fit is
//! answered with a problem.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::problem::Refusal;
use crate::accounts::{AccountsError, Caller};
use crate::client::Client;
use crate::guard::Shared;
use crate::headers::presented;
use crate::json_body;
use crate::vocabulary::Dialect;

/// Somebody whose credentials are good. It stands before the body in every handler, so that
/// nobody learns from a refusal what an operation expects.
pub(super) struct SignedIn(pub(super) Caller);

impl FromRequestParts<Shared> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let presented = presented(&parts.headers, Dialect::Portal, Client::of(parts));
        Ok(Self(state.authenticate(presented).await?))
    }
}

/// Somebody who signed in, and does not come with an API key. The rules check it again;
/// here it comes before the body is read.
pub(super) struct InSession(pub(super) Caller);

impl FromRequestParts<Shared> for InSession {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let SignedIn(caller) = SignedIn::from_request_parts(parts, state).await?;
        caller.session_id()?;
        Ok(Self(caller))
    }
}

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _state: &Shared) -> Result<Self, Refusal> {
        Ok(Self(json_body::read(request).await?))
    }
}

/// The id in the path. What is no text is as good as unknown.
pub(super) struct Id(pub(super) String);

impl FromRequestParts<Shared> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id))
            .map_err(|_| AccountsError::NotFound.into())
    }
}

/// The two ids in the path: of the whole and of the part.
pub(super) struct TwoIds(pub(super) String, pub(super) String);

impl FromRequestParts<Shared> for TwoIds {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        path.map(|Path((whole, part))| Self(whole, part))
            .map_err(|_| AccountsError::NotFound.into())
    }
}
