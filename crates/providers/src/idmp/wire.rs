//! The things of an IDMP server as they stand in its answers, read tolerantly.
//!
//! Names are `snake_case` in what is published; `camelCase` is read as well. Numbers may be text,
//! ids may be numbers, times may be RFC 3339. Not here: envelopes, and errors.

use keydesk_core::api_key::{ApiKey, ApiKeyId, Expiration};
use keydesk_core::profile::{LoginType, Profile};
use keydesk_vault::SecretString;
use serde_json::Value;

use crate::json::{field, instant, number, rows, same_name, text};
use crate::key_forms::is_bearer;

/// 9999-12-31T23:59:59.999Z: what lies beyond stands for "never".
const END_OF_CALENDARS: i64 = 253_402_300_799_999;
/// The names under which a user's fields occur, where there are several.
pub(super) const USER_ID: [&str; 2] = ["id", "user_id"];
pub(super) const LOGIN_TYPE: [&str; 2] = ["login_type", "auth_type"];
/// The names under which a key's fields occur.
pub(super) const KEY_ID: [&str; 2] = ["id", "key_id"];
pub(super) const KEY_TITLE: [&str; 2] = ["title", "name"];
pub(super) const KEY_BEGIN: [&str; 4] = ["create_time", "created_at", "created", "added_on"];
pub(super) const KEY_END: [&str; 5] = [
    "expire_time",
    "expires_at",
    "expired_at",
    "expiration",
    "expired_on",
];
pub(super) const KEY_VALUE: [&str; 4] = ["api_key", "value", "key", "token"];
/// Who, as the maker of a key, is the server itself. Assumed.
const SERVER_MAKERS: [&str; 7] = [
    "system", "server", "internal", "agent", "task", "builtin", "idmp",
];
/// The longest masked value that is shown, in characters.
const MASKED_LIMIT: usize = 64;

/// A page of a list, or the whole of it.
pub(super) struct Page<'v> {
    pub(super) rows: &'v [Value],
    /// How many rows there are in all, where the server tells.
    pub(super) total: Option<usize>,
}

impl<'v> Page<'v> {
    /// The page of an account without any.
    pub(super) const EMPTY: Self = Self {
        rows: &[],
        total: Some(0),
    };

    pub(super) fn read(value: &'v Value) -> Option<Self> {
        let total = field(value, &["total", "total_count", "count"]).and_then(number);
        Some(Self {
            rows: rows(value)?,
            total: total.and_then(|total| usize::try_from(total).ok()),
        })
    }
}

/// A person's profile; `None` where the value is no user.
pub(super) fn profile(value: &Value) -> Option<Profile> {
    let user = field(value, &["user"]).filter(|user| user.is_object());
    let user = user.unwrap_or(value);
    field(user, &["email", "first_name", "last_name"])?;
    let part = |name| text(user, &[name]).unwrap_or_default();
    Some(Profile {
        id: text(user, &USER_ID).unwrap_or_default(),
        first_name: part("first_name"),
        last_name: part("last_name"),
        email: part("email"),
        phone: part("phone"),
        position: part("position"),
        description: part("description"),
        login_type: login_type(&text(user, &LOGIN_TYPE).unwrap_or_default()),
        ..Profile::default()
    })
}

/// `LOCAL`, `LDAP` and `OAUTH` are assumed; the rest are their usual kin.
fn login_type(word: &str) -> LoginType {
    let word = word.to_ascii_uppercase();
    match word.as_str() {
        "LOCAL" | "PASSWORD" | "NORMAL" | "BASIC" => LoginType::Password,
        "LDAP" | "AD" | "DIRECTORY" => LoginType::Directory,
        "SSO" | "OIDC" | "SAML" | "CAS" => LoginType::SingleSignOn,
        _ if word.starts_with("OAUTH") || word.starts_with("SAML") => LoginType::SingleSignOn,
        _ => LoginType::Unknown,
    }
}

