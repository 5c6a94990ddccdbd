//! What surrounds every request: the log line, the clock, the host check, the time limit,
//! and the answers that no handler gives.

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, DATE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Shared;
use super::error::ApiError;
use crate::host::{AllowedHosts, HostRefusal};
use crate::limits;

/// One line a request: method, route and outcome; nothing that the client chose freely.
pub(super) async fn logged(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(none)", MatchedPath::as_str)
        .to_owned();
    let start = Instant::now();
    let response = next.run(request).await;
    tracing::info!(
        %method,
        route,
        status = response.status().as_u16(),
        milliseconds = start.elapsed().as_millis(),
    );
    response
}

/// Headers that every answer has: the time of the clock by which the rules decide, and that
/// nothing is to be stored or guessed.
pub(super) async fn with_headers(
    State(accounts): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(date) = HeaderValue::from_str(&accounts.clock().http_date()) {
        headers.insert(DATE, date);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Refuses requests that are meant for somebody else, before anything looks at them.
pub(super) async fn for_this_server(
    State(hosts): State<Arc<AllowedHosts>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    hosts
        .check(request.uri(), request.headers())
        .map_err(|refusal| match refusal {
            HostRefusal::Malformed => ApiError::new(
                StatusCode::BAD_REQUEST,
                "The request must name exactly one host.",
            ),
            HostRefusal::NotThisServer => ApiError::new(
                StatusCode::MISDIRECTED_REQUEST,
                "This server is not known by that name.",
            ),
            HostRefusal::ForeignOrigin => ApiError::new(
                StatusCode::FORBIDDEN,
                "Web pages of other servers may not use this one.",
            ),
        })?;
    Ok(next.run(request).await)
}

/// Gives up on a request whose body does not arrive, or whose answer is not found, in time.
pub(super) async fn in_time(request: Request, next: Next) -> Result<Response, ApiError> {
    tokio::time::timeout(limits::REQUEST_TIMEOUT, next.run(request))
        .await
        .map_err(|_| {
            ApiError::new(
                StatusCode::REQUEST_TIMEOUT,
                "The request took too long and was given up.",
            )
        })
}

pub(super) async fn no_such_route() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "There is nothing at this path.")
}

pub(super) async fn no_such_method() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "This path does not know that method.",
    )
}

/// The payload of a panic may hold anything, so it is not logged; the panic hook names the
/// place.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    ApiError::internal().into_response()
}
