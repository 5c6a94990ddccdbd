//! Every request that is made to an IDMP server, in one table, with what it rests on.

use keydesk_core::provider::RestsOn;
use reqwest::Method;

use super::{session, wire};
use crate::http::Effect;
use crate::operations::{self, Row, Sent, Shape, sent, text};

/// An operation of the server, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Health,
    ApiDescription,
    Probe,
    SignIn,
    ResetMail,
    SignOut,
    CurrentUser,
    UpdateProfile,
    ReadAvatar,
    UploadAvatar,
    ChangePassword,
    ListKeys,
    CreateKey,
    CopyKey,
    EditExpiration,
    DeleteKey,
}

impl operations::Name for Name {
    fn table() -> &'static [Row<Self>] {
        &TABLE
    }

    fn place(self) -> usize {
        self as usize
    }
}

const USER: &[&str] = &["current user", "user", "me", "profile", "account", "self"];
const AVATAR: &[&str] = &["avatar", "picture", "photo", "profile image"];
const KEY: &[&str] = &[
    "api key",
    "api token",
    "access key",
    "access token",
    "personal access token",
    "token",
];
/// The fields of a key, as `wire` reads them.
const KEY_FIELDS: &[&[&str]] = &[&wire::KEY_ID, &wire::KEY_TITLE, &wire::KEY_END];
const EXPIRE_TIME: Sent = sent("expire_time", Shape::Milliseconds);

static TABLE: [Row<Name>; 16] = {
    use Effect::{Changes, Reads, Repeatable};
    use RestsOn::{Assumed, Documented, Inferred};
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const DELETE: Method = Method::DELETE;
    [
        Row::new(Name::Health, "health", GET, "/q/health", Documented, Reads),
        Row::new(
            Name::ApiDescription,
            "api-description",
            GET,
            "/q/openapi",
            Inferred,
            Reads,
        ),
        Row::new(
            Name::Probe,
            "probe",
            GET,
            "/api/v1/permissions/menus",
            Documented,
            Reads,
        ),
        Row::new(
            Name::SignIn,
            "sign-in",
            POST,
            "/api/v1/users/login",
            Documented,
            Repeatable,
        )
        .known_by(
            &["login", "sign in", "authenticate", "session"],
            &["create"],
        )
        .sends(&[text("login_name"), text("password")])
        .answers(&[&session::TOKEN]),
        Row::new(
            Name::ResetMail,
            "reset-mail",
            POST,
            "/api/v1/users/password-reset-email",
            Documented,
            Changes,
        )
        .known_by(
            &[
                "password reset email",
                "password reset",
                "reset password",
                "forgot password",
            ],
            &["send", "request", "create"],
        )
        .sends(&[text("email")]),
        Row::new(
            Name::SignOut,
            "sign-out",
            POST,
            "/api/v1/users/logout",
            Assumed,
            Repeatable,
        )
        .known_by(&["logout", "log out", "sign out", "signout"], &[]),
        Row::new(
            Name::CurrentUser,
            "current-user",
            GET,
            "/api/v1/users",
            Inferred,
            Reads,
        )
        .known_by(USER, &["get", "read", "current"])
        .answers(&[&wire::USER_ID, &["first_name"], &["last_name"], &["email"]])
        .may_answer(&[
            &["phone"],
            &["position"],
            &["description"],
            &wire::LOGIN_TYPE,
        ]),
        Row::new(
            Name::UpdateProfile,
            "update-profile",
            PUT,
            "/api/v1/users",
            Assumed,
            Changes,
        )
        .known_by(USER, &["update", "edit", "change"])
        .sends(&[text("first_name"), text("last_name")])
        .may_send(&[text("phone"), text("position"), text("description")]),
        Row::new(
            Name::ReadAvatar,
            "read-avatar",
            GET,
            "/api/v1/users/avatar",
            Assumed,
            Reads,
        )
        .known_by(AVATAR, &["get", "read", "download"]),
        Row::new(
            Name::UploadAvatar,
            "upload-avatar",
            POST,
            "/api/v1/users/avatar",
            Assumed,
            Changes,
        )
        .known_by(AVATAR, &["upload", "set", "update", "create"])
        .sends(&[sent("file", Shape::File)]),
        Row::new(
            Name::ChangePassword,
            "change-password",
            PUT,
            "/api/v1/users/password",
            Assumed,
            Changes,
        )
        .known_by(&["password", "change password"], &["change", "update"])
        .sends(&[text("old_password"), text("new_password")]),
        Row::new(
            Name::ListKeys,
            "list-keys",
            GET,
            "/api/v1/users/api-keys",
            Assumed,
            Reads,
        )
        .known_by(KEY, &["list", "get", "page", "find", "query"])
        .asks(&["current", "size"])
        .answers(KEY_FIELDS)
        .may_answer(&[&wire::KEY_BEGIN]),
        Row::new(
            Name::CreateKey,
            "create-key",
            POST,
            "/api/v1/users/api-keys",
            Assumed,
            Changes,
        )
        .known_by(KEY, &["create", "add", "generate", "new"])
        .sends(&[text("title"), EXPIRE_TIME])
        .answers(&[&wire::KEY_VALUE])
        .may_answer(KEY_FIELDS),
        Row::new(
            Name::CopyKey,
            "copy-key",
            GET,
            "/api/v1/users/api-keys/{id}/value",
            Assumed,
            Reads,
        )
        .known_by(KEY, &["copy", "value", "reveal", "secret"])
        .answers(&[&wire::KEY_VALUE]),
        Row::new(
            Name::EditExpiration,
            "edit-expiration",
            PUT,
            "/api/v1/users/api-keys/{id}",
            Assumed,
            Changes,
        )
        .known_by(KEY, &["update", "edit", "change"])
        .sends(&[EXPIRE_TIME])
        .may_answer(KEY_FIELDS),
        Row::new(
            Name::DeleteKey,
            "delete-key",
            DELETE,
            "/api/v1/users/api-keys/{id}",
            Assumed,
            Changes,
        )
        .known_by(KEY, &["delete", "remove", "revoke"]),
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
