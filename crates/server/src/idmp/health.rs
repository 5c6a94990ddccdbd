//! Whether the server is well, in the shape of Quarkus' health checks.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::guard::Shared;

/// Up or down.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Up,
    Down,
}

/// One thing that was looked at.
#[derive(Serialize, ToSchema)]
struct Check {
    name: &'static str,
    status: Status,
}

/// How the server is.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    status: Status,
    checks: Vec<Check>,
}

/// Whether the server is well. Nobody needs to be signed in.
#[utoipa::path(
    get, path = "/q/health", tag = "server", security(()),
    responses(
        (status = 200, description = "It is", body = Health),
        (status = 503, description = "It is not", body = Health),
    ),
)]
pub(super) async fn health(State(accounts): State<Shared>) -> (StatusCode, Json<Health>) {
    let (code, status) = if accounts.is_well().await {
        (StatusCode::OK, Status::Up)
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, Status::Down)
    };
    let checks = vec![Check {
        name: "database",
        status,
    }];
    (code, Json(Health { status, checks }))
}
