//! The signed-in user, the directory, and the menus.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::{ApiError, ErrorBody};
use super::extract::{Body, PageQuery, Paging, SignedIn};
use super::wire::{DirectoryEntry, Envelope, PageBody, UserBody, enveloped};
use crate::accounts::{Expected, ProfileChange};
use crate::guard::Shared;

/// The signed-in user, bare.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "profile",
    responses(
        (status = 200, description = "The user", body = UserBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
    ),
)]
pub(super) async fn current_user(SignedIn(caller): SignedIn) -> Json<UserBody> {
    Json(caller.user.into())
}

/// Changes of a profile. What is absent or null stays as it is; an empty text clears what
/// may be empty.
#[derive(Deserialize, ToSchema)]
pub(super) struct ProfileRequest {
    #[serde(default, alias = "firstName")]
    #[schema(min_length = 1, max_length = 128)]
    first_name: Option<String>,
    #[serde(default, alias = "lastName")]
    #[schema(min_length = 1, max_length = 128)]
    last_name: Option<String>,
    /// Digits with what sets them apart, and an optional plus sign in front.
    #[serde(default)]
    #[schema(max_length = 32, example = "+44 20 7946 0958")]
    phone: Option<String>,
    #[serde(default)]
    #[schema(max_length = 128)]
    position: Option<String>,
    #[serde(default)]
    #[schema(max_length = 2000)]
    description: Option<String>,
}

/// Change the signed-in user's profile. The email cannot be changed.
#[utoipa::path(
    put, path = "/api/v1/users", tag = "profile",
    request_body = ProfileRequest,
    responses(
        (status = 200, description = "The user afterwards", body = Envelope<UserBody>),
        (status = 400, description = "An entry is not acceptable", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
    ),
)]
pub(super) async fn update_user(
    State(accounts): State<Shared>,
    SignedIn(caller): SignedIn,
    Body(request): Body<ProfileRequest>,
) -> Result<Json<Envelope<UserBody>>, ApiError> {
    let change = ProfileChange {
        first_name: request.first_name,
        last_name: request.last_name,
        phone: request.phone,
        position: request.position,
        description: request.description,
        ..ProfileChange::default()
    };
    let user = accounts
        .change_profile(&caller, change, Expected::Any)
        .await?;
    Ok(enveloped(user.into()))
}

/// The active users whom you may see, in the order of their emails.
#[utoipa::path(
    get, path = "/api/v1/users/page", tag = "profile", params(PageQuery),
    responses(
        (status = 200, description = "A page", body = Envelope<PageBody<DirectoryEntry>>),
        (status = 400, description = "No such page", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
    ),
)]
pub(super) async fn user_page(
    State(accounts): State<Shared>,
    SignedIn(caller): SignedIn,
    Paging(page): Paging,
) -> Result<Json<Envelope<PageBody<DirectoryEntry>>>, ApiError> {
    let page = accounts.directory(&caller, page).await?;
    Ok(enveloped(PageBody::of(page, DirectoryEntry::from)))
}

/// An entry of the menu.
#[derive(Serialize, ToSchema)]
pub(super) struct Menu {
    /// By which clients know it.
    id: &'static str,
    /// What a person reads.
    name: &'static str,
}

/// The menus of the signed-in user: a cheap way to try a credential.
#[utoipa::path(
    get, path = "/api/v1/permissions/menus", tag = "profile",
    responses(
        (status = 200, description = "The menus", body = Envelope<Vec<Menu>>),
        (status = 401, description = "Not signed in", body = ErrorBody),
    ),
)]
pub(super) async fn menus(SignedIn(caller): SignedIn) -> Json<Envelope<Vec<Menu>>> {
    let mut menus = vec![Menu {
        id: "profile",
        name: "Profile",
    }];
    if caller.session_id().is_ok() {
        menus.push(Menu {
            id: "api-key",
            name: "API Key",
        });
    }
    enveloped(menus)
}
