//! The things of the User Manager service as they stand in its answers, read tolerantly.
//!
//! The forms of lists and of everything that is not a key are assumed.

use keydesk_core::administration::{DirectoryEntry, DirectoryKind};
use keydesk_core::api_key::{ApiKey, ApiKeyId, Expiration};
use keydesk_core::capabilities::Scope;
use keydesk_core::profile::{FactKind, Profile, ProfileFact};
use keydesk_core::second_factor::Enrolment;
use keydesk_core::time::Timestamp;
use keydesk_vault::SecretString;
use serde_json::Value;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};
use url::Url;

use crate::http::plain_text;
use crate::json::{field, instant, rows, same_name, text};

/// The names under which fields occur, the service's own first.
pub(super) const ACCOUNT: [&str; 2] = ["account_name", "account"];
pub(super) const ENVIRONMENT: [&str; 3] = ["environment_name", "environment", "name"];
pub(super) const USER_NAME: [&str; 2] = ["user_name", "name"];
pub(super) const FULL_NAME: [&str; 2] = ["full_name", "display_name"];
pub(super) const EMAIL: [&str; 2] = ["email", "email_address"];
pub(super) const GROUP: [&str; 2] = ["group_name", "name"];
pub(super) const KEY_NAME: [&str; 2] = ["name", "key_name"];
pub(super) const KEY_END: [&str; 4] =
    ["expiration_date", "expiry_date", "expires_at", "expiration"];
pub(super) const KEY_BEGIN: [&str; 3] = ["creation_date", "created_at", "created"];
pub(super) const KEY_SCOPES: [&str; 2] = ["scopes", "scope"];
pub(super) const KEY_VALUE: [&str; 3] = ["value", "api_key", "key"];
pub(super) const MFA_ENABLED: [&str; 2] = ["enabled", "mfa_enabled"];
const MFA_ENFORCED: [&str; 3] = ["enforced", "required", "mfa_enforced"];
pub(super) const MFA_URI: [&str; 4] = ["uri", "otpauth_uri", "otpauth_url", "qr_code"];
const MFA_SECRET: [&str; 2] = ["secret", "secret_key"];
pub(super) const RECOVERY_CODES: [&str; 2] = ["recovery_codes", "backup_codes"];

/// The longest name that is shown, in characters.
const NAME_LIMIT: usize = 300;

/// What the scopes allow, in the words of the vendor's manual, for a service that tells only
/// their names. Their spelling varies from page to page.
const SCOPES: [(&[&str], &str); 5] = [
    (
        &["Authentication"],
        "Allows operations on Environments, Groups and Users",
    ),
    (
        &["PublishApp", "PublishAIMMS"],
        "Allows management of AIMMS applications (e.g., publishing, updating, editing, deleting \
         apps)",
    ),
    (&["Tasks", "Task"], "Allows management of Tasks"),
    (
        &["APIKey", "APIKeys"],
        "Permits operations on API keys themselves (e.g., creating, deleting keys)",
    ),
    (
        &["Session", "Sessions"],
        "Enables operations related to WebUI, Solve and Task sessions (e.g., get session \
         information, retrieve logs, terminate, delete session)",
    ),
];

/// How the account's MFA stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mfa {
    pub(super) enabled: bool,
    /// Whether it may be set up anew and not removed.
    pub(super) enforced: bool,
}

/// A person's profile; `None` where the value is no user.
pub(super) fn profile(user: &Value) -> Option<Profile> {
    let user_name = text(user, &USER_NAME).filter(|name| !name.is_empty())?;
    let facts = [
        (
            FactKind::Account,
            text(user, &ACCOUNT).into_iter().collect(),
        ),
        (
            FactKind::Environment,
            text(user, &["environment_name", "environment"])
                .into_iter()
                .collect(),
        ),
        (FactKind::Groups, names(field(user, &["groups"]), &GROUP)),
    ];
    Some(Profile {
        id: user_name.clone(),
        full_name: text(user, &FULL_NAME).unwrap_or_default(),
        email: text(user, &EMAIL).unwrap_or_default(),
        user_name,
        facts: facts
            .into_iter()
            .filter(|(_, values): &(_, Vec<String>)| !values.is_empty())
            .map(|(kind, values)| ProfileFact { kind, values })
            .collect(),
        ..Profile::default()
    })
}

