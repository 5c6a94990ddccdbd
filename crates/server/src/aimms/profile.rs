//! The caller's own info.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::directory::{EnvironmentBody, UserBody};
use super::error::ApiError;
use super::extract::{Body, KeyHolder, UserManager};
use crate::accounts::{Expected, ProfileChange};
use crate::guard::Shared;

/// The user to whom the key belongs. Every good key may ask.
#[utoipa::path(
    get, path = "/user/@current/info", tag = "current user",
    responses((status = 200, description = "The user", body = UserBody)),
)]
pub(super) async fn info(
    State(accounts): State<Shared>,
    KeyHolder(caller): KeyHolder,
) -> Result<Json<UserBody>, ApiError> {
    let person = accounts.myself(&caller).await?;
    Ok(Json(UserBody::of(person, &accounts)))
}

/// Changes of one's own info. What is absent or null stays as it is.
#[derive(Deserialize, ToSchema)]
pub(super) struct InfoRequest {
    #[serde(default)]
    #[schema(min_length = 1, max_length = 257)]
    full_name: Option<String>,
    /// Where to reach the user; the user name stays.
    #[serde(default)]
    #[schema(min_length = 3, max_length = 254)]
    email: Option<String>,
}

/// Change the full name and the email of the user. The user name cannot be changed.
#[utoipa::path(
    patch, path = "/user/@current/info", tag = "current user",
    request_body = InfoRequest,
    responses((status = 200, description = "The user afterwards", body = UserBody)),
)]
pub(super) async fn change_info(
    State(accounts): State<Shared>,
    UserManager(mut caller): UserManager,
    Body(request): Body<InfoRequest>,
) -> Result<Json<UserBody>, ApiError> {
    let change = ProfileChange {
        display_name: request.full_name,
        contact_email: request.email,
        ..ProfileChange::default()
    };
    caller.user = accounts
        .change_profile(&caller, change, Expected::Any)
        .await?;
    let person = accounts.myself(&caller).await?;
    Ok(Json(UserBody::of(person, &accounts)))
}

/// The environment of the user. Every good key may ask.
#[utoipa::path(
    get, path = "/environment/@current/info", tag = "current user",
    responses((status = 200, description = "The environment", body = EnvironmentBody)),
)]
pub(super) async fn environment(
    State(accounts): State<Shared>,
    _: KeyHolder,
) -> Json<EnvironmentBody> {
    Json(EnvironmentBody::of(&accounts))
}
