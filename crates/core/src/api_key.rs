//! API keys as a person sees them in a list, and what it takes to make one.
//!
//! Not here: the value of a key, which is a [`SecretString`] wherever it appears, and is never
//! part of a type that can be serialised.

use keydesk_vault::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::capabilities::{ApiKeyCapabilities, ExpirationChoice};
use crate::organization::OrganizationId;
use crate::text::{self, TextRule};
use crate::time::Timestamp;
use crate::{Error, ErrorCode, Field, Result};

/// A key's id on its server, opaque.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct ApiKeyId(pub String);

/// Until when a key is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", content = "at", rename_all = "camelCase")]
pub enum Expiration {
    /// "Never"
    Never,
    /// "Expiration Date"
    At(Timestamp),
}

impl Expiration {
    /// Whether it lies in the past for a server whose clock shows `now`.
    pub fn has_passed(self, now: Timestamp) -> bool {
        matches!(self, Self::At(at) if at <= now)
    }
}

/// What a server says of a key's life, apart from its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum KeyStatus {
    /// In force, unless its expiration has passed.
    #[default]
    Active,
    /// Switched off for good.
    Revoked,
}

/// A key in the list. The value is masked; the whole one is fetched by id and only ever goes
/// to the clipboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// The server's id.
    pub id: ApiKeyId,
    /// "Title", or what the server calls it.
    pub title: String,
    /// What it is for, where the server keeps that; else empty.
    pub description: String,
    /// The masked value, for recognition; empty where the server shows none.
    pub masked: String,
    /// Its rights; empty where it has the person's own.
    pub scopes: Vec<String>,
    /// Whether it was switched off.
    pub status: KeyStatus,
    /// "Added on"
    pub added_on: Option<Timestamp>,
    /// "Expired on"
    pub expiration: Expiration,
    /// When a program last used it, where the server tells.
    pub last_used: Option<Timestamp>,
    /// Made by the server for its own tasks, not by the person; deleting it breaks them.
    pub made_by_server: bool,
}

impl ApiKey {
    /// A key of which nothing is known but its id, title and end.
    pub fn new(id: ApiKeyId, title: String, expiration: Expiration) -> Self {
        Self {
            id,
            title,
            description: String::new(),
            masked: String::new(),
            scopes: Vec::new(),
            status: KeyStatus::Active,
            added_on: None,
            expiration,
            last_used: None,
            made_by_server: false,
        }
    }
}

/// All keys of an account, newest first, and the server's time at which that was true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyList {
    /// Newest first.
    pub keys: Vec<ApiKey>,
    /// The server's clock when it answered; "expired" is computed from it.
    pub server_time: Timestamp,
    /// Whose keys these are, where keys belong to organizations.
    pub organization: Option<OrganizationId>,
}

/// What a person asks for when they make a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewApiKey {
    /// "Title"
    pub title: String,
    /// What it is for, where the server keeps that.
    pub description: String,
    /// Its rights, where the server lets a person choose.
    pub scopes: Vec<String>,
    /// "Never" or "Expiration Date"; of no effect where every key lives equally long.
    pub expiration: Expiration,
}

/// How often a key was used on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DayUsage {
    /// The day in UTC, `YYYY-MM-DD`.
    pub day: String,
    /// Calls on that day.
    pub calls: u32,
}

/// All that a server tells of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyDetails {
    /// The key.
    pub key: ApiKey,
    /// Its usage by day, oldest first, days without calls included.
    pub usage: Vec<DayUsage>,
    /// When it was switched off.
    pub revoked_on: Option<Timestamp>,
}

/// The figures over the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyMetrics {
    /// "Total Keys"
    pub total: u32,
    /// "Active Keys"
    pub active: u32,
    /// "Expired Keys"
    pub expired: u32,
    /// "API Calls Today", by UTC
    pub calls_today: u32,
}

/// A key that was just made: the one moment at which its value is handed on to be shown.
#[derive(Debug)]
pub struct CreatedApiKey {
    /// The key as it will stand in the list.
    pub key: ApiKey,
    /// The whole value.
    pub value: SecretString,
}

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// The longest description of a key in characters; servers that take less say so.
const DESCRIPTION_LENGTH: u32 = 1_000;

