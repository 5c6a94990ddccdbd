//! What a client may offer to this caller: every rule that it needs to know beforehand, and
//! for what is not allowed the reason, by the name of the problem that it would meet.
//!
//! Reasons come from the same checks that refuse, so that none is promised or denied wrongly.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::SignedIn;
use super::problem::{ProblemDetails, Refusal, Slug};
use super::refusal::rule_name;
use crate::accounts::limits::{
    MAX_AVATAR_BYTES, MAX_DISPLAY_NAME_CHARS, MAX_EMAIL_CHARS, MAX_NAME_CHARS, MAX_TITLE_CHARS,
    ORGANIZATION_KEY_DAYS,
};
use crate::accounts::password_policy::{PORTAL_PASSWORD_MIN_CHARS, PasswordRule};
use crate::accounts::{AccountsError, Caller};
use crate::guard::Shared;
use crate::vocabulary::{Named, PortalRole, Scope};

/// Whether something may be done.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Permission {
    allowed: bool,
    /// Why not: the last part of a problem's `type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    reason: Option<&'static str>,
}

impl From<Result<(), AccountsError>> for Permission {
    fn from(outcome: Result<(), AccountsError>) -> Self {
        Self {
            allowed: outcome.is_ok(),
            reason: outcome
                .err()
                .map(|error| Refusal::from(error).slug().name()),
        }
    }
}

/// A field of the account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccountField {
    /// Its name in the account.
    #[schema(example = "firstName")]
    name: &'static str,
    editable: bool,
    required: bool,
    max_length: usize,
    /// Why it is not editable: the last part of a problem's `type`, or `fixed` where it
    /// never is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    reason: Option<&'static str>,
}

/// A rule that a new password keeps.
#[derive(Serialize, ToSchema)]
pub(super) struct PasswordPolicyRule {
    /// `minimumLength`, `uppercase`, `lowercase`, `digit` or `special`.
    #[schema(example = "minimumLength")]
    rule: &'static str,
    /// With `minimumLength`: how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    characters: Option<usize>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AvatarCapability {
    #[serde(flatten)]
    permission: Permission,
    max_bytes: usize,
}

#[derive(Serialize, ToSchema)]
struct PasswordCapability {
    #[serde(flatten)]
    permission: Permission,
    policy: Vec<PasswordPolicyRule>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SecondFactorCapability {
    #[serde(flatten)]
    permission: Permission,
    recovery_codes: bool,
    /// Whether it can be set up but not removed.
    required: bool,
}

/// What one may do with the own account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccountCapabilities {
    fields: Vec<AccountField>,
    /// Whether changes are meant to be saved as they are typed.
    saves_by_itself: bool,
    avatar: AvatarCapability,
    password: PasswordCapability,
    second_factor: SecondFactorCapability,
    sessions: Permission,
    security_log: Permission,
    deletion: Permission,
}

/// A scope that a key may be given.
#[derive(Serialize, ToSchema)]
struct ScopeChoice {
    name: &'static str,
    description: &'static str,
}

/// How API keys are made and kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says of another thing that it is there"
)]
struct ApiKeyCapabilities {
    manage: Permission,
    create: Permission,
    /// What the name is called to a person: `name` or `description`.
    name_label: &'static str,
    /// Whether there is a description besides.
    description: bool,
    /// The scopes that this caller may give.
    scopes: Vec<ScopeChoice>,
    scopes_required: bool,
    /// `chosen`, or `fixed` where every key lives as long as the other.
    expiration: &'static str,
    default_days: Option<i64>,
    maximum_days: Option<i64>,
    never_allowed: bool,
    /// `once`: the value is in the answer to the creation and nowhere else.
    reveal: &'static str,
    revoke: bool,
    usage: bool,
    metrics: bool,
    name_max_length: usize,
    name_unique: bool,
}

/// A role that a user may have.
#[derive(Serialize, ToSchema)]
struct RoleChoice {
    name: &'static str,
    description: &'static str,
    /// Whether this caller may give and take it.
    grantable: bool,
}

/// What one may do with the users of the admin portal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UserCapabilities {
    view: Permission,
    create: Permission,
    edit: Permission,
    reset_password: Permission,
    delete: Permission,
    roles: Vec<RoleChoice>,
    password_policy: Vec<PasswordPolicyRule>,
}

/// What this caller may do, and by which rules.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Capabilities {
    account: AccountCapabilities,
    organizations: Permission,
    api_keys: ApiKeyCapabilities,
    users: UserCapabilities,
}

/// For which organization the rules are asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CapabilitiesQuery {
    /// The id of an organization: then the rules for keys are those of its keys.
    organization: Option<String>,
}

impl FromRequestParts<Shared> for CapabilitiesQuery {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let query: Result<Query<Self>, QueryRejection> =
            Query::from_request_parts(parts, state).await;
        query
            .map(|Query(query)| query)
            .map_err(|_| Refusal::new(Slug::Malformed, "organization is the id of one."))
    }
}

