//! What the `OpenAPI` descriptions have in common: refusals, and the two headers of a signed-in
//! request. An operation names what is particular to it; what its shape brings with it is added
//! here, to all alike.

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr};

/// How a dialect refuses.
pub(crate) struct Refusals {
    /// The schema of their body.
    pub(crate) schema: &'static str,
    /// The media type of their body.
    pub(crate) media_type: &'static str,
    /// The status of a body whose entries are not acceptable.
    pub(crate) invalid: &'static str,
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
];
/// Headers of answers, whatever the operation.
const HEADERS: &[(&str, &str, &str)] = &[
    ("401", "WWW-Authenticate", "Which credential is asked for"),
    ("429", "Retry-After", "Seconds to wait"),
    ("503", "Retry-After", "Seconds to wait"),
];

impl Refusals {
    /// Adds to each operation the refusals that it does not name itself.
    pub(crate) fn complete(&self, document: &mut OpenApi) {
        for item in document.paths.paths.values_mut() {
            for operation in operations_of(item) {
                self.complete_operation(operation);
            }
        }
    }

    fn complete_operation(&self, operation: &mut Operation) {
        for (status, response) in &mut operation.responses.responses {
            if let RefOr::T(response) = response
                && status.as_str() >= "400"
                && let Some(content) = response.content.shift_remove("application/json")
            {
                response.content.insert(self.media_type.to_owned(), content);
            }
        }
        let nothing = SecurityRequirement::default();
        let is_open = |security: &Vec<SecurityRequirement>| security.contains(&nothing);
        let mut refusals = ALWAYS.to_vec();
        if !operation.security.as_ref().is_some_and(is_open) {
            refusals.push(("401", "The credential is missing, or not good"));
        }
        if operation.request_body.is_some() {
            refusals.extend(WITH_BODY);
            refusals.push((self.invalid, "An entry is not acceptable"));
        }
        let responses = &mut operation.responses.responses;
        for (status, description) in refusals {
            responses
                .entry(status.to_owned())
                .or_insert_with(|| RefOr::T(self.refusal(description)));
        }
        for (status, name, description) in HEADERS {
            if let Some(RefOr::T(response)) = responses.get_mut(*status) {
                let header = HeaderBuilder::new().description(Some(*description)).build();
                response.headers.insert((*name).to_owned(), header.into());
            }
        }
    }

    fn refusal(&self, description: &str) -> Response {
        let schema = Ref::from_schema_name(self.schema);
        let content = ContentBuilder::new().schema(Some(schema)).build();
        ResponseBuilder::new()
            .description(description)
            .content(self.media_type, content)
            .build()
    }
}

/// Describes the two headers of a signed-in request. `carried` is what the first one carries.
pub(crate) fn add_credentials(document: &mut OpenApi, carried: &str) {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(carried))
        .build();
    let access_token = ApiKeyValue::with_description(
        "Access-token",
        "The companion of the token, on servers that ask for both",
    );
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.add_security_scheme(
        "access_token",
        SecurityScheme::ApiKey(ApiKey::Header(access_token)),
    );
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
