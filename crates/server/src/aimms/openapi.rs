//! The routes, and the `OpenAPI` document that is made from them: a route that is served is
//! described, because both come from the same line.

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{ApiError, ErrorBody};
use super::{BASE, api_keys, directory, extract, mfa, password, profile};
use crate::description::Refusals;
use crate::guard::Shared;

/// Where the vendor has its own, after [`BASE`].
const PATH: &str = "/openapi.yaml";

const REFUSALS: Refusals = Refusals {
    schema: "ErrorBody",
    media_type: "application/json",
    invalid: "400",
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "User Manager",
        description = "The current user with their API keys, and who else is here, in the \
            dialect of AIMMS Cloud. Errors are `{\"error\",\"message\",\"field\"?}`.",
    ),
    components(schemas(ErrorBody)),
    modifiers(&Credentials),
    security(("apikey" = [])),
    tags(
        (name = "current user", description = "Whose key it is"),
        (name = "API keys", description = "Keys of the current user; they need the scope APIKey"),
        (name = "directory", description = "Who is here; it needs the scope Authentication"),
    ),
)]
struct Description;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let key = ApiKeyValue::with_description(extract::HEADER, "The value of an API key");
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("apikey", SecurityScheme::ApiKey(ApiKey::Header(key)));
    }
}

/// Every operation of the dialect.
pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(profile::info, profile::change_info))
        .routes(routes!(profile::environment))
        .routes(routes!(password::change_password))
        .routes(routes!(mfa::status, mfa::start, mfa::confirm, mfa::remove))
        .routes(routes!(api_keys::list_keys, api_keys::create_key))
        .routes(routes!(api_keys::delete_key))
        .routes(routes!(api_keys::scopes))
        .routes(routes!(directory::environments))
        .routes(routes!(directory::environment_info))
        .routes(routes!(directory::groups))
        .routes(routes!(directory::group_info))
        .routes(routes!(directory::users))
        .routes(routes!(directory::user_info))
}

/// The whole document: the operations at their place, with every refusal.
fn describe(operations: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let mut document = Description::openapi().nest(BASE, operations);
    REFUSALS.complete(&mut document);
    document
}

/// Serves the document.
pub(super) fn description_route(operations: utoipa::openapi::OpenApi) -> Router<Shared> {
    let text = describe(operations).to_yaml().ok().map(Arc::<str>::from);
    let handler = async move || match text.clone() {
        Some(text) => {
            let content_type = [(CONTENT_TYPE, "application/yaml;charset=UTF-8")];
            (content_type, text.to_string()).into_response()
        }
        None => ApiError::internal().into_response(),
    };
    Router::new().route(PATH, get(handler))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::limits::{MAX_DISPLAY_NAME_CHARS, MAX_TITLE_CHARS};
    use crate::accounts::password_policy::{PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS};
    use crate::accounts::text::MAX_EMAIL_CHARS;

    #[test]
    fn the_limits_in_the_document_are_those_of_the_rules() {
        let document = serde_json::to_value(routes().into_openapi()).unwrap();
        let schemas = &document["components"]["schemas"];
        for (schema, property, limit, value) in [
            ("NewApiKeyRequest", "name", "maxLength", MAX_TITLE_CHARS),
            (
                "InfoRequest",
                "full_name",
                "maxLength",
                MAX_DISPLAY_NAME_CHARS,
            ),
            ("InfoRequest", "email", "maxLength", MAX_EMAIL_CHARS),
            (
                "PasswordRequest",
                "new_password",
                "minLength",
                PASSWORD_MIN_CHARS,
            ),
            (
                "PasswordRequest",
                "new_password",
                "maxLength",
                PASSWORD_MAX_CHARS,
            ),
        ] {
            let found = &schemas[schema]["properties"][property][limit];
            assert_eq!(*found, value, "{schema}.{property}.{limit}");
        }
    }
}
