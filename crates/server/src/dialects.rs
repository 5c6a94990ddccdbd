//! Which dialect a request is in: its path says so.

use std::sync::Arc;

use axum::Router;

use crate::guard::Shared;
use crate::host::AllowedHosts;
use crate::{aimms, idmp, portal};

/// Every dialect at its paths. What belongs to none is answered as IDMP does, which has the
/// root for itself.
pub(crate) fn router(accounts: &Shared, hosts: AllowedHosts) -> Router {
    let hosts = Arc::new(hosts);
    let portal = portal::routers(accounts, &hosts);
    Router::new()
        .nest(aimms::BASE, aimms::router(accounts, &hosts))
        .nest(portal::BASE, portal.api)
        .nest(portal::DESCRIPTION, portal.description)
        .fallback_service(idmp::router(accounts, &hosts))
}