/// A key as it stands in a list; `None` where the value is none, or tells no id or no expiration
/// that can be read: a key that is shown wrong is worse than an error.
pub(super) fn api_key(value: &Value) -> Option<ApiKey> {
    let shown = text(value, &["masked", "masked_key", "api_key", "key", "value"]);
    let ends = field(value, &KEY_END);
    let id = ApiKeyId(text(value, &KEY_ID).filter(|id| !id.is_empty())?);
    let title = text(value, &KEY_TITLE).unwrap_or_default();
    Some(ApiKey {
        masked: masked(&shown.unwrap_or_default()),
        added_on: field(value, &KEY_BEGIN).and_then(instant),
        made_by_server: made_by_server(value),
        ..ApiKey::new(id, title, expiration(ends)?)
    })
}

/// The whole value of a key, wherever the answer has it.
pub(super) fn key_value(value: &Value) -> Option<SecretString> {
    let whole = match value {
        Value::String(text) => text,
        object => field(object, &KEY_VALUE)?.as_str()?,
    };
    let whole = whole.trim();
    let is_key = !whole.is_empty() && !is_masked(whole) && whole.bytes().all(is_bearer);
    is_key.then(|| SecretString::from(whole.to_owned()))
}

/// The part of a key's value that is its id: `api_<key_id>.<secret>`.
pub(super) fn id_in_value(value: &SecretString) -> Option<&str> {
    let (id, _) = value.expose().strip_prefix("api_")?.split_once('.')?;
    (!id.is_empty()).then_some(id)
}

/// A value fit to be shown: as the server masked it, or masked here where it did not.
pub(super) fn masked(shown: &str) -> String {
    if is_masked(shown) || shown.is_empty() {
        return crate::http::plain_text(shown, MASKED_LIMIT);
    }
    match shown.split_once('.') {
        Some((public, _)) if public.len() < MASKED_LIMIT => {
            format!("{}.****", crate::http::plain_text(public, MASKED_LIMIT))
        }
        _ => "api_****".to_owned(),
    }
}

fn is_masked(value: &str) -> bool {
    value.contains(['*', '•', '…', '●']) || value.contains("...") || value.contains("xxxx")
}

/// Assumed: no published answer tells. Where nothing is told, a key counts as the person's own.
fn made_by_server(key: &Value) -> bool {
    let flagged = field(
        key,
        &[
            "system",
            "is_system",
            "internal",
            "built_in",
            "made_by_server",
        ],
    );
    if let Some(Value::Bool(flag)) = flagged {
        return *flag;
    }
    let words = ["type", "key_type", "source", "created_by", "creator"];
    words.iter().any(|name| {
        text(key, &[name])
            .is_some_and(|word| SERVER_MAKERS.iter().any(|maker| same_name(&word, maker)))
    })
}

/// Null, absent, zero, below zero and beyond all calendars mean never.
fn expiration(value: Option<&Value>) -> Option<Expiration> {
    let Some(value) = value else {
        return Some(Expiration::Never);
    };
    if let Value::String(word) = value
        && (word.trim().is_empty() || word.eq_ignore_ascii_case("never"))
    {
        return Some(Expiration::Never);
    }
    let at = instant(value)?;
    Some(if (1..=END_OF_CALENDARS).contains(&at.0) {
        Expiration::At(at)
    } else {
        Expiration::Never
    })
}

#[cfg(test)]
mod tests {
    use keydesk_core::time::Timestamp;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_user_is_read_in_either_style() {
        let snake = json!({"id": "7", "first_name": "Ada", "last_name": "L", "email": "a@b.example",
            "phone": "+44 1", "position": "", "description": null, "login_type": "LOCAL"});
        let camel = json!({"user": {"id": 7, "firstName": "Ada", "lastName": "L",
            "email": "a@b.example", "phone": "+44 1", "loginType": "local", "extra": [1]}});
        assert_eq!(profile(&snake), profile(&camel));
        assert_eq!(profile(&snake).unwrap().login_type, LoginType::Password);
        for none in [
            json!(null),
            json!([]),
            json!("x"),
            json!({"id": 1}),
            json!({"email": null}),
        ] {
            assert_eq!(profile(&none), None, "{none}");
        }
    }

    #[test]
    fn an_unknown_way_to_sign_in_offers_no_password() {
        for (word, is) in [
            ("LDAP", LoginType::Directory),
            ("OAuth2", LoginType::SingleSignOn),
            ("oauth", LoginType::SingleSignOn),
            ("", LoginType::Unknown),
            ("PASSKEY", LoginType::Unknown),
        ] {
            assert_eq!(login_type(word), is, "{word}");
        }
    }

