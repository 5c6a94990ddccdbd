//! What surrounds every request, whatever its dialect: the log line, the clock, the host
//! check, the time limit, and the answers that no handler gives. How a dialect calls these
//! answers, and their status, is its own affair.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, DATE, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::accounts::Accounts;
use crate::host::{AllowedHosts, HostRefusal};
use crate::limits;

/// What every handler has at hand.
pub(crate) type Shared = Arc<Accounts>;

/// Why a request ends before a handler answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interruption {
    /// It does not name exactly one host.
    HostMalformed,
    /// It is meant for somebody else.
    NotThisServer,
    /// A page of somebody else sends it.
    ForeignOrigin,
    /// Its body did not arrive, or its answer was not found, in time.
    TooSlow,
    /// There is nothing at its path.
    NoSuchRoute,
    /// Its path does not know its method.
    NoSuchMethod,
    /// The handler panicked.
    Panicked,
}

/// Puts the routes of a dialect behind the checks that every request passes. `E` is how the
/// dialect refuses.
pub(crate) fn guarded<E>(
    routes: Router<Shared>,
    accounts: &Shared,
    hosts: &Arc<AllowedHosts>,
) -> Router
where
    E: From<Interruption> + IntoResponse + Send + 'static,
{
    routes
        .fallback(async || E::from(Interruption::NoSuchRoute))
        .method_not_allowed_fallback(async || E::from(Interruption::NoSuchMethod))
        .layer(DefaultBodyLimit::max(limits::MAX_BODY_BYTES))
        // The payload of a panic may hold anything, so it is not logged; the program's panic
        // hook names the place.
        .layer(CatchPanicLayer::custom(|_| {
            E::from(Interruption::Panicked).into_response()
        }))
        .layer(from_fn(in_time::<E>))
        .layer(from_fn_with_state(Arc::clone(hosts), for_this_server::<E>))
        .layer(from_fn_with_state(Arc::clone(accounts), with_headers))
        .layer(from_fn(logged))
        .with_state(Arc::clone(accounts))
}

/// One line a request: method, route and outcome; nothing that the client chose freely.
async fn logged(request: Request, next: Next) -> Response {
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
async fn with_headers(State(accounts): State<Shared>, request: Request, next: Next) -> Response {
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
async fn for_this_server<E: From<Interruption>>(
    State(hosts): State<Arc<AllowedHosts>>,
    request: Request,
    next: Next,
) -> Result<Response, E> {
    hosts
        .check(request.uri(), request.headers())
        .map_err(|refusal| match refusal {
            HostRefusal::Malformed => Interruption::HostMalformed,
            HostRefusal::NotThisServer => Interruption::NotThisServer,
            HostRefusal::ForeignOrigin => Interruption::ForeignOrigin,
        })?;
    Ok(next.run(request).await)
}

/// Gives up on a request that takes too long.
async fn in_time<E: From<Interruption>>(request: Request, next: Next) -> Result<Response, E> {
    Ok(
        tokio::time::timeout(limits::REQUEST_TIMEOUT, next.run(request))
            .await
            .map_err(|_| Interruption::TooSlow)?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::StatusCode;
    use axum::routing::get;
    use hyper::service::Service;
    use hyper_util::service::TowerToHyperService;

    use crate::clock::Clock;
    use crate::config::Settings;

    struct Refused(Interruption);

    impl From<Interruption> for Refused {
        fn from(interruption: Interruption) -> Self {
            Self(interruption)
        }
    }

    impl IntoResponse for Refused {
        fn into_response(self) -> Response {
            (StatusCode::IM_A_TEAPOT, format!("{:?}", self.0)).into_response()
        }
    }

    async fn broken() {
        panic!("planted");
    }

    #[tokio::test]
    async fn a_handler_that_panics_is_answered_for_and_its_words_are_not_passed_on() {
        let dir = tempfile::tempdir().unwrap();
        let accounts = Accounts::open(dir.path(), Settings::default(), Clock::system()).unwrap();
        let hosts = AllowedHosts::new("127.0.0.1:80".parse().unwrap(), &[]);
        let routes = Router::new().route("/", get(broken));
        let served = guarded::<Refused>(routes, &Arc::new(accounts), &Arc::new(hosts));
        for _ in 0..2 {
            let request = Request::builder().header("host", "127.0.0.1");
            let request = request.body(Body::empty()).unwrap();
            let service = TowerToHyperService::new(served.clone());
            let answer = service.call(request).await.unwrap();
            assert_eq!(answer.status(), StatusCode::IM_A_TEAPOT);
            assert_eq!(answer.headers()["cache-control"], "no-store");
            let body = to_bytes(answer.into_body(), 1000).await.unwrap();
            assert_eq!(body, "Panicked");
        }
    }
}
