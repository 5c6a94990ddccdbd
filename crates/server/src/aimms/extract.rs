//! Reading requests: the key in the header, JSON bodies, names in paths. Everything that does
//! not fit is answered in the dialect's own error shape.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::error::ApiError;
use crate::accounts::{AccountsError, Caller, CredentialPart, Presented};
use crate::client::Client;
use crate::guard::Shared;
use crate::headers::only;
use crate::json_body;
use crate::vocabulary::{AimmsScope, Dialect};

/// The header that carries a key.
pub(super) const HEADER: &str = "apikey";

/// Somebody whose key is good. It stands before the body in every handler, so that nobody
/// learns from a refusal what an operation expects.
pub(super) struct KeyHolder(pub(super) Caller);

impl FromRequestParts<Shared> for KeyHolder {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let key = only(&parts.headers, HEADER).map(|key| Zeroizing::new(key.trim().to_owned()));
        let caller = state
            .authenticate(Presented {
                dialect: Dialect::Aimms,
                client: Client::of(parts),
                authorization: key,
                access_token: None,
            })
            .await?;
        if caller.session_id().is_ok() {
            // A session's token is no key, though it is a credential elsewhere.
            let part = CredentialPart::Authorization;
            return Err(AccountsError::invalid_credential(part).into());
        }
        Ok(Self(caller))
    }
}

/// Somebody whose key has the scope for keys. The rules check it again; here it comes before
/// the body is read.
pub(super) struct KeyManager(pub(super) Caller);

impl FromRequestParts<Shared> for KeyManager {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let KeyHolder(caller) = KeyHolder::from_request_parts(parts, state).await?;
        caller.check_aimms_scope(AimmsScope::ApiKey)?;
        Ok(Self(caller))
    }
}

/// Somebody whose key has the scope for users, groups and environments, and for what
/// concerns its own user's signing in.
pub(super) struct UserManager(pub(super) Caller);

impl FromRequestParts<Shared> for UserManager {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let KeyHolder(caller) = KeyHolder::from_request_parts(parts, state).await?;
        caller.check_aimms_scope(AimmsScope::Authentication)?;
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

/// Names in the path, percent-decoded. What is no text is as good as unknown.
pub(super) struct Names<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Shared> for Names<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(names)| Self(names))
            .map_err(|_| AccountsError::NotFound.into())
    }
}
