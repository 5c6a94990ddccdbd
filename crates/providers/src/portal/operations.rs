//! Every request that is made to a portal, in one table. It follows the server's own description;
//! another server that implements it elsewhere says so in its configuration.

use keydesk_core::provider::RestsOn;
use reqwest::Method;

use crate::http::Effect;
use crate::operations::{self, Row, Sent, Shape, sent, text};

/// An operation of the server, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Health,
    ApiDescription,
    SignIn,
    SignOut,
    Capabilities,
    Account,
    UpdateAccount,
    ReadAvatar,
    UploadAvatar,
    ChangePassword,
    ReadSecondFactor,
    BeginSecondFactor,
    ConfirmSecondFactor,
    RemoveSecondFactor,
    ReplaceRecoveryCodes,
    ListSessions,
    EndSession,
    EndOtherSessions,
    SecurityLog,
    DeletionTerms,
    DeleteAccount,
    ListOrganizations,
    ListKeys,
    CreateKey,
    ReadKey,
    RevokeKey,
    DeleteKey,
    KeyMetrics,
    ListOrganizationKeys,
    CreateOrganizationKey,
    ReadOrganizationKey,
    RevokeOrganizationKey,
    DeleteOrganizationKey,
    OrganizationKeyMetrics,
    ListUsers,
    CreateUser,
    ReadUser,
    EditUser,
    ResetUserPassword,
    DeleteUser,
}

impl operations::Name for Name {
    fn table() -> &'static [Row<Self>] {
        &TABLE
    }

    fn place(self) -> usize {
        self as usize
    }
}

const ROLES: Sent = sent("roles", Shape::Texts);
/// What a key of the admin portal may have beside its name.
const KEY_FIELDS: &[Sent] = &[
    text("description"),
    sent("scopes", Shape::Texts),
    sent("expiresAt", Shape::DateTime),
];

const fn row(
    name: Name,
    label: &'static str,
    method: Method,
    path: &'static str,
    effect: Effect,
) -> Row<Name> {
    Row::new(name, label, method, path, RestsOn::Documented, effect)
}

