//! The things of a portal as they stand in its answers.
//!
//! Strict in what a thing needs to be one, tolerant of everything else: fields that are not known
//! are passed over, and values that are not known become the nearest that promises less. Not here:
//! what is for the safety of an account (`security_wire`), the capabilities, and errors.

use keydesk_core::administration::{User, UserId};
use keydesk_core::api_key::{ApiKey, ApiKeyDetails, DayUsage, Expiration, KeyMetrics, KeyStatus};
use keydesk_core::credential::Credential;
use keydesk_core::organization::{Organization, OrganizationId};
use keydesk_core::profile::{FactKind, LoginType, Profile, ProfileFact};
use keydesk_core::provider::SignedIn;
use keydesk_core::time::Timestamp;
use keydesk_vault::SecretString;
use serde_json::{Value, json};

use super::keys::KeyPlace;
use crate::json::{field, instant, number, text};

/// What stands between the two ends of a key that are shown.
const MASK: &str = "****";
/// The longest end of a key that is taken for one, in characters: a careless server must not get
/// a whole value shown. Our own server begins a key with 28 that are no secret.
const END_LIMIT: usize = 32;
/// How much of its beginning is shown, in characters: a list has room for no more beside the rest.
const BEGINNING: usize = 12;

pub(super) fn words(value: &Value, name: &str) -> String {
    text(value, &[name]).unwrap_or_default()
}

pub(super) fn id(value: &Value) -> Option<String> {
    text(value, &["id"]).filter(|id| !id.is_empty())
}

pub(super) fn is_true(value: &Value, name: &str) -> bool {
    field(value, &[name]).and_then(Value::as_bool) == Some(true)
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    let values = field(value, &[name]).and_then(Value::as_array);
    let values = values.into_iter().flatten().filter_map(Value::as_str);
    values.map(str::to_owned).collect()
}

pub(super) fn count(value: &Value, name: &str) -> Option<u32> {
    let number = number(field(value, &[name])?)?;
    u32::try_from(number.max(0)).ok().or(Some(u32::MAX))
}

pub(super) fn at(value: &Value, name: &str) -> Option<Timestamp> {
    instant(field(value, &[name])?)
}

/// A text that is a secret.
pub(super) fn secret(value: &Value, name: &str) -> Option<SecretString> {
    let text = value.get(name)?.as_str()?;
    let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| SecretString::from(text.to_owned()))
}

/// A new session.
pub(super) fn signed_in(value: &Value) -> Option<SignedIn> {
    Some(SignedIn {
        credential: Credential::Session(secret(value, "token")?),
        expires_at: at(value, "expiresAt"),
    })
}

/// Which of the two portals an account sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Persona {
    /// The organization portal: keys belong to organizations, and there are no users to manage.
    Organization,
    /// The admin portal: keys are one's own, and users are managed.
    Admin,
}

/// Whose portal this account sees.
pub(super) fn persona(value: &Value) -> Option<Persona> {
    match text(value, &["persona"])?.as_str() {
        "organization" => Some(Persona::Organization),
        "admin" => Some(Persona::Admin),
        _ => None,
    }
}

/// The account as a profile.
pub(super) fn profile(value: &Value) -> Option<Profile> {
    let roles = texts(value, "roles");
    let facts = ProfileFact {
        kind: FactKind::Roles,
        values: roles,
    };
    Some(Profile {
        id: id(value)?,
        email: text(value, &["email"])?,
        first_name: words(value, "firstName"),
        last_name: words(value, "lastName"),
        full_name: words(value, "displayName"),
        login_type: match words(value, "loginType").as_str() {
            "password" => LoginType::Password,
            "single-sign-on" => LoginType::SingleSignOn,
            _ => LoginType::Unknown,
        },
        facts: Some(facts)
            .filter(|roles| !roles.values.is_empty())
            .into_iter()
            .collect(),
        ..Profile::default()
    })
}

/// An organization.
pub(super) fn organization(value: &Value) -> Option<Organization> {
    Some(Organization {
        id: OrganizationId(id(value)?),
        name: text(value, &["name"])?,
        role: words(value, "role"),
    })
}

/// A key of this place.
pub(super) fn api_key(value: &Value, place: &KeyPlace<'_>) -> Option<ApiKey> {
    let expiration = match value.get("expiresAt") {
        None | Some(Value::Null) => Expiration::Never,
        // A date that cannot be read is no "never".
        Some(at) => Expiration::At(instant(at)?),
    };
    let key = ApiKey::new(place.id_of(&id(value)?), words(value, "name"), expiration);
    Some(ApiKey {
        description: words(value, "description"),
        masked: masked(&words(value, "prefix"), &words(value, "suffix")),
        scopes: texts(value, "scopes"),
        status: match words(value, "status").as_str() {
            "revoked" => KeyStatus::Revoked,
            // Whether it has expired, its date says.
            _ => KeyStatus::Active,
        },
        added_on: at(value, "createdAt"),
        last_used: at(value, "lastUsedAt"),
        ..key
    })
}

/// Both ends of a key around what is hidden.
fn masked(prefix: &str, suffix: &str) -> String {
    let end = |end: &str| -> String {
        let fits = end.chars().count() <= END_LIMIT && end.chars().all(|c| c.is_ascii_graphic());
        if fits { end.to_owned() } else { String::new() }
    };
    let (prefix, suffix) = (end(prefix), end(suffix));
    let prefix: String = prefix.chars().take(BEGINNING).collect();
    if prefix.is_empty() && suffix.is_empty() {
        return String::new();
    }
    format!("{prefix}{MASK}{suffix}")
}