/// What you may do here, and by which rules.
#[utoipa::path(
    get, path = "/capabilities", tag = "capabilities", params(CapabilitiesQuery),
    responses(
        (status = 200, description = "Every rule", body = Capabilities),
        (status = 404, description = "You belong to no such organization", body = ProblemDetails),
    ),
)]
pub(super) async fn capabilities(
    State(accounts): State<Shared>,
    SignedIn(caller): SignedIn,
    query: CapabilitiesQuery,
) -> Result<Json<Capabilities>, Refusal> {
    caller.check_scope(Scope::Read)?;
    let has_a_place = match &query.organization {
        Some(id) => {
            accounts.organization_role(&caller, id).await?;
            Ok(())
        }
        None if caller.is_portal_admin() => Ok(()),
        None => accounts.belongs_somewhere(&caller).await?,
    };
    let deletion = match in_session(&caller) {
        Ok(()) => match accounts.deletion_consequences(&caller).await?.refusal {
            Some(refusal) => Err(refusal),
            None => Ok(()),
        },
        refused => refused,
    };
    let keys_are_of_an_organization = query.organization.is_some() || !caller.is_portal_admin();
    Ok(Json(Capabilities {
        account: account(&caller, deletion.into()),
        organizations: caller.check_scope(Scope::Read).into(),
        api_keys: if keys_are_of_an_organization {
            keys_of_an_organization(&caller, has_a_place)
        } else {
            keys_of_the_admin_portal(&caller)
        },
        users: users(&caller),
    }))
}

fn in_session(caller: &Caller) -> Result<(), AccountsError> {
    caller.session_id().map(|_| ())
}

fn account(caller: &Caller, deletion: Permission) -> AccountCapabilities {
    let is_admin = caller.is_portal_admin();
    let editable = |name, max_length| {
        let permission = Permission::from(in_session(caller));
        AccountField {
            name,
            editable: permission.allowed,
            required: true,
            max_length,
            reason: permission.reason,
        }
    };
    let mut fields = if is_admin {
        vec![editable("displayName", MAX_DISPLAY_NAME_CHARS)]
    } else {
        vec![
            editable("firstName", MAX_NAME_CHARS),
            editable("lastName", MAX_NAME_CHARS),
        ]
    };
    fields.push(AccountField {
        name: "email",
        editable: false,
        required: true,
        max_length: MAX_EMAIL_CHARS,
        reason: Some("fixed"),
    });
    let with_password = || in_session(caller).and_then(|()| caller.has_password());
    AccountCapabilities {
        fields,
        saves_by_itself: !is_admin,
        avatar: AvatarCapability {
            permission: in_session(caller).into(),
            max_bytes: MAX_AVATAR_BYTES,
        },
        password: PasswordCapability {
            permission: with_password().into(),
            policy: password_policy(),
        },
        second_factor: SecondFactorCapability {
            permission: with_password().into(),
            recovery_codes: true,
            required: false,
        },
        sessions: in_session(caller).into(),
        security_log: in_session(caller).into(),
        deletion,
    }
}

fn password_policy() -> Vec<PasswordPolicyRule> {
    PasswordRule::ALL
        .into_iter()
        .map(|rule| PasswordPolicyRule {
            rule: rule_name(rule),
            characters: (rule == PasswordRule::MinimumLength).then_some(PORTAL_PASSWORD_MIN_CHARS),
        })
        .collect()
}

fn keys_of_an_organization(
    caller: &Caller,
    has_a_place: Result<(), AccountsError>,
) -> ApiKeyCapabilities {
    let manage = Permission::from(in_session(caller).and(has_a_place));
    ApiKeyCapabilities {
        create: Permission { ..manage },
        manage,
        name_label: "description",
        description: false,
        scopes: Vec::new(),
        scopes_required: false,
        expiration: "fixed",
        default_days: Some(ORGANIZATION_KEY_DAYS),
        maximum_days: Some(ORGANIZATION_KEY_DAYS),
        never_allowed: false,
        ..keys_of_any_place(caller)
    }
}

fn keys_of_the_admin_portal(caller: &Caller) -> ApiKeyCapabilities {
    let granted = caller.granted_scopes();
    let choice = |scope: Scope| ScopeChoice {
        name: scope.name(),
        description: match scope {
            Scope::Read => "Read your account, and the users where your role may",
            Scope::Write => "Edit users where your role may",
            Scope::Admin => "Create and delete users, and reset their passwords",
        },
    };
    let given = |scope: &Scope| granted.contains(scope);
    ApiKeyCapabilities {
        scopes: Scope::ALL
            .iter()
            .copied()
            .filter(given)
            .map(choice)
            .collect(),
        ..keys_of_any_place(caller)
    }
}

fn keys_of_any_place(caller: &Caller) -> ApiKeyCapabilities {
    ApiKeyCapabilities {
        manage: in_session(caller).into(),
        create: in_session(caller).into(),
        name_label: "name",
        description: true,
        scopes: Vec::new(),
        scopes_required: true,
        expiration: "chosen",
        default_days: None,
        maximum_days: None,
        never_allowed: true,
        reveal: "once",
        revoke: true,
        usage: true,
        metrics: true,
        name_max_length: MAX_TITLE_CHARS,
        name_unique: true,
    }
}

fn users(caller: &Caller) -> UserCapabilities {
    let role = |role: PortalRole| RoleChoice {
        name: role.name(),
        description: match role {
            PortalRole::SuperAdmin => "Manage users and everything else",
            PortalRole::Admin => "See and edit users",
            PortalRole::ReadOnly => "Look at everything but users",
        },
        grantable: caller.may_grant(role).is_ok(),
    };
    UserCapabilities {
        view: caller.may_view_users().into(),
        create: caller.may_administer_users().into(),
        edit: caller.may_edit_users().into(),
        reset_password: caller.may_administer_users().into(),
        delete: caller.may_administer_users().into(),
        roles: PortalRole::ALL.iter().copied().map(role).collect(),
        password_policy: password_policy(),
    }
}
