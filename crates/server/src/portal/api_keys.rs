//! API keys on the wire, and those of the admin portal; those of organizations are in
//! `organization_api_keys`. All of it is refused to requests that carry a key.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Id, InSession};
use super::idempotency::{Creation, IdempotencyHeader};
use super::page::{PageBody, PageQuery, Paging};
use super::problem::{ProblemDetails, Refusal};
use super::wire::{Moment, Said};
use crate::accounts::{
    DayOfCalls, KeyEnd, KeyMetrics, KeyOrder, KeyPlace, KeyStatus, NewPortalKey, PortalKey,
};
use crate::guard::Shared;
use crate::secret_text::SecretText;
use crate::timestamps::day_text;

/// Whether a key is good at this moment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Active,
    Expired,
    Revoked,
}

/// What a key of the admin portal may do.
#[derive(ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "it only describes the words")]
enum ScopeName {
    Read,
    Write,
    Admin,
}

/// An API key, without its value.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Key {
    id: String,
    name: String,
    description: String,
    /// None with a key of an organization: it may what its owner's role there allows.
    #[schema(value_type = Vec<ScopeName>)]
    scopes: Vec<String>,
    /// How the whole value begins.
    prefix: String,
    /// How the whole value ends.
    suffix: String,
    status: Status,
    #[schema(value_type = String, format = DateTime)]
    created_at: Moment,
    /// Null: never.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Moment>,
    /// Null: not yet.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Moment>,
    /// Null: not revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Moment>,
}

impl From<PortalKey> for Key {
    fn from(key: PortalKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            description: key.description,
            scopes: key.scopes,
            prefix: key.prefix,
            suffix: key.suffix,
            status: match key.status {
                KeyStatus::Active => Status::Active,
                KeyStatus::Expired => Status::Expired,
                KeyStatus::Revoked => Status::Revoked,
            },
            created_at: Moment(key.create_time),
            expires_at: key.expire_time.map(Moment),
            last_used_at: key.last_use_time.map(Moment),
            revoked_at: key.revoke_time.map(Moment),
        }
    }
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
pub(super) struct CreatedKey {
    #[serde(flatten)]
    key: Key,
    /// The whole key, shown this once.
    #[schema(value_type = String)]
    value: SecretText,
}

impl From<NewPortalKey> for CreatedKey {
    fn from(new: NewPortalKey) -> Self {
        Self {
            key: new.key.into(),
            value: SecretText(new.value),
        }
    }
}

/// Calls with a key on one day.
#[derive(Serialize, ToSchema)]
pub(super) struct DayOfUsage {
    /// The day in UTC.
    #[schema(format = Date)]
    day: String,
    calls: u64,
}

/// A key with its usage.
#[derive(Serialize, ToSchema)]
pub(super) struct KeyDetails {
    #[serde(flatten)]
    key: Key,
    /// The last thirty days, the oldest first, days without calls among them.
    usage: Vec<DayOfUsage>,
}

impl KeyDetails {
    pub(super) fn of((key, days): (PortalKey, Vec<DayOfCalls>)) -> Self {
        let days = days.into_iter().map(|day| DayOfUsage {
            day: day_text(day.day),
            calls: day.calls,
        });
        Self {
            key: key.into(),
            usage: days.collect(),
        }
    }
}

/// The figures of a list of keys.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metrics {
    total: u64,
    active: u64,
    expired: u64,
    revoked: u64,
    /// Calls since midnight UTC with the keys of the list, deleted ones among them.
    calls_today: u64,
}

