//! Users of the admin portal.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::etag::{demanded, etag};
use super::extract::{Body, Id, SignedIn};
use super::idempotency::{Creation, IdempotencyHeader};
use super::page::{PageQuery, Paging};
use super::problem::{ProblemDetails, Refusal, Slug};
use super::wire::Moment;
use crate::accounts::{Caller, NewPortalUser, PortalUser, UserChange};
use crate::guard::Shared;
use crate::secret_text::SecretText;

/// Somebody who may change users. The rules check it again; here it comes before the body is
/// read.
pub(super) struct Editor(Caller);

impl FromRequestParts<Shared> for Editor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let SignedIn(caller) = SignedIn::from_request_parts(parts, state).await?;
        caller.may_edit_users()?;
        Ok(Self(caller))
    }
}

/// Somebody who may make and delete users, and set their passwords.
pub(super) struct Administrator(Caller);

impl FromRequestParts<Shared> for Administrator {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let SignedIn(caller) = SignedIn::from_request_parts(parts, state).await?;
        caller.may_administer_users()?;
        Ok(Self(caller))
    }
}

/// Whether a user may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Active,
    Inactive,
}

/// A user of the admin portal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserBody {
    id: String,
    email: String,
    display_name: String,
    roles: Vec<String>,
    status: Status,
    /// Null: never.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_login_at: Option<Moment>,
    /// Whether it is the caller.
    you: bool,
}

impl UserBody {
    fn of(user: PortalUser, caller: &Caller) -> Self {
        Self {
            you: user.id == caller.user.id,
            id: user.id,
            email: user.email,
            display_name: user.display_name,
            roles: user.roles,
            status: if user.active {
                Status::Active
            } else {
                Status::Inactive
            },
            last_login_at: user.last_login_time.map(Moment),
        }
    }
}

/// A part of the users.
#[derive(Serialize, ToSchema)]
pub(super) struct UsersBody {
    /// The users of this part.
    items: Vec<UserBody>,
    /// The cursor of the next part; null at the end of the list.
    next: Option<String>,
    /// How many were found in all.
    total: u64,
}

/// Whom to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchQuery {
    /// Part of an email or display name, however it is typed.
    #[serde(default)]
    #[param(required = false)]
    search: String,
}

impl FromRequestParts<Shared> for SearchQuery {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let query: Result<Query<Self>, QueryRejection> =
            Query::from_request_parts(parts, state).await;
        query
            .map(|Query(query)| query)
            .map_err(|_| Refusal::new(Slug::Malformed, "search is given once."))
    }
}

/// The users of the admin portal, in the order of their emails.
#[utoipa::path(
    get, path = "/users", tag = "users", params(SearchQuery, PageQuery),
    responses((status = 200, description = "A part", body = UsersBody)),
)]
pub(super) async fn list_users(
    State(accounts): State<Shared>,
    SignedIn(caller): SignedIn,
    query: SearchQuery,
    Paging(request): Paging,
) -> Result<Json<UsersBody>, Refusal> {
    let (slice, total) = accounts
        .portal_users(&caller, &query.search, request)
        .await?;
    let items = slice.items.into_iter();
    Ok(Json(UsersBody {
        items: items.map(|user| UserBody::of(user, &caller)).collect(),
        next: slice.next,
        total,
    }))
}

/// A user to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewUserRequest {
    /// The address with which the user signs in.
    #[schema(max_length = 254)]
    email: String,
    #[schema(min_length = 1, max_length = 257)]
    display_name: String,
    /// With a capital letter, a lowercase letter, a number and a special character.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 1024)]
    password: SecretText,
    /// One or more of `super-admin`, `admin` and `read-only`.
    #[schema(min_items = 1)]
    roles: Vec<String>,
}

/// Make a user.
#[utoipa::path(
    post, path = "/users", tag = "users", params(IdempotencyHeader),
    request_body = NewUserRequest,
    responses(
        (status = 201, description = "The user", body = UserBody,
            headers(("ETag" = String, description = "Its version"))),
        (status = 409, description = "The email is taken", body = ProblemDetails),
    ),
)]
pub(super) async fn create_user(
    State(accounts): State<Shared>,
    Administrator(caller): Administrator,
    creation: Creation<NewUserRequest>,
) -> Result<impl IntoResponse, Refusal> {
    let new = NewPortalUser {
        email: creation.body.email,
        display_name: creation.body.display_name,
        password: creation.body.password.0,
        roles: creation.body.roles,
    };
    let user = accounts
        .create_portal_user(&caller, new, creation.repeatable)
        .await
        .map_err(|error| Refusal::from(error).renamed("/newPassword", "/password"))?;
    let tag = etag(user.version);
    Ok((StatusCode::CREATED, tag, Json(UserBody::of(user, &caller))))
}

