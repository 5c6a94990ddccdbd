//! The IDMP dialect: paths, JSON names, envelopes and status codes of a `TDengine` IDMP server.
//!
//! It translates between the wire and `accounts`, and decides nothing. Fields are in
//! `snake_case` (`camelCase` is understood as well), times are Unix milliseconds. Sign-in,
//! the current user and health answer bare; everything else in
//! `{"code":0,"message":"success","data":…}`, and errors in `{"code","message","field"?}`
//! with the HTTP status as code.

mod api_keys;
mod avatar;
mod error;
mod extract;
mod health;
mod openapi;
mod password;
mod profile;
mod sign_in;
mod wire;

use std::sync::Arc;

use axum::Router;

use crate::guard::{Shared, guarded};
use crate::host::AllowedHosts;

/// All routes, behind the checks that every request passes.
pub(crate) fn router(accounts: &Shared, hosts: &Arc<AllowedHosts>) -> Router {
    let (routes, document) = openapi::routes().split_for_parts();
    let routes = routes.merge(openapi::document_route(document));
    guarded::<error::ApiError>(routes, accounts, hosts)
}
