//! Reading requests: the key in the header, JSON bodies, names in paths. Everything that does
//! not fit is answered in the dialect's own error shape.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::error::{ApiError, Code};
use crate::accounts::{AccountsError, Caller, CredentialPart, Presented};
use crate::client::Client;
use crate::guard::Shared;
use crate::headers::only;
use crate::json_object::JsonObject;
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

/// A JSON body. Unknown entries are ignored; the content type must say that it is JSON, which
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
/// on, only the name of the entry is.
fn refused(rejection: &JsonRejection) -> ApiError {
    match rejection {
        JsonRejection::MissingJsonContentType(_) => ApiError::new(
            Code::NotJson,
            "The body must be JSON, and its content type application/json.",
        ),
        JsonRejection::JsonDataError(error) => {
            let refusal = ApiError::new(
                Code::InvalidEntry,
                "The body lacks an entry, or one is of the wrong kind.",
            );
            match entry_in(&error.body_text()) {
                Some(entry) => refusal.field(entry),
                None => refusal,
            }
        }
        JsonRejection::JsonSyntaxError(_) => {
            ApiError::new(Code::Malformed, "The body is not well-formed JSON.")
        }
        rejection if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            ApiError::new(Code::TooLarge, "The body is too large.")
        }
        _ => ApiError::new(Code::Malformed, "The body did not arrive whole."),
    }
}

/// The name of the entry, where the parser gives one: `…type: NAME: what is wrong…`, or the
/// name in ``missing field `NAME` ``. Both are names of ours or keys, never values.
fn entry_in(text: &str) -> Option<String> {
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
    let place = rest.split(": ").next()?;
    place.split('[').next().filter(is_name).map(str::to_owned)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_named_by_key_and_never_by_value() {
        for (text, entry) in [
            (
                "Failed …: missing field `name` at line 1 column 2",
                Some("name"),
            ),
            (
                "Failed …: scopes[1]: invalid type: integer `3`, expected a string",
                Some("scopes"),
            ),
            (
                "Failed …: invalid type: string \"hunter two\", expected struct",
                None,
            ),
        ] {
            assert_eq!(entry_in(text).as_deref(), entry, "{text}");
        }
    }
}