static TABLE: [Row<Name>; 40] = {
    use Effect::{Changes, Reads, Repeatable};
    use Name::{
        Account, ApiDescription, BeginSecondFactor, Capabilities, ChangePassword,
        ConfirmSecondFactor, CreateKey, CreateOrganizationKey, CreateUser, DeleteAccount,
        DeleteKey, DeleteOrganizationKey, DeleteUser, DeletionTerms, EditUser, EndOtherSessions,
        EndSession, Health, KeyMetrics, ListKeys, ListOrganizationKeys, ListOrganizations,
        ListSessions, ListUsers, OrganizationKeyMetrics, ReadAvatar, ReadKey, ReadOrganizationKey,
        ReadSecondFactor, ReadUser, RemoveSecondFactor, ReplaceRecoveryCodes, ResetUserPassword,
        RevokeKey, RevokeOrganizationKey, SecurityLog, SignIn, SignOut, UpdateAccount,
        UploadAvatar,
    };
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const PATCH: Method = Method::PATCH;
    const DELETE: Method = Method::DELETE;
    const SESSIONS: &str = "/portal/v1/sessions";
    const ACCOUNT: &str = "/portal/v1/account";
    const AVATAR: &str = "/portal/v1/account/avatar";
    const FACTOR: &str = "/portal/v1/account/second-factor";
    const DELETION: &str = "/portal/v1/account/deletion";
    const KEYS: &str = "/portal/v1/api-keys";
    const KEY: &str = "/portal/v1/api-keys/{id}";
    const THEIR_KEYS: &str = "/portal/v1/organizations/{organization}/api-keys";
    const THEIR_KEY: &str = "/portal/v1/organizations/{organization}/api-keys/{id}";
    const USERS: &str = "/portal/v1/users";
    const USER: &str = "/portal/v1/users/{id}";
    [
        row(Health, "health", GET, "/q/health", Reads),
        row(
            ApiDescription,
            "api-description",
            GET,
            "/openapi.json",
            Reads,
        ),
        row(SignIn, "sign-in", POST, SESSIONS, Repeatable)
            .sends(&[text("email"), text("password")])
            .may_send(&[text("code")]),
        row(
            SignOut,
            "sign-out",
            DELETE,
            "/portal/v1/sessions/current",
            Repeatable,
        ),
        row(
            Capabilities,
            "capabilities",
            GET,
            "/portal/v1/capabilities",
            Reads,
        ),
        row(Account, "account", GET, ACCOUNT, Reads),
        row(UpdateAccount, "update-account", PATCH, ACCOUNT, Changes).may_send(&[
            text("firstName"),
            text("lastName"),
            text("displayName"),
        ]),
        row(ReadAvatar, "read-avatar", GET, AVATAR, Reads),
        row(UploadAvatar, "upload-avatar", PUT, AVATAR, Changes)
            .sends(&[sent("picture", Shape::Whole)]),
        row(
            ChangePassword,
            "change-password",
            PUT,
            "/portal/v1/account/password",
            Changes,
        )
        .sends(&[text("currentPassword"), text("newPassword")]),
        row(ReadSecondFactor, "second-factor", GET, FACTOR, Reads),
        row(
            BeginSecondFactor,
            "begin-second-factor",
            POST,
            FACTOR,
            Changes,
        )
        .sends(&[text("password")])
        .may_send(&[text("code")]),
        row(
            ConfirmSecondFactor,
            "confirm-second-factor",
            PUT,
            FACTOR,
            Changes,
        )
        .sends(&[text("code")]),
        row(
            RemoveSecondFactor,
            "remove-second-factor",
            POST,
            "/portal/v1/account/second-factor/removal",
            Changes,
        )
        .sends(&[text("password"), text("code")]),
        row(
            ReplaceRecoveryCodes,
            "replace-recovery-codes",
            POST,
            "/portal/v1/account/second-factor/recovery-codes",
            Changes,
        )
        .sends(&[text("password"), text("code")]),
        row(ListSessions, "list-sessions", GET, SESSIONS, Reads),
        row(
            EndSession,
            "end-session",
            DELETE,
            "/portal/v1/sessions/{id}",
            Changes,
        ),
        row(
            EndOtherSessions,
            "end-other-sessions",
            POST,
            "/portal/v1/sessions/end-others",
            Changes,
        ),
        row(
            SecurityLog,
            "security-log",
            GET,
            "/portal/v1/account/security-log",
            Reads,
        ),
        row(DeletionTerms, "deletion-terms", GET, DELETION, Reads),
        row(DeleteAccount, "delete-account", POST, DELETION, Changes)
            .sends(&[text("phrase")])
            .may_send(&[text("password")]),
        row(
            ListOrganizations,
            "list-organizations",
            GET,
            "/portal/v1/organizations",
            Reads,
        ),
        row(ListKeys, "list-keys", GET, KEYS, Reads),
        row(CreateKey, "create-key", POST, KEYS, Changes)
            .sends(&[text("name")])
            .may_send(KEY_FIELDS),
        row(ReadKey, "read-key", GET, KEY, Reads),
        row(
            RevokeKey,
            "revoke-key",
            POST,
            "/portal/v1/api-keys/{id}/revocation",
            Changes,
        ),
        row(DeleteKey, "delete-key", DELETE, KEY, Changes),
        row(
            KeyMetrics,
            "key-metrics",
            GET,
            "/portal/v1/api-key-metrics",
            Reads,
        ),
        row(
            ListOrganizationKeys,
            "list-organization-keys",
            GET,
            THEIR_KEYS,
            Reads,
        ),
        row(
            CreateOrganizationKey,
            "create-organization-key",
            POST,
            THEIR_KEYS,
            Changes,
        )
        .sends(&[text("name")])
        .may_send(&[text("description")]),
        row(
            ReadOrganizationKey,
            "read-organization-key",
            GET,
            THEIR_KEY,
            Reads,
        ),
        row(
            RevokeOrganizationKey,
            "revoke-organization-key",
            POST,
            "/portal/v1/organizations/{organization}/api-keys/{id}/revocation",
            Changes,
        ),
        row(
            DeleteOrganizationKey,
            "delete-organization-key",
            DELETE,
            THEIR_KEY,
            Changes,
        ),
        row(
            OrganizationKeyMetrics,
            "organization-key-metrics",
            GET,
            "/portal/v1/organizations/{organization}/api-key-metrics",
            Reads,
        ),
        row(ListUsers, "list-users", GET, USERS, Reads),
        row(CreateUser, "create-user", POST, USERS, Changes).sends(&[
            text("email"),
            text("displayName"),
            text("password"),
            ROLES,
        ]),
        row(ReadUser, "read-user", GET, USER, Reads),
        row(EditUser, "edit-user", PATCH, USER, Changes).may_send(&[
            text("displayName"),
            ROLES,
            text("status"),
        ]),
        row(
            ResetUserPassword,
            "reset-user-password",
            PUT,
            "/portal/v1/users/{id}/password",
            Changes,
        )
        .sends(&[text("newPassword")]),
        row(DeleteUser, "delete-user", DELETE, USER, Changes),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_stands_in_its_place() {
        operations::assert_in_order::<Name>();
    }
}
