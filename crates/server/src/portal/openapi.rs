//! The routes, and the `OpenAPI` document that is made from them: a route that is served is
//! described, because both come from the same line.

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::{MEDIA_TYPE, ProblemDetails};
use super::{
    BASE, account, api_keys, avatar, capabilities, deletion, organization_api_keys, organizations,
    password, second_factor, security_log, sessions, users,
};
use crate::description::{Refusals, add_credentials};
use crate::guard::Shared;

const REFUSALS: Refusals = Refusals {
    schema: "ProblemDetails",
    media_type: MEDIA_TYPE,
    invalid: "422",
};

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
        (name = "account", description = "One's own account"),
        (name = "second factor", description = "Codes of an authenticator app besides the password"),
        (name = "capabilities", description = "What may be done, and by which rules"),
        (name = "organizations", description = "To which one belongs"),
        (name = "API keys of an organization", description = "One's own, in one organization; \
            refused to requests that carry a key"),
        (name = "users", description = "Of the admin portal"),
        (name = "API keys", description = "One's own of the admin portal; refused to requests \
            that carry a key"),
    ),
)]
struct Description;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        add_credentials(
            openapi,
            "A token from the sign-in, or an API key of a portal",
        );
    }
}

/// Every operation of the dialect.
pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(sessions::sign_in, sessions::list_sessions))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(sessions::end_others))
        .routes(routes!(sessions::end_session))
        .routes(routes!(account::get_account, account::change_account))
        .routes(routes!(password::change_password))
        .routes(routes!(
            avatar::get_avatar,
            avatar::put_avatar,
            avatar::delete_avatar
        ))
        .routes(routes!(
            deletion::deletion_consequences,
            deletion::delete_account
        ))
        .routes(routes!(
            second_factor::second_factor_status,
            second_factor::start_second_factor,
            second_factor::confirm_second_factor
        ))
        .routes(routes!(second_factor::remove_second_factor))
        .routes(routes!(second_factor::replace_recovery_codes))
        .routes(routes!(security_log::security_log))
        .routes(routes!(users::list_users, users::create_user))
        .routes(routes!(
            users::get_user,
            users::change_user,
            users::delete_user
        ))
        .routes(routes!(users::reset_password))
        .routes(routes!(capabilities::capabilities))
        .routes(routes!(organizations::list_organizations))
        .routes(routes!(
            organization_api_keys::list_keys,
            organization_api_keys::create_key
        ))
        .routes(routes!(
            organization_api_keys::key_details,
            organization_api_keys::delete_key
        ))
        .routes(routes!(organization_api_keys::revoke_key))
        .routes(routes!(organization_api_keys::metrics))
        .routes(routes!(api_keys::list_keys, api_keys::create_key))
        .routes(routes!(api_keys::key_details, api_keys::delete_key))
        .routes(routes!(api_keys::revoke_key))
        .routes(routes!(api_keys::metrics))
}

/// The whole document: the operations at their place, with every refusal.
pub(super) fn describe(operations: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let mut document = Description::openapi().nest(BASE, operations);
    REFUSALS.complete(&mut document);
    document
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::limits::{MAX_KEY_DESCRIPTION_CHARS, MAX_TITLE_CHARS};

    #[test]
    fn the_limits_in_the_document_are_those_of_the_rules() {
        let document = serde_json::to_value(routes().into_openapi()).unwrap();
        let schemas = &document["components"]["schemas"];
        for (schema, property, limit, value) in [
            ("CreateKeyRequest", "name", "maxLength", MAX_TITLE_CHARS),
            (
                "CreateKeyRequest",
                "description",
                "maxLength",
                MAX_KEY_DESCRIPTION_CHARS,
            ),
        ] {
            let found = &schemas[schema]["properties"][property][limit];
            assert_eq!(*found, value, "{schema}.{property}.{limit}");
        }
    }
}
