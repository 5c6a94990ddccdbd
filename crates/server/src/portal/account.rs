//! The caller's own account.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::etag::{etag, expected};
use super::extract::{Body, InSession, SignedIn};
use super::problem::{ProblemDetails, Refusal};
use crate::accounts::ProfileChange;
use crate::guard::Shared;
use crate::store::users::User;
use crate::vocabulary::{Named, Scope};

/// To which of the two portals an account belongs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Persona {
    Organization,
    Admin,
}

/// How an account signs in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum LoginType {
    Password,
    SingleSignOn,
}

/// An account, as its owner sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    id: String,
    /// The address with which the account signs in; it cannot be changed.
    email: String,
    first_name: String,
    last_name: String,
    /// The name by which others know the person.
    display_name: String,
    persona: Persona,
    /// Roles in the admin portal.
    roles: Vec<&'static str>,
    login_type: LoginType,
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self {
            display_name: user.full_name(),
            persona: if user.portal_roles.is_empty() {
                Persona::Organization
            } else {
                Persona::Admin
            },
            roles: user.portal_roles.iter().map(|role| role.name()).collect(),
            login_type: if user.password_hash.is_some() {
                LoginType::Password
            } else {
                LoginType::SingleSignOn
            },
            id: user.id,
            email: user.email,
            first_name: user.profile.first_name,
            last_name: user.profile.last_name,
        }
    }
}

/// Your account.
#[utoipa::path(
    get, path = "/account", tag = "account",
    responses((status = 200, description = "The account", body = Account,
        headers(("ETag" = String, description = "Its version")))),
)]
pub(super) async fn get_account(SignedIn(caller): SignedIn) -> Result<impl IntoResponse, Refusal> {
    caller.check_scope(Scope::Read)?;
    Ok((etag(caller.user.version), Json(Account::from(caller.user))))
}

/// Changes of an account. What is absent or null stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "these are the names on the wire")]
pub(super) struct AccountRequest {
    #[serde(default)]
    #[schema(min_length = 1, max_length = 128)]
    first_name: Option<String>,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 128)]
    last_name: Option<String>,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 257)]
    display_name: Option<String>,
}

/// Change your names. The email cannot be changed.
#[utoipa::path(
    patch, path = "/account", tag = "account",
    request_body = AccountRequest,
    params(("If-Match" = Option<String>, Header, description = "The ETag that was read")),
    responses(
        (status = 200, description = "The account afterwards", body = Account,
            headers(("ETag" = String, description = "Its version"))),
        (status = 412, description = "It has changed since it was read", body = ProblemDetails),
    ),
)]
pub(super) async fn change_account(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    headers: HeaderMap,
    Body(request): Body<AccountRequest>,
) -> Result<impl IntoResponse, Refusal> {
    let change = ProfileChange {
        first_name: request.first_name,
        last_name: request.last_name,
        display_name: request.display_name,
        ..ProfileChange::default()
    };
    let user = accounts
        .change_profile(&caller, change, expected(&headers))
        .await?;
    Ok((etag(user.version), Json(Account::from(user))))
}