/// Checks what a person asks for against the keys that exist and the server's rules, and trims
/// it. `now` is the server's time. Titles are compared as they look: see [`text::title_key`].
pub fn validate(
    new: &NewApiKey,
    existing: &[ApiKey],
    rules: &ApiKeyCapabilities,
    now: Timestamp,
) -> Result<NewApiKey> {
    let form = TextRule {
        required: true,
        maximum_length: rules.title_maximum_length,
        multiline: false,
    };
    let title = text::check(&new.title, form, Field::Title)?;
    let key = text::title_key(&title);
    if key.is_empty() {
        // Nothing but invisible characters.
        return Err(Error::new(ErrorCode::Required, "the title is empty").in_field(Field::Title));
    }
    let is_taken = |other: &ApiKey| text::title_key(&other.title) == key;
    if rules.title_unique && existing.iter().any(is_taken) {
        return Err(
            Error::new(ErrorCode::TitleTaken, "another key has this title").in_field(Field::Title),
        );
    }
    Ok(NewApiKey {
        title,
        description: description(&new.description, rules)?,
        scopes: scopes(&new.scopes, rules)?,
        expiration: validate_expiration(new.expiration, rules, now)?,
    })
}

fn description(typed: &str, rules: &ApiKeyCapabilities) -> Result<String> {
    if !rules.description {
        return Ok(String::new());
    }
    let form = TextRule {
        required: false,
        maximum_length: DESCRIPTION_LENGTH,
        multiline: true,
    };
    text::check(typed, form, Field::KeyDescription)
}

/// The chosen scopes in the server's order, each once. Where a server has scopes, a key without
/// one could do nothing.
fn scopes(chosen: &[String], rules: &ApiKeyCapabilities) -> Result<Vec<String>> {
    let known = |name: &String| rules.scopes.iter().any(|scope| scope.name == *name);
    if !chosen.iter().all(known) {
        return Err(Error::new(ErrorCode::InputRefused, "no such scope").in_field(Field::Scopes));
    }
    let scopes: Vec<String> = rules
        .scopes
        .iter()
        .filter(|scope| chosen.contains(&scope.name))
        .map(|scope| scope.name.clone())
        .collect();
    if scopes.is_empty() && !rules.scopes.is_empty() {
        return Err(Error::new(ErrorCode::Required, "no scope was chosen").in_field(Field::Scopes));
    }
    Ok(scopes)
}