    #[test]
    fn every_writing_of_never_is_never_and_nonsense_is_an_error() {
        for never in [
            json!(null),
            json!(0),
            json!(-1),
            json!("-1"),
            json!(""),
            json!("never"),
            json!(i64::MAX),
        ] {
            let key = api_key(&json!({"id": 1, "expire_time": never})).unwrap();
            assert_eq!(key.expiration, Expiration::Never, "{never}");
        }
        assert_eq!(
            api_key(&json!({"id": 1})).unwrap().expiration,
            Expiration::Never
        );
        for at in [
            json!(1_767_225_600_000_i64),
            json!("1767225600000"),
            json!(1_767_225_600_000.0),
            json!("2026-01-01T00:00:00Z"),
            json!("2026-01-01T08:00:00+08:00"),
            json!("2026-01-01T00:00:00"),
            json!("2026-01-01 00:00:00"),
        ] {
            let key = api_key(&json!({"id": 1, "expireTime": at})).unwrap();
            assert_eq!(
                key.expiration,
                Expiration::At(Timestamp(1_767_225_600_000)),
                "{at}"
            );
        }
        for nonsense in [
            json!("tomorrow"),
            json!([2026, 1, 1]),
            json!({}),
            json!(true),
        ] {
            assert_eq!(api_key(&json!({"id": 1, "expire_time": nonsense})), None);
        }
    }

    #[test]
    fn a_key_without_an_id_is_no_key() {
        assert_eq!(api_key(&json!({"title": "t"})), None);
        assert_eq!(api_key(&json!({"id": ""})), None);
        assert_eq!(
            api_key(&json!({"id": 12})).unwrap().id,
            ApiKeyId("12".to_owned())
        );
    }

    #[test]
    fn a_value_that_the_server_did_not_mask_is_masked_here() {
        assert_eq!(masked("api_7f3k****9Zx8"), "api_7f3k****9Zx8");
        assert_eq!(masked("api_7f3kq9.Zx81mN04pQ7tY2vB6cL9"), "api_7f3kq9.****");
        assert_eq!(masked("Zx81mN04pQ7tY2vB6cL9"), "api_****");
        let key = api_key(&json!({"id": 1, "apiKey": "api_7f3kq9.Zx81mN04pQ7t"})).unwrap();
        assert!(!format!("{key:?}").contains("Zx81"));
    }

    #[test]
    fn a_masked_value_is_no_value() {
        assert!(key_value(&json!({"api_key": "api_7f****"})).is_none());
        assert!(key_value(&json!({"api_key": "api_7f.a b"})).is_none());
        assert!(key_value(&json!({"api_key": 5})).is_none());
        assert!(key_value(&json!({"api_key": "api_7f.$(reboot)"})).is_none());
        let value = key_value(&json!({"value": "api_7f.secret"})).unwrap();
        assert_eq!(id_in_value(&value), Some("7f"));
    }

    #[test]
    fn keys_of_the_servers_own_tasks_are_told_apart() {
        for (key, by_server) in [
            (json!({"id": 1}), false),
            (json!({"id": 1, "type": "USER"}), false),
            (json!({"id": 1, "type": "SYSTEM"}), true),
            (json!({"id": 1, "source": "agent"}), true),
            (json!({"id": 1, "isSystem": true}), true),
            (json!({"id": 1, "created_by": 12}), false),
        ] {
            assert_eq!(api_key(&key).unwrap().made_by_server, by_server, "{key}");
        }
    }

    #[test]
    fn pages_are_read_under_all_their_names() {
        for name in crate::json::ROWS {
            let page = json!({"current": 1, "size": 10, "total": "2", name: [1, 2]});
            let page = Page::read(&page).unwrap();
            assert_eq!((page.rows.len(), page.total), (2, Some(2)), "{name}");
        }
        assert_eq!(Page::read(&json!([1])).unwrap().total, None);
        assert!(Page::read(&json!({"rows": 1})).is_none());
        assert!(Page::read(&json!("rows")).is_none());
    }
}
