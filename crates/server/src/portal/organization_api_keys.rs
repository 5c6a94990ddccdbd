//! API keys of an organization: your own, seen and managed there alone.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::api_keys::{CreateKeyRequest, CreatedKey, Key, KeyDetails, Metrics};
use super::extract::{Id, InSession, TwoIds};
use super::idempotency::{Creation, IdempotencyHeader};
use super::page::{PageBody, PageQuery, Paging};
use super::problem::{ProblemDetails, Refusal};
use crate::accounts::KeyPlace;
use crate::guard::Shared;

/// Your keys of an organization, newest first.
#[utoipa::path(
    get, path = "/organizations/{organization}/api-keys", tag = "API keys of an organization",
    operation_id = "list_organization_api_keys",
    params(("organization" = String, Path, description = "The organization's id"), PageQuery),
    responses(
        (status = 200, description = "A part of the list", body = PageBody<Key>),
        (status = 404, description = "You belong to no such organization", body = ProblemDetails),
    ),
)]
pub(super) async fn list_keys(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Id(organization): Id,
    Paging(request): Paging,
) -> Result<Json<PageBody<Key>>, Refusal> {
    let place = KeyPlace::Organization(organization);
    let keys = accounts.portal_keys(&caller, place, request).await?;
    Ok(Json(PageBody::of(keys, Key::from)))
}

/// Make a key of an organization. The answer holds its whole value, this once.
#[utoipa::path(
    post, path = "/organizations/{organization}/api-keys", tag = "API keys of an organization",
    operation_id = "create_organization_api_key",
    params(("organization" = String, Path, description = "The organization's id"),
        IdempotencyHeader),
    request_body = CreateKeyRequest,
    responses(
        (status = 201, description = "The key, whole", body = CreatedKey),
        (status = 404, description = "You belong to no such organization", body = ProblemDetails),
        (status = 409, description = "The name is taken, or there are too many keys",
            body = ProblemDetails),
    ),
)]
pub(super) async fn create_key(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Id(organization): Id,
    creation: Creation<CreateKeyRequest>,
) -> Result<(StatusCode, Json<CreatedKey>), Refusal> {
    let (order, place) = (creation.body.into(), KeyPlace::Organization(organization));
    let key = accounts
        .create_portal_key(&caller, place, order, creation.repeatable)
        .await?;
    Ok((StatusCode::CREATED, Json(key.into())))
}

/// One of your keys of an organization, with its usage.
#[utoipa::path(
    get, path = "/organizations/{organization}/api-keys/{id}",
    tag = "API keys of an organization", operation_id = "get_organization_api_key",
    params(("organization" = String, Path, description = "The organization's id"),
        ("id" = String, Path, description = "The key's id")),
    responses(
        (status = 200, description = "The key", body = KeyDetails),
        (status = 404, description = "You have no such key there", body = ProblemDetails),
    ),
)]
pub(super) async fn key_details(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    TwoIds(organization, id): TwoIds,
) -> Result<Json<KeyDetails>, Refusal> {
    let place = KeyPlace::Organization(organization);
    let details = accounts.portal_key_details(&caller, place, id).await?;
    Ok(Json(KeyDetails::of(details)))
}

/// Revoke a key of an organization: it is kept, and refused from the next request on.
#[utoipa::path(
    post, path = "/organizations/{organization}/api-keys/{id}/revocation",
    tag = "API keys of an organization", operation_id = "revoke_organization_api_key",
    params(("organization" = String, Path, description = "The organization's id"),
        ("id" = String, Path, description = "The key's id")),
    responses(
        (status = 200, description = "The key", body = Key),
        (status = 404, description = "You have no such key there", body = ProblemDetails),
    ),
)]
pub(super) async fn revoke_key(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    TwoIds(organization, id): TwoIds,
) -> Result<Json<Key>, Refusal> {
    let place = KeyPlace::Organization(organization);
    let key = accounts.revoke_portal_key(&caller, place, id).await?;
    Ok(Json(key.into()))
}

/// Delete a key of an organization: it is gone, and refused from the next request on.
#[utoipa::path(
    delete, path = "/organizations/{organization}/api-keys/{id}",
    tag = "API keys of an organization", operation_id = "delete_organization_api_key",
    params(("organization" = String, Path, description = "The organization's id"),
        ("id" = String, Path, description = "The key's id")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "You have no such key there", body = ProblemDetails),
    ),
)]
pub(super) async fn delete_key(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    TwoIds(organization, id): TwoIds,
) -> Result<StatusCode, Refusal> {
    let place = KeyPlace::Organization(organization);
    accounts.delete_portal_key(&caller, place, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The figures of your keys of an organization.
#[utoipa::path(
    get, path = "/organizations/{organization}/api-key-metrics",
    tag = "API keys of an organization", operation_id = "organization_api_key_metrics",
    params(("organization" = String, Path, description = "The organization's id")),
    responses(
        (status = 200, description = "The figures", body = Metrics),
        (status = 404, description = "You belong to no such organization", body = ProblemDetails),
    ),
)]
pub(super) async fn metrics(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Id(organization): Id,
) -> Result<Json<Metrics>, Refusal> {
    let place = KeyPlace::Organization(organization);
    let metrics = accounts.portal_key_metrics(&caller, place).await?;
    Ok(Json(metrics.into()))
}
