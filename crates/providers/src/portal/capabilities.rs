//! What the account can do, as the server's capabilities have it, in the words of the domain.
//!
//! What the document does not have does not exist here; a reason that is not known still keeps
//! the thing from being offered.
//!
//! Not here: what can be done with keys (`key_capabilities`).

use keydesk_core::capabilities::{
    Availability, Capabilities, PasswordCapabilities, PasswordRule, ProfileCapabilities,
    ProfileField, ProfileFieldRule, Reason, Role, SecondFactorCapabilities, UserCapabilities,
};
use serde_json::Value;
use url::Url;

use super::key_capabilities::api_keys;
use super::operations::Name;
use super::wire::Persona;
use crate::json::number;
use crate::operations::Operations;

/// The longest text in characters where a server does not say.
pub(super) const TEXT_LIMIT: u32 = 128;

/// Reads the document for an account of this persona; `None` where it is none. What only the other
/// portal has is not there.
pub(super) fn capabilities(
    document: &Value,
    persona: Persona,
    operations: &Operations<Name>,
    trial: &Url,
) -> Option<Capabilities> {
    let account = document.get("account").filter(|part| part.is_object())?;
    let keys = document.get("apiKeys").filter(|part| part.is_object())?;
    let described = |name, part: &Value| both(operations.availability(name), part);
    let factor = part(account, "secondFactor");
    Some(Capabilities {
        profile: profile(
            account,
            operations.availability(Name::UpdateAccount),
            described(Name::UploadAvatar, part(account, "avatar")),
        ),
        password: PasswordCapabilities {
            change: described(Name::ChangePassword, part(account, "password")),
            rules: rules(part(part(account, "password"), "policy")),
            reset_mail: Availability::Absent,
        },
        api_keys: api_keys(keys, persona, operations, trial),
        second_factor: SecondFactorCapabilities {
            manage: described(Name::BeginSecondFactor, factor),
            removal: if is_true(factor, "required") {
                Availability::unavailable(Reason::RequiredByPolicy)
            } else {
                described(Name::RemoveSecondFactor, factor)
            },
            recovery_codes: is_true(factor, "recoveryCodes"),
            asks_for_password: true,
        },
        sessions: described(Name::ListSessions, part(account, "sessions")),
        security_log: described(Name::SecurityLog, part(account, "securityLog")),
        deletion: described(Name::DeleteAccount, part(account, "deletion")),
        organizations: match persona {
            Persona::Organization => {
                described(Name::ListOrganizations, part(document, "organizations"))
            }
            Persona::Admin => Availability::Absent,
        },
        users: match persona {
            Persona::Organization => UserCapabilities::default(),
            Persona::Admin => users(part(document, "users"), &described),
        },
        directory: Availability::Absent,
        pages: Vec::new(),
    })
}

pub(super) fn part<'v>(value: &'v Value, name: &str) -> &'v Value {
    value.get(name).unwrap_or(&Value::Null)
}

pub(super) fn is_true(value: &Value, name: &str) -> bool {
    part(value, name).as_bool() == Some(true)
}

pub(super) fn text(value: &Value, name: &str) -> String {
    part(value, name).as_str().unwrap_or_default().to_owned()
}

pub(super) fn count(value: &Value, name: &str) -> Option<u32> {
    u32::try_from(number(part(value, name))?).ok()
}

pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// `{allowed, reason?}`. What is not allowed for no reason is not there at all.
fn permission(value: &Value) -> Availability {
    match (part(value, "allowed").as_bool(), part(value, "reason")) {
        (Some(true), _) => Availability::Available,
        (Some(false), Value::String(name)) => Availability::unavailable(reason(name)),
        _ => Availability::Absent,
    }
}

/// What both the server's description of its API and its document for this account have; where
/// both say no, the document's reason is about who asks.
pub(super) fn both(described: Availability, allowed: &Value) -> Availability {
    match permission(allowed) {
        Availability::Available => described,
        refused => refused,
    }
}

/// A reason by the name of the problem that one would meet.
fn reason(name: &str) -> Reason {
    match name {
        "session-required" => Reason::SignedInWithApiKey,
        "scope-insufficient" => Reason::ScopeInsufficient,
        "single-sign-on" => Reason::PasswordKeptElsewhere,
        "last-super-admin" | "last-owner" => Reason::LastOfItsKind,
        "fixed" => Reason::TiedToSignIn,
        // Whatever it is, it is about who asks.
        _ => Reason::RoleInsufficient,
    }
}