/// A key with its usage.
pub(super) fn details(value: &Value, place: &KeyPlace<'_>) -> Option<ApiKeyDetails> {
    let days = field(value, &["usage"]).and_then(Value::as_array);
    let usage = days.into_iter().flatten().map(|day| {
        Some(DayUsage {
            day: text(day, &["day"])?,
            calls: count(day, "calls")?,
        })
    });
    Some(ApiKeyDetails {
        key: api_key(value, place)?,
        usage: usage.collect::<Option<_>>()?,
        revoked_on: at(value, "revokedAt"),
    })
}

/// The figures over a list of keys.
pub(super) fn metrics(value: &Value) -> Option<KeyMetrics> {
    Some(KeyMetrics {
        total: count(value, "total")?,
        active: count(value, "active")?,
        expired: count(value, "expired")?,
        calls_today: count(value, "callsToday")?,
    })
}

/// A user of the admin portal.
pub(super) fn user(value: &Value) -> Option<User> {
    let display_name = words(value, "displayName");
    let roles = texts(value, "roles");
    // What is unknown is no reason to call an account active.
    let active = words(value, "status") == "active";
    Some(User {
        id: UserId(id(value)?),
        email: text(value, &["email"])?,
        last_login: at(value, "lastLoginAt"),
        is_self: is_true(value, "you"),
        version: version(&display_name, &roles, active),
        display_name,
        roles,
        active,
    })
}

/// Names the state that a row shows, out of all that can be edited: a list has no entity tags.
fn version(display_name: &str, roles: &[String], active: bool) -> String {
    let mut roles = roles.to_vec();
    roles.sort_unstable();
    json!([display_name, roles, active]).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: KeyPlace<'_> = KeyPlace::Own;

    #[test]
    fn a_key_is_read_with_everything_that_the_list_shows() {
        let key = json!({"id": "k1", "name": "Production", "description": "CI", "scopes": ["read"],
            "prefix": "kd_ab", "suffix": "9Zx8", "status": "revoked",
            "createdAt": "2026-01-01T00:00:00.000Z", "expiresAt": "2027-01-01T00:00:00.000Z",
            "lastUsedAt": null, "revokedAt": "2026-02-01T00:00:00.000Z", "later": {"more": 1}});
        let key = api_key(&key, &PLACE).unwrap();
        assert_eq!(key.masked, "kd_ab****9Zx8");
        assert_eq!(key.status, KeyStatus::Revoked);
        assert_eq!(key.added_on, Some(Timestamp(1_767_225_600_000)));
        assert_eq!(key.last_used, None);
        assert_eq!(key.scopes, ["read"]);
    }

    #[test]
    fn what_makes_a_key_a_key_must_be_there() {
        for none in [
            json!(null),
            json!({"name": "no id"}),
            json!({"id": ""}),
            json!({"id": "1", "expiresAt": "soon"}),
            json!({"id": "1", "expiresAt": true}),
        ] {
            assert_eq!(api_key(&none, &PLACE), None, "{none}");
        }
        let bare = api_key(&json!({"id": 7}), &PLACE).unwrap();
        assert_eq!(bare.expiration, Expiration::Never);
        assert_eq!(bare.masked, "");
    }

    #[test]
    fn a_long_beginning_is_shown_in_part() {
        let shown = masked("portal_0123456789abcdef0123.", "m7GI");
        assert_eq!(shown, "portal_01234****m7GI");
    }

    #[test]
    fn a_whole_value_in_the_place_of_an_end_is_not_shown() {
        let value = "kd_0123456789abcdefghijklmnopqrstuvwxyz";
        assert_eq!(masked(value, ""), "");
        assert_eq!(masked(value, "wxyz"), "****wxyz");
        assert_eq!(masked("kd_\u{202e}", "1"), "****1");
    }

    #[test]
    fn an_account_is_never_called_active_or_local_by_mistake() {
        let user = |status: Value| json!({"id": 1, "email": "a@b.example", "status": status});
        assert!(super::user(&user(json!("active"))).unwrap().active);
        for other in [json!("inactive"), json!("ACTIVE?"), json!(null), json!(1)] {
            assert!(!super::user(&user(other)).unwrap().active);
        }
        let account = json!({"id": 1, "email": "a@b.example", "loginType": "passkey"});
        assert_eq!(profile(&account).unwrap().login_type, LoginType::Unknown);
    }

    #[test]
    fn the_state_of_a_user_is_named_by_what_can_be_edited() {
        let user = |name: &str, roles: Value, last: &str| {
            let user = json!({"id": 1, "email": "a@b.example", "displayName": name,
                "roles": roles, "status": "active", "lastLoginAt": last});
            super::user(&user).unwrap().version
        };
        let one = user("Ada", json!(["admin", "read-only"]), "2026-01-01T00:00:00Z");
        let same = user("Ada", json!(["read-only", "admin"]), "2026-02-02T00:00:00Z");
        assert_eq!(one, same);
        assert_ne!(one, user("Ada", json!(["admin"]), "2026-01-01T00:00:00Z"));
        assert_ne!(one, user("Eva", json!(["admin", "read-only"]), ""));
    }

    #[test]
    fn figures_beyond_all_measure_end_at_the_most_that_fits() {
        let figures = json!({"total": 1e19, "active": -1, "expired": "2", "callsToday": 3});
        let metrics = metrics(&figures).unwrap();
        assert_eq!((metrics.total, metrics.active), (u32::MAX, 0));
        assert_eq!((metrics.expired, metrics.calls_today), (2, 3));
    }
}