/// Checks until when a key shall be valid. `now` is the server's time.
pub fn validate_expiration(
    expiration: Expiration,
    rules: &ApiKeyCapabilities,
    now: Timestamp,
) -> Result<Expiration> {
    let refuse = |code, label| Err(Error::new(code, label).in_field(Field::Expiration));
    if let ExpirationChoice::Fixed { days } = rules.expiration {
        return Ok(Expiration::At(now.plus(i64::from(days) * DAY)));
    }
    match expiration {
        Expiration::Never if !rules.never_allowed => refuse(
            ErrorCode::ExpirationTooFar,
            "keys of this server end some day",
        ),
        Expiration::Never => Ok(expiration),
        Expiration::At(_) if expiration.has_passed(now) => {
            refuse(ErrorCode::ExpirationPast, "the date lies in the past")
        }
        Expiration::At(at) => {
            let latest = rules
                .maximum_days
                .map(|days| now.plus(i64::from(days) * DAY));
            if latest.is_some_and(|latest| at > latest) {
                return refuse(ErrorCode::ExpirationTooFar, "the date lies too far ahead");
            }
            Ok(expiration)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capabilities::Scope;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn rules() -> ApiKeyCapabilities {
        ApiKeyCapabilities {
            never_allowed: true,
            title_maximum_length: 50,
            title_unique: true,
            ..ApiKeyCapabilities::default()
        }
    }

    fn new(title: &str) -> NewApiKey {
        NewApiKey {
            title: title.into(),
            description: String::new(),
            scopes: Vec::new(),
            expiration: Expiration::Never,
        }
    }

    fn existing(title: &str) -> ApiKey {
        ApiKey::new(ApiKeyId("1".into()), title.into(), Expiration::Never)
    }

    #[test]
    fn a_title_is_trimmed_and_required() {
        let checked = validate(&new("  ci-build "), &[], &rules(), NOW).unwrap();
        assert_eq!(checked.title, "ci-build");
        for empty in ["", "   ", "\u{200B}\u{2800}"] {
            let error = validate(&new(empty), &[], &rules(), NOW).unwrap_err();
            assert_eq!(
                (error.code, error.field),
                (ErrorCode::Required, Some(Field::Title))
            );
        }
        let long = "x".repeat(51);
        let error = validate(&new(&long), &[], &rules(), NOW).unwrap_err();
        assert_eq!(error.code, ErrorCode::TooLong);
    }

    #[test]
    fn a_title_that_looks_like_another_is_taken() {
        let keys = [existing("CI build"), existing("other")];
        for twin in [
            "CI build",
            "ci BUILD",
            "CI  build",
            "CI\u{200B} build",
            "ＣＩ build",
        ] {
            let error = validate(&new(twin), &keys, &rules(), NOW).unwrap_err();
            assert_eq!(
                (error.code, error.field),
                (ErrorCode::TitleTaken, Some(Field::Title))
            );
        }
        assert!(validate(&new("CI build 2"), &keys, &rules(), NOW).is_ok());
    }

    #[test]
    fn titles_may_be_alike_where_the_server_does_not_mind() {
        let rules = ApiKeyCapabilities {
            title_unique: false,
            ..rules()
        };
        assert!(validate(&new("twin"), &[existing("twin")], &rules, NOW).is_ok());
    }

    #[test]
    fn a_key_gets_known_scopes_in_the_order_of_the_server() {
        let scope = |name: &str| Scope {
            name: name.into(),
            description: String::new(),
        };
        let rules = ApiKeyCapabilities {
            scopes: vec![scope("read"), scope("write"), scope("admin")],
            ..rules()
        };
        let check = |names: &[&str]| {
            let scopes = names.iter().map(|&name| name.to_owned()).collect();
            let new = NewApiKey {
                scopes,
                ..new("ci")
            };
            validate(&new, &[], &rules, NOW)
                .map(|new| new.scopes)
                .map_err(|error| (error.code, error.field))
        };
        assert_eq!(
            check(&["admin", "read", "admin"]).unwrap(),
            ["read", "admin"]
        );
        let field = Some(Field::Scopes);
        assert_eq!(check(&[]), Err((ErrorCode::Required, field)));
        assert_eq!(check(&["root"]), Err((ErrorCode::InputRefused, field)));
    }

    #[test]
    fn where_every_key_lives_equally_long_nothing_is_chosen() {
        let rules = ApiKeyCapabilities {
            expiration: ExpirationChoice::Fixed { days: 365 },
            never_allowed: false,
            ..rules()
        };
        let end = Expiration::At(NOW.plus(365 * DAY));
        assert_eq!(validate_expiration(Expiration::Never, &rules, NOW), Ok(end));
    }

    #[test]
    fn an_expiration_lies_ahead_by_the_clock_of_the_server() {
        let check = |at: i64| validate_expiration(Expiration::At(NOW.plus(at)), &rules(), NOW);
        assert_eq!(check(-1).unwrap_err().code, ErrorCode::ExpirationPast);
        assert_eq!(check(0).unwrap_err().code, ErrorCode::ExpirationPast);
        assert!(check(1).is_ok());
        assert!(check(i64::MAX).is_ok());
    }

    #[test]
    fn the_longest_life_is_kept() {
        let rules = ApiKeyCapabilities {
            never_allowed: false,
            maximum_days: Some(30),
            ..rules()
        };
        let check = |expiration| validate_expiration(expiration, &rules, NOW).map_err(|e| e.code);
        let at = |milliseconds| Expiration::At(NOW.plus(milliseconds));
        assert!(check(at(30 * DAY)).is_ok());
        assert_eq!(check(at(30 * DAY + 1)), Err(ErrorCode::ExpirationTooFar));
        assert_eq!(check(Expiration::Never), Err(ErrorCode::ExpirationTooFar));
    }
}
