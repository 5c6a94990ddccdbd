//! The routes, and the `OpenAPI` document that is made from them: a route that is served is
//! described, because both come from the same line.

use std::sync::Arc;

use axum::Router;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::{api_keys, avatar, health, password, profile, sign_in};
use crate::description::{Refusals, add_credentials};
use crate::guard::Shared;

/// Where IDMP, being a Quarkus application, has its own.
const PATH: &str = "/q/openapi";

const REFUSALS: Refusals = Refusals {
    schema: "ErrorBody",
    media_type: "application/json",
    invalid: "400",
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Keydesk server",
        description = "Accounts, profiles and API keys, in the dialect of TDengine IDMP. \
            Times are Unix milliseconds. Errors are `{\"code\",\"message\",\"field\"?}` with \
            the HTTP status as code.",
    ),
    modifiers(&Credentials),
    security(("bearer" = []), ("bearer" = [], "access_token" = [])),
    tags(
        (name = "session", description = "Signing in and out"),
        (name = "profile", description = "The signed-in user"),
        (name = "api keys", description = "Keys for programs; refused to requests that carry one"),
        (name = "server", description = "The server itself"),
    ),
)]
struct Description;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        add_credentials(openapi, "A token from the sign-in, or an API key");
    }
}

/// Every operation of the dialect.
pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(health::health))
        .routes(routes!(sign_in::login))
        .routes(routes!(sign_in::logout))
        .routes(routes!(sign_in::password_reset_email))
        .routes(routes!(sign_in::send_verifycode))
        .routes(routes!(profile::menus))
        .routes(routes!(profile::current_user, profile::update_user))
        .routes(routes!(profile::user_page))
        .routes(routes!(avatar::get_avatar, avatar::put_avatar))
        .routes(routes!(password::change_password))
        .routes(routes!(api_keys::list_keys, api_keys::create_key))
        .routes(routes!(api_keys::set_key_expiry, api_keys::delete_key))
        .routes(routes!(api_keys::key_value))
}

#[derive(Default, Deserialize)]
struct Format {
    format: Option<String>,
}

/// Serves the document: YAML, or JSON with `?format=json`.
pub(super) fn document_route(mut document: utoipa::openapi::OpenApi) -> Router<Shared> {
    REFUSALS.complete(&mut document);
    let document = Arc::new(document);
    let handler = move |format: Result<Query<Format>, QueryRejection>| async move {
        answer(&document, &format.unwrap_or_default().0)
    };
    Router::new().route(PATH, get(handler))
}

fn answer(document: &utoipa::openapi::OpenApi, format: &Format) -> Response {
    let as_json = format
        .format
        .as_deref()
        .is_some_and(|format| format.eq_ignore_ascii_case("json"));
    let (content_type, text) = if as_json {
        ("application/json", document.to_json().ok())
    } else {
        ("application/yaml;charset=UTF-8", document.to_yaml().ok())
    };
    match text {
        Some(text) => ([(CONTENT_TYPE, content_type)], text).into_response(),
        None => ApiError::internal().into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::limits::{
        MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, MAX_PHONE_CHARS, MAX_POSITION_CHARS, MAX_TITLE_CHARS,
    };
    use crate::accounts::password_policy::{PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS};

    #[test]
    fn the_limits_in_the_document_are_those_of_the_rules() {
        let document = serde_json::to_value(routes().into_openapi()).unwrap();
        let schemas = &document["components"]["schemas"];
        for (schema, property, limit, value) in [
            ("CreateKeyRequest", "title", "maxLength", MAX_TITLE_CHARS),
            ("ProfileRequest", "first_name", "maxLength", MAX_NAME_CHARS),
            ("ProfileRequest", "last_name", "maxLength", MAX_NAME_CHARS),
            ("ProfileRequest", "phone", "maxLength", MAX_PHONE_CHARS),
            (
                "ProfileRequest",
                "position",
                "maxLength",
                MAX_POSITION_CHARS,
            ),
            (
                "ProfileRequest",
                "description",
                "maxLength",
                MAX_DESCRIPTION_CHARS,
            ),
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
            assert_eq!(
                schemas[schema]["properties"][property][limit], value,
                "{schema}.{property}.{limit}"
            );
        }
    }
}
