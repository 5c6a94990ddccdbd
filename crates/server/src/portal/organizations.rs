//! The organizations to which one belongs.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::SignedIn;
use super::page::{PageBody, PageQuery, Paging};
use super::problem::Refusal;
use crate::guard::Shared;
use crate::store::organizations::Membership;
use crate::vocabulary::OrganizationRole;

/// What one is in an organization.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Role {
    Owner,
    Admin,
    Member,
    Viewer,
}

/// An organization, as one of its members sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct Organization {
    id: String,
    name: String,
    /// What you are there.
    role: Role,
}

impl From<Membership> for Organization {
    fn from(membership: Membership) -> Self {
        Self {
            id: membership.organization_id,
            name: membership.name,
            role: match membership.role {
                OrganizationRole::Owner => Role::Owner,
                OrganizationRole::Admin => Role::Admin,
                OrganizationRole::Member => Role::Member,
                OrganizationRole::Viewer => Role::Viewer,
            },
        }
    }
}

/// The organizations to which you belong, in the order of their names.
///
/// With an API key of an organization it is that one alone.
#[utoipa::path(
    get, path = "/organizations", tag = "organizations", params(PageQuery),
    responses((status = 200, description = "A part of the list", body = PageBody<Organization>)),
)]
pub(super) async fn list_organizations(
    State(accounts): State<Shared>,
    SignedIn(caller): SignedIn,
    Paging(request): Paging,
) -> Result<Json<PageBody<Organization>>, Refusal> {
    let organizations = accounts.organizations(&caller, request).await?;
    Ok(Json(PageBody::of(organizations, Organization::from)))
}