fn profile(account: &Value, edit: Availability, avatar: Availability) -> ProfileCapabilities {
    ProfileCapabilities {
        fields: list(part(account, "fields"))
            .filter_map(|rule| field_rule(rule, edit))
            .collect(),
        saves_by_itself: is_true(account, "savesByItself"),
        avatar,
        // The domain's limit is the first size that is too large.
        avatar_byte_limit: count(part(account, "avatar"), "maxBytes")
            .map_or(u32::MAX, |most| most.saturating_add(1)),
    }
}

/// A field; `edit` is whether an edit could be saved at all.
fn field_rule(rule: &Value, edit: Availability) -> Option<ProfileFieldRule> {
    let field = match part(rule, "name").as_str()? {
        "firstName" => ProfileField::FirstName,
        "lastName" => ProfileField::LastName,
        "displayName" => ProfileField::DisplayName,
        "email" => ProfileField::Email,
        _ => return None, // of a later server
    };
    let edit = if is_true(rule, "editable") {
        edit
    } else {
        let name = part(rule, "reason").as_str();
        Availability::unavailable(name.map_or(Reason::TiedToSignIn, reason))
    };
    Some(ProfileFieldRule {
        field,
        edit,
        required: is_true(rule, "required"),
        maximum_length: count(rule, "maxLength").unwrap_or(TEXT_LIMIT),
    })
}

/// A policy, as far as its rules are known; the server checks all of them.
fn rules(policy: &Value) -> Vec<PasswordRule> {
    let rules = list(policy).filter_map(|rule| {
        Some(match part(rule, "rule").as_str()? {
            "minimumLength" => PasswordRule::MinimumLength {
                characters: count(rule, "characters")?,
            },
            "uppercase" => PasswordRule::Uppercase,
            "lowercase" => PasswordRule::Lowercase,
            "digit" => PasswordRule::Digit,
            "special" => PasswordRule::Special,
            _ => return None,
        })
    });
    rules.collect()
}

fn users(users: &Value, described: &dyn Fn(Name, &Value) -> Availability) -> UserCapabilities {
    let roles = list(part(users, "roles")).filter_map(|role| {
        Some(Role {
            name: part(role, "name").as_str()?.to_owned(),
            description: text(role, "description"),
            grantable: is_true(role, "grantable"),
        })
    });
    UserCapabilities {
        view: described(Name::ListUsers, part(users, "view")),
        create: described(Name::CreateUser, part(users, "create")),
        edit: described(Name::EditUser, part(users, "edit")),
        reset_password: described(Name::ResetUserPassword, part(users, "resetPassword")),
        delete: described(Name::DeleteUser, part(users, "delete")),
        roles: roles.collect(),
        password_rules: rules(part(users, "passwordPolicy")),
    }
}

#[cfg(test)]
mod tests {
    use keydesk_core::capabilities::{ExpirationChoice, KeyForm, KeyWords, Reveal};
    use keydesk_core::contract::{DescriptionSource, Finding, LearntContract};
    use keydesk_core::instance::{Instance, ServerKind, SignInMethod};
    use keydesk_core::server_url::ServerUrl;
    use keydesk_core::time::Timestamp;
    use serde_json::json;

    use super::*;

    fn read(document: &Value, instance: &Instance) -> Option<Capabilities> {
        read_for(Persona::Admin, document, instance)
    }

    fn read_for(persona: Persona, document: &Value, instance: &Instance) -> Option<Capabilities> {
        let trial = Url::parse("https://keydesk.example/$(x)/portal/v1/account").unwrap();
        let operations = Operations::new(instance).unwrap();
        capabilities(document, persona, &operations, &trial)
    }

    fn instance() -> Instance {
        let url = ServerUrl::parse("https://keydesk.example", false).unwrap();
        Instance::new(ServerKind::Keydesk, url, SignInMethod::Password)
    }

    fn document() -> Value {
        json!({
            "account": {
                "fields": [
                    {"name": "firstName", "editable": true, "required": true, "maxLength": 64},
                    {"name": "email", "editable": false, "required": true, "maxLength": 254,
                        "reason": "fixed"},
                    {"name": "shoeSize", "editable": true}],
                "savesByItself": true,
                "avatar": {"allowed": true, "maxBytes": 999_999},
                "password": {"allowed": false, "reason": "single-sign-on", "policy": [
                    {"rule": "minimumLength", "characters": 8}, {"rule": "special"},
                    {"rule": "haiku"}]},
                "secondFactor": {"allowed": true, "recoveryCodes": true, "required": true},
                "sessions": {"allowed": true}, "securityLog": {"allowed": false},
                "deletion": {"allowed": false, "reason": "last-owner"}},
            "organizations": {"allowed": true},
            "apiKeys": {
                "manage": {"allowed": true}, "create": {"allowed": false, "reason": "no-idea"},
                "nameLabel": "description", "description": false, "scopes": [],
                "expiration": "fixed", "defaultDays": 365, "maximumDays": 365,
                "neverAllowed": false, "reveal": "once", "revoke": true, "usage": true,
                "metrics": true, "nameMaxLength": 50, "nameUnique": true},
            "users": {"view": {"allowed": false, "reason": "role-insufficient"},
                "roles": [{"name": "admin", "description": "d", "grantable": true}]}
        })
    }

