//! The dialect of our own two portals: that of organizations and that of administrators.
//!
//! It translates between the wire and `accounts`, and decides nothing. JSON is in
//! `camelCase`, times are RFC 3339 in UTC, errors are problem details (RFC 9457), lists are
//! read by cursor, creation may be repeated with an `Idempotency-Key`. All of it is described
//! at [`DESCRIPTION`].

mod account;
mod api_keys;
mod avatar;
mod capabilities;
mod deletion;
mod etag;
mod extract;
mod idempotency;
mod openapi;
mod organization_api_keys;
mod organizations;
mod page;
mod password;
mod problem;
mod refusal;
mod second_factor;
mod security_log;
mod sessions;
mod users;
mod wire;

use std::sync::Arc;

use axum::Router;

use crate::guard::{Shared, guarded};
use crate::host::AllowedHosts;
use problem::Refusal;

/// Where the operations lie.
pub(crate) const BASE: &str = "/portal/v1";
/// Where they are described.
pub(crate) const DESCRIPTION: &str = "/openapi.json";

/// What this dialect serves.
pub(crate) struct Routers {
    /// The operations, without [`BASE`].
    pub(crate) api: Router,
    /// What lies at [`DESCRIPTION`], without it.
    pub(crate) description: Router,
}

/// All routes, behind the checks that every request passes.
pub(crate) fn routers(accounts: &Shared, hosts: &Arc<AllowedHosts>) -> Routers {
    let (routes, operations) = openapi::routes().split_for_parts();
    let description = openapi::description_route(&openapi::describe(operations));
    Routers {
        api: guarded::<Refusal>(routes, accounts, hosts),
        description: guarded::<Refusal>(description, accounts, hosts),
    }
}
