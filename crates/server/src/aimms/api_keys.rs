//! The caller's keys. A key's name is its identity.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::error::{ApiError, ErrorBody};
use super::extract::{Body, KeyHolder, KeyManager, Names};
use crate::accounts::{AimmsKey, NewAimmsKey};
use crate::clock::UnixMillis;
use crate::guard::Shared;
use crate::secret_text::SecretText;
use crate::timestamps::{parse_day, parse_rfc3339, rfc3339};
use crate::vocabulary::{AimmsScope, Named};

/// A key.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiKeyBody {
    /// Its identity among the user's keys.
    name: String,
    /// When it ends.
    #[schema(format = DateTime)]
    expiration_date: String,
    /// What it may do.
    scopes: Vec<&'static str>,
}

impl From<AimmsKey> for ApiKeyBody {
    fn from(key: AimmsKey) -> Self {
        Self {
            name: key.name,
            expiration_date: rfc3339(key.expire_time),
            scopes: key.scopes.into_iter().map(Named::name).collect(),
        }
    }
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
pub(super) struct NewApiKeyBody {
    #[serde(flatten)]
    key: ApiKeyBody,
    /// What to send in the header `apikey`. It is shown this once.
    #[schema(value_type = String)]
    value: SecretText,
}

/// The caller's keys, newest first.
#[utoipa::path(
    get, path = "/user/@current/api-key", tag = "API keys",
    responses((status = 200, description = "The keys", body = Vec<ApiKeyBody>)),
)]
pub(super) async fn list_keys(
    State(accounts): State<Shared>,
    KeyManager(caller): KeyManager,
) -> Result<Json<Vec<ApiKeyBody>>, ApiError> {
    let keys = accounts.aimms_keys(&caller).await?;
    Ok(Json(keys.into_iter().map(ApiKeyBody::from).collect()))
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewApiKeyRequest {
    /// Unique among the user's keys; case and invisible characters do not count.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    /// Later than now, and a year from now at most. A day alone means its first moment, in UTC.
    #[serde(deserialize_with = "moment_or_day")]
    #[schema(value_type = String, example = "2030-01-31T12:00:00Z")]
    expiration_date: UnixMillis,
    /// One scope or more, of those at `/user/@current/authorization-scopes`.
    #[schema(min_items = 1)]
    scopes: Vec<String>,
}

fn moment_or_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UnixMillis, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_rfc3339(&text)
        .or_else(|| parse_day(&text))
        .ok_or_else(|| D::Error::custom("not a date"))
}

/// Make a key. The answer holds its value, this once.
#[utoipa::path(
    post, path = "/user/@current/api-key", tag = "API keys",
    request_body = NewApiKeyRequest,
    responses(
        (status = 201, description = "The key with its value", body = NewApiKeyBody),
        (status = 409, description = "The name is taken, or there are too many keys",
            body = ErrorBody),
    ),
)]
pub(super) async fn create_key(
    State(accounts): State<Shared>,
    KeyManager(caller): KeyManager,
    Body(request): Body<NewApiKeyRequest>,
) -> Result<(StatusCode, Json<NewApiKeyBody>), ApiError> {
    let new = NewAimmsKey {
        name: request.name,
        scopes: request.scopes,
        expire_time: request.expiration_date,
    };
    let (key, value) = accounts.create_aimms_key(&caller, new).await?;
    let body = NewApiKeyBody {
        key: key.into(),
        value: SecretText(value),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// Delete a key: it is refused from the next request on.
#[utoipa::path(
    delete, path = "/user/@current/api-key/{name}", tag = "API keys",
    params(("name" = String, Path, description = "The key's name, percent-encoded")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "The user has no such key", body = ErrorBody),
    ),
)]
pub(super) async fn delete_key(
    State(accounts): State<Shared>,
    KeyManager(caller): KeyManager,
    Names(name): Names<String>,
) -> Result<StatusCode, ApiError> {
    accounts.delete_aimms_key(&caller, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A scope that a key may have.
#[derive(Serialize, ToSchema)]
pub(super) struct ScopeBody {
    name: &'static str,
    /// What it allows, for a person.
    description: &'static str,
}

/// The scopes that there are.
#[utoipa::path(
    get, path = "/user/@current/authorization-scopes", tag = "API keys",
    responses((status = 200, description = "The scopes", body = Vec<ScopeBody>)),
)]
pub(super) async fn scopes(_: KeyHolder) -> Json<Vec<ScopeBody>> {
    let scope = |scope: &AimmsScope| ScopeBody {
        name: scope.name(),
        description: describe(*scope),
    };
    Json(AimmsScope::ALL.iter().map(scope).collect())
}

/// In the words of the vendor's own page.
fn describe(scope: AimmsScope) -> &'static str {
    match scope {
        AimmsScope::Authentication => "Allows operations on Environments, Groups and Users",
        AimmsScope::PublishApp => {
            "Allows management of AIMMS applications (e.g., publishing, updating, editing, \
             deleting apps)"
        }
        AimmsScope::Tasks => "Allows management of Tasks",
        AimmsScope::ApiKey => {
            "Permits operations on API keys themselves (e.g., creating, deleting keys)"
        }
        AimmsScope::Session => {
            "Enables operations related to WebUI, Solve and Task sessions (e.g., get session \
             information, retrieve logs, terminate, delete session)"
        }
    }
}
