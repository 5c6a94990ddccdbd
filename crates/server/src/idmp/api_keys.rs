//! API keys. All of it is refused to requests that carry one.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::error::{ApiError, ErrorBody};
use super::extract::{Body, InSession, KeyId, PageQuery, Paging};
use super::wire::{Done, Envelope, PageBody, SecretText, done, enveloped};
use crate::accounts::{ApiKey, RevealedKey};
use crate::clock::UnixMillis;
use crate::guard::Shared;

/// An API key.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiKeyBody {
    id: String,
    title: String,
    /// Whole in the answers to create and copy, masked everywhere else.
    #[schema(value_type = String, example = "api_0123456789abcdef0123.********wxyz")]
    api_key: SecretText,
    create_time: UnixMillis,
    /// Null: never.
    expire_time: Option<UnixMillis>,
}

impl From<ApiKey> for ApiKeyBody {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            title: key.title,
            api_key: SecretText(Zeroizing::new(key.masked)),
            create_time: key.create_time,
            expire_time: key.expire_time,
        }
    }
}

impl From<RevealedKey> for ApiKeyBody {
    fn from(revealed: RevealedKey) -> Self {
        Self {
            api_key: SecretText(revealed.value),
            ..revealed.key.into()
        }
    }
}

/// The signed-in user's keys, newest first, with masked values.
#[utoipa::path(
    get, path = "/api/v1/users/api-keys", tag = "api keys", params(PageQuery),
    responses(
        (status = 200, description = "A page", body = Envelope<PageBody<ApiKeyBody>>),
        (status = 400, description = "No such page", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 403, description = "The request carries an API key", body = ErrorBody),
    ),
)]
pub(super) async fn list_keys(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Paging(page): Paging,
) -> Result<Json<Envelope<PageBody<ApiKeyBody>>>, ApiError> {
    let page = accounts.list_keys(&caller, page).await?;
    Ok(enveloped(PageBody::of(page, ApiKeyBody::from)))
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
pub(super) struct CreateKeyRequest {
    /// Unique among the user's keys; case and invisible characters do not count.
    #[schema(min_length = 1, max_length = 128)]
    title: String,
    /// Later than now, in Unix milliseconds; null or absent: never.
    #[serde(default, alias = "expireTime")]
    expire_time: Option<UnixMillis>,
}

/// Make a key. The answer holds its whole value.
#[utoipa::path(
    post, path = "/api/v1/users/api-keys", tag = "api keys",
    request_body = CreateKeyRequest,
    responses(
        (status = 200, description = "The key, whole", body = Envelope<ApiKeyBody>),
        (status = 400, description = "An entry is not acceptable", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 403, description = "The request carries an API key", body = ErrorBody),
        (status = 409, description = "The title is taken", body = ErrorBody),
        (status = 507, description = "The disk is full", body = ErrorBody),
    ),
)]
pub(super) async fn create_key(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Body(request): Body<CreateKeyRequest>,
) -> Result<Json<Envelope<ApiKeyBody>>, ApiError> {
    let key = accounts
        .create_key(&caller, &request.title, request.expire_time)
        .await?;
    Ok(enveloped(key.into()))
}

/// Copy a key: its whole value, again.
#[utoipa::path(
    get, path = "/api/v1/users/api-keys/{id}/value", tag = "api keys",
    params(("id" = String, Path, description = "The key's id")),
    responses(
        (status = 200, description = "The key, whole", body = Envelope<ApiKeyBody>),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 403, description = "The request carries an API key", body = ErrorBody),
        (status = 404, description = "The user has no such key", body = ErrorBody),
    ),
)]
pub(super) async fn key_value(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    KeyId(id): KeyId,
) -> Result<Json<Envelope<ApiKeyBody>>, ApiError> {
    let key = accounts.reveal_key(&caller, &id).await?;
    Ok(enveloped(key.into()))
}

/// A key's new end.
#[derive(Deserialize, ToSchema)]
pub(super) struct ExpirationRequest {
    /// Later than now, in Unix milliseconds; null: never. It must be said.
    // With a function of its own, an absent entry is an error and not null.
    #[serde(alias = "expireTime", deserialize_with = "Option::deserialize")]
    #[schema(required)]
    expire_time: Option<UnixMillis>,
}

/// Set when a key ends.
#[utoipa::path(
    put, path = "/api/v1/users/api-keys/{id}", tag = "api keys",
    params(("id" = String, Path, description = "The key's id")),
    request_body = ExpirationRequest,
    responses(
        (status = 200, description = "The key, masked", body = Envelope<ApiKeyBody>),
        (status = 400, description = "The time has passed", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 403, description = "The request carries an API key", body = ErrorBody),
        (status = 404, description = "The user has no such key", body = ErrorBody),
    ),
)]
pub(super) async fn set_key_expiry(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    KeyId(id): KeyId,
    Body(request): Body<ExpirationRequest>,
) -> Result<Json<Envelope<ApiKeyBody>>, ApiError> {
    let key = accounts
        .set_key_expiry(&caller, &id, request.expire_time)
        .await?;
    Ok(enveloped(key.into()))
}

/// Delete a key: it is refused from the next request on.
#[utoipa::path(
    delete, path = "/api/v1/users/api-keys/{id}", tag = "api keys",
    params(("id" = String, Path, description = "The key's id")),
    responses(
        (status = 200, description = "Deleted", body = Done),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 403, description = "The request carries an API key", body = ErrorBody),
        (status = 404, description = "The user has no such key", body = ErrorBody),
    ),
)]
pub(super) async fn delete_key(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    KeyId(id): KeyId,
) -> Result<Json<Done>, ApiError> {
    accounts.delete_key(&caller, &id).await?;
    Ok(done())
}
