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
mod guard;
mod health;
mod openapi;
mod password;
mod profile;
mod sign_in;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;

use crate::accounts::Accounts;
use crate::host::AllowedHosts;
use crate::limits;

/// What every handler has at hand.
pub(crate) type Shared = Arc<Accounts>;

/// All routes, behind the checks that every request passes.
pub(crate) fn router(accounts: Shared, hosts: AllowedHosts) -> Router {
    let (routes, document) = openapi::routes().split_for_parts();
    routes
        .merge(openapi::document_route(document))
        .fallback(guard::no_such_route)
        .method_not_allowed_fallback(guard::no_such_method)
        .layer(DefaultBodyLimit::max(limits::MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn(guard::in_time))
        .layer(from_fn_with_state(Arc::new(hosts), guard::for_this_server))
        .layer(from_fn_with_state(
            Arc::clone(&accounts),
            guard::with_headers,
        ))
        .layer(from_fn(guard::logged))
        .with_state(accounts)
}