/// One user of the admin portal.
#[utoipa::path(
    get, path = "/users/{id}", tag = "users",
    params(("id" = String, Path, description = "The user's id")),
    responses(
        (status = 200, description = "The user", body = UserBody,
            headers(("ETag" = String, description = "Its version"))),
        (status = 404, description = "There is no such user", body = ProblemDetails),
    ),
)]
pub(super) async fn get_user(
    State(accounts): State<Shared>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<impl IntoResponse, Refusal> {
    let user = accounts.portal_user(&caller, &id).await?;
    Ok((etag(user.version), Json(UserBody::of(user, &caller))))
}

/// Changes of a user. What is absent or null stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserRequest {
    #[serde(default)]
    #[schema(min_length = 1, max_length = 257)]
    display_name: Option<String>,
    /// One or more of `super-admin`, `admin` and `read-only`. Nobody changes their own.
    #[serde(default)]
    #[schema(min_items = 1)]
    roles: Option<Vec<String>>,
    /// Nobody changes their own.
    #[serde(default)]
    status: Option<Status>,
}

/// Change a user. Only a super-admin changes one, or makes one of somebody.
#[utoipa::path(
    patch, path = "/users/{id}", tag = "users",
    request_body = UserRequest,
    params(
        ("id" = String, Path, description = "The user's id"),
        ("If-Match" = Option<String>, Header,
            description = "The ETag that was read; without it the change is refused"),
    ),
    responses(
        (status = 200, description = "The user afterwards", body = UserBody,
            headers(("ETag" = String, description = "Its version"))),
        (status = 404, description = "There is no such user", body = ProblemDetails),
        (status = 409, description = "The last super-admin stays", body = ProblemDetails),
        (status = 412, description = "It has changed since it was read", body = ProblemDetails),
        (status = 428, description = "If-Match is missing", body = ProblemDetails),
    ),
)]
pub(super) async fn change_user(
    State(accounts): State<Shared>,
    Editor(caller): Editor,
    Id(id): Id,
    headers: HeaderMap,
    Body(request): Body<UserRequest>,
) -> Result<impl IntoResponse, Refusal> {
    let change = UserChange {
        display_name: request.display_name,
        roles: request.roles,
        active: request.status.map(|status| status == Status::Active),
    };
    let user = accounts
        .edit_portal_user(&caller, &id, change, demanded(&headers)?)
        .await?;
    Ok((etag(user.version), Json(UserBody::of(user, &caller))))
}

/// A password for somebody who forgot theirs.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResetRequest {
    /// With a capital letter, a lowercase letter, a number and a special character.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 1024)]
    new_password: SecretText,
}

/// Set a new password for another user. Their sessions end.
#[utoipa::path(
    put, path = "/users/{id}/password", tag = "users",
    request_body = ResetRequest,
    params(("id" = String, Path, description = "The user's id")),
    responses(
        (status = 204, description = "Set"),
        (status = 404, description = "There is no such user", body = ProblemDetails),
    ),
)]
pub(super) async fn reset_password(
    State(accounts): State<Shared>,
    Administrator(caller): Administrator,
    Id(id): Id,
    Body(request): Body<ResetRequest>,
) -> Result<StatusCode, Refusal> {
    accounts
        .reset_portal_password(&caller, &id, request.new_password.0)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete another user, with everything that belongs to them.
#[utoipa::path(
    delete, path = "/users/{id}", tag = "users",
    params(("id" = String, Path, description = "The user's id")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "There is no such user", body = ProblemDetails),
        (status = 409, description = "Others depend on the user", body = ProblemDetails),
    ),
)]
pub(super) async fn delete_user(
    State(accounts): State<Shared>,
    Administrator(caller): Administrator,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    accounts.delete_portal_user(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