/// A key of the list; `None` where the value is none, or tells no end that can be read.
pub(super) fn api_key(value: &Value) -> Option<ApiKey> {
    let name = text(value, &KEY_NAME).filter(|name| !name.is_empty())?;
    let end = point(field(value, &KEY_END)?)?;
    Some(ApiKey {
        scopes: names(field(value, &KEY_SCOPES), &["name"]),
        added_on: field(value, &KEY_BEGIN).and_then(point),
        // The name is the key's identity.
        ..ApiKey::new(ApiKeyId(name.clone()), name, Expiration::At(end))
    })
}

/// The value of a key that was just made, where it is one that can be handed on: nothing in it
/// means anything to a shell between double quotes.
pub(super) fn key_value(value: &Value) -> Option<SecretString> {
    let whole = field(value, &KEY_VALUE)?.as_str()?.trim();
    let fits = |byte: u8| byte.is_ascii_graphic() && !b"\"\\$`!".contains(&byte);
    let is_key = !whole.is_empty() && whole.bytes().all(fits);
    is_key.then(|| SecretString::from(whole.to_owned()))
}

/// The scopes that exist, with what they allow.
pub(super) fn scopes(value: &Value) -> Option<Vec<Scope>> {
    let scope = |row: &Value| {
        let name = match row {
            Value::String(name) => name.clone(),
            object => text(object, &["name", "scope"])?,
        };
        let told = text(row, &["description"]).filter(|told| !told.trim().is_empty());
        let known = || {
            let alike = |spelling: &&str| same_name(spelling, &name);
            let known = SCOPES
                .iter()
                .find(|(spellings, _)| spellings.iter().any(alike));
            known.map_or_else(String::new, |(_, allows)| (*allows).to_owned())
        };
        Some(Scope {
            description: told.map_or_else(known, |told| plain_text(&told, NAME_LIMIT)),
            name,
        })
    };
    rows(value)?.iter().map(scope).collect()
}

/// How MFA stands; `None` where the value does not tell.
pub(super) fn mfa(value: &Value) -> Option<Mfa> {
    let flag = |names| field(value, names).and_then(Value::as_bool);
    Some(Mfa {
        enabled: flag(&MFA_ENABLED)?,
        enforced: flag(&MFA_ENFORCED).unwrap_or(false),
    })
}

/// What an authenticator app must learn.
pub(super) fn enrolment(value: &Value) -> Option<Enrolment> {
    let uri = field(value, &MFA_URI)?.as_str()?;
    let parsed = Url::parse(uri).ok()?;
    (parsed.scheme() == "otpauth").then_some(())?;
    let told = field(value, &MFA_SECRET).and_then(Value::as_str);
    let secret = if let Some(secret) = told {
        secret.to_owned()
    } else {
        let mut query = parsed.query_pairs();
        query.find(|(name, _)| name == "secret")?.1.into_owned()
    };
    Some(Enrolment {
        uri: SecretString::from(uri.to_owned()),
        secret: SecretString::from(secret),
    })
}

/// Codes for the day on which the app is lost; none where the service hands out none.
pub(super) fn recovery_codes(value: &Value) -> Vec<SecretString> {
    let codes = field(value, &RECOVERY_CODES).and_then(Value::as_array);
    let codes = codes.into_iter().flatten().filter_map(Value::as_str);
    codes
        .map(|code| SecretString::from(code.to_owned()))
        .collect()
}

/// A row of a directory; `None` where it has no name.
pub(super) fn entry(row: &Value, kind: DirectoryKind) -> Option<DirectoryEntry> {
    let (name, detail): (&[&str], &[&str]) = match kind {
        DirectoryKind::Users => (&USER_NAME, &FULL_NAME),
        DirectoryKind::Groups => (&GROUP, &["environment_name"]),
        DirectoryKind::Environments => (&ENVIRONMENT, &[]),
    };
    let one_line = |names| text(row, names).map(|text| plain_text(&text, NAME_LIMIT));
    Some(DirectoryEntry {
        name: one_line(name).filter(|name| !name.is_empty())?,
        detail: one_line(detail).unwrap_or_default(),
        email: match kind {
            DirectoryKind::Users => one_line(&EMAIL).unwrap_or_default(),
            _ => String::new(),
        },
    })
}

