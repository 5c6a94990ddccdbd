//! The routes, and the `OpenAPI` document that is made from them: a route that is served is
//! described, because both come from the same line. An operation names what is particular to
//! it; the refusals that its shape brings with it are added here, to all alike.

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::{MEDIA_TYPE, ProblemDetails};
use super::{BASE, sessions};
use crate::guard::Shared;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Keydesk portal",
        description = "The organization portal and the admin portal of a Keydesk server. JSON \
            is in camelCase, times are RFC 3339 in UTC with milliseconds, errors are problem \
            details (RFC 9457) whose `type` does not change. Lists are read by cursor: `next` \
            of one answer is `cursor` of the next request.",
    ),
    components(schemas(ProblemDetails)),
    modifiers(&Credentials),
    security(("bearer" = []), ("bearer" = [], "access_token" = [])),
    tags(
        (name = "sessions", description = "Signing in and out"),
    ),
)]
struct Description;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A token from the sign-in, or an API key of a portal"))
            .build();
        let access_token = ApiKeyValue::with_description(
            "Access-token",
            "The companion of the token, on servers that ask for both",
        );
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        components.add_security_scheme(
            "access_token",
            SecurityScheme::ApiKey(ApiKey::Header(access_token)),
        );
    }
}

/// Every operation of the dialect.
pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(sessions::sign_in))
        .routes(routes!(sessions::sign_out))
}

/// The whole document: the operations at their place, with every refusal.
pub(super) fn describe(operations: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let mut document = Description::openapi().nest(BASE, operations);
    for item in document.paths.paths.values_mut() {
        for operation in operations_of(item) {
            complete(operation);
        }
    }
    document
}

fn operations_of(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.patch,
    ]
    .into_iter()
    .flatten()
}

/// Refusals of every operation.
const ALWAYS: &[(&str, &str)] = &[
    ("400", "The request cannot be read"),
    (
        "403",
        "Not for this caller, or a page of another server asks",
    ),
    ("408", "The request took too long"),
    ("421", "Another server is meant"),
    ("500", "The server met an error of its own"),
    ("503", "The server is busy"),
    ("507", "The server's disk is full"),
];
/// Refusals of an operation that takes a body.
const WITH_BODY: &[(&str, &str)] = &[
    ("413", "The body is too large"),
    ("415", "The body is of another kind"),
    ("422", "An entry is not acceptable"),
];

fn complete(operation: &mut Operation) {
    for response in operation.responses.responses.iter_mut() {
        if let (status, RefOr::T(response)) = response
            && status.as_str() >= "400"
        {
            as_problem(response);
        }
    }
    let is_open = operation.security.as_ref().is_some_and(|security| {
        let nothing = utoipa::openapi::security::SecurityRequirement::default();
        security.contains(&nothing)
    });
    let with_body = operation.request_body.is_some();
    let signed_in = [("401", "Not signed in")];
    let of_its_shape = ALWAYS
        .iter()
        .chain(WITH_BODY.iter().filter(|_| with_body))
        .chain(signed_in.iter().filter(|_| !is_open));
    for (status, description) in of_its_shape {
        let responses = &mut operation.responses.responses;
        responses
            .entry((*status).to_owned())
            .or_insert_with(|| RefOr::T(problem(description)));
    }
    for (status, header, description) in [
        ("401", "WWW-Authenticate", "Which credential is asked for"),
        ("429", "Retry-After", "Seconds to wait"),
        ("503", "Retry-After", "Seconds to wait"),
    ] {
        if let Some(RefOr::T(response)) = operation.responses.responses.get_mut(status) {
            let header_value = HeaderBuilder::new().description(Some(description)).build();
            response
                .headers
                .insert(header.to_owned(), header_value.into());
        }
    }
}

fn problem(description: &str) -> Response {
    let schema = Ref::from_schema_name("ProblemDetails");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new()
        .description(description)
        .content(MEDIA_TYPE, content)
        .build()
}

/// What an operation names as JSON goes out under the media type of problems.
fn as_problem(response: &mut Response) {
    if let Some(content) = response.content.shift_remove("application/json") {
        response.content.insert(MEDIA_TYPE.to_owned(), content);
    }
}

/// Serves the document.
pub(super) fn description_route(document: &utoipa::openapi::OpenApi) -> Router<Shared> {
    let text = document.to_json().map(Arc::<str>::from).ok();
    let handler = move || async move {
        match text {
            Some(text) => ([(CONTENT_TYPE, "application/json")], text.to_string()).into_response(),
            None => super::refusal::server_failed().into_response(),
        }
    };
    Router::new().route("/", get(handler))
}
