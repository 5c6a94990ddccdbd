//! What the fake server can do.

use keydesk_core::capabilities::{
    ApiKeyCapabilities, Availability, Capabilities, PasswordCapabilities, PasswordRule,
    ProfileCapabilities, ProfileField, ProfileFieldRule, Reason, Reveal, Role,
    SecondFactorCapabilities, UserCapabilities,
};
use keydesk_core::instance::SignInMethod;
use keydesk_core::profile::LoginType;

/// `role` is the person's role in the organization that is in front.
pub(super) fn capabilities(
    method: SignInMethod,
    login_type: LoginType,
    reveal: Reveal,
    role: Option<&str>,
) -> Capabilities {
    let may_edit = |field, required| ProfileFieldRule {
        field,
        edit: Availability::Available,
        required,
        maximum_length: 64,
    };
    let with_a_session = if method == SignInMethod::ApiKey {
        Availability::unavailable(Reason::SignedInWithApiKey)
    } else {
        Availability::Available
    };
    Capabilities {
        profile: ProfileCapabilities {
            fields: vec![
                may_edit(ProfileField::FirstName, true),
                may_edit(ProfileField::LastName, false),
                may_edit(ProfileField::Phone, false),
            ],
            saves_by_itself: false,
            avatar: Availability::Available,
            avatar_byte_limit: 1_000_000,
        },
        password: PasswordCapabilities {
            change: if login_type == LoginType::Password {
                Availability::Available
            } else {
                Availability::unavailable(Reason::PasswordKeptElsewhere)
            },
            rules: vec![PasswordRule::MinimumLength { characters: 8 }],
            reset_mail: Availability::Available,
        },
        api_keys: ApiKeyCapabilities {
            manage: with_a_session,
            create: if role == Some("viewer") {
                Availability::unavailable(Reason::RoleInsufficient)
            } else {
                with_a_session
            },
            delete: with_a_session,
            never_allowed: true,
            expiration_editable: true,
            reveal,
            revoke: true,
            details: true,
            metrics: true,
            title_maximum_length: 64,
            title_unique: true,
            ..ApiKeyCapabilities::default()
        },
        second_factor: SecondFactorCapabilities {
            manage: with_a_session,
            removal: with_a_session,
            recovery_codes: true,
            asks_for_password: true,
        },
        sessions: with_a_session,
        security_log: with_a_session,
        deletion: with_a_session,
        organizations: with_a_session,
        users: users(),
        ..Capabilities::default()
    }
}

/// Those of an administrator who is no super-administrator.
fn users() -> UserCapabilities {
    let role = |name: &str, grantable| Role {
        name: name.into(),
        description: String::new(),
        grantable,
    };
    let refused = Availability::unavailable(Reason::RoleInsufficient);
    UserCapabilities {
        view: Availability::Available,
        create: Availability::Available,
        edit: Availability::Available,
        reset_password: Availability::Available,
        delete: refused,
        roles: vec![
            role("super-admin", false),
            role("admin", true),
            role("read-only", true),
        ],
        password_rules: vec![PasswordRule::MinimumLength { characters: 8 }],
    }
}