/// When a key shall end, as it is sent.
pub(super) fn written(at: Timestamp) -> Option<String> {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000_000).ok()?;
    at.format(&Rfc3339).ok()
}

/// A point in time; a day without a time ends with its last moment, UTC.
fn point(value: &Value) -> Option<Timestamp> {
    let text = value.as_str().map(str::trim);
    let day = text
        .filter(|text| text.len() == "2030-01-31".len())
        .and_then(|text| Date::parse(text, &Iso8601::DATE).ok());
    let Some(day) = day else {
        return instant(value);
    };
    let next = day.next_day()?.midnight().assume_utc();
    Some(Timestamp(next.unix_timestamp().checked_mul(1_000)? - 1))
}

/// Names in a list, whether as texts or in objects.
fn names(list: Option<&Value>, of: &[&str]) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    let name = |item: &Value| match item {
        Value::String(name) => Some(name.clone()),
        object => text(object, of),
    };
    list.filter_map(name)
        .map(|name| plain_text(&name, NAME_LIMIT))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_ends_at_a_moment_or_with_its_day() {
        let end = |date: &str| {
            let key = api_key(&json!({"name": "ci", "expiration_date": date}));
            key.map(|key| key.expiration)
        };
        let at = |milliseconds| Some(Expiration::At(Timestamp(milliseconds)));
        assert_eq!(end("2026-01-01T00:00:00Z"), at(1_767_225_600_000));
        assert_eq!(end("2025-12-31"), at(1_767_225_599_999));
        assert_eq!(end("soon"), None, "a key that is shown wrong is worse");
        assert_eq!(api_key(&json!({"name": "ci"})), None);
    }

    #[test]
    fn what_an_app_must_learn_is_read_with_the_secret_apart_or_within() {
        let uri = "otpauth://totp/acme:ada?secret=JBSWY3DP&issuer=acme";
        for told in [
            json!({"uri": uri}),
            json!({"qrCode": uri, "secret": "JBSWY3DP"}),
        ] {
            let enrolment = enrolment(&told).unwrap();
            assert_eq!(enrolment.secret.expose(), "JBSWY3DP");
        }
        for no in ["https://evil.example/?secret=x", "otpauth://totp/x", ""] {
            assert!(enrolment(&json!({"uri": no})).is_none(), "{no}");
        }
    }

    #[test]
    fn scopes_are_told_in_the_words_of_the_service_first() {
        let told = scopes(&json!([{"name": "Tasks", "description": "Own words"}, "PublishAimms"]));
        let told = told.unwrap();
        assert_eq!(told[0].description, "Own words");
        assert!(
            told[1].description.contains("publishing"),
            "spelt otherwise"
        );
        assert_eq!(told[1].name, "PublishAimms");
    }

    fn value() -> impl Strategy<Value = Value> {
        let names = [
            "name",
            "expiration_date",
            "scopes",
            "value",
            "uri",
            "secret",
            "enabled",
            "groups",
            "user_name",
            "items",
            "description",
            "recovery_codes",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,16}".prop_map(Value::from),
            "[+-]?[0-9]{1,6}-[0-9]{2}-[0-9]{2}(T[0-9:.]{0,9}Z)?".prop_map(Value::from),
            "otpauth://.{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 5, move |inner| {
            let name = prop::sample::select(names.to_vec()).prop_map(str::to_owned);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((name, inner), 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(value in value(), at in any::<i64>()) {
            let _ = (profile(&value), scopes(&value), mfa(&value), enrolment(&value));
            let _ = (recovery_codes(&value), written(Timestamp(at)));
            for row in rows(&value).into_iter().flatten().chain([&value]) {
                let _ = entry(row, DirectoryKind::Users);
                let key = api_key(row);
                prop_assert!(key.is_none_or(|key| !key.id.0.is_empty()));
                let _ = key_value(row);
            }
        }
    }
}