    #[test]
    fn the_document_becomes_what_the_screens_ask() {
        let read = read(&document(), &instance()).unwrap();
        assert_eq!(
            read.profile.fields.len(),
            2,
            "what is not known is not shown"
        );
        assert_eq!(
            read.profile.fields[1].edit,
            Availability::unavailable(Reason::TiedToSignIn)
        );
        assert!(read.profile.saves_by_itself);
        assert_eq!(read.profile.avatar_byte_limit, 1_000_000);
        assert_eq!(
            read.password.change,
            Availability::unavailable(Reason::PasswordKeptElsewhere)
        );
        assert_eq!(read.password.rules.len(), 2);
        assert_eq!(
            read.second_factor.removal,
            Availability::unavailable(Reason::RequiredByPolicy)
        );
        assert_eq!(read.security_log, Availability::Absent);
        assert_eq!(
            read.deletion,
            Availability::unavailable(Reason::LastOfItsKind)
        );
        let keys = read.api_keys;
        assert_eq!(keys.words, KeyWords::Description);
        assert_eq!(keys.expiration, ExpirationChoice::Fixed { days: 365 });
        assert_eq!(keys.reveal, Reveal::Once);
        assert!(!keys.create.is_available());
        assert!(!read.users.view.is_available());
        assert_eq!(read.users.delete, Availability::Absent);
    }

    #[test]
    fn what_only_the_other_portal_has_is_not_there() {
        let read = |persona| read_for(persona, &document(), &instance()).unwrap();
        let admin = read(Persona::Admin);
        assert_eq!(admin.organizations, Availability::Absent);
        assert_ne!(admin.users.view, Availability::Absent);
        let member = read(Persona::Organization);
        assert!(member.organizations.is_available());
        assert_eq!(member.users, UserCapabilities::default());
    }

    #[test]
    fn a_document_of_another_kind_is_none() {
        for other in [json!(null), json!([]), json!({}), json!({"account": {}})] {
            assert_eq!(read(&other, &instance()), None, "{other}");
        }
    }

    #[test]
    fn what_the_servers_description_lacks_is_not_offered() {
        let mut instance = instance();
        let missing = |name: &str| (name.to_owned(), Finding::Missing);
        instance.contract = Some(LearntContract {
            source: DescriptionSource::Server,
            version: "1".into(),
            read_at: Timestamp(0),
            findings: [
                missing("list-sessions"),
                missing("change-password"),
                missing("update-account"),
                missing("delete-key"),
                missing("revoke-organization-key"),
            ]
            .into(),
            confirmed: [].into(),
        });
        let read = read(&document(), &instance).unwrap();
        assert_eq!(
            read.sessions,
            Availability::unavailable(Reason::NotDescribed)
        );
        assert_eq!(
            read.password.change,
            Availability::unavailable(Reason::PasswordKeptElsewhere),
            "the server's own reason comes first"
        );
        let edits: Vec<_> = read.profile.fields.iter().map(|rule| rule.edit).collect();
        assert_eq!(
            edits,
            [Reason::NotDescribed, Reason::TiedToSignIn].map(Availability::unavailable)
        );
        assert_eq!(
            read.api_keys.delete,
            Availability::unavailable(Reason::NotDescribed)
        );
        assert!(read.api_keys.manage.is_available() && read.api_keys.revoke);
        let member = read_for(Persona::Organization, &document(), &instance).unwrap();
        assert!(member.api_keys.delete.is_available() && !member.api_keys.revoke);
    }

    #[test]
    fn a_key_is_handed_on_without_surprises_for_a_shell() {
        let forms = read(&document(), &instance()).unwrap().api_keys.forms;
        assert_eq!(
            forms[3].template,
            "curl -H \"Authorization: Bearer {key}\" \
             \"https://keydesk.example/%24(x)/portal/v1/account\""
        );
        let once = |form: &KeyForm| form.template.matches("{key}").count() == 1;
        assert!(forms.iter().all(once));
    }
}
