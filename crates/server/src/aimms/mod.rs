//! The AIMMS dialect: the User Manager service of AIMMS Cloud, as the vendor documents it.
//!
//! It translates between the wire and `accounts`, and decides nothing. One speaks with an API
//! key in the header `apikey`, and in no other way. Names are in `snake_case`, times are
//! RFC 3339, lists are bare arrays.
//!
//! Documented by the vendor: all paths that read, the keys, the filters. Assumed, because the
//! documentation has the act or its answer but not its form: the bodies of refusals, the form
//! of lists, changing one's own info and password, and everything of MFA.

mod api_keys;
mod directory;
mod error;
mod extract;
mod mfa;
mod openapi;
mod password;
mod profile;
mod query;

use std::sync::Arc;

use axum::Router;

use crate::guard::{Shared, guarded};
use crate::host::AllowedHosts;

/// Where the operations lie, and their description with them.
pub(crate) const BASE: &str = "/pro/user-manager/v1";

/// The environment of everybody here. The vendor's servers have one of this name from the
/// beginning.
const ENVIRONMENT: &str = "ROOT";

/// All routes, without [`BASE`], behind the checks that every request passes.
pub(crate) fn router(accounts: &Shared, hosts: &Arc<AllowedHosts>) -> Router {
    let (routes, operations) = openapi::routes().split_for_parts();
    let routes = routes.merge(openapi::description_route(operations));
    guarded::<error::ApiError>(routes, accounts, hosts)
}