impl From<KeyMetrics> for Metrics {
    fn from(metrics: KeyMetrics) -> Self {
        Self {
            total: metrics.total,
            active: metrics.active,
            expired: metrics.expired,
            revoked: metrics.revoked,
            calls_today: metrics.calls_today,
        }
    }
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateKeyRequest {
    /// Unique in its list; case and invisible characters do not count.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    /// What the key is for.
    #[serde(default)]
    #[schema(max_length = 512)]
    description: Option<String>,
    /// What the key may do, at most what its owner's roles grant: read, write, admin. They
    /// must be said in the admin portal, and cannot be chosen in an organization.
    #[serde(default)]
    #[schema(value_type = Option<Vec<ScopeName>>)]
    scopes: Option<Vec<String>>,
    /// Later than now. Absent: a year in an organization, which is also the most; never in
    /// the admin portal. Null: never, which an organization does not allow.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Said<Moment>,
}

impl From<CreateKeyRequest> for KeyOrder {
    fn from(request: CreateKeyRequest) -> Self {
        Self {
            name: request.name,
            description: request.description.unwrap_or_default(),
            scopes: request.scopes.unwrap_or_default(),
            end: match request.expires_at {
                Said::Nothing => KeyEnd::Usual,
                Said::Null => KeyEnd::Never,
                Said::This(Moment(time)) => KeyEnd::At(time),
            },
        }
    }
}

/// Your keys of the admin portal, newest first.
#[utoipa::path(
    get, path = "/api-keys", tag = "API keys", operation_id = "list_api_keys",
    params(PageQuery),
    responses((status = 200, description = "A part of the list", body = PageBody<Key>)),
)]
pub(super) async fn list_keys(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Paging(request): Paging,
) -> Result<Json<PageBody<Key>>, Refusal> {
    let place = KeyPlace::AdminPortal;
    let keys = accounts.portal_keys(&caller, place, request).await?;
    Ok(Json(PageBody::of(keys, Key::from)))
}

/// Make a key of the admin portal. The answer holds its whole value, this once.
#[utoipa::path(
    post, path = "/api-keys", tag = "API keys", operation_id = "create_api_key",
    params(IdempotencyHeader), request_body = CreateKeyRequest,
    responses(
        (status = 201, description = "The key, whole", body = CreatedKey),
        (status = 409, description = "The name is taken, or there are too many keys",
            body = ProblemDetails),
    ),
)]
pub(super) async fn create_key(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    creation: Creation<CreateKeyRequest>,
) -> Result<(StatusCode, Json<CreatedKey>), Refusal> {
    let (order, place) = (creation.body.into(), KeyPlace::AdminPortal);
    let key = accounts
        .create_portal_key(&caller, place, order, creation.repeatable)
        .await?;
    Ok((StatusCode::CREATED, Json(key.into())))
}

/// One of your keys of the admin portal, with its usage.
#[utoipa::path(
    get, path = "/api-keys/{id}", tag = "API keys", operation_id = "get_api_key",
    params(("id" = String, Path, description = "The key's id")),
    responses(
        (status = 200, description = "The key", body = KeyDetails),
        (status = 404, description = "You have no such key here", body = ProblemDetails),
    ),
)]
pub(super) async fn key_details(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Id(id): Id,
) -> Result<Json<KeyDetails>, Refusal> {
    let place = KeyPlace::AdminPortal;
    let details = accounts.portal_key_details(&caller, place, id).await?;
    Ok(Json(KeyDetails::of(details)))
}

/// Revoke a key of the admin portal: it is kept, and refused from the next request on.
#[utoipa::path(
    post, path = "/api-keys/{id}/revocation", tag = "API keys", operation_id = "revoke_api_key",
    params(("id" = String, Path, description = "The key's id")),
    responses(
        (status = 200, description = "The key", body = Key),
        (status = 404, description = "You have no such key here", body = ProblemDetails),
    ),
)]
pub(super) async fn revoke_key(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Id(id): Id,
) -> Result<Json<Key>, Refusal> {
    let place = KeyPlace::AdminPortal;
    let key = accounts.revoke_portal_key(&caller, place, id).await?;
    Ok(Json(key.into()))
}

/// Delete a key of the admin portal: it is gone, and refused from the next request on.
#[utoipa::path(
    delete, path = "/api-keys/{id}", tag = "API keys", operation_id = "delete_api_key",
    params(("id" = String, Path, description = "The key's id")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "You have no such key here", body = ProblemDetails),
    ),
)]
pub(super) async fn delete_key(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    let place = KeyPlace::AdminPortal;
    accounts.delete_portal_key(&caller, place, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The figures of your keys of the admin portal.
#[utoipa::path(
    get, path = "/api-key-metrics", tag = "API keys", operation_id = "api_key_metrics",
    responses((status = 200, description = "The figures", body = Metrics)),
)]
pub(super) async fn metrics(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
) -> Result<Json<Metrics>, Refusal> {
    let place = KeyPlace::AdminPortal;
    let metrics = accounts.portal_key_metrics(&caller, place).await?;
    Ok(Json(metrics.into()))
}
