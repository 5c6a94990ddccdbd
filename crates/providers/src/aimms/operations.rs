//! Every request that is made to the User Manager service, in one table, with what it rests on.

use keydesk_core::provider::RestsOn;
use reqwest::Method;

use super::wire;
use crate::http::Effect;
use crate::operations::{self, Row, Shape, sent, text};

/// Where the service lies on a server of the cloud.
pub(super) const BASE: &str = "/pro/user-manager/v1";

/// An operation of the service, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    ApiDescription,
    Info,
    EnvironmentInfo,
    UpdateInfo,
    ChangePassword,
    ReadMfa,
    StartMfa,
    ConfirmMfa,
    RemoveMfa,
    ListKeys,
    CreateKey,
    DeleteKey,
    Scopes,
    Users,
    Groups,
    Environments,
}

impl operations::Name for Name {
    fn table() -> &'static [Row<Self>] {
        &TABLE
    }

    fn place(self) -> usize {
        self as usize
    }
}

/// Not "account": that is the customer's.
const USER: &[&str] = &["user info", "info", "current user", "me", "profile"];
const MFA: &[&str] = &["mfa", "multi factor authentication", "two factor", "totp"];
const KEY: &[&str] = &["api key", "api token", "access token"];
/// What a list is asked by, but for its filters.
const LIST: &[&str] = &["sort", "offset", "limit"];

static TABLE: [Row<Name>; 16] = {
    use Effect::{Changes, Reads, Repeatable};
    use RestsOn::{Assumed, Documented};
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const PATCH: Method = Method::PATCH;
    const DELETE: Method = Method::DELETE;
    [
        Row::new(
            Name::ApiDescription,
            "api-description",
            GET,
            "/openapi.yaml",
            Documented,
            Reads,
        ),
        Row::new(
            Name::Info,
            "current-user",
            GET,
            "/user/@current/info",
            Documented,
            Reads,
        )
        .known_by(USER, &["get", "read"])
        .answers(&[&wire::USER_NAME, &wire::FULL_NAME, &wire::EMAIL])
        .may_answer(&[&wire::ACCOUNT, &wire::ENVIRONMENT]),
        Row::new(
            Name::EnvironmentInfo,
            "current-environment",
            GET,
            "/environment/@current/info",
            Documented,
            Reads,
        )
        .known_by(&["environment info", "environment"], &["get", "read"])
        .answers(&[&wire::ENVIRONMENT]),
        Row::new(
            Name::UpdateInfo,
            "update-profile",
            PATCH,
            "/user/@current/info",
            Assumed,
            Changes,
        )
        .known_by(USER, &["update", "edit", "change"])
        .sends(&[text("full_name"), text("email")]),
        Row::new(
            Name::ChangePassword,
            "change-password",
            PUT,
            "/user/@current/password",
            Assumed,
            Changes,
        )
        .known_by(&["password", "change password"], &["change", "update"])
        .sends(&[text("current_password"), text("new_password")]),
        Row::new(
            Name::ReadMfa,
            "read-mfa",
            GET,
            "/user/@current/mfa",
            Assumed,
            Reads,
        )
        .known_by(MFA, &["get", "read", "status"])
        .answers(&[&wire::MFA_ENABLED]),
        Row::new(
            Name::StartMfa,
            "start-mfa",
            POST,
            "/user/@current/mfa",
            Assumed,
            Changes,
        )
        .known_by(MFA, &["enable", "start", "create", "setup"])
        .may_send(&[text("password"), text("code")])
        .answers(&[&wire::MFA_URI]),
        Row::new(
            Name::ConfirmMfa,
            "confirm-mfa",
            PUT,
            "/user/@current/mfa",
            Assumed,
            Changes,
        )
        .known_by(MFA, &["confirm", "verify", "activate"])
        .sends(&[text("code")])
        .may_answer(&[&wire::RECOVERY_CODES]),
        Row::new(
            Name::RemoveMfa,
            "remove-mfa",
            DELETE,
            "/user/@current/mfa",
            Assumed,
            Changes,
        )
        .known_by(MFA, &["delete", "disable", "remove"])
        .may_send(&[text("password"), text("code")]),
        Row::new(
            Name::ListKeys,
            "list-keys",
            GET,
            "/user/@current/api-key",
            Documented,
            Reads,
        )
        .known_by(KEY, &["list", "get"])
        .answers(&[&wire::KEY_NAME, &wire::KEY_END])
        .may_answer(&[&wire::KEY_SCOPES, &wire::KEY_BEGIN]),
        Row::new(
            Name::CreateKey,
            "create-key",
            POST,
            "/user/@current/api-key",
            Documented,
            Changes,
        )
        .known_by(KEY, &["create", "add", "generate"])
        .sends(&[
            text("name"),
            sent("expiration_date", Shape::DateTime),
            sent("scopes", Shape::Texts),
        ])
        .answers(&[&wire::KEY_VALUE]),
        Row::new(
            Name::DeleteKey,
            "delete-key",
            DELETE,
            "/user/@current/api-key/{name}",
            Documented,
            Repeatable,
        )
        .known_by(KEY, &["delete", "remove", "revoke"]),
        Row::new(
            Name::Scopes,
            "scopes",
            GET,
            "/user/@current/authorization-scopes",
            Documented,
            Reads,
        )
        .known_by(&["authorization scope", "scope"], &["list", "get"]),
        Row::new(Name::Users, "users", GET, "/user", Documented, Reads)
            .known_by(&["user"], &["list", "get"])
            .asks(LIST)
            .answers(&[&wire::USER_NAME]),
        Row::new(Name::Groups, "groups", GET, "/group", Documented, Reads)
            .known_by(&["group"], &["list", "get"])
            .asks(LIST)
            .answers(&[&wire::GROUP]),
        Row::new(
            Name::Environments,
            "environments",
            GET,
            "/environment",
            Documented,
            Reads,
        )
        .known_by(&["environment"], &["list", "get"])
        .asks(LIST)
        .answers(&[&wire::ENVIRONMENT]),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_its_names() {
        operations::assert_in_order::<Name>();
    }
}
